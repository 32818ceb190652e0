//! What is agreed by day, against what postings hold.

use crate::admissibility::judge;
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Scenario, Shortage, ShortageIx, Surplus, SurplusIx};
use crate::units::{Count, Day};

/// So many workers on every day of `from ..= to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Stretch {
    pub count: Count,
    pub from: Day,
    pub to: Day,
}

/// The most workers that stretches add up to on one day of `from ..= to`, and the first such day; 0 on `from` where there are
/// none. The sum only rises where a stretch begins.
pub fn most_at_once(stretches: &[Stretch], from: Day, to: Day) -> (Count, Day) {
    let on = |day: Day| -> Count {
        stretches.iter().filter(|s| s.from <= day && day <= s.to).map(|s| s.count).sum()
    };
    let mut most = (on(from), from);
    let mut starts: Vec<Day> = stretches.iter().map(|s| s.from).filter(|&s| from < s && s <= to).collect();
    starts.sort_unstable();
    for day in starts {
        if on(day) > most.0 {
            most = (on(day), day);
        }
    }
    most
}

/// What a surplus holds: `min(headcount, consented)` up to the end of its contract.
pub fn offered(surplus: &Surplus) -> Stretch {
    Stretch { count: surplus.capacity(), from: surplus.from, to: surplus.last_day() }
}

/// What a shortage asks for.
pub fn wanted(shortage: &Shortage) -> Stretch {
    Stretch { count: shortage.headcount, from: shortage.from, to: shortage.to }
}

/// Why a secondment cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Rules that the pair breaks.
    Rules(RuleSet),
    /// On that day more would be lent than the surplus holds.
    Supply(Day),
    /// On that day more would come than the shortage asks for.
    Demand(Day),
}

/// The first day on which stretches exceed what a posting holds; a day outside it holds nothing.
pub fn exceeds(held: Stretch, stretches: &[Stretch]) -> Option<Day> {
    let outside = |s: &&Stretch| s.count > 0 && (s.from < held.from || s.to > held.to);
    if let Some(stretch) = stretches.iter().filter(outside).min_by_key(|s| s.from) {
        return Some(if stretch.from < held.from { stretch.from } else { stretch.from.max(held.to + 1) });
    }
    let (first, last) = (stretches.iter().map(|s| s.from).min()?, stretches.iter().map(|s| s.to).max()?);
    let (most, day) = most_at_once(stretches, first, last);
    (most > held.count).then_some(day)
}

/// Whether one begins at the latest on the day after the other's last.
fn touches(one: &Stretch, other: &Stretch) -> bool {
    one.from <= other.to + 1 && other.from <= one.to + 1
}

/// The first day from `today` on, on which an edit takes away from what is agreed: less is held than before, and less than
/// is agreed.
pub fn lowered(before: Stretch, after: Stretch, agreed: &[Stretch], today: Day) -> Option<Day> {
    let first = agreed.iter().map(|s| s.from).min()?.max(today);
    let last = agreed.iter().map(|s| s.to).max()?;
    let on = |stretches: &[Stretch], day| most_at_once(stretches, day, day).0;
    let mut days = (first.number()..=last.number()).map(Day::from_number);
    days.find(|&day| on(&[after], day) < on(agreed, day).min(on(&[before], day)))
}

/// What is left of daily counts once `taken` is taken away, first in, first out. `days` are working days in order, `counts`
/// the workers on each.
pub fn left_over(days: &[Day], counts: &[Count], taken: &[Stretch]) -> Vec<Stretch> {
    let left = |(&day, &count): (&Day, &Count)| (count - most_at_once(taken, day, day).0).max(0);
    let left: Vec<Count> = days.iter().zip(counts).map(left).collect();
    let runs = crate::stay::runs(&left).into_iter();
    runs.map(|((first, last), count)| Stretch { count, from: days[first], to: days[last] }).collect()
}

