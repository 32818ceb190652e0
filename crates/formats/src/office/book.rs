//! A workbook to be written: sheets of texts and numbers, never formulas.

use std::fmt::Write;

use super::markup::{escape, spell_cell};
use super::package::pack;
use crate::read::letters;

/// How a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    #[default]
    Plain,
    Title,
    Header,
    /// The header of a column that must be filled.
    Required,
    /// What is to be written over.
    Example,
    Note,
    Bold,
    /// Hundredths.
    Money,
    Red,
    Amber,
    Green,
    /// A day of a calendar on which somebody is away, in four strengths.
    Away(u8),
    /// Empty cells of a column of texts, which a spreadsheet program is not to take for numbers.
    Input,
    /// … of a column of dates.
    InputDate,
}

/// Font, fill, border, number format and alignment of every style; its number in the workbook is its place here.
const FORMATS: [(Style, u8, u8, u8, u16, &str); 17] = [
    (Style::Plain, 0, 0, 0, 0, TOP),
    (Style::Title, 1, 0, 0, 0, MIDDLE),
    (Style::Header, 2, 2, 1, 0, MIDDLE),
    (Style::Required, 2, 3, 1, 0, MIDDLE),
    (Style::Example, 3, 4, 1, 49, TOP),
    (Style::Note, 4, 0, 0, 0, TOP),
    (Style::Bold, 5, 0, 0, 0, TOP),
    (Style::Money, 0, 0, 0, 4, TOP),
    (Style::Red, 6, 5, 1, 0, MIDDLE),
    (Style::Amber, 0, 6, 1, 0, MIDDLE),
    (Style::Green, 0, 7, 1, 0, MIDDLE),
    (Style::Away(0), 0, 8, 1, 0, CENTRE),
    (Style::Away(1), 0, 9, 1, 0, CENTRE),
    (Style::Away(2), 0, 10, 1, 0, CENTRE),
    (Style::Away(3), 2, 11, 1, 0, CENTRE),
    (Style::Input, 0, 0, 1, 49, TOP),
    (Style::InputDate, 0, 0, 1, 165, TOP),
];

const TOP: &str = "vertical=\"top\" wrapText=\"1\"";
const MIDDLE: &str = "vertical=\"center\" wrapText=\"1\"";
const CENTRE: &str = "horizontal=\"center\" vertical=\"center\"";

/// Size, weight and colour of the fonts.
const FONTS: [&str; 7] = [
    "<sz val=\"10\"/><color rgb=\"FF1F2933\"/>",
    "<b/><sz val=\"15\"/><color rgb=\"FF17365D\"/>",
    "<b/><sz val=\"10\"/><color rgb=\"FFFFFFFF\"/>",
    "<i/><sz val=\"10\"/><color rgb=\"FF6B7280\"/>",
    "<sz val=\"9\"/><color rgb=\"FF6B7280\"/>",
    "<b/><sz val=\"10\"/><color rgb=\"FF1F2933\"/>",
    "<b/><sz val=\"10\"/><color rgb=\"FF8B1A1A\"/>",
];

/// Colours of the fills; the first two are what every workbook must have.
const FILLS: [&str; 12] = [
    "", "", "FF4A6FA5", "FF17365D", "FFF3F4F6", "FFF8D7DA", "FFFFF1CC", "FFDDF0E0", "FFDCE9F7", "FFB4D0EC",
    "FF7FABD9", "FF4A6FA5",
];

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BookCell {
    pub value: BookValue,
    pub style: Style,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum BookValue {
    #[default]
    Blank,
    Text(String),
    Whole(i64),
    /// Shown with two decimals.
    Hundredths(i64),
}

impl BookCell {
    pub fn text(text: impl Into<String>) -> BookCell {
        BookCell { value: BookValue::Text(text.into()), style: Style::Plain }
    }

    pub fn whole(number: i64) -> BookCell {
        BookCell { value: BookValue::Whole(number), style: Style::Plain }
    }

    pub fn money(fen: i64) -> BookCell {
        BookCell { value: BookValue::Hundredths(fen), style: Style::Money }
    }

    #[must_use]
    pub fn styled(self, style: Style) -> BookCell {
        BookCell { style, ..self }
    }
}

/// What may be written into the cells of a column below the header, and what a person is told there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Input {
    pub column: usize,
    /// First row, from 1; it holds down to the last row of a template.
    pub first_row: u32,
    pub last_row: u32,
    /// Values, or a range of another sheet; none = any text.
    pub choices: Option<String>,
    pub title: String,
    pub note: String,
}

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BookSheet {
    pub name: String,
    /// Widths in characters, and the style of cells that are not there.
    pub columns: Vec<(u16, Style)>,
    pub rows: Vec<Vec<BookCell>>,
    /// Rows and columns that stay in sight.
    pub frozen: (u32, u32),
    /// Whether the rows under the frozen ones may be filtered.
    pub filter: bool,
    /// First and last column of cells joined in a row, both from 0.
    pub merged: Vec<(u32, usize, usize)>,
    pub inputs: Vec<Input>,
    pub landscape: bool,
}

