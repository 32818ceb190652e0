//! `tiaoji check`.

use std::path::Path;

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Loaded, PlanFile, Report, check_plan, read_path, read_plan};

use crate::args::CheckArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::summary;
use crate::text::{self, Message, money};

/// Tells what is wrong with a scenario, and with a plan for it.
pub fn check(args: &CheckArgs, console: &Console) -> Result<Status, Failure> {
    let plan = args.plan.as_deref().map(|path| (path, read(path)));
    let mut findings = Findings::default();
    let mut verdicts = String::new();
    match read_path(&args.scenario) {
        Err(faults) => findings = Findings::from(faults),
        Ok(loaded) => {
            verdicts += &no_defects(&args.scenario, &loaded, console.language);
            if let Some((path, Ok(plan))) = &plan {
                findings.violations = check_plan(&loaded.scenario, &name(path), plan);
                verdicts += &verdict(plan, findings.violations.len(), console.language);
            }
            findings.warnings = loaded.warnings;
        }
    }
    if let Some((_, Err(not_a_plan))) = plan {
        findings.defects.push(*not_a_plan);
    }
    findings.tell(args.json, console)?;
    if !args.json {
        console.print(&verdicts)?;
    }
    Ok(match (findings.defects.is_empty(), findings.violations.is_empty()) {
        (false, _) => Status::Input,
        (true, false) => Status::Differs,
        (true, true) => Status::Done,
    })
}

fn no_defects(path: &Path, loaded: &Loaded, language: Language) -> String {
    let message = Message::NoDefects { path: path.display().to_string(), warnings: loaded.warnings.len() };
    let pairs = admissible_pairs(&loaded.scenario).len();
    format!("{}\n{}\n", message.say(language), summary::size(&loaded.scenario, pairs, language))
}

fn verdict(plan: &PlanFile, violations: usize, language: Language) -> String {
    let message = if violations == 0 {
        Message::Feasible {
            objective: money(plan.objective_fen, language),
            bound: money(plan.bound_fen, language),
            gap: text::gap(plan.gap),
        }
    } else {
        Message::NotFeasible { violations }
    };
    message.say(language) + "\n"
}

/// Reads a plan file.
fn read(path: &Path) -> Result<PlanFile, Box<Report>> {
    match std::fs::read(path) {
        Ok(bytes) => read_plan(&name(path), &bytes),
        Err(error) => {
            let (code, message) = match error.kind() {
                std::io::ErrorKind::NotFound => ("missing_file", Message::NoPlanFile),
                _ => ("unreadable", Message::CannotReadPlan { why: error.to_string() }),
            };
            Err(Box::new(Report {
                code: code.to_string(),
                file: Some(path.display().to_string()),
                row: None,
                column: None,
                read: None,
                message: message.say(Language::En),
                message_zh: message.say(Language::Zh),
                remedy: Message::CheckPath.say(Language::En),
                remedy_zh: Message::CheckPath.say(Language::Zh),
            }))
        }
    }
}

/// What the faults of a plan call its file.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
