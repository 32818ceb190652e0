//! The directory of the zone, by the same pages for every sort: the list with what to look for, one row, and for the zone the
//! forms that add, change and remove; a firm that leaves the zone is closed.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde_json::{Value, json};
use tiaoji_store::Kind;

use super::answers::{document, id_made};
use super::books::{BOOKS, Book, FIRM_BOOK, SKILL_BOOK, SUBSTITUTION_BOOK};
use super::form::{Faults, Field, Sort as Held, Values, conflict, summary};
use super::register::{every, text};
use super::shell::onward;
use super::skills::{Skills, letters};
use super::visit::Visit;
use super::{DONE, TEXT, page};
use crate::app::App;
use crate::body::Json;
use crate::lists::{PAGE, percent_encoded};
use crate::parameters::{Parameter, Parameters};
use crate::problem::{NOT_FOUND, Problem, Text, VERSION_MISMATCH};
use crate::routes::Route;
use crate::who::{Call, Matter, Role};
use crate::zone::rows;

/// Rows of a page.
const ROWS: usize = 50;
const LISTED: &[Parameter] = &[
    Parameter { name: "q", about: "What to look for.", schema: TEXT },
    Parameter { name: "page", about: "Which page.", schema: r#"{ "type": "integer", "minimum": 1 }"# },
    DONE,
];

/// Their pages.
pub fn pages() -> Vec<Route> {
    let of = |book: &'static Book| {
        let matter = if book.sort.kind == Kind::Firm { Matter::Firms } else { Matter::Rules };
        let route = |method, rest: &str, query, handler| {
            page(method, format!("{}{rest}", book.path), matter, query, handler).of(book.sort)
        };
        let mut all = vec![
            route("get", "", LISTED, || get(list)),
            route("get", "/new", &[], || get(new)),
            route("post", "", &[], || post(create)),
            route("get", "/{id}", &[DONE], || get(one)),
            route("post", "/{id}", &[], || post(change)),
            route("post", "/{id}/remove", &[], || post(remove)),
        ];
        if book.sort.kind == Kind::Firm {
            all.push(route("post", "/{id}/close", &[], || post(close)));
            all.push(route("post", "/{id}/reopen", &[], || post(reopen)));
        }
        all
    };
    BOOKS.into_iter().flat_map(of).collect()
}

fn book(visit: &Visit) -> Result<&'static Book, Problem> {
    let kind = visit.call.route.sort.map(|sort| sort.kind);
    BOOKS.into_iter().find(|book| Some(book.sort.kind) == kind).ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn call(visit: &Visit, book: &Book, verb: &str) -> Result<Call, Problem> {
    visit.call.of(&format!("{verb}_{}", book.sort.kind.name()))
}

fn may_change(visit: &Visit) -> bool {
    visit.role() == Some(Role::Zone)
}

/// What is read beside a sort's rows: the skills that substitutions name.
async fn skills(app: &App) -> Result<Skills, Problem> {
    Skills::of(&mut app.store.view().await?).await
}

fn has_left(row: &Value) -> bool {
    row["closed"] == true
}

/// The ways from one list to the others that belong to it.
fn beside(visit: &Visit, book: &Book) -> Markup {
    html! {
        @if book.sort.kind != Kind::Firm {
            nav class="tabs" aria-label=(visit.say(SKILL_BOOK.title.0, SKILL_BOOK.title.1)) {
                ul { @for other in [&SKILL_BOOK, &SUBSTITUTION_BOOK] {
                    li { a href=(other.path) aria-current=[(other.path == book.path).then_some("true")] { (visit.say(other.title.0, other.title.1)) } }
                } }
            }
        }
    }
}

/// `GET /settings/firms`, …
pub async fn list(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let book = book(&visit)?;
    let (wanted, done) = (
        query.take("q", |text| Ok(text.trim().to_string())).unwrap_or_default(),
        query.take("done", |text| Ok(text.to_string())),
    );
    let page = query.take("page", |text| {
        let page = text.parse::<usize>().ok().filter(|page| *page > 0);
        page.ok_or_else(|| Text::new("a whole number of 1 or more", "应为不小于 1 的整数"))
    });
    query.finish()?;
    let skills = skills(&app).await?;
    let mut found = every(&app, call(&visit, book, "list")?, PAGE, &[], rows::list).await?;
    found.retain(|row| is_wanted(book, &skills, row, &wanted));
    if book.sort.kind == Kind::Substitution {
        // their ids are made here and tell nothing
        found.sort_by_key(|row| book.name(&skills, row));
    }
    let pages = found.len().div_ceil(ROWS).max(1);
    let page = page.unwrap_or(1).min(pages);
    let rows: Vec<Value> = found.iter().skip((page - 1) * ROWS).take(ROWS).cloned().collect();
    let title = visit.say(book.title.0, book.title.1);
    let body = html! {
        (visit.watch(book.sort.kind.name()))
        @if done.is_some() { p role="status" class="notice" { (visit.say("Removed.", "已删除。")) } }
        div class="head" {
            h1 { (title) }
            @if may_change(&visit) { a class="button" href=(format!("{}/new", book.path)) { (visit.say(book.add.0, book.add.1)) } }
        }
        (beside(&visit, book))
        p { (visit.say(book.about.0, book.about.1)) }
        form action=(book.path) class="actions" role="search" {
            label for="q" { (visit.say("Look for", "查找")) }
            input class="choice" type="search" id="q" name="q" value=(wanted) autocomplete="off";
            button class="second" { (visit.say("Show", "查看")) }
            span class="soft" role="status" { (visit.language.choose(format!("{} found", found.len()), format!("共 {} 条", found.len()))) }
        }
        (table(&visit, book, &skills, &rows))
        (turns(&visit, book, &wanted, page, pages))
    };
    Ok(visit.page(title, &body))
}

