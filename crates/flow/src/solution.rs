//! An optimal flow with the potentials that prove it.

use crate::network::{ArcId, NodeId};

/// A flow, node potentials and the flow's cost: what [`verify`](crate::verify) takes as a claim.
///
/// The potentials are those of `reduced cost = cost + potential(tail) - potential(head)`: at an optimum an arc of
/// positive reduced cost is at its lower bound, one of negative reduced cost at its upper bound.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Solution {
    pub(crate) flows: Vec<i64>,
    pub(crate) potentials: Vec<i64>,
    pub(crate) cost: i128,
}

impl Solution {
    /// A claim from elsewhere, to be verified: flows by [`ArcId::index`], potentials by [`NodeId::index`].
    pub fn from_parts(flows: Vec<i64>, potentials: Vec<i64>, cost: i128) -> Self {
        Self { flows, potentials, cost }
    }

    /// The flow on an arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in the network that was solved.
    #[inline]
    pub fn flow(&self, arc: ArcId) -> i64 {
        self.flows[arc.index()]
    }

    /// The potential of a node: what one more unit costs at the node, up to a constant per connected component.
    ///
    /// # Panics
    ///
    /// If the node is not in the network that was solved.
    #[inline]
    pub fn potential(&self, node: NodeId) -> i64 {
        self.potentials[node.index()]
    }

    /// The flows of all arcs, by [`ArcId::index`].
    pub fn flows(&self) -> &[i64] {
        &self.flows
    }

    /// The potentials of all nodes, by [`NodeId::index`].
    pub fn potentials(&self) -> &[i64] {
        &self.potentials
    }

    /// The sum of `cost * flow` over the arcs.
    pub fn cost(&self) -> i128 {
        self.cost
    }
}
