//! The plan: secondments, what stays unfilled and idle and why, what it costs, and how good it provably is.

use crate::rules::Rule;
use crate::scenario::{ShortageIx, SurplusIx};
use crate::units::{Count, Day, Fen, MicroFen};

/// How plans are made. See the crate's documentation for what each is good at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Chosen per component: `daily` where nothing ties a day to the day before; `exact` up to 1,500 pair-periods, which it
    /// answers within milliseconds; else `priced`, and then `exact` where that leaves a gap and there are at most 15,000
    /// (a quarter of a minute at 10,000 with stays).
    #[default]
    Auto,
    /// One min-cost flow a period.
    Daily,
    /// The compact mixed-integer programme.
    Exact,
    /// Prices, a dive to whole workers and exact neighbourhoods.
    Priced,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 4] = [Method::Auto, Method::Daily, Method::Exact, Method::Priced];

    /// The name on the command line and in plans.
    pub fn name(self) -> &'static str {
        match self {
            Method::Auto => "auto",
            Method::Daily => "daily",
            Method::Exact => "exact",
            Method::Priced => "priced",
        }
    }
}

/// What closes the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundBy {
    /// The Lagrangian at whole prices, in whole numbers.
    Prices,
    /// A finished branch and bound, within the tolerances of its LP.
    Search,
}

/// `count` workers of a surplus work for a shortage on every working day of `from ..= to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Secondment {
    pub surplus: SurplusIx,
    pub shortage: ShortageIx,
    pub count: Count,
    /// First working day.
    pub from: Day,
    /// Last working day.
    pub to: Day,
    /// Lending and starts.
    pub cost: Fen,
}

/// A secondment as somebody claims it: nothing about it has been checked but that its postings exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Claim {
    pub surplus: SurplusIx,
    pub shortage: ShortageIx,
    pub count: Count,
    pub from: Day,
    pub to: Day,
}

impl Secondment {
    /// What it says happens, without its cost.
    pub fn claim(&self) -> Claim {
        let Secondment { surplus, shortage, count, from, to, .. } = *self;
        Claim { surplus, shortage, count, from, to }
    }
}

impl Claim {
    /// No posting has more workers than this.
    pub const MOST: Count = 1_000_000;
}

/// What is another than in an earlier plan, over the pairs and working days that both have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Sum of `|count - earlier count|`.
    pub worker_days: Count,
    /// That many times the policy's `stability`.
    pub cost: Fen,
}

/// Why a stretch is unfilled or idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonCode {
    /// Stopped by this rule alone, or first by it.
    Rule(Rule),
    /// Nobody offers this skill then (or, for the idle, nobody asks for it).
    None,
    /// Lending costs more than it is worth.
    Price,
    /// Every admissible partner is worth more elsewhere.
    Competition,
}

impl ReasonCode {
    /// The code as the format spells it.
    pub fn code(self) -> &'static str {
        match self {
            ReasonCode::Rule(rule) => rule.code(),
            ReasonCode::None => "none",
            ReasonCode::Price => "price",
            ReasonCode::Competition => "competition",
        }
    }
}

/// A reason and how many workers a day it holds back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<P> {
    /// What holds them back.
    pub code: ReasonCode,
    /// Workers a day.
    pub count: Count,
    /// At most ten postings of the other side.
    pub by: Vec<P>,
}

/// A maximal run of working days on which the same number is unfilled (or idle) for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<P, Q> {
    /// The posting.
    pub posting: P,
    /// First working day.
    pub from: Day,
    /// Last working day.
    pub to: Day,
    /// Working days in it.
    pub days: Count,
    /// Workers a day.
    pub count: Count,
    /// They add up to `count`.
    pub reasons: Vec<Reason<Q>>,
}

/// A stretch of a shortage that stays unfilled.
pub type Unfilled = Stretch<ShortageIx, SurplusIx>;
/// A stretch of a surplus that stays idle.
pub type Idle = Stretch<SurplusIx, ShortageIx>;

