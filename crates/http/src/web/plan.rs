//! One plan: the report's pictures and tables, why a posting stays open, what is another than in the plan in force; publishing.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use tiaoji_formats::{plan_workbook, report_sections};
use tiaoji_store::Plan;

use super::answers::document;
use super::changes;
use super::form::Values;
use super::shell::onward;
use super::visit::Visit;
use super::written::{percent, signed, whole_yuan};
use crate::app::App;
use crate::parameters::Parameters;
use crate::plans::{self, held, in_a_slot};
use crate::practice::publish;
use crate::problem::Problem;
use crate::runs::calls::XLSX;
use crate::who::Role;

/// `GET /plans/{id}`
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let mut view = app.store.view().await?;
    let plan = view.plan(&id).await?;
    let others = plans::published(&mut view).await?;
    // one that is in force is held against the one before it
    let against = match others.iter().position(|other| other.id == id) {
        Some(place) => others.get(place + 1),
        None => others.first(),
    };
    drop(view);
    let (scenario, file) = held(&app.store, &id).await?;
    let (language, link) = (visit.language, format!("/plans/{id}"));
    let report = in_a_slot(&app, move |_| report_sections(&scenario, &file, &link, language)).await?;
    let against = match against {
        Some(other) => Some(comparison(&app, &visit, other.id.as_str(), &plan).await?),
        None => None,
    };
    let version = plan.version.to_string();
    let act = |verb: &str, name: &str, ask: &str| {
        html! {
            form method="post" action=(format!("/plans/{id}/{verb}")) data-ask=(ask) {
                input type="hidden" name="version" value=(version);
                button { (name) }
            }
        }
    };
    let title = visit.language.choose(format!("Plan {id}"), format!("方案 {id}"));
    let body = html! {
        (visit.watch("plan"))
        @match done.as_deref() {
            Some("published") => p role="status" class="notice" { (visit.say("In force now.", "已公布。")) },
            Some("unpublished") => p role="status" class="notice" { (visit.say("No longer in force.", "已撤销公布。")) },
            _ => {}
        }
        div class="report" {
            header { (PreEscaped(&report.headline)) }
            p class="soft" {
                (id) " · " (visit.instant(&crate::zone::sort::instant(plan.created))) " · "
                @if plan.published.is_some() { strong { (visit.say("in force", "已公布")) } }
                @else { (visit.say("not published", "尚未公布")) }
            }
            div class="actions" {
                @if visit.role() == Some(Role::Zone) {
                    @if plan.published.is_some() {
                        (act("unpublish", visit.say("Take it back", "撤销公布"), visit.say("Take this plan back?", "确定撤销公布吗？")))
                    } @else {
                        (act("publish", visit.say("Publish", "公布"), visit.say("Put this plan in force?", "确定公布这份方案吗？")))
                    }
                    a class="button second" href="/what-if" { (visit.say("What if …", "假如……")) }
                }
                a class="button second" href=(format!("/plans/{id}/book")) { (visit.say("Workbook", "下载 Excel")) }
                a class="button second" href=(format!("/v1/plans/{id}/report")) { (visit.say("To print", "打印版")) }
            }
            @if let Some(against) = &against { (against) }
            nav aria-label=(visit.say("Sections", "目录")) {
                ol { @for section in &report.sections { li { a href=(format!("#{}", section.id)) { (section.title) } } } }
            }
            @for section in &report.sections {
                section id=(section.id) aria-labelledby=(format!("{}-head", section.id)) {
                    h2 id=(format!("{}-head", section.id)) { (section.title) }
                    (PreEscaped(&section.body))
                }
            }
        }
    };
    Ok(visit.page(&title, &body))
}

/// What a plan has otherwise than the one in force, or than the one that was in force before it.
async fn comparison(app: &App, visit: &Visit, before: &str, plan: &Plan) -> Result<Markup, Problem> {
    let (after, is_published) = (plan.id.as_str(), plan.published.is_some());
    let path = Path((before.to_string(), after.to_string()));
    let found = document(plans::compare(State(app.clone()), path).await?).await?;
    let pairs = changes::of_the_zone(app, visit, before, after).await?;
    Ok(html! {
        section class="against" {
            h2 {
                @if is_published { (visit.language.choose(format!("Against {before}, the plan before"), format!("与上一份方案 {before} 相比"))) }
                @else { (visit.language.choose(format!("Against {before}, which is in force"), format!("与已公布的 {before} 相比"))) }
            }
            (difference(visit, [&found["kpis"][0], &found["kpis"][1]], [&found["objective_fen"][0], &found["objective_fen"][1]],
                [if is_published { visit.say("before", "之前") } else { visit.say("in force", "已公布") }, visit.say("this plan", "本方案")]))
            (pairs)
        }
    })
}

