//! Everything one lender does: a min-cost flow on its time line.
//!
//! ```text
//! idle   o──────o──────o──────o      the workers of the lender flow from left to right;
//!         \start      ↑end           to come onto a partner's line costs its start,
//! line k    o──────o──────o          an arc of it a period's work less the unmet cost it saves
//! ```

use tiaoji_flow::{ArcId, NodeId};

use super::Draft;
use crate::units::{Count, Fen};

impl Draft<'_> {
    /// Solves what these pairs of one lender do, against what everybody else leaves, and sets it. Exact without stays.
    pub(super) fn solve_lender(&mut self, lender: usize, pairs: &[usize]) {
        let component = self.component;
        let Some((first, last)) = self.reach(pairs) else {
            return;
        };
        let supply = self.left_for(pairs, &component.lenders[lender].supply, &self.lent[lender]);
        let workers = supply[first..last].iter().copied().max().unwrap_or(0);
        let network = self.solver.edit();
        network.clear();
        let before: Count = pairs.iter().map(|&k| component.pairs[k].before()).sum();
        let idle: Vec<NodeId> = (first..=last)
            .map(|p| network.add_node(if p == first { workers - before.min(workers) } else { 0 }))
            .collect();
        for p in first..last {
            // those beyond the supply of a period have nowhere to be but here
            network.add_arc(idle[p - first], idle[p - first + 1], workers - supply[p]..=workers, 0);
        }
        let mut lines: Vec<ArcId> = Vec::new();
        let mut there = before.min(workers);
        for &k in pairs {
            let arc = &component.pairs[k];
            let unmet = component.borrowers[arc.borrower].unmet;
            // Workers from before the first period are on their line from the start; no window begins later for them.
            let begun = if arc.window.start == first { arc.before().min(there) } else { 0 };
            there -= begun;
            let mut node = network.add_node(begun);
            for (at, p) in arc.window.clone().enumerate() {
                let len = component.periods[p].len as Fen;
                network.add_arc(idle[p - first], node, 0..=workers, arc.start);
                network.add_arc(node, idle[p - first], 0..=workers, 0);
                let next = network.add_node(0);
                let others = self.sent[arc.borrower][p] - self.counts[k][at];
                let open = component.borrowers[arc.borrower].demand[p] - others;
                let (low, high) = arc.bounds(p);
                let high = high.min(open).max(low);
                let dear = (open - unmet.cheap_count).clamp(0, high);
                lines.push(network.add_arc(node, next, low.min(dear)..=dear, len * (arc.daily - unmet.dear)));
                let rest = low - low.min(dear)..=high - dear;
                lines.push(network.add_arc(node, next, rest, len * (arc.daily - unmet.cheap)));
                node = next;
            }
            network.add_arc(node, idle[arc.window.end - first], 0..=workers, 0);
        }
        // Who has no line to begin on begins idle.
        network.set_supply(idle[0], network.supply(idle[0]) + there);
        let end = idle[last - first];
        network.set_supply(end, network.supply(end) - workers);
        // What is there now is a flow: a failure could only be one of size, and then it stays as it is.
        let solved = self.solver.solve().ok().map(|solution| {
            lines.chunks(2).map(|arc| solution.flow(arc[0]) + solution.flow(arc[1])).collect::<Vec<Count>>()
        });
        self.set_all(pairs, solved);
    }
}
