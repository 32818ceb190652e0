//! `/v1/runs`: asking for a run, looking at it, cancelling it.

use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_core::practice::Calendar;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Day;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{to_workbook, to_zip};
use tiaoji_store::{NewRun, Run, View};

use crate::app::App;
use crate::body::{check_type, read};
use crate::change::{Done, change};
use crate::lists::{Part, page};
use crate::matching::{Wanted, check_size, scenario};
use crate::parameters::{Parameter, Parameters};
use crate::practice::settings::Practice;
use crate::problem::{FORBIDDEN, INTERNAL, NOT_FOUND, NOT_READY, Problem, Text};
use crate::who::{Call, Matter, Reach, reach};
use crate::zone::document::zone;
use crate::zone::sort::instant;

/// The parameters of a run: those of a solve, and where the scenario comes from.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "source",
        about: "zone: the zone's posted data, without a body; else the body is the scenario.",
        schema: r#"{ "type": "string", "enum": ["zone"] }"#,
    },
    Parameter {
        name: "from",
        about: "With source=zone, the first day to plan; by default the policy's `lead_days` (3) working days after today.",
        schema: r#"{ "type": "string", "format": "date" }"#,
    },
    Parameter { name: "method", about: "As for match.", schema: crate::matching::PARAMETERS[0].schema },
    Parameter { name: "gap", about: "As for match.", schema: crate::matching::PARAMETERS[1].schema },
    Parameter { name: "time_limit", about: "As for match.", schema: crate::matching::PARAMETERS[2].schema },
    Parameter { name: "explain", about: "As for match.", schema: crate::matching::PARAMETERS[3].schema },
];

/// The media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of zip archives.
pub const ZIP: &str = "application/zip";

/// A run as it is shown.
pub fn shown(run: &Run) -> Value {
    let settings: Value = serde_json::from_str(&run.settings).unwrap_or_default();
    let progress = run.progress.as_ref();
    json!({
        "id": run.id, "state": run.state.name(), "source": if run.revision.is_some() { "zone" } else { "body" },
        "revision": run.revision, "settings": settings, "created": instant(run.created),
        "started": run.started.map(instant), "ended": run.ended.map(instant), "attempt": run.attempt,
        "cancelling": run.cancel && !run.state.ended(),
        "objective_fen": progress.map(|p| p.objective_fen), "bound_fen": progress.map(|p| p.bound_fen),
        "gap": progress.map(|p| p.gap), "seconds": progress.map(|p| p.seconds), "plan_id": run.plan_id,
        "story": run.story.lines().collect::<Vec<_>>(),
    })
}

/// `POST /v1/runs`
pub async fn post(
    State(app): State<App>,
    call: Call,
    mut parameters: Parameters,
    request: Request,
) -> Result<Response, Problem> {
    let known = |text: &str| {
        if text == "zone" { Ok(()) } else { Err(Text::new("zone", "应为 zone")) }
    };
    let of_the_zone = parameters.take("source", known).is_some();
    let from = parameters.take("from", crate::parameters::first_day);
    let wanted = Wanted::of(parameters)?;
    if !of_the_zone {
        check_type(request.headers(), &["application/json"])?;
        let sent = read(&app, request).await?;
        let slot = app.slots.take().await?;
        let (bytes, max_pairs) = (sent.bytes.clone(), app.settings.max_pairs);
        let checked = tokio::task::spawn_blocking(move || {
            let checked = scenario(&bytes).and_then(|scenario| check_size(&scenario, max_pairs));
            drop(slot);
            checked
        });
        checked.await.map_err(|_| Problem::new(&INTERNAL))??;
        return enqueue(&app, &call, wanted, &sent.bytes).await;
    }
    let actor = call.actor()?;
    if reach(actor.role, Matter::Plans, true) != Reach::All {
        return Err(Problem::new(&FORBIDDEN));
    }
    if !read(&app, request).await?.bytes.is_empty() {
        let why = Text::new("a run of the zone's data takes no body", "以园区数据求解时不应带请求体");
        return Err(Problem::defect("conflict", "source", &json!("zone"), &why));
    }
    let mut view = app.store.view().await?;
    let now = view.now().await?;
    let practice = Practice::of(&mut view).await?;
    let (revision, document) = zone(&mut view).await?;
    drop(view);
    let input = planned(document, (now, practice), from, app.settings.max_pairs)?;
    queue(&app, &call, wanted, input, Some(revision)).await
}

