//! Remedies: single changes that would fill more of a shortage, each solved on from the plan as it stands.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::admissibility::{Pair, admissible_pairs, judge, verdict};
use crate::distance::road_distance;
use crate::rules::{Rule, RuleSet};
use crate::scenario::{ShortageIx, Span, SurplusIx};
use crate::solve::mend;
use crate::units::{Count, Fen, Metres};

use super::{Change, Standing};

/// Candidates of one kind that are tried for a shortage: those that change least. Of a kind that changes the whole zone one.
const TRIED: usize = 2;
/// The zone's limit is not raised by more than this part of it: that would be another zone, not a small change.
const RAISED_BY: Metres = 4;
/// Limits are raised to a multiple of this.
const STEP: Metres = 100;

/// What a change would bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The change.
    pub change: Change,
    /// Worker-days more that are filled at the shortage.
    pub worker_days: Count,
    /// In the whole zone.
    pub zone_worker_days: Count,
    /// By how much the objective falls.
    pub saved: Fen,
}

/// The remedies of one shortage, the best first: by its own worker-days, then by what the zone saves.
pub type Remedies = Vec<Remedy>;

/// The remedies of shortages that miss somebody. Every change is made to the scenario and solved on from the plan
/// ([`mend`]), in parallel, once even where it is a remedy of several; only those that fill at least one more worker-day of the
/// shortage are kept. Changes that pay or train cost the zone what the policy says, not what the firms agree on.
pub fn remedies(standing: &Standing<'_>, shortages: &[ShortageIx]) -> Vec<Remedies> {
    let candidates: Vec<BTreeSet<Change>> = shortages.par_iter().map(|&j| candidates(standing, j)).collect();
    let all: BTreeSet<Change> = candidates.iter().flatten().copied().collect();
    let all: Vec<Change> = all.into_iter().collect();
    let effects: BTreeMap<Change, Effect> =
        all.par_iter().filter_map(|&change| Some((change, Effect::of(standing, change)?))).collect();
    let of_shortage = |(&j, candidates): (&ShortageIx, &BTreeSet<Change>)| {
        let remedy = |&change: &Change| {
            let effect = effects.get(&change)?;
            let worker_days = effect.filled.get(&j).copied().unwrap_or(0);
            let (zone_worker_days, saved) = (effect.filled.values().sum(), effect.saved);
            (worker_days > 0).then_some(Remedy { change, worker_days, zone_worker_days, saved })
        };
        let mut found: Remedies = candidates.iter().filter_map(remedy).collect();
        found.sort_by_key(|remedy| (-remedy.worker_days, -remedy.saved, remedy.change));
        found
    };
    shortages.iter().zip(&candidates).map(of_shortage).collect()
}

/// What a change does to everybody.
struct Effect {
    saved: Fen,
    /// Worker-days more, by shortage.
    filled: BTreeMap<ShortageIx, Count>,
}

impl Effect {
    fn of(standing: &Standing<'_>, change: Change) -> Option<Effect> {
        let changed = change.apply(&standing.calm)?;
        let concerns = change.concerns();
        let pairs: Vec<Pair> = match concerns {
            (None, None) => admissible_pairs(&changed),
            (own_i, own_j) => {
                let others = standing.pairs.iter().copied();
                let others =
                    others.filter(|p| own_i.is_none_or(|i| p.surplus != i) && own_j != Some(p.shortage));
                let anew = |i, j| judge(&changed, i, j).ok();
                let of_i = own_i.into_iter().flat_map(|i| changed.shortage_indices().map(move |j| (i, j)));
                let of_j = own_j.into_iter().flat_map(|j| changed.surplus_indices().map(move |i| (i, j)));
                others.chain(of_i.chain(of_j).filter_map(|(i, j)| anew(i, j))).collect()
            }
        };
        let touched =
            |i, j| concerns.0 == Some(i) || concerns.1 == Some(j) || !standing.admissible.contains(&(i, j));
        let mended = mend(&changed, &standing.earlier, &pairs, touched);
        let filled = mended.filled.into_iter().map(|(j, then, now)| (j, now - then)).collect();
        Some(Effect { saved: mended.before - mended.after, filled })
    }
}

/// Changes that may fill more of a shortage, those that change least of each kind.
fn candidates(standing: &Standing<'_>, j: ShortageIx) -> BTreeSet<Change> {
    let scenario = standing.scenario;
    let missing = standing.missing(j);
    let Some(first) = missing.iter().position(|&n| n > 0) else { return BTreeSet::new() };
    let last = missing.iter().rposition(|&n| n > 0).unwrap_or(first);
    let start = scenario.demand_span(j).start;
    let open = Span { start: start + first, end: start + last + 1 };
    // By kind: how much it changes, then the change.
    let mut found: BTreeMap<&'static str, BTreeSet<(i64, Change)>> = BTreeMap::new();
    for i in scenario.surplus_indices() {
        if scenario.surplus()[i.index()].headcount == 0 {
            continue;
        }
        let broken = verdict(scenario, i, j);
        let mut offer = |size: i64, change: Change| {
            found.entry(change.code()).or_default().insert((size, change));
        };
        if broken.is_empty() || broken == RuleSet::from(Rule::Dates) {
            for (size, change) in longer(standing, i, open) {
                offer(size, change);
            }
        }
        if broken.is_empty() {
            let surplus = &scenario.surplus()[i.index()];
            let refuse = surplus.headcount - surplus.capacity();
            if refuse > 0 {
                offer(refuse, Change::Consent(i));
            }
        } else if broken.len() == 1
            && let Some((size, change)) = broken.iter().next().and_then(|rule| lift(standing, rule, i, j))
        {
            offer(size, change);
        }
    }
    let smallest = found.into_values().flat_map(|kind| {
        let whole_zone = kind.first().is_some_and(|(_, change)| change.concerns() == (None, None));
        kind.into_iter().take(if whole_zone { 1 } else { TRIED })
    });
    smallest.map(|(_, change)| change).collect()
}