/// Everything that speaks against a secondment of a pair beside what is agreed of both postings: the rules, the dates, both
/// capacities; its length too, unless it goes on from what is agreed between the two.
pub fn what_misfits(
    scenario: &Scenario,
    pair: (SurplusIx, ShortageIx),
    stretch: Stretch,
    agreed: (&[Stretch], &[Stretch]),
    between: &[Stretch],
) -> Vec<Misfit> {
    let (i, j) = pair;
    let mut found = Vec::new();
    match judge(scenario, i, j) {
        Err(broken) => found.push(Misfit::Rules(broken)),
        Ok(pair) => {
            let span = scenario.days().span(stretch.from, stretch.to);
            if !pair.window.covers(span) || span.is_empty() {
                found.push(Misfit::Rules(Rule::Dates.into()));
            } else if span.len() < pair.stay && !between.iter().any(|s| touches(s, &stretch)) {
                found.push(Misfit::Rules(Rule::MinStay.into()));
            }
        }
    }
    // what was agreed beyond a posting's days, or before it was changed, is not the newcomer's fault
    let with = |held: Stretch, agreed: &[Stretch]| {
        let within = |s: &Stretch| Stretch { from: s.from.max(stretch.from), to: s.to.min(stretch.to), ..*s };
        let beside = agreed.iter().map(within).filter(|s| s.from <= s.to);
        exceeds(
            held,
            &beside.filter(|s| held.from <= s.from && s.to <= held.to).chain([stretch]).collect::<Vec<_>>(),
        )
    };
    found.extend(with(offered(&scenario.surplus()[i.index()]), agreed.0).map(Misfit::Supply));
    found.extend(with(wanted(&scenario.shortages()[j.index()]), agreed.1).map(Misfit::Demand));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch((count, from, to): (Count, i32, i32)) -> Stretch {
        Stretch { count, from: Day::from_number(from), to: Day::from_number(to) }
    }

    #[test]
    fn what_a_posting_holds() {
        let held = stretch((5, 10, 20));
        let check = |stretches: &[(Count, i32, i32)], expect: Option<i32>| {
            let all: Vec<Stretch> = stretches.iter().copied().map(stretch).collect();
            assert_eq!(exceeds(held, &all), expect.map(Day::from_number), "{stretches:?}");
        };
        check(&[], None);
        check(&[(5, 10, 20)], None);
        check(&[(3, 10, 15), (3, 16, 20)], None);
        check(&[(3, 10, 15), (3, 15, 20)], Some(15));
        check(&[(6, 12, 13)], Some(12));
        check(&[(1, 9, 12)], Some(9));
        check(&[(1, 12, 22)], Some(21));
        check(&[(1, 30, 31)], Some(30));
        check(&[(0, 1, 40)], None);
    }

    /// Every pair of short stretches within a week, against a count of each day.
    #[test]
    fn the_most_at_once_is_the_most_of_the_days() {
        let spans: Vec<(i32, i32)> = (0..7).flat_map(|from| (from..7).map(move |to| (from, to))).collect();
        for &(a, b) in &spans {
            for &(c, d) in &spans {
                let all = [stretch((2, a, b)), stretch((3, c, d))];
                let on = |day: i32| -> Count {
                    all.iter()
                        .filter(|s| (s.from.number()..=s.to.number()).contains(&day))
                        .map(|s| s.count)
                        .sum()
                };
                for from in 0..7 {
                    let most = (from..7).map(on).max().unwrap_or_default();
                    let first = (from..7).find(|&day| on(day) == most).unwrap_or(from);
                    let found = most_at_once(&all, Day::from_number(from), Day::from_number(6));
                    assert_eq!(found, (most, Day::from_number(first)), "{all:?} from {from}");
                }
            }
        }
    }

    #[test]
    fn edits_keep_what_is_agreed() {
        // agreed: 2 on days 1 to 12, longer than the posting, since that was agreed later
        let stretch =
            |count, from, to| Stretch { count, from: Day::from_number(from), to: Day::from_number(to) };
        let check = |after: Stretch, today: i32, expect: Option<i32>| {
            let found = lowered(stretch(5, 1, 9), after, &[stretch(2, 1, 12)], Day::from_number(today));
            assert_eq!(found.map(Day::number), expect, "{after:?}");
        };
        check(stretch(2, 1, 9), 0, None);
        check(stretch(1, 1, 9), 0, Some(1));
        check(stretch(1, 1, 9), 10, None);
        check(stretch(5, 2, 9), 0, Some(1));
        check(stretch(5, 2, 9), 2, None);
        check(stretch(5, 1, 8), 3, Some(9));
        check(stretch(0, 1, 20), 5, Some(5));
    }

    #[test]
    fn what_is_new_in_a_plan() {
        let stretch =
            |count, from, to| Stretch { count, from: Day::from_number(from), to: Day::from_number(to) };
        let days = [1, 2, 3, 5].map(Day::from_number);
        let check = |counts: [Count; 4], taken: &[Stretch], expect: &[Stretch]| {
            assert_eq!(left_over(&days, &counts, taken), expect, "{counts:?} - {taken:?}");
        };
        check([2, 2, 2, 2], &[], &[stretch(2, 1, 5)]);
        check([2, 2, 2, 2], &[stretch(2, 1, 3)], &[stretch(2, 5, 5)]);
        check([2, 3, 3, 0], &[stretch(2, 1, 3)], &[stretch(1, 2, 3)]);
        check([1, 1, 0, 0], &[stretch(2, 1, 5)], &[]);
    }
}
