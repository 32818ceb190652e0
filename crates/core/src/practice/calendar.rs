//! Working days without a first and a last one, and the zone's clock.

use std::collections::BTreeMap;

use crate::scenario::Scenario;
use crate::units::{Count, Day};

/// How far ahead a working day is looked for: longer than any holiday.
const FARTHEST: i32 = 3_660;

/// Which days are worked: every day but the weekly rest days, with exceptions both ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first.
    rest_weekdays: [bool; 7],
    exceptions: BTreeMap<Day, bool>,
}

impl Calendar {
    /// That of a scenario, beyond its first and last date too.
    pub fn of(scenario: &Scenario) -> Calendar {
        Calendar {
            rest_weekdays: scenario.policy().rest_weekdays,
            exceptions: scenario.calendar().iter().copied().collect(),
        }
    }

    /// Whether a day is worked.
    pub fn is_working(&self, day: Day) -> bool {
        self.exceptions.get(&day).copied().unwrap_or(!self.rest_weekdays[day.weekday()])
    }

    /// The `n`-th working day after a day (`n` from 1); none where there is none within ten years.
    pub fn after(&self, day: Day, n: usize) -> Option<Day> {
        let later = (1..=FARTHEST).map(|days| day + days);
        later.filter(|day| self.is_working(*day)).nth(n.checked_sub(1)?)
    }

    /// The last working day before a day; none where there is none within ten years.
    pub fn before(&self, day: Day) -> Option<Day> {
        (1..=FARTHEST).map(|days| day + -days).find(|day| self.is_working(*day))
    }

    /// How many days of `from ..= to` are worked.
    pub fn count(&self, from: Day, to: Day) -> Count {
        let days = (from.number()..=to.number()).map(Day::from_number);
        days.filter(|day| self.is_working(*day)).count() as Count
    }
}

/// The civil time of the zone: how many seconds its clocks are ahead of UTC. Instants are milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneClock {
    /// +08:00 is 28,800.
    pub offset_seconds: i64,
}

impl ZoneClock {
    const DAY: i64 = 24 * 3600 * 1000;

    /// The civil date of an instant.
    pub fn day(self, instant: i64) -> Day {
        let number = (instant + self.offset_seconds * 1000).div_euclid(Self::DAY);
        Day::from_number(number as i32)
    }

    /// The instant at which a civil date begins.
    pub fn start(self, day: Day) -> i64 {
        i64::from(day.number()) * Self::DAY - self.offset_seconds * 1000
    }

    /// When a deadline on that day ends: at 18:00.
    pub fn deadline(self, day: Day) -> i64 {
        self.start(day) + 18 * 3600 * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: i8, day: i8) -> Day {
        Day::new(2026, month, day).expect("a date")
    }

    #[test]
    fn working_days() {
        // weekends off; Saturday 28 November is worked, Monday 30 November is not
        let mut calendar = Calendar::default();
        calendar.rest_weekdays[5..].fill(true);
        calendar.exceptions = [(day(11, 28), true), (day(11, 30), false)].into();
        let check = |from: Day, n, expect| assert_eq!(calendar.after(from, n), expect, "{from} + {n}");
        check(day(11, 26), 1, Some(day(11, 27)));
        check(day(11, 26), 2, Some(day(11, 28)));
        check(day(11, 26), 3, Some(day(12, 1)));
        check(day(11, 29), 1, Some(day(12, 1)));
        check(day(11, 26), 0, None);
        // over the Monday and the Sunday that are not worked
        assert_eq!(calendar.before(day(12, 1)), Some(day(11, 28)));
        assert_eq!(calendar.before(day(11, 28)), Some(day(11, 27)));
        assert_eq!(calendar.count(day(11, 26), day(12, 1)), 4);
        assert_eq!(calendar.count(day(12, 1), day(11, 26)), 0);
        let never = Calendar { rest_weekdays: [true; 7], ..Calendar::default() };
        assert_eq!((never.after(day(1, 1), 1), never.before(day(1, 1))), (None, None));
    }

    #[test]
    fn days_begin_and_end_by_the_clock_of_the_zone() {
        let clock = ZoneClock { offset_seconds: 8 * 3600 };
        let midnight = clock.start(day(11, 24));
        assert_eq!(midnight, 1_795_449_600_000); // 2026-11-23T16:00:00Z
        assert_eq!((clock.day(midnight), clock.day(midnight - 1)), (day(11, 24), day(11, 23)));
        assert_eq!(clock.deadline(day(11, 24)), midnight + 64_800_000);
    }
}
