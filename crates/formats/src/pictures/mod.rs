//! Pictures of plans: plain data in, one SVG as text out, nothing in it but shapes, texts and the classes of [`STYLE`].
//!
//! Every picture has a title and a description, takes its colours from the page around it (light and dark), and puts
//! texts from people into the SVG only through `maud`, which escapes them.

mod calendar;
mod costs;
mod flows;
mod heat;
mod map;

use maud::{Markup, html};

pub use calendar::{Bar, Calendar, Lane, calendar};
pub use costs::{Cost, Costs, costs};
pub use flows::{Flow, Flows, flows};
pub use heat::{Heat, Leads, heat};
pub use map::{Map, Place, Route, Side, map};

/// The colours and sizes that pictures use, as CSS for the page around them. Hues are from the palette of Okabe and Ito,
/// which people with any common colour blindness tell apart; texts keep a contrast of 4.5 to 1 on them (WCAG 2.2 AA).
pub const STYLE: &str = include_str!("style.css");

/// What a picture says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// Unlike any other on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What one sees in it, for those who do not see it.
    pub description: &'a str,
}

/// The SVG around a picture's shapes, `width` by `height` units of about a pixel.
fn frame(caption: Caption<'_>, width: f64, height: f64, shapes: &Markup) -> String {
    frame_of("img", caption, width, height, shapes)
}

/// The same of another role: what holds links is no image to those who do not see it.
fn frame_of(role: &str, caption: Caption<'_>, width: f64, height: f64, shapes: &Markup) -> String {
    let (title, description) = (format!("{}-title", caption.id), format!("{}-desc", caption.id));
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" class="picture" role=(role) viewBox=(format!("0 0 {width:.0} {height:.0}"))
            width=(format!("{width:.0}")) height=(format!("{height:.0}"))
            aria-labelledby=(title) aria-describedby=(description) {
            title id=(title) { (caption.title) }
            desc id=(description) { (caption.description) }
            (shapes)
        }
    };
    svg.into_string()
}

/// A length with one decimal, so that files stay small.
fn n(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_string)
}

/// About how wide a text is, in units of its size: Chinese characters are square, others about half as wide.
fn width_of(text: &str) -> f64 {
    text.chars().map(|c| if (c as u32) < 0x1100 { 0.58 } else { 1.0 }).sum()
}

/// A text cut to a width in units of its size; empty where not even one character fits.
fn fit(text: &str, width: f64) -> String {
    if width_of(text) <= width {
        return text.to_string();
    }
    let mut cut = String::new();
    let mut used = 1.0; // of the ellipsis
    for c in text.chars() {
        used += width_of(c.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        cut.push(c);
    }
    if cut.is_empty() { cut } else { cut + "…" }
}

/// A text as a part of an address: what is no letter, digit, `-`, `.`, `_` or `~` as `%` and two digits.
pub fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// A whole number with commas between thousands.
pub fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = if value < 0 { "-".to_string() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    /// A text that would break out of a picture if it were not escaped.
    pub(crate) const HOSTILE: &str = "<script>alert(1)</script>]]>&\"'=cmd";

    pub(crate) const CAPTION: Caption<'static> = Caption { id: "p", title: HOSTILE, description: HOSTILE };

    /// Checks that a picture is well-formed XML and returns its elements' names and its texts.
    pub(crate) fn parsed(svg: &str) -> (Vec<String>, Vec<String>) {
        let mut reader = Reader::from_str(svg);
        let (mut names, mut texts, mut depth, mut text) = (Vec::new(), Vec::new(), 0, String::new());
        loop {
            match reader.read_event().expect(svg) {
                Event::Start(start) => {
                    assert!(start.attributes().all(|a| a.is_ok()), "{svg}");
                    names.push(start.name().as_ref().to_string());
                    depth += 1;
                }
                Event::Text(part) => text += &part,
                Event::GeneralRef(name) => {
                    text += match &*name {
                        "lt" => "<",
                        "gt" => ">",
                        "amp" => "&",
                        "quot" => "\"",
                        other => panic!("&{other};"),
                    }
                }
                Event::End(_) => {
                    depth -= 1;
                    texts.push(std::mem::take(&mut text));
                }
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(depth, 0, "{svg}");
        assert!(!names.contains(&"script".to_string()), "{svg}");
        (names, texts)
    }

    #[test]
    fn texts_that_fit() {
        let check = |text, width, expect| assert_eq!(fit(text, width), expect);
        check("焊工", 2.0, "焊工");
        check("机械装配工", 4.0, "机械装…");
        check("welder", 3.0, "wel…");
        check("welder", 1.0, "");
    }

    #[test]
    fn numbers() {
        let check = |value, expect| assert_eq!(thousands(value), expect);
        check(0, "0");
        check(999, "999");
        check(-1_000, "-1,000");
        check(1_234_567, "1,234,567");
        check(i64::MIN, "-9,223,372,036,854,775,808");
    }
}
