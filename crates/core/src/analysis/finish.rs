//! A mended change solved to a gap: first where it is, at the prices and beside the workers of all others, then with everybody.
//!
//! What a mended plan may have missed is a sum of terms that are never negative, one for each posting and each pair. After
//! a change they lie where it is, so new prices for the postings there, at which the bound rises, and a new plan beside all
//! others are most often enough. At the same prices of all others the bound of the whole zone rises by what that of the part does.
//!
//! # What was tried
//!
//! On the 665 first three remedies of a zone of 370 + 370 postings, to 0.05 %; processor seconds, the first solution of all 987 included:
//! three plans in a round and prices from the beginning in each 25; flows over every period of a star instead of its parts, one
//! plan in a round, after 80 steps at least, and prices of the round before 18; with parts 15; partners of partners at once where much is
//! missed 13.3. Two plans in one descent 14.7; passing over stars that the prices say cannot gain: no faster, for the sums take as long.

use std::collections::{BTreeSet, HashSet};

use crate::admissibility::Pair;
use crate::best::Best;
use crate::bound::{LocalPrices, MICRO, micro_lagrangian};
use crate::instance::{Component, Counts, Instance};
use crate::method::exact::{self, Backend};
use crate::method::priced::{self, Inside};
use crate::repair::Draft;
use crate::scenario::{ShortageIx, SurplusIx};
use crate::solve::LARGEST_EXACT;
use crate::stop::Stop;
use crate::units::Fen;

use super::Standing;
use super::part::{Around, CLOSE, Changed, DayPrices, Hubs, Mended, TINY};

/// So often what has moved is solved again with whoever is around it.
const ROUNDS: usize = 3;
/// A round that leaves more than this share of what was missing is the last.
const LEFT: f64 = 0.7;
/// What may have missed so many times what is allowed has moved more than its next partners.
const FAR: Fen = 30;

/// What is solved again around a change, with its own prices.
struct Ring {
    prices: DayPrices,
    lenders: BTreeSet<SurplusIx>,
    borrowers: BTreeSet<ShortageIx>,
    /// How many steps from partner to partner a round goes beyond what has moved.
    steps: usize,
}

