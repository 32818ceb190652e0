//! `tiaoji replay`.

use std::path::PathBuf;

use serde_json::json;
use tiaoji_formats::messages::Language;

use super::case::Case;
use crate::args::ReplayArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::{self, Findings};
use crate::limit::Interrupt;
use crate::scenarios;
use crate::table::{self, Align, Column};
use crate::text::{self, Label, Message, amount, count};

/// Solves every scenario below some folders, and compares each with its expectation.
pub fn replay(args: &ReplayArgs, console: &Console) -> Result<Status, Failure> {
    let mut status = Status::Done;
    let mut paths: Vec<PathBuf> = Vec::new();
    for dir in &args.dirs {
        let found = scenarios::below(dir);
        if found.is_empty() {
            status = Status::Input;
            let path = dir.display().to_string();
            let message =
                if dir.exists() { Message::NoScenario { path } } else { Message::NoSuchFolder { path } };
            console.say(&Message::Error(message.say(console.language)));
        }
        paths.extend(found);
    }

    let interrupt = Interrupt::listen();
    let columns = columns(&paths, console.language);
    let mut cases: Vec<Case> = Vec::new();
    if !args.json && !paths.is_empty() {
        console.print(&(table::head(&columns) + "\n"))?;
    }
    for path in &paths {
        let title = Message::Replaying { at: cases.len() + 1, of: paths.len() }.say(console.language);
        let case = Case::replay(path, &args.solve, &interrupt, &title, console);
        if interrupt.pressed() || console.is_closed() {
            break; // and the one that it stopped is not judged
        }
        if !args.json {
            console.print(&rows(&columns, &case, console.language))?;
        }
        status = status.max(case.status());
        cases.push(case);
    }
    if cases.len() < paths.len() {
        status = status.max(Status::Differs);
        let message = Message::Interrupted { done: cases.len(), of: paths.len() };
        console.say(&message);
    }
    if args.json {
        let cases: Vec<_> = cases.iter().map(Case::to_json).collect();
        console.print(&format!("{:#}\n", json!({ "scenarios": cases })))?;
    } else if !paths.is_empty() {
        console.print(&format!("\n{}\n", summary(&cases).say(console.language)))?;
    }
    Ok(status)
}

/// Columns wide enough for what comes, since each row is shown when it is there.
fn columns(paths: &[PathBuf], language: Language) -> Vec<Column> {
    let path = paths.iter().map(|path| table::width(&path.display().to_string())).max().unwrap_or(0);
    let column = |label: Label, align, width| Column::new(label.say(language), align).at_least(width);
    vec![
        column(Label::Scenario, Align::Left, path),
        column(Label::Pairs, Align::Right, 6),
        column(Label::ObjectiveCny, Align::Right, 16),
        column(Label::BoundCny, Align::Right, 16),
        column(Label::Gap, Align::Right, 9),
        column(Label::Seconds, Align::Right, 7),
        column(Label::Verdict, Align::Left, 0),
    ]
}

/// The row of a scenario, and below it all that is not as it should be.
fn rows(columns: &[Column], case: &Case, language: Language) -> String {
    let none = || "-".to_string();
    let plan = case.solved.as_ref().map(|solved| &solved.plan);
    let cells = [
        table::cell(&case.path, usize::MAX),
        case.pairs.map_or_else(none, |pairs| count(pairs as i64)),
        plan.map_or_else(none, |plan| amount(plan.objective)),
        plan.map_or_else(none, |plan| amount(plan.bound)),
        plan.map_or_else(none, |plan| text::gap(plan.gap())),
        case.solved.as_ref().map_or_else(none, |solved| format!("{:.2}", solved.seconds)),
        case.verdict().say(language).to_string(),
    ];
    let mut lines = vec![table::line(columns, &cells)];
    lines.extend(case.expectation.as_ref().err().map(|why| format!("    expect.json: {why}")));
    for difference in &case.differences {
        let (what, expected, found) =
            (difference.what.clone(), difference.expected.clone(), difference.found.clone());
        lines.push(format!("    {}", Message::Difference { what, expected, found }.say(language)));
    }
    let findings = Findings {
        // Where some were expected, the differences name the others.
        defects: if matches!(case.expectation, Ok(true)) { Vec::new() } else { case.defects.clone() },
        warnings: Vec::new(),
        violations: case.violations.clone(),
    };
    for (kind, reports) in findings.by_kind() {
        lines.extend(reports.iter().map(|report| format!("    {}", faults::line(kind, report, language))));
    }
    lines.join("\n") + "\n"
}

fn summary(cases: &[Case]) -> Message {
    let number = |status| cases.iter().filter(|case| case.status() == status).count();
    Message::Summary {
        scenarios: cases.len(),
        hold: number(Status::Done),
        differ: number(Status::Differs),
        refused: number(Status::Input),
    }
}
