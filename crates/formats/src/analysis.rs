//! Explanations, sweeps and comparisons as JSON documents.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::analysis::{Blocked, Detail, Miss, Remedy, Standing};
use tiaoji_core::compare::Comparison;
use tiaoji_core::plan::Plan;
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};

use crate::messages::{Language, borrower_miss, change_text, lender_miss, rival_text};
use crate::plan::{KpisFile, ReasonFile, idle_file, unfilled_file};
use crate::report::Report;

/// Why postings stay unfilled or idle, and what would change it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A tiaoji explanation", rename = "Explanation")]
pub struct ExplanationFile {
    /// Name of the scenario.
    pub scenario: String,
    /// Shortages.
    pub unfilled: Vec<ExplainedFile>,
    /// Surplus postings.
    pub idle: Vec<ExplainedFile>,
}

/// One posting.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Explained")]
pub struct ExplainedFile {
    /// Its id.
    pub id: String,
    /// Its firm's id.
    pub firm: String,
    /// Its skill's id.
    pub skill: String,
    /// Worker-days unfilled or idle.
    pub worker_days: i64,
    /// Maximal runs of working days with equal count and reasons.
    pub stretches: Vec<StretchFile>,
    /// What each rule keeps away.
    pub blocked: Vec<BlockedFile>,
    /// Admissible partners, by what they lack in fen a day.
    pub rivals: Vec<RivalFile>,
    /// Single changes that would fill more of it; of a surplus none.
    pub remedies: Vec<RemedyFile>,
}

/// A stretch, as in a plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Stretch")]
pub struct StretchFile {
    pub from: crate::plan::Date,
    pub to: crate::plan::Date,
    pub count: i64,
    pub reasons: Vec<ReasonFile>,
}

/// What one rule keeps away; see [`tiaoji_core::analysis::Blocked`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Blocked")]
pub struct BlockedFile {
    pub rule: String,
    pub postings: usize,
    pub alone: usize,
    pub workers: i64,
    pub nearest: Vec<MissFile>,
}

/// A partner that one rule alone keeps away; see [`Miss`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Miss")]
pub struct MissFile {
    pub id: String,
    pub workers: i64,
    pub distance_m: i64,
    /// What it has, in metres, fen or working days.
    pub has: Option<i64>,
    /// What it would take.
    pub takes: Option<i64>,
    pub text: String,
    pub text_zh: String,
}

/// An admissible partner, in fen per worker-day; see [`tiaoji_core::analysis::Rival`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Rival")]
pub struct RivalFile {
    pub id: String,
    pub workers: i64,
    /// The stretch on which one worker more would cost least a day.
    pub from: Option<crate::plan::Date>,
    pub to: Option<crate::plan::Date>,
    pub price_fen: i64,
    pub cost_fen: i64,
    pub worth_fen: i64,
    /// What the whole zone loses at least, per worker-day, where one worker more has to be there, less what the plan may have missed.
    pub short_fen: i64,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub text_zh: String,
}

/// A single change and what it brings; see [`Remedy`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Remedy")]
pub struct RemedyFile {
    pub code: String,
    pub text: String,
    pub text_zh: String,
    pub worker_days: i64,
    pub zone_worker_days: i64,
    pub saved_fen: i64,
    /// No plan under the change saves more.
    pub saved_at_most_fen: i64,
    /// Whether it was solved to the gap of the plan; if not, it brings at least this.
    pub finished: bool,
}

pub(crate) fn blocked<P>(
    blocked: &[Blocked<P>],
    id: impl Fn(&P) -> String,
    text: impl Fn(Rule, &Miss<P>, Language) -> String,
) -> Vec<BlockedFile> {
    let of_rule = |of: &Blocked<P>| BlockedFile {
        rule: of.rule.code().to_string(),
        postings: of.postings,
        alone: of.alone,
        workers: of.workers,
        nearest: of
            .nearest
            .iter()
            .map(|miss| MissFile {
                id: id(&miss.posting),
                workers: miss.workers,
                distance_m: miss.distance,
                has: miss.measure.map(|(has, _)| has),
                takes: miss.measure.map(|(_, takes)| takes),
                text: text(of.rule, miss, Language::En),
                text_zh: text(of.rule, miss, Language::Zh),
            })
            .collect(),
    };
    blocked.iter().map(of_rule).collect()
}

fn rivals<P>(detail: &Detail<P>, id: impl Fn(&P) -> String) -> Vec<RivalFile> {
    let file = |rival: &tiaoji_core::analysis::Rival<P>| RivalFile {
        id: id(&rival.posting),
        workers: rival.workers,
        from: Some(crate::plan::Date(rival.from)),
        to: Some(crate::plan::Date(rival.to)),
        price_fen: rival.price,
        cost_fen: rival.cost,
        worth_fen: rival.worth,
        short_fen: rival.short,
        text: rival_text(rival, &id(&rival.posting), Language::En),
        text_zh: rival_text(rival, &id(&rival.posting), Language::Zh),
    };
    detail.rivals.iter().map(file).collect()
}