/// A surplus there from the first, or until the last, of some working days; not beyond its contract.
fn longer(standing: &Standing<'_>, i: SurplusIx, open: Span) -> Vec<(i64, Change)> {
    let days = standing.scenario.days();
    let surplus = &standing.scenario.surplus()[i.index()];
    let (first, last) = (days.day(open.start), days.day(open.end - 1));
    let last = surplus.contract_until.map_or(last, |until| until.min(last));
    let mut found = Vec::new();
    // Longer at one end only, and only where something is missing beyond that end.
    if first < surplus.from && first <= surplus.to {
        found.push((i64::from(surplus.from - first), Change::EarlierFrom(i, first)));
    }
    if last > surplus.to && last >= surplus.from {
        found.push((i64::from(last - surplus.to), Change::LaterTo(i, last)));
    }
    found
}

/// The least change after which a rule, the only one that a pair breaks, lets it be; and how much it changes. None where the
/// labour rules fix it, or where more than one limit says no.
fn lift(standing: &Standing<'_>, rule: Rule, i: SurplusIx, j: ShortageIx) -> Option<(i64, Change)> {
    let scenario = standing.scenario;
    let (surplus, shortage) = (&scenario.surplus()[i.index()], &scenario.shortages()[j.index()]);
    let policy = scenario.policy();
    match rule {
        Rule::Distance => {
            let (from, to) = (scenario.firm(surplus.firm), scenario.firm(shortage.firm));
            let distance = road_distance(from, to, policy.road_factor);
            let raised = (distance + STEP - 1) / STEP * STEP;
            let too_short = |limit: Option<Metres>| limit.is_some_and(|limit| distance > limit);
            let limits = [policy.max_distance, surplus.max_distance, shortage.max_distance];
            let change = match limits.map(too_short) {
                [true, false, false] => Change::PolicyDistance(raised),
                [false, true, false] => Change::SurplusDistance(i, raised),
                [false, false, true] => Change::ShortageDistance(j, raised),
                _ => return None,
            };
            let limit = limits.into_iter().flatten().min()?;
            let far = matches!(change, Change::PolicyDistance(_)) && raised - limit > limit / RAISED_BY;
            (!far).then_some((raised - limit, change))
        }
        Rule::Consent => Some((surplus.headcount, Change::Consent(i))),
        Rule::Pay => {
            let (pay, floor) = shortage.day_pay.zip(surplus.min_day_pay)?;
            Some((floor - pay, Change::Pay(j, floor)))
        }
        Rule::Blocked => {
            let stops = |block: &&crate::scenario::Block| {
                block.lender == surplus.firm
                    && block.borrower == shortage.firm
                    && block.surplus.is_none_or(|own| own == i)
                    && block.shortage.is_none_or(|own| own == j)
            };
            let mut rows = (0..).zip(scenario.blocked()).filter(|(_, block)| stops(block));
            match (rows.next(), rows.next()) {
                (Some((row, _)), None) => Some((1, Change::Unblock(row))),
                _ => None,
            }
        }
        Rule::Skill => {
            // Where a forced pin sends such workers untrained, a training would make that dearer.
            let untrained = scenario.pins().iter().any(|pin| {
                let from = scenario.surplus()[pin.surplus.index()].skill;
                let to = scenario.shortages()[pin.shortage.index()].skill;
                (from, to) == (surplus.skill, shortage.skill)
            });
            if untrained {
                return None;
            }
            let costs = scenario.substitutions().iter().map(|s| s.training_cost);
            let (from, to) = (scenario.firm(surplus.firm), scenario.firm(shortage.firm));
            let distance = road_distance(from, to, policy.road_factor);
            Some((distance, Change::Substitute(surplus.skill, shortage.skill, costs.max()?)))
        }
        Rule::Alliance => match (surplus.within_alliance, shortage.within_alliance) {
            (true, false) => Some((1, Change::OpenSurplus(i))),
            (false, true) => Some((1, Change::OpenShortage(j))),
            _ => None,
        },
        Rule::MinStay => {
            let common = scenario.supply_span(i).intersect(scenario.demand_span(j)).len();
            let common = u32::try_from(common).ok().filter(|&days| days > 0)?;
            let too_long = [policy.min_stay_days, surplus.min_stay_days, shortage.min_stay_days];
            match too_long.map(|stay| stay > common) {
                [false, true, false] => Some((1, Change::SurplusStay(i, common))),
                [false, false, true] => Some((1, Change::ShortageStay(j, common))),
                _ => None,
            }
        }
        Rule::SameFirm
        | Rule::Dates
        | Rule::Contract
        | Rule::Dispatched
        | Rule::Certificate
        | Rule::Night => None,
    }
}
