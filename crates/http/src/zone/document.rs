//! Rows through the reader of the formats: a row among those that it names, and the whole zone.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{Faults, Report, is_uscc, read_json, to_json};
use tiaoji_store::{Error, Filter, Kind, View};

use super::sort::{POLICY, SORTS, SUBSTITUTIONS, Sort, body, sort_of};
use crate::practice::decided::add;
use crate::practice::settings;
use crate::problem::{INTERNAL, Problem};

/// A policy to read rows under that are of none.
pub fn any_policy() -> Value {
    json!({
        "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0, "cross_alliance_fen": 0,
        "unmet": { "urgent_fen": 0, "normal_fen": 0, "low_fen": 0 },
    })
}

/// Reads a row as part of the zone, and gives it back as it is to be kept: dates and ids as the format writes them.
///
/// # Errors
/// Every defect of the row, with pointers into it.
pub async fn read_row(
    view: &mut View,
    sort: &Sort,
    id: &str,
    row: &Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    if !sort.columns.is_empty() {
        return crate::register::read_row(view, sort, id, row).await;
    }
    let mut tables = Tables::default();
    if sort.kind == Kind::Substitution {
        // the same pair twice is a defect
        for other in all(view, Kind::Substitution).await? {
            if other.0 != id {
                tables.push(&SUBSTITUTIONS, other.1);
            }
        }
    }
    tables.seen.insert((sort.kind, id.to_string()));
    let mut open: Vec<(Kind, String)> = sort.references(row);
    for table in tables.rows.values().flatten().filter_map(Value::as_object) {
        open.extend(SUBSTITUTIONS.references(table));
    }
    while let Some((kind, id)) = open.pop() {
        if !tables.seen.insert((kind, id.clone())) {
            continue;
        }
        match view.record(kind, &id).await {
            Ok(record) => {
                let Some(sort) = sort_of(kind) else { continue };
                let row = plain(sort, body(&record));
                open.extend(sort.references(&row));
                tables.push(sort, row);
            }
            Err(Error::NotFound) => {} // the reader says so
            Err(fault) => return Err(fault.into()),
        }
    }
    let mut extra = Map::new();
    let mut columns = row.clone();
    let mut faults = Vec::new();
    if let Some(uscc) = columns.get("uscc").filter(|_| sort.extra.contains(&"uscc")) {
        faults.extend(check_uscc(uscc));
    }
    faults.extend(columns.get("closed").filter(|_| sort.extra.contains(&"closed")).and_then(check_closed));
    if sort.kind == Kind::Policy {
        faults.extend(settings::faults(&columns));
    }
    for name in sort.extra {
        extra.extend(columns.remove_entry(*name));
    }
    let (document, prefix) = tables.document(sort, columns.clone());
    let kept = match (read_json("row", document.to_string().as_bytes()), faults.is_empty()) {
        (Ok(loaded), true) => kept(sort, &loaded.scenario, &prefix, columns)?,
        (read, _) => {
            let defects = read.err().map(|faults| faults.defects).unwrap_or_default();
            let faults =
                Faults { defects: defects.into_iter().chain(faults).collect(), warnings: Vec::new() };
            return Err(Problem::defects_below(&faults, &prefix));
        }
    };
    Ok(kept.into_iter().chain(extra).collect())
}

/// The columns as they are to be kept.
fn kept(
    sort: &Sort,
    scenario: &Scenario,
    prefix: &str,
    mut columns: Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    let written: Value = serde_json::from_slice(&to_json(scenario)).map_err(|_| Problem::new(&INTERNAL))?;
    if sort.kind != Kind::Policy
        && let Some(canonical) = written.pointer(prefix).and_then(Value::as_object)
    {
        for (name, value) in &mut columns {
            if let Some(written) = canonical.get(name) {
                *value = written.clone();
            }
        }
    }
    columns.retain(|_, value| !value.is_null());
    Ok(columns)
}

fn check_uscc(value: &Value) -> Option<Report> {
    let is_right = value.is_null() || value.as_str().is_some_and(is_uscc);
    (!is_right).then(|| Report {
        code: "bad_text".to_string(),
        file: None,
        row: None,
        column: Some("uscc".to_string()),
        read: Some(value.as_str().map_or_else(|| value.to_string(), str::to_string)),
        message: "this is no unified social credit code: its check character does not fit".to_string(),
        message_zh: "统一社会信用代码有误：校验码不符".to_string(),
        remedy: "18 characters, the last by GB 32100".to_string(),
        remedy_zh: "应为 18 位，末位按 GB 32100 校验".to_string(),
    })
}

