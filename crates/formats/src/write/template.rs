//! The workbook that an officer fills: every table with its header, a few rows as an example to be written over,
//! lists to choose from, and a note on every column.

use tiaoji_core::defect::Table;
use tiaoji_core::scenario::Scenario;

use super::workbook::{header, sheets};
use crate::cell::PRIORITIES;
use crate::columns::{Info, Kind, Need, columns};
use crate::messages::{Language, expected, table_name};
use crate::office::book::{BookCell, BookSheet, Input, Style, write};
use crate::read::{NewPosting, read_json};
use crate::to_draft;

/// The rows that a template's lists and notes hold for.
const LAST_ROW: u32 = 2_000;

/// A made-up scenario with something in every table.
const EXAMPLE: &[u8] = include_bytes!("template.json");

/// What the first sheet says, in English and Chinese.
const WORDS: [(&str, &str); 12] = [
    ("How to fill in this workbook", "填表说明"),
    (
        "Grey rows are made-up examples: write over them, and delete those that are left.",
        "灰色斜体的行是虚构示例：请直接改写，多余的行请删除。",
    ),
    (
        "Dark headers must be filled in every row. Click a cell: its note says what belongs there.",
        "深色表头的列每行必填。点选单元格，会显示该列的填写说明。",
    ),
    (
        "Begin with the sheets of firms and skills: the other sheets choose from their ids.",
        "请先填写“企业”和“工种”两张表，其余各表从其中的编号选取。",
    ),
    (
        "A surplus is one group of workers: same firm, same skill, same dates. So is a shortage.",
        "一条余工为同一企业、同一工种、同一起止日期的一组职工；缺工同此。",
    ),
    (
        "Counts and certificates only: no worker's name, number or health belongs into this workbook.",
        "只填人数、同意人数和证书；请勿填写职工姓名、身份证号、健康状况等个人信息。",
    ),
    (
        "Remarks are read by people: no limits of sex, origin or age.",
        "备注供人阅读，请勿写入性别、籍贯、年龄等限制性条件。",
    ),
    ("Dates are inclusive at both ends.", "起止日期均含当日。"),
    (
        "Headers may be in English or Chinese, and columns in any order; optional columns may be deleted.",
        "表头中英文均可，列的次序不限，非必填的列可以删除。",
    ),
    ("Formulas count as the value that was stored with them.", "公式按保存时的结果读取。"),
    (
        "Then:  tiaoji check FILE.xlsx     shows every fault with sheet, row and column",
        "然后：tiaoji check 文件.xlsx --lang zh　　列出全部错处，指明工作表、行、列",
    ),
    (
        "       tiaoji match FILE.xlsx     makes a plan",
        "　　　tiaoji match 文件.xlsx --lang zh　　给出调剂方案",
    ),
];

/// The template as a workbook (`.xlsx`). It reads as it is: its examples are a valid scenario.
pub fn template_workbook(language: Language) -> Vec<u8> {
    let example = match read_json("template.json", EXAMPLE) {
        Ok(loaded) => to_draft(&loaded.scenario),
        Err(faults) => unreachable!("the example is valid: {faults}"),
    };
    let mut book = vec![instructions(language)];
    for (table, mut sheet) in Table::ALL.into_iter().zip(sheets(&example, language, true)) {
        sheet.inputs = if table == Table::Scenario {
            policy_inputs(language)
        } else {
            (0..).zip(columns(table)).map(|(at, info)| input(table, at, info, language)).collect()
        };
        book.push(sheet);
    }
    write(&book)
}

/// A table of postings for a zone's people to fill (`.xlsx`): its header, lists and notes without any row, and beside it the
/// skills and firms that they may name. Of one firm alone there is no column of firms. Read by
/// [`PostingTable`](crate::PostingTable).
pub fn posting_template(scenario: &Scenario, side: NewPosting, language: Language) -> Vec<u8> {
    let mut draft = to_draft(scenario);
    draft.surplus.rows.clear();
    draft.shortage.rows.clear();
    let wanted = match side {
        NewPosting::Surplus => Table::Surplus,
        NewPosting::Shortage => Table::Shortage,
    };
    let has_firms = scenario.firms().len() > 1;
    let mut book = Vec::new();
    for (table, mut sheet) in Table::ALL.into_iter().zip(sheets(&draft, language, true)) {
        if table == wanted {
            let is_asked = |info: &&Info| {
                !["posted", "withdrawn"].contains(&info.name) && (has_firms || info.name != "firm")
            };
            let asked: Vec<usize> =
                (0..).zip(columns(table)).filter(|(_, info)| is_asked(info)).map(|(at, _)| at).collect();
            let inputs =
                (0..).zip(&asked).map(|(at, &from)| input(table, at, &columns(table)[from], language));
            sheet.inputs = inputs.collect();
            sheet.columns = asked.iter().map(|&at| sheet.columns[at]).collect();
            sheet.rows = vec![asked.iter().map(|&at| sheet.rows[0][at].clone()).collect()];
            // a posting that is new has no id yet
            sheet.rows[0][0].style = Style::Header;
            sheet.inputs[0].note = language
                .choose(
                    "Blank: a new posting. Its number: the one to change.",
                    "新登记留空；修改已有登记请填其编号。",
                )
                .to_string();
            book.insert(0, sheet);
        } else if table == Table::Skills || (table == Table::Firms && has_firms) {
            // these rows are no examples
            sheet.rows.iter_mut().skip(1).flatten().for_each(|cell| cell.style = Style::Plain);
            book.push(sheet);
        }
    }
    write(&book)
}

