//! From daily counts to secondments in canonical order.

use std::collections::BTreeMap;

use crate::plan::Secondment;
use crate::scenario::{Scenario, ShortageIx, SurplusIx};
use crate::stay::runs;
use crate::units::Count;

/// Workers of every pair, by working day of the scenario.
pub type DailyCounts = BTreeMap<(SurplusIx, ShortageIx), Vec<Count>>;

/// The secondments that follow from each pair's daily counts alone: the earliest start is matched with the earliest
/// end, workers of a pair with the same first and last day are one row, rows stand in the order of surplus and
/// shortage as posted, from, to. Costs are left 0: the referee says what each costs.
pub fn secondments(scenario: &Scenario, counts: &DailyCounts) -> Vec<Secondment> {
    let mut rows = Vec::new();
    for (&(surplus, shortage), counts) in counts {
        for ((first, last), count) in runs(counts) {
            let (from, to) = (scenario.days().day(first), scenario.days().day(last));
            rows.push(Secondment { surplus, shortage, count, from, to, cost: 0 });
        }
    }
    rows
}
