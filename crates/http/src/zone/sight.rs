//! What of a posting is shown to whom. To another firm: name, alliance, distance, skill, dates, headcount, pay offered; never
//! the least pay, who has consented, when contracts end, how urgent it is, or a block (such a partner is absent).

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};
use tiaoji_core::distance::road_distance;
use tiaoji_formats::read_json;
use tiaoji_store::{Error, Kind, Record, State, View};

use super::document::{all, plain};
use super::sort::{FIRMS, POLICY, Sort, body};
use crate::problem::Problem;
use crate::who::{Call, Reach, Role};

/// How much of a row somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Full,
    Partner,
    Hidden,
}

/// Who looks, and from whom they are hidden.
pub struct Eyes {
    reach: Reach,
    firms: BTreeSet<String>,
    /// The firm that looks for partners.
    partner: Option<String>,
    /// Lenders that do not lend to it, and surplus that is not lent to it.
    lenders: BTreeSet<String>,
    surplus: BTreeSet<String>,
}

impl Eyes {
    /// Those of a caller.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(view: &mut View, call: &Call, sort: &Sort) -> Result<Eyes, Problem> {
        let actor = call.actor()?;
        // how far one sees is how far one may read, whatever one is about to do
        let reach = crate::who::reach(actor.role, call.route.matter, false);
        let mut eyes = Eyes {
            reach,
            firms: actor.firms.clone(),
            partner: actor.firms.first().filter(|_| actor.role == Role::Firm).cloned(),
            lenders: BTreeSet::new(),
            surplus: BTreeSet::new(),
        };
        if let (Some(partner), Kind::Surplus) = (&eyes.partner, sort.kind) {
            for (_, block) in all(view, Kind::Blocked).await? {
                let text = |column: &str| block.get(column).and_then(Value::as_str);
                if text("borrower") != Some(partner) || text("shortage").is_some() {
                    continue;
                }
                match (text("surplus"), text("lender")) {
                    (Some(surplus), _) => eyes.surplus.insert(surplus.to_string()),
                    (None, lender) => eyes.lenders.insert(lender.unwrap_or_default().to_string()),
                };
            }
        }
        Ok(eyes)
    }

    /// What they see of a row.
    pub fn sight(&self, sort: &Sort, record: &Record) -> Sight {
        if self.reach == Reach::All {
            return Sight::Full;
        }
        let row = body(record);
        if sort.owners(&row).iter().any(|owner| self.firms.contains(*owner)) {
            return Sight::Full;
        }
        let owner = sort.owner(&row).unwrap_or_default();
        self.posting(sort.kind, owner, &record.id, sort.is_posting() && record.state == State::Open)
    }

    /// What they see of another firm's posting.
    pub fn posting(&self, kind: Kind, owner: &str, id: &str, is_open: bool) -> Sight {
        let is_blocked = kind == Kind::Surplus && (self.lenders.contains(owner) || self.surplus.contains(id));
        if is_open && self.partner.is_some() && !is_blocked { Sight::Partner } else { Sight::Hidden }
    }

    /// Rows as they are seen; hidden ones are left out.
    ///
    /// # Errors
    /// The database's.
    pub async fn show(
        &self,
        view: &mut View,
        sort: &Sort,
        records: &[Record],
    ) -> Result<Vec<Value>, Problem> {
        let seen: Vec<(Sight, &Record)> =
            records.iter().map(|record| (self.sight(sort, record), record)).collect();
        let partners = seen.iter().filter(|(sight, _)| *sight == Sight::Partner);
        let owners: BTreeSet<String> =
            partners.filter_map(|(_, record)| sort.owner(&body(record)).map(str::to_string)).collect();
        let firms = self.firms_beside(view, &owners).await?;
        let show = |(sight, record): &(Sight, &Record)| match sight {
            Sight::Full if self.partner.is_some() => Some(for_a_firm(sort, sort.full(record))),
            Sight::Full => Some(sort.full(record)),
            Sight::Partner => Some(partner(sort, record, &firms)),
            Sight::Hidden => None,
        };
        Ok(seen.iter().filter_map(show).collect())
    }

    /// Other firms, each with its distance from the one that looks, in metres by road.
    async fn firms_beside(
        &self,
        view: &mut View,
        ids: &BTreeSet<String>,
    ) -> Result<HashMap<String, Beside>, Problem> {
        let Some(own) = self.partner.as_ref().filter(|_| !ids.is_empty()) else { return Ok(HashMap::new()) };
        let mut rows = Vec::new();
        for id in ids.iter().chain([own]) {
            match view.record(Kind::Firm, id).await {
                Ok(record) => rows.push(Value::from(plain(&FIRMS, body(&record)))),
                Err(Error::NotFound) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        let policy = match view.record(Kind::Policy, "policy").await {
            Ok(record) => Value::from(plain(&POLICY, body(&record))),
            Err(_) => return Ok(HashMap::new()),
        };
        let document = json!({ "name": "firms", "policy": policy, "firms": rows, "skills": [], "surplus": [], "shortage": [] });
        let Ok(loaded) = read_json("firms", document.to_string().as_bytes()) else {
            return Ok(HashMap::new());
        };
        let (firms, factor) = (loaded.scenario.firms(), loaded.scenario.policy().road_factor);
        let Some(own) = firms.iter().find(|firm| firm.id == *own) else { return Ok(HashMap::new()) };
        let beside = firms.iter().map(|firm| {
            let metres = road_distance(own, firm, factor);
            (firm.id.clone(), Beside { name: firm.name.clone(), alliance: firm.alliance.clone(), metres })
        });
        Ok(beside.collect())
    }
}

struct Beside {
    name: String,
    alliance: Option<String>,
    metres: i64,
}

/// What a firm sees of what is not another's: of the policy the limits, not what anything costs the zone.
fn for_a_firm(sort: &Sort, mut shown: Value) -> Value {
    match (sort.kind, shown.as_object_mut()) {
        (Kind::Policy, Some(policy)) => {
            policy.retain(|name, _| {
                !name.ends_with("_fen") && !["unmet", "stability"].contains(&name.as_str())
            });
        }
        (Kind::Problem, Some(problem)) => crate::register::for_a_firm(problem),
        _ => {}
    }
    shown
}

/// What another firm sees.
fn partner(sort: &Sort, record: &Record, firms: &HashMap<String, Beside>) -> Value {
    const SHOWN: [&str; 5] = ["skill", "headcount", "from", "to", "night_shift"];
    let row = body(record);
    let mut shown: Map<String, Value> =
        SHOWN.iter().filter_map(|column| Some(((*column).to_string(), row.get(*column)?.clone()))).collect();
    let mut put = |name: &str, value: Value| shown.insert(name.to_string(), value);
    put("id", record.id.as_str().into());
    put("state", record.state.name().into());
    if sort.kind == Kind::Shortage
        && let Some(pay) = row.get("day_pay_fen")
    {
        put("day_pay_fen", pay.clone());
    }
    if let Some(firm) = sort.owner(&row).and_then(|owner| firms.get(owner)) {
        put("firm_name", firm.name.as_str().into());
        put("alliance", firm.alliance.as_deref().into());
        // to 0.1 km
        put("distance_km", (((firm.metres + 50) / 100) as f64 / 10.0).into());
    }
    shown.into()
}
