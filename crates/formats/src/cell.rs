//! The text of one cell to its value. Every function is total: what cannot be read is an [`Unread`], never a panic.

use std::borrow::Cow;

use tiaoji_core::defect::{DefectCode, Detail};
use tiaoji_core::draft::{Certificate, Priority};
use tiaoji_core::units::{Day, Fen, Metres, WEEKDAYS};

/// Why a cell cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unread {
    pub code: DefectCode,
    pub detail: Detail,
}

impl Unread {
    pub fn new(code: DefectCode) -> Unread {
        Unread { code, detail: Detail::None }
    }

    pub fn because(code: DefectCode, why: &str) -> Unread {
        Unread { code, detail: Detail::Because(why.to_string()) }
    }
}

type Read<T> = Result<T, Unread>;

/// Characters that would make a spreadsheet take a text for a formula.
pub(crate) fn is_formula_start(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// Whether a text is some `'` (none at all included) before a character that starts a formula: the texts that the
/// writer gives one more `'`, so that those that have one already survive.
fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(is_formula_start)
}

/// A cell as the format sees it: trimmed, without the one `'` that keeps a spreadsheet from calculating it.
pub(crate) fn clean(raw: &str) -> &str {
    let text = raw.trim();
    match text.strip_prefix('\'') {
        Some(rest) if is_guarded(rest) => rest.trim(),
        _ => text,
    }
}

/// The text of a cell as it is written: guarded where a spreadsheet would take it for a formula.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Full-width digits and signs as their ASCII twins.
fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let twin = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' => '.',
        '，' => ',',
        '－' | '−' => '-',
        '＋' => '+',
        '／' => '/',
        other => other,
    };
    Cow::Owned(text.chars().map(twin).collect())
}

/// A decimal number as a whole number of `10^-places`; none where it is no number or has more decimals. Thousands
/// commas must stand where they belong. What is too large for 64 bits saturates, so that its range is refused.
pub(crate) fn decimal(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(fraction) || (digits.contains('.') && fraction.len() > places) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut grouped = false;
    let rest_good = groups.all(|group| {
        grouped = true;
        group.len() == 3 && all_digits(group)
    });
    if !all_digits(first) || !rest_good || (grouped && first.len() > 3) {
        return None;
    }
    let mut value: i64 = 0;
    let padding = places.saturating_sub(fraction.len());
    let decimals = if places == 0 { "" } else { fraction };
    let digits = whole.bytes().filter(u8::is_ascii_digit).chain(decimals.bytes());
    for digit in digits.chain(std::iter::repeat_n(b'0', padding)) {
        value = value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
    }
    Some(if negative { -value } else { value })
}

/// A whole number.
pub(crate) fn whole(text: &str) -> Read<i64> {
    decimal(&narrow(text), 0).ok_or(Unread::new(DefectCode::BadNumber))
}

/// Kilometres with at most three decimals, in metres.
pub(crate) fn km(text: &str) -> Read<Metres> {
    let why = "kilometres with at most three decimals";
    decimal(&narrow(text), 3).ok_or_else(|| Unread::because(DefectCode::BadNumber, why))
}

/// CNY with at most two decimals, in fen; `¥` before and `元` after it are dropped.
pub(crate) fn money(text: &str) -> Read<Fen> {
    let text = narrow(text);
    let text = text.strip_suffix('元').unwrap_or(&text).trim_end();
    let (sign, amount) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text),
    };
    let amount = amount.strip_prefix(['¥', '￥']).unwrap_or(amount).trim_start();
    let signed = if sign.is_empty() { Cow::Borrowed(amount) } else { Cow::Owned(format!("-{amount}")) };
    let unread = || Unread::because(DefectCode::BadMoney, "CNY with at most two decimals");
    decimal(&signed, 2).ok_or_else(unread)
}

/// A finite number with any decimals: degrees, factors.
pub(crate) fn float(text: &str) -> Read<f64> {
    let text = narrow(text);
    let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let value: Option<f64> = if plain { text.parse().ok() } else { None };
    value.filter(|v| v.is_finite()).ok_or(Unread::new(DefectCode::BadNumber))
}

