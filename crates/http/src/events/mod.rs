//! `GET /v1/events`: what changes in the zone, told to whoever may read it, as server-sent events that resume.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{once, unfold};
use futures_util::{Stream, StreamExt};

use crate::app::App;
use crate::problem::{BAD_PARAMETER, Problem};
use crate::routes::Route;
use crate::who::{Call, Matter};

mod change;
pub mod feed;
mod listener;

use listener::Listener;

/// How long a quiet stream goes without a comment.
const COMMENT: Duration = Duration::from_secs(15);

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "get",
            "/v1/events",
            "follow_zone",
            Matter::Self_,
            "What changes of what the caller may read: changed { kind, id, version }; ids rise, Last-Event-ID resumes.",
            || get(follow),
        )
        .gives(&["text/event-stream"]),
    ]
}

async fn follow(State(app): State<App>, call: Call, headers: HeaderMap) -> Result<Response, Problem> {
    let after = last_event_id(&headers)?;
    let listener = Listener::new(app, call, headers, after).await?;
    // An id without data is no event: it only tells the reader from where to resume, should nothing come at all.
    let begin = Event::default().id(listener.after().to_string());
    let stream = once(async { Ok(begin) }).chain(changes(listener));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(COMMENT)).into_response())
}

fn changes(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(listener, |mut listener| async move {
        let change = listener.next().await?;
        let seq = change.seq.to_string();
        Some((Ok(Event::default().id(seq).event("changed").data(change.shown.clone())), listener))
    })
}

/// The event that a reader has had last; none = whatever comes from now on.
///
/// # Errors
/// `bad_parameter` where it is none of ours.
pub fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.parse::<i64>().ok()).filter(|id| *id >= 0);
    id.map(Some).ok_or_else(|| {
        Problem::new(&BAD_PARAMETER)
            .detail("Last-Event-ID is an id of ours", "Last-Event-ID 应为本服务给出的编号")
    })
}
