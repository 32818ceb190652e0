//! Columns of rows that no scenario has: what may stand in them, in the description of the service and on the way in.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use tiaoji_store::{Error, Kind, View};

use crate::problem::Problem;
use crate::zone::document::all;
use crate::zone::sort::Sort;

/// A column.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub holds: Holds,
    /// Whether a row must have it.
    pub needed: bool,
    /// Whether the service alone writes it.
    pub kept: bool,
}

/// What stands in a column.
#[derive(Debug)]
pub enum Holds {
    /// A text of at most so many characters.
    Text(usize),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A date.
    Date,
    /// A firm's id.
    Firm,
    /// Ids of firms, none twice.
    Firms,
    /// An alliance's name, as its firms give it; its id in the register becomes that.
    Alliance,
    /// What the service puts there, by its JSON Schema.
    Any(&'static str),
}

/// The most firms that a row names.
const MOST_FIRMS: usize = 1000;

impl Column {
    pub const fn new(name: &'static str, holds: Holds) -> Column {
        Column { name, holds, needed: false, kept: false }
    }

    pub const fn needed(self) -> Column {
        Column { needed: true, ..self }
    }

    pub const fn kept(self) -> Column {
        Column { kept: true, ..self }
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Value {
        match self.holds {
            Holds::Text(most) => json!({ "type": "string", "minLength": 1, "maxLength": most }),
            Holds::Choice(words) => json!({ "type": "string", "enum": words }),
            Holds::Date => json!({ "type": "string", "format": "date" }),
            Holds::Firm => json!({ "type": "string", "minLength": 1, "maxLength": 64 }),
            Holds::Firms => json!({
                "type": "array", "maxItems": MOST_FIRMS, "uniqueItems": true,
                "items": { "type": "string", "minLength": 1, "maxLength": 64 },
            }),
            Holds::Alliance => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
            Holds::Any(schema) => serde_json::from_str(schema).unwrap_or_default(),
        }
    }

    /// The value as it is to be kept, else what is wrong with it: code, then text in both languages.
    async fn read(&self, view: &mut View, value: Value) -> Result<Result<Value, Wrong>, Problem> {
        let text = value.as_str().map(str::trim);
        Ok(match self.holds {
            Holds::Text(most) => match text {
                Some(text) if is_text(text, most) => Ok(text.into()),
                _ => Err(Wrong::new(
                    "bad_text",
                    format!("is a text of 1 to {most} characters"),
                    format!("应为 1 至 {most} 个字符"),
                )),
            },
            Holds::Choice(words) => match text {
                Some(text) if words.contains(&text) => Ok(text.into()),
                _ => Err(Wrong::new(
                    "bad_choice",
                    format!("is one of {}", words.join(", ")),
                    format!("应为 {} 之一", words.join("、")),
                )),
            },
            Holds::Date => match text.filter(|text| text.len() == 10).map(str::parse::<Date>) {
                Some(Ok(date)) => Ok(date.to_string().into()),
                _ => Err(Wrong::new("bad_date", "is a date YYYY-MM-DD", "应为日期 YYYY-MM-DD")),
            },
            Holds::Firm => match text {
                Some(id) if is_firm(view, id).await? => Ok(id.into()),
                _ => Err(Wrong::no_firm(text.unwrap_or_default())),
            },
            Holds::Firms => {
                let ids = value.as_array().and_then(|ids| {
                    ids.iter().map(|id| Some(id.as_str()?.trim().to_string())).collect::<Option<Vec<_>>>()
                });
                let Some(ids) = ids.filter(|ids| ids.len() <= MOST_FIRMS) else {
                    return Ok(Err(Wrong::new("bad_text", "is a list of firms' ids", "应为企业编号的列表")));
                };
                let mut seen = BTreeSet::new();
                for id in &ids {
                    if !is_firm(view, id).await? {
                        return Ok(Err(Wrong::no_firm(id)));
                    }
                    if !seen.insert(id) {
                        let (en, zh) = (format!("names {id} twice"), format!("重复列出 {id}"));
                        return Ok(Err(Wrong::new("duplicate_row", en, zh)));
                    }
                }
                Ok(ids.into())
            }
            Holds::Alliance => match text {
                Some(text) if is_text(text, 200) => match alliance(view, text).await? {
                    Some(name) => Ok(name.into()),
                    None => Err(Wrong::new(
                        "unknown_reference",
                        format!("names no alliance: neither the register nor any firm has {text}"),
                        format!("没有联盟 {text}：登记簿与企业资料中均无"),
                    )),
                },
                _ => Err(Wrong::new("bad_text", "is the name of an alliance", "应为联盟名称")),
            },
            Holds::Any(_) => Ok(value),
        })
    }
}

/// What is wrong with a value.
struct Wrong {
    code: &'static str,
    en: String,
    zh: String,
}

impl Wrong {
    fn new(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Wrong {
        Wrong { code, en: en.into(), zh: zh.into() }
    }

    fn no_firm(id: &str) -> Wrong {
        Wrong::new(
            "unknown_reference",
            format!("names no firm of the zone: {id:?}"),
            format!("园区没有企业 {id:?}"),
        )
    }
}

fn is_text(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.contains('\0')
}

async fn is_firm(view: &mut View, id: &str) -> Result<bool, Problem> {
    match view.record(Kind::Firm, id).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Invalid(_)) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

/// The name of an alliance by its name or its id.
async fn alliance(view: &mut View, text: &str) -> Result<Option<String>, Problem> {
    for (id, row) in all(view, Kind::Alliance).await? {
        let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
        if id == text || name == text {
            return Ok(Some(name.to_string()));
        }
    }
    let firms = all(view, Kind::Firm).await?;
    let is_named = firms.iter().any(|(_, firm)| firm.get("alliance").and_then(Value::as_str) == Some(text));
    Ok(is_named.then(|| text.to_string()))
}

/// A row as it is to be kept: nulls left out, texts trimmed.
///
/// # Errors
/// Every defect; the database's.
pub async fn read(
    view: &mut View,
    sort: &Sort,
    mut row: Map<String, Value>,
) -> Result<Map<String, Value>, Problem> {
    let (mut kept, mut defects) = (Map::new(), Vec::new());
    for column in sort.columns {
        match row.remove(column.name).filter(|value| !value.is_null()) {
            None if column.needed => {
                let wrong = Wrong::new("missing_value", "is missing", "缺失");
                defects.push(defect(column.name, &Value::Null, &wrong));
            }
            None => {}
            Some(value) => match column.read(view, value.clone()).await? {
                Ok(value) => {
                    kept.insert(column.name.to_string(), value);
                }
                Err(wrong) => defects.push(defect(column.name, &value, &wrong)),
            },
        }
    }
    let unknown = Wrong::new("unknown_key", "is not known here", "此处没有该字段");
    defects.extend(row.iter().map(|(name, value)| defect(name, value, &unknown)));
    if defects.is_empty() { Ok(kept) } else { Err(Problem::list(defects)) }
}

/// A defect of a column.
fn defect(name: &str, read: &Value, wrong: &Wrong) -> Value {
    let read = match read {
        Value::Null => Value::Null,
        read => read.to_string().chars().take(100).collect::<String>().into(),
    };
    json!({
        "code": wrong.code,
        "pointer": format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        "row": null,
        "column": name,
        "read": read,
        "message": format!("`{name}` {}", wrong.en),
        "message_zh": format!("`{name}` {}", wrong.zh),
        "remedy": "",
        "remedy_zh": "",
    })
}
