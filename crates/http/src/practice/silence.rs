//! Firms that do not answer: from a working day before a proposal's deadline each silent side is on its officer's list, beyond
//! the deadline too, until it says something about that posting, the posting is filled or gone, or nothing is asked any more.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::{Proposal, ProposalState, Side, Stretch, left_over};
use tiaoji_core::units::Day;
use tiaoji_store::{By, DealFilter, DealKind, Kind, Parties, Record, Tx};

use super::between::{Between, stretches};
use super::held::{Held, firm};
use super::postings::held_by;
use crate::problem::Problem;
use crate::register::follow_ups::{Outcome, SILENT, end, is_silence, keep, shortage_filled, under_way};
use crate::zone::sort::{body, instant};

/// Puts the silent sides of an open proposal on their officers' lists, or says there that the deadline has passed.
///
/// # Errors
/// The database's.
pub async fn told(tx: &mut Tx, by: &By, held: &Held<Proposal>) -> Result<(), Problem> {
    if held.now.state != ProposalState::Open {
        return Ok(());
    }
    for side in Side::BOTH.into_iter().filter(|side| !held.now.accepted[*side as usize]) {
        let earlier = about(tx, &held.deal.parties, side).await?;
        let earlier = earlier.into_iter().find(|(_, row)| is_of(row, &held.deal.parties));
        keep(tx, by, earlier.map(|(record, _)| record), described(held, side)).await?;
    }
    Ok(())
}

/// What a follow-up says of a silent side.
fn described(held: &Held<Proposal>, side: Side) -> Map<String, Value> {
    let (deal, terms) = (&held.deal, held.now.terms);
    let deadline = instant(held.now.deadline);
    let text =
        format!("{0}: no answer, asked until {deadline} / {0}：尚未答复，答复期限 {deadline}", deal.id);
    let row = json!({
        "firm": firm(&deal.parties, side), "kind": "labour", "text": text, "follow_up": SILENT, "proposal_id": deal.id,
        "side": side.name(), "deadline": deadline, "plan_id": deal.standing.plan, "surplus": deal.parties.surplus,
        "shortage": deal.parties.shortage, "skill": held.body.get("skill").and_then(|skill| skill.get("id")),
        "from": terms.from.to_string(), "to": terms.to.to_string(),
    });
    row.as_object().cloned().unwrap_or_default()
}

/// A side has said something of a proposal: it is silent no more, neither here nor where it let a deadline for the same posting
/// pass; and where the other one is not asked any more, or has more time, it is not either.
///
/// # Errors
/// The database's.
pub async fn heard(
    tx: &mut Tx,
    by: &By,
    parties: &Parties,
    side: Side,
    goes_on: bool,
) -> Result<(), Problem> {
    for (record, row) in about(tx, parties, side).await? {
        if is_of(&row, parties) || has_ended(tx, &row).await? {
            end(tx, by, &record, Outcome::Solved).await?;
        }
    }
    if goes_on { Ok(()) } else { over(tx, by, parties).await }
}

/// A proposal asks nobody any more.
///
/// # Errors
/// The database's.
pub async fn over(tx: &mut Tx, by: &By, parties: &Parties) -> Result<(), Problem> {
    for side in Side::BOTH {
        for (record, row) in about(tx, parties, side).await? {
            if is_of(&row, parties) {
                end(tx, by, &record, Outcome::Closed).await?;
            }
        }
    }
    Ok(())
}

/// Ends what is followed up about the postings of an agreement just made that have all that they want, or nobody left.
///
/// # Errors
/// The database's.
pub async fn filled(tx: &mut Tx, by: &By, parties: &Parties, between: &Between) -> Result<(), Problem> {
    let calendar = between.calendar();
    let today = between.practice.clock.day(tx.now().await?);
    for (side, posting) in [(Side::Lender, &between.surplus), (Side::Borrower, &between.shortage)] {
        let Some(Stretch { count, from, to }) = held_by(posting.kind, &body(posting)) else { continue };
        let of_it = Some(posting.id.clone());
        let filter = match posting.kind {
            Kind::Surplus => DealFilter { surplus: of_it, ..DealFilter::default() },
            _ => DealFilter { shortage: of_it, ..DealFilter::default() },
        };
        let agreed = stretches(tx, &filter).await?;
        let days = (from.max(today).number()..=to.number()).map(Day::from_number);
        let days: Vec<Day> = days.filter(|day| calendar.is_working(*day)).collect();
        if !left_over(&days, &vec![count; days.len()], &agreed).is_empty() {
            continue;
        }
        for (record, _) in about(tx, parties, side).await? {
            end(tx, by, &record, Outcome::Solved).await?;
        }
        if side == Side::Borrower {
            shortage_filled(tx, by, &posting.id).await?;
        }
    }
    Ok(())
}

/// What is followed up of a side's silence about its posting.
async fn about(
    tx: &mut Tx,
    parties: &Parties,
    side: Side,
) -> Result<Vec<(Record, Map<String, Value>)>, Problem> {
    let (column, posting) = match side {
        Side::Lender => ("surplus", &parties.surplus),
        Side::Borrower => ("shortage", &parties.shortage),
    };
    let mut found = under_way(tx, Some(firm(parties, side))).await?;
    found.retain(|(_, row)| {
        is_silence(row) && row["side"] == side.name() && row.get(column).is_some_and(|id| id == posting)
    });
    Ok(found)
}

/// Whether a silence is about these two postings.
fn is_of(row: &Map<String, Value>, parties: &Parties) -> bool {
    row.get("surplus").is_some_and(|id| id == &parties.surplus)
        && row.get("shortage").is_some_and(|id| id == &parties.shortage)
}

/// Whether what the side was silent on is open no more.
async fn has_ended(tx: &mut Tx, row: &Map<String, Value>) -> Result<bool, Problem> {
    let Some(id) = row.get("proposal_id").and_then(Value::as_str) else { return Ok(true) };
    let asked = tx.deal(DealKind::Proposal, id).await?;
    Ok(asked.standing.state != ProposalState::Open.code())
}
