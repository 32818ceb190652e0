//! `/v1/proposals`: what a plan asks two firms, and what they say.

use axum::extract::{Path, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_core::admissibility::costs;
use tiaoji_core::distance::road_distance;
use tiaoji_core::practice::{
    Agreement, Calendar, DeclineReason, Misfit, Proposal, ProposalAct, ProposalState, Side, Stretch, Terms,
    ZoneClock,
};
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{Firm, Scenario, ShortageIx, SurplusIx};
use tiaoji_store::{By, Deal, DealFilter, DealKind, Parties, Tx, View};

use super::between::{Between, PAIR};
use super::held::{Held, REMINDER, agreement_standing, proposal, proposal_standing};
use super::settings::Practice;
use super::show::{acting, event_data, seen, sees, shown, told, versions_of};
use super::silence;
use crate::app::App;
use crate::body::read_optional;
use crate::change::{Done, change, etag};
use crate::fields::Fields;
use crate::lists::{CURSOR, Filling, LIMIT, Part, page};
use crate::parameters::{Parameter, Parameters};
use crate::problem::{CAPACITY, Problem, STATE_CONFLICT, Text, VERSION_MISMATCH};
use crate::who::{Call, Role};

const ID: &str = r#"{ "type": "string", "minLength": 1, "maxLength": 64 }"#;

/// The filters of both lists.
pub const FILTERS: &[Parameter] = &filters(
    r#"{ "type": "string", "enum": ["open", "agreed", "declined", "expired", "superseded", "withdrawn"] }"#,
);

/// The parameters of a list of deals, with the schema of their states.
pub const fn filters(states: &'static str) -> [Parameter; 8] {
    [
        LIMIT,
        CURSOR,
        Parameter { name: "state", about: "In this state.", schema: states },
        Parameter { name: "firm", about: "Of this firm, on either side.", schema: ID },
        Parameter { name: "posting", about: "About this posting, on either side.", schema: ID },
        Parameter { name: "surplus", about: "About this surplus.", schema: ID },
        Parameter { name: "shortage", about: "About this shortage.", schema: ID },
        Parameter { name: "plan", about: "From this plan.", schema: ID },
    ]
}

/// `GET /v1/proposals`
pub async fn list(State(app): State<App>, call: Call, parameters: Parameters) -> Result<Response, Problem> {
    let is_state = |text: &str| ProposalState::of(text).is_some();
    list_of(&app, &call, parameters, DealKind::Proposal, is_state).await
}

/// A page of deals, the newest first.
///
/// # Errors
/// `bad_parameter`, `bad_cursor`.
pub async fn list_of(
    app: &App,
    call: &Call,
    mut parameters: Parameters,
    kind: DealKind,
    is_state: impl Fn(&str) -> bool,
) -> Result<Response, Problem> {
    let id = |text: &str| {
        let fits = (1..=64).contains(&text.chars().count()) && !text.contains('\0');
        fits.then(|| text.to_string())
            .ok_or_else(|| Text::new("an id of 1 to 64 characters", "应为 1 至 64 个字符的编号"))
    };
    let state = |text: &str| {
        is_state(text).then(|| text.to_string()).ok_or_else(|| Text::new("no such state", "没有该状态"))
    };
    let mut filter = DealFilter {
        state: parameters.take("state", state),
        firm: parameters.take("firm", id),
        posting: parameters.take("posting", id),
        surplus: parameters.take("surplus", id),
        shortage: parameters.take("shortage", id),
        plan: parameters.take("plan", id),
        from: None,
    };
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let actor = call.actor()?;
    if actor.role == Role::Firm && filter.firm.is_none() {
        filter.firm = actor.firms.first().cloned();
    }
    let mut view = app.store.view().await?;
    let mut filling = Filling::new(part);
    while let Some((limit, after)) = filling.wants() {
        let found = view.deals(kind, &filter, after.as_deref(), limit).await?;
        for deal in &found.items {
            filling.look(deal.id.clone(), sees(call, &deal.parties).then(|| shown(call, deal)));
            if filling.is_full() {
                break;
            }
        }
        filling.read(found.items.last().map(|deal| deal.id.as_str()), found.next.is_none());
    }
    let (items, next) = filling.done();
    Ok(page(&items, next))
}

/// `GET /v1/proposals/{id}`
pub async fn read(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    read_of(&app, &call, DealKind::Proposal, &id).await
}

/// A deal with all that happened to it.
///
/// # Errors
/// `not_found`.
pub async fn read_of(app: &App, call: &Call, kind: DealKind, id: &str) -> Result<Response, Problem> {
    let mut view = app.store.view().await?;
    let deal = seen(&mut view, call, kind, id).await?;
    let tag = etag(deal.version);
    if call.if_none_match.as_deref().is_some_and(|known| known == tag || known == "*") {
        return Ok((StatusCode::NOT_MODIFIED, [(axum::http::header::ETAG, tag)]).into_response());
    }
    let told = told(&mut view, call, &deal).await?;
    Ok(([(axum::http::header::ETAG, tag)], axum::Json(told)).into_response())
}

/// What a side says.
#[derive(Clone, Debug)]
enum Word {
    Accept,
    Retract,
    Hold,
    Decline(DeclineReason, Option<String>),
    /// What is not said stays.
    Counter {
        count: Option<i64>,
        from: Option<tiaoji_core::units::Day>,
        to: Option<tiaoji_core::units::Day>,
        day_pay: Option<i64>,
    },
}

/// `POST /v1/proposals/{id}/accept`
pub async fn accept(
    state: State<App>,
    call: Call,
    id: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    say(state, call, id, request, |_| Some(Word::Accept)).await
}

/// `POST /v1/proposals/{id}/retract`
pub async fn retract(
    state: State<App>,
    call: Call,
    id: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    say(state, call, id, request, |_| Some(Word::Retract)).await
}

/// `POST /v1/proposals/{id}/hold`
pub async fn hold(
    state: State<App>,
    call: Call,
    id: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    say(state, call, id, request, |_| Some(Word::Hold)).await
}

/// `POST /v1/proposals/{id}/decline`
pub async fn decline(
    state: State<App>,
    call: Call,
    id: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    say(state, call, id, request, |fields| {
        let codes: Vec<&str> = DeclineReason::ALL.iter().map(|reason| reason.code()).collect();
        let reason = fields.choice("reason", DeclineReason::of, &codes);
        let note = fields.optional_text("note", 0, 2000);
        reason.map(|reason| Word::Decline(reason, note))
    })
    .await
}

/// `POST /v1/proposals/{id}/counter`
pub async fn counter(
    state: State<App>,
    call: Call,
    id: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    say(state, call, id, request, |fields| {
        Some(Word::Counter {
            count: fields.number("count", 1, 1_000_000),
            from: fields.day("from"),
            to: fields.day("to"),
            day_pay: fields.number("day_pay_fen", 0, 100_000_000_000),
        })
    })
    .await
}

async fn say(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    request: Request,
    word: impl FnOnce(&mut Fields) -> Option<Word>,
) -> Result<Response, Problem> {
    let sent = read_optional(&app, request).await?;
    let mut fields = Fields::from(sent.object_or_empty()?);
    let asked = fields.optional_choice("side", Side::of, &["lender", "borrower"]);
    let word = word(&mut fields);
    fields.finish()?;
    let copy = call.clone();
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let deal = seen(tx, &copy, DealKind::Proposal, &id).await?;
            check_version(tx, &copy, &deal).await?;
            let held = proposal(deal)?;
            match word {
                Some(word) => hear(tx, &copy, held, asked, word).await,
                None => Err(Problem::new(&STATE_CONFLICT)), // the fields have said so already
            }
        })
    })
    .await
}