/// Two plans in figures, and the difference.
pub fn difference(visit: &Visit, kpis: [&Value; 2], objective: [&Value; 2], heads: [&str; 2]) -> Markup {
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let count = |name: &str| kpis.map(|kpis| number(&kpis[name]));
    let line = |name: &'static str, values: [i64; 2]| {
        (name, values.map(tiaoji_formats::pictures::thousands), signed(values[1] - values[0]))
    };
    let filled =
        kpis.map(|kpis| percent(number(&kpis["filled_worker_days"]), number(&kpis["demanded_worker_days"])));
    let costs = objective.map(number);
    let say = |en, zh| visit.language.choose(en, zh);
    let lines = [
        (say("Filled", "满足率"), filled, String::new()),
        line(say("Worker-days filled", "满足人天"), count("filled_worker_days")),
        line(say("Worker-days open", "仍缺人天"), count("unfilled_worker_days")),
        line(say("Secondments", "借调条数"), count("secondments")),
        line(say("Starts", "上岗人次"), count("starts")),
        line(say("Worker-days lent to other alliances", "跨联盟人天"), count("lent_across_alliance_days")),
        (
            say("Cost", "成本"),
            costs.map(|fen| whole_yuan(fen, visit.language)),
            signed(tiaoji_core::units::round_half_up(i128::from(costs[1] - costs[0]), 100) as i64),
        ),
    ];
    html! {
        table class="cards" {
            thead { tr { th { (visit.say("Figure", "指标")) } th class="number" { (heads[0]) } th class="number" { (heads[1]) } th class="number" { (visit.say("Difference", "差额")) } } }
            tbody { @for (name, values, difference) in lines {
                tr {
                    th scope="row" { (name) }
                    @for (head, value) in heads.iter().zip(values) { td class="number" data-head=(head) { (value) } }
                    td class="number" data-head=(visit.say("Difference", "差额")) { (difference) }
                }
            } }
        }
    }
}

/// `GET /plans/{id}/book`: the plan as a workbook.
pub async fn book(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    let (scenario, plan) = held(&app.store, &id).await?;
    let language = visit.language;
    let book = in_a_slot(&app, move |_| plan_workbook(&scenario, &plan, language)).await?;
    let name = format!("attachment; filename=\"plan-{id}.xlsx\"");
    Ok(([(CONTENT_TYPE, XLSX.to_string()), (CONTENT_DISPOSITION, name)], book).into_response())
}

/// `POST /plans/{id}/publish`
pub async fn publish(
    app: State<App>,
    visit: Visit,
    id: Path<String>,
    body: String,
) -> Result<Response, Problem> {
    put_in_force(app, visit, id, &body, true).await
}

/// `POST /plans/{id}/unpublish`
pub async fn unpublish(
    app: State<App>,
    visit: Visit,
    id: Path<String>,
    body: String,
) -> Result<Response, Problem> {
    put_in_force(app, visit, id, &body, false).await
}

/// What today's data no longer allow, and why.
fn not_proposed(visit: &Visit, title: &str, id: &str, skipped: &[Value]) -> Markup {
    let message = visit.language.choose("message", "message_zh");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let why = |one: &Value| -> Vec<String> {
        one["reasons"].as_array().into_iter().flatten().map(|reason| text(&reason[message])).collect()
    };
    html! {
        h1 { (title) }
        p { (visit.say("What has changed since the plan was made does not allow these; the firms were not asked.",
            "方案完成后情况有变，以下借调不再可行，未向企业提出。")) }
        ul { @for one in skipped {
            li {
                (text(&one["surplus"])) " → " (text(&one["shortage"])) " · " (one["count"].to_string()) " · "
                (text(&one["from"])) " – " (text(&one["to"])) (visit.say(": ", "："))
                (why(one).join(visit.say("; ", "；")))
            }
        } }
        p { a class="button" href=(format!("/plans/{id}")) { (visit.say("To the plan", "查看方案")) } }
    }
}

async fn put_in_force(
    app: State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
    body: &str,
    is_on: bool,
) -> Result<Response, Problem> {
    visit.call.if_match = Some(format!("\"{}\"", Values::parsed(body).get("version")));
    let (call, path) = (visit.call.clone(), Path(id.clone()));
    let done = if is_on {
        publish::publish(app, call, path, Parameters::default()).await
    } else {
        publish::unpublish(app, call, path).await
    };
    match done {
        Ok(done) => {
            let skipped = document(done).await?["skipped"].as_array().cloned().unwrap_or_default();
            if skipped.is_empty() {
                return Ok(onward(&format!(
                    "/plans/{id}?done={}",
                    if is_on { "published" } else { "unpublished" }
                )));
            }
            let title = visit.say("Published, but for these", "已公布，以下除外");
            Ok(visit.page(title, &not_proposed(&visit, title, &id, &skipped)))
        }
        Err(problem) => {
            let title = problem.title(visit.language);
            Ok(visit.refused(title, &problem, &html! {
                h1 { (title) }
                p { (problem.told(visit.language)) }
                p { (visit.say("Somebody else was at this plan. Look at it as it is now.", "其他人刚操作过这份方案，请查看最新状态。")) }
                p { a class="button" href=(format!("/plans/{id}")) { (visit.say("Look at it", "查看")) } }
            }))
        }
    }
}
