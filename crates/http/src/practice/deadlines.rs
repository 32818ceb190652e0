//! What the clock does, once and in order: firms that are silent are followed up, proposals that were not answered expire, agreements that nobody signed lapse, those
//! whose last day has passed end, and so do postings. Each batch is one write, so that of several servers one does it.

use std::time::Duration;

use tiaoji_core::practice::{AgreementAct, AgreementState, ProposalAct, ZoneClock};
use tiaoji_core::units::Day;
use tiaoji_store::{By, Deal, DealKind, Error, Kind, Record, State, Store, Tx, View};
use tokio_util::sync::CancellationToken;

use super::held::{agreement, agreement_standing, proposal};
use super::postings::gone;
use super::publish::end;
use super::settings::clock;
use super::silence;
use crate::problem::Problem;
use crate::zone::sort::body;

/// How long the loop sleeps between two looks.
const BREATH: Duration = Duration::from_secs(10);
/// How much one write does, since others wait behind it.
const BATCH: u32 = 100;

/// Acts on deadlines, those that passed while no server ran first, until `stopping`.
pub async fn watch(store: Store, stopping: CancellationToken) {
    loop {
        if let Err(fault) = look(&store).await {
            tracing::warn!(%fault, "deadlines could not be acted on");
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(BREATH) => {}
        }
    }
}

async fn look(store: &Store) -> Result<usize, Error> {
    let now = store.view().await?.now().await?;
    catch_up(store, now).await
}

/// Acts on everything that is due at an instant, in milliseconds since 1970-01-01 UTC; gives how much that was.
///
/// # Errors
/// The database's.
pub async fn catch_up(store: &Store, now: i64) -> Result<usize, Error> {
    let mut count = 0;
    // whoever only looks keeps no other writer waiting
    while !due(&mut store.view().await?, now, 1).await?.is_empty() {
        let done = store.write(move |tx| {
            Box::pin(async move { act(tx, now).await.map_err(|fault| Error::Other(format!("{fault:?}"))) })
        });
        match done.await? {
            0 => break,
            done => count += done,
        }
    }
    Ok(count)
}

/// Something that is due.
enum Due {
    Deal(Box<Deal>),
    Posting(Box<Record>),
}

/// The first things that are due, in the order in which they became so; at one instant deals before postings.
async fn due(view: &mut View, now: i64, limit: u32) -> Result<Vec<Due>, Error> {
    let clock = clock(view).await?;
    let today = clock.day(now).to_string();
    let mut found: Vec<(i64, Due)> = Vec::new();
    for deal in view.deals_due(now, limit).await? {
        found.push((deal.standing.due.unwrap_or(now), Due::Deal(Box::new(deal))));
    }
    for kind in [Kind::Surplus, Kind::Shortage] {
        for posting in view.postings_past(kind, &today, limit).await? {
            found.push((passed(clock, &posting).unwrap_or(now), Due::Posting(Box::new(posting))));
        }
    }
    found.sort_by_key(|(instant, _)| *instant);
    Ok(found.into_iter().take(limit as usize).map(|(_, due)| due).collect())
}

/// When a posting's last day has passed.
fn passed(clock: ZoneClock, posting: &Record) -> Option<i64> {
    let row = body(posting);
    let last: Day = crate::parameters::day(row.get("to")?.as_str()?).ok()?;
    Some(clock.start(last + 1))
}

/// Acts on one batch of what is due; gives how much that was. After a reminder only reminders: what they wait for next may come
/// before the rest.
async fn act(tx: &mut Tx, now: i64) -> Result<usize, Problem> {
    let by = By::actor("clock");
    let (mut count, mut has_reminded) = (0, false);
    for due in due(tx, now, BATCH).await? {
        count += match due {
            Due::Deal(deal) if remind(tx, &by, &deal).await? => {
                has_reminded = true;
                1
            }
            _ if has_reminded => return Ok(count),
            Due::Deal(deal) => usize::from(act_on(tx, &by, *deal, now).await?),
            Due::Posting(posting) => {
                let (kind, id) = (posting.kind, posting.id.as_str());
                tx.replace(&by, kind, id, None, State::Closed, &body(&posting).into()).await?;
                gone(tx, &by, kind, id, "closed").await?;
                1
            }
        };
    }
    Ok(count)
}

/// Puts on their officers' lists who is silent on a proposal whose deadline is near, and waits for that; gives whether it was
/// about such a thing.
async fn remind(tx: &mut Tx, by: &By, deal: &Deal) -> Result<bool, Problem> {
    let deal = tx.deal(deal.kind, &deal.id).await?;
    let Some(due) = deal.standing.due.filter(|_| deal.kind == DealKind::Proposal) else { return Ok(false) };
    let held = proposal(deal)?;
    if held.now.deadline <= due {
        return Ok(false);
    }
    silence::told(tx, by, &held).await?;
    tx.wait_for(&held.deal, held.now.deadline).await?;
    Ok(true)
}

/// Acts on a deal, unless something before it in the batch has.
async fn act_on(tx: &mut Tx, by: &By, deal: Deal, now: i64) -> Result<bool, Problem> {
    let deal = tx.deal(deal.kind, &deal.id).await?;
    if deal.standing.due.is_none_or(|due| due > now) {
        return Ok(true);
    }
    if deal.kind == DealKind::Proposal {
        end(tx, by, deal, ProposalAct::Expire, "deadline").await?;
        return Ok(true);
    }
    let held = agreement(deal)?;
    let (act, name) = match held.now.state {
        AgreementState::Agreed => (AgreementAct::Lapse, "lapse"),
        _ => (AgreementAct::End, "end"),
    };
    let Ok(next) = held.now.after(act) else { return Ok(false) };
    let standing =
        agreement_standing(&next, &held.body, held.deal.standing.plan.as_deref(), clock(tx).await?);
    tx.change_deal(by, &held.deal, &standing, (name, "{}")).await?;
    Ok(true)
}
