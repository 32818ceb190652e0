//! What questions about a plan cost, and what their answers are worth: `analysis SCENARIO [GAP [SAMPLE]]`.
//!
//! Solves the scenario, then times its standing plan, the remedies of everything unfilled and the options of every shortage,
//! and solves a sample of the first three remedies of each anew, from the plan, to the same gap.

use std::{path::Path, process::ExitCode, time::Instant};

use tiaoji_core::{
    analysis::{Asking, Standing, remedies},
    draft::{PinDraft, Row},
    plan::{Claim, Plan, Secondment},
    scenario::{Scenario, ShortageIx},
    solve::{Options, solve},
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = args.first() else {
        eprintln!("usage: analysis SCENARIO [GAP [SAMPLE]]");
        return ExitCode::from(2);
    };
    let number = |at: usize, default: f64| args.get(at).and_then(|n| n.parse().ok()).unwrap_or(default);
    let (gap, sample) = (number(1, 0.0005), number(2, 40.0) as usize);
    let Ok(loaded) = tiaoji_formats::read_path(Path::new(path)) else {
        eprintln!("analysis: {path} has defects");
        return ExitCode::from(3);
    };
    let scenario = &loaded.scenario;
    let milliseconds = |since: Instant| since.elapsed().as_secs_f64() * 1000.0;
    let options = Options { gap: Some(gap), ..Options::default() };
    let now = Instant::now();
    let plan = solve(scenario, &options);
    println!("solve: {:.1} ms, gap {:.6}", milliseconds(now), plan.gap());
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    let now = Instant::now();
    let Ok(standing) = Standing::new(scenario, &claims, plan.prices.clone()) else {
        return ExitCode::from(3);
    };
    println!("standing plan: {:.1} ms, {} fen open", milliseconds(now), standing.open());

    let open: Vec<ShortageIx> =
        scenario.shortage_indices().filter(|&j| standing.missing_days(j) > 0).collect();
    let (now, before) = (Instant::now(), processor_seconds());
    let found = remedies(&standing, &open, gap, &tiaoji_core::stop::Never);
    let spent = processor_seconds() - before;
    println!(
        "remedies of {} shortages: {:.1} ms, {spent:.2} processor seconds",
        open.len(),
        milliseconds(now)
    );

    let first: Vec<_> =
        open.iter().zip(&found).flat_map(|(j, own)| own.iter().take(3).map(move |r| (*j, *r))).collect();
    let proven = first.iter().filter(|(_, remedy)| remedy.saved == remedy.saved_at_most).count();
    let finished = first.iter().filter(|(_, remedy)| remedy.finished).count();
    println!("of {} first three: {proven} proven to be the most, {finished} to the gap", first.len());
    let allowed = share(&plan, gap);
    let (mut within, mut same, mut below, mut missed, mut spent) = (0, 0, 0.0, 0.0_f64, 0.0);
    let step = (first.len() / sample.max(1)).max(1);
    let mut tried = 0;
    for (_, remedy) in first.iter().step_by(step) {
        let Some(changed) = remedy.change.apply(scenario) else { continue };
        let now = Instant::now();
        let anew = solve(&changed, &options);
        spent += milliseconds(now);
        tried += 1;
        let saved = plan.objective - anew.objective;
        same += usize::from(saved == remedy.saved);
        within += usize::from((saved - remedy.saved).abs() <= allowed);
        let miss = (saved - remedy.saved) as f64;
        if miss > 0.0 {
            below += 1.0;
        }
        if saved > remedy.saved_at_most {
            println!("refuted: {remedy:?}, {saved}");
        }
        missed = missed.max(miss.abs() / saved.max(1) as f64);
        println!(
            "  {:24} saved {} .. {}, anew {saved}",
            remedy.change.code(),
            remedy.saved,
            remedy.saved_at_most
        );
    }
    println!(
        "{tried} solved anew ({:.1} ms each): {same} the same, {within} within the gap, {below} better, \
         at most {missed:.3} of it",
        spent / f64::from(tried.max(1))
    );
    options_of(scenario, &standing, &plan, &options, sample);
    ExitCode::SUCCESS
}

/// Options of every shortage as it is, and of a copy of it as a new posting; the first three of a sample solved anew with a pin.
fn options_of(
    scenario: &Scenario,
    standing: &Standing<'_>,
    plan: &Plan,
    options: &Options<'_>,
    sample: usize,
) {
    let draft = tiaoji_formats::to_draft(scenario);
    let shortages: Vec<ShortageIx> = scenario.shortage_indices().collect();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    let allowed = share(plan, options.gap.unwrap_or(0.0));
    let (mut tried, mut same, mut within, mut off) = (0, 0, 0, 0.0);
    let step = (shortages.len() / sample.max(1)).max(1);
    for (at, &j) in shortages.iter().enumerate() {
        let now = Instant::now();
        standing.options(scenario, Asking::Shortage(j));
        old.push(now.elapsed().as_secs_f64() * 1000.0);
        let mut more = draft.clone();
        let mut row = more.shortage.rows[j.index()].clone();
        row.cells.id = "new".to_string().into();
        more.shortage.rows.push(row);
        let Ok(with) = Scenario::new(&more) else { continue };
        let asked = ShortageIx(shortages.len() as u32);
        let now = Instant::now();
        let choices = standing.options(&with, Asking::Shortage(asked));
        new.push(now.elapsed().as_secs_f64() * 1000.0);
        if at % step != 0 {
            continue;
        }
        let unserved = plan.objective + unfilled(&with, asked);
        for choice in choices.iter().take(3) {
            let mut pinned = more.clone();
            let cells = PinDraft {
                surplus: scenario.surplus()[choice.pair.0.index()].id.clone().into(),
                shortage: "new".to_string().into(),
                count: choice.count.into(),
                from: choice.from.into(),
                to: choice.to.into(),
                forced: true.into(),
            };
            pinned.pins.rows.push(Row { line: 0, cells });
            let Ok(pinned) = Scenario::new(&pinned) else { continue };
            let saved = unserved - solve(&pinned, options).objective;
            println!("  {:24} saved {}, anew {saved}", "option", choice.saved);
            tried += 1;
            same += usize::from(saved == choice.saved);
            within += usize::from((saved - choice.saved).abs() <= allowed);
            off += (saved - choice.saved).abs() as f64 / saved.abs().max(1) as f64;
        }
    }
    println!(
        "{tried} options solved anew: {same} the same, {within} within the gap, {:.3} of it on the mean",
        off / f64::from(tried.max(1))
    );
    for (name, mut times) in [("old", old), ("new", new)] {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "options of {name} shortages: median {:.2} ms, p95 {:.2}, most {:.2}",
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}

/// A share of what lending can save, in fen.
fn share(plan: &Plan, gap: f64) -> i64 {
    (gap * (plan.baseline - plan.bound) as f64) as i64
}

/// What this process has used so far, all threads together; 0 where the system does not say.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let hundredths = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    hundredths.sum::<f64>() / 100.0
}

/// What a shortage costs unfilled.
fn unfilled(scenario: &Scenario, j: ShortageIx) -> i64 {
    scenario.unmet_cost(j).of(scenario.shortages()[j.index()].headcount)
        * scenario.demand_span(j).len() as i64
}
