//! Putting a plan in force: every secondment is checked again against today's data, and proposed to both firms.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use tiaoji_core::practice::{
    Calendar, Misfit, Proposal, ProposalAct, Stretch, Terms, left_over, most_at_once, what_misfits,
};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::units::Day;
use tiaoji_formats::messages::Language::{En, Zh};
use tiaoji_formats::messages::rule_name;
use tiaoji_store::{By, Deal, DealFilter, DealKind, Error, Kind, Parties, State as Stage, Tx};

use super::held::{Held, REMINDER, agreement, proposal, proposal_standing};
use super::proposals::{Made, broken, deadline, described, reminder};
use super::settings::Practice;
use super::show::versions_of;
use super::silence;
use crate::app::App;
use crate::change::{Done, change};
use crate::matching::scenario;
use crate::parameters::{Parameter, Parameters, flag};
use crate::plans::{plan_file, shown};
use crate::problem::{Problem, STALE_PLAN, Text};
use crate::register::follow_ups::unpublished;
use crate::who::Call;
use crate::zone::document::zone;

/// The parameter of publishing.
pub const STRICT: &[Parameter] = &[Parameter {
    name: "strict",
    about: "Publish nothing where today's data no longer allow every secondment.",
    schema: r#"{ "type": "boolean", "default": false }"#,
}];

/// `POST /v1/plans/{id}/publish`
pub async fn publish(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let strict = parameters.take("strict", flag).unwrap_or(false);
    parameters.finish()?;
    let version = if call.if_match.is_some() { call.expected_version()? } else { None };
    let by = call.actor()?.by(None);
    let done = change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            let plan = tx.publish(&by, &id, version, true).await?;
            let file = plan_file(tx, &id).await?;
            let mut wanted: Planned = BTreeMap::new();
            for s in &file.secondments {
                let pair = (s.surplus.clone(), s.shortage.clone());
                let stretch = Stretch { count: s.count, from: s.from.0, to: s.to.0 };
                wanted.entry(pair).or_default().push(stretch);
            }
            let mut desk = Desk::open(tx, by, &id, plan.revision.unwrap_or(0)).await?;
            desk.keep_accepted(tx, &wanted).await?;
            for (pair, planned) in &wanted {
                desk.propose(tx, pair, planned).await?;
            }
            if strict && !desk.skipped.is_empty() {
                return Err(Problem::new(&STALE_PLAN)
                    .member("skipped", desk.skipped.into())
                    .member("current", shown(&plan)));
            }
            let (proposals, skipped) = desk.close(tx).await?;
            let mut answer = shown(&plan);
            answer["proposals"] = proposals.into();
            answer["skipped"] = skipped.into();
            Ok(Done::ok(StatusCode::OK, Some(plan.version), Some(answer)))
        })
    })
    .await?;
    app.following.published.notify_one();
    Ok(done)
}

/// `POST /v1/plans/{id}/unpublish`: what is still open of it is withdrawn.
pub async fn unpublish(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let version = if call.if_match.is_some() { call.expected_version()? } else { None };
    let by = call.actor()?.by(None);
    let done = change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            let plan = tx.publish(&by, &id, version, false).await?;
            let filter = DealFilter {
                state: Some("open".to_string()),
                plan: Some(id.clone()),
                ..DealFilter::default()
            };
            for deal in tx.all_deals(DealKind::Proposal, &filter).await? {
                end(tx, &by, deal, ProposalAct::Withdraw, "unpublished").await?;
            }
            unpublished(tx, &by, &id).await?;
            Ok(Done::ok(StatusCode::OK, Some(plan.version), Some(shown(&plan))))
        })
    })
    .await?;
    // an earlier plan may be in force again
    app.following.published.notify_one();
    Ok(done)
}

