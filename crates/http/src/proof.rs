//! Who is asking: bearer tokens, session cookies, and whether a browser was told to ask by a page of ours.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use tiaoji_store::{Access, Error, Filter, Kind, Store, View};

use crate::problem::{CSRF, Problem, UNAUTHENTICATED};
use crate::secrets::fingerprint;
use crate::who::{Actor, Proof, Role};

/// A session ends after so long without a call, in milliseconds.
pub const IDLE: i64 = 12 * 3600 * 1000;
/// And after so long in any case.
pub const LIFETIME: i64 = 7 * 24 * 3600 * 1000;
/// The end of an idle session is moved on no oftener than this.
const TOUCH: Duration = Duration::from_mins(5);

/// How the outside reaches the service.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The origin of pages of ours; none = whatever host was asked, over http.
    pub origin: Option<String>,
    /// What links begin with.
    pub base: String,
    /// Whether that is by https: cookies are for it alone then.
    pub https: bool,
}

impl Outside {
    /// From `--public-url`, or from where the service listens.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(public_url: Option<&str>, listen: &str) -> Result<Outside, String> {
        let Some(url) = public_url else {
            return Ok(Outside { origin: None, base: format!("http://{listen}"), https: false });
        };
        let url = url.trim_end_matches('/');
        let uri: axum::http::Uri = url.parse().map_err(|_| format!("{url} is no address"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(format!("{url} is no address like https://zone.example"));
        };
        if !["http", "https"].contains(&scheme) || uri.path() != "/" {
            return Err(format!("{url} is not of the form https://HOST or http://HOST"));
        }
        let origin = format!("{scheme}://{authority}");
        Ok(Outside { base: origin.clone(), origin: Some(origin), https: scheme == "https" })
    }

    /// The name of the session's cookie. The prefix makes browsers refuse it from other hosts or without https.
    pub fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-tiaoji" } else { "tiaoji" }
    }

    /// The cookie of a session; an empty token ends it.
    pub fn cookie(&self, token: &str) -> HeaderValue {
        let secure = if self.https { "; Secure" } else { "" };
        let age = if token.is_empty() { 0 } else { LIFETIME / 1000 };
        let name = self.cookie_name();
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
        let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }

    /// Refuses what a page from elsewhere has a browser send.
    ///
    /// # Errors
    /// `csrf`.
    pub fn same_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let own = match &self.origin {
            Some(origin) => Some(origin.clone()),
            None => text(HOST).map(|host| format!("http://{host}")),
        };
        let is_ours = match headers.get(ORIGIN) {
            Some(origin) => own.is_some_and(|own| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())),
            // Browsers send one of the two with every unsafe request; what sends neither is no browser.
            None => headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none"),
        };
        if is_ours {
            return Ok(());
        }
        Err(Problem::new(&CSRF)
            .detail("The request comes from a page of another origin", "该请求来自其他网站的页面"))
    }
}

/// Sessions used lately, so that not every call writes.
#[derive(Default)]
pub struct Touched(Mutex<HashMap<String, Instant>>);

impl Touched {
    fn is_due(&self, hash: &str) -> bool {
        let mut touched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if touched.get(hash).is_some_and(|last| now.duration_since(*last) < TOUCH) {
            return false;
        }
        touched.retain(|_, last| now.duration_since(*last) < TOUCH);
        touched.insert(hash.to_string(), now);
        true
    }
}

/// The session's token among the cookies.
pub fn session_token<'a>(headers: &'a HeaderMap, outside: &Outside) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == outside.cookie_name()).map(|(_, token)| token)
}

/// Who is asking; the end of their session is moved on.
///
/// # Errors
/// `unauthenticated` where nobody is named, or the token or cookie is no good.
pub async fn actor(
    store: &Store,
    headers: &HeaderMap,
    outside: &Outside,
    touched: &Touched,
) -> Result<Actor, Problem> {
    let actor = known_actor(store, headers, outside).await?;
    if let Proof::Session(hash) = &actor.proof
        && touched.is_due(hash)
    {
        let hash = hash.clone();
        // Where the database takes no writes just now, reading goes on.
        let _ = store.write(move |tx| Box::pin(async move { tx.touch_session(&hash, IDLE).await })).await;
    }
    Ok(actor)
}

