//! `daily`: every period is a transportation problem of its own, solved exactly by min-cost flow.
//!
//! Without start costs and stays that is the optimum. With them it is not, but the potentials of the flows are prices
//! like any others, whose Lagrangian is a valid bound, and the days put together are a plan to be repaired.

use tiaoji_flow::{ArcId, NodeId, Solver};

use crate::best::Best;
use crate::bound::{LocalPrices, MICRO};
use crate::instance::{Component, Counts};
use crate::repair::Draft;
use crate::stop::Stop;
use crate::units::MicroFen;

/// Turns of the neighbourhoods after the days have been put together.
const SWEEPS: usize = 8;

/// Solves every period alone, puts them together, and repairs what that cost in starts and stays.
pub fn improve(component: &Component, best: &mut Best, stop: &dyn Stop) {
    let Some((counts, prices)) = days_alone(component) else { return };
    best.prove(component, prices);
    let mut draft = Draft::new(component, &counts, |_| true);
    best.offer(component, draft.counts());
    for _ in 0..SWEEPS {
        if best.is_closed() || stop.stopped() || !draft.sweep(&|| stop.stopped()) {
            break;
        }
        best.offer(component, draft.counts());
    }
}

/// The counts of every period solved alone, and the prices of its flow. None where the flow refuses the sizes.
fn days_alone(component: &Component) -> Option<(Counts, LocalPrices)> {
    let mut counts: Counts = component.pairs.iter().map(|arc| vec![0; arc.window.len()]).collect();
    let mut prices = LocalPrices::unmet(component);
    let mut solver = Solver::default();
    let mut arcs: Vec<(usize, ArcId)> = Vec::new();
    for p in 0..component.periods.len() {
        arcs.clear();
        let network = solver.edit();
        network.clear();
        let lenders: Vec<NodeId> = component.lenders.iter().map(|l| network.add_node(l.supply[p])).collect();
        let borrowers: Vec<NodeId> = component.borrowers.iter().map(|_| network.add_node(0)).collect();
        let supply: i64 = component.lenders.iter().map(|l| l.supply[p]).sum();
        let home = network.add_node(-supply);
        for (k, arc) in component.pairs.iter().enumerate() {
            if arc.window.contains(&p) {
                let (low, high) = arc.bounds(p);
                let (from, to) = (lenders[arc.lender], borrowers[arc.borrower]);
                // one below the earlier count saves a change by being there, one above it makes one
                let earlier = component.earlier(arc, p);
                let rate = earlier.map_or(0, |_| component.stability);
                let kept = earlier.map_or(low, |earlier| earlier.clamp(low, high));
                if kept > low {
                    arcs.push((k, network.add_arc(from, to, low..=kept, arc.daily - rate)));
                    arcs.push((k, network.add_arc(from, to, 0..=high - kept, arc.daily + rate)));
                } else {
                    arcs.push((k, network.add_arc(from, to, low..=high, arc.daily + rate)));
                }
            }
        }
        for (lender, &node) in component.lenders.iter().zip(&lenders) {
            network.add_arc(node, home, 0..=lender.supply[p], 0);
        }
        for (borrower, &node) in component.borrowers.iter().zip(&borrowers) {
            let cheap = borrower.demand[p].min(borrower.unmet.cheap_count);
            network.add_arc(node, home, 0..=borrower.demand[p] - cheap, -borrower.unmet.dear);
            network.add_arc(node, home, 0..=cheap, -borrower.unmet.cheap);
        }
        let solution = solver.solve().ok()?;
        for &(k, arc) in &arcs {
            counts[k][p - component.pairs[k].window.start] += solution.flow(arc);
        }
        // reduced cost of a pair = daily cost + potential of the lender - potential of the borrower
        let price = |node: NodeId| {
            let fen = i128::from(solution.potential(node)) - i128::from(solution.potential(home));
            MicroFen::try_from(fen * MICRO).ok()
        };
        for (prices, &node) in prices.supply.iter_mut().zip(&lenders) {
            prices[p] = price(node)?.max(0);
        }
        for (prices, &node) in prices.demand.iter_mut().zip(&borrowers) {
            prices[p] = price(node)?;
        }
    }
    Some((counts, prices))
}
