//! The process that solves one scenario under a memory limit, so that no scenario can take the service with it.
//!
//! On its standard input comes a line of JSON (how to solve, and how many bytes the scenario has), then the scenario; when
//! the input ends, or the time limit is reached, it stops with its best plan. On its standard output it writes lines of
//! JSON: `progress` now and then, `plan` at the end.

use std::io::{self, BufRead, Read, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tiaoji_core::plan::gap;
use tiaoji_core::solve::{Options, Progress, solve, solve_unexplained};
use tiaoji_formats::{PlanMeta, engine, plan_to_json, read_json};

use crate::matching::Wanted;
use crate::solving::until;

/// How often the state of the search is told.
const TELL: Duration = Duration::from_millis(200);

/// The first line of the input.
pub fn head(wanted: &Wanted, bytes: usize, threads: usize) -> String {
    format!("{}\n", json!({ "wanted": wanted.to_json(), "bytes": bytes, "threads": threads }))
}

/// Solves what comes on standard input; `memory` in MiB.
///
/// # Errors
/// Why there is no plan, as text.
pub fn main(memory: u64) -> Result<(), String> {
    #[cfg(unix)]
    rlimit::Resource::AS.set(memory << 20, memory << 20).map_err(|error| error.to_string())?;
    let mut input = io::stdin().lock();
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| error.to_string())?;
    let head: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
    let wanted = Wanted::from_json(&head["wanted"]).ok_or("no settings")?;
    let mut scenario = vec![0; head["bytes"].as_u64().unwrap_or_default() as usize];
    input.read_exact(&mut scenario).map_err(|error| error.to_string())?;
    drop(input);

    let scenario = read_json("scenario", &scenario).map_err(|faults| faults.to_string())?.scenario;
    let (until, watch) = until(wanted.time_limit);
    std::thread::spawn(move || {
        // Whoever waits closes our input when they have had enough.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        drop(watch);
    });
    let start = Instant::now();
    let told = Mutex::new(start.checked_sub(TELL).unwrap_or(start));
    let tell = |now: Progress| {
        let Ok(mut last) = told.try_lock() else { return };
        if last.elapsed() < TELL {
            return;
        }
        *last = Instant::now();
        let gap = gap(now.objective, now.bound, now.baseline);
        say(&json!({ "progress": {
            "objective_fen": now.objective, "bound_fen": now.bound, "gap": gap, "seconds": start.elapsed().as_secs_f64(),
        } }));
    };
    let threads = head["threads"].as_u64().unwrap_or_default() as usize;
    let options = Options {
        method: wanted.method,
        gap: wanted.gap,
        stop: &until,
        threads,
        progress: Some(&tell),
        ..Options::default()
    };
    let plan =
        if wanted.explain { solve(&scenario, &options) } else { solve_unexplained(&scenario, &options) };
    let seconds = start.elapsed().as_millis() as f64 / 1000.0;
    // Prices let the explanation of the plan, and a plan that starts from it, begin where this one ended.
    let meta = PlanMeta { engine: engine(), seconds, with_prices: true };
    let text = String::from_utf8(plan_to_json(&scenario, &plan, &meta)).map_err(|error| error.to_string())?;
    say(&json!({
        "progress": { "objective_fen": plan.objective, "bound_fen": plan.bound, "gap": plan.gap(), "seconds": seconds },
        "plan": text,
    }));
    // The watching thread still waits for the end of the input.
    std::process::exit(0)
}

fn say(line: &Value) {
    let mut out = io::stdout().lock();
    // Where nobody listens any more the parent has gone, and soon so have we.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
