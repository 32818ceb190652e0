//! Logging in and out, invitations, keys, and what ends at once.

mod common;

use common::{JSON, Zone, ask};
use serde_json::{Value, json};
use tiaoji_server::app::Settings;
use tiaoji_server::proof::Outside;

async fn log_in(zone: &Zone, login: &str, password: &str, head: &[&str]) -> common::Answer {
    let body = json!({ "login": login, "password": password }).to_string();
    let head: Vec<&str> = head.iter().copied().chain([JSON]).collect();
    ask(&zone.router, "POST", "/v1/session", &head, body).await
}

async fn with_user(settings: Settings) -> Zone {
    let zone = Zone::with(settings).await;
    let user = json!({ "login": "ann", "name": "Ann", "password": "correct horse", "role": "zone" });
    assert_eq!(zone.send("zone", "POST", "/v1/users", &[], &user).await.status, 201);
    zone
}

/// The cookie line of an answer.
fn cookie(answer: &common::Answer) -> String {
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
    format!("cookie: {cookie}")
}

#[tokio::test]
async fn a_session_from_login_to_logout() {
    let zone = with_user(Settings::default()).await;
    let bad = log_in(&zone, "ann", "wrong", &[]).await;
    assert_eq!(
        (bad.status.as_u16(), &bad.json()["code"], bad.header("set-cookie")),
        (401, &json!("unauthenticated"), "")
    );
    let first = log_in(&zone, "ann", "correct horse", &[]).await;
    assert_eq!((first.status.as_u16(), &first.json()["role"]), (201, &json!("zone")));
    let flags = first.header("set-cookie");
    assert!(
        flags.contains("HttpOnly") && flags.contains("SameSite=Lax") && !flags.contains("Secure"),
        "{flags}"
    );
    let own = cookie(&first);
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.json()["name"], "Ann");

    // a second login has another id, and the first one's ends
    let second = log_in(&zone, "ann", "correct horse", &[&own]).await;
    assert_ne!(cookie(&second), own);
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.status, 401);
    let own = cookie(&second);
    let out = ask(&zone.router, "DELETE", "/v1/session", &[&own], "").await;
    assert!(out.status == 204 && out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.status, 401);
}

#[tokio::test]
async fn pages_of_others_cannot_make_a_browser_ask() {
    let outside = Outside::new(Some("https://zone.example"), "x").expect("an address");
    let zone = with_user(Settings { outside, ..Settings::default() }).await;
    let (good, bad) = ("origin: https://zone.example", "origin: https://evil.example");
    assert_eq!(log_in(&zone, "ann", "correct horse", &[bad]).await.json()["code"], "csrf");
    let answer = log_in(&zone, "ann", "correct horse", &[good]).await;
    let flags = answer.header("set-cookie");
    assert!(
        flags.starts_with("__Host-tiaoji=") && flags.ends_with("Secure") && flags.contains("Path=/;"),
        "{flags}"
    );
    let own = cookie(&answer);
    let skill = json!({ "id": "k", "name": "k" }).to_string();
    let post = async |head: &[&str]| {
        let head: Vec<&str> = head.iter().copied().chain([JSON]).collect();
        ask(&zone.router, "POST", "/v1/skills", &head, skill.clone()).await
    };
    let refused = post(&[&own, bad]).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("csrf")));
    assert_eq!(post(&[&own, "sec-fetch-site: cross-site"]).await.json()["code"], "csrf");
    assert_eq!(post(&[&own, good]).await.status, 201);
    // reading changes nothing, and a key is no cookie
    assert_eq!(ask(&zone.router, "GET", "/v1/skills", &[&own, bad], "").await.status, 200);
    assert_eq!(post(&[zone.key("zone"), bad]).await.status, 409);
}

#[tokio::test]
async fn failed_logins_slow_down() {
    let zone = with_user(Settings::default()).await;
    for _ in 0..5 {
        assert_eq!(log_in(&zone, "ann", "wrong", &[]).await.status, 401);
    }
    let slowed = log_in(&zone, "ann", "correct horse", &[]).await;
    assert_eq!((slowed.status.as_u16(), &slowed.json()["code"]), (429, &json!("too_many_requests")));
    let wait: u32 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=12).contains(&wait));
    // whether a login exists is not told
    let none = log_in(&zone, "nobody", "wrong", &[]).await;
    assert_eq!((none.status.as_u16(), &none.json()["code"]), (401, &json!("unauthenticated")));
}

