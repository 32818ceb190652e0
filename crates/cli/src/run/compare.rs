//! `tiaoji compare`.

use tiaoji_core::compare::{Comparison, compare as compare_plans};
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{claims, comparison_file};

use crate::args::CompareArgs;
use crate::console::{Console, Failure, Status};
use crate::plans::{self, Held};
use crate::summary::compared;

/// Tells what moved between two plans, whom it touches and what it costs.
pub fn compare(args: &CompareArgs, console: &Console) -> Result<Status, Failure> {
    let held = plans::held(&args.scenario, &[&args.before, &args.after], args.json, console)?;
    let Held { scenario, plans } = match held {
        Ok(held) => held,
        Err(status) => return Ok(status),
    };
    let [before, after] = &plans[..] else { return Ok(Status::Input) };
    let comparison = compare_plans(&scenario, &claims(&scenario, before), &claims(&scenario, after));
    console.print(&shown(&scenario, &comparison, args.json, console))?;
    Ok(if comparison.is_same() { Status::Done } else { Status::Differs })
}

fn shown(scenario: &Scenario, comparison: &Comparison, json: bool, console: &Console) -> String {
    if !json {
        return compared::of(scenario, comparison, console.language);
    }
    let text = serde_json::to_string_pretty(&comparison_file(scenario, comparison));
    text.unwrap_or_else(|error| unreachable!("texts serialise: {error}")) + "\n"
}
