//! The description of the service as a page: no script, nothing from elsewhere.

use std::sync::LazyLock;

use axum::http::HeaderName;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use crate::openapi::description;
use crate::problem::KINDS;
use crate::routes::{ROUTES, Route};

static PAGE: LazyLock<String> = LazyLock::new(|| page().into_string());

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
    code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f4f4f4;padding:.75rem;overflow:auto}\
    h3{margin-bottom:.25rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;\
    padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd}summary{cursor:pointer}";
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /docs`.
pub async fn get() -> Response {
    let headers: [(HeaderName, &str); 2] =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, PAGE.as_str()).into_response()
}

fn page() -> Markup {
    let info = &description()["info"];
    let schemas = description()["components"]["schemas"].as_object();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "tiaoji " (text(&info["version"])) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "tiaoji 调剂 " (text(&info["version"])) }
                    p { (text(&info["description"])) }
                    p { "For programs: " a href="/openapi.json" { "openapi.json" } "." }
                    h2 { "Calls" }
                    @for route in ROUTES.iter() { (call(route)) }
                    h2 { "Faults" }
                    table {
                        thead { tr { th { "status" } th { "code" } th { "title" } th { "标题" } } }
                        tbody {
                            @for kind in KINDS {
                                tr id=(kind.code) {
                                    td { (kind.status.as_u16()) }
                                    td { code { (kind.code) } }
                                    td { (kind.title.0) }
                                    td lang="zh" { (kind.title.1) }
                                }
                            }
                        }
                    }
                    h2 { "Schemas" }
                    @for (name, schema) in schemas.into_iter().flatten() {
                        details id=(format!("schema-{name}")) {
                            summary { code { (name) } }
                            pre { (format!("{schema:#}")) }
                        }
                    }
                }
            }
        }
    }
}

fn call(route: &Route) -> Markup {
    let schema = |name: &str| html! { a href=(format!("#schema-{name}")) { code { (name) } } };
    let (status, answer) = &route.answer;
    html! {
        section id=(route.id) {
            h3 { code { (route.method.to_uppercase()) " " (route.path) } }
            p {
                (route.about)
                @if let Some(name) = &route.takes { " Takes " (schema(name)) "." }
                " Answers " (status)
                @if !answer.is_empty() { " with " (schema(answer)) }
                "."
            }
            @if !route.query.is_empty() {
                table {
                    thead { tr { th { "parameter" } th { "values" } th { "meaning" } } }
                    tbody {
                        @for parameter in route.query {
                            tr {
                                td { code { (parameter.name) } }
                                td { code { (parameter.schema) } }
                                td { (parameter.about) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
