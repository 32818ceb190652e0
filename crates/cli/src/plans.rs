//! Files beside the scenario on their way in: plans first of all.

use std::path::Path;

use tiaoji_core::scenario::Scenario;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Loaded, PlanFile, Report, check_plan, read_path, read_plan};

use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::text::Message;

/// Reads a plan file.
pub fn read(path: &Path) -> Result<PlanFile, Box<Report>> {
    match std::fs::read(path) {
        Ok(bytes) => read_plan(&name(path), &bytes),
        Err(error) => Err(Box::new(unread(path, &error))),
    }
}

/// Why a file beside the scenario cannot be read.
pub fn unread(path: &Path, error: &std::io::Error) -> Report {
    let (code, message) = match error.kind() {
        std::io::ErrorKind::NotFound => ("missing_file", Message::NoSuchFile),
        _ => ("unreadable", Message::CannotRead { why: error.to_string() }),
    };
    Report {
        code: code.to_string(),
        file: Some(path.display().to_string()),
        row: None,
        column: None,
        read: None,
        message: message.say(Language::En),
        message_zh: message.say(Language::Zh),
        remedy: Message::CheckPath.say(Language::En),
        remedy_zh: Message::CheckPath.say(Language::Zh),
    }
}

/// What the faults of a file call it.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A scenario and plans of it that the referee has nothing against.
pub struct Held {
    /// The scenario.
    pub scenario: Scenario,
    /// The plans, in the order of their paths.
    pub plans: Vec<PlanFile>,
}

/// Reads a scenario and its plans and has these refereed; all that is wrong is told, and then there is nothing but a status.
pub fn held(
    scenario: &Path,
    plans: &[&Path],
    json: bool,
    console: &Console,
) -> Result<Result<Held, Status>, Failure> {
    let mut findings = Findings::default();
    let read: Vec<PlanFile> = plans
        .iter()
        .filter_map(|path| read(path).map_err(|no_plan| findings.defects.push(*no_plan)).ok())
        .collect();
    let loaded = match read_path(scenario) {
        Ok(loaded) => Some(loaded),
        Err(faults) => {
            findings.defects.extend(faults.defects);
            findings.warnings = faults.warnings;
            None
        }
    };
    if let Some(loaded) = &loaded
        && read.len() == plans.len()
    {
        for (path, plan) in plans.iter().zip(&read) {
            findings.violations.extend(check_plan(&loaded.scenario, &name(path), plan));
        }
    }
    match loaded {
        Some(Loaded { scenario, warnings })
            if findings.defects.is_empty() && findings.violations.is_empty() =>
        {
            Findings { warnings, ..Findings::default() }.note(console);
            Ok(Ok(Held { scenario, plans: read }))
        }
        loaded => {
            findings.warnings.extend(loaded.map(|loaded| loaded.warnings).unwrap_or_default());
            findings.tell(json, console)?;
            let status = if findings.defects.is_empty() { Status::Differs } else { Status::Input };
            Ok(Err(status))
        }
    }
}
