//! `POST /v1/surplus:import` and `/v1/shortages:import`: a table of postings, all or nothing; `/v1/imports/{id}`: the way back.

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Faults, NewPosting, PostingTable, posting_template, read_json};
use tiaoji_store::{Error, Kind, State as Stage, Tx, View};

use crate::app::App;
use crate::body::{check_type, read};
use crate::change::{Done, change};
use crate::parameters::{Parameter, Parameters, flag};
use crate::practice::postings::put_back;
use crate::problem::{DEFECTS, INTERNAL, NOT_FOUND, Problem, STATE_CONFLICT};
use crate::routes::Route;
use crate::runs::calls::XLSX;
use crate::who::{Call, Matter, Reach};
use crate::zone::document::read_row;
use crate::zone::rows::{insert, update};
use crate::zone::sort::{SHORTAGES, SURPLUS, Sort, body, instant, sort_of};

mod judge;

use judge::{Judged, defects, judge};

/// What a table is sent as. What it is shows in its bytes: browsers call a CSV file what they like.
const MEDIA: &[&str] = &["text/csv", XLSX, "application/vnd.ms-excel", "application/octet-stream"];

const PARAMETERS: &[Parameter] = &[Parameter {
    name: "dry_run",
    about: "Only tells what would become of every row.",
    schema: r#"{ "type": "boolean", "default": false }"#,
}];

pub fn routes() -> Vec<Route> {
    let tables = [&SURPLUS, &SHORTAGES].map(|sort| {
        let about = "Adds and changes postings from a table, CSV (UTF-8 or GB18030) or XLSX, English or Chinese headers: \
                     rows with an id change that posting, rows without add one. All or nothing.";
        let (path, id) = (format!("{}:import", sort.path), format!("import_{}", sort.table));
        Route::new("post", path, id, Matter::Postings, about, || post(import))
            .of(sort)
            .query(PARAMETERS)
            .takes("Table")
            .accepts(MEDIA)
            .answers(201, "Import")
            .faults(&[&DEFECTS, &STATE_CONFLICT])
    });
    let about = "An import: who made it, what it added and changed, whether it has been undone.";
    let read =
        Route::new("get", "/v1/imports/{id}", "read_import", Matter::Postings, about, || get(read_import))
            .answers(200, "Import");
    let about = "Puts every posting of an import back to what it was, within 24 hours; 409 where one has changed since.";
    let undo =
        Route::new("post", "/v1/imports/{id}/undo", "undo_import", Matter::Postings, about, || post(undo))
            .answers(200, "Import")
            .faults(&[&STATE_CONFLICT]);
    tables.into_iter().chain([read, undo]).collect()
}

/// The schemas of these calls.
pub fn schemas() -> Vec<(&'static str, Value)> {
    let text = json!({ "type": "string" });
    let ids = json!({ "type": "array", "items": text });
    let whole = json!({ "type": "integer" });
    let optional = json!({ "type": ["string", "null"] });
    let faults = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Defect" } });
    let row = json!({ "type": "object", "properties": {
        "row": whole, "id": optional, "defects": faults,
        "verdict": { "type": "string", "enum": ["create", "update", "unchanged", "faulty"] },
    } });
    let import = json!({
        "type": "object",
        "description": "What a table has done, or with dry_run would do.",
        "properties": {
            "import_id": whole, "created": ids, "updated": ids, "unchanged": ids, "warnings": faults,
            "actor": text, "instant": { "type": "string", "format": "date-time" },
            "undone": optional, "undo_until": { "type": "string", "format": "date-time" },
            "dry_run": { "type": "boolean" }, "rows": { "type": "array", "items": row }, "defects": faults,
        },
    });
    vec![
        ("Table", json!({ "type": "string", "description": "A CSV file, or a workbook." })),
        ("Import", import),
    ]
}

fn sort(call: &Call) -> Result<(&'static Sort, NewPosting), Problem> {
    let sort = call.route.sort.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    Ok((sort, if sort.kind == Kind::Surplus { NewPosting::Surplus } else { NewPosting::Shortage }))
}

async fn import(
    State(app): State<App>,
    call: Call,
    mut parameters: Parameters,
    request: Request,
) -> Result<Response, Problem> {
    let is_dry = parameters.take("dry_run", flag).unwrap_or(false);
    parameters.finish()?;
    check_type(request.headers(), MEDIA)?;
    let sent = read(&app, request).await?;
    let table = table(&call, sent.bytes.clone()).await?;
    if is_dry {
        let verdict = match table {
            Ok(table) => tried(&app, &call, table).await?,
            Err(faults) => Judged::unread(&faults),
        };
        return Ok(axum::Json(verdict).into_response());
    }
    take(&app, &call, table.map_err(|faults| refused(&faults))?, &sent.bytes).await
}

/// The table of a file, or why it is none.
///
/// # Errors
/// `internal`.
pub async fn table(call: &Call, bytes: Bytes) -> Result<Result<PostingTable, Faults>, Problem> {
    let (sort, side) = sort(call)?;
    let table = tokio::task::spawn_blocking(move || PostingTable::read(side, sort.table, &bytes));
    table.await.map_err(|_| Problem::new(&INTERNAL))
}

/// What would become of every row of a table; nothing is kept.
///
/// # Errors
/// `too_large`; those of the database.
pub async fn tried(app: &App, call: &Call, table: PostingTable) -> Result<Value, Problem> {
    let (sort, _) = sort(call)?;
    Ok(judge(&mut app.store.view().await?, call, sort, table).await?.shown())
}