/// Refuses a call for another version than the one that is there, where it names one.
///
/// # Errors
/// `version_mismatch` with what is there.
pub async fn check_version(tx: &mut Tx, call: &Call, deal: &Deal) -> Result<(), Problem> {
    let expected = if call.if_match.is_some() { call.expected_version()? } else { None };
    if expected.is_none_or(|expected| expected == deal.version) {
        return Ok(());
    }
    Err(Problem::new(&VERSION_MISMATCH).member("current", told(tx, call, deal).await?))
}

/// Whether the clock is to act on a deal, though it may not have done so yet.
pub fn is_due(deal: &Deal, now: i64) -> bool {
    deal.standing.due.is_some_and(|due| due <= now)
}

/// What the state does not allow, with what stands there.
///
/// # Errors
/// The database's.
pub async fn not_now(tx: &mut Tx, call: &Call, deal: &Deal) -> Result<Problem, Problem> {
    let state = &deal.standing.state;
    Ok(Problem::new(&STATE_CONFLICT)
        .detail(
            format!("{} is {state}: that is not possible now", deal.id),
            format!("{} 的状态为 {state}，现在不能这样做", deal.id),
        )
        .member("current", told(tx, call, deal).await?))
}

async fn hear(
    tx: &mut Tx,
    call: &Call,
    held: Held<Proposal>,
    asked: Option<Side>,
    word: Word,
) -> Result<Done, Problem> {
    let parties = held.deal.parties.clone();
    let act = |side: Side, until: i64| match &word {
        Word::Accept => ProposalAct::Accept(side),
        Word::Retract => ProposalAct::Retract(side),
        Word::Hold => ProposalAct::Hold(side, until),
        Word::Decline(reason, _) => ProposalAct::Decline(side, *reason),
        Word::Counter { .. } => ProposalAct::Counter(side),
    };
    let side = acting(call, &parties, asked, |side| held.now.after(act(side, 0)).is_some())?;
    let pay = match &word {
        Word::Counter { day_pay: Some(pay), .. } => Some(*pay),
        _ => held.now.terms.day_pay,
    };
    let between = Between::read(tx, held.postings(), &[("day_pay_fen", pay.into())]).await?;
    let now = tx.now().await?;
    let Practice { clock, hold_days, .. } = between.practice;
    let today = clock.day(now);
    let until = between
        .calendar()
        .after(clock.day(held.now.deadline), hold_days)
        .map_or(held.now.deadline, |day| clock.deadline(day));
    // a deadline holds from its instant, not only once the clock has been seen to
    let next = held.now.after(act(side, until)).filter(|_| held.now.deadline > now);
    let Some(next) = next else { return Err(not_now(tx, call, &held.deal).await?) };
    let versions = [between.surplus.version, between.shortage.version];
    let mut data = event_data(call, &parties, side, versions);
    let by = call.actor()?.by(Some(super::held::firm(&parties, side)));
    let mut body = held.body.clone();
    let mut headers = Vec::new();
    let goes_on = next.state == ProposalState::Open && next.deadline == held.now.deadline;
    silence::heard(tx, &by, &parties, side, goes_on).await?;
    let name = match &word {
        Word::Accept => {
            if next.state == ProposalState::Agreed {
                let Terms { count, from, to, .. } = next.terms;
                fit(tx, call, &held.deal, &between, Stretch { count, from, to }, today).await?;
                let id = agree(tx, &by, &held, &between).await?;
                silence::filled(tx, &by, &parties, &between).await?;
                headers.push((LOCATION, format!("/v1/agreements/{id}")));
                data.insert("agreement_id".to_string(), id.as_str().into());
                body.insert("agreement_id".to_string(), id.into());
            }
            "accept"
        }
        Word::Retract => "retract",
        Word::Hold => {
            data.insert("deadline".to_string(), until.into());
            body.insert(REMINDER.to_string(), reminder(&between.calendar(), clock, until).into());
            "hold"
        }
        Word::Decline(reason, note) => {
            for members in [&mut data, &mut body] {
                members.insert("reason".to_string(), reason.code().into());
                members.insert("note".to_string(), note.as_deref().into());
            }
            body.insert("declined_by".to_string(), side.name().into());
            body.insert("declined_versions".to_string(), versions_of(versions));
            "decline"
        }
        Word::Counter { count, from, to, .. } => {
            let old = held.now.terms;
            let terms = Terms {
                count: count.unwrap_or(old.count),
                from: from.unwrap_or(old.from),
                to: to.unwrap_or(old.to),
                day_pay: pay,
            };
            if terms.to < terms.from {
                let why = Text::new("`to` is before `from`", "`to` 早于 `from`");
                return Err(Problem::defect("dates_reversed", "to", &terms.to.to_string().into(), &why));
            }
            fit(
                tx,
                call,
                &held.deal,
                &between,
                Stretch { count: terms.count, from: terms.from, to: terms.to },
                today,
            )
            .await?;
            let made = replace(tx, &by, &held, &between, terms, (side, &data)).await?;
            data.insert("replaced_by".to_string(), made.id.as_str().into());
            body.insert("replaced_by".to_string(), made.id.as_str().into());
            let standing = proposal_standing(&next, &body, held.deal.standing.plan.as_deref());
            tx.change_deal(&by, &held.deal, &standing, ("counter", &Value::from(data).to_string())).await?;
            let answer = told(tx, call, &made).await?;
            return Ok(Done::created(format!("/v1/proposals/{}", made.id), Some(made.version), answer));
        }
    };
    let standing = proposal_standing(&next, &body, held.deal.standing.plan.as_deref());
    let made = tx.change_deal(&by, &held.deal, &standing, (name, &Value::from(data).to_string())).await?;
    done(tx, call, &made, headers).await
}

