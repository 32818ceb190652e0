//! Somebody who looks at a page: the call that the guard let through, and the language that they read.

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use tiaoji_core::practice::ZoneClock;
use tiaoji_formats::messages::Language;

use crate::app::App;
use crate::practice::settings::Practice;
use crate::problem::Problem;
use crate::who::{Actor, Call, Role};

/// The cookie of the language that was chosen.
pub const LANGUAGE: &str = "tiaoji-language";

/// A call of a page.
#[derive(Clone)]
pub struct Visit {
    pub call: Call,
    pub language: Language,
    /// The zone's civil time.
    pub clock: ZoneClock,
    /// The last change before the page was made: what comes later, the page is told.
    pub since: Option<i64>,
}

impl Visit {
    pub fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.language.choose(en, zh)
    }

    /// An instant of the API in the zone's time, to the minute.
    pub fn instant(&self, text: &str) -> String {
        super::days::instant(text, self.clock)
    }

    pub fn actor(&self) -> Option<&Actor> {
        self.call.actor.as_ref()
    }

    pub fn role(&self) -> Option<Role> {
        self.actor().map(|actor| actor.role)
    }

    /// Whether the caller is of one firm and speaks for it.
    pub fn is_firm(&self) -> bool {
        self.role() == Some(Role::Firm)
    }

    /// The page to come back to: this one, or the one whose form was sent.
    pub fn here(&self) -> &str {
        if self.call.method == Method::GET { &self.call.target } else { "/" }
    }
}

/// The language chosen; else what the browser asks for, Chinese where it names neither.
pub fn language(headers: &HeaderMap) -> Language {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    match pairs.find(|(name, _)| *name == LANGUAGE) {
        Some((_, "en")) => return Language::En,
        Some((_, "zh")) => return Language::Zh,
        _ => {}
    }
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if asked.to_ascii_lowercase().contains("en") { crate::language::of(headers) } else { Language::Zh }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visit, Problem> {
        let call = Call::from_request_parts(parts, app).await?;
        // a page that can do without the database is not to fail for want of it
        let (practice, since) = match app.store.view().await {
            Ok(mut view) => (Practice::of(&mut view).await.unwrap_or_default(), view.last_seq().await.ok()),
            Err(_) => (Practice::default(), None),
        };
        let since = since.filter(|_| call.actor.is_some());
        Ok(Visit { call, language: language(&parts.headers), clock: practice.clock, since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        let check = |cookie: &str, asked: &str, expect| {
            let head = [(COOKIE, cookie), (ACCEPT_LANGUAGE, asked)];
            let head = head.into_iter().filter(|(_, value)| !value.is_empty());
            let headers = head.map(|(name, value)| (name, value.parse().expect("a value"))).collect();
            assert_eq!(language(&headers), expect, "{cookie} {asked}");
        };
        check("", "", Language::Zh);
        check("", "de", Language::Zh);
        check("", "en-GB,en;q=0.9", Language::En);
        check("", "zh-CN,zh;q=0.9,en;q=0.8", Language::Zh);
        check("a=b; tiaoji-language=zh", "en", Language::Zh);
        check("tiaoji-language=en", "zh", Language::En);
        check("tiaoji-language=fr", "zh", Language::Zh);
    }
}
