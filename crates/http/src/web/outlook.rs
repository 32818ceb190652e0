//! What whoever runs a zone sees first: how far the plan in force fills what is asked for, how soon postings become agreements,
//! what is lent under them, who takes part; and of the plan the pictures, each with its table.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use tiaoji_formats::outlook_sections;
use tiaoji_formats::pictures::thousands;
use tiaoji_store::{Deal, DealFilter, DealKind, Error, Filter, Kind, State, View};

use super::register::Firms;
use super::visit::Visit;
use super::written::percent;
use crate::app::App;
use crate::options::current;
use crate::plans::{held, in_a_slot};
use crate::problem::Problem;

/// A day in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// What was agreed so far, and who takes part.
#[derive(Default)]
struct Doings {
    /// Head-days that were or will be worked under agreements: as stated at their end, else as their terms have it.
    lent: i64,
    agreements: usize,
    /// From posting to agreement, in civil days, in order.
    waits: Vec<i64>,
    /// Firms with an open posting, and firms with an agreement.
    posting: BTreeSet<String>,
    agreed: BTreeSet<String>,
    /// Head-days by lending firm.
    by_lender: BTreeMap<String, i64>,
}

/// The first page's part for the zone and those who look on.
///
/// # Errors
/// `busy`; the database's.
pub async fn markup(app: &App, visit: &Visit) -> Result<Markup, Problem> {
    let mut view = app.store.view().await?;
    let (plan, firms, doings) =
        (current(&mut view).await?, Firms::of(&mut view).await?, doings(&mut view).await?);
    drop(view);
    let (filled, sections) = match &plan {
        Some(plan) => {
            let (scenario, file) = held(&app.store, &plan.id).await?;
            let (language, kpis, link) = (visit.language, file.kpis.clone(), format!("/plans/{}", plan.id));
            let sections =
                in_a_slot(app, move |_| outlook_sections(&scenario, &file, &link, language)).await?;
            (Some((kpis.filled_worker_days, kpis.demanded_worker_days)), sections)
        }
        None => (None, Vec::new()),
    };
    Ok(html! {
        (tiles(visit, filled, &firms, &doings))
        @if let Some(plan) = &plan {
            p class="soft" {
                (visit.say("Pictures and the filled rate are those of ", "满足率与图表依据"))
                a href=(format!("/plans/{}", plan.id)) { (visit.language.choose(format!("plan {}", plan.id), format!("方案 {}", plan.id))) }
                (if plan.published.is_some() { visit.say(", which is in force.", "（已公布）。") } else { visit.say(", the newest; none is in force.", "（最新，尚未公布）。") })
            }
        }
        @for section in &sections {
            section id=(section.id) aria-labelledby=(format!("{}-head", section.id)) {
                h2 id=(format!("{}-head", section.id)) { (section.title) }
                (PreEscaped(&section.body))
            }
        }
        (active(visit, &firms, &doings))
    })
}

fn tiles(visit: &Visit, filled: Option<(i64, i64)>, firms: &Firms, doings: &Doings) -> Markup {
    let half = doings.waits.len() / 2;
    // of an even number the mean of the two in the middle
    let pair = doings.waits.get(half).zip(doings.waits.get(doings.waits.len().saturating_sub(1) / 2));
    let median = pair.map(|(a, b)| format!("{:.1}", (a + b) as f64 / 2.0));
    let taking_part = doings.posting.union(&doings.agreed).count();
    let tiles = [
        (
            visit.say("Filled", "满足率"),
            filled.map_or_else(|| "–".to_string(), |(part, whole)| percent(part, whole)),
            filled.map_or_else(String::new, |(part, whole)| {
                visit.language.choose(
                    format!("{} of {} worker-days", thousands(part), thousands(whole)),
                    format!("缺工 {} 人天，满足 {} 人天", thousands(whole), thousands(part)),
                )
            }),
        ),
        (
            visit.say("Days to match", "成交天数"),
            median.unwrap_or_else(|| "–".to_string()),
            visit
                .say("median, from the shortage posted to its agreement", "缺工登记至达成协议，中位数")
                .to_string(),
        ),
        (
            visit.say("Head-days lent", "借调人天"),
            thousands(doings.lent),
            visit.language.choose(
                format!("under {} agreements", doings.agreements),
                format!("共 {} 份协议", doings.agreements),
            ),
        ),
        (
            visit.say("Firms that take part", "参与企业"),
            thousands(taking_part as i64),
            visit.language.choose(format!("of {}", firms.count()), format!("共 {} 家企业", firms.count())),
        ),
    ];
    html! {
        dl class="tiles" { @for (name, value, note) in tiles {
            div { dt { (name) } dd class="value" { (value) } dd class="note" { (note) } }
        } }
    }
}

