//! Arcs of convex cost against all ways to share the flow out.

use tiaoji_flow::{INFINITE, Network, NotConvex, Solver, solve, verify};

use crate::generate::Rng;

/// The cost of so many units, or none if they do not fit.
fn cost(pieces: &[(i64, i64)], mut units: i64) -> Option<i128> {
    let mut sum = 0;
    for &(capacity, cost) in pieces {
        let here = units.min(capacity);
        sum += i128::from(here * cost);
        units -= here;
    }
    (units == 0).then_some(sum)
}

/// The least cost of so many units over all arcs, by trying every share of the first.
fn least(arcs: &[Vec<(i64, i64)>], units: i64) -> Option<i128> {
    match arcs {
        [] => (units == 0).then_some(0),
        [first, rest @ ..] => {
            (0..=units).filter_map(|share| Some(cost(first, share)? + least(rest, units - share)?)).min()
        }
    }
}

#[test]
fn all_shares() {
    let mut feasible = 0;
    for seed in 0..2_000 {
        let mut rng = Rng(seed);
        let units = rng.of(0..=12);
        let arcs: Vec<Vec<(i64, i64)>> = (0..rng.of(1..=3))
            .map(|_| {
                let mut level = rng.of(-4..=6);
                (0..rng.of(0..=4))
                    .map(|_| {
                        level += rng.of(0..=3);
                        (rng.of(0..=4), level)
                    })
                    .collect()
            })
            .collect();
        let mut network = Network::new();
        let [from, to] = [units, -units].map(|supply| network.add_node(supply));
        let mut solver = Solver::new(network.clone());
        let ids: Vec<_> = arcs
            .iter()
            .map(|pieces| network.add_convex_arc(from, to, pieces).expect("levels rise"))
            .collect();
        assert_eq!(solver.solve().is_ok(), units == 0);
        for pieces in &arcs {
            solver.add_convex_arc(from, to, pieces).expect("levels rise");
        }
        assert_eq!(solver.network(), &network);
        let Some(expected) = least(&arcs, units) else {
            assert!(solve(&network).is_err() && solver.solve().is_err(), "seed {seed}");
            continue;
        };
        feasible += 1;
        let solution = solve(&network).expect("the units fit");
        verify(&network, &solution).expect("the certificate holds");
        assert_eq!(solution.cost(), expected, "seed {seed}");
        assert_eq!(solver.solve().expect("the units fit").cost(), expected, "seed {seed}");
        let shares: Vec<i64> = ids.iter().map(|&arc| solution.convex_flow(arc) as i64).collect();
        let total: i128 = arcs.iter().zip(&shares).filter_map(|(pieces, &share)| cost(pieces, share)).sum();
        assert_eq!((shares.iter().sum(), total), (units, expected), "seed {seed}");
    }
    assert!(feasible > 1_000, "{feasible}");
}

#[test]
fn a_cost_that_falls_is_refused() {
    let mut network = Network::new();
    let node = network.add_node(0);
    let refused = network.add_convex_arc(node, node, &[(1, 5), (1, 5), (INFINITE, 4)]);
    assert_eq!(refused, Err(NotConvex { piece: 2 }));
    assert_eq!(network.arc_count(), 0);
    assert_eq!(network.add_convex_arc(node, node, &[]).map(|arc| arc.pieces().len()), Ok(0));
}
