//! What people see, in both languages.

mod common;

use common::{Temp, text, tiaoji};

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
        run(&["compare", text(&plan), text(&plan), "--scenario", text(&zone)], 0);
        run(&["what-if", text(&zone), "--sweep", "policy.daily_base=0..200:100"], 0);
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
