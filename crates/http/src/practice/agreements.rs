//! `/v1/agreements`: from the signature to the settlement.

use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_core::practice::{
    Agreement, AgreementAct, AgreementState, Refused, ReturnReason, Side, Stint, Stretch, Terms,
    most_at_once, offered, wanted,
};
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Day;
use tiaoji_formats::{Agreed, AgreementTemplate, Paper, agreement_paper, settlement_workbook};
use tiaoji_store::{DealFilter, DealKind, Tx};

use super::between::{Between, PAIR, stretches};
use super::held::{Held, agreement, agreement_standing, firm};
use super::proposals::{check_version, done, is_due, list_of, not_now, read_of};
use super::routes::DOCX;
use super::show::{acting, event_data, seen, sides, told};
use crate::app::App;
use crate::body::read_optional;
use crate::change::{Done, change};
use crate::fields::Fields;
use crate::parameters::{Parameter, Parameters};
use crate::problem::{CAPACITY, FORBIDDEN, NOT_FOUND, Problem, STATE_CONFLICT, Text};
use crate::runs::calls::{XLSX, wants};
use crate::who::Call;

/// The filters of the list.
pub const FILTERS: &[Parameter] = &super::proposals::filters(
    r#"{ "type": "string", "enum": ["agreed", "signed", "active", "ended", "disputed", "settled", "cancelled"] }"#,
);

/// `GET /v1/agreements`
pub async fn list(State(app): State<App>, call: Call, parameters: Parameters) -> Result<Response, Problem> {
    let is_state = |text: &str| AgreementState::of(text).is_some();
    list_of(&app, &call, parameters, DealKind::Agreement, is_state).await
}

/// `GET /v1/agreements/{id}`
pub async fn read(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    read_of(&app, &call, DealKind::Agreement, &id).await
}

/// An event as it was sent; what it does may depend on who sent it.
#[derive(Clone, Debug)]
enum Event {
    Sign(i64),
    Cancel(Option<String>),
    Start(i64, Day),
    Return(i64, Day, ReturnReason),
    Extend(Day, Option<i64>),
    Settle(Option<i64>),
    Dispute(Option<String>),
}

type Sent = Result<Response, Problem>;

/// `POST /v1/agreements/{id}/sign`
pub async fn sign(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| {
        let consented = fields.number("consented", 0, 1_000_000);
        fields.needs("consented", consented).map(Event::Sign)
    })
    .await
}

/// `POST /v1/agreements/{id}/start`
pub async fn start(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| {
        let (count, day) = (fields.number("count", 0, 1_000_000), fields.day("day"));
        Some(Event::Start(fields.needs("count", count)?, fields.needs("day", day)?))
    })
    .await
}

/// `POST /v1/agreements/{id}/return`
pub async fn bring_back(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| {
        let codes: Vec<&str> = ReturnReason::ALL.iter().map(|reason| reason.code()).collect();
        let reason = fields.choice("reason", ReturnReason::of, &codes);
        let (count, last_day) = (fields.number("count", 1, 1_000_000), fields.day("last_day"));
        let (count, last_day) = (fields.needs("count", count), fields.needs("last_day", last_day));
        Some(Event::Return(count?, last_day?, reason?))
    })
    .await
}

/// `POST /v1/agreements/{id}/extend`
pub async fn extend(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| {
        let (to, consented) = (fields.day("to"), fields.number("consented", 0, 1_000_000));
        Some(Event::Extend(fields.needs("to", to)?, consented))
    })
    .await
}

/// `POST /v1/agreements/{id}/settle`
pub async fn settle(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| {
        Some(Event::Settle(fields.number("worker_days", 0, 1_000_000_000)))
    })
    .await
}

/// `POST /v1/agreements/{id}/dispute`
pub async fn dispute(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| Some(Event::Dispute(fields.optional_text("reason", 0, 2000))))
        .await
}

/// `POST /v1/agreements/{id}/cancel`
pub async fn cancel(state: State<App>, call: Call, id: Path<String>, request: Request) -> Sent {
    happen(state, call, id, request, |fields| Some(Event::Cancel(fields.optional_text("reason", 0, 2000))))
        .await
}

