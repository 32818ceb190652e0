//! Every folder of `fixtures/defects` gives exactly its fault, and every code has a folder and a message.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use tiaoji_core::defect::{DefectCode, WarningCode};
use tiaoji_formats::{Expectation, Outcome, Report, read_path};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/defects");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// Defects and warnings of a folder.
fn faults(folder: &Path) -> (Vec<Report>, Vec<Report>) {
    match read_path(folder) {
        Ok(loaded) => (Vec::new(), loaded.warnings),
        Err(faults) => (faults.defects, faults.warnings),
    }
}

#[test]
fn every_folder_gives_what_it_expects() {
    for folder in folders() {
        let expectation = Expectation::read(&std::fs::read(folder.join("expect.json")).unwrap()).unwrap();
        let (defects, warnings) = faults(&folder);
        let outcome = Outcome { defects: &defects, warnings: &warnings, ..Outcome::default() };
        let differences: Vec<String> = expectation.judge(&outcome).iter().map(ToString::to_string).collect();
        assert!(differences.is_empty(), "{}:\n{}", name(&folder), differences.join("\n"));
    }
}

#[test]
fn every_code_has_a_folder() {
    let have: BTreeSet<String> = folders().iter().map(|folder| name(folder)).collect();
    let defects = DefectCode::ALL.iter().map(|code| code.code());
    for code in defects.chain(WarningCode::ALL.iter().map(|code| code.code())) {
        assert!(have.contains(code), "no folder {code}");
    }
}

#[test]
fn every_message_in_both_languages() {
    let mut text = String::new();
    for folder in folders() {
        let (defects, warnings) = faults(&folder);
        writeln!(text, "# {}", name(&folder)).unwrap();
        for report in defects.iter().chain(&warnings) {
            writeln!(text, "{report}\n{}；{}\n", report.message_zh, report.remedy_zh).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}
