//! What stays open, and why.

use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::scenario::ShortageIx;
use tiaoji_core::units::Count;

use super::facts::{Facts, Stretch, reason_code};
use super::table::{Cell, Table, cut};
use crate::messages::{priority_name, reason_detail};

/// Rows of the table.
const ROWS: usize = 100;
/// Postings of the other side that a row names.
const NAMED: usize = 4;

impl<'a> Facts<'a> {
    /// Worker-days by the code of their reason, the largest first.
    pub(super) fn by_reason<'s>(
        &self,
        stretches: impl IntoIterator<Item = &'s Stretch<'a, ShortageIx>>,
    ) -> Vec<(&'a str, Count)>
    where
        'a: 's,
    {
        let mut sums: BTreeMap<&'a str, Count> = BTreeMap::new();
        for stretch in stretches {
            let days = self.scenario.days().span(stretch.from, stretch.to).len() as Count;
            for reason in stretch.reasons {
                *sums.entry(&reason.code).or_default() += reason.count * days;
            }
        }
        let mut sums: Vec<(&str, Count)> = sums.into_iter().collect();
        sums.sort_by_key(|&(code, days)| (std::cmp::Reverse(days), code));
        sums
    }

    /// The postings that a stretch's reasons name: they are nearest to filling it.
    pub(super) fn nearest(stretch: &Stretch<'_, ShortageIx>) -> String {
        let mut ids: Vec<&str> = Vec::new();
        for id in stretch.reasons.iter().flat_map(|reason| &reason.by) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        let more = if ids.len() > NAMED { " …" } else { "" };
        ids.truncate(NAMED);
        ids.join(" ") + more
    }

    pub(super) fn open(&self) -> Option<Markup> {
        if self.open.is_empty() {
            return Some(html! { p { (self.say("Every shortage is filled.", "所有缺工均已满足。")) } });
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
        let (stretches, more) = cut(self.open.clone(), ROWS);
        let row = |stretch: &Stretch<'_, ShortageIx>| -> Vec<Cell> {
            let posting = &self.scenario.shortages()[stretch.posting.index()];
            vec![
                posting.id.as_str().into(),
                self.firm(stretch.firm).name.as_str().into(),
                self.skill(stretch.skill).into(),
                priority_name(posting.priority, self.language).into(),
                stretch.count.into(),
                stretch.from.to_string().into(),
                stretch.to.to_string().into(),
                stretch.worker_days.into(),
                self.reasons(stretch.reasons).into(),
                Self::nearest(stretch).into(),
                posting.remark.as_deref().unwrap_or_default().into(),
            ]
        };
        let table = Table {
            caption: self.say("Open shortages, the largest first", "未满足的缺工（由大到小）"),
            heads: vec![
                (self.say("Shortage", "缺工编号"), false),
                (self.say("Firm", "企业"), false),
                (self.say("Skill", "工种"), false),
                (self.say("Priority", "优先级"), false),
                (self.say("Workers", "人数"), true),
                (self.say("From", "开始"), false),
                (self.say("To", "结束"), false),
                (self.say("Worker-days", "人天"), true),
                (self.say("Why (workers a day)", "原因（每日人数）"), false),
                (self.say("Postings concerned", "相关余工"), false),
                (self.say("Remark", "备注"), false),
            ],
            rows: stretches.iter().map(row).collect(),
            more,
        };
        Some(html! { (self.table(&reasons)) (self.table(&table)) })
    }
}
