//! Who could be the partner of a posting, and who is kept away by which rule: what `/v1/options` answers, with names.

use maud::{Markup, html};
use serde_json::Value;
use tiaoji_formats::NewPosting;
use tiaoji_formats::messages::{Language, reason_code, reason_name};
use tiaoji_store::{Error, Kind};

use super::form::yuan;
use super::skills::Skills;
use super::visit::Visit;
use super::written::whole_yuan;
use crate::app::App;
use crate::options::options;
use crate::problem::Problem;
use crate::zone::sight::{Eyes, Sight};
use crate::zone::sort::{SHORTAGES, SURPLUS, Sort};

/// The partners of a posting of ours.
///
/// # Errors
/// Those of the options.
pub async fn section(
    app: &App,
    visit: &Visit,
    sort: &Sort,
    id: &str,
    skills: &Skills,
) -> Result<Markup, Problem> {
    let lends = sort.kind == Kind::Surplus;
    let side = if lends { NewPosting::Surplus } else { NewPosting::Shortage };
    let call = visit.call.of("options")?;
    let found = options(app, &call, side, &id.into()).await?;
    let none = Vec::new();
    let choices = found["options"].as_array().unwrap_or(&none);
    let lines = lines(app, visit, if lends { &SHORTAGES } else { &SURPLUS }, choices).await?;
    let title = if lends {
        visit.say("Who needs them", "谁需要")
    } else {
        visit.say("Who could lend", "谁能借出")
    };
    let day_pay = |theirs: &Value| theirs["day_pay_fen"].as_i64();
    let own_pay = if lends { None } else { own(app, sort, id).await?["day_pay_fen"].as_i64() };
    let heads = [
        visit.say("Skill", "工种"),
        visit.say("Distance", "距离"),
        visit.say("Workers", "人数"),
        visit.say("Days", "日期"),
        visit.say("Pay", "工资"),
    ];
    let cells = |(choice, theirs): &(&Value, Value)| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let days = choice["worker_days"].as_i64().unwrap_or_default();
        let pay = if lends { day_pay(theirs) } else { own_pay };
        let paid = pay.map_or_else(
            || visit.say("to be agreed", "面议").to_string(),
            |fen| {
                visit.language.choose(
                    format!("¥{} a day × {days} = {}", yuan(fen), whole_yuan(fen * days, visit.language)),
                    format!(
                        "每天 {} 元 × {days} 人天 = {}",
                        yuan(fen),
                        whole_yuan(fen * days, visit.language)
                    ),
                )
            },
        );
        [
            skills.name(&text(&theirs["skill"])).to_string(),
            theirs["distance_km"]
                .as_f64()
                .map(|km| visit.language.choose(format!("{km} km"), format!("{km} 公里")))
                .unwrap_or_default(),
            choice["count"].to_string(),
            format!("{} – {}", text(&choice["from"]), text(&choice["to"])),
            paid,
        ]
    };
    Ok(html! {
        section class="partners" {
            h2 { (title) }
            @if found["plan_id"].is_null() {
                p class="hint" { (visit.say("As if nothing were planned yet.", "按目前尚无安排计算。")) }
            } @else {
                p class="hint" { (visit.say("Beside what the zone's plan has already.", "已考虑园区现有方案中的安排。")) }
            }
            @if lines.is_empty() {
                p { (visit.say("Nobody fits just now. Below is what keeps them away.", "目前没有合适的对象，原因见下。")) }
            } @else {
                table class="cards" {
                    thead { tr { th { (visit.say("Firm", "企业")) } @for head in heads { th { (head) } } } }
                    tbody {
                        @for one in &lines {
                            tr {
                                th scope="row" {
                                    (one.1["firm_name"].as_str().unwrap_or_default())
                                    @if let Some(alliance) = one.1["alliance"].as_str() { " " span class="soft" { (alliance) } }
                                    @if one.0["in_plan"] == true { " " span class="state" { (visit.say("in the plan", "方案中")) } }
                                }
                                @for (head, cell) in heads.iter().zip(cells(one)) { td data-head=(head) { (cell) } }
                            }
                        }
                    }
                }
                p class="hint" { (visit.say("The zone matches everybody together; nothing is agreed until both sides accept.",
                    "由园区统一调剂；双方都接受后才算达成。")) }
            }
            (kept_away(visit, &found))
        }
    })
}

/// The columns of a posting.
async fn own(app: &App, sort: &Sort, id: &str) -> Result<Value, Problem> {
    Ok(sort.full(&app.store.view().await?.record(sort.kind, id).await?))
}

/// The choices, each with what the caller sees of the partner's posting.
async fn lines<'a>(
    app: &App,
    visit: &Visit,
    partners: &'static Sort,
    choices: &'a [Value],
) -> Result<Vec<(&'a Value, Value)>, Problem> {
    let column = if partners.kind == Kind::Surplus { "surplus" } else { "shortage" };
    let mut view = app.store.view().await?;
    let eyes = Eyes::of(&mut view, &visit.call, partners).await?;
    let (mut seen, mut records) = (Vec::new(), Vec::new());
    for choice in choices {
        match view.record(partners.kind, choice[column].as_str().unwrap_or_default()).await {
            Ok(record) if eyes.sight(partners, &record) != Sight::Hidden => {
                seen.push(choice);
                records.push(record);
            }
            Ok(_) | Err(Error::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    let mut rows = eyes.show(&mut view, partners, &records).await?;
    for row in &mut rows {
        if let (Some(firm), true) = (row["firm"].as_str(), row["firm_name"].is_null()) {
            let firm = crate::zone::sort::body(&view.record(Kind::Firm, firm).await?);
            row["firm_name"] = firm.get("name").cloned().unwrap_or_default();
            row["alliance"] = firm.get("alliance").cloned().unwrap_or_default();
        }
    }
    Ok(seen.into_iter().zip(rows).collect())
}

/// Who is ruled out: by rule, how many, and the nearest.
fn kept_away(visit: &Visit, found: &Value) -> Markup {
    let none = Vec::new();
    let mut rules: Vec<&Value> = found["ruled_out"].as_array().unwrap_or(&none).iter().collect();
    // what a change would mend first
    rules.sort_by_key(|rule| rule["nearest"].as_array().is_none_or(Vec::is_empty));
    let name = |rule: &Value| {
        reason_code(rule["rule"].as_str().unwrap_or_default()).map(|rule| reason_name(rule, visit.language))
    };
    let text = if visit.language == Language::Zh { "text_zh" } else { "text" };
    let nearest = |rule: &Value| -> Vec<String> {
        let near = rule["nearest"].as_array().into_iter().flatten();
        near.filter_map(|miss| miss[text].as_str().map(str::to_string)).collect()
    };
    html! {
        @if !rules.is_empty() {
            h3 { (visit.say("Who does not fit, and why", "不合适的，原因如下")) }
            ul class="kept-away" {
                @for rule in rules {
                    li {
                        strong { @if let Some(name) = name(rule) { (name) } } (visit.say(": ", "："))
                        (visit.language.choose(format!("{} postings", rule["postings"]), format!("{} 条登记", rule["postings"])))
                        @let near = nearest(rule);
                        @if !near.is_empty() { ul { @for miss in near { li { (miss) } } } }
                    }
                }
            }
        }
    }
}
