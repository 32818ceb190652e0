//! What would become of every row of a table, as the zone is now and for who sends it.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use tiaoji_formats::{Faults, PostingRow, PostingTable, Report, StandingPosting};
use tiaoji_store::{Error, Kind, Record, State as Stage, View};

use crate::problem::{Problem, TOO_LARGE};
use crate::who::{Call, Reach, Role};
use crate::zone::document::{all, any_policy, plain};
use crate::zone::rows::ask_for_priority;
use crate::zone::sort::{FIRMS, POLICY, SKILLS, Sort, body};

/// The most rows of a table: while they are stored nothing else is.
const MOST: usize = 10_000;

/// A table, judged.
pub struct Judged {
    pub sheet: Option<String>,
    pub warnings: Vec<Value>,
    /// What is to be done, or every fault.
    pub rows: Result<Vec<Judgement>, Faults>,
    /// Number and id of every row.
    numbers: Vec<(u32, Option<String>)>,
}

/// A row that is valid.
pub struct Judgement {
    /// The posting that it changes.
    pub before: Option<Record>,
    /// What it is to be, extra columns included.
    pub body: Map<String, Value>,
    pub is_changed: bool,
}

/// Judges a table.
///
/// # Errors
/// `too_large`; those of the database. What is wrong with the table is no error here.
pub async fn judge(
    view: &mut View,
    call: &Call,
    sort: &Sort,
    table: PostingTable,
) -> Result<Judged, Problem> {
    let actor = call.actor()?;
    let numbers: Vec<(u32, Option<String>)> =
        table.rows().map(|(row, id)| (row, id.map(str::to_string))).collect();
    if numbers.len() > MOST {
        return Err(Problem::new(&TOO_LARGE)
            .detail(format!("A table may have {MOST} rows"), format!("表格最多 {MOST} 行"))
            .member("limit", MOST.into()));
    }
    let acts_for = |firm: &str| call.reach() == Reach::All || actor.has(firm);
    let mut before = HashMap::new();
    let mut standing = HashMap::new();
    for id in numbers.iter().filter_map(|(_, id)| id.as_ref()) {
        let record = match view.record(sort.kind, id).await {
            Ok(record) => record,
            Err(Error::NotFound | Error::Invalid(_)) => continue,
            Err(fault) => return Err(fault.into()),
        };
        let row = body(&record);
        if sort.owner(&row).is_some_and(acts_for) {
            let is_open = matches!(record.state, Stage::Draft | Stage::Open);
            let body = Value::from(plain(sort, row)).to_string();
            standing.insert(id.clone(), StandingPosting { body, is_open });
            before.insert(id.clone(), record);
        }
    }
    let zone = zone(view, acts_for).await?;
    let firm = actor.firms.first().filter(|_| actor.role == Role::Firm);
    let sheet = table.sheet().map(str::to_string);
    let judged = table.judge(&zone, &standing, firm.map(String::as_str));
    let warnings = judged.as_ref().map(|valid| valid.warnings.as_slice()).unwrap_or_default();
    let warnings = warnings.iter().map(|report| shown(report, sheet.as_deref())).collect();
    let mut judgement = |row: PostingRow| {
        let before = row.id.and_then(|id| before.remove(&id));
        judgement(sort, actor.role, before, row.body)
    };
    let rows = judged.map(|valid| valid.rows.into_iter().map(&mut judgement).collect());
    Ok(Judged { sheet, warnings, rows, numbers })
}

/// The firms that the caller acts for, and all skills: other firms do not exist here.
pub async fn zone(view: &mut View, acts_for: impl Fn(&str) -> bool) -> Result<Vec<u8>, Problem> {
    let policy = match view.record(Kind::Policy, "policy").await {
        Ok(record) => plain(&POLICY, body(&record)).into(),
        Err(Error::NotFound) => any_policy(),
        Err(fault) => return Err(fault.into()),
    };
    let firms = all(view, Kind::Firm).await?.into_iter().filter(|(id, _)| acts_for(id));
    let firms: Vec<Value> = firms.map(|(_, row)| plain(&FIRMS, row).into()).collect();
    let skills = all(view, Kind::Skill).await?.into_iter();
    let skills: Vec<Value> = skills.map(|(_, row)| plain(&SKILLS, row).into()).collect();
    let document = json!({ "name": "zone", "policy": policy, "firms": firms, "skills": skills, "surplus": [],
        "shortage": [] });
    Ok(document.to_string().into_bytes())
}

fn judgement(sort: &Sort, role: Role, before: Option<Record>, mut row: Map<String, Value>) -> Judgement {
    let was = before.as_ref().map(body);
    let old = was.clone().unwrap_or_default();
    // which is what a blank means
    if !old.contains_key("priority") && row.get("priority").is_some_and(|priority| priority == "normal") {
        row.remove("priority");
    }
    if row.get("priority") != old.get("priority") {
        ask_for_priority(sort, role, was.as_ref(), &mut row);
        if let (None, Some(priority)) = (row.get("priority"), old.get("priority")) {
            row.insert("priority".to_string(), priority.clone());
        }
    }
    for name in sort.extra {
        if let (None, Some(value)) = (row.get(*name), old.get(*name)) {
            row.insert((*name).to_string(), value.clone());
        }
    }
    row.retain(|_, value| !value.is_null());
    Judgement { is_changed: was.is_none_or(|was| was != row), before, body: row }
}

impl Judged {
    /// What a table that cannot be read is told.
    pub fn unread(faults: &Faults) -> Value {
        json!({ "dry_run": true, "rows": [], "defects": defects(faults, None), "warnings": [] })
    }

    /// Every row's verdict.
    pub fn shown(&self) -> Value {
        let all = self.rows.as_ref().err().map(|faults| defects(faults, self.sheet.as_deref()));
        let all = all.unwrap_or_default();
        let mut by_row: HashMap<u64, Vec<&Value>> = HashMap::new();
        for defect in &all {
            by_row.entry(defect["row"].as_u64().unwrap_or_default()).or_default().push(defect);
        }
        let rows = self.numbers.iter().map(|(row, _)| u64::from(*row));
        // what is wrong with the header is wrong with every row
        let known: HashSet<u64> = rows.collect();
        let is_headless = by_row.keys().any(|row| !known.contains(row));
        let rows = self.numbers.iter().enumerate().map(|(at, (row, id))| {
            let own = by_row.get(&u64::from(*row)).cloned().unwrap_or_default();
            let judgement = self.rows.as_ref().ok().and_then(|rows| rows.get(at));
            let verdict = match judgement {
                _ if is_headless || !own.is_empty() => "faulty",
                _ if id.is_none() => "create",
                Some(judgement) if !judgement.is_changed => "unchanged",
                _ => "update",
            };
            json!({ "row": row, "id": id, "verdict": verdict, "defects": own })
        });
        let rows: Vec<Value> = rows.collect();
        json!({ "dry_run": true, "rows": rows, "defects": all, "warnings": self.warnings })
    }
}

/// The defects of a table, each with its sheet, row and column.
pub fn defects(faults: &Faults, sheet: Option<&str>) -> Vec<Value> {
    faults.defects.iter().map(|report| shown(report, sheet)).collect()
}

fn shown(report: &Report, sheet: Option<&str>) -> Value {
    json!({
        "code": report.code, "sheet": sheet, "row": report.row, "column": report.column, "read": report.read,
        "message": report.message, "message_zh": report.message_zh, "remedy": report.remedy,
        "remedy_zh": report.remedy_zh,
    })
}
