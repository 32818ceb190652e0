//! What a firm may be told, member by member: what `api.md` lists, and nothing else. An answer with a member that stands nowhere
//! here is a fault, whatever it holds.
#![allow(unreachable_pub)]

use std::collections::BTreeSet;

use serde_json::Value;

/// Of a posting of another firm.
const PARTNER: &str =
    "id state skill headcount from to night_shift day_pay_fen firm_name alliance distance_km";
/// Of a posting of one's own.
const OWN: &str = "id firm state version created changed skill headcount from to night_shift min_day_pay_fen contract_until \
    consented day_pay_fen priority remark";
/// Of a proposal or an agreement of one's own, with either side.
const DEAL: &str = "id version state plan_id created changed surplus shortage skill.id skill.name lender.firm lender.name \
    lender.alliance lender.contact lender.phone borrower.firm borrower.name borrower.alliance borrower.contact \
    borrower.phone count from to working_days day_pay_fen distance_km costs.daily_fen costs.start_fen \
    costs.total_fen costs.pay_fen deadline replaces replaced_by agreement_id reason note declined_by \
    declined_versions.surplus declined_versions.shortage sides.lender.decision sides.lender.held \
    sides.borrower.decision sides.borrower.held proposal_id present spans.count spans.from spans.to \
    spans.returned started.count started.day extension extension.by extension.to worker_days stated_worker_days \
    amount_fen spans";
/// Of what happened to it.
const EVENT: &str = "version instant event state actor side on_behalf versions.surplus versions.shortage plan_id proposal_id \
    agreement_id replaces replaced_by reason note count from to day last_day day_pay_fen deadline worker_days";
/// How many workers have agreed to go: for the lender alone.
const OF_THE_LENDER: &str = "consented extension.consented events.consented";
/// Of who could be a partner, and of who is ruled out.
const OPTIONS: &str = "posting plan_id options.surplus options.shortage options.in_plan options.count options.from options.to \
    options.worker_days ruled_out.rule ruled_out.postings ruled_out.nearest ruled_out.nearest.id \
    ruled_out.nearest.workers ruled_out.nearest.distance_m ruled_out.nearest.has ruled_out.nearest.takes \
    ruled_out.nearest.text ruled_out.nearest.text_zh options ruled_out";
/// Of what is followed up.
const FOLLOW_UP: &str = "id version created changed firm kind text owner raised answered solved closed note state follow_up shortage \
    plan_id skill from to worker_days reasons.code reasons.worker_days reasons remedy.code remedy.text \
    remedy.text_zh remedy.worker_days proposal_id side surplus deadline";
/// Of a firm that one does not lend to.
const BLOCK: &str = "id version created changed lender borrower surplus shortage";
/// Of a fault; `current` is judged as what it is.
const FAULT: &str = "type title status detail code instance request_id rules defects defects.code defects.pointer defects.row \
    defects.column defects.read defects.message defects.message_zh defects.remedy defects.remedy_zh";

/// Of what was done to one's own; what a posting then was is its firm's own affair, of a deal nothing is told here.
const AUDIT: &str = "seq revision instant actor action kind id version state firm body reason import";
/// What everybody of the zone reads by.
const RULES: &str = "policy skill substitution calendar alliance";

/// Whether a firm may hear of a change; `own` holds the ids of its deals, problems and blocks.
pub fn may_hear(firm: &str, own: &BTreeSet<String>, told: &Value) -> bool {
    let id = told["id"].as_str().unwrap_or_default();
    let kind = told["kind"].as_str().unwrap_or_default();
    let is_of_three =
        told.as_object().is_some_and(|members| members.len() == 3 && members.contains_key("version"));
    is_of_three
        && match kind {
            // of another firm's posting not how often it was changed
            "surplus" | "shortage" => told["version"].is_number() == id.ends_with(&format!("-{firm}")),
            "proposal" | "agreement" | "problem" | "blocked" => own.contains(id),
            "firm" => id == firm,
            _ => has(RULES, kind),
        }
}

/// The paths of all members that hold something else than an object, those of lists' items under the list's own.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &below, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                leaves(item, path, found);
            }
        }
        _ => found.push(path.to_string()),
    }
}

/// What an answer to a firm may not hold: the members, by their paths.
pub fn unlisted(firm: &str, path: &str, told: &Value) -> Vec<String> {
    let mut found = Vec::new();
    leaves(told, "", &mut found);
    found.retain(|member| !is_listed(firm, path, told, member));
    found.extend(exact_distances(told).into_iter().map(|metres| format!("{metres} m")));
    found
}

fn has(listed: &str, member: &str) -> bool {
    listed.split_whitespace().any(|known| known == member)
}

/// How far others are is told to 0.1 km.
fn exact_distances(told: &Value) -> Vec<i64> {
    let rules = told["ruled_out"].as_array().into_iter().flatten();
    let near = rules.filter_map(|rule| rule["nearest"].as_array()).flatten();
    near.filter_map(|one| one["distance_m"].as_i64()).filter(|metres| metres % 100 != 0).collect()
}

fn is_listed(firm: &str, path: &str, told: &Value, member: &str) -> bool {
    if told["code"].is_string() && told["status"].is_number() {
        return has(FAULT, member);
    }
    if path.contains("/options") {
        return has(OPTIONS, member);
    }
    if path.contains("/proposals") || path.contains("/agreements") {
        let is_event = member.strip_prefix("events.").is_some_and(|member| has(EVENT, member));
        let is_lender = told["lender"]["firm"] == firm;
        return has(DEAL, member) || is_event || (is_lender && has(OF_THE_LENDER, member))
            // that an agreement has no consents yet is told by its state
            || (has(OF_THE_LENDER, member) && told[member].is_null() && !member.contains('.'));
    }
    if path.contains("/follow-ups") || path.contains("/problems") {
        return told["firm"] == firm && has(FOLLOW_UP, member);
    }
    if path.contains("/audit") {
        let is_own_row = ["surplus", "shortage", "blocked"].iter().any(|kind| told["kind"] == *kind)
            && told["firm"] == firm;
        return has(AUDIT, member) || (is_own_row && member.starts_with("body."));
    }
    if path.contains("/blocked") {
        return told["lender"] == firm && has(BLOCK, member);
    }
    let is_own = told["firm"] == firm;
    if is_own { has(OWN, member) } else { has(PARTNER, member) }
}
