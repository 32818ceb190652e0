//! How two plans of a zone that went on living between them differ: pair by pair, posting by posting, and what had changed.
//! [`compare`](tiaoji_core::compare) holds two plans for one scenario side by side; here each has its own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use tiaoji_core::scenario::{FirmIx, Scenario, Shortage, SkillIx, Surplus};
use tiaoji_core::units::{Count, Day};

use crate::plan::{PlanFile, ReasonFile};

/// `count` workers from the first of these days to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Stay {
    pub count: Count,
    pub from: Day,
    pub to: Day,
}

/// What became of a posting between the plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// It is as it was.
    Same,
    /// It is new.
    New,
    /// It is on offer no more.
    Gone,
    /// Something of it is another.
    Changed {
        /// Whether it is something that other firms see: skill, headcount, days, night shifts, pay offered.
        openly: bool,
    },
}

/// A pair of postings between which the second plan lends otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairChange {
    /// The lender's posting and firm.
    pub surplus: String,
    /// See `surplus`.
    pub lender: String,
    /// The borrower's posting and firm.
    pub shortage: String,
    /// See `shortage`.
    pub borrower: String,
    /// The skill that is asked for.
    pub skill: String,
    /// What the first plan lends on days of the second, by first day.
    pub before: Vec<Stay>,
    /// What the second plan lends.
    pub after: Vec<Stay>,
    /// Worker-days in either.
    pub worker_days: (Count, Count),
    /// What became of the surplus and of the shortage.
    pub since: (Since, Since),
}

/// A shortage of which the second plan leaves more or fewer worker-days open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenChange {
    /// Its id.
    pub shortage: String,
    /// Its firm.
    pub firm: String,
    /// Its skill.
    pub skill: String,
    /// Worker-days open in either plan, on days of the second.
    pub worker_days: (Count, Count),
    /// Why in the second plan: codes and worker-days, the largest first.
    pub reasons: Vec<(String, Count)>,
}

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanChanges {
    /// The pairs, those with the largest difference first.
    pub pairs: Vec<PairChange>,
    /// The shortages, those with the largest difference first.
    pub open: Vec<OpenChange>,
    /// Whether the policy is another.
    pub policy: bool,
}

/// From one plan and the scenario it was made from to another and its own. What lies before the second one's first day is over
/// and done with.
pub fn plan_changes(before: (&Scenario, &PlanFile), after: (&Scenario, &PlanFile)) -> PlanChanges {
    let both = Both { before: Postings::of(before.0), after: Postings::of(after.0), days: after.0.days() };
    let mut changes = PlanChanges {
        pairs: both.pairs(before.1, after.1),
        open: both.open(before.1, after.1),
        policy: before.0.policy() != after.0.policy(),
    };
    let size = |(then, now): (Count, Count)| Reverse((now - then).abs());
    changes.pairs.sort_by_key(|pair| size(pair.worker_days)); // stable: equal ones by id
    changes.open.sort_by_key(|open| size(open.worker_days));
    changes
}

/// The postings of a scenario by id.
struct Postings<'s> {
    scenario: &'s Scenario,
    surplus: HashMap<&'s str, &'s Surplus>,
    shortages: HashMap<&'s str, &'s Shortage>,
}

impl<'s> Postings<'s> {
    fn of(scenario: &'s Scenario) -> Postings<'s> {
        Postings {
            scenario,
            surplus: scenario.surplus().iter().map(|s| (s.id.as_str(), s)).collect(),
            shortages: scenario.shortages().iter().map(|d| (d.id.as_str(), d)).collect(),
        }
    }

    fn firm(&self, firm: FirmIx) -> &'s str {
        &self.scenario.firm(firm).id
    }

    fn skill(&self, skill: SkillIx) -> &'s str {
        &self.scenario.skills()[skill.index()].id
    }
}

struct Both<'s> {
    before: Postings<'s>,
    after: Postings<'s>,
    /// The working days of the second.
    days: &'s tiaoji_core::scenario::WorkingDays,
}

