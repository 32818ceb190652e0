//! The surroundings of a change, solved again beside everything else as it stands.
//!
//! A small change moves few workers: those of the pairs that are new or other, then whoever these displace. So the postings
//! within a few steps of the change are taken out of the plan, along pairs that have workers or are nearly worth it at
//! the plan's prices, and solved on from where they are; all others keep their workers. What comes of it is a plan of the whole
//! zone, so what it saves is real. What *no* plan can exceed is told by the prices: at the same ones the bound of the
//! changed scenario differs from that of the plan by the terms of what has changed, and by nothing else.
//!
//! # What was tried
//!
//! On 48 remedies of a zone of 150 + 150 postings, against solving anew to the end: the surroundings as they are here find the
//! very optimum of 16 and miss a tenth of what the others save at the median (chains of many lenders); five steps and 400 pairs
//! instead of three and 120 find no more; giving a posting what it would take at the prices and letting
//! whoever is in its way find another place: some per cent more for twice the time; a dive by `priced` on the part: 22 of
//! 41, at eight times the time; `exact` on parts of 2,000 pair-periods: 28, at thirty times. So all are mended, and the
//! first three are solved to the end with everybody: 27 of 27 as solving anew says. Six turns of the stars instead of one: the
//! same first three for almost twice the time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use crate::admissibility::Pair;
use crate::best::Best;
use crate::bound::{LocalPrices, MICRO, micro_of_pairs};
use crate::instance::{Component, Counts, Instance};
use crate::method::exact::{self, Backend};
use crate::plan::PriceRun;
use crate::repair::Draft;
use crate::scenario::{Pin, Scenario, ShortageIx, SurplusIx};
use crate::stop::Never;
use crate::units::{Count, Fen, MicroFen};

use super::Standing;

/// Steps from the change to the last posting that moves, from lender to borrower or back.
const STEPS: usize = 3;
/// No further step is taken beyond so many pairs.
const PAIRS: usize = 120;
/// Turns of the neighbourhoods at most.
const SWEEPS: usize = 6;
/// And where whoever matters is solved to the end afterwards.
const FIRST_SWEEPS: usize = 1;
/// Up to so many pair-periods the rest is a programme of milliseconds.
pub(super) const TINY: usize = 300;
/// By prices a plan comes this near to the best one in a few rounds, and seldom nearer.
pub(super) const CLOSE: f64 = 0.000_002;
/// Whole components of up to so many pairs are taken whole.
const WHOLE: usize = 64;
/// A pair that loses more than this on each of its days, in millionths of a fen, is not looked at: 5 CNY.
const OUT_OF_REACH: i128 = 500 * MICRO;

/// What a changed scenario has that the plan's has not.
pub(super) struct Changed<'a> {
    /// With the same working days, and the same postings first.
    pub scenario: &'a Scenario,
    /// The admissible pairs that are new or other.
    pub pairs: Vec<Pair>,
    /// A surplus that offers more.
    pub lender: Option<SurplusIx>,
    /// Workers who have to be there.
    pub pin: Option<Pin>,
}

impl Changed<'_> {
    /// The same with workers pinned.
    pub fn with(&self, pin: Pin) -> Self {
        Changed { pairs: self.pairs.clone(), pin: Some(pin), ..*self }
    }
}

/// What the surroundings of a change come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mended {
    /// By how much the objective falls.
    pub saved: Fen,
    /// Worker-days more that are filled, by shortage.
    pub filled: BTreeMap<ShortageIx, Count>,
    /// The workers of every pair that has others than before, by working day.
    pub counts: BTreeMap<(SurplusIx, ShortageIx), Vec<Count>>,
}

/// The postings around a change, and the pairs among them.
#[derive(Default)]
pub(super) struct Around {
    pub lenders: BTreeSet<SurplusIx>,
    pub borrowers: BTreeSet<ShortageIx>,
    pub pairs: Vec<Pair>,
}

/// The postings that a change concerns at once.
pub(super) struct Hubs {
    pub lenders: BTreeSet<SurplusIx>,
    pub borrowers: BTreeSet<ShortageIx>,
}

