//! `/`: what the caller has to do now.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use tiaoji_store::{Filter, Kind};

use super::changes;
use super::deals;
use super::matching;
use super::outlook;
use super::postings::{self, table_of};
use super::register;
use super::visit::Visit;
use crate::app::App;
use crate::problem::Problem;
use crate::who::Role;
use crate::zone::sort::{SHORTAGES, SURPLUS};

/// What a zone in which there is no firm yet needs first.
fn first_steps(visit: &Visit) -> Markup {
    let steps = [
        ("/settings/policy", ("Set what an unfilled shortage and a secondment cost", "设定缺工与借调的成本")),
        ("/settings/skills", ("Add the skills that firms ask for", "添加企业所需的工种")),
        ("/settings/firms", ("Add the firms, with where they are", "添加企业及其位置")),
        ("/settings/people", ("Invite people of the firms, and service officers", "邀请企业用户与服务专员")),
    ];
    html! {
        section id="first-steps" {
            h2 { (visit.say("First steps", "开始使用")) }
            ol {
                @for (path, (en, zh)) in steps {
                    li { a href=(path) { (visit.say(en, zh)) } }
                }
            }
            p { (visit.say("Firms then post what they lack or can spare; from that you make a plan.",
                "企业登记余工、缺工后，即可制定调剂方案。")) }
        }
    }
}

/// `GET /`
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let posts = matches!(visit.role(), Some(Role::Firm | Role::Officer | Role::Zone));
    let title = visit.say("To do", "待办");
    let mut tables = Vec::new();
    if visit.role() != Some(Role::Service) {
        for sort in [&SURPLUS, &SHORTAGES] {
            tables.push((sort, table_of(&app, &visit, sort, "open", 5).await?));
        }
    }
    let waiting = match visit.role() {
        Some(Role::Firm | Role::Officer) => Some(deals::waiting(&app, &visit).await?),
        _ => None,
    };
    let plans = match visit.role() {
        Some(Role::Zone | Role::Viewer) => Some(matching::table(&app, &visit).await?),
        _ => None,
    };
    let firms = app.store.view().await?.records(Kind::Firm, &Filter::default(), None, 1).await?;
    let outlook = match visit.role() {
        Some(Role::Zone) if firms.items.is_empty() => Some(first_steps(&visit)),
        Some(Role::Zone | Role::Viewer) => Some(outlook::markup(&app, &visit).await?),
        _ => None,
    };
    let changed = match visit.role() {
        Some(Role::Firm | Role::Officer) => Some(changes::first(&app, &visit).await?),
        _ => None,
    };
    let left_open = match visit.role() {
        Some(Role::Firm | Role::Officer) => Some(register::first(&app, &visit).await?),
        _ => None,
    };
    let body = html! {
        (visit.watch("proposal agreement surplus shortage problem plan"))
        h1 { (title) }
        @if let Some(waiting) = waiting { (waiting) }
        @if let Some(changed) = changed { (changed) }
        @if let Some(left_open) = left_open { (left_open) }
        @if let Some(outlook) = outlook { (outlook) }
        @if let Some(plans) = plans {
            section {
                h2 { (visit.say("Plans", "方案")) }
                (plans)
                p { a href="/match" { (visit.say("To the matching", "去调剂")) } }
            }
        }
        @if posts && visit.role() != Some(Role::Zone) {
            div class="doors" {
                a class="door" href="/surplus/new" {
                    strong { (visit.say("We have idle workers", "我有余工")) }
                    span { (visit.say("post a surplus", "登记余工，借给别的企业")) }
                }
                a class="door" href="/shortages/new" {
                    strong { (visit.say("We are short of workers", "我缺人手")) }
                    span { (visit.say("post a shortage", "登记缺工，从别的企业借")) }
                }
            }
        }
        @for (sort, table) in &tables {
            section {
                h2 { (postings::title(&visit, sort)) }
                (table)
                p { a href=(postings::path(sort)) { (visit.say("all of them", "查看全部")) } }
            }
        }
    };
    Ok(visit.page(title, &body))
}
