//! Every network in `fixtures/networks` has the optimum that its comment says.

use std::{fs, path::Path};

use tiaoji_flow::{SolveError, Solver, dimacs, verify, verify_error};

#[test]
fn every_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/networks");
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("the folder of networks is there") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_none_or(|extension| extension != "min") {
            continue;
        }
        let name = path.display();
        let text = fs::read(&path).expect("the file is readable");
        let network = dimacs::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let comments = String::from_utf8_lossy(&text);
        assert!(comments.contains("c origin: made for tiaoji"), "{name} says its origin");
        let expected = comments.lines().find_map(|line| line.strip_prefix("c optimum: ")).unwrap_or("none");
        let mut solver = Solver::new(network.clone());
        let found = match solver.solve() {
            Ok(solution) => {
                verify(&network, solution).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
                solution.cost().to_string()
            }
            Err(error) => {
                verify_error(&network, &error).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
                let verdict = match error {
                    SolveError::Infeasible(_) => "infeasible",
                    SolveError::Unbounded(_) => "unbounded",
                    SolveError::Unbalanced { .. } => "unbalanced",
                    SolveError::Overflow(_) => "overflow",
                    SolveError::Stopped => "stopped",
                };
                verdict.to_owned()
            }
        };
        assert_eq!(found, expected, "{name}");
        count += 1;
    }
    assert!(count >= 10, "{count} networks");
}
