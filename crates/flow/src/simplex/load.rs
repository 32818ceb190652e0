//! From a network to a first tree.

use super::{Simplex, slots::Slot, tree::UNLIMITED};
use crate::{
    error::{Infeasible, Overflow, SolveError},
    network::{Arc, ArcId, INFINITE, Network},
};

/// Absolute supplies sum to at most this, so no artificial flow is out of range.
const LARGEST_SUPPLY: u128 = 1 << 62;
/// Paths cost less than this, so potentials and reduced costs fit.
pub(super) const LARGEST_PATH: u128 = 1 << 61;

/// The capacity of an arc, or what is wrong with its bounds.
pub(super) fn capacity(id: ArcId, arc: &Arc) -> Result<i64, SolveError> {
    if arc.lower > arc.upper {
        return Err(Infeasible::Bounds(id).into());
    }
    if arc.upper == INFINITE {
        return Ok(UNLIMITED);
    }
    match arc.upper.checked_sub(arc.lower) {
        Some(capacity) if capacity < UNLIMITED => Ok(capacity),
        _ => Err(Overflow::Range(id).into()),
    }
}

impl Simplex {
    /// Refuses what cannot be solved in 64 bits, then builds the star of artificial arcs.
    pub(super) fn load(&mut self, network: &Network) -> Result<(), SolveError> {
        let spread = self.survey(network)?;
        let arcs = network.arc_count();
        self.capacities.clear();
        self.capacities.resize(arcs, 0);
        self.flipped.clear();
        self.flipped.resize(arcs, false);
        self.order.arrange(network, &mut self.flipped);
        self.flipped.fill(false);
        self.slots.reset(arcs);
        self.excess.clear();
        self.excess.push(0);
        self.excess.extend_from_slice(network.supplies());
        for ((_, arc), slot) in network.arcs().zip(self.order.slots()) {
            let (tail, head) = (arc.tail.index() + 1, arc.head.index() + 1);
            self.capacities[slot] = if arc.upper == INFINITE { UNLIMITED } else { arc.upper - arc.lower };
            self.slots.set(slot, Slot { cost: arc.cost, tail: tail as u32, head: head as u32 });
            if arc.lower != 0 {
                // The sums fit, whatever their parts do on the way.
                self.excess[tail] = self.excess[tail].wrapping_sub(arc.lower);
                self.excess[head] = self.excess[head].wrapping_add(arc.lower);
            }
        }
        self.fill_negative(network, spread);
        self.tree.reset(&self.excess, self.penalty);
        self.excess.fill(0);
        self.trace.lose(arcs);
        self.cursor = if self.order.first < arcs { self.order.first } else { 0 };
        self.spill = false;
        self.stale = false;
        Ok(())
    }

    /// Starts arcs of negative cost between transshipment nodes at their upper bounds: nothing but its cost asks such an
    /// arc to carry flow, and together they may form cycles that pay.
    fn fill_negative(&mut self, network: &Network, mut spread: u128) {
        for slot in 0..self.slots.len() as u32 {
            let Slot { cost, tail, head } = self.slots.get(slot);
            if cost >= 0 {
                continue;
            }
            let capacity = self.capacities[slot as usize];
            let idle = |node: u32| network.supplies()[node as usize - 1] == 0;
            let total = spread + 2 * capacity as u128;
            if capacity < UNLIMITED && total <= LARGEST_SUPPLY && idle(tail) && idle(head) {
                spread = total;
                self.flip(slot);
                self.excess[tail as usize] -= capacity;
                self.excess[head as usize] += capacity;
            }
        }
    }

    /// Checks every sum that the solver relies on; returns (a bound on) the sum of absolute excesses with every arc at
    /// its lower bound.
    fn survey(&mut self, network: &Network) -> Result<u128, SolveError> {
        self.supply_sum = network.supplies().iter().map(|&supply| i128::from(supply)).sum();
        if self.supply_sum != 0 {
            return Err(SolveError::Unbalanced { sum: self.supply_sum });
        }
        let mut spread: u128 =
            network.supplies().iter().map(|&supply| u128::from(supply.unsigned_abs())).sum();
        (self.cost_sum, self.largest_cost) = (0, 0);
        for (id, arc) in network.arcs() {
            capacity(id, arc)?;
            let cost = arc.cost.unsigned_abs();
            self.cost_sum += u128::from(cost);
            self.largest_cost = self.largest_cost.max(cost);
            spread += 2 * u128::from(arc.lower.unsigned_abs());
        }
        if spread > LARGEST_SUPPLY {
            spread = exact_spread(network);
        }
        if spread > LARGEST_SUPPLY {
            return Err(Overflow::Supplies.into());
        }
        let path = self.path_bound(network.node_count());
        if path >= LARGEST_PATH {
            return Err(Overflow::Potentials { path: path as i128 }.into());
        }
        self.penalty = path as i64 + 1;
        if !self.cost_fits() && !exact_cost_fits(network) {
            return Err(Overflow::Cost.into());
        }
        Ok(spread)
    }

    /// No path without a repeated node costs more, or less than the negative of it.
    pub(super) fn path_bound(&self, nodes: usize) -> u128 {
        (u128::from(self.largest_cost) * nodes as u128).min(self.cost_sum)
    }

    /// No flow of 63 bits on every arc can cost more than 127 bits. Where this fails, the exact sum may still fit.
    pub(super) fn cost_fits(&self) -> bool {
        self.cost_sum < 1 << 64
    }
}

/// The sum of absolute supplies once every arc has taken its lower bound.
fn exact_spread(network: &Network) -> u128 {
    let mut net: Vec<i128> = network.supplies().iter().map(|&supply| i128::from(supply)).collect();
    for (_, arc) in network.arcs() {
        net[arc.tail.index()] -= i128::from(arc.lower);
        net[arc.head.index()] += i128::from(arc.lower);
    }
    net.iter().map(|net| net.unsigned_abs()).sum()
}

/// Whether `|cost| * max(|lower|, |upper|)`, summed over the arcs, fits.
fn exact_cost_fits(network: &Network) -> bool {
    let term = |arc: &Arc| {
        let flow = arc.lower.unsigned_abs().max(arc.upper.unsigned_abs());
        i128::from(arc.cost.unsigned_abs()).checked_mul(i128::from(flow))
    };
    network.arcs().try_fold(0_i128, |sum, (_, arc)| sum.checked_add(term(arc)?)).is_some()
}
