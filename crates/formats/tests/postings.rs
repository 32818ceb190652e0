//! Tables of postings by themselves: what becomes of each row, and what is said of the faulty ones.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{
    Faults, NewPosting, PostingRows, PostingTable, StandingPosting, posting_template, to_workbook,
};

fn zone() -> Vec<u8> {
    json!({
        "name": "zone",
        "policy": { "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0, "cross_alliance_fen": 0,
            "unmet": { "urgent_fen": 0, "normal_fen": 0, "low_fen": 0 } },
        "firms": [{ "id": "F1", "name": "One", "latitude": 36.5, "longitude": 117.0 },
            { "id": "F2", "name": "Two", "latitude": 36.5, "longitude": 117.1 }],
        "skills": [{ "id": "packer", "name": "包装工" }],
        "surplus": [], "shortage": [],
    })
    .to_string()
    .into_bytes()
}

/// S-1 stands and is open, S-2 is withdrawn.
fn standing() -> HashMap<String, StandingPosting> {
    let posting = |id: &str, is_open| {
        let body = json!({ "id": id, "firm": "F1", "skill": "packer", "headcount": 5, "from": "2022-03-07",
            "to": "2022-03-18", "consented": 4, "min_day_pay_fen": 15_050, "remark": "old" });
        (id.to_string(), StandingPosting { body: body.to_string(), is_open })
    };
    HashMap::from([posting("S-1", true), posting("S-2", false)])
}

fn judge(bytes: &[u8], firm: Option<&str>) -> Result<PostingRows, Faults> {
    PostingTable::read(NewPosting::Surplus, "surplus.csv", bytes)?.judge(&zone(), &standing(), firm)
}

fn expect(bytes: &[u8], firm: Option<&str>, rows: &[(u32, Option<&str>, Value)]) {
    let judged = judge(bytes, firm).unwrap_or_else(|faults| panic!("{faults}"));
    let found: Vec<(u32, Option<&str>, Value)> =
        judged.rows.iter().map(|row| (row.row, row.id.as_deref(), row.body.clone().into())).collect();
    assert_eq!(found, rows);
}

#[test]
fn ids_change_and_blanks_add() {
    let new =
        json!({ "firm": "F2", "skill": "packer", "headcount": 2, "from": "2022-03-07", "to": "2022-03-09" });
    // what the file has no column for stays, a blank cell is a blank
    let changed = json!({ "id": "S-1", "firm": "F1", "skill": "packer", "headcount": 6, "from": "2022-03-07",
        "to": "2022-03-20", "consented": 4, "min_day_pay_fen": 15_050 });
    let csv = "id,firm,skill,headcount,from,to,remark\n,F2,packer,2,2022/3/7,2022-03-09,\n\n\
               S-1,F1,packer,6,2022-03-07,2022年3月20日,\n";
    let rows = [(2, None, new.clone()), (4, Some("S-1"), changed)];
    expect(csv.as_bytes(), None, &rows);
    // Chinese headers as GB18030, without ids and, for a firm, without firms
    let csv = "工种,人数,开始日期,结束日期\npacker,２,2022/3/7,2022/3/9\n";
    let bytes = encoding_rs::GB18030.encode(csv).0.into_owned();
    let mut own = new;
    own["firm"] = json!("F1");
    expect(&bytes, Some("F1"), &[(2, None, own)]);
}

#[test]
fn a_workbook_is_read_by_the_sheet_of_that_name() {
    let mut document: Value = serde_json::from_slice(&zone()).expect("JSON");
    document["surplus"] = json!([serde_json::from_str::<Value>(&standing()["S-1"].body).expect("JSON")]);
    let loaded = tiaoji_formats::read_json("zone", document.to_string().as_bytes()).expect("valid");
    let book = to_workbook(&loaded.scenario, Language::Zh);
    expect(&book, None, &[(2, Some("S-1"), document["surplus"][0].clone())]);
    let table = PostingTable::read(NewPosting::Surplus, "surplus", &book).expect("a table");
    assert_eq!(table.sheet(), Some("余工"));
    // the sheet of the other table has no row
    let other = PostingTable::read(NewPosting::Shortage, "shortage", &book).expect("a table");
    assert_eq!(other.rows().count(), 0);
}

