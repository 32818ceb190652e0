//! Reasons in detail: which rule keeps whom away and by how much, and which partners are worth more elsewhere.

use crate::admissibility::verdict;
use crate::distance::road_distance;
use crate::rules::Rule;
use crate::scenario::{Scenario, ShortageIx, SurplusIx};
use crate::units::{Count, Metres};

use super::{Rival, Standing};

/// Misses and rivals named, at most.
const NAMED: usize = 5;

/// Why not, for one posting. `P` is the other side's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail<P> {
    /// By rule, in the order of the format; rules that keep nobody away are left out.
    pub blocked: Vec<Blocked<P>>,
    /// Admissible partners by what they lack, the nearest first; five at most.
    pub rivals: Vec<Rival<P>>,
}

/// What one rule keeps away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked<P> {
    /// The rule.
    pub rule: Rule,
    /// Postings of the other side that break it.
    pub postings: usize,
    /// Of these, those that break no other.
    pub alone: usize,
    /// Workers of those that break no other.
    pub workers: Count,
    /// The nearest of those that break no other; five at most.
    pub nearest: Vec<Miss<P>>,
}

/// A partner that one rule alone keeps away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss<P> {
    /// Who.
    pub posting: P,
    /// Its workers.
    pub workers: Count,
    /// How far by road.
    pub distance: Metres,
    /// What it has and what it would take, where the rule measures: metres (`distance`), fen a day (`pay`), working days
    /// (`min_stay`; `dates`: between the postings, against none).
    pub measure: Option<(i64, i64)>,
}

impl Standing<'_> {
    /// Why a shortage is not filled.
    pub fn why_unfilled(&self, j: ShortageIx) -> Detail<SurplusIx> {
        let workers = |i: SurplusIx| self.scenario.surplus()[i.index()].headcount;
        let pairs = self.scenario.surplus_indices().map(|i| (i, i, j));
        let missing = self.missing(j);
        let start = self.scenario.demand_span(j).start;
        self.detail(self.scenario, pairs, workers, |t| {
            t >= start && missing.get(t - start).is_some_and(|&n| n > 0)
        })
    }

    /// Why a surplus is idle.
    pub fn why_idle(&self, i: SurplusIx) -> Detail<ShortageIx> {
        let workers = |j: ShortageIx| self.scenario.shortages()[j.index()].headcount;
        let pairs = self.scenario.shortage_indices().map(|j| (j, i, j));
        let idle = &self.verdict.idle[i.index()];
        let start = self.scenario.supply_span(i).start;
        self.detail(self.scenario, pairs, workers, |t| {
            t >= start && idle.get(t - start).is_some_and(|&n| n > 0)
        })
    }

    /// Who is kept away from a shortage by which rule; `scenario` as in [`Standing::options`].
    pub fn no_lenders(&self, scenario: &Scenario, j: ShortageIx) -> Vec<Blocked<SurplusIx>> {
        let workers = |i: SurplusIx| scenario.surplus()[i.index()].headcount;
        self.detail(scenario, scenario.surplus_indices().map(|i| (i, i, j)), workers, |_| false).blocked
    }

    /// Who is kept away from a surplus by which rule.
    pub fn no_borrowers(&self, scenario: &Scenario, i: SurplusIx) -> Vec<Blocked<ShortageIx>> {
        let workers = |j: ShortageIx| scenario.shortages()[j.index()].headcount;
        self.detail(scenario, scenario.shortage_indices().map(|j| (j, i, j)), workers, |_| false).blocked
    }

    fn detail<P: Copy + Ord>(
        &self,
        scenario: &Scenario,
        pairs: impl Iterator<Item = (P, SurplusIx, ShortageIx)>,
        workers: impl Fn(P) -> Count,
        open: impl Fn(usize) -> bool,
    ) -> Detail<P> {
        let empty = |&rule| Blocked { rule, postings: 0, alone: 0, workers: 0, nearest: Vec::new() };
        let mut blocked: Vec<Blocked<P>> = Rule::ALL.iter().map(empty).collect();
        let mut rivals = Vec::new();
        for (posting, i, j) in pairs {
            let workers = workers(posting);
            if workers == 0 {
                continue;
            }
            let broken = verdict(scenario, i, j);
            for rule in broken.iter() {
                let of_rule = &mut blocked[rule as usize];
                of_rule.postings += 1;
                if broken.len() == 1 {
                    of_rule.alone += 1;
                    of_rule.workers += workers;
                    of_rule.nearest.push(miss(scenario, posting, workers, rule, i, j));
                }
            }
            if broken.is_empty() {
                rivals.extend(self.rival(scenario, posting, workers, (i, j), &open));
            }
        }
        blocked.retain(|of_rule| of_rule.postings > 0);
        for of_rule in &mut blocked {
            let lack = |miss: &Miss<P>| miss.measure.map_or(0, |(has, takes)| (has - takes).abs());
            of_rule.nearest.sort_by_key(|miss| (lack(miss), miss.distance, miss.posting));
            of_rule.nearest.truncate(NAMED);
        }
        rivals.sort_by_key(|rival| (rival.short, rival.posting));
        rivals.truncate(NAMED);
        Detail { blocked, rivals }
    }
}

fn miss<P>(
    scenario: &Scenario,
    posting: P,
    workers: Count,
    rule: Rule,
    i: SurplusIx,
    j: ShortageIx,
) -> Miss<P> {
    let (surplus, shortage) = (&scenario.surplus()[i.index()], &scenario.shortages()[j.index()]);
    let policy = scenario.policy();
    let distance =
        road_distance(scenario.firm(surplus.firm), scenario.firm(shortage.firm), policy.road_factor);
    let measure = match rule {
        Rule::Distance => {
            let limits = [policy.max_distance, surplus.max_distance, shortage.max_distance];
            limits.into_iter().flatten().min().map(|limit| (distance, limit))
        }
        Rule::Pay => shortage.day_pay.zip(surplus.min_day_pay),
        Rule::Dates => {
            let gap =
                scenario.days().span(surplus.to.min(shortage.to) + 1, surplus.from.max(shortage.from) + -1);
            Some((gap.len() as i64, 0))
        }
        Rule::MinStay => {
            let stay = policy.min_stay_days.max(surplus.min_stay_days).max(shortage.min_stay_days);
            let common = scenario.supply_span(i).intersect(scenario.demand_span(j));
            Some((common.len() as i64, i64::from(stay)))
        }
        _ => None,
    };
    Miss { posting, workers, distance, measure }
}
