//! Bytes to text: UTF-8 with or without a mark, else GB18030, which is what Excel writes in China.

use std::borrow::Cow;

use tiaoji_core::defect::DefectCode;

use crate::cell::Unread;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unread> {
    let unread = |why: &str| Unread::because(DefectCode::Encoding, why);
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(unread("it is UTF-16"));
    }
    if bytes.contains(&0) {
        return Err(unread("it holds zero bytes, as UTF-16 and binary files do"));
    }
    if let Some(rest) = bytes.strip_prefix(MARK) {
        let text = std::str::from_utf8(rest).map_err(|_| unread("it is marked as UTF-8 and is not"))?;
        return Ok(Cow::Borrowed(text));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    if is_damaged_utf8(bytes) {
        return Err(unread("it is UTF-8 with damaged bytes"));
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| unread("it is neither UTF-8 nor GB18030"))
}

/// Whether bytes that are no UTF-8 were meant to be: characters of three bytes, which all but never come about by
/// chance in GB18030, outnumber what is wrong. Read as GB18030 such a text would turn into nonsense in silence.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let check = |bytes: &[u8], expect: Option<&str>| {
            assert_eq!(decode(bytes).ok().as_deref(), expect, "{bytes:?}");
        };
        check(b"", Some(""));
        check("企业".as_bytes(), Some("企业"));
        check(b"\xEF\xBB\xBFa", Some("a"));
        check(b"\xC6\xF3\xD2\xB5", Some("企业")); // GB18030
        check(b"\xFF\xFEa\0", None);
        check(b"a\0", None);
        check(b"\xEF\xBB\xBF\xC6", None);
        check(b"abc\xFF", None);
        // Cut off in the middle of a character: GB18030 would find other characters in it.
        check(&"企业联盟".as_bytes()[..11], None);
    }
}