/// The bytes of a workbook.
pub(crate) fn write(sheets: &[BookSheet]) -> Vec<u8> {
    pack(&parts(sheets))
}

/// Names and contents of its parts.
pub(crate) fn parts(sheets: &[BookSheet]) -> Vec<(String, Vec<u8>)> {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let (mut types, mut listed, mut related) = (String::new(), String::new(), String::new());
    let mut parts = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        let part = format!("worksheets/sheet{number}.xml");
        let _ = write!(types, "<Override PartName=\"/xl/{part}\" ContentType=\"{KIND}.worksheet+xml\"/>");
        let name = escape(&sheet.name);
        let _ = write!(listed, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
        let kind = format!("{RELATION}/worksheet");
        let _ = write!(related, "<Relationship Id=\"rId{number}\" Type=\"{kind}\" Target=\"{part}\"/>");
        parts.push((
            format!("xl/{part}"),
            format!("{XML}<worksheet xmlns=\"{MAIN}\">{}</worksheet>", body(sheet)),
        ));
    }
    let filters: String = (0..).zip(sheets).filter_map(|(at, sheet)| filter_name(at, sheet)).collect();
    let names = if filters.is_empty() { filters } else { format!("<definedNames>{filters}</definedNames>") };
    let head = [
        (
            "[Content_Types].xml",
            format!(
                "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{KIND}.styles+xml\"/>{types}</Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{RELATION}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATION}\"><bookViews><workbookView/></bookViews><sheets>{listed}</sheets>{names}</workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">{related}<Relationship Id=\"rId0\" \
                 Type=\"{RELATION}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", format!("{XML}<styleSheet xmlns=\"{MAIN}\">{}</styleSheet>", styles())),
    ];
    let head = head.into_iter().map(|(name, text)| (name.to_string(), text));
    head.chain(parts).map(|(name, text)| (name, text.into_bytes())).collect()
}

/// Spreadsheet programs look for a filter under this hidden name.
fn filter_name(at: usize, sheet: &BookSheet) -> Option<String> {
    let (first, last) = filter_range(sheet)?;
    let absolute = |place: &str| {
        let digits = place.find(|c: char| c.is_ascii_digit()).unwrap_or(place.len());
        format!("${}${}", &place[..digits], &place[digits..])
    };
    let name = sheet.name.replace('\'', "''");
    Some(format!(
        "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{at}\" hidden=\"1\">'{}'!{}:{}</definedName>",
        escape(&name),
        absolute(&first),
        absolute(&last)
    ))
}

fn filter_range(sheet: &BookSheet) -> Option<(String, String)> {
    let header = sheet.frozen.0;
    let width = sheet.rows.get(header.checked_sub(1)? as usize)?.len().checked_sub(1)?;
    let last = (sheet.rows.len() as u32).max(header + 1);
    sheet.filter.then(|| (format!("A{header}"), format!("{}{last}", letters(width))))
}

fn number_of(style: Style) -> usize {
    FORMATS.iter().position(|format| format.0 == style).unwrap_or_default()
}

fn styles() -> String {
    let font = |rest: &&str| {
        format!("<font>{rest}<name val=\"微软雅黑\"/><family val=\"2\"/><charset val=\"134\"/></font>")
    };
    let fill = |(at, colour): (usize, &&str)| match at {
        0 => "<fill><patternFill patternType=\"none\"/></fill>".to_string(),
        1 => "<fill><patternFill patternType=\"gray125\"/></fill>".to_string(),
        _ => format!(
            "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{colour}\"/></patternFill></fill>"
        ),
    };
    let edge = |side| format!("<{side} style=\"thin\"><color rgb=\"FFD1D5DB\"/></{side}>");
    let edges: String = ["left", "right", "top", "bottom"].map(edge).concat();
    let format = |(_, font, fill, border, number, alignment): &(Style, u8, u8, u8, u16, &str)| {
        format!(
            "<xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" \
             applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">\
             <alignment {alignment}/></xf>"
        )
    };
    let list = |name: &str, items: Vec<String>| {
        format!("<{name} count=\"{}\">{}</{name}>", items.len(), items.concat())
    };
    [
        "<numFmts count=\"1\"><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>".to_string(),
        list("fonts", FONTS.iter().map(font).collect()),
        list("fills", FILLS.iter().enumerate().map(fill).collect()),
        list("borders", vec!["<border/>".to_string(), format!("<border>{edges}</border>")]),
        "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs>".to_string(),
        list("cellXfs", FORMATS.iter().map(format).collect()),
        "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
            .to_string(),
    ]
    .concat()
}

/// The elements of a sheet, in the order that the format demands.
fn body(sheet: &BookSheet) -> String {
    let mut xml = String::from(
        "<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\">",
    );
    let (rows, columns) = sheet.frozen;
    if (rows, columns) != (0, 0) {
        let split = |name, n: u32| if n > 0 { format!(" {name}=\"{n}\"") } else { String::new() };
        let pane = match (rows, columns) {
            (0, _) => "topRight",
            (_, 0) => "bottomLeft",
            _ => "bottomRight",
        };
        let _ = write!(
            xml,
            "<pane{}{} topLeftCell=\"{}{}\" activePane=\"{pane}\" state=\"frozen\"/>",
            split("xSplit", columns),
            split("ySplit", rows),
            letters(columns as usize),
            rows + 1
        );
    }
    xml += "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"16\"/>";
    if !sheet.columns.is_empty() {
        xml += "<cols>";
        for (number, (width, style)) in (1..).zip(&sheet.columns) {
            let style = number_of(*style);
            let _ = write!(
                xml,
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" style=\"{style}\" customWidth=\"1\"/>"
            );
        }
        xml += "</cols>";
    }
    xml += "<sheetData>";
    for (number, cells) in (1..).zip(&sheet.rows) {
        let _ = write!(xml, "<row r=\"{number}\">");
        for (at, cell) in cells.iter().enumerate() {
            put_cell(&mut xml, number, at, cell);
        }
        xml += "</row>";
    }
    xml += "</sheetData>";
    if let Some((first, last)) = filter_range(sheet) {
        let _ = write!(xml, "<autoFilter ref=\"{first}:{last}\"/>");
    }
    if !sheet.merged.is_empty() {
        let _ = write!(xml, "<mergeCells count=\"{}\">", sheet.merged.len());
        for (row, from, to) in &sheet.merged {
            let _ = write!(xml, "<mergeCell ref=\"{}{row}:{}{row}\"/>", letters(*from), letters(*to));
        }
        xml += "</mergeCells>";
    }
    if !sheet.inputs.is_empty() {
        let _ = write!(xml, "<dataValidations count=\"{}\">", sheet.inputs.len());
        sheet.inputs.iter().for_each(|input| put_input(&mut xml, input));
        xml += "</dataValidations>";
    }
    let orientation = if sheet.landscape { "landscape" } else { "portrait" };
    let _ = write!(
        xml,
        "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>\
         <pageSetup paperSize=\"9\" orientation=\"{orientation}\" fitToWidth=\"1\" fitToHeight=\"0\"/>"
    );
    xml
}

fn put_cell(xml: &mut String, row: u32, at: usize, cell: &BookCell) {
    let (place, style) = (letters(at), number_of(cell.style));
    let _ = match &cell.value {
        BookValue::Blank if cell.style == Style::Plain => Ok(()),
        BookValue::Blank => write!(xml, "<c r=\"{place}{row}\" s=\"{style}\"/>"),
        BookValue::Text(text) => write!(
            xml,
            "<c r=\"{place}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
            escape(&spell_cell(text))
        ),
        BookValue::Whole(number) => write!(xml, "<c r=\"{place}{row}\" s=\"{style}\"><v>{number}</v></c>"),
        BookValue::Hundredths(number) => {
            let number = crate::cell::show_money(*number);
            write!(xml, "<c r=\"{place}{row}\" s=\"{style}\"><v>{number}</v></c>")
        }
    };
}

fn put_input(xml: &mut String, input: &Input) {
    let column = letters(input.column);
    let range = format!("{column}{}:{column}{}", input.first_row, input.last_row);
    // Excel takes 32 characters of a title and 255 of a note.
    let cut = |text: &str, most: usize| escape(&text.chars().take(most).collect::<String>()).into_owned();
    let (title, note) = (cut(&input.title, 32), cut(&input.note, 255));
    let kind = if input.choices.is_some() {
        " type=\"list\" errorStyle=\"warning\" showErrorMessage=\"1\""
    } else {
        ""
    };
    let _ = write!(
        xml,
        "<dataValidation{kind} allowBlank=\"1\" showInputMessage=\"1\" promptTitle=\"{title}\" prompt=\"{note}\" \
         sqref=\"{range}\">"
    );
    if let Some(choices) = &input.choices {
        let _ = write!(xml, "<formula1>{}</formula1>", escape(choices));
    }
    *xml += "</dataValidation>";
}
