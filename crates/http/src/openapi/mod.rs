//! The description of the service (`OpenAPI` 3.1), made from the table of routes and the schemas of the formats.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_formats::schema::{plan_schema, scenario_schema, schema_of};
use tiaoji_formats::{
    AllianceReportFile, ComparisonFile, ExplanationFile, OpenShortageFile, OptionsFile, SkillReportFile,
    WhatIfFile,
};
use tiaoji_store::Kind;

use crate::parameters::Parameter;
use crate::practice::settings::{COLUMNS, schema};
use crate::problem::{self, KINDS, Kind as Fault, PROBLEM_JSON};
use crate::register::REGISTER;
use crate::register::reports::CSV;
use crate::routes::{ROUTES, Route};
use crate::who::Matter;
use crate::zone::sort::{SORTS, Sort};

mod schemas;

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
    let (mut paths, mut responses) = (Map::new(), Map::new());
    for route in ROUTES.iter() {
        let path = paths.entry(&route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route, &mut responses);
    }
    let mut schemas = Map::new();
    for (name, schema) in schemas::own().into_iter().chain(crate::imports::schemas()) {
        schemas.insert(name.to_string(), schema);
    }
    for (name, schema) in crate::practice::schemas::schemas() {
        schemas.insert(name.to_string(), schema);
    }
    let scenario = scenario_schema();
    for sort in SORTS.iter().chain(REGISTER) {
        of_rows(&mut schemas, sort, &scenario);
    }
    embed(&mut schemas, "Scenario", scenario);
    embed(&mut schemas, "Plan", plan_schema());
    embed(&mut schemas, "Comparison", schema_of::<ComparisonFile>());
    embed(&mut schemas, "Explanation", schema_of::<ExplanationFile>());
    embed(&mut schemas, "Options", schema_of::<OptionsFile>());
    embed(&mut schemas, "WhatIf", schema_of::<WhatIfFile>());
    embed(&mut schemas, "OpenShortage", schema_of::<OpenShortageFile>());
    // of the plan that they name
    for (name, mut schema) in [
        ("AllianceReport", schema_of::<AllianceReportFile>()),
        ("SkillReport", schema_of::<SkillReportFile>()),
    ] {
        schema["properties"]["plan_id"] = json!({ "type": ["string", "null"] });
        embed(&mut schemas, name, schema);
    }
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
        "components": { "schemas": schemas, "responses": responses, "securitySchemes": {
            "key": { "type": "http", "scheme": "bearer", "description": "A key of a program." },
            "session": { "type": "apiKey", "in": "cookie", "name": "tiaoji", "description": "A login; __Host-tiaoji under https." },
        } },
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

/// A method at an address; its faults are components, since many have the same.
fn operation(route: &Route, shared: &mut Map<String, Value>) -> Value {
    let (status, schema) = &route.answer;
    let header = |about: &str| json!({ "schema": { "type": "string" }, "description": about });
    let mut headers = json!({ "X-Request-Id": header("The id of the request, as in the log.") });
    if matches!(status, 201 | 202) && route.method == "post" {
        headers["Location"] = header("Where it is.");
    }
    let mut done = json!({ "description": "Done.", "headers": headers });
    if !schema.is_empty() {
        let content = route.gives.iter().map(|media| {
            let schema = if *media == CSV { json!({ "type": "string" }) } else { reference(schema) };
            ((*media).to_string(), json!({ "schema": schema }))
        });
        done["content"] = content.collect();
    }
    let mut responses = Map::new();
    responses.insert(status.to_string(), done);
    if route.id == "match" {
        let content = json!({ "application/json": { "schema": reference("Run") } });
        let about = "It takes longer: a run, deleted 24 hours after its end.";
        responses.insert("202".to_string(), json!({ "description": about, "content": content }));
    }
    for (status, kinds) in faults(route) {
        let codes: Vec<&str> = kinds.iter().map(|kind| kind.code).collect();
        let name = format!("{status}.{}", codes.join("."));
        responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
        shared.entry(name).or_insert_with(|| {
            let schema =
                json!({ "allOf": [reference("Problem"), { "properties": { "code": { "enum": codes } } }] });
            json!({ "description": titles(&kinds), "content": { PROBLEM_JSON: { "schema": schema } } })
        });
    }
    let mut parameters: Vec<Value> = route.query.iter().map(parameter).collect();
    let given = |name: &str, place: &str, required: bool, about: &str, schema: Value| json!({ "name": name, "in": place, "required": required, "description": about, "schema": schema });
    let parts = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    parameters
        .extend(parts.map(|part| {
            given(part, "path", true, "Which one.", json!({ "type": "string", "minLength": 1 }))
        }));
    if needs_version(route) {
        let about = "The ETag that was read, or *.";
        parameters.push(given("If-Match", "header", true, about, json!({ "type": "string" })));
    }
    if is_idempotent(route) {
        let about = "Same key and body, same answer, for 24 hours.";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
        parameters.push(given("Idempotency-Key", "header", false, about, schema));
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.about,
        "parameters": parameters,
        "responses": responses,
        "security": if route.matter == Matter::Public { json!([]) } else { json!([{ "key": [] }, { "session": [] }]) },
    });
    if let Some(name) = &route.takes {
        let json = if route.method == "patch" { "application/merge-patch+json" } else { "application/json" };
        let media = if route.accepts.is_empty() { &[json][..] } else { route.accepts };
        let content: Value =
            media.iter().map(|media| ((*media).to_string(), json!({ "schema": reference(name) }))).collect();
        operation["requestBody"] =
            json!({ "required": route.id != "create_run" && !route.bodiless, "content": content });
    }
    operation
}

