//! What a sweep saves against solving each policy alone, both with all threads unless told how many: `sweep SCENARIO FIELD VALUES
//! [GAP [THREADS]]`.
//!
//! Prints what each took, the worst gap of each, and whether any plan of one is refuted by a bound of the other.

use std::{path::Path, process::ExitCode, time::Instant};

use tiaoji_core::{
    analysis::sweep::sweep,
    plan::Plan,
    solve::{Options, solve_unexplained},
    stop::Never,
};
use tiaoji_formats::{sweep_values, to_draft, with_cells};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, field, values, rest @ ..] = &args[..] else {
        eprintln!("usage: sweep SCENARIO FIELD VALUES [GAP [THREADS]]");
        return ExitCode::from(2);
    };
    let gap = rest.first().and_then(|gap| gap.parse().ok());
    let threads = rest.get(1).and_then(|threads| threads.parse().ok()).unwrap_or(0);
    let (Ok(loaded), Some(values)) = (tiaoji_formats::read_path(Path::new(path)), sweep_values(values))
    else {
        eprintln!("sweep: {path} has defects, or {values} are no values");
        return ExitCode::from(3);
    };
    let draft = to_draft(&loaded.scenario);
    let scenarios: Vec<_> = values
        .iter()
        .filter_map(|value| with_cells(&draft, &[(field.clone(), value.clone())]).ok())
        .collect();
    let options = Options { gap, threads, ..Options::default() };

    let now = Instant::now();
    let cold: Vec<Plan> = scenarios.iter().map(|scenario| solve_unexplained(scenario, &options)).collect();
    let alone = now.elapsed().as_secs_f64();
    let now = Instant::now();
    let warm = sweep(&scenarios, None, &options, &|| Never);
    let together = now.elapsed().as_secs_f64();

    let worst = |plans: &[Plan]| plans.iter().map(Plan::gap).fold(0.0, f64::max);
    let refuted =
        cold.iter().zip(&warm).filter(|(a, b)| a.objective < b.bound || b.objective < a.bound).count();
    println!("{} policies of {path}, {field}", scenarios.len());
    println!("  alone     {alone:8.3} s, worst gap {:.6}", worst(&cold));
    println!("  together  {together:8.3} s, worst gap {:.6}", worst(&warm));
    println!("  {:.2} times faster; refuted {refuted}", alone / together);
    ExitCode::SUCCESS
}