fn instructions(language: Language) -> BookSheet {
    let line = |(at, (en, zh)): (usize, &(&'static str, &'static str))| {
        let style = if at == 0 { Style::Title } else { Style::Plain };
        vec![BookCell::text(*language.choose(en, zh)).styled(style)]
    };
    BookSheet {
        name: language.choose("README", "说明").to_string(),
        columns: vec![(96, Style::Plain)],
        rows: WORDS.iter().enumerate().map(line).collect(),
        ..BookSheet::default()
    }
}

/// What may stand in a column of a table.
fn input(table: Table, column: usize, info: &Info, language: Language) -> Input {
    let list = |items: &[&str]| Some(format!("\"{}\"", items.join(",")));
    let choices = match info.kind {
        Kind::Flag => list(&[language.choose("true", "是"), language.choose("false", "否")]),
        Kind::Priority => list(&PRIORITIES.map(|(_, en, zh)| language.choose(en, zh))),
        Kind::Id => referred(table, info.name)
            .map(|other| format!("'{}'!$A$2:$A${LAST_ROW}", table_name(other, language))),
        _ => None,
    };
    let (en, zh) = expected(info.kind, info.name == "id");
    let what = language.choose(en, zh).replace('`', "");
    let need = match info.need {
        Need::Value => language.choose("Required: ", "必填："),
        _ => language.choose("Optional: ", "可不填："),
    };
    let note = format!("{need}{what}");
    let note = meaning(table, info.name).map_or(note.clone(), |(en, zh)| {
        format!("{note}{}{}", language.choose(". ", "。"), language.choose(en, zh))
    });
    let title = header(info, language).to_string();
    Input { column, first_row: 2, last_row: LAST_ROW, choices, title, note }
}

/// The table that a column's ids stand in.
fn referred(table: Table, column: &str) -> Option<Table> {
    match (table, column) {
        (_, "firm" | "lender" | "borrower") => Some(Table::Firms),
        (Table::Substitutions, "from" | "to") | (_, "skill") => Some(Table::Skills),
        (_, "surplus") => Some(Table::Surplus),
        (_, "shortage") => Some(Table::Shortage),
        _ => None,
    }
}

/// What a column means, where its name does not say it.
fn meaning(table: Table, column: &str) -> Option<(&'static str, &'static str)> {
    let words = match (table, column) {
        (Table::Firms, "alliance") => ("Blank where the firm is in none.", "不属于任何联盟的留空。"),
        (Table::Firms, "latitude") => ("Degrees north.", "北纬度数。"),
        (Table::Firms, "longitude") => ("Degrees east.", "东经度数。"),
        (Table::Firms, "staff") => ("All employees.", "在册职工总数。"),
        (Table::Skills, "certificate") => {
            ("The certificate that this work demands.", "从事该工种必须持有的证书。")
        }
        (Table::Substitutions, "training_cost") => ("Per worker, at each start.", "每人每次上岗。"),
        (_, "consented") => {
            ("Workers who have agreed to be lent; blank: all.", "已同意出借的人数；留空视为全部同意。")
        }
        (_, "dispatched") => ("Dispatched workers may not be lent on.", "劳务派遣人员不得出借。"),
        (_, "contract_until") => {
            ("The day the labour contracts end; blank: without end.", "劳动合同到期日；无固定期限的留空。")
        }
        (_, "certificates") => ("Each with its last valid day, where it ends.", "有有效期的写明最后有效日。"),
        (_, "min_day_pay") => ("The lowest day pay that these workers accept.", "这组职工可接受的最低日薪。"),
        (_, "day_pay") => ("What a worker is paid a day.", "每人每天的劳动报酬。"),
        (_, "headcount") => ("Workers a day.", "每天的人数。"),
        (_, "min_stay_days") => ("Working days of the shortest secondment.", "一次借调至少的工作日数。"),
        (_, "max_distance_km") => ("By road; blank: no limit.", "按道路距离；留空为不限。"),
        (_, "posted" | "withdrawn") => ("For your records; no effect on a plan.", "仅作记录，不影响方案。"),
        (Table::Blocked, "surplus" | "shortage") => {
            ("Blank: all postings of the firm.", "留空表示该企业的全部条目。")
        }
        (Table::Pins, "forced") => ("Kept although a rule forbids it.", "人工决定，违反规则也保留。"),
        (Table::Calendar, "working") => {
            ("Exceptions to the weekly rest days.", "对每周休息日的例外（调休、节假日）。")
        }
        _ => return None,
    };
    Some(words)
}

/// The keys with choices.
fn policy_inputs(language: Language) -> Vec<Input> {
    let flags = (0..).zip(columns(Table::Scenario)).filter(|(_, info)| info.kind == Kind::Flag);
    flags
        .map(|(at, info): (u32, &Info)| {
            // Below the header and the row of the format.
            let row = at + 3;
            Input { first_row: row, last_row: row, ..input(Table::Scenario, 1, info, language) }
        })
        .collect()
}
