//! Which surplus may serve which shortage: one rule, one function, one code.
//!
//! Every rule is judged alone and every failing one is kept, so that "why not" has a complete answer.

use crate::distance::{road_distance, within};
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Scenario, Shortage, ShortageIx, Span, Surplus, SurplusIx};
use crate::spread;
use crate::units::{Fen, Metres, round_half_up};

/// An admissible pair: every rule lets the surplus serve the shortage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The lender's posting.
    pub surplus: SurplusIx,
    /// The borrower's posting.
    pub shortage: ShortageIx,
    /// The common working days after the cuts by contract and certificate; never empty.
    pub window: Span,
    /// Fen per worker-day.
    pub daily_cost: Fen,
    /// Fen per worker who starts.
    pub start_cost: Fen,
    /// Shortest stay in working days, at least 1.
    pub stay: usize,
}

/// What one pair looks like to the rules. Everything is looked up once, each rule then reads it.
struct Facts<'a> {
    scenario: &'a Scenario,
    i: SurplusIx,
    j: ShortageIx,
    surplus: &'a Surplus,
    shortage: &'a Shortage,
    /// Working days of both postings, before any cut.
    common: Span,
    distance: Metres,
    /// Training cost from the one skill to the other; none = not possible.
    training: Option<Fen>,
    same_alliance: bool,
}

