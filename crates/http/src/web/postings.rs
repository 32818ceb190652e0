//! Postings: the list, one of them with who could be its partner, and the forms that make, change and withdraw them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Map, Value, json};
use tiaoji_store::{Kind, State as Stage};

use super::answers::{document, id_made, parameters};
use super::candidates;
use super::days::Days;
use super::fields;
use super::form::{Faults, Field, Sort as Held, Values, summary, yuan};
use super::register::Firms;
use super::shell::onward;
use super::skills::Skills;
use super::texts;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::lists::{CURSOR, percent_encoded};
use crate::parameters::{Parameter, Parameters};
use crate::problem::{NOT_FOUND, Problem, VERSION_MISMATCH};
use crate::who::{Reach, Role};
use crate::zone::document::{all, read_row};
use crate::zone::rows::{self, FILTERS};
use crate::zone::sight::{Eyes, Sight};
use crate::zone::sort::{Sort, body as columns};

const STATE: Parameter = Parameter { name: "state", about: "In this state.", schema: super::TEXT };
/// The query of a list.
pub const LISTED: &[Parameter] = &[CURSOR, STATE];
/// The query of a new posting.
pub const COPIED: &[Parameter] =
    &[Parameter { name: "copy", about: "Filled in like this posting.", schema: super::TEXT }];
/// Rows of a page.
const ROWS: usize = 50;

/// Where the pages of a sort of postings are.
pub fn path(sort: &Sort) -> &'static str {
    if sort.kind == Kind::Surplus { "/surplus" } else { "/shortages" }
}

pub fn title(visit: &Visit, sort: &Sort) -> &'static str {
    if sort.kind == Kind::Surplus {
        visit.language.choose("Surplus", "余工")
    } else {
        visit.language.choose("Shortages", "缺工")
    }
}

fn sort(visit: &Visit) -> Result<&'static Sort, Problem> {
    visit.call.route.sort.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Whether the caller may make and change postings.
fn may_post(visit: &Visit) -> bool {
    matches!(visit.role(), Some(Role::Firm | Role::Officer | Role::Zone))
}

fn at(sort: &Sort, id: &str) -> String {
    format!("{}/{}", path(sort), percent_encoded(id))
}

/// `GET /surplus`, `GET /shortages`
pub async fn list(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let text = |text: &str| Ok(text.to_string());
    let (state, cursor) = (query.take("state", text), query.take("cursor", text));
    query.finish()?;
    let state = state.unwrap_or_else(|| "open".to_string());
    let mut given = vec![("state", state.as_str())];
    given.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let (rows, next) = listed(&app, &visit, sort, &given, ROWS).await?;
    let table = table(&app, &visit, sort, &rows).await?;
    let title = title(&visit, sort);
    let body = html! {
        div class="head" {
            h1 { (title) }
            @if may_post(&visit) {
                div class="actions" {
                    a class="button second" href=(format!("{}/import", path(sort))) { (visit.say("Import a table", "导入表格")) }
                    a class="button" href=(format!("{}/new", path(sort))) {
                        (if sort.kind == Kind::Surplus { visit.say("Post a surplus", "登记余工") } else { visit.say("Post a shortage", "登记缺工") })
                    }
                }
            }
        }
        (visit.tabs(path(sort), &["open", "draft", "withdrawn", "closed"], &state, texts::state))
        (table)
        @if let Some(next) = next {
            p { a href=(format!("{}?state={state}&cursor={next}", path(sort))) { (visit.say("More", "下一页")) } }
        }
    };
    Ok(visit.page(title, &body))
}

/// The first few of a list.
pub async fn table_of(
    app: &App,
    visit: &Visit,
    sort: &'static Sort,
    state: &str,
    count: usize,
) -> Result<Markup, Problem> {
    let (rows, _) = listed(app, visit, sort, &[("state", state)], count).await?;
    table(app, visit, sort, &rows).await
}

/// Rows as the API lists them; a firm's own alone.
async fn listed(
    app: &App,
    visit: &Visit,
    sort: &'static Sort,
    given: &[(&str, &str)],
    count: usize,
) -> Result<(Vec<Value>, Option<String>), Problem> {
    let count = count.to_string();
    let mut given = given.to_vec();
    given.push(("limit", &count));
    let own = visit.actor().filter(|_| visit.is_firm()).and_then(|actor| actor.firms.first());
    given.extend(own.map(|firm| ("firm", firm.as_str())));
    let call = visit.call.of(if sort.kind == Kind::Surplus { "list_surplus" } else { "list_shortage" })?;
    let page = document(rows::list(State(app.clone()), call, parameters(FILTERS, &given)?).await?).await?;
    let next = page["next"].as_str().map(str::to_string);
    Ok((page["items"].as_array().cloned().unwrap_or_default(), next))
}

