//! `tiaoji replay`.

use std::path::PathBuf;

use tiaoji_formats::messages::Language;
use tiaoji_formats::{ReplayFile, SetFile, engine, read_replay};

use super::case::{Case, Expected, Run};
use crate::args::ReplayArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::{self, Findings};
use crate::limit::Interrupt;
use crate::plans;
use crate::scenarios;
use crate::table::{self, Align, Column};
use crate::text::{self, Label, Message, amount, count};

/// Solves every scenario below some folders, and compares each with its expectation, and with an earlier result.
pub fn replay(args: &ReplayArgs, console: &Console) -> Result<Status, Failure> {
    let against = match args.against.as_ref().map(|path| {
        let bytes = std::fs::read(path).map_err(|error| Box::new(plans::unread(path, &error)))?;
        read_replay(&plans::name(path), &bytes)
    }) {
        None => None,
        Some(Ok(against)) => Some(against),
        Some(Err(fault)) => {
            Findings { defects: vec![*fault], ..Findings::default() }.tell(args.json, console)?;
            return Ok(Status::Input);
        }
    };
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
    let run = Run { args, against: against.as_ref(), interrupt: &interrupt, console };
    let rows = Rows::new(&paths, against.is_some() || !args.set.is_empty(), console.language);
    let mut cases: Vec<Case> = Vec::new();
    if !args.json && !paths.is_empty() {
        console.print(&(table::head(&rows.columns) + "\n"))?;
    }
    for path in &paths {
        let title = Message::Replaying { at: cases.len() + 1, of: paths.len() }.say(console.language);
        let case = run.case(path, &title)?;
        if interrupt.pressed() || console.is_closed() {
            break; // and the one that it stopped is not judged
        }
        if !args.json {
            console.print(&rows.of(&case))?;
        }
        status = status.max(case.status());
        cases.push(case);
    }
    if cases.len() < paths.len() {
        status = status.max(Status::Differs);
        let message = Message::Interrupted { done: cases.len(), of: paths.len() };
        console.say(&message);
    }
    let set = args.set.iter().map(|(field, value)| SetFile { field: field.clone(), value: value.clone() });
    let results = ReplayFile {
        engine: engine(),
        set: set.collect(),
        scenarios: cases.iter().map(Case::to_file).collect(),
    };
    let text = serde_json::to_string_pretty(&results);
    let text = text.unwrap_or_else(|error| unreachable!("texts serialise: {error}")) + "\n";
    if args.json {
        console.print(&text)?;
    } else if !paths.is_empty() {
        let unmatched = against.as_ref().and_then(|against| unmatched(against, &results));
        let totals = rows.totals(&cases);
        let lines = unmatched.into_iter().chain([summary(&cases)]);
        let lines: Vec<String> = lines.map(|message| message.say(console.language) + "\n").collect();
        console.print(&format!("{totals}\n{}", lines.concat()))?;
    }
    if let Some(path) = &args.out {
        let output = |error| Failure::Output { path: path.display().to_string(), error };
        std::fs::write(path, text).map_err(output)?;
    }
    Ok(status)
}

/// The rows, each shown when it is there: with what came out, or before and after.
struct Rows {
    columns: Vec<Column>,
    compares: bool,
    language: Language,
}

impl Rows {
    /// Columns wide enough for what comes.
    fn new(paths: &[PathBuf], compares: bool, language: Language) -> Rows {
        let path = paths.iter().map(|path| table::width(&path.display().to_string())).max().unwrap_or(0);
        let column =
            |(label, width): (Label, usize)| Column::new(label.say(language), Align::Right).at_least(width);
        let before_and_after = [
            (Label::CostBefore, 16),
            (Label::CostAfter, 16),
            (Label::Difference, 14),
            (Label::FilledBefore, 9),
            (Label::FilledAfter, 9),
            (Label::MovedDays, 7),
            (Label::GapBefore, 9),
            (Label::GapAfter, 9),
        ];
        let alone = [
            (Label::Pairs, 6),
            (Label::ObjectiveCny, 16),
            (Label::BoundCny, 16),
            (Label::Gap, 9),
            (Label::Seconds, 7),
        ];
        let numbers = if compares { &before_and_after[..] } else { &alone[..] };
        let mut columns = vec![Column::new(Label::Scenario.say(language), Align::Left).at_least(path)];
        columns.extend(numbers.iter().copied().map(column));
        columns.push(Column::new(Label::Verdict.say(language), Align::Left));
        Rows { columns, compares, language }
    }