/// Whether anything that the list shows of a row, or the letters of it, has what is looked for.
fn is_wanted(book: &Book, skills: &Skills, row: &Value, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let has = |text: String| text.to_lowercase().contains(&wanted) || letters(&text).contains(&wanted);
    wanted.is_empty() || book.columns.iter().any(|member| has(book.shown(skills, row, member)))
}

fn table(visit: &Visit, book: &Book, skills: &Skills, rows: &[Value]) -> Markup {
    if rows.is_empty() {
        return html! { p class="soft" { (visit.say("None.", "暂无。")) } };
    }
    let columns: Vec<(&str, &Field)> = book
        .columns
        .iter()
        .filter_map(|member| book.fields.iter().find(|field| field.member == *member))
        .map(|field| (visit.say(field.name.0, field.name.1), field))
        .collect();
    let class = |field: &Field| (field.sort == Held::Money).then_some("number");
    html! {
        table class="cards" {
            thead { tr { @for (head, field) in &columns { th class=[class(field)] { (head) } } } }
            tbody { @for row in rows { tr {
                @for (n, (head, field)) in columns.iter().enumerate() {
                    @let value = book.shown(skills, row, field.member);
                    @if n == 0 {
                        th scope="row" {
                            a href=(book.at(text(row, "id"))) { (value) }
                            @if has_left(row) { " " span class="state" { (visit.say("left", "已退出")) } }
                        }
                    } @else { td class=[class(field)] data-head=(head) { (value) } }
                }
            } } }
        }
    }
}

/// To the pages before and after.
fn turns(visit: &Visit, book: &Book, wanted: &str, page: usize, pages: usize) -> Markup {
    let to = |page: usize| format!("{}?q={}&page={page}", book.path, percent_encoded(wanted));
    html! {
        @if pages > 1 {
            nav class="pages" aria-label=(visit.say("Pages", "分页")) {
                @if page > 1 { a rel="prev" href=(to(page - 1)) { (visit.say("Before", "上一页")) } }
                span { (visit.language.choose(format!("Page {page} of {pages}"), format!("第 {page} / {pages} 页"))) }
                @if page < pages { a rel="next" href=(to(page + 1)) { (visit.say("Next", "下一页")) } }
            }
        }
    }
}

/// What the zone knows of a row.
pub fn facts(visit: &Visit, book: &Book, skills: &Skills, row: &Value) -> Markup {
    let lines = book
        .fields
        .iter()
        .map(|field| (visit.say(field.name.0, field.name.1), book.shown(skills, row, field.member)))
        .filter(|(_, value)| !value.is_empty());
    html! { dl class="facts" { @for (name, value) in lines { div { dt { (name) } dd { (value) } } } } }
}

/// `GET /settings/firms/new`, …
pub async fn new(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let book = book(&visit)?;
    // who may not add one is told so here, not after filling in a form
    call(&visit, book, "create")?;
    let mut values = Values::default();
    values.set("key", crate::secrets::token(""));
    let form = form(&app, &visit, book, None, &values, &Faults::default()).await?;
    let title = visit.say(book.add.0, book.add.1);
    Ok(visit.page(title, &html! { h1 { (title) } (form) }))
}

/// What is known already, to choose from: by field.
async fn choices(
    app: &App,
    visit: &Visit,
    book: &Book,
    field: &Field,
) -> Result<Vec<(String, String)>, Problem> {
    if field.sort != Held::Listed {
        return Ok(Vec::new());
    }
    if book.is_skill(field) {
        return Ok(skills(app).await?.choices());
    }
    let rows = every(app, call(visit, book, "list")?, PAGE, &[], rows::list).await?;
    let known: BTreeSet<&str> =
        rows.iter().map(|row| text(row, field.member)).filter(|text| !text.is_empty()).collect();
    Ok(known.into_iter().map(|known| (known.to_string(), letters(known))).collect())
}

