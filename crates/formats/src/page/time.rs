//! The secondments of every borrower over time.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use maud::{Markup, html};
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::FirmIx;
use tiaoji_core::units::{Count, Day};

use super::facts::Facts;
use super::picture;
use super::table::{Cell, Table, cut};
use crate::pictures::{Bar, Calendar, Caption, Lane, calendar, encoded, thousands};

/// Lines of all pictures together, of one firm, and of one picture: about a printed page.
const LINES: usize = 160;
const LINES_OF_FIRM: usize = 12;
const LINES_AT_ONCE: usize = 45;
/// Rows of the table, and how many of them are printed.
const ROWS: usize = 400;
const PRINTED: usize = 40;

/// Where on the page of a posting a secondment stands.
pub fn stretch_anchor(surplus: &str, from: Day) -> String {
    format!("lent-{}-{from}", encoded(surplus).replace('%', "."))
}

impl Facts<'_> {
    pub(super) fn calendar(&self) -> Option<Markup> {
        let first = self.claims.iter().map(|claim| claim.from).min()?;
        let last = self.claims.iter().map(|claim| claim.to).max()?;
        let mut by_firm: BTreeMap<FirmIx, (Count, Vec<&Claim>)> = BTreeMap::new();
        for claim in &self.claims {
            let (days, claims) = by_firm.entry(self.borrower(claim)).or_default();
            *days += self.days_of(claim);
            claims.push(claim);
        }
        let mut firms: Vec<_> = by_firm.into_iter().collect();
        firms.sort_by_key(|&(firm, (days, _))| (Reverse(days), firm));
        let lane = |firm: FirmIx, claims: &[&Claim]| {
            let bar = |claim: &&Claim| Bar {
                from: i64::from(claim.from - first),
                to: i64::from(claim.to - first),
                text: format!(
                    "{} {} · {}",
                    claim.count,
                    self.skill(self.scenario.shortages()[claim.shortage.index()].skill),
                    self.firm(self.lender(claim)).name
                ),
                inside: self.inside(self.lender(claim), firm),
                link: self.why(&self.scenario.shortages()[claim.shortage.index()].id).map(|page| {
                    format!(
                        "{page}#{}",
                        stretch_anchor(&self.scenario.surplus()[claim.surplus.index()].id, claim.from)
                    )
                }),
            };
            Lane { name: self.firm(firm).name.clone(), bars: claims.iter().map(bar).collect() }
        };
        let borrowers = firms.len();
        let (mut pictured, mut drawn): (Vec<Vec<Lane>>, usize) = (Vec::new(), 0);
        let (mut left, mut room) = (LINES, 0);
        for (firm, (_, claims)) in firms {
            let lane = lane(firm, &self.largest(claims));
            let lines = lane.lines().1;
            if lines > left {
                break;
            }
            left -= lines;
            drawn += lane.bars.len();
            if let Some(lanes) = pictured.last_mut().filter(|_| lines <= room) {
                lanes.push(lane);
            } else {
                room = LINES_AT_ONCE;
                pictured.push(vec![lane]);
            }
            room -= lines;
        }
        let firms_drawn: usize = pictured.iter().map(Vec::len).sum();
        let days = i64::from(last - first) + 1;
        // Mondays, thinned where they would stand too close.
        let step = (days / 7 / 14 + 1) * 7;
        let monday = (7 - first.weekday() as i64) % 7;
        let tick = |day: i64| (day, (first + day as i32).to_string()[5..].to_string());
        let ticks: Vec<(i64, String)> = (monday..days).step_by(step as usize).map(tick).collect();
        let title = self.say("Secondments by borrower", "各借入企业的借调");
        let description = self.language.choose(
            format!(
                "{} secondments from {first} to {last}; each bar is one, with its workers.",
                thousands(self.claims.len() as i64)
            ),
            format!(
                "{first} 至 {last} 共 {} 条借调；每条横条为一条借调及人数。",
                thousands(self.claims.len() as i64)
            ),
        );
        let pictures = (1..).zip(&pictured).map(|(number, lanes)| {
            let (id, title) = (format!("calendar-p{number}"), format!("{title} {number}"));
            let caption = Caption { id: &id, title: &title, description: &description };
            picture(&title, calendar(&Calendar { caption, days, ticks: &ticks, lanes }))
        });
        let mut order: Vec<&Claim> = self.claims.iter().collect();
        order.sort_by_key(|claim| (Reverse(self.days_of(claim)), claim.surplus, claim.shortage, claim.from));
        let (order, left_out) = cut(order, ROWS);
        let row = |claim: &Claim| -> Vec<Cell> {
            vec![
                self.firm(self.borrower(claim)).name.as_str().into(),
                self.firm(self.lender(claim)).name.as_str().into(),
                self.skill(self.scenario.shortages()[claim.shortage.index()].skill).into(),
                claim.count.into(),
                Cell::Short(claim.from.to_string()),
                Cell::Short(claim.to.to_string()),
                self.days_of(claim).into(),
            ]
        };
        let table = Table {
            caption: self.say("Secondments, the largest first", "借调明细（由大到小）"),
            heads: vec![
                (self.say("Borrower", "借入企业"), false),
                (self.say("Lender", "借出企业"), false),
                (self.say("Work", "岗位"), false),
                (self.say("Workers", "人数"), true),
                (self.say("From", "开始"), false),
                (self.say("To", "结束"), false),
                (self.say("Worker-days", "人天"), true),
            ],
            rows: order.into_iter().map(row).collect(),
            more: left_out,
        };
        Some(html! {
            p {
                (description)
                @if drawn < self.claims.len() {
                    (self.say(" ", "")) (self.language.choose(
                        format!(
                            "Drawn are the largest {} of them, at the {} of {} firms that borrow most; the table below has \
                             more.",
                            thousands(drawn as i64), thousands(firms_drawn as i64), thousands(borrowers as i64),
                        ),
                        format!(
                            "图中为借入最多的 {} 家企业（共 {} 家）的最大 {} 条，其余见下表。",
                            thousands(firms_drawn as i64), thousands(borrowers as i64), thousands(drawn as i64),
                        )))
                }
            }
            (self.legend())
            @for picture in pictures { (picture) }
            (self.folded_cut(&table, PRINTED))
        })
    }

    /// The secondments of a firm that find room in its lines, the largest first; by first day.
    fn largest<'c>(&self, mut claims: Vec<&'c Claim>) -> Vec<&'c Claim> {
        let order = |claim: &&Claim| (claim.from, claim.to, claim.shortage, claim.surplus);
        claims.sort_by_key(|claim| (Reverse(self.days_of(claim)), order(claim)));
        let mut busy = vec![0; self.scenario.days().len()];
        claims.retain(|claim| {
            let days = &mut busy[Range::from(self.scenario.days().span(claim.from, claim.to))];
            let fits = days.iter().all(|lines| *lines < LINES_OF_FIRM);
            for lines in days {
                *lines += usize::from(fits);
            }
            fits
        });
        claims.sort_by_key(order);
        claims
    }
}
