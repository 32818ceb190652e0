//! From an optimal tree to a solution, in time proportional to what changed since the last one.

use super::{Simplex, tree::FROM_ROOT};
use crate::{
    error::{Overflow, SolveError},
    network::{ArcId, Network},
    solution::Solution,
};

/// Which flows of the solution last read may no longer be those of the basis, the arcs of the tree aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// The slots, some more than once; nothing is known if there are more than the limit.
    slots: Vec<u32>,
    limit: usize,
    lost: bool,
}

impl Trace {
    /// Forgets everything: the next solution is read in full.
    pub fn lose(&mut self, arcs: usize) {
        self.slots.clear();
        self.limit = arcs / 8 + 16;
        self.slots.reserve(self.limit);
        self.lost = true;
    }

    pub fn note(&mut self, slot: u32) {
        self.lost |= self.slots.len() >= self.limit;
        if !self.lost {
            self.slots.push(slot);
        }
    }
}

impl Simplex {
    /// Reads flows, potentials and cost off an optimal tree. The solution is the one that was read the last time, its
    /// cost kept up with changes of arc costs.
    pub(super) fn read(&mut self, network: &Network, solution: &mut Solution) -> Result<(), SolveError> {
        let mut trace = std::mem::take(&mut self.trace);
        let result = if trace.lost {
            self.read_all(network, solution)
        } else {
            self.read_changes(network, solution, &trace.slots)
        };
        trace.slots.clear();
        trace.lost = result.is_err();
        self.trace = trace;
        solution.potentials.clear();
        solution.potentials.extend_from_slice(&self.tree.potential[1..self.tree.nodes.len()]);
        result
    }

    fn read_all(&self, network: &Network, solution: &mut Solution) -> Result<(), SolveError> {
        let slots = self.order.slots();
        let bound = |((_, arc), slot): ((_, &crate::Arc), usize)| {
            if self.flipped[slot] { arc.upper } else { arc.lower }
        };
        solution.flows.clear();
        solution.flows.extend(network.arcs().zip(slots).map(bound));
        for (id, flow) in self.tree_flows(network) {
            solution.flows[id.index()] = flow.ok_or(Overflow::Flow(id))?;
        }
        let terms = network.arcs().zip(&solution.flows);
        solution.cost = terms.map(|((_, arc), &flow)| i128::from(arc.cost) * i128::from(flow)).sum();
        Ok(())
    }

    fn read_changes(
        &self,
        network: &Network,
        solution: &mut Solution,
        slots: &[u32],
    ) -> Result<(), SolveError> {
        solution.flows.resize(network.arc_count(), 0);
        let outside = slots.iter().map(|&slot| {
            let id = self.arc(slot);
            let arc = network.arc(id);
            (id, Some(if self.flipped[slot as usize] { arc.upper } else { arc.lower }))
        });
        for (id, flow) in outside.chain(self.tree_flows(network)) {
            let flow = flow.ok_or(Overflow::Flow(id))?;
            let change = i128::from(flow) - i128::from(solution.flows[id.index()]);
            solution.flows[id.index()] = flow;
            solution.cost += i128::from(network.arc(id).cost) * change;
        }
        Ok(())
    }

    /// The arcs of the tree with their flows; none where it does not fit.
    fn tree_flows(&self, network: &Network) -> impl Iterator<Item = (ArcId, Option<i64>)> {
        let real = (0_u32..).zip(&self.tree.nodes).filter(|(_, node)| node.pred < FROM_ROOT);
        real.map(|(u, node)| {
            let id = self.arc(node.pred);
            let flow = if self.slots.tail(node.pred) == u { node.down } else { node.up };
            let arc = network.arc(id);
            let forwards = !self.flipped[node.pred as usize];
            (id, if forwards { arc.lower.checked_add(flow) } else { arc.upper.checked_sub(flow) })
        })
    }
}
