//! What a plan changed for a firm since the one before it, and why: only what the firm was asked about itself.

use maud::{Markup, html};
use serde_json::Value;
use tiaoji_formats::messages::{reason_code, reason_name};
use tiaoji_formats::pictures::thousands;
use tiaoji_formats::{OpenChange, PairChange, Since, Stay};
use tiaoji_store::{Deal, DealFilter, DealKind, View};

use super::register::{Firms, more, text};
use super::skills::Skills;
use super::visit::Visit;
use crate::app::App;
use crate::lists::percent_encoded;
use crate::plans::{changes, published};
use crate::practice::show;
use crate::problem::Problem;
use crate::who::Role;

/// How many pairs are shown at once, and how many at all.
const FIRST: usize = 6;
const MOST: usize = 60;

/// A pair as it is told to somebody.
struct Told<'c> {
    pair: &'c PairChange,
    after: &'c [Stay],
    /// The proposal that asks about it, if one is open.
    proposal: Option<String>,
    why: String,
}

/// What the plan in force changed for the firms of the caller; nothing where no plan was in force before.
///
/// # Errors
/// The database's.
pub async fn first(app: &App, visit: &Visit) -> Result<Markup, Problem> {
    let mut view = app.store.view().await?;
    let plans = published(&mut view).await?;
    let ([after, before, ..], Some(actor)) = (&plans[..], visit.actor()) else { return Ok(html! {}) };
    // whoever compares takes a connection of their own: one that is held meanwhile could be the last
    drop(view);
    let found = changes(app, &before.id, &after.id).await?;
    let mut view = app.store.view().await?;
    let own = |firm: &str| actor.has(firm);
    let mut pairs = Vec::new();
    for pair in found.pairs.iter().filter(|pair| own(&pair.lender) || own(&pair.borrower)) {
        let deals = deals(&mut view, visit, pair).await?;
        if let Some(told) = told(visit, pair, &deals, &after.id, found.policy) {
            pairs.push(told);
        }
    }
    let open: Vec<&OpenChange> = found.open.iter().filter(|open| own(&open.firm)).collect();
    let (firms, skills) = (Firms::of(&mut view).await?, Skills::of(&mut view).await?);
    let since = after.published.map(crate::zone::sort::instant).unwrap_or_default();
    Ok(html! {
        section id="changes" {
            h2 { (visit.say("What the new plan changes for you", "新方案带来的变化")) }
            p class="soft" {
                (visit.language.choose(
                    format!("Plan {}, in force since {}, against plan {}.", after.id, visit.instant(&since), before.id),
                    format!("方案 {}（{} 公布）与上一份方案 {} 相比。", after.id, visit.instant(&since), before.id)))
            }
            @if pairs.is_empty() && open.is_empty() { p { (visit.say("Nothing changes for you.", "对您没有变化。")) } }
            (folded(visit, &pairs, FIRST, &firms, &skills))
            (stays_open(visit, &open, &firms, &skills))
        }
    })
}

/// What a plan changes anywhere in the zone, for those who see all of it.
///
/// # Errors
/// The database's.
pub async fn of_the_zone(app: &App, visit: &Visit, before: &str, after: &str) -> Result<Markup, Problem> {
    let found = changes(app, before, after).await?;
    let mut view = app.store.view().await?;
    let mut pairs = Vec::new();
    for pair in found.pairs.iter().take(MOST) {
        // who looks on is told nothing of what firms say to each other
        let deals =
            if visit.role() == Some(Role::Zone) { deals(&mut view, visit, pair).await? } else { Vec::new() };
        let why = why(visit, pair, &deals, found.policy, &pair.after);
        pairs.push(Told { pair, after: &pair.after, proposal: None, why });
    }
    let (firms, skills) = (Firms::of(&mut view).await?, Skills::of(&mut view).await?);
    let count = found.pairs.len();
    Ok(html! {
        @if pairs.is_empty() { p class="hint" { (visit.say("Nobody is lent otherwise.", "借调没有变化。")) } }
        @else {
            details {
                summary { (visit.language.choose(
                    format!("{count} pairs of firms' postings have other workers or days"), format!("{count} 对余工与缺工的人数或日期有变化"))) }
                (table(visit, &pairs, &firms, &skills))
                (more(visit, count, MOST))
            }
        }
    })
}

