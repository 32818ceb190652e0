//! Every exit status, and what goes to which stream.

mod common;

use std::fs;
use std::path::Path;

use common::{Temp, text, tiaoji};

#[test]
fn wrong_usage_is_2() {
    for line in ["", "fly", "match", "match zone --gap -1", "match zone --method best", "match a b", "replay"]
    {
        let args: Vec<&str> = line.split_terminator(' ').collect();
        let run = tiaoji(&args).expect(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{line}");
    }
}

#[test]
fn help_and_completions() {
    for command in
        ["match", "check", "report", "replay", "convert", "template", "generate", "schema", "completions"]
    {
        let run = tiaoji(&[command, "--help"]).expect(0);
        assert!(run.out.contains("Examples:"), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(tiaoji(&["completions", shell]).expect(0).out.contains("replay"), "{shell}");
    }
}

#[test]
fn schemas_are_documents() {
    for (document, key) in [("scenario", "surplus"), ("plan", "objective_fen")] {
        let schema = tiaoji(&["schema", document]).expect(0).json();
        assert!(schema["$schema"].is_string() && schema["properties"][key].is_object(), "{schema}");
    }
}

#[test]
fn a_missing_scenario_is_3() {
    for command in ["match", "check", "replay"] {
        let run = tiaoji(&[command, "/nowhere/at/all"]).expect(3);
        assert!(run.err.contains("/nowhere/at/all"), "{run:?}");
    }
    let run = tiaoji(&["check", "/nowhere", "--json"]).expect(3);
    assert_eq!(run.json()["defects"][0]["code"], "missing_file");
    let temp = Temp::new();
    let run = tiaoji(&["convert", "/nowhere", text(&temp.path("out"))]).expect(3);
    assert!(!temp.path("out").exists() && run.err.contains("/nowhere"), "{run:?}");
}

#[test]
fn a_defect_is_3() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    temp.write("zone/skills.csv", "id,name\npacker,\nfitter,Fitter\n");
    let zone = text(&zone);
    for command in [&["match", zone][..], &["check", zone], &["replay", zone]] {
        let run = tiaoji(command).expect(3);
        let said = if command[0] == "replay" { &run.out } else { &run.err };
        assert!(said.contains("skills.csv, row 2, `name`") && said.contains("[missing_value]"), "{run:?}");
        assert!(command[0] == "replay" || run.out.is_empty(), "{run:?}");
    }
    let run = tiaoji(&["check", zone, "--lang", "zh"]).expect(3);
    assert!(run.err.contains("缺陷：skills.csv，第 2 行，`name`"), "{run:?}");
    for command in ["match", "check"] {
        let faults = tiaoji(&[command, zone, "--json"]).expect(3).json();
        let defect = &faults["defects"][0];
        assert_eq!((&defect["file"], &defect["row"]), (&"skills.csv".into(), &2.into()));
        assert!(defect["message_zh"].is_string() && defect["remedy"].is_string());
        assert_eq!(
            (&faults["warnings"], &faults["violations"]),
            (&serde_json::json!([]), &serde_json::json!([]))
        );
    }
}

#[test]
fn a_warning_goes_on() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    temp.write("zone/notes.txt", "about it");
    let run = tiaoji(&["match", text(&zone), "--json"]).expect(0);
    assert_eq!(run.json()["status"], "optimal");
    assert!(run.err.contains("notes.txt") && run.err.contains("[unknown_file]"), "{run:?}");
    let run = tiaoji(&["check", text(&zone), "--json"]).expect(0);
    assert_eq!(run.json()["warnings"][0]["code"], "unknown_file");
}

