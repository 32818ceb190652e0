//! The doors: solve once, or keep a solver and solve again from where it stands.

use std::ops::RangeInclusive;

use crate::{
    error::SolveError,
    network::{ArcId, Network, NodeId},
    simplex::Simplex,
    solution::Solution,
};

/// Solves a network to optimality.
///
/// # Errors
///
/// See [`SolveError`]; every error but `Stopped`, which cannot happen here, carries a witness.
pub fn solve(network: &Network) -> Result<Solution, SolveError> {
    solve_until(network, &|| false)
}

/// Solves a network, asking `stop` every thousand pivots whether to give up.
///
/// # Errors
///
/// See [`SolveError`].
pub fn solve_until(network: &Network, stop: &dyn Fn() -> bool) -> Result<Solution, SolveError> {
    let mut solution = Solution::default();
    Simplex::default().solve(network, stop, &mut solution)?;
    Ok(solution)
}

/// A network with the tree of its last solution, to change and solve again.
///
/// The next [`solve`](Self::solve) starts from that tree: after a change of costs it is still feasible; after a change
/// of bounds or supplies the tree arcs that no longer carry their flow are replaced by artificial ones and priced out.
/// Nothing is allocated unless the network grows.
///
/// ```
/// use tiaoji_flow::{Network, Solver};
///
/// let mut network = Network::new();
/// let (a, b) = (network.add_node(4), network.add_node(-4));
/// let (near, far) = (network.add_arc(a, b, 0..=3, 1), network.add_arc(a, b, 0..=9, 5));
/// let mut solver = Solver::new(network);
/// assert_eq!(solver.solve()?.cost(), 8);
/// solver.set_cost(near, 6);
/// assert_eq!(solver.solve()?.flow(far), 4);
/// # Ok::<(), tiaoji_flow::SolveError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Solver {
    network: Network,
    simplex: Simplex,
    solution: Solution,
}

impl Solver {
    /// A solver that owns this network.
    pub fn new(network: Network) -> Self {
        Self { network, ..Self::default() }
    }

    /// The network as it stands.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network to change at will, to [`clear`](Network::clear) and build anew; the next solve starts cold, in the
    /// memory of the last.
    pub fn edit(&mut self) -> &mut Network {
        self.simplex.forget();
        &mut self.network
    }

    /// Changes the cost of an arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in the network.
    pub fn set_cost(&mut self, arc: ArcId, cost: i64) {
        let old = self.network.arc(arc).cost;
        self.simplex.set_cost(arc, old, cost);
        if let Some(&flow) = self.solution.flows.get(arc.index()) {
            // Between two solves the sum may pass its range; the next one refuses it or has it back.
            let term = (i128::from(cost) - i128::from(old)).wrapping_mul(i128::from(flow));
            self.solution.cost = self.solution.cost.wrapping_add(term);
        }
        self.network.set_cost(arc, cost);
    }

    /// Changes the bounds of an arc; `0..=0` closes it.
    ///
    /// # Panics
    ///
    /// If the arc is not in the network.
    pub fn set_bounds(&mut self, arc: ArcId, bounds: RangeInclusive<i64>) {
        let old = *self.network.arc(arc);
        self.network.set_bounds(arc, bounds);
        self.simplex.set_bounds(arc, &old, self.network.arc(arc));
    }

    /// Changes the supply of a node; the sum must be 0 again at the next solve.
    ///
    /// # Panics
    ///
    /// If the node is not in the network.
    pub fn set_supply(&mut self, node: NodeId, supply: i64) {
        self.simplex.set_supply(node, self.network.supply(node), supply);
        self.network.set_supply(node, supply);
    }

    /// Adds a node.
    ///
    /// # Panics
    ///
    /// As [`Network::add_node`].
    pub fn add_node(&mut self, supply: i64) -> NodeId {
        let node = self.network.add_node(supply);
        self.simplex.add_node(supply);
        node
    }

    /// Adds an arc.
    ///
    /// # Panics
    ///
    /// As [`Network::add_arc`].
    pub fn add_arc(&mut self, tail: NodeId, head: NodeId, bounds: RangeInclusive<i64>, cost: i64) -> ArcId {
        let arc = self.network.add_arc(tail, head, bounds, cost);
        self.simplex.add_arc(arc, self.network.arc(arc));
        arc
    }

    /// Solves the network as it stands, from the last tree where there is one.
    ///
    /// # Errors
    ///
    /// See [`SolveError`]. The solver stays usable: change the network and solve again.
    pub fn solve(&mut self) -> Result<&Solution, SolveError> {
        self.solve_until(&|| false)
    }

    /// As [`solve`](Self::solve), asking `stop` every thousand pivots whether to give up; a later call goes on from there.
    ///
    /// # Errors
    ///
    /// See [`SolveError`].
    pub fn solve_until(&mut self, stop: &dyn Fn() -> bool) -> Result<&Solution, SolveError> {
        self.simplex.solve(&self.network, stop, &mut self.solution)?;
        Ok(&self.solution)
    }

    /// How many pivots have been made since the solver was made: the measure of work, the same on every machine.
    pub fn pivots(&self) -> u64 {
        self.simplex.pivots()
    }
}
