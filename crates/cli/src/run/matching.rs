//! `tiaoji match`.

use std::path::Path;

use tiaoji_formats::{plan_to_json, read_path};

use crate::args::MatchArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::limit::Interrupt;
use crate::solving;
use crate::summary;
use crate::text::Message;

/// Makes a plan, keeps it where asked, shows it.
pub fn matching(args: &MatchArgs, console: &Console) -> Result<Status, Failure> {
    let loaded = match read_path(&args.scenario) {
        Ok(loaded) => loaded,
        Err(faults) => {
            Findings::from(faults).tell(args.json, console)?;
            return Ok(Status::Input);
        }
    };
    Findings { warnings: loaded.warnings, ..Findings::default() }.note(console);
    if let Some(path) = &args.out {
        try_out(path)?;
    }

    let scenario = &loaded.scenario;
    let solved = solving::run(scenario, &args.solve, None, &Interrupt::listen(), None, console);
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

/// Fails now rather than after a long run where the file could not be written in the end.
fn try_out(path: &Path) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| Failure::Output { path: path.display().to_string(), error })
}

fn write(path: &Path, json: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, json).map_err(|error| Failure::Output { path: path.display().to_string(), error })
}
