//! What a change of a posting or a firm does to the deals about it, and which changes deals forbid.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::{AgreementAct, AgreementState, ProposalAct, ReturnReason, Stretch, lowered};
use tiaoji_core::units::Day;
use tiaoji_store::{By, Deal, DealFilter, DealKind, Error, Filter, Kind, Record, State, Tx};

use super::between::Between;
use super::held::{agreement, agreement_standing, proposal};
use super::publish::end;
use super::settings::clock;
use crate::problem::{BELOW_AGREED, Problem};
use crate::register::follow_ups::posting_gone;
use crate::zone::sort::{Sort, body};

/// The deals about a posting.
fn about(kind: Kind, id: &str) -> DealFilter {
    let id = Some(id.to_string());
    match kind {
        Kind::Surplus => DealFilter { surplus: id, ..DealFilter::default() },
        _ => DealFilter { shortage: id, ..DealFilter::default() },
    }
}

/// How many workers a posting's columns hold on which days; none where they say nothing.
pub fn held_by(kind: Kind, row: &Map<String, Value>) -> Option<Stretch> {
    let number = |column: &str| row.get(column).and_then(Value::as_i64);
    let date = |column: &str| row.get(column)?.as_str().and_then(|text| crate::parameters::day(text).ok());
    let mut held = Stretch { count: number("headcount")?, from: date("from")?, to: date("to")? };
    if kind == Kind::Surplus {
        held.count = number("consented").map_or(held.count, |consented| consented.min(held.count));
        held.to = date("contract_until").map_or(held.to, |last: Day| last.min(held.to));
    }
    Some(held)
}

/// Refuses a posting that would hold less than is agreed, or would be another firm's or of another skill.
///
/// # Errors
/// `below_agreed`.
pub async fn check_agreed(
    tx: &mut Tx,
    sort: &Sort,
    before: &Record,
    after: &Map<String, Value>,
) -> Result<(), Problem> {
    if !sort.is_posting() {
        return Ok(());
    }
    let today = clock(tx).await?.day(tx.now().await?);
    let lasting = DealFilter { from: Some(today.to_string()), ..about(before.kind, &before.id) };
    let mut agreed = Vec::new();
    for deal in tx.all_deals(DealKind::Agreement, &lasting).await? {
        agreed.extend(agreement(deal)?.now.stretches());
    }
    if agreed.is_empty() {
        return Ok(());
    }
    let was = body(before);
    let refused = |en: String, zh: String| {
        Err(Problem::new(&BELOW_AGREED).detail(en, zh).member("current", sort.full(before)))
    };
    if let Some(column) = ["firm", "skill"].into_iter().find(|column| was.get(*column) != after.get(*column))
    {
        return refused(
            format!("`{column}` cannot be changed while agreements last"),
            format!("已有约定，不能更改 `{column}`"),
        );
    }
    let (Some(held), Some(holds)) = (held_by(before.kind, &was), held_by(before.kind, after)) else {
        return Ok(());
    };
    match lowered(held, holds, &agreed, today) {
        Some(day) => refused(format!("More is agreed on {day}"), format!("{day} 已约定的人数更多")),
        None => Ok(()),
    }
}

