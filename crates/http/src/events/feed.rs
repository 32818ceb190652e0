//! The trail as it grows, read once for all who listen.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tiaoji_store::{Result, Trail, View};
use tokio::sync::broadcast;
use tokio::time::timeout;

use super::change::Change;
use crate::app::App;

/// How often other servers' changes are looked for.
const LOOK: Duration = Duration::from_millis(500);
/// Entries that are read at once.
const PART: u32 = 500;
/// Batches that a slow listener may be behind before it has to read for itself.
const BEHIND: usize = 64;

/// The changes after one number up to another.
#[derive(Debug)]
pub struct Batch {
    pub after: i64,
    pub last: i64,
    pub changes: Vec<Arc<Change>>,
}

impl Batch {
    /// The next ones after a number.
    pub async fn read(view: &mut View, after: i64) -> Result<Batch> {
        let page = view.audit(&Trail::default(), after, PART).await?;
        let mut batch = Batch { after, last: after, changes: Vec::new() };
        for entry in page.items {
            batch.last = entry.seq;
            batch.changes.extend(Change::of(view, entry).await?.map(Arc::new));
        }
        Ok(batch)
    }
}

/// What listeners share.
pub struct Feed {
    batches: broadcast::Sender<Arc<Batch>>,
    /// Whether somebody reads the trail: as long as anybody listens.
    is_read: Mutex<bool>,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed { batches: broadcast::channel(BEHIND).0, is_read: Mutex::new(false) }
    }
}

impl Feed {
    /// The batches from now on. They are without gaps among themselves; what came before, a listener reads itself.
    pub fn listen(&self, app: &App) -> broadcast::Receiver<Arc<Batch>> {
        let mut is_read = self.is_read.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.batches.subscribe();
        if !*is_read {
            *is_read = true;
            tokio::spawn(read_on(app.clone()));
        }
        receiver
    }

    /// Notes that nobody reads any more, where nobody listens or the service stops.
    fn is_over(&self, app: &App) -> bool {
        let mut is_read = self.is_read.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = self.batches.receiver_count() == 0 || app.stopping.is_cancelled();
        *is_read = !is_over;
        is_over
    }
}

async fn read_on(app: App) {
    let mut commits = app.store.commits();
    let mut after = None;
    while !app.feed.is_over(&app) {
        commits.borrow_and_update();
        match next(&app, after).await {
            Ok(batch) => {
                if after != Some(batch.last) {
                    after = Some(batch.last);
                    // an error says that nobody listens any more
                    let _ = app.feed.batches.send(Arc::new(batch));
                    continue; // until there is no more
                }
            }
            Err(error) => tracing::warn!(%error, "the trail could not be followed"),
        }
        tokio::select! {
            () = app.stopping.cancelled() => {}
            _ = timeout(LOOK, commits.changed()) => {}
        }
    }
}

/// What has come since; the first time nothing but where the trail ends, by which listeners know what they have missed.
async fn next(app: &App, after: Option<i64>) -> Result<Batch> {
    let mut view = app.store.view().await?;
    if let Some(after) = after {
        return Batch::read(&mut view, after).await;
    }
    let last = view.last_seq().await?;
    Ok(Batch { after: last, last, changes: Vec::new() })
}
