//! Values near the limits of 64 bits: refused by name, or right.

use tiaoji_flow::{INFINITE, Network, Overflow, SolveError, solve, verify, verify_error};

use crate::generate::Rng;

const MAX: i64 = i64::MAX;
const MIN: i64 = i64::MIN;

type ArcSpec = (usize, usize, i64, i64, i64);

fn network(supplies: &[i64], arcs: &[ArcSpec]) -> Network {
    let mut network = Network::new();
    let nodes: Vec<_> = supplies.iter().map(|&supply| network.add_node(supply)).collect();
    for &(tail, head, lower, upper, cost) in arcs {
        network.add_arc(nodes[tail], nodes[head], lower..=upper, cost);
    }
    network
}

#[derive(Debug)]
enum Expect {
    Cost(i128),
    Range,
    Flow,
    Refused(Overflow),
    Infeasible,
    Unbounded,
}

#[test]
fn refused_or_right() {
    use Overflow::{Cost, Flow, Potentials, Range, Supplies};
    let big = 1 << 61;
    let first = |network: &Network| network.arcs().next().map(|(id, _)| id).expect("the case has an arc");
    let cases: &[(&[i64], &[ArcSpec], Expect)] = &[
        (&[], &[], Expect::Cost(0)),
        (&[big, -big], &[(0, 1, 0, INFINITE, 3)], Expect::Cost(3 * i128::from(big))),
        (&[big, -big], &[(0, 1, 0, MAX - 1, big - 1)], Expect::Cost(i128::from(big) * i128::from(big - 1))),
        (&[MAX, -MAX], &[(0, 1, 0, INFINITE, 0)], Expect::Refused(Supplies)),
        (&[MAX, MIN, 1], &[(0, 1, 0, INFINITE, 0)], Expect::Refused(Supplies)),
        (&[0, 0], &[(0, 1, MIN, MAX - 1, 0)], Expect::Range),
        (&[0, 0], &[(0, 1, MIN, MIN, 0), (0, 1, MIN, MIN, 0)], Expect::Refused(Supplies)),
        (
            &[0, 0],
            &[(0, 1, MAX - 1, MAX - 1, 1), (1, 0, MAX - 1, MAX - 1, 1)],
            Expect::Cost(2 * i128::from(MAX - 1)),
        ),
        (&[0, 0], &[(0, 1, 0, 5, MAX)], Expect::Refused(Potentials { path: i128::from(MAX) })),
        (&[0, 0], &[(0, 1, 0, 5, MIN)], Expect::Refused(Potentials { path: 1 << 63 })),
        (&[1, -1], &[(0, 1, 0, 5, big - 1)], Expect::Cost(i128::from(big - 1))),
        (&[1, -1], &[(0, 1, 0, 5, 1 - big)], Expect::Cost(i128::from(1 - big))),
        (&[0, 0], &[(0, 1, 0, INFINITE, 0); 3], Expect::Cost(0)),
        // Three wide arcs pay to be filled, and only one arc without a bound leads back.
        (
            &[0, 0],
            &[(1, 0, 0, INFINITE, 1), (0, 1, 0, MAX - 1, -9), (0, 1, 0, MAX - 1, -9), (0, 1, 0, MAX - 1, -9)],
            Expect::Flow,
        ),
        (&[0, 0], &[(1, 0, 0, INFINITE, 1), (0, 1, 0, MAX - 1, -9)], Expect::Cost(-8 * i128::from(MAX - 1))),
        (&[0, 0], &[(1, 0, 0, INFINITE, 1), (0, 1, 0, INFINITE, -9)], Expect::Unbounded),
        (&[0], &[(0, 0, 0, INFINITE, -1)], Expect::Unbounded),
        (&[0], &[(0, 0, 0, MAX - 1, -1)], Expect::Cost(-i128::from(MAX - 1))),
        (&[5, -5], &[(0, 1, 9, 4, 1)], Expect::Infeasible),
        (&[big, -big], &[(1, 0, 0, INFINITE, 1), (0, 1, 0, big - 1, 1)], Expect::Infeasible),
    ];
    let many: Vec<ArcSpec> = vec![(0, 1, 0, MAX - 1, big / 4); 40];
    let refused = network(&[0, 0], &many);
    assert_eq!(solve(&refused), Err(Cost.into()));
    verify_error(&refused, &Cost.into()).expect("the sum is too large");
    for (supplies, arcs, expect) in cases {
        let network = network(supplies, arcs);
        let result = solve(&network);
        match &result {
            Ok(solution) => verify(&network, solution).expect("the certificate holds"),
            Err(error) => verify_error(&network, error).expect("the witness holds"),
        }
        let holds = match (&result, expect) {
            (Ok(solution), Expect::Cost(cost)) => solution.cost() == *cost,
            (Err(SolveError::Overflow(found)), Expect::Refused(overflow)) => found == overflow,
            (Err(SolveError::Overflow(found)), Expect::Range) => *found == Range(first(&network)),
            (Err(SolveError::Overflow(found)), Expect::Flow) => *found == Flow(first(&network)),
            (Err(SolveError::Infeasible(_)), Expect::Infeasible)
            | (Err(SolveError::Unbounded(_)), Expect::Unbounded) => true,
            _ => false,
        };
        assert!(holds, "{supplies:?} {arcs:?}: expected {expect:?}, found {result:?}");
    }
}

