//! An explanation as it was written earlier, on its way back in.

use std::collections::BTreeMap;

use tiaoji_core::scenario::Scenario;

use crate::analysis::ExplanationFile;
use crate::messages::Words;
use crate::plan::{PlanFile, fault, read_document};
use crate::report::Report;

/// Reads an explanation; `name` is what its faults call it. Keys that are not known here are passed over.
///
/// # Errors
/// As [`read_plan`](crate::read_plan).
pub fn read_explanation(name: &str, bytes: &[u8]) -> Result<ExplanationFile, Box<Report>> {
    read_document(name, bytes, ("explanation", "原因说明"))
}

/// What shows that an explanation is of another plan: a shortage of which it tells other worker-days than stay unfilled.
/// Nothing where it fits, and where it explains but some postings.
pub fn check_explanation(
    scenario: &Scenario,
    plan: &PlanFile,
    name: &str,
    explanation: &ExplanationFile,
) -> Option<Report> {
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    for stretch in &plan.unfilled {
        let days = scenario.days().span(stretch.from.0, stretch.to.0).len() as i64;
        *open.entry(&stretch.shortage).or_default() += stretch.count.saturating_mul(days);
    }
    let own = |id: &str| open.get(id).copied().unwrap_or(0);
    let other = explanation.unfilled.iter().find(|one| one.worker_days != own(&one.id))?;
    let (id, told, own) = (&other.id, other.worker_days, own(&other.id));
    let words = Words::new(
        format!(
            "the explanation is of another plan: of `{id}` it explains {told} worker-days, and {own} stay unfilled"
        ),
        format!("该说明属于另一份方案：`{id}` 说明了 {told} 人天，而方案中未满足 {own} 人天"),
        "explain this plan: `tiaoji explain SCENARIO PLAN.json --json`",
        "请重新说明本方案：`tiaoji explain SCENARIO PLAN.json --json`",
    );
    Some(*fault("figure", name, None, words))
}
