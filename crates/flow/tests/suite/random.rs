//! Many random networks: the same verdict and cost as the reference, and a certificate or witness that holds.

use tiaoji_flow::{Network, SolveError, Solver, verify, verify_error};

use crate::{
    generate::{self, FAMILIES, Rng},
    reference::{self, Outcome},
};

/// The verdict of the solver, its certificate or witness checked.
pub fn outcome(solver: &mut Solver) -> Outcome {
    let network = solver.network().clone();
    match solver.solve() {
        Ok(solution) => {
            verify(&network, solution).expect("the certificate holds");
            Outcome::Optimal(solution.cost())
        }
        Err(error) => {
            verify_error(&network, &error).expect("the witness holds");
            match error {
                SolveError::Unbalanced { .. } => Outcome::Unbalanced,
                SolveError::Infeasible(_) => Outcome::Infeasible,
                SolveError::Unbounded(_) => Outcome::Unbounded,
                SolveError::Overflow(_) | SolveError::Stopped => panic!("small numbers are solved: {error}"),
            }
        }
    }
}

fn agree(family: usize, seeds: u64) -> [u32; 4] {
    let mut solver = Solver::default();
    let mut counts = [0; 4];
    for seed in 0..seeds {
        let mut rng = Rng(seed << 8 | family as u64);
        let network: Network = generate::network(&mut rng, &FAMILIES[family]);
        let expected = reference::solve(&network);
        solver.edit().clone_from(&network);
        assert_eq!(outcome(&mut solver), expected, "family {family}, seed {seed}: {network:?}");
        counts[match expected {
            Outcome::Optimal(_) => 0,
            Outcome::Unbalanced => 1,
            Outcome::Infeasible => 2,
            Outcome::Unbounded => 3,
        }] += 1;
    }
    counts
}

#[test]
fn three_hundred_thousand_networks() {
    let mut total = [0; 4];
    for family in 0..FAMILIES.len() {
        let counts = agree(family, 50_000);
        println!("family {family}: optimal, unbalanced, infeasible, unbounded = {counts:?}");
        for (total, count) in total.iter_mut().zip(counts) {
            *total += count;
        }
    }
    assert!(total.iter().sum::<u32>() >= 300_000);
    assert!(total.iter().all(|&count| count >= 1_000), "every verdict is well represented: {total:?}");
}
