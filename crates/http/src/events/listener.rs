//! One who listens: from where, to what, and for as long as they may.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use super::change::Change;
use super::feed::Batch;
use crate::app::App;
use crate::problem::Problem;
use crate::proof;
use crate::who::Call;
use crate::zone::sight::Eyes;
use crate::zone::sort::SURPLUS;

/// How often it is looked whether a login or a key still holds.
const CHECK: Duration = Duration::from_mins(1);

/// A change on its way to somebody.
pub struct Told {
    pub seq: i64,
    pub shown: String,
}

pub struct Listener {
    app: App,
    call: Call,
    /// How they have shown who they are.
    headers: HeaderMap,
    eyes: Eyes,
    batches: Receiver<Arc<Batch>>,
    waiting: VecDeque<Arc<Change>>,
    /// What has been heard, seen or not.
    after: i64,
    /// Whether there may be something between that and the next batch.
    is_behind: bool,
    check: Instant,
}

impl Listener {
    /// Somebody who has heard everything up to a number, or up to now.
    ///
    /// # Errors
    /// The database's.
    pub async fn new(
        app: App,
        call: Call,
        headers: HeaderMap,
        after: Option<i64>,
    ) -> Result<Listener, Problem> {
        let batches = app.feed.listen(&app);
        let mut view = app.store.view().await?;
        let eyes = Eyes::of(&mut view, &call, &SURPLUS).await?;
        let last = view.last_seq().await?;
        drop(view);
        // an id that has not been given yet is from before the database was put back
        let after = after.map_or(last, |after| after.min(last));
        let (waiting, check) = (VecDeque::new(), Instant::now() + CHECK);
        Ok(Listener { app, call, headers, eyes, batches, waiting, after, is_behind: true, check })
    }

    pub fn after(&self) -> i64 {
        self.after
    }

    /// The next change that they may read. None where the service stops, cannot read, or no longer knows them: who may
    /// comes back.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(change) = self.waiting.pop_front() {
                if change.concerns(self.call.actor().ok()?) {
                    self.look_again().await?;
                }
                let actor = self.call.actor().ok()?;
                if change.is_seen_by(actor, &self.eyes) {
                    return Some(Told { seq: change.seq, shown: change.shown_to(actor) });
                }
                continue;
            }
            if self.is_behind {
                let batch = Batch::read(&mut self.app.store.view().await.ok()?, self.after).await.ok()?;
                self.is_behind = batch.last > self.after;
                self.take(&batch);
                continue;
            }
            let stopping = self.app.stopping.clone();
            tokio::select! {
                () = stopping.cancelled() => return None,
                () = sleep_until(self.check) => self.look_again().await?,
                heard = self.batches.recv() => match heard {
                    Ok(batch) if batch.after <= self.after => self.take(&batch),
                    Ok(_) | Err(RecvError::Lagged(_)) => self.is_behind = true,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    fn take(&mut self, batch: &Batch) {
        let news = batch.changes.iter().filter(|change| change.seq > self.after);
        self.waiting.extend(news.cloned());
        self.after = self.after.max(batch.last);
    }

    /// Who they are and what they see, as it is now.
    async fn look_again(&mut self) -> Option<()> {
        let actor = proof::known_actor(&self.app.store, &self.headers, &self.app.settings.outside).await;
        self.call.actor = Some(actor.ok()?);
        let mut view = self.app.store.view().await.ok()?;
        self.eyes = Eyes::of(&mut view, &self.call, &SURPLUS).await.ok()?;
        self.check = Instant::now() + CHECK;
        Some(())
    }
}
