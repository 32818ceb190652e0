//! Forms: what was typed, the fields that hold it, and what is wrong with it beside the field.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;
use tiaoji_formats::messages::Language;

use super::visit::Visit;
use crate::problem::Problem;

/// What was typed, by the names of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// From a body of the type `application/x-www-form-urlencoded`, or a query; of a name that comes twice the last.
    pub fn parsed(text: &str) -> Values {
        let part = |text: &str| {
            // `+` is a space here; what is no UTF-8 becomes the sign for that
            crate::lists::percent_decoded(text.replace('+', " ").as_bytes())
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Values(pairs.map(|(name, value)| (part(name), part(value))).collect())
    }

    /// What stands in a field, trimmed.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The same as it was typed: in a table the space before the first cell is a blank cell.
    pub fn raw(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_string(), value.into());
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What is wrong, by the member of the body that it is about.
#[derive(Clone, Debug, Default)]
pub struct Faults(pub BTreeMap<String, Vec<String>>);

impl Faults {
    /// Those of a problem: its defects, or else what it says at all, which is of no field.
    pub fn of(problem: &Problem, language: Language) -> Faults {
        let mut faults = Faults::default();
        for defect in problem.listed() {
            let member = defect["column"].as_str().unwrap_or_default();
            faults.0.entry(member.to_string()).or_default().push(told(defect, language));
        }
        if faults.0.is_empty() {
            faults.0.insert(String::new(), vec![problem.told(language).to_string()]);
        }
        faults
    }

    pub fn at(&self, member: &str) -> &[String] {
        self.0.get(member).map_or(&[], Vec::as_slice)
    }
}

/// A defect in words, for people who see where it is: what is wrong, and what to do.
pub fn told(defect: &Value, language: Language) -> String {
    let text = |en: &str, zh: &str| defect[language.choose(en, zh)].as_str().unwrap_or_default();
    let (said, remedy) = (text("message", "message_zh"), text("remedy", "remedy_zh"));
    let between = if remedy.is_empty() { "" } else { language.choose("; ", "；") };
    let member = defect["column"].as_str().unwrap_or_default();
    in_plain_words(&format!("{said}{between}{remedy}"), member)
}

/// A message without the key of the field beside which it stands, and with the quotes of a text for people.
fn in_plain_words(said: &str, member: &str) -> String {
    let key = format!("`{member}`（");
    let mut text = said.to_string();
    if let Some((before, (name, after))) =
        said.split_once(&key).and_then(|(before, rest)| Some((before, rest.split_once('）')?)))
    {
        text = format!("{before}{name}{after}");
    }
    let mut is_open = false;
    let quote = |c: char| match c {
        '`' => {
            is_open = !is_open;
            if is_open { '“' } else { '”' }
        }
        other => other,
    };
    text.chars().map(quote).collect()
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Text,
    /// A text beside a list of what is known, found by its letters too.
    Listed,
    Firm,
    Number,
    /// In yuan; on the wire in fen.
    Money,
    /// A number with a point.
    Decimal,
    Date,
    Flag,
    /// Several, each after a comma.
    List,
    /// One of a few: code, English, Chinese.
    Choice(&'static [(&'static str, &'static str, &'static str)]),
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The member of the body that it fills.
    pub member: &'static str,
    pub sort: Sort,
    pub is_needed: bool,
    pub name: (&'static str, &'static str),
    pub hint: (&'static str, &'static str),
}

impl Field {
    /// A member as it is sent: numbers as numbers where they can be read, else as they were typed, so that the reader says what
    /// is wrong with them. None for a blank.
    pub fn sent(&self, typed: &str) -> Option<Value> {
        if typed.is_empty() {
            return None;
        }
        let as_typed = || Value::from(typed);
        let number = |text: &str| serde_json::from_str::<serde_json::Number>(text).ok().map(Value::from);
        Some(match self.sort {
            Sort::Number | Sort::Decimal => number(typed).unwrap_or_else(as_typed),
            Sort::Money => fen(typed).map_or_else(as_typed, Value::from),
            Sort::Flag => Value::from(typed == "true"),
            Sort::List => {
                let parts = typed.split([',', '，', ';', '；', '、']).map(str::trim);
                parts.filter(|part| !part.is_empty()).map(Value::from).collect()
            }
            _ => as_typed(),
        })
    }

