//! The description of the service (`OpenAPI` 3.1), made from the table of routes and the schemas of the formats.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_formats::schema::{plan_schema, scenario_schema};

use crate::parameters::Parameter;
use crate::problem::{self, KINDS, Kind, PROBLEM_JSON};
use crate::routes::{ROUTES, Route};

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", *DOCUMENT));

/// `GET /openapi.json`.
pub async fn get() -> Response {
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

/// The description, made once.
pub fn description() -> &'static Value {
    &DOCUMENT
}

fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    let mut schemas = Map::new();
    for (name, schema) in own_schemas() {
        schemas.insert(name.to_string(), schema);
    }
    embed(&mut schemas, "Scenario", scenario_schema());
    embed(&mut schemas, "Plan", plan_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "tiaoji",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Shared labour in a zone: who lends how many workers to whom, and when. Money is whole fen, dates \
                are YYYY-MM-DD. Faults are application/problem+json with a code, in the language of Accept-Language.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// A JSON Schema among the components; what it defines itself becomes components beside it.
fn embed(schemas: &mut Map<String, Value>, name: &str, mut schema: Value) {
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        if let Some(Value::Object(definitions)) = object.remove("$defs") {
            for (part, mut definition) in definitions {
                point_to_components(&mut definition);
                schemas.insert(part, definition);
            }
        }
    }
    point_to_components(&mut schema);
    schemas.insert(name.to_string(), schema);
}

fn point_to_components(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(at) if key == "$ref" => {
                        *at = at.replace("#/$defs/", "#/components/schemas/");
                    }
                    other => point_to_components(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_components),
        _ => {}
    }
}

fn operation(route: &Route) -> Value {
    let (status, schema) = route.answer;
    let content: Map<String, Value> = route
        .gives
        .iter()
        .map(|media| ((*media).to_string(), json!({ "schema": reference(schema) })))
        .collect();
    let id = json!({ "X-Request-Id": { "schema": { "type": "string" }, "description": "The id of the request, as in the log." } });
    let mut responses = Map::new();
    responses
        .insert(status.to_string(), json!({ "description": "Done.", "content": content, "headers": id }));
    for (status, kinds) in faults(route) {
        let codes: Vec<&str> = kinds.iter().map(|kind| kind.code).collect();
        let schema =
            json!({ "allOf": [reference("Problem"), { "properties": { "code": { "enum": codes } } }] });
        responses.insert(
            status.to_string(),
            json!({ "description": titles(&kinds), "content": { PROBLEM_JSON: { "schema": schema } } }),
        );
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.about,
        "parameters": route.query.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses,
    });
    if let Some(name) = route.takes {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": reference(name) } } });
    }
    operation
}

/// The faults of a route by status: its own, and those of the conventions.
fn faults(route: &Route) -> Vec<(u16, Vec<&'static Kind>)> {
    let mut kinds: Vec<&'static Kind> =
        vec![&problem::BAD_PARAMETER, &problem::NOT_ACCEPTABLE, &problem::INTERNAL];
    if route.takes.is_some() {
        kinds.extend([
            &problem::MALFORMED,
            &problem::TIMEOUT,
            &problem::TOO_LARGE,
            &problem::UNSUPPORTED,
            &problem::BUSY,
        ]);
    }
    kinds.extend(route.faults);
    let all = KINDS.iter().filter(|kind| kinds.iter().any(|own| own.code == kind.code));
    let mut by_status: Vec<(u16, Vec<&'static Kind>)> = Vec::new();
    for kind in all {
        let status = kind.status.as_u16();
        match by_status.last_mut().filter(|(last, _)| *last == status) {
            Some((_, same)) => same.push(kind),
            None => by_status.push((status, vec![kind])),
        }
    }
    by_status
}

fn titles(kinds: &[&Kind]) -> String {
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title.0).collect();
    titles.join("; ")
}

fn parameter(parameter: &Parameter) -> Value {
    let schema: Value = serde_json::from_str(parameter.schema).unwrap_or_default();
    json!({ "name": parameter.name, "in": "query", "description": parameter.about, "schema": schema })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The schemas that no format has.
fn own_schemas() -> Vec<(&'static str, Value)> {
    let text = json!({ "type": "string" });
    let optional = json!({ "type": ["string", "null"] });
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    vec![
        ("Text", text.clone()),
        ("OpenApi", json!({ "type": "object" })),
        ("Status", json!({ "type": "object", "properties": { "status": text }, "required": ["status"] })),
        (
            "Problem",
            json!({
                "type": "object",
                "description": "A fault (RFC 9457).",
                "properties": {
                    "type": { "type": "string", "format": "uri-reference" },
                    "title": text,
                    "status": { "type": "integer" },
                    "detail": text,
                    "instance": { "type": "string", "format": "uri-reference" },
                    "code": { "type": "string", "enum": codes },
                    "request_id": text,
                    "defects": { "type": "array", "items": reference("Defect") },
                    "parameters": { "type": "array", "items": { "type": "object", "properties": {
                        "parameter": text, "read": text, "message": text, "message_zh": text,
                    } } },
                },
                "required": ["type", "title", "status", "code"],
            }),
        ),
        (
            "Defect",
            json!({
                "type": "object",
                "description": "What is wrong at one place of a document, and what to do.",
                "properties": {
                    "code": text,
                    "pointer": { "type": "string", "format": "json-pointer" },
                    "row": { "type": ["integer", "null"] },
                    "column": optional,
                    "read": optional,
                    "message": text,
                    "message_zh": text,
                    "remedy": text,
                    "remedy_zh": text,
                },
                "required": ["code", "pointer", "message", "message_zh"],
            }),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description() {
        insta::assert_snapshot!(TEXT.as_str());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_string));
                    members.values().for_each(|member| references(member, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        references(&DOCUMENT, &mut found);
        assert!(!found.is_empty());
        for at in found {
            let pointer = at.strip_prefix('#').expect("inside the document");
            assert!(DOCUMENT.pointer(pointer).is_some(), "{at}");
        }
    }

    #[test]
    fn every_schema_of_a_parameter_is_json() {
        for parameter in ROUTES.iter().flat_map(|route| route.query) {
            assert!(serde_json::from_str::<Value>(parameter.schema).is_ok(), "{}", parameter.name);
        }
    }
}
