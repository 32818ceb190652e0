//! Amounts beside each other, each split into parts.

use maud::html;

use super::{Caption, fit, frame, n};

/// One line: parts that add up to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Cost {
    pub name: String,
    /// Tone (`a`, `b`, `c` or `d`), name and amount, which is at least 0.
    pub parts: Vec<(char, String, i64)>,
    /// The sum as people read it.
    pub sum: String,
}

/// What the picture shows.
#[derive(Clone, Debug)]
pub struct Costs<'a> {
    /// What it says of itself.
    pub caption: Caption<'a>,
    /// From top to bottom, on one scale.
    pub lines: &'a [Cost],
}

const LABELS: f64 = 150.0;
const WIDTH: f64 = 860.0;
const BARS: f64 = 560.0;
const TALL: f64 = 40.0;

/// Bars of parts, the sum behind each.
pub fn costs(data: &Costs<'_>) -> String {
    let sum = |cost: &Cost| cost.parts.iter().map(|(.., amount)| (*amount).max(0) as f64).sum::<f64>();
    let scale = BARS / data.lines.iter().map(sum).fold(1.0, f64::max);
    let mut parts = Vec::new();
    for (at, cost) in data.lines.iter().enumerate() {
        let mut x = LABELS;
        for (tone, name, amount) in cost.parts.iter().filter(|(.., amount)| *amount > 0) {
            let wide = *amount as f64 * scale;
            let text = fit(name, (wide - 10.0) / 13.0);
            // A name that lost more than half of itself says nothing.
            let text = if 2 * text.chars().count() > name.chars().count() { text } else { String::new() };
            parts.push((x, TALL * at as f64 + 4.0, wide, format!("part tone-{tone}"), name, text));
            x += wide;
        }
    }
    let shapes = html! {
        @for (x, y, wide, class, name, text) in &parts {
            rect class=(class) x=(n(*x)) y=(n(*y)) width=(n(*wide)) height="30" { title { (name) } }
            @if !text.is_empty() {
                text class="small" x=(n(x + 6.0)) y=(n(y + 20.0)) { (text) }
            }
        }
        @for (at, cost) in data.lines.iter().enumerate() {
            @let y = TALL * at as f64 + 24.0;
            text x=(n(LABELS - 10.0)) y=(n(y)) text-anchor="end" { (fit(&cost.name, (LABELS - 10.0) / 14.0)) }
            text class="strong" x=(n(LABELS + sum(cost) * scale + 8.0)) y=(n(y)) { (cost.sum) }
        }
    };
    frame(data.caption, WIDTH, TALL * data.lines.len() as f64 + 4.0, &shapes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CAPTION, HOSTILE, parsed};
    use super::*;

    #[test]
    fn parts_stand_side_by_side() {
        let part = |tone, amount| (tone, HOSTILE.to_string(), amount);
        let line = |parts| Cost { name: HOSTILE.to_string(), parts, sum: "9".to_string() };
        let lines = [line(vec![part('a', 60), part('b', 40), part('c', 0)]), line(vec![part('d', 50)])];
        let svg = costs(&Costs { caption: CAPTION, lines: &lines });
        parsed(&svg);
        for place in [r#"x="150" y="4" width="336""#, r#"x="486" y="4" width="224""#, r#"y="44" width="280""#]
        {
            assert!(svg.contains(place), "{place} in {svg}");
        }
    }
}
