//! Meetings and visits: what was held, who came; the newest first.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::form::{Faults, Field, Sort, Values, summary};
use super::postings::firms;
use super::register::{Firms, MOST, every, head, may_write, more, text};
use super::shell::onward;
use super::texts;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::lists::percent_encoded;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::register::MEETING_FILTERS;
use crate::zone::rows;

const fn field(
    member: &'static str,
    sort: Sort,
    is_needed: bool,
    name: (&'static str, &'static str),
    hint: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed, name, hint }
}

const DATE: Field = field("date", Sort::Date, true, ("Date", "日期"), ("", ""));
const KIND: Field = field("kind", Sort::Choice(texts::MEETINGS), true, ("What", "类型"), ("", ""));
const FIRM: Field = field("firm", Sort::Firm, false, ("Firm", "企业"), ("", ""));
const OTHERS: Field = field(
    "firms",
    Sort::List,
    false,
    ("Other firms that came", "其他到会企业"),
    ("names or numbers, with a comma between", "名称或编号，用逗号分隔"),
);
const ALLIANCE: Field = field("alliance", Sort::Firm, false, ("Of the alliance", "所属联盟"), ("", ""));
const NOTE: Field = field("note", Sort::Text, false, ("Note", "纪要"), ("", ""));
const FIELDS: [&Field; 6] = [&DATE, &KIND, &FIRM, &OTHERS, &ALLIANCE, &NOTE];

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("Meetings and visits", "会议与走访")
}

/// `GET /register/meetings`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let mut values = Values::default();
    values.set("date", visit.clock.day(app.store.view().await?.now().await?).to_string());
    let list = list(&app, &visit, &values, None).await?;
    let inside = html! {
        @if done.is_some() { p role="status" class="notice" { (visit.say("Noted.", "已记录。")) } }
        (list)
    };
    Ok(visit.page(title(&visit), &inside))
}

async fn list(app: &App, visit: &Visit, values: &Values, back: Option<&Faults>) -> Result<Markup, Problem> {
    let mut held = every(app, visit.call.of("list_meeting")?, MEETING_FILTERS, &[], rows::list).await?;
    held.sort_by(|a, b| (text(b, "date"), text(b, "id")).cmp(&(text(a, "date"), text(a, "id"))));
    let mut view = app.store.view().await?;
    let (known, own) = (Firms::of(&mut view).await?, firms(&mut view, visit).await?);
    drop(view);
    let [what, alliance, came, officer, note] = [
        visit.say("What", "类型"),
        visit.say("Alliance", "联盟"),
        visit.say("Firms", "企业"),
        visit.say("Officer", "服务专员"),
        visit.say("Note", "纪要"),
    ];
    Ok(html! {
        (visit.watch("meeting"))
        (head(visit, "/register/meetings", title(visit)))
        @if may_write(visit) { (form(visit, values, back, &own, &known)) }
        @if held.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
        @else {
            table class="cards" {
                thead { tr {
                    th { (visit.say("Date", "日期")) }
                    @for name in [what, alliance, came, officer, note] { th { (name) } }
                    @if may_write(visit) { th { span class="unseen" { (visit.say("Remove", "删除")) } } }
                } }
                tbody { @for row in &held[..held.len().min(MOST)] {
                    tr {
                        th scope="row" { (text(row, "date")) }
                        td data-head=(what) { (texts::meeting(text(row, "kind"), visit.language)) }
                        td data-head=(alliance) { (text(row, "alliance")) }
                        td data-head=(came) { (names(visit, row, &known)) }
                        td data-head=(officer) { (text(row, "officer")) }
                        td data-head=(note) { (text(row, "note")) }
                        @if may_write(visit) { td { (removal(visit, row)) } }
                    }
                } }
            }
            (more(visit, held.len(), MOST))
        }
    })
}

/// Who came: a firm sees of a meeting that others were there too, not who.
fn names(visit: &Visit, row: &Value, known: &Firms) -> String {
    let ids: Vec<&str> = row["firms"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if visit.is_firm() {
        return ids.len().to_string();
    }
    ids.into_iter().map(|id| known.name(id)).collect::<Vec<_>>().join(visit.say(", ", "、"))
}

fn removal(visit: &Visit, row: &Value) -> Markup {
    let (id, date) = (text(row, "id"), text(row, "date"));
    let ask = visit.language.choose(format!("Remove {date}?"), format!("确定删除 {date} 的记录吗？"));
    html! {
        form method="post" action=(format!("/register/meetings/{}/remove", percent_encoded(id))) data-ask=(ask) {
            input type="hidden" name="version" value=(row["version"].to_string());
            button class="plain" aria-label=(visit.language.choose(format!("Remove {date} {id}"), format!("删除 {date} {id}"))) { (visit.say("remove", "删除")) }
        }
    }
}

fn form(
    visit: &Visit,
    values: &Values,
    back: Option<&Faults>,
    own: &[(String, String)],
    known: &Firms,
) -> Markup {
    let none = Faults::default();
    let faults = back.unwrap_or(&none);
    let alliances: Vec<(String, String)> =
        known.each("alliance").into_iter().map(|name| (name.clone(), name)).collect();
    html! {
        (summary(visit, faults, &FIELDS))
        details class="act" open[back.is_some()] {
            summary { (visit.say("Note a meeting or a visit", "登记会议或走访")) }
            form method="post" action="/register/meetings" class="fields" {
                @for field in FIELDS {
                    (field.markup(visit, values, faults, if field.member == ALLIANCE.member { &alliances } else { own }))
                }
                button { (visit.say("Note it", "登记")) }
            }
        }
    }
}

/// `POST /register/meetings`
pub async fn add(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let known = Firms::of(&mut app.store.view().await?).await?;
    let mut row: Map<String, Value> = FIELDS
        .iter()
        .filter(|field| ![FIRM.member, OTHERS.member].contains(&field.member))
        .filter_map(|field| Some((field.member.to_string(), field.sent(values.get(field.member))?)))
        .collect();
    let others = OTHERS.sent(values.get(OTHERS.member)).unwrap_or_default();
    let others = others.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut came: Vec<&str> = Vec::new();
    for firm in [values.get(FIRM.member)].into_iter().chain(others).filter(|firm| !firm.is_empty()) {
        let id = known.meant(firm);
        if !came.contains(&id) {
            came.push(id);
        }
    }
    row.insert(OTHERS.member.to_string(), came.into());
    match rows::create(State(app.clone()), visit.call.of("create_meeting")?, Json::of(&row.into())).await {
        Ok(_) => Ok(onward("/register/meetings?done=made")),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let list = list(&app, &visit, &values, Some(&faults)).await?;
            Ok(visit.refused(title(&visit), &problem, &list))
        }
    }
}

/// `POST /register/meetings/{id}/remove`
pub async fn remove(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let mut call = visit.call.of("delete_meeting")?;
    call.if_match = Some(format!("\"{}\"", Values::parsed(&body).get("version")));
    rows::delete(State(app), call, Path(id)).await?;
    Ok(onward("/register/meetings?done=removed"))
}
