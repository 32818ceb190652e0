//! `tiaoji replay`: limits, other policies, earlier results.

mod common;

use std::fs;

use common::{Temp, fixtures, text, tiaoji};
use serde_json::{Value, json};

#[test]
fn limits_are_judged() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    // D1 asks for 40 worker-days, D2 for 30 and D3 for 10 that nobody offers. S1 and S2 can fill 58: all of D2, and of D1
    // what S1 and S2 have besides.
    let check = |expectation: Value, found: Option<&str>| {
        temp.write("zone/expect.json", &expectation.to_string());
        let run = tiaoji(&["replay", text(&zone)]).expect(i32::from(found.is_some()));
        assert!(found.is_none_or(|found| run.out.contains(found)), "{expectation}: {run:?}");
    };
    let plan = tiaoji(&["match", text(&zone), "--json"]).expect(0).json();
    let [filled, asked, objective] =
        ["filled_worker_days", "demanded_worker_days", ""].map(|name| match plan["kpis"].get(name) {
            Some(number) => number.as_i64().unwrap(),
            None => plan["objective_fen"].as_i64().unwrap(),
        });
    assert_eq!((filled, asked), (58, 80));
    check(json!({ "filled_share_at_least": 0.725, "objective_at_most": objective }), None);
    check(json!({ "filled_share_at_least": 0.73 }), Some("expected at least 0.73, found 0.725"));
    check(json!({ "objective_at_most": objective - 1 }), Some("objective_at_most: expected at most"));
    check(json!({ "unfilled_by_skill": { "packer": { "at_most": 12 }, "fitter": { "equals": 10 } } }), None);
    let few = json!({ "unfilled_by_skill": { "packer": { "at_most": 11 } } });
    check(few, Some("unfilled_by_skill.packer: expected at most 11, found 12"));
    let nobody = json!({ "unfilled_by_skill": { "welder": { "at_most": 11 } } });
    check(nobody, Some("unfilled_by_skill.welder: expected at most 11, found nothing"));
}

#[test]
fn what_came_out_is_recorded_once() {
    let temp = Temp::new();
    let (good, bad) = (temp.scenario("all/good"), temp.scenario("all/refused"));
    fs::remove_file(bad.join("firms.csv")).unwrap();
    fs::remove_file(bad.join("skills.csv")).unwrap();
    let all = temp.path("all");
    tiaoji(&["replay", text(&all)]).expect(3);
    let run = tiaoji(&["replay", text(&all), "--record", "--gap", "0"]).expect(0);
    assert_eq!(run.out.matches("  recorded").count(), 2, "{run:?}");
    let run = tiaoji(&["replay", text(&all)]).expect(0);
    assert!(run.out.contains("as expected (refused)") && !run.out.contains("recorded"), "{run:?}");

    let written = good.join("expect.json");
    let expectation: Value = serde_json::from_slice(&fs::read(&written).unwrap()).unwrap();
    assert_eq!(expectation["status"], "optimal");
    assert_eq!(expectation["kpis"]["filled_worker_days"], json!({ "at_least": 58 }));
    assert_eq!(expectation["unfilled_by_skill"]["fitter"], json!({ "at_most": 12 }));
    // one that is there stays
    temp.write("all/good/expect.json", "{ \"objective_fen\": 1 }");
    tiaoji(&["replay", text(&all), "--record"]).expect(1);
    assert_eq!(fs::read_to_string(&written).unwrap(), "{ \"objective_fen\": 1 }");
}

#[test]
fn another_policy_over_all() {
    let temp = Temp::new();
    let all = temp.path("all");
    temp.scenario("all/a");
    temp.scenario("all/b");
    // what is exact is expected of the scenario as it is, a limit of every policy
    temp.write(
        "all/a/expect.json",
        "{ \"admissible_pairs\": 4, \"kpis\": { \"starts\": { \"equals\": 12 } } }",
    );
    temp.write("all/b/expect.json", "{ \"filled_share_at_least\": 0.7 }");
    tiaoji(&["replay", text(&all)]).expect(0);
    let dear = ["replay", text(&all), "--set", "policy.cross_alliance=10000"];
    let run = tiaoji(&dear).expect(1);
    assert!(run.out.contains("filled_share_at_least: expected at least 0.7, found"), "{run:?}");
    assert!(run.out.contains("2 scenarios: 1 as they should be, 1 different"), "{run:?}");
    let results = tiaoji(&[&dear[..], &["--json"]].concat()).expect(1).json();
    let one = &results["scenarios"][0];
    let [before, after] =
        ["before", "plan"].map(|when| one[when]["kpis"]["filled_worker_days"].as_i64().unwrap());
    assert!(before == 58 && after < before && one["changed_worker_days"].as_i64().unwrap() > 0, "{one}");
    let run = tiaoji(&["replay", text(&all), "--set", "policy.crossing=1"]).expect(3);
    assert!(run.out.contains("[unknown_key]"), "{run:?}");
}

#[test]
fn results_are_held_against_later_ones() {
    let temp = Temp::new();
    let all = temp.path("all");
    temp.scenario("all/a");
    temp.scenario("all/b");
    let kept = temp.path("before.json");
    tiaoji(&["replay", text(&all), "--out", text(&kept)]).expect(0);
    let again = ["replay", text(&all), "--against", text(&kept)];
    let results = tiaoji(&[&again[..], &["--json"]].concat()).expect(0).json();
    assert_eq!(results["scenarios"][1]["changed_worker_days"], 0);
    temp.scenario("all/c");
    let run = tiaoji(&again).expect(0);
    assert!(run.out.contains("1 scenario not in the earlier results, 0 of these not replayed"), "{run:?}");

    // A bound that a plan of the same scenario beats is no bound.
    let mut file: Value = serde_json::from_slice(&fs::read(&kept).unwrap()).unwrap();
    let found = file["scenarios"][0]["plan"]["objective_fen"].as_i64().unwrap();
    file["scenarios"][0]["plan"]["bound_fen"] = json!(found + 1);
    temp.write("before.json", &file.to_string());
    let run = tiaoji(&again).expect(1);
    assert!(run.out.contains("objective_fen: expected at least the earlier bound"), "{run:?}");

    temp.write("before.json", "{}");
    let run = tiaoji(&again).expect(3);
    assert!(run.err.contains("before.json") && run.err.contains("no result of a replay"), "{run:?}");
}

#[test]
fn a_season_under_another_policy() {
    let season = fixtures().join("season");
    let run = tiaoji(&["replay", text(&season), "--set", "policy.max_distance_km=4"]).expect(1);
    assert_eq!(run.out.matches("kpis.filled_worker_days: expected at least").count(), 6, "{run:?}");
    assert!(run.out.contains("  Total "), "{run:?}");
}
