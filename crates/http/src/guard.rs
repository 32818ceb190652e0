//! What is checked of every request before its handler sees it: what the caller accepts, who it is and what it may, the query.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::language::weighted;
use crate::parameters::Parameters;
use crate::problem::{BAD_PARAMETER, FORBIDDEN, NOT_ACCEPTABLE, Problem};
use crate::proof;
use crate::routes::Route;
use crate::who::{Call, Matter, Proof, Reach, reach};

/// Checks a request to a route.
pub async fn check(
    State((app, route)): State<(App, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let parameters = match admit(&app, route, &mut request).await {
        Ok(parameters) => parameters,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(parameters);
    next.run(request).await
}

async fn admit(app: &App, route: &'static Route, request: &mut Request) -> Result<Parameters, Problem> {
    if !accepts(request.headers(), route.gives) {
        let types = route.gives.join(", ");
        return Err(Problem::new(&NOT_ACCEPTABLE)
            .detail(format!("Given here: {types}"), format!("此处提供：{types}")));
    }
    let headers = request.headers();
    let is_login = route.matter == Matter::Public && route.changes();
    let mut actor = None;
    if route.matter != Matter::Public {
        let found = proof::actor(&app.store, headers, &app.settings.outside, &app.touched).await?;
        if route.changes() && found.proof != Proof::Key {
            app.settings.outside.same_origin(headers)?;
        }
        if reach(found.role, route.matter, route.changes()) == Reach::Nothing {
            return Err(Problem::new(&FORBIDDEN).detail(
                format!("Not for the role {}", found.role.name()),
                format!("角色 {} 无此权限", found.role.name()),
            ));
        }
        actor = Some(found);
    } else if is_login {
        app.settings.outside.same_origin(headers)?;
    }
    let parameters = Parameters::of(request.uri(), route.query)?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
    let idempotency_key = text("idempotency-key")
        .filter(|_| route.changes() && !["match", "options"].contains(&route.id.as_str()));
    if idempotency_key.as_ref().is_some_and(|key| !(1..=255).contains(&key.len())) {
        return Err(Problem::new(&BAD_PARAMETER)
            .detail("An Idempotency-Key has 1 to 255 characters", "Idempotency-Key 应为 1 至 255 个字符"));
    }
    let call = Call {
        route,
        method: request.method().clone(),
        target: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        actor,
        idempotency_key,
        if_match: text("if-match"),
        if_none_match: text("if-none-match"),
        peer: request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(String::new(), |peer| peer.0.ip().to_string()),
    };
    request.extensions_mut().insert(call);
    Ok(parameters)
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
