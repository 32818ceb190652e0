//! Workbooks of other programs: what their cells mean, and what is refused.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Faults, Loaded, read_path, read_workbook, template_workbook, to_draft, to_json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> Result<Loaded, Faults> {
    read_path(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/workbooks").join(name))
}

#[test]
fn other_programs_workbooks_are_the_scenario() {
    let mut drafts = Vec::new();
    for name in ["openpyxl.xlsx", "openpyxl-1904.xlsx", "libreoffice.xlsx"] {
        let loaded = fixture(name).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        assert_eq!(loaded.warnings, [], "{name}");
        let plan = solve(&loaded.scenario, &Options::default());
        assert_eq!((plan.objective, plan.baseline), (221_000, 540_000), "{name}");
        let surplus = &loaded.scenario.surplus()[0];
        let ids: Vec<&str> = loaded.scenario.firms().iter().map(|firm| firm.id.as_str()).collect();
        assert_eq!((ids, surplus.id.as_str()), (vec!["007", "12", "F3"], "1"), "{name}");
        let remark = surplus.remark.as_deref().unwrap_or_default();
        assert_eq!(remark, "<script>alert(1)</script> ]]> =cmd|' /C calc'!A0 & \"q\"", "{name}");
        drafts.push(to_draft(&loaded.scenario));
    }
    assert!(drafts.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn faults_name_sheet_row_and_column() {
    let mut text = String::new();
    for name in ["faults.xlsx", "formula-without-value.xlsx", "far-cell.xlsx"] {
        let faults = fixture(name).map(|_| ()).expect_err("a fault");
        writeln!(text, "# {name}").unwrap();
        for report in faults.defects.iter().chain(&faults.warnings) {
            writeln!(text, "{report}\n{}；{}\n", report.message_zh, report.remedy_zh).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

/// A workbook of those sheets, by name and rows of XML, and further parts.
fn workbook(sheets: &[(&str, &str)], styles: &str, shared: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut put = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let (mut list, mut related) = (String::new(), String::new());
    for (at, (name, rows)) in sheets.iter().enumerate() {
        write!(list, "<x:sheet name='{name}' sheetId='{at}' r:id='r{at}'/>").unwrap();
        write!(related, "<Relationship Id='r{at}' Type='t/worksheet' Target='/xl/s{at}.xml'/>").unwrap();
        put(&format!("xl/s{at}.xml"), format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"));
    }
    related += "<Relationship Id='a' Type='t/styles' Target='st.xml'/>";
    related += "<Relationship Id='b' Type='t/sharedStrings' Target='sh.xml'/>";
    put("xl/workbook.xml", format!("<x:workbook><x:sheets>{list}</x:sheets></x:workbook>"));
    put("xl/_rels/workbook.xml.rels", format!("<Relationships>{related}</Relationships>"));
    put("xl/st.xml", format!("<styleSheet>{styles}</styleSheet>"));
    put("xl/sh.xml", format!("<sst>{shared}</sst>"));
    zip.finish().unwrap().into_inner()
}

fn text_row(cells: &[&str]) -> String {
    let cell = |text: &&str| format!("<c t='inlineStr'><is><t>{text}</t></is></c>");
    format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
}

const POLICY: [[&str; 2]; 8] = [
    ["name", "x"],
    ["policy.onboarding", "1"],
    ["policy.daily_base", "1"],
    ["policy.transport_per_km", "1"],
    ["policy.cross_alliance", "1"],
    ["policy.unmet.urgent", "3"],
    ["policy.unmet.normal", "2"],
    ["policy.unmet.low", "1"],
];

fn policy() -> String {
    POLICY.iter().map(|row| text_row(row)).collect()
}

/// A scenario of that policy whose skills are told by those rows.
fn with(policy: &str, skills: &str, styles: &str, shared: &str) -> Vec<u8> {
    let posting = text_row(&["id", "firm", "skill", "headcount", "from", "to"]);
    let sheets = [
        ("Scenario", policy),
        ("firms.csv", &text_row(&["id", "name", "alliance", "latitude", "longitude"])),
        ("工种", skills),
        ("surplus", &posting),
        ("shortage", &posting),
    ];
    workbook(&sheets, styles, shared)
}

fn with_skills(skills: &str, styles: &str, shared: &str) -> Vec<u8> {
    with(&policy(), skills, styles, shared)
}

#[test]
fn keys_and_values() {
    let check = |before: &str, after: &str, expect: &[&str]| {
        let rows = format!("{before}{}{after}", policy());
        let read = read_workbook("x.xlsx", &with(&rows, &text_row(&["id", "name"]), "", ""));
        let got: Vec<String> = match read {
            Ok(_) => Vec::new(),
            Err(faults) => faults
                .defects
                .iter()
                .map(|r| {
                    format!("{} {} {}", r.code, r.row.unwrap_or_default(), r.column.as_deref().unwrap_or(""))
                })
                .collect(),
        };
        assert_eq!(got, expect, "{before} {after}");
    };
    let key = |key: &str, value: &str| text_row(&[key, value, "a note"]);
    check("", "", &[]);
    check(&text_row(&["键", "值", "说明"]), "", &[]);
    check(&format!("{}<row/>{}", text_row(&["A zone"]), text_row(&["key", "value"])), "", &[]);
    check("", &key("园区", "z"), &[]);
    check("", &format!("{}{}", key("计划开始", "2022/3/1"), key("horizon.to", "2022年5月29日")), &[]);
    check(
        "",
        "<row><c t='str'><v>horizon.from</v></c><c><v>44621</v></c></row>",
        &["missing_value 0 horizon.to"],
    );
    check("", &key("格式", "1"), &[]);
    check("", &key("格式", "2"), &["format 9 format"]);
    check("", &key("format", "one"), &["bad_number 9 format"]);
    check("", &key("名称", "y"), &["duplicate_column 9 name"]);
    check("", &key("policy.fairnes", "是"), &["unknown_key 9 policy.fairnes"]);
    check("", &key("policy.fairness", "maybe"), &["bad_boolean 9 policy.fairness"]);
    check("", &key("道路系数", "11"), &["out_of_range 9 policy.road_factor"]);
    check("", &key("休息日", "Sat；Sun"), &[]);
    let formula = "<row><c t='str'><v>policy.fairness</v></c><c><f>1=1</f></c></row>";
    check("", formula, &["unreadable 9 policy.fairness"]);
}

#[test]
fn cells_of_every_type() {
    let header = text_row(&["id", "name", "aliases", "occupation_code", "level", "certificate"]);
    let styles = "<numFmts><numFmt numFmtId='170' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/></numFmts>\
                  <cellXfs><xf numFmtId='0'/><xf numFmtId='31'/><xf numFmtId='170'/><xf numFmtId='2'/></cellXfs>";
    let shared = "<si><t>one</t></si><si><r><t xml:space='preserve'>a </t></r><r><t>&amp;b_x000D_</t></r>\
                  <rPh sb='0' eb='1'><t>no</t></rPh></si><si/>";
    let check = |cells: &str, expect: &[&str]| {
        let rows = format!("{header}<row>{cells}</row>");
        let read = read_workbook("x.xlsx", &with_skills(&rows, styles, shared));
        let got = match read {
            Ok(loaded) => {
                let s = &loaded.scenario.skills()[0];
                let texts = [Some(&s.id), Some(&s.name), s.occupation_code.as_ref(), s.level.as_ref()];
                texts.into_iter().flatten().cloned().collect()
            }
            Err(faults) => {
                faults.defects.iter().map(|r| format!("{} {}", r.code, r.message)).collect::<Vec<_>>()
            }
        };
        assert_eq!(got, expect, "{cells}");
    };
    let id = "<c t='str'><v>K</v></c>";
    let with = |cell: &str| format!("{id}{cell}");
    check(&with("<c t='s'><v>0</v></c>"), &["K", "one"]);
    check(&with("<c t='s'><v>1</v></c>"), &["K", "a &b"]);
    check(&with("<c><v>12.0</v></c>"), &["K", "12"]);
    check(&with("<c s='3'><v>8.0999999999999996</v></c>"), &["K", "8.1"]);
    check(&with("<c s='1'><v>44625</v></c>"), &["K", "2022-03-05"]);
    check(&with("<c s='2'><v>44625</v></c>"), &["K", "2022-03-05"]);
    check(&with("<c s='99'><v>44625</v></c>"), &["K", "44625"]);
    check(&with("<c t='b'><v>1</v></c>"), &["K", "true"]);
    check(&with("<c t='d'><v>2022-03-05T00:00:00</v></c>"), &["K", "2022-03-05"]);
    check(&with("<c><f>1+1</f><v>2</v></c>"), &["K", "2"]);
    check(&with("<c t='str'><f>A1&amp;B1</f><v>x</v></c>"), &["K", "x"]);
    check(&with("<c t='inlineStr'><is><t>&lt;b&gt;&#65;</t></is></c>"), &["K", "<b>A"]);
    check(
        "<c r='E2' t='str'><v>five</v></c><c r='F2'/>",
        &["missing_value `id` has no value", "missing_value `name` has no value"],
    );
    check(&with("<c r='B2' t='str'><f>\"\"</f><v></v></c>"), &["missing_value `name` has no value"]);
    let unreadable = |why: &str| format!("unreadable `name` cannot be read: {why}");
    check(&with("<c r='B2'><f>1+1</f></c>"), &[&unreadable("the formula in B2 has no stored value")]);
    check(&with("<c r='B2'><f>1+1</f><v/></c>"), &[&unreadable("the formula in B2 has no stored value")]);
    check(&with("<c r='B2' t='e'><v>#N/A</v></c>"), &[&unreadable("B2 holds the error #N/A")]);
    check(
        &with("<c r='B2' t='s'><v>7</v></c>"),
        &[&unreadable("the text of B2 is missing from the workbook")],
    );
}

#[test]
fn what_is_no_workbook() {
    let check = |bytes: &[u8], why: &str| {
        let faults = read_workbook("x.xlsx", bytes).map(|_| ()).expect_err(why);
        let all: Vec<String> = faults.defects.iter().map(ToString::to_string).collect();
        assert!(all.len() == 1 && all[0].contains(why), "{why}: {all:?}");
    };
    check(b"", "the archive is damaged");
    check(b"PK\x03\x04", "the archive is damaged");
    check(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "it is an .xls workbook, or protected by a password");
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("mimetype", SimpleFileOptions::default()).unwrap();
    check(&zip.finish().unwrap().into_inner(), "the archive holds no workbook of the .xlsx kind");
    check(&vec![b'P'; (32 << 20) + 1], "the file is larger than 32 MiB");
    check(&with_skills("<row><c r='??'/></row>", "", ""), "`??` is no place where a cell can stand");
    check(
        &with_skills("<row><c r='B1'/><c r='A1'/></row>", "", ""),
        "`A1` is no place where a cell can stand",
    );
    check(&with_skills("<row r='2'/><row r='1'/>", "", ""), "row 1 of a sheet stands after row 2");
    check(&with_skills("<!-- --><row r='1'/>", "", ""), "it holds XML that no spreadsheet program writes");
    check(&with_skills("<row><c></row>", "", ""), "its XML is damaged");
    check(&with_skills(&"<row><c><v>1</v></c></row>".repeat(100_001), "", ""), "more than 100,000 rows");
    let wide = "<row><c r='IV1'><v>1</v></c></row>".replace("IV1", "IV").repeat(6_000);
    check(&with_skills(&wide, "", ""), "the workbook has too many cells");
    let long = format!("<row><c t='str'><v>{}</v></c></row>", "x".repeat(1 << 19)).repeat(60);
    check(&with_skills(&long, "", ""), "the workbook holds too much text");
    check(&with_skills("", "", &"<si/>".repeat((1 << 20) + 1)), "the workbook holds too much text");
    let gap = " ".repeat(1 << 19);
    check(
        &with_skills(&format!("<row/>{gap}").repeat(520), "", ""),
        "the archive inflates to more than 256 MiB",
    );
}

#[test]
fn a_template_comes_back() {
    let read = |language| {
        let loaded = read_workbook("template.xlsx", &template_workbook(language));
        let loaded = loaded.unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(loaded.warnings, []);
        assert!(!loaded.scenario.pins().is_empty() && !loaded.scenario.calendar().is_empty());
        to_json(&loaded.scenario)
    };
    assert_eq!(read(Language::Zh), read(Language::En));
}
