//! A workbook as a stream of cells: sheets by name, then row after row, blank cells left out. Nothing is laid out as a
//! range, so that one far cell costs what one cell costs.

use quick_xml::events::Event;

use super::markup::{Events, attribute, reference, unspell_cell};
use super::package::{Package, Part};
use super::serial::{System, is_date_code, is_date_format};

/// The most columns of a sheet that are read: the widest table has 18.
const MAX_COLUMNS: usize = 256;
/// The most rows that are not blank, of one sheet.
const MAX_ROWS: usize = 100_000;
/// The most texts that cells share, and what they and all other cells' texts may hold, in bytes.
const MAX_SHARED: usize = 1 << 20;
const MAX_TEXT: usize = 24 << 20;
/// The most formats; Excel stops at 65,490.
const MAX_FORMATS: usize = 1 << 16;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Text(String),
    /// A number, and whether its format shows it as a date.
    Number {
        value: f64,
        is_date: bool,
    },
    Flag(bool),
    /// What cannot be read: what stands there, and why.
    Unreadable {
        shown: String,
        why: String,
    },
}

/// A cell that is not blank, and its column from 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SheetCell {
    pub column: usize,
    pub content: Content,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetInfo {
    pub name: String,
    pub is_hidden: bool,
    /// Path of its part.
    path: String,
}

/// An opened workbook.
pub(crate) struct Workbook<'a> {
    package: Package<'a>,
    pub sheets: Vec<SheetInfo>,
    pub system: System,
    shared: Texts,
    /// By format: whether it shows dates.
    dates: Vec<bool>,
    /// Bytes of text that cells may still hold.
    text_left: usize,
}

/// Texts in one piece.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

impl<'a> Workbook<'a> {
    /// Opens a workbook: its sheets, shared texts and formats are read, its cells not yet.
    pub fn open(bytes: &'a [u8]) -> Result<Workbook<'a>, String> {
        let mut package = Package::open(bytes)?;
        let root = relations(&mut package, "_rels/.rels", "")?;
        let main = root.iter().find(|r| r.kind.ends_with("/officeDocument"));
        let main = main.map_or("xl/workbook.xml".to_string(), |r| r.target.clone());
        let no_workbook = || "the archive holds no workbook of the .xlsx kind".to_string();
        let (listed, system) = sheets(package.part(&main)?.ok_or_else(no_workbook)?)?;
        let folder = main.rfind('/').map_or("", |at| &main[..at]);
        let file = &main[folder.len()..].trim_start_matches('/');
        let related = relations(&mut package, &format!("{folder}/_rels/{file}.rels"), folder)?;
        let path = |kind: &str| related.iter().find(|r| r.kind.ends_with(kind)).map(|r| r.target.clone());
        let shared = match path("/sharedStrings").map(|path| package.part(&path)).transpose()?.flatten() {
            Some(part) => shared_texts(part)?,
            None => Texts::default(),
        };
        let dates = match path("/styles").map(|path| package.part(&path)).transpose()?.flatten() {
            Some(part) => date_formats(part)?,
            None => Vec::new(),
        };
        let listed = listed.into_iter().filter_map(|(name, is_hidden, id)| {
            let path = related.iter().find(|r| r.id == id)?.target.clone();
            Some(SheetInfo { name, is_hidden, path })
        });
        Ok(Workbook { sheets: listed.collect(), package, system, shared, dates, text_left: MAX_TEXT })
    }

    /// Hands every row that is not blank to `row`, with its number. Stops where `row` or a limit says so.
    pub fn rows(
        &mut self,
        sheet: &SheetInfo,
        mut row: impl FnMut(u32, Vec<SheetCell>) -> Result<(), String>,
    ) -> Result<(), String> {
        let Workbook { package, shared, dates, text_left, .. } = self;
        let missing = || format!("the archive lacks the part of the sheet {}", sheet.name);
        let events = package.part(&sheet.path)?.ok_or_else(missing)?;
        let mut stream = Stream { events, shared, dates, row: 0, column: 0 };
        let mut rows = 0;
        while let Some((number, cells)) = stream.row(text_left)? {
            if cells.is_empty() {
                continue;
            }
            rows += 1;
            if rows > MAX_ROWS {
                return Err("a sheet has more than 100,000 rows".to_string());
            }
            row(number, cells)?;
        }
        Ok(())
    }
}

/// One relation of a part to another.
struct Relation {
    id: String,
    kind: String,
    /// Path of the other part.
    target: String,
}

fn relations(package: &mut Package<'_>, path: &str, folder: &str) -> Result<Vec<Relation>, String> {
    let Some(mut events) = package.part(path.trim_start_matches('/'))? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    loop {
        match events.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&tag, name).unwrap_or_default();
                let target = get("Target");
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_string(),
                    None if folder.is_empty() => target,
                    None => format!("{folder}/{target}"),
                };
                found.push(Relation { id: get("Id"), kind: get("Type"), target });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Name, whether it is hidden, and relation of every sheet; and the system of dates.
type Listed = (Vec<(String, bool, String)>, System);

fn sheets(mut events: Events<Part<'_>>) -> Result<Listed, String> {
    let (mut found, mut system) = (Vec::new(), System::From1900);
    loop {
        match events.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "workbookPr" if attribute(&tag, "date1904").is_some_and(|v| v == "1" || v == "true") => {
                    system = System::From1904;
                }
                "sheet" => {
                    let get = |name| attribute(&tag, name).unwrap_or_default();
                    let is_hidden = matches!(get("state").as_str(), "hidden" | "veryHidden");
                    found.push((get("name"), is_hidden, get("id")));
                }
                _ => {}
            },
            Event::Eof => return Ok((found, system)),
            _ => {}
        }
    }
}