async fn happen(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    request: Request,
    event: impl FnOnce(&mut Fields) -> Option<Event>,
) -> Sent {
    let sent = read_optional(&app, request).await?;
    let mut fields = Fields::from(sent.object_or_empty()?);
    let asked = fields.optional_choice("side", Side::of, &["lender", "borrower"]);
    let event = event(&mut fields);
    fields.finish()?;
    let copy = call.clone();
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let deal = seen(tx, &copy, DealKind::Agreement, &id).await?;
            check_version(tx, &copy, &deal).await?;
            let held = agreement(deal)?;
            match event {
                Some(event) => take_place(tx, &copy, held, asked, event).await,
                None => Err(Problem::new(&STATE_CONFLICT)), // the fields have said so already
            }
        })
    })
    .await
}

/// What an event is when a side, or else the zone, makes it; none where it is not theirs to make.
fn act(held: &Agreement, side: Option<Side>, event: &Event) -> Option<AgreementAct> {
    use AgreementAct as A;
    Some(match (event, side) {
        (Event::Settle(Some(worker_days)), None) if held.state == AgreementState::Disputed => {
            A::Decide { worker_days: *worker_days }
        }
        (Event::Dispute(_), _) => A::Dispute,
        (_, None) | (Event::Sign(_), Some(Side::Borrower)) => return None,
        (Event::Sign(consented), Some(Side::Lender)) => A::Sign { consented: *consented },
        (Event::Cancel(_), _) => A::Cancel,
        (Event::Start(count, day), _) => A::Start { count: *count, day: *day },
        (Event::Return(count, last_day, reason), _) => {
            A::Return { count: *count, last_day: *last_day, reason: *reason }
        }
        (Event::Extend(to, consented), Some(side)) => A::Extend { side, to: *to, consented: *consented },
        (Event::Settle(stated), Some(Side::Borrower)) => A::State { worker_days: stated.unwrap_or(-1) },
        (Event::Settle(_), Some(Side::Lender)) => A::Confirm,
    })
}

async fn take_place(
    tx: &mut Tx,
    call: &Call,
    held: Held<Agreement>,
    asked: Option<Side>,
    event: Event,
) -> Result<Done, Problem> {
    if is_due(&held.deal, tx.now().await?) {
        return Err(not_now(tx, call, &held.deal).await?);
    }
    let parties = held.deal.parties.clone();
    let after = |side: Option<Side>| act(&held.now, side, &event).map(|act| held.now.after(act));
    // the zone comes in where neither side is its own
    let side = if sides(call, &parties).is_empty() && asked.is_none() {
        None
    } else {
        Some(acting(call, &parties, asked, |side| after(Some(side)).is_some_and(|next| next.is_ok()))?)
    };
    let between = Between::read(tx, held.postings(), &[]).await?;
    let next = match after(side) {
        None => {
            let problem = not_now(tx, call, &held.deal).await?;
            let is_dispute = held.now.state == AgreementState::Disputed;
            return Err(match (&event, side) {
                // the zone has to say what is to hold
                (Event::Settle(None), None) if is_dispute => {
                    out_of("worker_days", &Value::Null, "is missing", "缺失")
                }
                // what the state allows nobody is no question of who asks
                (Event::Sign(_), _) if held.now.state != AgreementState::Agreed => problem,
                _ => Problem::new(&FORBIDDEN).detail("That is for the other side to do", "应由另一方进行"),
            });
        }
        Some(Err(refused)) => return Err(refuse(tx, call, &held, &event, refused).await?),
        Some(Ok(next)) => next,
    };
    if let (Event::Settle(Some(confirmed)), Some(Side::Lender)) = (&event, side)
        && held.now.worker_days != Some(*confirmed)
    {
        let stated = held.now.worker_days.unwrap_or_default();
        let (en, zh) = (
            format!("{stated} are stated: confirm them, or dispute"),
            format!("对方填报为 {stated}，请确认或提出异议"),
        );
        return Err(out_of("worker_days", &json!(confirmed), &en, &zh));
    }
    if let (Event::Extend(_, Some(consented)), Some(Side::Borrower)) = (&event, side) {
        return Err(out_of("consented", &json!(consented), "is for the lender to say", "应由出借方填写"));
    }
    if let Event::Extend(to, _) = event {
        check_longer(tx, call, &held, &between, to).await?;
    }
    let versions = [between.surplus.version, between.shortage.version];
    let mut data = match side {
        Some(side) => event_data(call, &parties, side, versions),
        None => event_data(call, &parties, Side::Lender, versions)
            .into_iter()
            .filter(|(name, _)| name == "versions")
            .collect(),
    };
    let mut body = held.body.clone();
    let name = told_as(&event, &mut data, &mut body);
    body.insert("worker_days".to_string(), next.expected_worker_days(&between.calendar()).into());
    let amount = next.worker_days.zip(next.terms.day_pay).and_then(|(days, pay)| days.checked_mul(pay));
    body.insert("amount_fen".to_string(), amount.into());
    let standing =
        agreement_standing(&next, &body, held.deal.standing.plan.as_deref(), between.practice.clock);
    let by = call.actor()?.by(side.map(|side| firm(&parties, side)));
    let made = tx.change_deal(&by, &held.deal, &standing, (name, &Value::from(data).to_string())).await?;
    done(tx, call, &made, Vec::new()).await
}