impl Both<'_> {
    fn pairs(&self, before: &PlanFile, after: &PlanFile) -> Vec<PairChange> {
        let mut stays: BTreeMap<(&str, &str), [Vec<Stay>; 2]> = BTreeMap::new();
        for (side, plan) in [before, after].into_iter().enumerate() {
            for s in &plan.secondments {
                let stay = Stay { count: s.count, from: s.from.0, to: s.to.0 };
                if let Some(stay) = self.still_to_come(stay) {
                    stays.entry((&s.surplus, &s.shortage)).or_default()[side].push(stay);
                }
            }
        }
        let change = |((surplus, shortage), [mut before, mut after]): ((&str, &str), [Vec<Stay>; 2])| {
            let (then, now) = (self.by_day(&before), self.by_day(&after));
            if then == now {
                return None;
            }
            for stays in [&mut before, &mut after] {
                stays.sort_by_key(|stay| (stay.from, stay.to));
            }
            let (lender, borrower, skill) = self.names(surplus, shortage)?;
            Some(PairChange {
                surplus: surplus.to_string(),
                lender,
                shortage: shortage.to_string(),
                borrower,
                skill,
                before,
                after,
                worker_days: (then.iter().sum(), now.iter().sum()),
                since: (self.surplus_since(surplus), self.shortage_since(shortage)),
            })
        };
        stays.into_iter().filter_map(change).collect()
    }

    /// The part of a stay on or after the first working day; what lies past the last one counts as on it.
    fn still_to_come(&self, stay: Stay) -> Option<Stay> {
        let first = (!self.days.is_empty()).then(|| self.days.day(0))?;
        (stay.to >= first).then(|| Stay { from: stay.from.max(first), ..stay })
    }

    /// Workers by working day, and past the last one.
    fn by_day(&self, stays: &[Stay]) -> Vec<Count> {
        let mut counts = vec![0; self.days.len() + 1];
        let (end, last) = (self.days.len(), self.days.len().checked_sub(1).map(|t| self.days.day(t)));
        for stay in stays {
            let span = self.days.span(stay.from, stay.to);
            counts[Range::from(span)].iter_mut().for_each(|count| *count += stay.count);
            counts[end] += stay.count * Count::from(last.is_some_and(|last| stay.to > last));
        }
        counts
    }

    /// Lender, borrower and the skill asked for, by the scenario that has both postings.
    fn names(&self, surplus: &str, shortage: &str) -> Option<(String, String, String)> {
        let of = |postings: &Postings<'_>| {
            let (s, d) = (postings.surplus.get(surplus)?, postings.shortages.get(shortage)?);
            let (lender, borrower) = (postings.firm(s.firm), postings.firm(d.firm));
            Some((lender.to_string(), borrower.to_string(), postings.skill(d.skill).to_string()))
        };
        of(&self.after).or_else(|| of(&self.before))
    }

    fn surplus_since(&self, id: &str) -> Since {
        // what is agreed of a posting that is gone stands there without workers
        let on_offer =
            |postings: &Postings<'_>| postings.surplus.get(id).copied().filter(|s| s.headcount > 0).cloned();
        since([&self.before, &self.after].map(|postings| {
            let mut posting = on_offer(postings)?;
            let skill = postings.skill(posting.skill);
            let open = (skill, posting.headcount, posting.from, posting.to);
            let firm = postings.firm(posting.firm);
            // places in a scenario mean nothing in another
            (posting.firm, posting.skill) = (FirmIx(0), SkillIx(0));
            Some((open, (firm, posting)))
        }))
    }

    fn shortage_since(&self, id: &str) -> Since {
        let on_offer = |postings: &Postings<'_>| {
            postings.shortages.get(id).copied().filter(|d| d.headcount > 0).cloned()
        };
        since([&self.before, &self.after].map(|postings| {
            let mut posting = on_offer(postings)?;
            let skill = postings.skill(posting.skill);
            let open =
                (skill, posting.headcount, posting.from, posting.to, posting.night_shift, posting.day_pay);
            let firm = postings.firm(posting.firm);
            (posting.firm, posting.skill) = (FirmIx(0), SkillIx(0));
            Some((open, (firm, posting)))
        }))
    }

    fn open(&self, before: &PlanFile, after: &PlanFile) -> Vec<OpenChange> {
        /// Worker-days in either plan, and by reason in the second.
        type Sums<'p> = ((Count, Count), BTreeMap<&'p str, Count>);
        let mut open: BTreeMap<&str, Sums<'_>> = BTreeMap::new();
        let days = |from, to| self.days.span(from, to).len() as Count;
        for s in &before.unfilled {
            open.entry(&s.shortage).or_default().0.0 += s.count * days(s.from.0, s.to.0);
        }
        for s in &after.unfilled {
            let (sums, reasons) = open.entry(&s.shortage).or_default();
            let days = days(s.from.0, s.to.0);
            sums.1 += s.count * days;
            for ReasonFile { code, count, .. } in &s.reasons {
                *reasons.entry(code).or_default() += count * days;
            }
        }
        let change = |(id, (worker_days, reasons)): (&str, Sums<'_>)| {
            // a shortage that nobody has any more is missed by nobody
            let posting = self.after.shortages.get(id).filter(|_| worker_days.0 != worker_days.1)?;
            let mut reasons: Vec<(String, Count)> =
                reasons.into_iter().map(|(code, days)| (code.to_string(), days)).collect();
            reasons.sort_by_key(|(_, days)| Reverse(*days));
            Some(OpenChange {
                shortage: id.to_string(),
                firm: self.after.firm(posting.firm).to_string(),
                skill: self.after.skill(posting.skill).to_string(),
                worker_days,
                reasons,
            })
        };
        open.into_iter().filter_map(change).collect()
    }
}

