//! The calendar of the zone: the exceptions to its days of rest.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::answers::{document, parameters};
use super::days::{day, weekday};
use super::form::{Faults, Field, Sort, Values, summary};
use super::shell::onward;
use super::texts::Names;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::lists::{PAGE, percent_encoded};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::who::{Call, Role};
use crate::zone::rows;

const KINDS: Names = &[("false", "a day of rest", "休息"), ("true", "a working day", "上班")];
const DATE: Field =
    Field { member: "date", sort: Sort::Date, is_needed: true, name: ("Date", "日期"), hint: ("", "") };
const WORKING: Field = Field {
    member: "working",
    sort: Sort::Choice(KINDS),
    is_needed: true,
    name: ("It is", "当天"),
    hint: ("against the weekly days of rest", "与每周休息日不同的安排"),
};

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("Calendar", "日历")
}

fn call(visit: &Visit, id: &str) -> Result<Call, Problem> {
    visit.call.of(&format!("{id}_calendar"))
}

/// `GET /settings/calendar`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let list = list(&app, &visit, &Values::default(), &Faults::default()).await?;
    let inside = html! {
        @if done.is_some() { p role="status" class="notice" { (visit.say("Saved.", "已保存。")) } }
        (list)
    };
    Ok(visit.page(title(&visit), &inside))
}

async fn list(app: &App, visit: &Visit, values: &Values, faults: &Faults) -> Result<Markup, Problem> {
    let given = parameters(PAGE, &[("limit", "500")])?;
    let page = document(rows::list(State(app.clone()), call(visit, "list")?, given).await?).await?;
    let none = Vec::new();
    let days = page["items"].as_array().unwrap_or(&none);
    let may_change = visit.role() == Some(Role::Zone);
    let text = |row: &Value| row["date"].as_str().unwrap_or_default().to_string();
    let (what, name) = (visit.say("It is", "当天"), visit.say("Weekday", "星期"));
    Ok(html! {
        (visit.watch("calendar"))
        h1 { (title(visit)) }
        p { (visit.say("Days that are not as the weekly days of rest of the policy have it.", "与政策中每周休息日不同的日子：节假日、调休。")) }
        @if may_change {
            (summary(visit, faults, &[&DATE, &WORKING]))
            form method="post" action="/settings/calendar" class="fields" {
                (DATE.markup(visit, values, faults, &[]))
                (WORKING.markup(visit, values, faults, &[]))
                button { (visit.say("Add", "添加")) }
            }
        }
        @if days.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
        @else {
            table class="cards" {
                thead { tr {
                    th { (visit.say("Date", "日期")) } th { (name) } th { (what) }
                    @if may_change { th { span class="unseen" { (visit.say("Remove", "删除")) } } }
                } }
                tbody { @for row in days {
                    @let date = text(row);
                    tr {
                        th scope="row" { (date) }
                        td data-head=(name) { @if let Some(day) = day(&date) { (weekday(day, visit.language)) } }
                        td data-head=(what) { (if row["working"] == true { visit.say("a working day", "上班") } else { visit.say("a day of rest", "休息") }) }
                        @if may_change {
                            td {
                                form method="post" action=(format!("/settings/calendar/{}/remove", percent_encoded(&date))) {
                                    input type="hidden" name="version" value=(row["version"].to_string());
                                    button class="plain" aria-label=(visit.language.choose(format!("Remove {date}"), format!("删除 {date}"))) { (visit.say("remove", "删除")) }
                                }
                            }
                        }
                    }
                } }
            }
        }
    })
}

/// `POST /settings/calendar`
pub async fn add(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let sent = json!({ "date": values.get("date"), "working": values.get("working") == "true" });
    match rows::create(State(app.clone()), call(&visit, "create")?, Json::of(&sent)).await {
        Ok(_) => Ok(onward("/settings/calendar?done=made")),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let list = list(&app, &visit, &values, &faults).await?;
            Ok(visit.refused(title(&visit), &problem, &list))
        }
    }
}

/// `POST /settings/calendar/{date}/remove`
pub async fn remove(
    State(app): State<App>,
    visit: Visit,
    Path(date): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let mut call = call(&visit, "delete")?;
    call.if_match = Some(format!("\"{}\"", Values::parsed(&body).get("version")));
    rows::delete(State(app), call, Path(date)).await?;
    Ok(onward("/settings/calendar?done=removed"))
}