#[test]
fn the_referee_finds_a_wrong_figure() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let plan = temp.path("plan.json");
    let run = tiaoji(&["match", text(&zone), "--out", text(&plan), "--prices"]).expect(0);
    assert!(run.out.contains(text(&plan)), "{run:?}");
    let run = tiaoji(&["check", text(&zone), text(&plan)]).expect(0);
    assert!(run.out.contains("feasible"), "{run:?}");

    let good = fs::read_to_string(&plan).unwrap();
    let bad = temp.write("bad.json", &good.replacen("\"objective_fen\": ", "\"objective_fen\": 1", 1));
    let run = tiaoji(&["check", text(&zone), text(&bad)]).expect(1);
    assert!(run.err.contains("violation: bad.json") && run.out.contains("does not hold"), "{run:?}");
    let faults = tiaoji(&["check", text(&zone), text(&bad), "--json"]).expect(1).json();
    assert!(
        faults["violations"].as_array().is_some_and(|v| !v.is_empty())
            && faults["defects"] == serde_json::json!([])
    );

    let unknown = temp.write("unknown.json", &good.replace("\"S1\"", "\"S9\""));
    tiaoji(&["check", text(&zone), text(&unknown)]).expect(1);
    let not_a_plan = temp.write("text.json", "[1, 2");
    tiaoji(&["check", text(&zone), text(&not_a_plan)]).expect(3);
    let run = tiaoji(&["check", text(&zone), "/nowhere.json", "--json"]).expect(3);
    assert_eq!(run.json()["defects"][0]["code"], "missing_file");
}

#[test]
fn a_defect_wins_over_a_bad_plan() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    temp.write("zone/skills.csv", "id,name\npacker,\nfitter,Fitter\n");
    let not_a_plan = temp.write("text.json", "{}");
    let faults = tiaoji(&["check", text(&zone), text(&not_a_plan), "--json"]).expect(3).json();
    assert_eq!(faults["defects"].as_array().map(Vec::len), Some(2), "{faults}");
}

#[test]
fn an_output_that_cannot_be_written_is_4() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let nowhere = temp.path("no/such/folder/plan.json");
    let run = tiaoji(&["match", text(&zone), "--out", text(&nowhere)]).expect(4);
    assert!(run.err.contains("cannot write"), "{run:?}");
    tiaoji(&["convert", text(&zone), "/proc/nothing/zone.json"]).expect(4);
    tiaoji(&["generate", "/proc/nothing/zone", "--firms", "3"]).expect(4);
}

#[test]
fn convert_goes_both_ways_and_writes_over_nothing() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let (document, folder, again) = (temp.path("zone.json"), temp.path("folder"), temp.path("again.json"));
    tiaoji(&["convert", text(&zone), text(&document)]).expect(0);
    tiaoji(&["convert", text(&document), text(&folder)]).expect(0);
    tiaoji(&["convert", text(&folder), text(&again)]).expect(0);
    assert_eq!(fs::read(&document).unwrap(), fs::read(&again).unwrap());
    let objective = |path| tiaoji(&["match", path, "--json"]).expect(0).json()["objective_fen"].clone();
    assert_eq!(objective(text(&zone)), objective(text(&document)));
    assert_eq!(objective(text(&zone)), objective(text(&folder)));

    for there in [&document, &folder] {
        let run = tiaoji(&["convert", text(&zone), text(there)]).expect(2);
        assert!(run.err.contains("--force"), "{run:?}");
        tiaoji(&["convert", text(&zone), text(there), "--force"]).expect(0);
    }
    let workbook = temp.path("zone.xlsx");
    tiaoji(&["convert", text(&zone), text(&workbook), "--lang", "zh"]).expect(0);
    tiaoji(&["convert", text(&workbook), text(&again), "--force"]).expect(0);
    assert_eq!(fs::read(&document).unwrap(), fs::read(&again).unwrap());
    assert_eq!(objective(text(&zone)), objective(text(&workbook)));
    tiaoji(&["convert", text(&zone), text(&workbook)]).expect(2);
    tiaoji(&["convert", text(&zone), text(&temp.write("file", "x"))]).expect(2);
}