    /// The way back, into the field.
    pub fn typed(&self, sent: &Value) -> String {
        match (self.sort, sent) {
            (_, Value::Null) => String::new(),
            (Sort::Money, Value::Number(fen)) => fen.as_i64().map(yuan).unwrap_or_default(),
            (Sort::List, Value::Array(items)) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("，")
            }
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }

    /// Label, control, hint and faults.
    pub fn markup(
        &self,
        visit: &Visit,
        values: &Values,
        faults: &Faults,
        choices: &[(String, String)],
    ) -> Markup {
        self.markup_in("", visit, values, faults, choices)
    }

    /// The same in one of several forms of a page: the form's name stands before the ids.
    pub fn markup_in(
        &self,
        form: &str,
        visit: &Visit,
        values: &Values,
        faults: &Faults,
        choices: &[(String, String)],
    ) -> Markup {
        let (name, told) = (self.member, faults.at(self.member));
        let id = &if form.is_empty() { name.to_string() } else { format!("{form}-{name}") };
        let (hint, say) = (self.hint, |pair: (&'static str, &'static str)| visit.say(pair.0, pair.1));
        let value = values.get(name);
        let described =
            if say(hint).is_empty() { format!("{id}-fault") } else { format!("{id}-hint {id}-fault") };
        let described = Some(described.as_str());
        let bad = (!told.is_empty()).then_some("true");
        let needed = self.is_needed.then_some("true");
        let control = match self.sort {
            Sort::Flag => {
                return html! {
                    div class="field check" {
                        input type="checkbox" id=(id) name=(name) value="true" checked[value == "true"] aria-describedby=[described];
                        label for=(id) { (say(self.name)) }
                        p class="hint" id=(format!("{id}-hint")) { (say(hint)) }
                        (told_at(id, told))
                    }
                };
            }
            Sort::Choice(all) => html! {
                select id=(id) name=(name) aria-describedby=[described] aria-invalid=[bad] {
                    @for (code, en, zh) in all {
                        option value=(code) selected[value == *code] { (visit.say(en, zh)) }
                    }
                }
            },
            Sort::Firm => html! {
                select id=(id) name=(name) aria-describedby=[described] aria-invalid=[bad] aria-required=[needed] {
                    option value="" {}
                    @for (code, shown) in choices { option value=(code) selected[value == code] { (shown) } }
                }
            },
            Sort::Listed => html! {
                input id=(id) name=(name) value=(value) list=(format!("{id}-list")) autocomplete="off" data-choose
                    aria-describedby=[described] aria-invalid=[bad] aria-required=[needed];
                datalist id=(format!("{id}-list")) {
                    @for (shown, found_by) in choices { option value=(shown) { (found_by) } }
                }
            },
            Sort::Date => html! {
                input type="date" id=(id) name=(name) value=(value) aria-describedby=[described] aria-invalid=[bad] aria-required=[needed];
            },
            _ => {
                let mode = match self.sort {
                    Sort::Number => Some("numeric"),
                    Sort::Money | Sort::Decimal => Some("decimal"),
                    _ => None,
                };
                html! {
                    input id=(id) name=(name) value=(value) inputmode=[mode] autocomplete="off"
                        aria-describedby=[described] aria-invalid=[bad] aria-required=[needed];
                }
            }
        };
        html! {
            div class="field" {
                label for=(id) {
                    (say(self.name))
                    @if self.is_needed { " " span class="need" { (visit.say("needed", "必填")) } }
                }
                @if !say(hint).is_empty() { p class="hint" id=(format!("{id}-hint")) { (say(hint)) } }
                (control)
                (told_at(id, told))
            }
        }
    }
}

/// The place for what is wrong with a field.
fn told_at(id: &str, told: &[String]) -> Markup {
    html! {
        div class="fault" id=(format!("{id}-fault")) { @for text in told { p { (text) } } }
    }
}