/// Who the headers of a request name.
///
/// # Errors
/// As [`actor`].
pub async fn known_actor(store: &Store, headers: &HeaderMap, outside: &Outside) -> Result<Actor, Problem> {
    let nobody = |en: &str, zh: &str| {
        Problem::new(&UNAUTHENTICATED)
            .header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tiaoji\""))
            .detail(en, zh)
    };
    if let Some(header) = headers.get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let bad = || nobody("The bearer token is unknown or has ended", "令牌无效或已过期");
        let hash = fingerprint(token.ok_or_else(bad)?);
        return match store.key_by_hash(&hash).await {
            Ok(key) => known(store, key.id, key.name, key.access, Proof::Key).await,
            Err(Error::NotFound) => Err(bad()),
            Err(fault) => Err(fault.into()),
        };
    }
    let Some(token) = session_token(headers, outside) else {
        return Err(nobody("Log in, or send a key as a bearer token", "请登录，或以 Bearer 令牌发送密钥"));
    };
    let hash = fingerprint(token);
    let user = match store.session_user(&hash).await {
        Ok(user) => user,
        Err(Error::NotFound) => return Err(nobody("The session has ended", "登录已失效")),
        Err(fault) => return Err(fault.into()),
    };
    known(store, user.id, user.name, user.access, Proof::Session(hash)).await
}

async fn known(
    store: &Store,
    id: String,
    name: String,
    access: Access,
    proof: Proof,
) -> Result<Actor, Problem> {
    let role = Role::of(&access.role).ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    let mut firms: BTreeSet<String> = access.firms.iter().cloned().collect();
    if let (Role::Officer, Some(officer)) = (role, &access.officer) {
        firms.extend(looked_after(&mut store.view().await?, officer).await?);
    }
    Ok(Actor { id, name, role, access, firms, proof })
}

/// The firms that name an officer.
async fn looked_after(view: &mut View, officer: &str) -> Result<Vec<String>, Problem> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = view.records(Kind::Firm, &Filter::default(), after.as_deref(), 500).await?;
        for firm in page.items {
            let body: serde_json::Value = serde_json::from_str(&firm.body).unwrap_or_default();
            if body["service_officer"] == officer {
                found.push(firm.id);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        let check = |public: Option<&str>, head: &[(&'static str, &'static str)], expect: bool| {
            let outside = Outside::new(public, "127.0.0.1:8080").expect("an address");
            let headers = head.iter().map(|(name, value)| {
                (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            let headers = headers.collect();
            assert_eq!(outside.same_origin(&headers).is_ok(), expect, "{public:?} {head:?}");
        };
        let zone = Some("https://zone.example/");
        check(zone, &[("origin", "https://zone.example")], true);
        check(zone, &[("origin", "http://zone.example")], false);
        check(zone, &[("origin", "https://zone.example:8443")], false);
        check(zone, &[("origin", "https://evil.example"), ("host", "evil.example")], false);
        check(zone, &[("origin", "null")], false);
        check(zone, &[("sec-fetch-site", "cross-site")], false);
        check(zone, &[("sec-fetch-site", "same-origin")], true);
        check(zone, &[], true);
        check(None, &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true);
        check(None, &[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")], false);
    }

    #[test]
    fn cookies() {
        let cookie = |public| {
            let outside = Outside::new(public, "127.0.0.1:8080").expect("an address");
            outside.cookie("abc").to_str().expect("text").to_string()
        };
        assert_eq!(
            cookie(Some("https://zone.example")),
            "__Host-tiaoji=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure"
        );
        assert_eq!(cookie(None), "tiaoji=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800");
        for bad in ["zone.example", "ftp://zone.example", "https://zone.example/tiaoji", "", "https://"] {
            assert!(Outside::new(Some(bad), "x").is_err(), "{bad}");
        }
    }
}