/// `YYYY-MM-DD`, `YYYY-M-D`, `YYYY/M/D` or `YYYY年M月D日`.
pub(crate) fn date(text: &str) -> Read<Day> {
    let text = narrow(text);
    let parts = if let Some(rest) = text.strip_suffix('日') {
        rest.split_once('年').and_then(|(y, rest)| rest.split_once('月').map(|(m, d)| (y, m, d)))
    } else {
        let separator = if text.contains('/') { '/' } else { '-' };
        text.split_once(separator).and_then(|(y, rest)| rest.split_once(separator).map(|(m, d)| (y, m, d)))
    };
    let number = |s: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<i16> {
        let good = lengths.contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if good { s.parse().ok() } else { None }
    };
    let day = parts.and_then(|(y, m, d)| {
        let (year, month, day) = (number(y, 4..=4)?, number(m, 1..=2)?, number(d, 1..=2)?);
        Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    });
    day.ok_or_else(|| Unread::because(DefectCode::BadDate, "YYYY-MM-DD"))
}

/// `true/false`, `1/0`, `yes/no`, `是/否` in any case.
pub(crate) fn boolean(text: &str) -> Read<bool> {
    match narrow(text).to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "是" => Ok(true),
        "false" | "0" | "no" | "否" => Ok(false),
        _ => {
            let allowed = ["true", "false", "1", "0", "yes", "no", "是", "否"];
            Err(one_of(DefectCode::BadBoolean, &allowed))
        }
    }
}

/// Priorities as they are written, and in Chinese.
pub(crate) const PRIORITIES: [(Priority, &str, &str); 3] = [
    (Priority::Urgent, "urgent", "紧急"),
    (Priority::Normal, "normal", "一般"),
    (Priority::Low, "low", "低"),
];

/// `urgent`, `normal` or `low`, or 紧急, 一般, 低.
pub(crate) fn priority(text: &str) -> Read<Priority> {
    let found = PRIORITIES.iter().find(|(_, en, zh)| text.eq_ignore_ascii_case(en) || text == *zh);
    found.map(|(priority, ..)| *priority).ok_or_else(not_a_priority)
}

/// What is said of something that is no priority.
pub(crate) fn not_a_priority() -> Unread {
    let allowed: Vec<&str> = PRIORITIES.iter().flat_map(|(_, en, zh)| [*en, *zh]).collect();
    one_of(DefectCode::BadChoice, &allowed)
}

/// `Mon` … `Sun`, in any case; 0 = Monday.
pub(crate) fn weekday(text: &str) -> Read<usize> {
    let found = WEEKDAYS.iter().position(|name| text.eq_ignore_ascii_case(name));
    found.ok_or_else(|| one_of(DefectCode::BadChoice, &WEEKDAYS))
}

fn one_of(code: DefectCode, allowed: &[&str]) -> Unread {
    Unread { code, detail: Detail::OneOf(allowed.iter().map(ToString::to_string).collect()) }
}

/// What separates the items of a list.
pub(crate) const SEPARATORS: [char; 3] = [';', '；', '、'];

/// The items of a list, blank ones left out.
pub(crate) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).map(str::trim).filter(|item| !item.is_empty())
}

/// `name`, or `name@date` with its last valid day.
pub(crate) fn certificate(text: &str) -> Read<Certificate> {
    match text.rsplit_once(['@', '＠']) {
        None => Ok(Certificate { name: text.to_string(), valid_until: None }),
        Some((name, until)) => {
            let valid_until = Some(date(until.trim())?);
            Ok(Certificate { name: name.trim().to_string(), valid_until })
        }
    }
}

/// Fen as CNY with two decimals.
pub(crate) fn show_money(fen: Fen) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Metres as kilometres, without needless zeros.
pub(crate) fn show_km(metres: Metres) -> String {
    let sign = if metres < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:03}", metres.unsigned_abs() / 1000, metres.unsigned_abs() % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A certificate as a cell spells it.