    /// The row of a scenario, and below it all that is not as it should be.
    fn of(&self, case: &Case) -> String {
        let language = self.language;
        let mut cells = vec![table::cell(&case.path, usize::MAX)];
        cells.extend(if self.compares { before_and_after(case) } else { alone(case) });
        cells.push(case.verdict().say(language).to_string());
        let mut lines = vec![table::line(&self.columns, &cells)];
        lines.extend(case.expectation.as_ref().err().map(|why| format!("    expect.json: {why}")));
        for difference in &case.differences {
            let (what, expected, found) =
                (difference.what.clone(), difference.expected.clone(), difference.found.clone());
            lines.push(format!("    {}", Message::Difference { what, expected, found }.say(language)));
        }
        let findings = Findings {
            // Where some were expected, the differences name the others.
            defects: if matches!(case.expectation, Ok(Expected::Yes)) {
                Vec::new()
            } else {
                case.defects.clone()
            },
            warnings: Vec::new(),
            violations: case.violations.clone(),
        };
        for (kind, reports) in findings.by_kind() {
            lines
                .extend(reports.iter().map(|report| format!("    {}", faults::line(kind, report, language))));
        }
        lines.join("\n") + "\n"
    }

    /// The sums over all scenarios that have a plan before and after.
    fn totals(&self, cases: &[Case]) -> String {
        if !self.compares {
            return String::new();
        }
        let both = || cases.iter().filter_map(|case| Some((case.before.as_ref()?, case.plan.as_ref()?)));
        let sum = |of: &dyn Fn(&(&_, &_)) -> i64| both().map(|pair| of(&pair)).fold(0, i64::saturating_add);
        let (before, after) = (sum(&|((then, _), _)| then.objective_fen), sum(&|(_, now)| now.objective_fen));
        let cells = [
            Label::Total.say(self.language).to_string(),
            amount(before),
            amount(after),
            amount(after.saturating_sub(before)),
            count(sum(&|((then, _), _)| then.kpis.filled_worker_days)),
            count(sum(&|(_, now)| now.kpis.filled_worker_days)),
            count(sum(&|((_, changed), _)| *changed)),
        ];
        table::line(&self.columns, &cells) + "\n"
    }
}

fn none() -> String {
    "-".to_string()
}

fn alone(case: &Case) -> Vec<String> {
    let plan = case.plan.as_ref();
    vec![
        plan.map_or_else(none, |plan| count(plan.admissible_pairs as i64)),
        plan.map_or_else(none, |plan| amount(plan.objective_fen)),
        plan.map_or_else(none, |plan| amount(plan.bound_fen)),
        plan.map_or_else(none, |plan| text::gap(plan.gap)),
        plan.map_or_else(none, |plan| format!("{:.2}", plan.seconds)),
    ]
}

fn before_and_after(case: &Case) -> Vec<String> {
    let (then, now) = (case.before.as_ref().map(|(plan, _)| plan), case.plan.as_ref());
    let dearer = then.zip(now).map(|(then, now)| now.objective_fen.saturating_sub(then.objective_fen));
    vec![
        then.map_or_else(none, |plan| amount(plan.objective_fen)),
        now.map_or_else(none, |plan| amount(plan.objective_fen)),
        dearer.map_or_else(none, amount),
        then.map_or_else(none, |plan| count(plan.kpis.filled_worker_days)),
        now.map_or_else(none, |plan| count(plan.kpis.filled_worker_days)),
        case.before.as_ref().map_or_else(none, |(_, changed)| count(*changed)),
        then.map_or_else(none, |plan| text::gap(plan.gap)),
        now.map_or_else(none, |plan| text::gap(plan.gap)),
    ]
}

/// How many scenarios stand on one side only, if any.
fn unmatched(against: &ReplayFile, results: &ReplayFile) -> Option<Message> {
    let is_in = |file: &ReplayFile, path: &str| file.scenarios.iter().any(|one| one.path == path);
    let new = results.scenarios.iter().filter(|one| !is_in(against, &one.path)).count();
    let gone = against.scenarios.iter().filter(|one| !is_in(results, &one.path)).count();
    (new + gone > 0).then_some(Message::Unmatched { new, gone })
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
