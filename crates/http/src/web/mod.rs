//! The page: what people see of the service. Plain HTML made here, complete without scripts; scripts only help.
//!
//! A page is a [`Route`] in [`PAGES`], checked by the same guard and table of roles as the API's; its handler takes a
//! [`Visit`](visit::Visit), asks the functions that answer the API, and gives `visit.page(title, body)`. A form posts to a route
//! of its own, which calls the API's function and redirects; a fault of it comes back as the form, filled. To add one: a file
//! beside these, its routes here, and a line in [`shell`]'s menu where people should find it.

mod acts;
mod answers;
mod assets;
mod books;
mod calendar;
mod candidates;
mod changes;
mod days;
mod deals;
mod directory;
mod entry;
mod fields;
mod figures;
mod form;
mod home;
mod import;
mod matching;
mod meetings;
mod outlook;
mod people;
mod plan;
mod policy;
mod postings;
mod problems;
mod register;
mod settings;
mod sheets;
pub mod shell;
mod skills;
mod texts;
mod visit;
mod what_if;
mod why;
mod written;

use std::sync::LazyLock;

use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::parameters::Parameter;
use crate::practice::DOCX;
use crate::routes::Route;
use crate::runs::calls::XLSX;
use crate::who::Matter;
use crate::zone::sort::{SHORTAGES, SURPLUS};

const HTML: &[&str] = &["text/html"];
const TEXT: &str = r#"{ "type": "string" }"#;

/// Where to go on, after a login or another language.
const BACK: Parameter = Parameter { name: "back", about: "The page to go on with.", schema: TEXT };
const DONE: Parameter = Parameter { name: "done", about: "What has just been done.", schema: TEXT };

fn page(
    method: &'static str,
    path: impl Into<String>,
    matter: Matter,
    query: &'static [Parameter],
    handler: fn() -> MethodRouter<App>,
) -> Route {
    Route::new(method, path, "page", matter, "A page.", handler).gives(HTML).query(query)
}

/// Every page, beside the routes of the API.
pub static PAGES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    use Matter::{Deals, Plans, Postings, Public, Self_, Settlement};
    let mut all = vec![
        page("get", "/", Self_, &[DONE], || get(home::get)),
        page("get", "/login", Public, &[BACK, DONE], || get(entry::login)),
        page("post", "/login", Public, &[], || post(entry::log_in)),
        page("post", "/logout", Self_, &[], || post(entry::log_out)),
        page("get", "/invitation", Public, &[], || get(entry::invitation)),
        page("post", "/invitation", Public, &[], || post(entry::accept)),
        page("get", "/language/{tag}", Public, &[BACK], || get(entry::language)),
        page("get", assets::STYLE.path(), Public, &[], || get(assets::style)).gives(&["text/css"]),
        page("get", assets::SCRIPT.path(), Public, &[], || get(assets::script)).gives(&["text/javascript"]),
        page("get", "/match", Plans, &[], || get(matching::get)),
        page("post", "/match", Plans, &[], || post(matching::start)),
        page("get", "/runs/{id}", Plans, &[DONE], || get(matching::run)),
        page("get", "/runs/{id}/end", Plans, &[], || get(matching::end)),
        page("post", "/runs/{id}/stop", Plans, &[], || post(matching::stop)),
        page("get", "/plans/{id}", Plans, &[DONE], || get(plan::get)),
        page("get", "/plans/{id}/why/{posting}", Plans, &[], || get(why::why)),
        page("get", "/plans/{id}/skills/{skill}/{from}", Plans, &[], || get(why::period)),
        page("get", "/plans/{id}/book", Plans, &[], || get(plan::book)).gives(&["text/html", XLSX]),
        page("post", "/plans/{id}/publish", Plans, &[], || post(plan::publish)),
        page("post", "/plans/{id}/unpublish", Plans, &[], || post(plan::unpublish)),
        page("get", "/what-if", Plans, &[], || get(what_if::get)),
        page("post", "/what-if", Plans, &[], || post(what_if::post)),
    ];
    all.extend(settings::pages());
    all.extend(directory::pages());
    all.extend(register::pages());
    for sort in [&deals::PROPOSALS, &deals::AGREEMENTS] {
        let route = |method, rest: &str, matter, query, handler| {
            page(method, format!("{}{rest}", sort.path), matter, query, handler)
        };
        all.extend([
            route("get", "", Deals, deals::LISTED, || get(deals::list)),
            route("get", "/{id}", Deals, &[DONE], || get(deals::one)),
            // the API's call decides who may: settling is the zone's too
            route("post", "/{id}/{verb}", Settlement, &[], || post(deals::act)),
        ]);
    }
    all.extend([
        page("get", "/imports/{id}", Postings, &[DONE], || get(import::done)),
        page("post", "/imports/{id}/undo", Postings, &[], || post(import::undo)),
    ]);
    all.push(
        page("get", "/agreements/{id}/papers/{paper}", Deals, &[], || get(deals::paper))
            .gives(&["text/html", DOCX]),
    );
    all.push(page("get", "/agreements/{id}/read/{paper}", Deals, &[], || get(deals::read_paper)));
    for sort in [&SURPLUS, &SHORTAGES] {
        let path = postings::path(sort);
        let route = |method, rest: &str, query, handler| {
            page(method, format!("{path}{rest}"), Postings, query, handler).of(sort)
        };
        all.extend([
            route("get", "", postings::LISTED, || get(postings::list)),
            route("get", "/new", postings::COPIED, || get(postings::new)),
            route("post", "", &[], || post(postings::create)),
            route("post", "/check", &[], || post(postings::check)).gives(&["application/json"]),
            route("get", "/import", &[], || get(import::get)),
            route("post", "/import", &[], || post(import::post)),
            route("get", "/template", &[], || get(import::template)).gives(&["text/html", XLSX]),
            route("get", "/{id}", &[DONE], || get(postings::one)),
            route("get", "/{id}/edit", &[], || get(postings::edit)),
            route("post", "/{id}", &[], || post(postings::change)),
            route("post", "/{id}/withdraw", &[], || post(postings::withdraw)),
            route("post", "/{id}/reopen", &[], || post(postings::reopen)),
        ]);
    }
    all
});
