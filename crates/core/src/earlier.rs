//! The plan that was made before: what a new one is compared with (`stability`), and where it starts from.
//!
//! An earlier plan knows its postings and days, not the scenario it was made for. What it names is what both have in
//! common: a pair is compared where both its postings are named and no rule refuses it today, a working day from the
//! first to the last day named. A posting that came later, one that was withdrawn, a pair that somebody refused: none of
//! them can be changed against the earlier plan, so none is charged for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::admissibility;
use crate::plan::{Claim, Prices};
use crate::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use crate::units::{Count, Day, Fen};
use crate::validate::worst_case_exceeds;

/// An earlier plan in the terms of today's scenario, and of no other.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    surplus: Vec<bool>,
    shortages: Vec<bool>,
    days: Span,
    counts: BTreeMap<(SurplusIx, ShortageIx), Vec<Count>>,
    prices: Prices,
}

/// What an earlier plan names, as far as today's scenario has it.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Surplus postings.
    pub surplus: Vec<SurplusIx>,
    /// Shortage postings.
    pub shortages: Vec<ShortageIx>,
    /// First and last day.
    pub days: Option<(Day, Day)>,
}

impl Named {
    /// Every posting and every working day: for a plan of the very same scenario.
    pub fn all(scenario: &Scenario) -> Named {
        let days = scenario.days();
        Named {
            surplus: scenario.surplus_indices().collect(),
            shortages: scenario.shortage_indices().collect(),
            days: days.len().checked_sub(1).map(|last| (days.day(0), days.day(last))),
        }
    }
}

/// What the changes could cost, with the objective, leaves 63 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl Earlier {
    /// Takes a plan's secondments and prices (either may be empty). Several secondments of a pair add up; one of no
    /// workers, of more than 1,000,000, or of reversed dates says nothing, and one of a pair that a rule refuses today
    /// is left out.
    ///
    /// # Errors
    /// [`Overflow`], where every worker offered, pinned or seconded earlier being a change could cost, with all that the
    /// objective may come to, more than `2^63 - 1` fen.
    pub fn new(
        scenario: &Scenario,
        named: &Named,
        claims: &[Claim],
        mut prices: Prices,
    ) -> Result<Earlier, Overflow> {
        let mut surplus = vec![false; scenario.surplus().len()];
        let mut shortages = vec![false; scenario.shortages().len()];
        named.surplus.iter().for_each(|i| surplus[i.index()] = true);
        named.shortages.iter().for_each(|j| shortages[j.index()] = true);
        let days = named.days.map_or(Span { start: 0, end: 0 }, |(from, to)| scenario.days().span(from, to));
        let mut counts = BTreeMap::new();
        for claim in claims.iter().filter(|claim| (1..=Claim::MOST).contains(&claim.count)) {
            let pair = (claim.surplus, claim.shortage);
            let named = surplus[pair.0.index()] && shortages[pair.1.index()];
            let span = scenario.days().span(claim.from, claim.to).intersect(days);
            if !named || span.is_empty() || admissibility::judge(scenario, pair.0, pair.1).is_err() {
                continue;
            }
            let row = counts.entry(pair).or_insert_with(|| vec![0; scenario.days().len()]);
            row[Range::from(span)].iter_mut().for_each(|n| *n += claim.count);
        }
        // stable: of two prices for a day the last one written holds
        prices.supply.sort_by_key(|run| run.posting);
        prices.demand.sort_by_key(|run| run.posting);
        prices.supply.iter_mut().for_each(|run| run.price = run.price.max(0));
        let earlier = Earlier { surplus, shortages, days, counts, prices };
        if earlier.leaves_63_bits(scenario) { Err(Overflow) } else { Ok(earlier) }
    }

    /// Whether a pair is compared at all, given that no rule refuses it.
    pub fn compares(&self, surplus: SurplusIx, shortage: ShortageIx) -> bool {
        let named = |flags: &[bool], at: usize| flags.get(at).is_some_and(|&named| named);
        named(&self.surplus, surplus.index()) && named(&self.shortages, shortage.index())
    }

    /// Working days, as today's scenario counts them, that are compared.
    pub fn days(&self) -> Span {
        self.days
    }

    /// Workers of a pair by working day of today's scenario; none = nobody on any of them.
    pub fn counts(&self, surplus: SurplusIx, shortage: ShortageIx) -> Option<&[Count]> {
        self.counts.get(&(surplus, shortage)).map(Vec::as_slice)
    }

    /// Pairs that had workers and are not refused.
    pub fn pairs(&self) -> impl Iterator<Item = (SurplusIx, ShortageIx)> {
        self.counts.keys().copied()
    }

    /// Its prices, ordered by posting; those of supply at least 0.
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    fn leaves_63_bits(&self, scenario: &Scenario) -> bool {
        let rate: Fen = scenario.policy().stability;
        if rate == 0 {
            return false;
        }
        let offered = scenario.surplus_indices().map(|i| {
            i128::from(scenario.surplus()[i.index()].capacity()) * scenario.supply_span(i).len() as i128
        });
        let pinned = scenario.pins().iter();
        let pinned = pinned.map(|pin| i128::from(pin.count) * scenario.pin_span(pin).len() as i128);
        let seconded = self.counts.values().flatten().map(|&n| i128::from(n));
        let changes = offered.sum::<i128>() + pinned.sum::<i128>() + seconded.sum::<i128>();
        worst_case_exceeds(scenario, i128::from(Fen::MAX) - i128::from(rate) * changes)
    }
}
