//! A star as a min-cost flow on its time line. Exact without stays.
//!
//! ```text
//! hub    o──────o──────o──────o      what the hub has flows from left to right: idle workers, or unfilled places;
//!         \start      ↑end           to come onto a spoke costs its start,
//! spoke     o──────o──────o          an arc of it a period's work less the unmet demand it saves
//! ```

use tiaoji_flow::{ArcId, NodeId, Solver};

use super::star::{Spoke, Star};
use crate::units::Count;

impl Star<'_> {
    /// Counts for all spokes, the best for those that are `free`, the others as they are. None where the flow refuses
    /// the sizes.
    pub(super) fn flow(
        &self,
        solver: &mut Solver,
        counts: &[Vec<Count>],
        free: impl Fn(&Spoke<'_>) -> bool,
    ) -> Option<Vec<Vec<Count>>> {
        let mut hub = self.hub.clone();
        for (spoke, counts) in self.spokes.iter().zip(counts).filter(|(spoke, _)| !free(spoke)) {
            for (hub, count) in hub[spoke.arc.window.start - self.first..].iter_mut().zip(counts) {
                *hub -= count;
            }
        }
        let most = hub.iter().copied().max().unwrap_or(0);
        let network = solver.edit();
        network.clear();
        let line: Vec<NodeId> = (0..=hub.len()).map(|_| network.add_node(0)).collect();
        for (at, &open) in hub.iter().enumerate() {
            let (from, to) = (line[at], line[at + 1]);
            // What the hub does not have in a period has nowhere to be but here.
            let closed = most - open;
            match self.unmet {
                None => {
                    network.add_arc(from, to, closed..=most, 0);
                }
                Some(unmet) => {
                    let (len, cheap) = (self.len(at), open.min(unmet.cheap_count));
                    for (low, high, cost) in
                        [(closed, closed, 0), (0, cheap, unmet.cheap), (0, open - cheap, unmet.dear)]
                    {
                        if high > 0 {
                            network.add_arc(from, to, low..=high, len * cost);
                        }
                    }
                }
            }
        }
        let mut there = 0;
        let mut works: Vec<(usize, usize, ArcId)> = Vec::new();
        for (s, spoke) in self.spokes.iter().enumerate().filter(|(_, spoke)| free(spoke)) {
            let from = spoke.arc.window.start - self.first;
            let mut node: Option<NodeId> = None;
            let before = spoke.arc.before().min(most - there);
            if before > 0 {
                node = Some(network.add_node(before));
                there += before;
            }
            for at in 0..spoke.most.len() {
                let here = line[from + at];
                if spoke.most[at] == 0 {
                    if let Some(node) = node.take() {
                        network.add_arc(node, here, 0..=most, 0);
                    }
                    continue;
                }
                let now = match node {
                    Some(node) => {
                        network.add_arc(node, here, 0..=most, 0);
                        node
                    }
                    None => network.add_node(0),
                };
                network.add_arc(here, now, 0..=spoke.most[at], spoke.arc.start);
                let next = network.add_node(0);
                let mut low = spoke.arc.bounds(spoke.arc.window.start + at).0;
                for (size, cost) in self.pieces(spoke, at).into_iter().filter(|(size, _)| *size > 0) {
                    let must = low.min(size);
                    low -= must;
                    works.push((s, at, network.add_arc(now, next, must..=size, self.len(from + at) * cost)));
                }
                node = Some(next);
            }
            if let Some(node) = node {
                network.add_arc(node, line[from + spoke.most.len()], 0..=most, 0);
            }
        }
        network.set_supply(line[0], most - there);
        network.set_supply(line[hub.len()], -most);
        // What is there now is a flow: a failure could only be one of size.
        let solution = solver.solve().ok()?;
        let mut counts = counts.to_vec();
        for (spoke, counts) in self.spokes.iter().zip(&mut counts) {
            if free(spoke) {
                counts.fill(0);
            }
        }
        for (s, at, arc) in works {
            counts[s][at] += solution.flow(arc);
        }
        Some(counts)
    }
}
