//! The zone's data as the one scenario document of the formats, and back.

use crate::db::args;
use crate::record::{Kind, State};
use crate::{By, Error, Result, Tx, View};
use serde_json::{Map, Value};

/// The zone's scenario at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneScenario {
    /// The zone's revision that it shows.
    pub revision: i64,
    /// The JSON document, rows in order of their ids: the same data give the same bytes.
    pub document: String,
}

/// Where each kind's rows stand in the document.
const TABLES: [(&str, Kind); 8] = [
    ("firms", Kind::Firm),
    ("skills", Kind::Skill),
    ("substitutions", Kind::Substitution),
    ("surplus", Kind::Surplus),
    ("shortage", Kind::Shortage),
    ("blocked", Kind::Blocked),
    ("pins", Kind::Pin),
    ("calendar", Kind::Calendar),
];

impl View {
    /// The whole zone as a scenario document: every row in the state [`State::Open`]. `instead` holds members of the
    /// document that stand in place of the stored ones, as a `horizon`, or `pins` that come from agreements.
    pub async fn scenario(&mut self, instead: &Map<String, Value>) -> Result<ZoneScenario> {
        let revision = self.revision().await?;
        let mut top = Map::new();
        top.insert("format".to_string(), 1.into());
        if let Some(zone) = self.single(Kind::Zone).await? {
            let zone: Map<String, Value> =
                serde_json::from_str(&zone).map_err(|fault| Error::Other(fault.to_string()))?;
            top.extend(zone);
        }
        top.extend(instead.clone());
        let mut members: Vec<String> = Vec::new();
        for (key, value) in &top {
            members.push(format!("{}:{value}", Value::from(key.as_str())));
        }
        if !instead.contains_key("policy")
            && let Some(policy) = self.single(Kind::Policy).await?
        {
            members.push(format!("\"policy\":{policy}"));
        }
        for (key, kind) in TABLES {
            if instead.contains_key(key) {
                continue;
            }
            let sql = "SELECT body FROM records WHERE kind = $1 AND state = 'open' ORDER BY id";
            let rows = self.conn.rows(sql, args![kind.name()]).await?;
            let rows = rows.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>>>()?;
            members.push(format!("\"{key}\":[\n{}]", rows.join(",\n")));
        }
        Ok(ZoneScenario { revision, document: format!("{{{}}}\n", members.join(",\n")) })
    }

    async fn single(&mut self, kind: Kind) -> Result<Option<String>> {
        match self.record(kind, kind.name()).await {
            Ok(record) => Ok(Some(record.body)),
            Err(Error::NotFound) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

impl Tx {
    /// Adds the rows of a scenario document, which the formats have read without a defect; its policy and name take the
    /// place of the stored ones. [`Error::Conflict`] at the first id that exists; [`Error::Invalid`] where the document
    /// is not of its shape.
    pub async fn load_scenario(&mut self, by: &By, document: &Value) -> Result<()> {
        let members = document.as_object().ok_or_else(shape)?;
        let zone: Map<String, Value> = ["name", "zone", "horizon"]
            .into_iter()
            .filter_map(|key| Some((key.to_string(), members.get(key)?.clone())))
            .collect();
        self.put_single(by, Kind::Zone, &Value::Object(zone)).await?;
        self.put_single(by, Kind::Policy, members.get("policy").ok_or_else(shape)?).await?;
        for (key, kind) in TABLES {
            let rows = match members.get(key) {
                None | Some(Value::Null) => continue,
                Some(rows) => rows.as_array().ok_or_else(shape)?,
            };
            for row in rows {
                let id = match row.get(if kind == Kind::Calendar { "date" } else { "id" }) {
                    Some(id) => id.as_str().ok_or_else(shape)?.to_string(),
                    None => self.new_id(kind).await?,
                };
                self.create(by, kind, &id, State::Open, row).await?;
            }
        }
        Ok(())
    }

    async fn put_single(&mut self, by: &By, kind: Kind, body: &Value) -> Result<()> {
        match self.replace(by, kind, kind.name(), None, State::Open, body).await {
            Err(Error::NotFound) => {
                self.create(by, kind, kind.name(), State::Open, body).await?;
            }
            other => {
                other?;
            }
        }
        Ok(())
    }
}

fn shape() -> Error {
    Error::Invalid("this is not a scenario document".to_string())
}
