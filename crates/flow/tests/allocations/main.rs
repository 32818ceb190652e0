//! Solving again allocates nothing while the network keeps its shape. Alone in its program, for it counts with an
//! allocator of its own.

use allocation_counter::measure;
use tiaoji_flow::{ArcId, Network, NodeId, Solver};

const SIDE: usize = 40;

/// Every row to every column, and a hub that takes and gives what is left over: dense enough for two parts of pricing.
fn network(shift: usize) -> Network {
    let mut network = Network::new();
    let rows: Vec<NodeId> = (0..SIDE).map(|i| network.add_node(5 + (i % 7) as i64)).collect();
    let columns: Vec<NodeId> = (0..SIDE).map(|j| network.add_node(-6 - (j % 5) as i64)).collect();
    let sum: i64 = network.supplies().iter().sum();
    let hub = network.add_node(-sum);
    for (i, &row) in rows.iter().enumerate() {
        for (j, &column) in columns.iter().enumerate() {
            network.add_arc(row, column, 0..=9, ((i * 31 + j * 17 + shift) * 7919 % 1000) as i64);
        }
        network.add_arc(row, hub, 0..=99, 0);
    }
    for &column in &columns {
        network.add_arc(hub, column, 0..=99, 2000);
    }
    network
}

/// Solves without an allocation; the cost.
fn again(solver: &mut Solver) -> i128 {
    let mut cost = 0;
    let counted = measure(|| cost = solver.solve().expect("the hub takes what is left over").cost());
    assert_eq!(counted.count_total, 0, "{counted:?}");
    cost
}

#[test]
fn from_the_last_tree() {
    let mut solver = Solver::new(network(0));
    solver.solve().expect("the hub takes what is left over");
    let pivots = solver.pivots();
    for round in 0..200 {
        let arc = ArcId::new(round * 97 % (SIDE * SIDE));
        match round % 3 {
            0 => solver.set_cost(arc, (round * 7919 % 1000) as i64),
            1 => solver.set_bounds(arc, 0..=(round % 9) as i64),
            _ => {
                let [row, column] = [round % SIDE, SIDE + round % SIDE].map(NodeId::new);
                for (node, more) in [(row, 2), (column, -2)] {
                    let supply = solver.network().supply(node) + more;
                    solver.set_supply(node, supply);
                }
            }
        }
        let cost = again(&mut solver);
        let anew = Solver::new(solver.network().clone()).solve().expect("as before").cost();
        assert_eq!(cost, anew);
    }
    assert!(solver.pivots() > pivots + 100);
}

#[test]
fn another_network_in_the_same_memory() {
    let mut solver = Solver::new(network(0));
    solver.solve().expect("the hub takes what is left over");
    for shift in 1..20 {
        solver.edit().clone_from(&network(shift));
        again(&mut solver);
    }
}
