//! Liveness, readiness, metrics.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::problem::{BUSY, Problem};

/// The process answers.
pub async fn live() -> Response {
    axum::Json(json!({ "status": "ok" })).into_response()
}

/// It takes requests: it is not stopping, and the database answers.
pub async fn ready(State(app): State<App>) -> Result<Response, Problem> {
    if app.stopping.is_cancelled() {
        return Err(Problem::new(&BUSY).retry_after(5).detail("The service is stopping", "服务正在停止"));
    }
    app.store.view().await?.now().await?;
    Ok(axum::Json(json!({ "status": "ready" })).into_response())
}

/// What Prometheus reads.
pub async fn metrics(State(app): State<App>) -> Response {
    let (solving, waiting) = app.slots.load();
    metrics::gauge!("tiaoji_solves_running").set(solving as f64);
    metrics::gauge!("tiaoji_solves_waiting").set(waiting as f64);
    app.metrics.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()).into_response()
}
