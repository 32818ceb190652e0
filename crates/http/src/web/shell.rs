//! What is around every page: head, menu, language, faults in words; and the headers that all of them have.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use maud::{DOCTYPE, Markup, html};
use tiaoji_formats::messages::Language;

use super::visit::{Visit, language};
use super::{assets, texts};
use crate::lists::percent_encoded;
use crate::problem::{self, Problem};
use crate::who::Role;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The largest form that is kept while its sender logs in again.
const KEPT: usize = 1 << 20;
/// The largest table, which a browser sends as a form.
const TABLE: usize = 16 << 20;

/// The menu of a role: address, English, Chinese.
fn menu(role: Role) -> &'static [(&'static str, &'static str, &'static str)] {
    const SURPLUS: (&str, &str, &str) = ("/surplus", "Surplus", "余工");
    const SHORTAGES: (&str, &str, &str) = ("/shortages", "Shortages", "缺工");
    const MATCH: (&str, &str, &str) = ("/match", "Matching", "调剂");
    const WHAT_IF: (&str, &str, &str) = ("/what-if", "What if", "试算");
    const PROPOSALS: (&str, &str, &str) = ("/proposals", "Proposals", "提议");
    const AGREEMENTS: (&str, &str, &str) = ("/agreements", "Agreements", "协议");
    const HOME: (&str, &str, &str) = ("/", "To do", "待办");
    const REGISTER: (&str, &str, &str) = ("/register", "Register", "台账");
    const SETTINGS: (&str, &str, &str) = ("/settings", "Settings", "设置");
    match role {
        Role::Firm => &[HOME, SURPLUS, SHORTAGES, PROPOSALS, AGREEMENTS, SETTINGS],
        Role::Officer => &[HOME, SURPLUS, SHORTAGES, PROPOSALS, AGREEMENTS, REGISTER, SETTINGS],
        Role::Zone => &[HOME, MATCH, WHAT_IF, SURPLUS, SHORTAGES, PROPOSALS, AGREEMENTS, REGISTER, SETTINGS],
        Role::Viewer => &[HOME, MATCH, SURPLUS, SHORTAGES, REGISTER, SETTINGS],
        Role::Service => &[HOME],
    }
}

impl Visit {
    /// The states of a list, each a link to what is in it.
    pub fn tabs(&self, path: &str, states: &[&str], here: &str, name: fn(&str, Language) -> &str) -> Markup {
        html! {
            nav class="tabs" aria-label=(self.say("State", "状态")) {
                ul {
                    @for state in states {
                        li { a href=(format!("{path}?state={state}")) aria-current=[(*state == here).then_some("true")] { (name(state, self.language)) } }
                    }
                }
            }
        }
    }

    /// A whole page.
    pub fn page(&self, title: &str, body: &Markup) -> Response {
        let menu = self.role().map(menu).unwrap_or_default();
        let here = self.call.target.split('?').next().unwrap_or_default();
        let is_here = |at: &str| here == at || (at != "/" && here.starts_with(at));
        let other = if self.language == Language::Zh { ("en", "English") } else { ("zh", "中文") };
        let around = html! {
            @if let Some(actor) = self.actor() {
                nav aria-label=(self.say("Main", "主菜单")) {
                    ul {
                        @for (at, en, zh) in menu {
                            li { a href=(at) aria-current=[is_here(at).then_some("page")] { (self.say(en, zh)) } }
                        }
                    }
                }
                form method="post" action="/logout" class="out" {
                    span class="soft" { (actor.name) " · " (texts::role(actor.role.name(), self.language)) }
                    button class="plain" { (self.say("Log out", "退出")) }
                }
            }
            a class="tongue" hreflang=(other.0) lang=(other.0)
                href=(format!("/language/{}?back={}", other.0, percent_encoded(self.here()))) { (other.1) }
        };
        let user = self.actor().map_or("", |actor| actor.id.as_str());
        whole(self.language, title, (user, self.since), &around, body)
    }

    /// A line that a script shows when something of these kinds has changed, `kind` or `kind:id`; where nothing is being typed
    /// the page is loaded again instead.
    pub fn watch(&self, kinds: &str) -> Markup {
        html! {
            p role="status" class="notice" data-watch=(kinds) hidden {
                (self.say("This has changed meanwhile. ", "内容已有变化。"))
                a href=(self.here()) { (self.say("Load it again", "重新载入")) }
                (self.say(" (what you have typed is kept on this device)", "（已填写的内容保留在本机）"))
            }
        }
    }

    /// What a form that could not be taken is answered with: the page again, with its status.
    pub fn refused(&self, title: &str, problem: &Problem, body: &Markup) -> Response {
        let mut page = self.page(title, body);
        *page.status_mut() = problem.status();
        page
    }
}

