//! The rows of a plan: secondments, and what stays unfilled and idle, with why.

use std::collections::{BTreeSet, HashMap};

use tiaoji_core::compliance::{Light, Subject};
use tiaoji_core::draft::Priority;
use tiaoji_core::plan::ReasonCode;
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{FirmIx, SkillIx};
use tiaoji_core::units::{Count, Day};

use super::{Book, Column, colour, text};
use crate::messages::{
    Language, concern_name, idle_reason_name, level_name, priority_name, reason_code, reason_name,
};
use crate::office::book::{BookCell, BookSheet, Style};
use crate::plan::{IdleFile, ReasonFile, UnfilledFile};

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

    fn reasons(&self, reasons: &[ReasonFile], name: ReasonName) -> String {
        let name = |code: &str| {
            reason_code(code).map_or(code.to_string(), |known| name(known, self.language).to_string())
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
        let rest = |stretch: &UnfilledFile| {
            let posting = &self.scenario.shortages()[*self.shortage.get(&stretch.shortage)? as usize];
            let (firm, skill, reasons) = (posting.firm, posting.skill, stretch.reasons.clone());
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            let priority = Some(posting.priority);
            Some(Rest { id: posting.id.clone(), firm, skill, priority, from, to, count, reasons })
        };
        let rests = self.plan.unfilled.iter().filter_map(rest).collect();
        let own = Columns {
            has_priority: true,
            id: ("Shortage", "缺工编号", 10),
            concerned: ("Postings concerned", "相关余工", 24),
            reason: reason_name,
        };
        self.rests(self.say("Unfilled", "未满足"), rests, &own)
    }

    pub(super) fn idle(&self) -> BookSheet {
        let rest = |stretch: &IdleFile| {
            let posting = &self.scenario.surplus()[*self.surplus.get(&stretch.surplus)? as usize];
            let (firm, skill, reasons) = (posting.firm, posting.skill, stretch.reasons.clone());
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            Some(Rest { id: posting.id.clone(), firm, skill, priority: None, from, to, count, reasons })
        };
        let rests = self.plan.idle.iter().filter_map(rest).collect();
        let own = Columns {
            has_priority: false,
            id: ("Surplus", "余工编号", 10),
            concerned: ("Postings concerned", "相关缺工", 24),
            reason: idle_reason_name,
        };
        self.rests(self.say("Idle", "闲置"), rests, &own)
    }

    /// Stretches that stay unfilled or idle.
    fn rests(&self, name: &str, rests: Vec<Rest>, own: &Columns) -> BookSheet {
        let row = |rest: Rest| {
            let firm = self.scenario.firm(rest.firm);
            let days = self.days(rest.from, rest.to);
            let mut cells = vec![
                text(&rest.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.skill(rest.skill)),
            ];
            cells.extend(rest.priority.map(|priority| text(priority_name(priority, self.language))));
            cells.extend([
                BookCell::whole(rest.count),
                text(&rest.from.to_string()),
                text(&rest.to.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * rest.count),
                text(&self.reasons(&rest.reasons, own.reason)),
                text(&Book::others(&rest.reasons)),
                text(firm.service_officer.as_deref().unwrap_or_default()),
            ]);
            cells
        };
        let mut columns = vec![own.id, ("Firm", "企业", 22), ("Alliance", "联盟", 14), ("Skill", "工种", 12)];
        columns.extend(own.has_priority.then_some(("Priority", "优先级", 8)));
        columns.extend([
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Reasons (workers)", "原因（人数）", 36),
            own.concerned,
            ("Officer", "服务专员", 12),
        ]);
        self.table(name, &columns, rests.into_iter().map(row).collect())
    }
}

/// How a reason is called.
type ReasonName = fn(ReasonCode, Language) -> &'static str;

/// In what the two sheets of stretches differ.
struct Columns {
    has_priority: bool,
    id: Column,
    concerned: Column,
    reason: ReasonName,
}

/// A stretch that stays unfilled or idle.
struct Rest {
    id: String,
    firm: FirmIx,
    skill: SkillIx,
    priority: Option<Priority>,
    from: Day,
    to: Day,
    count: Count,
    reasons: Vec<ReasonFile>,
}