/// The proposals between two postings as the caller sees them, the newest first.
async fn deals(view: &mut View, visit: &Visit, pair: &PairChange) -> Result<Vec<Value>, Problem> {
    let filter = DealFilter {
        surplus: Some(pair.surplus.clone()),
        shortage: Some(pair.shortage.clone()),
        ..DealFilter::default()
    };
    let call = visit.call.of("list_proposals")?;
    let found: Vec<Deal> = view.all_deals(DealKind::Proposal, &filter).await?;
    let seen = found.iter().rev().filter(|deal| show::sees(&call, &deal.parties));
    Ok(seen.map(|deal| show::shown(&call, deal)).collect())
}

/// What a firm is told of a pair: nothing that it was never asked about.
fn told<'c>(
    visit: &Visit,
    pair: &'c PairChange,
    deals: &[Value],
    plan: &str,
    policy: bool,
) -> Option<Told<'c>> {
    let is_asked = deals.iter().any(|deal| text(deal, "plan_id") == plan || text(deal, "state") == "agreed");
    let after: &[Stay] = if is_asked { &pair.after } else { &[] };
    if deals.is_empty() || (after.is_empty() && pair.before.is_empty()) {
        return None;
    }
    let open = deals.iter().find(|deal| text(deal, "state") == "open");
    let proposal = open.map(|deal| text(deal, "id").to_string());
    Some(Told { pair, after, proposal, why: why(visit, pair, deals, policy, after) })
}

/// The nearest thing that explains it: what the firms said, what became of the postings, the policy; else that the whole zone
/// was weighed again.
fn why(visit: &Visit, pair: &PairChange, deals: &[Value], policy: bool, after: &[Stay]) -> String {
    let is_less = after.is_empty() || pair.worker_days.1 < pair.worker_days.0;
    if let Some(said) = deals.iter().filter(|_| is_less).find_map(|deal| answered(visit, deal)) {
        return said.to_string();
    }
    let sees_all = matches!(visit.role(), Some(Role::Zone | Role::Viewer));
    let is_own = |firm: &str| sees_all || visit.actor().is_some_and(|actor| actor.has(firm));
    let parts = [
        (pair.since.0, &pair.surplus, is_own(&pair.lender), ("surplus", "余工")),
        (pair.since.1, &pair.shortage, is_own(&pair.borrower), ("shortage", "缺工")),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter_map(|(since, id, is_own, name)| {
            let what = match since {
                Since::New => ("is new", "为新登记"),
                Since::Gone => ("is on offer no more", "已撤回或到期"),
                Since::Changed { openly } if openly || is_own => ("was changed", "已修改"),
                _ => return None,
            };
            let name = visit.say(name.0, name.1);
            Some(visit.language.choose(format!("{name} {id} {}", what.0), format!("{name} {id} {}", what.1)))
        })
        .collect();
    if !said.is_empty() {
        return said.join(visit.say("; ", "；"));
    }
    if policy {
        return visit.say("the zone has changed its rules", "园区调整了政策").to_string();
    }
    visit.say("the plan weighs anew all that is posted in the zone", "综合园区全部登记重新安排").to_string()
}

/// How a proposal ended, where a firm ended it.
fn answered<'v>(visit: &'v Visit, deal: &Value) -> Option<&'v str> {
    match text(deal, "state") {
        "declined" => Some(match text(deal, "declined_by") {
            "lender" => visit.say("the lender declined", "出借方谢绝"),
            _ => visit.say("the borrower declined", "借入方谢绝"),
        }),
        "expired" => Some(visit.say("it was not answered in time", "逾期未答复")),
        _ => None,
    }
}

