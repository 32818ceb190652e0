//! Why a posting stays open or idle in a plan, who lends it whom meanwhile, and what would change that; and the same of a skill
//! in a week.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::messages::{Language, reason_code, reason_name};
use tiaoji_formats::{PlanFile, skill_period, stretch_anchor};

use super::answers::{document, parameters};
use super::days::day;
use super::register::Firms;
use super::skills::Skills;
use super::visit::Visit;
use crate::app::App;
use crate::lists::percent_encoded;
use crate::plans::{self, held, in_a_slot};
use crate::problem::{NOT_FOUND, Problem};

/// `GET /plans/{id}/why/{posting}`: why a posting stays open or idle in it, and what would change that.
pub async fn why(
    State(app): State<App>,
    visit: Visit,
    Path((id, posting)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let query = parameters(plans::POSTING, &[("posting", &posting)])?;
    let found = document(plans::explanation(State(app.clone()), Path(id.clone()), query).await?).await?;
    let mut view = app.store.view().await?;
    let (skills, firms) = (Skills::of(&mut view).await?, Firms::of(&mut view).await?);
    drop(view);
    let (scenario, file) = held(&app.store, &id).await?;
    let is_zh = visit.language == Language::Zh;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let said = |value: &Value| text(&value[if is_zh { "text_zh" } else { "text" }]);
    let named = |code: &str| {
        reason_code(code)
            .map_or_else(|| code.to_string(), |known| reason_name(known, visit.language).to_string())
    };
    let none = Vec::new();
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let title = visit.language.choose(format!("Why: {posting}"), format!("为什么：{posting}"));
    let one = |explained: &Value, is_open: bool| {
        html! {
            p class="lead" {
                (firms.name(&text(&explained["firm"]))) " · " (skills.name(&text(&explained["skill"]))) " · "
                (if is_open {
                    visit.language.choose(format!("{} worker-days open", explained["worker_days"]), format!("仍缺 {} 人天", explained["worker_days"]))
                } else {
                    visit.language.choose(format!("{} worker-days idle", explained["worker_days"]), format!("闲置 {} 人天", explained["worker_days"]))
                })
            }
            @let remedies = list(&explained["remedies"]);
            @if !remedies.is_empty() {
                h2 { (visit.say("What would fill it", "怎样才能满足")) }
                ol class="suggestions" { @for remedy in &remedies {
                    li { (said(remedy)) (visit.say(": ", "："))
                        (visit.language.choose(format!("{} worker-days more", remedy["worker_days"]), format!("多满足 {} 人天", remedy["worker_days"])))
                    }
                } }
            }
            @let blocked = list(&explained["blocked"]);
            @if !blocked.is_empty() {
                h2 { (visit.say("Who is kept away", "被哪些规则挡住")) }
                ul class="kept-away" { @for rule in &blocked {
                    li {
                        strong { (named(rule["rule"].as_str().unwrap_or_default())) } (visit.say(": ", "："))
                        (visit.language.choose(format!("{} postings", rule["postings"]), format!("{} 条登记", rule["postings"])))
                        ul { @for miss in rule["nearest"].as_array().unwrap_or(&none) { li { (said(miss)) } } }
                    }
                } }
            }
        @let stretches = list(&explained["stretches"]);
            @if !stretches.is_empty() {
                h2 { (visit.say("Day by day", "逐日情况")) }
                table class="cards" {
                    thead { tr { th { (visit.say("Days", "日期")) } th { (visit.say("Workers", "人数")) } th { (visit.say("Why", "原因")) } } }
                    tbody { @for stretch in &stretches {
                        tr {
                            th scope="row" { (text(&stretch["from"])) " – " (text(&stretch["to"])) }
                            td data-head=(visit.say("Workers", "人数")) { (stretch["count"].to_string()) }
                            td data-head=(visit.say("Why", "原因")) {
                                (list(&stretch["reasons"]).iter().map(|reason| named(reason["code"].as_str().unwrap_or_default()))
                                    .collect::<Vec<_>>().join(visit.say(", ", "、")))
                            }
                        }
                    } }
                }
            }
        }
    };
    let lent = lent(&visit, &id, &posting, &scenario, &file);
    let body = html! {
        h1 { (title) }
        @for explained in &list(&found["unfilled"]) { (one(explained, true)) }
        @for explained in &list(&found["idle"]) { (one(explained, false)) }
        (lent)
        (back(&visit, &id))
    };
    Ok(visit.page(&title, &body))
}

fn back(visit: &Visit, plan: &str) -> Markup {
    html! { p { a href=(format!("/plans/{}", percent_encoded(plan))) { (visit.say("Back to the plan", "回到方案")) } } }
}

/// What the plan lends of a surplus, or for a shortage; a bar of the calendar leads to its line here.
fn lent(visit: &Visit, plan: &str, posting: &str, scenario: &Scenario, file: &PlanFile) -> Markup {
    let rows: Vec<_> = file
        .secondments
        .iter()
        .filter(|s| s.surplus == posting || s.shortage == posting)
        .map(|s| (s, if s.surplus == posting { s.shortage.as_str() } else { s.surplus.as_str() }))
        .collect();
    let firm = |id: &str| {
        let surplus = scenario.surplus().iter().find(|s| s.id == id).map(|s| s.firm);
        let firm = surplus.or_else(|| scenario.shortages().iter().find(|d| d.id == id).map(|d| d.firm));
        firm.map_or("", |firm| scenario.firm(firm).name.as_str())
    };
    let [name, days, workers] =
        [visit.say("Firm", "企业"), visit.say("Days", "日期"), visit.say("Workers", "人数")];
    html! {
        @if !rows.is_empty() {
            h2 { (visit.say("What the plan lends", "方案安排的借调")) }
            table class="cards" {
                thead { tr { th { (visit.say("With the posting", "对方登记")) } th { (name) } th { (days) } th class="number" { (workers) } } }
                tbody { @for (s, other) in rows {
                    tr id=(stretch_anchor(&s.surplus, s.from.0)) {
                        th scope="row" { a href=(format!("/plans/{}/why/{}", percent_encoded(plan), percent_encoded(other))) { (other) } }
                        td data-head=(name) { (firm(other)) }
                        td data-head=(days) { (s.from.0) " – " (s.to.0) }
                        td class="number" data-head=(workers) { (s.count) }
                    }
                } }
            }
        }
    }
}

/// `GET /plans/{id}/skills/{skill}/{from}`: what a field of a heat map stands for.
pub async fn period(
    State(app): State<App>,
    visit: Visit,
    Path((id, skill, from)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let missing = || Problem::new(&NOT_FOUND);
    let first = day(&from).ok_or_else(missing)?;
    let (scenario, file) = held(&app.store, &id).await?;
    let (language, link) = (visit.language, format!("/plans/{}", percent_encoded(&id)));
    let section = in_a_slot(&app, move |_| skill_period(&scenario, &file, (&skill, first), &link, language));
    let section = section.await?.ok_or_else(missing)?;
    let body = html! { div class="report" { (PreEscaped(&section.body)) } (back(&visit, &id)) };
    Ok(visit.page(section.title, &body))
}
