//! The rows of a plan: secondments, and what stays unfilled and idle, with why.

use std::collections::{BTreeSet, HashMap};

use tiaoji_core::compliance::{Light, Subject};
use tiaoji_core::plan::ReasonCode;
use tiaoji_core::referee::Claim;
use tiaoji_core::rules::Rule;
use tiaoji_core::units::{Count, Day};

use super::{Book, colour, text};
use crate::messages::{concern_name, level_name, priority_name, reason_name};
use crate::office::book::{BookCell, BookSheet, Style};
use crate::plan::ReasonFile;

impl Book<'_> {
    /// The worst light of a secondment.
    fn light_of(&self, at: usize) -> BookCell {
        let of = |light: &&Light| light.subject == Subject::Secondment(at);
        let worst = self.lights.iter().filter(of).max_by_key(|light| light.level);
        match worst {
            None => text(self.say("green", "绿")).styled(Style::Green),
            Some(light) => {
                let name = level_name(light.level, self.language);
                let concern = concern_name(light.concern, self.language);
                text(&format!("{name}: {concern}")).styled(colour(light.level))
            }
        }
    }

    pub(super) fn secondments(&self) -> BookSheet {
        let costs: HashMap<(&str, &str, Day, Day, Count), i64> = self
            .plan
            .secondments
            .iter()
            .map(|s| ((s.surplus.as_str(), s.shortage.as_str(), s.from.0, s.to.0, s.count), s.cost_fen))
            .collect();
        let row = |(at, claim): (usize, &Claim)| {
            let surplus = &self.scenario.surplus()[claim.surplus.index()];
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            let (lender, borrower) = (self.lender(claim), self.borrower(claim));
            let days = self.days(claim.from, claim.to);
            let key = (surplus.id.as_str(), shortage.id.as_str(), claim.from, claim.to, claim.count);
            vec![
                BookCell::whole(at as Count + 1),
                text(&surplus.id),
                text(&lender.name),
                text(lender.alliance.as_deref().unwrap_or_default()),
                text(self.skill(surplus.skill)),
                text(&shortage.id),
                text(&borrower.name),
                text(borrower.alliance.as_deref().unwrap_or_default()),
                text(self.skill(shortage.skill)),
                BookCell::whole(claim.count),
                text(&claim.from.to_string()),
                text(&claim.to.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * claim.count),
                shortage.day_pay.map_or(BookCell::default(), BookCell::money),
                costs.get(&key).map_or(BookCell::default(), |&cost| BookCell::money(cost)),
                text(lender.service_officer.as_deref().unwrap_or_default()),
                self.light_of(at),
            ]
        };
        let rows = self.claims.iter().enumerate().map(row).collect();
        let columns = [
            ("No.", "序号", 6),
            ("Surplus", "余工编号", 10),
            ("Lender", "出借企业", 22),
            ("Lender's alliance", "出借方联盟", 14),
            ("Skill", "原工种", 12),
            ("Shortage", "缺工编号", 10),
            ("Borrower", "借入企业", 22),
            ("Borrower's alliance", "借入方联盟", 14),
            ("Work", "岗位", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Day pay (CNY)", "日薪（元）", 11),
            ("Cost (CNY)", "成本（元）", 13),
            ("Officer", "服务专员", 12),
            ("Light", "合规", 16),
        ];
        self.table(self.say("Plan", "方案"), &columns, rows)
    }

    fn reasons(&self, reasons: &[ReasonFile]) -> String {
        let name = |code: &str| {
            let rules = Rule::ALL.iter().map(|&rule| ReasonCode::Rule(rule));
            let mut all = rules.chain([ReasonCode::None, ReasonCode::Price, ReasonCode::Competition]);
            all.find(|known| known.code() == code)
                .map_or(code.to_string(), |known| reason_name(known, self.language).to_string())
        };
        let part = |reason: &ReasonFile| format!("{} × {}", name(&reason.code), reason.count);
        reasons.iter().map(part).collect::<Vec<_>>().join(self.say("; ", "；"))
    }

    fn others(reasons: &[ReasonFile]) -> String {
        let ids: BTreeSet<&str> =
            reasons.iter().flat_map(|reason| reason.by.iter().map(String::as_str)).collect();
        ids.into_iter().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn unfilled(&self) -> BookSheet {
        let row = |stretch: &crate::plan::UnfilledFile| {
            let posting = &self.scenario.shortages()[*self.shortage.get(&stretch.shortage)? as usize];
            let firm = self.scenario.firm(posting.firm);
            let days = self.days(stretch.from.0, stretch.to.0);
            Some(vec![
                text(&posting.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.skill(posting.skill)),
                text(priority_name(posting.priority, self.language)),
                BookCell::whole(stretch.count),
                text(&stretch.from.0.to_string()),
                text(&stretch.to.0.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * stretch.count),
                text(&self.reasons(&stretch.reasons)),
                text(&Book::others(&stretch.reasons)),
                text(firm.service_officer.as_deref().unwrap_or_default()),
            ])
        };
        let rows = self.plan.unfilled.iter().filter_map(row).collect();
        let columns = [
            ("Shortage", "缺工编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("Skill", "工种", 12),
            ("Priority", "优先级", 8),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Reasons (workers)", "原因（人数）", 36),
            ("Postings concerned", "相关余工", 24),
            ("Officer", "服务专员", 12),
        ];
        self.table(self.say("Unfilled", "未满足"), &columns, rows)
    }

    pub(super) fn idle(&self) -> BookSheet {
        let row = |stretch: &crate::plan::IdleFile| {
            let posting = &self.scenario.surplus()[*self.surplus.get(&stretch.surplus)? as usize];
            let firm = self.scenario.firm(posting.firm);
            let days = self.days(stretch.from.0, stretch.to.0);
            Some(vec![
                text(&posting.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.skill(posting.skill)),
                BookCell::whole(stretch.count),
                text(&stretch.from.0.to_string()),
                text(&stretch.to.0.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * stretch.count),
                text(&self.reasons(&stretch.reasons)),
                text(&Book::others(&stretch.reasons)),
                text(firm.service_officer.as_deref().unwrap_or_default()),
            ])
        };
        let rows = self.plan.idle.iter().filter_map(row).collect();
        let columns = [
            ("Surplus", "余工编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("Skill", "工种", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Reasons (workers)", "原因（人数）", 36),
            ("Postings concerned", "相关缺工", 24),
            ("Officer", "服务专员", 12),
        ];
        self.table(self.say("Idle", "闲置"), &columns, rows)
    }
}
