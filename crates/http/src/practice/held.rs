//! Proposals and agreements between the database's JSON and the values that events are judged on.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::{
    Agreement, AgreementState, Extension, Proposal, ProposalState, Side, Stint, Stretch, Terms, ZoneClock,
};
use tiaoji_core::units::Day;
use tiaoji_store::{Deal, Parties, Standing};

use crate::problem::{INTERNAL, Problem};

/// A deal, what is kept of it besides, and where it stands.
#[derive(Clone, Debug)]
pub struct Held<T> {
    pub deal: Deal,
    pub body: Map<String, Value>,
    pub now: T,
}

impl<T> Held<T> {
    /// Both postings: surplus, shortage.
    pub fn postings(&self) -> (&str, &str) {
        (&self.deal.parties.surplus, &self.deal.parties.shortage)
    }
}

/// When a proposal's silent sides go on their officers' lists: a member of what is kept that nobody is shown.
pub const REMINDER: &str = "reminder";

/// The firm of a side.
pub fn firm(parties: &Parties, side: Side) -> &str {
    match side {
        Side::Lender => &parties.lender,
        Side::Borrower => &parties.borrower,
    }
}

fn damaged(deal: &Deal) -> Problem {
    tracing::error!(id = deal.id, "what is stored of a deal cannot be read");
    Problem::new(&INTERNAL)
}

/// A date of the wire.
fn day(value: &Value) -> Option<Day> {
    crate::parameters::day(value.as_str()?).ok()
}

fn stretch(value: &Value) -> Option<Stretch> {
    Some(Stretch { count: value["count"].as_i64()?, from: day(&value["from"])?, to: day(&value["to"])? })
}

/// What is proposed or was agreed, of a body.
fn terms(body: &Value) -> Option<Terms> {
    let Stretch { count, from, to } = stretch(body)?;
    Some(Terms { count, from, to, day_pay: body["day_pay_fen"].as_i64() })
}

/// Reads a proposal.
///
/// # Errors
/// `internal` where what is stored is damaged.
pub fn proposal(deal: Deal) -> Result<Held<Proposal>, Problem> {
    let read = || {
        let body: Value = serde_json::from_str(&deal.standing.body).ok()?;
        let sides =
            |what: &str, expect: &Value| Side::BOTH.map(|side| &body["sides"][side.name()][what] == expect);
        let now = Proposal {
            state: ProposalState::of(&deal.standing.state)?,
            terms: terms(&body)?,
            accepted: sides("decision", &json!("accepted")),
            held: sides("held", &json!(true)),
            deadline: body["deadline"].as_i64()?,
        };
        Some((body.as_object()?.clone(), now))
    };
    let (body, now) = read().ok_or_else(|| damaged(&deal))?;
    Ok(Held { deal, body, now })
}

/// How a proposal is kept, with what else is known of it. The clock looks at it before its deadline first, for who is silent.
pub fn proposal_standing(now: &Proposal, body: &Map<String, Value>, plan: Option<&str>) -> Standing {
    let stand = |side: Side| {
        let decision = if now.accepted[side as usize] { "accepted" } else { "pending" };
        (side.name(), json!({ "decision": decision, "held": now.held[side as usize] }))
    };
    let mut body = body.clone();
    let Terms { count, from, to, day_pay } = now.terms;
    let mut put = |name: &str, value: Value| body.insert(name.to_string(), value);
    put("count", count.into());
    put("from", from.to_string().into());
    put("to", to.to_string().into());
    put("day_pay_fen", day_pay.into());
    put("sides", Side::BOTH.into_iter().map(stand).collect());
    put("deadline", now.deadline.into());
    let reminder = body.get(REMINDER).and_then(Value::as_i64).unwrap_or(now.deadline);
    Standing {
        state: now.state.code().to_string(),
        plan: plan.map(str::to_string),
        last_day: to.to_string(),
        due: (now.state == ProposalState::Open).then_some(reminder.min(now.deadline)),
        body: Value::from(body).to_string(),
    }
}

/// Reads an agreement.
///
/// # Errors
/// `internal` where what is stored is damaged.
pub fn agreement(deal: Deal) -> Result<Held<Agreement>, Problem> {
    let read = || {
        let body: Value = serde_json::from_str(&deal.standing.body).ok()?;
        let stint = |value: &Value| {
            let Stretch { count, from, to } = stretch(value)?;
            Some(Stint { count, from, to, returned: value["returned"] == true })
        };
        let extension = match &body["extension"] {
            Value::Null => None,
            asked => Some(Extension {
                to: day(&asked["to"])?,
                by: Side::of(asked["by"].as_str()?)?,
                consented: asked["consented"].as_i64(),
            }),
        };
        let now = Agreement {
            state: AgreementState::of(&deal.standing.state)?,
            terms: terms(&body)?,
            stints: body["spans"].as_array()?.iter().map(stint).collect::<Option<_>>()?,
            consented: body["consented"].as_i64(),
            extension,
            worker_days: body["stated_worker_days"].as_i64(),
        };
        Some((body.as_object()?.clone(), now))
    };
    let (body, now) = read().ok_or_else(|| damaged(&deal))?;
    Ok(Held { deal, body, now })
}

/// How an agreement is kept, with what else is known of it.
pub fn agreement_standing(
    now: &Agreement,
    body: &Map<String, Value>,
    plan: Option<&str>,
    clock: ZoneClock,
) -> Standing {
    let span = |s: &Stint| json!({ "count": s.count, "from": s.from.to_string(), "to": s.to.to_string(), "returned": s.returned });
    let extension = now.extension.map(
        |asked| json!({ "by": asked.by.name(), "to": asked.to.to_string(), "consented": asked.consented }),
    );
    let mut body = body.clone();
    let mut put = |name: &str, value: Value| body.insert(name.to_string(), value);
    let Terms { count, from, to, day_pay } = now.terms;
    put("count", count.into());
    put("present", now.present().into());
    put("from", from.to_string().into());
    put("to", to.to_string().into());
    put("day_pay_fen", day_pay.into());
    put("spans", now.stints.iter().map(span).collect());
    put("consented", now.consented.into());
    put("extension", extension.into());
    put("stated_worker_days", now.worker_days.into());
    let last = now.stretches().iter().map(|s| s.to).max().unwrap_or(to);
    let due = match now.state {
        AgreementState::Agreed => Some(clock.start(from)),
        AgreementState::Active => Some(clock.start(last + 1)),
        _ => None,
    };
    Standing {
        state: now.state.code().to_string(),
        plan: plan.map(str::to_string),
        last_day: last.to_string(),
        due,
        body: Value::from(body).to_string(),
    }
}