/// The zone's document with the days that are to be planned. A zone all of whose postings lie before them is planned as it
/// stands, as a replay of the past.
fn planned(
    mut document: Value,
    (now, practice): (i64, Practice),
    from: Option<Day>,
    max_pairs: usize,
) -> Result<String, Problem> {
    let whole = scenario(document.to_string().as_bytes())?;
    let last = whole.surplus().iter().map(|s| s.to).chain(whole.shortages().iter().map(|d| d.to)).max();
    let first = from.or_else(|| first_planned(&whole, now, practice));
    if let (Some(first), Some(last)) = (first, last)
        && (first <= last || from.is_some())
    {
        document["horizon"] = json!({ "from": first.to_string(), "to": last.max(first).to_string() });
    }
    let text = document.to_string();
    check_size(&scenario(text.as_bytes())?, max_pairs)?;
    Ok(text)
}

/// The lead's number of working days after today, by the zone's clock and calendar.
fn first_planned(scenario: &Scenario, now: i64, practice: Practice) -> Option<Day> {
    Calendar::of(scenario).after(practice.clock.day(now), practice.lead_days)
}

/// Queues a run of a caller's own scenario.
///
/// # Errors
/// `too_many_requests`.
pub async fn enqueue(app: &App, call: &Call, wanted: Wanted, bytes: &[u8]) -> Result<Response, Problem> {
    let input = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_string(),
        // the reader knows other encodings; what is kept is UTF-8
        Err(_) => String::from_utf8(tiaoji_formats::to_json(&scenario(bytes)?)).unwrap_or_default(),
    };
    queue(app, call, wanted, input, None).await
}

async fn queue(
    app: &App,
    call: &Call,
    wanted: Wanted,
    input: String,
    revision: Option<i64>,
) -> Result<Response, Problem> {
    let actor = call.actor()?;
    let (by, caller) = (actor.by(None), actor.id.clone());
    // what is asked for is in the path; of the body its hash is enough
    let body = input.clone();
    let new = NewRun { caller, input, revision, settings: wanted.to_json().to_string() };
    change(&app.store, call, body.as_bytes(), move |tx| {
        Box::pin(async move {
            let run = tx.enqueue(&by, &new).await?;
            let done = Done::ok(StatusCode::ACCEPTED, None, Some(shown(&run)));
            Ok(Done { headers: vec![(LOCATION, format!("/v1/runs/{}", run.id))], ..done })
        })
    })
    .await
}

/// A run that the caller may see.
///
/// # Errors
/// `not_found`.
pub async fn visible(view: &mut View, call: &Call, id: &str) -> Result<Run, Problem> {
    let run = view.run(id).await?;
    let actor = call.actor()?;
    let of_the_zone = run.revision.is_some() && reach(actor.role, Matter::Plans, false) == Reach::All;
    if run.caller == actor.id || of_the_zone { Ok(run) } else { Err(Problem::new(&NOT_FOUND)) }
}

/// `GET /v1/runs`: one's own, the newest first.
pub async fn list(
    State(app): State<App>,
    call: Call,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let caller = &call.actor()?.id;
    let found = app.store.view().await?.runs(Some(caller), part.after.as_deref(), part.limit).await?;
    let items: Vec<Value> = found.items.iter().map(shown).collect();
    Ok(page(&items, found.next))
}

/// `GET /v1/runs/{id}`
pub async fn get(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let run = visible(&mut app.store.view().await?, &call, &id).await?;
    Ok(axum::Json(shown(&run)).into_response())
}

/// `GET /v1/runs/{id}/plan`
pub async fn plan(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut view = app.store.view().await?;
    visible(&mut view, &call, &id).await?;
    match view.run_plan(&id).await? {
        Some(plan) => Ok(([(CONTENT_TYPE, "application/json")], plan).into_response()),
        None => Err(Problem::new(&NOT_READY).detail("The run has no plan yet", "该求解尚无方案")),
    }
}