/// Ends an open proposal on nobody's word; `why` is kept with the event.
///
/// # Errors
/// The database's.
pub async fn end(tx: &mut Tx, by: &By, deal: Deal, act: ProposalAct, why: &str) -> Result<(), Problem> {
    let mut held = proposal(deal)?;
    let Some(next) = held.now.after(act) else { return Ok(()) };
    match act {
        ProposalAct::Expire => silence::told(tx, by, &held).await?,
        _ => silence::over(tx, by, &held.deal.parties).await?,
    }
    held.body.insert("reason".to_string(), why.into());
    let name = match act {
        ProposalAct::Supersede => "supersede",
        ProposalAct::Expire => "expire",
        _ => "withdraw",
    };
    let standing = proposal_standing(&next, &held.body, held.deal.standing.plan.as_deref());
    tx.change_deal(by, &held.deal, &standing, (name, &json!({ "reason": why }).to_string())).await?;
    Ok(())
}

/// What a plan wants, by pair of postings.
type Planned = BTreeMap<(String, String), Vec<Stretch>>;

/// A plan being published.
struct Desk {
    by: By,
    plan: String,
    /// The zone's revision that the plan was made from.
    revision: i64,
    scenario: Scenario,
    calendar: Calendar,
    practice: Practice,
    today: Day,
    deadline: i64,
    surplus: HashMap<String, SurplusIx>,
    shortages: HashMap<String, ShortageIx>,
    /// What is agreed, accepted by one side, or proposed by this plan: by surplus, by shortage.
    taken: (HashMap<String, Vec<Stretch>>, HashMap<String, Vec<Stretch>>),
    /// The same by pair, without what this plan adds.
    between: HashMap<(String, String), Vec<Stretch>>,
    /// Open proposals that have not found their place.
    open: Vec<Held<Proposal>>,
    proposals: Vec<String>,
    skipped: Vec<Value>,
}

impl Desk {
    async fn open(tx: &mut Tx, by: By, plan: &str, revision: i64) -> Result<Desk, Problem> {
        let (_, document) = zone(tx).await?;
        let scenario = scenario(document.to_string().as_bytes())?;
        let calendar = Calendar::of(&scenario);
        let practice = Practice::of(tx).await?;
        let today = practice.clock.day(tx.now().await?);
        let surplus = scenario.surplus_indices().map(|i| (scenario.surplus()[i.index()].id.clone(), i));
        let shortages = scenario.shortage_indices().map(|j| (scenario.shortages()[j.index()].id.clone(), j));
        let open = DealFilter { state: Some("open".to_string()), ..DealFilter::default() };
        let open = tx.all_deals(DealKind::Proposal, &open).await?;
        let mut desk = Desk {
            by,
            plan: plan.to_string(),
            revision,
            today,
            deadline: deadline(tx, &calendar, practice).await?,
            practice,
            surplus: surplus.collect(),
            shortages: shortages.collect(),
            taken: Default::default(),
            between: HashMap::new(),
            open: open.into_iter().map(proposal).collect::<Result<_, _>>()?,
            proposals: Vec::new(),
            skipped: Vec::new(),
            calendar,
            scenario,
        };
        let lasting = DealFilter { from: Some(today.to_string()), ..DealFilter::default() };
        for deal in tx.all_deals(DealKind::Agreement, &lasting).await? {
            let held = agreement(deal)?;
            let (surplus, shortage) = held.postings();
            let pair = (surplus.to_string(), shortage.to_string());
            for stretch in held.now.stretches() {
                desk.take(&pair, stretch);
                desk.between.entry(pair.clone()).or_default().push(stretch);
            }
        }
        Ok(desk)
    }

    fn take(&mut self, (surplus, shortage): &(String, String), stretch: Stretch) {
        self.taken.0.entry(surplus.clone()).or_default().push(stretch);
        self.taken.1.entry(shortage.clone()).or_default().push(stretch);
    }

