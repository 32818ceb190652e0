//! Solving with a clock, a Ctrl-C key and a progress line.

use std::time::Instant;

use tiaoji_core::earlier::Earlier;
use tiaoji_core::plan::Plan;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::stop::Stop;
use tiaoji_formats::{PlanMeta, engine};

use crate::args::SolveArgs;
use crate::console::Console;
use crate::limit::{Interrupt, Limit};
use crate::progress;

/// A plan, and how the run went.
pub struct Solved {
    /// The plan.
    pub plan: Plan,
    /// How long it took, in whole milliseconds.
    pub seconds: f64,
    /// Whether something stopped the run before it had proven the best.
    pub stopped: Option<StoppedBy>,
}

/// What stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedBy {
    /// The time limit.
    Limit,
    /// Ctrl-C.
    Key,
}

/// Solves a scenario, from an earlier plan where there is one; the time limit runs from here. The progress line stands under `title`, if any.
pub fn run(
    scenario: &Scenario,
    args: &SolveArgs,
    start_from: Option<&Earlier>,
    interrupt: &Interrupt,
    title: Option<&str>,
    console: &Console,
) -> Solved {
    let start = Instant::now();
    let limit = Limit::start(args.time_limit, interrupt);
    let plan = progress::shown(console.language, title, &limit, |progress| {
        let threads = args.threads.map_or(0, usize::from);
        let (method, gap) = (args.method, args.gap);
        solve(
            scenario,
            &Options { method, gap, start_from, neighbours: &[], stop: &limit, threads, progress },
        )
    });
    let milliseconds = start.elapsed().as_millis();
    let stopped = match () {
        () if plan.is_optimal() => None,
        () if interrupt.pressed() => Some(StoppedBy::Key),
        () if limit.stopped() => Some(StoppedBy::Limit),
        () => None,
    };
    Solved { plan, seconds: milliseconds as f64 / 1000.0, stopped }
}

impl Solved {
    /// What stands in a plan file beside the plan.
    pub fn meta(&self, with_prices: bool) -> PlanMeta {
        PlanMeta { engine: engine(), seconds: self.seconds, with_prices }
    }
}
