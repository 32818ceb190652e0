//! Networks where most pivots move nothing: they end, and after no more pivots than a generous multiple of the arcs.

use tiaoji_flow::{Network, NodeId, Solver, verify};

use crate::{
    generate::Rng,
    reference::{self, Outcome},
};

fn finish(name: &str, network: Network, cost: i128) {
    let arcs = network.arc_count() as u64;
    let mut solver = Solver::new(network);
    let solution = solver.solve().expect(name).clone();
    verify(solver.network(), &solution).expect(name);
    assert_eq!(solution.cost(), cost, "{name}");
    assert!(solver.pivots() <= 20 * arcs, "{name}: {} pivots on {arcs} arcs", solver.pivots());
}

/// Every row to every column, one unit each.
fn assignment(size: usize, cost: impl Fn(usize, usize) -> i64) -> Network {
    let mut network = Network::with_capacity(2 * size, size * size);
    let rows: Vec<NodeId> = (0..size).map(|_| network.add_node(1)).collect();
    let columns: Vec<NodeId> = (0..size).map(|_| network.add_node(-1)).collect();
    for (i, &row) in rows.iter().enumerate() {
        for (j, &column) in columns.iter().enumerate() {
            network.add_arc(row, column, 0..=1, cost(i, j));
        }
    }
    network
}

/// A torus of arcs right and down.
fn grid(side: usize, mut cost: impl FnMut() -> i64, supply: i64) -> Network {
    let mut network = Network::new();
    let nodes: Vec<NodeId> = (0..side * side).map(|_| network.add_node(0)).collect();
    for row in 0..side {
        for column in 0..side {
            let here = nodes[row * side + column];
            network.add_arc(here, nodes[row * side + (column + 1) % side], 0..=2 * supply, cost());
            network.add_arc(here, nodes[(row + 1) % side * side + column], 0..=2 * supply, cost());
        }
    }
    network.set_supply(nodes[0], supply);
    network.set_supply(nodes[side * side / 2 + side / 2], -supply);
    network
}

#[test]
fn families_end() {
    finish("assignment of equal costs", assignment(60, |_, _| 5), 300);
    finish("assignment of zeros", assignment(60, |_, _| 0), 0);
    finish("assignment of two costs", assignment(60, |i, j| i64::from(i != j)), 0);
    finish(
        "assignment of products",
        assignment(60, |i, j| (i * j) as i64),
        (0..60).map(|i| i * (59 - i)).sum(),
    );
    finish("grid of zeros", grid(30, || 0, 5), 0);
    finish("grid of ones", grid(30, || 1, 5), 5 * 30);
    finish("grid of zeros with nothing to send", grid(30, || 0, 0), 0);
    let mut rng = Rng(1);
    let network = grid(12, || rng.of(0..=1), 3);
    let Outcome::Optimal(cost) = reference::solve(&network) else { panic!("a torus has ways enough") };
    finish("grid of zeros and ones", network, cost);
}
