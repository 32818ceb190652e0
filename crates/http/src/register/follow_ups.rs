//! Follow-ups: problems that the service raises itself and keeps until they are done with. Each shortage that stays unfilled
//! in a plan put in force is one, with its reasons and what would help.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::extract::State as Shared;
use axum::response::Response;
use serde_json::{Map, Value};
use tiaoji_formats::{OpenShortageFile, explain, open_shortages};
use tiaoji_store::{By, Error, Filter, Kind, Record, State, Tx};

use super::{PROBLEMS, complete_problem, stage};
use crate::app::App;
use crate::lists::{CURSOR, LIMIT};
use crate::parameters::{Parameter, Parameters};
use crate::plans::{held, in_a_slot};
use crate::practice::CLOCK;
use crate::problem::{INTERNAL, Problem};
use crate::solving::until;
use crate::who::Call;
use crate::zone::rows::{FIRM, firm_filter, listed, text_filter};
use crate::zone::sort::body;

/// The filters of the list.
pub const FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    FIRM,
    Parameter {
        name: "officer",
        about: "On the list of this officer.",
        schema: r#"{ "type": "string", "minLength": 1, "maxLength": 200 }"#,
    },
];

/// How long the remedies of a plan are looked for while somebody waits for it to be in force.
const LOOK: Duration = Duration::from_secs(5);

/// `GET /v1/follow-ups`: what is not done with, by id.
pub async fn list(
    Shared(app): Shared<App>,
    call: Call,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let officer = parameters.take("officer", text_filter);
    let filter =
        Filter { firm: parameters.take("firm", firm_filter), state: Some(State::Open), ..Filter::default() };
    let is_wanted = |row: &Map<String, Value>| {
        let owner = row.get("owner").and_then(Value::as_str);
        row.contains_key("shortage") && officer.as_deref().is_none_or(|officer| owner == Some(officer))
    };
    listed(&app, &call, parameters, &PROBLEMS, &filter, is_wanted).await
}

/// What a plan leaves open.
#[derive(Clone, Debug)]
pub struct LeftOpen {
    plan: String,
    /// The shortages that it was made for.
    known: BTreeSet<String>,
    open: Vec<OpenShortageFile>,
}

/// What a plan leaves open, with the remedies that are found in a few seconds.
///
/// # Errors
/// `not_found`; `busy`.
pub async fn left_open(app: &App, plan_id: &str) -> Result<LeftOpen, Problem> {
    let (scenario, plan) = held(&app.store, plan_id).await?;
    let (stop, watch) = until(LOOK.min(app.settings.match_wait));
    let id = plan_id.to_string();
    let found = in_a_slot(app, move |_| {
        let known = scenario.shortages().iter().map(|shortage| shortage.id.clone()).collect();
        let explanation =
            if plan.unfilled.is_empty() { None } else { explain(&scenario, &plan, None, plan.gap, &stop) };
        let open = explanation.map(|file| open_shortages(&scenario, &file)).unwrap_or_default();
        LeftOpen { plan: id, known, open }
    });
    let found = found.await;
    drop(watch);
    found
}

/// Brings the follow-ups in line with the plan that is now in force: new ones are raised, those that it fills are solved, the
/// others say what is still missing. Postings that have gone meanwhile, and shortages that the plan knows nothing of, are let be.
///
/// # Errors
/// The database's.
pub async fn follow_up(tx: &mut Tx, by: &By, left: &LeftOpen) -> Result<(), Problem> {
    let by = By { reason: Some(format!("plan {}", left.plan)), ..by.clone() };
    let mut before = under_way(tx, None).await?;
    for open in &left.open {
        let is_open = match tx.record(Kind::Shortage, &open.shortage).await {
            Ok(posting) => posting.state == State::Open,
            Err(Error::NotFound) => false,
            Err(fault) => return Err(fault.into()),
        };
        let earlier = before.remove(&open.shortage);
        if !is_open {
            continue;
        }
        let Ok(Value::Object(told)) = serde_json::to_value(open) else { return Err(Problem::new(&INTERNAL)) };
        let mut row = earlier.as_ref().map(body).unwrap_or_default();
        let was = row.clone();
        row.extend(told);
        row.insert("plan_id".to_string(), left.plan.as_str().into());
        row.insert("kind".to_string(), "labour".into());
        let days = open.worker_days;
        let text = format!("{0}: {days} worker-days unfilled / {0}：缺 {days} 人天未满足", open.shortage);
        row.insert("text".to_string(), text.into());
        row.retain(|_, value| !value.is_null());
        complete_problem(tx, &mut row).await?;
        match earlier {
            None => {
                let id = tx.new_id(Kind::Problem).await?;
                tx.create(&by, Kind::Problem, &id, stage(&row), &row.into()).await?;
            }
            Some(earlier) if row != was => {
                tx.replace(&by, Kind::Problem, &earlier.id, None, stage(&row), &row.into()).await?;
            }
            Some(_) => {}
        }
    }
    for (shortage, record) in before {
        if left.known.contains(&shortage) && left.open.iter().all(|open| open.shortage != shortage) {
            end(tx, &by, &record, "solved").await?;
        }
    }
    Ok(())
}

/// Ends the follow-up of a posting that is no longer open.
///
/// # Errors
/// The database's.
pub async fn posting_gone(tx: &mut Tx, by: &By, shortage: &str) -> Result<(), Problem> {
    let firm = match tx.record(Kind::Shortage, shortage).await {
        Ok(posting) => body(&posting).get("firm").and_then(Value::as_str).map(str::to_string),
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault.into()),
    };
    if let Some(record) = under_way(tx, firm.as_deref()).await?.remove(shortage) {
        let by = By { reason: Some(format!("shortage {shortage}")), ..by.clone() };
        end(tx, &by, &record, "closed").await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, by: &By, record: &Record, how: &str) -> Result<(), Problem> {
    let mut row = body(record);
    let today = CLOCK.day(tx.now().await?).to_string();
    row.insert(how.to_string(), today.into());
    complete_problem(tx, &mut row).await?;
    tx.replace(by, Kind::Problem, &record.id, None, stage(&row), &row.into()).await?;
    Ok(())
}

/// The follow-ups that are not done with, by their shortage: of a firm, or all.
async fn under_way(tx: &mut Tx, firm: Option<&str>) -> Result<BTreeMap<String, Record>, Problem> {
    let filter = Filter { firm: firm.map(str::to_string), state: Some(State::Open), ..Filter::default() };
    let (mut found, mut after) = (BTreeMap::new(), None::<String>);
    loop {
        let page = tx.records(Kind::Problem, &filter, after.as_deref(), 500).await?;
        for record in page.items {
            if let Some(shortage) = body(&record).get("shortage").and_then(Value::as_str) {
                found.insert(shortage.to_string(), record);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}
