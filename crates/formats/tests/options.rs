//! The first options of a new posting against solving again with their workers pinned.

use std::path::Path;

use tiaoji_core::analysis::{Asking, Standing};
use tiaoji_core::draft::{PinDraft, Row};
use tiaoji_core::plan::{Claim, Secondment};
use tiaoji_core::scenario::{Scenario, ShortageIx};
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::units::Fen;
use tiaoji_formats::to_draft;

const GAP: f64 = 0.0005;
/// A copy of one shortage in so many is the new posting.
const STEP: usize = 60;

#[test]
fn the_first_three_are_what_solving_again_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/jibei-peak");
    let scenario = tiaoji_formats::read_path(&path).expect("no defects").scenario;
    let options = Options { gap: Some(GAP), ..Options::default() };
    let plan = solve(&scenario, &options);
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    let standing = Standing::new(&scenario, &claims, plan.prices.clone()).expect("small numbers");
    let allowed = (GAP * (plan.baseline - plan.bound) as f64) as Fen;
    let draft = to_draft(&scenario);
    let asked = ShortageIx(scenario.shortages().len() as u32);
    let mut tried = 0;
    for row in draft.shortage.rows.iter().step_by(STEP) {
        let mut more = draft.clone();
        let mut row = row.clone();
        row.cells.id = "new".to_string().into();
        more.shortage.rows.push(row);
        let with = Scenario::new(&more).expect("a posting more");
        let unmet = with.unmet_cost(asked).of(with.shortages()[asked.index()].headcount);
        let unserved = plan.objective + unmet * with.demand_span(asked).len() as Fen;
        for choice in standing.options(&with, Asking::Shortage(asked)).iter().take(3) {
            let cells = PinDraft {
                surplus: with.surplus()[choice.pair.0.index()].id.clone().into(),
                shortage: "new".to_string().into(),
                count: choice.count.into(),
                from: choice.from.into(),
                to: choice.to.into(),
                forced: true.into(),
            };
            let mut pinned = more.clone();
            pinned.pins.rows.push(Row { line: 0, cells });
            let pinned = Scenario::new(&pinned).expect("workers who are there");
            let saved = unserved - solve(&pinned, &options).objective;
            assert!((saved - choice.saved).abs() <= allowed, "{choice:?}: {saved}, {allowed} allowed");
            tried += 1;
        }
    }
    assert!(tried >= 12, "{tried}");
}