#[tokio::test]
async fn disabling_ends_sessions_and_a_new_password_too() {
    let zone = with_user(Settings::default()).await;
    let own = cookie(&log_in(&zone, "ann", "correct horse", &[]).await);
    let change = json!({ "password": "battery staple" });
    assert_eq!(zone.send("zone", "PATCH", "/v1/users/U-1", &["if-match: *"], &change).await.status, 200);
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.status, 401);
    let own = cookie(&log_in(&zone, "ann", "battery staple", &[]).await);
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.status, 200);
    let change = json!({ "disabled": true });
    assert_eq!(zone.send("zone", "PATCH", "/v1/users/U-1", &["if-match: *"], &change).await.status, 200);
    assert_eq!(ask(&zone.router, "GET", "/v1/session", &[&own], "").await.status, 401);
    assert_eq!(log_in(&zone, "ann", "battery staple", &[]).await.status, 401);
}

#[tokio::test]
async fn keys_begin_rotate_and_end() {
    let zone = Zone::new().await;
    let new = json!({ "name": "erp", "role": "service", "expires_days": 90 });
    let made = zone.send("zone", "POST", "/v1/keys", &[], &new).await.json();
    let line = |key: &Value| format!("authorization: Bearer {}", key.as_str().unwrap_or_default());
    let who = async |key: &str| ask(&zone.router, "GET", "/v1/session", &[key], "").await.status.as_u16();
    let (at, old) = (format!("/v1/keys/{}", made["id"].as_str().unwrap_or_default()), line(&made["key"]));
    assert_eq!(who(&old).await, 200);
    assert!(
        !zone
            .ask("zone", "GET", "/v1/keys", &[], "")
            .await
            .text()
            .contains(made["key"].as_str().unwrap_or("?"))
    );
    let rotated = zone.ask("zone", "POST", &format!("{at}/rotate"), &[], "").await.json();
    let new = line(&rotated["key"]);
    assert_eq!((who(&old).await, who(&new).await), (200, 200));
    assert_eq!(zone.ask("zone", "DELETE", &at, &[], "").await.status, 204);
    assert_eq!((who(&old).await, who(&new).await), (401, 401));
    assert_eq!(who("authorization: Bearer tiaoji_0").await, 401);
    assert_eq!(who("authorization: Basic YTpi").await, 401);
}

#[tokio::test]
async fn an_invitation_works_once() {
    let zone = Zone::new().await;
    let new = json!({ "name": "Bo", "role": "firm", "firms": ["F1"] });
    let made = zone.send("zone", "POST", "/v1/invitations", &[], &new).await.json();
    let link = made["link"].as_str().expect("a link");
    let token = link.rsplit_once('#').expect("a fragment").1;
    let accept = async |login: &str, token: &str, password: &str| {
        let body = json!({ "token": token, "login": login, "password": password }).to_string();
        ask(&zone.router, "POST", "/v1/invitations:accept", &[JSON], body).await
    };
    assert_eq!(accept("bo", "other", "long enough").await.status, 404);
    let short = accept("bo", token, "short").await;
    assert_eq!((short.status.as_u16(), short.text().contains("\"short\"")), (422, false));
    let done = accept("bo", token, "long enough").await;
    assert_eq!((done.status.as_u16(), &done.json()["firms"]), (201, &json!(["F1"])), "{}", done.text());
    assert_eq!(ask(&zone.router, "GET", "/v1/surplus/S-F1", &[&cookie(&done)], "").await.status, 200);
    assert_eq!(accept("bo2", token, "long enough").await.status, 404);
    let bad = json!({ "name": "", "role": "chief", "firms": [1], "x": 1 });
    let bad = zone.send("zone", "POST", "/v1/invitations", &[], &bad).await;
    assert_eq!(bad.json()["defects"].as_array().map(Vec::len), Some(4), "{}", bad.text());
}
