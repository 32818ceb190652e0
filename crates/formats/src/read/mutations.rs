//! Mutated scenarios: known faults give exactly those, in whatever kind of file; random bytes never a panic.

use std::collections::BTreeMap;

use tiaoji_core::defect::Table;

use super::{Loaded, csv, read_folder_files, read_json, read_workbook};
use crate::columns::{Info, Kind, Need, columns, file_name, table_zh};
use crate::generate::random::Random;
use crate::messages::Language;
use crate::office::{book, package::pack};
use crate::write::workbook_sheets;
use crate::{Faults, to_draft, to_folder_files, to_json, to_workbook};

type Files = BTreeMap<String, Vec<u8>>;

/// A scenario with every table and every column. Nothing refers to the last row of a table.
const TABLES: [(Table, &str); 8] = [
    (
        Table::Firms,
        "id,name,alliance,latitude,longitude,service_officer,staff,contact,phone
F1,Lender,A,37.05,117.25,Wang,120,Li,19900000001
F2,Borrower,A,37.06,117.26,Wang,80,Zhao,19900000002
F3,Other,,37.07,117.27,Sun,60,Qian,19900000003
F4,Spare,B,37.08,117.28,Sun,50,Zhou,19900000004
",
    ),
    (
        Table::Skills,
        "id,name,aliases,occupation_code,level,certificate
K1,Packing,p;q,6-31-05-00,5,health
K2,Bottling,b,6-02-06-09,5,
K3,Spare,s,6-02-06-08,4,
",
    ),
    (Table::Substitutions, "from,to,training_cost\nK1,K2,100.00\nK2,K1,80.50\n"),
    (
        Table::Surplus,
        "id,firm,skill,headcount,from,to,consented,dispatched,contract_until,certificates,min_day_pay,no_night,\
max_distance_km,min_stay_days,within_alliance,posted,withdrawn,remark
S1,F1,K1,5,2022-03-01,2022-03-20,4,false,2022-12-31,health@2022-12-31,120.00,false,8,2,false,2022-02-20,2022-03-30,x
S2,F3,K2,9,2022-03-05,2022-03-25,9,false,2022-12-31,health;other,120.00,true,9.5,1,true,2022-02-20,2022-03-30,y
S3,F3,K1,7,2022-03-05,2022-03-25,7,true,2022-12-31,health,130.00,true,9.5,1,true,2022-02-20,2022-03-30,z
",
    ),
    (
        Table::Shortage,
        "id,firm,skill,headcount,from,to,priority,day_pay,night_shift,max_distance_km,min_stay_days,within_alliance,\
posted,withdrawn,remark
D1,F2,K1,4,2022-03-01,2022-03-15,urgent,150.00,false,8,1,false,2022-02-20,2022-03-30,x
D2,F2,K2,6,2022-03-05,2022-03-25,low,150.00,true,8,1,false,2022-02-20,2022-03-30,y
D3,F3,K2,6,2022-03-05,2022-03-25,normal,150.00,true,8,3,true,2022-02-20,2022-03-30,z
",
    ),
    (Table::Blocked, "lender,borrower,surplus,shortage\nF3,F2,S2,D2\nF3,F2,S2,D1\n"),
    (Table::Pins, "surplus,shortage,count,from,to,forced\nS1,D1,2,2022-03-02,2022-03-10,true\nS1,D1,1,2022-03-02,2022-03-10,true\n"),
    (Table::Calendar, "date,working\n2022-03-05,false\n2022-03-06,true\n"),
];

const HEAD: &str = r#"format = 1
name = "n"
zone = "z"
[policy]
onboarding = 150.00
daily_base = 10.00
transport_per_km = 6.00
cross_alliance = 15.00
road_factor = 1.3
max_distance_km = 8.0
min_stay_days = 1
fairness = false
rest_weekdays = ["Sun"]
stability = 0.00
[policy.unmet]
urgent = 600.00
normal = 400.00
low = 300.00
[horizon]
from = "2022-03-01"
to = "2022-05-29"
"#;

/// The tables of a folder as the sheets of a workbook, cell for cell; the policy is that of the valid grid.
fn workbook_of(files: &Files) -> Vec<(String, Vec<u8>)> {
    let valid = read_folder_files(&Grid::new().files()).expect("the grid is valid");
    let mut sheets = workbook_sheets(&to_draft(&valid.scenario), Language::Zh);
    for (table, sheet) in Table::ALL.iter().zip(&mut sheets).skip(1) {
        let text = String::from_utf8_lossy(&files[&file_name(*table)]).into_owned();
        let Ok(parsed) = csv::parse(&text, b',') else { panic!("{text}") };
        let rows = std::iter::once(&parsed.header).chain(parsed.rows.iter().map(|(_, record)| record));
        sheet.rows = rows.map(|record| record.iter().map(book::BookCell::text).collect()).collect();
    }
    book::parts(&sheets)
}

