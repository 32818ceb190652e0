//! Dates as spreadsheets keep them: a number of days, in one of two systems.

use tiaoji_core::units::Day;

/// Where day 0 lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum System {
    /// Day 1 is 1900-01-01, and 1900 counts as a leap year: day 60 is a date that never was.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// The date of a whole number of days; none where there is no such date, or a time of day beside it.
pub(crate) fn day(serial: f64, system: System) -> Option<Day> {
    const LAST: f64 = 2_958_465.0; // 9999-12-31
    if serial.fract() != 0.0 || !(0.0..=LAST).contains(&serial) {
        return None;
    }
    let serial = serial as i32;
    let (year, month, day, after) = match (system, serial) {
        (System::From1904, _) => (1904, 1, 1, serial),
        (System::From1900, 1..=59) => (1899, 12, 31, serial),
        (System::From1900, 61..) => (1899, 12, 30, serial),
        (System::From1900, _) => return None,
    };
    Day::new(year, month, day).map(|first| first + after)
}

/// Whether a number format shows dates: one of ECMA-376's own (part 1, 18.8.30, those of Chinese programs included).
pub(crate) fn is_date_format(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a number format's code shows dates: it names a year, month, day, hour or second outside quotes, escapes
/// and brackets. Only what is shown for positive numbers counts.
pub(crate) fn is_date_code(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(c) = characters.next() {
        match c {
            ';' => return false,
            '"' => {
                characters.by_ref().take_while(|&c| c != '"').count();
            }
            '[' => {
                characters.by_ref().take_while(|&c| c != ']').count();
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_systems() {
        let check = |serial, system, expect: Option<&str>| {
            assert_eq!(day(serial, system).map(|d| d.to_string()).as_deref(), expect, "{serial}");
        };
        check(44_625.0, System::From1900, Some("2022-03-05"));
        check(43_163.0, System::From1904, Some("2022-03-05"));
        check(1.0, System::From1900, Some("1900-01-01"));
        check(59.0, System::From1900, Some("1900-02-28"));
        check(60.0, System::From1900, None);
        check(61.0, System::From1900, Some("1900-03-01"));
        check(0.0, System::From1900, None);
        check(0.0, System::From1904, Some("1904-01-01"));
        check(44_625.5, System::From1900, None);
        check(-1.0, System::From1904, None);
        check(1e300, System::From1900, None);
        check(f64::NAN, System::From1900, None);
    }

    #[test]
    fn formats_of_dates() {
        let check = |code, expect| assert_eq!(is_date_code(code), expect, "{code}");
        check("yyyy\"年\"m\"月\"d\"日\"", true);
        check("[$-804]yyyy/m/d;@", true);
        check("yyyy\\-mm\\-dd", true);
        check("General", false);
        check("G/通用格式", false);
        check("0.00_ ", false);
        check("#,##0.00\"元\";[Red]-0", false);
        check("\"day\" 0", false);
        check("@", false);
        check("[Red]0;yyyy", false);
        assert!(is_date_format(14) && is_date_format(31) && !is_date_format(0) && !is_date_format(49));
    }
}
