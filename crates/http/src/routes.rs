//! Every route: what `/openapi.json` says of it, what is checked before, and who answers.

use axum::Router;
use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};

use crate::app::App;
use crate::parameters::Parameter;
use crate::problem::{INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, Problem};
use crate::{docs, guard, health, matching, observe, openapi, problem};

/// A method at an address.
pub struct Route {
    /// In lower case, as `OpenAPI` writes it.
    pub method: &'static str,
    /// The template, `{…}` standing for a part.
    pub path: &'static str,
    /// `operationId`.
    pub id: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Query parameters.
    pub query: &'static [Parameter],
    /// Schema of the body, by its name in the description.
    pub takes: Option<&'static str>,
    /// Media types of the answer.
    pub gives: &'static [&'static str],
    /// Status and schema of the answer.
    pub answer: (u16, &'static str),
    /// Codes of the faults of its own, beside those that every route has.
    pub faults: &'static [&'static problem::Kind],
    /// Who answers.
    pub handler: fn() -> MethodRouter<App>,
}

const JSON: &[&str] = &["application/json"];

/// All of them.
pub const ROUTES: &[Route] = &[
    Route {
        method: "post",
        path: "/v1/match",
        id: "match",
        about: "A whole scenario in, its plan out; nothing is stored.",
        query: matching::PARAMETERS,
        takes: Some("Scenario"),
        gives: JSON,
        answer: (200, "Plan"),
        faults: &[&problem::DEFECTS],
        handler: || post(matching::post),
    },
    Route {
        method: "get",
        path: "/healthz",
        id: "live",
        about: "The process answers.",
        query: &[],
        takes: None,
        gives: JSON,
        answer: (200, "Status"),
        faults: &[],
        handler: || get(health::live),
    },
    Route {
        method: "get",
        path: "/readyz",
        id: "ready",
        about: "The service takes requests.",
        query: &[],
        takes: None,
        gives: JSON,
        answer: (200, "Status"),
        faults: &[&problem::BUSY],
        handler: || get(health::ready),
    },
    Route {
        method: "get",
        path: "/metrics",
        id: "metrics",
        about: "Metrics by route, as Prometheus reads them.",
        query: &[],
        takes: None,
        gives: &["text/plain"],
        answer: (200, "Text"),
        faults: &[],
        handler: || get(health::metrics),
    },
    Route {
        method: "get",
        path: "/openapi.json",
        id: "openapi",
        about: "This description.",
        query: &[],
        takes: None,
        gives: JSON,
        answer: (200, "OpenApi"),
        faults: &[],
        handler: || get(openapi::get),
    },
    Route {
        method: "get",
        path: "/docs",
        id: "docs",
        about: "This description as a page.",
        query: &[],
        takes: None,
        gives: &["text/html"],
        answer: (200, "Text"),
        faults: &[],
        handler: || get(docs::get),
    },
];

/// The whole service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let check = from_fn_with_state(route, guard::check);
        router = router.route(route.path, (route.handler)().layer(check));
    }
    router
        .fallback(|uri: Uri| async move {
            Problem::new(&NOT_FOUND).detail(format!("No such address: {}", uri.path()), "没有这个地址")
        })
        .method_not_allowed_fallback(|| async { Problem::new(&METHOD_NOT_ALLOWED) })
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(Problem::new(&INTERNAL))
        }))
        .layer(from_fn(problem::write_out))
        .layer(from_fn(observe::record))
        .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
        .layer(SetRequestIdLayer::new(observe::REQUEST_ID, observe::RandomId))
        .layer(from_fn(observe::trust_plain_ids))
        .with_state(app)
}
