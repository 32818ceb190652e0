//! What an alliance should talk about: read off what stays open and idle, the most worker-days first, and where the plan was
//! explained the single changes that bring most.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tiaoji_core::plan::ReasonCode;
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{FirmIx, ShortageIx, SkillIx};
use tiaoji_core::units::Count;

use super::facts::{Facts, Rest, Stretch};
use crate::analysis::RemedyFile;
use crate::messages::reason_code;

/// How many an alliance gets.
const MOST: usize = 3;

/// How the codes of changes of the zone's policy begin.
const POLICY: &str = "policy_";

/// Worker-days of a skill in a period that an alliance has open, and idle.
type Ledger = BTreeMap<(SkillIx, usize), (Count, Count)>;

impl Facts<'_> {
    /// At most three: single changes that bring most, what a reason holds back and what could be done about it, and where hands that stay idle and
    /// places that stay open are of one skill and one week in two alliances.
    pub(super) fn suggestions(&self, alliance: usize) -> Vec<String> {
        let own: Vec<_> =
            self.open.iter().filter(|stretch| self.alliance(stretch.firm) == alliance).collect();
        let reasons = self.by_reason(own.iter().copied()).into_iter().filter_map(|(code, days)| {
            let action = self.action(reason_code(code)?)?;
            let (name, open) = (self.reason(code), self.worker_days(days));
            let (firm, skill) = self.foremost(&own, code)?;
            let text = self.language.choose(
                format!("{open} are open for this reason: {name}; most of them {skill} at {firm}. {action}"),
                format!("因“{name}”仍缺 {open}，最多的是{firm}的“{skill}”。{action}"),
            );
            Some((days, text))
        });
        // What would help for sure comes before what might.
        let mut reasons: Vec<(Count, String)> = self.changes(alliance).into_iter().chain(reasons).collect();
        let mut found: Vec<(Count, String)> = Vec::new();
        let ledgers = self.ledgers();
        for (other, name) in self.alliances.iter().enumerate().filter(|(other, _)| *other != alliance) {
            for (lends, (idle, open)) in [
                (true, (&ledgers[alliance], &ledgers[other])),
                (false, (&ledgers[other], &ledgers[alliance])),
            ] {
                if let Some((skill, days)) = Self::meeting(idle, open) {
                    let (skill, days_text) = (self.skill(skill), self.worker_days(days));
                    let text = if lends {
                        self.language.choose(
                            format!("Talk to {name}: up to {days_text} of {skill} are idle here and open there in the same weeks."),
                            format!("与{name}商谈：同一时段本联盟“{skill}”闲置、对方仍缺，至多 {days_text}。"),
                        )
                    } else {
                        self.language.choose(
                            format!("Ask {name}: up to {days_text} of {skill} are idle there and open here in the same weeks."),
                            format!("向{name}求助：同一时段对方“{skill}”闲置、本联盟仍缺，至多 {days_text}。"),
                        )
                    };
                    found.push((days, text));
                }
            }
        }
        found.sort_by_key(|(days, _)| Reverse(*days)); // stable
        // One of them is another alliance, where there is one to talk to.
        let kept = found.len().min(MOST.saturating_sub(reasons.len()).max(1));
        found.truncate(kept);
        reasons.truncate(MOST - kept);
        found.extend(reasons);
        if self.explained.is_empty() {
            found.sort_by_key(|(days, _)| Reverse(*days));
        }
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// The best single change of each of the alliance's shortages, those first that bring it most, each change once. The
    /// policy is not the alliance's to change.
    fn changes(&self, alliance: usize) -> Vec<(Count, String)> {
        let rests = self.rests(&self.open);
        let own = rests.iter().filter(|rest| self.alliance(rest.firm) == alliance);
        let best = |rest| self.remedies(rest).iter().find(|remedy| !remedy.code.starts_with(POLICY));
        let mut all: Vec<(&RemedyFile, &Rest<'_, ShortageIx>)> =
            own.filter_map(|rest| Some((best(rest.posting)?, rest))).collect();
        all.sort_by_key(|(remedy, rest)| (Reverse(remedy.worker_days), rest.posting));
        let mut told = BTreeSet::new();
        all.retain(|(remedy, _)| told.insert(self.remedy(remedy)));
        let text = |(remedy, rest): (&RemedyFile, &Rest<'_, ShortageIx>)| {
            let change = self.remedy(remedy);
            let (days, saved) = (self.worker_days(remedy.worker_days), self.saves(remedy));
            let (firm, skill) = (&self.firm(rest.firm).name, self.skill(rest.skill));
            let text = self.language.choose(
                format!("{change}: {days} more of {skill} at {firm}; saves the zone {saved}."),
                format!("{change}：{firm}的“{skill}”可多满足 {days}，为园区节省 {saved}。"),
            );
            (remedy.worker_days, text)
        };
        all.into_iter().take(MOST).map(text).collect()
    }

    /// The firm and skill of which a reason holds back most.
    fn foremost(&self, own: &[&Stretch<'_, ShortageIx>], code: &str) -> Option<(&str, &str)> {
        let mut sums: BTreeMap<(FirmIx, SkillIx), Count> = BTreeMap::new();
        for s in own {
            let days = self.scenario.days().span(s.from, s.to).len() as Count;
            for reason in s.reasons.iter().filter(|reason| reason.code == code) {
                *sums.entry((s.firm, s.skill)).or_default() += reason.count * days;
            }
        }
        let ((firm, skill), _) = sums.into_iter().max_by_key(|&(key, days)| (days, Reverse(key)))?;
        Some((&self.firm(firm).name, self.skill(skill)))
    }

    /// The skill of which most worker-days are idle here and open there, week by week.
    fn meeting(idle: &Ledger, open: &Ledger) -> Option<(SkillIx, Count)> {
        let mut sums: BTreeMap<SkillIx, Count> = BTreeMap::new();
        for (key, &(_, spare)) in idle {
            let lacking = open.get(key).map_or(0, |&(lacking, _)| lacking);
            *sums.entry(key.0).or_default() += spare.min(lacking);
        }
        sums.into_iter().filter(|(_, days)| *days > 0).max_by_key(|&(skill, days)| (days, Reverse(skill)))
    }

    fn ledgers(&self) -> Vec<Ledger> {
        let mut ledgers = vec![Ledger::new(); self.alliances.len()];
        for s in &self.open {
            for (at, days) in self.by_period(self.scenario.days().span(s.from, s.to)) {
                ledgers[self.alliance(s.firm)].entry((s.skill, at)).or_default().0 += s.count * days;
            }
        }
        for s in &self.idle {
            for (at, days) in self.by_period(self.scenario.days().span(s.from, s.to)) {
                ledgers[self.alliance(s.firm)].entry((s.skill, at)).or_default().1 += s.count * days;
            }
        }
        ledgers
    }

    /// What can be done about a reason; nothing where a law or plain fact stands behind it.
    fn action(&self, code: ReasonCode) -> Option<&'static str> {
        let (en, zh) = match code {
            ReasonCode::Rule(Rule::Skill) => {
                ("See which training would open these jobs.", "商议可开展的培训。")
            }
            ReasonCode::Rule(Rule::Dates) => ("See whether dates can be moved.", "商议能否调整日期。"),
            ReasonCode::Rule(Rule::Contract) => {
                ("See whether contracts that end soon will be renewed.", "核实即将到期的劳动合同是否续签。")
            }
            ReasonCode::Rule(Rule::Consent) => {
                ("Tell the workers what is offered, and ask again.", "向职工说明条件，再次征求意愿。")
            }
            ReasonCode::Rule(Rule::Distance) => {
                ("See whether a shuttle bus or board would help.", "商议班车或住宿。")
            }
            ReasonCode::Rule(Rule::Alliance) => {
                ("Ask the firms whether they would go beyond the alliance.", "征询企业是否愿意跨联盟。")
            }
            ReasonCode::Rule(Rule::Blocked) => {
                ("Ask the lenders whether the refusal still holds.", "征询出借企业是否仍不愿借出。")
            }
            ReasonCode::Rule(Rule::Certificate) => {
                ("Arrange the certificates that the work demands.", "组织办理所需证书。")
            }
            ReasonCode::Rule(Rule::Pay) => ("Ask the borrowers about the pay.", "与借入企业商议日薪。"),
            ReasonCode::Rule(Rule::Night) => ("See whether day shifts are possible.", "商议能否安排白班。"),
            ReasonCode::Rule(Rule::MinStay) => {
                ("Ask the firms for shorter stays.", "与企业商议缩短最短借调天数。")
            }
            ReasonCode::None => (
                "Nobody in the zone offers this: recruit outside, or train ahead of time.",
                "园区内无人可借：对外招聘或提前培训。",
            ),
            ReasonCode::Price => (
                "Lending costs more than it is worth: look for nearer lenders.",
                "成本高于收益：寻找更近的出借企业。",
            ),
            ReasonCode::Competition => (
                "Other places need the same hands more: find more lenders.",
                "别处更需要同样的人手：动员更多企业出借。",
            ),
            ReasonCode::Rule(Rule::SameFirm | Rule::Dispatched) => return None,
        };
        Some(self.say(en, zh))
    }
}
