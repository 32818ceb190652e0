//! Why a network has no answer, with a witness that [`verify_error`](crate::verify_error) checks.

use std::{error, fmt};

use crate::network::{ArcId, NodeId};

/// Why a network was not solved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SolveError {
    /// The supplies do not sum to 0.
    Unbalanced {
        /// What they sum to.
        sum: i128,
    },
    /// No flow meets the supplies within the bounds.
    Infeasible(Infeasible),
    /// Flows of any low cost exist.
    Unbounded(Unbounded),
    /// The arithmetic would leave its range.
    Overflow(Overflow),
    /// The stop value said so before an optimum was proven.
    Stopped,
}

/// The witness of an infeasible network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Infeasible {
    /// The lower bound of this arc is above its upper bound.
    Bounds(ArcId),
    /// The supplies of these nodes, with what must enter, exceed what can leave:
    /// `supply(S) + lower(into S) > upper(out of S)`.
    Cut(Vec<NodeId>),
}

/// The witness of an unbounded network: the flow is feasible, and stays so with any amount added along the cycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unbounded {
    /// Arcs without an upper bound, head to tail, whose costs sum to less than 0.
    pub cycle: Vec<ArcId>,
    /// A feasible flow, by [`ArcId::index`].
    pub flows: Vec<i64>,
}

/// The quantity that would leave the range of its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overflow {
    /// `upper - lower` of this arc does not fit 63 bits.
    Range(ArcId),
    /// The absolute supplies, after every arc has taken its lower bound, sum to more than `2^62`.
    Supplies,
    /// A potential, bounded by `path = min(nodes * max |cost|, sum of |cost|)`, and a reduced cost, bounded by four
    /// times that, do not fit 63 bits.
    Potentials {
        /// The bound on the cost of a path.
        path: i128,
    },
    /// `|cost| * max(|lower|, |upper|)`, summed over the arcs, does not fit 127 bits.
    Cost,
    /// The flow on this arc, which has no upper bound, does not fit 63 bits. It is the one quantity that no bound
    /// worth having foretells, so it is met while solving.
    Flow(ArcId),
}

impl fmt::Display for SolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbalanced { sum } => write!(f, "unbalanced: the supplies sum to {sum}, not to 0"),
            Self::Infeasible(Infeasible::Bounds(arc)) => {
                write!(
                    f,
                    "infeasible: the lower bound of the arc with index {} is above its upper bound",
                    arc.index()
                )
            }
            Self::Infeasible(Infeasible::Cut(nodes)) => {
                write!(
                    f,
                    "infeasible: a set of {} nodes is supplied with more than can leave it",
                    nodes.len()
                )
            }
            Self::Unbounded(Unbounded { cycle, .. }) => {
                write!(
                    f,
                    "unbounded: {} arcs without an upper bound form a cycle of negative cost",
                    cycle.len()
                )
            }
            Self::Overflow(overflow) => write!(f, "overflow: {overflow}"),
            Self::Stopped => write!(f, "stopped before an optimum was proven"),
        }
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(arc) => {
                write!(f, "upper - lower of the arc with index {} exceeds 2^63 - 2", arc.index())
            }
            Self::Supplies => write!(f, "the absolute supplies, net of lower bounds, sum to more than 2^62"),
            Self::Potentials { path } => {
                write!(
                    f,
                    "min(nodes * max |cost|, sum of |cost|) = {path} exceeds 2^61 - 1, so potentials may not fit"
                )
            }
            Self::Cost => write!(f, "the sum of |cost| * max(|lower|, |upper|) exceeds 2^127 - 1"),
            Self::Flow(arc) => {
                write!(
                    f,
                    "the flow on the arc with index {}, which has no upper bound, exceeds 2^63 - 1",
                    arc.index()
                )
            }
        }
    }
}

impl error::Error for SolveError {}

impl From<Infeasible> for SolveError {
    fn from(witness: Infeasible) -> Self {
        Self::Infeasible(witness)
    }
}

impl From<Overflow> for SolveError {
    fn from(overflow: Overflow) -> Self {
        Self::Overflow(overflow)
    }
}