/// A shortage explained.
pub fn explained_shortage(
    scenario: &Scenario,
    standing: &Standing<'_>,
    j: ShortageIx,
    remedies: &[Remedy],
) -> ExplainedFile {
    let shortage = &scenario.shortages()[j.index()];
    let detail = standing.why_unfilled(j);
    let id = |i: &SurplusIx| scenario.surplus()[i.index()].id.clone();
    let own = standing.unfilled.iter().filter(|stretch| stretch.posting == j);
    let stretch = |file: crate::plan::UnfilledFile| StretchFile {
        from: file.from,
        to: file.to,
        count: file.count,
        reasons: file.reasons,
    };
    let remedy = |remedy: &Remedy| RemedyFile {
        code: remedy.change.code().to_string(),
        text: change_text(scenario, remedy.change, Language::En),
        text_zh: change_text(scenario, remedy.change, Language::Zh),
        worker_days: remedy.worker_days,
        zone_worker_days: remedy.zone_worker_days,
        saved_fen: remedy.saved,
        saved_at_most_fen: remedy.saved_at_most,
        finished: remedy.finished,
    };
    ExplainedFile {
        id: shortage.id.clone(),
        firm: scenario.firm(shortage.firm).id.clone(),
        skill: scenario.skills()[shortage.skill.index()].id.clone(),
        worker_days: standing.missing_days(j),
        stretches: own.map(|own| stretch(unfilled_file(scenario, own))).collect(),
        blocked: blocked(&detail.blocked, id, |rule, miss, language| {
            lender_miss(scenario, rule, miss, language)
        }),
        rivals: rivals(&detail, id),
        remedies: remedies.iter().map(remedy).collect(),
    }
}

/// A surplus explained.
pub fn explained_surplus(scenario: &Scenario, standing: &Standing<'_>, i: SurplusIx) -> ExplainedFile {
    let surplus = &scenario.surplus()[i.index()];
    let detail = standing.why_idle(i);
    let id = |j: &ShortageIx| scenario.shortages()[j.index()].id.clone();
    let own = standing.idle.iter().filter(|stretch| stretch.posting == i);
    let stretch = |file: crate::plan::IdleFile| StretchFile {
        from: file.from,
        to: file.to,
        count: file.count,
        reasons: file.reasons,
    };
    ExplainedFile {
        id: surplus.id.clone(),
        firm: scenario.firm(surplus.firm).id.clone(),
        skill: scenario.skills()[surplus.skill.index()].id.clone(),
        worker_days: standing.verdict.idle[i.index()].iter().sum(),
        stretches: own.map(|own| stretch(idle_file(scenario, own))).collect(),
        blocked: blocked(&detail.blocked, id, |rule, miss, language| {
            borrower_miss(scenario, rule, miss, language)
        }),
        rivals: rivals(&detail, id),
        remedies: Vec::new(),
    }
}

/// One point of a what-if: the values set, and what the plan comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Point")]
pub struct PointFile {
    pub set: Vec<SetFile>,
    pub objective_fen: i64,
    pub bound_fen: i64,
    pub baseline_fen: i64,
    pub gap: f64,
    pub kpis: KpisFile,
}

/// A scenario as it is, and with other values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A tiaoji what-if", rename = "WhatIf")]
pub struct WhatIfFile {
    /// Name of the scenario.
    pub scenario: String,
    /// As it is.
    pub base: PointFile,
    /// With every combination of the values asked for.
    pub points: Vec<PointFile>,
    /// The combinations that are no valid scenario, and why.
    #[serde(default)]
    pub refused: Vec<RefusedFile>,
}

/// Values with which a scenario has defects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Refused")]
pub struct RefusedFile {
    pub set: Vec<SetFile>,
    pub defects: Vec<Report>,
}

impl RefusedFile {
    /// What is wrong with these values.
    pub fn new(set: &[(String, String)], defects: Vec<Report>) -> RefusedFile {
        RefusedFile { set: SetFile::all(set), defects }
    }

