//! A plan of the engine is written, read and found good; whatever is changed in it is found out.

use std::time::Duration;

use serde_json::{Value, json};
use tiaoji_core::draft::Cell;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::{
    GenerateOptions, PlanMeta, check_plan, earlier_plan, engine, generate, plan_file, plan_to_json, read_plan,
};

fn zone(seed: u64) -> Scenario {
    let options =
        GenerateOptions { firms: 8, surplus: 14, shortage: 14, days: 20, seed, ..GenerateOptions::default() };
    Scenario::new(&generate(&options)).expect("made-up zones are valid")
}

fn planned(scenario: &Scenario) -> Value {
    let plan = solve(scenario, &Options::default());
    let meta =
        PlanMeta { engine: engine(), seconds: Duration::from_millis(5).as_secs_f64(), with_prices: true };
    let bytes = plan_to_json(scenario, &plan, &meta);
    let read = read_plan("plan.json", &bytes).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(read, plan_file(scenario, &plan, &meta));
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Codes and columns of what is wrong with a plan.
fn verdict(scenario: &Scenario, plan: &Value) -> Vec<(String, String)> {
    let bytes = serde_json::to_vec(plan).unwrap();
    let plan = read_plan("plan.json", &bytes).unwrap_or_else(|fault| panic!("{fault}"));
    let reports = check_plan(scenario, "plan.json", &plan);
    reports.into_iter().map(|report| (report.code, report.column.unwrap_or_default())).collect()
}

#[test]
fn plans_of_the_engine_hold() {
    for seed in 1..=20 {
        let scenario = zone(seed);
        let plan = planned(&scenario);
        assert_eq!(verdict(&scenario, &plan), [], "seed {seed}");
    }
}

#[test]
fn key_order_is_that_of_the_format() {
    let scenario = zone(1);
    let plan = solve(&scenario, &Options::default());
    let meta = PlanMeta { engine: engine(), seconds: 0.0, with_prices: false };
    let text = String::from_utf8(plan_to_json(&scenario, &plan, &meta)).unwrap();
    let keys = "scenario engine method status objective_fen bound_fen bound_by baseline_fen gap seconds components \
                secondments unfilled idle kpis";
    let at: Vec<usize> =
        keys.split_whitespace().map(|key| text.find(&format!("\n  \"{key}\"")).unwrap()).collect();
    assert!(at.is_sorted(), "{at:?}");
    assert!(!text.contains("\"prices\":"));
}

#[test]
fn every_change_is_found_out() {
    let scenario = zone(2);
    let plan = planned(&scenario);
    assert!(!plan["secondments"].as_array().unwrap().is_empty(), "the zone has something to lend");
    let check = |change: &dyn Fn(&mut Value), code: &str, column: &str| {
        let mut changed = plan.clone();
        change(&mut changed);
        let found = verdict(&scenario, &changed);
        assert!(found.contains(&(code.to_string(), column.to_string())), "{code} {column}: {found:?}");
    };
    let raise = |value: &mut Value| *value = json!(value.as_i64().unwrap() + 1);
    check(&|p| raise(&mut p["objective_fen"]), "figure", "objective_fen");
    check(&|p| raise(&mut p["baseline_fen"]), "figure", "baseline_fen");
    check(&|p| p["bound_fen"] = json!(p["objective_fen"].as_i64().unwrap() + 1), "bound", "bound_fen");
    check(&|p| p["gap"] = json!(0.5), "figure", "gap");
    check(&|p| p["status"] = json!("feasible"), "figure", "status");
    check(&|p| p["status"] = json!("best"), "bad_choice", "status");
    check(&|p| p["method"] = json!("guess"), "bad_choice", "method");
    check(&|p| p["bound_by"] = json!("faith"), "bad_choice", "bound_by");
    check(&|p| raise(&mut p["secondments"][0]["cost_fen"]), "figure", "secondments.cost_fen");
    check(&|p| p["secondments"][0]["surplus"] = json!("S999"), "unknown_reference", "secondments.surplus");
    check(&|p| p["secondments"][0]["shortage"] = json!("D999"), "unknown_reference", "secondments.shortage");
    check(&|p| p["secondments"][0]["count"] = json!(0), "shape", "secondments");
    check(&|p| p["secondments"][0]["count"] = json!(900_000), "supply", "secondments");
    check(&|p| p["secondments"][0]["count"] = json!(900_000), "demand", "secondments");
    check(&|p| drop(p["secondments"].as_array_mut().unwrap().pop()), "figure", "objective_fen");
    check(&|p| p["secondments"][0]["to"] = json!("2199-12-31"), "shape", "secondments");
    check(&|p| raise(&mut p["kpis"]["starts"]), "figure", "kpis.starts");
    check(&|p| raise(&mut p["kpis"]["unmet_cost_fen"]), "figure", "kpis.unmet_cost_fen");
    check(&|p| drop(p["unfilled"].as_array_mut().unwrap().pop()), "figure", "unfilled.count");
    check(&|p| raise(&mut p["idle"][0]["count"]), "figure", "idle.count");
    check(&|p| raise(&mut p["idle"][0]["reasons"][0]["count"]), "figure", "idle.reasons");
    check(&|p| p["unfilled"][0]["reasons"][0]["code"] = json!("weather"), "bad_choice", "unfilled.reasons");
    check(
        &|p| p["unfilled"][0]["reasons"][0]["by"] = json!(["S999"]),
        "unknown_reference",
        "unfilled.reasons",
    );
    check(&|p| p["unfilled"][0]["shortage"] = json!("D999"), "unknown_reference", "unfilled.shortage");
    check(
        &|p| p["components"][0]["objective_fen"] = json!(i64::MAX),
        "components",
        "components.objective_fen",
    );
}

#[test]
fn a_bound_is_only_what_its_prices_prove() {
    let scenario = zone(2);
    let plan = planned(&scenario);
    assert_eq!(plan["bound_by"], "prices");
    let bound = ("bound".to_string(), "bound_fen".to_string());
    let check = |change: &dyn Fn(&mut Value), holds: bool| {
        let mut changed = plan.clone();
        change(&mut changed);
        let found = verdict(&scenario, &changed);
        assert_eq!(!found.contains(&bound), holds, "{found:?}");
    };
    check(&|p| p["bound_fen"] = json!(p["bound_fen"].as_i64().unwrap() - 1), true);
    check(&|p| p["prices"]["demand"] = json!([]), false);
    for fen in [0, 9_000_000_000_000_i64] {
        check(
            &|p| {
                for price in p["prices"]["demand"].as_array_mut().unwrap() {
                    price["fen"] = json!(fen);
                }
            },
            false,
        );
    }
    // Nothing can be recomputed without prices, or where a search closed the rest.
    check(&|p| drop(p.as_object_mut().unwrap().remove("prices")), true);
    check(
        &|p| {
            p["prices"]["demand"] = json!([]);
            p["bound_by"] = json!("search");
        },
        true,
    );
    check(&|p| p["prices"] = json!({ "supply": [], "demand": [] }), false);
    // The prices of workers offered matter where those are scarce.
    let needs_supply = (1..50).any(|seed| {
        let scenario = zone(seed);
        let mut plan = planned(&scenario);
        plan["prices"]["supply"] = json!([]);
        verdict(&scenario, &plan).contains(&bound)
    });
    assert!(needs_supply);
}

#[test]
fn a_plan_against_an_earlier_one_holds() {
    for seed in 1..=10 {
        let options = GenerateOptions {
            firms: 8,
            surplus: 14,
            shortage: 14,
            days: 20,
            seed,
            ..GenerateOptions::default()
        };
        let mut draft = generate(&options);
        draft.policy.stability = Cell::Value(5_000);
        let scenario = Scenario::new(&draft).expect("made-up zones are valid");
        let bytes = serde_json::to_vec(&planned(&scenario)).unwrap();
        let file = read_plan("plan.json", &bytes).unwrap_or_else(|fault| panic!("{fault}"));
        // one posting fewer than the plan knows, one with fewer workers
        draft.shortage.rows.remove(seed as usize);
        draft.surplus.rows[0].cells.headcount = Cell::Value(1);
        let scenario = Scenario::new(&draft).expect("still valid");
        let earlier =
            earlier_plan(&scenario, "plan.json", &file).unwrap_or_else(|faults| panic!("{faults:?}"));
        let plan = solve(&scenario, &Options { start_from: Some(&earlier), ..Options::default() });
        let changes = plan.changes.expect("there is an earlier plan");
        let meta = PlanMeta { engine: engine(), seconds: 0.0, with_prices: true };
        let mut written: Value = serde_json::from_slice(&plan_to_json(&scenario, &plan, &meta)).unwrap();
        assert_eq!(written["changed_worker_days"], json!(changes.worker_days), "seed {seed}");
        assert_eq!(written["stability_fen"], json!(changes.worker_days * 5_000), "seed {seed}");
        assert_eq!(verdict(&scenario, &written), [], "seed {seed}");
        written["stability_fen"] = json!(changes.cost + 1);
        assert_eq!(
            verdict(&scenario, &written),
            [("figure".to_string(), "stability_fen".to_string())],
            "seed {seed}"
        );
    }
}

#[test]
fn what_an_earlier_plan_names() {
    let scenario = zone(2);
    let plan = planned(&scenario);
    let read = |plan: &Value| {
        let file = read_plan("plan.json", &serde_json::to_vec(plan).unwrap()).unwrap();
        earlier_plan(&scenario, "plan.json", &file)
    };
    // A plan of the same scenario names every posting that has workers and days.
    let earlier = read(&plan).expect("an own plan");
    for (i, j) in scenario.surplus_indices().flat_map(|i| scenario.shortage_indices().map(move |j| (i, j))) {
        assert!(earlier.compares(i, j));
    }
    assert_eq!(earlier.days().len(), scenario.days().len());
    let lent: i64 = earlier.pairs().flat_map(|(i, j)| earlier.counts(i, j).unwrap_or_default()).sum();
    let kpis = &plan["kpis"];
    assert_eq!(
        json!(lent),
        json!(
            kpis["lent_inside_alliance_days"].as_i64().unwrap()
                + kpis["lent_across_alliance_days"].as_i64().unwrap()
        )
    );
    // Only what the scenario still has.
    let mut other = plan.clone();
    other["secondments"] = json!([]);
    other["prices"] = json!({ "supply": [], "demand": [] });
    other["idle"] = json!([]);
    let earlier = read(&other).expect("nobody was lent");
    assert_eq!(earlier.pairs().count(), 0);
    assert!(!scenario.surplus_indices().any(|i| scenario.shortage_indices().any(|j| earlier.compares(i, j))));
    // What no plan has: every fault at once.
    let mut bad = plan.clone();
    bad["secondments"][0]["count"] = json!(-1);
    bad["idle"][0]["from"] = json!("2199-12-31");
    bad["prices"]["demand"][1]["to"] = json!("1999-12-31");
    let faults: Vec<_> = read(&bad)
        .expect_err("three faults")
        .into_iter()
        .map(|fault| (fault.code, fault.column.unwrap_or_default(), fault.row))
        .collect();
    let fault = |code: &str, column: &str, row| (code.to_string(), column.to_string(), Some(row));
    assert_eq!(
        faults,
        [
            fault("out_of_range", "secondments.count", 1),
            fault("dates_reversed", "idle", 1),
            fault("dates_reversed", "prices.demand", 2)
        ]
    );
}

#[test]
fn what_is_no_plan() {
    let check = |text: &str, code: &str, row: Option<u32>| {
        let fault = read_plan("plan.json", text.as_bytes()).expect_err(text);
        assert_eq!((fault.code.as_str(), fault.row), (code, row), "{text}: {fault}");
    };
    check("{", "unreadable", Some(1));
    check("{}", "unreadable", Some(1));
    check("[\n\n1]", "unreadable", Some(3));
    check("\0", "encoding", None);
}

#[test]
fn keys_of_later_versions_are_passed_over() {
    let scenario = zone(3);
    let mut plan = planned(&scenario);
    plan["colour"] = json!("blue");
    assert_eq!(verdict(&scenario, &plan), []);
}
