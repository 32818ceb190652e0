//! The pages of settings, without scripts: policy, calendar, people, one's own password.

mod common;

use common::{Answer, Zone, ask};
use serde_json::json;
use tiaoji_store::Access;

const FORM: &str = "content-type: application/x-www-form-urlencoded";

async fn send(zone: &Zone, role: &str, path: &str, form: &str) -> Answer {
    zone.ask(role, "POST", path, &[FORM, "accept-language: zh"], form.to_string()).await
}

async fn page(zone: &Zone, role: &str, path: &str) -> String {
    let page = zone.ask(role, "GET", path, &["accept-language: zh"], "").await;
    assert_eq!(page.status, 200, "{role} {path}: {}", page.text());
    page.text()
}

#[tokio::test]
async fn the_policy_and_who_has_changed_it_meanwhile() {
    let zone = Zone::new().await;
    let form = page(&zone, "zone", "/settings/policy").await;
    assert!(form.contains("id=\"unmet.urgent_fen\" name=\"unmet.urgent_fen\" value=\"600\""), "{form}");
    let sent = |version: u8, distance: &str| {
        format!(
            "version={version}&unmet.urgent_fen=600&unmet.normal_fen=400&unmet.low_fen=300&onboarding_fen=150.5&daily_base_fen=10\
             &transport_per_km_fen=6&cross_alliance_fen=15&max_distance_km={distance}&fairness=true&Sat=true&Sun=true"
        )
    };
    let faulty = send(&zone, "zone", "/settings/policy", &sent(1, "far")).await;
    assert!(
        faulty.status == 422 && faulty.text().contains("id=\"max_distance_km-fault\"><p>"),
        "{}",
        faulty.text()
    );
    let missing =
        send(&zone, "zone", "/settings/policy", &sent(1, "8").replace("low_fen=300", "low_fen=")).await;
    assert!(
        missing.status == 422 && missing.text().contains("id=\"unmet.low_fen-fault\"><p>"),
        "{}",
        missing.text()
    );
    let saved = send(&zone, "zone", "/settings/policy", &sent(1, "7.5")).await;
    assert_eq!(saved.header("location"), "/settings/policy?done=changed", "{}", saved.text());
    let policy = zone.ask("zone", "GET", "/v1/policy", &[], "").await.json();
    assert_eq!(
        json!([
            policy["max_distance_km"],
            policy["onboarding_fen"],
            policy["fairness"],
            policy["rest_weekdays"]
        ]),
        json!([7.5, 15_050, true, ["Sat", "Sun"]])
    );
    // what was typed for the version before is shown beside what stands now
    // the loop's days and time stand beside the costs
    let set = format!("{}&answer_days=3&utc_offset=8", sent(2, "7.5"));
    let faulty = send(&zone, "zone", "/settings/policy", &set).await;
    assert!(
        faulty.status == 422 && faulty.text().contains("id=\"utc_offset-fault\"><p>"),
        "{}",
        faulty.text()
    );
    let set = set.replace("=8", "=%2B09:30");
    let saved = send(&zone, "zone", "/settings/policy", &set).await;
    assert_eq!(saved.header("location"), "/settings/policy?done=changed", "{}", saved.text());
    let policy = zone.ask("zone", "GET", "/v1/policy", &[], "").await.json();
    assert_eq!(json!([policy["answer_days"], policy["utc_offset"]]), json!([3, "+09:30"]));
    let stale = send(&zone, "zone", "/settings/policy", &sent(1, "9")).await;
    assert_eq!(stale.status, 412);
    for part in [">7.5</td>", ">9</td>", "name=\"version\" value=\"3\""] {
        assert!(stale.text().contains(part), "{part} in {}", stale.text());
    }
    assert_eq!(zone.ask("zone", "GET", "/v1/policy", &[], "").await.json()["max_distance_km"], 7.5);
    let seen = page(&zone, "firm", "/settings/policy").await;
    assert!(seen.contains("7.5") && seen.contains("周六、周日") && !seen.contains("150.5"), "{seen}");
    assert_eq!(send(&zone, "firm", "/settings/policy", &sent(3, "9")).await.status, 403);
}