impl Standing<'_> {
    /// Solves on from what [`Standing::mend`] found until that may have missed no more than a share `gap` of what lending can
    /// save. What it may have missed, in fen.
    pub(super) fn finish(
        &self,
        changed: &Changed<'_>,
        mended: Mended,
        gap: f64,
        stop: &dyn Stop,
    ) -> (Mended, Fen) {
        let (at_most, allowed) = (self.at_most(changed), self.share(gap));
        let missed = at_most - mended.saved;
        // Who wants the very best needs everybody.
        let (mended, missed) = if gap > CLOSE {
            self.finish_near(changed, mended, &self.prices, (missed, allowed), stop)
        } else {
            (mended, missed)
        };
        if missed <= allowed || stop.stopped() {
            return (mended, missed);
        }
        self.finish_whole(changed, mended, (at_most, missed), gap, stop)
    }

    /// Solves on, with those around a change, what may by these prices have missed so much, until that is no more than is
    /// allowed, in fen, or no longer gets much less. What it may have missed then.
    pub(super) fn finish_near(
        &self,
        changed: &Changed<'_>,
        mut mended: Mended,
        prices: &DayPrices,
        (mut missed, allowed): (Fen, Fen),
        stop: &dyn Stop,
    ) -> (Mended, Fen) {
        if missed <= allowed {
            return (mended, missed);
        }
        let mut ring = Ring {
            prices: prices.clone(),
            lenders: BTreeSet::new(),
            borrowers: BTreeSet::new(),
            steps: if missed > FAR * allowed { 2 } else { 1 },
        };
        for _ in 0..ROUNDS {
            let (again, rise) = self.finish_inside(changed, &mended, &mut ring, (missed, allowed), stop);
            let mut left = missed - rise;
            if again.saved > mended.saved {
                left -= again.saved - mended.saved;
                mended = again;
            }
            let enough = left as f64 <= LEFT * missed as f64;
            missed = left;
            if missed <= allowed || !enough || stop.stopped() {
                break;
            }
        }
        (mended, missed)
    }

    /// Solves what has moved with whoever is around it, and by how much their prices raise the bound, in whole fen.
    fn finish_inside(
        &self,
        changed: &Changed<'_>,
        mended: &Mended,
        ring: &mut Ring,
        bar: (Fen, Fen),
        stop: &dyn Stop,
    ) -> (Mended, Fen) {
        self.widen(ring, changed, mended);
        self.in_ring(ring, changed, |inside, from| {
            let (before, mut best) = self.best(changed, inside.component, mended);
            let (rise, prices) = priced::improve_inside(inside, from, &mut best, bar, stop);
            ((self.mended(inside.component, &before, &best.counts), rise), prices)
        })
    }

    /// Prices that prove more of a change, as those of the plan with new ones for whoever is around it; by how much, in fen.
    /// The last round of them raises that by less than `least`, or not at all.
    pub(super) fn priced_near(&self, changed: &Changed<'_>, least: Fen, stop: &dyn Stop) -> (DayPrices, Fen) {
        let prices = self.prices.of(changed.scenario);
        let mut ring = Ring { prices, lenders: BTreeSet::new(), borrowers: BTreeSet::new(), steps: 1 };
        self.widen(&mut ring, changed, &Mended::default());
        if ring.lenders.is_empty() {
            return (ring.prices, 0);
        }
        let rise = self.in_ring(&mut ring, changed, |inside, from| {
            let counts = inside.component.counts_of(&self.earlier);
            priced::sharpen_inside(inside, from, &counts, least, stop)
        });
        (ring.prices, rise)
    }

    /// Takes new prices for a ring from what is done with it as a part, from its prices.
    fn in_ring<T>(
        &self,
        ring: &mut Ring,
        changed: &Changed<'_>,
        work: impl FnOnce(&Inside<'_>, &LocalPrices) -> (T, LocalPrices),
    ) -> T {
        let (lenders, borrowers) = (&ring.lenders, &ring.borrowers);
        let around = self.inside(changed, lenders, borrowers);
        let component = self.component(changed, &around, true);
        // Beside others the bounds of a pair with pins are narrower than they may be.
        let pinned = component.pairs.iter().any(|arc| arc.pinned.is_some());
        let alone = pinned.then(|| {
            Instance::part(changed.scenario, &around.pairs, [], changed.pin.as_ref(), &self.earlier, true)
        });
        let inside = Inside {
            component: &component,
            alone: alone.as_ref().unwrap_or(&component),
            lenders: component.lenders.iter().map(|own| lenders.contains(&own.posting)).collect(),
            borrowers: component.borrowers.iter().map(|own| borrowers.contains(&own.posting)).collect(),
        };
        let (done, prices) = work(&inside, &ring.prices.local(changed.scenario, &component));
        ring.prices.take(&component, &prices);
        done
    }

    /// Takes in the postings whose pairs have changed or moved, and so many steps of partners.
    fn widen(&self, ring: &mut Ring, changed: &Changed<'_>, mended: &Mended) {
        let Hubs { lenders, borrowers } = Hubs::new(changed, &self.worth(changed));
        ring.lenders.extend(lenders.into_iter().chain(mended.counts.keys().map(|key| key.0)));
        ring.borrowers.extend(borrowers.into_iter().chain(mended.counts.keys().map(|key| key.1)));
        (0..ring.steps).for_each(|_| self.step_out(ring));
    }

    /// Takes in all partners.
    fn step_out(&self, ring: &mut Ring) {
        let awake = |k: &usize| self.awake[*k];
        let lent = |&i: &SurplusIx| self.of_surplus(i).filter(awake).map(|k| self.pairs[k].shortage);
        let asked = |j: &ShortageIx| {
            self.of_shortage(*j).iter().copied().filter(awake).map(|k| self.pairs[k].surplus)
        };
        let (borrowers, lenders): (Vec<ShortageIx>, Vec<SurplusIx>) =
            (ring.lenders.iter().flat_map(lent).collect(), ring.borrowers.iter().flat_map(asked).collect());
        ring.lenders.extend(lenders);
        ring.borrowers.extend(borrowers);
    }

    /// All pairs of these postings, with their partners.
    fn inside(
        &self,
        changed: &Changed<'_>,
        lenders: &BTreeSet<SurplusIx>,
        borrowers: &BTreeSet<ShortageIx>,
    ) -> Around {
        let keys: HashSet<(SurplusIx, ShortageIx)> =
            changed.pairs.iter().map(|pair| (pair.surplus, pair.shortage)).collect();
        let known = self.pairs.iter().filter(|pair| !keys.contains(&(pair.surplus, pair.shortage)));
        let inside = |pair: &&Pair| lenders.contains(&pair.surplus) || borrowers.contains(&pair.shortage);
        let pairs: Vec<Pair> = known.chain(&changed.pairs).filter(inside).copied().collect();
        Around {
            lenders: pairs.iter().map(|pair| pair.surplus).collect(),
            borrowers: pairs.iter().map(|pair| pair.shortage).collect(),
            pairs,
        }
    }

    /// Solves on with everybody whom a change may concern.
    fn finish_whole(
        &self,
        changed: &Changed<'_>,
        mended: Mended,
        (at_most, missed): (Fen, Fen),
        gap: f64,
        stop: &dyn Stop,
    ) -> (Mended, Fen) {
        let Some(whole) = self.whole(changed, &Hubs::new(changed, &changed.pairs), usize::MAX) else {
            return (mended, missed);
        };
        let component = self.component(changed, &whole, false);
        let (before, mut best) = self.best(changed, &component, &mended);
        best.prove(&component, self.prices.local(changed.scenario, &component));
        // Day by day, as what the prices prove of everything.
        let daily = Instance::part(changed.scenario, &whole.pairs, [], None, &self.earlier, true);
        let proven = micro_lagrangian(&daily, &self.prices.local(changed.scenario, &daily));
        if component.size() > TINY {
            priced::improve(&component, &mut best, gap.max(CLOSE), stop, &|_| ());
        }
        if best.gap() > gap && component.size() <= LARGEST_EXACT && !stop.stopped() {
            exact::improve(&component, &mut best, Backend::default(), stop);
        }
        let rise = (i128::from(best.bound) * MICRO - proven).max(0).div_euclid(MICRO);
        let mended = self.mended(&component, &before, &best.counts);
        let left = at_most - mended.saved - Fen::try_from(rise).unwrap_or(0);
        (mended, left.min(missed))
    }

    /// The plan's counts of a component, and the best of a mended plan and this one, as far as they are feasible.
    fn best(&self, changed: &Changed<'_>, component: &Component, mended: &Mended) -> (Counts, Best) {
        let then = component.counts_of(&self.earlier);
        let mut now = then.clone();
        for (arc, counts) in component.pairs.iter().zip(&mut now) {
            let key = (component.lenders[arc.lender].posting, component.borrowers[arc.borrower].posting);
            if let Some(daily) = mended.counts.get(&key) {
                *counts = arc.window.clone().map(|p| daily[component.periods[p].start]).collect();
            }
        }
        let feasible = |counts: &Counts| Draft::new(component, counts, |_| false).counts().clone();
        let (before, now) = (feasible(&then), feasible(&now));
        let mut best = Best::new(component);
        best.offer(component, &before);
        best.offer(component, &now);
        // The plan has none of the workers who are asked for.
        (if changed.pin.is_some() { then } else { before }, best)
    }
}