impl<'a> Facts<'a> {
    fn new(scenario: &'a Scenario, i: SurplusIx, j: ShortageIx) -> Facts<'a> {
        let surplus = &scenario.surplus()[i.index()];
        let shortage = &scenario.shortages()[j.index()];
        let (lender, borrower) = (scenario.firm(surplus.firm), scenario.firm(shortage.firm));
        let days = scenario.days();
        Facts {
            scenario,
            i,
            j,
            surplus,
            shortage,
            common: days.span(surplus.from, surplus.to).intersect(days.span(shortage.from, shortage.to)),
            distance: road_distance(lender, borrower, scenario.policy().road_factor),
            training: scenario.training(surplus.skill, shortage.skill),
            same_alliance: lender.alliance.is_some() && lender.alliance == borrower.alliance,
        }
    }

    fn same_firm(&self) -> bool {
        self.surplus.firm != self.shortage.firm
    }

    fn skill(&self) -> bool {
        self.training.is_some()
    }

    fn dates(&self) -> bool {
        !self.common.is_empty()
    }

    fn after_contract(&self) -> Span {
        let until = self.surplus.contract_until.map(|last| self.scenario.days().until(last));
        until.map_or(self.common, |u| self.common.intersect(u))
    }

    fn contract(&self) -> bool {
        !self.dates() || !self.after_contract().is_empty()
    }

    fn dispatched(&self) -> bool {
        !self.surplus.dispatched
    }

    fn consent(&self) -> bool {
        self.surplus.consented != Some(0)
    }

    fn distance(&self) -> bool {
        limits(self.scenario, self.surplus, self.shortage)
            .into_iter()
            .flatten()
            .all(|limit| self.distance <= limit)
    }

    fn alliance(&self) -> bool {
        !(self.surplus.within_alliance || self.shortage.within_alliance) || self.same_alliance
    }

    fn blocked(&self) -> bool {
        !self.scenario.blocks_between(self.surplus.firm, self.shortage.firm).any(|block| {
            block.surplus.is_none_or(|i| i == self.i) && block.shortage.is_none_or(|j| j == self.j)
        })
    }

    /// The working days until the demanded certificate ends; none = it is not held.
    fn certified(&self) -> Option<Span> {
        let all = Span { start: 0, end: self.scenario.days().len() };
        let Some(demanded) = &self.scenario.skills()[self.shortage.skill.index()].certificate else {
            return Some(all);
        };
        let held = self.surplus.certificates.iter().find(|c| c.name == *demanded)?;
        Some(held.valid_until.map_or(all, |last| self.scenario.days().until(last)))
    }

    fn certificate(&self) -> bool {
        self.certified().is_some_and(|valid| !self.dates() || !self.common.intersect(valid).is_empty())
    }

    fn pay(&self) -> bool {
        match (self.shortage.day_pay, self.surplus.min_day_pay) {
            (Some(pay), Some(floor)) => pay >= floor,
            _ => true,
        }
    }

    fn night(&self) -> bool {
        !(self.surplus.no_night && self.shortage.night_shift)
    }

    fn stay(&self) -> usize {
        let policy = self.scenario.policy().min_stay_days;
        policy.max(self.surplus.min_stay_days).max(self.shortage.min_stay_days) as usize
    }

    /// The days left after both cuts.
    fn window(&self) -> Span {
        self.certified().map_or(Span { start: 0, end: 0 }, |valid| self.after_contract().intersect(valid))
    }

    fn min_stay(&self) -> bool {
        let window = self.window();
        window.is_empty() || window.len() >= self.stay()
    }

    fn verdict(&self) -> RuleSet {
        let mut broken = RuleSet::default();
        for &rule in Rule::ALL {
            let holds = match rule {
                Rule::SameFirm => self.same_firm(),
                Rule::Skill => self.skill(),
                Rule::Dates => self.dates(),
                Rule::Contract => self.contract(),
                Rule::Dispatched => self.dispatched(),
                Rule::Consent => self.consent(),
                Rule::Distance => self.distance(),
                Rule::Alliance => self.alliance(),
                Rule::Blocked => self.blocked(),
                Rule::Certificate => self.certificate(),
                Rule::Pay => self.pay(),
                Rule::Night => self.night(),
                Rule::MinStay => self.min_stay(),
            };
            if !holds {
                broken.insert(rule);
            }
        }
        broken
    }

    fn daily_cost(&self) -> Fen {
        let policy = self.scenario.policy();
        let transport = round_half_up(i128::from(policy.transport_per_km) * i128::from(self.distance), 1000);
        let cross = if self.same_alliance { 0 } else { policy.cross_alliance };
        policy.daily_base + transport as Fen + cross
    }
}

/// Every rule that a pair breaks; empty = admissible.
pub fn verdict(scenario: &Scenario, surplus: SurplusIx, shortage: ShortageIx) -> RuleSet {
    Facts::new(scenario, surplus, shortage).verdict()
}

/// The pair where it is admissible, else the rules it breaks.
///
/// # Errors
/// Every rule that it breaks.
pub fn judge(scenario: &Scenario, surplus: SurplusIx, shortage: ShortageIx) -> Result<Pair, RuleSet> {
    let facts = Facts::new(scenario, surplus, shortage);
    let broken = facts.verdict();
    if !broken.is_empty() {
        return Err(broken);
    }
    let (daily_cost, start_cost) = costs_of(&facts);
    Ok(Pair { surplus, shortage, window: facts.window(), daily_cost, start_cost, stay: facts.stay() })
}

/// Fen per worker-day and per start, by formula, whether or not the pair is admissible (a forced pin may be on a
/// pair that a rule refuses; one that no training leads to pays the onboarding alone).
pub fn costs(scenario: &Scenario, surplus: SurplusIx, shortage: ShortageIx) -> (Fen, Fen) {
    costs_of(&Facts::new(scenario, surplus, shortage))
}

fn costs_of(facts: &Facts<'_>) -> (Fen, Fen) {
    (facts.daily_cost(), facts.scenario.policy().onboarding + facts.training.unwrap_or(0))
}

/// Every admissible pair, ordered by surplus and shortage as posted.
///
/// Time in proportion to the pairs that agree in skill; those that are apart in time or far apart in latitude are not
/// looked at further.
pub fn admissible_pairs(scenario: &Scenario) -> Vec<Pair> {
    let of_surplus = |i: SurplusIx| {
        let surplus = &scenario.surplus()[i.index()];
        let place = scenario.firm(surplus.firm);
        let possible = |j: &ShortageIx| {
            let shortage = &scenario.shortages()[j.index()];
            let apart = surplus.to < shortage.from || shortage.to < surplus.from;
            let limit = limits(scenario, surplus, shortage).into_iter().flatten().min();
            !apart
                && limit.is_none_or(|limit| {
                    within(place, scenario.firm(shortage.firm), scenario.policy().road_factor, limit)
                })
        };
        let targets =
            scenario.reachable_skills(surplus.skill).flat_map(|target| scenario.shortages_of(target));
        let mut pairs: Vec<Pair> =
            targets.filter(|j| possible(j)).filter_map(|&j| judge(scenario, i, j).ok()).collect();
        pairs.sort_unstable_by_key(|pair| pair.shortage);
        pairs
    };
    let all: Vec<SurplusIx> = scenario.surplus_indices().collect();
    spread::flat_map(&all, spread::is_little(scenario), |&i| of_surplus(i))
}

/// How far they may be from each other: what the policy, the surplus and the shortage say.
fn limits(scenario: &Scenario, surplus: &Surplus, shortage: &Shortage) -> [Option<Metres>; 3] {
    [scenario.policy().max_distance, surplus.max_distance, shortage.max_distance]
}
