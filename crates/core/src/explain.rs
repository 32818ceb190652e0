//! Why a stretch is unfilled or idle.
//!
//! On each day the workers that are missing (or idle) are laid against what the other side has, nearest first: those
//! that an admissible partner has to spare (`price`, or `min_stay` where no stay would fit), those that one rule
//! alone keeps away, those of admissible partners that are taken elsewhere (`competition`), those that several rules
//! keep away (under the first of them). For what is left there is nobody (`none`).

use std::cmp::Reverse;

use crate::admissibility::judge;
use crate::extract::DailyCounts;
use crate::plan::{Idle, Reason, ReasonCode, Stretch, Unfilled};
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use crate::spread;
use crate::units::Count;

/// Postings named with a reason, at most.
const NAMED: usize = 10;

/// The reasons of everything that stays unfilled and idle; `unfilled` and `idle` are by posting and working day of
/// its span.
pub fn explain(
    scenario: &Scenario,
    counts: &DailyCounts,
    unfilled: &[Vec<Count>],
    idle: &[Vec<Count>],
) -> (Vec<Unfilled>, Vec<Idle>) {
    let mut by_skill: Vec<Vec<SurplusIx>> = vec![Vec::new(); scenario.skills().len()];
    for i in scenario.surplus_indices() {
        for skill in scenario.reachable_skills(scenario.surplus()[i.index()].skill) {
            by_skill[skill.index()].push(i);
        }
    }
    let view = View { scenario, counts, unfilled, idle };
    let any = |counts: &[Count]| counts.iter().any(|&count| count > 0);
    let short: Vec<ShortageIx> = scenario.shortage_indices().filter(|j| any(&unfilled[j.index()])).collect();
    let of_shortage = |&j: &ShortageIx| {
        let span = scenario.demand_span(j);
        let offering = by_skill[scenario.shortages()[j.index()].skill.index()].iter();
        let together = offering.filter(|&&i| !scenario.supply_dates(i).intersect(span).is_empty());
        let sides: Vec<Side<'_>> = together.map(|&i| view.side(i, j)).collect();
        stretches(scenario, j, span, &unfilled[j.index()], |t, count| {
            share_out(count, sides.iter().filter_map(|side| view.offer(side, t)))
        })
    };
    let spare: Vec<SurplusIx> = scenario.surplus_indices().filter(|i| any(&idle[i.index()])).collect();
    let of_surplus = |&i: &SurplusIx| {
        let span = scenario.supply_span(i);
        let skill = scenario.surplus()[i.index()].skill;
        let asking = scenario.reachable_skills(skill).flat_map(|s| scenario.shortages_of(s));
        let together = asking.filter(|&&j| !scenario.demand_span(j).intersect(span).is_empty());
        let sides: Vec<Side<'_>> = together.map(|&j| view.side(i, j)).collect();
        stretches(scenario, i, span, &idle[i.index()], |t, count| {
            share_out(count, sides.iter().filter_map(|side| view.ask(side, t)))
        })
    };
    let little = spread::is_little(scenario);
    (spread::flat_map(&short, little, of_shortage), spread::flat_map(&spare, little, of_surplus))
}

/// A pair that agrees in skill, with all that is asked of it day by day.
struct Side<'a> {
    i: SurplusIx,
    j: ShortageIx,
    /// The window and the stay, or what stops the pair.
    verdict: Result<(Span, usize), RuleSet>,
    /// Days of the surplus, before and after the cut by its contract, and of the shortage.
    dates: Span,
    supply: Span,
    demand: Span,
    /// Workers by working day, if there are any.
    counts: Option<&'a [Count]>,
}

/// How near a partner comes to filling; the nearest is named first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Spare,
    OneRule,
    Taken,
    ManyRules,
}

struct Partner<P> {
    nearness: Nearness,
    code: ReasonCode,
    posting: P,
    count: Count,
}

/// Partners of one nearness and code.
struct Kind<P> {
    nearness: Nearness,
    code: ReasonCode,
    total: Count,
    partners: Vec<(Reverse<Count>, P)>,
}

impl<P: Copy + Ord> Kind<P> {
    /// As many of the largest as are named, in order.
    fn largest(&mut self) -> &[(Reverse<Count>, P)] {
        if self.partners.len() > NAMED {
            self.partners.select_nth_unstable(NAMED - 1);
            self.partners.truncate(NAMED);
        }
        self.partners.sort_unstable();
        &self.partners
    }
}

struct View<'a> {
    scenario: &'a Scenario,
    counts: &'a DailyCounts,
    unfilled: &'a [Vec<Count>],
    idle: &'a [Vec<Count>],
}

