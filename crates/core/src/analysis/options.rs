//! Options of one posting, new or old, against a plan as it stands: who could be its partner, with how many and when, what that
//! brings the whole zone, and from whom it would take.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};

use crate::admissibility::{Pair, judge};
use crate::bound::MICRO;
use crate::scenario::{Pin, Scenario, ShortageIx, Span, SurplusIx};
use crate::stop::Never;
use crate::units::{Count, Day, Fen};

use super::Standing;
use super::part::{Changed, DayPrices, Mended};

/// Partners that are solved for; those that look best by the prices.
const SOLVED: usize = 6;
/// Of these, that bring most, are solved on.
const FINISHED: usize = 3;
/// Until they may miss no more than this share of what lending can save, or no more than the plan.
const GAP: f64 = 0.0005;
/// A round of prices for a new posting has to prove this part of that for another one.
const WORTH_A_ROUND: Fen = 20;

/// A posting that asks for its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Who could lend.
    Shortage(ShortageIx),
    /// Who could borrow.
    Surplus(SurplusIx),
}

/// One partner of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Lender and borrower; one of them is the posting that asks.
    pub pair: (SurplusIx, ShortageIx),
    /// Whether it is in the plan already; then the rest says what is there, and brings nothing more.
    pub in_plan: bool,
    /// Workers; of a partner in the plan on the day when they are most.
    pub count: Count,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// These workers' days; around them the posting may get more of the same partner, or of others.
    pub worker_days: Count,
    /// By how much the objective of the whole plan falls when this is agreed and everybody around solved again; negative
    /// where the plan gets dearer.
    pub saved: Fen,
    /// Worker-days that are filled more or less, by shortage.
    pub filled: BTreeMap<ShortageIx, Count>,
    /// Worker-days of other pairs that are more or less.
    pub moved: BTreeMap<(SurplusIx, ShortageIx), Count>,
}

