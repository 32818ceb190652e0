//! The referee: feasibility and objective from the scenario and the secondments alone. Shares no code with the
//! methods, so that it can catch them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use crate::admissibility;
use crate::earlier::Earlier;
pub use crate::plan::Claim;
use crate::plan::{Changes, Kpis};
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use crate::units::{Count, Day, Fen};

/// What a set of secondments breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The count is not positive, or the dates are reversed or not working days of the scenario.
    Shape {
        /// Position in the claims.
        claim: usize,
    },
    /// More workers lent than offered.
    Supply {
        /// The lender's posting.
        surplus: SurplusIx,
        /// First day on which it is.
        day: Day,
        /// Workers lent that day.
        lent: Count,
        /// Workers there.
        capacity: Count,
    },
    /// More workers sent than asked for.
    Demand {
        /// The borrower's posting.
        shortage: ShortageIx,
        /// First day on which it is.
        day: Day,
        /// Workers sent that day.
        sent: Count,
        /// Workers asked for.
        demand: Count,
    },
    /// The pair breaks rules, or lends outside its window (`dates`, `contract`, `certificate`) or for less than
    /// its stay (`min_stay`).
    Rules {
        /// The lender's posting.
        surplus: SurplusIx,
        /// The borrower's posting.
        shortage: ShortageIx,
        /// First day on which it does.
        day: Day,
        /// What is broken.
        rules: RuleSet,
    },
    /// Fewer workers than the pins of the pair say.
    Pin {
        /// The lender's posting.
        surplus: SurplusIx,
        /// The borrower's posting.
        shortage: ShortageIx,
        /// First day on which it is.
        day: Day,
        /// Workers pinned that day.
        pinned: Count,
        /// Workers there.
        count: Count,
    },
}

/// What the referee found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Everything that is broken; empty = feasible.
    pub violations: Vec<Violation>,
    /// The objective, recomputed. In 128 bits, since claims have no limits.
    pub objective: i128,
    /// Objective of the pins alone.
    pub baseline: Fen,
    /// Totals, recomputed (only meaningful where nothing is violated).
    pub kpis: Kpis,
    /// Unfilled workers of each shortage by working day of its span.
    pub unfilled: Vec<Vec<Count>>,
    /// Idle workers of each surplus by working day of its span.
    pub idle: Vec<Vec<Count>>,
    /// The cost of each claim, starts by first-in-first-out.
    pub costs: Vec<Fen>,
    /// What is another than in the earlier plan, where there is one.
    pub changes: Option<Changes>,
}

/// Judges a set of secondments, and counts what is another than in an earlier plan.
///
/// A pair's daily counts decide: what is allowed on a pair that no rule refuses lies in its window and keeps its
/// stay; what exceeds a window, a rule or a capacity is allowed exactly as far as the pins (forced ones) do.
pub fn judge(scenario: &Scenario, claims: &[Claim], earlier: Option<&Earlier>) -> Verdict {
    let mut violations = Vec::new();
    let mut daily = Daily::default();
    let mut spans = Vec::with_capacity(claims.len());
    for (claim, c) in claims.iter().enumerate() {
        let span = scenario.days().index(c.from).zip(scenario.days().index(c.to));
        let span = span.filter(|&(first, last)| first <= last && (1..=Claim::MOST).contains(&c.count));
        match span {
            Some((first, last)) => daily.add(scenario, (c.surplus, c.shortage), first..last + 1, c.count),
            None => violations.push(Violation::Shape { claim }),
        }
        spans.push(span);
    }
    let pins = Daily::of_pins(scenario);
    judge_pairs(scenario, &daily, &pins, &mut violations);
    judge_capacities(scenario, &daily, &pins, &mut violations);

    let tally = tally(scenario, &daily, &pins);
    let mut kpis = tally.kpis;
    kpis.secondments = claims.len() as Count;
    Verdict {
        violations,
        objective: tally.objective,
        baseline: Fen::try_from(self::tally(scenario, &pins, &pins).objective).unwrap_or(Fen::MAX),
        kpis,
        unfilled: tally.unfilled,
        idle: tally.idle,
        costs: claim_costs(scenario, claims, &spans, &daily, &pins),
        changes: earlier.map(|earlier| changes(scenario, &daily, earlier)),
    }
}

