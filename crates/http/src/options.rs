//! `POST /v1/options`: one posting against the zone's plan in force, or the newest: who could be its partner.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_core::analysis::Asking;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{NewPosting, PlanFile, find_posting, options_file, read_posting, standing, unplanned};
use tiaoji_store::{Error, Kind, Plan, State as Stage, View};

use crate::app::App;
use crate::body::Json;
use crate::matching::scenario;
use crate::plans::{in_a_slot, plan_file};
use crate::practice::decided::declined;
use crate::problem::{INTERNAL, NOT_FOUND, Problem, Text};
use crate::who::{Call, Role};
use crate::zone::document::{plain, zone};
use crate::zone::rows::for_own_firm;
use crate::zone::sort::{SHORTAGES, SURPLUS, body};

/// Ranks partners. The body is `{ "shortage": … }` or `{ "surplus": … }`: an id, or a new row, which needs no id.
pub async fn post(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    let body = sent.object()?;
    let (side, mut asked) = match (body.get("shortage"), body.get("surplus"), body.len()) {
        (Some(asked), None, 1) => (NewPosting::Shortage, asked.clone()),
        (None, Some(asked), 1) => (NewPosting::Surplus, asked.clone()),
        _ => {
            let why = Text::new(
                "one of `shortage` and `surplus`, and nothing else",
                "应恰有 `shortage` 或 `surplus` 之一",
            );
            return Err(Problem::defect("missing_value", "shortage", &Value::Null, &why));
        }
    };
    if let Some(row) = asked.as_object_mut() {
        for_own_firm(call.actor()?, row);
    }
    Ok(axum::Json(options(&app, &call, side, &asked).await?).into_response())
}

/// The partners of a posting: of its id, as the plan in force or the newest has it, or of a row. What is newer than the plan is
/// added to it; before any plan, or where the posting was changed since, it is judged as if nothing were planned, and
/// `plan_id` is null.
///
/// # Errors
/// `not_found`; the row's defects; `forbidden` where it is of a firm that the caller may not act for.
pub async fn options(app: &App, call: &Call, side: NewPosting, asked: &Value) -> Result<Value, Problem> {
    let (ground, asked) = ground(app, side, asked).await?;
    let (asking, with) = posting(&ground.scenario, side, &asked)?;
    call.may_act_for(owner(with.as_ref().unwrap_or(&ground.scenario), asking))
        .map_err(|refused| if with.is_some() { refused } else { Problem::new(&NOT_FOUND) })?;
    let found = in_a_slot(app, move |_| {
        let Ground { scenario, plan } = &ground;
        let standing =
            plan.as_ref().map_or_else(|| unplanned(scenario), |(_, plan)| standing(scenario, plan));
        let mut file =
            serde_json::to_value(options_file(&standing, with.as_ref().unwrap_or(scenario), asking))?;
        file["plan_id"] = plan.as_ref().map(|(id, _)| id.as_str()).into();
        Ok::<Value, serde_json::Error>(file)
    });
    let mut found = found.await?.map_err(|_| Problem::new(&INTERNAL))?;
    leave_out_declined(&mut app.store.view().await?, &mut found).await?;
    if call.actor()?.role == Role::Firm {
        keep_to_oneself(&mut found, side);
    }
    Ok(found)
}

/// Partners of whom either side has declined the other since the plan was made are ruled out as blocked.
async fn leave_out_declined(view: &mut View, found: &mut Value) -> Result<(), Problem> {
    let declined = declined(view).await?;
    let is_declined = |option: &Value| {
        declined.iter().any(|pair| option["surplus"] == pair.surplus && option["shortage"] == pair.shortage)
    };
    let Some(options) = found["options"].as_array_mut() else { return Ok(()) };
    let before = options.len();
    options.retain(|option| !is_declined(option));
    let gone = before - options.len();
    if let Some(rules) = found["ruled_out"].as_array_mut().filter(|_| gone > 0) {
        match rules.iter_mut().find(|rule| rule["rule"] == "blocked") {
            Some(blocked) => {
                blocked["postings"] = (blocked["postings"].as_u64().unwrap_or_default() + gone as u64).into();
            }
            None => rules.push(json!({ "rule": "blocked", "postings": gone, "nearest": [] })),
        }
    }
    Ok(())
}

/// What a question is put to.
struct Ground {
    scenario: Scenario,
    /// Its id, and the plan.
    plan: Option<(String, PlanFile)>,
}

