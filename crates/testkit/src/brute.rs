//! The optimum by dynamic programming over days and all counts: shares nothing with the engine but the rules, and
//! answers only for a handful of workers.

use std::collections::HashMap;

use tiaoji_core::admissibility::{Pair, admissible_pairs, costs};
use tiaoji_core::earlier::Earlier;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::stay::pins_keep_stay;

/// One pair as the search sees it.
struct Line {
    surplus: SurplusIx,
    shortage: ShortageIx,
    daily: i64,
    start: i64,
    stay: usize,
    /// Fewest and most workers of each day.
    bounds: Vec<(i64, i64)>,
    /// One past the last day of the window.
    end: usize,
    before: i64,
    /// Who was there by an earlier plan, on the days that count, and what each one more or less costs.
    earlier: Vec<Option<i64>>,
    rate: i64,
}

/// What matters of the past: counts of the last day, and who started on each of the last days that a stay spans.
type State = Vec<Vec<i64>>;

/// The objective of the best plan, with what it changes against an earlier one; none where a day has more than `limit`
/// states, or as many choices.
pub fn optimum(scenario: &Scenario, earlier: Option<&Earlier>, limit: usize) -> Option<i64> {
    let lines = lines(scenario, earlier);
    let choices =
        |t: usize| lines.iter().map(|line| (line.bounds[t].1 - line.bounds[t].0 + 1) as f64).product::<f64>();
    if (0..scenario.days().len()).any(|t| choices(t) > limit as f64) {
        return None;
    }
    let mut states: HashMap<State, i64> =
        HashMap::from([(lines.iter().map(|line| vec![line.before]).collect(), 0)]);
    for t in 0..scenario.days().len() {
        let mut next: HashMap<State, i64> = HashMap::new();
        for (state, cost) in &states {
            let mut counts = Vec::new();
            extend(scenario, &lines, t, state, *cost, &mut counts, &mut next);
            if next.len() > limit {
                return None;
            }
        }
        states = next;
    }
    states.values().copied().min()
}

fn lines(scenario: &Scenario, earlier: Option<&Earlier>) -> Vec<Line> {
    let days = scenario.days().len();
    let mut pairs: Vec<(SurplusIx, ShortageIx, Option<Pair>)> =
        admissible_pairs(scenario).into_iter().map(|p| (p.surplus, p.shortage, Some(p))).collect();
    for pin in scenario.pins() {
        if !pairs.iter().any(|p| (p.0, p.1) == (pin.surplus, pin.shortage)) {
            pairs.push((pin.surplus, pin.shortage, None));
        }
    }
    pairs
        .into_iter()
        .map(|(surplus, shortage, pair)| {
            let mut pinned = vec![0; days];
            let mut before = 0;
            for pin in scenario.pins().iter().filter(|p| (p.surplus, p.shortage) == (surplus, shortage)) {
                let span = scenario.pin_span(pin);
                pinned[span.start..span.end].iter_mut().for_each(|n| *n += pin.count);
                before += if scenario.under_way(pin) { pin.count } else { 0 };
            }
            let most = scenario.surplus()[surplus.index()]
                .capacity()
                .min(scenario.shortages()[shortage.index()].headcount);
            let in_window = |t: usize| pair.is_some_and(|p| p.window.contains(t));
            let bounds =
                (0..days).map(|t| (pinned[t], if in_window(t) { most.max(pinned[t]) } else { pinned[t] }));
            let bounds = bounds.collect();
            let (daily, start) = costs(scenario, surplus, shortage);
            let stay = pair.filter(|p| pins_keep_stay(scenario, p)).map_or(1, |p| p.stay);
            let end = pair.map_or(days, |p| p.window.end);
            let plan = earlier.filter(|plan| pair.is_some() && plan.compares(surplus, shortage));
            let earlier = (0..days).map(|t| {
                let plan = plan.filter(|plan| plan.days().contains(t))?;
                Some(plan.counts(surplus, shortage).map_or(0, |counts| counts[t]))
            });
            let (earlier, rate) = (earlier.collect(), scenario.policy().stability);
            Line { surplus, shortage, daily, start, stay, bounds, end, before, earlier, rate }
        })
        .collect()
}

fn extend(
    scenario: &Scenario,
    lines: &[Line],
    t: usize,
    state: &State,
    cost: i64,
    counts: &mut Vec<i64>,
    next: &mut HashMap<State, i64>,
) {
    let k = counts.len();
    if k == lines.len() {
        close(scenario, lines, t, state, cost, counts, next);
        return;
    }
    let line = &lines[k];
    let (low, high) = line.bounds[t];
    for count in low..=high {
        let starts = (count - state[k][0]).max(0);
        // state[k][1..] are the starts of the last days, the latest first
        let recent: i64 = state[k].iter().skip(1).take(line.stay - 1).sum::<i64>() + starts;
        let too_late = line.stay > 1 && starts > 0 && t + line.stay > line.end;
        if too_late || (line.stay > 1 && count < recent) {
            continue;
        }
        counts.push(count);
        extend(scenario, lines, t, state, cost, counts, next);
        counts.pop();
    }
}

fn close(
    scenario: &Scenario,
    lines: &[Line],
    t: usize,
    state: &State,
    mut cost: i64,
    counts: &[i64],
    next: &mut HashMap<State, i64>,
) {
    let sum = |of: &dyn Fn(&Line) -> bool, value: &dyn Fn(usize) -> i64| {
        (0..lines.len()).filter(|&k| of(&lines[k])).map(value).sum::<i64>()
    };
    for i in scenario.surplus_indices() {
        let offered = scenario.surplus()[i.index()].capacity();
        let offered = if scenario.supply_span(i).contains(t) { offered } else { 0 };
        let of = |line: &Line| line.surplus == i;
        if sum(&of, &|k| counts[k]) > offered.max(sum(&of, &|k| lines[k].bounds[t].0)) {
            return;
        }
    }
    for j in scenario.shortage_indices() {
        let asked = scenario.shortages()[j.index()].headcount;
        let asked = if scenario.demand_span(j).contains(t) { asked } else { 0 };
        let of = |line: &Line| line.shortage == j;
        let filled = sum(&of, &|k| counts[k]);
        if filled > asked.max(sum(&of, &|k| lines[k].bounds[t].0)) {
            return;
        }
        cost += scenario.unmet_cost(j).of((asked - filled).max(0));
    }
    let mut state = state.clone();
    for ((line, &count), past) in lines.iter().zip(counts).zip(&mut state) {
        let starts = (count - past[0]).max(0);
        cost += count * line.daily + starts * line.start;
        cost += line.earlier[t].map_or(0, |earlier| line.rate * (count - earlier).abs());
        past[0] = count;
        past.insert(1, starts);
        past.truncate(line.stay.max(1));
    }
    let known = next.entry(state).or_insert(i64::MAX);
    *known = cost.min(*known);
}