/// The answer to an event: the deal as it is now.
///
/// # Errors
/// The database's.
pub async fn done(
    tx: &mut Tx,
    call: &Call,
    deal: &Deal,
    headers: Vec<(HeaderName, String)>,
) -> Result<Done, Problem> {
    let mut done = Done::ok(StatusCode::OK, Some(deal.version), Some(told(tx, call, deal).await?));
    done.headers.extend(headers);
    Ok(done)
}

/// Refuses terms that the postings do not allow.
async fn fit(
    tx: &mut Tx,
    call: &Call,
    deal: &Deal,
    between: &Between,
    stretch: Stretch,
    today: tiaoji_core::units::Day,
) -> Result<(), Problem> {
    let current = told(tx, call, deal).await?;
    let refused =
        |kind, en: &str, zh: &str| Err(Problem::new(kind).detail(en, zh).member("current", current.clone()));
    if !between.is_open() {
        return refused(
            &STATE_CONFLICT,
            "One of the postings is not open any more",
            "其中一条登记已不再开放",
        );
    }
    if stretch.from <= today {
        return refused(&STATE_CONFLICT, "The first day has come already", "首日已到");
    }
    let misfits = between.misfits(tx, stretch).await?;
    if misfits.iter().any(|misfit| matches!(misfit, Misfit::Supply(_) | Misfit::Demand(_))) {
        return refused(
            &CAPACITY,
            "More than the two postings have left on those days",
            "超出两条登记在这些日期的剩余人数",
        );
    }
    let rules: Vec<&str> = broken(&misfits).filter(|rule| *rule != Rule::Blocked).map(Rule::code).collect();
    if misfits.is_empty() {
        return Ok(());
    }
    Err(Problem::new(&STATE_CONFLICT)
        .detail("The postings do not allow that", "两条登记的条件不允许")
        .member("rules", json!(rules))
        .member("current", current))
}

