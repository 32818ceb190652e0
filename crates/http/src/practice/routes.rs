//! The routes of this part.

use axum::routing::{get, post};

use super::{agreements, proposals, publish};
use crate::problem::{self, Kind};
use crate::routes::Route;
use crate::runs::calls::XLSX;
use crate::who::Matter;

const LISTED: &[&Kind] = &[&problem::BAD_CURSOR];
const CHANGED: &[&Kind] = &[&problem::STATE_CONFLICT, &problem::VERSION_MISMATCH, &problem::DEFECTS];
const FITTED: &[&Kind] =
    &[&problem::STATE_CONFLICT, &problem::CAPACITY, &problem::VERSION_MISMATCH, &problem::DEFECTS];
/// The media type of text documents.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// All of them.
pub fn routes() -> Vec<Route> {
    let mut all = publishing();
    all.extend(of_proposals());
    all.extend(of_agreements());
    all
}

fn publishing() -> Vec<Route> {
    use Matter::Plans;
    vec![
        Route::new(
            "post",
            "/v1/plans/{id}/publish",
            "publish",
            Plans,
            "Puts a plan in force: what today's data allow of it is proposed to the firms.",
            || post(publish::publish),
        )
        .query(publish::STRICT)
        .answers(200, "PublishedPlan")
        .faults(&[
            &problem::STATE_CONFLICT,
            &problem::STALE_PLAN,
            &problem::VERSION_MISMATCH,
            &problem::DEFECTS,
        ]),
        Route::new(
            "post",
            "/v1/plans/{id}/unpublish",
            "unpublish",
            Plans,
            "Takes that back: its open proposals are withdrawn.",
            || post(publish::unpublish),
        )
        .answers(200, "StoredPlan")
        .faults(&[&problem::STATE_CONFLICT, &problem::VERSION_MISMATCH]),
    ]
}

fn of_proposals() -> Vec<Route> {
    use Matter::Deals;
    let path = |verb: &str| format!("/v1/proposals/{{id}}/{verb}");
    vec![
        Route::new(
            "get",
            "/v1/proposals",
            "list_proposals",
            Deals,
            "Proposals, the newest first, without their events.",
            || get(proposals::list),
        )
        .query(proposals::FILTERS)
        .answers(200, "ProposalList")
        .faults(LISTED),
        Route::new("get", "/v1/proposals/{id}", "read_proposal", Deals, "One proposal.", || {
            get(proposals::read)
        })
        .answers(200, "Proposal"),
        Route::new(
            "post",
            path("accept"),
            "accept_proposal",
            Deals,
            "Says yes; by the second side it becomes an agreement, whose Location is given.",
            || post(proposals::accept),
        )
        .takes_or_not("Saying")
        .answers(200, "Proposal")
        .faults(FITTED),
        Route::new("post", path("retract"), "retract_proposal", Deals, "Takes one's own yes back.", || {
            post(proposals::retract)
        })
        .takes_or_not("Saying")
        .answers(200, "Proposal")
        .faults(CHANGED),
        Route::new(
            "post",
            path("hold"),
            "hold_proposal",
            Deals,
            "Asks for two more working days, once a side.",
            || post(proposals::hold),
        )
        .takes_or_not("Saying")
        .answers(200, "Proposal")
        .faults(CHANGED),
        Route::new("post", path("decline"), "decline_proposal", Deals, "Says no, and why.", || {
            post(proposals::decline)
        })
        .takes("Declining")
        .answers(200, "Proposal")
        .faults(CHANGED),
        Route::new(
            "post",
            path("counter"),
            "counter_proposal",
            Deals,
            "Proposes other terms: a new proposal that its author has accepted.",
            || post(proposals::counter),
        )
        .takes("Countering")
        .answers(201, "Proposal")
        .faults(FITTED),
    ]
}

fn of_agreements() -> Vec<Route> {
    use Matter::{Deals, Settlement};
    let event = |verb: &str, matter, about: &str, handler| {
        let path = format!("/v1/agreements/{{id}}/{verb}");
        Route::new("post", path, format!("{verb}_agreement"), matter, about, handler)
            .answers(200, "Agreement")
            .faults(CHANGED)
    };
    vec![
        Route::new(
            "get",
            "/v1/agreements",
            "list_agreements",
            Deals,
            "Agreements, the newest first, without their events.",
            || get(agreements::list),
        )
        .query(agreements::FILTERS)
        .answers(200, "AgreementList")
        .faults(LISTED),
        Route::new("get", "/v1/agreements/{id}", "read_agreement", Deals, "One agreement.", || {
            get(agreements::read)
        })
        .answers(200, "Agreement"),
        Route::new(
            "get",
            "/v1/agreements/{id}/document",
            "agreement_document",
            Deals,
            "The co-operation agreement, or the workers' amendment form, in the state it is in.",
            || get(agreements::document),
        )
        .query(agreements::PAPER)
        .gives(&[DOCX]),
        Route::new(
            "get",
            "/v1/agreements/{id}/settlement",
            "agreement_settlement",
            Deals,
            "The settlement sheet.",
            || get(agreements::settlement),
        )
        .gives(&[DOCX, XLSX]),
        event("sign", Deals, "The lender signs: so many workers have consented.", || post(agreements::sign))
            .takes("Signing"),
        event("start", Deals, "So many workers came, on that day.", || post(agreements::start))
            .takes("Starting"),
        event("return", Deals, "So many workers go back after their last day.", || {
            post(agreements::bring_back)
        })
        .takes("Returning"),
        event(
            "extend",
            Deals,
            "Asks for a later last day, or agrees to the one asked for; the lender says how many consent.",
            || post(agreements::extend),
        )
        .takes("Extending")
        .faults(FITTED),
        event(
            "settle",
            Settlement,
            "The borrower states the worker-days, the lender confirms them; the zone decides a dispute.",
            || post(agreements::settle),
        )
        .takes_or_not("Settling"),
        event("dispute", Settlement, "Does not agree with what was stated.", || post(agreements::dispute))
            .takes_or_not("Disputing"),
        event("cancel", Deals, "Steps back before the start.", || post(agreements::cancel))
            .takes_or_not("Disputing"),
    ]
}
