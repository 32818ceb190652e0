//! Numbers at their limits: refused by name, or right.

use tiaoji_core::defect::DefectCode;
use tiaoji_core::draft::{Cell, ScenarioDraft};
use tiaoji_core::plan::Method;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::units::Day;
use tiaoji_testkit::random::{Random, Shape, scenario};

const MOST_MONEY: i64 = 100_000_000_000;
const MOST_HEADS: i64 = 1_000_000;

/// One lender, one borrower, the same skill, a few hundred metres apart.
fn pair(days: i64) -> ScenarioDraft {
    let shape = Shape {
        firms: 2,
        surplus: 1,
        shortages: 1,
        skills: 1,
        days,
        heads: 3,
        stay: 1,
        fairness: false,
        rest: false,
        features: false,
        stability: 0,
        spread: 2_000,
    };
    let mut draft = scenario(&mut Random::new(1), &shape);
    let first = Day::new(2022, 3, 1).expect("a date");
    let last = first + (days - 1) as i32;
    draft.surplus.rows[0].cells.firm = Cell::Value("F00000".into());
    draft.shortage.rows[0].cells.firm = Cell::Value("F00001".into());
    let (surplus, shortage) = (&mut draft.surplus.rows[0].cells, &mut draft.shortage.rows[0].cells);
    for (from, to) in [(&mut surplus.from, &mut surplus.to), (&mut shortage.from, &mut shortage.to)] {
        (*from, *to) = (Cell::Value(first), Cell::Value(last));
    }
    draft
}

fn codes(draft: &ScenarioDraft) -> Vec<DefectCode> {
    Scenario::new(draft).err().unwrap_or_default().iter().map(|d| d.code).collect()
}

#[test]
fn a_worst_case_beyond_63_bits_is_refused_by_name() {
    let check = |heads: i64, days: i64, expect: &[DefectCode]| {
        let mut draft = pair(days);
        draft.policy.unmet_urgent = Cell::Value(MOST_MONEY);
        draft.policy.unmet_normal = Cell::Value(MOST_MONEY);
        draft.policy.unmet_low = Cell::Value(MOST_MONEY);
        draft.surplus.rows[0].cells.headcount = Cell::Value(heads);
        draft.shortage.rows[0].cells.headcount = Cell::Value(heads);
        assert_eq!(codes(&draft), expect, "{heads} workers for {days} days");
    };
    check(MOST_HEADS, 90, &[]); // 9.0e18 of 9.22e18
    check(MOST_HEADS, 93, &[DefectCode::Overflow]);
    check(25_000, 3_660, &[]);
    check(26_000, 3_660, &[DefectCode::Overflow]);
}

#[test]
fn one_step_beyond_a_limit_is_out_of_range() {
    let check = |change: &dyn Fn(&mut ScenarioDraft), expect: &[DefectCode]| {
        let mut draft = pair(5);
        change(&mut draft);
        assert_eq!(codes(&draft), expect);
    };
    let out: &[DefectCode] = &[DefectCode::OutOfRange];
    check(&|d| d.shortage.rows[0].cells.headcount = Cell::Value(MOST_HEADS), &[]);
    check(&|d| d.shortage.rows[0].cells.headcount = Cell::Value(MOST_HEADS + 1), out);
    check(&|d| d.shortage.rows[0].cells.headcount = Cell::Value(-1), out);
    check(&|d| d.surplus.rows[0].cells.headcount = Cell::Value(i64::MAX), out);
    check(&|d| d.policy.onboarding = Cell::Value(MOST_MONEY), &[]);
    check(&|d| d.policy.onboarding = Cell::Value(MOST_MONEY + 1), out);
    check(&|d| d.policy.daily_base = Cell::Value(-1), out);
    check(&|d| d.policy.road_factor = Cell::Value(0.0), out);
    check(&|d| d.policy.road_factor = Cell::Value(10.0), &[]);
    check(&|d| d.policy.road_factor = Cell::Value(10.1), out);
    check(&|d| d.policy.max_distance = Cell::Value(20_000_001), out);
    check(&|d| d.policy.min_stay_days = Cell::Value(0), out);
    check(&|d| d.policy.min_stay_days = Cell::Value(3_660), &[]);
    check(&|d| d.firms.rows[0].cells.latitude = Cell::Value(90.1), out);
    check(&|d| d.surplus.rows[0].cells.contract_until = Cell::Value(Day::MAX), &[]);
    check(&|d| d.surplus.rows[0].cells.contract_until = Cell::Value(Day::MAX + 1), out);
    check(&|d| d.surplus.rows[0].cells.to = Cell::Value(Day::new(2032, 3, 7).expect("a date")), &[]);
    check(&|d| d.surplus.rows[0].cells.to = Cell::Value(Day::new(2032, 3, 8).expect("a date")), out);
}

#[test]
fn plans_of_the_largest_numbers_are_right() {
    // A million workers at a billion a day: filled but for the cost of lending, and proven to the fen.
    let mut draft = pair(45);
    draft.policy.unmet_urgent = Cell::Value(MOST_MONEY);
    draft.policy.unmet_normal = Cell::Value(MOST_MONEY);
    draft.policy.unmet_low = Cell::Value(MOST_MONEY);
    draft.policy.onboarding = Cell::Value(MOST_MONEY / 2 - 1);
    draft.surplus.rows[0].cells.headcount = Cell::Value(MOST_HEADS);
    draft.shortage.rows[0].cells.headcount = Cell::Value(MOST_HEADS);
    let scenario = Scenario::new(&draft).expect("valid");
    for method in Method::ALL {
        let plan = solve(&scenario, &Options { method, gap: Some(0.0), ..Options::default() });
        assert_eq!(plan.kpis.unfilled_worker_days, 0, "{method:?}");
        assert_eq!(plan.kpis.start_cost, MOST_HEADS * (MOST_MONEY / 2 - 1), "{method:?}");
        assert_eq!(plan.objective, plan.kpis.start_cost + plan.kpis.lending_cost, "{method:?}");
        assert!(plan.bound <= plan.objective, "{method:?}");
    }
}