/// The rules that are broken.
pub fn broken(misfits: &[Misfit]) -> impl Iterator<Item = Rule> {
    misfits.iter().flat_map(|misfit| match misfit {
        Misfit::Rules(rules) => rules.iter().collect::<Vec<_>>(),
        Misfit::Supply(_) | Misfit::Demand(_) => Vec::new(),
    })
}

/// Makes the agreement that both have said yes to.
async fn agree(tx: &mut Tx, by: &By, held: &Held<Proposal>, between: &Between) -> Result<String, Problem> {
    const KEPT: [&str; 7] =
        ["skill", "lender", "borrower", "costs", "distance_km", "working_days", "day_pay_fen"];
    let id = tx.new_deal_id(DealKind::Agreement).await?;
    let now = Agreement::new(held.now.terms);
    let kept = held.body.iter().filter(|(name, _)| KEPT.contains(&name.as_str()));
    let mut body: Map<String, Value> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    body.insert("proposal_id".to_string(), held.deal.id.as_str().into());
    body.insert("worker_days".to_string(), now.expected_worker_days(&between.calendar()).into());
    let standing =
        agreement_standing(&now, &body, held.deal.standing.plan.as_deref(), between.practice.clock);
    let data = json!({
        "proposal_id": held.deal.id, "count": held.now.terms.count, "from": held.now.terms.from.to_string(),
        "to": held.now.terms.to.to_string(), "versions": versions_of([between.surplus.version, between.shortage.version]),
    });
    tx.add_deal(by, DealKind::Agreement, &id, &held.deal.parties, &standing, ("agree", &data.to_string()))
        .await?;
    Ok(id)
}

