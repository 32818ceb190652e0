//! What a plan comes to, summed in the ways in which the page shows it.

use std::collections::{BTreeMap, HashMap};

use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{Firm, FirmIx, Scenario, ShortageIx, SkillIx, Span, SurplusIx};
use tiaoji_core::units::{Count, Day};

use crate::analysis::{ExplainedFile, ExplanationFile};
use crate::messages::{Language, idle_reason_name, reason_code, reason_name};
use crate::pictures::{encoded, thousands};
use crate::plan::{PlanFile, ReasonFile, claims};
use crate::worth::{split, weeks};

/// More weeks than this are shown as months.
const MAX_WEEKS: usize = 26;

/// A stretch of a posting that stays open, or idle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'a, P> {
    pub posting: P,
    pub firm: FirmIx,
    pub skill: SkillIx,
    pub from: Day,
    pub to: Day,
    pub count: Count,
    pub worker_days: Count,
    pub reasons: &'a [ReasonFile],
}

/// Everything of a posting that stays open, or idle.
#[derive(Clone, Debug)]
pub(super) struct Rest<'a, P> {
    pub posting: P,
    pub firm: FirmIx,
    pub skill: SkillIx,
    /// First and last day of its stretches.
    pub from: Day,
    pub to: Day,
    /// Workers on the day with the most.
    pub most: Count,
    pub worker_days: Count,
    /// Codes and worker-days, the largest first.
    pub reasons: Vec<(&'a str, Count)>,
    /// Postings of the other side that the reasons name, as they come.
    pub concerned: Vec<&'a str>,
}

/// Worker-days of a skill in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Balance {
    pub offered: Count,
    pub asked: Count,
    pub open: Count,
    pub idle: Count,
}

pub(super) struct Facts<'a> {
    pub scenario: &'a Scenario,
    pub plan: &'a PlanFile,
    pub language: Language,
    /// The address below which postings and weeks are explained, where they are.
    pub link: Option<&'a str>,
    pub claims: Vec<Claim>,
    /// In the order in which firms are listed; the last stands for firms in none, where there are any.
    pub alliances: Vec<String>,
    /// By firm.
    alliance_of: Vec<usize>,
    /// Position of those in none.
    pub no_alliance: Option<usize>,
    /// Weeks or months: name and working days.
    pub periods: Vec<(String, Span)>,
    pub open: Vec<Stretch<'a, ShortageIx>>,
    pub idle: Vec<Stretch<'a, SurplusIx>>,
    /// By skill, then by period.
    pub balance: Vec<Vec<Balance>>,
    /// Explanations by the id of their shortage, where there are any.
    pub explained: HashMap<&'a str, &'a ExplainedFile>,
}

