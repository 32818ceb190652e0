//! Bodies that are no rows of the formats: a few members, every fault at once.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tiaoji_core::units::Day;
use tiaoji_store::Access;

use crate::body::Json;
use crate::problem::Problem;
use crate::who::Role;

/// The members of a body that have not been taken yet, and what was wrong with the others.
pub struct Fields {
    members: Map<String, Value>,
    /// What was asked for, there or not.
    known: BTreeSet<String>,
    faults: Vec<Value>,
}

impl From<Map<String, Value>> for Fields {
    fn from(members: Map<String, Value>) -> Fields {
        Fields { members, known: BTreeSet::new(), faults: Vec::new() }
    }
}

impl Fields {
    /// Those of a body.
    ///
    /// # Errors
    /// `malformed`.
    pub fn of(sent: &Json) -> Result<Fields, Problem> {
        Ok(Fields::from(sent.object()?))
    }

    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.known.insert(name.to_string());
        self.members.remove(name)
    }

    /// A text of so many characters that must be there.
    pub fn text(&mut self, name: &str, least: usize, most: usize) -> Option<String> {
        if !self.members.contains_key(name) {
            self.known.insert(name.to_string());
            self.fault("missing_value", name, &Value::Null, "is missing", "缺失");
            return None;
        }
        self.optional_text(name, least, most)
    }

    /// A text that may be absent or null.
    pub fn optional_text(&mut self, name: &str, least: usize, most: usize) -> Option<String> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let fits = |text: &&str| (least..=most).contains(&text.chars().count()) && !text.contains('\0');
        if let Some(text) = value.as_str().filter(fits) {
            return Some(text.to_string());
        }
        let (en, zh) =
            (format!("is a text of {least} to {most} characters"), format!("应为 {least} 至 {most} 个字符"));
        // a password stays out of answers and logs
        let read = if ["password", "current"].contains(&name) { Value::Null } else { value };
        self.fault("bad_text", name, &read, &en, &zh);
        None
    }

    /// A truth value that may be absent.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        if value.as_bool().is_none() {
            self.fault("bad_boolean", name, &value, "is true or false", "应为 true 或 false");
        }
        value.as_bool()
    }

    /// One of some codes that must be there.
    pub fn choice<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, codes: &[&str]) -> Option<T> {
        if !self.members.contains_key(name) {
            self.known.insert(name.to_string());
            self.fault("missing_value", name, &Value::Null, "is missing", "缺失");
            return None;
        }
        self.optional_choice(name, read, codes)
    }

    /// One of some codes, or none.
    pub fn optional_choice<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        codes: &[&str],
    ) -> Option<T> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let known = value.as_str().and_then(read);
        if known.is_none() {
            let codes = codes.join(", ");
            self.fault(
                "bad_choice",
                name,
                &value,
                &format!("is one of {codes}"),
                &format!("应为 {codes} 之一"),
            );
        }
        known
    }

    /// A whole number within limits that may be absent.
    pub fn number(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let number = value.as_i64().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let (en, zh) = (format!("is {least} to {most}"), format!("应为 {least} 至 {most} 的整数"));
            self.fault("out_of_range", name, &value, &en, &zh);
        }
        number
    }

    /// A date that may be absent.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let day = value.as_str().and_then(|text| crate::parameters::day(text).ok());
        if day.is_none() {
            self.fault("bad_date", name, &value, "is a date YYYY-MM-DD", "应为 YYYY-MM-DD 格式的日期");
        }
        day
    }

    /// Notes that a member must be there which is not.
    pub fn needs<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.faults.iter().any(|fault| fault["column"] == name) {
            self.fault("missing_value", name, &Value::Null, "is missing", "缺失");
        }
        value
    }

    /// Whole days from 1 to ten years, that may be absent.
    pub fn days(&mut self, name: &str) -> Option<i64> {
        let value = self.take(name).filter(|value| !value.is_null())?;
        let days = value.as_i64().filter(|days| (1..=3660).contains(days));
        if days.is_none() {
            self.fault("out_of_range", name, &value, "is 1 to 3660 days", "应为 1 至 3660 天");
        }
        days
    }

    /// `role`, `firms`, `officer`. Whoever is of a firm has exactly one; an officer has a name or firms.
    pub fn access(&mut self) -> Access {
        let role = self.text("role", 1, 20).unwrap_or_default();
        let firms = match self.take("firms") {
            None | Some(Value::Null) => Vec::new(),
            Some(value) => {
                let firms = value.as_array().and_then(|items| {
                    items.iter().map(|item| item.as_str().map(str::to_string)).collect::<Option<Vec<_>>>()
                });
                firms.filter(|firms| firms.len() <= 1000).unwrap_or_else(|| {
                    self.fault("bad_text", "firms", &value, "is a list of firms' ids", "应为企业编号的列表");
                    Vec::new()
                })
            }
        };
        let officer = self.optional_text("officer", 1, 200);
        let access = Access { role, firms, officer };
        self.check(&access);
        access
    }

    /// Notes what is wrong with an access.
    pub fn check(&mut self, access: &Access) {
        match Role::of(&access.role) {
            None if access.role.is_empty() => {} // missing, which has been said
            None => {
                let role = Value::from(access.role.as_str());
                self.fault(
                    "bad_choice",
                    "role",
                    &role,
                    "is firm, officer, zone, viewer or service",
                    "应为 firm、officer、zone、viewer 或 service",
                );
            }
            Some(Role::Firm) if access.firms.len() != 1 => {
                let firms = json!(access.firms);
                self.fault("conflict", "firms", &firms, "names exactly one firm", "应恰有一家企业");
            }
            Some(Role::Officer) if access.firms.is_empty() && access.officer.is_none() => {
                self.fault(
                    "missing_value",
                    "officer",
                    &Value::Null,
                    "is missing, and so are firms",
                    "缺失，且未列出企业",
                );
            }
            Some(_) => {}
        }
    }

    /// Whether all is well, and nothing is left over.
    ///
    /// # Errors
    /// Every defect.
    pub fn finish(mut self) -> Result<(), Problem> {
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let (en, zh) =
            (format!("known here: {}", known.join(", ")), format!("此处可用：{}", known.join("、")));
        for (name, value) in std::mem::take(&mut self.members) {
            self.fault("unknown_key", &name, &value, "is not known here", "此处没有该字段");
            if let Some(fault) = self.faults.last_mut() {
                (fault["remedy"], fault["remedy_zh"]) = (en.as_str().into(), zh.as_str().into());
            }
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::list(self.faults)) }
    }

    fn fault(&mut self, code: &str, name: &str, read: &Value, en: &str, zh: &str) {
        let read = if read.is_null() {
            Value::Null
        } else {
            read.to_string().chars().take(100).collect::<String>().into()
        };
        self.faults.push(json!({
            "code": code,
            "pointer": format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            "row": null,
            "column": name,
            "read": read,
            "message": format!("`{name}` {en}"),
            "message_zh": format!("`{name}` {zh}"),
            "remedy": "",
            "remedy_zh": "",
        }));
    }
}