/// What became of a posting: of each scenario what others see of it, and all of it.
fn since<O: PartialEq, A: PartialEq>([before, after]: [Option<(O, A)>; 2]) -> Since {
    match (before, after) {
        (None, _) => Since::New,
        (_, None) => Since::Gone,
        (Some(before), Some(after)) if before == after => Since::Same,
        (Some((before, _)), Some((after, _))) => Since::Changed { openly: before != after },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn surplus(id: &str, headcount: i64, pay: i64) -> Value {
        json!({ "id": id, "firm": "F1", "skill": "packer", "headcount": headcount, "from": "2022-03-07", "to": "2022-03-18",
            "min_day_pay_fen": pay })
    }

    fn shortage(id: &str) -> Value {
        json!({ "id": id, "firm": "F2", "skill": "packer", "headcount": 5, "from": "2022-03-07", "to": "2022-03-18",
            "priority": "normal", "day_pay_fen": 100 })
    }

    type Lent<'a> = (&'a str, &'a str, i64, i8, i8);

    /// A zone of these postings, and a plan of these secondments: surplus, shortage, workers, days of March.
    fn zone(surplus: &[Value], onboarding: i64, from: i8, lent: &[Lent<'_>]) -> (Scenario, PlanFile) {
        let firm = |id: &str| json!({ "id": id, "name": id, "latitude": 37, "longitude": 117 });
        let date = |day: i8| format!("2022-03-{day:02}");
        let document = json!({
            "name": "zone", "horizon": { "from": date(from), "to": "2022-03-18" },
            "policy": { "onboarding_fen": onboarding, "daily_base_fen": 0, "transport_per_km_fen": 0, "cross_alliance_fen": 0,
                "unmet": { "urgent_fen": 3, "normal_fen": 2, "low_fen": 1 }, "rest_weekdays": ["Sat", "Sun"] },
            "firms": [firm("F1"), firm("F2")], "skills": [{ "id": "packer", "name": "包装工" }],
            "surplus": surplus, "shortage": [shortage("D1"), shortage("D2")],
        });
        let loaded = crate::read_json("zone", document.to_string().as_bytes()).expect("a scenario");
        let secondment = |(surplus, shortage, count, from, to): &Lent<'_>| json!({ "surplus": surplus, "shortage": shortage, "count": count, "from": date(*from), "to": date(*to), "cost_fen": 0 });
        let plan = json!({
            "scenario": "zone", "engine": "", "method": "auto", "status": "feasible", "objective_fen": 0, "bound_fen": 0,
            "bound_by": "search", "baseline_fen": 0, "gap": 0.0, "seconds": 0.0, "components": [],
            "secondments": lent.iter().map(secondment).collect::<Vec<_>>(), "unfilled": [], "idle": [],
            "kpis": crate::plan::KpisFile::default(),
        });
        (loaded.scenario, crate::read_plan("plan", plan.to_string().as_bytes()).expect("a plan"))
    }

    fn changes(before: &(Scenario, PlanFile), after: &(Scenario, PlanFile)) -> PlanChanges {
        plan_changes((&before.0, &before.1), (&after.0, &after.1))
    }

    fn day(day: i8) -> Day {
        Day::new(2022, 3, day).expect("a day")
    }

    #[test]
    fn pairs_that_are_lent_otherwise() {
        let postings = [surplus("S1", 5, 90), surplus("S2", 5, 90)];
        let before = zone(&postings, 0, 7, &[("S1", "D1", 3, 7, 18), ("S2", "D2", 2, 7, 11)]);
        // the same on every working day, in two parts with a weekend between them
        let after =
            zone(&postings, 0, 7, &[("S1", "D1", 3, 7, 11), ("S1", "D1", 3, 14, 18), ("S2", "D1", 2, 7, 8)]);
        let found = changes(&before, &after);
        let pairs: Vec<(&str, &str, (Count, Count))> =
            found.pairs.iter().map(|p| (p.surplus.as_str(), p.shortage.as_str(), p.worker_days)).collect();
        assert_eq!(pairs, [("S2", "D2", (10, 0)), ("S2", "D1", (0, 4))]);
        assert_eq!(found.pairs[0].before, [Stay { count: 2, from: day(7), to: day(11) }]);
        assert_eq!((found.pairs[0].lender.as_str(), found.pairs[0].borrower.as_str()), ("F1", "F2"));
        assert_eq!(found.pairs[0].since, (Since::Same, Since::Same));
        assert!(!found.policy);
    }

    #[test]
    fn what_lies_before_the_second_plan_is_over() {
        let postings = [surplus("S1", 5, 90)];
        let before = zone(&postings, 0, 7, &[("S1", "D1", 3, 7, 11), ("S1", "D2", 2, 7, 15)]);
        let after = zone(&postings, 0, 14, &[]);
        let found = changes(&before, &after);
        let left: Vec<&[Stay]> = found.pairs.iter().map(|pair| pair.before.as_slice()).collect();
        assert_eq!(left, [[Stay { count: 2, from: day(14), to: day(15) }]]);
    }

    #[test]
    fn what_became_of_the_postings() {
        let check = |then: Option<Value>, now: Option<Value>, expect: Since| {
            let keep = surplus("S9", 1, 90);
            let all = |one: Option<Value>| one.into_iter().chain([keep.clone()]).collect::<Vec<_>>();
            let lent: &[Lent<'_>] = &[("S1", "D1", 1, 7, 8)];
            let (before, after) = if expect == Since::New { (&[][..], lent) } else { (lent, &[][..]) };
            let found = changes(&zone(&all(then), 0, 7, before), &zone(&all(now), 1, 7, after));
            assert_eq!(found.pairs.iter().map(|pair| pair.since.0).collect::<Vec<_>>(), [expect]);
            assert!(found.policy);
        };
        let posting = || Some(surplus("S1", 5, 90));
        check(posting(), posting(), Since::Same);
        check(posting(), None, Since::Gone);
        check(posting(), Some(surplus("S1", 0, 90)), Since::Gone);
        check(None, posting(), Since::New);
        check(posting(), Some(surplus("S1", 4, 90)), Since::Changed { openly: true });
        check(posting(), Some(surplus("S1", 5, 95)), Since::Changed { openly: false });
    }

    #[test]
    fn what_stays_open() {
        let postings = [surplus("S1", 5, 90)];
        let (mut before, mut after) = (zone(&postings, 0, 7, &[]), zone(&postings, 0, 7, &[]));
        let open =
            |shortage: &str, count: i64, from: i8, to: i8, codes: &[(&str, i64)]| crate::plan::UnfilledFile {
                shortage: shortage.to_string(),
                from: day(from).into(),
                to: day(to).into(),
                count,
                reasons: codes
                    .iter()
                    .map(|(code, count)| ReasonFile {
                        code: (*code).to_string(),
                        count: *count,
                        by: Vec::new(),
                        detail: None,
                    })
                    .collect(),
            };
        before.1.unfilled = vec![open("D1", 1, 7, 8, &[("none", 1)]), open("D2", 1, 7, 8, &[("none", 1)])];
        after.1.unfilled = vec![
            open("D1", 3, 10, 14, &[("none", 1), ("competition", 2)]),
            open("D2", 1, 10, 11, &[("price", 1)]),
        ];
        let found = changes(&before, &after).open;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].shortage.as_str(), found[0].worker_days), ("D1", (2, 9)));
        assert_eq!(found[0].reasons, [("competition".to_string(), 6), ("none".to_string(), 3)]);
    }
}
