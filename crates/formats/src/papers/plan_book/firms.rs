//! The same plan as each firm and each alliance sees it.

use std::collections::BTreeSet;

use tiaoji_core::scenario::{FirmIx, ShortageIx, SurplusIx};
use tiaoji_core::units::{Count, Day};

use super::{Book, text};
use crate::office::book::{BookCell, BookSheet, Style};

/// Something that concerns a firm, as a row of its list.
pub(super) struct Event {
    firm: FirmIx,
    /// Lends, borrows, lacks, has idle.
    kind: usize,
    other: Option<FirmIx>,
    posting: String,
    skill: String,
    count: Count,
    from: Day,
    to: Day,
}

impl Book<'_> {
    /// Everything that concerns a firm, by firm as posted, then by kind and first day.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for claim in &self.claims {
            let surplus = &self.scenario.surplus()[claim.surplus.index()];
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            for (kind, firm, other, posting) in [
                (0, surplus.firm, shortage.firm, &surplus.id),
                (1, shortage.firm, surplus.firm, &shortage.id),
            ] {
                let skill = self.skill(shortage.skill).to_string();
                let (posting, other) = (posting.clone(), Some(other));
                events.push(Event {
                    firm,
                    kind,
                    other,
                    posting,
                    skill,
                    count: claim.count,
                    from: claim.from,
                    to: claim.to,
                });
            }
        }
        for stretch in &self.plan.unfilled {
            let Some(at) = self.shortage.get(&stretch.shortage) else { continue };
            let posting = &self.scenario.shortages()[ShortageIx(*at).index()];
            let skill = self.skill(posting.skill).to_string();
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            let (firm, posting) = (posting.firm, posting.id.clone());
            events.push(Event { firm, kind: 2, other: None, posting, skill, count, from, to });
        }
        for stretch in &self.plan.idle {
            let Some(at) = self.surplus.get(&stretch.surplus) else { continue };
            let posting = &self.scenario.surplus()[SurplusIx(*at).index()];
            let skill = self.skill(posting.skill).to_string();
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            let (firm, posting) = (posting.firm, posting.id.clone());
            events.push(Event { firm, kind: 3, other: None, posting, skill, count, from, to });
        }
        events.sort_by_key(|event| (event.firm, event.kind, event.from, event.to));
        events
    }

    pub(super) fn by_firm<'e>(&self, name: &str, events: impl IntoIterator<Item = &'e Event>) -> BookSheet {
        let row = |event: &Event| {
            let firm = self.scenario.firm(event.firm);
            let kinds = [("lends", "借出"), ("borrows", "借入"), ("unfilled", "未满足"), ("idle", "闲置")];
            let styles = [Style::Green, Style::Green, Style::Red, Style::Amber];
            let (en, zh) = kinds[event.kind];
            let days = self.days(event.from, event.to);
            vec![
                text(&firm.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.say(en, zh)).styled(styles[event.kind]),
                text(event.other.map_or("", |other| self.scenario.firm(other).name.as_str())),
                text(&event.posting),
                text(&event.skill),
                BookCell::whole(event.count),
                text(&event.from.to_string()),
                text(&event.to.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * event.count),
            ]
        };
        let columns = [
            ("Firm id", "企业编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("What", "事项", 9),
            ("Other firm", "对方企业", 22),
            ("Posting", "编号", 10),
            ("Skill", "岗位", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
        ];
        self.table(name, &columns, events.into_iter().map(row).collect())
    }

    /// One sheet an alliance, of the firms in it; the firms in none have one of their own.
    pub(super) fn by_alliance(&self, events: &[Event]) -> Vec<BookSheet> {
        let alliance = |event: &Event| self.scenario.firm(event.firm).alliance.as_deref();
        let names: BTreeSet<Option<&str>> = events.iter().map(alliance).collect();
        let sheet = |name: Option<&str>| {
            let title = name.unwrap_or(self.say("no alliance", "无联盟"));
            self.by_firm(title, events.iter().filter(|event| alliance(event) == name))
        };
        names.into_iter().map(sheet).collect()
    }
}
