//! What is agreed, accepted and declined, as rows of the zone's scenario: forced pins, pins, blocks.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tiaoji_core::practice::{DeclineReason, ProposalState};
use tiaoji_formats::read_json;
use tiaoji_store::{DealFilter, DealKind, Parties, View};

use super::held::{agreement, proposal};
use super::settings::clock;
use crate::problem::Problem;
use crate::zone::document::plain;
use crate::zone::sort::{SHORTAGES, SURPLUS, Sort, body};

/// Adds to the zone's document what firms have decided: agreements as forced pins, half-accepted proposals as pins where the
/// rules of today allow them, declined pairs as blocks. A posting that is on offer no more but is agreed about with one that
/// is stands there with a headcount of 0.
///
/// # Errors
/// The database's.
pub async fn add(view: &mut View, document: &mut Value) -> Result<(), Problem> {
    let mut known = [ids(document, &SURPLUS), ids(document, &SHORTAGES)];
    let today = clock(view).await?.day(view.now().await?).to_string();
    let mut pins: Vec<Value> = Vec::new();
    let lasting = DealFilter { from: Some(today), ..DealFilter::default() };
    for deal in view.all_deals(DealKind::Agreement, &lasting).await? {
        let held = agreement(deal)?;
        let (surplus, shortage) = held.postings();
        let stretches = held.now.stretches();
        let is_offered = known[0].contains(surplus) || known[1].contains(shortage);
        if stretches.is_empty() || !is_offered {
            continue;
        }
        for (sort, id, place) in [(&SURPLUS, surplus, 0), (&SHORTAGES, shortage, 1)] {
            if known[place].insert(id.to_string()) {
                push(document, sort.table, without_workers(view, sort, id).await?);
            }
        }
        pins.extend(stretches.iter().map(|s| {
            json!({ "surplus": surplus, "shortage": shortage, "count": s.count, "from": s.from.to_string(),
                "to": s.to.to_string(), "forced": true })
        }));
    }
    let forced = pins.len();
    let open = DealFilter { state: Some("open".to_string()), ..DealFilter::default() };
    for deal in view.all_deals(DealKind::Proposal, &open).await? {
        let held = proposal(deal)?;
        let (surplus, shortage) = held.postings();
        if held.now.is_half_accepted() && known[0].contains(surplus) && known[1].contains(shortage) {
            let terms = held.now.terms;
            pins.push(json!({ "surplus": surplus, "shortage": shortage, "count": terms.count,
                "from": terms.from.to_string(), "to": terms.to.to_string() }));
        }
    }
    let some = pins.len() > forced;
    for pin in pins {
        push(document, "pins", pin);
    }
    add_blocks(view, document).await?;
    if some {
        drop_what_is_refused(document);
    }
    Ok(())
}

fn ids(document: &Value, sort: &Sort) -> BTreeSet<String> {
    let rows = document[sort.table].as_array().into_iter().flatten();
    rows.filter_map(|row| row["id"].as_str().map(str::to_string)).collect()
}

fn push(document: &mut Value, table: &str, row: Value) {
    match document[table].as_array_mut() {
        Some(rows) => rows.push(row),
        None => document[table] = json!([row]),
    }
}

async fn without_workers(view: &mut View, sort: &Sort, id: &str) -> Result<Value, Problem> {
    let mut row = plain(sort, body(&view.record(sort.kind, id).await?));
    row.insert("headcount".to_string(), 0.into());
    Ok(row.into())
}

/// Blocks of pairs that somebody declined.
async fn add_blocks(view: &mut View, document: &mut Value) -> Result<(), Problem> {
    for Parties { surplus, shortage, lender, borrower } in declined(view).await? {
        let block =
            json!({ "lender": lender, "borrower": borrower, "surplus": surplus, "shortage": shortage });
        let is_there = document["blocked"].as_array().is_some_and(|rows| rows.contains(&block));
        if !is_there {
            push(document, "blocked", block);
        }
    }
    Ok(())
}

/// The pairs on offer that somebody declined: for good, or as long as both postings are as they were. By lender and borrower.
///
/// # Errors
/// The database's.
pub async fn declined(view: &mut View) -> Result<Vec<Parties>, Problem> {
    let mut found = Vec::new();
    for (parties, body, versions) in view.proposals_on_offer(ProposalState::Declined.code()).await? {
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        let reason = body["reason"].as_str().and_then(DeclineReason::of);
        let ends_with_a_change = reason.is_some_and(DeclineReason::ends_with_a_change);
        if !ends_with_a_change || body["declined_versions"] == super::show::versions_of(versions) {
            found.push(parties);
        }
    }
    let order = |p: &Parties| [&p.lender, &p.borrower, &p.surplus, &p.shortage].map(Clone::clone);
    found.sort_by_key(order);
    found.dedup();
    Ok(found)
}

/// Takes out the pins that the rules or the capacities of today refuse: whoever publishes next learns of it.
fn drop_what_is_refused(document: &mut Value) {
    let Err(faults) = read_json("zone", document.to_string().as_bytes()) else { return };
    let refused: BTreeSet<usize> = faults
        .defects
        .iter()
        .filter_map(|defect| defect.pointer().strip_prefix("/pins/")?.split('/').next()?.parse().ok())
        .collect();
    if let Some(pins) = document["pins"].as_array_mut() {
        let mut place = 0..;
        pins.retain(|_| place.next().is_none_or(|place| !refused.contains(&place)));
    }
}
