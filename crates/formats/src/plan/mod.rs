//! Plan files, both ways: a plan of the engine to JSON, and a JSON file of anybody to claims that can be checked.

mod check;
mod earlier;
mod wire;

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use tiaoji_core::plan::{BoundBy, Idle, Plan, PriceRun, Prices, Reason, Secondment, Unfilled};
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::units::Day;

use crate::messages::{Language, Words, reason_detail};
use crate::report::Report;

pub use check::check_plan;
pub use earlier::earlier_plan;
pub use wire::{
    ComponentFile, Date, IdleFile, KpisFile, Micro, PlanFile, PriceFile, PricesFile, ReasonFile,
    SecondmentFile, UnfilledFile,
};

/// What stands in a plan file beside the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanMeta {
    /// Who made it: see [`engine`].
    pub engine: String,
    /// How long it took.
    pub seconds: f64,
    /// Whether the prices behind the bound are written too.
    pub with_prices: bool,
}

/// `tiaoji` and its version.
pub fn engine() -> String {
    format!("tiaoji {}", env!("CARGO_PKG_VERSION"))
}

/// A plan as a JSON document, in the key order of the format.
pub fn plan_to_json(scenario: &Scenario, plan: &Plan, meta: &PlanMeta) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(&plan_file(scenario, plan, meta)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A plan as it stands in a file: postings by id, money under `…_fen`.
pub fn plan_file(scenario: &Scenario, plan: &Plan, meta: &PlanMeta) -> PlanFile {
    let surplus = |i: SurplusIx| scenario.surplus()[i.index()].id.clone();
    let shortage = |j: ShortageIx| scenario.shortages()[j.index()].id.clone();
    let prices = PricesFile {
        supply: plan.prices.supply.iter().map(|p| price(p, Some(surplus(p.posting)), None)).collect(),
        demand: plan.prices.demand.iter().map(|p| price(p, None, Some(shortage(p.posting)))).collect(),
    };
    PlanFile {
        scenario: scenario.name().to_string(),
        engine: meta.engine.clone(),
        method: plan.method.name().to_string(),
        status: plan_status(plan).to_string(),
        objective_fen: plan.objective,
        bound_fen: plan.bound,
        bound_by: bound_by_name(plan.bound_by).to_string(),
        baseline_fen: plan.baseline,
        gap: plan.gap(),
        seconds: meta.seconds,
        stability_fen: plan.changes.map(|changes| changes.cost),
        changed_worker_days: plan.changes.map(|changes| changes.worker_days),
        components: plan
            .components
            .iter()
            .map(|c| ComponentFile {
                method: c.method.name().to_string(),
                pairs: c.pairs as i64,
                objective_fen: c.objective,
                bound_fen: c.bound,
            })
            .collect(),
        secondments: secondment_files(scenario, plan),
        unfilled: plan.unfilled.iter().map(|s| unfilled_file(scenario, s)).collect(),
        idle: plan.idle.iter().map(|s| idle_file(scenario, s)).collect(),
        kpis: KpisFile::from(&plan.kpis),
        prices: meta.with_prices.then_some(prices),
    }
}

/// How the format spells whether a plan is proven the best.
pub(crate) fn plan_status(plan: &Plan) -> &'static str {
    if plan.is_optimal() { "optimal" } else { "feasible" }
}

/// The secondments of a plan as they stand in a file.
pub(crate) fn secondment_files(scenario: &Scenario, plan: &Plan) -> Vec<SecondmentFile> {
    let file = |s: &Secondment| SecondmentFile {
        surplus: scenario.surplus()[s.surplus.index()].id.clone(),
        shortage: scenario.shortages()[s.shortage.index()].id.clone(),
        count: s.count,
        from: Date(s.from),
        to: Date(s.to),
        cost_fen: s.cost,
    };
    plan.secondments.iter().map(file).collect()
}

/// An unfilled stretch as it stands in a file.
pub(crate) fn unfilled_file(scenario: &Scenario, s: &Unfilled) -> UnfilledFile {
    UnfilledFile {
        shortage: scenario.shortages()[s.posting.index()].id.clone(),
        from: Date(s.from),
        to: Date(s.to),
        count: s.count,
        reasons: s.reasons.iter().map(|r| reason(r, |i| scenario.surplus()[i.index()].id.clone())).collect(),
    }
}

/// An idle stretch as it stands in a file.
pub(crate) fn idle_file(scenario: &Scenario, s: &Idle) -> IdleFile {
    IdleFile {
        surplus: scenario.surplus()[s.posting.index()].id.clone(),
        from: Date(s.from),
        to: Date(s.to),
        count: s.count,
        reasons: s
            .reasons
            .iter()
            .map(|r| reason(r, |j| scenario.shortages()[j.index()].id.clone()))
            .collect(),
    }
}

