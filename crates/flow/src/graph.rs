//! Networks from [`petgraph`] graphs.

use std::ops::RangeInclusive;

use petgraph::{
    Directed,
    visit::{EdgeRef, GraphProp, IntoEdgeReferences, IntoNodeIdentifiers, NodeIndexable},
};

use crate::{
    network::{ArcId, Network, NodeId},
    solution::Solution,
};

/// A network made from a directed graph, and the way back to the graph's own indices.
#[derive(Clone, Debug)]
pub struct GraphNetwork<G: IntoEdgeReferences + NodeIndexable> {
    graph: G,
    network: Network,
    edges: Vec<G::EdgeId>,
}

/// Makes a network of any directed petgraph graph: `Graph`, `StableGraph`, `GraphMap`, `MatrixGraph`, `Csr`, adaptors.
///
/// `supply` is asked once per node, `capacity` (lower to upper bound, [`INFINITE`](crate::INFINITE) for none) and
/// `cost` once per edge.
///
/// ```
/// use petgraph::{graph::DiGraph, visit::EdgeRef};
/// use tiaoji_flow::{from_graph, solve};
///
/// // Two depots, two shops; an edge weighs (capacity, cost).
/// let mut roads = DiGraph::<i64, (i64, i64)>::new();
/// let [north, south] = [7, 5].map(|stock| roads.add_node(stock));
/// let [east, west] = [-6, -6].map(|demand| roads.add_node(demand));
/// let north_east = roads.add_edge(north, east, (4, 1));
/// roads.extend_with_edges([(north, west, (9, 3)), (south, east, (9, 2)), (south, west, (9, 9))]);
///
/// let flow = from_graph(&roads, |node| roads[node], |edge| 0..=edge.weight().0, |edge| edge.weight().1);
/// let solution = solve(flow.network())?;
/// assert_eq!(solution.cost(), 29);
/// let used: Vec<_> = flow.flows(&solution).filter(|&(_, units)| units > 0).collect();
/// assert_eq!(used[0], (north_east, 1));
/// # Ok::<(), tiaoji_flow::SolveError>(())
/// ```
pub fn from_graph<G>(
    graph: G,
    mut supply: impl FnMut(G::NodeId) -> i64,
    mut capacity: impl FnMut(G::EdgeRef) -> RangeInclusive<i64>,
    mut cost: impl FnMut(G::EdgeRef) -> i64,
) -> GraphNetwork<G>
where
    G: GraphProp<EdgeType = Directed> + IntoEdgeReferences + IntoNodeIdentifiers + NodeIndexable,
{
    let mut network = Network::new();
    // A stable graph has holes where nodes were: they are nodes without arcs here, and disturb nobody.
    for _ in 0..graph.node_bound() {
        network.add_node(0);
    }
    for node in graph.node_identifiers() {
        network.set_supply(NodeId::new(graph.to_index(node)), supply(node));
    }
    let mut edges = Vec::new();
    for edge in graph.edge_references() {
        let (tail, head) = (graph.to_index(edge.source()), graph.to_index(edge.target()));
        network.add_arc(NodeId::new(tail), NodeId::new(head), capacity(edge), cost(edge));
        edges.push(edge.id());
    }
    GraphNetwork { graph, network, edges }
}

impl<G: IntoEdgeReferences + NodeIndexable> GraphNetwork<G> {
    /// The network, to be solved.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network, to go into a [`Solver`](crate::Solver).
    pub fn into_network(self) -> Network {
        self.network
    }

    /// The graph's index of a node.
    ///
    /// # Panics
    ///
    /// If the node is not in the network.
    pub fn node(&self, node: NodeId) -> G::NodeId {
        self.graph.from_index(node.index())
    }

    /// The network's index of a node.
    pub fn node_id(&self, node: G::NodeId) -> NodeId {
        NodeId::new(self.graph.to_index(node))
    }

    /// The graph's index of an arc.
    ///
    /// # Panics
    ///
    /// If the arc is not in the network.
    pub fn edge(&self, arc: ArcId) -> G::EdgeId {
        self.edges[arc.index()]
    }

    /// Every edge with its flow, in the order of the graph's `edge_references`.
    pub fn flows<'a>(&'a self, solution: &'a Solution) -> impl Iterator<Item = (G::EdgeId, i64)> + 'a {
        self.edges.iter().copied().zip(solution.flows().iter().copied())
    }

    /// The potential of a node.
    ///
    /// # Panics
    ///
    /// If the node is not in the graph.
    pub fn potential(&self, solution: &Solution, node: G::NodeId) -> i64 {
        solution.potential(self.node_id(node))
    }
}

#[cfg(test)]
mod tests {
    use petgraph::{
        csr::Csr,
        graphmap::DiGraphMap,
        stable_graph::StableDiGraph,
        visit::{EdgeRef, Reversed},
    };

    use super::*;
    use crate::solve;

    #[test]
    fn a_stable_graph_with_holes_keeps_its_indices() {
        let mut graph = StableDiGraph::<i64, i64>::new();
        let nodes: Vec<_> = [9, 2, -2, 0].into_iter().map(|supply| graph.add_node(supply)).collect();
        let gone = graph.add_edge(nodes[1], nodes[2], 1);
        let kept = [graph.add_edge(nodes[1], nodes[3], 4), graph.add_edge(nodes[3], nodes[2], 5)];
        graph.remove_node(nodes[0]);
        graph.remove_edge(gone);
        let flow = from_graph(&graph, |node| graph[node], |_| 0..=3, |edge| *edge.weight());
        let solution = solve(flow.network()).expect("the way over the last node is wide enough");
        assert_eq!(flow.flows(&solution).collect::<Vec<_>>(), kept.map(|edge| (edge, 2)));
        assert_eq!(flow.edge(ArcId::new(1)), kept[1]);
        let rise = flow.potential(&solution, nodes[2]) - flow.potential(&solution, nodes[1]);
        assert_eq!((rise, flow.node(flow.node_id(nodes[2]))), (9, nodes[2]));
    }

    #[test]
    fn other_graphs_too() {
        let map = DiGraphMap::<&str, i64>::from_edges([("b", "a", 3)]);
        let supply = |node: &str| if node == "a" { 1 } else { -1 };
        let flow = from_graph(Reversed(&map), supply, |_| 0..=1, |edge| *edge.weight());
        let solution = solve(flow.network()).expect("the reversed edge leads from a to b");
        assert_eq!((solution.cost(), flow.flows(&solution).count()), (3, 1));

        let csr = Csr::<(), i64>::from_sorted_edges(&[(0, 1, 2), (1, 2, 2)]).expect("the edges are sorted");
        let flow = from_graph(&csr, |node| 4 - 4 * i64::from(node), |_| 0..=9, |edge| *edge.weight());
        assert_eq!(solve(flow.network()).map(|solution| solution.cost()), Ok(16));
    }
}
