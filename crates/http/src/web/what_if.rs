//! The zone under other rules: sliders and switches beside what they would bring.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value, json};
use tiaoji_store::Kind;

use super::answers::{document, parameters};
use super::form::{Faults, Values, yuan};
use super::plan::difference;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::matching::PARAMETERS;
use crate::plans;
use crate::problem::Problem;
use crate::zone::sort::body as columns;

/// A rule that can be moved.
struct Rule {
    /// Its key in the policy, and in a what-if.
    key: &'static str,
    name: (&'static str, &'static str),
    /// From, to, step; none is a switch.
    range: Option<(&'static str, &'static str, &'static str)>,
    /// In fen in the policy, in yuan here.
    is_money: bool,
    /// Where the policy does not say.
    default: &'static str,
}

const RULES: [Rule; 5] = [
    Rule {
        key: "max_distance_km",
        name: ("Farthest distance, in km", "最远距离（公里）"),
        range: Some(("1", "40", "0.5")),
        is_money: false,
        default: "40",
    },
    Rule {
        key: "min_stay_days",
        name: ("Shortest stay, in working days", "最短借调天数"),
        range: Some(("1", "20", "1")),
        is_money: false,
        default: "1",
    },
    Rule {
        key: "cross_alliance",
        name: ("Charge for leaving the alliance, in yuan a day", "跨联盟每日成本（元）"),
        range: Some(("0", "100", "5")),
        is_money: true,
        default: "0",
    },
    Rule {
        key: "onboarding",
        name: ("Onboarding of a worker, in yuan", "每人上岗成本（元）"),
        range: Some(("0", "1000", "10")),
        is_money: true,
        default: "0",
    },
    Rule {
        key: "fairness",
        name: ("Share shortages out fairly", "缺工分摊公平"),
        range: None,
        is_money: false,
        default: "false",
    },
];

/// The values of the zone's policy.
async fn standing(app: &App) -> Result<Values, Problem> {
    let policy = Value::from(columns(&app.store.view().await?.record(Kind::Policy, "policy").await?));
    let mut values = Values::default();
    for rule in &RULES {
        let value = if rule.is_money {
            policy[format!("{}_fen", rule.key)].as_i64().map(yuan)
        } else {
            Some(&policy[rule.key]).filter(|value| !value.is_null()).map(Value::to_string)
        };
        values.set(rule.key, value.unwrap_or_else(|| rule.default.to_string()));
    }
    Ok(values)
}

/// `GET /what-if`
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let standing = standing(&app).await?;
    Ok(visit.page(title(&visit), &page(&visit, &standing, &standing, &html! {})))
}

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("What if …", "假如规则改变")
}

/// `POST /what-if`
pub async fn post(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let (standing, mut wanted) = (standing(&app).await?, Values::parsed(&body));
    if wanted.get("fairness").is_empty() {
        wanted.set("fairness", "false");
    }
    let set: Map<String, Value> = RULES
        .iter()
        .filter(|rule| wanted.get(rule.key) != standing.get(rule.key))
        .map(|rule| (format!("policy.{}", rule.key), wanted.get(rule.key).into()))
        .collect();
    let asked = Json::of(&json!({ "set": set }));
    match plans::what_if(State(app), parameters(PARAMETERS, &[("time_limit", "5s")])?, asked).await {
        Ok(found) => {
            let result = shown(&visit, &document(found).await?);
            Ok(visit.page(title(&visit), &page(&visit, &standing, &wanted, &result)))
        }
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let result = html! { div class="faults" role="alert" { ul { @for text in faults.0.values().flatten() { li { (text) } } } } };
            Ok(visit.refused(title(&visit), &problem, &page(&visit, &standing, &wanted, &result)))
        }
    }
}

fn shown(visit: &Visit, found: &Value) -> Markup {
    let (now, then) = (&found["base"], &found["points"][0]);
    difference(
        visit,
        [&now["kpis"], &then["kpis"]],
        [&now["objective_fen"], &then["objective_fen"]],
        [visit.say("as it is", "现行规则"), visit.say("what if", "改变后")],
    )
}

fn page(visit: &Visit, standing: &Values, wanted: &Values, result: &Markup) -> Markup {
    html! {
        h1 { (title(visit)) }
        p { (visit.say("Move a rule and see what the plan would come to. Nothing is stored.", "移动规则，看看方案会怎样变化；不会保存。")) }
        div class="beside-each-other" {
            form method="post" action="/what-if" data-live {
                @for rule in &RULES {
                    @let now = standing.get(rule.key);
                    @if let Some((least, most, step)) = rule.range {
                        div class="field" {
                            label for=(rule.key) { (visit.say(rule.name.0, rule.name.1)) }
                            p class="hint" id=(format!("{}-hint", rule.key)) { (visit.language.choose(format!("now {now}"), format!("现为 {now}"))) }
                            div class="slider" {
                                input type="range" id=(rule.key) name=(rule.key) min=(least) max=(most) step=(step)
                                    value=(wanted.get(rule.key)) aria-describedby=(format!("{}-hint", rule.key));
                                output for=(rule.key) { (wanted.get(rule.key)) }
                            }
                        }
                    } @else {
                        div class="field check" {
                            input type="checkbox" id=(rule.key) name=(rule.key) value="true" checked[wanted.get(rule.key) == "true"];
                            label for=(rule.key) { (visit.say(rule.name.0, rule.name.1)) }
                        }
                    }
                }
                button { (visit.say("Try it", "试算")) }
            }
            div data-result aria-live="polite" { (result) }
        }
    }
}
