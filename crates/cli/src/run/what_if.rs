//! `tiaoji what-if`.

use serde_json::json;
use tiaoji_core::analysis::sweep::sweep;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve_unexplained};
use tiaoji_formats::{
    PointFile, RefusedFile, Report, SetFile, points_to_csv, read_path, sweep_values, to_draft, with_each_set,
    with_each_value, without_each_rule,
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
    let (valid, refused) = with_each_set(&draft, points);
    let mut defects: Vec<Report> = Vec::new();
    for defect in refused.iter().flat_map(|refused| &refused.defects) {
        if !defects.contains(defect) {
            defects.push(defect.clone());
        }
    }
    let findings = Findings { defects, ..Findings::default() };
    if valid.is_empty() && !refused.is_empty() {
        findings.tell(args.json, console)?;
        return Ok(Status::Input);
    }
    findings.note(console);
    let (points, scenarios): (Vec<_>, Vec<Scenario>) = valid.into_iter().unzip();

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
        let written = std::fs::write(path, points_to_csv(&found, &refused));
        written.map_err(|error| Failure::Output { path: path.display().to_string(), error })
    });
    if args.json {
        let scenario = loaded.scenario.name();
        let document = json!({ "scenario": scenario, "base": base, "points": found, "refused": refused });
        console.print(&format!("{document:#}\n"))?;
    } else {
        console.print(&rows(&base, &found, &refused, console))?;
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

fn rows(base: &PointFile, points: &[PointFile], refused: &[RefusedFile], console: &Console) -> String {
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
    let values = |set: &[SetFile]| set.iter().map(|set| table::cell(&set.value, 24)).collect::<Vec<_>>();
    lines.extend(points.iter().map(|point| line(values(&point.set), point)));
    lines.extend(refused.iter().map(|refused| {
        let mut cells = values(&refused.set);
        cells.push(format!("{} {}", say(Label::Defect), refused.codes()));
        cells.resize(fields.len() + figures.len(), String::new());
        cells
    }));
    table::render(columns, &lines)
}
