//! The shortages that miss most, and what holds their workers back.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tiaoji_core::plan::{Plan, ReasonCode};
use tiaoji_core::scenario::ShortageIx;
use tiaoji_core::units::{Count, Day};
use tiaoji_formats::messages::reason_name;

use super::{LARGEST, NAME, View};
use crate::table::{Align, cell};
use crate::text::{self, Label, Message, count};

impl View<'_> {
    pub(super) fn unfilled(&self) -> String {
        let mut gaps: Vec<(ShortageIx, Missing)> = Missing::of(self.plan).into_iter().collect();
        gaps.sort_by_key(|(j, missing)| (Reverse(missing.worker_days), *j));
        let rows = gaps.iter().take(LARGEST).map(|(j, missing)| {
            let shortage = &self.scenario.shortages()[j.index()];
            let workers = if missing.least == missing.most {
                count(missing.most)
            } else {
                let (least, most) = (count(missing.least), count(missing.most));
                Message::WorkersBetween { least, most }.say(self.language)
            };
            vec![
                cell(&shortage.id, NAME),
                self.firm(shortage.firm),
                cell(&self.scenario.skills()[shortage.skill.index()].name, NAME),
                text::dates(missing.from, missing.to, self.language),
                workers,
                count(missing.worker_days),
                self.reason(missing),
            ]
        });
        let columns = self.columns(&[
            (Label::Posting, Align::Left),
            (Label::Firm, Align::Left),
            (Label::Skill, Align::Left),
            (Label::Dates, Align::Left),
            (Label::Workers, Align::Right),
            (Label::WorkerDays, Align::Right),
            (Label::Reason, Align::Left),
        ]);
        let rest = gaps.iter().skip(LARGEST).map(|(_, missing)| missing.worker_days);
        self.largest(Label::UnfilledTitle, columns, &rows.collect::<Vec<_>>(), rest)
    }

    /// The reason that holds back most, and how much of it all.
    fn reason(&self, missing: &Missing) -> String {
        let largest = missing.reasons.iter().max_by_key(|(code, days)| (**days, Reverse(**code)));
        let Some((&code, &days)) = largest else { return String::new() };
        let reason = reason_name(code, self.language).to_string();
        if days == missing.worker_days {
            return reason;
        }
        let (days, of) = (count(days), count(missing.worker_days));
        Message::ReasonPart { reason, days, of }.say(self.language)
    }
}

/// All that a shortage misses.
struct Missing {
    from: Day,
    to: Day,
    /// Fewest and most workers a day, of the days on which any are missing.
    least: Count,
    most: Count,
    worker_days: Count,
    reasons: BTreeMap<ReasonCode, Count>,
}

impl Missing {
    fn of(plan: &Plan) -> BTreeMap<ShortageIx, Missing> {
        let mut all: BTreeMap<ShortageIx, Missing> = BTreeMap::new();
        for stretch in &plan.unfilled {
            let missing = all.entry(stretch.posting).or_insert_with(|| Missing {
                from: stretch.from,
                to: stretch.to,
                least: stretch.count,
                most: stretch.count,
                worker_days: 0,
                reasons: BTreeMap::new(),
            });
            missing.from = missing.from.min(stretch.from);
            missing.to = missing.to.max(stretch.to);
            missing.least = missing.least.min(stretch.count);
            missing.most = missing.most.max(stretch.count);
            missing.worker_days += stretch.count * stretch.days;
            for reason in &stretch.reasons {
                *missing.reasons.entry(reason.code).or_default() += reason.count * stretch.days;
            }
        }
        all
    }
}