fn check_closed(value: &Value) -> Option<Report> {
    (!value.is_null() && !value.is_boolean()).then(|| Report {
        code: "bad_boolean".to_string(),
        file: None,
        row: None,
        column: Some("closed".to_string()),
        read: Some(value.to_string()),
        message: "this is neither true nor false".to_string(),
        message_zh: "应为 true 或 false".to_string(),
        remedy: "true once the firm has left the zone".to_string(),
        remedy_zh: "企业退出园区后填 true".to_string(),
    })
}

/// A document in the making.
#[derive(Default)]
struct Tables {
    rows: std::collections::BTreeMap<&'static str, Vec<Value>>,
    seen: BTreeSet<(Kind, String)>,
}

impl Tables {
    fn push(&mut self, sort: &Sort, row: Map<String, Value>) {
        self.rows.entry(sort.table).or_default().push(row.into());
    }

    /// The document with the row as its table's last, and the pointer to it.
    fn document(mut self, sort: &Sort, row: Map<String, Value>) -> (Value, String) {
        let mut document = json!({ "format": 1, "name": "row", "policy": any_policy() });
        let prefix = if sort.kind == Kind::Policy {
            document["policy"] = row.into();
            "/policy".to_string()
        } else {
            self.push(sort, row);
            format!("/{}/{}", sort.table, self.rows[sort.table].len() - 1)
        };
        for table in ["firms", "skills", "surplus", "shortage"] {
            document[table] = json!([]);
        }
        for (table, rows) in self.rows {
            document[table] = rows.into();
        }
        (document, prefix)
    }
}

/// A row without what scenario documents do not have.
pub fn plain(sort: &Sort, mut row: Map<String, Value>) -> Map<String, Value> {
    row.retain(|name, _| !sort.extra.contains(&name.as_str()));
    row
}

/// Every row of a table: id and columns.
///
/// # Errors
/// The database's.
pub async fn all(view: &mut View, kind: Kind) -> Result<Vec<(String, Map<String, Value>)>, Problem> {
    let (mut rows, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = view.records(kind, &Filter::default(), after.as_deref(), 500).await?;
        rows.extend(page.items.iter().map(|record| (record.id.clone(), body(record))));
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The whole zone as one document with what firms have decided, and its revision. Blocks and pins of postings that are not
/// open stay out.
///
/// # Errors
/// The database's.
pub async fn zone(view: &mut View) -> Result<(i64, Value), Problem> {
    let found = view.scenario(&Map::new()).await?;
    let mut document: Value = serde_json::from_str(&found.document).map_err(|error| {
        tracing::error!(%error, "the zone's document");
        Problem::new(&INTERNAL)
    })?;
    if let Some(policy) = document["policy"].as_object_mut() {
        let name = policy.get("zone_name").cloned();
        policy.retain(|name, _| !POLICY.extra.contains(&name.as_str()));
        if let Some(name) = name {
            document["zone"] = name;
        }
    }
    for sort in SORTS.iter().filter(|sort| !sort.extra.is_empty()) {
        for row in document[sort.table].as_array_mut().into_iter().flatten() {
            if let Some(row) = row.as_object_mut() {
                row.retain(|name, _| !sort.extra.contains(&name.as_str()));
            }
        }
    }
    let ids = |table: &str| -> BTreeSet<String> {
        let rows = document[table].as_array().into_iter().flatten();
        rows.filter_map(|row| row["id"].as_str().map(str::to_string)).collect()
    };
    let (surplus, shortage) = (ids("surplus"), ids("shortage"));
    let is_there = |row: &Value| {
        let known =
            |column: &str, ids: &BTreeSet<String>| row[column].as_str().is_none_or(|id| ids.contains(id));
        known("surplus", &surplus) && known("shortage", &shortage)
    };
    for table in ["blocked", "pins"] {
        if let Some(rows) = document[table].as_array_mut() {
            rows.retain(is_there);
        }
    }
    add(view, &mut document).await?;
    Ok((found.revision, document))
}