impl Standing<'_> {
    /// The partners of a posting, the best first: those in the plan, then those that bring most. `scenario` is the plan's, or
    /// that with one posting more at the end of its table, which asks; working days are the same.
    ///
    /// Each of up to six is solved for: as many workers as the partner has and the posting lacks (all of it, where it lacks
    /// nothing), for the stretch of days on which that is worth most at the plan's prices (the longest, if it is not worth
    /// it), are pinned, and everybody around who is displaced finds another place, against all others as they stand. The
    /// three that bring most are solved on with whoever is around until they may miss no more than 0.05 % of what lending
    /// can save, or no more than the plan; in most cases three turns of that are enough. So every figure is that of a plan,
    /// and a full run with such a pin may find one a little better.
    pub fn options(&self, scenario: &Scenario, asking: Asking) -> Vec<Choice> {
        let pairs: Vec<Pair> = match asking {
            Asking::Shortage(j) => {
                scenario.surplus_indices().filter_map(|i| judge(scenario, i, j).ok()).collect()
            }
            Asking::Surplus(i) => {
                scenario.shortage_indices().filter_map(|j| judge(scenario, i, j).ok()).collect()
            }
        };
        let (agreed, new): (Vec<Pair>, Vec<Pair>) = pairs.iter().partition(|pair| self.has_workers(pair));
        let mut choices: Vec<Choice> = agreed.iter().filter_map(|pair| self.agreed(pair)).collect();
        let lacking = self.lacking(scenario, asking);
        let mut offers: Vec<Offer> =
            new.iter().filter_map(|pair| self.offer(scenario, asking, pair, &lacking)).collect();
        offers.sort_by_key(|offer| (Reverse(offer.worth), offer.pair.surplus, offer.pair.shortage));
        offers.truncate(SOLVED);
        let question = Changed { scenario, pairs, lender: None, pin: None };
        let force = |offer: Offer| {
            let mended = self.force(&question.with(offer.pin(scenario)), &offer.pair);
            (offer, mended)
        };
        let force = || offers.into_par_iter().map(force).collect::<Vec<_>>();
        let (mut solved, known) = rayon::join(force, || self.known_of(&question, asking));
        let rank = |(offer, mended): &(Offer, Mended)| {
            (Reverse(mended.saved), offer.pair.surplus, offer.pair.shortage)
        };
        solved.sort_by_key(rank);
        if let Some((prices, at_most)) = known {
            let finish = |(offer, mended): &mut (Offer, Mended)| {
                let pinned = question.with(offer.pin(scenario));
                let missed = at_most - self.dearer(&pinned, &offer.pair, &prices) - mended.saved;
                let bar = (missed, self.allowed());
                *mended = self.finish_near(&pinned, std::mem::take(mended), &prices, bar, &Never).0;
            };
            solved.par_iter_mut().take(FINISHED).for_each(finish);
            solved.sort_by_key(rank);
        }
        choices.extend(solved.into_iter().map(|(offer, mended)| self.choice(scenario, &offer, mended)));
        choices
    }

    /// What an option may have missed, in fen.
    fn allowed(&self) -> Fen {
        self.share(GAP).max(self.open())
    }

    /// Prices for all options of a posting, and how much no plan without any pin saves more than; none without a plan's.
    fn known_of(&self, question: &Changed<'_>, asking: Asking) -> Option<(DayPrices, Fen)> {
        let prices = self.earlier.prices();
        if prices.supply.is_empty() && prices.demand.is_empty() {
            return None;
        }
        let at_most = self.at_most(question);
        // A posting that the plan knows has its prices.
        let (prices, rise) = if self.is_new(asking) {
            self.priced_near(question, self.allowed() / WORTH_A_ROUND, &Never)
        } else {
            (self.prices.clone(), 0)
        };
        Some((prices, at_most - rise))
    }

    /// Whether the plan does not know a posting.
    fn is_new(&self, asking: Asking) -> bool {
        match asking {
            Asking::Shortage(j) => j.index() >= self.of_shortage.len(),
            Asking::Surplus(i) => i.index() >= self.of_surplus.len(),
        }
    }

    /// A partner in the plan.
    fn agreed(&self, pair: &Pair) -> Option<Choice> {
        let counts = self.earlier.counts(pair.surplus, pair.shortage)?;
        let days = self.scenario.days();
        let (first, last) = (counts.iter().position(|&n| n > 0)?, counts.iter().rposition(|&n| n > 0)?);
        Some(Choice {
            pair: (pair.surplus, pair.shortage),
            in_plan: true,
            count: counts.iter().copied().max()?,
            from: days.day(first),
            to: days.day(last),
            worker_days: counts.iter().sum(),
            saved: 0,
            filled: BTreeMap::new(),
            moved: BTreeMap::new(),
        })
    }

    /// What a posting lacks by working day: unfilled or idle workers, or all, where it lacks nothing.
    fn lacking(&self, scenario: &Scenario, asking: Asking) -> Vec<Count> {
        let (span, all, open) = match asking {
            Asking::Shortage(j) => {
                let own = self.verdict.unfilled.get(j.index());
                (scenario.demand_span(j), scenario.shortages()[j.index()].headcount, own)
            }
            Asking::Surplus(i) => {
                let own = self.verdict.idle.get(i.index());
                (scenario.supply_span(i), scenario.surplus()[i.index()].capacity(), own)
            }
        };
        let open = open.filter(|open| open.iter().any(|&n| n > 0));
        let lacking = |t: usize| {
            let inside = span.contains(t);
            let open = open.map(|open| open.get(t.wrapping_sub(span.start)).copied().unwrap_or(0));
            if inside { open.unwrap_or(all) } else { 0 }
        };
        (0..scenario.days().len()).map(lacking).collect()
    }

    /// As many workers, on such days, as look best at the prices.
    fn offer(&self, scenario: &Scenario, asking: Asking, pair: &Pair, lacking: &[Count]) -> Option<Offer> {
        let (partner, worth): (Count, Box<dyn Fn(usize) -> i128>) = match asking {
            Asking::Shortage(j) => {
                let dear = i128::from(scenario.unmet_cost(j).dear) * MICRO;
                let price = move |t: usize| dear - i128::from(self.prices.supply(pair.surplus, t));
                (scenario.surplus()[pair.surplus.index()].capacity(), Box::new(price))
            }
            Asking::Surplus(_) => {
                let price = |t: usize| i128::from(self.prices.demand(scenario, pair.shortage, t));
                (scenario.shortages()[pair.shortage.index()].headcount, Box::new(price))
            }
        };
        let gains: Vec<i128> = (pair.window.start..pair.window.end)
            .map(|t| worth(t) - i128::from(pair.daily_cost) * MICRO)
            .collect();
        let there = |t: usize| lacking[pair.window.start + t].min(partner);
        let mut levels: Vec<Count> = (0..gains.len()).map(there).filter(|&n| n > 0).collect();
        levels.sort_unstable();
        levels.dedup();
        let start = i128::from(pair.start_cost) * MICRO;
        let of_level = |&count: &Count| {
            let run_of = |gains: &[i128]| best_run(gains, |t| there(t) >= count, pair.stay.max(1));
            let (mut run, mut gain) = run_of(&gains)?;
            if gain <= start {
                // Where nothing is worth it at the prices the question is about all that is asked for.
                run = run_of(&vec![1; gains.len()])?.0;
                gain = gains[run.clone()].iter().sum();
            }
            let window = pair.window.start;
            let days = Span { start: window + run.start, end: window + run.end };
            Some(Offer { pair: *pair, count, days, worth: i128::from(count) * (gain - start) })
        };
        levels.iter().filter_map(of_level).max_by_key(|offer| (offer.worth, offer.count))
    }

    fn choice(&self, scenario: &Scenario, offer: &Offer, mended: Mended) -> Choice {
        let own = (offer.pair.surplus, offer.pair.shortage);
        let moved = mended.counts.iter().filter(|(key, _)| **key != own).map(|(&key, now)| {
            let then: Count = self.earlier.counts(key.0, key.1).map_or(0, |counts| counts.iter().sum());
            (key, now.iter().sum::<Count>() - then)
        });
        let moved = moved.filter(|(_, days)| *days != 0).collect();
        let days = scenario.days();
        Choice {
            pair: own,
            in_plan: false,
            count: offer.count,
            from: days.day(offer.days.start),
            to: days.day(offer.days.end - 1),
            worker_days: offer.count * (offer.days.end - offer.days.start) as Count,
            saved: mended.saved,
            filled: mended.filled.into_iter().filter(|(_, more)| *more != 0).collect(),
            moved,
        }
    }
}

