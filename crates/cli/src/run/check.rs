//! `tiaoji check`.

use std::path::Path;

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::compliance::{Level, lights};
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Loaded, PlanFile, check_plan, claims, read_path};

use crate::args::CheckArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::plans;
use crate::summary;
use crate::text::{self, Message, money};

/// Tells what is wrong with a scenario, and with a plan for it.
pub fn check(args: &CheckArgs, console: &Console) -> Result<Status, Failure> {
    let plan = args.plan.as_deref().map(|path| (path, plans::read(path)));
    let mut findings = Findings::default();
    let mut verdicts = String::new();
    match read_path(&args.scenario) {
        Err(faults) => findings = Findings::from(faults),
        Ok(loaded) => {
            verdicts += &no_defects(&args.scenario, &loaded, console.language);
            if let Some((path, Ok(plan))) = &plan {
                findings.violations = check_plan(&loaded.scenario, &plans::name(path), plan);
                verdicts += &verdict(plan, findings.violations.len(), console.language);
                verdicts += &compliance(&loaded.scenario, plan, console.language);
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

/// How many lights there are; they change no status. Nothing where none is red.
fn compliance(scenario: &Scenario, plan: &PlanFile, language: Language) -> String {
    let lights = lights(scenario, &claims(scenario, plan));
    let red = lights.iter().filter(|light| light.level == Level::Red).count();
    if red == 0 {
        return String::new();
    }
    Message::Lights { red, amber: lights.len() - red }.say(language) + "\n"
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
