//! Request ids, one log line and one set of metrics for every request.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Instrument;

use crate::problem::Problem;

/// The header of request ids, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Ids of 128 random bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomId;

impl MakeRequestId for RandomId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = format!("{:032x}", u128::from_ne_bytes(crate::random::bytes()));
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// The id of a request.
pub fn request_id(request: &Request) -> Option<String> {
    let id = request.extensions().get::<RequestId>()?;
    id.header_value().to_str().ok().map(str::to_string)
}

/// Takes over an id that the caller has given only where it is short and plain.
pub async fn trust_plain_ids(mut request: Request, next: Next) -> Response {
    let is_plain = |id: &HeaderValue| {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.:".contains(b);
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(plain)
    };
    if request.headers().get(REQUEST_ID).is_some_and(|id| !is_plain(id)) {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

/// One log line and the metrics of a request, by the template of its route.
pub async fn record(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_string(), |path| path.as_str().to_string());
    let method = request.method().clone();
    let id = request_id(&request).unwrap_or_default();
    let span = tracing::info_span!("request", id, %method, route);
    let in_flight = InFlight::new();
    let response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let (status, seconds) = (response.status(), start.elapsed().as_secs_f64());
    let code = response.extensions().get::<Problem>().map_or("", Problem::code);
    span.in_scope(|| tracing::info!(status = status.as_u16(), code, seconds, "answered"));
    // methods are from outside: those that no route knows are one
    let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
    let method = known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
    let labels = [("method", method.to_string()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(seconds);
    response
}

struct InFlight;

impl InFlight {
    fn new() -> InFlight {
        metrics::gauge!("http_requests_in_flight").increment(1);
        InFlight
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!("http_requests_in_flight").decrement(1);
    }
}

/// The process's metrics: there is one recorder, however many services a test starts.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    const BUCKETS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 10.0, 60.0];
    let install = || {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_string()), &BUCKETS)
            .unwrap_or_default()
            .build_recorder();
        let handle = recorder.handle();
        // Where another recorder is installed already, ours stays empty.
        let _ = metrics::set_global_recorder(recorder);
        metrics::describe_counter!("http_requests_total", "Requests answered, by route");
        metrics::describe_histogram!(
            "http_request_duration_seconds",
            "Time until an answer's head, by route"
        );
        metrics::describe_gauge!("http_requests_in_flight", "Requests being answered");
        metrics::describe_gauge!("tiaoji_solves_running", "Places for solving that are taken");
        metrics::describe_gauge!("tiaoji_solves_waiting", "Requests that wait for one");
        handle
    };
    HANDLE.get_or_init(install).clone()
}
