//! Follow-ups: problems that the service raises itself and keeps until they are done with. Each shortage that stays unfilled
//! in the plan in force is one, with its reasons and what would help; so is each firm that lets a proposal wait.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::extract::State as Shared;
use axum::response::Response;
use serde_json::{Map, Value};
use tiaoji_formats::{OpenShortageFile, explain, open_shortages};
use tiaoji_store::{By, Error, Filter, Kind, Plan, Record, State, Tx};
use tokio_util::sync::CancellationToken;

use super::{PROBLEMS, complete_problem, stage};
use crate::app::App;
use crate::lists::{CURSOR, LIMIT};
use crate::parameters::{Parameter, Parameters};
use crate::plans::{held, in_a_slot};
use crate::practice::settings::clock;
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

/// How long the remedies of a plan are looked for.
const LOOK: Duration = Duration::from_secs(5);
/// How long [`watch`] sleeps where nobody publishes.
const BREATH: Duration = Duration::from_mins(1);

/// Why something is followed up: `follow_up` in its row.
pub const FOLLOW_UPS: [&str; 2] = [UNFILLED, SILENT];
const UNFILLED: &str = "unfilled";
/// A firm that does not answer.
pub const SILENT: &str = "silent";

/// `GET /v1/follow-ups`: what is not done with, by id.
pub async fn list(
    Shared(app): Shared<App>,
    call: Call,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    if let Err(problem) = catch_up(&app).await {
        tracing::warn!(?problem, "the follow-ups are those of an earlier plan");
    }
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
struct LeftOpen {
    plan: String,
    /// The shortages that it was made for.
    known: BTreeSet<String>,
    open: Vec<OpenShortageFile>,
}

/// Keeps the follow-ups in line with the plan in force, first with one that was published while no server ran, until `stopping`.
pub async fn watch(app: App, stopping: CancellationToken) {
    loop {
        if let Err(problem) = catch_up(&app).await {
            tracing::warn!(?problem, "the follow-ups of the plan in force could not be made");
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = app.following.published.notified() => {}
            // a plan that another server published and had no time to follow up
            () = tokio::time::sleep(BREATH) => {}
        }
    }
}

/// Brings the follow-ups in line with the plan in force, unless they are. Whoever publishes does not wait for it.
///
/// # Errors
/// `busy`; the database's.
pub async fn catch_up(app: &App) -> Result<(), Problem> {
    let is_due = async || -> Result<Option<Plan>, Problem> {
        Ok(app.store.view().await?.published_plan().await?.filter(|plan| !plan.followed))
    };
    if is_due().await?.is_none() {
        return Ok(());
    }
    // one explains, others who want to know wait for what it finds
    let _turn = app.following.turn.lock().await;
    let Some(plan) = is_due().await? else { return Ok(()) };
    let left = left_open(app, &plan.id).await?;
    let done = app.store.write(move |tx| {
        Box::pin(async move {
            // meanwhile another plan may be in force, or another server may have been faster
            if tx.published_plan().await?.as_ref() != Some(&plan) {
                return Ok(());
            }
            let done = follow_up(tx, &By::actor("clock"), &left).await;
            done.map_err(|fault| Error::Other(format!("{fault:?}")))?;
            tx.followed(&plan.id).await
        })
    });
    Ok(done.await?)
}

/// What a plan leaves open, with the remedies that are found in a few seconds.
async fn left_open(app: &App, plan_id: &str) -> Result<LeftOpen, Problem> {
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
async fn follow_up(tx: &mut Tx, by: &By, left: &LeftOpen) -> Result<(), Problem> {
    let by = By { reason: Some(format!("plan {}", left.plan)), ..by.clone() };
    let mut before: BTreeMap<String, Record> = under_way(tx, None)
        .await?
        .into_iter()
        .filter(|(_, row)| !is_silence(row))
        .filter_map(|(record, row)| Some((row.get("shortage")?.as_str()?.to_string(), record)))
        .collect();
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
        let Ok(Value::Object(mut told)) = serde_json::to_value(open) else {
            return Err(Problem::new(&INTERNAL));
        };
        let days = open.worker_days;
        let text = format!("{0}: {days} worker-days unfilled / {0}：缺 {days} 人天未满足", open.shortage);
        told.insert("plan_id".to_string(), left.plan.as_str().into());
        told.insert("kind".to_string(), "labour".into());
        told.insert("follow_up".to_string(), UNFILLED.into());
        told.insert("text".to_string(), text.into());
        keep(tx, &by, earlier, told).await?;
    }
    for (shortage, record) in before {
        if left.known.contains(&shortage) && left.open.iter().all(|open| open.shortage != shortage) {
            end(tx, &by, &record, Outcome::Solved).await?;
        }
    }
    Ok(())
}

/// Raises a follow-up, or says in the earlier one what is so now.
///
/// # Errors
/// The database's.
pub async fn keep(
    tx: &mut Tx,
    by: &By,
    earlier: Option<Record>,
    told: Map<String, Value>,
) -> Result<(), Problem> {
    let was = earlier.as_ref().map(body).unwrap_or_default();
    let mut row = was.clone();
    row.extend(told);
    row.retain(|_, value| !value.is_null());
    complete_problem(tx, &mut row).await?;
    match earlier {
        None => {
            let id = tx.new_id(Kind::Problem).await?;
            tx.create(by, Kind::Problem, &id, stage(&row), &row.into()).await?;
        }
        Some(earlier) if row != was => {
            tx.replace(by, Kind::Problem, &earlier.id, None, stage(&row), &row.into()).await?;
        }
        Some(_) => {}
    }
    Ok(())
}

/// Ends the follow-ups of a posting that is no longer open: of what it lacks, of its firm's silence about it.
///
/// # Errors
/// The database's.
pub async fn posting_gone(tx: &mut Tx, by: &By, kind: Kind, id: &str) -> Result<(), Problem> {
    let firm = match tx.record(kind, id).await {
        Ok(posting) => body(&posting).get("firm").and_then(Value::as_str).map(str::to_string),
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault.into()),
    };
    let (column, side) = if kind == Kind::Surplus { ("surplus", "lender") } else { ("shortage", "borrower") };
    let by = By { reason: Some(format!("{} {id}", kind.name())), ..by.clone() };
    for (record, row) in under_way(tx, firm.as_deref()).await? {
        let is_own = if is_silence(&row) { row["side"] == side } else { kind == Kind::Shortage };
        if is_own && row.get(column).is_some_and(|known| known == id) {
            end(tx, &by, &record, Outcome::Closed).await?;
        }
    }
    Ok(())
}

