//! The alliance register: alliances with their liaison, meetings and visits, problems that firms have and what became of
//! them. Its rows are kept, listed and changed as those of the zone's data are; what is their own stands here.

pub mod columns;
pub mod follow_ups;
pub mod reports;

use axum::routing::get;
use serde_json::{Map, Value};
use tiaoji_core::units::Day;
use tiaoji_store::{Kind, State, Tx, View};

use crate::lists::{CURSOR, LIMIT};
use crate::parameters::Parameter;
use crate::practice::settings::clock;
use crate::problem::{BAD_CURSOR, DUPLICATE, Kind as Fault, NOT_READY, Problem, STATE_CONFLICT, Text};
use crate::routes::{Route, of_rows};
use crate::who::{Actor, Matter, Role};
use crate::zone::document::all;
use crate::zone::rows::{FIRM, FROM, TO};
use crate::zone::sort::Sort;
use columns::{Column, Holds};

const TEXT: &str = r#"{ "type": "string" }"#;
const DATE: &str = r#"{ "type": "string", "format": "date" }"#;
const INSTANT: &str = r#"{ "type": "string", "format": "date-time" }"#;
const SIDE: &str = r#"{ "type": "string", "enum": ["lender", "borrower"] }"#;
const REASONS: &str = r##"{ "type": "array", "items": { "$ref": "#/components/schemas/ReasonDays" } }"##;
const STRETCHES: &str = r##"{ "type": "array", "items": { "$ref": "#/components/schemas/Stretch" } }"##;

/// The filters of the list of meetings.
pub const MEETING_FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    Parameter {
        name: "kind",
        about: "Of this kind.",
        schema: r#"{ "type": "string", "enum": ["exchange", "activity", "benefit", "visit"] }"#,
    },
    FROM,
    TO,
];

/// The filters of the list of problems.
pub const PROBLEM_FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    FIRM,
    Parameter {
        name: "kind",
        about: "Of this kind.",
        schema: r#"{ "type": "string", "enum": ["labour", "financing", "technology", "policy", "other"] }"#,
    },
    Parameter {
        name: "state",
        about: "In this state.",
        schema: r#"{ "type": "string", "enum": ["open", "answered", "solved", "closed"] }"#,
    },
];

const REMARK: usize = 2000;
const NAME: usize = 200;

/// An industry group of firms, and who to call.
pub static ALLIANCES: Sort = Sort {
    kind: Kind::Alliance,
    table: "alliances",
    schema: "Alliance",
    path: "/v1/alliances",
    id: None,
    extra: &[],
    columns: &[
        Column::new("name", Holds::Text(NAME)).needed(),
        Column::new("liaison", Holds::Text(NAME)),
        Column::new("officer", Holds::Text(NAME)),
        Column::new("remark", Holds::Text(REMARK)),
    ],
};

/// What was held, and who came.
pub static MEETINGS: Sort = Sort {
    kind: Kind::Meeting,
    table: "meetings",
    schema: "Meeting",
    path: "/v1/meetings",
    id: None,
    extra: &[],
    columns: &[
        Column::new("date", Holds::Date).needed(),
        Column::new("kind", Holds::Choice(&["exchange", "activity", "benefit", "visit"])).needed(),
        Column::new("alliance", Holds::Alliance),
        Column::new("firms", Holds::Firms),
        Column::new("officer", Holds::Text(NAME)),
        Column::new("note", Holds::Text(REMARK)),
    ],
};

