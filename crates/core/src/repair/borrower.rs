//! Everything one borrower takes: a min-cost flow on its time line, the places to fill flowing from left to right
//! between the line of the unfilled and a line for each lender.

use tiaoji_flow::{ArcId, NodeId};

use super::Draft;
use crate::units::{Count, Fen};

impl Draft<'_> {
    /// Solves what one borrower takes of these pairs, against what everybody else leaves, and sets it. Exact without
    /// stays.
    pub(super) fn solve_borrower(&mut self, borrower: usize, pairs: &[usize]) {
        let component = self.component;
        let Some((first, last)) = self.reach(pairs) else {
            return;
        };
        let demand = self.left_for(pairs, &component.borrowers[borrower].demand, &self.sent[borrower]);
        let unmet = component.borrowers[borrower].unmet;
        let places = demand[first..last].iter().copied().max().unwrap_or(0);
        let network = self.solver.edit();
        network.clear();
        let before: Count = pairs.iter().map(|&k| component.pairs[k].before()).sum::<Count>().min(places);
        let unfilled: Vec<NodeId> =
            (first..=last).map(|p| network.add_node(if p == first { places - before } else { 0 })).collect();
        for p in first..last {
            let (len, from, to) =
                (component.periods[p].len as Fen, unfilled[p - first], unfilled[p - first + 1]);
            // places that nobody asks for in this period, then the cheap ones, then the dear ones
            let closed = places - demand[p];
            let cheap = demand[p].min(unmet.cheap_count);
            network.add_arc(from, to, closed..=closed, 0);
            network.add_arc(from, to, 0..=cheap, len * unmet.cheap);
            network.add_arc(from, to, 0..=demand[p] - cheap, len * unmet.dear);
        }
        let mut lines: Vec<ArcId> = Vec::new();
        let mut there = before;
        for &k in pairs {
            let arc = &component.pairs[k];
            let begun = if arc.window.start == first { arc.before().min(there) } else { 0 };
            there -= begun;
            let mut node = network.add_node(begun);
            for (at, p) in arc.window.clone().enumerate() {
                let len = component.periods[p].len as Fen;
                network.add_arc(unfilled[p - first], node, 0..=places, arc.start);
                network.add_arc(node, unfilled[p - first], 0..=places, 0);
                let next = network.add_node(0);
                let others = self.lent[arc.lender][p] - self.counts[k][at];
                let open = component.lenders[arc.lender].supply[p] - others;
                let (low, high) = arc.bounds(p);
                lines.push(network.add_arc(node, next, low..=high.min(open).max(low), len * arc.daily));
                node = next;
            }
            network.add_arc(node, unfilled[arc.window.end - first], 0..=places, 0);
        }
        network.set_supply(unfilled[0], network.supply(unfilled[0]) + there);
        let end = unfilled[last - first];
        network.set_supply(end, network.supply(end) - places);
        let solved = self
            .solver
            .solve()
            .ok()
            .map(|solution| lines.iter().map(|&arc| solution.flow(arc)).collect::<Vec<Count>>());
        self.set_all(pairs, solved);
    }
}
