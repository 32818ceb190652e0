//! Everything the command line says, in both languages, and how it writes numbers, money and dates.

mod label;
mod message;

use tiaoji_core::units::{Day, Fen};
use tiaoji_formats::messages::Language;

pub use label::Label;
pub use message::Message;

/// The language of an environment, read by `variable`: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says
/// anything decides.
pub fn language_of(variable: impl Fn(&str) -> Option<String>) -> Language {
    let said =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    match said {
        Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Language::Zh,
        _ => Language::En,
    }
}

/// A whole number with thousands separators.
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fen as yuan with thousands separators, without the currency.
pub fn amount(fen: Fen) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let yuan = i64::try_from(fen.unsigned_abs() / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", count(yuan), fen.unsigned_abs() % 100)
}

/// The same with the currency.
pub fn money(fen: Fen, language: Language) -> String {
    let currency = match language {
        Language::En => "CNY",
        Language::Zh => "元",
    };
    format!("{} {currency}", amount(fen))
}

/// Hundredths of a percent as a percentage.
pub fn percent(hundredths: i64) -> String {
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// A gap as a percentage, rounded up so that it never promises too much, with as many decimals as it takes.
pub fn gap(gap: f64) -> String {
    let percent = gap * 100.0;
    if percent <= 0.0 {
        return "0 %".to_string();
    }
    let decimals = (2..8).find(|&n| percent * 10_f64.powi(n) >= 1.0).unwrap_or(8);
    let scale = 10_f64.powi(decimals);
    // What the binary fraction has beyond the decimals it stands for is no reason to round up.
    let shown = (percent * scale - 1e-6).ceil() / scale;
    format!("{shown:.*} %", decimals as usize)
}

/// The share of the possible benefit that a gap leaves for sure, in hundredths of a percent, rounded down.
pub fn assured(gap: f64) -> i64 {
    (((1.0 - gap) * 10_000.0 + 1e-6).floor() as i64).clamp(0, 10_000)
}

/// Two dates inclusive; the year once where it is the same.
pub fn dates(from: Day, to: Day, language: Language) -> String {
    let between = match language {
        Language::En => "to",
        Language::Zh => "至",
    };
    let (last, same_year) = (to.to_string(), from.ymd().0 == to.ymd().0);
    match (from == to, last.split_once('-')) {
        (true, _) => last,
        (false, Some((_, short))) if same_year => format!("{from} {between} {short}"),
        _ => format!("{from} {between} {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides() {
        let check = |all: &str, messages: &str, lang: &str, expect| {
            let variable = |name: &str| match name {
                "LC_ALL" => Some(all.to_string()),
                "LC_MESSAGES" => Some(messages.to_string()),
                "LANG" if lang.is_empty() => None,
                _ => Some(lang.to_string()),
            };
            assert_eq!(language_of(variable), expect, "{all}|{messages}|{lang}");
        };
        check("", "", "zh_CN.UTF-8", Language::Zh);
        check("", "", "ZH", Language::Zh);
        check("", "", "en_GB.UTF-8", Language::En);
        check("", "", "", Language::En);
        check("C", "", "zh_CN.UTF-8", Language::En);
        check("", "zh_TW", "en_US", Language::Zh);
        check("de_DE", "zh_TW", "zh_CN", Language::En);
    }

    #[test]
    fn numbers() {
        for (number, expect) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(count(number), expect);
        }
        for (fen, expect) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456_789, "1,234,567.89")] {
            assert_eq!(amount(fen), expect);
        }
        assert_eq!(amount(i64::MIN), "-92,233,720,368,547,758.08");
        assert_eq!(percent(9_496), "94.96 %");
    }

    #[test]
    fn gaps_never_promise_too_much() {
        for (value, expect) in [
            (0.0, "0 %"),
            (0.5, "50.00 %"),
            (0.0003, "0.03 %"),
            (0.000_301, "0.04 %"),
            (3e-7, "0.00003 %"),
            (1e-15, "0.00000001 %"),
            (1.0, "100.00 %"),
        ] {
            assert_eq!(gap(value), expect, "{value}");
        }
        for (value, expect) in [(0.0, 10_000), (1e-9, 9_999), (0.0003, 9_997), (0.000_301, 9_996), (1.0, 0)] {
            assert_eq!(assured(value), expect, "{value}");
        }
    }

    #[test]
    fn ranges_of_dates() {
        let day = |y, m, d| Day::new(y, m, d).unwrap();
        assert_eq!(dates(day(2022, 3, 5), day(2022, 3, 5), Language::En), "2022-03-05");
        assert_eq!(dates(day(2022, 3, 5), day(2022, 4, 1), Language::En), "2022-03-05 to 04-01");
        assert_eq!(dates(day(2021, 12, 31), day(2022, 1, 1), Language::Zh), "2021-12-31 至 2022-01-01");
    }
}
