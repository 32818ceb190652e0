//! The policy of the zone: every rule with its unit and what it does; a form for the zone, facts for the others.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};
use tiaoji_formats::messages::Language;

use super::answers::document;
use super::form::{Faults, Field, Sort, Values, conflict, summary};
use super::shell::onward;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::parameters::Parameters;
use crate::problem::{Problem, VERSION_MISMATCH};
use crate::who::Role;
use crate::zone::rows;
use crate::zone::sort::POLICY;

const fn field(
    member: &'static str,
    sort: Sort,
    is_needed: bool,
    name: (&'static str, &'static str),
    hint: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed, name, hint }
}

const PRICE: (&str, &str) = ("yuan per worker-day unfilled", "元 / 每个未满足的人天");

/// The rules; a member in a group is written after a dot.
const FIELDS: [Field; 17] = [
    field("unmet.urgent_fen", Sort::Money, true, ("What an urgent shortage costs", "紧急缺工单价"), PRICE),
    field("unmet.normal_fen", Sort::Money, true, ("What a normal shortage costs", "一般缺工单价"), PRICE),
    field("unmet.low_fen", Sort::Money, true, ("What a low shortage costs", "低级缺工单价"), PRICE),
    field(
        "onboarding_fen",
        Sort::Money,
        true,
        ("Onboarding", "上岗成本"),
        ("yuan per worker and start", "元 / 每人每次上岗"),
    ),
    field(
        "daily_base_fen",
        Sort::Money,
        true,
        ("Being away, at least", "每日基本成本"),
        ("yuan per worker-day lent", "元 / 每个借调人天"),
    ),
    field(
        "transport_per_km_fen",
        Sort::Money,
        true,
        ("Transport", "每公里交通成本"),
        ("yuan per worker-day and kilometre by road, one way", "元 / 人天·公里，单程道路距离"),
    ),
    field(
        "cross_alliance_fen",
        Sort::Money,
        true,
        ("Leaving the alliance", "跨联盟成本"),
        ("yuan per worker-day outside the lender's alliance", "元 / 每个借到联盟外的人天"),
    ),
    field(
        "max_distance_km",
        Sort::Decimal,
        false,
        ("Farthest distance", "最远距离"),
        ("kilometres by road; blank: no limit", "公里，按道路距离；不填为不限"),
    ),
    field(
        "road_factor",
        Sort::Decimal,
        false,
        ("Road factor", "道路系数"),
        (
            "road distance = distance as the crow flies × this; blank: 1",
            "道路距离 = 直线距离 × 此系数；不填为 1",
        ),
    ),
    field(
        "min_stay_days",
        Sort::Number,
        false,
        ("Shortest secondment", "最短借调天数"),
        ("working days; blank: 1", "工作日；不填为 1"),
    ),
    field(
        "stability_fen",
        Sort::Money,
        false,
        ("Changing what was published", "稳定成本"),
        (
            "yuan per worker-day changed when planning again; blank: 0",
            "元 / 重新调剂时每个变动的人天；不填为 0",
        ),
    ),
    field(
        "fairness",
        Sort::Flag,
        false,
        ("Share shortages out fairly", "缺工分摊公平"),
        (
            "the first half of a posting's workers counts more than the second",
            "同一条缺工的前一半人数优先满足",
        ),
    ),
    field(
        "answer_days",
        Sort::Number,
        false,
        ("Time to answer a proposal", "提议答复期限"),
        ("working days, until 18:00 of the last; blank: 2", "工作日，至末日 18:00；不填为 2"),
    ),
    field(
        "hold_days",
        Sort::Number,
        false,
        ("Time gained by holding", "暂留延长"),
        ("working days, once a side; blank: 2", "工作日，每方一次；不填为 2"),
    ),
    field(
        "lead_days",
        Sort::Number,
        false,
        ("Lead of a plan", "方案提前量"),
        (
            "working days between today and the first day planned; blank: 3",
            "今天至方案首日之间的工作日；不填为 3",
        ),
    ),
    field(
        "utc_offset",
        Sort::Text,
        false,
        ("The zone's time", "园区时区"),
        ("difference from UTC, as +08:00, which a blank means", "与世界时的时差，如 +08:00；不填即为此"),
    ),
    field(
        "zone_name",
        Sort::Text,
        false,
        ("Name of the zone", "园区名称"),
        ("stands on plans and reports", "显示在方案与报告上"),
    ),
];
const REST: &str = "rest_weekdays";
const WEEK: [(&str, &str, &str); 7] = [
    ("Mon", "Mondays", "周一"),
    ("Tue", "Tuesdays", "周二"),
    ("Wed", "Wednesdays", "周三"),
    ("Thu", "Thursdays", "周四"),
    ("Fri", "Fridays", "周五"),
    ("Sat", "Saturdays", "周六"),
    ("Sun", "Sundays", "周日"),
];

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("Policy", "政策")
}

fn rest_title(visit: &Visit) -> &'static str {
    visit.language.choose("Days of rest", "每周休息日")
}

/// The policy as the caller sees it.
async fn seen(app: &App, visit: &Visit) -> Result<Value, Problem> {
    document(rows::read(State(app.clone()), visit.call.of("read_policy")?, None).await?).await
}

/// A member, in its group if it has one.
fn at<'a>(policy: &'a Value, member: &str) -> &'a Value {
    member.split('.').fold(policy, |value, name| &value[name])
}

