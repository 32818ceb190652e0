//! `tiaoji match`.

use std::path::Path;

use tiaoji_core::earlier::Earlier;
use tiaoji_formats::{Loaded, earlier_plan, plan_to_json, read_path};

use crate::args::MatchArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::limit::Interrupt;
use crate::plans;
use crate::solving;
use crate::summary;
use crate::text::Message;

/// Makes a plan, keeps it where asked, shows it.
pub fn matching(args: &MatchArgs, console: &Console) -> Result<Status, Failure> {
    let (Loaded { scenario, warnings, .. }, earlier) = match read(args) {
        Ok(read) => read,
        Err(findings) => {
            findings.tell(args.json, console)?;
            return Ok(Status::Input);
        }
    };
    Findings { warnings, ..Findings::default() }.note(console);
    if let Some(path) = &args.out {
        try_out(path)?;
    }

    let scenario = &scenario;
    let solved = solving::run(scenario, &args.solve, earlier.as_ref(), &Interrupt::listen(), None, console);
    let json = plan_to_json(scenario, &solved.plan, &solved.meta(args.prices));
    // Whatever becomes of the file, the plan is shown.
    let kept = args.out.as_deref().map_or(Ok(()), |path| write(path, &json));
    if args.json {
        console.print_bytes(&json)?;
    } else {
        console.print(&summary::of(scenario, &solved, console.language))?;
        if let (Some(path), Ok(())) = (&args.out, &kept) {
            let message = Message::PlanWritten { path: path.display().to_string() };
            console.print(&format!("\n{}\n", message.say(console.language)))?;
        }
    }
    kept.map(|()| Status::Done)
}

/// The scenario and the plan to start from, or all that is wrong with both.
fn read(args: &MatchArgs) -> Result<(Loaded, Option<Earlier>), Findings> {
    let plan = args.start_from.as_deref().map(|path| (path, plans::read(path)));
    let mut findings = Findings::default();
    let loaded = match read_path(&args.scenario) {
        Ok(loaded) => Some(loaded),
        Err(faults) => {
            findings = Findings::from(faults);
            None
        }
    };
    let mut earlier = None;
    match (plan, &loaded) {
        (Some((_, Err(not_a_plan))), _) => findings.defects.push(*not_a_plan),
        (Some((path, Ok(plan))), Some(loaded)) => {
            match earlier_plan(&loaded.scenario, &plans::name(path), &plan) {
                Ok(found) => earlier = Some(found),
                Err(defects) => findings.defects.extend(defects),
            }
        }
        _ => {}
    }
    match loaded {
        Some(loaded) if findings.defects.is_empty() => Ok((loaded, earlier)),
        Some(loaded) => Err(Findings { warnings: loaded.warnings, ..findings }),
        None => Err(findings),
    }
}

/// Fails now rather than after a long run where the file could not be written in the end.
fn try_out(path: &Path) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| Failure::Output { path: path.display().to_string(), error })
}

fn write(path: &Path, json: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, json).map_err(|error| Failure::Output { path: path.display().to_string(), error })
}
