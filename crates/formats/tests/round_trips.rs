//! Nothing is lost: what is written reads back equal, whatever the texts are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tiaoji_core::draft::{Certificate, FirmDraft, Row};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Day;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{
    GenerateOptions, generate, read_folder_files, read_json, read_path, read_workbook, to_draft,
    to_folder_files, to_json, to_workbook, write_folder,
};

/// Reads back every written form.
fn comes_back(scenario: &Scenario) {
    let draft = to_draft(scenario);
    let files: BTreeMap<String, Vec<u8>> = to_folder_files(scenario).into_iter().collect();
    let folder = read_folder_files(&files).unwrap_or_else(|faults| panic!("folder: {faults}"));
    assert!(to_draft(&folder.scenario) == draft, "the folder is another scenario");
    let document = to_json(&folder.scenario);
    let json = read_json("x.json", &document).unwrap_or_else(|faults| panic!("JSON: {faults}"));
    assert!(to_draft(&json.scenario) == draft, "the document is another scenario");
    assert_eq!(to_json(&json.scenario), document);
    let again: BTreeMap<String, Vec<u8>> = to_folder_files(&json.scenario).into_iter().collect();
    assert_eq!(again, files);
    for language in [Language::En, Language::Zh] {
        let workbook = to_workbook(scenario, language);
        let read = read_workbook("x.xlsx", &workbook).unwrap_or_else(|faults| panic!("workbook: {faults}"));
        assert!(to_draft(&read.scenario) == draft, "the workbook is another scenario");
        assert_eq!(to_workbook(&read.scenario, language), workbook);
    }
}

/// Every folder below that holds a scenario.
fn scenarios(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scenarios(&path, found);
        } else if path.file_name().is_some_and(|name| name == "scenario.toml") {
            found.push(below.to_path_buf());
        }
    }
}

#[test]
fn every_valid_fixture_comes_back() {
    let mut folders = Vec::new();
    scenarios(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"), &mut folders);
    let valid: Vec<Scenario> = folders.iter().filter_map(|f| Some(read_path(f).ok()?.scenario)).collect();
    assert!(valid.len() >= 7, "the fixtures with warnings at least are valid");
    valid.iter().for_each(comes_back);
}

#[test]
fn made_up_zones_come_back() {
    for seed in 0..20 {
        let options = GenerateOptions {
            firms: 20,
            surplus: 40,
            shortage: 40,
            days: 60,
            seed,
            ..GenerateOptions::default()
        };
        comes_back(&Scenario::new(&generate(&options)).expect("made-up zones are valid"));
    }
}

#[test]
fn a_folder_written_over_another_is_not_a_mixture() {
    let folder = std::env::temp_dir().join(format!("tiaoji-formats-{}", std::process::id()));
    let zone = |firms| {
        let options = GenerateOptions {
            firms,
            surplus: 4,
            shortage: 4,
            days: 30,
            seed: 2,
            ..GenerateOptions::default()
        };
        Scenario::new(&generate(&options)).expect("made-up zones are valid")
    };
    let (large, small) = (zone(60), zone(3));
    assert!(!large.blocked().is_empty() && small.blocked().is_empty());
    let read = |scenario: &Scenario| {
        write_folder(scenario, &folder).expect("the temporary folder can be written");
        to_draft(&read_path(&folder).unwrap_or_else(|faults| panic!("{faults}")).scenario)
    };
    assert_eq!(read(&large), to_draft(&large));
    assert_eq!(read(&small), to_draft(&small));
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
}

/// Texts that are hard on CSV, TOML and spreadsheets; trimmed, as every reader gives them.
fn text() -> impl Strategy<Value = String> {
    let hard = prop::collection::vec(
        prop_oneof![
            Just("'".to_string()),
            Just("\"".to_string()),
            Just("=".to_string()),
            Just("-".to_string()),
            Just("+".to_string()),
            Just("@".to_string()),
            Just(",".to_string()),
            Just("\n".to_string()),
            Just("\r\n".to_string()),
            Just("\r".to_string()),
            Just("\t".to_string()),
            Just("\\".to_string()),
            Just("企".to_string()),
            Just("\u{feff}".to_string()),
            Just("\u{1}".to_string()),
            "[a-z0-9 ]{1,3}",
            any::<char>().prop_map(String::from),
        ],
        1..12,
    );
    hard.prop_map(|parts| parts.concat().replace('\0', "0").trim().to_string())
        .prop_filter("a name is not blank", |text| !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_texts_come_back(texts in prop::collection::vec(text(), 8), id in text(), degrees in -90.0..90.0_f64) {
        let mut draft = generate(&GenerateOptions { firms: 3, surplus: 3, shortage: 3, days: 20, seed: 4, ..GenerateOptions::default() });
        let [name, zone, firm, remark, alias, certificate, contact, level] = &texts[..] else { unreachable!() };
        draft.name = name.clone().into();
        draft.zone = zone.clone().into();
        let item = |text: &str| {
            let text = text.replace([';', '；', '、', '@', '＠'], "_");
            text.trim().to_string()
        };
        let far = FirmDraft {
            id: id.clone().into(),
            name: firm.clone().into(),
            latitude: degrees.into(),
            longitude: (degrees * 2.0).into(),
            contact: contact.clone().into(),
            ..FirmDraft::default()
        };
        draft.firms.rows.push(Row { line: 9, cells: far });
        draft.skills.rows[0].cells.aliases = vec![item(alias)].into();
        draft.skills.rows[0].cells.level = level.clone().into();
        draft.surplus.rows[0].cells.remark = remark.clone().into();
        let held = Certificate { name: item(certificate), valid_until: Day::new(2022, 5, 1) };
        draft.surplus.rows[0].cells.certificates = vec![held].into();
        // Ids that are none, texts that are too long: not what this test is about.
        if let Ok(scenario) = Scenario::new(&draft) {
            comes_back(&scenario);
        }
    }
}
