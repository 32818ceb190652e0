//! Lengths of time as people write them.

use std::time::Duration;

/// Reads `500ms`, `15s`, `2m`, or a bare number of seconds; decimals are allowed.
///
/// # Errors
/// What a time looks like, or that it is too long for the clock.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    const FORMS: &str = "a time is like 500ms, 15s, 2m or 60 (seconds)";
    let (number, unit) = match text.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => text.split_at(at),
        None => (text, "s"),
    };
    let milliseconds: f64 = match unit {
        "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        _ => return Err(FORMS),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return Err(FORMS);
    }
    let number: f64 = number.parse().map_err(|_| FORMS)?;
    Duration::try_from_secs_f64(number * milliseconds / 1000.0).map_err(|_| "that is too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text, expect: Option<u64>| {
            assert_eq!(duration(text).ok(), expect.map(Duration::from_millis), "{text}");
        };
        check("500ms", Some(500));
        check("15s", Some(15_000));
        check("2m", Some(120_000));
        check("60", Some(60_000));
        check("1.5s", Some(1_500));
        check("0", Some(0));
        for bad in [
            "", "s", "ms", "-1", "+1", "1h", "1 s", "2M", "1e3", "inf", "nan", "1m30s", ".", "1.", ".5",
            "1.2.3", "１５",
        ] {
            check(bad, None);
        }
        assert!(duration(&"9".repeat(400)).is_err());
        assert!(duration("99999999999999999").is_ok());
    }
}