    fn misfits(&self, pair: &(String, String), stretch: Stretch) -> Option<Vec<Misfit>> {
        let ix = (*self.surplus.get(&pair.0)?, *self.shortages.get(&pair.1)?);
        let of = |map: &HashMap<String, Vec<Stretch>>, id: &str| map.get(id).cloned().unwrap_or_default();
        let agreed = (of(&self.taken.0, &pair.0), of(&self.taken.1, &pair.1));
        let between = self.between.get(pair).map_or(&[][..], Vec::as_slice);
        Some(what_misfits(&self.scenario, ix, stretch, (&agreed.0, &agreed.1), between))
    }

    /// What one side has accepted stays where the plan has it, and where the plan could not know of it.
    async fn keep_accepted(&mut self, tx: &mut Tx, wanted: &Planned) -> Result<(), Problem> {
        let (half, pending): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.open).into_iter().partition(|held| held.now.is_half_accepted());
        self.open = pending;
        for held in half {
            let (surplus, shortage) = held.postings();
            let pair = (surplus.to_string(), shortage.to_string());
            let Terms { count, from, to, .. } = held.now.terms;
            let stretch = Stretch { count, from, to };
            let planned = wanted.get(&pair).map_or(&[][..], Vec::as_slice);
            let between = self.between.get(&pair).map_or(&[][..], Vec::as_slice);
            let mut days = (from.number()..=to.number())
                .map(Day::from_number)
                .filter(|day| self.calendar.is_working(*day));
            let on = |all: &[Stretch], day| most_at_once(all, day, day).0;
            let is_planned = days.all(|day| on(planned, day) >= on(between, day) + count);
            if !is_planned && held.deal.revision <= self.revision {
                self.open.push(held);
                continue;
            }
            let fits = self.misfits(&pair, stretch).is_some_and(|misfits| misfits.is_empty());
            if !fits {
                let by = self.by.clone();
                end(tx, &by, held.deal, ProposalAct::Withdraw, "stale").await?;
                continue;
            }
            self.take(&pair, stretch);
            if is_planned {
                self.between.entry(pair).or_default().push(stretch);
                self.keep(tx, held).await?;
            }
        }
        Ok(())
    }

    /// A proposal that stays, as one of this plan.
    async fn keep(&mut self, tx: &mut Tx, held: Held<Proposal>) -> Result<(), Problem> {
        if held.deal.standing.plan.as_deref() != Some(&self.plan) {
            let standing = proposal_standing(&held.now, &held.body, Some(&self.plan));
            let data = json!({ "plan_id": self.plan });
            tx.change_deal(&self.by, &held.deal, &standing, ("keep", &data.to_string())).await?;
        }
        self.proposals.push(held.deal.id);
        Ok(())
    }

    /// Proposes what a plan wants between two postings beyond what is agreed or accepted.
    async fn propose(
        &mut self,
        tx: &mut Tx,
        pair: &(String, String),
        planned: &[Stretch],
    ) -> Result<(), Problem> {
        let first = planned.iter().map(|s| s.from).min();
        let last = planned.iter().map(|s| s.to).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
        let days: Vec<Day> = (first.number()..=last.number())
            .map(Day::from_number)
            .filter(|day| self.calendar.is_working(*day))
            .collect();
        let counts: Vec<i64> = days.iter().map(|&day| most_at_once(planned, day, day).0).collect();
        let between = self.between.get(pair).cloned().unwrap_or_default();
        let versions = match (
            open_version(tx, Kind::Surplus, &pair.0).await?,
            open_version(tx, Kind::Shortage, &pair.1).await?,
        ) {
            (Some(surplus), Some(shortage)) => Some([surplus, shortage]),
            _ => None,
        };
        for stretch in left_over(&days, &counts, &between) {
            let (Some(misfits), Some(versions)) = (self.misfits(pair, stretch), versions) else {
                self.skip(
                    pair,
                    stretch,
                    &[("withdrawn", Text::new("a posting is gone", "登记已撤回或关闭"))],
                );
                continue;
            };
            if stretch.from <= self.today {
                self.skip(
                    pair,
                    stretch,
                    &[("past", Text::new("its first day has come already", "首日已到"))],
                );
            } else if misfits.is_empty() {
                self.take(pair, stretch);
                self.place(tx, pair, stretch, versions).await?;
            } else {
                self.skip(pair, stretch, &reasons(&misfits));
            }
        }
        Ok(())
    }

    /// Keeps the equal proposal that is open already, or makes one.
    async fn place(
        &mut self,
        tx: &mut Tx,
        pair: &(String, String),
        stretch: Stretch,
        versions: [i64; 2],
    ) -> Result<(), Problem> {
        let (Some(&i), Some(&j)) = (self.surplus.get(&pair.0), self.shortages.get(&pair.1)) else {
            return Ok(());
        };
        let shortage = &self.scenario.shortages()[j.index()];
        let Stretch { count, from, to } = stretch;
        let terms = Terms { count, from, to, day_pay: shortage.day_pay };
        let is_equal = |held: &Held<Proposal>| {
            held.postings() == (pair.0.as_str(), pair.1.as_str()) && held.now.terms == terms
        };
        if let Some(place) = self.open.iter().position(is_equal) {
            let held = self.open.remove(place);
            return self.keep(tx, held).await;
        }
        let firm = |firm: tiaoji_core::scenario::FirmIx| self.scenario.firm(firm).id.clone();
        let mut body = described(&self.scenario, (i, j), terms, &self.calendar);
        body.insert(
            REMINDER.to_string(),
            reminder(&self.calendar, self.practice.clock, self.deadline).into(),
        );
        let made = Made {
            parties: Parties {
                surplus: pair.0.clone(),
                shortage: pair.1.clone(),
                lender: firm(self.scenario.surplus()[i.index()].firm),
                borrower: firm(shortage.firm),
            },
            plan: Some(self.plan.clone()),
            now: Proposal::new(terms, self.deadline),
            body,
        };
        let data = Map::from_iter([
            ("plan_id".to_string(), self.plan.as_str().into()),
            ("versions".to_string(), versions_of(versions)),
        ]);
        self.proposals.push(made.store(tx, &self.by, "propose", data).await?.id);
        Ok(())
    }

    fn skip(&mut self, (surplus, shortage): &(String, String), stretch: Stretch, why: &[(&str, Text)]) {
        let reasons: Vec<Value> = why
            .iter()
            .map(|(code, text)| json!({ "code": code, "message": text.say(En), "message_zh": text.say(Zh) }))
            .collect();
        self.skipped.push(json!({
            "surplus": surplus, "shortage": shortage, "count": stretch.count, "from": stretch.from.to_string(),
            "to": stretch.to.to_string(), "reasons": reasons,
        }));
    }

    /// Supersedes what the plan has no place for, and gives the proposals and what was skipped.
    async fn close(mut self, tx: &mut Tx) -> Result<(Vec<String>, Vec<Value>), Problem> {
        for held in std::mem::take(&mut self.open) {
            end(tx, &self.by, held.deal, ProposalAct::Supersede, &self.plan).await?;
        }
        Ok((self.proposals, self.skipped))
    }
}

/// The version of a posting that is open.
async fn open_version(tx: &mut Tx, kind: Kind, id: &str) -> Result<Option<i64>, Problem> {
    match tx.record(kind, id).await {
        Ok(record) => Ok((record.state == Stage::Open).then_some(record.version)),
        Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// Why a secondment is not proposed.
fn reasons(misfits: &[Misfit]) -> Vec<(&'static str, Text)> {
    let mut found: Vec<_> = broken(misfits)
        .map(|rule| {
            (
                rule.code(),
                Text::new(format!("rule: {}", rule_name(rule, En)), format!("规则：{}", rule_name(rule, Zh))),
            )
        })
        .collect();
    if misfits.iter().any(|misfit| !matches!(misfit, Misfit::Rules(_))) {
        let why = Text::new("more than the postings have left on a day", "超出登记在某日的剩余人数");
        found.push(("capacity", why));
    }
    found
}