pub(crate) fn show_certificate(certificate: &Certificate) -> String {
    match certificate.valid_until {
        None => certificate.name.clone(),
        Some(day) => format!("{}@{day}", certificate.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let check = |text, expect: Option<i64>| assert_eq!(whole(text).ok(), expect, "{text}");
        check("15", Some(15));
        check("１２", Some(12));
        check("1,200", Some(1200));
        check("1，200，000", Some(1_200_000));
        check("+5", Some(5));
        check("-5", Some(-5));
        check("－5", Some(-5));
        check("007", Some(7));
        check("99999999999999999999", Some(i64::MAX));
        check("-99999999999999999999", Some(-i64::MAX));
        for bad in
            ["", "-", "1.0", "1.", ".5", "1,20", "1200,000", ",100", "12人", "1e3", "十", "0x10", "1 2"]
        {
            check(bad, None);
        }
    }

    #[test]
    fn amounts() {
        let check = |text, expect: Option<i64>| assert_eq!(money(text).ok(), expect, "{text}");
        check("150", Some(15_000));
        check("150.5", Some(15_050));
        check("1,200.50", Some(120_050));
        check("¥ 1,200.50", Some(120_050));
        check("￥１２．５０元", Some(1_250));
        check("-3.00", Some(-300));
        check("-¥3", Some(-300));
        check("¥-3", Some(-300));
        check("99999999999999999999.99", Some(i64::MAX));
        for bad in ["", "¥", "元", "1.005", "1.500", "12元5", "$5", "1e2", "nan", "--1", "¥¥1"] {
            check(bad, None);
        }
    }

    #[test]
    fn kilometres() {
        let check = |text, expect: Option<i64>| assert_eq!(km(text).ok(), expect, "{text}");
        check("8", Some(8000));
        check("6.5", Some(6500));
        check("0.001", Some(1));
        check("6.5000", None);
        check("6,5", None);
        assert_eq!(show_km(6500), "6.5");
        assert_eq!(show_km(10_000), "10");
        assert_eq!(show_km(1), "0.001");
    }

    #[test]
    fn floats() {
        let check = |text, expect: Option<f64>| assert_eq!(float(text).ok(), expect, "{text}");
        check("37.05", Some(37.05));
        check("-117", Some(-117.0));
        check("３７．５", Some(37.5));
        for bad in ["nan", "inf", "infinity", "1e999", "", "37°", "1,5", "."] {
            check(bad, None);
        }
    }

    #[test]
    fn dates() {
        let check = |text, expect: Option<&str>| {
            assert_eq!(date(text).ok().map(|d| d.to_string()).as_deref(), expect, "{text}");
        };
        check("2022-03-05", Some("2022-03-05"));
        check("2022-3-5", Some("2022-03-05"));
        check("2022/3/5", Some("2022-03-05"));
        check("2022年3月5日", Some("2022-03-05"));
        check("２０２２年３月５日", Some("2022-03-05"));
        check("1800-01-01", Some("1800-01-01"));
        for bad in [
            "",
            "2022-02-30",
            "22-3-5",
            "2022-3",
            "2022/3-5",
            "2022年3月5",
            "2022-003-05",
            "2022-13-01",
            "20220305",
            "2022-3-5-1",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn choices() {
        for (text, expect) in
            [("TRUE", true), ("Yes", true), ("是", true), ("１", true), ("no", false), ("0", false)]
        {
            assert_eq!(boolean(text), Ok(expect), "{text}");
        }
        assert!(boolean("y").is_err() && boolean("对").is_err());
        assert_eq!(priority("紧急"), Ok(Priority::Urgent));
        assert_eq!(priority("LOW"), Ok(Priority::Low));
        assert!(priority("high").is_err());
        assert_eq!(weekday("Sun"), Ok(6));
        assert!(weekday("Sunday").is_err());
    }

    #[test]
    fn lists_and_certificates() {
        assert_eq!(items("a; b；；c、d").collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        let until = |text| certificate(text).map(|c| (c.name, c.valid_until.map(|d| d.to_string())));
        assert_eq!(until("健康证"), Ok(("健康证".into(), None)));
        assert_eq!(until("健康证＠2022/3/5"), Ok(("健康证".into(), Some("2022-03-05".into()))));
        assert_eq!(until("a@b@2022-03-05"), Ok(("a@b".into(), Some("2022-03-05".into()))));
        assert!(until("a@").is_err());
    }

    #[test]
    fn guards_are_taken_off_once() {
        let check = |raw, expect| assert_eq!(clean(raw), expect, "{raw:?}");
        check("  a\u{3000}", "a");
        check("'=1+1", "=1+1");
        check("''=1", "'=1");
        check("'a", "'a");
        check("'", "'");
        for text in ["=1", "'=1", "''-a", "a", "'a", "@x", "+86", ""] {
            assert_eq!(clean(&guard(text)), text);
        }
    }
}