/// A scenario as rows of cells, so that single ones can be changed.
#[derive(Clone)]
struct Grid {
    head: Vec<String>,
    tables: Vec<(Table, Vec<Vec<String>>)>,
}

impl Grid {
    fn new() -> Grid {
        let cells = |line: &str| line.split(',').map(str::to_string).collect();
        let tables = TABLES.map(|(table, text)| (table, text.lines().map(cells).collect())).to_vec();
        Grid { head: HEAD.lines().map(str::to_string).collect(), tables }
    }

    fn files(&self) -> Files {
        let mut files = Files::from([(file_name(Table::Scenario), self.head.join("\n").into_bytes())]);
        for (table, rows) in &self.tables {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            files.insert(file_name(*table), text.into_bytes());
        }
        files
    }
}

struct Dice(Random);

impl Dice {
    fn new() -> Dice {
        Dice(Random::new(7))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0.index(limit)
    }

    fn one<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// Code, file, row and column of a fault.
type Fault = (String, String, Option<u32>, Option<String>);

fn fault(code: &str, file: &str, row: u32, column: &str) -> Fault {
    (code.to_string(), file.to_string(), Some(row), Some(column.to_string()))
}

/// A cell that cannot be right in that column, and the code of its fault.
fn wrong_cell(info: &Info, dice: &mut Dice) -> (&'static str, String) {
    if info.need == Need::Value && dice.below(4) == 0 {
        return ("missing_value", dice.one(&["", "  ", "\u{3000}"]).to_string());
    }
    let long = |characters: usize| "x".repeat(characters);
    let (code, text) = match info.kind {
        Kind::Id if info.name == "id" => {
            let bad = [long(65), "a/b".to_string(), "a?".to_string(), "..".to_string(), "a#b".to_string()];
            return ("bad_text", bad[dice.below(bad.len())].clone());
        }
        Kind::Id => ("unknown_reference", dice.one(&["nobody", "F999", "ｆ１"])),
        Kind::Text if info.name == "remark" => return ("bad_text", long(2_001)),
        Kind::Text | Kind::List => return ("bad_text", long(201)),
        Kind::Whole if dice.below(2) == 0 => {
            ("out_of_range", dice.one(&["-1", "1000001", "99999999999999999999999", "－５", "\"9,999,999\""]))
        }
        Kind::Whole => {
            ("bad_number", dice.one(&["x", "1.5", "五", "1e3", "\"1,0\"", "0x1", "5人", "--1", "NaN"]))
        }
        Kind::Float if dice.below(2) == 0 => ("out_of_range", dice.one(&["-181", "200.5", "1e9"])),
        Kind::Float => ("bad_number", dice.one(&["x", "37°", "NaN", "inf", "1e999", "3 7", "37.0.5"])),
        Kind::Money if dice.below(2) == 0 => ("out_of_range", dice.one(&["-0.01", "1000000000.01", "-¥5"])),
        Kind::Money => ("bad_money", dice.one(&["x", "1.005", "$5", "1e3", "五元", "\"1,00\""])),
        Kind::Km if dice.below(2) == 0 => ("out_of_range", dice.one(&["-1", "20000.001", "-0.5"])),
        Kind::Km => ("bad_number", dice.one(&["x", "1.0005", "8km", "1e3"])),
        Kind::Date if dice.below(2) == 0 => {
            ("out_of_range", dice.one(&["1899-12-31", "2200/1/1", "0001年1月1日"]))
        }
        Kind::Date => {
            ("bad_date", dice.one(&["x", "2022-02-30", "5.3.2022", "2022-3", "20220305", "22-03-05"]))
        }
        Kind::Flag => ("bad_boolean", dice.one(&["x", "2", "是的", "y", "-"])),
        Kind::Priority => ("bad_choice", dice.one(&["x", "high", "急", "1"])),
        Kind::Certificates => ("bad_date", dice.one(&["a@", "a@b", "a＠2022-02-30"])),
        Kind::Weekdays => ("bad_choice", "x"),
    };
    (code, text.to_string())
}

/// Changes one cell of a row that nothing refers to.
fn spoil_cell(grid: &mut Grid, dice: &mut Dice, taken: &mut Vec<(Table, usize)>) -> Option<Fault> {
    let at = dice.below(grid.tables.len());
    let (table, rows) = &mut grid.tables[at];
    let (row, column) = (rows.len() - 1, dice.below(columns(*table).len()));
    if taken.contains(&(*table, column)) {
        return None;
    }
    let info = &columns(*table)[column];
    let (code, text) = wrong_cell(info, dice);
    let before = std::mem::replace(&mut rows[row][column], text);
    if rows[row].iter().all(|cell| cell.trim().is_empty()) {
        // A blank row is no row.
        rows[row][column] = before;
        return None;
    }
    taken.push((*table, column));
    Some(fault(code, &file_name(*table), row as u32 + 1, info.name))
}

/// Changes one value of `scenario.toml`.
fn spoil_key(grid: &mut Grid, dice: &mut Dice) -> Fault {
    let (line, key, value, code) = [
        (2, "name", "\"\"", "missing_value"),
        (2, "name", "5", "bad_text"),
        (3, "zone", "[]", "bad_text"),
        (5, "policy.onboarding", "150.005", "bad_money"),
        (5, "policy.onboarding", "\"150\"", "bad_money"),
        (6, "policy.daily_base", "-1", "out_of_range"),
        (6, "policy.daily_base", "1e16", "out_of_range"),
        (7, "policy.transport_per_km", "nan", "bad_money"),
        (9, "policy.road_factor", "0", "out_of_range"),
        (9, "policy.road_factor", "10.1", "out_of_range"),
        (9, "policy.road_factor", "inf", "bad_number"),
        (10, "policy.max_distance_km", "8.0001", "bad_number"),
        (10, "policy.max_distance_km", "20001", "out_of_range"),
        (11, "policy.min_stay_days", "0", "out_of_range"),
        (11, "policy.min_stay_days", "1.5", "bad_number"),
        (12, "policy.fairness", "1", "bad_boolean"),
        (13, "policy.rest_weekdays", "[\"Sunday\"]", "bad_choice"),
        (14, "policy.stability", "-0.01", "out_of_range"),
        (16, "policy.unmet.urgent", "1000000000.01", "out_of_range"),
        (20, "horizon.from", "\"2022-13-01\"", "bad_date"),
        (21, "horizon.to", "2022-02-01", "dates_reversed"),
        (21, "horizon.to", "true", "bad_date"),
    ][dice.below(22)];
    let leaf = key.rsplit('.').next().unwrap_or_default();
    grid.head[line - 1] = format!("{leaf} = {value}");
    fault(code, "scenario.toml", line as u32, key)
}

/// A fault of a header.
fn spoil_header(grid: &mut Grid, dice: &mut Dice) -> Vec<Fault> {
    let at = dice.below(grid.tables.len());
    let (table, rows) = &mut grid.tables[at];
    let file = file_name(*table);
    let column = dice.below(columns(*table).len());
    let info = &columns(*table)[column];
    match dice.below(3) {
        0 => {
            let values = rows.iter_mut().skip(1);
            values.for_each(|row| row.push("1".to_string()));
            rows[0].push("colour".to_string());
            vec![fault("unknown_column", &file, 1, "colour")]
        }
        1 => {
            for row in rows.iter_mut() {
                row.push(row[column].clone());
            }
            if let Some(last) = rows[0].last_mut() {
                *last = info.zh.to_string();
            }
            vec![fault("duplicate_column", &file, 1, info.name)]
        }
        _ if info.need != Need::Nothing => {
            for row in rows.iter_mut() {
                row.remove(column);
            }
            vec![fault("missing_column", &file, 1, info.name)]
        }
        _ => {
            rows[0][column] = format!("{}zzzzzzzzzzzz", info.name);
            vec![fault("unknown_column", &file, 1, &rows[0][column])]
        }
    }
}

fn found(faults: &Faults) -> Vec<Fault> {
    let place =
        |r: &crate::Report| (r.code.clone(), r.file.clone().unwrap_or_default(), r.row, r.column.clone());
    faults.defects.iter().map(place).collect()
}

#[test]
fn the_grid_is_valid() {
    let loaded = read_folder_files(&Grid::new().files()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(loaded.warnings, []);
}

#[test]
fn known_faults_give_exactly_those() {
    let mut dice = Dice::new();
    for case in 0..14_000 {
        let mut grid = Grid::new();
        let mut expected = Vec::new();
        match dice.below(8) {
            0 => expected = spoil_header(&mut grid, &mut dice),
            1 => expected.push(spoil_key(&mut grid, &mut dice)),
            _ => {
                let mut taken = Vec::new();
                for _ in 0..=dice.below(3) {
                    expected.extend(spoil_cell(&mut grid, &mut dice, &mut taken));
                }
            }
        }
        let files = grid.files();
        let mut got = read_folder_files(&files).err().map(|faults| found(&faults)).unwrap_or_default();
        expected.sort();
        got.sort();
        assert_eq!(got, expected, "case {case}: {:#?}", shown(&files));
        if case % 10 == 0 && expected.iter().all(|(_, file, ..)| file != "scenario.toml") {
            let read = read_workbook("x.xlsx", &pack(&workbook_of(&files)));
            let mut got = read.err().map(|faults| found(&faults)).unwrap_or_default();
            for table in Table::ALL {
                let sheet = format!("x.xlsx!{}", table_zh(table));
                expected
                    .iter_mut()
                    .filter(|fault| fault.1 == file_name(table))
                    .for_each(|f| f.1.clone_from(&sheet));
            }
            expected.sort();
            got.sort();
            assert_eq!(got, expected, "case {case} as a workbook: {:#?}", shown(&files));
        }
    }
}

fn shown(files: &Files) -> Vec<String> {
    files.iter().map(|(name, bytes)| format!("{name}: {}", String::from_utf8_lossy(bytes))).collect()
}

/// Some bytes changed, lost, doubled or added.
fn scramble(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const LIKELY: &[u8] = b",\"\n\r;'=@-+.0123456789[]{}:#\t \xEF\xBB\xBF\xC6\xF3\0";
    for _ in 0..=dice.below(2) {
        let at = dice.below(bytes.len() + 1);
        let byte = if dice.below(3) == 0 { dice.below(256) as u8 } else { LIKELY[dice.below(LIKELY.len())] };
        match dice.below(4) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => bytes[at] = byte,
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let end = (at + dice.below(40)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
        }
    }
}

/// What was read is refused with defects, or reads back equal from both of its written forms.
fn refused_or_comes_back(read: Result<Loaded, Faults>, bytes: &dyn Fn() -> Vec<String>) -> bool {
    let scenario = match read {
        Err(faults) => {
            assert!(!faults.defects.is_empty(), "refused without a word: {:#?}", bytes());
            return false;
        }
        Ok(loaded) => loaded.scenario,
    };
    let draft = to_draft(&scenario);
    let files: Files = to_folder_files(&scenario).into_iter().collect();
    let folder = read_folder_files(&files).unwrap_or_else(|faults| panic!("{faults}\n{:#?}", bytes()));
    assert!(to_draft(&folder.scenario) == draft, "{:#?}", bytes());
    let json =
        read_json("x.json", &to_json(&scenario)).unwrap_or_else(|faults| panic!("{faults}\n{:#?}", bytes()));
    assert!(to_draft(&json.scenario) == draft, "{:#?}", bytes());
    let workbook = read_workbook("x.xlsx", &to_workbook(&scenario, Language::Zh))
        .unwrap_or_else(|faults| panic!("{faults}\n{:#?}", bytes()));
    assert!(to_draft(&workbook.scenario) == draft, "{:#?}", bytes());
    true
}

#[test]
fn random_bytes_never_panic() {
    let mut dice = Dice::new();
    let good = Grid::new().files();
    let document = to_json(&read_folder_files(&good).expect("the grid is valid").scenario);
    let names: Vec<&String> = good.keys().collect();
    let mut read = 0;
    for _ in 0..4_000 {
        let mut files = good.clone();
        let name = names[dice.below(names.len())];
        scramble(files.get_mut(name).expect("a name of the grid"), &mut dice);
        read += usize::from(refused_or_comes_back(read_folder_files(&files), &|| shown(&files)));
    }
    for _ in 0..2_000 {
        let mut bytes = document.clone();
        scramble(&mut bytes, &mut dice);
        let shown = || vec![String::from_utf8_lossy(&bytes).into_owned()];
        read += usize::from(refused_or_comes_back(read_json("x.json", &bytes), &shown));
    }
    let parts = workbook_of(&good);
    for _ in 0..1_000 {
        let mut parts = parts.clone();
        let part = dice.below(parts.len());
        scramble(&mut parts[part].1, &mut dice);
        let shown = || shown(&parts.iter().cloned().collect());
        read += usize::from(refused_or_comes_back(read_workbook("x.xlsx", &pack(&parts)), &shown));
    }
    let workbook = pack(&parts);
    for _ in 0..1_000 {
        let mut bytes = workbook.clone();
        scramble(&mut bytes, &mut dice);
        read += usize::from(refused_or_comes_back(read_workbook("x.xlsx", &bytes), &Vec::new));
    }
    for _ in 0..1_000 {
        let mut noise: Vec<u8> = (0..dice.below(200)).map(|_| dice.below(256) as u8).collect();
        let files = Files::from([(names[dice.below(names.len())].clone(), noise.clone())]);
        assert!(read_folder_files(&files).is_err() && read_workbook("x.xlsx", &noise).is_err());
        noise.retain(u8::is_ascii);
        assert!(read_json("x.json", &noise).is_err());
    }
    assert!(read > 300, "only {read} of the scrambled scenarios are still scenarios");
}
