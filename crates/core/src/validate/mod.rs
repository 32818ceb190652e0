//! From a draft to a valid scenario, or to every defect of the draft.
//!
//! Consequences are not reported: a bad cell is not checked further, a row with a bad id defines no id, and what a
//! row with a defect would mean for pins and sums is not judged.

mod cells;
mod pins;
mod tables;
mod warnings;

use crate::admissibility::admissible_pairs;
use crate::defect::{Defect, DefectCode, Detail, Table};
use crate::draft::ScenarioDraft;
use crate::scenario::{Scenario, Tables, WorkingDays};

impl Scenario {
    /// Checks a draft.
    ///
    /// # Errors
    /// Every defect at once, in the order of the tables; a cell that the reader already reported
    /// ([`Cell::Bad`](crate::draft::Cell::Bad)) is not reported again, nor what follows from it.
    pub fn new(draft: &ScenarioDraft) -> Result<Scenario, Vec<Defect>> {
        let mut defects = cells::Defects::default();
        let checked = tables::check(draft, &mut defects);
        let lines = checked.lines;
        let mut complete = checked.complete;
        // The rows without a defect are a scenario of their own: pins and sums are judged on it.
        if let Some(tables) = checked.tables {
            let days = working_days(&tables);
            let mut scenario = Scenario::assemble(tables, days);
            pins::check(&scenario, &lines, &mut defects);
            if worst_case_exceeds(&scenario, i128::from(i64::MAX)) {
                defects.all.push(Defect::table(DefectCode::Overflow, Table::Scenario, Detail::None));
            }
            complete &= defects.all.is_empty();
            if complete {
                let warnings = warnings::find(&scenario, &lines);
                scenario.set_warnings(warnings);
                return Ok(scenario);
            }
        }
        let mut all = defects.all;
        all.sort_by_key(|defect| (defect.at.table, defect.at.row));
        Err(all)
    }
}

/// The time base: every working day from the first to the last date of any posting or pin, within the horizon.
fn working_days(tables: &Tables) -> WorkingDays {
    let spans = || {
        let surplus = tables.surplus.iter().map(|s| (s.from, s.to));
        let shortages = tables.shortages.iter().map(|d| (d.from, d.to));
        surplus.chain(shortages).chain(tables.pins.iter().map(|p| (p.from, p.to)))
    };
    let Some(mut first) = spans().map(|(from, _)| from).min() else { return WorkingDays::default() };
    let Some(mut last) = spans().map(|(_, to)| to).max() else { return WorkingDays::default() };
    if let Some((from, to)) = tables.horizon {
        (first, last) = (first.max(from), last.min(to));
    }
    let mut exceptions = tables.calendar.clone();
    exceptions.sort_unstable();
    WorkingDays::new(first, last, |day| match exceptions.binary_search_by_key(&day, |&(date, _)| date) {
        Ok(found) => exceptions[found].1,
        Err(_) => !tables.policy.rest_weekdays[day.weekday()],
    })
}

/// Whether the worst case of the objective is more than a limit, in fen: all demand unmet, plus every pair lending and
/// starting as much as it could on every day of its window, plus every forced pin likewise (it may be on no such pair).
pub(crate) fn worst_case_exceeds(scenario: &Scenario, limit: i128) -> bool {
    let mut worst: i128 = 0;
    for j in scenario.shortage_indices() {
        let shortage = &scenario.shortages()[j.index()];
        let unmet = scenario.unmet_cost(j);
        let days = scenario.demand_span(j).len() as i128;
        let dear = i128::from(shortage.headcount - unmet.cheap_count) * i128::from(unmet.dear);
        worst += days * (dear + i128::from(unmet.cheap_count) * i128::from(unmet.cheap));
    }
    if worst + most_of_lending(scenario) <= limit {
        return false;
    }
    for pair in admissible_pairs(scenario) {
        let surplus = &scenario.surplus()[pair.surplus.index()];
        let most = surplus.capacity().min(scenario.shortages()[pair.shortage.index()].headcount);
        let cost = i128::from(pair.daily_cost) + i128::from(pair.start_cost);
        worst += i128::from(most) * cost * pair.window.len() as i128;
    }
    for pin in scenario.pins().iter().filter(|pin| pin.forced) {
        let (daily, start) = crate::admissibility::costs(scenario, pin.surplus, pin.shortage);
        let cost = i128::from(daily) + i128::from(start);
        worst += i128::from(pin.count) * cost * scenario.pin_span(pin).len() as i128;
    }
    worst > limit
}

/// More than all lending and starting could ever cost, without looking at pairs: every surplus lent to every shortage
/// and every pin, at the highest cost there may be. Saves most scenarios the look.
fn most_of_lending(scenario: &Scenario) -> i128 {
    /// Half around the Earth, in metres.
    const FURTHEST: f64 = 20_100_000.0;
    let policy = scenario.policy();
    let metres = policy.max_distance.unwrap_or((FURTHEST * policy.road_factor) as i64);
    let transport = i128::from(policy.transport_per_km) * (i128::from(metres) / 1000 + 1);
    let training = scenario.substitutions().iter().map(|s| s.training_cost).max().unwrap_or(0);
    let cost =
        i128::from(policy.daily_base + policy.cross_alliance + policy.onboarding + training) + transport;
    let lent = scenario.surplus_indices().map(|i| {
        let capacity = i128::from(scenario.surplus()[i.index()].capacity());
        capacity * scenario.supply_span(i).len() as i128 * scenario.shortages().len() as i128
    });
    if scenario.pins().iter().any(|pin| pin.forced) {
        return i128::from(i64::MAX); // forced pins go beyond every limit: look closely
    }
    lent.sum::<i128>() * cost
}
