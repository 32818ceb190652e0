//! The families, each from a size and a seed.

use netgen_rs::NetgenParams;
use tiaoji_flow::{ArcId, Network, NodeId};

/// What one family measures and in which sizes.
pub struct Family {
    /// Its name, without spaces.
    pub name: &'static str,
    /// Sizes for the comparison with other solvers, smallest first.
    pub sizes: &'static [usize],
    /// The network of a size.
    pub network: fn(usize) -> Network,
}

/// Every family.
pub const FAMILIES: [Family; 11] = [
    Family { name: "labour", sizes: &[150, 400, 800, 1_500, 3_000, 5_000], network: labour },
    Family { name: "netgen-8", sizes: &[256, 1_024, 4_096, 16_384, 65_536], network: netgen_8 },
    Family { name: "netgen-sr", sizes: &[64, 256, 1_024], network: netgen_sr },
    Family { name: "netgen-classic", sizes: &[11, 15, 16, 20, 27, 35, 36, 38], network: netgen_classic },
    Family { name: "grid", sizes: &[16, 64, 128, 256], network: grid },
    Family { name: "assignment", sizes: &[32, 100, 300, 500, 1_000], network: assignment },
    Family { name: "assignment-sparse", sizes: &[500, 5_000, 50_000], network: assignment_sparse },
    Family { name: "transportation", sizes: &[32, 100, 300, 1_000], network: transportation },
    Family { name: "equal-costs", sizes: &[100, 200, 400, 800], network: equal_costs },
    Family { name: "two-costs", sizes: &[100, 200, 400, 800], network: two_costs },
    Family { name: "zero-grid", sizes: &[16, 32, 64, 128], network: zero_grid },
];

/// `SplitMix64`: the same sequence everywhere.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A value from `low` to `high`, near enough to uniform.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + ((z ^ (z >> 31)) % (high - low + 1) as u64) as i64
    }

    /// An index below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.between(0, count as i64 - 1) as usize
    }
}

/// Lenders of 1 to 40 people, borrowers of 1 to 60, a tenth of the pairs (where they would be too many: 40 a lender) at
/// 1,000 to 20,000; a hub takes idle people at 0 and fills what stays open at 30,000 to 60,000.
pub fn labour(side: usize) -> Network {
    let rng = &mut Rng::new(1_000 + side as u64);
    let pairs = if side <= 1_500 { side * side / 10 } else { 40 * side };
    let mut network = Network::with_capacity(2 * side + 1, 2 * side + pairs);
    let lenders: Vec<i64> = (0..side).map(|_| rng.between(1, 40)).collect();
    let borrowers: Vec<i64> = (0..side).map(|_| rng.between(1, 60)).collect();
    let lender_nodes: Vec<NodeId> = lenders.iter().map(|&people| network.add_node(people)).collect();
    let borrower_nodes: Vec<NodeId> = borrowers.iter().map(|&people| network.add_node(-people)).collect();
    let balance = borrowers.iter().sum::<i64>() - lenders.iter().sum::<i64>();
    let hub = network.add_node(balance);
    for (i, &lender) in lender_nodes.iter().enumerate() {
        for (j, &borrower) in borrower_nodes.iter().enumerate() {
            if rng.below(side * side) < pairs {
                let most = lenders[i].min(borrowers[j]);
                network.add_arc(lender, borrower, 0..=most, rng.between(1_000, 20_000));
            }
        }
    }
    for (&node, &people) in lender_nodes.iter().zip(&lenders) {
        network.add_arc(node, hub, 0..=people, 0);
    }
    for (&node, &people) in borrower_nodes.iter().zip(&borrowers) {
        network.add_arc(hub, node, 0..=people, rng.between(30_000, 60_000));
    }
    network
}

/// NETGEN with 8 arcs a node, as Kovács (2015) calls it: as many sources and sinks as the root of the nodes, 1,000 units
/// each, costs to 10,000 and capacities to 1,000.
pub fn netgen_8(nodes: usize) -> Network {
    netgen_uniform(nodes, 8 * nodes)
}

/// NETGEN with as many arcs a node as the root of the nodes.
pub fn netgen_sr(nodes: usize) -> Network {
    netgen_uniform(nodes, nodes * nodes.isqrt())
}

