//! Matching: asking for a run of the zone's data, watching it close in, stopping it when it is good enough; the plans there are.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;

use super::answers::{document, id_made, parameters};
use super::form::{Faults, Field, Sort, Values, summary};
use super::shell::onward;
use super::texts;
use super::visit::Visit;
use super::written::{percent, whole_yuan};
use crate::app::App;
use crate::lists::PAGE;
use crate::parameters::Parameters;
use crate::plans;
use crate::problem::Problem;
use crate::runs::calls;
use crate::who::Role;

const FROM: Field = Field {
    member: "from",
    sort: Sort::Date,
    is_needed: false,
    name: ("First day to plan", "从哪天开始安排"),
    hint: ("blank: three working days after today", "不填则为三个工作日之后"),
};
/// How long a run may take: as the API writes it, in English, in Chinese.
const LIMITS: [(&str, &str, &str); 3] =
    [("15s", "15 seconds", "15 秒"), ("60s", "1 minute", "1 分钟"), ("300s", "5 minutes", "5 分钟")];

/// `GET /match`
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = overview(&app, &visit, &Values::default(), &Faults::default()).await?;
    Ok(visit.page(visit.say("Matching", "调剂"), &page))
}

async fn overview(app: &App, visit: &Visit, values: &Values, faults: &Faults) -> Result<Markup, Problem> {
    let runs = calls::list(State(app.clone()), visit.call.of("list_runs")?, parameters(PAGE, &[])?).await?;
    let runs = document(runs).await?;
    let is_going = |run: &&Value| run["ended"].is_null();
    let going: Vec<&Value> = runs["items"].as_array().into_iter().flatten().filter(is_going).collect();
    Ok(html! {
        (visit.watch("plan run"))
        h1 { (visit.say("Matching", "调剂")) }
        @if visit.role() == Some(Role::Zone) {
            p { (visit.say("A run looks at everything that is posted and makes the best plan it can prove. Nothing is told to the firms before it is published.",
                "求解会综合所有登记，给出能证明最好的方案；公布之前不会通知企业。")) }
            (summary(visit, faults, &[&FROM]))
            form method="post" action="/match" class="fields" {
                (FROM.markup(visit, values, faults, &[]))
                div class="field" {
                    label for="time_limit" { (visit.say("At most", "最长用时")) }
                    select id="time_limit" name="time_limit" {
                        @for (limit, en, zh) in LIMITS {
                            option value=(limit) selected[limit == values.get("time_limit") || (values.get("time_limit").is_empty() && limit == "60s")] { (visit.say(en, zh)) }
                        }
                    }
                }
                button { (visit.say("Make a plan", "开始调剂")) }
            }
        }
        @if !going.is_empty() {
            h2 { (visit.say("Being solved", "正在求解")) }
            ul { @for run in going {
                li {
                    a href=(format!("/runs/{}", run["id"].as_str().unwrap_or_default())) { (run["id"].as_str().unwrap_or_default()) }
                    " " (texts::state(run["state"].as_str().unwrap_or_default(), visit.language))
                }
            } }
        }
        h2 { (visit.say("Plans", "方案")) }
        (table(app, visit).await?)
    })
}

/// The plans of the zone, the newest first.
///
/// # Errors
/// The database's.
pub async fn table(app: &App, visit: &Visit) -> Result<Markup, Problem> {
    let plans = plans::list(State(app.clone()), parameters(plans::FILTERS, &[])?).await?;
    let plans = document(plans).await?;
    let none = Vec::new();
    let plans = plans["items"].as_array().unwrap_or(&none);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let [made, filled, cost, gap] = [
        visit.say("Made", "时间"),
        visit.say("Filled", "已满足"),
        visit.say("Cost", "成本"),
        visit.say("Gap", "差距"),
    ];
    Ok(html! {
        @if plans.is_empty() { p class="soft" { (visit.say("None yet.", "暂无。")) } }
        @else {
            table class="cards" {
                thead { tr { th { (visit.say("Plan", "方案")) } th { (made) } th { (filled) } th { (cost) } th { (gap) } } }
                tbody { @for plan in plans {
                    @let kpis = &plan["summary"]["kpis"];
                    @let number = |name: &str| kpis[name].as_i64().unwrap_or_default();
                    tr {
                        th scope="row" {
                            a href=(format!("/plans/{}", text(&plan["id"]))) { (text(&plan["id"])) }
                            @if !plan["published"].is_null() { " " span class="state open" { (visit.say("in force", "已公布")) } }
                        }
                        td data-head=(made) { (visit.instant(&text(&plan["created"]))) }
                        td data-head=(filled) { (percent(number("filled_worker_days"), number("demanded_worker_days"))) }
                        td data-head=(cost) { (plan["summary"]["objective_fen"].as_i64().map(|fen| whole_yuan(fen, visit.language)).unwrap_or_default()) }
                        td data-head=(gap) { (plan["summary"]["gap"].as_f64().map(|gap| format!("{:.2} %", gap * 100.0)).unwrap_or_default()) }
                    }
                } }
            }
        }
    })
}

