//! What people see, in both languages.

mod common;

use common::{Temp, fixtures, text, tiaoji};
use serde_json::json;

/// The summary without what differs from run to run.
fn summary(language: &str) -> String {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let run = tiaoji(&["match", text(&zone), "--lang", language]).expect(0);
    assert!(run.err.is_empty(), "{run:?}");
    let redact = |line: &str| match line.rsplitn(3, ' ').collect::<Vec<_>>()[..] {
        // The status ends with how long it took.
        [unit @ ("s" | "秒"), _, status] => format!("{status} [seconds] {unit}\n"),
        _ => format!("{line}\n"),
    };
    run.out.lines().map(redact).collect()
}

#[test]
fn in_english() {
    insta::assert_snapshot!(summary("en"));
}

#[test]
fn in_chinese() {
    insta::assert_snapshot!(summary("zh"));
}

#[test]
fn check_in_both_languages() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let plan = temp.path("plan.json");
    tiaoji(&["match", text(&zone), "--out", text(&plan)]).expect(0);
    for language in ["en", "zh"] {
        let run = tiaoji(&["check", text(&zone), text(&plan), "--lang", language]).expect(0);
        insta::assert_snapshot!(format!("check_{language}"), run.out.replace(text(&zone), "zone"));
    }
}

#[test]
fn explanations_comparisons_and_sweeps_in_both_languages() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let (plan, other) = (temp.path("plan.json"), temp.path("other.json"));
    tiaoji(&["match", text(&zone), "--prices", "--out", text(&plan)]).expect(0);
    tiaoji(&["match", text(&zone), "--method", "daily", "--out", text(&other)]).expect(0);
    let json = std::fs::read_to_string(&other).unwrap();
    let mut none: serde_json::Value = serde_json::from_str(&json).unwrap();
    let id = none["unfilled"][0]["shortage"].as_str().unwrap().to_string();
    for language in ["en", "zh"] {
        let mut all = String::new();
        let mut run = |line: &[&str], status: i32| {
            let run = tiaoji(&[line, &["--lang", language]].concat()).expect(status);
            all.extend(["$ ", line[0], "\n", &run.out, "\n"]);
        };
        run(&["explain", text(&zone), text(&plan)], 0);
        run(&["explain", text(&zone), text(&plan), &id], 0);
        run(&["options", text(&zone), text(&plan), "--shortage", &id], 0);
        run(&["compare", text(&plan), text(&plan), "--scenario", text(&zone)], 0);
        run(&["what-if", text(&zone), "--sweep", "policy.daily_base=0..200:100"], 0);
        run(&["what-if", text(&zone), "--rules"], 0);
        insta::assert_snapshot!(format!("analysis_{language}"), all);
    }
    let run = tiaoji(&["explain", text(&zone), text(&plan), "nobody"]).expect(3);
    assert!(run.err.contains("nobody"), "{run:?}");
    // A plan that breaks its figures is not compared with anything.
    none["objective_fen"] = 1.into();
    let broken = temp.write("broken.json", &none.to_string());
    tiaoji(&["compare", text(&plan), text(&broken), "--scenario", text(&zone)]).expect(1);
    tiaoji(&["what-if", text(&zone), "--set", "policy.daily_base=much"]).expect(3);
    tiaoji(&["what-if", text(&zone), "--sweep", "policy.daily_base=3..1"]).expect(2);
}

/// Of 4, -1 and 8 km one is no limit: its row says so, and the others are solved.
#[test]
fn a_sweep_goes_on_beside_what_is_refused() {
    let temp = Temp::new();
    let (zone, out) = (fixtures().join("features/competition"), temp.path("sweep.csv"));
    let sweep = ["what-if", text(&zone), "--sweep", "policy.max_distance_km=4,-1,8"];
    let found = tiaoji(&[&sweep[..], &["--json", "--out", text(&out)]].concat()).expect(0).json();
    assert_eq!(found["points"].as_array().map(Vec::len), Some(2), "{found:#}");
    let refused = &found["refused"][0];
    assert_eq!(refused["set"], serde_json::json!([{ "field": "policy.max_distance_km", "value": "-1" }]));
    assert_eq!(refused["defects"][0]["code"], "out_of_range", "{found:#}");
    let csv = std::fs::read_to_string(&out).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines.len() == 4 && lines[0].ends_with(",refused") && lines[1].ends_with(','), "{csv}");
    assert!(lines[3].starts_with("'-1,,") && lines[3].ends_with(",out_of_range"), "{csv}");
    let run = tiaoji(&sweep).expect(0);
    assert!(run.out.contains("defect out_of_range") && run.err.contains("max_distance_km"), "{run:?}");
    let all =
        tiaoji(&["what-if", text(&zone), "--sweep", "policy.max_distance_km=-2,-1", "--json"]).expect(3);
    assert_eq!(all.json()["defects"].as_array().map(Vec::len), Some(2));
}

/// `features/competition`: two packers lent to D1 (urgent, 600.00 a worker-day unfilled, 35.00 a day to lend at 5 km), D2 (low,
/// 300.00, next door, 10.00) without anybody; 2,210.00 in all.
#[test]
fn options_by_hand() {
    let temp = Temp::new();
    let (zone, plan) = (fixtures().join("features/competition"), temp.path("plan.json"));
    tiaoji(&["match", text(&zone), "--prices", "--out", text(&plan)]).expect(0);
    let check = |side: &str, posting: &str, expect: serde_json::Value| {
        let run = tiaoji(&["options", text(&zone), text(&plan), side, posting, "--json"]).expect(0).json();
        let first = &run["options"][0];
        let fields = ["surplus", "in_plan", "count", "from", "to", "worker_days", "saved_fen"];
        let found: Vec<&serde_json::Value> = fields.iter().map(|field| &first[field]).collect();
        assert_eq!(serde_json::json!(found), expect, "{run}");
    };
    check("--shortage", "D1", json!(["S1", true, 2, "2022-03-07", "2022-03-09", 6, 0]));
    check("--surplus", "S1", json!(["S1", true, 2, "2022-03-07", "2022-03-09", 6, 0]));
    // Both to D2: D1 stays at 3,600.00, 60.00 of lending, 200.00 of starts are 3,860.00, or 1,650.00 more.
    check("--shortage", "D2", json!(["S1", false, 2, "2022-03-07", "2022-03-09", 6, -165_000]));
    // One of them to D3 instead of D1 for the three days: as urgent, and 25.00 a day less for being next door.
    let new = temp.write(
        "new.json",
        "{\"firm\":\"F3\",\"skill\":\"packer\",\"headcount\":1,\"from\":\"2022-03-07\",\
         \"to\":\"2022-03-09\",\"priority\":\"urgent\"}",
    );
    check("--shortage", text(&new), json!(["S1", false, 1, "2022-03-07", "2022-03-09", 3, 7_500]));
    let bad = temp.write("bad.json", "{\"id\":\"D1\",\"firm\":\"F9\",\"headcount\":-1}");
    let run =
        tiaoji(&["options", text(&zone), text(&plan), "--shortage", text(&bad), "--json"]).expect(3).json();
    let codes: Vec<&str> =
        run["defects"].as_array().unwrap().iter().map(|defect| defect["code"].as_str().unwrap()).collect();
    let expect = [
        "duplicate_id",
        "unknown_reference",
        "missing_value",
        "out_of_range",
        "missing_value",
        "missing_value",
    ];
    assert_eq!(codes, expect, "{run}");
    tiaoji(&["options", text(&zone), text(&plan), "--shortage", "nobody"]).expect(3);
    tiaoji(&["options", text(&zone), text(&plan)]).expect(2);
}
