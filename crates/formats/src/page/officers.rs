//! For every service officer the firms they look after whose shortages stay open.

use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::scenario::ShortageIx;
use tiaoji_core::units::Count;

use super::facts::{Facts, Rest};
use super::table::{Cell, Table, cut};

/// Rows of an officer's list.
const ROWS: usize = 15;

impl Facts<'_> {
    pub(super) fn officers(&self) -> Option<Markup> {
        let mut by_officer: BTreeMap<Option<&str>, Vec<Rest<'_, ShortageIx>>> = BTreeMap::new();
        for rest in self.rests(&self.open) {
            by_officer.entry(self.firm(rest.firm).service_officer.as_deref()).or_default().push(rest);
        }
        if by_officer.is_empty() {
            return None;
        }
        let explained = !self.explained.is_empty();
        // Firms that nobody looks after come last.
        let mut lists: Vec<_> = by_officer.into_iter().collect();
        lists.sort_by_key(|(officer, _)| officer.is_none());
        let list = |(officer, rests): (Option<&str>, Vec<Rest<'_, ShortageIx>>)| {
            let name = officer.unwrap_or(self.say("no service officer", "无服务专员"));
            let days: Count = rests.iter().map(|rest| rest.worker_days).sum();
            let (rows, more) = cut(rests, ROWS);
            let row = |rest: Rest<'_, ShortageIx>| -> Vec<Cell> {
                let firm = self.firm(rest.firm);
                let reach = [&firm.contact, &firm.phone].map(|text| text.as_deref().unwrap_or_default());
                vec![
                    firm.name.as_str().into(),
                    reach.join(" ").trim().into(),
                    Cell::Short(self.scenario.shortages()[rest.posting.index()].id.clone()),
                    self.skill(rest.skill).into(),
                    Self::when(&rest),
                    rest.worker_days.into(),
                    Cell::Wide(self.reasons(&rest.reasons, Self::reason)),
                    if explained {
                        Cell::Wide(self.nearest(rest.posting))
                    } else {
                        Self::concerned(&rest).into()
                    },
                ]
            };
            let caption = self.language.choose(
                format!("{name}: {} open", self.worker_days(days)),
                format!("{name}：仍缺 {}", self.worker_days(days)),
            );
            let table = Table {
                caption: &caption,
                heads: vec![
                    (self.say("Firm", "企业"), false),
                    (self.say("Contact", "联系人"), false),
                    (self.say("Shortage", "缺工编号"), false),
                    (self.say("Skill", "工种"), false),
                    (self.say("When", "时间"), false),
                    (self.say("Worker-days", "人天"), true),
                    (self.say("Why (worker-days)", "原因（人天）"), false),
                    if explained {
                        (self.say("Nearest remedy", "最近的办法"), false)
                    } else {
                        (self.say("Postings concerned", "相关余工"), false)
                    },
                ],
                rows: rows.into_iter().map(row).collect(),
                more,
            };
            html! { details { summary { (caption) } (self.table(&table)) } }
        };
        Some(html! { @for markup in lists.into_iter().map(list) { (markup) } })
    }
}
