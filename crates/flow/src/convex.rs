//! Arcs whose cost per unit rises with their flow.

use std::{error, fmt};

use crate::{
    network::{ArcId, Network, NodeId},
    solution::Solution,
    solver::Solver,
};

/// An arc of convex cost, piecewise linear with whole breakpoints: one arc for each piece, numbered in a row.
///
/// ```
/// use tiaoji_flow::{INFINITE, Network, solve};
///
/// let mut network = Network::new();
/// let (plant, town) = (network.add_node(10), network.add_node(-10));
/// // Three units at 1 each, four more at 5, any more at 20.
/// let line = network.add_convex_arc(plant, town, &[(3, 1), (4, 5), (INFINITE, 20)])?;
/// let other = network.add_arc(plant, town, 0..=9, 8);
/// let solution = solve(&network)?;
/// assert_eq!((solution.convex_flow(line), solution.flow(other)), (7, 3));
/// assert_eq!(solution.cost(), 3 + 4 * 5 + 3 * 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConvexArc {
    first: usize,
    pieces: usize,
}

impl ConvexArc {
    /// The arcs of the pieces, cheapest first; an optimal flow fills each before the next that costs more.
    pub fn pieces(self) -> impl ExactSizeIterator<Item = ArcId> + use<> {
        (self.first..self.first + self.pieces).map(ArcId::new)
    }
}

/// This piece, counted from 0, costs less than the one before it: the cost is not convex.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotConvex {
    /// The index of the piece.
    pub piece: usize,
}

impl fmt::Display for NotConvex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not convex: the piece with index {} costs less than the one before it", self.piece)
    }
}

impl error::Error for NotConvex {}

impl Network {
    /// Adds an arc of convex cost: the units of its flow pass through `pieces` of `(capacity, cost per unit)` in turn. The
    /// last capacity may be [`INFINITE`](crate::INFINITE).
    ///
    /// # Errors
    ///
    /// [`NotConvex`] if a piece costs less than the one before it; the network is then as it was.
    ///
    /// # Panics
    ///
    /// As [`add_arc`](Self::add_arc).
    pub fn add_convex_arc(
        &mut self,
        tail: NodeId,
        head: NodeId,
        pieces: &[(i64, i64)],
    ) -> Result<ConvexArc, NotConvex> {
        let arc = convex_arc(self.arc_count(), pieces)?;
        for &(capacity, cost) in pieces {
            self.add_arc(tail, head, 0..=capacity, cost);
        }
        Ok(arc)
    }
}

impl Solver {
    /// Adds an arc of convex cost, as [`Network::add_convex_arc`] does.
    ///
    /// # Errors
    ///
    /// [`NotConvex`] if a piece costs less than the one before it; the network is then as it was.
    ///
    /// # Panics
    ///
    /// As [`add_arc`](Self::add_arc).
    pub fn add_convex_arc(
        &mut self,
        tail: NodeId,
        head: NodeId,
        pieces: &[(i64, i64)],
    ) -> Result<ConvexArc, NotConvex> {
        let arc = convex_arc(self.network().arc_count(), pieces)?;
        for &(capacity, cost) in pieces {
            self.add_arc(tail, head, 0..=capacity, cost);
        }
        Ok(arc)
    }
}

impl Solution {
    /// The flow on an arc of convex cost: the sum over its pieces, in 128 bits because two of them may exceed 64.
    ///
    /// # Panics
    ///
    /// If the arc is not in the network that was solved.
    pub fn convex_flow(&self, arc: ConvexArc) -> i128 {
        arc.pieces().map(|piece| i128::from(self.flow(piece))).sum()
    }
}

fn convex_arc(first: usize, pieces: &[(i64, i64)]) -> Result<ConvexArc, NotConvex> {
    match pieces.windows(2).position(|pair| pair[1].1 < pair[0].1) {
        Some(before) => Err(NotConvex { piece: before + 1 }),
        None => Ok(ConvexArc { first, pieces: pieces.len() }),
    }
}
