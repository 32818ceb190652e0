//! `/v1/plans` and `/v1/what-if`: the plans of the zone, looked at, compared, put in force; the zone under other rules.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_core::analysis::sweep::sweep;
use tiaoji_core::compare::compare as compare_plans;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve_unexplained};
use tiaoji_formats::{
    Faults, PlanChanges, PlanFile, PointFile, WhatIfFile, claims, comparison_file, explain, plan_changes,
    plan_workbook, read_plan, report_page, sweep_values, to_draft, with_each_set, with_each_value,
};
use tiaoji_store::{Plan, Store, View};
use tokio::sync::Mutex;

use crate::app::App;
use crate::body::Json;
use crate::change::etag;
use crate::lists::{CURSOR, LIMIT, Part, page};
use crate::matching::{Wanted, check_size, scenario};
use crate::parameters::{Parameter, Parameters};
use crate::problem::{INTERNAL, NOT_FOUND, Problem, Text};
use crate::runs::calls::{XLSX, wants};
use crate::solving::until;
use crate::zone::document::zone;
use crate::zone::sort::instant;

/// The most combinations of values that are tried at once.
const MOST_POINTS: usize = 100;
/// A report brings its own styles, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The parameters of the list.
pub const FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    Parameter {
        name: "published",
        about: "Only those that are in force.",
        schema: r#"{ "type": "boolean", "default": false }"#,
    },
];

/// The parameter of an explanation.
pub const POSTING: &[Parameter] = &[Parameter {
    name: "posting",
    about: "Of this posting alone.",
    schema: r#"{ "type": "string", "minLength": 1, "maxLength": 64 }"#,
}];

/// A plan as it is shown.
pub fn shown(plan: &Plan) -> Value {
    let object = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": plan.id, "version": plan.version, "created": instant(plan.created), "actor": plan.actor,
        "input_hash": plan.input_hash, "revision": plan.revision, "method": plan.method,
        "settings": object(&plan.settings), "engine": plan.engine, "summary": object(&plan.summary),
        "published": plan.published.map(instant),
    })
}

/// `GET /v1/plans`: the newest first.
pub async fn list(State(app): State<App>, mut parameters: Parameters) -> Result<Response, Problem> {
    let published = parameters.take("published", crate::parameters::flag).unwrap_or(false);
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let found = app.store.view().await?.plans(published, part.after.as_deref(), part.limit).await?;
    let items: Vec<Value> = found.items.iter().map(shown).collect();
    Ok(page(&items, found.next))
}

/// `GET /v1/plans/{id}`: what is known of it, and the plan itself.
pub async fn get(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut view = app.store.view().await?;
    let (plan, body) = (view.plan(&id).await?, view.plan_body(&id).await?);
    let mut document = shown(&plan);
    document["plan"] = serde_json::from_str(&body).map_err(|_| Problem::new(&INTERNAL))?;
    Ok(([(ETAG, etag(plan.version))], axum::Json(document)).into_response())
}

/// A plan and the scenario it was made from.
///
/// # Errors
/// `not_found`.
pub async fn held(store: &Store, id: &str) -> Result<(Scenario, PlanFile), Problem> {
    let mut view = store.view().await?;
    let plan = view.plan(id).await?;
    let input = view.input(&plan.input_hash).await?;
    Ok((scenario(input.as_bytes())?, plan_file(&mut view, id).await?))
}

/// A plan as it was made.
///
/// # Errors
/// `not_found`.
pub async fn plan_file(view: &mut View, id: &str) -> Result<PlanFile, Problem> {
    let body = view.plan_body(id).await?;
    read_plan(id, body.as_bytes()).map_err(|_| Problem::new(&INTERNAL))
}

/// The plans that are published, the one in force first, then each that was in force before.
///
/// # Errors
/// The database's.
pub async fn published(view: &mut View) -> Result<Vec<Plan>, Problem> {
    let (mut all, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = view.plans(true, after.as_deref(), 500).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            all.sort_by_key(|plan| std::cmp::Reverse(plan.published)); // stable: of one instant the newest first
            return Ok(all);
        }
    }
}

/// What differs between two plans, as it was found last: plans never change.
pub type LastChanges = Mutex<Option<([String; 2], Arc<PlanChanges>)>>;

/// What differs between two plans, each by its own scenario. Others wait for whoever compares, who needs a connection: the
/// caller is to hold none.
///
/// # Errors
/// `not_found`.
pub async fn changes(app: &App, before: &str, after: &str) -> Result<Arc<PlanChanges>, Problem> {
    let ids = [before, after].map(str::to_string);
    let mut last = app.changes.lock().await;
    if let Some((_, found)) = last.as_ref().filter(|(known, _)| *known == ids) {
        return Ok(found.clone());
    }
    let (before, after) = (held(&app.store, before).await?, held(&app.store, after).await?);
    // a firm's first page waits for this: it takes no place from a solve
    let found =
        tokio::task::spawn_blocking(move || plan_changes((&before.0, &before.1), (&after.0, &after.1)));
    let found = Arc::new(found.await.map_err(|_| Problem::new(&INTERNAL))?);
    *last = Some((ids, found.clone()));
    Ok(found)
}

/// `GET /v1/plans/{id}/report`: a page, or a workbook where that is what is accepted.
pub async fn report(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (scenario, plan) = held(&app.store, &id).await?;
    let language = crate::language::of(&headers);
    let is_book = wants(&headers, XLSX);
    let work = move || {
        if is_book {
            plan_workbook(&scenario, &plan, language)
        } else {
            report_page(&scenario, &plan, None, language).into_bytes()
        }
    };
    let paper = in_a_slot(&app, move |_| work()).await?;
    let media = if is_book { XLSX } else { "text/html; charset=utf-8" };
    Ok(([(CONTENT_TYPE, media), (CONTENT_SECURITY_POLICY, POLICY)], paper).into_response())
}

