//! Who lends to whom, firm by firm, where they stand.

use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::scenario::FirmIx;
use tiaoji_core::units::Count;

use super::facts::Facts;
use super::picture;
use super::table::{Cell, Table, cut};
use crate::pictures::{Caption, Map, Place, Route, Side, map};

/// Ways on the map.
const ROUTES: usize = 150;
/// Rows of the table.
const ROWS: usize = 40;
/// Names on the map.
const NAMES: usize = 24;

impl Facts<'_> {
    pub(super) fn map(&self) -> Option<Markup> {
        let mut sums: BTreeMap<(FirmIx, FirmIx), Count> = BTreeMap::new();
        for claim in &self.claims {
            *sums.entry((self.lender(claim), self.borrower(claim))).or_default() += self.days_of(claim);
        }
        if sums.is_empty() {
            return None;
        }
        let firms = self.scenario.firms();
        let mut moved = vec![(0, 0); firms.len()];
        for (&(lender, borrower), &days) in &sums {
            moved[lender.index()].0 += days;
            moved[borrower.index()].1 += days;
        }
        let mut busiest: Vec<usize> = (0..firms.len()).filter(|&f| moved[f] != (0, 0)).collect();
        busiest.sort_by_key(|&f| (std::cmp::Reverse(moved[f].0 + moved[f].1), f));
        let place = |f: usize| Place {
            name: firms[f].name.clone(),
            latitude: firms[f].latitude,
            longitude: firms[f].longitude,
            side: match moved[f] {
                (0, 0) => Side::Neither,
                (_, 0) => Side::Lends,
                (0, _) => Side::Borrows,
                _ => Side::Both,
            },
            named: true,
        };
        // The busiest come first, so that theirs are the names for which there is room.
        let mut order = busiest.clone();
        order.extend((0..firms.len()).filter(|&f| moved[f] == (0, 0)));
        let mut at = vec![0; firms.len()];
        for (position, &f) in order.iter().enumerate() {
            at[f] = position;
        }
        let mut places: Vec<Place> = order.into_iter().map(place).collect();
        places.iter_mut().skip(NAMES).for_each(|place| place.named = false);
        let mut ways: Vec<_> = sums.into_iter().collect();
        ways.sort_by_key(|&(pair, days)| (std::cmp::Reverse(days), pair));
        let (drawn, left_out) = cut(ways.clone(), ROUTES);
        let route = |&((lender, borrower), amount): &((FirmIx, FirmIx), Count)| Route {
            from: at[lender.index()],
            to: at[borrower.index()],
            amount,
            inside: self.inside(lender, borrower),
        };
        let routes: Vec<Route> = drawn.iter().rev().map(route).collect();
        let title = self.say("Where workers go", "借调去向");
        let description = self.language.choose(
            format!(
                "{} pairs of firms; the thicker a line, the more worker-days. Lines bend to the left of their direction.",
                ways.len()
            ),
            format!("{} 对企业；线越粗，人天越多。线条向行进方向的左侧弯曲。", ways.len()),
        );
        let svg = map(&Map {
            caption: Caption { id: "map-p", title, description: &description },
            places: &places,
            routes: &routes,
        });
        let (rows, more) = cut(ways, ROWS);
        let row = |((lender, borrower), days): ((FirmIx, FirmIx), Count)| -> Vec<Cell> {
            let road = self.scenario.policy().road_factor;
            let metres = tiaoji_core::distance::road_distance(self.firm(lender), self.firm(borrower), road);
            vec![
                self.firm(lender).name.as_str().into(),
                self.firm(borrower).name.as_str().into(),
                Cell::Figure(format!("{:.1}", metres as f64 / 1000.0)),
                days.into(),
            ]
        };
        let table = Table {
            caption: self.say("Pairs of firms", "企业之间的借调"),
            heads: vec![
                (self.say("Lender", "借出企业"), false),
                (self.say("Borrower", "借入企业"), false),
                (self.say("By road, km", "路程（公里）"), true),
                (self.say("Worker-days", "人天"), true),
            ],
            rows: rows.into_iter().map(row).collect(),
            more,
        };
        let shapes = [
            (html! { circle class="lends" cx="6" cy="6" r="5" {} }, self.say("lends", "借出")),
            (
                html! { rect class="borrows" x="1.5" y="1.5" width="9" height="9" {} },
                self.say("borrows", "借入"),
            ),
            (html! { path class="both" d="M6 0l6 6l-6 6l-6 -6z" {} }, self.say("both", "两者")),
            (html! { circle class="neither" cx="6" cy="6" r="3" {} }, self.say("neither", "均无")),
        ];
        Some(html! {
            p { (description)
                @if left_out > 0 {
                    (self.say(" ", "")) (self.language.choose(
                        format!("The {ROUTES} largest are drawn."), format!("图中为最大的 {ROUTES} 对。")))
                }
            }
            (self.legend())
            p class="legend" {
                @for (shape, name) in shapes {
                    span { svg class="picture key-shape" viewBox="0 0 12 12" aria-hidden="true" { (shape) } (name) }
                }
            }
            (picture(title, svg))
            (self.folded(&table))
        })
    }
}
