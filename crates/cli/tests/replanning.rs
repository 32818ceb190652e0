//! `match --start-from`: the fixtures with an earlier plan, against the answers in their READMEs; what is no earlier plan;
//! the own plan sent back.

mod common;

use common::{Temp, fixtures, text, tiaoji};
use serde_json::json;

#[test]
fn fixtures_with_an_earlier_plan() {
    let check = |name: &str, status: &str, objective: i64, stability: i64, changed: i64| {
        let folder = fixtures().join("features").join(name);
        let plan = folder.join("plan.json");
        for method in ["auto", "exact"] {
            let run = tiaoji(&[
                "match",
                text(&folder),
                "--start-from",
                text(&plan),
                "--method",
                method,
                "--gap",
                "0",
                "--json",
            ]);
            let found = run.expect(0).json();
            let keys = ["status", "objective_fen", "stability_fen", "changed_worker_days"];
            let found: Vec<_> = keys.iter().map(|key| &found[key]).collect();
            let expect = json!([status, objective, stability, changed]);
            assert_eq!(json!(found), expect, "{name} {method}");
        }
    };
    check("stability_keeps", "feasible", 16_000, 0, 0);
    check("stability_pays", "optimal", 13_000, 2_400, 6);
    check("stability_refused", "optimal", 13_000, 1_800, 3);
    check("stability_resized", "optimal", 26_000, 5_400, 9);
    check("start_from_withdrawn", "optimal", 13_000, 1_800, 3);
    check("start_from_new_days", "optimal", 15_000, 0, 0);
}

#[test]
fn the_own_plan_comes_back() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let (first, second) = (temp.path("first.json"), temp.path("second.json"));
    tiaoji(&["match", text(&zone), "--prices", "--out", text(&first)]).expect(0);
    let run = tiaoji(&["match", text(&zone), "--start-from", text(&first), "--out", text(&second)]).expect(0);
    assert!(run.out.contains("Changes      0 worker-days against the earlier plan"), "{}", run.out);
    let run = tiaoji(&["match", text(&zone), "--start-from", text(&first), "--lang", "zh"]).expect(0);
    assert!(run.out.contains("变动      与旧方案相比变动 0 人天"), "{}", run.out);
    let read = |path| std::fs::read_to_string(path).unwrap();
    let (first, second): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&read(&first)).unwrap(), serde_json::from_str(&read(&second)).unwrap());
    for key in ["objective_fen", "bound_fen", "secondments", "unfilled", "idle", "kpis"] {
        assert_eq!(first[key], second[key], "{key}");
    }
    assert!(first["changed_worker_days"].is_null());
    assert_eq!((&second["changed_worker_days"], &second["stability_fen"]), (&json!(0), &json!(0)));
    tiaoji(&["check", text(&zone), text(&temp.path("second.json"))]).expect(0);
}

#[test]
fn what_is_no_earlier_plan_is_3() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let plan = temp.path("plan.json");
    tiaoji(&["match", text(&zone), "--out", text(&plan)]).expect(0);
    let good = std::fs::read_to_string(&plan).unwrap();
    let check = |bad: &str, code: &str, column: Option<&str>| {
        let bad = temp.write("bad.json", bad);
        let faults = tiaoji(&["match", text(&zone), "--start-from", text(&bad), "--json"]).expect(3).json();
        let defect = &faults["defects"][0];
        assert_eq!((&defect["code"], &defect["column"]), (&json!(code), &json!(column)), "{faults}");
        assert_eq!(defect["file"], "bad.json");
    };
    check("{", "unreadable", None);
    check("[]", "unreadable", None);
    check(&good.replacen("\"count\": 5", "\"count\": 0", 1), "out_of_range", Some("secondments.count"));
    check(&good.replacen("\"count\": 5", "\"count\": 1000001", 1), "out_of_range", Some("secondments.count"));
    check(
        &good.replacen("\"from\": \"2022-03-01\"", "\"from\": \"2022-03-30\"", 1),
        "dates_reversed",
        Some("secondments"),
    );
    let faults = tiaoji(&["match", text(&zone), "--start-from", "/nowhere.json", "--json"]).expect(3).json();
    assert_eq!(faults["defects"][0]["code"], "missing_file");

    // Postings that the scenario does not know are withdrawn ones.
    let unknown = temp.write("unknown.json", &good.replace("\"S1\"", "\"S9\""));
    let run = tiaoji(&["match", text(&zone), "--start-from", text(&unknown), "--json"]).expect(0);
    assert_eq!(run.json()["status"], "optimal");

    // The faults of both inputs come at once.
    temp.write("zone/skills.csv", "id,name\npacker,\nfitter,Fitter\n");
    let faults = tiaoji(&["match", text(&zone), "--start-from", "/nowhere.json", "--json"]).expect(3).json();
    assert_eq!(faults["defects"].as_array().map(Vec::len), Some(2), "{faults}");
}
