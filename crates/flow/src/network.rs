//! The network: nodes with supplies, arcs with bounds and costs.

use std::ops::RangeInclusive;

/// An upper bound that does not bound: the arc takes any amount of flow.
pub const INFINITE: i64 = i64::MAX;

/// Nodes and arcs are numbered with 32 bits; the last few numbers are kept for marks.
const MAX_COUNT: usize = (u32::MAX - 8) as usize;

/// A node of a [`Network`], numbered from 0 in the order of [`Network::add_node`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

/// An arc of a [`Network`], numbered from 0 in the order of [`Network::add_arc`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArcId(u32);

macro_rules! index {
    ($id:ident, $what:literal) => {
        impl $id {
            #[doc = concat!("The ", $what, " with this number.")]
            ///
            /// # Panics
            ///
            /// If the number needs more than 32 bits.
            #[inline]
            pub fn new(index: usize) -> Self {
                assert!(index < MAX_COUNT, concat!($what, " number out of range"));
                Self(index as u32)
            }

            #[doc = concat!("The number of this ", $what, ", to index a slice with.")]
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(NodeId, "node");
index!(ArcId, "arc");

/// One arc: flow `x` with `lower <= x <= upper` from `tail` to `head`, at `cost` per unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arc {
    /// The least flow, of either sign.
    pub lower: i64,
    /// The largest flow; [`INFINITE`] if there is none.
    pub upper: i64,
    /// The cost of one unit of flow, of either sign.
    pub cost: i64,
    /// Where the flow leaves.
    pub tail: NodeId,
    /// Where the flow arrives.
    pub head: NodeId,
}

/// A directed network. Parallel arcs, loops, zero capacities, negative costs and isolated nodes are all allowed.
///
/// ```
/// use tiaoji_flow::{INFINITE, Network};
///
/// let mut network = Network::new();
/// let (mine, port) = (network.add_node(5), network.add_node(-5));
/// network.add_arc(mine, port, 0..=3, 2);
/// let ship = network.add_arc(mine, port, 0..=INFINITE, 7);
/// assert_eq!(tiaoji_flow::solve(&network)?.flow(ship), 2);
/// # Ok::<(), tiaoji_flow::SolveError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Network {
    supplies: Vec<i64>,
    arcs: Vec<Arc>,
}

impl Network {
    /// A network without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A network without nodes that takes so many nodes and arcs before it allocates again.
    pub fn with_capacity(nodes: usize, arcs: usize) -> Self {
        Self { supplies: Vec::with_capacity(nodes), arcs: Vec::with_capacity(arcs) }
    }

    /// Removes all nodes and arcs and keeps their memory.
    pub fn clear(&mut self) {
        self.supplies.clear();
        self.arcs.clear();
    }

    /// Adds a node that feeds `supply` into the network; a demand is a negative supply.
    ///
    /// # Panics
    ///
    /// If the network has `2^32 - 9` nodes already.
    #[inline]
    pub fn add_node(&mut self, supply: i64) -> NodeId {
        let node = NodeId::new(self.supplies.len());
        self.supplies.push(supply);
        node
    }

    /// Adds an arc with `lower..=upper` bounds; an upper bound of [`INFINITE`] is none.
    ///
    /// Bounds that leave no flow (`lower > upper`) are taken as they are: the network is then infeasible.
    ///
    /// # Panics
    ///
    /// If `tail` or `head` is not a node of this network, or it has `2^32 - 9` arcs already.
    #[inline]
    pub fn add_arc(&mut self, tail: NodeId, head: NodeId, bounds: RangeInclusive<i64>, cost: i64) -> ArcId {
        let nodes = self.supplies.len();
        assert!(tail.index() < nodes && head.index() < nodes, "an arc joins two nodes of its network");
        let arc = ArcId::new(self.arcs.len());
        let (lower, upper) = bounds.into_inner();
        self.arcs.push(Arc { lower, upper, cost, tail, head });
        arc
    }

    /// Replaces the supply of a node.
    ///
    /// # Panics
    ///
    /// If the node is not in this network.
    pub fn set_supply(&mut self, node: NodeId, supply: i64) {
        self.supplies[node.index()] = supply;
    }

    /// Replaces the bounds of an arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in this network.
    pub fn set_bounds(&mut self, arc: ArcId, bounds: RangeInclusive<i64>) {
        let arc = &mut self.arcs[arc.index()];
        (arc.lower, arc.upper) = bounds.into_inner();
    }

    /// Replaces the cost of an arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in this network.
    pub fn set_cost(&mut self, arc: ArcId, cost: i64) {
        self.arcs[arc.index()].cost = cost;
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.supplies.len()
    }

    /// How many arcs there are.
    pub fn arc_count(&self) -> usize {
        self.arcs.len()
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.supplies.len() as u32).map(NodeId)
    }

    /// The arcs, in order.
    pub fn arcs(&self) -> impl ExactSizeIterator<Item = (ArcId, &Arc)> {
        self.arcs.iter().enumerate().map(|(index, arc)| (ArcId(index as u32), arc))
    }

    /// The supply of a node.
    ///
    /// # Panics
    ///
    /// If the node is not in this network.
    pub fn supply(&self, node: NodeId) -> i64 {
        self.supplies[node.index()]
    }

    /// The supplies of all nodes, by [`NodeId::index`].
    pub fn supplies(&self) -> &[i64] {
        &self.supplies
    }

    /// An arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in this network.
    pub fn arc(&self, arc: ArcId) -> &Arc {
        &self.arcs[arc.index()]
    }
}
