//! XML as office documents use it: reading with one event's size bounded, and texts that survive every reader.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufRead};

use quick_xml::Error;
use quick_xml::events::{BytesStart, Event};

/// The largest tag or text that is read: an Excel cell holds at most 32,767 characters.
const MAX_EVENT: usize = 1 << 20;

/// Passes bytes through while every tag and text stays small. What an office program never writes and what makes a
/// reader swell is refused: document types (entities among them), comments and CDATA.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    state: State,
    size: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Text,
    /// After `<`.
    Open,
    Tag,
    /// Inside a value, which that byte ends.
    Quoted(u8),
    /// Inside `<? … ?>`, with whether the last byte was `?`.
    Instruction(bool),
}

impl Watch {
    /// Looks at the next bytes of a part.
    pub fn see(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &byte in bytes {
            self.size += 1;
            let next = match (self.state, byte) {
                (State::Text, b'<') => State::Open,
                (State::Open, b'!') => {
                    return Err(io::Error::other("it holds XML that no spreadsheet program writes"));
                }
                (State::Open, b'?') => State::Instruction(false),
                (State::Open | State::Tag, b'"' | b'\'') => State::Quoted(byte),
                (State::Text, _) | (State::Open | State::Tag | State::Instruction(true), b'>') => State::Text,
                (State::Quoted(quote), _) if byte != quote => State::Quoted(quote),
                (State::Open | State::Tag | State::Quoted(_), _) => State::Tag,
                (State::Instruction(_), _) => State::Instruction(byte == b'?'),
            };
            if (next == State::Open) || (next == State::Text && self.state != State::Text) {
                self.size = 0;
            }
            self.state = next;
            if self.size > MAX_EVENT {
                return Err(io::Error::other("one cell holds more than a spreadsheet program can write"));
            }
        }
        Ok(())
    }
}

/// The events of a part, and why they end early.
pub(crate) struct Events<R> {
    reader: quick_xml::Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Events<R> {
    pub fn new(part: R) -> Events<R> {
        let mut reader = quick_xml::Reader::from_reader(part);
        // An empty element is a start and an end: one case less for every caller.
        reader.config_mut().expand_empty_elements = true;
        Events { reader, buffer: Vec::new() }
    }

    /// The next event; `Eof` at the end.
    pub fn next(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
            Error::Io(error) => error.to_string(),
            error => format!("its XML is damaged: {error}"),
        })
    }
}

/// An attribute by its local name, with references resolved; none where it is absent or damaged.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(Cow::into_owned)
}

/// The text of a character or entity reference; what nobody defined stays away.
pub(crate) fn reference(name: &str) -> Option<String> {
    let text = format!("&{name};");
    quick_xml::escape::unescape(&text).ok().map(Cow::into_owned)
}

/// A text for an element or a double-quoted attribute. Characters that XML cannot hold become U+FFFD.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_unwritable(c) || c == '\r';
    let text = if text.contains(bad) {
        Cow::Owned(text.chars().map(|c| if is_unwritable(c) { '\u{FFFD}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    };
    match quick_xml::escape::escape(text.as_ref()) {
        // A bare return would be read as a line feed.
        Cow::Borrowed(_) if !text.contains('\r') => text,
        escaped => Cow::Owned(escaped.replace('\r', "&#13;")),
    }
}

/// Whether XML 1.0 has no way to write the character.
pub(crate) fn is_unwritable(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A cell's text in the spelling of ECMA-376, part 1, 22.9.2.19 (`ST_Xstring`): `_xHHHH_` is the character of that
/// number, which is how control characters are kept, and `_x005F_` the underscore of a text that looks like one.
pub(crate) fn spell_cell(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_unwritable(c) || c == '\r' {
            let _ = write!(spelled, "_x{:04X}_", c as u32);
        } else if c == '_' && spelled_character(&text[at..]).is_some() {
            spelled += "_x005F_";
        } else {
            spelled.push(c);
        }
    }
    spelled
}

/// The text that [`spell_cell`] spelled.
pub(crate) fn unspell_cell(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        read += &rest[..at];
        rest = &rest[at..];
        if let Some(c) = spelled_character(rest) {
            read.push(c);
            rest = &rest[7..];
        } else {
            read += "_x";
            rest = &rest[2..];
        }
    }
    read += rest;
    Cow::Owned(read)
}

/// The character of a `_xHHHH_` at the start of a text.
fn spelled_character(text: &str) -> Option<char> {
    let hex = text.strip_prefix("_x")?.get(..5)?.strip_suffix('_')?;
    let all_hex = hex.bytes().all(|b| b.is_ascii_hexdigit());
    if all_hex { char::from_u32(u32::from_str_radix(hex, 16).ok()?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_every_character() {
        for text in
            ["a", "", "\u{1}", "_x0041_", "_x005F_", "a\r\nb", "__x0000_", "_x00_x0001_", "\u{FFFE}企"]
        {
            let spelled = spell_cell(text);
            assert!(!spelled.contains(['\r', '\u{1}', '\u{FFFE}']), "{spelled:?}");
            assert_eq!(unspell_cell(&spelled), text, "{spelled}");
        }
        assert_eq!(unspell_cell("a_x000D_\n_x4F01_"), "a\r\n企");
        assert_eq!(unspell_cell("_x00zz_ _xD800_ _x12"), "_x00zz_ _xD800_ _x12");
    }

    #[test]
    fn texts_are_texts() {
        let check = |text, expect| assert_eq!(escape(text), expect);
        check("a & <b> \"c\" ]]>", "a &amp; &lt;b&gt; &quot;c&quot; ]]&gt;");
        check("企业", "企业");
        check("a\rb\u{1}", "a&#13;b\u{FFFD}");
    }

    #[test]
    fn what_swells_is_refused() {
        let check = |text: &str, good: bool| {
            let mut watch = Watch::default();
            assert_eq!(watch.see(text.as_bytes()).is_ok(), good, "{}", &text[..text.len().min(40)]);
        };
        let long = "<".repeat(MAX_EVENT + 9);
        check("<?xml version=\"1.0\"?><a b='>'>x</a>", true);
        check("<!DOCTYPE a [<!ENTITY x \"y\">]>", false);
        check("<a><!-- x --></a>", false);
        check(&format!("<a>{}</a>", "x".repeat(MAX_EVENT + 9)), false);
        check(&format!("<a b=\"{long}\"/>"), false);
        check(&format!("<?a {long}?>"), false);
        check(&format!("<?a > {long}?>"), false);
        check(&"<a>x</a>".repeat(MAX_EVENT), true);
    }
}
