//! Who sees what of a proposal or an agreement, and for which side somebody acts.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::{DeclineReason, Side};
use tiaoji_store::{Deal, DealKind, Parties, View};

use super::held::{REMINDER, firm};
use crate::problem::{FORBIDDEN, NOT_FOUND, Problem, Text};
use crate::who::{Call, Matter, Reach, Role, reach};
use crate::zone::sort::instant;

/// Both kinds have the same words for what only the lender may know.
const OF_THE_LENDER: [&str; 1] = ["consented"];

/// The sides of a deal that the caller acts for.
pub fn sides(call: &Call, parties: &Parties) -> Vec<Side> {
    let has = |side: &Side| call.actor.as_ref().is_some_and(|actor| actor.has(firm(parties, *side)));
    Side::BOTH.into_iter().filter(has).collect()
}

fn sees_all(call: &Call) -> bool {
    call.actor.as_ref().is_some_and(|actor| reach(actor.role, Matter::Deals, false) == Reach::All)
}

/// Whether the caller sees a deal at all.
pub fn sees(call: &Call, parties: &Parties) -> bool {
    sees_all(call) || !sides(call, parties).is_empty()
}

/// A deal that the caller sees.
///
/// # Errors
/// `not_found`.
pub async fn seen(view: &mut View, call: &Call, kind: DealKind, id: &str) -> Result<Deal, Problem> {
    let deal = view.deal(kind, id).await?;
    if sees(call, &deal.parties) { Ok(deal) } else { Err(Problem::new(&NOT_FOUND)) }
}

/// The side that the caller acts for: the one asked for, or the only one of theirs, or the only one of theirs that can do
/// this.
///
/// # Errors
/// `forbidden` where it is not theirs; a defect where it could be either.
pub fn acting(
    call: &Call,
    parties: &Parties,
    asked: Option<Side>,
    can: impl Fn(Side) -> bool,
) -> Result<Side, Problem> {
    let mut own = sides(call, parties);
    own.retain(|side| asked.is_none_or(|asked| asked == *side));
    let able: Vec<Side> = own.iter().copied().filter(|side| can(*side)).collect();
    match (&own[..], &able[..]) {
        ([], _) => Err(Problem::new(&FORBIDDEN).detail("You do not act for that side", "您不能代表该方操作")),
        ([only], _) | (_, [only]) => Ok(*only),
        ([first, ..], []) => Ok(*first),
        _ => {
            let why = Text::new(
                "you act for both firms: say `side`, lender or borrower",
                "您同时代表双方，请注明 `side`：lender 或 borrower",
            );
            Err(Problem::defect("missing_value", "side", &Value::Null, &why))
        }
    }
}

/// What an event holds besides: who acted for whom, and the versions of the postings then.
pub fn event_data(call: &Call, parties: &Parties, side: Side, versions: [i64; 2]) -> Map<String, Value> {
    let on_behalf = call
        .actor
        .as_ref()
        .filter(|actor| actor.role == Role::Officer)
        .map(|_| firm(parties, side).to_string());
    let data = json!({ "side": side.name(), "on_behalf": on_behalf, "versions": versions_of(versions) });
    data.as_object().cloned().unwrap_or_default()
}

/// The versions of the two postings: surplus, shortage.
pub fn versions_of([surplus, shortage]: [i64; 2]) -> Value {
    json!({ "surplus": surplus, "shortage": shortage })
}

/// A deal as the caller sees it, without its events.
pub fn shown(call: &Call, deal: &Deal) -> Value {
    let mut body: Map<String, Value> = serde_json::from_str(&deal.standing.body).unwrap_or_default();
    body.remove(REMINDER);
    tell_deadline(&mut body);
    if let Some(Value::Object(extension)) = body.get_mut("extension") {
        hide(call, &deal.parties, extension, None);
    }
    let decliner = body.get("declined_by").and_then(Value::as_str).and_then(Side::of);
    hide(call, &deal.parties, &mut body, decliner);
    let mut put = |name: &str, value: Value| body.insert(name.to_string(), value);
    put("id", deal.id.as_str().into());
    put("version", deal.version.into());
    put("state", deal.standing.state.as_str().into());
    put("plan_id", deal.standing.plan.as_deref().into());
    put("surplus", deal.parties.surplus.as_str().into());
    put("shortage", deal.parties.shortage.as_str().into());
    put("created", instant(deal.created).into());
    put("changed", instant(deal.changed).into());
    body.into()
}

/// The same with everything that happened to it.
///
/// # Errors
/// The database's.
pub async fn told(view: &mut View, call: &Call, deal: &Deal) -> Result<Value, Problem> {
    let mut told = shown(call, deal);
    let mut events = Vec::new();
    for event in view.deal_events(&deal.id).await? {
        let mut data: Map<String, Value> = serde_json::from_str(&event.data).unwrap_or_default();
        tell_deadline(&mut data);
        let side = data.get("side").and_then(Value::as_str).and_then(Side::of);
        hide(call, &deal.parties, &mut data, side);
        let is_own = side.is_none_or(|side| sides(call, &deal.parties).contains(&side));
        let actor = (is_own || sees_all(call)).then_some(event.actor);
        let mut put = |name: &str, value: Value| data.insert(name.to_string(), value);
        put("version", event.version.into());
        put("instant", instant(event.instant).into());
        put("event", event.event.into());
        put("state", event.state.into());
        put("actor", actor.into());
        events.push(Value::from(data));
    }
    told["events"] = events.into();
    Ok(told)
}

/// A deadline as the wire has instants.
fn tell_deadline(members: &mut Map<String, Value>) {
    if let Some(deadline) = members.get("deadline").and_then(Value::as_i64) {
        members.insert("deadline".to_string(), instant(deadline).into());
    }
}

/// Takes out what the other firm is not to know: how many consented, and a reason that blocks for good.
fn hide(call: &Call, parties: &Parties, members: &mut Map<String, Value>, by: Option<Side>) {
    if sees_all(call) {
        return;
    }
    let own = sides(call, parties);
    if !own.contains(&Side::Lender) {
        members.retain(|name, _| !OF_THE_LENDER.contains(&name.as_str()));
    }
    let reason = members.get("reason").and_then(Value::as_str).and_then(DeclineReason::of);
    let is_block = reason.is_some_and(|reason| !reason.ends_with_a_change());
    if is_block && by.is_some_and(|by| !own.contains(&by)) {
        members.retain(|name, _| !["reason", "note"].contains(&name.as_str()));
    }
}
