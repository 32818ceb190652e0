//! Folders: which shapes of a table are read, and what is a consequence and not reported.

use std::collections::BTreeMap;

use tiaoji_core::draft::ScenarioDraft;
use tiaoji_formats::{read_folder_files, read_path, to_draft, to_json};

type Files = BTreeMap<String, Vec<u8>>;

fn base() -> Files {
    let head = "name = \"x\"\n[policy]\nonboarding = 150\ndaily_base = 10\ntransport_per_km = 6\ncross_alliance = 15\n\
                [policy.unmet]\nurgent = 600\nnormal = 400\nlow = 300\n";
    [
        ("scenario.toml", head),
        ("firms.csv", "id,name,alliance,latitude,longitude\nF1,a,A,37.05,117.25\nF2,b,A,37.06,117.26\n"),
        ("skills.csv", "id,name\nK1,k\n"),
        ("surplus.csv", "id,firm,skill,headcount,from,to\nS1,F1,K1,5,2022-03-01,2022-03-10\n"),
        ("shortage.csv", "id,firm,skill,headcount,from,to\nD1,F2,K1,4,2022-03-01,2022-03-10\n"),
        ("pins.csv", "surplus,shortage,count,from,to\nS1,D1,1,2022-03-01,2022-03-05\n"),
    ]
    .map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()))
    .into()
}

/// The faults of the base with one file replaced: code, file, row, column.
fn faults(name: &str, text: impl Into<Vec<u8>>) -> Vec<String> {
    let mut files = base();
    files.insert(name.to_string(), text.into());
    let defects = read_folder_files(&files).map(|_| ()).map_err(|faults| faults.defects).err();
    let shown = |r: tiaoji_formats::Report| {
        let row = r.row.map_or(String::new(), |row| format!(":{row}"));
        let column = r.column.map_or(String::new(), |column| format!(" {column}"));
        format!("{} {}{row}{column}", r.code, r.file.unwrap_or_default())
    };
    defects.unwrap_or_default().into_iter().map(shown).collect()
}

fn draft(name: &str, text: impl Into<Vec<u8>>) -> ScenarioDraft {
    let mut files = base();
    files.insert(name.to_string(), text.into());
    to_draft(&read_folder_files(&files).unwrap_or_else(|faults| panic!("{faults}")).scenario)
}

#[test]
fn shapes_of_a_table_that_mean_the_same() {
    let expect = draft("firms.csv", base()["firms.csv"].clone());
    for text in [
        "id,name,alliance,latitude,longitude\r\nF1,a,A,37.05,117.25\r\nF2,b,A,37.06,117.26\r\n",
        "id,name,alliance,latitude,longitude\nF1,a,A,37.05,117.25\n\n,,,,\nF2,b,A,37.06,117.26",
        "\u{feff}编号,名称,联盟,纬度,经度\nF1,a,A,37.05,117.25\nF2,b,A,37.06,117.26\n",
        "longitude,latitude,name,id,alliance\n117.25,37.05,a,F1,A\n117.26,37.06,b,F2,A\n",
        "ID, Name ,\"alliance\",LATITUDE,longitude\n F1 ,\"a\",A,３７．０５,117.25\nF2,b,A,37.06,117.26\n",
        "id,,name,alliance,latitude,longitude,,\nF1,,a,A,37.05,117.25,,\nF2,,b,A,37.06,117.26\n",
        "id,name,alliance,latitude,longitude,phone\nF1,a,A,37.05,117.25\nF2,b,A,37.06,117.26,,,\n",
    ] {
        assert!(draft("firms.csv", text) == expect, "{text}");
    }
}

#[test]
fn guarded_texts_lose_one_quote() {
    let read = draft("skills.csv", "id,name,aliases\nK1,'=1+1,'-a;b\nK2,''=1,'a\n");
    let names: Vec<_> = read.skills.rows.iter().filter_map(|row| row.cells.name.value()).collect();
    assert_eq!(names, ["=1+1", "'=1"]);
    assert_eq!(read.skills.rows[0].cells.aliases.value().map(|a| a.join("|")), Some("-a|b".to_string()));
}

#[test]
fn consequences_are_not_reported() {
    let check = |name: &str, text: &str, expect: &[&str]| assert_eq!(faults(name, text), expect, "{text}");
    // References into a table whose ids nobody knows.
    check("firms.csv", "", &["unreadable firms.csv"]);
    check("firms.csv", "\0", &["encoding firms.csv"]);
    check(
        "firms.csv",
        "name,alliance,latitude,longitude\na,A,37.05,117.25\n",
        &["missing_column firms.csv:1 id"],
    );
    check("surplus.csv", "id;firm\nS1;F1\n", &["unreadable surplus.csv:1"]);
    // A column that is missing, in every row.
    check("skills.csv", "id\nK1\nK2\nK3\n", &["missing_column skills.csv:1 name"]);
    // The rest of a row whose cells have lost their places.
    check(
        "surplus.csv",
        "id,firm,skill,headcount,from,to\nS1,F1,extra,K1,5,2022-03-01,2022-03-10\n",
        &["unreadable surplus.csv:2"],
    );
    // Pins and references to a row with a fault of its own.
    check(
        "surplus.csv",
        "id,firm,skill,headcount,from,to\nS1,F1,K1,many,2022-03-01,2022-03-10\n",
        &["bad_number surplus.csv:2 headcount"],
    );
    // Whatever a file says that is of a format nobody here knows.
    check("scenario.toml", "format = 7\nwhatever = 1\n", &["format scenario.toml:1 format"]);
    check("scenario.toml", "name = \n", &["unreadable scenario.toml:1"]);
}