#[test]
fn cells_are_mended_and_every_row_keeps_its_number() {
    // as a spreadsheet copies it: a title above, tabs between, a blank row
    let pasted = "\n\t\n编号\t工种\t人数\t开始日期\t结束日期\t备注\n\tpacker\t2x\t2022-03-07\t2022-03-09\t\"a\"\"b\"\n\n\t焊工\n";
    let read = |bytes: &[u8]| PostingTable::read(NewPosting::Surplus, "surplus", bytes).expect("a table");
    let mut table = read(pasted.as_bytes());
    let rows: Vec<u32> = table.lines().map(|(row, _)| row).collect();
    assert_eq!(rows, [3, 4, 6]);
    let positions = ["headcount", "remark", "no_night", "备注"].map(|column| table.position(column));
    assert_eq!(positions, [Some(2), Some(5), None, Some(5)]);
    let at = table.position("headcount").expect("there");
    table.write(4, at, "2");
    table.write(6, at, "5");
    table.write(7, at, "no such row");
    table.write(6, 6, "beyond the header");
    table.set_unread(4, 5, "no value");
    assert_eq!(table.unread(), [(4, 5, "no value")]);
    let text = table.to_csv();
    assert_eq!(
        text,
        "\n\n编号,工种,人数,开始日期,结束日期,备注\n,packer,2,2022-03-07,2022-03-09,\"a\"\"b\"\n\n,焊工,5,,,,beyond the header\n"
    );
    let again = read(text.as_bytes());
    assert!(again.lines().eq(table.lines()), "{text}");
    let faults = table.clone().judge(&zone(), &standing(), Some("F1")).expect_err("faults");
    let places: Vec<_> =
        faults.defects.iter().map(|d| (d.row, d.column.as_deref(), d.code.as_str())).collect();
    assert_eq!(places, [(Some(4), Some("remark"), "unreadable"), (Some(6), None, "unreadable")]);
    table.write(4, 5, "read");
    table.remove(6);
    let rows = table.judge(&zone(), &standing(), Some("F1")).expect("valid").rows;
    assert_eq!((rows.len(), rows[0].row, &rows[0].body["remark"]), (1, 4, &json!("read")));
}

#[test]
fn a_blank_template_for_a_zones_people() {
    let loaded = tiaoji_formats::read_json("zone", &zone()).expect("valid");
    let mut of_one: Value = serde_json::from_slice(&zone()).expect("JSON");
    of_one["firms"] = json!([of_one["firms"][0].clone()]);
    let one = tiaoji_formats::read_json("one", of_one.to_string().as_bytes()).expect("valid");
    for (scenario, expect) in [
        (&loaded.scenario, vec!["编号", "企业", "工种", "人数", "开始日期", "结束日期", "同意人数"]),
        (&one.scenario, vec!["编号", "工种", "人数", "开始日期", "结束日期", "同意人数"]),
    ] {
        let book = posting_template(scenario, NewPosting::Surplus, Language::Zh);
        let table = PostingTable::read(NewPosting::Surplus, "surplus", &book).expect("a table");
        let lines: Vec<_> = table.lines().collect();
        assert_eq!((lines.len(), &lines[0].1[..expect.len()]), (1, expect.as_slice()));
        let judged = table.judge(&zone(), &standing(), Some("F1")).expect("valid");
        assert_eq!((judged.rows.len(), judged.warnings.len()), (0, 0));
    }
}

#[test]
fn every_fault_at_once_with_its_place() {
    let mut text = String::new();
    let mut tell = |what: &str, bytes: &[u8], firm: Option<&str>| {
        writeln!(text, "# {what}").expect("text");
        let faults = judge(bytes, firm).map(|_| ()).expect_err(what);
        for report in &faults.defects {
            writeln!(text, "{report}\n{}；{}\n", report.message_zh, report.remedy_zh).expect("text");
        }
    };
    let head = "id,firm,skill,headcount,from,to\n";
    let rows = "S-1,F1,packer,3,2022-03-07,2022-03-09\nS-9,F1,packer,1,2022-03-07,2022-03-09\n\
                S-2,F1,packer,1,2022-03-07,2022-03-09\n,F3,cook,x,2022-03-09,2022-03-07\nS-1,F1,packer,5,2022-03-07,2022-03-09\n";
    tell("rows", format!("{head}{rows}").as_bytes(), None);
    tell(
        "a missing and an unknown column",
        b"firm,skill,head count,from,to\nF1,packer,1,2022-03-07,2022-03-09\n",
        None,
    );
    tell("no firm", b"skill,headcount,from,to\npacker,1,2022-03-07,2022-03-09\n", None);
    tell("no table", b"\xFF\xFE", None);
    tell("no workbook", b"PK\x03\x04", None);
    insta::assert_snapshot!(text);
}