/// Worker-days by which the counts differ from an earlier plan's, over the pairs and days that both have.
fn changes(scenario: &Scenario, daily: &Daily, earlier: &Earlier) -> Changes {
    let pairs: BTreeSet<PairKey> = daily.counts.keys().copied().chain(earlier.pairs()).collect();
    let compared = pairs
        .into_iter()
        .filter(|&(i, j)| earlier.compares(i, j) && admissibility::judge(scenario, i, j).is_ok());
    let of_pair = |pair: PairKey| {
        let counts = earlier.counts(pair.0, pair.1);
        let change = |t: usize| (daily.count(pair, t) - counts.map_or(0, |counts| counts[t])).abs();
        Range::from(earlier.days()).map(change).sum::<Count>()
    };
    let worker_days = compared.map(of_pair).sum::<Count>();
    let cost = i128::from(worker_days) * i128::from(scenario.policy().stability);
    Changes { worker_days, cost: Fen::try_from(cost).unwrap_or(Fen::MAX) }
}

type PairKey = (SurplusIx, ShortageIx);

/// Counts of every pair by working day, and how many were there before the first.
#[derive(Default)]
struct Daily {
    counts: BTreeMap<PairKey, Vec<Count>>,
    before: BTreeMap<PairKey, Count>,
}

impl Daily {
    fn add(&mut self, scenario: &Scenario, pair: PairKey, days: Range<usize>, count: Count) {
        let counts = self.counts.entry(pair).or_insert_with(|| vec![0; scenario.days().len()]);
        counts[days].iter_mut().for_each(|n| *n += count);
    }

    fn of_pins(scenario: &Scenario) -> Daily {
        let mut daily = Daily::default();
        for pin in scenario.pins() {
            let pair = (pin.surplus, pin.shortage);
            daily.add(scenario, pair, scenario.pin_span(pin).into(), pin.count);
            if scenario.under_way(pin) {
                *daily.before.entry(pair).or_default() += pin.count;
            }
        }
        daily
    }

    fn count(&self, pair: PairKey, t: usize) -> Count {
        self.counts.get(&pair).map_or(0, |counts| counts[t])
    }

    fn before(&self, pair: PairKey) -> Count {
        self.before.get(&pair).copied().unwrap_or(0)
    }

    /// Workers by whom each pair's count rises on day `t`; `there` gives those before the first day.
    fn rise(&self, pair: PairKey, t: usize, there: &Daily) -> Count {
        let earlier = if t == 0 { there.before(pair) } else { self.count(pair, t - 1) };
        (self.count(pair, t) - earlier).max(0)
    }
}

fn judge_pairs(scenario: &Scenario, daily: &Daily, pins: &Daily, violations: &mut Vec<Violation>) {
    for (&(surplus, shortage), pinned) in &pins.counts {
        let short = (0..pinned.len()).find(|&t| daily.count((surplus, shortage), t) < pinned[t]);
        if let Some(t) = short {
            let count = daily.count((surplus, shortage), t);
            let day = scenario.days().day(t);
            violations.push(Violation::Pin { surplus, shortage, day, pinned: pinned[t], count });
        }
    }
    for (&(surplus, shortage), counts) in &daily.counts {
        let pair = (surplus, shortage);
        let beyond = |t: usize| counts[t] > pins.count(pair, t);
        let broken = match admissibility::judge(scenario, surplus, shortage) {
            Err(rules) => (0..counts.len()).find(|&t| beyond(t)).map(|t| (t, rules)),
            Ok(found) => {
                let outside = (0..counts.len()).find(|&t| beyond(t) && !found.window.contains(t)).map(|t| {
                    let rule = if !scenario.supply_dates(surplus).contains(t)
                        || !scenario.demand_span(shortage).contains(t)
                    {
                        Rule::Dates
                    } else if scenario.supply_span(surplus).contains(t) {
                        Rule::Certificate
                    } else {
                        Rule::Contract
                    };
                    (t, RuleSet::from(rule))
                });
                let stays = || {
                    let before = pins.before(pair);
                    let none = vec![0; counts.len()];
                    let pinned = pins.counts.get(&pair).unwrap_or(&none);
                    let forced = first_short_stay(pinned, before, found.stay).is_some();
                    first_short_stay(counts, before, found.stay).filter(|_| !forced)
                };
                outside.or_else(|| stays().map(|t| (t, RuleSet::from(Rule::MinStay))))
            }
        };
        if let Some((t, rules)) = broken {
            let day = scenario.days().day(t);
            violations.push(Violation::Rules { surplus, shortage, day, rules });
        }
    }
}