/// Workers of a partner on a stretch of days.
struct Offer {
    pair: Pair,
    count: Count,
    days: Span,
    /// What they bring at the prices, in millionths of a fen.
    worth: i128,
}

impl Offer {
    fn pin(&self, scenario: &Scenario) -> Pin {
        let days = scenario.days();
        Pin {
            surplus: self.pair.surplus,
            shortage: self.pair.shortage,
            count: self.count,
            from: days.day(self.days.start),
            to: days.day(self.days.end - 1),
            forced: false,
        }
    }
}

/// The stretch with the greatest sum, of at least `stay` days, on all of which somebody may be there. Linear.
fn best_run(
    gains: &[i128],
    may: impl Fn(usize) -> bool,
    stay: usize,
) -> Option<(std::ops::Range<usize>, i128)> {
    let mut best: Option<(std::ops::Range<usize>, i128)> = None;
    let mut sums = vec![0];
    for gain in gains {
        sums.push(sums[sums.len() - 1] + gain);
    }
    // The least sum before a stretch that ends here, and where it is.
    let (mut first, mut least) = (0, 0);
    for end in 1..=gains.len() {
        if !may(end - 1) {
            (first, least) = (end, end);
            continue;
        }
        let Some(from) = end.checked_sub(stay).filter(|&from| from >= first) else { continue };
        if from == first || sums[from] < sums[least] {
            least = from;
        }
        let gain = sums[end] - sums[least];
        if best.as_ref().is_none_or(|(_, most)| gain > *most) {
            best = Some((least..end, gain));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_runs_are_those_of_all_stretches() {
        let mut seed = 3_u64;
        let mut random = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for case in 0..500 {
            let len = case % 9;
            let stay = 1 + case % 3;
            let gains: Vec<i128> = (0..len).map(|_| i128::from(random(19)) - 9).collect();
            let open: Vec<bool> = (0..len).map(|_| random(5) > 0).collect();
            let mut most = None;
            for from in 0..len {
                for to in from + stay..=len {
                    if open[from..to].iter().all(|&open| open) {
                        most = most.max(Some(gains[from..to].iter().sum::<i128>()));
                    }
                }
            }
            let found = best_run(&gains, |t| open[t], stay);
            assert_eq!(found.as_ref().map(|(_, gain)| *gain), most, "{gains:?} {open:?} {stay}");
            if let Some((run, gain)) = found {
                assert!(run.len() >= stay && open[run.clone()].iter().all(|&open| open));
                assert_eq!(gains[run].iter().sum::<i128>(), gain);
            }
        }
    }
}
