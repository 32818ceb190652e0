//! The same input gives the same bytes; the order of rows changes no objective; a stopped run is a run.

mod common;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Run, Temp, text, tiaoji};
use serde_json::Value;

/// A plan's bytes without its seconds.
fn plan(args: &[&str]) -> String {
    let args: Vec<&str> = ["match", "--json"].into_iter().chain(args.iter().copied()).collect();
    let out = tiaoji(&args).expect(0).out;
    assert!(serde_json::from_str::<Value>(&out).is_ok());
    out.lines().filter(|line| !line.trim_start().starts_with("\"seconds\"")).collect::<Vec<_>>().join("\n")
}

#[test]
fn runs_and_threads_give_the_same_bytes() {
    let temp = Temp::new();
    let zone = temp.path("zone");
    let size = ["--firms", "30", "--surplus", "40", "--shortage", "40", "--days", "30", "--seed", "5"];
    let args: Vec<&str> = ["generate", text(&zone)].into_iter().chain(size).collect();
    tiaoji(&args).expect(0);
    for method in ["auto", "daily", "exact"] {
        let args = [text(&zone), "--method", method, "--time-limit", "5m", "--prices"];
        let first = plan(&args);
        assert_eq!(first, plan(&args), "{method}: two runs");
        for threads in ["1", "2"] {
            let with: Vec<&str> = args.iter().copied().chain(["--threads", threads]).collect();
            assert_eq!(first, plan(&with), "{method}: {threads} threads");
        }
    }

    let objective = |of: &str| serde_json::from_str::<Value>(of).unwrap()["objective_fen"].clone();
    let args = [text(&zone), "--gap", "0", "--time-limit", "5m"];
    let before = objective(&plan(&args));
    for entry in fs::read_dir(&zone).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let table = fs::read_to_string(&path).unwrap();
            let mut lines: Vec<&str> = table.lines().collect();
            lines[1..].reverse();
            fs::write(&path, lines.join("\n")).unwrap();
        }
    }
    assert_eq!(before, objective(&plan(&args)));
}

#[test]
fn no_time_at_all_is_a_plan() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let run = tiaoji(&["match", text(&zone), "--time-limit", "0", "--json"]).expect(0);
    let plan = run.json();
    assert!(plan["bound_fen"].as_i64() <= plan["objective_fen"].as_i64());
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_a_plan() {
    let temp = Temp::new();
    let zone = temp.path("zone.json");
    tiaoji(&["generate", text(&zone)]).expect(0);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaoji"));
    command.args(["match", text(&zone), "--method", "exact", "--gap", "0", "--time-limit", "10m", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let pressed = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let run = Run::of(&child.wait_with_output().unwrap()).expect(0);
    assert!(run.json()["objective_fen"].is_i64());
    assert!(pressed.elapsed() < Duration::from_mins(1), "{:?}", pressed.elapsed());
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let temp = Temp::new();
    let zone = temp.scenario("zone");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaoji"));
    let mut child =
        command.args(["match", text(&zone)]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(&child.wait_with_output().unwrap()).expect(0);
    assert!(run.err.is_empty(), "{run:?}");
}