async fn table(app: &App, visit: &Visit, sort: &Sort, rows: &[Value]) -> Result<Markup, Problem> {
    if rows.is_empty() {
        return Ok(html! { p class="soft" { (visit.say("None.", "暂无。")) } });
    }
    let mut view = app.store.view().await?;
    let skills = Skills::of(&mut view).await?;
    let firms = Firms::of(&mut view).await?;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_string();
    let firm = |row: &Value| firms.name(&text(row, "firm")).to_string();
    let headcount = |row: &Value| {
        visit.language.choose(format!("{} × ", row["headcount"]), format!("{} 人 · ", row["headcount"]))
    };
    Ok(html! {
        table class="cards" {
            thead {
                tr {
                    th { (title(visit, sort)) }
                    @if !visit.is_firm() { th { (visit.say("Firm", "企业")) } }
                    th { (visit.say("Days", "日期")) }
                    th { (visit.say("Number", "编号")) }
                    @if may_post(visit) { th { span class="unseen" { (visit.say("Copy", "复制")) } } }
                }
            }
            tbody {
                @for row in rows {
                    @let id = text(row, "id");
                    tr {
                        th scope="row" { a href=(at(sort, &id)) { (headcount(row)) (skills.name(&text(row, "skill"))) } }
                        @if !visit.is_firm() { td data-head=(visit.say("Firm", "企业")) { (firm(row)) } }
                        td data-head=(visit.say("Days", "日期")) { (text(row, "from")) " – " (text(row, "to")) }
                        td data-head=(visit.say("Number", "编号")) { (id) }
                        @if may_post(visit) {
                            td class="beside" {
                                a href=(format!("{}/new?copy={}", path(sort), percent_encoded(&id)))
                                    aria-label=(visit.language.choose(format!("Copy {id}"), format!("复制 {id}"))) { (visit.say("copy", "复制")) }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// The firms that the caller may act for, by name.
pub async fn firms(view: &mut tiaoji_store::View, visit: &Visit) -> Result<Vec<(String, String)>, Problem> {
    let is_theirs =
        |id: &str| visit.call.reach() == Reach::All || visit.actor().is_some_and(|actor| actor.has(id));
    let all = all(view, Kind::Firm).await?;
    let named = all.into_iter().filter(|(id, _)| is_theirs(id)).map(|(id, row)| {
        let name = row.get("name").and_then(Value::as_str).unwrap_or(&id).to_string();
        (id, name)
    });
    Ok(named.collect())
}

/// `GET …/new`
pub async fn new(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let copied = query.take("copy", |text| Ok(text.to_string()));
    query.finish()?;
    let mut values = Values::default();
    if let Some(id) = copied {
        let (row, sight) = seen(&app, &visit, sort, &id).await?;
        if sight == Sight::Full {
            values = fields::values(sort.kind, &row);
            name_skill(&app, &mut values).await?;
        }
    }
    values.set("key", crate::secrets::token(""));
    let form = form(&app, &visit, sort, None, &values, &Faults::default()).await?;
    Ok(visit.page(form_title(&visit, sort, false), &form))
}

fn form_title(visit: &Visit, sort: &Sort, is_change: bool) -> &'static str {
    let choose = |en, zh| visit.language.choose(en, zh);
    match (sort.kind, is_change) {
        (Kind::Surplus, false) => choose("Post a surplus", "登记余工"),
        (Kind::Surplus, true) => choose("Change a surplus", "修改余工"),
        (_, false) => choose("Post a shortage", "登记缺工"),
        (_, true) => choose("Change a shortage", "修改缺工"),
    }
}

/// The skill's name in the place of its id.
async fn name_skill(app: &App, values: &mut Values) -> Result<(), Problem> {
    let skills = Skills::of(&mut app.store.view().await?).await?;
    let name = skills.name(values.get("skill")).to_string();
    values.set("skill", name);
    Ok(())
}

/// The form of a new posting, or of the one with an id.
async fn form(
    app: &App,
    visit: &Visit,
    sort: &'static Sort,
    id: Option<&str>,
    values: &Values,
    faults: &Faults,
) -> Result<Markup, Problem> {
    let mut view = app.store.view().await?;
    let skills = Skills::of(&mut view).await?.choices();
    let firms = if visit.is_firm() { Vec::new() } else { firms(&mut view, visit).await? };
    let days = Days::of(&mut view).await?;
    let said = days.said(values.get("from"), values.get("to"), visit.language);
    let (rest, exceptions) = days.marked();
    let (first, more) = fields::of(sort.kind);
    let known: Vec<&Field> = fields::all(sort.kind).collect();
    let is_open =
        more.iter().any(|field| !values.get(field.member).is_empty() || !faults.at(field.member).is_empty());
    let one = |field: &Field| {
        let choices: &[(String, String)] = match field.sort {
            Held::Listed => &skills,
            Held::Firm => &firms,
            _ => &[],
        };
        field.markup(visit, values, faults, choices)
    };
    let to = id.map_or_else(|| path(sort).to_string(), |id| at(sort, id));
    Ok(html! {
        @if let Some(id) = id { (visit.watch(&format!("{}:{id}", sort.kind.name()))) }
        h1 { (form_title(visit, sort, id.is_some())) }
        (summary(visit, faults, &known))
        form method="post" action=(to) class="fields" data-draft data-check=(format!("{}/check", path(sort)))
            data-rest=(rest) data-exceptions=(exceptions) data-pick=(visit.say("Calendar", "日历")) data-mark=(visit.say("rest", "休"))
            data-before=(visit.say("Month before", "上个月")) data-after=(visit.say("Next month", "下个月")) {
            input type="hidden" name="version" value=(values.get("version"));
            input type="hidden" name="key" value=(values.get("key"));
            @if !visit.is_firm() { (one(&fields::FIRM)) }
            @for field in first {
                (one(field))
                @if field.member == "to" { p class="days" data-days aria-live="polite" { (said.as_deref().unwrap_or_default()) } }
            }
            details open[is_open] {
                summary { (visit.say("More conditions", "更多条件")) }
                @for field in more { (one(field)) }
            }
            p class="actions" {
                button { (if id.is_some() { visit.say("Save", "保存") } else { visit.say("Post", "发布") }) }
                a href=(id.map_or_else(|| path(sort).to_string(), |id| at(sort, id))) { (visit.say("Cancel", "取消")) }
            }
        }
    })
}

/// The row that a form makes; the skill by its id.
async fn sent(
    app: &App,
    sort: &Sort,
    values: &Values,
    is_change: bool,
) -> Result<Map<String, Value>, Problem> {
    let skills = Skills::of(&mut app.store.view().await?).await?;
    let mut meant = values.clone();
    meant.set("skill", skills.meant(values.get("skill")));
    Ok(fields::row(sort.kind, &meant, is_change))
}

/// `POST /surplus`, `POST /shortages`
pub async fn create(State(app): State<App>, mut visit: Visit, body: String) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let values = Values::parsed(&body);
    visit.call.idempotency_key = Some(values.get("key").to_string()).filter(|key| !key.is_empty());
    let row = sent(&app, sort, &values, false).await?;
    match rows::create(State(app.clone()), visit.call.clone(), Json::of(&row.into())).await {
        Ok(made) => Ok(onward(&format!("{}/{}?done=made", path(sort), id_made(&made)))),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let form = form(&app, &visit, sort, None, &values, &faults).await?;
            Ok(visit.refused(form_title(&visit, sort, false), &problem, &form))
        }
    }
}

/// `POST …/check`: what the form would be told, by field, while it is filled in; nothing is kept.
pub async fn check(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let values = Values::parsed(&body);
    let mut row = sent(&app, sort, &values, false).await?;
    if let Some(own) = visit.actor().filter(|_| visit.is_firm()).and_then(|actor| actor.firms.first()) {
        row.insert("firm".to_string(), own.as_str().into());
    }
    row.insert("id".to_string(), "new".into());
    let mut view = app.store.view().await?;
    let said = Days::of(&mut view).await?.said(values.get("from"), values.get("to"), visit.language);
    let faults = match read_row(&mut view, sort, "new", &row).await {
        Ok(_) => Faults::default(),
        Err(problem) => Faults::of(&problem, visit.language),
    };
    Ok(axum::Json(json!({ "faults": faults.0, "days": said })).into_response())
}

/// A row as the caller sees it, and how much of it that is.
async fn seen(app: &App, visit: &Visit, sort: &'static Sort, id: &str) -> Result<(Value, Sight), Problem> {
    let mut view = app.store.view().await?;
    let eyes = Eyes::of(&mut view, &visit.call, sort).await?;
    let record = view.record(sort.kind, id).await?;
    let sight = eyes.sight(sort, &record);
    let shown = eyes.show(&mut view, sort, &[record]).await?.into_iter().next();
    Ok((shown.ok_or_else(|| Problem::new(&NOT_FOUND))?, sight))
}

/// `GET …/{id}`
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let (row, sight) = seen(&app, &visit, sort, &id).await?;
    let skills = Skills::of(&mut app.store.view().await?).await?;
    let skill = row["skill"].as_str().unwrap_or_default().to_string();
    let state = row["state"].as_str().unwrap_or_default();
    let title = format!(
        "{} · {} · {}",
        skills.name(&skill),
        visit.language.choose(format!("{} workers", row["headcount"]), format!("{} 人", row["headcount"])),
        if sort.kind == Kind::Surplus {
            visit.say("surplus", "余工")
        } else {
            visit.say("shortage", "缺工")
        },
    );
    let partners = if state == Stage::Open.name() && sight == Sight::Full && may_post(&visit) {
        Some(candidates::section(&app, &visit, sort, &id, &skills).await?)
    } else {
        None
    };
    let body = html! {
        (visit.watch(&format!("{}:{id}", sort.kind.name())))
        @match done.as_deref() {
            Some("made") => p role="status" class="notice" { (visit.say("Posted. Below is who fits.", "已发布。下面是合适的对象。")) },
            Some("changed") => p role="status" class="notice" { (visit.say("Saved.", "已保存。")) },
            Some("withdrawn") => p role="status" class="notice" { (visit.say("Withdrawn.", "已撤回。")) },
            Some("reopened") => p role="status" class="notice" { (visit.say("Open again.", "已重新发布。")) },
            _ => {}
        }
        div class="head" { h1 { (title) } span class=(format!("state {state}")) { (texts::state(state, visit.language)) } }
        (facts(&app, &visit, sort, &row).await?)
        @if sight == Sight::Full && may_post(&visit) {
            div class="actions" {
                @if state == "open" || state == "draft" {
                    a class="button second" href=(format!("{}/edit", at(sort, &id))) { (visit.say("Change", "修改")) }
                }
                a class="button second" href=(format!("{}/new?copy={}", path(sort), percent_encoded(&id))) { (visit.say("Copy", "复制")) }
                @if state == "open" {
                    (act(&visit, sort, &id, &row, "withdraw", visit.say("Withdraw", "撤回")))
                }
                @if state == "withdrawn" {
                    (act(&visit, sort, &id, &row, "reopen", visit.say("Post again", "重新发布")))
                }
            }
        }
        @if let Some(partners) = partners { (partners) }
    };
    Ok(visit.page(&title, &body))
}

/// A button that does something to a posting as it was seen.
fn act(visit: &Visit, sort: &Sort, id: &str, row: &Value, verb: &str, name: &str) -> Markup {
    let ask = visit.language.choose(format!("{name} {id}?"), format!("确定要{name} {id} 吗？"));
    html! {
        form method="post" action=(format!("{}/{verb}", at(sort, id))) data-ask=(ask) {
            input type="hidden" name="version" value=(row["version"].to_string());
            button class="second" { (name) }
        }
    }
}

/// What is known of a posting.
async fn facts(app: &App, visit: &Visit, sort: &Sort, row: &Value) -> Result<Markup, Problem> {
    let mut view = app.store.view().await?;
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let said = Days::of(&mut view).await?.said(text("from"), text("to"), visit.language);
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push((name.to_string(), value));
        }
    };
    line(visit.say("Number", "编号"), text("id").to_string());
    if !visit.is_firm() || row["firm_name"].is_string() {
        let name = match view.record(Kind::Firm, text("firm")).await {
            Ok(firm) => columns(&firm).get("name").and_then(Value::as_str).unwrap_or_default().to_string(),
            Err(_) => text("firm_name").to_string(),
        };
        line(visit.say("Firm", "企业"), name);
    }
    line(visit.say("Days", "日期"), format!("{} – {}", text("from"), text("to")));
    line(visit.say("Working days", "工作日"), said.unwrap_or_default());
    let shown = fields::all(sort.kind)
        .filter(|field| !["firm", "skill", "headcount", "from", "to"].contains(&field.member));
    for field in shown {
        let value = &row[field.member];
        let value = match field.sort {
            Held::Flag if value.is_null() || *value == json!(false) => String::new(),
            Held::Flag => visit.say("yes", "是").to_string(),
            Held::Choice(_) => value
                .as_str()
                .map(|code| texts::priority(code, visit.language))
                .unwrap_or_default()
                .to_string(),
            Held::Money => value.as_i64().map(yuan).unwrap_or_default(),
            _ => field.typed(value),
        };
        line(visit.say(field.name.0, field.name.1), value);
    }
    if row["priority_asked"] == "urgent" {
        line(
            visit.say("How urgent", "紧急程度"),
            visit.say("urgent, to be confirmed", "紧急（待园区确认）").to_string(),
        );
    }
    line(visit.say("Changed", "最后修改"), visit.instant(text("changed")));
    Ok(html! { dl class="facts" { @for (name, value) in lines { div { dt { (name) } dd { (value) } } } } })
}

/// `GET …/{id}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let (row, sight) = seen(&app, &visit, sort, &id).await?;
    if sight != Sight::Full {
        return Err(Problem::new(&NOT_FOUND));
    }
    let mut values = fields::values(sort.kind, &row);
    name_skill(&app, &mut values).await?;
    values.set("version", row["version"].to_string());
    let form = form(&app, &visit, sort, Some(&id), &values, &Faults::default()).await?;
    Ok(visit.page(form_title(&visit, sort, true), &form))
}

/// The call of a change to the version that a form was filled from.
fn versioned(visit: &mut Visit, values: &Values) {
    visit.call.if_match = Some(format!("\"{}\"", values.get("version")));
}

/// `POST …/{id}`
pub async fn change(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let values = Values::parsed(&body);
    versioned(&mut visit, &values);
    let row = sent(&app, sort, &values, true).await?;
    let sent = Json::of(&row.into());
    let changed = rows::patch(State(app.clone()), visit.call.clone(), Some(Path(id.clone())), sent).await;
    let Err(problem) = changed else { return Ok(onward(&format!("{}?done=changed", at(sort, &id)))) };
    let faults = Faults::of(&problem, visit.language);
    let mut values = values;
    let mut theirs = None;
    if problem.code() == VERSION_MISMATCH.code {
        let (row, _) = seen(&app, &visit, sort, &id).await?;
        // what is sent next is for what the caller has seen now
        values.set("version", row["version"].to_string());
        theirs = Some(conflict(&app, &visit, sort, &values, &row).await?);
    }
    let form = form(&app, &visit, sort, Some(&id), &values, &faults).await?;
    let body = html! { @if let Some(theirs) = theirs { (theirs) } (form) };
    Ok(visit.refused(form_title(&visit, sort, true), &problem, &body))
}

/// Both versions of a posting that somebody else has changed meanwhile, where they differ.
async fn conflict(
    app: &App,
    visit: &Visit,
    sort: &Sort,
    mine: &Values,
    row: &Value,
) -> Result<Markup, Problem> {
    let mut theirs = fields::values(sort.kind, row);
    name_skill(app, &mut theirs).await?;
    let differing: Vec<(&str, String, String)> = fields::all(sort.kind)
        .filter(|field| field.sort != Held::Firm && mine.get(field.member) != theirs.get(field.member))
        .map(|field| {
            let (their, your) = (theirs.get(field.member), mine.get(field.member));
            (visit.say(field.name.0, field.name.1), their.to_string(), your.to_string())
        })
        .collect();
    Ok(super::form::conflict(visit, &differing))
}

/// `POST …/{id}/withdraw`
pub async fn withdraw(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    versioned(&mut visit, &Values::parsed(&body));
    rows::delete(State(app), visit.call, Path(id.clone())).await?;
    Ok(onward(&format!("{}?done=withdrawn", at(sort, &id))))
}

/// `POST …/{id}/reopen`
pub async fn reopen(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    versioned(&mut visit, &Values::parsed(&body));
    let open = Json::of(&json!({ "state": "open" }));
    rows::patch(State(app), visit.call, Some(Path(id.clone())), open).await?;
    Ok(onward(&format!("{}?done=reopened", at(sort, &id))))
}
