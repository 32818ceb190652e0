//! `GET /v1/runs/{id}/events`: what happens to a run, as server-sent events that resume where the reader left off.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use tiaoji_store::RunEvent;
use tokio::time::timeout;

use super::calls::visible;
use crate::app::App;
use crate::events::last_event_id;
use crate::problem::Problem;
use crate::who::Call;

/// How long a quiet stream goes without a comment.
const COMMENT: Duration = Duration::from_secs(15);
/// How often other servers' events are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// Follows a run to its end.
pub async fn get(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visible(&mut app.store.view().await?, &call, &id).await?;
    let after = last_event_id(&headers)?.unwrap_or(0);
    let keep_alive = KeepAlive::new().interval(COMMENT);
    Ok(Sse::new(stream(app, id, after)).keep_alive(keep_alive).into_response())
}

/// Where a stream stands.
struct Reader {
    app: App,
    id: String,
    after: i64,
    waiting: std::vec::IntoIter<RunEvent>,
    is_over: bool,
}

fn stream(app: App, id: String, after: i64) -> impl Stream<Item = Result<Event, Infallible>> {
    let reader = Reader { app, id, after, waiting: Vec::new().into_iter(), is_over: false };
    unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        let sent = Event::default().id(event.id.to_string()).event(&event.event).data(event.data);
        Some((Ok(sent), reader))
    })
}

impl Reader {
    /// The next event; none after the last, or when the service stops or cannot read: the reader comes back then.
    async fn next(&mut self) -> Option<RunEvent> {
        if self.is_over {
            return None;
        }
        let mut commits = self.app.store.commits();
        loop {
            if let Some(event) = self.waiting.next() {
                self.after = event.id;
                self.is_over = event.event == "end";
                return Some(event);
            }
            commits.borrow_and_update();
            let mut view = self.app.store.view().await.ok()?;
            let found = view.run_events(&self.id, self.after).await.ok()?;
            // a run that had ended before the reader's last event is over; one that is gone, too
            let ended = view.run(&self.id).await.map_or(true, |run| run.state.ended());
            drop(view);
            if found.is_empty() && ended {
                return None;
            }
            let is_empty = found.is_empty();
            self.waiting = found.into_iter();
            if is_empty {
                tokio::select! {
                    () = self.app.stopping.cancelled() => return None,
                    _ = timeout(LOOK, commits.changed()) => {}
                }
            }
        }
    }
}
