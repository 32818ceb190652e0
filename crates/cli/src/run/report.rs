//! `tiaoji report`.

use std::io;
use std::path::Path;

use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{
    AgreementTemplate, ExplanationFile, Faults, PlanFile, Report, agreements, check_explanation, check_plan,
    is_agreement, plan_workbook, read_explanation, read_path, report_page, write_files,
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
        _ if args.explanation.is_some() && paper != Paper::Page => {
            return refuse(Message::ExplainsPages);
        }
        (true, true) if holds_anything(&args.out) && !args.force => {
            return refuse(Message::NotEmpty { path });
        }
        _ => {}
    }

    let mut findings = Findings::default();
    let template =
        own_template(args.template.as_deref()).map_err(|faults| findings = Findings::from(faults)).ok();
    let plan = plans::read(&args.plan).map_err(|no_plan| findings.defects.push(*no_plan)).ok();
    let explanation = own_explanation(args.explanation.as_deref())
        .map_err(|fault| findings.defects.push(*fault))
        .unwrap_or_default();
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
        if let (Some(path), Some(explanation)) = (&args.explanation, &explanation) {
            findings.violations.extend(check_explanation(scenario, plan, &name(path), explanation));
        }
    }
    findings.note(console);
    match (scenario, plan, template) {
        _ if !findings.defects.is_empty() => Ok(Status::Input),
        (Some(scenario), Some(plan), Some(template)) if findings.violations.is_empty() => {
            write(args, paper, &Read { scenario, plan, template, explanation }, console)
        }
        _ => Ok(Status::Differs),
    }
}

fn own_template(path: Option<&Path>) -> Result<AgreementTemplate, Faults> {
    let Some(path) = path else { return Ok(AgreementTemplate::built_in()) };
    match std::fs::read(path) {
        Ok(bytes) => AgreementTemplate::read(&name(path), &bytes),
        Err(error) => Err(plans::unread(path, &error).into()),
    }
}

fn own_explanation(path: Option<&Path>) -> Result<Option<ExplanationFile>, Box<Report>> {
    let Some(path) = path else { return Ok(None) };
    match std::fs::read(path) {
        Ok(bytes) => read_explanation(&name(path), &bytes).map(Some),
        Err(error) => Err(Box::new(plans::unread(path, &error))),
    }
}

/// What a paper is made from.
struct Read {
    scenario: Scenario,
    plan: PlanFile,
    template: AgreementTemplate,
    explanation: Option<ExplanationFile>,
}

fn write(args: &ReportArgs, paper: Paper, read: &Read, console: &Console) -> Result<Status, Failure> {
    let Read { scenario, plan, template, explanation } = read;
    let (written, files) = match paper {
        Paper::Page => {
            let page = report_page(scenario, plan, explanation.as_ref(), console.language);
            (std::fs::write(&args.out, page), 1)
        }
        Paper::Workbook => (std::fs::write(&args.out, plan_workbook(scenario, plan, console.language)), 1),
        Paper::Agreements => {
            let files = agreements(scenario, plan, template);
            (write_files(&files, &args.out).and_then(|()| remove_others(&files, args, console)), files.len())
        }
    };
    let path = args.out.display().to_string();
    written.map_err(|error| Failure::Output { path: path.clone(), error })?;
    console.say(&Message::Written { path, files });
    Ok(Status::Done)
}

/// Removes the papers of an earlier plan, whose pairs may be no more: nobody should sign them.
fn remove_others(files: &[(String, Vec<u8>)], args: &ReportArgs, console: &Console) -> io::Result<()> {
    let mut removed = 0;
    for entry in std::fs::read_dir(&args.out)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_other = |name: &str| is_agreement(name) && files.iter().all(|(written, _)| written != name);
        if name.to_str().is_some_and(is_other) && entry.file_type()?.is_file() {
            std::fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    if removed > 0 {
        console.say(&Message::Removed { files: removed });
    }
    Ok(())
}
