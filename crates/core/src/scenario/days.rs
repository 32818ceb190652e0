//! Working days: the time base of a scenario.

use crate::units::Day;

/// A half-open range of working-day indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// First working day.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Span {
    /// Number of working days.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// No working day at all.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Days in both.
    #[must_use]
    pub fn intersect(self, other: Span) -> Span {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        Span { start, end: end.max(start) }
    }

    /// Whether every day of `other` is in this span (true for an empty one).
    pub fn covers(self, other: Span) -> bool {
        other.is_empty() || (self.start <= other.start && other.end <= self.end)
    }

    /// Whether the day is in it.
    pub fn contains(self, t: usize) -> bool {
        self.start <= t && t < self.end
    }
}

/// Every working day between the first and the last date of a scenario, in order, within its horizon. A date that
/// is not in this list has no demand, no supply and no cost, and does not interrupt a secondment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    days: Vec<Day>,
}

impl WorkingDays {
    /// The dates of `first ..= last` that `is_working` keeps.
    pub fn new(first: Day, last: Day, is_working: impl Fn(Day) -> bool) -> WorkingDays {
        let days =
            (first.number()..=last.number()).map(Day::from_number).filter(|&d| is_working(d)).collect();
        WorkingDays { days }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The date of working day `t`.
    ///
    /// # Panics
    /// Where `t` is not below [`len`](Self::len).
    pub fn day(&self, t: usize) -> Day {
        self.days[t]
    }

    /// The index of a date, where it is a working day of the scenario.
    pub fn index(&self, day: Day) -> Option<usize> {
        self.days.binary_search(&day).ok()
    }

    /// The working days of `from ..= to`.
    pub fn span(&self, from: Day, to: Day) -> Span {
        let start = self.days.partition_point(|&d| d < from);
        let end = self.days.partition_point(|&d| d <= to);
        Span { start, end: end.max(start) }
    }

    /// The working days up to and including `last`.
    pub fn until(&self, last: Day) -> Span {
        Span { start: 0, end: self.days.partition_point(|&d| d <= last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_skip_rest_days() {
        let day = |d| Day::new(2022, 3, d).unwrap();
        let days = WorkingDays::new(day(1), day(10), |d| d.weekday() != 6); // Sunday the 6th is off
        let check = |from, to, expect: (usize, usize)| {
            let span = days.span(day(from), day(to));
            assert_eq!((span.start, span.end), expect, "{from}..={to}");
        };
        check(1, 10, (0, 9));
        check(6, 6, (5, 5));
        check(5, 7, (4, 6));
        check(9, 20, (7, 9));
        check(8, 3, (6, 6));
        assert_eq!(days.index(day(6)), None);
        assert_eq!(days.index(day(7)), Some(5));
        assert_eq!(days.until(day(6)).len(), 5);
    }
}
