//! Every route: what `/openapi.json` says of it, what is checked before, and who answers.

use std::sync::LazyLock;

use axum::Router;
use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, delete, get, patch, post};
use tiaoji_store::Kind;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};

use crate::app::App;
use crate::lists::PAGE;
use crate::parameters::Parameter;
use crate::problem::{self, INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, Problem};
use crate::runs::{calls, events};
use crate::who::Matter;
use crate::zone::rows;
use crate::zone::sort::{SORTS, Sort};
use crate::{
    docs, guard, health, matching, observe, openapi, options, people, plans, practice, register, session,
    trail, web,
};

/// A method at an address.
pub struct Route {
    /// In lower case, as `OpenAPI` writes it.
    pub method: &'static str,
    /// The template, `{…}` standing for a part.
    pub path: String,
    /// `operationId`.
    pub id: String,
    /// What it does.
    pub about: String,
    /// What it touches, by which it is decided who may.
    pub(crate) matter: Matter,
    /// The sort of rows that it is about.
    pub(crate) sort: Option<&'static Sort>,
    /// Query parameters.
    pub(crate) query: &'static [Parameter],
    /// Schema of the body, by its name in the description.
    pub(crate) takes: Option<String>,
    /// Media types of the body; none = JSON.
    pub(crate) accepts: &'static [&'static str],
    /// Whether that body may be absent.
    pub(crate) bodiless: bool,
    /// Media types of the answer.
    pub(crate) gives: &'static [&'static str],
    /// Status and schema of the answer; 204 has none.
    pub(crate) answer: (u16, String),
    /// Faults of its own, beside those of the conventions.
    pub(crate) faults: &'static [&'static problem::Kind],
    /// Whether changes go without a version that they are for.
    pub(crate) unversioned: bool,
    handler: fn() -> MethodRouter<App>,
}

const JSON: &[&str] = &["application/json"];

impl Route {
    pub(crate) fn new(
        method: &'static str,
        path: impl Into<String>,
        id: impl Into<String>,
        matter: Matter,
        about: impl Into<String>,
        handler: fn() -> MethodRouter<App>,
    ) -> Route {
        Route {
            method,
            path: path.into(),
            id: id.into(),
            about: about.into(),
            matter,
            sort: None,
            query: &[],
            takes: None,
            accepts: &[],
            bodiless: false,
            gives: JSON,
            answer: (200, "Text".to_string()),
            faults: &[],
            unversioned: false,
            handler,
        }
    }

    pub(crate) fn query(self, query: &'static [Parameter]) -> Route {
        Route { query, ..self }
    }

    pub(crate) fn takes(self, schema: impl Into<String>) -> Route {
        Route { takes: Some(schema.into()), ..self }
    }

    pub(crate) fn accepts(self, accepts: &'static [&'static str]) -> Route {
        Route { accepts, ..self }
    }

    /// A body of that schema, or none.
    pub(crate) fn takes_or_not(self, schema: impl Into<String>) -> Route {
        Route { takes: Some(schema.into()), bodiless: true, ..self }
    }

    pub(crate) fn gives(self, gives: &'static [&'static str]) -> Route {
        Route { gives, ..self }
    }

    pub(crate) fn answers(self, status: u16, schema: impl Into<String>) -> Route {
        Route { answer: (status, schema.into()), ..self }
    }

    pub(crate) fn faults(self, faults: &'static [&'static problem::Kind]) -> Route {
        Route { faults, ..self }
    }

    pub(crate) fn unversioned(self) -> Route {
        Route { unversioned: true, ..self }
    }

    pub(crate) fn of(self, sort: &'static Sort) -> Route {
        Route { sort: Some(sort), ..self }
    }

    /// Whether it may change anything, or make the service work for long.
    pub fn changes(&self) -> bool {
        self.method != "get"
    }
}

/// All of them.
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut all = solving();
    all.extend(SORTS.iter().flat_map(|sort| of_rows(sort)));
    all.extend(register::routes());
    all.extend(plans_of_the_zone());
    all.extend(practice::routes());
    all.extend(people_and_trail());
    all.extend(crate::imports::routes());
    all.extend(crate::events::routes());
    all.extend(service());
    all
});