/// What stands in the fields.
fn typed(policy: &Value) -> Values {
    let mut values = Values::default();
    for field in &FIELDS {
        values.set(field.member, field.typed(at(policy, field.member)));
    }
    for day in policy[REST].as_array().into_iter().flatten().filter_map(Value::as_str) {
        values.set(day, "true");
    }
    values.set("version", policy["version"].to_string());
    values
}

/// A patch of everything that the form holds; blanks are null.
fn patch(values: &Values) -> Map<String, Value> {
    let mut patch = Map::new();
    let mut unmet = Map::new();
    for field in &FIELDS {
        let sent = field.sent(values.get(field.member)).unwrap_or(Value::Null);
        match field.member.split_once('.') {
            Some((_, name)) => unmet.insert(name.to_string(), sent),
            None => patch.insert(field.member.to_string(), sent),
        };
    }
    patch.insert("unmet".to_string(), unmet.into());
    let rest =
        WEEK.iter().filter(|(code, ..)| values.get(code) == "true").map(|(code, ..)| Value::from(*code));
    patch.insert(REST.to_string(), rest.collect());
    patch
}

/// The days of rest in words.
fn rest(values: &Values, language: Language) -> String {
    let days = WEEK.iter().filter(|(code, ..)| values.get(code) == "true");
    days.map(|(_, en, zh)| *language.choose(en, zh)).collect::<Vec<_>>().join(language.choose(", ", "、"))
}

/// `GET /settings/policy`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let policy = seen(&app, &visit).await?;
    let values = typed(&policy);
    let inside = if visit.role() == Some(Role::Zone) {
        html! {
            @if done.is_some() { p role="status" class="notice" { (visit.say("Saved. The next plan goes by it.", "已保存，下次调剂起生效。")) } }
            (form(&visit, &values, &Faults::default()))
        }
    } else {
        facts(&visit, &policy, &values)
    };
    Ok(visit.page(title(&visit), &inside))
}

fn form(visit: &Visit, values: &Values, faults: &Faults) -> Markup {
    let known: Vec<&Field> = FIELDS.iter().collect();
    html! {
        (visit.watch("policy"))
        h1 { (title(visit)) }
        p { (visit.say("A plan weighs these costs against each other and keeps these limits. What is agreed already stays.",
            "调剂方案在这些成本之间取舍，并遵守这些限制；已达成的协议不受影响。")) }
        (summary(visit, faults, &known))
        form method="post" action="/settings/policy" class="fields" data-draft {
            input type="hidden" name="version" value=(values.get("version"));
            div class="beside-each-other" { @for field in &FIELDS { (field.markup(visit, values, faults, &[])) } }
            fieldset {
                legend { (rest_title(visit)) }
                @for (code, en, zh) in WEEK {
                    label { input type="checkbox" name=(code) value="true" checked[values.get(code) == "true"]; " " (visit.say(en, zh)) }
                }
            }
            p class="actions" {
                button { (visit.say("Save", "保存")) }
                a href="/settings" data-cancel { (visit.say("Cancel", "取消")) }
            }
        }
    }
}

/// For those who may only look; of what the zone's costs are a firm is not told.
fn facts(visit: &Visit, policy: &Value, values: &Values) -> Markup {
    let shown = FIELDS.iter().filter(|field| !at(policy, field.member).is_null());
    html! {
        h1 { (title(visit)) }
        dl class="facts" {
            @for field in shown {
                div {
                    dt { (visit.say(field.name.0, field.name.1)) }
                    dd {
                        @if field.sort == Sort::Flag { (if values.get(field.member) == "true" { visit.say("yes", "是") } else { visit.say("no", "否") }) }
                        @else { (values.get(field.member)) " " span class="soft" { (visit.say(field.hint.0, field.hint.1)) } }
                    }
                }
            }
            div { dt { (rest_title(visit)) } dd { (rest(values, visit.language)) } }
        }
    }
}

/// `POST /settings/policy`
pub async fn change(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let mut values = Values::parsed(&body);
    let mut call = visit.call.of(&format!("change_{}", POLICY.table))?;
    call.if_match = Some(format!("\"{}\"", values.get("version")));
    let changed = rows::patch(State(app.clone()), call, None, Json::of(&patch(&values).into())).await;
    let Err(problem) = changed else { return Ok(onward("/settings/policy?done=changed")) };
    let faults = Faults::of(&problem, visit.language);
    let mut beside = html! {};
    if problem.code() == VERSION_MISMATCH.code {
        let theirs = typed(&seen(&app, &visit).await?);
        // what is sent next is for what the caller has seen now
        values.set("version", theirs.get("version"));
        let names = FIELDS.iter().map(|field| {
            (
                visit.say(field.name.0, field.name.1),
                theirs.get(field.member).to_string(),
                values.get(field.member).to_string(),
            )
        });
        let days = (rest_title(&visit), rest(&theirs, visit.language), rest(&values, visit.language));
        let differing: Vec<(&str, String, String)> =
            names.chain([days]).filter(|(_, theirs, yours)| theirs != yours).collect();
        beside = conflict(&visit, &differing);
    }
    let inside = html! { (beside) (form(&visit, &values, &faults)) };
    Ok(visit.refused(title(&visit), &problem, &inside))
}
