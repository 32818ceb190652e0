//! A plan as it stands: what everything else here is compared with.

use std::ops::Range;

use crate::admissibility::{Pair, admissible_pairs};
use crate::bound::{MICRO, micro_of_prices};
use crate::earlier::{Earlier, Named, Overflow};
use crate::explain;
use crate::extract::DailyCounts;
use crate::plan::{Claim, Idle, Prices, Unfilled};
use crate::referee::{Verdict, judge};
use crate::scenario::{Scenario, ShortageIx, SurplusIx};
use crate::solve::{Options, solve_unexplained};
use crate::stop::Stop;
use crate::units::{Count, Fen};

use super::part::DayPrices;

/// From this gap on prices are hardly better than known.
const SHARP: f64 = 0.000_03;

/// A feasible plan of a scenario, with its prices, ready for questions: each is answered around the postings it
/// concerns, in milliseconds.
#[derive(Clone)]
pub struct Standing<'a> {
    pub(super) scenario: &'a Scenario,
    /// The same scenario where changing the plan costs nothing: analyses ask what plans could be, not what it takes to move there.
    pub(super) calm: Scenario,
    pub(super) earlier: Earlier,
    /// By surplus, then shortage.
    pub(super) pairs: Vec<Pair>,
    /// By surplus: where its pairs are. By shortage: their positions.
    pub(super) of_surplus: Vec<Range<usize>>,
    pub(super) of_shortage: Vec<Vec<usize>>,
    /// By pair: whether it has workers or is nearly worth it.
    pub(super) awake: Vec<bool>,
    pub(super) prices: DayPrices,
    /// What the prices prove, in millionths of a fen.
    pub(super) micro_bound: i128,
    /// What the referee says of it.
    pub verdict: Verdict,
    /// What stays unfilled, and why.
    pub unfilled: Vec<Unfilled>,
    /// What stays idle, and why.
    pub idle: Vec<Idle>,
}

impl<'a> Standing<'a> {
    /// Takes secondments that break no rule, and the prices of the plan (without them a lender's worker-day is
    /// worth nothing elsewhere). Time in proportion to what the scenario's pairs have in days.
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
        let of = |i: SurplusIx| {
            pairs.partition_point(|pair| pair.surplus < i)..pairs.partition_point(|pair| pair.surplus <= i)
        };
        let of_surplus = scenario.surplus_indices().map(of).collect();
        let mut of_shortage = vec![Vec::new(); scenario.shortages().len()];
        for (k, pair) in pairs.iter().enumerate() {
            of_shortage[pair.shortage.index()].push(k);
        }
        let prices = DayPrices::new(scenario, earlier.prices());
        let awake = |pair: &Pair| {
            earlier.counts(pair.surplus, pair.shortage).is_some() || prices.within_reach(scenario, pair)
        };
        let awake = pairs.iter().map(awake).collect();
        let micro_bound = micro_of_prices(&calm, earlier.prices());
        Ok(Standing {
            scenario,
            calm,
            earlier,
            pairs,
            of_surplus,
            of_shortage,
            awake,
            prices,
            micro_bound,
            verdict,
            unfilled,
            idle,
        })
    }

    /// The same plan with prices that prove more, as those of a plan much nearer to the best one do. They cost a run.
    pub(super) fn sharpened(&self, stop: &dyn Stop) -> Standing<'a> {
        if self.open() <= self.share(SHARP) {
            return self.clone();
        }
        let near = std::slice::from_ref(&self.earlier);
        let options = Options { neighbours: near, gap: Some(SHARP), stop, ..Options::default() };
        let prices = solve_unexplained(&self.calm, &options).prices;
        let micro_bound = micro_of_prices(&self.calm, &prices);
        if micro_bound <= self.micro_bound {
            return self.clone();
        }
        let prices = DayPrices::new(self.scenario, &prices);
        let awake = |pair: &Pair| {
            self.earlier.counts(pair.surplus, pair.shortage).is_some()
                || prices.within_reach(self.scenario, pair)
        };
        let awake = self.pairs.iter().map(awake).collect();
        Standing { awake, prices, micro_bound, ..self.clone() }
    }

    /// Workers missing at a shortage, by working day of its span.
    pub fn missing(&self, j: ShortageIx) -> &[Count] {
        &self.verdict.unfilled[j.index()]
    }

    /// Worker-days missing at a shortage.
    pub fn missing_days(&self, j: ShortageIx) -> Count {
        self.missing(j).iter().sum()
    }

    /// A share of what lending can save at all, in fen.
    pub(super) fn share(&self, gap: f64) -> Fen {
        ((self.verdict.baseline - self.bound()).max(0) as f64 * gap) as Fen
    }

    /// By how much the objective may exceed the least one, as far as the prices tell.
    pub fn open(&self) -> Fen {
        let objective = Fen::try_from(self.verdict.objective).unwrap_or(Fen::MAX);
        (objective - self.bound()).max(0)
    }

    /// What the prices prove, in whole fen.
    fn bound(&self) -> Fen {
        let bound = -(-self.micro_bound).div_euclid(MICRO);
        Fen::try_from(bound.max(0)).unwrap_or(Fen::MAX)
    }
}
