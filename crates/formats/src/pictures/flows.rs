//! Who lends to whom: a Sankey diagram with lenders on the left and borrowers on the right.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Caption, fit, frame, n, thousands};

/// From one of the names to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Flow {
    pub from: usize,
    pub to: usize,
    /// Above 0.
    pub amount: i64,
}

/// What the picture shows.
#[derive(Clone, Debug)]
pub struct Flows<'a> {
    /// What it says of itself.
    pub caption: Caption<'a>,
    /// In the order from top to bottom, on both sides.
    pub names: &'a [String],
    /// Each pair at most once.
    pub flows: &'a [Flow],
    /// Over the two sides.
    pub heads: [&'a str; 2],
}

const WIDTH: f64 = 860.0;
const LABELS: f64 = 210.0;
const NODE: f64 = 14.0;
const TOP: f64 = 30.0;
const GAP: f64 = 16.0;
const SIZE: f64 = 14.0;

/// The diagram; bands to the same name are of one colour, bands to others of another.
pub fn flows(data: &Flows<'_>) -> String {
    let sum = |key: fn(&Flow) -> usize| {
        let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
        for flow in data.flows {
            *sums.entry(key(flow)).or_default() += flow.amount;
        }
        sums
    };
    let (left, right) = (sum(|f| f.from), sum(|f| f.to));
    let total = left.values().sum::<i64>().max(1) as f64;
    let most = left.len().max(right.len());
    let scale = (320.0_f64.max(24.0 * most as f64)) / total;
    let height = TOP + total * scale + GAP * most as f64 + 10.0;
    // The side with fewer names stands in the middle.
    let tops = |sums: &BTreeMap<usize, i64>| {
        let mut y = TOP + GAP * (most - sums.len()) as f64 / 2.0;
        let top = |(&name, &amount): (&usize, &i64)| {
            let at = y;
            y += amount as f64 * scale + GAP;
            (name, at)
        };
        sums.iter().map(top).collect::<BTreeMap<usize, f64>>()
    };
    let (left_tops, right_tops) = (tops(&left), tops(&right));
    let (x0, x1) = (LABELS + NODE, WIDTH - LABELS - NODE);
    let mut order: Vec<&Flow> = data.flows.iter().collect();
    order.sort_by_key(|flow| (flow.from, flow.to));
    let (mut out, mut into) = (left_tops.clone(), right_tops.clone());
    let mut bands = Vec::new();
    for flow in order {
        let thick = flow.amount as f64 * scale;
        let (Some(y0), Some(y1)) = (out.get_mut(&flow.from), into.get_mut(&flow.to)) else { continue };
        let (a, b, middle) = (*y0 + thick / 2.0, *y1 + thick / 2.0, f64::midpoint(x0, x1));
        *y0 += thick;
        *y1 += thick;
        let path =
            format!("M{} {}C{} {} {} {} {} {}", n(x0), n(a), n(middle), n(a), n(middle), n(b), n(x1), n(b));
        let label =
            format!("{} → {}: {}", data.names[flow.from], data.names[flow.to], thousands(flow.amount));
        bands.push((path, thick.max(1.0), flow.from == flow.to, label));
    }
    let side = |sums: &BTreeMap<usize, i64>, tops: &BTreeMap<usize, f64>, is_left: bool| -> Markup {
        let (node, label, anchor) =
            if is_left { (LABELS, LABELS - 8.0, "end") } else { (x1, x1 + NODE + 8.0, "start") };
        html! {
            @for (name, amount) in sums {
                @let (top, tall) = (tops[name], *amount as f64 * scale);
                @let text = fit(&data.names[*name], (LABELS - 8.0) / SIZE - 0.6 * thousands(*amount).len() as f64 - 0.6);
                rect class="node" x=(n(node)) y=(n(top)) width=(n(NODE)) height=(n(tall.max(1.0))) {}
                text x=(n(label)) y=(n(top + tall / 2.0 + 5.0)) text-anchor=(anchor) {
                    (text) " " tspan class="strong" { (thousands(*amount)) }
                }
            }
        }
    };
    let shapes = html! {
        text class="soft" x=(n(LABELS + NODE)) y="16" text-anchor="end" { (data.heads[0]) }
        text class="soft" x=(n(x1)) y="16" { (data.heads[1]) }
        @for (path, thick, same, label) in &bands {
            path class=(if *same { "band tone-a" } else { "band tone-b" }) d=(path) stroke-width=(n(*thick)) {
                title { (label) }
            }
        }
        (side(&left, &left_tops, true))
        (side(&right, &right_tops, false))
    };
    frame(data.caption, WIDTH, height, &shapes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CAPTION, HOSTILE, parsed};
    use super::*;

    #[test]
    fn sums_stand_at_both_sides() {
        let names = [HOSTILE.to_string(), "B".to_string()];
        let flow = |from, to, amount| Flow { from, to, amount };
        let flows_of = [flow(0, 0, 1000), flow(0, 1, 234), flow(1, 0, 6)];
        let data = Flows { caption: CAPTION, names: &names, flows: &flows_of, heads: ["from", "to"] };
        let (elements, texts) = parsed(&flows(&data));
        assert_eq!(elements.iter().filter(|name| *name == "path").count(), 3);
        for sum in ["1,234", "6", "1,006", "234"] {
            assert!(texts.iter().any(|text| text.ends_with(&format!(" {sum}"))), "{sum} in {texts:?}");
        }
        parsed(&flows(&Flows { flows: &[], ..data }));
    }
}