/// `GET /v1/plans/{id}/explanation`: why postings stay unfilled or idle, and what would change it.
pub async fn explanation(
    State(app): State<App>,
    Path(id): Path<String>,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let posting = parameters.take("posting", |text| Ok(text.to_string()));
    parameters.finish()?;
    let (scenario, plan) = held(&app.store, &id).await?;
    let (stop, watch) = until(app.settings.match_wait);
    let file = in_a_slot(&app, move |_| {
        let found = explain(&scenario, &plan, posting.as_deref(), plan.gap, &stop);
        found.map(serde_json::to_value)
    });
    let file = file.await?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    drop(watch);
    Ok(axum::Json(file.map_err(|_| Problem::new(&INTERNAL))?).into_response())
}

/// `GET /v1/plans/{id}/compare/{other}`: from this plan to the other, by the scenario of this one.
pub async fn compare(
    State(app): State<App>,
    Path((id, other)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (scenario, before) = held(&app.store, &id).await?;
    let (_, after) = held(&app.store, &other).await?;
    let file = in_a_slot(&app, move |_| {
        let comparison = compare_plans(&scenario, &claims(&scenario, &before), &claims(&scenario, &after));
        serde_json::to_value(comparison_file(&scenario, &comparison))
    });
    Ok(axum::Json(file.await?.map_err(|_| Problem::new(&INTERNAL))?).into_response())
}

/// `POST /v1/what-if`: the zone's data as they are, then with every combination of other values.
pub async fn what_if(
    State(app): State<App>,
    parameters: Parameters,
    sent: Json,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(parameters)?;
    let points = points(&sent.object()?)?;
    let (_, mut document) = zone(&mut app.store.view().await?).await?;
    // what is accepted stands, whatever a rule that is tried out says of it
    for pin in document["pins"].as_array_mut().into_iter().flatten() {
        pin["forced"] = true.into();
    }
    let max_pairs = app.settings.max_pairs;
    let (stop, watch) = until(wanted.time_limit.min(app.settings.match_wait));
    let work = move |threads| -> Result<WhatIfFile, Problem> {
        let whole = scenario(document.to_string().as_bytes())?;
        check_size(&whole, max_pairs)?;
        let draft = to_draft(&whole);
        let (valid, refused) = with_each_set(&draft, points);
        if valid.is_empty() && !refused.is_empty() {
            let mut defects: Vec<_> = refused.into_iter().flat_map(|refused| refused.defects).collect();
            defects.dedup();
            return Err(Problem::defects(&Faults { defects, warnings: Vec::new() }));
        }
        let (points, scenarios): (Vec<_>, Vec<_>) = valid.into_iter().unzip();
        let options =
            Options { method: wanted.method, gap: wanted.gap, stop: &stop, threads, ..Options::default() };
        let base = solve_unexplained(&whole, &options);
        let plans = sweep(&scenarios, Some(&base), &options, &|| &stop);
        let found: Vec<PointFile> =
            points.iter().zip(&plans).map(|(set, plan)| PointFile::new(set, plan)).collect();
        let base = PointFile::new(&[], &base);
        Ok(WhatIfFile { scenario: whole.name().to_string(), base, points: found, refused })
    };
    let found = in_a_slot(&app, work).await;
    drop(watch);
    Ok(axum::Json(found??).into_response())
}

/// Every combination of the values that a body asks for: `{ "set": { field: value }, "sweep": { field: values } }`.
fn points(body: &Map<String, Value>) -> Result<Vec<Vec<(String, String)>>, Problem> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let fields = |name: &str| -> Result<Vec<(String, String)>, Problem> {
        match body.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(fields)) => {
                Ok(fields.iter().map(|(field, value)| (field.clone(), text(value))).collect())
            }
            Some(other) => {
                let why = Text::new("an object of fields and values", "应为字段与取值组成的对象");
                Err(Problem::defect("bad_text", name, other, &why))
            }
        }
    };
    if let Some((key, value)) = body.iter().find(|(key, _)| !["set", "sweep"].contains(&key.as_str())) {
        let why = Text::new("only `set` and `sweep` are known", "只识别 `set` 与 `sweep`");
        return Err(Problem::defect("unknown_key", key, value, &why));
    }
    let mut points = vec![fields("set")?];
    for (field, values) in fields("sweep")? {
        let too_many = |count: usize| {
            let why = Text::new(
                format!("{count} combinations; at most {MOST_POINTS} are tried at once"),
                format!("共 {count} 种组合，一次最多尝试 {MOST_POINTS} 种"),
            );
            Problem::defect("out_of_range", "sweep", &Value::from(values.as_str()), &why)
        };
        let list = sweep_values(&values).ok_or_else(|| {
            let why = Text::new(
                "write FROM..TO:STEP, or values with commas",
                "写作 起..止:步长，或以逗号分隔的取值",
            );
            Problem::defect("bad_text", "sweep", &Value::from(values.as_str()), &why)
        })?;
        let count = points.len() * list.len();
        if count > MOST_POINTS {
            return Err(too_many(count));
        }
        points = with_each_value(&points, &field, &list);
    }
    Ok(points)
}

/// Work in a place for solving, away from the threads that answer; it is told how many threads it may use.
///
/// # Errors
/// `busy`.
pub async fn in_a_slot<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(usize) -> T + Send + 'static,
) -> Result<T, Problem> {
    let slot = app.slots.take().await?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work(slot.threads);
        drop(slot);
        done
    });
    done.await.map_err(|error| {
        tracing::error!(%error, "work on a plan failed");
        Problem::new(&INTERNAL)
    })
}
