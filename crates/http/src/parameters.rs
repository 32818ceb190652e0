//! Query parameters: none that a route does not name, none twice, all faults at once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use serde_json::{Value, json};
use tiaoji_core::plan::Method;
use tiaoji_core::units::Day;

use crate::problem::{BAD_PARAMETER, Problem, Text};

/// A query parameter of a route.
pub struct Parameter {
    pub name: &'static str,
    /// What it does, for the description of the service.
    pub about: &'static str,
    /// Its JSON Schema; what this admits is what is accepted.
    pub schema: &'static str,
}

/// The parameters of a request.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, String>,
    faults: Vec<Value>,
}

impl Parameters {
    /// Those of a query, for a route that knows `known`.
    ///
    /// # Errors
    /// `bad_parameter` where one is unknown or given twice.
    pub fn of(uri: &Uri, known: &[Parameter]) -> Result<Parameters, Problem> {
        let mut found = Parameters::default();
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            found.fault("", "", &Text::new("the query cannot be read", "无法读取查询字符串"));
            return Err(found.problem());
        };
        for (name, value) in pairs {
            if !known.iter().any(|parameter| parameter.name == name) {
                found.fault(&name, &value, &Text::new("there is no such parameter here", "此处没有该参数"));
            } else if let Entry::Vacant(place) = found.values.entry(name.clone()) {
                place.insert(value);
            } else {
                found.fault(&name, &value, &Text::new("the parameter is given twice", "参数重复"));
            }
        }
        if found.faults.is_empty() { Ok(found) } else { Err(found.problem()) }
    }

    /// A parameter's value, where it is there and can be read; what cannot is remembered for [`finish`](Self::finish).
    pub fn take<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, Text>) -> Option<T> {
        let text = self.values.remove(name)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(name, &text, &why);
                None
            }
        }
    }

    /// Whether everything could be read.
    pub fn finish(self) -> Result<(), Problem> {
        if self.faults.is_empty() { Ok(()) } else { Err(self.problem()) }
    }

    fn fault(&mut self, name: &str, read: &str, why: &Text) {
        use tiaoji_formats::messages::Language::{En, Zh};
        self.faults.push(
            json!({ "parameter": name, "read": read, "message": why.say(En), "message_zh": why.say(Zh) }),
        );
    }

    fn problem(self) -> Problem {
        let names: Vec<String> = self
            .faults
            .iter()
            .filter_map(|fault| fault["parameter"].as_str())
            .map(|name| format!("`{name}`"))
            .collect();
        let names = names.join(", ");
        Problem::new(&BAD_PARAMETER)
            .detail(format!("Not understood: {names}"), format!("无法识别：{names}"))
            .member("parameters", self.faults.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Parameters, Self::Rejection> {
        Ok(parts.extensions.remove().unwrap_or_default())
    }
}

pub fn method(text: &str) -> Result<Method, Text> {
    let names = || Method::ALL.map(Method::name).join(", ");
    let known = Method::ALL.into_iter().find(|method| method.name() == text);
    known.ok_or_else(|| Text::new(format!("one of {}", names()), format!("应为 {} 之一", names())))
}

pub fn gap(text: &str) -> Result<f64, Text> {
    let read = text.parse::<f64>().ok().filter(|gap| gap.is_finite() && *gap >= 0.0);
    read.ok_or_else(|| Text::new("a fraction of 0 or more, like 0.001", "应为不小于 0 的小数，如 0.001"))
}

pub fn time(text: &str) -> Result<Duration, Text> {
    tiaoji_formats::duration(text).map_err(|why| Text::new(why, "时长写作 500ms、15s、2m 或 60（秒）"))
}

pub fn flag(text: &str) -> Result<bool, Text> {
    text.parse().map_err(|_| Text::new("true or false", "应为 true 或 false"))
}

/// A date.
///
/// # Errors
/// Where it is none of the format's.
pub fn day(text: &str) -> Result<Day, Text> {
    any_day(text).filter(|day| (Day::MIN..=Day::MAX).contains(day)).ok_or_else(no_date)
}

/// A date from which on something counts: one before or after all that a posting may have is the first or the last of those.
///
/// # Errors
/// Where it is no date.
pub fn first_day(text: &str) -> Result<Day, Text> {
    any_day(text).map(|day| day.clamp(Day::MIN, Day::MAX)).ok_or_else(no_date)
}

fn any_day(text: &str) -> Option<Day> {
    let date = text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10)?;
    Day::new(date.year(), date.month(), date.day())
}

fn no_date() -> Text {
    Text::new("a date YYYY-MM-DD", "日期写作 YYYY-MM-DD")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Parameter] = &[
        Parameter { name: "gap", about: "", schema: "{}" },
        Parameter { name: "explain", about: "", schema: "{}" },
    ];

    #[test]
    fn queries() {
        let check = |query: &str, expect: Result<Option<f64>, &[&str]>| {
            let uri: Uri = format!("/x?{query}").parse().expect("an address");
            let read = Parameters::of(&uri, KNOWN).and_then(|mut parameters| {
                let (gap, _) = (parameters.take("gap", gap), parameters.take("explain", flag));
                parameters.finish().map(|()| gap)
            });
            let read = read.map_err(|problem| format!("{problem:?}"));
            match expect {
                Ok(gap) => assert_eq!(read, Ok(gap), "{query}"),
                Err(words) => {
                    let problem = read.expect_err(query);
                    for word in words {
                        assert!(problem.contains(word), "{query}: {word} in {problem}");
                    }
                }
            }
        };
        check("", Ok(None));
        check("gap=0.5&explain=true", Ok(Some(0.5)));
        check("gap=%30", Ok(Some(0.0)));
        check("gap=nan&explain=yes", Err(&["gap", "nan", "explain", "yes"]));
        check("gap=1&gap=2", Err(&["twice"]));
        check("Gap=1&speed=2", Err(&["`Gap`", "`speed`"]));
        for bad in ["", "-1", "inf", "1,5", "0x1"] {
            check(&format!("gap={bad}"), Err(&["fraction"]));
        }
    }
}
