//! Coming in and going out: login, invitation, logout; the language of the pages.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{SET_COOKIE, VARY};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::json;

use super::form::{Faults, Field, Sort, Values, summary};
use super::shell::{language_cookie, onward, own_address};
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::parameters::Parameters;
use crate::problem::{NOT_FOUND, Problem};
use crate::session;

const LOGIN: Field =
    Field {
        member: "login", sort: Sort::Text, is_needed: false, name: ("Login", "登录名"), hint: ("", "")
    };

fn password(visit: &Visit, id: &str, autocomplete: &str, faults: &Faults) -> Markup {
    secret(visit.say("Password", "密码"), id, autocomplete, faults)
}

/// A field of a password, of which nothing is sent back.
pub fn secret(label: &str, id: &str, autocomplete: &str, faults: &Faults) -> Markup {
    let fault = format!("{id}-fault");
    html! {
        div class="field" {
            label for=(id) { (label) }
            input type="password" id=(id) name=(id) autocomplete=(autocomplete) aria-describedby=(fault);
            div class="fault" id=(fault) { @for text in faults.at(id) { p { (text) } } }
        }
    }
}

fn text_of(parameters: &mut Parameters, name: &str) -> String {
    parameters.take(name, |text| Ok(text.to_string())).unwrap_or_default()
}

/// `GET /login`
pub async fn login(visit: Visit, mut parameters: Parameters) -> Result<Response, Problem> {
    let mut values = Values::default();
    values.set("back", text_of(&mut parameters, "back"));
    let is_out = text_of(&mut parameters, "done") == "out";
    parameters.finish()?;
    let notice = html! {
        @if is_out { p role="status" class="notice" data-forget { (visit.say("You are logged out.", "您已退出。")) } }
        @else if !values.get("back").is_empty() {
            p role="status" class="notice" {
                (visit.say("Log in to see this page. If you were logged in, your session has ended; what you had typed is kept on this device.",
                    "请先登录。如果您刚才已登录，说明登录已失效；已填写的内容保留在本机。"))
            }
        }
    };
    Ok(visit.page(visit.say("Log in", "登录"), &login_form(&visit, &values, &Faults::default(), &notice)))
}

fn login_form(visit: &Visit, values: &Values, faults: &Faults, notice: &Markup) -> Markup {
    html! {
        div class="narrow" {
            h1 { (visit.say("Shared labour in the zone", "园区共享用工调剂")) }
            p class="soft" { (visit.say("Lend idle workers, find those you lack.", "余工借得出，缺工找得到。")) }
            (notice)
            (summary(visit, faults, &[&LOGIN]))
            form method="post" action="/login" {
                input type="hidden" name="back" value=(values.get("back"));
                (LOGIN.markup(visit, values, faults, &[]))
                (password(visit, "password", "current-password", faults))
                button { (visit.say("Log in", "登录")) }
            }
            p { a href="/invitation" { (visit.say("I have an invitation", "我有邀请码")) } }
        }
    }
}

/// `POST /login`
pub async fn log_in(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let sent = Json::of(&json!({ "login": values.get("login"), "password": values.get("password") }));
    match session::log_in(State(app), visit.call.clone(), headers, sent).await {
        Ok(begun) => Ok(with_cookie(&begun, own_address(Some(values.get("back"))))),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let form = login_form(&visit, &values, &faults, &html! {});
            Ok(visit.refused(visit.say("Log in", "登录"), &problem, &form))
        }
    }
}

/// On to a page, with the cookie of a session that has begun.
pub fn with_cookie(begun: &Response, to: &str) -> Response {
    let mut onward = onward(to);
    if let Some(cookie) = begun.headers().get(SET_COOKIE) {
        onward.headers_mut().insert(SET_COOKIE, cookie.clone());
    }
    onward
}

/// `POST /logout`
pub async fn log_out(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let ended = session::log_out(State(app), visit.call).await?;
    Ok(with_cookie(&ended, "/login?done=out"))
}

const TOKEN: Field = Field {
    member: "token",
    sort: Sort::Text,
    is_needed: false,
    name: ("Code of the invitation", "邀请码"),
    hint: ("what stands after # in the link", "链接中 # 之后的内容"),
};
const NEW_LOGIN: Field = Field { name: ("Login that you will use", "今后使用的登录名"), ..LOGIN };

/// `GET /invitation`: a script puts the code of the link into its field.
pub async fn invitation(visit: Visit) -> Response {
    let form = invitation_form(&visit, &Values::default(), &Faults::default());
    visit.page(visit.say("Invitation", "邀请"), &form)
}

fn invitation_form(visit: &Visit, values: &Values, faults: &Faults) -> Markup {
    html! {
        div class="narrow" {
            h1 { (visit.say("Accept an invitation", "接受邀请")) }
            (summary(visit, faults, &[&TOKEN, &NEW_LOGIN]))
            form method="post" action="/invitation" data-invitation {
                (TOKEN.markup(visit, values, faults, &[]))
                (NEW_LOGIN.markup(visit, values, faults, &[]))
                (password(visit, "password", "new-password", faults))
                p class="hint" { (visit.say("At least 10 characters.", "至少 10 个字符。")) }
                button { (visit.say("Begin", "开始使用")) }
            }
        }
    }
}

/// `POST /invitation`
pub async fn accept(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let sent = Json::of(&json!({
        "token": values.get("token"), "login": values.get("login"), "password": values.get("password"),
    }));
    match session::accept(State(app), headers, sent).await {
        Ok(begun) => Ok(with_cookie(&begun, "/")),
        Err(problem) => {
            let mut faults = Faults::of(&problem, visit.language);
            if problem.code() == NOT_FOUND.code {
                let unknown = visit.say(
                    "This invitation is unknown, used or out of date; ask for a new one",
                    "邀请码无效、已使用或已过期，请重新索取",
                );
                faults.0 = [("token".to_string(), vec![unknown.to_string()])].into();
            }
            let form = invitation_form(&visit, &values, &faults);
            Ok(visit.refused(visit.say("Invitation", "邀请"), &problem, &form))
        }
    }
}

/// `GET /language/{tag}`: from now on in this language.
pub async fn language(Path(tag): Path<String>, mut parameters: Parameters) -> Result<Response, Problem> {
    let back = text_of(&mut parameters, "back");
    parameters.finish()?;
    let known =
        ["en", "zh"].into_iter().find(|known| *known == tag).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let mut answer = onward(own_address(Some(&back)));
    let (name, value) = language_cookie(known);
    answer.headers_mut().insert(name, value);
    Ok((([(VARY, "cookie")]), answer).into_response())
}
