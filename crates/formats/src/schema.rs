//! JSON Schemas of the documents: the scenario's from the table of columns, the others' from their wire types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use tiaoji_core::defect::Table;
use tiaoji_core::units::WEEKDAYS;

use crate::cell::PRIORITIES;
use crate::columns::{Info, Kind, Need, columns, is_required};
use crate::plan::PlanFile;

/// A scenario as one JSON document, for schemas: the reader itself goes by the table of columns, so that it can
/// name every fault at once.
pub struct ScenarioDocument;

impl JsonSchema for ScenarioDocument {
    fn schema_name() -> Cow<'static, str> {
        "Scenario".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut root = Members::default();
        root.optional("format", json!({ "type": "integer", "const": 1, "default": 1 }));
        for info in columns(Table::Scenario) {
            root.column(&info.json_key(), info);
        }
        for table in &Table::ALL[1..] {
            let mut row = Members::default();
            for info in columns(*table) {
                row.column(&info.json_key(), info);
            }
            let schema = json!({ "type": "array", "items": row.schema() });
            if is_required(*table) {
                root.required(table.name(), schema);
            } else {
                root.optional(table.name(), nullable(schema));
            }
        }
        let mut schema = root.schema();
        if let Some(object) = schema.as_object_mut() {
            object.insert("title".to_string(), json!("A tiaoji scenario"));
        }
        Schema::try_from(schema).unwrap_or_default()
    }
}

/// The schema of a scenario document.
pub fn scenario_schema() -> Value {
    schema_of::<ScenarioDocument>()
}

/// The schema of a plan file.
pub fn plan_schema() -> Value {
    schema_of::<PlanFile>()
}

/// The schema of any other document, by its wire type.
pub fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// An object schema in the making.
#[derive(Default)]
struct Members {
    properties: Map<String, Value>,
    required: Vec<String>,
    /// Objects inside, by key.
    groups: Vec<(String, Members)>,
}

impl Members {
    fn optional(&mut self, key: &str, schema: Value) {
        self.properties.insert(key.to_string(), schema);
    }

    fn required(&mut self, key: &str, schema: Value) {
        self.required.push(key.to_string());
        self.optional(key, schema);
    }

    /// A column under its key, which may be dotted.
    fn column(&mut self, key: &str, info: &Info) {
        if let Some((group, rest)) = key.split_once('.') {
            let at = self.groups.iter().position(|(name, _)| name == group).unwrap_or_else(|| {
                self.groups.push((group.to_string(), Members::default()));
                self.groups.len() - 1
            });
            self.groups[at].1.column(rest, info);
            return;
        }
        // A horizon has both ends, or there is none.
        let needed = info.need == Need::Value || info.name.starts_with("horizon.");
        if needed {
            self.required(key, leaf(info));
        } else {
            self.optional(key, nullable(leaf(info)));
        }
    }

    fn schema(mut self) -> Value {
        for (name, group) in std::mem::take(&mut self.groups) {
            if name == "horizon" {
                self.optional(&name, nullable(group.schema()));
            } else {
                self.required(&name, group.schema());
            }
        }
        let (properties, required) = (self.properties, self.required);
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }
}

/// The same, or null, which is the same as absent.
fn nullable(mut schema: Value) -> Value {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.push(Value::Null);
    }
    schema
}

fn leaf(info: &Info) -> Value {
    let counts = json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 });
    let text = |limit: u32| json!({ "type": "string", "maxLength": limit });
    match info.kind {
        Kind::Id => json!({ "type": "string", "minLength": 1, "maxLength": 64 }),
        Kind::Text if info.name == "remark" => text(2_000),
        Kind::Text => text(200),
        Kind::List | Kind::Certificates => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Whole if info.name.ends_with("min_stay_days") => {
            json!({ "type": "integer", "minimum": 1, "maximum": 3_660 })
        }
        Kind::Whole => counts,
        Kind::Float => match info.name {
            "latitude" => json!({ "type": "number", "minimum": -90, "maximum": 90 }),
            "longitude" => json!({ "type": "number", "minimum": -180, "maximum": 180 }),
            _ => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 10 }),
        },
        Kind::Money => json!({ "type": "integer", "minimum": 0, "maximum": 100_000_000_000_i64 }),
        Kind::Km => json!({ "type": "number", "minimum": 0, "maximum": 20_000, "multipleOf": 0.001 }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Priority => {
            let names: Vec<&str> = PRIORITIES.iter().flat_map(|(_, en, zh)| [*en, *zh]).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::Weekdays => json!({ "type": "array", "items": { "enum": WEEKDAYS } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas() {
        let pretty = |schema: &Value| serde_json::to_string_pretty(schema).expect("a value is JSON");
        insta::assert_snapshot!("scenario", pretty(&scenario_schema()));
        insta::assert_snapshot!("plan", pretty(&plan_schema()));
    }

    #[test]
    fn the_scenario_schema_knows_what_is_written() {
        let draft = crate::generate(&crate::GenerateOptions { seed: 5, ..crate::GenerateOptions::default() });
        let document: Value = serde_json::from_slice(&crate::draft_to_json(&draft)).expect("JSON");
        let schema = scenario_schema();
        known(&document, &schema, "");
    }

    /// Every key of a document is a property of its schema, and what is required is there.
    fn known(value: &Value, schema: &Value, path: &str) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let schema = &schema["properties"][key];
                    assert!(schema.is_object(), "{path}.{key} is not in the schema");
                    known(value, schema, &format!("{path}.{key}"));
                }
                for key in schema["required"].as_array().into_iter().flatten() {
                    let key = key.as_str().unwrap_or_default();
                    assert!(members.contains_key(key), "{path}.{key} is required and not written");
                }
            }
            Value::Array(items) => items.iter().for_each(|item| known(item, &schema["items"], path)),
            _ => {}
        }
    }
}