/// Makes the proposal that takes another's place.
async fn replace(
    tx: &mut Tx,
    by: &By,
    held: &Held<Proposal>,
    between: &Between,
    terms: Terms,
    (side, data): (Side, &Map<String, Value>),
) -> Result<Deal, Problem> {
    let mut now = Proposal::new(terms, deadline(tx, &between.calendar(), between.practice).await?);
    now.accepted[side as usize] = true;
    let mut body = described(&between.scenario, PAIR, terms, &between.calendar());
    body.insert("replaces".to_string(), held.deal.id.as_str().into());
    body.insert(
        REMINDER.to_string(),
        reminder(&between.calendar(), between.practice.clock, now.deadline).into(),
    );
    let made = Made { parties: held.deal.parties.clone(), plan: held.deal.standing.plan.clone(), now, body };
    let mut data = data.clone();
    data.insert("replaces".to_string(), held.deal.id.as_str().into());
    made.store(tx, by, "propose", data).await
}

/// When a proposal that is made now expires.
///
/// # Errors
/// The database's.
pub async fn deadline(view: &mut View, calendar: &Calendar, practice: Practice) -> Result<i64, Problem> {
    let now = view.now().await?;
    let day = practice.clock.day(now);
    Ok(practice.clock.deadline(calendar.after(day, practice.answer_days).unwrap_or(day)))
}

/// When the silent sides of a proposal go on their officers' lists: a working day before its deadline.
pub fn reminder(calendar: &Calendar, clock: ZoneClock, deadline: i64) -> i64 {
    calendar.before(clock.day(deadline)).map_or(deadline, |day| clock.deadline(day))
}

/// A proposal to be made.
pub struct Made {
    pub parties: Parties,
    pub plan: Option<String>,
    pub now: Proposal,
    pub body: Map<String, Value>,
}

impl Made {
    /// Stores it; the event holds the terms.
    ///
    /// # Errors
    /// The database's.
    pub async fn store(
        self,
        tx: &mut Tx,
        by: &By,
        event: &str,
        mut data: Map<String, Value>,
    ) -> Result<Deal, Problem> {
        let id = tx.new_deal_id(DealKind::Proposal).await?;
        let standing = proposal_standing(&self.now, &self.body, self.plan.as_deref());
        let Terms { count, from, to, day_pay } = self.now.terms;
        data.insert("count".to_string(), count.into());
        data.insert("from".to_string(), from.to_string().into());
        data.insert("to".to_string(), to.to_string().into());
        data.insert("day_pay_fen".to_string(), day_pay.into());
        data.insert("deadline".to_string(), self.now.deadline.into());
        let data = Value::from(data).to_string();
        Ok(tx.add_deal(by, DealKind::Proposal, &id, &self.parties, &standing, (event, &data)).await?)
    }
}

/// What both sides are told of a secondment besides its terms.
pub fn described(
    scenario: &Scenario,
    (surplus, shortage): (SurplusIx, ShortageIx),
    terms: Terms,
    calendar: &Calendar,
) -> Map<String, Value> {
    let (offered, asked) = (&scenario.surplus()[surplus.index()], &scenario.shortages()[shortage.index()]);
    let (lender, borrower) = (scenario.firm(offered.firm), scenario.firm(asked.firm));
    let firm = |firm: &Firm| json!({ "firm": firm.id, "name": firm.name, "alliance": firm.alliance, "contact": firm.contact, "phone": firm.phone });
    let skill = &scenario.skills()[asked.skill.index()];
    let days = calendar.count(terms.from, terms.to);
    let (daily, start) = costs(scenario, surplus, shortage);
    let metres = road_distance(lender, borrower, scenario.policy().road_factor);
    let body = json!({
        "skill": { "id": skill.id, "name": skill.name },
        "lender": firm(lender),
        "borrower": firm(borrower),
        "working_days": days,
        // to 0.1 km
        "distance_km": ((metres + 50) / 100) as f64 / 10.0,
        "costs": {
            "daily_fen": daily, "start_fen": start, "total_fen": terms.count * (days * daily + start),
            "pay_fen": terms.day_pay.map(|pay| pay * days * terms.count),
        },
    });
    body.as_object().cloned().unwrap_or_default()
}
