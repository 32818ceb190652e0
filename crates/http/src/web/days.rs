//! Days as people say them, and which of them are working days.

use serde_json::{Value, json};
use tiaoji_core::practice::ZoneClock;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Day;
use tiaoji_formats::messages::Language;
use tiaoji_formats::read_json;
use tiaoji_store::{Kind, View};

use crate::problem::{INTERNAL, Problem};
use crate::zone::document::{all, plain};
use crate::zone::sort::{POLICY, body};

/// The zone's calendar.
pub struct Days(Scenario);

impl Days {
    /// # Errors
    /// The database's.
    pub async fn of(view: &mut View) -> Result<Days, Problem> {
        let policy = plain(&POLICY, body(&view.record(Kind::Policy, "policy").await?));
        let calendar: Vec<Value> =
            all(view, Kind::Calendar).await?.into_iter().map(|(_, row)| row.into()).collect();
        let document = json!({ "name": "calendar", "policy": policy, "calendar": calendar, "firms": [], "skills": [],
            "surplus": [], "shortage": [] });
        let read = read_json("calendar", document.to_string().as_bytes());
        Ok(Days(read.map_err(|_| Problem::new(&INTERNAL))?.scenario))
    }

    fn is_working(&self, day: Day) -> bool {
        let exception = self.0.calendar().iter().find(|(date, _)| *date == day);
        exception.map_or(!self.0.policy().rest_weekdays[day.weekday()], |(_, working)| *working)
    }

    /// For a calendar on the page: the weekly days of rest, 0 = Monday, and the days that differ, `2026-10-10=work`.
    pub fn marked(&self) -> (String, String) {
        let weekly = (0..7).filter(|&weekday| self.0.policy().rest_weekdays[weekday]);
        let differing = self
            .0
            .calendar()
            .iter()
            .map(|(day, is_working)| format!("{day}={}", if *is_working { "work" } else { "rest" }));
        let weekly: Vec<String> = weekly.map(|weekday| weekday.to_string()).collect();
        (weekly.join(" "), differing.collect::<Vec<_>>().join(" "))
    }

    /// What there is to know of a range: its weekdays, working days and days of rest. None where it is none, or of years.
    pub fn said(&self, from: &str, to: &str, language: Language) -> Option<String> {
        let (from, to) = (day(from)?, day(to)?);
        if from > to || to - from > 3660 {
            return None;
        }
        let days = (from.number()..=to.number()).map(Day::from_number);
        let working = days.clone().filter(|day| self.is_working(*day)).count();
        let rest = days.count() - working;
        let name = |day: Day| {
            format!(
                "{}{}",
                weekday(day, language),
                if self.is_working(day) { "" } else { language.choose(", a day of rest", "，休息日") }
            )
        };
        Some(language.choose(
            format!("{} to {}: {working} working days, {rest} days of rest", name(from), name(to)),
            format!("{} 至 {}：{working} 个工作日，{rest} 天休息", name(from), name(to)),
        ))
    }
}

/// A date.
pub fn day(text: &str) -> Option<Day> {
    let date = text.parse::<jiff::civil::Date>().ok()?;
    Day::new(date.year(), date.month(), date.day()).filter(|day| (Day::MIN..=Day::MAX).contains(day))
}

/// The name of its weekday.
pub fn weekday(day: Day, language: Language) -> &'static str {
    const NAMES: [(&str, &str); 7] = [
        ("Monday", "周一"),
        ("Tuesday", "周二"),
        ("Wednesday", "周三"),
        ("Thursday", "周四"),
        ("Friday", "周五"),
        ("Saturday", "周六"),
        ("Sunday", "周日"),
    ];
    let (en, zh) = NAMES[day.weekday()];
    language.choose(en, zh)
}

/// An instant of the API in the zone's time, to the minute.
pub fn instant(text: &str, clock: ZoneClock) -> String {
    let read = text.parse::<jiff::Timestamp>().ok();
    let local = read.and_then(|at| jiff::Timestamp::from_second(at.as_second() + clock.offset_seconds).ok());
    local.map_or_else(|| text.to_string(), |at| at.to_string()[..16].replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let clock = ZoneClock { offset_seconds: 8 * 3600 };
        assert_eq!(instant("2026-11-24T16:05:00Z", clock), "2026-11-25 00:05");
        assert_eq!(instant("soon", clock), "soon");
    }

    #[test]
    fn ranges() {
        let document = json!({ "name": "x", "firms": [], "skills": [], "surplus": [], "shortage": [],
            "calendar": [{ "date": "2026-10-10", "working": true }],
            "policy": { "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0, "cross_alliance_fen": 0,
                "unmet": { "urgent_fen": 0, "normal_fen": 0, "low_fen": 0 }, "rest_weekdays": ["Sat", "Sun"] } });
        let days = Days(read_json("x", document.to_string().as_bytes()).expect("valid").scenario);
        let check = |from, to, expect: Option<&str>| {
            assert_eq!(days.said(from, to, Language::Zh).as_deref(), expect, "{from} {to}");
        };
        // 2026-10-10 is a Saturday that is worked, the 11th a Sunday
        check("2026-10-08", "2026-10-11", Some("周四 至 周日，休息日：3 个工作日，1 天休息"));
        assert_eq!(days.marked(), ("5 6".to_string(), "2026-10-10=work".to_string()));
        check("2026-10-09", "2026-10-08", None);
        check("2026-10-09", "", None);
        check("1000-01-01", "2999-01-01", None);
    }
}
