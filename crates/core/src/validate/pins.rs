//! Pins against the rules and the capacities. A forced pin breaks what it breaks: a person decided so.

use std::collections::BTreeMap;

use super::cells::Defects;
use super::tables::Lines;
use crate::admissibility::{Pair, judge};
use crate::defect::{DefectCode, Detail, Table};
use crate::rules::{Rule, RuleSet};
use crate::scenario::{Pin, Scenario, ShortageIx, Span, SurplusIx};
use crate::stay::pins_keep_stay;
use crate::units::Count;

pub(super) fn check(scenario: &Scenario, lines: &Lines, out: &mut Defects) {
    for (pin, &line) in scenario.pins().iter().zip(&lines.pins) {
        if pin.forced || scenario.pin_span(pin).is_empty() {
            continue;
        }
        let broken = match judge(scenario, pin.surplus, pin.shortage) {
            Err(broken) => broken,
            Ok(pair) => broken_by(scenario, pin, &pair),
        };
        if !broken.is_empty() {
            let read = format!(
                "{} -> {}",
                scenario.surplus()[pin.surplus.index()].id,
                scenario.shortages()[pin.shortage.index()].id
            );
            out.push(
                DefectCode::PinRule,
                Table::Pins,
                Some(line),
                "surplus",
                Some(read),
                Detail::Rules(broken),
            );
        }
    }
    capacities(scenario, lines, out);
}

/// What a pin on an admissible pair breaks by its own dates.
fn broken_by(scenario: &Scenario, pin: &Pin, pair: &Pair) -> RuleSet {
    let mut broken = RuleSet::default();
    let span = scenario.pin_span(pin);
    let posted = scenario.supply_dates(pin.surplus).intersect(scenario.demand_span(pin.shortage));
    if !posted.covers(span) {
        broken.insert(Rule::Dates);
    } else if !scenario.supply_span(pin.surplus).covers(span) {
        broken.insert(Rule::Contract);
    } else if !pair.window.covers(span) {
        broken.insert(Rule::Certificate);
    }
    // One that was under way before the horizon has part of its stay behind it.
    if span.len() < pair.stay && !scenario.under_way(pin) && !pins_keep_stay(scenario, pair) {
        broken.insert(Rule::MinStay);
    }
    broken
}

/// Pins of one posting against its capacity, day by day. Forced pins come first, whatever they leave; of the others
/// each one that does not fit any more is named.
fn capacities(scenario: &Scenario, lines: &Lines, out: &mut Defects) {
    let mut order: Vec<usize> = (0..scenario.pins().len()).collect();
    order.sort_by_key(|&p| !scenario.pins()[p].forced);
    let mut lent: BTreeMap<SurplusIx, Vec<Count>> = BTreeMap::new();
    let mut sent: BTreeMap<ShortageIx, Vec<Count>> = BTreeMap::new();
    for p in order {
        let pin = &scenario.pins()[p];
        let span = scenario.pin_span(pin);
        let days = scenario.days().len();
        let lender = &scenario.surplus()[pin.surplus.index()];
        let borrower = &scenario.shortages()[pin.shortage.index()];
        let sides = [
            (lent.entry(pin.surplus).or_insert_with(|| vec![0; days]), lender.capacity(), &lender.id),
            (sent.entry(pin.shortage).or_insert_with(|| vec![0; days]), borrower.headcount, &borrower.id),
        ];
        for (used, available, posting) in sides {
            let over = add(used, span, pin.count, available);
            if let (Some((t, needed)), false) = (over, pin.forced) {
                let day = scenario.days().day(t);
                let detail = Detail::Capacity { posting: posting.clone(), day, needed, available };
                let read = Some(pin.count.to_string());
                out.push(DefectCode::PinCapacity, Table::Pins, Some(lines.pins[p]), "count", read, detail);
                break;
            }
        }
    }
}

/// Adds a pin; the first day on which more is used than there is, and how much.
fn add(used: &mut [Count], span: Span, count: Count, available: Count) -> Option<(usize, Count)> {
    let mut over = None;
    for t in std::ops::Range::from(span) {
        used[t] += count;
        if used[t] > available && count > 0 && over.is_none() {
            over = Some((t, used[t]));
        }
    }
    over
}
