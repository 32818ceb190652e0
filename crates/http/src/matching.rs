//! `POST /v1/match`: a whole scenario in, its plan out, nothing stored.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::plan::Method;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve, solve_unexplained};
use tiaoji_core::stop::Stop;
use tiaoji_formats::{PlanMeta, engine, plan_to_json, read_json};

use crate::app::App;
use crate::body::Json;
use crate::parameters::{self, Parameter, Parameters};
use crate::problem::{INTERNAL, MALFORMED, Problem, TOO_LARGE};
use crate::runs::calls;
use crate::solving::until;
use crate::who::Call;

/// The parameters of a solve.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "method",
        about: "How the plan is made; auto takes what proves best within the limit.",
        schema: r#"{ "type": "string", "enum": ["auto", "daily", "exact", "priced"], "default": "auto" }"#,
    },
    Parameter {
        name: "gap",
        about: "Stop at this share of the possible benefit missed; by default 0 for daily and exact, else 0.0005.",
        schema: r#"{ "type": "number", "minimum": 0 }"#,
    },
    Parameter {
        name: "time_limit",
        about: "Stop with the best plan so far after this long: 500ms, 15s, 2m or bare seconds.",
        schema: r#"{ "type": "string", "pattern": "^[0-9]{1,9}([.][0-9]{1,9})?(ms|s|m)?$", "default": "60s" }"#,
    },
    Parameter {
        name: "explain",
        about: "Whether the plan says why postings stay unfilled or idle; without it both lists are empty.",
        schema: r#"{ "type": "boolean", "default": true }"#,
    },
];

/// How to solve, as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub method: Method,
    pub gap: Option<f64>,
    pub time_limit: Duration,
    pub explain: bool,
}

impl Wanted {
    pub fn of(mut parameters: Parameters) -> Result<Wanted, Problem> {
        let wanted = Wanted {
            method: parameters.take("method", parameters::method).unwrap_or_default(),
            gap: parameters.take("gap", parameters::gap),
            time_limit: parameters.take("time_limit", parameters::time).unwrap_or(Duration::from_mins(1)),
            explain: parameters.take("explain", parameters::flag).unwrap_or(true),
        };
        parameters.finish().map(|()| wanted)
    }

    /// As it is kept with a run, and handed to the process that solves it.
    pub fn to_json(self) -> Value {
        json!({
            "method": self.method.name(),
            "gap": self.gap,
            "time_limit_ms": u64::try_from(self.time_limit.as_millis()).unwrap_or(u64::MAX),
            "explain": self.explain,
        })
    }

    /// The way back.
    pub fn from_json(value: &Value) -> Option<Wanted> {
        Some(Wanted {
            method: parameters::method(value["method"].as_str()?).ok()?,
            gap: value["gap"].as_f64(),
            time_limit: Duration::from_millis(value["time_limit_ms"].as_u64()?),
            explain: value["explain"].as_bool()?,
        })
    }
}

/// Solves; what takes longer than `--match-wait` becomes a run of the caller.
pub async fn post(
    State(app): State<App>,
    call: Call,
    parameters: Parameters,
    body: Json,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(parameters)?;
    let slot = app.slots.take().await?;
    let (until, watch) = until(wanted.time_limit);
    let max_pairs = app.settings.max_pairs;
    let bytes = body.bytes.clone();
    let work = move || {
        let plan = plan(&body.bytes, wanted, &until, slot.threads, max_pairs);
        // both are held as long as the work lasts, whether or not anybody still waits
        drop((slot, body));
        plan
    };
    let working = tokio::task::spawn_blocking(work);
    let Ok(plan) = tokio::time::timeout(app.settings.match_wait, working).await else {
        drop(watch);
        return calls::enqueue(&app, &call, wanted, &bytes).await;
    };
    let plan = plan.map_err(|error| {
        tracing::error!(%error, "a solve failed");
        Problem::new(&INTERNAL)
    })??;
    Ok(([(CONTENT_TYPE, "application/json")], plan).into_response())
}

/// From the document of a scenario to that of its plan.
fn plan(
    bytes: &Bytes,
    wanted: Wanted,
    stop: &dyn Stop,
    threads: usize,
    max_pairs: usize,
) -> Result<Vec<u8>, Problem> {
    let scenario = scenario(bytes)?;
    check_size(&scenario, max_pairs)?;
    let start = Instant::now();
    let options = Options { method: wanted.method, gap: wanted.gap, stop, threads, ..Options::default() };
    let plan =
        if wanted.explain { solve(&scenario, &options) } else { solve_unexplained(&scenario, &options) };
    let seconds = start.elapsed().as_millis() as f64 / 1000.0;
    Ok(plan_to_json(&scenario, &plan, &PlanMeta { engine: engine(), seconds, with_prices: false }))
}

/// Refuses what would take too long and too much memory: too many admissible pairs, or a hundred times as many days of
/// such pairs.
///
/// # Errors
/// `too_large`.
pub fn check_size(scenario: &Scenario, max_pairs: usize) -> Result<(), Problem> {
    const DAYS_A_PAIR: usize = 100;
    let pairs = admissible_pairs(scenario);
    let days: usize = pairs.iter().map(|pair| pair.window.len()).sum();
    let most_days = max_pairs.saturating_mul(DAYS_A_PAIR);
    if pairs.len() <= max_pairs && days <= most_days {
        return Ok(());
    }
    let pairs = pairs.len();
    Err(Problem::new(&TOO_LARGE)
        .detail(
            format!("The scenario has {pairs} admissible pairs with {days} days; at most {max_pairs} with {most_days} are solved here"),
            format!("该方案有 {pairs} 个可匹配对、{days} 个对日，此处最多求解 {max_pairs} 对、{most_days} 对日"),
        )
        .member("limit", max_pairs.into()))
}

/// A scenario from its document.
///
/// # Errors
/// `malformed` where the bytes are no JSON object, else every defect.
pub fn scenario(bytes: &[u8]) -> Result<Scenario, Problem> {
    let faults = match read_json("scenario", bytes) {
        Ok(loaded) => return Ok(loaded.scenario),
        Err(faults) => faults,
    };
    match &faults.defects[..] {
        [only] if matches!(only.code.as_str(), "unreadable" | "encoding") && only.column.is_none() => {
            let text = |message: &str, remedy: &str| match remedy {
                "" => message.to_string(),
                _ => format!("{message}; {remedy}"),
            };
            Err(Problem::new(&MALFORMED)
                .detail(text(&only.message, &only.remedy), text(&only.message_zh, &only.remedy_zh)))
        }
        _ => Err(Problem::defects(&faults)),
    }
}
