//! Checks of an answer, in 128 bits and from the definitions alone: nothing here is shared with the solver.
//!
//! A flow that conserves supplies, respects bounds and is complementary to *some* potentials is optimal (Ahuja,
//! Magnanti, Orlin 1993, theorem 9.4), however the two were found. So a reader who does not trust the solver reads
//! this file only.

use std::{error, fmt};

use crate::{
    error::{Infeasible, Overflow, SolveError, Unbounded},
    network::{Arc, ArcId, INFINITE, Network, NodeId},
    solution::Solution,
};

/// What is wrong with a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// The claim has not one flow per arc and one potential per node, or names one that does not exist.
    Shape,
    /// The flow on this arc is outside its bounds.
    Bounds(ArcId),
    /// Supply plus inflow less outflow of this node is not 0.
    Conservation {
        /// The node.
        node: NodeId,
        /// What remains there.
        excess: i128,
    },
    /// The reduced cost of this arc calls for more or less flow than it has.
    Slackness {
        /// The arc.
        arc: ArcId,
        /// `cost + potential(tail) - potential(head)`.
        reduced_cost: i128,
    },
    /// The cost is not the sum of `cost * flow`.
    Cost,
    /// The set of nodes is not a cut that proves infeasibility.
    Cut,
    /// The arcs are not a cycle without upper bounds and of negative cost.
    Cycle,
    /// The sum that an error names is in its range after all.
    Sum,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => write!(f, "the claim does not have the shape of the network"),
            Self::Bounds(arc) => write!(f, "the flow on arc {} is outside its bounds", arc.index()),
            Self::Conservation { node, excess } => write!(f, "node {} keeps {excess} units", node.index()),
            Self::Slackness { arc, reduced_cost } => {
                write!(f, "arc {} has reduced cost {reduced_cost} and could still change", arc.index())
            }
            Self::Cost => write!(f, "the cost is not that of the flow"),
            Self::Cut => write!(f, "the nodes are not a cut that more must cross than can"),
            Self::Cycle => write!(f, "the arcs are not a cycle of negative cost without upper bounds"),
            Self::Sum => write!(f, "the sum that is said to be out of range is in its range"),
        }
    }
}

impl error::Error for Flaw {}

/// Checks that a solution is feasible, optimal and costs what it says.
///
/// # Errors
///
/// The first [`Flaw`] found.
pub fn verify(network: &Network, solution: &Solution) -> Result<(), Flaw> {
    verify_flow(network, solution.flows())?;
    if solution.potentials().len() != network.node_count() {
        return Err(Flaw::Shape);
    }
    let mut cost = Some(0_i128);
    for (id, arc) in network.arcs() {
        let flow = solution.flow(id);
        let potential = |node| i128::from(solution.potential(node));
        let reduced_cost = i128::from(arc.cost) + potential(arc.tail) - potential(arc.head);
        let can_rise = flow < arc.upper || arc.upper == INFINITE;
        if (reduced_cost < 0 && can_rise) || (reduced_cost > 0 && flow > arc.lower) {
            return Err(Flaw::Slackness { arc: id, reduced_cost });
        }
        cost = cost.and_then(|sum| sum.checked_add(i128::from(arc.cost) * i128::from(flow)));
    }
    if cost == Some(solution.cost()) { Ok(()) } else { Err(Flaw::Cost) }
}

/// Checks that flows, by [`ArcId::index`], meet the bounds and the supplies.
///
/// # Errors
///
/// The first [`Flaw`] found.
pub fn verify_flow(network: &Network, flows: &[i64]) -> Result<(), Flaw> {
    if flows.len() != network.arc_count() {
        return Err(Flaw::Shape);
    }
    let mut excess: Vec<i128> = network.supplies().iter().map(|&supply| i128::from(supply)).collect();
    for ((id, arc), &flow) in network.arcs().zip(flows) {
        if flow < arc.lower || (flow > arc.upper) {
            return Err(Flaw::Bounds(id));
        }
        excess[arc.tail.index()] -= i128::from(flow);
        excess[arc.head.index()] += i128::from(flow);
    }
    match network.nodes().zip(excess).find(|&(_, excess)| excess != 0) {
        Some((node, excess)) => Err(Flaw::Conservation { node, excess }),
        None => Ok(()),
    }
}

