//! Small scenarios, as a program asks for them by the thousand: `small [METHOD [TARGET [ROUNDS]]]`.
//!
//! Sixteen made-up zones of ten postings a side, dense ones (some forty admissible pairs) and sparse ones as `tiaoji
//! generate` makes them; each is solved `ROUNDS` times on one thread. Says for each the processor time of a solve in
//! milliseconds and the gap.

use std::process::ExitCode;

use rustix::time::{ClockId, clock_gettime};
use tiaoji_core::draft::{Cell, ScenarioDraft};
use tiaoji_core::plan::{Method, gap};
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::{GenerateOptions, draft_to_json, generate, read_json};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let method = match args.first().map_or("auto", String::as_str) {
        "auto" => Method::Auto,
        "daily" => Method::Daily,
        "exact" => Method::Exact,
        "priced" => Method::Priced,
        _ => {
            eprintln!("usage: small [auto|daily|exact|priced [TARGET [ROUNDS]]]");
            return ExitCode::from(2);
        }
    };
    let target: Option<f64> = args.get(1).and_then(|text| text.parse().ok());
    let rounds: u32 = args.get(2).and_then(|text| text.parse().ok()).unwrap_or(20);
    let options = Options { method, gap: target, threads: 1, ..Options::default() };
    println!("kind,seed,pairs,parts,milliseconds,gap");
    for (kind, dense) in [("dense", true), ("sparse", false)] {
        let mut sum = 0.0;
        for seed in 1..=SEEDS {
            let Ok(loaded) = read_json("small", &draft_to_json(&small(seed, dense))) else {
                eprintln!("small: the generator made a scenario with defects");
                return ExitCode::FAILURE;
            };
            let begin = processor_time();
            for _ in 1..rounds {
                std::hint::black_box(solve(&loaded.scenario, &options));
            }
            let plan = solve(&loaded.scenario, &options);
            let each = (processor_time() - begin) * 1e3 / f64::from(rounds);
            sum += each;
            let pairs: usize = plan.components.iter().map(|part| part.pairs).sum();
            let gap = gap(plan.objective, plan.bound, plan.baseline);
            println!("{kind},{seed},{pairs},{},{each:.3},{gap:.7}", plan.components.len());
        }
        println!("{kind},mean,,,{:.3},", sum / SEEDS as f64);
    }
    ExitCode::SUCCESS
}

const SEEDS: u64 = 16;

/// Twelve firms within 6 km; the dense ones in three skills only, so that much fits much.
fn small(seed: u64, dense: bool) -> ScenarioDraft {
    let size = GenerateOptions {
        firms: 12,
        surplus: 10,
        shortage: 10,
        days: 30,
        span_km: Some(6),
        seed,
        ..GenerateOptions::default()
    };
    let mut draft = generate(&size);
    if dense {
        let skill = |n: usize| Cell::Value(format!("K{:02}", n % 3 + 1));
        for (n, row) in draft.surplus.rows.iter_mut().enumerate() {
            row.cells.skill = skill(n);
        }
        for (n, row) in draft.shortage.rows.iter_mut().enumerate() {
            row.cells.skill = skill(n);
        }
    }
    draft
}

/// Seconds of processor time of this thread.
fn processor_time() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}