impl<'a> Facts<'a> {
    pub fn of(
        scenario: &'a Scenario,
        plan: &'a PlanFile,
        explanation: Option<&'a ExplanationFile>,
        language: Language,
    ) -> Facts<'a> {
        let (alliances, alliance_of, no_alliance) = alliances(scenario, language);
        let surplus: HashMap<&str, SurplusIx> =
            scenario.surplus_indices().map(|i| (scenario.surplus()[i.index()].id.as_str(), i)).collect();
        let shortage: HashMap<&str, ShortageIx> =
            scenario.shortage_indices().map(|j| (scenario.shortages()[j.index()].id.as_str(), j)).collect();
        let days = |from, to| scenario.days().span(from, to).len() as Count;
        let open = plan.unfilled.iter().filter_map(|s| {
            let posting = *shortage.get(s.shortage.as_str())?;
            let (from, to, count) = (s.from.0, s.to.0, s.count);
            let of = &scenario.shortages()[posting.index()];
            let (firm, skill, worker_days) = (of.firm, of.skill, count * days(from, to));
            Some(Stretch { posting, firm, skill, from, to, count, worker_days, reasons: &s.reasons })
        });
        let idle = plan.idle.iter().filter_map(|s| {
            let posting = *surplus.get(s.surplus.as_str())?;
            let (from, to, count) = (s.from.0, s.to.0, s.count);
            let of = &scenario.surplus()[posting.index()];
            let (firm, skill, worker_days) = (of.firm, of.skill, count * days(from, to));
            Some(Stretch { posting, firm, skill, from, to, count, worker_days, reasons: &s.reasons })
        });
        let mut facts = Facts {
            scenario,
            plan,
            language,
            link: None,
            claims: claims(scenario, plan),
            alliances,
            alliance_of,
            no_alliance,
            periods: periods(scenario),
            open: open.collect(),
            idle: idle.collect(),
            balance: Vec::new(),
            explained: explanation
                .iter()
                .flat_map(|all| &all.unfilled)
                .map(|one| (one.id.as_str(), one))
                .collect(),
        };
        facts.balance = facts.balances();
        facts
    }

    fn balances(&self) -> Vec<Vec<Balance>> {
        let scenario = self.scenario;
        let mut balance = vec![vec![Balance::default(); self.periods.len()]; scenario.skills().len()];
        let mut add = |skill: SkillIx, span: Span, count: Count, of: fn(&mut Balance) -> &mut Count| {
            for (at, days) in self.by_period(span) {
                *of(&mut balance[skill.index()][at]) += count * days;
            }
        };
        for i in scenario.surplus_indices() {
            let posting = &scenario.surplus()[i.index()];
            add(posting.skill, scenario.supply_span(i), posting.capacity(), |b| &mut b.offered);
        }
        for j in scenario.shortage_indices() {
            let posting = &scenario.shortages()[j.index()];
            add(posting.skill, scenario.demand_span(j), posting.headcount, |b| &mut b.asked);
        }
        for s in &self.open {
            add(s.skill, scenario.days().span(s.from, s.to), s.count, |b| &mut b.open);
        }
        for s in &self.idle {
            add(s.skill, scenario.days().span(s.from, s.to), s.count, |b| &mut b.idle);
        }
        balance
    }

    /// How many of the working days lie in which period.
    pub fn by_period(&self, span: Span) -> impl Iterator<Item = (usize, Count)> + '_ {
        let first = self.periods.partition_point(|(_, period)| period.end <= span.start);
        let rest = self.periods.iter().enumerate().skip(first);
        rest.map(move |(at, (_, period))| (at, period.intersect(span).len() as Count))
            .take_while(|(_, n)| *n > 0)
    }

    /// Where a posting is explained.
    pub fn why(&self, posting: &str) -> Option<String> {
        self.link.map(|base| format!("{base}/why/{}", encoded(posting)))
    }

    /// Where what stays open and idle of a skill is explained, period by period.
    pub fn of_skill(&self, skill: SkillIx) -> Option<String> {
        self.link.map(|base| format!("{base}/skills/{}", encoded(&self.scenario.skills()[skill.index()].id)))
    }

    /// The first working days of the periods, by which their pages are called.
    pub fn first_days(&self) -> Vec<String> {
        self.periods.iter().map(|(_, span)| self.scenario.days().day(span.start).to_string()).collect()
    }

    /// Worker-days of a secondment.
    pub fn days_of(&self, claim: &Claim) -> Count {
        claim.count * self.scenario.days().span(claim.from, claim.to).len() as Count
    }

    pub fn lender(&self, claim: &Claim) -> FirmIx {
        self.scenario.surplus()[claim.surplus.index()].firm
    }

    pub fn borrower(&self, claim: &Claim) -> FirmIx {
        self.scenario.shortages()[claim.shortage.index()].firm
    }

    pub fn alliance(&self, firm: FirmIx) -> usize {
        self.alliance_of[firm.index()]
    }

    /// Whether both are in one alliance.
    pub fn inside(&self, a: FirmIx, b: FirmIx) -> bool {
        self.alliance(a) == self.alliance(b) && Some(self.alliance(a)) != self.no_alliance
    }

    pub fn firm(&self, firm: FirmIx) -> &'a Firm {
        self.scenario.firm(firm)
    }

    pub fn skill(&self, skill: SkillIx) -> &'a str {
        &self.scenario.skills()[skill.index()].name
    }

    /// Worker-days from alliance to alliance.
    pub fn crossings(&self) -> BTreeMap<(usize, usize), Count> {
        let mut sums = BTreeMap::new();
        for claim in &self.claims {
            let pair = (self.alliance(self.lender(claim)), self.alliance(self.borrower(claim)));
            *sums.entry(pair).or_default() += self.days_of(claim);
        }
        sums
    }

    /// Stretches put together by posting, those with the most worker-days first.
    pub fn rests<P: Copy + Ord>(&self, stretches: &[Stretch<'a, P>]) -> Vec<Rest<'a, P>> {
        let mut by_posting: BTreeMap<P, Vec<&Stretch<'a, P>>> = BTreeMap::new();
        for stretch in stretches {
            by_posting.entry(stretch.posting).or_default().push(stretch);
        }
        let rest = |stretches: Vec<&Stretch<'a, P>>| {
            let first = *stretches.first()?;
            let mut concerned: Vec<&str> = Vec::new();
            for id in stretches.iter().flat_map(|s| s.reasons).flat_map(|reason| &reason.by) {
                if !concerned.contains(&id.as_str()) {
                    concerned.push(id);
                }
            }
            Some(Rest {
                posting: first.posting,
                firm: first.firm,
                skill: first.skill,
                from: stretches.iter().map(|s| s.from).min()?,
                to: stretches.iter().map(|s| s.to).max()?,
                most: stretches.iter().map(|s| s.count).max()?,
                worker_days: stretches.iter().map(|s| s.worker_days).sum(),
                reasons: self.by_reason(stretches.iter().copied()),
                concerned,
            })
        };
        let mut rests: Vec<Rest<'a, P>> = by_posting.into_values().filter_map(rest).collect();
        rests.sort_by_key(|rest| (std::cmp::Reverse(rest.worker_days), rest.posting));
        rests
    }

    /// Worker-days by the code of their reason, the largest first.
    pub fn by_reason<'s, P: 's>(
        &self,
        stretches: impl IntoIterator<Item = &'s Stretch<'a, P>>,
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

    /// Reasons in words, each with its worker-days where there are several.
    pub fn reasons(&self, reasons: &[(&str, Count)], name: fn(&Self, &str) -> String) -> String {
        let part = |&(code, days): &(&str, Count)| match reasons.len() {
            1 => name(self, code),
            _ => format!("{} {}", name(self, code), thousands(days)),
        };
        reasons.iter().map(part).collect::<Vec<_>>().join(self.say(", ", "，"))
    }

    /// Why workers are idle.
    pub fn idle_reason(&self, code: &str) -> String {
        reason_code(code).map_or(code.to_string(), |known| idle_reason_name(known, self.language).to_string())
    }

    /// Why a shortage stays open; a code that is not known stands for itself.
    pub fn reason(&self, code: &str) -> String {
        reason_code(code).map_or(code.to_string(), |known| reason_name(known, self.language).to_string())
    }
}

/// Names, by firm, and which of them is none.
fn alliances(scenario: &Scenario, language: Language) -> (Vec<String>, Vec<usize>, Option<usize>) {
    let mut names: Vec<&str> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for name in scenario.firms().iter().filter_map(|firm| firm.alliance.as_deref()) {
        at.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        });
    }
    let none = names.len();
    let of = |firm: &Firm| firm.alliance.as_deref().map_or(none, |name| at[name]);
    let of: Vec<usize> = scenario.firms().iter().map(of).collect();
    let mut names: Vec<String> = names.into_iter().map(str::to_string).collect();
    let no_alliance = of.contains(&none).then_some(none);
    if no_alliance.is_some() {
        names.push(language.choose("no alliance", "无联盟").to_string());
    }
    (names, of, no_alliance)
}

/// The weeks (from Monday) of the working days, by the date of their first working day; months where there are many.
fn periods(scenario: &Scenario) -> Vec<(String, Span)> {
    let days = scenario.days();
    let month = |day: Day| i64::from(day.ymd().0) * 12 + i64::from(day.ymd().1);
    let weeks = weeks(scenario);
    let (spans, cut) = if weeks.len() > MAX_WEEKS { (split(scenario, month), 0..7) } else { (weeks, 5..10) };
    spans.into_iter().map(|span| (days.day(span.start).to_string()[cut.clone()].to_string(), span)).collect()
}