fn solving() -> Vec<Route> {
    vec![
        Route::new(
            "post",
            "/v1/match",
            "match",
            Matter::Solving,
            "A whole scenario in, its plan out; nothing is stored.",
            || post(matching::post),
        )
        .query(matching::PARAMETERS)
        .takes("Scenario")
        .answers(200, "Plan")
        .faults(&[&problem::DEFECTS, &problem::TOO_MANY]),
        Route::new(
            "post",
            "/v1/runs",
            "create_run",
            Matter::Solving,
            "Queues a durable run of a scenario, or of the zone's data.",
            || post(calls::post),
        )
        .query(calls::PARAMETERS)
        .takes("Scenario")
        .answers(202, "Run")
        .faults(&[&problem::DEFECTS, &problem::TOO_MANY, &problem::IN_FLIGHT, &problem::KEY_REUSED]),
        Route::new("get", "/v1/runs", "list_runs", Matter::Solving, "One's own runs, the newest first.", || {
            get(calls::list)
        })
        .query(PAGE)
        .answers(200, "RunList")
        .faults(&[&problem::BAD_CURSOR]),
        Route::new("get", "/v1/runs/{id}", "read_run", Matter::Solving, "One run.", || get(calls::get))
            .answers(200, "Run"),
        Route::new("get", "/v1/runs/{id}/plan", "read_run_plan", Matter::Solving, "Its best plan so far.", || {
            get(calls::plan)
        })
        .answers(200, "Plan")
        .faults(&[&problem::NOT_READY]),
        Route::new("get", "/v1/runs/{id}/scenario", "read_run_scenario", Matter::Solving, "What it solves.", || {
            get(calls::input)
        })
        .gives(&["application/json", calls::XLSX, calls::ZIP])
        .answers(200, "Scenario"),
        Route::new(
            "get",
            "/v1/runs/{id}/events",
            "follow_run",
            Matter::Solving,
            "What happens to it: state, progress { objective_fen, bound_fen, gap, seconds }, end; Last-Event-ID resumes.",
            || get(events::get),
        )
        .gives(&["text/event-stream"]),
        Route::new("delete", "/v1/runs/{id}", "cancel_run", Matter::Solving, "Cancels it; the best plan is kept.", || {
            delete(calls::cancel)
        })
        .unversioned()
        .answers(202, "Run")
        .faults(&[&problem::STATE_CONFLICT]),
        Route::new(
            "get",
            "/v1/scenario",
            "scenario",
            Matter::Directory,
            "The zone's data as one scenario, what is open.",
            || get(rows::scenario),
        )
        .answers(200, "Scenario"),
    ]
}

/// The calls on a sort of rows.
pub(crate) fn of_rows(sort: &'static Sort) -> Vec<Route> {
    let matter = match sort.kind {
        Kind::Surplus | Kind::Shortage | Kind::Blocked => Matter::Postings,
        Kind::Firm => Matter::Firms,
        Kind::Meeting | Kind::Problem => Matter::Register,
        _ => Matter::Rules,
    };
    let name = sort.schema;
    let what = sort.kind.name();
    let route = |method, path: &str, verb: &str, about: String, handler| {
        Route::new(method, format!("{}{path}", sort.path), format!("{verb}_{what}"), matter, about, handler)
            .of(sort)
            .answers(200, name)
    };
    let change = |path: &str| {
        route("patch", path, "change", format!("Changes a {what} by a merge patch."), || patch(rows::patch))
            .takes(format!("{name}Change"))
            .faults(&[&problem::DEFECTS, &problem::STATE_CONFLICT])
    };
    if sort.kind == Kind::Policy {
        let read = route("get", "", "read", "The policy of the zone.".to_string(), || get(rows::read));
        return vec![read, change("")];
    }
    let filters = match sort.kind {
        Kind::Surplus | Kind::Shortage => rows::FILTERS,
        Kind::Meeting => register::MEETING_FILTERS,
        Kind::Problem => register::PROBLEM_FILTERS,
        _ => PAGE,
    };
    let gone = if sort.is_posting() { "Withdraws" } else { "Removes" };
    vec![
        route("get", "", "list", format!("Every {what} that the caller sees, by id."), || get(rows::list))
            .query(filters)
            .answers(200, format!("{name}List"))
            .faults(&[&problem::BAD_CURSOR]),
        route("post", "", "create", format!("Adds a {what}."), || post(rows::create))
            .takes(format!("{name}New"))
            .answers(201, name)
            .faults(&[&problem::DEFECTS, &problem::DUPLICATE]),
        route("get", "/{id}", "read", format!("One {what}."), || get(rows::read)),
        change("/{id}"),
        route("delete", "/{id}", "delete", format!("{gone} a {what}."), || delete(rows::delete))
            .answers(204, "")
            .faults(&[&problem::STATE_CONFLICT]),
    ]
}

