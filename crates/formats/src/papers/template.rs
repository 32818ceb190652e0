//! The texts of agreements: one file with a section for each paper, in a markup of lines that a zone can edit. The
//! built-in file says in its first lines how it is written.

use std::collections::HashMap;

use crate::columns::nearest;
use crate::messages::Words;
use crate::read::decode;
use crate::report::{Faults, Report};
use crate::value::shorten;

/// The built-in texts.
pub const AGREEMENT_TEMPLATE: &str = include_str!("agreement.txt");

/// The papers, by the names of their sections and of their files.
pub(crate) const PAPERS: [&str; 3] = ["agreement", "amendment", "settlement"];

/// What a plan fills in.
pub(crate) const FIELDS: [&str; 18] = [
    "blank",
    "number",
    "standing",
    "scenario",
    "zone",
    "lender",
    "borrower",
    "lender_contact",
    "lender_phone",
    "borrower_contact",
    "borrower_phone",
    "workers",
    "from",
    "to",
    "worker_days",
    "certificates",
    "rest_days",
    "night",
];

/// Tables, and how many columns each has.
pub(crate) const TABLES: [(&str, usize); 4] =
    [("secondments", 8), ("choice", 5), ("months", 7), ("corrections", 7)];

/// Words that are filled in with the fields.
const TERMS: [&str; 15] = [
    "blank",
    "night",
    "no_night",
    "no_certificate",
    "total",
    "retrained",
    "list",
    "draft",
    "agreed",
    "signed",
    "active",
    "ended",
    "disputed",
    "settled",
    "cancelled",
];

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Plain(String),
    Field(&'static str),
}

/// A line of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Title(Vec<Piece>),
    Heading(Vec<Piece>),
    Note(Vec<Piece>),
    Paragraph(Vec<Piece>),
    /// A table of [`TABLES`], and its headers.
    Table(&'static str, Vec<String>),
    /// Two columns, as signatures have them.
    Columns([Vec<Piece>; 2]),
    NewPage,
}

/// The texts of the three papers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementTemplate {
    /// In the order of [`PAPERS`].
    pub(crate) papers: [Vec<Line>; 3],
    terms: HashMap<String, String>,
}

impl AgreementTemplate {
    /// The built-in texts.
    pub fn built_in() -> AgreementTemplate {
        let read = AgreementTemplate::read("agreement.txt", AGREEMENT_TEMPLATE.as_bytes());
        read.unwrap_or_else(|faults| unreachable!("the built-in texts are good: {faults}"))
    }

    /// Reads a zone's own texts; `name` is what faults call the file.
    ///
    /// # Errors
    /// Every fault at once: a section that is missing, a name in braces or brackets that is not known, …
    pub fn read(name: &str, bytes: &[u8]) -> Result<AgreementTemplate, Faults> {
        let mut reader = Reader { name, defects: Vec::new() };
        let mut papers = [Vec::new(), Vec::new(), Vec::new()];
        let mut terms = built_in_terms();
        match decode(bytes) {
            Ok(text) => reader.sections(&text, &mut papers, &mut terms),
            Err(unread) => reader.fault(
                unread.code.code(),
                None,
                "",
                "the encoding of the text is not known",
                "无法识别文字编码",
            ),
        }
        for (paper, lines) in PAPERS.iter().zip(&papers) {
            if lines.is_empty() {
                let (en, zh) = (format!("`== {paper}` is missing"), format!("缺少 `== {paper}`"));
                reader.fault("missing_value", None, paper, &en, &zh);
            }
        }
        if reader.defects.is_empty() {
            Ok(AgreementTemplate { papers, terms })
        } else {
            Err(Faults { defects: reader.defects, warnings: Vec::new() })
        }
    }

    /// One of [`TERMS`].
    pub(crate) fn term(&self, name: &str) -> &str {
        self.terms.get(name).map_or("", String::as_str)
    }
}

/// The words that a zone's own texts need not repeat.
fn built_in_terms() -> HashMap<String, String> {
    let terms = AGREEMENT_TEMPLATE.lines().filter_map(|line| line.strip_prefix('@')?.split_once(' '));
    terms.map(|(name, words)| (name.to_string(), words.trim().to_string())).collect()
}

struct Reader<'a> {
    name: &'a str,
    defects: Vec<Report>,
}