/// Everything that is wrong, at the top, each with a way to its field.
pub fn summary(visit: &Visit, faults: &Faults, fields: &[&Field]) -> Markup {
    let count: usize = faults.0.values().map(Vec::len).sum();
    if count == 0 {
        return html! {};
    }
    let known = |member: &str| fields.iter().find(|field| field.member == member);
    html! {
        div class="faults" role="alert" tabindex="-1" {
            h2 { (visit.say("This could not be taken yet", "尚未提交成功")) }
            ul {
                @for (member, told) in &faults.0 {
                    @for text in told {
                        li {
                            @if let Some(field) = known(member) {
                                a href=(format!("#{member}")) { (visit.say(field.name.0, field.name.1)) } (visit.say(": ", "："))
                            }
                            (text)
                        }
                    }
                }
            }
        }
    }
}

/// What somebody else has changed meanwhile beside what is in the form, where they differ: name, theirs, yours.
pub fn conflict(visit: &Visit, differing: &[(&str, String, String)]) -> Markup {
    let (theirs, yours) = (visit.say("Theirs, now", "对方的（现在）"), visit.say("Yours", "您的"));
    let shown = |text: &str| if text.is_empty() { "–".to_string() } else { text.to_string() };
    html! {
        section class="conflict" aria-label=(visit.say("Changed meanwhile", "期间已有人修改")) {
            h2 { (visit.say("Somebody changed this meanwhile", "期间已有人修改")) }
            p { (visit.say("Your version stands in the form below. Save it to replace theirs, or cancel to keep theirs.",
                "下面表单中是您填写的内容：保存即以您的为准，取消则保留对方的修改。")) }
            table class="cards" {
                thead { tr { th { (visit.say("Field", "字段")) } th { (theirs) } th { (yours) } } }
                tbody {
                    @for (name, their, your) in differing {
                        tr {
                            th scope="row" { (name) }
                            td data-head=(theirs) { (shown(their)) }
                            td data-head=(yours) { (shown(your)) }
                        }
                    }
                }
            }
        }
    }
}

/// Yuan as fen: at most two decimals.
fn fen(typed: &str) -> Option<i64> {
    let (yuan, rest) = typed.split_once('.').unwrap_or((typed, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 12 || rest.len() > 2 || !is_digits(yuan) || !is_digits(rest) {
        return None;
    }
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(yuan.parse::<i64>().ok()? * 100 + cents)
}

/// Fen as yuan: no decimals where they are nought.
pub fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen / 100, (fen % 100).abs());
    let sign = if fen < 0 && whole == 0 { "-" } else { "" };
    if rest == 0 { whole.to_string() } else { format!("{sign}{whole}.{rest:02}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms() {
        let values = Values::parsed("skill=%E5%8C%85%E8%A3%85%E5%B7%A5&remark=a+b%26c&empty=&x");
        assert_eq!((values.get("skill"), values.get("remark"), values.get("empty")), ("包装工", "a b&c", ""));
        assert_eq!(values.pairs().count(), 4);
        assert_eq!(Values::parsed("a=%ZZ%").get("a"), "%ZZ%");
    }

    #[test]
    fn messages() {
        let check = |said, expect| assert_eq!(in_plain_words(said, "headcount"), expect);
        check("`headcount`（人数）的 `12x` 不是数字", "人数的 “12x” 不是数字");
        check("`headcount` is missing", "“headcount” is missing");
        check("`headcount`（", "“headcount”（");
    }

    #[test]
    fn members() {
        let check = |sort, typed: &str, expect: Option<Value>| {
            let field = Field { member: "x", sort, is_needed: false, name: ("", ""), hint: ("", "") };
            assert_eq!(field.sent(typed), expect, "{typed}");
            if let Some(sent) = expect.filter(|_| sort != Sort::List) {
                assert_eq!(field.typed(&sent), typed);
            }
        };
        check(Sort::Number, "18", Some(json!(18)));
        check(Sort::Number, "18x", Some(json!("18x")));
        check(Sort::Number, "", None);
        check(Sort::Money, "140.50", Some(json!(14_050)));
        check(Sort::Money, "140", Some(json!(14_000)));
        check(Sort::Money, "-1", Some(json!("-1")));
        check(Sort::Money, "1,5", Some(json!("1,5")));
        check(Sort::Decimal, "7.5", Some(json!(7.5)));
        check(Sort::Date, "2026-10-01", Some(json!("2026-10-01")));
        check(Sort::Flag, "true", Some(json!(true)));
        check(Sort::List, "健康证， 电工证@2027-01-31", Some(json!(["健康证", "电工证@2027-01-31"])));
    }
}
