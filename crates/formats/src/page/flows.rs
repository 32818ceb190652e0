//! Who lends to whom, by alliance.

use maud::{Markup, html};
use tiaoji_core::units::Count;

use super::facts::Facts;
use super::picture;
use super::table::{Cell, Table, cut};
use crate::pictures::{Caption, Flow, Flows, flows};

/// Rows of the table.
const ROWS: usize = 40;

impl Facts<'_> {
    pub(super) fn flows(&self) -> Markup {
        let sums = self.crossings();
        if sums.is_empty() {
            return html! { p { (self.say("Nobody is lent.", "没有借调。")) } };
        }
        let all: Vec<Flow> = sums.iter().map(|(&(from, to), &amount)| Flow { from, to, amount }).collect();
        let title = self.say("Worker-days lent between alliances", "联盟之间借调的人天");
        let kpis = &self.plan.kpis;
        let (inside, across) = (
            self.worker_days(kpis.lent_inside_alliance_days),
            self.worker_days(kpis.lent_across_alliance_days),
        );
        let description = self.language.choose(
            format!("{inside} stay inside an alliance, {across} cross to another."),
            format!("联盟内 {inside}，跨联盟 {across}。"),
        );
        let svg = flows(&Flows {
            caption: Caption { id: "flows-p", title, description: &description },
            names: &self.alliances,
            flows: &all,
            heads: [self.say("lend", "借出"), self.say("borrow", "借入")],
        });
        let mut rows: Vec<_> = sums.into_iter().collect();
        rows.sort_by_key(|&(pair, amount)| (std::cmp::Reverse(amount), pair));
        let (rows, more) = cut(rows, ROWS);
        let row = |((from, to), amount): ((usize, usize), Count)| -> Vec<Cell> {
            vec![
                self.alliances[from].as_str().into(),
                self.alliances[to].as_str().into(),
                amount.into(),
                Cell::Figure(Self::percent(amount, kpis.filled_worker_days)),
            ]
        };
        let table = Table {
            caption: title,
            heads: vec![
                (self.say("From", "借出联盟"), false),
                (self.say("To", "借入联盟"), false),
                (self.say("Worker-days", "人天"), true),
                (self.say("Share", "占比"), true),
            ],
            rows: rows.into_iter().map(row).collect(),
            more,
        };
        html! {
            p { (description) }
            (self.legend())
            (picture(title, svg))
            (self.folded(&table))
        }
    }

    /// What the two colours of bands, bars and ways mean.
    pub(super) fn legend(&self) -> Markup {
        html! {
            p class="legend" {
                span { i class="key tone-a" {} (self.say("inside an alliance", "联盟内")) }
                span { i class="key tone-b" {} (self.say("across alliances", "跨联盟")) }
            }
        }
    }
}