/// No value makes the solver panic, and what it says is true.
#[test]
fn any_values() {
    let values =
        [0, 1, -1, 5, 1 << 40, 1 << 59, -(1 << 59), 1 << 61, 1 << 62, MAX - 1, MAX, MIN, MIN + 1, MIN / 2];
    let mut solver = tiaoji_flow::Solver::default();
    for seed in 0..30_000 {
        let mut rng = Rng(seed);
        let pick = |rng: &mut Rng| values[rng.next() as usize % if seed % 2 == 0 { 7 } else { values.len() }];
        let nodes = rng.of(1..=4);
        let mut supplies: Vec<i64> =
            (1..nodes).map(|_| if rng.percent(50) { pick(&mut rng) } else { 0 }).collect();
        supplies.push(supplies.iter().fold(0_i64, |sum, &supply| sum.wrapping_sub(supply)));
        let arcs: Vec<ArcSpec> = (0..rng.of(0..=6))
            .map(|_| {
                let (a, b) = (pick(&mut rng), pick(&mut rng));
                let lower = if rng.percent(60) { 0 } else { a.min(b) };
                let ends = (rng.of(0..=nodes - 1) as usize, rng.of(0..=nodes - 1) as usize);
                (
                    ends.0,
                    ends.1,
                    lower,
                    a.max(b),
                    if rng.percent(70) { rng.of(-9..=9) } else { pick(&mut rng) },
                )
            })
            .collect();
        let network = network(&supplies, &arcs);
        solver.edit().clone_from(&network);
        for round in 0..3 {
            let network = solver.network().clone();
            match solver.solve() {
                Ok(solution) => verify(&network, solution).expect("the certificate holds"),
                Err(error) => {
                    if let Err(flaw) = verify_error(&network, &error) {
                        panic!("seed {seed}, round {round}: {flaw}: {error:?} {network:?}");
                    }
                }
            }
            // The same again from a warm start.
            if let Some((id, _)) = network.arcs().nth(rng.next() as usize % 6) {
                let (a, b) = (pick(&mut rng), pick(&mut rng));
                solver.set_bounds(id, a.min(b)..=a.max(b));
                solver.set_cost(id, pick(&mut rng));
            }
            let (node, amount) = (rng.next() as usize % supplies.len(), pick(&mut rng));
            let ids: Vec<_> = network.nodes().collect();
            solver.set_supply(ids[node], network.supply(ids[node]).wrapping_add(amount));
            solver.set_supply(ids[0], solver.network().supply(ids[0]).wrapping_sub(amount));
        }
    }
}
