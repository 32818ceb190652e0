//! A solver that is changed and solved again agrees with one that starts anew.

use std::cell::Cell;

use tiaoji_flow::{Network, NodeId, SolveError, Solver, solve};

use crate::{
    generate::{self, FAMILIES, Family, Rng},
    random::outcome,
    reference,
};

fn change(rng: &mut Rng, family: &Family, solver: &mut Solver) {
    let nodes = solver.network().node_count();
    let node = |rng: &mut Rng| NodeId::new(rng.of(0..=nodes as i64 - 1) as usize);
    let arcs: Vec<_> = solver.network().arcs().map(|(id, _)| id).collect();
    let kind = rng.of(0..=9);
    match kind {
        0..=2 if !arcs.is_empty() => {
            let arc = arcs[rng.next() as usize % arcs.len()];
            solver.set_cost(arc, rng.of(family.costs.0..=family.costs.1));
        }
        3..=5 if !arcs.is_empty() => {
            let arc = arcs[rng.next() as usize % arcs.len()];
            solver.set_bounds(arc, generate::bounds(rng, family));
        }
        6 | 7 => {
            let (from, to, amount) = (node(rng), node(rng), rng.of(1..=5));
            solver.set_supply(from, solver.network().supply(from) + amount);
            solver.set_supply(to, solver.network().supply(to) - amount);
        }
        8 => {
            let (tail, head) = (node(rng), node(rng));
            solver.add_arc(
                tail,
                head,
                generate::bounds(rng, family),
                rng.of(family.costs.0..=family.costs.1),
            );
        }
        9 if nodes < 12 => {
            let (new, amount) = (solver.add_node(0), rng.of(-3..=3));
            let (tail, head) = (node(rng), node(rng));
            solver.add_arc(tail, new, 0..=9, 1);
            solver.add_arc(new, head, 0..=9, 1);
            solver.set_supply(new, amount);
            solver.set_supply(tail, solver.network().supply(tail) - amount);
        }
        _ => {}
    }
}

#[test]
fn changes_in_any_order() {
    for seed in 0..20_000 {
        let mut rng = Rng(seed);
        let family = &FAMILIES[seed as usize % FAMILIES.len()];
        let mut solver = Solver::new(generate::network(&mut rng, family));
        for step in 0..10 {
            let before = solver.network().clone();
            let found = outcome(&mut solver);
            let expected = reference::solve(solver.network());
            assert_eq!(found, expected, "seed {seed}, step {step}: {before:?}");
            for _ in 0..rng.of(1..=4) {
                change(&mut rng, family, &mut solver);
            }
        }
    }
}

/// Every row to every column, at random costs.
fn transportation(size: usize, seed: u64) -> (Network, Vec<NodeId>, Vec<NodeId>) {
    let mut rng = Rng(seed);
    let mut network = Network::new();
    let rows: Vec<_> = (0..size).map(|_| network.add_node(20)).collect();
    let columns: Vec<_> = (0..size).map(|_| network.add_node(-20)).collect();
    for &row in &rows {
        for &column in &columns {
            network.add_arc(row, column, 0..=8, rng.of(1..=1000));
        }
    }
    (network, rows, columns)
}

#[test]
fn a_small_change_takes_few_pivots() {
    let (network, rows, columns) = transportation(60, 7);
    let mut solver = Solver::new(network);
    solver.solve().expect("equal rows and columns are feasible");
    let cold = solver.pivots();
    for (row, column) in [(3, 5), (17, 40), (59, 0)] {
        for amount in [21, 20] {
            solver.set_supply(rows[row], amount);
            solver.set_supply(columns[column], -amount);
            let before = solver.pivots();
            let found = outcome(&mut solver);
            assert!((solver.pivots() - before) * 5 < cold, "{} of {cold} pivots", solver.pivots() - before);
            assert_eq!(found, outcome(&mut Solver::new(solver.network().clone())));
        }
    }
}

#[test]
fn stopping_and_going_on() {
    let (network, ..) = transportation(150, 11);
    let mut solver = Solver::new(network.clone());
    for calls_allowed in [0, 1] {
        let calls = Cell::new(0);
        let stop = || calls.replace(calls.get() + 1) >= calls_allowed;
        assert_eq!(solver.solve_until(&stop), Err(SolveError::Stopped));
        assert_eq!(calls.get(), calls_allowed + 1);
    }
    let halfway = solver.pivots();
    let cost = solver.solve().expect("equal rows and columns are feasible").cost();
    assert!(0 < halfway && halfway < solver.pivots());
    assert_eq!(cost, solve(&network).expect("it was feasible before").cost());
}