impl Reader<'_> {
    fn fault(&mut self, code: &str, row: Option<u32>, read: &str, en: &str, zh: &str) {
        let Words { message, message_zh, remedy, remedy_zh } = Words::new(
            en,
            zh,
            "mend it there; `tiaoji template agreement.txt` writes the built-in texts",
            "请在该处修正；`tiaoji template agreement.txt` 可写出内置文本",
        );
        self.defects.push(Report {
            code: code.to_string(),
            file: Some(self.name.to_string()),
            row,
            column: None,
            read: Some(shorten(read)),
            message,
            message_zh,
            remedy,
            remedy_zh,
        });
    }

    fn unknown<'k>(&mut self, row: u32, read: &str, known: impl IntoIterator<Item = &'k str> + Clone) {
        let near = nearest(read, known.clone());
        let (hint, hint_zh) = if let Some(near) = near {
            (format!("did you mean `{near}`?"), format!("是否应为 `{near}`？"))
        } else {
            let list = known.into_iter().collect::<Vec<_>>().join(", ");
            (format!("known are {list}"), format!("可用的有：{list}"))
        };
        self.fault(
            "unknown_key",
            Some(row),
            read,
            &format!("`{read}` is not known here: {hint}"),
            &format!("未知的名称 `{read}`：{hint_zh}"),
        );
    }

    fn sections(&mut self, text: &str, papers: &mut [Vec<Line>; 3], terms: &mut HashMap<String, String>) {
        let mut section: Option<usize> = None;
        // After a section that is not known, what stands in it is not reported line by line.
        let mut lost = false;
        for (row, line) in (1..).zip(text.lines()) {
            let line = line.trim_matches([' ', '\t', '\r']);
            if line.is_empty() || line.starts_with('%') {
                continue;
            }
            if let Some(name) = line.strip_prefix("==") {
                section = PAPERS.iter().position(|paper| *paper == name.trim());
                lost = section.is_none();
                if lost {
                    self.unknown(row, name.trim(), PAPERS);
                }
            } else if let Some(term) = line.strip_prefix('@') {
                let (name, words) = term.split_once(' ').unwrap_or((term, ""));
                if TERMS.contains(&name) {
                    terms.insert(name.to_string(), words.trim().to_string());
                } else {
                    self.unknown(row, name, TERMS);
                }
            } else if let Some(at) = section {
                let read = self.line(row, line);
                papers[at].extend(read);
            } else if !lost {
                let zh = "第一个“== 名称”之前有文字";
                self.fault("unreadable", Some(row), line, "a text before the first `== name`", zh);
                lost = true;
            }
        }
    }

    fn line(&mut self, row: u32, line: &str) -> Option<Line> {
        if line == "---" {
            return Some(Line::NewPage);
        }
        if let Some(cells) = line.strip_prefix("||") {
            let (left, right) = cells.split_once('|').unwrap_or((cells, ""));
            return Some(Line::Columns([left, right].map(|cell| self.pieces(row, cell.trim()))));
        }
        if let Some((name, headers)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let Some((table, width)) = TABLES.iter().find(|(table, _)| *table == name) else {
                self.unknown(row, name, TABLES.map(|(table, _)| table));
                return None;
            };
            let headers: Vec<String> = headers.split('|').map(|header| header.trim().to_string()).collect();
            if headers.len() != *width {
                let (en, zh) =
                    (format!("`[{name}]` has {width} columns"), format!("`[{name}]` 应有 {width} 栏"));
                self.fault("unreadable", Some(row), line, &en, &zh);
            }
            return Some(Line::Table(table, headers));
        }
        let (kind, text): (fn(Vec<Piece>) -> Line, &str) = if let Some(text) = line.strip_prefix("## ") {
            (Line::Heading, text)
        } else if let Some(text) = line.strip_prefix("# ") {
            (Line::Title, text)
        } else if let Some(text) = line.strip_prefix("> ") {
            (Line::Note, text)
        } else {
            (Line::Paragraph, line)
        };
        Some(kind(self.pieces(row, text.trim())))
    }

    fn pieces(&mut self, row: u32, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            pieces.push(Piece::Plain(before.to_string()));
            let Some((name, after)) = after.split_once('}') else {
                self.fault("unreadable", Some(row), text, "a brace is never closed", "花括号没有结束");
                return pieces;
            };
            match FIELDS.iter().find(|field| **field == name.trim()) {
                Some(field) => pieces.push(Piece::Field(field)),
                None => self.unknown(row, name.trim(), FIELDS),
            }
            rest = after;
        }
        pieces.push(Piece::Plain(rest.to_string()));
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_at_once() {
        let text = "x\n== agreement\n# {lendr}\n[seconments] a\n[choice] a | b\n{blank\n== amendmet\n# y\n@blanck _\n";
        let faults = AgreementTemplate::read("own.txt", text.as_bytes()).expect_err("faults");
        insta::assert_snapshot!(faults.to_string());
    }

    #[test]
    fn the_built_in_texts() {
        let template = AgreementTemplate::built_in();
        assert!(template.papers.iter().all(|lines| matches!(lines[0], Line::Title(_))));
        let used = |field: &str| AGREEMENT_TEMPLATE.contains(&format!("{{{field}}}"));
        assert!(FIELDS.iter().all(|field| used(field) || *field == "zone" || *field == "workers"));
        assert!(TERMS.iter().all(|term| !template.term(term).is_empty()), "a word without a text");
    }
}