impl Hubs {
    pub fn new(changed: &Changed<'_>, pairs: &[Pair]) -> Hubs {
        Hubs {
            lenders: pairs.iter().map(|pair| pair.surplus).chain(changed.lender).collect(),
            borrowers: pairs.iter().map(|pair| pair.shortage).collect(),
        }
    }

    /// Leaves all others alone, until something changes around them.
    fn open(&self, component: &Component, draft: &mut Draft<'_>) {
        let lenders: Vec<bool> =
            component.lenders.iter().map(|own| self.lenders.contains(&own.posting)).collect();
        let borrowers: Vec<bool> =
            component.borrowers.iter().map(|own| self.borrowers.contains(&own.posting)).collect();
        draft.only(&lenders, &borrowers);
    }
}

/// Prices of the pairs of a scenario by working day; 0 where a plan has none.
#[derive(Clone)]
pub(super) struct DayPrices {
    /// By posting: the first day with a price, and those from there on.
    supply: Vec<(usize, Vec<MicroFen>)>,
    demand: Vec<(usize, Vec<MicroFen>)>,
}

impl DayPrices {
    pub fn new(scenario: &Scenario, prices: &crate::plan::Prices) -> DayPrices {
        fn rows<P: Copy>(
            scenario: &Scenario,
            postings: usize,
            runs: &[PriceRun<P>],
            at: impl Fn(P) -> usize,
        ) -> Vec<(usize, Vec<MicroFen>)> {
            let mut rows = vec![(0, Vec::new()); postings];
            for run in runs {
                let span = scenario.days().span(run.from, run.to);
                DayPrices::fill(&mut rows[at(run.posting)], span.start..span.end.max(span.start), run.price);
            }
            rows
        }
        DayPrices {
            supply: rows(scenario, scenario.surplus().len(), &prices.supply, SurplusIx::index),
            demand: rows(scenario, scenario.shortages().len(), &prices.demand, ShortageIx::index),
        }
    }

    /// The same for a scenario with postings more at the end of its tables: a lender's workers there cost nothing, a borrower's
    /// what they cost unfilled.
    pub fn of(&self, scenario: &Scenario) -> DayPrices {
        let mut prices = self.clone();
        prices.supply.resize(scenario.surplus().len(), (0, Vec::new()));
        for j in scenario.shortage_indices().skip(prices.demand.len()) {
            let unmet = (i128::from(scenario.unmet_cost(j).dear) * MICRO) as MicroFen;
            let span = scenario.demand_span(j);
            prices.demand.push((span.start, vec![unmet; span.end - span.start]));
        }
        prices
    }

    /// Sets the price of some days in a row, which grows to them.
    fn fill((first, row): &mut (usize, Vec<MicroFen>), days: Range<usize>, price: MicroFen) {
        if row.is_empty() {
            *first = days.start;
        }
        if days.start < *first {
            row.splice(0..0, std::iter::repeat_n(0, *first - days.start));
            *first = days.start;
        }
        row.resize(row.len().max(days.end - *first), 0);
        row[days.start - *first..days.end - *first].fill(price);
    }

    fn at(rows: &[(usize, Vec<MicroFen>)], posting: usize, t: usize) -> MicroFen {
        let row = rows.get(posting).filter(|(first, _)| t >= *first);
        row.and_then(|(first, row)| row.get(t - first)).copied().unwrap_or(0)
    }

    pub fn supply(&self, i: SurplusIx, t: usize) -> MicroFen {
        DayPrices::at(&self.supply, i.index(), t)
    }

    /// A shortage that the plan does not know has the price of being unfilled.
    pub fn demand(&self, scenario: &Scenario, j: ShortageIx, t: usize) -> MicroFen {
        if j.index() < self.demand.len() {
            DayPrices::at(&self.demand, j.index(), t)
        } else {
            (i128::from(scenario.unmet_cost(j).dear) * MICRO) as MicroFen
        }
    }

    /// What a worker-day of a pair loses at these prices, in millionths of a fen.
    pub fn loses(&self, scenario: &Scenario, pair: &Pair, t: usize) -> i128 {
        i128::from(pair.daily_cost) * MICRO + i128::from(self.supply(pair.surplus, t))
            - i128::from(self.demand(scenario, pair.shortage, t))
    }

