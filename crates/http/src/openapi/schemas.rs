//! The schemas that no format has.

use serde_json::{Value, json};

use super::{list, reference};
use crate::problem::KINDS;

/// Name and schema of each.
pub fn own() -> Vec<(&'static str, Value)> {
    let text = json!({ "type": "string" });
    let optional = json!({ "type": ["string", "null"] });
    let whole = json!({ "type": "integer" });
    let instant = json!({ "type": "string", "format": "date-time" });
    let codes: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 200 });
    let login = json!({ "type": "string", "minLength": 1, "maxLength": 100 });
    let password = json!({ "type": "string", "minLength": 10, "maxLength": 1000, "format": "password" });
    let role = json!({ "type": "string", "enum": ["firm", "officer", "zone", "viewer", "service"] });
    let firms = json!({ "type": ["array", "null"], "items": text, "maxItems": 1000 });
    let officer = json!({ "type": ["string", "null"], "minLength": 1, "maxLength": 200 });
    let shown = |properties: Value| json!({ "type": "object", "properties": properties });
    let sent = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
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
                    "status": whole,
                    "detail": text,
                    "instance": { "type": "string", "format": "uri-reference" },
                    "code": { "type": "string", "enum": codes },
                    "request_id": text,
                    "defects": { "type": "array", "items": reference("Defect") },
                    "parameters": { "type": "array", "items": { "type": "object", "properties": {
                        "parameter": text, "read": text, "message": text, "message_zh": text,
                    } } },
                    "current": { "type": "object", "description": "What stands there now." },
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
                    "sheet": optional,
                    "row": { "type": ["integer", "null"] },
                    "column": optional,
                    "read": optional,
                    "message": text,
                    "message_zh": text,
                    "remedy": text,
                    "remedy_zh": text,
                },
                "required": ["code", "message", "message_zh"],
            }),
        ),
        (
            "Session",
            shown(
                json!({ "id": text, "name": text, "role": role, "firms": { "type": "array", "items": text }, "officer": optional }),
            ),
        ),
        (
            "Login",
            sent(
                json!({ "login": login, "password": { "type": "string", "minLength": 1, "maxLength": 1000 } }),
                json!(["login", "password"]),
            ),
        ),
        (
            "PasswordChange",
            sent(
                json!({ "current": { "type": "string", "minLength": 1, "maxLength": 1000 }, "password": password }),
                json!(["current", "password"]),
            ),
        ),
        (
            "Acceptance",
            sent(
                json!({ "token": { "type": "string", "minLength": 1, "maxLength": 200 }, "login": login, "password": password }),
                json!(["token", "login", "password"]),
            ),
        ),
        (
            "User",
            shown(json!({
                "id": text, "version": whole, "login": text, "name": text, "role": role, "firms": firms,
                "officer": optional, "created": instant, "disabled": { "type": "boolean" },
            })),
        ),
        ("UserList", list("User")),
        (
            "UserNew",
            sent(
                json!({ "login": login, "name": name, "password": password, "role": role, "firms": firms, "officer": officer }),
                json!(["login", "name", "password", "role"]),
            ),
        ),
        (
            "UserChange",
            sent(
                json!({
                    "login": login, "name": name, "password": password, "role": role, "firms": firms,
                    "officer": officer, "disabled": { "type": "boolean" },
                }),
                json!([]),
            ),
        ),
        (
            "Invitation",
            shown(json!({
                "id": text, "name": text, "role": role, "firms": firms, "officer": optional, "created": instant,
                "expires": instant, "used": optional, "link": { "type": "string", "description": "Told once." },
            })),
        ),
        ("InvitationList", list("Invitation")),
        (
            "InvitationNew",
            sent(
                json!({ "name": name, "role": role, "firms": firms, "officer": officer }),
                json!(["name", "role"]),
            ),
        ),
        (
            "Key",
            shown(json!({
                "id": text, "name": text, "role": role, "firms": firms, "officer": optional, "created": instant,
                "expires": optional, "revoked": optional, "key": { "type": "string", "description": "Told once." },
            })),
        ),
        ("KeyList", list("Key")),
        (
            "KeyNew",
            sent(
                json!({
                    "name": name, "role": role, "firms": firms, "officer": officer,
                    "expires_days": { "type": ["integer", "null"], "minimum": 1, "maximum": 3660 },
                }),
                json!(["name", "role"]),
            ),
        ),
        (
            "Entry",
            shown(json!({
                "seq": whole, "revision": whole, "instant": instant, "actor": text, "action": text, "kind": text,
                "id": text, "version": { "type": ["integer", "null"] }, "state": optional, "firm": optional,
                "body": { "type": ["object", "null"] }, "reason": optional, "import": { "type": ["integer", "null"] },
            })),
        ),
        ("EntryList", list("Entry")),
        (
            "StoredPlan",
            shown(json!({
                "id": text, "version": whole, "created": instant, "actor": text, "input_hash": text,
                "revision": { "type": ["integer", "null"] }, "method": text, "settings": { "type": "object" },
                "engine": text, "summary": { "type": "object" }, "published": optional, "plan": reference("Plan"),
            })),
        ),
        ("StoredPlanList", list("StoredPlan")),
        (
            "OptionsQuestion",
            json!({
                "type": "object",
                "description": "An id, or a new row.",
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {
                    "surplus": { "anyOf": [text, reference("SurplusNew")] },
                    "shortage": { "anyOf": [text, reference("ShortageNew")] },
                },
                "additionalProperties": false,
            }),
        ),
        (
            "WhatIfQuestion",
            sent(
                json!({
                    "set": {
                        "type": ["object", "null"], "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
                        "description": "Field and value, as policy.max_distance_km or shortage.D-1.headcount.",
                    },
                    "sweep": {
                        "type": ["object", "null"], "additionalProperties": { "type": "string" },
                        "description": "Field and values: FROM..TO:STEP, or a list with commas.",
                    },
                }),
                json!([]),
            ),
        ),
        ("Run", crate::runs::calls::schema()),
        ("RunList", list("Run")),
    ]
}