/// First in, first out: the day on which somebody started who does not stay. Written apart from
/// [`crate::stay`], which the methods use.
fn first_short_stay(counts: &[Count], before: Count, stay: usize) -> Option<usize> {
    let mut there: VecDeque<(Option<usize>, Count)> = VecDeque::from([(None, before)]);
    let mut total = before;
    for t in 0..=counts.len() {
        let now = counts.get(t).copied().unwrap_or(0);
        if now > total {
            there.push_back((Some(t), now - total));
        }
        let mut leaving = (total - now).max(0);
        while leaving > 0 {
            let (started, count) = there.front_mut()?;
            if let Some(day) = started.filter(|day| t - day < stay) {
                return Some(day);
            }
            let gone = leaving.min(*count);
            *count -= gone;
            leaving -= gone;
            if *count == 0 {
                there.pop_front();
            }
        }
        total = now;
    }
    None
}

fn judge_capacities(scenario: &Scenario, daily: &Daily, pins: &Daily, violations: &mut Vec<Violation>) {
    let sums = |of: &Daily| {
        let days = scenario.days().len();
        let mut lent = vec![vec![0; days]; scenario.surplus().len()];
        let mut sent = vec![vec![0; days]; scenario.shortages().len()];
        for (&(i, j), counts) in &of.counts {
            for (t, &n) in counts.iter().enumerate() {
                lent[i.index()][t] += n;
                sent[j.index()][t] += n;
            }
        }
        (lent, sent)
    };
    let ((lent, sent), (pinned_lent, pinned_sent)) = (sums(daily), sums(pins));
    let allowed = |span: Span, most: Count, t: usize, pinned: Count| {
        (if span.contains(t) { most } else { 0 }).max(pinned)
    };
    for surplus in scenario.surplus_indices() {
        let (span, i) = (scenario.supply_span(surplus), surplus.index());
        let most = scenario.surplus()[i].capacity();
        let room = |t: usize| allowed(span, most, t, pinned_lent[i][t]);
        if let Some(t) = (0..lent[i].len()).find(|&t| lent[i][t] > room(t)) {
            let day = scenario.days().day(t);
            violations.push(Violation::Supply { surplus, day, lent: lent[i][t], capacity: room(t) });
        }
    }
    for shortage in scenario.shortage_indices() {
        let (span, j) = (scenario.demand_span(shortage), shortage.index());
        let most = scenario.shortages()[j].headcount;
        let room = |t: usize| allowed(span, most, t, pinned_sent[j][t]);
        if let Some(t) = (0..sent[j].len()).find(|&t| sent[j][t] > room(t)) {
            let day = scenario.days().day(t);
            violations.push(Violation::Demand { shortage, day, sent: sent[j][t], demand: room(t) });
        }
    }
}

struct Tally {
    objective: i128,
    kpis: Kpis,
    unfilled: Vec<Vec<Count>>,
    idle: Vec<Vec<Count>>,
}