impl View<'_> {
    fn side(&self, i: SurplusIx, j: ShortageIx) -> Side<'_> {
        Side {
            i,
            j,
            verdict: judge(self.scenario, i, j).map(|pair| (pair.window, pair.stay)),
            dates: self.scenario.supply_dates(i),
            supply: self.scenario.supply_span(i),
            demand: self.scenario.demand_span(j),
            counts: self.counts.get(&(i, j)).map(Vec::as_slice),
        }
    }

    fn idle(&self, side: &Side<'_>, t: usize) -> Count {
        if side.supply.contains(t) { self.idle[side.i.index()][t - side.supply.start] } else { 0 }
    }

    fn missing(&self, side: &Side<'_>, t: usize) -> Count {
        if side.demand.contains(t) { self.unfilled[side.j.index()][t - side.demand.start] } else { 0 }
    }

    fn there(side: &Side<'_>, t: usize) -> Count {
        side.counts.map_or(0, |counts| counts[t])
    }

    /// What a lender has for a shortage on a day.
    fn offer(&self, side: &Side<'_>, t: usize) -> Option<Partner<SurplusIx>> {
        if !side.dates.contains(t) {
            return None;
        }
        let surplus = &self.scenario.surplus()[side.i.index()];
        // Whom nobody asked has not consented: the rule holds back all of them.
        let all = if surplus.consented == Some(0) { surplus.headcount } else { surplus.capacity() };
        let (spare, taken) = (self.idle(side, t), all - self.idle(side, t) - Self::there(side, t));
        let spare = if side.supply.contains(t) && surplus.capacity() > 0 { spare } else { all };
        self.partner(side, t, side.i, spare, taken)
    }

    /// What a borrower asks of a surplus on a day.
    fn ask(&self, side: &Side<'_>, t: usize) -> Option<Partner<ShortageIx>> {
        if !side.demand.contains(t) {
            return None;
        }
        let missing = self.missing(side, t);
        let all = self.scenario.shortages()[side.j.index()].headcount;
        self.partner(side, t, side.j, missing, all - missing - Self::there(side, t))
    }

    fn partner<P>(
        &self,
        side: &Side<'_>,
        t: usize,
        posting: P,
        spare: Count,
        taken: Count,
    ) -> Option<Partner<P>> {
        let (nearness, code, count) = match &side.verdict {
            Err(rules) if spare > 0 => {
                let code = ReasonCode::Rule(rules.iter().next()?);
                let nearness = if rules.len() == 1 { Nearness::OneRule } else { Nearness::ManyRules };
                (nearness, code, spare)
            }
            Err(rules) => (Nearness::ManyRules, ReasonCode::Rule(rules.iter().next()?), taken),
            Ok((window, _)) if !window.contains(t) => {
                let until = self.scenario.surplus()[side.i.index()].contract_until;
                let ended = until.is_some_and(|last| self.scenario.days().day(t) > last);
                let rule = if ended { Rule::Contract } else { Rule::Certificate };
                (Nearness::OneRule, ReasonCode::Rule(rule), spare.max(taken))
            }
            Ok((window, stay)) if spare > 0 => {
                if self.room_for_stay(side, *window, *stay, t) {
                    (Nearness::Spare, ReasonCode::Price, spare)
                } else {
                    (Nearness::OneRule, ReasonCode::Rule(Rule::MinStay), spare)
                }
            }
            Ok(_) => (Nearness::Taken, ReasonCode::Competition, taken),
        };
        (count > 0).then_some(Partner { nearness, code, posting, count })
    }

    /// Whether one more worker could come on day `t` for a whole stay, or stay on from a day beside it.
    fn room_for_stay(&self, side: &Side<'_>, window: Span, stay: usize, t: usize) -> bool {
        let room = |t: usize| self.idle(side, t) > 0 && self.missing(side, t) > 0;
        let (mut first, mut last) = (t, t);
        while first > window.start && room(first - 1) {
            first -= 1;
        }
        while last + 1 < window.end && room(last + 1) {
            last += 1;
        }
        let beside = |t: usize| window.contains(t) && Self::there(side, t) > 0;
        last + 1 - first >= stay || (first > 0 && beside(first - 1)) || beside(last + 1)
    }
}

/// Lays `count` workers against the partners, nearest first; of the rules the one that stops most first.
fn share_out<P: Copy + Ord>(count: Count, partners: impl Iterator<Item = Partner<P>>) -> Vec<Reason<P>> {
    let mut kinds: Vec<Kind<P>> = Vec::new();
    for Partner { nearness, code, posting, count } in partners {
        let known = kinds.iter().position(|kind| (kind.nearness, kind.code) == (nearness, code));
        let at = known.unwrap_or_else(|| {
            kinds.push(Kind { nearness, code, total: 0, partners: Vec::new() });
            kinds.len() - 1
        });
        kinds[at].total += count;
        kinds[at].partners.push((Reverse(count), posting));
    }
    kinds.sort_by_key(|kind| (kind.nearness, -kind.total, kind.code));
    let mut left = count;
    let mut reasons: Vec<Reason<P>> = Vec::new();
    for mut kind in kinds {
        let taken = left.min(kind.total);
        if taken == 0 {
            break;
        }
        left -= taken;
        // The same rule may come twice, alone and among others.
        let known = reasons.iter().position(|reason| reason.code == kind.code).unwrap_or_else(|| {
            reasons.push(Reason { code: kind.code, count: 0, by: Vec::new() });
            reasons.len() - 1
        });
        let reason = &mut reasons[known];
        reason.count += taken;
        reason.by.extend(kind.largest().iter().map(|(_, posting)| posting));
        reason.by.truncate(NAMED);
    }
    if left > 0 {
        reasons.push(Reason { code: ReasonCode::None, count: left, by: Vec::new() });
    }
    reasons
}

/// Maximal runs of working days with the same count and the same reasons.
fn stretches<P: Copy, Q: PartialEq>(
    scenario: &Scenario,
    posting: P,
    span: Span,
    counts: &[Count],
    mut reasons_of: impl FnMut(usize, Count) -> Vec<Reason<Q>>,
) -> Vec<Stretch<P, Q>> {
    let mut found: Vec<(usize, Stretch<P, Q>)> = Vec::new();
    for (t, &count) in (span.start..span.end).zip(counts) {
        if count == 0 {
            continue;
        }
        let reasons = reasons_of(t, count);
        let day = scenario.days().day(t);
        match found.last_mut() {
            Some((last, stretch))
                if *last + 1 == t && stretch.count == count && stretch.reasons == reasons =>
            {
                *last = t;
                stretch.to = day;
                stretch.days += 1;
            }
            _ => found.push((t, Stretch { posting, from: day, to: day, days: 1, count, reasons })),
        }
    }
    found.into_iter().map(|(_, stretch)| stretch).collect()
}