/// A page without anybody.
fn whole(
    language: Language,
    title: &str,
    (user, since): (&str, Option<i64>),
    around: &Markup,
    body: &Markup,
) -> Response {
    let say = |en, zh| language.choose(en, zh);
    let page = html! {
        (DOCTYPE)
        html lang=(crate::language::tag(language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::STYLE.path());
                script defer src=(assets::SCRIPT.path()) {}
                title { (title) " · " (say("tiaoji", "调剂")) }
            }
            body class="app" data-user=(user) data-since=[since] {
                a class="skip" href="#main" { (say("To the content", "跳到正文")) }
                header class="bar" {
                    a class="brand" href="/" { (say("tiaoji", "调剂")) }
                    (around)
                }
                main id="main" tabindex="-1" { (body) }
            }
        }
    };
    Html(page.into_string()).into_response()
}

/// On to another page.
pub fn onward(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// An address of ours to go back to; `/` for any other.
pub fn own_address(back: Option<&str>) -> &str {
    let is_ours = |back: &&str| {
        back.starts_with('/')
            && !back.starts_with("//")
            && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    back.filter(is_ours).unwrap_or("/")
}

/// Gives pages their headers, and makes pages of faults: who is not logged in goes to the login, and keeps what was typed.
pub async fn around(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let (method, target) = (request.method().clone(), request.uri().to_string());
    let (request, sent) = if method == Method::POST {
        let (parts, body) = request.into_parts();
        let most = if parts.uri.path().ends_with("/import") { TABLE } else { KEPT };
        match Limited::new(body, most).collect().await {
            Ok(collected) => {
                let bytes = collected.to_bytes();
                (Request::from_parts(parts, Body::from(bytes.clone())), bytes)
            }
            Err(_) => return sealed(Problem::new(&problem::TOO_LARGE).into_response()),
        }
    } else {
        (request, Bytes::new())
    };
    let mut answer = next.run(request).await;
    let is_page =
        answer.headers().get(CONTENT_TYPE).is_none_or(|media| media.as_bytes().starts_with(b"text/"));
    let Some(problem) = answer.extensions_mut().remove::<Problem>() else { return sealed(answer) };
    if !is_page || target.ends_with("/check") {
        answer.extensions_mut().insert(problem);
        return sealed(answer);
    }
    if problem.code() != problem::UNAUTHENTICATED.code {
        let mut page =
            whole(language, problem.title(language), ("", None), &html! {}, &in_words(&problem, language));
        *page.status_mut() = problem.status();
        return sealed(page);
    }
    if method == Method::GET {
        let back = if target == "/" { String::new() } else { format!("?back={}", percent_encoded(&target)) };
        return sealed(onward(&format!("/login{back}")));
    }
    let mut page =
        whole(language, problem.title(language), ("", None), &html! {}, &again(&target, &sent, language));
    *page.status_mut() = problem.status();
    sealed(page)
}

fn in_words(problem: &Problem, language: Language) -> Markup {
    html! {
        h1 { (problem.title(language)) }
        p { (problem.told(language)) }
        p { a href="/" { (language.choose("To what is to be done", "回到待办")) } }
    }
}

/// A form whose session has ended, to be sent again.
fn again(target: &str, sent: &[u8], language: Language) -> Markup {
    let say = |en, zh| language.choose(en, zh);
    let text = String::from_utf8_lossy(sent);
    let values = super::form::Values::parsed(&text);
    html! {
        h1 { (say("Your session has ended", "登录已失效")) }
        p { (say("Nothing that you typed is lost. Log in in a new window, come back here and send it again.",
            "您填写的内容没有丢失。请在新窗口登录，再回到这里重新提交。")) }
        p { a class="button" href="/login" target="_blank" rel="noopener" { (say("Log in in a new window", "在新窗口登录")) } }
        form method="post" action=(target) {
            @for (name, value) in values.pairs() { input type="hidden" name=(name) value=(value); }
            button { (say("Send it again", "重新提交")) }
        }
    }
}

fn sealed(mut answer: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// The cookie of a language, for a year.
pub fn language_cookie(tag: &str) -> (HeaderName, HeaderValue) {
    let text = format!("{}={tag}; Path=/; SameSite=Lax; Max-Age=31536000", super::visit::LANGUAGE);
    (SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ours() {
        let check = |back, expect| assert_eq!(own_address(back), expect, "{back:?}");
        check(None, "/");
        check(Some("/surplus/S-1?done=made"), "/surplus/S-1?done=made");
        check(Some("//evil.example"), "/");
        check(Some("https://evil.example"), "/");
        check(Some("/\\evil.example"), "/");
        check(Some("/a\r\nx: y"), "/");
    }
}
