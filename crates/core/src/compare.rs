//! Two plans for one scenario side by side: what moved, whom it touches, what it costs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::plan::{Claim, Kpis};
use crate::referee::judge;
use crate::scenario::{FirmIx, Scenario, ShortageIx, SurplusIx};
use crate::units::{Count, Fen};

/// How two plans differ. `before` is the first, `after` the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Totals, and the objective by its terms.
    pub kpis: (Kpis, Kpis),
    /// Objectives.
    pub objective: (i128, i128),
    /// Pairs that are another, as posted.
    pub moved: Vec<Moved>,
    /// Shortages that are filled otherwise, as posted.
    pub filled: Vec<Filled>,
    /// Firms with a pair that is another, as lender or borrower.
    pub firms: BTreeSet<FirmIx>,
}

/// A pair whose counts are another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The lender's posting.
    pub surplus: SurplusIx,
    /// The borrower's posting.
    pub shortage: ShortageIx,
    /// Worker-days in either plan.
    pub worker_days: (Count, Count),
    /// Sum over the days of `|after - before|`.
    pub changed: Count,
}

/// A shortage of which more or fewer worker-days are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The posting.
    pub shortage: ShortageIx,
    /// Worker-days unfilled in either plan.
    pub unfilled: (Count, Count),
}

impl Comparison {
    /// The same secondments, and so the same costs.
    pub fn is_same(&self) -> bool {
        self.moved.is_empty()
    }

    /// By how much the second plan costs more.
    pub fn dearer(&self) -> Fen {
        Fen::try_from(self.objective.1 - self.objective.0).unwrap_or(Fen::MAX)
    }
}

/// Compares two sets of secondments that break no rule.
pub fn compare(scenario: &Scenario, before: &[Claim], after: &[Claim]) -> Comparison {
    let mut counts: BTreeMap<(SurplusIx, ShortageIx), Vec<(Count, Count)>> = BTreeMap::new();
    let mut add = |claims: &[Claim], side: fn(&mut (Count, Count)) -> &mut Count| {
        for claim in claims {
            let pair = counts.entry((claim.surplus, claim.shortage));
            let days = pair.or_insert_with(|| vec![(0, 0); scenario.days().len()]);
            for day in &mut days[Range::from(scenario.days().span(claim.from, claim.to))] {
                *side(day) += claim.count;
            }
        }
    };
    add(before, |both| &mut both.0);
    add(after, |both| &mut both.1);
    let moved: Vec<Moved> = counts
        .iter()
        .filter(|(_, days)| days.iter().any(|(then, now)| then != now))
        .map(|(&(surplus, shortage), days)| Moved {
            surplus,
            shortage,
            worker_days: days.iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1)),
            changed: days.iter().map(|(then, now)| (now - then).abs()).sum(),
        })
        .collect();
    let (then, now) = (judge(scenario, before, None), judge(scenario, after, None));
    let total = |missing: &[Count]| missing.iter().sum::<Count>();
    let filled = scenario.shortage_indices().map(|shortage| Filled {
        shortage,
        unfilled: (total(&then.unfilled[shortage.index()]), total(&now.unfilled[shortage.index()])),
    });
    let firms = moved.iter().flat_map(|moved| {
        let lender = scenario.surplus()[moved.surplus.index()].firm;
        [lender, scenario.shortages()[moved.shortage.index()].firm]
    });
    Comparison {
        kpis: (then.kpis, now.kpis),
        objective: (then.objective, now.objective),
        firms: firms.collect(),
        filled: filled.filter(|filled| filled.unfilled.0 != filled.unfilled.1).collect(),
        moved,
    }
}