#[test]
fn a_template_is_a_scenario() {
    let temp = Temp::new();
    for language in ["zh", "en"] {
        let path = temp.path(&format!("{language}.xlsx"));
        tiaoji(&["template", text(&path), "--lang", language]).expect(0);
        assert!(tiaoji(&["check", text(&path)]).expect(0).err.is_empty());
        tiaoji(&["template", text(&path)]).expect(2);
    }
    assert_ne!(fs::read(temp.path("zh.xlsx")).unwrap(), fs::read(temp.path("en.xlsx")).unwrap());
    tiaoji(&["template", text(&temp.path("own.txt"))]).expect(0);
    tiaoji(&["template", text(&temp.path("zone.json"))]).expect(2);
}

#[test]
fn a_plan_becomes_papers() {
    let temp = Temp::new();
    let (zone, plan, own) = (temp.scenario("zone"), temp.path("plan.json"), temp.path("own.txt"));
    tiaoji(&["match", text(&zone), "--out", text(&plan)]).expect(0);
    tiaoji(&["template", text(&own)]).expect(0);
    let (book, folder) = (temp.path("plan.xlsx"), temp.path("agreements"));
    let report = |out: &Path| {
        tiaoji(&["report", text(&zone), text(&plan), "--out", text(out), "--template", text(&own)])
    };
    report(&book).expect(0);
    report(&folder).expect(0);
    assert!(book.is_file() && fs::read_dir(&folder).unwrap().count() % 3 == 0);
    report(&book).expect(2);
    report(&folder).expect(2);
    let page = temp.path("plan.html");
    report(&page).expect(0);
    assert!(fs::read_to_string(&page).unwrap().starts_with("<!DOCTYPE html>"));
    report(&page).expect(2);
    report(&temp.write("file", "x")).expect(2);

    // Nothing is written of a plan that does not hold, or with texts that are none.
    fs::write(&plan, fs::read_to_string(&plan).unwrap().replacen("\"count\": 4", "\"count\": 3", 1)).unwrap();
    let none = temp.path("none");
    report(&none).expect(1);
    temp.write("own.txt", "== agreement\n{blanc}\n");
    let run = report(&none).expect(3);
    assert!(run.err.contains("own.txt, row 2") && run.err.contains("did you mean `blank`?"), "{run:?}");
    assert!(!none.exists());
}

#[test]
fn a_page_shows_what_the_explanation_of_its_plan_says() {
    let temp = Temp::new();
    let (zone, plan, page) = (temp.scenario("zone"), temp.path("plan.json"), temp.path("plan.html"));
    let (zone, plan, page) = (text(&zone), text(&plan), text(&page));
    tiaoji(&["match", zone, "--out", plan]).expect(0);
    let told = tiaoji(&["explain", zone, plan, "--json"]).expect(0).out;
    let why = temp.write("why.json", &told);
    let report = ["report", zone, plan, "--explanation", text(&why), "--force", "--out"];
    tiaoji(&[&report[..], &[page]].concat()).expect(0);
    let first =
        &serde_json::from_str::<serde_json::Value>(&told).unwrap()["unfilled"][0]["remedies"][0]["text"];
    assert!(fs::read_to_string(page).unwrap().contains(first.as_str().unwrap()), "{first}");
    tiaoji(&[&report[..], &[text(&temp.path("plan.xlsx"))]].concat()).expect(2);
    tiaoji(&[&report[..], &[text(&temp.path("papers"))]].concat()).expect(2);

    temp.write("why.json", &told.replacen("\"worker_days\": 12", "\"worker_days\": 13", 1));
    let run = tiaoji(&[&report[..], &[page]].concat()).expect(1);
    assert!(run.err.contains("the explanation is of another plan"), "{run:?}");
    temp.write("why.json", "{}");
    let run = tiaoji(&[&report[..], &[page]].concat()).expect(3);
    assert!(run.err.contains("why.json") && run.err.contains("no explanation"), "{run:?}");
}

