//! Settings: what there is of them for a role, one's own firm, one's own password.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde_json::{Value, json};
use tiaoji_store::Kind;

use super::books::{FIRM_BOOK, SKILL_BOOK};
use super::directory::facts;
use super::entry::{secret, with_cookie};
use super::form::{Faults, Values};
use super::skills::Skills;
use super::visit::Visit;
use super::{DONE, calendar, page, people, policy};
use crate::app::App;
use crate::body::Json;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::routes::Route;
use crate::session;
use crate::who::{Proof, Role};
use crate::zone::sort::body;

/// Their pages.
pub fn pages() -> Vec<Route> {
    use crate::who::Matter::{People, Rules, Self_};
    vec![
        page("get", "/settings", Self_, &[DONE], || get(index)),
        page("post", "/settings/password", Self_, &[], || post(password)),
        page("get", "/settings/policy", Rules, &[DONE], || get(policy::show)),
        page("post", "/settings/policy", Rules, &[], || post(policy::change)),
        page("get", "/settings/calendar", Rules, &[DONE], || get(calendar::show)),
        page("post", "/settings/calendar", Rules, &[], || post(calendar::add)),
        page("post", "/settings/calendar/{date}/remove", Rules, &[], || post(calendar::remove)),
        page("get", "/settings/people", People, &[DONE], || get(people::show)),
        page("post", "/settings/people/{verb}", People, &[], || post(people::make)),
        page("post", "/settings/people/{id}/{verb}", People, &[], || post(people::act_on)),
    ]
}

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("Settings", "设置")
}

/// `GET /settings`
pub async fn index(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let inside = everything(&app, &visit, done.as_deref() == Some("password"), &Faults::default()).await?;
    Ok(visit.page(title(&visit), &inside))
}

async fn everything(app: &App, visit: &Visit, is_done: bool, faults: &Faults) -> Result<Markup, Problem> {
    let doors = [
        (
            "/settings/policy",
            ("Policy", "政策"),
            ("costs, limits and rules of matching", "成本、限制与调剂规则"),
        ),
        (
            "/settings/calendar",
            ("Calendar", "日历"),
            ("holidays, and days that are worked instead", "节假日与调休上班日"),
        ),
        (
            FIRM_BOOK.path,
            FIRM_BOOK.title,
            ("who there is, where, in which alliance", "园区企业、位置与所属联盟"),
        ),
        (
            SKILL_BOOK.path,
            SKILL_BOOK.title,
            ("what can be posted, and which skill may do another's work", "可登记的工种与工种替代"),
        ),
        (
            "/settings/people",
            ("People", "人员"),
            ("who may come in: users, invitations, keys", "用户、邀请与密钥"),
        ),
    ];
    let is_there = |at: &str| match visit.role() {
        Some(Role::Zone | Role::Viewer | Role::Officer) => true,
        // a firm's own stands below
        Some(Role::Firm) => !["/settings/people", FIRM_BOOK.path].contains(&at),
        _ => false,
    };
    let own = match visit.actor().filter(|_| visit.is_firm()).and_then(|actor| actor.firms.first()) {
        Some(firm) => {
            let mut view = app.store.view().await?;
            let firm = Value::from(body(&view.record(Kind::Firm, firm).await?));
            Some(of_a_firm(visit, &Skills::of(&mut view).await?, &firm))
        }
        None => None,
    };
    // for the browser's list of passwords
    let login = match visit.actor() {
        Some(actor) if actor.proof != Proof::Key => app.store.view().await?.user(&actor.id).await?.login,
        _ => String::new(),
    };
    Ok(html! {
        @if is_done { p role="status" class="notice" { (visit.say("Your password is new. Other windows have been logged out.", "密码已更改，其他窗口已退出登录。")) } }
        h1 { (title(visit)) }
        div class="doors" {
            @for (at, name, about) in doors.iter().filter(|(at, ..)| is_there(at)) {
                a class="door" href=(at) {
                    strong { (visit.say(name.0, name.1)) }
                    span { (visit.say(about.0, about.1)) }
                }
            }
        }
        @if let Some(own) = own { (own) }
        section {
            h2 { (visit.say("Your password", "您的密码")) }
            form method="post" action="/settings/password" {
                input name="login" value=(login) autocomplete="username" aria-label=(visit.say("Login", "登录名")) readonly hidden;
                (secret(visit.say("Password until now", "现用密码"), "current", "current-password", faults))
                (secret(visit.say("New password", "新密码"), "password", "new-password", faults))
                p class="hint" { (visit.say("At least 10 characters.", "至少 10 个字符。")) }
                button { (visit.say("Change it", "更改密码")) }
            }
        }
    })
}

/// What the zone knows of a firm.
fn of_a_firm(visit: &Visit, skills: &Skills, firm: &Value) -> Markup {
    html! {
        section {
            h2 { (visit.say("Your firm", "本企业")) }
            (facts(visit, &FIRM_BOOK, skills, firm))
            p class="hint" { (visit.say("If something here is wrong, tell the zone: it keeps the register of firms.", "如有不符，请告知园区更正。")) }
        }
    }
}

/// `POST /settings/password`
pub async fn password(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let sent = Json::of(&json!({ "current": values.raw("current"), "password": values.raw("password") }));
    let call = visit.call.of("change_password")?;
    match session::change_password(State(app.clone()), call, headers, sent).await {
        Ok(begun) => Ok(with_cookie(&begun, "/settings?done=password")),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let inside = html! { (super::form::summary(&visit, &faults, &[])) (everything(&app, &visit, false, &faults).await?) };
            Ok(visit.refused(title(&visit), &problem, &inside))
        }
    }
}
