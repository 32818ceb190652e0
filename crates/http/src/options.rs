//! `POST /v1/options`: one posting against the zone's plan in force, or the newest: who could be its partner.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_core::analysis::Asking;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{NewPosting, find_posting, options_file, read_posting, standing};

use crate::app::App;
use crate::body::Json;
use crate::plans::{held, in_a_slot};
use crate::problem::{INTERNAL, NOT_FOUND, NOT_READY, Problem, Text};
use crate::who::{Call, Role};

/// Ranks partners. The body is `{ "shortage": … }` or `{ "surplus": … }`: an id of the plan's scenario, or a new row.
pub async fn post(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    let body = sent.object()?;
    let (side, asked) = match (body.get("shortage"), body.get("surplus"), body.len()) {
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
    let mut view = app.store.view().await?;
    let current = match view.published_plan().await? {
        Some(plan) => Some(plan),
        None => view.plans(false, None, 1).await?.items.into_iter().next(),
    };
    drop(view);
    let Some(current) = current else {
        return Err(Problem::new(&NOT_READY).detail("The zone has no plan yet", "园区尚无方案"));
    };
    let (scenario, plan) = held(&app.store, &current.id).await?;
    let (asking, with) = posting(&scenario, side, &asked)?;
    call.may_act_for(owner(with.as_ref().unwrap_or(&scenario), asking))
        .map_err(|refused| if with.is_some() { refused } else { Problem::new(&NOT_FOUND) })?;
    let found = in_a_slot(&app, move |_| {
        let file = options_file(&standing(&scenario, &plan), with.as_ref().unwrap_or(&scenario), asking);
        serde_json::to_value(file)
    });
    let mut found = found.await?.map_err(|_| Problem::new(&INTERNAL))?;
    found["plan_id"] = current.id.into();
    if call.actor()?.role == Role::Firm {
        keep_to_oneself(&mut found);
    }
    Ok(axum::Json(found).into_response())
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
    let (count, table) = match side {
        NewPosting::Shortage => (scenario.shortages().len(), "shortage"),
        NewPosting::Surplus => (scenario.surplus().len(), "surplus"),
    };
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

/// A firm is told nothing of third parties' secondments and costs, of blocks, or of what others ask for.
fn keep_to_oneself(found: &mut Value) {
    for option in found["options"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        option.retain(|name, _| !["firm", "saved_fen", "filled", "moved"].contains(&name.as_str()));
    }
    if let Some(rules) = found["ruled_out"].as_array_mut() {
        rules.retain(|rule| rule["rule"] != "blocked");
        for rule in rules {
            *rule = json!({ "rule": rule["rule"], "postings": rule["postings"] });
        }
    }
}