#[tokio::test]
async fn the_calendar() {
    let zone = Zone::new().await;
    let made = send(&zone, "zone", "/settings/calendar", "date=2022-03-12&working=true").await;
    assert_eq!(made.header("location"), "/settings/calendar?done=made", "{}", made.text());
    let again = send(&zone, "zone", "/settings/calendar", "date=2022-03-12&working=false").await;
    assert!(again.status == 409 && again.text().contains("role=\"alert\""), "{}", again.text());
    let bad = send(&zone, "zone", "/settings/calendar", "date=2022-13-12&working=false").await;
    assert!(bad.status == 422 && bad.text().contains("id=\"date-fault\"><p>"), "{}", bad.text());
    let list = page(&zone, "zone", "/settings/calendar").await;
    assert!(list.contains("周六") && list.contains("/settings/calendar/2022-03-12/remove"), "{list}");
    assert!(!page(&zone, "viewer", "/settings/calendar").await.contains("/remove"));
    assert_eq!(
        send(&zone, "officer", "/settings/calendar", "date=2022-03-13&working=true").await.status,
        403
    );
    let gone = send(&zone, "zone", "/settings/calendar/2022-03-12/remove", "version=1").await;
    assert_eq!(gone.header("location"), "/settings/calendar?done=removed", "{}", gone.text());
    assert_eq!(zone.ask("zone", "GET", "/v1/calendar/2022-03-12", &[], "").await.status, 404);
}

#[tokio::test]
async fn people_links_and_keys() {
    let zone = Zone::new().await;
    let access =
        |firm: &str| Access { role: "firm".to_string(), firms: vec![firm.to_string()], ..Access::default() };
    for (login, firm) in [("hua", "F1"), ("ming", "F3")] {
        let added =
            tiaoji_server::demo::add_user(&zone.app.store, login, login, "long enough", access(firm)).await;
        added.expect("a user");
    }
    let users = zone.ask("zone", "GET", "/v1/users", &[], "").await.json();
    let of = |login: &str| {
        let all = users["items"].as_array().expect("users");
        all.iter().find(|user| user["login"] == login).and_then(|user| user["id"].as_str()).expect("an id")
    };
    let (own, other) = (of("hua"), of("ming"));
    // an officer resets the passwords of theirs, and nothing else
    let list = page(&zone, "officer", "/settings/people").await;
    assert!(list.contains(&format!("/{own}/password")) && !list.contains(other), "{list}");
    let short = format!("version=1&password-{own}=short");
    let short = send(&zone, "officer", &format!("/settings/people/{own}/password"), &short).await;
    assert!(short.status == 422 && short.text().contains("role=\"alert\""), "{}", short.text());
    for (id, status) in [(own, 303), (other, 404)] {
        let set = format!("version=1&password-{id}=another+password");
        let set = send(&zone, "officer", &format!("/settings/people/{id}/password"), &set).await;
        assert_eq!(set.status, status, "{}", set.text());
    }
    let no = send(&zone, "officer", &format!("/settings/people/{own}/disable"), "version=2").await;
    assert_eq!(no.status, 403, "{}", no.text());
    for (verb, version, is_off) in [("disable", 2, true), ("enable", 3, false)] {
        let done =
            send(&zone, "zone", &format!("/settings/people/{own}/{verb}"), &format!("version={version}"))
                .await;
        assert_eq!(done.status, 303, "{}", done.text());
        let user = zone.ask("zone", "GET", &format!("/v1/users/{own}"), &[], "").await.json();
        assert_eq!(user["disabled"], is_off);
    }
    // shown once
    let bad = send(&zone, "zone", "/settings/people/invite", "name=Zhao&role=firm&firms=&officer=").await;
    assert!(bad.status == 422 && bad.text().contains("id=\"invite-firms-fault\"><p>"), "{}", bad.text());
    let made = send(&zone, "zone", "/settings/people/invite", "name=Zhao&role=firm&firms=F2&officer=").await;
    assert!(made.status == 200 && made.text().contains("/invitation#"), "{}", made.text());
    let list = page(&zone, "zone", "/settings/people").await;
    assert!(list.contains("Zhao") && !list.contains("/invitation#"), "{list}");
    let invited = zone.ask("zone", "GET", "/v1/invitations", &[], "").await.json();
    let id = invited["items"][0]["id"].as_str().expect("an id").to_string();
    assert_eq!(send(&zone, "zone", &format!("/settings/people/{id}/uninvite"), "").await.status, 303);
    let made = send(&zone, "zone", "/settings/people/key", "name=erp&role=viewer&expires_days=30").await;
    assert!(made.status == 200 && made.text().contains("tiaoji_"), "{}", made.text());
    let keys = zone.ask("zone", "GET", "/v1/keys", &[], "").await.json();
    let is_erp = |key: &&serde_json::Value| key["name"] == "erp";
    let key = keys["items"].as_array().and_then(|keys| keys.iter().find(is_erp)).expect("the key");
    let at = format!("/settings/people/{}", key["id"].as_str().expect("an id"));
    let other = send(&zone, "zone", &format!("{at}/rotate"), "").await;
    assert!(other.status == 200 && other.text().contains("tiaoji_"), "{}", other.text());
    assert_eq!(send(&zone, "zone", &format!("{at}/revoke"), "").await.status, 303);
    assert!(page(&zone, "viewer", "/settings/people").await.contains("已吊销"));
    assert_eq!(send(&zone, "viewer", &format!("{at}/rotate"), "").await.status, 403);
    assert_eq!(send(&zone, "zone", &format!("{at}/none"), "").await.status, 404);
}