    /// Whether a pair is, on any of its days, nearly worth its cost.
    pub fn within_reach(&self, scenario: &Scenario, pair: &Pair) -> bool {
        (pair.window.start..pair.window.end).any(|t| self.loses(scenario, pair, t) <= OUT_OF_REACH)
    }

    /// Takes those of a component, all of whose postings the plan knows.
    pub fn take(&mut self, component: &Component, local: &LocalPrices) {
        let set = |row: &mut (usize, Vec<MicroFen>), prices: &[MicroFen]| {
            for (period, &price) in component.periods.iter().zip(prices) {
                DayPrices::fill(row, period.start..period.start + period.len, price);
            }
        };
        for (lender, prices) in component.lenders.iter().zip(&local.supply) {
            set(&mut self.supply[lender.posting.index()], prices);
        }
        for (borrower, prices) in component.borrowers.iter().zip(&local.demand) {
            set(&mut self.demand[borrower.posting.index()], prices);
        }
    }

    /// Of a component, by its periods; whose days have one price each.
    pub fn local(&self, scenario: &Scenario, component: &Component) -> LocalPrices {
        let starts = || component.periods.iter().map(|period| period.start);
        LocalPrices {
            supply: component
                .lenders
                .iter()
                .map(|lender| starts().map(|t| self.supply(lender.posting, t)).collect())
                .collect(),
            demand: component
                .borrowers
                .iter()
                .map(|borrower| starts().map(|t| self.demand(scenario, borrower.posting, t)).collect())
                .collect(),
        }
    }
}

