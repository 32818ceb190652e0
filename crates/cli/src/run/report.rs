//! `tiaoji report`.

use std::path::Path;

use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{
    AgreementTemplate, Faults, PlanFile, agreements, check_plan, plan_workbook, read_path, report_page,
    write_files,
};

use super::output::holds_anything;
use crate::args::ReportArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::plans::{self, name};
use crate::text::Message;

/// What is made, by the ending of the name that it gets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paper {
    /// `.html`
    Page,
    /// `.xlsx`
    Workbook,
    /// Any other: a folder.
    Agreements,
}

impl Paper {
    fn of(path: &Path) -> Paper {
        let ends = |with: &str| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(with));
        match () {
            () if ends("html") => Paper::Page,
            () if ends("xlsx") => Paper::Workbook,
            () => Paper::Agreements,
        }
    }
}

/// Makes a plan into a page, a workbook or agreements. Of a plan that the referee refuses nothing is made.
pub fn report(args: &ReportArgs, console: &Console) -> Result<Status, Failure> {
    let paper = Paper::of(&args.out);
    let path = args.out.display().to_string();
    let refuse = |message| Err(Failure::Usage(Box::new(message)));
    match (paper == Paper::Agreements, args.out.is_dir()) {
        (false, true) => return refuse(Message::NotAFile { path }),
        (true, false) if args.out.exists() => return refuse(Message::NotAFolder { path }),
        (false, false) if args.out.exists() && !args.force => return refuse(Message::NotEmpty { path }),
        (true, true) if holds_anything(&args.out) && !args.force => {
            return refuse(Message::NotEmpty { path });
        }
        _ => {}
    }

    let mut findings = Findings::default();
    let template =
        own_template(args.template.as_deref()).map_err(|faults| findings = Findings::from(faults)).ok();
    let plan = plans::read(&args.plan).map_err(|no_plan| findings.defects.push(*no_plan)).ok();
    let scenario = match read_path(&args.scenario) {
        Ok(loaded) => {
            findings.warnings = loaded.warnings;
            Some(loaded.scenario)
        }
        Err(faults) => {
            findings.defects.extend(faults.defects);
            None
        }
    };
    if let (Some(scenario), Some(plan)) = (&scenario, &plan) {
        findings.violations = check_plan(scenario, &name(&args.plan), plan);
    }
    findings.note(console);
    match (scenario, plan, template) {
        (Some(scenario), Some(plan), Some(template)) if findings.violations.is_empty() => {
            write(args, paper, &scenario, &plan, &template, console)
        }
        (Some(_), Some(_), Some(_)) => Ok(Status::Differs),
        _ => Ok(Status::Input),
    }
}

fn own_template(path: Option<&Path>) -> Result<AgreementTemplate, Faults> {
    let Some(path) = path else { return Ok(AgreementTemplate::built_in()) };
    match std::fs::read(path) {
        Ok(bytes) => AgreementTemplate::read(&name(path), &bytes),
        Err(error) => Err(plans::unread(path, &error).into()),
    }
}

fn write(
    args: &ReportArgs,
    paper: Paper,
    scenario: &Scenario,
    plan: &PlanFile,
    template: &AgreementTemplate,
    console: &Console,
) -> Result<Status, Failure> {
    let (written, files) = match paper {
        Paper::Page => (std::fs::write(&args.out, report_page(scenario, plan, console.language)), 1),
        Paper::Workbook => (std::fs::write(&args.out, plan_workbook(scenario, plan, console.language)), 1),
        Paper::Agreements => {
            let files = agreements(scenario, plan, template);
            (write_files(&files, &args.out), files.len())
        }
    };
    let path = args.out.display().to_string();
    written.map_err(|error| Failure::Output { path: path.clone(), error })?;
    console.say(&Message::Written { path, files });
    Ok(Status::Done)
}
