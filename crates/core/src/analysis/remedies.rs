//! Remedies: single changes that would fill more of a shortage, each solved on from the plan as it stands.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::admissibility::{Pair, admissible_pairs, judge, verdict};
use crate::distance::road_distance;
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use crate::stop::Stop;
use crate::units::{Count, Fen, Metres};

use super::part::{CLOSE, Changed, Mended};
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
    /// No plan of the changed scenario costs less than the plan does by more than this: proven by its prices.
    pub saved_at_most: Fen,
    /// Whether it was solved to the gap asked for; if not, there may be more to it.
    pub finished: bool,
}

/// The remedies of one shortage, the best first: by its own worker-days, then by what the zone saves.
pub type Remedies = Vec<Remedy>;

/// The remedies of shortages that miss somebody. Every change is made to the scenario and the plan solved on around it, in
/// parallel, once even where it is a remedy of several; only those that fill at least one more worker-day of the
/// shortage are kept. Changes that pay or train cost the zone what the policy says, not what the firms agree on.
///
/// The first `FINISHED` of each are then solved on with everybody they may concern, until what they may still miss is at most
/// `gap`, or `stop` says so.
pub fn remedies(
    standing: &Standing<'_>,
    shortages: &[ShortageIx],
    gap: f64,
    stop: &dyn Stop,
) -> Vec<Remedies> {
    let candidates: Vec<BTreeSet<Change>> = shortages.par_iter().map(|&j| candidates(standing, j)).collect();
    let all: BTreeSet<Change> = candidates.iter().flatten().copied().collect();
    let far = Far::new(standing, &all);
    let all: Vec<Change> = all.into_iter().collect();
    let mut effects: BTreeMap<Change, Effect> =
        all.par_iter().filter_map(|&change| Some((change, Effect::of(standing, change, &far)?))).collect();
    let of_shortage = |effects: &BTreeMap<Change, Effect>,
                       (&j, candidates): (&ShortageIx, &BTreeSet<Change>)| {
        let remedy = |&change: &Change| {
            let effect = effects.get(&change)?;
            let worker_days = effect.mended.filled.get(&j).copied().unwrap_or(0);
            let zone_worker_days = effect.mended.filled.values().sum();
            let (saved, saved_at_most) = (effect.mended.saved, effect.at_most);
            let finished = saved_at_most - saved <= standing.share(gap.max(CLOSE));
            let remedy = Remedy { change, worker_days, zone_worker_days, saved, saved_at_most, finished };
            (worker_days > 0).then_some(remedy)
        };
        let mut found: Remedies = candidates.iter().filter_map(remedy).collect();
        found.sort_by_key(|remedy| (-remedy.worker_days, -remedy.saved, remedy.change));
        found
    };
    let ranked = |effects: &BTreeMap<Change, Effect>| -> Vec<Remedies> {
        shortages.iter().zip(&candidates).map(|of| of_shortage(effects, of)).collect()
    };
    let sharp = standing.sharpened(stop);
    let mut tried = BTreeSet::new();
    // What is solved to the end may fall behind what is not yet: until the first are all solved.
    loop {
        // The first of every shortage before any second one: it may be stopped at any time.
        let firsts = ranked(&effects);
        let places = (0..FINISHED).flat_map(|place| firsts.iter().filter_map(move |own| own.get(place)));
        let order: Vec<Change> =
            places.map(|own| own.change).filter(|&change| tried.insert(change)).collect();
        let finish = |&change: &Change| {
            let effect = effects.get(&change).filter(|_| !stop.stopped())?;
            Some((change, effect.finished(&sharp, change, &far, gap, stop)?))
        };
        let finished: Vec<(Change, Effect)> = order.par_iter().with_max_len(1).filter_map(finish).collect();
        if finished.is_empty() {
            return ranked(&effects);
        }
        effects.extend(finished);
    }
}

/// So many of the remedies of a shortage are solved to the end.
const FINISHED: usize = 3;

/// What a change does to everybody.
struct Effect {
    mended: Mended,
    at_most: Fen,
}

impl Effect {
    fn of(standing: &Standing<'_>, change: Change, far: &Far) -> Option<Effect> {
        let scenario = change.apply(&standing.calm)?;
        let changed = far.changed(standing, &scenario, change);
        Some(Effect { mended: standing.mend(&changed), at_most: standing.at_most(&changed) })
    }