/// `POST /match`
pub async fn start(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let mut given = vec![("source", "zone")];
    given.extend(
        ["from", "time_limit"]
            .map(|name| (name, values.get(name)))
            .into_iter()
            .filter(|(_, value)| !value.is_empty()),
    );
    let queued = async {
        let query = parameters(calls::PARAMETERS, &given)?;
        calls::post(State(app.clone()), visit.call.of("create_run")?, query, Request::new(Body::empty()))
            .await
    };
    match queued.await {
        Ok(queued) => Ok(onward(&format!("/runs/{}?done=begun", id_made(&queued)))),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let page = overview(&app, &visit, &values, &faults).await?;
            Ok(visit.refused(visit.say("Matching", "调剂"), &problem, &page))
        }
    }
}

/// `GET /runs/{id}`: a script moves the figures; without it the page is loaded again. Who has just begun a run that is done
/// already goes on to its plan.
pub async fn run(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let begun = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let found = calls::get(State(app), visit.call.of("read_run")?, Path(id.clone())).await?;
    let run = document(found).await?;
    if let (Some(_), Some(plan)) = (begun, run["plan_id"].as_str()) {
        return Ok(onward(&format!("/plans/{plan}")));
    }
    let state = run["state"].as_str().unwrap_or_default();
    let has_ended = !run["ended"].is_null();
    let money =
        |name: &str| run[name].as_i64().map_or("–".to_string(), |fen| whole_yuan(fen, visit.language));
    let tiles = [
        ("objective", visit.say("Best plan so far costs", "目前最好方案成本"), money("objective_fen")),
        ("bound", visit.say("No plan costs less than", "任何方案都不低于"), money("bound_fen")),
        (
            "gap",
            visit.say("Gap", "差距"),
            run["gap"].as_f64().map_or("–".to_string(), |gap| format!("{:.3} %", gap * 100.0)),
        ),
        (
            "seconds",
            visit.say("Seconds", "用时（秒）"),
            run["seconds"].as_f64().map_or("–".to_string(), |s| format!("{s:.1}")),
        ),
    ];
    let title = visit.language.choose(format!("Run {id}"), format!("求解 {id}"));
    let events = (!has_ended).then(|| format!("/v1/runs/{id}/events"));
    let body = html! {
        div class="head" { h1 { (title) } span class="state" role="status" data-state { (texts::state(state, visit.language)) } }
        div data-run=[events] data-after=(format!("/runs/{id}/end")) data-locale=(crate::language::tag(visit.language))
            data-running=(texts::state("running", visit.language))
            data-lost=(visit.say("The connection was lost. Load the page again.", "连接已中断，请重新载入本页。")) {
            dl class="tiles" {
                @for (name, label, value) in tiles { div { dt { (label) } dd class="value" data-figure=(name) { (value) } } }
            }
            div data-chart role="img" aria-label=(visit.say("The cost of the best plan and the bound, over time", "最好方案的成本与下界随时间的变化")) {}
            @if !has_ended {
                p class="hint" { (visit.say("The two lines close in on each other: between them is all that could still be gained.",
                    "两条线越靠近越好：它们之间就是最多还能改进的余地。")) }
            }
        }
        div class="actions" {
            @if has_ended {
                @if let Some(plan) = run["plan_id"].as_str() { a class="button" href=(format!("/plans/{plan}")) { (visit.say("Look at the plan", "查看方案")) } }
            } @else {
                @if visit.role() == Some(Role::Zone) {
                    form method="post" action=(format!("/runs/{id}/stop")) {
                        button class="second" { (visit.say("Good enough: stop", "够好了，停止")) }
                    }
                }
                a href=(format!("/runs/{id}")) { (visit.say("Load again", "刷新")) }
            }
        }
    };
    Ok(visit.page(&title, &body))
}

/// `GET /runs/{id}/end`: on to its plan, or back to the run.
pub async fn end(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let run = document(calls::get(State(app), visit.call.of("read_run")?, Path(id.clone())).await?).await?;
    let plan = run["plan_id"].as_str().map(|plan| format!("/plans/{plan}"));
    Ok(onward(&plan.unwrap_or_else(|| format!("/runs/{id}"))))
}

/// `POST /runs/{id}/stop`: the best plan is kept.
pub async fn stop(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let stopped = calls::cancel(State(app), visit.call.of("cancel_run")?, Path(id.clone())).await;
    match stopped {
        // it has ended by itself meanwhile
        Err(problem) if problem.code() == crate::problem::STATE_CONFLICT.code => {}
        other => drop(other?),
    }
    Ok(onward(&format!("/runs/{id}")))
}
