//! The schemas of proposals and agreements, as they are sent and shown.

use serde_json::{Value, json};
use tiaoji_core::practice::{AgreementState, DeclineReason, ProposalState, ReturnReason};

/// Name and schema of each.
pub fn schemas() -> Vec<(&'static str, Value)> {
    let text = json!({ "type": "string" });
    let optional = json!({ "type": ["string", "null"] });
    let whole = json!({ "type": "integer" });
    let maybe = json!({ "type": ["integer", "null"] });
    let date = json!({ "type": "string", "format": "date" });
    let instant = json!({ "type": "string", "format": "date-time" });
    let side = json!({ "type": "string", "enum": ["lender", "borrower"], "description": "For whom, where one acts for both firms." });
    let note = json!({ "type": ["string", "null"], "maxLength": 2000 });
    let count = json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 });
    let codes = |codes: Vec<&str>| json!({ "type": "string", "enum": codes });
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let shown = |properties: Value| json!({ "type": "object", "properties": properties });
    let sent = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let proposal_states = codes(ProposalState::ALL.iter().map(|state| state.code()).collect());
    let agreement_states = codes(AgreementState::ALL.iter().map(|state| state.code()).collect());
    let list = |name: &str| {
        json!({ "type": "object", "required": ["items", "next"], "properties": {
            "items": { "type": "array", "items": of(name) }, "next": optional } })
    };
    let stand = json!({ "type": "object", "properties": {
        "decision": { "type": "string", "enum": ["pending", "accepted"] }, "held": { "type": "boolean" } } });
    let common = json!({
        "id": text, "version": whole, "plan_id": optional, "surplus": text, "shortage": text,
        "skill": { "type": "object", "properties": { "id": text, "name": text } },
        "lender": of("Party"), "borrower": of("Party"), "count": whole, "from": date, "to": date,
        "working_days": whole, "day_pay_fen": maybe, "distance_km": { "type": "number" },
        "costs": { "type": "object", "properties": {
            "daily_fen": whole, "start_fen": whole, "total_fen": whole, "pay_fen": maybe } },
        "created": instant, "changed": instant,
        "events": { "type": "array", "items": of("DealEvent"), "description": "Of one object, not in lists." },
    });
    let with = |more: Value| {
        let mut all = common.clone();
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        shown(all)
    };
    vec![
        (
            "Party",
            shown(
                json!({ "firm": text, "name": text, "alliance": optional, "contact": optional, "phone": optional }),
            ),
        ),
        (
            "DealEvent",
            shown(json!({
                "version": whole, "instant": instant, "event": text, "state": text, "actor": optional, "side": side,
                "on_behalf": optional, "versions": { "type": "object", "properties": { "surplus": whole, "shortage": whole } },
            })),
        ),
        (
            "Proposal",
            with(json!({
                "state": proposal_states, "deadline": instant, "replaces": optional, "replaced_by": optional,
                "agreement_id": optional, "reason": optional, "note": optional, "declined_by": side,
                "sides": { "type": "object", "properties": { "lender": stand, "borrower": stand } },
            })),
        ),
        ("ProposalList", list("Proposal")),
        (
            "Agreement",
            with(json!({
                "state": agreement_states, "proposal_id": text, "present": whole, "consented": maybe,
                "spans": { "type": "array", "items": { "type": "object", "properties": {
                    "count": whole, "from": date, "to": date, "returned": { "type": "boolean" } } } },
                "started": { "type": "object", "properties": { "count": whole, "day": date } },
                "extension": { "type": ["object", "null"], "properties": { "by": side, "to": date, "consented": maybe } },
                "worker_days": { "type": "integer", "description": "By the spans and the calendar." },
                "stated_worker_days": maybe, "amount_fen": maybe, "reason": optional,
            })),
        ),
        ("AgreementList", list("Agreement")),
        (
            "PublishedPlan",
            json!({ "allOf": [of("StoredPlan"), { "type": "object", "required": ["proposals", "skipped"], "properties": {
                "proposals": { "type": "array", "items": text },
                "skipped": { "type": "array", "items": { "type": "object", "properties": {
                    "surplus": text, "shortage": text, "count": whole, "from": date, "to": date,
                    "reasons": { "type": "array", "items": { "type": "object", "properties": {
                        "code": text, "message": text, "message_zh": text } } } } } },
            } }] }),
        ),
        ("Saying", sent(json!({ "side": side }), json!([]))),
        (
            "Declining",
            sent(
                json!({ "side": side, "note": note, "reason": codes(DeclineReason::ALL.iter().map(|reason| reason.code()).collect()) }),
                json!(["reason"]),
            ),
        ),
        (
            "Countering",
            sent(
                json!({
                    "side": side, "count": { "type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000 },
                    "from": { "type": ["string", "null"], "format": "date" }, "to": { "type": ["string", "null"], "format": "date" },
                    "day_pay_fen": { "type": ["integer", "null"], "minimum": 0, "maximum": 100_000_000_000_i64 },
                }),
                json!([]),
            ),
        ),
        ("Signing", sent(json!({ "side": side, "consented": count }), json!(["consented"]))),
        ("Starting", sent(json!({ "side": side, "count": count, "day": date }), json!(["count", "day"]))),
        (
            "Returning",
            sent(
                json!({
                    "side": side, "count": { "type": "integer", "minimum": 1, "maximum": 1_000_000 }, "last_day": date,
                    "reason": codes(ReturnReason::ALL.iter().map(|reason| reason.code()).collect()),
                }),
                json!(["count", "last_day", "reason"]),
            ),
        ),
        (
            "Extending",
            sent(
                json!({ "side": side, "to": date, "consented": { "type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000 } }),
                json!(["to"]),
            ),
        ),
        (
            "Settling",
            sent(
                json!({ "side": side, "worker_days": { "type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000_000 } }),
                json!([]),
            ),
        ),
        ("Disputing", sent(json!({ "side": side, "reason": note }), json!([]))),
    ]
}
