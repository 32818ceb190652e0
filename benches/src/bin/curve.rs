//! Bound, plan and gap over time, as CSV: `curve SCENARIO [METHOD [TARGET [SECONDS [THREADS]]]]`.
//!
//! Quality and speed are two questions: this answers both at once, for a chart or a table.

use std::{
    path::Path,
    process::ExitCode,
    sync::Mutex,
    time::{Duration, Instant},
};

use tiaoji_core::{
    plan::{Method, gap},
    solve::{Options, Progress, solve},
    stop::Stop,
};

/// Stops when its time is up.
struct Deadline(Instant);

impl Stop for Deadline {
    fn stopped(&self) -> bool {
        Instant::now() >= self.0
    }

    fn remaining(&self) -> Option<Duration> {
        Some(self.0.saturating_duration_since(Instant::now()))
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |at: usize, default: &str| args.get(at).map_or(default, String::as_str).to_owned();
    let Some(path) = args.first() else {
        eprintln!("usage: curve SCENARIO [METHOD [TARGET [SECONDS [THREADS]]]]");
        return ExitCode::from(2);
    };
    let methods = [
        ("auto", Method::Auto),
        ("daily", Method::Daily),
        ("exact", Method::Exact),
        ("priced", Method::Priced),
    ];
    let name = arg(1, "priced");
    let (Some((_, method)), Ok(target), Ok(seconds), Ok(threads)) = (
        methods.into_iter().find(|(known, _)| *known == name),
        arg(2, "0.0001").parse::<f64>(),
        arg(3, "10").parse::<f64>(),
        arg(4, "0").parse::<usize>(),
    ) else {
        eprintln!("curve: METHOD is auto, daily, exact or priced; the others are numbers");
        return ExitCode::from(2);
    };
    let loaded = match tiaoji_formats::read_path(Path::new(path)) {
        Ok(loaded) => loaded,
        Err(faults) => {
            eprintln!("curve: {path} has {} defects", faults.defects.len());
            return ExitCode::from(3);
        }
    };
    println!("seconds,objective_fen,bound_fen,gap");
    let begin = Instant::now();
    let last: Mutex<Option<Progress>> = Mutex::new(None);
    let report = |progress: Progress| {
        let Ok(mut last) = last.lock() else { return };
        let same = last.is_some_and(|old| (old.objective, old.bound) == (progress.objective, progress.bound));
        if !same {
            let gap = gap(progress.objective, progress.bound, progress.baseline);
            let seconds = begin.elapsed().as_secs_f64();
            println!("{seconds:.3},{},{},{gap:.7}", progress.objective, progress.bound);
        }
        *last = Some(progress);
    };
    let deadline = Deadline(begin + Duration::from_secs_f64(seconds));
    let options = Options {
        method,
        gap: Some(target),
        stop: &deadline,
        threads,
        progress: Some(&report),
        ..Options::default()
    };
    let plan = solve(&loaded.scenario, &options);
    let gap = gap(plan.objective, plan.bound, plan.baseline);
    println!("{:.3},{},{},{gap:.7}", begin.elapsed().as_secs_f64(), plan.objective, plan.bound);
    ExitCode::SUCCESS
}