/// Who takes part, by alliance.
fn active(visit: &Visit, firms: &Firms, doings: &Doings) -> Markup {
    let none = visit.say("in no alliance", "未加入联盟");
    let mut rows: BTreeMap<&str, [i64; 4]> = BTreeMap::new();
    for id in firms.ids() {
        let name = Some(firms.text(id, "alliance")).filter(|name| !name.is_empty()).unwrap_or(none);
        let row = rows.entry(name).or_default();
        row[0] += 1;
        row[1] += i64::from(doings.posting.contains(id));
        row[2] += i64::from(doings.agreed.contains(id));
        row[3] += doings.by_lender.get(id).copied().unwrap_or_default();
    }
    let heads = [
        visit.say("Firms", "企业"),
        visit.say("With open postings", "有登记的企业"),
        visit.say("With agreements", "有协议的企业"),
        visit.say("Head-days lent", "借出人天"),
    ];
    html! {
        section {
            h2 { (visit.say("Who is active", "各联盟参与情况")) }
            table class="cards" {
                thead { tr { th { (visit.say("Alliance", "联盟")) } @for head in heads { th class="number" { (head) } } } }
                tbody { @for (name, row) in &rows { tr {
                    th scope="row" { (name) }
                    @for (head, value) in heads.iter().zip(row) { td class="number" data-head=(head) { (thousands(*value)) } }
                } } }
            }
        }
    }
}

async fn doings(view: &mut View) -> Result<Doings, Problem> {
    let mut found = Doings::default();
    let open = Filter { state: Some(State::Open), ..Filter::default() };
    for kind in [Kind::Surplus, Kind::Shortage] {
        let mut after = None::<String>;
        loop {
            let page = view.records(kind, &open, after.as_deref(), 500).await?;
            found.posting.extend(page.items.iter().filter_map(|record| {
                let row: Value = serde_json::from_str(&record.body).ok()?;
                row["firm"].as_str().map(str::to_string)
            }));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let mut after = None::<String>;
    loop {
        let page = view.deals(DealKind::Agreement, &DealFilter::default(), after.as_deref(), 500).await?;
        for deal in page.items.iter().filter(|deal| deal.standing.state != "cancelled") {
            count(view, &mut found, deal).await?;
        }
        after = page.next;
        if after.is_none() {
            found.waits.sort_unstable();
            return Ok(found);
        }
    }
}

async fn count(view: &mut View, found: &mut Doings, deal: &Deal) -> Result<(), Problem> {
    let body: Value = serde_json::from_str(&deal.standing.body).unwrap_or_default();
    let days = body["stated_worker_days"].as_i64().or(body["worker_days"].as_i64()).unwrap_or_default();
    found.agreements += 1;
    found.lent += days;
    *found.by_lender.entry(deal.parties.lender.clone()).or_default() += days;
    found.agreed.extend([deal.parties.lender.clone(), deal.parties.borrower.clone()]);
    match view.record(Kind::Shortage, &deal.parties.shortage).await {
        Ok(posting) => found.waits.push((deal.created - posting.created).max(0) / DAY),
        Err(Error::NotFound) => {}
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}