#[tokio::test]
async fn ones_own_password() {
    let zone = Zone::new().await;
    let access = Access { role: "firm".to_string(), firms: vec!["F1".to_string()], ..Access::default() };
    tiaoji_server::demo::add_user(&zone.app.store, "li", "Li Hua", "long enough", access)
        .await
        .expect("a user");
    let log_in = async |password: &str| {
        ask(&zone.router, "POST", "/login", &[FORM], format!("login=li&password={password}")).await
    };
    let cookie = |answer: &Answer| {
        format!("cookie: {}", answer.header("set-cookie").split(';').next().expect("a cookie"))
    };
    let (first, second) = (cookie(&log_in("long+enough").await), cookie(&log_in("long+enough").await));
    let change = async |cookie: &str, form: &'static str| {
        ask(&zone.router, "POST", "/settings/password", &[FORM, cookie, "accept-language: zh"], form).await
    };
    let wrong = change(&first, "current=no&password=quite+another").await;
    assert!(
        wrong.status == 422 && wrong.text().contains("id=\"current-fault\"><p>现用密码不正确"),
        "{}",
        wrong.text()
    );
    let short = change(&first, "current=long+enough&password=short").await;
    assert!(short.status == 422 && short.text().contains("id=\"password-fault\"><p>"), "{}", short.text());
    let done = change(&first, "current=long+enough&password=quite+another").await;
    assert_eq!(
        (done.status.as_u16(), done.header("location")),
        (303, "/settings?done=password"),
        "{}",
        done.text()
    );
    // this window goes on, the others have ended
    let mine = cookie(&done);
    for (cookie, status) in [(&mine, 200), (&first, 303), (&second, 303)] {
        assert_eq!(ask(&zone.router, "GET", "/settings", &[cookie], "").await.status, status);
    }
    assert_eq!(log_in("long+enough").await.status, 401);
    assert_eq!(log_in("quite+another").await.status, 303);
    let home = ask(&zone.router, "GET", "/settings", &[&mine, "accept-language: zh"], "").await;
    assert!(
        home.text().contains("Contact of F1") && !home.text().contains("/settings/people"),
        "{}",
        home.text()
    );
    let body = json!({ "current": "x", "password": "quite another" });
    let by_key = zone.send("zone", "PATCH", "/v1/session", &[], &body).await;
    assert_eq!(by_key.status, 403, "a key has none");
}