/// The event's name, and its members where they are kept.
fn told_as(
    event: &Event,
    data: &mut serde_json::Map<String, Value>,
    body: &mut serde_json::Map<String, Value>,
) -> &'static str {
    let mut put = |name: &str, value: Value| data.insert(name.to_string(), value);
    match event {
        Event::Sign(consented) => {
            put("consented", (*consented).into());
            "sign"
        }
        Event::Cancel(why) => {
            put("reason", why.as_deref().into());
            body.insert("reason".to_string(), why.as_deref().into());
            "cancel"
        }
        Event::Start(count, day) => {
            put("count", (*count).into());
            put("day", day.to_string().into());
            body.insert("started".to_string(), json!({ "count": count, "day": day.to_string() }));
            "start"
        }
        Event::Return(count, last_day, reason) => {
            put("count", (*count).into());
            put("last_day", last_day.to_string().into());
            put("reason", reason.code().into());
            "return"
        }
        Event::Extend(to, consented) => {
            put("to", to.to_string().into());
            put("consented", (*consented).into());
            "extend"
        }
        Event::Settle(worker_days) => {
            put("worker_days", (*worker_days).into());
            "settle"
        }
        Event::Dispute(why) => {
            put("reason", why.as_deref().into());
            body.insert("reason".to_string(), why.as_deref().into());
            "dispute"
        }
    }
}

fn out_of(name: &str, read: &Value, en: &str, zh: &str) -> Problem {
    let why = Text::new(format!("`{name}` {en}"), format!("`{name}` {zh}"));
    Problem::defect(if read.is_null() { "missing_value" } else { "out_of_range" }, name, read, &why)
}

async fn refuse(
    tx: &mut Tx,
    call: &Call,
    held: &Held<Agreement>,
    event: &Event,
    refused: Refused,
) -> Result<Problem, Problem> {
    let (count, day) = match event {
        Event::Sign(consented) => (("consented", json!(consented)), ("", Value::Null)),
        Event::Start(count, day) => (("count", json!(count)), ("day", json!(day.to_string()))),
        Event::Return(count, last, _) => (("count", json!(count)), ("last_day", json!(last.to_string()))),
        Event::Extend(to, consented) => (("consented", json!(consented)), ("to", json!(to.to_string()))),
        Event::Settle(days) => (("worker_days", json!(days)), ("", Value::Null)),
        Event::Cancel(_) | Event::Dispute(_) => (("", Value::Null), ("", Value::Null)),
    };
    Ok(match refused {
        Refused::State => not_now(tx, call, &held.deal).await?,
        Refused::Consent => {
            out_of("consented", &Value::Null, "is missing: how many workers consent", "缺失：请填写同意人数")
        }
        Refused::Number(least, most) => {
            let (en, zh) = (format!("is {least} to {most}"), format!("应为 {least} 至 {most}"));
            out_of(count.0, &count.1, &en, &zh)
        }
        Refused::Day(first, last) => {
            let (en, zh) = (format!("is a day of {first} to {last}"), format!("应在 {first} 至 {last} 之间"));
            out_of(day.0, &day.1, &en, &zh)
        }
    })
}

