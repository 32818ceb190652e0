//! A table of numbers, the larger the darker.

use maud::{Markup, html};

use super::{Caption, fit, frame_of, n, thousands};

/// What the picture shows.
#[derive(Clone, Debug)]
pub struct Heat<'a> {
    /// What it says of itself.
    pub caption: Caption<'a>,
    /// From left to right.
    pub columns: &'a [String],
    /// Name and one number a column; nothing is drawn for 0.
    pub rows: &'a [(String, Vec<i64>)],
    /// The number that is darkest, so that several pictures can be compared; above 0.
    pub most: i64,
    /// `a` blue, `b` orange, `c` purple.
    pub tone: char,
    /// Where the fields lead, if anywhere.
    pub leads: Option<Leads<'a>>,
}

/// The addresses of a picture's fields: what is written for its row, a `/` and what is written for its column.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Leads<'a> {
    pub rows: &'a [String],
    pub columns: &'a [String],
}

impl Leads<'_> {
    fn to(&self, row: usize, column: usize) -> Option<String> {
        Some(format!("{}/{}", self.rows.get(row)?, self.columns.get(column)?))
    }
}

const LABELS: f64 = 130.0;
const TOP: f64 = 26.0;
const TALL: f64 = 26.0;
const SIZE: f64 = 13.0;
/// How many shades there are.
const SHADES: f64 = 5.0;

/// The numbers in coloured fields, in shades by fifths of the root of their share of `most`.
pub fn heat(data: &Heat<'_>) -> String {
    let wide = (740.0 / data.columns.len().max(1) as f64).clamp(38.0, 90.0);
    let width = LABELS + wide * data.columns.len() as f64 + 4.0;
    let height = TOP + TALL * data.rows.len() as f64 + 4.0;
    // By the root, since most numbers are far below the largest.
    let shade = |value: i64| {
        let share = (value.max(0) as f64 / data.most.max(1) as f64).sqrt();
        ((share * SHADES).ceil() as u8).clamp(1, SHADES as u8)
    };
    let shapes = html! {
        @for (at, name) in data.columns.iter().enumerate() {
            text class="soft" x=(n(LABELS + wide * (at as f64 + 0.5))) y="17" text-anchor="middle" { (fit(name, wide / 12.0)) }
        }
        @for (row, (name, values)) in data.rows.iter().enumerate() {
            @let y = TOP + TALL * row as f64;
            text x=(n(LABELS - 8.0)) y=(n(y + 18.0)) text-anchor="end" { (fit(name, (LABELS - 8.0) / SIZE)) }
            @for (at, value) in values.iter().enumerate().filter(|(_, value)| **value != 0) {
                @let x = LABELS + wide * at as f64;
                @let title = html! { title { (name) " · " (data.columns[at]) ": " (thousands(*value)) } };
                @let field = |title: Option<&Markup>| html! {
                    rect class=(format!("heat-{} tone-{}", shade(*value), data.tone))
                        x=(n(x + 1.0)) y=(n(y + 1.0)) width=(n(wide - 2.0)) height=(n(TALL - 2.0)) rx="3" {
                        @if let Some(title) = title { (title) }
                    }
                    text class="figure" x=(n(x + wide / 2.0)) y=(n(y + 17.5)) text-anchor="middle" { (short(*value)) }
                };
                // by keys the same is reached from the table below, in fewer steps
                @if let Some(to) = data.leads.and_then(|leads| leads.to(row, at)) {
                    a href=(to) tabindex="-1" { (title) (field(None)) }
                } @else { (field(Some(&title))) }
            }
        }
    };
    frame_of(if data.leads.is_some() { "group" } else { "img" }, data.caption, width, height, &shapes)
}

/// At most five characters.
fn short(value: i64) -> String {
    match value.abs() {
        0..10_000 => value.to_string(),
        10_000..1_000_000 => format!("{}k", value / 1000),
        _ => format!("{}M", value / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CAPTION, HOSTILE, parsed};
    use super::*;

    #[test]
    fn darker_for_more() {
        let columns = ["1".to_string(), HOSTILE.to_string()];
        let rows = [(HOSTILE.to_string(), vec![0, 1]), ("B".to_string(), vec![50, 12_345])];
        let drawn = |leads| {
            heat(&Heat { caption: CAPTION, columns: &columns, rows: &rows, most: 100, tone: 'a', leads })
        };
        let svg = drawn(None);
        let (elements, texts) = parsed(&svg);
        assert_eq!(elements.iter().filter(|name| *name == "rect").count(), 3, "none for 0");
        assert!(texts.iter().any(|text| text == "12k") && texts.iter().any(|text| text == "50"));
        for shade in ["heat-1 ", "heat-4 ", "heat-5 "] {
            assert!(svg.contains(shade), "{shade}");
        }
        let (rows, columns) = (["/a".to_string(), HOSTILE.to_string()], ["1".to_string(), "2".to_string()]);
        let svg = drawn(Some(Leads { rows: &rows, columns: &columns }));
        let (elements, _) = parsed(&svg);
        assert_eq!(elements.iter().filter(|name| *name == "a").count(), 3, "{svg}");
        assert!(svg.contains("href=\"/a/2\"") && !svg.contains("href=\"/a/1\""), "{svg}");
    }
}