/// By format of a cell: whether it shows dates.
fn date_formats(mut events: Events<Part<'_>>) -> Result<Vec<bool>, String> {
    let mut own: std::collections::HashMap<u32, bool> = std::collections::HashMap::new();
    let (mut formats, mut in_cells) = (Vec::new(), false);
    loop {
        match events.next()? {
            Event::Start(tag) => {
                let id = || attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                match tag.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&tag, "formatCode").unwrap_or_default();
                        own.insert(id(), is_date_code(&code));
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells => {
                        let id = id();
                        formats.push(own.get(&id).copied().unwrap_or_else(|| is_date_format(id)));
                    }
                    _ => {}
                }
                if formats.len().max(own.len()) > MAX_FORMATS {
                    return Err("the workbook has too many formats".to_string());
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

fn shared_texts(mut events: Events<Part<'_>>) -> Result<Texts, String> {
    let mut texts = Texts::default();
    loop {
        match events.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                texts.text += &unspell_cell(&rich_text(&mut events, "si")?);
                texts.ends.push(texts.text.len() as u32);
                if texts.text.len() > MAX_TEXT || texts.ends.len() > MAX_SHARED {
                    return Err(too_much_text());
                }
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

fn too_much_text() -> String {
    "the workbook holds too much text".to_string()
}

/// The text of an element up to its end: every `t` in it, phonetic readings (`rPh`) left out.
fn rich_text(events: &mut Events<Part<'_>>, end: &str) -> Result<String, String> {
    let (mut text, mut in_text, mut phonetic) = (String::new(), false, 0_u32);
    loop {
        match events.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => phonetic += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => phonetic = phonetic.saturating_sub(1),
                name if name == end => return Ok(text),
                _ => {}
            },
            Event::Text(part) if in_text && phonetic == 0 => text += &part.xml10_content(),
            Event::GeneralRef(part) if in_text && phonetic == 0 => {
                text += &reference(&part).unwrap_or_default();
            }
            Event::Eof => return Err("its XML ends too early".to_string()),
            _ => {}
        }
        if text.len() > MAX_TEXT {
            return Err(too_much_text());
        }
    }
}

/// The rows of one sheet.
struct Stream<'w> {
    events: Events<Part<'w>>,
    shared: &'w Texts,
    dates: &'w [bool],
    /// Number of the last row, and position one past the last cell of it.
    row: u32,
    column: usize,
}

impl Stream<'_> {
    /// The next row that the sheet states, its blank cells left out; none at the end of the sheet.
    fn row(&mut self, text_left: &mut usize) -> Result<Option<(u32, Vec<SheetCell>)>, String> {
        let number = loop {
            match self.events.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    let stated = attribute(&tag, "r").map(|r| r.parse().map_err(|_| bad_place(&r)));
                    break stated.transpose()?.unwrap_or(self.row.saturating_add(1));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        };
        if number <= self.row {
            return Err(format!("row {number} of a sheet stands after row {}", self.row));
        }
        (self.row, self.column) = (number, 0);
        let mut cells = Vec::new();
        loop {
            let (head, is_end) = match self.events.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    let get = |name| attribute(&tag, name);
                    (Some((get("r"), get("t"), get("s"))), false)
                }
                Event::End(tag) => (None, tag.local_name().as_ref() == "row"),
                Event::Eof => return Err("its XML ends too early".to_string()),
                _ => (None, false),
            };
            if is_end {
                return Ok(Some((number, cells)));
            }
            let Some((place, kind, format)) = head else { continue };
            let at = match &place {
                // Cells stand in order; one that goes back would shift the others.
                Some(place) => {
                    position(place).filter(|&at| at >= self.column).ok_or_else(|| bad_place(place))?
                }
                None => self.column,
            };
            self.column = at + 1;
            let place = place.unwrap_or_else(|| format!("{}{number}", crate::read::letters(at)));
            let is_date = format.and_then(|s| s.parse().ok()).and_then(|s: usize| self.dates.get(s));
            let raw = self.raw_cell()?;
            let content = self.content(raw, kind.as_deref().unwrap_or("n"), is_date == Some(&true), &place);
            let Some(content) = content else { continue };
            if at >= MAX_COLUMNS {
                return Err(format!("the cell {place} lies beyond the {MAX_COLUMNS} columns that are read"));
            }
            let length = match &content {
                Content::Text(text) => text.len(),
                Content::Unreadable { shown, why } => shown.len() + why.len(),
                _ => 0,
            };
            *text_left = text_left.checked_sub(length).ok_or_else(too_much_text)?;
            cells.push(SheetCell { column: at, content });
        }
    }

    /// What a cell's element holds.
    fn raw_cell(&mut self) -> Result<RawCell, String> {
        let mut raw = RawCell::default();
        let mut inside = Inside::Cell;
        loop {
            match self.events.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => (raw.value, inside) = (Some(String::new()), Inside::Value),
                    "f" => (raw.formula, inside) = (Some(String::new()), Inside::Formula),
                    "is" => raw.text = Some(rich_text(&mut self.events, "is")?),
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => return Ok(raw),
                    "v" | "f" => inside = Inside::Cell,
                    _ => {}
                },
                Event::Text(part) => raw.add(inside, &part.xml10_content()),
                Event::GeneralRef(part) => raw.add(inside, &reference(&part).unwrap_or_default()),
                Event::Eof => return Err("its XML ends too early".to_string()),
                _ => {}
            }
        }
    }

    /// The meaning of a cell; none where it is blank.
    fn content(&self, raw: RawCell, kind: &str, is_date: bool, place: &str) -> Option<Content> {
        let unreadable = |shown: String, why: String| Some(Content::Unreadable { shown, why });
        let text = |text: String| if text.trim().is_empty() { None } else { Some(Content::Text(text)) };
        if let Some(formula) = &raw.formula
            && raw.value.as_deref().is_none_or(|value| value.is_empty() && kind != "str")
            && raw.text.is_none()
        {
            return unreadable(format!("={formula}"), format!("the formula in {place} has no stored value"));
        }
        let value = raw.value.unwrap_or_default();
        match kind {
            "inlineStr" => text(unspell_cell(&raw.text.unwrap_or_default()).into_owned()),
            "s" => match value.trim().parse().ok().and_then(|at| self.shared.get(at)) {
                Some(shared) => text(shared.to_string()),
                None if value.trim().is_empty() => None,
                None => unreadable(value, format!("the text of {place} is missing from the workbook")),
            },
            "b" => Some(Content::Flag(value.trim() == "1" || value.trim() == "true")),
            "e" => {
                let why = format!("{place} holds the error {value}");
                unreadable(value, why)
            }
            // An ISO date, as strict workbooks have them; what is no date at midnight is left to be refused.
            "d" => text(value.strip_suffix("T00:00:00").map_or(value.clone(), str::to_string)),
            "str" => text(unspell_cell(&value).into_owned()),
            _ if value.trim().is_empty() => None,
            _ => match value.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => Some(Content::Number { value, is_date }),
                _ => text(value),
            },
        }
    }
}

#[derive(Clone, Copy)]
enum Inside {
    Cell,
    Value,
    Formula,
}

#[derive(Default)]
struct RawCell {
    value: Option<String>,
    formula: Option<String>,
    text: Option<String>,
}

impl RawCell {
    fn add(&mut self, inside: Inside, text: &str) {
        let into = match inside {
            Inside::Cell => return,
            Inside::Value => &mut self.value,
            Inside::Formula => &mut self.formula,
        };
        into.get_or_insert_default().push_str(text);
    }
}

fn bad_place(place: &str) -> String {
    format!("`{place}` is no place where a cell can stand")
}

/// The column, from 0, of a place such as `C7`.
fn position(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).count();
    let all_digits = place[letters..].bytes().all(|b| b.is_ascii_digit());
    if !(1..=3).contains(&letters) || !all_digits {
        return None;
    }
    let number =
        place[..letters].bytes().fold(0, |n, b| n * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    Some(number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let check = |place, expect| assert_eq!(position(place), expect, "{place}");
        check("A1", Some(0));
        check("z9", Some(25));
        check("AA10", Some(26));
        check("XFD1048576", Some(16_383));
        for bad in ["", "1", "ABCD1", "A-1", "企1"] {
            check(bad, None);
        }
    }
}
