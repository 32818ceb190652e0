//! The program's commands beside serving: people, keys, copies of the database, the zone's data as a scenario.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use std::io::Write;

fn run(line: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tiaoji-server"))
        .args(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("read");
    child.wait_with_output().expect("its output")
}

#[track_caller]
fn done(line: &[&str], input: &str) -> String {
    let output = run(line, input);
    assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn refused(line: &[&str], why: &str) {
    let output = run(line, "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(why), "{line:?}: {said}");
}

#[test]
fn a_database_is_made_copied_restored_and_written_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let database = format!("sqlite:{}", path("zone.db"));
    let other = format!("sqlite:{}", path("other.db"));
    done(&["user", "--database", &database, "--role", "zone", "--login", "chief"], "long enough\n");
    let key = ["key", "--database", &database, "--role", "service", "--name", "erp"];
    let secret = done(&[&key[..], &["--expires", "90d"]].concat(), "");
    assert!(secret.trim().len() > 30, "{secret}");
    refused(&[&key[..], &["--expires", "0d"]].concat(), "90d");
    refused(&[&key[..], &["--expires", "4000"]].concat(), "90d");

    done(&["backup", "--database", &database, &path("copy.db")], "");
    refused(&["restore", "--database", &database, &path("copy.db")], "move it away first");
    assert_eq!(done(&["restore", "--database", &other, &path("copy.db")], ""), "ok\n");
    assert!(Path::new(&path("other.db")).exists());
    refused(&["restore", "--database", "postgres://nowhere", &path("copy.db")], "pg_restore");

    let scenario = done(&["export", "--database", &other], "");
    let scenario: serde_json::Value = serde_json::from_str(&scenario).expect("JSON");
    assert!(scenario["surplus"].is_array(), "{scenario}");
    done(&["export", "--database", &other, "--out", &path("zone.json")], "");
    assert!(Path::new(&path("zone.json")).exists());
}
