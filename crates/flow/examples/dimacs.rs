//! Solves a minimum-cost flow in DIMACS format: `dimacs FILE.min [--flows]`.
//!
//! Standard output has `s COST`, then with `--flows` one `f FROM TO FLOW` per arc in the order of the file. Standard
//! error has the time without reading and the check of the certificate. Exit status: 0 solved, 1 the network has no
//! optimum or its numbers are too large (with a witness), 2 wrong usage, 3 the file is missing or not DIMACS.

use std::{
    env, fs,
    io::{self, BufWriter, Write},
    process::ExitCode,
    time::Instant,
};

use tiaoji_flow::{
    Infeasible, Network, Overflow, Solution, SolveError, Unbounded, dimacs, solve, verify, verify_error,
};

fn main() -> ExitCode {
    let (flags, files): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let [file] = &files[..] else { return usage() };
    if flags.iter().any(|flag| flag != "--flows") {
        return usage();
    }
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(3);
        }
    };
    let network = match dimacs::read(&text) {
        Ok(network) => network,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(3);
        }
    };
    let start = Instant::now();
    let result = solve(&network);
    let micros = start.elapsed().as_micros();
    eprintln!("solve_ms {}.{:03}", micros / 1000, micros % 1000);
    match result {
        Ok(solution) => {
            if let Err(flaw) = verify(&network, &solution) {
                eprintln!("certificate fails: {flaw}");
                return ExitCode::from(4);
            }
            eprintln!("certificate holds");
            match print(&network, &solution, !flags.is_empty()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    eprintln!("{error}");
                    ExitCode::from(4)
                }
                _ => ExitCode::SUCCESS,
            }
        }
        Err(error) => {
            eprintln!("{error}");
            eprintln!("{}", witness(&network, &error));
            match verify_error(&network, &error) {
                Ok(()) => eprintln!("witness holds"),
                Err(flaw) => {
                    eprintln!("witness fails: {flaw}");
                    return ExitCode::from(4);
                }
            }
            ExitCode::from(1)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: dimacs FILE.min [--flows]");
    ExitCode::from(2)
}

fn print(network: &Network, solution: &Solution, flows: bool) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "s {}", solution.cost())?;
    if flows {
        for ((_, arc), flow) in network.arcs().zip(solution.flows()) {
            writeln!(out, "f {} {} {flow}", arc.tail.index() + 1, arc.head.index() + 1)?;
        }
    }
    out.flush()
}

/// The witness in the numbers of the file: nodes and arcs are counted from 1, an arc is `number (tail, head)`.
fn witness(network: &Network, error: &SolveError) -> String {
    let arc = |id: tiaoji_flow::ArcId| {
        let arc = network.arc(id);
        format!("{} ({}, {})", id.index() + 1, arc.tail.index() + 1, arc.head.index() + 1)
    };
    match error {
        SolveError::Infeasible(Infeasible::Cut(nodes)) => {
            let nodes: Vec<String> = nodes.iter().map(|node| (node.index() + 1).to_string()).collect();
            format!("witness: cut around the nodes {}", nodes.join(" "))
        }
        SolveError::Unbounded(Unbounded { cycle, .. }) => {
            let arcs: Vec<String> = cycle.iter().map(|&id| arc(id)).collect();
            format!("witness: cycle of the arcs of the file {}", arcs.join(" "))
        }
        SolveError::Infeasible(Infeasible::Bounds(id))
        | SolveError::Overflow(Overflow::Range(id) | Overflow::Flow(id)) => {
            format!("witness: arc {}", arc(*id))
        }
        SolveError::Unbalanced { .. } | SolveError::Overflow(_) | SolveError::Stopped => {
            "witness: the sum itself".to_owned()
        }
    }
}