fn netgen_uniform(nodes: usize, arcs: usize) -> Network {
    let ends = nodes.isqrt() as i64;
    netgen(
        nodes as i64,
        [nodes as i64, ends, ends, arcs as i64, 1, 10_000, 1_000 * ends, 0, 0, 0, 100, 1, 1_000],
    )
}

/// NETGEN in the sizes of this problem of Klingman, Napier and Stutz (1974): assignment (11, 15) and transshipment.
/// Their transportation problems are missing: without transshipment nodes `netgen_rs` 0.1.0 panics.
///
/// # Panics
///
/// If the number is not one of those listed in [`FAMILIES`].
pub fn netgen_classic(number: usize) -> Network {
    let parameters = match number {
        11 => [400, 200, 200, 1_500, 1, 100, 200, 0, 0, 0, 0, 1, 1],
        15 => [400, 200, 200, 4_500, 1, 100, 200, 0, 0, 0, 0, 1, 1],
        16 => [400, 8, 60, 1_306, 1, 100, 400_000, 0, 0, 30, 20, 16_000, 30_000],
        20 => [400, 8, 60, 1_416, 1, 100, 400_000, 5, 50, 30, 40, 16_000, 30_000],
        27 => [400, 4, 12, 2_676, 1, 100, 400_000, 0, 0, 30, 80, 20_000, 120_000],
        35 => [1_500, 75, 75, 5_730, 1, 100, 1_500_000, 0, 0, 0, 0, 1, 1],
        36 => [8_000, 200, 1_000, 15_000, 1, 100, 4_000_000, 100, 300, 0, 30, 500, 1_000],
        38 => [3_000, 125, 500, 35_000, 1, 100, 2_000_000, 25, 50, 0, 0, 1, 1],
        _ => panic!("problem {number} is not listed"),
    };
    netgen(13_502_460, parameters)
}

fn netgen(seed: i64, parameters: [i64; 13]) -> Network {
    let parameters = NetgenParams::from_slice(&parameters).expect("thirteen parameters");
    let made = netgen_rs::generate(seed, &parameters).expect("the parameters are valid");
    let mut network = Network::with_capacity(made.supply.len(), made.arcs.len());
    let nodes: Vec<NodeId> = made.supply.iter().map(|&supply| network.add_node(supply)).collect();
    for arc in &made.arcs {
        let [tail, head] = [arc.from, arc.to].map(|number| nodes[number as usize - 1]);
        network.add_arc(tail, head, 0..=arc.capacity, arc.cost);
    }
    network
}

/// A torus of `side * side` nodes with arcs both ways and one to the node three right and two down, costs to 10,000 and
/// capacities to 1,000; as many sources and sinks as the side.
pub fn grid(side: usize) -> Network {
    grid_to(side, 10_000)
}

/// As [`grid`], with every arc at 0.
pub fn zero_grid(side: usize) -> Network {
    let mut network = grid_to(side, 1);
    for arc in 0..network.arc_count() {
        network.set_cost(ArcId::new(arc), 0);
    }
    network
}

fn grid_to(side: usize, dearest: i64) -> Network {
    let rng = &mut Rng::new(3_000 + side as u64);
    let mut network = Network::with_capacity(side * side, 5 * side * side);
    let nodes: Vec<NodeId> = (0..side * side).map(|_| network.add_node(0)).collect();
    let at = |row: usize, column: usize| nodes[row % side * side + column % side];
    for row in 0..side {
        for column in 0..side {
            let here = at(row, column);
            let right = at(row, column + 1);
            let down = at(row + 1, column);
            for (tail, head) in
                [(here, right), (right, here), (here, down), (down, here), (here, at(row + 2, column + 3))]
            {
                network.add_arc(tail, head, 0..=rng.between(100, 1_000), rng.between(1, dearest));
            }
        }
    }
    for _ in 0..side {
        let [from, to] = [(); 2].map(|()| nodes[rng.below(nodes.len())]);
        let amount = rng.between(1, 100);
        network.set_supply(from, network.supply(from) + amount);
        network.set_supply(to, network.supply(to) - amount);
    }
    network
}

/// Every row to every column, one unit each, at 1 to 100,000.
pub fn assignment(side: usize) -> Network {
    let rng = &mut Rng::new(4_000 + side as u64);
    bipartite(&vec![1; side], &vec![1; side], || rng.between(1, 100_000))
}

