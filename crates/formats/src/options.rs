//! Options of one posting as a JSON document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::analysis::{Asking, Choice, Standing};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};

use crate::analysis::{BlockedFile, blocked};
use crate::messages::{borrower_miss, lender_miss};
use crate::plan::Date;

/// Who could be the partner of a posting, against a plan as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Options")]
pub struct OptionsFile {
    /// The posting that asks.
    pub posting: String,
    /// The best first: those in the plan, then those that bring the whole zone most.
    pub options: Vec<ChoiceFile>,
    /// Who is kept away by which rule.
    pub ruled_out: Vec<BlockedFile>,
}

/// One partner; see [`Choice`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Choice")]
pub struct ChoiceFile {
    /// The lender's posting.
    pub surplus: String,
    /// The borrower's posting.
    pub shortage: String,
    /// The partner's firm.
    pub firm: String,
    /// Whether the plan has it already.
    pub in_plan: bool,
    /// Workers; of a partner in the plan on the day when they are most.
    pub count: i64,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Their days.
    pub worker_days: i64,
    /// By how much the objective of the whole plan falls; negative where it rises. That of a plan that was found: a full run
    /// may find a little more.
    pub saved_fen: i64,
    /// Shortages that are filled otherwise.
    pub filled: Vec<FilledFile>,
    /// Other pairs whose workers are more or fewer.
    pub moved: Vec<ShiftFile>,
}

/// A shortage with worker-days more or less.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Filled")]
pub struct FilledFile {
    pub shortage: String,
    pub worker_days: i64,
}

/// A pair with worker-days more or less.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Shift")]
pub struct ShiftFile {
    pub surplus: String,
    pub shortage: String,
    pub worker_days: i64,
}

/// The options of a posting of `scenario`: that of the plan, or the same with this posting more.
pub fn options_file(standing: &Standing<'_>, scenario: &Scenario, asking: Asking) -> OptionsFile {
    let surplus = |i: SurplusIx| scenario.surplus()[i.index()].id.clone();
    let shortage = |j: ShortageIx| scenario.shortages()[j.index()].id.clone();
    let choice = |choice: Choice| ChoiceFile {
        surplus: surplus(choice.pair.0),
        shortage: shortage(choice.pair.1),
        firm: scenario
            .firm(match asking {
                Asking::Shortage(_) => scenario.surplus()[choice.pair.0.index()].firm,
                Asking::Surplus(_) => scenario.shortages()[choice.pair.1.index()].firm,
            })
            .id
            .clone(),
        in_plan: choice.in_plan,
        count: choice.count,
        from: Date(choice.from),
        to: Date(choice.to),
        worker_days: choice.worker_days,
        saved_fen: choice.saved,
        filled: choice
            .filled
            .into_iter()
            .map(|(j, worker_days)| FilledFile { shortage: shortage(j), worker_days })
            .collect(),
        moved: choice
            .moved
            .into_iter()
            .map(|((i, j), worker_days)| ShiftFile {
                surplus: surplus(i),
                shortage: shortage(j),
                worker_days,
            })
            .collect(),
    };
    let options = standing.options(scenario, asking).into_iter().map(choice).collect();
    let (posting, ruled_out) = match asking {
        Asking::Shortage(j) => {
            let kept = standing.no_lenders(scenario, j);
            let text = |rule, miss: &_, language| lender_miss(scenario, rule, miss, language);
            (shortage(j), blocked(&kept, |&i| surplus(i), text))
        }
        Asking::Surplus(i) => {
            let kept = standing.no_borrowers(scenario, i);
            let text = |rule, miss: &_, language| borrower_miss(scenario, rule, miss, language);
            (surplus(i), blocked(&kept, |&j| shortage(j), text))
        }
    };
    OptionsFile { posting, options, ruled_out }
}