/// The objective and its parts, from the daily counts alone.
fn tally(scenario: &Scenario, daily: &Daily, pins: &Daily) -> Tally {
    let mut kpis = Kpis::default();
    let mut unfilled: Vec<Vec<Count>> = Vec::new();
    let mut idle: Vec<Vec<Count>> = Vec::new();
    for i in scenario.surplus_indices() {
        let capacity = scenario.surplus()[i.index()].capacity();
        idle.push(vec![capacity; scenario.supply_span(i).len()]);
        kpis.offered_worker_days += capacity * scenario.supply_span(i).len() as Count;
    }
    for j in scenario.shortage_indices() {
        let asked = scenario.shortages()[j.index()].headcount;
        unfilled.push(vec![asked; scenario.demand_span(j).len()]);
        kpis.demanded_worker_days += asked * scenario.demand_span(j).len() as Count;
    }
    let (mut lending, mut starting) = (0_i128, 0_i128);
    for (&(i, j), counts) in &daily.counts {
        let (c, h) = admissibility::costs(scenario, i, j);
        let (supply, demand) = (scenario.supply_span(i), scenario.demand_span(j));
        let mut days = 0;
        for (t, &n) in counts.iter().enumerate() {
            let starts = daily.rise((i, j), t, pins);
            kpis.starts += starts;
            starting += i128::from(starts) * i128::from(h);
            days += n;
            if supply.contains(t) {
                idle[i.index()][t - supply.start] -= n;
            }
            if demand.contains(t) {
                unfilled[j.index()][t - demand.start] -= n;
            }
        }
        lending += i128::from(days) * i128::from(c);
        let firm = |firm| scenario.firm(firm).alliance.as_ref();
        let lender = firm(scenario.surplus()[i.index()].firm);
        if lender.is_some() && lender == firm(scenario.shortages()[j.index()].firm) {
            kpis.lent_inside_alliance_days += days;
        } else {
            kpis.lent_across_alliance_days += days;
        }
    }
    let mut missing = 0_i128;
    for (j, unfilled) in scenario.shortage_indices().zip(&mut unfilled) {
        let cost = scenario.unmet_cost(j);
        for n in unfilled {
            *n = (*n).max(0);
            kpis.unfilled_worker_days += *n;
            missing += i128::from(cost.of(*n));
        }
    }
    for n in idle.iter_mut().flatten() {
        *n = (*n).max(0);
        kpis.idle_worker_days += *n;
    }
    kpis.filled_worker_days = kpis.demanded_worker_days - kpis.unfilled_worker_days;
    let fen = |sum: i128| Fen::try_from(sum).unwrap_or(Fen::MAX);
    (kpis.unmet_cost, kpis.lending_cost, kpis.start_cost) = (fen(missing), fen(lending), fen(starting));
    Tally { objective: missing + lending + starting, kpis, unfilled, idle }
}

/// What each claim costs. Starts are paid by the claims that begin where the pair's count rises; where fewer rise
/// than begin, those that leave last are the new ones (first in, first out).
fn claim_costs(
    scenario: &Scenario,
    claims: &[Claim],
    spans: &[Option<(usize, usize)>],
    daily: &Daily,
    pins: &Daily,
) -> Vec<Fen> {
    let mut costs = vec![0; claims.len()];
    let mut order: Vec<usize> = (0..claims.len()).filter(|&k| spans[k].is_some()).collect();
    order.sort_by_key(|&k| std::cmp::Reverse(spans[k]));
    let mut rises: BTreeMap<(PairKey, usize), Count> = BTreeMap::new();
    for k in order {
        let Some((first, last)) = spans[k] else { continue };
        let (claim, pair) = (&claims[k], (claims[k].surplus, claims[k].shortage));
        let (c, h) = admissibility::costs(scenario, claim.surplus, claim.shortage);
        let left = rises.entry((pair, first)).or_insert_with(|| daily.rise(pair, first, pins));
        let starts = claim.count.min(*left);
        *left -= starts;
        let days = i128::from(claim.count) * (last - first + 1) as i128;
        let cost = days * i128::from(c) + i128::from(starts) * i128::from(h);
        costs[k] = Fen::try_from(cost).unwrap_or(Fen::MAX);
    }
    costs
}