/// What follows where an import is undone, that is, where a posting is what it was before it, or is no more; `before` is what
/// the import had made of it.
///
/// # Errors
/// `below_agreed`.
pub async fn put_back(tx: &mut Tx, by: &By, sort: &Sort, before: &Record) -> Result<(), Problem> {
    match tx.record(before.kind, &before.id).await {
        Ok(record) => {
            check_agreed(tx, sort, before, &body(&record)).await?;
            changed(tx, by, &record).await
        }
        Err(Error::NotFound) => {
            // its papers name it, whenever it was worked
            if !tx.all_deals(DealKind::Agreement, &about(before.kind, &before.id)).await?.is_empty() {
                return Err(Problem::new(&BELOW_AGREED)
                    .detail(format!("{} is agreed about", before.id), format!("{} 已有约定", before.id)));
            }
            gone(tx, by, before.kind, &before.id, "withdrawn").await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What follows from a change of a posting: open proposals that no longer fit are withdrawn.
///
/// # Errors
/// The database's.
pub async fn changed(tx: &mut Tx, by: &By, posting: &Record) -> Result<(), Problem> {
    if posting.state != State::Open {
        return gone(tx, by, posting.kind, &posting.id, posting.state.name()).await;
    }
    for deal in open_about(tx, posting.kind, &posting.id).await? {
        let held = proposal(deal)?;
        let terms = held.now.terms;
        let between = Between::read(tx, held.postings(), &[("day_pay_fen", terms.day_pay.into())]).await?;
        let stretch = Stretch { count: terms.count, from: terms.from, to: terms.to };
        if !between.misfits(tx, stretch).await?.is_empty() {
            end(tx, by, held.deal, ProposalAct::Withdraw, "posting_changed").await?;
        }
    }
    Ok(())
}

/// What follows where a posting is on offer no more: open proposals on it are withdrawn, its follow-ups end; what is agreed stays.
///
/// # Errors
/// The database's.
pub async fn gone(tx: &mut Tx, by: &By, kind: Kind, id: &str, why: &str) -> Result<(), Problem> {
    posting_gone(tx, by, kind, id).await?;
    for deal in open_about(tx, kind, id).await? {
        end(tx, by, deal, ProposalAct::Withdraw, &format!("posting_{why}")).await?;
    }
    Ok(())
}

async fn open_about(tx: &mut Tx, kind: Kind, id: &str) -> Result<Vec<Deal>, Problem> {
    let open = DealFilter { state: Some("open".to_string()), ..about(kind, id) };
    Ok(tx.all_deals(DealKind::Proposal, &open).await?)
}

/// What follows where a firm closes: its postings are withdrawn, agreements that have not begun are cancelled, and from those
/// that have everybody goes back today (人社部函〔2020〕62号: the loan ends with the labour relation).
///
/// # Errors
/// The database's.
pub async fn closed(tx: &mut Tx, by: &By, firm: &str) -> Result<(), Problem> {
    let of_the_firm = Filter { firm: Some(firm.to_string()), ..Filter::default() };
    for kind in [Kind::Surplus, Kind::Shortage] {
        let mut after = None;
        loop {
            let page = tx.records(kind, &of_the_firm, after.as_deref(), 500).await?;
            for posting in page.items.iter().filter(|p| matches!(p.state, State::Open | State::Draft)) {
                tx.replace(by, kind, &posting.id, None, State::Withdrawn, &body(posting).into()).await?;
                gone(tx, by, kind, &posting.id, "withdrawn").await?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let clock = clock(tx).await?;
    let today = clock.day(tx.now().await?);
    let deals = DealFilter { firm: Some(firm.to_string()), ..DealFilter::default() };
    for deal in tx.all_deals(DealKind::Agreement, &deals).await? {
        let mut held = agreement(deal)?;
        let (act, name) = match held.now.state {
            AgreementState::Agreed | AgreementState::Signed => (AgreementAct::Cancel, "cancel"),
            AgreementState::Active => {
                let first = held.now.stints.iter().map(|stint| stint.from).min().unwrap_or(today);
                // one that is to begin later never does
                let last_day = today.max(first + -1).min(held.now.terms.to);
                let (count, reason) = (held.now.present(), ReturnReason::FirmClosed);
                (AgreementAct::Return { count, last_day, reason }, "return")
            }
            _ => continue,
        };
        let Ok(next) = held.now.after(act) else { continue };
        let mut data = json!({ "reason": ReturnReason::FirmClosed.code() });
        if let AgreementAct::Return { count, last_day, .. } = act {
            data["count"] = count.into();
            data["last_day"] = last_day.to_string().into();
        } else {
            held.body.insert("reason".to_string(), ReturnReason::FirmClosed.code().into());
        }
        let standing = agreement_standing(&next, &held.body, held.deal.standing.plan.as_deref(), clock);
        tx.change_deal(by, &held.deal, &standing, (name, &data.to_string())).await?;
    }
    Ok(())
}