/// What a firm needs help with. `state` follows from the dates.
pub static PROBLEMS: Sort = Sort {
    kind: Kind::Problem,
    table: "problems",
    schema: "RaisedProblem",
    path: "/v1/problems",
    id: None,
    extra: &[],
    columns: &[
        Column::new("firm", Holds::Firm).needed(),
        Column::new("kind", Holds::Choice(&["labour", "financing", "technology", "policy", "other"]))
            .needed(),
        Column::new("text", Holds::Text(REMARK)).needed(),
        Column::new("owner", Holds::Text(NAME)),
        Column::new("raised", Holds::Date),
        Column::new("answered", Holds::Date),
        Column::new("solved", Holds::Date),
        Column::new("closed", Holds::Date),
        Column::new("note", Holds::Text(REMARK)),
        Column::new("state", Holds::Choice(&["open", "answered", "solved", "closed"])).kept(),
        // of a follow-up: a shortage that stays unfilled in a plan, why, and what would help; or a firm that does not answer
        Column::new("follow_up", Holds::Choice(&follow_ups::FOLLOW_UPS)).kept(),
        Column::new("shortage", Holds::Any(TEXT)).kept(),
        Column::new("plan_id", Holds::Any(TEXT)).kept(),
        Column::new("skill", Holds::Any(TEXT)).kept(),
        Column::new("from", Holds::Any(DATE)).kept(),
        Column::new("to", Holds::Any(DATE)).kept(),
        Column::new("worker_days", Holds::Any(r#"{ "type": "integer", "minimum": 0 }"#)).kept(),
        Column::new("reasons", Holds::Any(REASONS)).kept(),
        Column::new("stretches", Holds::Any(STRETCHES)).kept(),
        Column::new("remedy", Holds::Any(r##"{ "$ref": "#/components/schemas/Nearest" }"##)).kept(),
        Column::new("proposal_id", Holds::Any(TEXT)).kept(),
        Column::new("side", Holds::Any(SIDE)).kept(),
        Column::new("surplus", Holds::Any(TEXT)).kept(),
        Column::new("deadline", Holds::Any(INSTANT)).kept(),
    ],
};

/// All of them.
pub static REGISTER: &[&Sort] = &[&ALLIANCES, &MEETINGS, &PROBLEMS];

/// The calls of the register.
pub fn routes() -> Vec<Route> {
    const LISTED: &[&Fault] = &[&BAD_CURSOR];
    const GIVEN: &[&str] = &["application/json", reports::CSV];
    let mut all: Vec<Route> = REGISTER.iter().flat_map(|sort| of_rows(sort)).collect();
    all.extend([
        Route::new(
            "get",
            "/v1/follow-ups",
            "list_follow_ups",
            Matter::Register,
            "Problems that the service raises itself, answered, solved or closed at /v1/problems/{id}. `follow_up` says why: \
             `unfilled`, a shortage that the plan in force leaves open, with reasons and the nearest remedy; `silent`, a firm \
             that has not answered a proposal a working day before its deadline.",
            || get(follow_ups::list),
        )
        .query(follow_ups::FILTERS)
        .answers(200, "RaisedProblemList")
        .faults(LISTED),
        Route::new(
            "get",
            "/v1/reports/alliances",
            "report_alliances",
            Matter::Reports,
            "Meetings, visits and problems by alliance and officer, and who lends to whom in the plan in force.",
            || get(reports::alliances),
        )
        .query(reports::DAYS)
        .gives(GIVEN)
        .answers(200, "AllianceReport"),
        Route::new(
            "get",
            "/v1/reports/skills",
            "report_skills",
            Matter::Reports,
            "What one more worker would be worth, by skill and week, in the plan in force or the newest.",
            || get(reports::skills),
        )
        .gives(GIVEN)
        .answers(200, "SkillReport")
        .faults(&[&NOT_READY]),
    ]);
    all
}

/// Reads a row of the register, and gives it as it is to be kept.
///
/// # Errors
/// Every defect; `duplicate` where another alliance has the name.
pub async fn read_row(
    view: &mut View,
    sort: &Sort,
    id: &str,
    row: &Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    let mut row = columns::read(view, sort, row.clone()).await?;
    match sort.kind {
        Kind::Alliance => only_one(view, id, &row).await?,
        Kind::Problem => {
            complete_problem(view, &mut row).await?;
            check_dates(&row, clock(view).await?.day(view.now().await?))?;
        }
        _ => {}
    }
    Ok(row)
}

/// What a caller need not say of a new meeting: which officer held it.
pub fn complete(sort: &Sort, actor: &Actor, row: &mut Map<String, Value>) {
    if sort.kind == Kind::Meeting
        && actor.role == Role::Officer
        && let Some(officer) = &actor.access.officer
    {
        row.entry("officer").or_insert_with(|| officer.as_str().into());
    }
}

async fn only_one(view: &mut View, id: &str, row: &Map<String, Value>) -> Result<(), Problem> {
    let others = all(view, Kind::Alliance).await?;
    let same = others.iter().find(|(other, alliance)| other != id && alliance.get("name") == row.get("name"));
    match same {
        None => Ok(()),
        Some((other, _)) => Err(Problem::new(&DUPLICATE)
            .detail(format!("{other} has that name already"), format!("{other} 已用此名称"))),
    }
}

/// Fills in what follows of a problem: raised today, owned by whoever looks after the firm; to solve it is to answer it; its
/// state.
async fn complete_problem(view: &mut View, row: &mut Map<String, Value>) -> Result<(), Problem> {
    if !row.contains_key("raised") {
        let today = clock(view).await?.day(view.now().await?);
        row.insert("raised".to_string(), today.to_string().into());
    }
    if !row.contains_key("owner")
        && let Some(firm) = row.get("firm").and_then(Value::as_str)
    {
        let body = view.record(Kind::Firm, firm).await?.body;
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        if let Some(officer) = body["service_officer"].as_str() {
            row.insert("owner".to_string(), officer.into());
        }
    }
    if let Some(solved) = row.get("solved").cloned() {
        // a shortage that a plan fills is solved without anybody's answer
        if !row.contains_key("shortage") {
            row.entry("answered").or_insert(solved);
        }
    }
    let state = ["solved", "closed", "answered"].into_iter().find(|name| row.contains_key(*name));
    row.insert("state".to_string(), state.unwrap_or("open").into());
    Ok(())
}

/// Refuses dates that are still to come, or that are not in their order.
fn check_dates(row: &Map<String, Value>, today: Day) -> Result<(), Problem> {
    let date = |name: &str| {
        let date: jiff::civil::Date = row.get(name).and_then(Value::as_str)?.parse().ok()?;
        Day::new(date.year(), date.month(), date.day())
    };
    let wrong = |code: &str, name: &str, date: Day, why: &Text| {
        Problem::defect(code, name, &date.to_string().into(), why)
    };
    for name in ["raised", "answered", "solved", "closed"] {
        if let Some(later) = date(name).filter(|date| *date > today) {
            let why = Text::new(
                format!("`{name}` is still to come, today is {today}"),
                format!("`{name}` 晚于今天（{today}）"),
            );
            return Err(wrong("out_of_range", name, later, &why));
        }
    }
    for (before, after) in
        [("raised", "answered"), ("answered", "solved"), ("raised", "solved"), ("raised", "closed")]
    {
        if let (Some(first), Some(then)) = (date(before), date(after))
            && then < first
        {
            let why = Text::new(
                format!("`{after}` lies before `{before}`, {first}"),
                format!("`{after}` 早于 `{before}`（{first}）"),
            );
            return Err(wrong("dates_reversed", after, then, &why));
        }
    }
    Ok(())
}

/// Whether a remedy is a change of the firm's own posting, and so names nobody else.
pub fn is_its_own(remedy: &Value) -> bool {
    ["shortage_distance", "shortage_alliance", "shortage_stay"].iter().any(|code| remedy["code"] == *code)
}

/// What a firm sees of a problem of its own: not who could help and does not, and of remedies what it can do itself.
pub fn for_a_firm(problem: &mut Map<String, Value>) {
    problem.remove("stretches");
    if problem.get("remedy").is_some_and(|remedy| !is_its_own(remedy)) {
        problem.remove("remedy");
    }
    // what the zone gains is no firm's
    if let Some(remedy) = problem.get_mut("remedy").and_then(Value::as_object_mut) {
        remedy.remove("saved_fen");
    }
    // a partner that blocks is absent
    for reason in problem.get_mut("reasons").and_then(Value::as_array_mut).into_iter().flatten() {
        if reason["code"] == "blocked" {
            reason["code"] = "none".into();
        }
    }
}

/// Whether a row still counts: a problem until it is solved or closed.
pub fn stage(row: &Map<String, Value>) -> State {
    let is_done = row.contains_key("solved") || row.contains_key("closed");
    if is_done { State::Closed } else { State::Open }
}

/// Refuses to rename or remove an alliance that firms or meetings name.
///
/// # Errors
/// `state_conflict`.
pub async fn unused(tx: &mut Tx, name: &str) -> Result<(), Problem> {
    for (kind, what) in [(Kind::Firm, "firm"), (Kind::Meeting, "meeting")] {
        let rows = all(tx, kind).await?;
        let user = rows.iter().find(|(_, row)| row.get("alliance").and_then(Value::as_str) == Some(name));
        if let Some((id, _)) = user {
            return Err(Problem::new(&STATE_CONFLICT)
                .detail(format!("{name} is named by {what} {id}"), format!("{name} 仍被 {id} 引用")));
        }
    }
    Ok(())
}
