//! The exchange sheets of alliances: one page to read and to print for the regular meeting of each. They name what every firm
//! of an alliance is short of, so they are for those who look after firms, and not for firms.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{PreEscaped, html};
use serde_json::Value;
use tiaoji_formats::alliance_sheet;
use tiaoji_store::Kind;

use super::register::head;
use super::visit::Visit;
use crate::app::App;
use crate::lists::percent_encoded;
use crate::options::current;
use crate::plans::{held, in_a_slot};
use crate::problem::{FORBIDDEN, NOT_FOUND, NOT_READY, Problem};
use crate::who::Role;
use crate::zone::document::all;

/// The alliances whose sheets the caller may see: an officer's are those of the firms that they look after.
async fn alliances(app: &App, visit: &Visit) -> Result<BTreeSet<String>, Problem> {
    let is_seen = |firm: &str| match visit.role() {
        Some(Role::Zone | Role::Viewer) => true,
        Some(Role::Officer) => visit.actor().is_some_and(|actor| actor.has(firm)),
        _ => false,
    };
    if !matches!(visit.role(), Some(Role::Zone | Role::Viewer | Role::Officer)) {
        return Err(Problem::new(&FORBIDDEN));
    }
    let firms = all(&mut app.store.view().await?, Kind::Firm).await?;
    let seen = firms.into_iter().filter(|(id, _)| is_seen(id));
    Ok(seen
        .filter_map(|(_, firm)| firm.get("alliance").and_then(Value::as_str).map(str::to_string))
        .collect())
}

/// `GET /register/alliances`
pub async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let alliances = alliances(&app, &visit).await?;
    let has_plan = current(&mut app.store.view().await?).await?.is_some();
    let title = visit.say("Alliance sheets", "联盟交流单");
    let body = html! {
        (head(&visit, "/register/alliances", title))
        p { (visit.say("One page for the regular meeting of each: who is short, who has hands, what crosses to other alliances, three suggestions.",
            "每个联盟例会用的一页纸：谁还缺人、谁还有人、与其他联盟的借调、三条建议。")) }
        @if !has_plan { p class="soft" { (visit.say("The zone has no plan yet.", "园区尚无方案。")) } }
        @else if alliances.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
        @else {
            ul class="kept-away" { @for name in &alliances {
                li { a href=(format!("/register/alliances/{}", percent_encoded(name))) { (name) } }
            } }
        }
    };
    Ok(visit.page(title, &body))
}

/// `GET /register/alliances/{name}`: by the plan in force, or the newest.
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    if !alliances(&app, &visit).await?.contains(&name) {
        return Err(Problem::new(&NOT_FOUND));
    }
    let plan = current(&mut app.store.view().await?).await?;
    let none = || Problem::new(&NOT_READY).detail("The zone has no plan yet", "园区尚无方案");
    let plan = plan.ok_or_else(none)?;
    let (scenario, file) = held(&app.store, &plan.id).await?;
    let (language, of) = (visit.language, name.clone());
    let sheet = in_a_slot(&app, move |_| alliance_sheet(&scenario, &file, &of, language)).await?;
    let sheet = sheet.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let title = visit.say("Alliance exchange sheet", "联盟交流单");
    let made = visit.instant(&crate::zone::sort::instant(plan.created));
    let body = html! {
        h1 { (title) }
        p class="actions" { a href="/register/alliances" { (visit.say("Other alliances", "其他联盟")) } }
        h2 class="slight" {
            (visit.language.choose(format!("Plan {} of {made}", plan.id), format!("方案 {}，{made}", plan.id)))
            @if plan.published.is_none() { " " (visit.say("(not published)", "（尚未公布）")) }
        }
        (PreEscaped(sheet))
    };
    Ok(visit.page(&format!("{title} · {name}"), &body))
}