/// Whether the workers may stay longer: within their contract, and no day with more than either posting has. Both may agree
/// on days after those that were posted.
async fn check_longer(
    tx: &mut Tx,
    call: &Call,
    held: &Held<Agreement>,
    between: &Between,
    to: Day,
) -> Result<(), Problem> {
    let (surplus, shortage) = (&between.scenario.surplus()[0], &between.scenario.shortages()[0]);
    let more: Vec<Stretch> = held
        .now
        .extended(to)
        .into_iter()
        .filter(|s| s.to > held.now.terms.to)
        .map(|s| Stretch { from: s.from.max(held.now.terms.to + 1), ..s })
        .collect();
    let mut is_more = surplus.contract_until.is_some_and(|until| to > until);
    let of_surplus = DealFilter { surplus: Some(surplus.id.clone()), ..DealFilter::default() };
    let of_shortage = DealFilter { shortage: Some(shortage.id.clone()), ..DealFilter::default() };
    for (filter, most) in [(of_surplus, offered(surplus).count), (of_shortage, wanted(shortage).count)] {
        let mut all = stretches(tx, &filter).await?;
        all.extend(&more);
        is_more |= most_at_once(&all, held.now.terms.to + 1, to).0 > most;
    }
    if is_more {
        let current = told(tx, call, &held.deal).await?;
        return Err(Problem::new(&CAPACITY)
            .detail(
                "More than the postings have then, or longer than the workers' contracts",
                "超出登记届时的剩余人数，或超过合同期限",
            )
            .member("current", current));
    }
    Ok(())
}

/// Which paper an agreement's document is.
pub const PAPER: &[Parameter] = &[Parameter {
    name: "paper",
    about: "Between the two firms, or between the lender and each worker.",
    schema: r#"{ "type": "string", "enum": ["agreement", "amendment"], "default": "agreement" }"#,
}];

/// `GET /v1/agreements/{id}/document`
pub async fn document(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    mut parameters: Parameters,
) -> Sent {
    let paper = parameters.take("paper", |text| match text {
        "agreement" => Ok(Paper::Agreement),
        "amendment" => Ok(Paper::Amendment),
        _ => Err(Text::new("agreement or amendment", "应为 agreement 或 amendment")),
    });
    parameters.finish()?;
    let paper = paper.unwrap_or(Paper::Agreement);
    let write = |scenario: &Scenario, agreed: &Agreed<'_>| {
        agreement_paper(scenario, agreed, paper, &AgreementTemplate::built_in())
    };
    paper_of(&app, &call, &id, DOCX, write).await
}

/// `GET /v1/agreements/{id}/settlement`: a document, or a workbook where that is what is accepted.
pub async fn settlement(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Sent {
    let language = crate::language::of(&headers);
    let is_book = wants(&headers, XLSX);
    let write = |scenario: &Scenario, agreed: &Agreed<'_>| {
        let template = AgreementTemplate::built_in();
        if is_book {
            settlement_workbook(scenario, agreed, &template, language)
        } else {
            agreement_paper(scenario, agreed, Paper::Settlement, &template)
        }
    };
    paper_of(&app, &call, &id, if is_book { XLSX } else { DOCX }, write).await
}

async fn paper_of(
    app: &App,
    call: &Call,
    id: &str,
    media: &'static str,
    write: impl Fn(&Scenario, &Agreed<'_>) -> Option<Vec<u8>>,
) -> Sent {
    Ok(([(CONTENT_TYPE, media)], written(app, call, id, write).await?).into_response())
}

/// What is written of an agreement in the state that it is in.
///
/// # Errors
/// `not_found` where it is not for the caller to see.
pub async fn written<T>(
    app: &App,
    call: &Call,
    id: &str,
    write: impl Fn(&Scenario, &Agreed<'_>) -> Option<T>,
) -> Result<T, Problem> {
    let mut view = app.store.view().await?;
    let held = agreement(seen(&mut view, call, DealKind::Agreement, id).await?)?;
    let Terms { from, to, day_pay, .. } = held.now.terms;
    // the agreement's own days and pay, whatever the posting has become
    let instead =
        [("day_pay_fen", day_pay.into()), ("from", from.to_string().into()), ("to", to.to_string().into())];
    let between = Between::read(&mut view, held.postings(), &instead).await?;
    let (surplus, shortage) = PAIR;
    let claim = |s: &Stint| Claim { surplus, shortage, count: s.count, from: s.from, to: s.to };
    let agreed = Agreed {
        number: &held.deal.id,
        state: held.now.state.code(),
        claims: held.now.stints.iter().map(claim).collect(),
        worker_days: held.now.worker_days,
    };
    write(&between.scenario, &agreed).ok_or_else(|| Problem::new(&NOT_FOUND))
}
