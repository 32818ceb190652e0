//! The worth of one more worker against solving again: one is added next door to a borrower for a week, and no plan with this
//! worker saves more than the worth on each of the days, and what the plan itself may have missed.

use std::collections::BTreeSet;
use std::path::Path;

use tiaoji_core::draft::{Certificate, FirmDraft, Row, SurplusDraft};
use tiaoji_core::scenario::{Scenario, ShortageIx};
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::units::{Day, Fen};
use tiaoji_formats::{PlanMeta, plan_file, skill_report, to_draft};

/// Of the weeks of all skills one in so many is tried.
const STEP: usize = 12;

/// The zone with one worker more, with every certificate, next door to a borrower.
fn with_one_more(scenario: &Scenario, j: ShortageIx, from: Day, to: Day) -> Scenario {
    let names: BTreeSet<String> =
        scenario.skills().iter().filter_map(|skill| skill.certificate.clone()).collect();
    let all: Vec<Certificate> =
        names.into_iter().map(|name| Certificate { name, valid_until: None }).collect();
    let mut more = to_draft(scenario);
    let asks = &more.shortage.rows[j.index()].cells;
    let own = |row: &&Row<FirmDraft>| row.cells.id == asks.firm;
    let mut firm = more.firms.rows.iter().find(own).expect("a firm").clone();
    firm.cells.id = "next-door".to_string().into();
    let cells = SurplusDraft {
        id: "one-more".to_string().into(),
        firm: "next-door".to_string().into(),
        skill: asks.skill.clone(),
        headcount: 1.into(),
        from: from.into(),
        to: to.into(),
        certificates: all.into(),
        ..SurplusDraft::default()
    };
    more.firms.rows.push(firm);
    more.surplus.rows.push(Row { line: 0, cells });
    Scenario::new(&more).expect("one worker more")
}

#[test]
fn one_more_saves_no_more_than_the_worth() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/jibei");
    let scenario = tiaoji_formats::read_path(&path).expect("no defects").scenario;
    let days = scenario.days();
    let options = Options::default();
    let plan = solve(&scenario, &options);
    let meta = PlanMeta { engine: String::new(), seconds: 0.0, with_prices: true };
    let report = skill_report(&scenario, &plan_file(&scenario, &plan, &meta)).expect("prices");
    let (mut tried, mut most_of_it) = (0, 0);
    for of in report.skills.iter().step_by(STEP) {
        let week = days.span(of.from.0, of.to.0);
        let open = |j: ShortageIx| scenario.demand_span(j).intersect(week);
        let asks = scenario.shortage_indices().filter(|&j| {
            let skill = scenario.shortages()[j.index()].skill;
            !open(j).is_empty() && scenario.skills()[skill.index()].id == of.skill
        });
        let mut best = 0.0_f64;
        for j in asks {
            let span = open(j);
            let with = with_one_more(&scenario, j, days.day(span.start), days.day(span.end - 1));
            let saved = plan.objective - solve(&with, &options).objective;
            let worth = of.worth_fen * span.len() as Fen;
            let id = &scenario.shortages()[j.index()].id;
            assert!(saved <= worth + report.missed_fen, "{id}: {saved}, {of:?}");
            best = best.max(saved as f64 / worth as f64);
        }
        tried += 1;
        most_of_it += usize::from(best > 0.5);
    }
    assert!(tried >= 20 && 4 * most_of_it > 3 * tried, "{most_of_it} of {tried}");
}