/// Takes a table as a whole; `sent` is what an idempotency key goes with.
///
/// # Errors
/// Every defect, of which nothing is kept; those of a change.
pub async fn take(app: &App, call: &Call, table: PostingTable, sent: &[u8]) -> Result<Response, Problem> {
    let (sort, _) = sort(call)?;
    let copy = call.clone();
    change(&app.store, call, sent, move |tx| {
        Box::pin(async move {
            let judged = judge(tx, &copy, sort, table).await?;
            let (id, answer) = apply(tx, &copy, sort, judged).await?;
            let done = Done::ok(StatusCode::CREATED, None, Some(answer));
            Ok(Done { headers: vec![(LOCATION, format!("/v1/imports/{id}"))], ..done })
        })
    })
    .await
}

/// A blank table for a caller, as a workbook.
///
/// # Errors
/// Those of the database.
pub async fn template(app: &App, call: &Call, language: Language) -> Result<Vec<u8>, Problem> {
    let (_, side) = sort(call)?;
    let actor = call.actor()?;
    let acts_for = |firm: &str| call.reach() == Reach::All || actor.has(firm);
    let zone = judge::zone(&mut app.store.view().await?, acts_for).await?;
    let read = read_json("zone", &zone).map_err(|_| Problem::new(&INTERNAL))?;
    Ok(posting_template(&read.scenario, side, language))
}

/// A table that cannot be read.
fn refused(faults: &Faults) -> Problem {
    Problem::list(defects(faults, None))
}

/// Does what has been judged.
async fn apply(tx: &mut Tx, call: &Call, sort: &Sort, judged: Judged) -> Result<(i64, Value), Problem> {
    let rows = match judged.rows {
        Ok(rows) => rows,
        Err(faults) => return Err(Problem::list(defects(&faults, judged.sheet.as_deref()))),
    };
    let import = tx.begin_import(&call.actor()?.by(None)).await?;
    let (mut created, mut updated, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row.before {
            None => {
                let (id, mut body) = (tx.new_id(sort.kind).await?, row.body);
                body.insert("id".to_string(), id.as_str().into());
                created.push(insert(tx, call, sort, id, Stage::Open, body, Some(import)).await?.id);
            }
            Some(before) if row.is_changed => {
                let state = before.state;
                updated.push(update(tx, call, sort, &before, state, row.body, Some(import)).await?.id);
            }
            Some(before) => unchanged.push(before.id),
        }
    }
    let answer = json!({ "import_id": import, "created": created, "updated": updated, "unchanged": unchanged,
        "warnings": judged.warnings });
    Ok((import, answer))
}

/// An import whose every row is of a firm that the caller acts for, as it is shown.
async fn visible(view: &mut View, call: &Call, id: &str) -> Result<(i64, Value), Problem> {
    let id = id.parse::<i64>().map_err(|_| Problem::new(&NOT_FOUND))?;
    let found = view.import(id).await?;
    let actor = call.actor()?;
    let reaches_all = crate::who::reach(actor.role, Matter::Postings, false) == Reach::All;
    let is_theirs = |firm: &Option<String>| firm.as_ref().is_some_and(|firm| actor.has(firm));
    let is_seen = found.actor == actor.id
        || (!found.rows.is_empty() && found.rows.iter().all(|row| is_theirs(&row.firm)));
    if !reaches_all && !is_seen {
        return Err(Problem::new(&NOT_FOUND));
    }
    let ids = |is_new: bool| -> Vec<&str> {
        found.rows.iter().filter(|row| row.is_new == is_new).map(|row| row.id.as_str()).collect()
    };
    let shown = json!({ "import_id": id, "actor": found.actor, "instant": instant(found.instant),
        "undone": found.undone.map(instant), "undo_until": instant(found.undo_until), "created": ids(true),
        "updated": ids(false) });
    Ok((id, shown))
}

/// `GET /v1/imports/{id}`
pub async fn read_import(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (_, shown) = visible(&mut app.store.view().await?, &call, &id).await?;
    Ok(axum::Json(shown).into_response())
}

/// `POST /v1/imports/{id}/undo`
pub async fn undo(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let copy = call.clone();
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            let (number, _) = visible(tx, &copy, &id).await?;
            let by = copy.actor()?.by(None);
            let mut imported = Vec::new();
            for row in tx.import(number).await?.rows {
                if let (Some(sort), Ok(record)) = (sort_of(row.kind), tx.record(row.kind, &row.id).await) {
                    imported.push((sort, record));
                }
            }
            tx.undo_import(&by, number).await?;
            for (sort, record) in imported {
                still_fits(tx, record.kind, &record.id).await?;
                put_back(tx, &by, sort, &record).await?;
            }
            let (_, shown) = visible(tx, &copy, &id).await?;
            Ok(Done::ok(StatusCode::OK, None, Some(shown)))
        })
    })
    .await
}

/// Refuses to put a posting back whose firm or skill has gone meanwhile.
async fn still_fits(tx: &mut Tx, kind: Kind, id: &str) -> Result<(), Problem> {
    let Some(sort) = sort_of(kind) else { return Ok(()) };
    match tx.record(kind, id).await {
        Err(Error::NotFound) => Ok(()), // it was new
        Err(fault) => Err(fault.into()),
        Ok(record) => {
            let read = read_row(tx, sort, id, &body(&record)).await;
            read.map(|_| ()).map_err(|_| {
                Problem::new(&STATE_CONFLICT).detail(
                    format!("{id} as it was no longer fits the zone's firms and skills"),
                    format!("{id} 的原内容与园区现有的企业、工种不符"),
                )
            })
        }
    }
}
