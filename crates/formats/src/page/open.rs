//! What stays open, and why.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::scenario::{ShortageIx, SkillIx};
use tiaoji_core::units::Count;

use super::facts::{Facts, Rest};
use super::table::{Cell, Table, cut};
use crate::messages::{priority_name, reason_code, reason_detail};

/// Rows of the table, and how many of them are printed.
const ROWS: usize = 50;
const PRINTED: usize = 25;
/// Postings of the other side that a row names.
const NAMED: usize = 4;

impl Facts<'_> {
    /// Postings of the other side that the reasons name.
    pub(super) fn concerned<P>(rest: &Rest<'_, P>) -> String {
        let more = if rest.concerned.len() > NAMED { " …" } else { "" };
        rest.concerned[..rest.concerned.len().min(NAMED)].join(" ") + more
    }

    /// From when to when.
    pub(super) fn when<P>(rest: &Rest<'_, P>) -> Cell {
        let (from, to) = (rest.from.to_string(), rest.to.to_string());
        // The year once, where it is the same.
        let to = if from[..5] == to[..5] { &to[5..] } else { &to };
        Cell::Short(format!("{from} – {to}"))
    }

    pub(super) fn open(&self) -> Markup {
        if self.open.is_empty() {
            return html! { p { (self.say("Every shortage is filled.", "所有缺工均已满足。")) } };
        }
        let total = self.plan.kpis.unfilled_worker_days;
        let why = |(code, days): (&str, Count)| -> Vec<Cell> {
            let detail = reason_code(code).map_or("", |known| reason_detail(known, self.language));
            vec![
                self.reason(code).into(),
                detail.into(),
                days.into(),
                Cell::Figure(Self::percent(days, total)),
            ]
        };
        let reasons = Table {
            caption: self.say("Open worker-days by reason", "未满足人天（按原因）"),
            heads: vec![
                (self.say("Reason", "原因"), false),
                (self.say("What it means", "说明"), false),
                (self.say("Worker-days", "人天"), true),
                (self.say("Share", "占比"), true),
            ],
            rows: self.by_reason(&self.open).into_iter().map(why).collect(),
            more: 0,
        };
        let all = self.rests(&self.open);
        let (rests, more) = cut(all.clone(), ROWS);
        let row = |rest: &Rest<'_, ShortageIx>| -> Vec<Cell> {
            let posting = &self.scenario.shortages()[rest.posting.index()];
            vec![
                Cell::Posting(posting.id.clone()),
                self.firm(rest.firm).name.as_str().into(),
                self.skill(rest.skill).into(),
                Cell::Short(priority_name(posting.priority, self.language).to_string()),
                rest.most.into(),
                Self::when(rest),
                rest.worker_days.into(),
                Cell::Wide(self.reasons(&rest.reasons, Self::reason)),
                Self::concerned(rest).into(),
                posting.remark.as_deref().unwrap_or_default().into(),
            ]
        };
        let mut table = Table {
            caption: self.say("Open shortages, the largest first", "未满足的缺工（由大到小）"),
            heads: vec![
                (self.say("Shortage", "缺工编号"), false),
                (self.say("Firm", "企业"), false),
                (self.say("Skill", "工种"), false),
                (self.say("Priority", "优先级"), false),
                (self.say("Peak", "最多人数"), true),
                (self.say("When", "时间"), false),
                (self.say("Worker-days", "人天"), true),
                (self.say("Why (worker-days)", "原因（人天）"), false),
                (self.say("Postings concerned", "相关余工"), false),
                (self.say("Remark", "备注"), false),
            ],
            rows: rests.iter().map(row).collect(),
            more,
        };
        if table.rows.iter().all(|row| matches!(row.last(), Some(Cell::Text(remark)) if remark.is_empty())) {
            table.heads.pop();
            table.rows.iter_mut().for_each(|row| drop(row.pop()));
        }
        html! {
            (self.table(&reasons))
            (self.table_cut(&table, PRINTED))
            @if let Some(rest) = all.get(PRINTED..).filter(|rest| !rest.is_empty()) {
                div class="on-paper" { (self.table(&self.grouped(rest))) }
            }
            @if let Some(remedies) = self.remedies_table(&all) { (remedies) }
        }
    }

    /// Shortages that are not printed, by skill.
    fn grouped(&self, rests: &[Rest<'_, ShortageIx>]) -> Table<'_> {
        let mut sums: BTreeMap<SkillIx, (Count, Count)> = BTreeMap::new();
        for rest in rests {
            let sum = sums.entry(rest.skill).or_default();
            *sum = (sum.0 + 1, sum.1 + rest.worker_days);
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by_key(|&(skill, (_, days))| (Reverse(days), skill));
        let (sums, more) = cut(sums, ROWS);
        let row = |(skill, (postings, days)): (SkillIx, (Count, Count))| -> Vec<Cell> {
            vec![self.skill(skill).into(), postings.into(), days.into()]
        };
        Table {
            caption: self.say("The others by skill", "其余按工种合计"),
            heads: vec![
                (self.say("Skill", "工种"), false),
                (self.say("Shortages", "条数"), true),
                (self.say("Worker-days", "人天"), true),
            ],
            rows: sums.into_iter().map(row).collect(),
            more,
        }
    }
}
