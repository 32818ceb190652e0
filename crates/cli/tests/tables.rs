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
