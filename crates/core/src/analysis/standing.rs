//! A plan as it stands: what everything else here is compared with.

use std::collections::HashSet;
use std::ops::Range;

use crate::admissibility::{Pair, admissible_pairs};
use crate::earlier::{Earlier, Named, Overflow};
use crate::explain;
use crate::extract::DailyCounts;
use crate::plan::{Claim, Idle, PriceRun, Prices, Unfilled};
use crate::referee::{Verdict, judge};
use crate::scenario::{Scenario, ShortageIx, SurplusIx};
use crate::units::{Count, MicroFen};

/// A feasible plan of a scenario, with its prices.
pub struct Standing<'a> {
    pub(super) scenario: &'a Scenario,
    /// The same scenario where changing the plan costs nothing: analyses ask what plans could be, not what it takes to move there.
    pub(super) calm: Scenario,
    pub(super) earlier: Earlier,
    pub(super) pairs: Vec<Pair>,
    pub(super) admissible: HashSet<(SurplusIx, ShortageIx)>,
    /// What the referee says of it.
    pub verdict: Verdict,
    /// What stays unfilled, and why.
    pub unfilled: Vec<Unfilled>,
    /// What stays idle, and why.
    pub idle: Vec<Idle>,
}

impl<'a> Standing<'a> {
    /// Takes secondments that break no rule, and the prices of the plan (without them a lender's worker-day is
    /// worth nothing elsewhere).
    ///
    /// # Errors
    /// See [`Earlier::new`].
    pub fn new(scenario: &'a Scenario, claims: &[Claim], prices: Prices) -> Result<Standing<'a>, Overflow> {
        let verdict = judge(scenario, claims, None);
        let mut counts = DailyCounts::new();
        for claim in claims {
            let days = counts
                .entry((claim.surplus, claim.shortage))
                .or_insert_with(|| vec![0; scenario.days().len()]);
            days[Range::from(scenario.days().span(claim.from, claim.to))]
                .iter_mut()
                .for_each(|n| *n += claim.count);
        }
        let (unfilled, idle) = explain::explain(scenario, &counts, &verdict.unfilled, &verdict.idle);
        let calm = scenario.with_tables(|tables| tables.policy.stability = 0);
        let earlier = Earlier::new(&calm, &Named::all(&calm), claims, prices)?;
        let pairs = admissible_pairs(scenario);
        let admissible = pairs.iter().map(|pair| (pair.surplus, pair.shortage)).collect();
        Ok(Standing { scenario, calm, earlier, pairs, admissible, verdict, unfilled, idle })
    }

    /// Workers missing at a shortage, by working day of its span.
    pub fn missing(&self, j: ShortageIx) -> &[Count] {
        &self.verdict.unfilled[j.index()]
    }

    /// Worker-days missing at a shortage.
    pub fn missing_days(&self, j: ShortageIx) -> Count {
        self.missing(j).iter().sum()
    }

    /// What a worker-day of a surplus is worth elsewhere, by working day of the scenario.
    pub(super) fn price_of(&self, i: SurplusIx) -> Vec<MicroFen> {
        let mut daily = vec![0; self.scenario.days().len()];
        let all = &self.earlier.prices().supply;
        let first = all.partition_point(|run| run.posting < i);
        for PriceRun { from, to, price, .. } in all[first..].iter().take_while(|run| run.posting == i) {
            daily[Range::from(self.scenario.days().span(*from, *to))].fill(*price);
        }
        daily
    }
}