#[test]
fn all_faults_at_once_in_order() {
    let mut files = base();
    files.insert(
        "firms.csv".into(),
        b"id,name,alliance,latitude,longitude\nF1,,A,x,200\nF2,b,A,91,117\nF2,b,A,1,1\n".to_vec(),
    );
    files.insert(
        "shortage.csv".into(),
        b"id,firm,skill,headcount,from,to\nD1,F9,K9,-1,2022-03-01,1\n".to_vec(),
    );
    files.remove("skills.csv");
    files.insert("notes.txt".into(), Vec::new());
    let faults = read_folder_files(&files).map(|_| ()).expect_err("many faults");
    let shown: Vec<String> = faults
        .defects
        .iter()
        .map(|r| format!("{}:{} {}", r.file.as_deref().unwrap_or(""), r.row.unwrap_or(0), r.code))
        .collect();
    assert_eq!(
        shown,
        [
            "firms.csv:2 missing_value",
            "firms.csv:2 bad_number",
            "firms.csv:2 out_of_range",
            "firms.csv:3 out_of_range",
            "firms.csv:4 duplicate_id",
            "skills.csv:0 missing_file",
            "shortage.csv:2 unknown_reference",
            "shortage.csv:2 out_of_range",
            "shortage.csv:2 bad_date",
        ]
    );
    assert_eq!(faults.warnings.len(), 1);
    assert_eq!(faults.warnings[0].file.as_deref(), Some("notes.txt"));
}

#[test]
fn rows_are_where_a_spreadsheet_shows_them() {
    let text = "id,name,aliases\nK1,\"k\nk\",a\n\nK2,,b\n";
    assert_eq!(faults("skills.csv", text), ["missing_value skills.csv:4 name"]);
}

#[test]
fn scenario_toml_keeps_decimals_and_names_wrong_types() {
    let head = String::from_utf8(base()["scenario.toml"].clone()).unwrap();
    let check = |from: &str, to: &str, expect: &[&str]| {
        assert_eq!(faults("scenario.toml", head.replacen(from, to, 1)), expect, "{to}");
    };
    check("150", "0.29", &[]);
    check("150", "1_500.5", &[]);
    check("150", "1.5e2", &[]);
    check("150", "0x10", &[]);
    check("150", "150.005", &["bad_money scenario.toml:3 policy.onboarding"]);
    check("150", "true", &["bad_money scenario.toml:3 policy.onboarding"]);
    check("150", "nan", &["bad_money scenario.toml:3 policy.onboarding"]);
    check("150", "1e300", &["out_of_range scenario.toml:3 policy.onboarding"]);
    check(
        "onboarding",
        "on_boarding",
        &["missing_value scenario.toml policy.onboarding", "unknown_key scenario.toml:3 policy.on_boarding"],
    );
    check(
        "[policy.unmet]\nurgent = 600\nnormal = 400\nlow = 300\n",
        "unmet = 5\n",
        &["unreadable scenario.toml:7 policy.unmet"],
    );
    check(
        "[policy.unmet]",
        "[horizon]\nfrom = 2022-03-01\nto = 2022-03-31T00:00:00\n[policy.unmet]",
        &["bad_date scenario.toml:9 horizon.to"],
    );
    check(
        "[policy.unmet]",
        "[horizon]\nfrom = 2022-03-01\n[policy.unmet]",
        &["missing_value scenario.toml horizon.to"],
    );
    let cents = draft("scenario.toml", head.replacen("150", "0.29", 1));
    assert_eq!(cents.policy.onboarding.value(), Some(&29));
}

#[test]
fn a_path_is_what_it_is() {
    let folder = std::env::temp_dir().join(format!("tiaoji-paths-{}", std::process::id()));
    for (name, bytes) in base() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let code = |path: &std::path::Path| {
        let faults = read_path(path).map(|_| ()).map_err(|faults| faults.defects).err().unwrap_or_default();
        faults.into_iter().map(|r| (r.code, r.file.unwrap_or_default())).collect::<Vec<_>>()
    };
    let loaded = read_path(&folder).unwrap_or_else(|faults| panic!("{faults}"));
    let document = folder.join("a.document");
    std::fs::write(&document, to_json(&loaded.scenario)).unwrap();
    assert_eq!(code(&document), []);
    let absent = folder.join("absent");
    assert_eq!(code(&absent), [("missing_file".to_string(), absent.display().to_string())]);
    std::fs::write(&document, b"PK\x03\x04").unwrap();
    assert_eq!(code(&document), [("unreadable".to_string(), "a.document".to_string())]);
    // A folder where a table should be; hidden files and folders are nobody's business.
    std::fs::create_dir(folder.join(".git")).unwrap();
    std::fs::create_dir(folder.join("calendar.csv")).unwrap();
    assert_eq!(code(&folder), [("unreadable".to_string(), "calendar.csv".to_string())]);
    std::fs::remove_dir_all(&folder).unwrap();
}