/// Every row to every column, one unit each, at 5: every assignment is optimal.
pub fn equal_costs(side: usize) -> Network {
    bipartite(&vec![1; side], &vec![1; side], || 5)
}

/// Every row to every column, one unit each, at 0 in one of eight random pairs and else at 1.
pub fn two_costs(side: usize) -> Network {
    let rng = &mut Rng::new(7_000 + side as u64);
    bipartite(&vec![1; side], &vec![1; side], || i64::from(rng.below(8) > 0))
}

/// Rows and columns of one unit each, with eight random arcs a row and one more that keeps the network feasible.
pub fn assignment_sparse(side: usize) -> Network {
    let rng = &mut Rng::new(5_000 + side as u64);
    let mut network = Network::with_capacity(2 * side, 9 * side);
    let rows: Vec<NodeId> = (0..side).map(|_| network.add_node(1)).collect();
    let columns: Vec<NodeId> = (0..side).map(|_| network.add_node(-1)).collect();
    for (i, &row) in rows.iter().enumerate() {
        network.add_arc(row, columns[i], 0..=1, rng.between(1, 100_000));
        for _ in 0..8 {
            network.add_arc(row, columns[rng.below(side)], 0..=1, rng.between(1, 100_000));
        }
    }
    network
}

/// Every row to every column at 1 to 10,000, rows and columns of 1 to 200 units that sum to the same.
pub fn transportation(side: usize) -> Network {
    let rng = &mut Rng::new(6_000 + side as u64);
    let mut rows: Vec<i64> = (0..side).map(|_| rng.between(1, 200)).collect();
    let mut columns: Vec<i64> = (0..side).map(|_| rng.between(1, 200)).collect();
    let surplus = rows.iter().sum::<i64>() - columns.iter().sum::<i64>();
    let short = if surplus > 0 { &mut columns } else { &mut rows };
    for _ in 0..surplus.abs() {
        short[rng.below(side)] += 1;
    }
    bipartite(&rows, &columns, || rng.between(1, 10_000))
}

/// Every row to every column, at the next cost.
fn bipartite(rows: &[i64], columns: &[i64], mut cost: impl FnMut() -> i64) -> Network {
    let mut network = Network::with_capacity(rows.len() + columns.len(), rows.len() * columns.len());
    let tails: Vec<NodeId> = rows.iter().map(|&supply| network.add_node(supply)).collect();
    let heads: Vec<NodeId> = columns.iter().map(|&demand| network.add_node(-demand)).collect();
    for (&tail, &supply) in tails.iter().zip(rows) {
        for (&head, &demand) in heads.iter().zip(columns) {
            network.add_arc(tail, head, 0..=supply.min(demand), cost());
        }
    }
    network
}

#[cfg(test)]
mod tests {
    use tiaoji_flow::{solve, verify};

    use super::*;

    #[test]
    fn the_smallest_of_every_family_is_solved() {
        for family in &FAMILIES {
            let network = (family.network)(family.sizes[0]);
            let solution = solve(&network).expect(family.name);
            verify(&network, &solution).expect(family.name);
        }
    }

    /// The optima on which LEMON, OR-Tools and this crate agree (`peers/run.sh`).
    #[test]
    fn netgen_has_the_optima_that_others_find() {
        let check = |network: Network, optimum: i128| {
            let solution = solve(&network).expect("NETGEN makes feasible networks");
            verify(&network, &solution).expect("the certificate holds");
            assert_eq!(solution.cost(), optimum);
        };
        check(netgen_classic(11), 4_991);
        check(netgen_classic(15), 2_460);
        check(netgen_classic(16), 66_644_957);
        check(netgen_classic(20), 79_562_354);
        check(netgen_classic(27), 51_296_683);
        check(netgen_classic(35), 150_900_302);
        check(netgen_classic(36), 992_441_814);
        check(netgen_classic(38), 75_088_354);
        check(netgen_8(256), 121_945_028);
        check(netgen_8(1_024), 275_907_943);
        check(netgen_8(4_096), 643_022_257);
        check(netgen_sr(64), 54_928_643);
        check(netgen_sr(256), 72_771_478);
        check(netgen_sr(1_024), 107_907_828);
    }
}