/// What to ask, and about what: an id that the plan does not know becomes its row.
async fn ground(app: &App, side: NewPosting, asked: &Value) -> Result<(Ground, Value), Problem> {
    let mut view = app.store.view().await?;
    let today = match asked.as_str() {
        Some(id) => row_today(&mut view, side, id).await?,
        None => None,
    };
    if let Some(plan) = current(&mut view).await? {
        let input = view.input(&plan.input_hash).await?;
        let planned = match asked.as_str() {
            Some(id) => row_planned(&input, side, id)?,
            None => None,
        };
        let row = match (planned, &today) {
            // what is no longer there is still explained by the plan
            (Some(planned), Some(today)) if planned == *today => Some(asked.clone()),
            (Some(_), None) => Some(asked.clone()),
            (Some(_), Some(_)) => None,
            (None, today) => Some(today.clone().unwrap_or_else(|| asked.clone())),
        };
        if let Some(row) = row {
            let file = plan_file(&mut view, &plan.id).await?;
            return Ok((Ground { scenario: scenario(input.as_bytes())?, plan: Some((plan.id, file)) }, row));
        }
    }
    let (_, document) = zone(&mut view).await?;
    Ok((Ground { scenario: scenario(document.to_string().as_bytes())?, plan: None }, asked.clone()))
}

/// The plan in force, or the newest.
///
/// # Errors
/// The database's.
pub async fn current(view: &mut View) -> Result<Option<Plan>, Problem> {
    Ok(match view.published_plan().await? {
        Some(plan) => Some(plan),
        None => view.plans(false, None, 1).await?.items.into_iter().next(),
    })
}

fn table(side: NewPosting) -> (&'static str, Kind) {
    match side {
        NewPosting::Shortage => ("shortage", Kind::Shortage),
        NewPosting::Surplus => ("surplus", Kind::Surplus),
    }
}

/// An open posting as a scenario document has it.
async fn row_today(view: &mut View, side: NewPosting, id: &str) -> Result<Option<Value>, Problem> {
    let (_, kind) = table(side);
    let sort = if kind == Kind::Surplus { &SURPLUS } else { &SHORTAGES };
    match view.record(kind, id).await {
        Ok(record) if record.state == Stage::Open => Ok(Some(plain(sort, body(&record)).into())),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// The same in the scenario that a plan was made from.
fn row_planned(input: &str, side: NewPosting, id: &str) -> Result<Option<Value>, Problem> {
    let document: Value = serde_json::from_str(input).map_err(|_| Problem::new(&INTERNAL))?;
    let mut rows = document[table(side).0].as_array().into_iter().flatten();
    Ok(rows.find(|row| row["id"] == id).cloned())
}

/// The posting that asks, and the scenario with it, where it is new.
fn posting(
    scenario: &Scenario,
    side: NewPosting,
    asked: &Value,
) -> Result<(Asking, Option<Scenario>), Problem> {
    if let Some(id) = asked.as_str() {
        let known = find_posting(scenario, side, id);
        return known.map(|known| (known, None)).ok_or_else(|| Problem::new(&NOT_FOUND));
    }
    let count = match side {
        NewPosting::Shortage => scenario.shortages().len(),
        NewPosting::Surplus => scenario.surplus().len(),
    };
    let (table, _) = table(side);
    let (with, asking) = read_posting(scenario, side, "posting", asked.to_string().as_bytes())
        .map_err(|faults| Problem::defects_below(&faults, &format!("/{table}/{count}")))?;
    Ok((asking, Some(with)))
}

fn owner(scenario: &Scenario, asking: Asking) -> &str {
    let firm = match asking {
        Asking::Shortage(j) => scenario.shortages()[j.index()].firm,
        Asking::Surplus(i) => scenario.surplus()[i.index()].firm,
    };
    &scenario.firm(firm).id
}

/// How far away a partner is, to 0.1 km.
fn round_distances(near: &mut Value, rule: &str) {
    let members: &[&str] = if rule == "distance" { &["distance_m", "has"] } else { &["distance_m"] };
    for member in members {
        if let Some(metres) = near[*member].as_i64() {
            near[*member] = ((metres + 50) / 100 * 100).into();
        }
    }
}

/// A firm is told nothing of third parties' secondments and costs, of blocks, or of what others ask for; of a partner that one
/// rule keeps away it is told how far it is from that, where the rule is about nothing that is the partner's own affair.
fn keep_to_oneself(found: &mut Value, side: NewPosting) {
    for option in found["options"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        option.retain(|name, _| !["firm", "saved_fen", "filled", "moved"].contains(&name.as_str()));
    }
    if let Some(rules) = found["ruled_out"].as_array_mut() {
        rules.retain(|rule| rule["rule"] != "blocked");
        for rule in rules {
            let code = rule["rule"].as_str().unwrap_or_default().to_string();
            let is_told = ["distance", "dates", "min_stay", "alliance", "night"].contains(&code.as_str())
                || (code == "pay" && side == NewPosting::Surplus);
            for near in rule["nearest"].as_array_mut().into_iter().flatten() {
                round_distances(near, &code);
            }
            *rule = json!({
                "rule": rule["rule"], "postings": rule["postings"],
                "nearest": if is_told { rule["nearest"].clone() } else { json!([]) },
            });
        }
    }
}
