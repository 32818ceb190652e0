//! `/`: what the caller has to do now.

use axum::extract::State;
use axum::response::Response;
use maud::html;

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
    let outlook = match visit.role() {
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
