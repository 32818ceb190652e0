//! What is checked of every request before its handler sees it: the query and what the caller accepts.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::language::weighted;
use crate::parameters::Parameters;
use crate::problem::{NOT_ACCEPTABLE, Problem};
use crate::routes::Route;

/// Checks a request to a route.
pub async fn check(State(route): State<&'static Route>, mut request: Request, next: Next) -> Response {
    if !accepts(request.headers(), route.gives) {
        let types = route.gives.join(", ");
        return Problem::new(&NOT_ACCEPTABLE)
            .detail(format!("Given here: {types}"), format!("此处提供：{types}"))
            .into_response();
    }
    match Parameters::of(request.uri(), route.query) {
        Ok(parameters) => request.extensions_mut().insert(parameters),
        Err(problem) => return problem.into_response(),
    };
    next.run(request).await
}

/// Whether a caller accepts any of some media types. Without `Accept` everything is accepted.
fn accepts(headers: &HeaderMap, types: &[&str]) -> bool {
    let mut ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if ranges.peek().is_none() || types.is_empty() {
        return true;
    }
    let ranges: Vec<(&str, f32)> = ranges.flat_map(|value| value.split(',')).map(weighted).collect();
    types.iter().any(|given| {
        let kind = given.split('/').next().unwrap_or_default();
        // the most specific range has the say (RFC 9110, 12.5.1)
        let weight = |wanted: &str| {
            ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(wanted)).map(|(_, weight)| *weight)
        };
        weight(given).or_else(|| weight(&format!("{kind}/*"))).or_else(|| weight("*/*")).unwrap_or(0.0) > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        let check = |header: &str, expect| {
            let value = header.parse().expect("a header");
            assert_eq!(
                accepts(&HeaderMap::from_iter([(ACCEPT, value)]), &["application/json"]),
                expect,
                "{header}"
            );
        };
        check("application/json", true);
        check("*/*", true);
        check("application/*;q=0.1", true);
        check("text/html, application/json;q=0.9", true);
        check("text/html, */*;q=0.1", true);
        check("text/html", false);
        check("*/*, application/json;q=0", false);
        check("application/xml, text/*", false);
        assert!(accepts(&HeaderMap::new(), &["application/json"]));
    }
}
