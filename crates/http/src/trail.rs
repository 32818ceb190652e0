//! `GET /v1/audit`: who did what.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use tiaoji_store::{DealKind, Entry, Trail, View};

use crate::app::App;
use crate::lists::{CURSOR, Filling, LIMIT, Part, page};
use crate::parameters::{Parameter, Parameters};
use crate::problem::{Problem, Text};
use crate::who::{Actor, Call, Reach, Role};
use crate::zone::sort::instant;

const TEXT: &str = r#"{ "type": "string", "minLength": 1, "maxLength": 100 }"#;

/// The filters of the trail.
pub const FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    Parameter { name: "actor", about: "By this user or key.", schema: TEXT },
    Parameter { name: "kind", about: "About objects of this kind.", schema: TEXT },
    Parameter { name: "id", about: "About the object with this id.", schema: TEXT },
    Parameter { name: "firm", about: "About this firm's records.", schema: TEXT },
];

fn shown(entry: &Entry) -> Value {
    let body: Option<Value> = entry.body.as_ref().and_then(|body| serde_json::from_str(body).ok());
    json!({
        "seq": entry.seq, "revision": entry.revision, "instant": instant(entry.instant), "actor": entry.actor,
        "action": entry.action, "kind": entry.kind, "id": entry.id, "version": entry.version,
        "state": entry.state, "firm": entry.firm, "body": body, "reason": entry.reason, "import": entry.import,
    })
}

/// The trail, the oldest first.
pub async fn list(
    State(app): State<App>,
    call: Call,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let text = |text: &str| {
        let fits = (1..=100).contains(&text.chars().count()) && !text.contains('\0');
        if fits {
            Ok(text.to_string())
        } else {
            Err(Text::new("1 to 100 characters", "应为 1 至 100 个字符"))
        }
    };
    let trail = Trail {
        actor: parameters.take("actor", text),
        kind: parameters.take("kind", text),
        id: parameters.take("id", text),
        firm: parameters.take("firm", text),
    };
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let (actor, reach) = (call.actor()?, call.reach());
    let mut view = app.store.view().await?;
    let mut filling = Filling::new(part);
    while let Some((limit, after)) = filling.wants() {
        // one that is of no entry is before all of them
        let after = after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let found = view.audit(&trail, after, limit).await?;
        for entry in &found.items {
            let is_shown = reach == Reach::All || is_of(&mut view, actor, entry).await?;
            filling.look(entry.seq.to_string(), is_shown.then(|| shown(entry)));
            if filling.is_full() {
                break;
            }
        }
        let last = found.items.last().map(|entry| entry.seq.to_string());
        filling.read(last.as_deref(), found.next.is_none());
    }
    let (items, next) = filling.done();
    Ok(page(&items, next))
}

/// Whether an entry is about an object of somebody's firms: what they own, and deals that they are a side of. `firm` of a firm's
/// own row in the trail is that of what it owns; rows of the directory are not its objects.
async fn is_of(view: &mut View, actor: &Actor, entry: &Entry) -> Result<bool, Problem> {
    let kind = match entry.kind.as_str() {
        "surplus" | "shortage" | "blocked" => {
            return Ok(entry.firm.as_ref().is_some_and(|firm| actor.has(firm)));
        }
        // a problem says who could help, which is for the officer alone
        "problem" => {
            let is_theirs = entry.firm.as_ref().is_some_and(|firm| actor.has(firm));
            return Ok(is_theirs && actor.role == Role::Officer);
        }
        "proposal" => DealKind::Proposal,
        "agreement" => DealKind::Agreement,
        _ => return Ok(false),
    };
    let firms = view.deal(kind, &entry.id).await?.parties.firms();
    Ok(firms.iter().any(|firm| actor.has(firm)))
}