/// `GET /v1/runs/{id}/scenario`: as JSON, or as a workbook or as a zip of its folder where that is what is accepted.
pub async fn input(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut view = app.store.view().await?;
    let run = visible(&mut view, &call, &id).await?;
    let document = view.input(&run.input_hash).await?;
    if wants(&headers, XLSX) {
        let language = crate::language::of(&headers);
        let book = workbook(&document, language)?;
        return Ok(([(CONTENT_TYPE, XLSX)], book).into_response());
    }
    if wants(&headers, ZIP) {
        return Ok(([(CONTENT_TYPE, ZIP)], to_zip(&scenario(document.as_bytes())?)).into_response());
    }
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}

fn workbook(document: &str, language: Language) -> Result<Vec<u8>, Problem> {
    Ok(to_workbook(&scenario(document.as_bytes())?, language))
}

/// Whether a media type is named among those that are accepted.
pub fn wants(headers: &HeaderMap, media: &str) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| crate::language::weighted(range).0 == media)
}

/// `DELETE /v1/runs/{id}`: cancels it; the best plan is kept.
pub async fn cancel(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let copy = call.clone();
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            visible(tx, &copy, &id).await.and_then(|run| may_cancel(&copy, &run))?;
            let run = tx.cancel_run(&copy.actor()?.by(None), &id).await?;
            Ok(Done::ok(StatusCode::ACCEPTED, None, Some(shown(&run))))
        })
    })
    .await
}

fn may_cancel(call: &Call, run: &Run) -> Result<(), Problem> {
    let actor = call.actor()?;
    let of_the_zone = run.revision.is_some() && reach(actor.role, Matter::Plans, true) == Reach::All;
    if run.caller == actor.id || of_the_zone { Ok(()) } else { Err(Problem::new(&FORBIDDEN)) }
}

/// The schema of a run.
pub fn schema() -> Value {
    let optional = |kind: &str| json!({ "type": [kind, "null"] });
    let properties: Map<String, Value> = [
        ("id", json!({ "type": "string" })),
        ("state", json!({ "type": "string", "enum": ["queued", "running", "done", "cancelled", "failed"] })),
        ("source", json!({ "type": "string", "enum": ["zone", "body"] })),
        ("revision", optional("integer")),
        ("settings", json!({ "type": "object" })),
        ("created", json!({ "type": "string", "format": "date-time" })),
        ("started", optional("string")),
        ("ended", optional("string")),
        ("attempt", json!({ "type": "integer" })),
        ("cancelling", json!({ "type": "boolean" })),
        ("objective_fen", optional("integer")),
        ("bound_fen", optional("integer")),
        ("gap", optional("number")),
        ("seconds", optional("number")),
        ("plan_id", optional("string")),
        ("story", json!({ "type": "array", "items": { "type": "string" } })),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_string(), schema))
    .collect();
    json!({ "type": "object", "properties": properties, "required": ["id", "state"] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_of_a_plan() {
        let check = |calendar: Value, rest: Value, instant: &str, expect: &str| {
            let document = json!({
                "name": "x", "firms": [], "skills": [], "surplus": [], "shortage": [], "calendar": calendar,
                "policy": { "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0,
                    "cross_alliance_fen": 0, "unmet": { "urgent_fen": 0, "normal_fen": 0, "low_fen": 0 }, "rest_weekdays": rest },
            });
            let scenario = scenario(document.to_string().as_bytes()).expect("valid");
            let now = instant.parse::<jiff::Timestamp>().expect("an instant").as_millisecond();
            let first = first_planned(&scenario, now, Practice::default()).expect("a day");
            assert_eq!(first.to_string(), expect, "{instant}");
        };
        let weekend = json!(["Sat", "Sun"]);
        check(json!([]), json!([]), "2026-11-24T04:00:00Z", "2026-11-27");
        // in the zone it is the next day already
        check(json!([]), json!([]), "2026-11-24T16:00:00Z", "2026-11-28");
        check(json!([]), weekend.clone(), "2026-11-25T04:00:00Z", "2026-11-30");
        check(
            json!([{ "date": "2026-11-28", "working": true }]),
            weekend,
            "2026-11-25T04:00:00Z",
            "2026-11-28",
        );
    }
}
