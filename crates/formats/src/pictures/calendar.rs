//! Who works where and when: bars over days, a group of lanes for every firm.

use maud::html;

use super::{Caption, fit, frame_of, n};

/// A secondment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Bar {
    /// First day, from the first of the calendar.
    pub from: i64,
    /// Last day, inclusive.
    pub to: i64,
    pub text: String,
    /// Inside an alliance, in another colour.
    pub inside: bool,
    /// Where it is explained.
    pub link: Option<String>,
}

/// A firm and its bars, which may overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Lane {
    pub name: String,
    /// By first day.
    pub bars: Vec<Bar>,
}

impl Lane {
    /// For each bar the first line that is free then, from 0, and how many lines that takes.
    pub fn lines(&self) -> (Vec<usize>, usize) {
        let mut ends: Vec<i64> = Vec::new();
        let mut lines = Vec::with_capacity(self.bars.len());
        for bar in &self.bars {
            let line = ends.iter().position(|end| *end < bar.from).unwrap_or(ends.len());
            if line == ends.len() {
                ends.push(bar.to);
            } else {
                ends[line] = bar.to;
            }
            lines.push(line);
        }
        (lines, ends.len())
    }
}

/// What the picture shows.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    /// What it says of itself.
    pub caption: Caption<'a>,
    /// How many days it covers, at least 1.
    pub days: i64,
    /// Where lines and what dates stand, by day.
    pub ticks: &'a [(i64, String)],
    /// From top to bottom.
    pub lanes: &'a [Lane],
}

const LABELS: f64 = 150.0;
const WIDTH: f64 = 920.0;
const TOP: f64 = 26.0;
const TALL: f64 = 19.0;
const PAD: f64 = 6.0;
const SIZE: f64 = 12.0;

/// Each bar on the first line of its firm that is free then.
pub fn calendar(data: &Calendar<'_>) -> String {
    let scale = (WIDTH - LABELS) / data.days.max(1) as f64;
    let x = |day: i64| LABELS + day as f64 * scale;
    let mut y = TOP;
    let mut groups = Vec::new();
    for lane in data.lanes {
        let (lines, tall) = lane.lines();
        let placed: Vec<_> = lane
            .bars
            .iter()
            .zip(lines)
            .map(|(bar, line)| (bar, y + PAD / 2.0 + TALL * line as f64))
            .collect();
        let tall = TALL * tall.max(1) as f64 + PAD;
        groups.push((&lane.name, y, placed));
        y += tall;
    }
    let shapes = html! {
        @for (day, text) in data.ticks {
            line class="rule" x1=(n(x(*day))) x2=(n(x(*day))) y1=(n(TOP - 4.0)) y2=(n(y)) {}
            text class="soft" x=(n(x(*day) + 3.0)) y="16" { (text) }
        }
        @for (name, top, bars) in &groups {
            line class="rule" x1="0" x2=(n(WIDTH)) y1=(n(*top)) y2=(n(*top)) {}
            text x="0" y=(n(top + 16.0)) { (fit(name, (LABELS - 8.0) / 13.0)) }
            @for (bar, top) in bars {
                @let wide = ((bar.to - bar.from + 1) as f64 * scale).max(2.0);
                @let text = fit(&bar.text, (wide - 8.0) / SIZE);
                @let drawn = html! {
                    rect class=(if bar.inside { "bar tone-a" } else { "bar tone-b" })
                        x=(n(x(bar.from))) y=(n(*top)) width=(n(wide)) height=(n(TALL - 2.0)) rx="3" { title { (bar.text) } }
                    @if !text.is_empty() {
                        text class="small" x=(n(x(bar.from) + 4.0)) y=(n(top + 13.0)) { (text) }
                    }
                };
                @if let Some(link) = &bar.link { a href=(link) aria-label=[text.is_empty().then_some(&bar.text)] { (drawn) } } @else { (drawn) }
            }
        }
    };
    let leads = data.lanes.iter().flat_map(|lane| &lane.bars).any(|bar| bar.link.is_some());
    frame_of(if leads { "group" } else { "img" }, data.caption, WIDTH, y + 6.0, &shapes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CAPTION, HOSTILE, parsed};
    use super::*;

    #[test]
    fn bars_of_the_same_days_do_not_hide_each_other() {
        let bar = |from, to| Bar {
            from,
            to,
            text: HOSTILE.to_string(),
            inside: from == 0,
            link: (from == 0).then(|| HOSTILE.to_string()),
        };
        let lanes = [Lane { name: HOSTILE.to_string(), bars: vec![bar(0, 4), bar(2, 3), bar(5, 9)] }];
        let ticks = [(0, "1".to_string())];
        let svg = calendar(&Calendar { caption: CAPTION, days: 10, ticks: &ticks, lanes: &lanes });
        parsed(&svg);
        let tops: Vec<&str> =
            svg.split("<rect ").skip(1).filter_map(|r| r.split(" y=\"").nth(1)?.split('"').next()).collect();
        assert_eq!(tops, ["29", "48", "29"]);
        parsed(&calendar(&Calendar { caption: CAPTION, days: 0, ticks: &[], lanes: &[] }));
    }
}