fn plans_of_the_zone() -> Vec<Route> {
    use Matter::Plans;
    vec![
        Route::new(
            "get",
            "/v1/plans",
            "list_plans",
            Plans,
            "The plans of the zone, the newest first.",
            || get(plans::list),
        )
        .query(plans::FILTERS)
        .answers(200, "StoredPlanList")
        .faults(&[&problem::BAD_CURSOR]),
        Route::new("get", "/v1/plans/{id}", "read_plan", Plans, "One plan, and what is known of it.", || {
            get(plans::get)
        })
        .answers(200, "StoredPlan"),
        Route::new(
            "get",
            "/v1/plans/{id}/report",
            "report",
            Plans,
            "A plan as a page, or as a workbook.",
            || get(plans::report),
        )
        .gives(&["text/html", calls::XLSX]),
        Route::new(
            "get",
            "/v1/plans/{id}/explanation",
            "explain_plan",
            Plans,
            "Why postings stay unfilled or idle, and what would change it.",
            || get(plans::explanation),
        )
        .query(plans::POSTING)
        .answers(200, "Explanation"),
        Route::new(
            "post",
            "/v1/options",
            "options",
            Matter::Options,
            "Ranked partners of one posting, against the plan in force or the newest; before any, as if nothing were planned. Whom either side has declined since is ruled out; what the others bring is what it was when the plan was made. Nothing is stored.",
            || post(options::post),
        )
        .takes("OptionsQuestion")
        .answers(200, "Options")
        .faults(&[&problem::DEFECTS, &NOT_FOUND]),
        Route::new(
            "get",
            "/v1/plans/{id}/compare/{other}",
            "compare_plans",
            Plans,
            "What is another in the other plan.",
            || get(plans::compare),
        )
        .answers(200, "Comparison"),
        Route::new(
            "post",
            "/v1/what-if",
            "what_if",
            Plans,
            "The zone's data under other rules: every combination of some values. Nothing is stored.",
            || post(plans::what_if),
        )
        .query(matching::PARAMETERS)
        .takes("WhatIfQuestion")
        .answers(200, "WhatIf")
        .faults(&[&problem::DEFECTS]),
    ]
}