fn needs_version(route: &Route) -> bool {
    matches!(route.method, "patch" | "delete") && !route.unversioned
}

fn is_idempotent(route: &Route) -> bool {
    route.changes()
        && !["match", "options"].contains(&route.id.as_str())
        && !matches!(route.matter, Matter::Public | Matter::Self_)
}

/// The faults of a route by status: its own, and those of the conventions.
fn faults(route: &Route) -> Vec<(u16, Vec<&'static Fault>)> {
    let mut kinds: Vec<&'static Fault> =
        vec![&problem::BAD_PARAMETER, &problem::NOT_ACCEPTABLE, &problem::INTERNAL];
    if route.takes.is_some() {
        kinds.extend([&problem::MALFORMED, &problem::TIMEOUT, &problem::TOO_LARGE, &problem::UNSUPPORTED]);
    }
    if route.takes.is_some() || route.matter != Matter::Public {
        kinds.push(&problem::BUSY);
    }
    if route.matter != Matter::Public {
        kinds.extend([&problem::UNAUTHENTICATED, &problem::FORBIDDEN]);
        kinds.extend(route.changes().then_some(&problem::CSRF));
    }
    if route.path.contains("{id}") || route.sort.is_some() {
        kinds.push(&problem::NOT_FOUND);
    }
    if needs_version(route) {
        kinds.extend([&problem::VERSION_MISMATCH, &problem::IF_MATCH_REQUIRED]);
    }
    if is_idempotent(route) {
        kinds.extend([&problem::IN_FLIGHT, &problem::KEY_REUSED]);
    }
    kinds.extend(route.faults);
    let all = KINDS.iter().filter(|kind| kinds.iter().any(|own| own.code == kind.code));
    let mut by_status: BTreeMap<u16, Vec<&'static Fault>> = BTreeMap::new();
    for kind in all {
        by_status.entry(kind.status.as_u16()).or_default().push(kind);
    }
    by_status.into_iter().collect()
}

/// The schemas of a sort of rows, from its part of a scenario's: as it is sent, changed, shown, listed.
fn of_rows(schemas: &mut Map<String, Value>, sort: &Sort, scenario: &Value) {
    let part = &scenario["properties"][sort.table];
    let row = part.get("items").unwrap_or(part);
    let mut columns = row["properties"].as_object().cloned().unwrap_or_default();
    let mut required: Vec<Value> =
        row["required"].as_array().into_iter().flatten().filter(|name| *name != "id").cloned().collect();
    let mut sent = columns.clone();
    for column in sort.columns {
        required.extend(column.needed.then(|| column.name.into()));
        let into = if column.kept { &mut columns } else { &mut sent };
        into.insert(column.name.to_string(), column.schema());
    }
    if sort.extra.contains(&"uscc") {
        sent.insert(
            "uscc".to_string(),
            json!({ "type": ["string", "null"], "pattern": "^[0-9A-HJ-NP-RTUWXY]{18}$" }),
        );
    }
    if sort.extra.contains(&"closed") {
        sent.insert("closed".to_string(), json!({ "type": ["boolean", "null"] }));
    }
    if sort.kind == Kind::Policy {
        sent.extend(COLUMNS.iter().map(|name| ((*name).to_string(), schema(name))));
    }
    if sort.is_posting() {
        sent.insert("state".to_string(), json!({ "type": "string", "enum": ["draft", "open", "withdrawn"] }));
    }
    let object = |properties: &Map<String, Value>, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let name = sort.schema;
    if sort.kind != Kind::Policy {
        schemas.insert(format!("{name}New"), object(&sent, json!(required)));
    }
    let nullable = |schema: &Value| json!({ "anyOf": [schema, { "type": "null" }] });
    let change = sent.iter().map(|(name, schema)| (name.clone(), nullable(schema))).collect();
    schemas.insert(format!("{name}Change"), object(&change, json!([])));
    columns.extend(sent);
    let text = json!({ "type": "string" });
    let instant = json!({ "type": "string", "format": "date-time" });
    let whole = json!({ "type": "integer" });
    for (name, schema) in [("id", &text), ("version", &whole), ("created", &instant), ("changed", &instant)] {
        columns.insert(name.to_string(), schema.clone());
    }
    if sort.is_posting() {
        columns.insert(
            "state".to_string(),
            json!({ "type": "string", "enum": ["draft", "open", "withdrawn", "closed"] }),
        );
        // of another firm's posting
        columns.insert("firm_name".to_string(), text.clone());
        columns.insert("alliance".to_string(), json!({ "type": ["string", "null"] }));
        columns.insert("distance_km".to_string(), json!({ "type": "number", "minimum": 0 }));
    }
    for extra in sort.extra {
        columns.entry(*extra).or_insert_with(|| text.clone());
    }
    schemas.insert(name.to_string(), json!({ "type": "object", "properties": columns }));
    schemas.insert(format!("{name}List"), list(name));
}

fn list(name: &str) -> Value {
    json!({
        "type": "object",
        "properties": { "items": { "type": "array", "items": reference(name) }, "next": { "type": ["string", "null"] } },
        "required": ["items", "next"],
    })
}

fn titles(kinds: &[&Fault]) -> String {
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
