//! Units: civil days, money in fen, metres. Everything that a user sees as exact is a whole number.

use std::fmt;

use jiff::civil::{Date, Weekday};

/// Money in fen (1/100 CNY). Whole, checked where scenarios enter so that no sum of a plan leaves 63 bits.
pub type Fen = i64;

/// A price in millionths of a fen.
pub type MicroFen = i64;

/// A number of workers, or of worker-days.
pub type Count = i64;

/// A distance in metres.
pub type Metres = i64;

/// A civil date of the proleptic Gregorian calendar, kept as days since 1970-01-01.
///
/// ```
/// use tiaoji_core::units::Day;
/// let day = Day::new(2022, 3, 5).unwrap();
/// assert_eq!(day.to_string(), "2022-03-05");
/// assert_eq!((day + 30).to_string(), "2022-04-04");
/// assert_eq!(Day::new(2022, 2, 29), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The first date a scenario may name.
    pub const MIN: Day = Day(-25_567); // 1900-01-01
    /// The last date a scenario may name.
    pub const MAX: Day = Day(84_005); // 2199-12-31

    /// The day of a civil date, or `None` where the calendar has no such date. Years −9999 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day::from)
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// Day of the week, 0 = Monday to 6 = Sunday.
    pub fn weekday(self) -> usize {
        usize::from(self.date().weekday().to_monday_zero_offset().unsigned_abs())
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The day that many days after 1970-01-01.
    pub fn from_number(number: i32) -> Day {
        Day(number)
    }

    fn date(self) -> Date {
        // 1970-01-01 was a Thursday; `jiff` counts dates, this type counts days, and this is the one bridge.
        const EPOCH: Date = Date::constant(1970, 1, 1);
        EPOCH.saturating_add(jiff::Span::new().days(i64::from(self.0)))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Day {
        const EPOCH: Date = Date::constant(1970, 1, 1);
        Day((date - EPOCH).get_days())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::ops::Add<i32> for Day {
    type Output = Day;
    fn add(self, days: i32) -> Day {
        Day(self.0 + days)
    }
}

impl std::ops::Sub for Day {
    type Output = i32;
    fn sub(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }
}

/// Names of the days of the week as scenarios spell them, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const _: () = assert!(Weekday::Monday as i8 == 1);

/// `numerator / denominator`, rounded half up (towards plus infinity). The denominator is positive.
pub fn round_half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_the_dates_of_the_format() {
        assert_eq!(Day::MIN, Day::new(1900, 1, 1).unwrap());
        assert_eq!(Day::MAX, Day::new(2199, 12, 31).unwrap());
    }

    #[test]
    fn weekdays() {
        assert_eq!(WEEKDAYS[Day::new(2022, 3, 5).unwrap().weekday()], "Sat");
        assert_eq!(WEEKDAYS[Day::new(1969, 12, 29).unwrap().weekday()], "Mon");
    }

    #[test]
    fn half_goes_up() {
        let check = |n, d, expect| assert_eq!(round_half_up(n, d), expect, "{n}/{d}");
        check(5, 10, 1);
        check(4, 10, 0);
        check(15, 10, 2);
        check(-5, 10, 0);
        check(0, 7, 0);
    }
}
