//! The secondments of every borrower over time.

use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::FirmIx;
use tiaoji_core::units::Count;

use super::facts::Facts;
use super::picture;
use super::table::{Cell, Table, cut};
use crate::pictures::{Bar, Calendar, Caption, Lane, calendar};

/// Firms in the picture.
const FIRMS: usize = 40;
/// Rows of the table.
const ROWS: usize = 60;
/// Firms in one picture: about a printed page.
const AT_ONCE: usize = 10;

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
        firms.sort_by_key(|&(firm, (days, _))| (std::cmp::Reverse(days), firm));
        let (firms, more) = cut(firms, FIRMS);
        let lane = |(firm, (_, mut claims)): (FirmIx, (Count, Vec<&Claim>))| {
            claims.sort_by_key(|claim| (claim.from, claim.to, claim.shortage, claim.surplus));
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
            };
            Lane { name: self.firm(firm).name.clone(), bars: claims.iter().map(bar).collect() }
        };
        let lanes: Vec<Lane> = firms.into_iter().map(lane).collect();
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
                self.claims.len()
            ),
            format!("{first} 至 {last} 共 {} 条借调；每条横条为一条借调及人数。", self.claims.len()),
        );
        let pictures = (1..).zip(lanes.chunks(AT_ONCE)).map(|(number, lanes)| {
            let (id, title) = (format!("calendar-p{number}"), format!("{title} {number}"));
            let caption = Caption { id: &id, title: &title, description: &description };
            picture(&title, calendar(&Calendar { caption, days, ticks: &ticks, lanes }))
        });
        let mut order: Vec<&Claim> = self.claims.iter().collect();
        order.sort_by_key(|claim| {
            (std::cmp::Reverse(self.days_of(claim)), claim.surplus, claim.shortage, claim.from)
        });
        let (order, left_out) = cut(order, ROWS);
        let row = |claim: &Claim| -> Vec<Cell> {
            vec![
                self.firm(self.borrower(claim)).name.as_str().into(),
                self.firm(self.lender(claim)).name.as_str().into(),
                self.skill(self.scenario.shortages()[claim.shortage.index()].skill).into(),
                claim.count.into(),
                Cell::Date(claim.from.to_string()),
                Cell::Date(claim.to.to_string()),
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
                @if more > 0 {
                    (self.say(" ", "")) (self.language.choose(
                        format!("The {FIRMS} firms that borrow most are drawn; {more} more are not."),
                        format!("图中为借入最多的 {FIRMS} 家企业，另有 {more} 家未画出。")))
                }
            }
            (self.legend())
            @for picture in pictures { (picture) }
            (self.folded(&table))
        })
    }
}