/// Ends the follow-up of a shortage that agreements fill.
///
/// # Errors
/// The database's.
pub async fn shortage_filled(tx: &mut Tx, by: &By, id: &str) -> Result<(), Problem> {
    for (record, row) in under_way(tx, None).await? {
        if !is_silence(&row) && row.get("shortage").is_some_and(|known| known == id) {
            end(tx, by, &record, Outcome::Solved).await?;
        }
    }
    Ok(())
}

/// Ends the follow-ups of a plan that is in force no more.
///
/// # Errors
/// The database's.
pub async fn unpublished(tx: &mut Tx, by: &By, plan: &str) -> Result<(), Problem> {
    let by = By { reason: Some(format!("plan {plan} unpublished")), ..by.clone() };
    for (record, row) in under_way(tx, None).await? {
        if row.get("plan_id").is_some_and(|known| known == plan) {
            end(tx, &by, &record, Outcome::Closed).await?;
        }
    }
    Ok(())
}

/// How a follow-up ends.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// With what was wanted.
    Solved,
    /// With nothing left to do.
    Closed,
}

/// Ends a follow-up today.
///
/// # Errors
/// The database's.
pub async fn end(tx: &mut Tx, by: &By, record: &Record, outcome: Outcome) -> Result<(), Problem> {
    let mut row = body(record);
    let today = clock(tx).await?.day(tx.now().await?).to_string();
    let how = match outcome {
        Outcome::Solved => "solved",
        Outcome::Closed => "closed",
    };
    row.insert(how.to_string(), today.into());
    complete_problem(tx, &mut row).await?;
    tx.replace(by, Kind::Problem, &record.id, None, stage(&row), &row.into()).await?;
    Ok(())
}

/// Whether a row follows up a firm's silence, not a shortage.
pub fn is_silence(row: &Map<String, Value>) -> bool {
    row.get("follow_up").is_some_and(|why| why == SILENT)
}

/// The follow-ups that are not done with, of a firm or all: each with its columns.
///
/// # Errors
/// The database's.
pub async fn under_way(
    tx: &mut Tx,
    firm: Option<&str>,
) -> Result<Vec<(Record, Map<String, Value>)>, Problem> {
    let filter = Filter { firm: firm.map(str::to_string), state: Some(State::Open), ..Filter::default() };
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = tx.records(Kind::Problem, &filter, after.as_deref(), 500).await?;
        let rows = page.items.into_iter().map(|record| (body(&record), record));
        found.extend(rows.filter(|(row, _)| row.contains_key("shortage")).map(|(row, record)| (record, row)));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}