    /// The codes of its defects, each once.
    pub fn codes(&self) -> String {
        let codes: BTreeSet<&str> = self.defects.iter().map(|defect| defect.code.as_str()).collect();
        codes.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// A field and its value, as they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Set")]
pub struct SetFile {
    pub field: String,
    pub value: String,
}

impl SetFile {
    fn all(set: &[(String, String)]) -> Vec<SetFile> {
        set.iter().map(|(field, value)| SetFile { field: field.clone(), value: value.clone() }).collect()
    }
}

impl PointFile {
    /// What a plan comes to where these fields have these values.
    pub fn new(set: &[(String, String)], plan: &Plan) -> PointFile {
        PointFile {
            set: SetFile::all(set),
            objective_fen: plan.objective,
            bound_fen: plan.bound,
            baseline_fen: plan.baseline,
            gap: plan.gap(),
            kpis: KpisFile::from(&plan.kpis),
        }
    }
}

/// Points as CSV (UTF-8 with BOM, CRLF): a column for each field that is set anywhere, then the figures. Where values were refused
/// they follow, and one column more says by which codes.
pub fn points_to_csv(points: &[PointFile], refused: &[RefusedFile]) -> Vec<u8> {
    let sets = || points.iter().map(|point| &point.set).chain(refused.iter().map(|refused| &refused.set));
    let fields = sets().next().map_or(&[][..], |set| &set[..]);
    let figures = ["objective_fen", "bound_fen", "baseline_fen", "gap"];
    let kpis = KpisFile::default();
    let head = fields.iter().map(|set| set.field.clone()).chain(figures.map(String::from));
    let head = head.chain(kpis.named().into_iter().map(|(name, _)| name.to_string()));
    let more = |text: String| (!refused.is_empty()).then_some(text);
    let head: Vec<String> = head.chain(more("refused".to_string())).collect();
    let values = |set: &[SetFile]| -> Vec<String> {
        set.iter().map(|set| crate::cell::guard(&set.value).into_owned()).collect()
    };
    let rows = points.iter().map(|point| {
        let money = [point.objective_fen, point.bound_fen, point.baseline_fen].map(|fen| fen.to_string());
        let kpis = point.kpis.named().into_iter().map(|(_, value)| value.to_string());
        let figures = money.into_iter().chain([point.gap.to_string()]).chain(kpis);
        values(&point.set).into_iter().chain(figures).chain(more(String::new())).collect()
    });
    let blank = head.len() - fields.len();
    let rest = refused.iter().map(|refused| {
        let blanks = std::iter::repeat_n(String::new(), blank - 1);
        values(&refused.set).into_iter().chain(blanks).chain([refused.codes()]).collect()
    });
    csv_of(std::iter::once(head.clone()).chain(rows).chain(rest))
}

/// Rows of equal length as CSV (UTF-8 with BOM, CRLF).
pub(crate) fn csv_of(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    for row in rows {
        // writing into memory does not fail
        let _ = out.write_record(row);
    }
    out.into_inner().unwrap_or_default()
}

/// Two plans side by side.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(title = "Two tiaoji plans side by side", rename = "Comparison")]
pub struct ComparisonFile {
    pub same: bool,
    /// Of the first plan, then the second.
    pub objective_fen: [i64; 2],
    pub kpis: [KpisFile; 2],
    pub moved: Vec<MovedFile>,
    pub shortages: Vec<RefilledFile>,
    /// Ids of the firms with a pair that is another.
    pub firms: Vec<String>,
}

/// A pair whose counts are another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Moved")]
pub struct MovedFile {
    pub surplus: String,
    pub shortage: String,
    /// In the first plan, then the second.
    pub worker_days: [i64; 2],
    /// Sum over the days of the differences.
    pub changed_worker_days: i64,
}

/// A shortage that is filled otherwise.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "Refilled")]
pub struct RefilledFile {
    pub shortage: String,
    /// In the first plan, then the second.
    pub unfilled_worker_days: [i64; 2],
}

/// A comparison with ids.
pub fn comparison_file(scenario: &Scenario, comparison: &Comparison) -> ComparisonFile {
    let fen = |objective: i128| i64::try_from(objective).unwrap_or(i64::MAX);
    let moved = comparison.moved.iter().map(|moved| MovedFile {
        surplus: scenario.surplus()[moved.surplus.index()].id.clone(),
        shortage: scenario.shortages()[moved.shortage.index()].id.clone(),
        worker_days: [moved.worker_days.0, moved.worker_days.1],
        changed_worker_days: moved.changed,
    });
    let shortages = comparison.filled.iter().map(|filled| RefilledFile {
        shortage: scenario.shortages()[filled.shortage.index()].id.clone(),
        unfilled_worker_days: [filled.unfilled.0, filled.unfilled.1],
    });
    ComparisonFile {
        same: comparison.is_same(),
        objective_fen: [fen(comparison.objective.0), fen(comparison.objective.1)],
        kpis: [KpisFile::from(&comparison.kpis.0), KpisFile::from(&comparison.kpis.1)],
        moved: moved.collect(),
        shortages: shortages.collect(),
        firms: comparison.firms.iter().map(|&firm| scenario.firm(firm).id.clone()).collect(),
    }
}