#[test]
fn force_leaves_no_agreement_of_another_plan() {
    let temp = Temp::new();
    let (zone, plan, papers) = (temp.scenario("zone"), temp.path("plan.json"), temp.path("papers"));
    tiaoji(&["match", text(&zone), "--out", text(&plan)]).expect(0);
    let report = ["report", text(&zone), text(&plan), "--out", text(&papers), "--force"];
    tiaoji(&report).expect(0);
    let names = || {
        let entries = fs::read_dir(&papers).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let own = names();
    assert!(own.len() >= 3 && own.len().is_multiple_of(3), "{own:?}");
    let others = own.iter().take(3).map(|name| name.replace("001_", "099_"));
    let kept = ["notes.docx", "001_list.txt", "signed_001_F1_F2.docx"].map(String::from);
    for name in others.chain(kept.clone()) {
        temp.write(&format!("papers/{name}"), "");
    }
    let run = tiaoji(&report).expect(0);
    assert!(run.err.contains("3 papers of an earlier plan removed"), "{run:?}");
    let mut expect = [own, kept.to_vec()].concat();
    expect.sort();
    assert_eq!(names(), expect);
}

#[test]
fn force_leaves_no_table_of_another_scenario() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let other = temp.path("other");
    temp.write("other/calendar.csv", "date,working\n2022-03-01,false\n");
    temp.write("other/README.md", "mine");
    tiaoji(&["convert", text(&zone), text(&other), "--force"]).expect(0);
    assert!(!other.join("calendar.csv").exists() && other.join("README.md").exists());
}

#[test]
fn generate_makes_a_scenario_and_the_same_one_again() {
    let temp = Temp::new();
    let (one, two) = (temp.path("one.json"), temp.path("two.json"));
    let size = ["--firms", "9", "--surplus", "12", "--shortage", "0", "--days", "20", "--seed", "3"];
    for path in [&one, &two] {
        let args: Vec<&str> = ["generate", text(path)].into_iter().chain(size).collect();
        tiaoji(&args).expect(0);
    }
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
    let run = tiaoji(&["check", text(&one)]).expect(0);
    assert!(run.out.contains("firms 9, surplus postings 12, shortage postings 0"), "{run:?}");
}

#[test]
fn replay_compares() {
    let temp = Temp::new();
    temp.scenario("all/a");
    temp.scenario("all/b");
    temp.write("all/networks/x.min", "p min 0 0");
    temp.write("all/networks/expect.json", "{}");
    temp.write("all/a/expect.json", "{ \"status\": \"optimal\", \"admissible_pairs\": 4 }");
    let all = temp.path("all");
    let run = tiaoji(&["replay", text(&all)]).expect(0);
    assert!(run.out.contains("2 scenarios: 2 as they should be"), "{run:?}");

    temp.write("all/b/expect.json", "{ \"objective_fen\": 1 }");
    let run = tiaoji(&["replay", text(&all)]).expect(1);
    assert!(run.out.contains("objective_fen: expected 1, found"), "{run:?}");

    // Defects are as good as anything where they are expected: here all five required files are missing.
    let missing =
        |times: usize| format!("{{ \"defects\": [{}] }}", vec!["\"missing_file\""; times].join(", "));
    temp.write("all/c/expect.json", &missing(5));
    let run = tiaoji(&["replay", text(&temp.path("all/c"))]).expect(0);
    assert!(run.out.contains("as expected (refused)"), "{run:?}");
    temp.write("all/c/expect.json", &missing(4));
    let run = tiaoji(&["replay", text(&temp.path("all/c"))]).expect(3);
    assert!(run.out.contains("defects: expected"), "{run:?}");
    temp.write("all/c/expect.json", "{}");
    tiaoji(&["replay", text(&all)]).expect(3);
    let rows = tiaoji(&["replay", text(&all), "--json"]).expect(3).json();
    let verdicts: Vec<&str> =
        rows["scenarios"].as_array().unwrap().iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["as_expected", "differs", "refused"]);

    temp.write("all/c/expect.json", "{ \"objektive_fen\": 1 }");
    let run = tiaoji(&["replay", text(&temp.path("all/c"))]).expect(3);
    assert!(run.out.contains("objektive_fen"), "{run:?}");
    fs::create_dir(temp.path("empty")).unwrap();
    tiaoji(&["replay", text(&temp.path("empty"))]).expect(3);
}