/// The prices of a plan file, as far as the scenario has their postings.
pub fn prices(scenario: &Scenario, plan: &PlanFile) -> Prices {
    let supply = check::positions(scenario.surplus().iter().map(|s| s.id.as_str()), SurplusIx);
    let demand = check::positions(scenario.shortages().iter().map(|d| d.id.as_str()), ShortageIx);
    let Some(file) = &plan.prices else { return Prices::default() };
    Prices {
        supply: earlier::runs(&file.supply, |run| supply.get(run.surplus.as_deref()?).copied()),
        demand: earlier::runs(&file.demand, |run| demand.get(run.shortage.as_deref()?).copied()),
    }
}

/// How the format spells what closes a bound.
pub(crate) fn bound_by_name(by: BoundBy) -> &'static str {
    match by {
        BoundBy::Prices => "prices",
        BoundBy::Search => "search",
    }
}

fn reason<P: Copy>(reason: &Reason<P>, id: impl Fn(P) -> String) -> ReasonFile {
    ReasonFile {
        code: reason.code.code().to_string(),
        count: reason.count,
        by: reason.by.iter().map(|&posting| id(posting)).collect(),
        detail: Some(reason_detail(reason.code, Language::En).to_string()),
    }
}

fn price<P>(run: &PriceRun<P>, surplus: Option<String>, shortage: Option<String>) -> PriceFile {
    PriceFile { surplus, shortage, from: Date(run.from), to: Date(run.to), fen: Micro(run.price) }
}

/// Reads a plan file; `name` is what its faults call it. Keys that are not known here are passed over, so that plans
/// of later versions read.
///
/// # Errors
/// `encoding`, or `unreadable` where it is no JSON or lacks what a plan must have, with the place.
pub fn read_plan(name: &str, bytes: &[u8]) -> Result<PlanFile, Box<Report>> {
    read_document(name, bytes, ("plan", "调剂方案"))
}

/// Reads a document that this program wrote earlier; `what` is its name in English and Chinese.
pub(crate) fn read_document<T: DeserializeOwned>(
    name: &str,
    bytes: &[u8],
    (en, zh): (&str, &str),
) -> Result<T, Box<Report>> {
    let text = crate::read::decode(bytes).map_err(|unread| {
        let words = Words::new(
            "the encoding of the text is not known",
            "无法识别文字编码",
            "save the file as UTF-8",
            "请另存为 UTF-8",
        );
        fault(unread.code.code(), name, None, words)
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let words = Words::new(
            format!("the file is no {en}: {error}"),
            format!("该文件不是{zh}：{error}"),
            format!("write the {en} again, or mend it there"),
            format!("请重新生成{zh}，或在该处修正"),
        );
        let row = u32::try_from(error.line()).ok().filter(|&line| line > 0);
        fault("unreadable", name, row, words)
    })
}

/// The secondments of a plan file whose postings the scenario has, in their order.
pub fn claims(scenario: &Scenario, plan: &PlanFile) -> Vec<Claim> {
    secondment_claims(scenario, &plan.secondments)
}

pub(crate) fn secondment_claims(scenario: &Scenario, secondments: &[SecondmentFile]) -> Vec<Claim> {
    let surplus: HashMap<&str, _> =
        scenario.surplus_indices().map(|i| (scenario.surplus()[i.index()].id.as_str(), i)).collect();
    let shortage: HashMap<&str, _> =
        scenario.shortage_indices().map(|j| (scenario.shortages()[j.index()].id.as_str(), j)).collect();
    let claim = |s: &SecondmentFile| {
        Some(Claim {
            surplus: *surplus.get(s.surplus.as_str())?,
            shortage: *shortage.get(s.shortage.as_str())?,
            count: s.count,
            from: s.from.0,
            to: s.to.0,
        })
    };
    secondments.iter().filter_map(claim).collect()
}

pub(crate) fn fault(code: &str, file: &str, row: Option<u32>, words: Words) -> Box<Report> {
    let Words { message, message_zh, remedy, remedy_zh } = words;
    Box::new(Report {
        code: code.to_string(),
        file: Some(file.to_string()),
        row,
        column: None,
        read: None,
        message,
        message_zh,
        remedy,
        remedy_zh,
    })
}

impl From<Day> for Date {
    fn from(day: Day) -> Date {
        Date(day)
    }
}