/// A few lines, and the others behind one that opens them.
fn folded(visit: &Visit, pairs: &[Told<'_>], first: usize, firms: &Firms, skills: &Skills) -> Markup {
    let (shown, rest) = pairs.split_at(pairs.len().min(first));
    html! {
        @if !shown.is_empty() { (table(visit, shown, firms, skills)) }
        @if !rest.is_empty() {
            details {
                summary { (visit.language.choose(format!("{} more", rest.len()), format!("另有 {} 条", rest.len()))) }
                (table(visit, &rest[..rest.len().min(MOST)], firms, skills))
                (more(visit, rest.len(), MOST))
            }
        }
    }
}

fn table(visit: &Visit, pairs: &[Told<'_>], firms: &Firms, skills: &Skills) -> Markup {
    let [to, skill, before, now, why] = [
        visit.say("To", "借入企业"),
        visit.say("Skill", "工种"),
        visit.say("Before", "之前"),
        visit.say("Now", "现在"),
        visit.say("Why", "原因"),
    ];
    html! {
        table class="cards" {
            thead { tr { th { (visit.say("From", "出借企业")) } @for name in [to, skill, before, now, why] { th { (name) } } } }
            tbody { @for told in pairs { tr {
                th scope="row" { (firms.name(&told.pair.lender)) }
                td data-head=(to) { (firms.name(&told.pair.borrower)) }
                td data-head=(skill) { (skills.name(&told.pair.skill)) }
                td data-head=(before) { (stays(visit, &told.pair.before)) }
                td data-head=(now) {
                    span {
                        (stays(visit, told.after))
                        @if let Some(id) = &told.proposal { br; a class="short" href=(format!("/proposals/{id}")) { (visit.language.choose(format!("Proposal {id}"), format!("提议 {id}"))) } }
                    }
                }
                td data-head=(why) { (told.why) }
            } } }
        }
    }
}

fn stays(visit: &Visit, stays: &[Stay]) -> Markup {
    html! {
        @if stays.is_empty() { (visit.say("nobody", "无")) }
        @else {
            span { @for (n, Stay { count, from, to }) in stays.iter().enumerate() {
                @if n > 0 { br; }
                span class="short" { (visit.language.choose(format!("{count}: {from} – {to}"), format!("{count} 人：{from} – {to}"))) }
            } }
        }
    }
}

/// Own shortages of which more or less stays open.
fn stays_open(visit: &Visit, open: &[&OpenChange], firms: &Firms, skills: &Skills) -> Markup {
    let [firm, before, now, why] = [
        visit.say("Firm", "企业"),
        visit.say("Open before, worker-days", "之前缺口人天"),
        visit.say("Open now", "现在缺口人天"),
        visit.say("Why", "原因"),
    ];
    let reason = |(code, days): &(String, i64)| {
        let name = reason_code(code)
            .map_or_else(|| code.clone(), |known| reason_name(known, visit.language).to_string());
        visit.language.choose(format!("{name} ({days})"), format!("{name}（{days}）"))
    };
    html! {
        @if !open.is_empty() {
            h3 { (visit.say("What stays open", "仍缺多少")) }
            table class="cards" {
                thead { tr {
                    th { (visit.say("Shortage", "缺工")) }
                    @if !visit.is_firm() { th { (firm) } }
                    th class="number wraps" { (before) } th class="number wraps" { (now) } th { (why) }
                } }
                tbody { @for change in &open[..open.len().min(MOST)] { tr {
                    th scope="row" { a href=(format!("/shortages/{}", percent_encoded(&change.shortage))) { (skills.name(&change.skill)) " " (change.shortage) } }
                    @if !visit.is_firm() { td data-head=(firm) { (firms.name(&change.firm)) } }
                    td class="number" data-head=(before) { (thousands(change.worker_days.0)) }
                    td class="number" data-head=(now) { (thousands(change.worker_days.1)) }
                    td data-head=(why) { (change.reasons.iter().map(reason).collect::<Vec<_>>().join(visit.say(", ", "、"))) }
                } } }
            }
            (more(visit, open.len(), MOST))
        }
    }
}