/// Checks that an error tells the truth about a network: the cut, the cycle, the sum that it names. `Stopped` claims
/// nothing, and neither does an overflow met while solving, so both pass.
///
/// # Errors
///
/// The first [`Flaw`] found.
pub fn verify_error(network: &Network, error: &SolveError) -> Result<(), Flaw> {
    let holds = |truth, flaw| if truth { Ok(()) } else { Err(flaw) };
    match error {
        SolveError::Unbalanced { sum } => holds(*sum != 0 && *sum == sum_of(network.supplies()), Flaw::Sum),
        SolveError::Infeasible(Infeasible::Bounds(id)) => {
            let arc = network.arcs().nth(id.index()).ok_or(Flaw::Shape)?.1;
            holds(arc.lower > arc.upper, Flaw::Bounds(*id))
        }
        SolveError::Infeasible(Infeasible::Cut(nodes)) => verify_cut(network, nodes),
        SolveError::Unbounded(Unbounded { cycle, flows }) => {
            verify_flow(network, flows)?;
            verify_cycle(network, cycle)
        }
        SolveError::Overflow(overflow) => holds(overflows(network, *overflow), Flaw::Sum),
        SolveError::Stopped => Ok(()),
    }
}

fn sum_of(values: &[i64]) -> i128 {
    values.iter().map(|&value| i128::from(value)).sum()
}

fn verify_cut(network: &Network, nodes: &[NodeId]) -> Result<(), Flaw> {
    let mut inside = vec![false; network.node_count()];
    let mut surplus = 0_i128;
    for node in nodes {
        let seen = inside.get_mut(node.index()).ok_or(Flaw::Shape)?;
        if std::mem::replace(seen, true) {
            return Err(Flaw::Shape);
        }
        surplus += i128::from(network.supply(*node));
    }
    for (_, arc) in network.arcs() {
        match (inside[arc.tail.index()], inside[arc.head.index()]) {
            (true, false) if arc.upper == INFINITE => return Err(Flaw::Cut),
            (true, false) => surplus -= i128::from(arc.upper),
            (false, true) => surplus += i128::from(arc.lower),
            _ => {}
        }
    }
    if surplus > 0 { Ok(()) } else { Err(Flaw::Cut) }
}

fn verify_cycle(network: &Network, cycle: &[ArcId]) -> Result<(), Flaw> {
    if cycle.iter().any(|arc| arc.index() >= network.arc_count()) {
        return Err(Flaw::Shape);
    }
    let arcs = || cycle.iter().map(|&arc| network.arc(arc));
    let closed = arcs().zip(arcs().cycle().skip(1)).all(|(arc, next)| arc.head == next.tail);
    let free = arcs().all(|arc| arc.upper == INFINITE);
    let cost: i128 = arcs().map(|arc| i128::from(arc.cost)).sum();
    if closed && free && cost < 0 { Ok(()) } else { Err(Flaw::Cycle) }
}

fn overflows(network: &Network, overflow: Overflow) -> bool {
    let half = 1_i128 << 62;
    let arcs = || network.arcs().map(|(_, arc)| arc);
    let size = |arc: &Arc| i128::from(arc.lower.unsigned_abs().max(arc.upper.unsigned_abs()));
    match overflow {
        Overflow::Range(id) => network.arcs().nth(id.index()).is_some_and(|(_, arc)| {
            arc.upper != INFINITE && i128::from(arc.upper) - i128::from(arc.lower) >= i128::from(i64::MAX)
        }),
        Overflow::Supplies => {
            let mut net: Vec<i128> = network.supplies().iter().map(|&supply| i128::from(supply)).collect();
            for arc in arcs() {
                net[arc.tail.index()] -= i128::from(arc.lower);
                net[arc.head.index()] += i128::from(arc.lower);
            }
            net.iter().map(|net| net.abs()).sum::<i128>() > half
        }
        Overflow::Potentials { path } => {
            let costs = || arcs().map(|arc| i128::from(arc.cost.unsigned_abs()));
            let longest = costs().max().unwrap_or(0) * network.node_count() as i128;
            path == longest.min(costs().sum()) && path >= half / 2
        }
        Overflow::Cost => arcs()
            .try_fold(0_i128, |sum, arc| {
                sum.checked_add(i128::from(arc.cost.unsigned_abs()).checked_mul(size(arc))?)
            })
            .is_none(),
        Overflow::Flow(id) => network.arcs().nth(id.index()).is_some_and(|(_, arc)| arc.upper == INFINITE),
    }
}