/// The form of a new row, or of the one with an id.
async fn form(
    app: &App,
    visit: &Visit,
    book: &'static Book,
    id: Option<&str>,
    values: &Values,
    faults: &Faults,
) -> Result<Markup, Problem> {
    let known: Vec<&Field> = book.fields(id.is_some()).collect();
    let mut filled = Vec::new();
    for field in &known {
        filled.push(field.markup(visit, values, faults, &choices(app, visit, book, field).await?));
    }
    let to = id.map_or_else(|| book.path.to_string(), |id| book.at(id));
    Ok(html! {
        (summary(visit, faults, &known))
        form method="post" action=(to) class="fields" data-draft {
            input type="hidden" name="version" value=(values.get("version"));
            input type="hidden" name="key" value=(values.get("key"));
            div class="beside-each-other" { @for field in &filled { (field) } }
            p class="actions" {
                button { (if id.is_some() { visit.say("Save", "保存") } else { visit.say(book.add.0, book.add.1) }) }
                a href=(book.path) data-cancel { (visit.say("Cancel", "取消")) }
            }
        }
    })
}

/// `POST /settings/firms`, …
pub async fn create(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let book = book(&visit)?;
    let values = Values::parsed(&body);
    let mut call = call(&visit, book, "create")?;
    call.idempotency_key = Some(values.get("key").to_string()).filter(|key| !key.is_empty());
    let row = Json::of(&book.sent(&skills(&app).await?, &values, false).into());
    match rows::create(State(app.clone()), call, row).await {
        Ok(made) => Ok(onward(&format!("{}/{}?done=made", book.path, id_made(&made)))),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let title = visit.say(book.add.0, book.add.1);
            let form = form(&app, &visit, book, None, &values, &faults).await?;
            Ok(visit.refused(title, &problem, &html! { h1 { (title) } (form) }))
        }
    }
}

async fn read(app: &App, visit: &Visit, book: &Book, id: &str) -> Result<Value, Problem> {
    let path = Some(Path(id.to_string()));
    document(rows::read(State(app.clone()), call(visit, book, "read")?, path).await?).await
}

/// `GET /settings/firms/{id}`, …
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let book = book(&visit)?;
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let (row, skills) = (read(&app, &visit, book, &id).await?, skills(&app).await?);
    let values = book.typed(&skills, &row);
    let said = match done.as_deref() {
        Some("made") => visit.say(book.added.0, book.added.1),
        Some("closed") => visit.say("The firm has left the zone.", "该企业已退出园区。"),
        Some(_) => visit.say("Saved.", "已保存。"),
        None => "",
    };
    let notice = html! { @if !said.is_empty() { p role="status" class="notice" { (said) } } };
    let body = whole(&app, &visit, book, &row, &values, &Faults::default(), &notice).await?;
    Ok(visit.page(&book.name(&skills, &row), &body))
}

/// A row: for the zone as a form, for others as facts.
async fn whole(
    app: &App,
    visit: &Visit,
    book: &'static Book,
    row: &Value,
    values: &Values,
    faults: &Faults,
    above: &Markup,
) -> Result<Markup, Problem> {
    let (id, skills) = (text(row, "id"), skills(app).await?);
    let inside = if may_change(visit) {
        let form = form(app, visit, book, Some(id), values, faults).await?;
        html! { (form) (ends(visit, book, row)) }
    } else {
        facts(visit, book, &skills, row)
    };
    Ok(html! {
        (visit.watch(&format!("{}:{id}", book.sort.kind.name())))
        (above)
        div class="head" {
            h1 { (book.name(&skills, row)) }
            @if has_left(row) { span class="state" { (visit.say("left the zone", "已退出园区")) } }
        }
        @if book.sort.kind != Kind::Substitution { p class="soft" { (visit.say("Number ", "编号 ")) (id) } }
        (inside)
        p { a href=(book.path) { (visit.say("Back to the list", "返回列表")) } }
    })
}