fn people_and_trail() -> Vec<Route> {
    use Matter::{Audit, People, Public, Self_};
    const DEFECTIVE: &[&problem::Kind] = &[&problem::DEFECTS, &problem::DUPLICATE];
    const LISTED: &[&problem::Kind] = &[&problem::BAD_CURSOR];
    vec![
        Route::new("get", "/v1/session", "read_session", Self_, "Who is asking.", || get(session::get))
            .answers(200, "Session"),
        Route::new("post", "/v1/session", "log_in", Public, "Logs in: a session by cookie.", || {
            post(session::log_in)
        })
        .takes("Login")
        .answers(201, "Session")
        .faults(&[&problem::UNAUTHENTICATED, &problem::CSRF, &problem::DEFECTS, &problem::TOO_MANY]),
        Route::new(
            "patch",
            "/v1/session",
            "change_password",
            Self_,
            "One's own password anew; every session ends, and a new one begins.",
            || patch(session::change_password),
        )
        .unversioned()
        .takes("PasswordChange")
        .answers(201, "Session")
        .faults(&[&problem::DEFECTS, &problem::TOO_MANY]),
        Route::new("delete", "/v1/session", "log_out", Self_, "Ends the session.", || delete(session::log_out))
            .unversioned()
            .answers(204, ""),
        Route::new("get", "/v1/users", "list_users", People, "Who may log in.", || get(people::users))
            .query(PAGE)
            .answers(200, "UserList")
            .faults(LISTED),
        Route::new("post", "/v1/users", "create_user", People, "Adds a user.", || post(people::add_user))
            .takes("UserNew")
            .answers(201, "User")
            .faults(DEFECTIVE),
        Route::new("get", "/v1/users/{id}", "read_user", People, "One user.", || get(people::user))
            .answers(200, "User"),
        Route::new(
            "patch",
            "/v1/users/{id}",
            "change_user",
            People,
            "Changes a user; disabling ends sessions and keys at once. An officer may set the password of users of theirs.",
            || patch(people::change_user),
        )
        .takes("UserChange")
        .answers(200, "User")
        .faults(DEFECTIVE),
        Route::new("get", "/v1/invitations", "list_invitations", People, "Who is invited.", || {
            get(people::invitations)
        })
        .query(PAGE)
        .answers(200, "InvitationList")
        .faults(LISTED),
        Route::new(
            "post",
            "/v1/invitations",
            "create_invitation",
            People,
            "Invites somebody: a link that works once, for 72 hours.",
            || post(people::invite),
        )
        .takes("InvitationNew")
        .answers(201, "Invitation")
        .faults(&[&problem::DEFECTS]),
        Route::new("get", "/v1/invitations/{id}", "read_invitation", People, "One invitation.", || {
            get(people::invitation)
        })
        .answers(200, "Invitation"),
        Route::new("delete", "/v1/invitations/{id}", "delete_invitation", People, "Takes an invitation back.", || {
            delete(people::uninvite)
        })
        .unversioned()
        .answers(204, ""),
        Route::new(
            "post",
            "/v1/invitations:accept",
            "accept_invitation",
            Public,
            "Becomes a user by the token of an invitation's link, and logs in.",
            || post(session::accept),
        )
        .takes("Acceptance")
        .answers(201, "Session")
        .faults(&[&problem::CSRF, &problem::DEFECTS, &NOT_FOUND, &problem::DUPLICATE]),
        Route::new("get", "/v1/keys", "list_keys", People, "The keys of programs.", || get(people::keys))
            .query(PAGE)
            .answers(200, "KeyList")
            .faults(LISTED),
        Route::new("post", "/v1/keys", "create_key", People, "Makes a key, told once.", || post(people::add_key))
            .takes("KeyNew")
            .answers(201, "Key")
            .faults(&[&problem::DEFECTS]),
        Route::new("get", "/v1/keys/{id}", "read_key", People, "One key, without its secret.", || {
            get(people::key)
        })
        .answers(200, "Key"),
        Route::new(
            "post",
            "/v1/keys/{id}/rotate",
            "rotate_key",
            People,
            "Gives a key a new secret, told once; the old one holds for a day.",
            || post(people::rotate_key),
        )
        .answers(200, "Key"),
        Route::new("delete", "/v1/keys/{id}", "revoke_key", People, "Ends a key at once.", || {
            delete(people::revoke_key)
        })
        .unversioned()
        .answers(204, ""),
        Route::new("get", "/v1/audit", "audit", Audit, "Who did what, the oldest first.", || get(trail::list))
            .query(trail::FILTERS)
            .answers(200, "EntryList")
            .faults(LISTED),
    ]
}

fn service() -> Vec<Route> {
    use Matter::Public;
    vec![
        Route::new("get", "/healthz", "live", Public, "The process answers.", || get(health::live))
            .answers(200, "Status"),
        Route::new("get", "/readyz", "ready", Public, "The service takes requests.", || get(health::ready))
            .answers(200, "Status")
            .faults(&[&problem::BUSY]),
        Route::new(
            "get",
            "/metrics",
            "metrics",
            Public,
            "Metrics by route, as Prometheus reads them.",
            || get(health::metrics),
        )
        .gives(&["text/plain"]),
        Route::new("get", "/openapi.json", "openapi", Public, "This description.", || get(openapi::get))
            .answers(200, "OpenApi"),
        Route::new("get", "/docs", "docs", Public, "This description as a page.", || get(docs::get))
            .gives(&["text/html"]),
    ]
}

/// The whole service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES.iter() {
        let check = from_fn_with_state((app.clone(), route), guard::check);
        router = router.route(&route.path, (route.handler)().layer(check));
    }
    for page in web::PAGES.iter() {
        let check = from_fn_with_state((app.clone(), page), guard::check);
        // of the API's answers the ETag is of the bytes as they are
        let handler: MethodRouter<App> = (page.handler)().layer(check).layer(from_fn(web::shell::around));
        router = router.route(&page.path, handler.layer(CompressionLayer::new()));
    }
    router
        .fallback(|uri: Uri| async move {
            Problem::new(&NOT_FOUND).detail(format!("No such address: {}", uri.path()), "没有这个地址")
        })
        .method_not_allowed_fallback(|| async { Problem::new(&METHOD_NOT_ALLOWED) })
        .layer(CatchPanicLayer::custom(|_| Problem::new(&INTERNAL).into_response()))
        .layer(from_fn(problem::write_out))
        .layer(from_fn(observe::record))
        .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
        .layer(SetRequestIdLayer::new(observe::REQUEST_ID, observe::RandomId))
        .layer(from_fn(observe::trust_plain_ids))
        .with_state(app)
}
