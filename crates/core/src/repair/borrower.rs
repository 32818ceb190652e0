//! Everything one borrower takes: a min-cost flow on its time line, the places to fill flowing from left to right
//! between the line of the unfilled and a line for each lender.

use tiaoji_flow::{ArcId, NodeId};

use super::Draft;
use crate::units::{Count, Fen};

impl Draft<'_> {
    /// Solves what one borrower takes, against what the lenders have left. Exact where no pair has a stay.
    pub(super) fn resolve_borrower(&mut self, borrower: usize) {
        let component = self.component;
        let pairs = std::mem::take(&mut self.of_borrower[borrower]);
        let window = |k: &usize| component.pairs[*k].window.clone();
        let (Some(first), Some(last)) =
            (pairs.iter().map(|k| window(k).start).min(), pairs.iter().map(|k| window(k).end).max())
        else {
            self.of_borrower[borrower] = pairs;
            return;
        };
        let demand = &component.borrowers[borrower].demand;
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
        for &k in &pairs {
            let arc = &component.pairs[k];
            let begun = arc.before().min(there);
            there -= begun;
            let mut node = network.add_node(begun);
            if arc.window.start > first && begun > 0 {
                network.set_supply(unfilled[0], network.supply(unfilled[0]) + begun);
                network.set_supply(node, 0);
            }
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
        let end = unfilled[last - first];
        network.set_supply(end, network.supply(end) - places);
        let solved: Option<Vec<Count>> =
            self.solver.solve().ok().map(|solution| lines.iter().map(|&arc| solution.flow(arc)).collect());
        if let Some(mut flows) = solved {
            for &k in &pairs {
                let rest = flows.split_off(component.pairs[k].window.len());
                self.set(k, &flows);
                flows = rest;
            }
        }
        self.of_borrower[borrower] = pairs;
    }
}
