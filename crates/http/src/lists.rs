//! Lists: `?limit` and `&cursor`, `{ "items", "next" }`.

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::parameters::{Parameter, Parameters};
use crate::problem::{BAD_CURSOR, Problem, Text};
use crate::secrets::hexadecimal;

/// How many rows a page has.
pub const LIMIT: Parameter = Parameter {
    name: "limit",
    about: "How many rows at most.",
    schema: r#"{ "type": "integer", "minimum": 1, "maximum": 500, "default": 50 }"#,
};

/// Where a page begins.
pub const CURSOR: Parameter = Parameter {
    name: "cursor",
    about: "The `next` of the page before.",
    schema: r#"{ "type": "string", "pattern": "^(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]){1,768}$" }"#,
};

/// An id of 64 characters of four bytes, each written as three.
const MOST: usize = 768;

/// The parameters of a list that has no other.
pub const PAGE: &[Parameter] = &[LIMIT, CURSOR];

/// Which part of a list.
pub struct Part {
    pub limit: u32,
    /// The row before it.
    pub after: Option<String>,
}

impl Part {
    /// Takes both from the parameters of a call.
    ///
    /// # Errors
    /// `bad_cursor`. A bad limit is a fault of the parameters.
    pub fn of(parameters: &mut Parameters) -> Result<Part, Problem> {
        let limit = parameters.take("limit", |text| {
            let limit = text.parse::<u32>().ok().filter(|limit| (1..=500).contains(limit));
            limit.ok_or_else(|| Text::new("a whole number of 1 to 500", "应为 1 至 500 的整数"))
        });
        let after = match parameters.take("cursor", |text| Ok(text.to_string())) {
            None => None,
            Some(text) => Some(read_cursor(&text).ok_or_else(|| Problem::new(&BAD_CURSOR))?),
        };
        Ok(Part { limit: limit.unwrap_or(50), after })
    }
}

/// How many rows a list looks at for one page of those that the caller may see.
const LOOKED_AT: usize = 10_000;

/// A page that is being filled, from rows of which the caller may not see all.
pub struct Filling<T> {
    limit: u32,
    after: Option<String>,
    items: Vec<T>,
    looked: usize,
    is_end: bool,
}

impl<T> Filling<T> {
    pub fn new(part: Part) -> Filling<T> {
        Filling { limit: part.limit, after: part.after, items: Vec::new(), looked: 0, is_end: false }
    }

    /// Whether to read on: so many rows at most, after that place.
    pub fn wants(&self) -> Option<(u32, Option<String>)> {
        let is_done = self.is_end || self.is_full() || self.looked >= LOOKED_AT;
        (!is_done).then(|| (self.limit, self.after.clone()))
    }

    pub fn is_full(&self) -> bool {
        self.items.len() >= self.limit as usize
    }

    /// Looks at the row at a place; none = it is not shown.
    pub fn look(&mut self, place: String, item: Option<T>) {
        self.looked += 1;
        self.after = Some(place);
        self.items.extend(item);
    }

    /// So far was read, and nothing follows it where `is_all`.
    pub fn read(&mut self, last: Option<&str>, is_all: bool) {
        self.is_end = is_all && (last.is_none() || self.after.as_deref() == last);
    }

    /// The rows, and the place of the last one where there are more.
    pub fn done(self) -> (Vec<T>, Option<String>) {
        (self.items, self.after.filter(|_| !self.is_end))
    }
}

/// Where the next page begins, as text that nobody need understand: the percent-encoded id in hexadecimal digits.
pub fn cursor(last: &str) -> String {
    hexadecimal(percent_encoded(last).as_bytes())
}

fn read_cursor(text: &str) -> Option<String> {
    let digits = text.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || digits.len() > 2 * MOST {
        return None;
    }
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok()?;
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let byte = u8::from_str_radix(pair, 16).ok().filter(|_| pair.bytes().all(is_digit));
        byte.filter(u8::is_ascii_graphic)
    };
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    Some(percent_decoded(&bytes?))
}

/// What is no letter, digit, `-`, `.`, `_` or `~` as `%` and two digits.
pub fn percent_encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// The way back; what is not of that form stays as it is, and a NUL or what is no UTF-8 becomes the replacement character.
pub fn percent_decoded(text: &[u8]) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let [first, after @ ..] = rest {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let coded = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}")
}

/// A page.
pub fn page(items: &[Value], next: Option<String>) -> Response {
    let next = next.map(|last| cursor(&last));
    axum::Json(json!({ "items": items, "next": next })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors() {
        for id in ["S-1", "企业", "a b/%"] {
            assert_eq!(read_cursor(&cursor(id)).as_deref(), Some(id));
        }
        // whatever is of the form is a cursor, though perhaps of no row
        assert_eq!(read_cursor("2530302541").as_deref(), Some("\u{fffd}%A"));
        for bad in ["", "0", "zz", "+1", "ff", "00", "4A", &"61".repeat(3000)] {
            assert_eq!(read_cursor(bad), None, "{bad}");
        }
    }
}