/// What ends a row: a firm leaves; what nothing names can be removed.
fn ends(visit: &Visit, book: &Book, row: &Value) -> Markup {
    let act = |verb: &str, name: &str| {
        html! {
            form method="post" action=(format!("{}/{verb}", book.at(text(row, "id")))) {
                input type="hidden" name="version" value=(row["version"].to_string());
                button class="second" { (name) }
            }
        }
    };
    let is_firm = book.sort.kind == Kind::Firm;
    html! {
        @if is_firm && has_left(row) {
            section {
                h2 { (visit.say("Back in the zone", "重新入园")) }
                p { (visit.say("What it had posted stays withdrawn until it is posted again.", "原有登记仍为已撤回，可重新发布。")) }
                (act("reopen", visit.say("It is back", "恢复")))
            }
        } @else if is_firm {
            details class="act" {
                summary { (visit.say("The firm leaves the zone", "企业退出园区")) }
                p { (visit.say("Its postings are withdrawn, agreements that have not begun are cancelled, and lent workers go back today. This tells the other firms.",
                    "将撤回其全部登记，取消尚未开始的协议，在岗的借调人员今天返回，并通知对方企业。")) }
                (act("close", visit.say("It has left", "确认退出")))
            }
        }
        details class="act" {
            summary { (visit.say("Remove it", "删除")) }
            p { (visit.say("For what was added by mistake: only what nothing else names can be removed.", "仅用于误加的条目；仍被引用的不能删除。")) }
            (act("remove", visit.say("Remove it", "确认删除")))
        }
    }
}

/// `POST /settings/firms/{id}`, …
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let book = book(&visit)?;
    let (mut values, skills) = (Values::parsed(&body), skills(&app).await?);
    let patch = Json::of(&book.sent(&skills, &values, true).into());
    let Err(problem) = patched(&app, &visit, book, &id, values.get("version"), patch).await else {
        return Ok(onward(&format!("{}?done=changed", book.at(&id))));
    };
    let (row, faults) = (read(&app, &visit, book, &id).await?, Faults::of(&problem, visit.language));
    let mut above = html! {};
    if problem.code() == VERSION_MISMATCH.code {
        let theirs = book.typed(&skills, &row);
        // what is sent next is for what the caller has seen now
        values.set("version", theirs.get("version"));
        let differing: Vec<(&str, String, String)> = book
            .fields(true)
            .map(|field| (field, theirs.get(field.member), values.get(field.member)))
            .filter(|(_, theirs, yours)| theirs != yours)
            .map(|(field, theirs, yours)| {
                (visit.say(field.name.0, field.name.1), theirs.to_string(), yours.to_string())
            })
            .collect();
        above = conflict(&visit, &differing);
    }
    let body = whole(&app, &visit, book, &row, &values, &faults, &above).await?;
    Ok(visit.refused(&book.name(&skills, &row), &problem, &body))
}

async fn patched(
    app: &App,
    visit: &Visit,
    book: &Book,
    id: &str,
    version: &str,
    patch: Json,
) -> Result<Response, Problem> {
    let mut call = call(visit, book, "change")?;
    call.if_match = Some(format!("\"{version}\""));
    rows::patch(State(app.clone()), call, Some(Path(id.to_string())), patch).await
}

/// `POST /settings/firms/{id}/close`
pub async fn close(
    state: State<App>,
    visit: Visit,
    id: Path<String>,
    body: String,
) -> Result<Response, Problem> {
    leave(state, visit, id, &body, true).await
}

/// `POST /settings/firms/{id}/reopen`
pub async fn reopen(
    state: State<App>,
    visit: Visit,
    id: Path<String>,
    body: String,
) -> Result<Response, Problem> {
    leave(state, visit, id, &body, false).await
}

async fn leave(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: &str,
    leaves: bool,
) -> Result<Response, Problem> {
    let values = Values::parsed(body);
    let patch = Json::of(&json!({ "closed": leaves.then_some(true) }));
    match patched(&app, &visit, &FIRM_BOOK, &id, values.get("version"), patch).await {
        Ok(_) => {
            Ok(onward(&format!("{}?done={}", FIRM_BOOK.at(&id), if leaves { "closed" } else { "reopened" })))
        }
        Err(problem) => as_it_is(&app, &visit, &FIRM_BOOK, &id, &problem).await,
    }
}

/// `POST /settings/firms/{id}/remove`, …
pub async fn remove(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let book = book(&visit)?;
    let mut call = call(&visit, book, "delete")?;
    call.if_match = Some(format!("\"{}\"", Values::parsed(&body).get("version")));
    match rows::delete(State(app.clone()), call, Path(id.clone())).await {
        Ok(_) => Ok(onward(&format!("{}?done=removed", book.path))),
        Err(problem) => as_it_is(&app, &visit, book, &id, &problem).await,
    }
}

/// A row as it is now, with what kept the caller from ending it.
async fn as_it_is(
    app: &App,
    visit: &Visit,
    book: &'static Book,
    id: &str,
    problem: &Problem,
) -> Result<Response, Problem> {
    let (row, skills) = (read(app, visit, book, id).await?, skills(app).await?);
    let (values, faults) = (book.typed(&skills, &row), Faults::of(problem, visit.language));
    let body = whole(app, visit, book, &row, &values, &faults, &html! {}).await?;
    Ok(visit.refused(&book.name(&skills, &row), problem, &body))
}
