//! A scenario as a workbook: the tables of a folder as sheets of texts, the policy as a sheet of keys and values.

use tiaoji_core::defect::Table;
use tiaoji_core::draft::{Rows, ScenarioDraft};
use tiaoji_core::scenario::Scenario;

use super::{head, to_draft};
use crate::cell::{PRIORITIES, guard};
use crate::columns::{Info, Kind, Need, Record, Visitor, columns, is_required, visit_tables};
use crate::messages::{Language, expected, table_name};
use crate::office::book::{BookCell, BookSheet, Style, write};

/// The scenario as a workbook (`.xlsx`), its sheets, headers and choices in that language. Every cell is a text, and
/// none a formula. Optional tables without rows are left out.
pub fn to_workbook(scenario: &Scenario, language: Language) -> Vec<u8> {
    draft_to_workbook(&to_draft(scenario), language)
}

/// The same from a draft, valid or not; cells that could not be read are written blank.
pub fn draft_to_workbook(draft: &ScenarioDraft, language: Language) -> Vec<u8> {
    write(&workbook_sheets(draft, language))
}

/// Its sheets, the policy first.
pub(crate) fn workbook_sheets(draft: &ScenarioDraft, language: Language) -> Vec<BookSheet> {
    sheets(draft, language, false)
}

/// The sheets of a scenario, the policy first; of a template every table has one.
pub(super) fn sheets(draft: &ScenarioDraft, language: Language, is_template: bool) -> Vec<BookSheet> {
    let mut draft = draft.clone();
    let style = if is_template { Style::Example } else { Style::Plain };
    let mut tables =
        Tables { sheets: vec![policy(&mut draft, language, style)], language, is_template, style };
    visit_tables(&mut draft, &mut tables);
    tables.sheets
}

/// A column's header.
pub(super) fn header(info: &Info, language: Language) -> &'static str {
    language.choose(info.name, info.zh)
}

fn policy(draft: &mut ScenarioDraft, language: Language, style: Style) -> BookSheet {
    let infos = columns(Table::Scenario);
    let title = |text: &str| BookCell::text(text).styled(Style::Header);
    let mut rows = vec![
        ["key", "value", "what belongs there"]
            .iter()
            .zip(["键", "值", "说明"])
            .map(|(en, zh)| title(language.choose(en, zh)))
            .collect(),
        vec![
            BookCell::text(language.choose("format", "格式")),
            BookCell::text(crate::read::FORMAT.to_string()),
            BookCell::default(),
        ],
    ];
    let shown = head(draft);
    for (at, info) in infos.iter().enumerate() {
        let value = shown.iter().find(|(position, _)| *position == at).map(|(_, shown)| shown.cell());
        let value =
            value.map_or(BookCell::default(), |text| BookCell::text(choice(info.kind, text, language)));
        let (en, zh) = expected(info.kind, false);
        let need = if info.need == Need::Value { language.choose("required: ", "必填：") } else { "" };
        let note = format!("{need}{}", language.choose(en, zh).replace('`', ""));
        rows.push(vec![
            BookCell::text(header(info, language)),
            value.styled(style),
            BookCell::text(note).styled(Style::Note),
        ]);
    }
    let columns = vec![(26, Style::Plain), (26, Style::Input), (60, Style::Plain)];
    let name = table_name(Table::Scenario, language).to_string();
    BookSheet { name, columns, rows, frozen: (1, 0), ..BookSheet::default() }
}

struct Tables {
    sheets: Vec<BookSheet>,
    language: Language,
    is_template: bool,
    style: Style,
}

impl Visitor for Tables {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        if rows.rows.is_empty() && !is_required(T::TABLE) && !self.is_template {
            return;
        }
        let infos = columns(T::TABLE);
        let head = |info: &Info| {
            let style = if info.need == Need::Value { Style::Required } else { Style::Header };
            BookCell::text(header(info, self.language)).styled(style)
        };
        let mut lines: Vec<Vec<BookCell>> = vec![infos.iter().map(head).collect()];
        for row in &mut rows.rows {
            let cell = |(column, info): (&crate::columns::Column<T>, &Info)| {
                let shown = (column.field)(&mut row.cells).shown();
                let text = shown.map(|shown| choice(info.kind, shown.cell(), self.language));
                text.map_or(BookCell::default(), BookCell::text).styled(self.style)
            };
            lines.push(T::COLUMNS.iter().zip(infos).map(cell).collect());
        }
        let column = |info: &Info| {
            let empty = match info.kind {
                _ if !self.is_template => Style::Plain,
                Kind::Date => Style::InputDate,
                _ => Style::Input,
            };
            (width(info), empty)
        };
        self.sheets.push(BookSheet {
            name: table_name(T::TABLE, self.language).to_string(),
            columns: infos.iter().map(column).collect(),
            rows: lines,
            frozen: (1, 1),
            filter: !rows.rows.is_empty(),
            landscape: true,
            ..BookSheet::default()
        });
    }
}

/// Characters that a column shows.
fn width(info: &Info) -> u16 {
    match (info.kind, info.name) {
        (_, "name" | "remark") => 28,
        (Kind::Certificates | Kind::List, _) => 24,
        (Kind::Date | Kind::Text | Kind::Id, _) => 14,
        _ => 11,
    }
}

/// A choice in the language of the workbook; every reader takes both.
fn choice(kind: Kind, text: String, language: Language) -> String {
    let zh = match (kind, text.as_str(), language) {
        (Kind::Flag, "true", Language::Zh) => Some("是"),
        (Kind::Flag, "false", Language::Zh) => Some("否"),
        (Kind::Priority, en, Language::Zh) => PRIORITIES.iter().find(|p| p.1 == en).map(|p| p.2),
        _ => None,
    };
    zh.map_or(text, |zh| guard(zh).into_owned())
}
