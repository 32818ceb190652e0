//! Where the gap of a plan lies, and what is near it: to mend a plan that a change has touched.
//!
//! At any prices the gap is a sum of terms that are never negative (complementary slackness): of a lender, idle workers
//! that are priced; of a borrower, places that are unfilled though they are worth more than their price, or filled though
//! they are worth less; of a pair, counts that cost more than the best ones. After a small change almost all of them are
//! as they were.

use crate::best::Best;
use crate::bound::{MICRO, pair_slack};
use crate::instance::Component;

/// Of the gap that is allowed, so much may lie outside of what is mended.
const OUTSIDE: f64 = 0.75;

/// The postings near the places that hold the gap, and the pairs that touch one of them, as flags.
pub(super) struct Near {
    pub lenders: Vec<bool>,
    pub borrowers: Vec<bool>,
    pub pairs: Vec<bool>,
}

/// The postings that hold the gap beyond `target`, and their partners by pairs that are `awake`. None where more than half
/// of the pairs that matter touch one.
pub(super) fn near(component: &Component, best: &Best, target: f64, awake: &[bool]) -> Option<Near> {
    let mut slack = slack(component, best);
    slack.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let allowed = OUTSIDE * target * (component.baseline - best.bound) as f64;
    let lenders = component.lenders.len();
    let mut hub = vec![false; lenders + component.borrowers.len()];
    let mut left: f64 = slack.iter().map(|(slack, _)| slack).sum();
    for (slack, place) in slack {
        if left <= allowed {
            break;
        }
        left -= slack;
        match place {
            Place::Lender(i) => hub[i] = true,
            Place::Borrower(j) => hub[lenders + j] = true,
            Place::Pair(k) => {
                let arc = &component.pairs[k];
                (hub[arc.lender], hub[lenders + arc.borrower]) = (true, true);
            }
        }
    }
    let mut ring = hub.clone();
    for arc in component.pairs.iter().zip(awake).filter(|(_, awake)| **awake).map(|(arc, _)| arc) {
        ring[arc.lender] |= hub[lenders + arc.borrower];
        ring[lenders + arc.borrower] |= hub[arc.lender];
    }
    let touched: Vec<bool> =
        component.pairs.iter().map(|arc| ring[arc.lender] || ring[lenders + arc.borrower]).collect();
    let matter = touched.iter().zip(awake).filter(|(touched, awake)| **touched && **awake).count();
    let borrowers = ring.split_off(lenders);
    let few = 2 * matter < awake.iter().filter(|awake| **awake).count();
    few.then_some(Near { lenders: ring, borrowers, pairs: touched })
}

/// A part of the gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Lender(usize),
    Borrower(usize),
    Pair(usize),
}

/// The terms of the gap, in fen.
fn slack(component: &Component, best: &Best) -> Vec<(f64, Place)> {
    let prices = best.total_prices();
    let price = |micro: i64| micro as f64 / MICRO as f64;
    let periods = component.periods.len();
    let mut lent = vec![vec![0; periods]; component.lenders.len()];
    let mut sent = vec![vec![0; periods]; component.borrowers.len()];
    let mut found = Vec::new();
    for (k, (arc, counts)) in component.pairs.iter().zip(&best.counts).enumerate() {
        for (p, count) in arc.window.clone().zip(counts) {
            lent[arc.lender][p] += count;
            sent[arc.borrower][p] += count;
        }
        found.push((pair_slack(component, prices, arc, counts), Place::Pair(k)));
    }
    for (i, (lender, alpha)) in component.lenders.iter().zip(&prices.supply).enumerate() {
        let of_period = |p: usize| {
            component.periods[p].len as f64 * price(alpha[p]) * (lender.supply[p] - lent[i][p]) as f64
        };
        found.push(((0..periods).map(of_period).sum(), Place::Lender(i)));
    }
    for (j, (borrower, beta)) in component.borrowers.iter().zip(&prices.demand).enumerate() {
        let of_period = |p: usize| {
            let (beta, demand) = (price(beta[p]), borrower.demand[p]);
            let unmet = demand - sent[j][p];
            let cheap = demand.min(borrower.unmet.cheap_count);
            let save = |count: i64, cost: i64| count as f64 * (cost as f64 - beta).min(0.0);
            let least = save(cheap, borrower.unmet.cheap) + save(demand - cheap, borrower.unmet.dear);
            component.periods[p].len as f64 * (borrower.unmet.of(unmet) as f64 - beta * unmet as f64 - least)
        };
        found.push(((0..periods).map(of_period).sum(), Place::Borrower(j)));
    }
    found
}
