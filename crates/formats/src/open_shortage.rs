//! A shortage that stays unfilled, as whoever looks after its firm is told of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Count;

use crate::analysis::{ExplainedFile, ExplanationFile, MissFile, RemedyFile, StretchFile};
use crate::plan::Date;

/// A shortage that stays unfilled: why, and what would help.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OpenShortage")]
pub struct OpenShortageFile {
    /// Its id.
    pub shortage: String,
    /// Its firm's id.
    pub firm: String,
    /// Its skill's id.
    pub skill: String,
    /// The first day that is not filled.
    pub from: Date,
    /// The last one.
    pub to: Date,
    /// Worker-days that are not filled.
    pub worker_days: Count,
    /// Codes and worker-days, the largest first.
    pub reasons: Vec<ReasonDaysFile>,
    /// Maximal runs of working days with equal count and reasons.
    pub stretches: Vec<StretchFile>,
    /// The best single change, else what misses by least; none where nothing is near.
    pub remedy: Option<NearestFile>,
}

/// How many worker-days are not filled for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
#[schemars(rename = "ReasonDays")]
pub struct ReasonDaysFile {
    pub code: String,
    pub worker_days: Count,
}

/// What comes nearest to filling a shortage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Nearest")]
pub struct NearestFile {
    /// A remedy's code, or the rule by which a partner misses.
    pub code: String,
    /// In English.
    pub text: String,
    /// In Chinese.
    pub text_zh: String,
    /// How many more worker-days a remedy fills.
    pub worker_days: Option<Count>,
    /// What it saves, in fen.
    pub saved_fen: Option<i64>,
}

/// What comes nearest.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Nearest<'a> {
    /// The best single change.
    Remedy(&'a RemedyFile),
    /// The nearest miss of the rule that keeps most away, without the rules by which nobody is near.
    Miss(&'a str, &'a MissFile),
}

impl ExplainedFile {
    /// The best single change and what it brings, else what comes nearest and misses by a rule.
    pub(crate) fn nearest(&self) -> Option<Nearest<'_>> {
        if let Some(remedy) = self.remedies.first() {
            return Some(Nearest::Remedy(remedy));
        }
        let useful = |rule: &str| !["skill", "same_firm"].contains(&rule);
        let blocked = self.blocked.iter().find(|one| useful(&one.rule))?;
        blocked.nearest.first().map(|miss| Nearest::Miss(&blocked.rule, miss))
    }
}

/// The shortages that an explanation of a whole plan finds unfilled, the largest first.
pub fn open_shortages(scenario: &Scenario, explanation: &ExplanationFile) -> Vec<OpenShortageFile> {
    explanation.unfilled.iter().filter_map(|one| open_shortage(scenario, one)).collect()
}

fn open_shortage(scenario: &Scenario, explained: &ExplainedFile) -> Option<OpenShortageFile> {
    let mut reasons: BTreeMap<&str, Count> = BTreeMap::new();
    for stretch in &explained.stretches {
        let days = scenario.days().span(stretch.from.0, stretch.to.0).len() as Count;
        for reason in &stretch.reasons {
            *reasons.entry(&reason.code).or_default() += reason.count * days;
        }
    }
    let mut reasons: Vec<ReasonDaysFile> = reasons
        .into_iter()
        .map(|(code, worker_days)| ReasonDaysFile { code: code.to_string(), worker_days })
        .collect();
    reasons.sort_by_key(|reason| Reverse(reason.worker_days));
    let remedy = explained.nearest().map(|nearest| match nearest {
        Nearest::Remedy(remedy) => NearestFile {
            code: remedy.code.clone(),
            text: remedy.text.clone(),
            text_zh: remedy.text_zh.clone(),
            worker_days: Some(remedy.worker_days),
            saved_fen: Some(remedy.saved_fen),
        },
        Nearest::Miss(rule, miss) => NearestFile {
            code: rule.to_string(),
            text: format!("nearest: {}", miss.text),
            text_zh: format!("最接近：{}", miss.text_zh),
            worker_days: None,
            saved_fen: None,
        },
    });
    Some(OpenShortageFile {
        shortage: explained.id.clone(),
        firm: explained.firm.clone(),
        skill: explained.skill.clone(),
        from: explained.stretches.iter().map(|stretch| stretch.from).min()?,
        to: explained.stretches.iter().map(|stretch| stretch.to).max()?,
        worker_days: explained.worker_days,
        reasons,
        stretches: explained.stretches.clone(),
        remedy,
    })
}
