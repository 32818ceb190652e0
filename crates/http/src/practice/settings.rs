//! What a zone sets of the loop of practice: columns of its policy that scenario documents do not have. A deadline that is set
//! stays as it is; what is decided from a change on goes by it.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::ZoneClock;
use tiaoji_formats::Report;
use tiaoji_store::{Error, Kind, View};

use crate::zone::sort::body;

/// The columns.
pub const COLUMNS: &[&str] = &["zone_name", "utc_offset", "answer_days", "hold_days", "lead_days"];
/// How many working days may be set.
const MOST_DAYS: i64 = 60;

/// By what the loop goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Practice {
    /// The zone's civil time.
    pub clock: ZoneClock,
    /// Working days that both sides have to answer a proposal.
    pub answer_days: usize,
    /// Working days that a side gains by holding it.
    pub hold_days: usize,
    /// Working days between today and the first day of a plan of the zone.
    pub lead_days: usize,
}

impl Default for Practice {
    fn default() -> Practice {
        Practice { clock: ZoneClock { offset_seconds: 8 * 3600 }, answer_days: 2, hold_days: 2, lead_days: 3 }
    }
}

impl Practice {
    /// That of the zone.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(view: &mut View) -> Result<Practice, Error> {
        match view.record(Kind::Policy, Kind::Policy.name()).await {
            Ok(policy) => Ok(Practice::read(&body(&policy))),
            Err(Error::NotFound) => Ok(Practice::default()),
            Err(fault) => Err(fault),
        }
    }

    /// That of a policy's columns.
    pub fn read(policy: &Map<String, Value>) -> Practice {
        let default = Practice::default();
        let days = |name: &str, default: usize| {
            policy.get(name).and_then(Value::as_u64).map_or(default, |days| days as usize)
        };
        let offset = policy.get("utc_offset").and_then(Value::as_str).and_then(offset_seconds);
        Practice {
            clock: offset.map_or(default.clock, |offset_seconds| ZoneClock { offset_seconds }),
            answer_days: days("answer_days", default.answer_days),
            hold_days: days("hold_days", default.hold_days),
            lead_days: days("lead_days", default.lead_days),
        }
    }
}

/// The civil time of the zone.
///
/// # Errors
/// The database's.
pub async fn clock(view: &mut View) -> Result<ZoneClock, Error> {
    Ok(Practice::of(view).await?.clock)
}

/// Seconds of `+08:00`; none where it is no such text, or of nowhere on earth.
fn offset_seconds(text: &str) -> Option<i64> {
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let number = |text: &str| {
        let is_written = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_written.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let seconds = sign * (hours * 3600 + minutes * 60);
    (minutes < 60 && (-12 * 3600..=14 * 3600).contains(&seconds)).then_some(seconds)
}

/// What is wrong with the columns of a policy.
pub fn faults(policy: &Map<String, Value>) -> Vec<Report> {
    let given = COLUMNS.iter().filter_map(|name| policy.get_key_value(*name));
    given.filter(|(_, value)| !value.is_null()).filter_map(|(name, value)| fault(name, value)).collect()
}

fn fault(name: &str, value: &Value) -> Option<Report> {
    let (is_right, code, message, message_zh, remedy, remedy_zh) = match name {
        "zone_name" => (
            value.as_str().is_some_and(|name| (1..=200).contains(&name.chars().count())),
            "bad_text",
            "this is no name",
            "名称有误",
            "1 to 200 characters",
            "应为 1 至 200 个字符",
        ),
        "utc_offset" => (
            value.as_str().and_then(offset_seconds).is_some(),
            "bad_text",
            "this is no difference from UTC",
            "与世界时的时差有误",
            "write +08:00; from -12:00 to +14:00",
            "写作 +08:00，范围 -12:00 至 +14:00",
        ),
        _ => (
            value.as_i64().is_some_and(|days| (1..=MOST_DAYS).contains(&days)),
            "out_of_range",
            "this is no number of working days that may be set",
            "工作日数超出范围",
            "a whole number from 1 to 60",
            "应为 1 至 60 的整数",
        ),
    };
    (!is_right).then(|| Report {
        code: code.to_string(),
        file: None,
        row: None,
        column: Some(name.to_string()),
        read: Some(value.as_str().map_or_else(|| value.to_string(), str::to_string)),
        message: message.to_string(),
        message_zh: message_zh.to_string(),
        remedy: remedy.to_string(),
        remedy_zh: remedy_zh.to_string(),
    })
}

/// The schema of a column.
pub fn schema(name: &str) -> Value {
    match name {
        "zone_name" => json!({ "type": ["string", "null"], "minLength": 1, "maxLength": 200 }),
        "utc_offset" => {
            json!({ "type": ["string", "null"], "pattern": "^([+-](0[0-9]|1[01]):[0-5][0-9]|[+-]12:00|\\+(12:[0-5][0-9]|13:[0-5][0-9]|14:00))$" })
        }
        _ => json!({ "type": ["integer", "null"], "minimum": 1, "maximum": MOST_DAYS }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        let check = |text: &str, expect: Option<i64>| assert_eq!(offset_seconds(text), expect, "{text}");
        check("+08:00", Some(28_800));
        check("-03:30", Some(-12_600));
        check("+14:00", Some(50_400));
        for text in ["", "8", "08:00", "+8:00", "+14:01", "-12:01", "+05:60", "+0८:00", "Asia/Shanghai"] {
            check(text, None);
        }
    }
}
