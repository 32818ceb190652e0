//! The figures that a zone reports of its alliances and officers, and the table to keep.

use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use tiaoji_formats::pictures::thousands;

use super::answers::{document, parameters};
use super::form::Values;
use super::register::{head, text};
use super::visit::Visit;
use crate::app::App;
use crate::parameters::{Parameter, Parameters};
use crate::problem::Problem;
use crate::register::reports;

/// The days that are counted; a blank field of the form is no bound.
pub const DAYS: &[Parameter] = &[
    Parameter { name: "from", about: "Of this date or later.", schema: super::TEXT },
    Parameter { name: "to", about: "Of this date or earlier.", schema: super::TEXT },
];

/// The figures: member, English, Chinese.
const FIGURES: [(&str, &str, &str); 9] = [
    ("firms", "Firms", "企业"),
    ("exchange", "Exchange meetings", "交流会"),
    ("activity", "Joint activities", "联合活动"),
    ("benefit", "Public benefit", "公益活动"),
    ("visit", "Visits", "走访"),
    ("raised", "Problems raised", "问题"),
    ("answered", "Answered", "已答复"),
    ("solved", "Solved", "已解决"),
    ("median_days_to_answer", "Median days to answer", "答复天数中位数"),
];

/// The days of a query.
fn days(query: &mut Parameters) -> Values {
    let mut days = Values::default();
    for name in ["from", "to"] {
        days.set(name, query.take(name, |text| Ok(text.trim().to_string())).unwrap_or_default());
    }
    days
}

/// The same as the report takes them.
fn asked(days: &Values) -> Result<Parameters, Problem> {
    let given: Vec<(&str, &str)> = days.pairs().filter(|(_, day)| !day.is_empty()).collect();
    parameters(reports::DAYS, &given)
}

/// `GET /register/figures`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let days = days(&mut query);
    query.finish()?;
    let report = document(reports::alliances(State(app), HeaderMap::new(), asked(&days)?).await?).await?;
    let title = visit.say("Figures", "统计");
    let query = format!("from={}&to={}", days.get("from"), days.get("to"));
    let whose = [
        (visit.say("By alliance", "按联盟"), visit.say("Alliance", "联盟"), "alliances"),
        (visit.say("By officer", "按服务专员"), visit.say("Officer", "服务专员"), "officers"),
    ];
    let body = html! {
        (head(&visit, "/register/figures", title))
        form action="/register/figures" class="actions" {
            @for (name, said) in [("from", visit.say("From", "从")), ("to", visit.say("To", "到"))] {
                label for=(name) { (said) }
                input class="choice" type="date" id=(name) name=(name) value=(days.get(name));
            }
            button class="second" { (visit.say("Count", "统计")) }
            a class="button second" href=(format!("/register/figures/table?{query}")) { (visit.say("As a table (CSV)", "下载 CSV")) }
        }
        h2 { (visit.say("The whole zone", "全园区")) }
        dl class="facts" { @for (member, en, zh) in FIGURES { div { dt { (visit.say(en, zh)) } dd { (figure(&report["zone"][member])) } } } }
        @for (heading, head, member) in whose {
            h2 { (heading) }
            (of_each(&visit, head, report[member].as_array().map_or(&[], Vec::as_slice)))
        }
        (lending(&visit, &report))
    };
    Ok(visit.page(title, &body))
}

fn figure(value: &Value) -> String {
    match value {
        Value::Null => "–".to_string(),
        other => other.as_i64().map_or_else(|| other.to_string(), thousands),
    }
}

fn of_each(visit: &Visit, head: &str, rows: &[Value]) -> Markup {
    html! {
        @if rows.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
        @else {
            table class="cards" {
                thead { tr { th { (head) } @for (_, en, zh) in FIGURES { th class="number wraps" { (visit.say(en, zh)) } } } }
                tbody { @for row in rows { tr {
                    th scope="row" { (text(row, "name")) }
                    @for (member, en, zh) in FIGURES { td class="number" data-head=(visit.say(en, zh)) { (figure(&row[member])) } }
                } } }
            }
        }
    }
}

/// Who lends to whom in the plan in force.
fn lending(visit: &Visit, report: &Value) -> Markup {
    let rows = report["lending"].as_array().map_or(&[][..], Vec::as_slice);
    let none = visit.say("in no alliance", "未加入联盟");
    let name = |row: &Value, side: &str| row[side].as_str().unwrap_or(none).to_string();
    let [to, count, days] =
        [visit.say("To", "借入联盟"), visit.say("Secondments", "借调条数"), visit.say("Worker-days", "人天")];
    html! {
        h2 { (visit.say("Who lends to whom in the plan in force", "已公布方案中的联盟间借调")) }
        @if rows.is_empty() { p class="soft" { (visit.say("No plan is in force.", "尚无已公布的方案。")) } }
        @else {
            table class="cards" {
                thead { tr { th { (visit.say("From", "借出联盟")) } th { (to) } th class="number" { (count) } th class="number" { (days) } } }
                tbody { @for row in rows { tr {
                    th scope="row" { (name(row, "from")) }
                    td data-head=(to) { (name(row, "to")) }
                    td class="number" data-head=(count) { (figure(&row["secondments"])) }
                    td class="number" data-head=(days) { (figure(&row["worker_days"])) }
                } } }
            }
        }
    }
}

/// `GET /register/figures/table`: the same as CSV.
pub async fn table(State(app): State<App>, _: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let days = days(&mut query);
    query.finish()?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(reports::CSV));
    let mut answer = reports::alliances(State(app), headers, asked(&days)?).await?;
    let name = HeaderValue::from_static("attachment; filename=\"alliances.csv\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(answer)
}
