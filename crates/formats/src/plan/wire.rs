//! A plan on the wire. The order of fields is the order of the format.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::value::RawValue;
use tiaoji_core::plan::Kpis;
use tiaoji_core::units::{Day, MicroFen};

/// A date, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text: Cow<'_, str> = Deserialize::deserialize(deserializer)?;
        let day = crate::cell::date(&text);
        day.map(Date).map_err(|_| D::Error::custom(format!("`{text}` is no date YYYY-MM-DD")))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// Fen with six decimals, kept exactly; written as a JSON number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micro(pub MicroFen);

impl std::fmt::Display for Micro {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{rest:06}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Micro {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Micro {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Micro, D::Error> {
        let raw: Box<RawValue> = Deserialize::deserialize(deserializer)?;
        let number = || D::Error::custom(format!("`{}` is no price", raw.get()));
        if let Some(micro) = crate::cell::decimal(raw.get(), 6) {
            return Ok(Micro(micro));
        }
        // More decimals, or an exponent: the nearest millionth.
        let fen: f64 = serde_json::from_str(raw.get()).map_err(|_| number())?;
        Ok(Micro((fen * 1e6).round() as MicroFen))
    }
}

impl JsonSchema for Micro {
    fn schema_name() -> Cow<'static, str> {
        "Micro".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

/// A plan as a file holds it: postings by id, nothing about it checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A tiaoji plan", rename = "Plan")]
pub struct PlanFile {
    /// Name of the scenario.
    pub scenario: String,
    /// Program and version that made it.
    pub engine: String,
    /// `auto`, `daily`, `exact` or `priced`.
    pub method: String,
    /// `optimal` exactly where bound = objective, else `feasible`.
    pub status: String,
    /// Unmet demand, lending and starts.
    pub objective_fen: i64,
    /// Proven: no plan costs less.
    pub bound_fen: i64,
    /// `prices` or `search`.
    pub bound_by: String,
    /// The objective of lending nothing but the pins.
    pub baseline_fen: i64,
    /// `(objective - bound) / (baseline - bound)`.
    pub gap: f64,
    /// How long the run took.
    pub seconds: f64,
    /// Cost of the changes against an earlier plan, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability_fen: Option<i64>,
    /// Worker-days changed against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_worker_days: Option<i64>,
    /// Each component's part.
    pub components: Vec<ComponentFile>,
    /// Who works where and when.
    pub secondments: Vec<SecondmentFile>,
    /// Demand that stays open, and why.
    pub unfilled: Vec<UnfilledFile>,
    /// Supply that stays idle, and why.
    pub idle: Vec<IdleFile>,
    /// Totals.
    pub kpis: KpisFile,
    /// The prices behind the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<PricesFile>,
}

/// A component of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Component")]
pub struct ComponentFile {
    /// The method that solved it.
    pub method: String,
    /// Admissible pairs in it.
    pub pairs: i64,
    /// Its part of the objective.
    pub objective_fen: i64,
    /// Its part of the bound.
    pub bound_fen: i64,
}

/// `count` workers of a surplus work for a shortage on every working day of `from ..= to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Secondment")]
pub struct SecondmentFile {
    /// Id of the lender's posting.
    pub surplus: String,
    /// Id of the borrower's posting.
    pub shortage: String,
    /// Workers.
    pub count: i64,
    /// First working day.
    pub from: Date,
    /// Last working day.
    pub to: Date,
    /// Lending and starts.
    pub cost_fen: i64,
}

/// Why workers are missing or idle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Reason")]
pub struct ReasonFile {
    /// A rule's code, `none`, `price` or `competition`.
    pub code: String,
    /// Workers a day; the counts of a stretch add up to its own.
    pub count: i64,
    /// At most ten postings of the other side.
    #[serde(default)]
    pub by: Vec<String>,
    /// For people.
    #[serde(default)]
    pub detail: Option<String>,
}

/// A maximal run of working days on which the same number of workers is missing for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Unfilled")]
pub struct UnfilledFile {
    /// Id of the posting.
    pub shortage: String,
    /// First working day.
    pub from: Date,
    /// Last working day.
    pub to: Date,
    /// Workers missing a day.
    pub count: i64,
    /// Why.
    pub reasons: Vec<ReasonFile>,
}

/// A maximal run of working days on which the same number of workers is idle for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Idle")]
pub struct IdleFile {
    /// Id of the posting.
    pub surplus: String,
    /// First working day.
    pub from: Date,
    /// Last working day.
    pub to: Date,
    /// Workers idle a day.
    pub count: i64,
    /// Why.
    pub reasons: Vec<ReasonFile>,
}

/// Prices of a worker-day. Any prices give a bound; these give the plan's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Prices")]
pub struct PricesFile {
    /// Of surplus postings, at least 0.
    pub supply: Vec<PriceFile>,
    /// Of shortage postings, of either sign.
    pub demand: Vec<PriceFile>,
}

/// A price that holds over a run of working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Price")]
pub struct PriceFile {
    /// Id of the surplus posting, in `supply`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surplus: Option<String>,
    /// Id of the shortage posting, in `demand`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortage: Option<String>,
    /// First working day.
    pub from: Date,
    /// Last working day.
    pub to: Date,
    /// Fen per worker-day, with at most six decimals.
    pub fen: Micro,
}

macro_rules! kpis {
    ($($name:ident = $field:ident),* $(,)?) => {
        /// Totals over a plan.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(rename = "Kpis")]
        #[allow(missing_docs)] // the names of the format
        pub struct KpisFile { $(pub $name: i64),* }

        impl From<&Kpis> for KpisFile {
            fn from(kpis: &Kpis) -> KpisFile {
                KpisFile { $($name: kpis.$field),* }
            }
        }

        impl KpisFile {
            /// Names and values, in the order of the format.
            pub fn named(&self) -> Vec<(&'static str, i64)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

kpis! {
    demanded_worker_days = demanded_worker_days,
    filled_worker_days = filled_worker_days,
    unfilled_worker_days = unfilled_worker_days,
    offered_worker_days = offered_worker_days,
    idle_worker_days = idle_worker_days,
    lent_inside_alliance_days = lent_inside_alliance_days,
    lent_across_alliance_days = lent_across_alliance_days,
    secondments = secondments,
    starts = starts,
    unmet_cost_fen = unmet_cost,
    lending_cost_fen = lending_cost,
    start_cost_fen = start_cost,
}
