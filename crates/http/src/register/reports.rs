//! `/v1/reports`: what a zone reports of its alliances and officers, and what one more worker would be worth.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_core::units::Day;
use tiaoji_formats::{Register, alliance_report, alliance_report_to_csv, skill_report, skill_report_to_csv};
use tiaoji_store::{Kind, View};

use super::follow_ups::SILENT;
use crate::app::App;
use crate::options::current;
use crate::parameters::{Parameter, Parameters};
use crate::plans::{held, in_a_slot};
use crate::problem::{INTERNAL, NOT_READY, Problem};
use crate::runs::calls::wants;
use crate::zone::document::all;
use crate::zone::rows::{FROM, TO, date_filter};

/// Media type of CSV.
pub const CSV: &str = "text/csv";

/// The days that are counted.
pub const DAYS: &[Parameter] = &[
    Parameter { about: "Meetings and problems of this date or later.", ..FROM },
    Parameter { about: "Of this date or earlier.", ..TO },
];

/// `GET /v1/reports/alliances`: JSON, or CSV where that is what is accepted.
pub async fn alliances(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let mut day = |name: &str| {
        let date = parameters.take(name, date_filter)?.parse::<jiff::civil::Date>().ok()?;
        Day::new(date.year(), date.month(), date.day())
    };
    let days = (day("from"), day("to"));
    parameters.finish()?;
    let mut view = app.store.view().await?;
    let register = register(&mut view).await?;
    let in_force = view.published_plan().await?.map(|plan| plan.id);
    drop(view);
    let plan = match &in_force {
        Some(id) => Some(held(&app.store, id).await?),
        None => None,
    };
    let report = in_a_slot(&app, move |_| {
        alliance_report(&register, plan.as_ref().map(|(scenario, plan)| (scenario, plan)), days)
    });
    let report = report.await?;
    if wants(&headers, CSV) {
        return Ok(csv(alliance_report_to_csv(&report)));
    }
    let mut document = serde_json::to_value(report).map_err(|_| Problem::new(&INTERNAL))?;
    document["plan_id"] = json!(in_force);
    Ok(axum::Json(document).into_response())
}

/// `GET /v1/reports/skills`: of the plan in force, or the newest.
pub async fn skills(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let plan = current(&mut app.store.view().await?).await?;
    let none = || Problem::new(&NOT_READY).detail("The zone has no plan yet", "园区尚无方案");
    let plan = plan.ok_or_else(none)?;
    let (scenario, file) = held(&app.store, &plan.id).await?;
    let report = in_a_slot(&app, move |_| skill_report(&scenario, &file)).await?;
    let report = report.ok_or_else(|| {
        Problem::new(&NOT_READY).detail("The plan was stored without prices", "该方案未保存价格")
    })?;
    if wants(&headers, CSV) {
        return Ok(csv(skill_report_to_csv(&report)));
    }
    let mut document = serde_json::to_value(report).map_err(|_| Problem::new(&INTERNAL))?;
    document["plan_id"] = plan.id.into();
    Ok(axum::Json(document).into_response())
}

fn csv(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response()
}

async fn register(view: &mut View) -> Result<Register, Problem> {
    let mut rows = async |kind| -> Result<Vec<Value>, Problem> {
        Ok(all(view, kind).await?.into_iter().map(|(_, row)| row.into()).collect())
    };
    let (firms, alliances) = (rows(Kind::Firm).await?, rows(Kind::Alliance).await?);
    let (meetings, problems) = (rows(Kind::Meeting).await?, rows(Kind::Problem).await?);
    // each was checked before it was kept; a firm that does not answer has no problem, it is one
    Ok(Register {
        firms: firms.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect(),
        alliances: alliances.iter().filter_map(|row| row["name"].as_str().map(str::to_string)).collect(),
        meetings: meetings.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect(),
        problems: problems
            .into_iter()
            .filter(|row| row["follow_up"] != SILENT)
            .filter_map(|row| serde_json::from_value(row).ok())
            .collect(),
    })
}