/// One component of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentPlan {
    /// The method that gave it.
    pub method: Method,
    /// Admissible pairs in it.
    pub pairs: usize,
    /// Its part of the objective.
    pub objective: Fen,
    /// Its part of the bound.
    pub bound: Fen,
}

/// Totals over a plan. Worker-days and fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names of the format
pub struct Kpis {
    pub demanded_worker_days: Count,
    pub filled_worker_days: Count,
    pub unfilled_worker_days: Count,
    pub offered_worker_days: Count,
    pub idle_worker_days: Count,
    pub lent_inside_alliance_days: Count,
    pub lent_across_alliance_days: Count,
    pub secondments: Count,
    pub starts: Count,
    pub unmet_cost: Fen,
    pub lending_cost: Fen,
    pub start_cost: Fen,
}

impl Kpis {
    /// Names of the format and values, in its order.
    pub fn named(&self) -> [(&'static str, i64); 12] {
        [
            ("demanded_worker_days", self.demanded_worker_days),
            ("filled_worker_days", self.filled_worker_days),
            ("unfilled_worker_days", self.unfilled_worker_days),
            ("offered_worker_days", self.offered_worker_days),
            ("idle_worker_days", self.idle_worker_days),
            ("lent_inside_alliance_days", self.lent_inside_alliance_days),
            ("lent_across_alliance_days", self.lent_across_alliance_days),
            ("secondments", self.secondments),
            ("starts", self.starts),
            ("unmet_cost_fen", self.unmet_cost),
            ("lending_cost_fen", self.lending_cost),
            ("start_cost_fen", self.start_cost),
        ]
    }
}

/// A price of one posting's worker-day over a run of working days; of a shortage it may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceRun<P> {
    /// The posting.
    pub posting: P,
    /// First working day.
    pub from: Day,
    /// Last working day.
    pub to: Day,
    /// Millionths of a fen per worker-day; in files a decimal number of fen.
    pub price: MicroFen,
}

/// The prices that prove the bound: supply at least 0, demand of either sign and at most the unmet price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Of surplus postings.
    pub supply: Vec<PriceRun<SurplusIx>>,
    /// Of shortage postings.
    pub demand: Vec<PriceRun<ShortageIx>>,
}

/// A plan and its proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The method that was asked for.
    pub method: Method,
    /// In canonical order: surplus and shortage as posted, then from, to.
    pub secondments: Vec<Secondment>,
    /// Unmet demand, lending and starts.
    pub objective: Fen,
    /// Proven: no plan costs less.
    pub bound: Fen,
    /// How.
    pub bound_by: BoundBy,
    /// The objective of lending nothing but the pins.
    pub baseline: Fen,
    /// What is another than in the earlier plan, where it started from one.
    pub changes: Option<Changes>,
    /// Each component's part; postings without an admissible partner are in none.
    pub components: Vec<ComponentPlan>,
    /// By shortage as posted, then by day.
    pub unfilled: Vec<Unfilled>,
    /// By surplus as posted, then by day.
    pub idle: Vec<Idle>,
    /// Totals.
    pub kpis: Kpis,
    /// The prices behind the bound.
    pub prices: Prices,
}

impl Plan {
    /// `(objective - bound) / (baseline - bound)`.
    pub fn gap(&self) -> f64 {
        gap(self.objective, self.bound, self.baseline)
    }

    /// Objective and bound meet.
    pub fn is_optimal(&self) -> bool {
        self.objective == self.bound
    }
}

/// The share of the possible benefit that a plan may have missed: 0 where objective = bound, 1 where
/// baseline = bound < objective.
pub fn gap(objective: impl Into<i128>, bound: impl Into<i128>, baseline: impl Into<i128>) -> f64 {
    let (objective, bound, baseline) = (objective.into(), bound.into(), baseline.into());
    if objective == bound {
        0.0
    } else if baseline == bound {
        1.0
    } else {
        (objective - bound) as f64 / (baseline - bound) as f64
    }
}
