//! The two postings of a deal as they stand today, with all that the rules look at.

use serde_json::{Map, Value, json};
use tiaoji_core::practice::{Calendar, Misfit, Stretch, what_misfits};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_store::{DealFilter, DealKind, Error, Filter, Kind, Record, State, View};

use super::held::agreement;
use super::settings::Practice;
use crate::matching::scenario;
use crate::problem::{INTERNAL, Problem};
use crate::zone::document::{all, plain};
use crate::zone::sort::{FIRMS, POLICY, SHORTAGES, SUBSTITUTIONS, SURPLUS, Sort, body};

/// A scenario of the two postings alone.
pub struct Between {
    pub scenario: Scenario,
    /// By what the zone goes.
    pub practice: Practice,
    pub surplus: Record,
    pub shortage: Record,
}

/// Where the two stand in it.
pub const PAIR: (SurplusIx, ShortageIx) = (SurplusIx(0), ShortageIx(0));

impl Between {
    /// Reads the two, whatever their states, and the rows that they name; `instead` holds columns of the shortage that
    /// stand in place of its own.
    ///
    /// # Errors
    /// `not_found`, and the database's.
    pub async fn read(
        view: &mut View,
        (surplus, shortage): (&str, &str),
        instead: &[(&str, Value)],
    ) -> Result<Between, Problem> {
        let surplus = view.record(Kind::Surplus, surplus).await?;
        let shortage = view.record(Kind::Shortage, shortage).await?;
        let (offered, mut asked) = (plain(&SURPLUS, body(&surplus)), plain(&SHORTAGES, body(&shortage)));
        asked.extend(instead.iter().map(|(column, value)| ((*column).to_string(), value.clone())));
        let text = |row: &Map<String, Value>, column: &str| {
            row.get(column).and_then(Value::as_str).unwrap_or_default().to_string()
        };
        let pair = |column: &str| [text(&offered, column), text(&asked, column)];
        let policy = body(&view.record(Kind::Policy, Kind::Policy.name()).await?);
        let practice = Practice::read(&policy);
        let calendar: Vec<Value> =
            all(view, Kind::Calendar).await?.into_iter().map(|(_, row)| row.into()).collect();
        let firms = rows(view, &FIRMS, pair("firm")).await?;
        let skills = rows(view, &crate::zone::sort::SKILLS, pair("skill")).await?;
        let [from, to] = pair("skill");
        let taught = Filter { skill: Some(from), ..Filter::default() };
        let substitutions: Vec<Value> =
            named(view, &SUBSTITUTIONS, &taught, |row| text(row, "to") == to).await?;
        let [lender, borrower] = pair("firm");
        let ids = [("surplus", &surplus.id), ("shortage", &shortage.id)];
        let blocks = Filter { firm: Some(lender), ..Filter::default() };
        let is_between = |row: &Map<String, Value>| {
            let other =
                |(column, id): &(&str, &String)| row.get(*column).is_some_and(|known| known != id.as_str());
            text(row, "borrower") == borrower && !ids.iter().any(other)
        };
        let blocked = named(view, &crate::zone::sort::BLOCKED, &blocks, is_between).await?;
        let document = json!({
            "name": "pair", "policy": Value::from(plain(&POLICY, policy)), "calendar": calendar, "firms": firms,
            "skills": skills, "substitutions": substitutions, "surplus": [offered], "shortage": [asked],
            "blocked": blocked,
        });
        let scenario = scenario(document.to_string().as_bytes()).map_err(|problem| {
            tracing::error!(?problem, "two postings of the zone");
            Problem::new(&INTERNAL)
        })?;
        Ok(Between { scenario, practice, surplus, shortage })
    }

    /// Whether both are on offer.
    pub fn is_open(&self) -> bool {
        self.surplus.state == State::Open && self.shortage.state == State::Open
    }

    /// The zone's calendar.
    pub fn calendar(&self) -> Calendar {
        Calendar::of(&self.scenario)
    }

    /// What speaks against a secondment between the two beside what is agreed of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn misfits(&self, view: &mut View, stretch: Stretch) -> Result<Vec<Misfit>, Problem> {
        let of_surplus = DealFilter { surplus: Some(self.surplus.id.clone()), ..DealFilter::default() };
        let of_shortage = DealFilter { shortage: Some(self.shortage.id.clone()), ..DealFilter::default() };
        let both = DealFilter { shortage: of_shortage.shortage.clone(), ..of_surplus.clone() };
        let agreed = (stretches(view, &of_surplus).await?, stretches(view, &of_shortage).await?);
        let between = stretches(view, &both).await?;
        Ok(what_misfits(&self.scenario, PAIR, stretch, (&agreed.0, &agreed.1), &between))
    }
}

/// Who is lent when by the agreements of a filter that are not cancelled.
///
/// # Errors
/// The database's.
pub async fn stretches(view: &mut View, filter: &DealFilter) -> Result<Vec<Stretch>, Problem> {
    let mut found = Vec::new();
    for deal in view.all_deals(DealKind::Agreement, filter).await? {
        found.extend(agreement(deal)?.now.stretches());
    }
    Ok(found)
}

/// The rows of two ids, once where they are the same.
async fn rows(view: &mut View, sort: &Sort, [one, other]: [String; 2]) -> Result<Vec<Value>, Problem> {
    let mut rows = Vec::new();
    for id in [Some(&one), Some(&other).filter(|other| **other != one)].into_iter().flatten() {
        match view.record(sort.kind, id).await {
            Ok(record) => rows.push(plain(sort, body(&record)).into()),
            Err(Error::NotFound) => {} // the reader says so
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(rows)
}

async fn named(
    view: &mut View,
    sort: &Sort,
    filter: &Filter,
    is_wanted: impl Fn(&Map<String, Value>) -> bool,
) -> Result<Vec<Value>, Problem> {
    let (mut rows, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = view.records(sort.kind, filter, after.as_deref(), 500).await?;
        let found = page.items.iter().map(body).filter(&is_wanted);
        rows.extend(found.map(|row| Value::from(plain(sort, row))));
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}