    fn finished(
        &self,
        standing: &Standing<'_>,
        change: Change,
        far: &Far,
        gap: f64,
        stop: &dyn Stop,
    ) -> Option<Effect> {
        let scenario = change.apply(&standing.calm)?;
        let changed = far.changed(standing, &scenario, change);
        let (mended, missed) = standing.finish(&changed, self.mended.clone(), gap, stop);
        let at_most = self.at_most.min(mended.saved + missed);
        Some(Effect { mended, at_most })
    }
}

/// The surplus that offers more workers, or more days, after a change.
fn more_offered(change: Change) -> Option<SurplusIx> {
    match change {
        Change::EarlierFrom(i, _) | Change::LaterTo(i, _) | Change::Consent(i) => Some(i),
        _ => None,
    }
}

/// The pairs that the zone's limit keeps away, up to the highest limit that is a candidate, with how far they are.
struct Far(Vec<(Metres, Pair)>);

impl Far {
    fn new(standing: &Standing<'_>, all: &BTreeSet<Change>) -> Far {
        let limit = |change: &Change| match change {
            Change::PolicyDistance(limit) => Some(*limit),
            _ => None,
        };
        let widest = all
            .iter()
            .filter_map(limit)
            .max()
            .and_then(|limit| Change::PolicyDistance(limit).apply(&standing.calm));
        let Some(widest) = widest else { return Far(Vec::new()) };
        let new = admissible_pairs(&widest).into_iter().filter(|pair| standing.known(pair).is_none());
        let place = |pair: &Pair| {
            let lender = widest.firm(widest.surplus()[pair.surplus.index()].firm);
            let borrower = widest.firm(widest.shortages()[pair.shortage.index()].firm);
            road_distance(lender, borrower, widest.policy().road_factor)
        };
        Far(new.map(|pair| (place(&pair), pair)).collect())
    }

    fn changed<'s>(&self, standing: &Standing<'_>, scenario: &'s Scenario, change: Change) -> Changed<'s> {
        let pairs = self.changed_pairs(standing, scenario, change);
        Changed { scenario, pairs, lender: more_offered(change), pin: None }
    }

    /// The admissible pairs of a changed scenario that the plan's has not, or has otherwise.
    fn changed_pairs(&self, standing: &Standing<'_>, changed: &Scenario, change: Change) -> Vec<Pair> {
        let all_of = |i: SurplusIx| changed.shortage_indices().map(move |j| (i, j)).collect::<Vec<_>>();
        let keys: Vec<(SurplusIx, ShortageIx)> = match change {
            Change::PolicyDistance(limit) => {
                let near = self.0.iter().filter(|(distance, _)| *distance <= limit);
                return near.map(|(_, pair)| *pair).collect();
            }
            Change::Unblock(row) => {
                let block = &standing.scenario.blocked()[row];
                let lends = |i: &SurplusIx| changed.surplus()[i.index()].firm == block.lender;
                let asks = |j: &ShortageIx| changed.shortages()[j.index()].firm == block.borrower;
                let borrowers: Vec<ShortageIx> = changed.shortage_indices().filter(asks).collect();
                let lenders = changed.surplus_indices().filter(lends);
                lenders.flat_map(|i| borrowers.iter().map(move |&j| (i, j))).collect()
            }
            Change::Substitute(from, to, _) => {
                let skilled = |i: &SurplusIx| changed.surplus()[i.index()].skill == from;
                let lenders = changed.surplus_indices().filter(skilled);
                lenders.flat_map(|i| changed.shortages_of(to).iter().map(move |&j| (i, j))).collect()
            }
            Change::SurplusDistance(i, _)
            | Change::EarlierFrom(i, _)
            | Change::LaterTo(i, _)
            | Change::Consent(i)
            | Change::OpenSurplus(i)
            | Change::SurplusStay(i, _) => all_of(i),
            Change::ShortageDistance(j, _)
            | Change::Pay(j, _)
            | Change::OpenShortage(j)
            | Change::ShortageStay(j, _) => changed.surplus_indices().map(|i| (i, j)).collect(),
        };
        // Whoever has more to offer may send more on pairs that are as they were.
        let more = more_offered(change).is_some();
        let pairs = keys.into_iter().filter_map(|(i, j)| judge(changed, i, j).ok());
        pairs.filter(|pair| more || standing.known(pair) != Some(pair)).collect()
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