impl Standing<'_> {
    /// Solves on around a change.
    pub(super) fn mend(&self, changed: &Changed<'_>) -> Mended {
        let worth = self.worth(changed);
        if worth.is_empty() {
            return Mended::default();
        }
        let hubs = Hubs::new(changed, &worth);
        // All of a small component, whether or not it looks worth it: its optimum is known then.
        let around = self.whole(changed, &hubs, WHOLE);
        let around = around.unwrap_or_else(|| self.reach(&worth, &hubs, STEPS, PAIRS, &|k| self.awake[k]));
        let component = self.component(changed, &around, false);
        let mut draft = Draft::new(&component, &component.counts_of(&self.earlier), |_| true).here();
        let before = draft.counts().clone();
        hubs.open(&component, &mut draft);
        settle(&mut draft, FIRST_SWEEPS);
        let mut best = Best::new(&component);
        best.offer(&component, &before);
        best.offer(&component, draft.counts());
        if component.size() <= TINY {
            best.prove(&component, self.prices.local(changed.scenario, &component));
            exact::improve(&component, &mut best, Backend::default(), &Never);
        }
        self.mended(&component, &before, &best.counts)
    }

    /// Solves on around one of the changed pairs, on which workers are pinned.
    pub(super) fn force(&self, changed: &Changed<'_>, pair: &Pair) -> Mended {
        let mut worth = self.worth(changed);
        if !worth.contains(pair) {
            worth.push(*pair);
        }
        let mut hubs = Hubs::new(changed, std::slice::from_ref(pair));
        let around = self.reach(&worth, &hubs, STEPS, PAIRS, &|k| self.awake[k]);
        let component = self.component(changed, &around, false);
        let before = component.counts_of(&self.earlier);
        // Whoever has to give way is solved anew as well.
        for other in around.pairs.iter().filter(|other| self.has_workers(other)) {
            if other.surplus == pair.surplus {
                hubs.borrowers.insert(other.shortage);
            }
            if other.shortage == pair.shortage {
                hubs.lenders.insert(other.surplus);
            }
        }
        let mut draft = Draft::new(&component, &before, |_| true).here();
        hubs.open(&component, &mut draft);
        settle(&mut draft, SWEEPS);
        self.mended(&component, &before, draft.counts())
    }

    /// No plan of the changed scenario saves more than this.
    pub(super) fn at_most(&self, changed: &Changed<'_>) -> Fen {
        let scenario = changed.scenario;
        let pairs_at = |scenario: &Scenario, pairs: &[Pair], pin: Option<&Pin>| {
            if pairs.is_empty() {
                return 0;
            }
            let component = Instance::part(scenario, pairs, [], pin, &self.earlier, true);
            micro_of_pairs(&component, &self.prices.local(scenario, &component))
        };
        // A pin on a pair that was refused has been a constant; of such a change nothing is proven.
        let pinned = |pair: &Pair| {
            let same = |pin: &Pin| (pin.surplus, pin.shortage) == (pair.surplus, pair.shortage);
            self.known(pair).is_none() && scenario.pins().iter().any(same)
        };
        if changed.pairs.iter().any(pinned) {
            return Fen::try_from(self.verdict.objective).unwrap_or(Fen::MAX);
        }
        let old: Vec<Pair> = changed.pairs.iter().filter_map(|pair| self.known(pair)).copied().collect();
        let mut more =
            pairs_at(scenario, &changed.pairs, changed.pin.as_ref()) - pairs_at(&self.calm, &old, None);
        if let Some(i) = changed.lender {
            let offered = |scenario: &Scenario, t: usize| {
                let there = scenario.supply_span(i).contains(t);
                if there { i128::from(scenario.surplus()[i.index()].capacity()) } else { 0 }
            };
            // A price makes workers who are offered and not lent cost something; forced pins may have been there before.
            let days = 0..scenario.days().len();
            let row = |t: usize| {
                let rise = (offered(scenario, t) - offered(&self.calm, t)).max(0);
                rise * i128::from(self.prices.supply(i, t))
            };
            more -= days.map(row).sum::<i128>();
        }
        let bound = -(-(self.micro_bound + more)).div_euclid(MICRO);
        Fen::try_from(self.verdict.objective - bound).unwrap_or(Fen::MAX).max(0)
    }

    /// How much less a pin on a pair leaves to be saved, at these prices, than no pin.
    pub(super) fn dearer(&self, pinned: &Changed<'_>, pair: &Pair, prices: &DayPrices) -> Fen {
        let of = |pin: Option<&Pin>| {
            let pairs = std::slice::from_ref(pair);
            let component = Instance::part(pinned.scenario, pairs, [], pin, &self.earlier, true);
            micro_of_pairs(&component, &prices.local(pinned.scenario, &component))
        };
        ((of(pinned.pin.as_ref()) - of(None)) / MICRO) as Fen
    }

    /// The pair of the plan's scenario between the same postings.
    pub(super) fn known(&self, pair: &Pair) -> Option<&Pair> {
        let of_surplus = &self.pairs[self.of_surplus.get(pair.surplus.index())?.clone()];
        let at = of_surplus.binary_search_by_key(&pair.shortage, |own| own.shortage).ok()?;
        Some(&of_surplus[at])
    }

    pub(super) fn has_workers(&self, pair: &Pair) -> bool {
        self.earlier.counts(pair.surplus, pair.shortage).is_some()
    }

    /// The positions of the pairs of a surplus; none of one that the plan does not know.
    pub(super) fn of_surplus(&self, i: SurplusIx) -> Range<usize> {
        self.of_surplus.get(i.index()).cloned().unwrap_or_default()
    }

    /// The positions of the pairs of a shortage.
    pub(super) fn of_shortage(&self, j: ShortageIx) -> &[usize] {
        self.of_shortage.get(j.index()).map_or(&[], Vec::as_slice)
    }

    /// The changed pairs that have workers or are nearly worth it.
    pub(super) fn worth(&self, changed: &Changed<'_>) -> Vec<Pair> {
        let worth = |pair: &&Pair| self.has_workers(pair) || self.prices.within_reach(changed.scenario, pair);
        changed.pairs.iter().filter(worth).copied().collect()
    }

    /// Everybody whom any pairs connect with a change; none where these are more pairs than `most`.
    pub(super) fn whole(&self, changed: &Changed<'_>, hubs: &Hubs, most: usize) -> Option<Around> {
        let around = self.reach(&changed.pairs, hubs, usize::MAX, most, &|_| true);
        (around.pairs.len() <= most).then_some(around)
    }

    /// Whoever so many steps lead to, over pairs of the plan's scenario that may be taken and those that have changed; from
    /// more pairs than `most` on no further step is taken.
    fn reach(
        &self,
        changed: &[Pair],
        hubs: &Hubs,
        steps: usize,
        most: usize,
        may: &dyn Fn(usize) -> bool,
    ) -> Around {
        let mut around =
            Around { lenders: hubs.lenders.clone(), borrowers: hubs.borrowers.clone(), pairs: Vec::new() };
        let (mut new_lenders, mut new_borrowers) = (hubs.lenders.clone(), hubs.borrowers.clone());
        let mut looked_at = changed.len();
        for _ in 0..steps {
            if (new_lenders.is_empty() && new_borrowers.is_empty()) || looked_at > most.saturating_mul(2) {
                break;
            }
            let (mut lenders, mut borrowers) = (BTreeSet::new(), BTreeSet::new());
            for pair in new_lenders.iter().flat_map(|&i| self.of_surplus(i)).filter(|&k| may(k)) {
                borrowers.insert(self.pairs[pair].shortage);
                looked_at += 1;
            }
            for &pair in new_borrowers.iter().flat_map(|&j| self.of_shortage(j)).filter(|&&k| may(k)) {
                lenders.insert(self.pairs[pair].surplus);
                looked_at += 1;
            }
            for pair in changed {
                if new_lenders.contains(&pair.surplus) {
                    borrowers.insert(pair.shortage);
                }
                if new_borrowers.contains(&pair.shortage) {
                    lenders.insert(pair.surplus);
                }
            }
            new_lenders = lenders.into_iter().filter(|&i| around.lenders.insert(i)).collect();
            new_borrowers = borrowers.into_iter().filter(|&j| around.borrowers.insert(j)).collect();
        }
        let keys: HashSet<(SurplusIx, ShortageIx)> =
            changed.iter().map(|pair| (pair.surplus, pair.shortage)).collect();
        let known = around.lenders.iter().flat_map(|&i| self.of_surplus(i)).filter(|&k| may(k));
        let known = known.map(|k| self.pairs[k]);
        let known = known.filter(|pair| !keys.contains(&(pair.surplus, pair.shortage)));
        let inside =
            |pair: &Pair| around.lenders.contains(&pair.surplus) && around.borrowers.contains(&pair.shortage);
        around.pairs = known.chain(changed.iter().copied()).filter(inside).collect();
        around
    }

    /// The pairs around a change as a component, beside the workers of all others.
    pub(super) fn component(&self, changed: &Changed<'_>, around: &Around, every_day: bool) -> Component {
        let inside: HashSet<(SurplusIx, ShortageIx)> =
            around.pairs.iter().map(|pair| (pair.surplus, pair.shortage)).collect();
        let of_lenders = around.lenders.iter().flat_map(|&i| self.of_surplus(i));
        let of_borrowers = around.borrowers.iter().flat_map(|&j| self.of_shortage(j).iter().copied());
        let outside: BTreeSet<usize> = of_lenders
            .chain(of_borrowers)
            .filter(|&k| !inside.contains(&(self.pairs[k].surplus, self.pairs[k].shortage)))
            .collect();
        let others = outside.iter().filter_map(|&k| {
            let Pair { surplus, shortage, .. } = self.pairs[k];
            Some((surplus, shortage, self.earlier.counts(surplus, shortage)?))
        });
        Instance::part(
            changed.scenario,
            &around.pairs,
            others,
            changed.pin.as_ref(),
            &self.earlier,
            every_day,
        )
    }

    /// What is saved and filled otherwise, and who has other workers.
    pub(super) fn mended(&self, component: &Component, before: &Counts, after: &Counts) -> Mended {
        let saved = component.objective(before) - component.objective(after);
        let mut mended = Mended { saved, ..Mended::default() };
        for (arc, (before, after)) in component.pairs.iter().zip(before.iter().zip(after)) {
            if before == after {
                continue;
            }
            let (i, j) = (component.lenders[arc.lender].posting, component.borrowers[arc.borrower].posting);
            let mut daily = vec![0; self.scenario.days().len()];
            for ((p, before), &after) in arc.window.clone().zip(before).zip(after) {
                let period = component.periods[p];
                *mended.filled.entry(j).or_default() += (after - before) * period.len as Count;
                daily[period.start..period.start + period.len].fill(after);
            }
            mended.counts.insert((i, j), daily);
        }
        mended
    }
}

/// Everybody who is open solved again, until nobody gains.
fn settle(draft: &mut Draft<'_>, sweeps: usize) {
    for _ in 0..sweeps {
        if !draft.sweep(&|| false) {
            break;
        }
    }
}
