//! `tiaoji what-if`.

use serde_json::json;
use tiaoji_core::analysis::sweep::sweep;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve_unexplained};
use tiaoji_formats::{
    PointFile, Report, points_to_csv, read_path, sweep_values, to_draft, with_cells, with_each_value,
    without_each_rule,
};

use crate::args::WhatIfArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::limit::{Interrupt, Limit};
use crate::table::{self, Align, Column};
use crate::text::{self, Label, Message, amount, count};

/// More combinations than this are a mistake.
const MOST: usize = 10_000;

/// Solves a scenario as it is, then with every combination of other values, each from its neighbour's plan.
pub fn what_if(args: &WhatIfArgs, console: &Console) -> Result<Status, Failure> {
    let mut points = match points(args) {
        Ok(points) => points,
        Err(message) => return Err(Failure::Usage(Box::new(message))),
    };
    let loaded = match read_path(&args.scenario) {
        Ok(loaded) => loaded,
        Err(faults) => {
            Findings::from(faults).tell(args.json, console)?;
            return Ok(Status::Input);
        }
    };
    Findings { warnings: loaded.warnings, ..Findings::default() }.note(console);
    if args.rules {
        points = without_each_rule(&loaded.scenario);
    }
    let draft = to_draft(&loaded.scenario);
    let changed: Vec<Result<Scenario, Vec<Report>>> =
        points.iter().map(|set| with_cells(&draft, set)).collect();
    let mut scenarios = Vec::with_capacity(changed.len());
    let mut defects: Vec<Report> = Vec::new();
    for outcome in changed {
        match outcome {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => defects
                .extend(found.into_iter().filter(|defect| !defects.contains(defect)).collect::<Vec<_>>()),
        }
    }
    if !defects.is_empty() {
        Findings { defects, ..Findings::default() }.tell(args.json, console)?;
        return Ok(Status::Input);
    }

    let interrupt = Interrupt::listen();
    let limit = Limit::start(args.solve.time_limit, &interrupt);
    let threads = args.solve.threads.map_or(0, usize::from);
    let options = Options {
        method: args.solve.method,
        gap: args.solve.gap,
        stop: &limit,
        threads,
        ..Options::default()
    };
    let base = solve_unexplained(&loaded.scenario, &options);
    let begin = || Limit::start(args.solve.time_limit, &interrupt);
    let plans = sweep(&scenarios, Some(&base), &options, &begin);
    let found: Vec<PointFile> =
        points.iter().zip(&plans).map(|(set, plan)| PointFile::new(set, plan)).collect();
    let base = PointFile::new(&[], &base);
    let kept = args.out.as_ref().map_or(Ok(()), |path| {
        let written = std::fs::write(path, points_to_csv(&found));
        written.map_err(|error| Failure::Output { path: path.display().to_string(), error })
    });
    if args.json {
        let document = json!({ "scenario": loaded.scenario.name(), "base": base, "points": found });
        console.print(&format!("{document:#}\n"))?;
    } else {
        console.print(&rows(&base, &found, console))?;
    }
    kept.map(|()| Status::Done)
}

/// Every combination of the values, the last field running fastest.
fn points(args: &WhatIfArgs) -> Result<Vec<Vec<(String, String)>>, Message> {
    let mut points = vec![args.set.clone()];
    for (field, text) in &args.sweep {
        let values = sweep_values(text).ok_or(Message::NoSweep { values: text.clone() })?;
        if points.len() * values.len() > MOST {
            return Err(Message::TooMany { points: points.len() * values.len() });
        }
        points = with_each_value(&points, field, &values);
    }
    Ok(points)
}

fn rows(base: &PointFile, points: &[PointFile], console: &Console) -> String {
    let say = |label: Label| label.say(console.language);
    let fields = points.first().map_or(&[][..], |point| &point.set[..]);
    let mut columns: Vec<Column> = fields.iter().map(|set| Column::new(&set.field, Align::Right)).collect();
    let figures = [
        Label::ObjectiveCny,
        Label::Difference,
        Label::UnmetCost,
        Label::LendingCost,
        Label::StartCost,
        Label::FilledDays,
        Label::Gap,
    ];
    columns.extend(figures.map(|label| Column::new(say(label), Align::Right)));
    let line = |values: Vec<String>, point: &PointFile| {
        let kpis = &point.kpis;
        let mut cells = values;
        cells.extend([
            amount(point.objective_fen),
            amount(point.objective_fen - base.objective_fen),
            amount(kpis.unmet_cost_fen),
            amount(kpis.lending_cost_fen),
            amount(kpis.start_cost_fen),
            count(kpis.filled_worker_days),
            text::gap(point.gap),
        ]);
        cells
    };
    let as_it_is = fields.iter().map(|_| say(Label::AsItIs).to_string()).collect();
    let mut lines = vec![line(as_it_is, base)];
    let values = |point: &PointFile| point.set.iter().map(|set| table::cell(&set.value, 24)).collect();
    lines.extend(points.iter().map(|point| line(values(point), point)));
    table::render(columns, &lines)
}
