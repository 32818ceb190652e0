//! Lists: `?limit` and `&cursor`, `{ "items", "next" }`.

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::parameters::{Parameter, Parameters};
use crate::problem::{BAD_CURSOR, Problem, Text};

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
    schema: r#"{ "type": "string", "pattern": "^([0-9a-f]{2}){1,256}$" }"#,
};

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

/// Where the next page begins, as text that nobody need understand.
pub fn cursor(last: &str) -> String {
    crate::secrets::hexadecimal(last.as_bytes())
}

fn read_cursor(text: &str) -> Option<String> {
    let digits = text.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || digits.len() > 512 {
        return None;
    }
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|_| pair.iter().all(u8::is_ascii_hexdigit))?;
        u8::from_str_radix(pair, 16).ok()
    };
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    String::from_utf8(bytes?).ok().filter(|text| !text.contains('\0'))
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
        for bad in ["", "0", "zz", "+1", "ff", "00", &"61".repeat(257)] {
            assert_eq!(read_cursor(bad), None, "{bad}");
        }
    }
}
