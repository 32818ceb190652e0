//! The alliance register: alliances, meetings, problems.

mod common;

use std::time::Duration;

use common::{Zone, ask};
use serde_json::{Value, json};
use tiaoji_server::app::{App, Settings};
use tiaoji_server::routes::router;

#[tokio::test]
async fn a_problem_from_raised_to_solved() {
    let zone = Zone::new().await;
    let new = json!({ "firm": "F2", "kind": "financing", "text": "a loan", "raised": "2022-03-07" });
    let made = zone.send("officer", "POST", "/v1/problems", &[], &new).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (201, "/v1/problems/Q-1"), "{}", made.text());
    let row = made.json();
    // whoever looks after the firm owns it
    assert_eq!((&row["id"], &row["owner"], &row["state"]), (&json!("Q-1"), &json!("Li"), &json!("open")));

    let none =
        zone.send("officer", "PATCH", "/v1/problems/Q-1", &[], &json!({ "answered": "2022-03-09" })).await;
    assert_eq!(none.status, 428);
    let change = async |tag: &str, patch: Value| {
        let tag = format!("if-match: {tag}");
        zone.send("officer", "PATCH", "/v1/problems/Q-1", &[&tag], &patch).await
    };
    let early = change("\"1\"", json!({ "answered": "2022-03-06" })).await;
    assert_eq!((early.status.as_u16(), &early.json()["defects"][0]["code"]), (422, &json!("dates_reversed")));
    let answered = change("\"1\"", json!({ "answered": "2022-03-09" })).await;
    assert_eq!((answered.status.as_u16(), &answered.json()["state"]), (200, &json!("answered")));
    let stale = change("\"1\"", json!({ "solved": "2022-03-12" })).await;
    assert_eq!((stale.status.as_u16(), &stale.json()["current"]["answered"]), (412, &json!("2022-03-09")));
    let solved = change("\"2\"", json!({ "solved": "2022-03-12" })).await.json();
    assert_eq!((&solved["state"], &solved["answered"]), (&json!("solved"), &json!("2022-03-09")));
    let reopened = change("\"3\"", json!({ "solved": null })).await.json();
    assert_eq!((&reopened["state"], &reopened["solved"]), (&json!("answered"), &Value::Null));

    // solved at once is answered too
    let new =
        json!({ "firm": "F1", "kind": "other", "text": "x", "raised": "2022-03-07", "solved": "2022-03-08" });
    let made = zone.send("zone", "POST", "/v1/problems", &[], &new).await.json();
    assert_eq!((&made["answered"], &made["state"]), (&json!("2022-03-08"), &json!("solved")));
    let ids = async |role: &str, query: &str| {
        let list = zone.ask(role, "GET", &format!("/v1/problems{query}"), &[], "").await.json();
        let items = list["items"].as_array().expect("items").clone();
        items.iter().filter_map(|row| row["id"].as_str().map(str::to_string)).collect::<Vec<_>>()
    };
    assert_eq!(ids("zone", "").await, ["Q-1", "Q-2"]);
    assert_eq!(ids("firm", "").await, ["Q-2"]);
    assert_eq!(ids("viewer", "?state=answered").await, ["Q-1"]);
    assert_eq!(ids("viewer", "?kind=other&state=answered").await, Vec::<String>::new());
    assert_eq!(ids("officer", "?firm=F2").await, ["Q-1"]);
    assert_eq!(zone.ask("zone", "GET", "/v1/problems?state=done", &[], "").await.status, 400);
}

#[tokio::test]
async fn every_fault_of_a_row_at_once() {
    let zone = Zone::new().await;
    let check = async |path: &str, body: Value, expect: &[(&str, &str)]| {
        let answer = zone.send("zone", "POST", path, &[], &body).await;
        let defects = answer.json()["defects"].as_array().cloned().unwrap_or_default();
        let found: Vec<(&str, &str)> = defects
            .iter()
            .map(|d| (d["code"].as_str().unwrap_or_default(), d["pointer"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!((answer.status.as_u16(), &found[..]), (422, expect), "{path} {}", answer.text());
        assert!(defects.iter().all(|d| d["message"] != "" && d["message_zh"] != ""));
    };
    check("/v1/alliances", json!({ "liaison": "" }), &[("missing_value", "/name"), ("bad_text", "/liaison")])
        .await;
    check(
        "/v1/meetings",
        json!({ "date": "2022-2-3", "kind": "party", "alliance": "B", "firms": ["F1", "F9"], "a/b": 1 }),
        &[
            ("bad_date", "/date"),
            ("bad_choice", "/kind"),
            ("unknown_reference", "/alliance"),
            ("unknown_reference", "/firms"),
            ("unknown_key", "/a~1b"),
        ],
    )
    .await;
    check(
        "/v1/meetings",
        json!({ "date": "2022-03-09", "kind": "visit", "firms": ["F1", "F1"] }),
        &[("duplicate_row", "/firms")],
    )
    .await;
    check(
        "/v1/problems",
        json!({ "kind": "labor", "text": 7, "firm": "F9" }),
        &[("unknown_reference", "/firm"), ("bad_choice", "/kind"), ("bad_text", "/text")],
    )
    .await;
    let kept = json!({ "firm": "F1", "kind": "other", "text": "x", "state": "solved" });
    check("/v1/problems", kept, &[("unknown_key", "/state")]).await;
}

#[tokio::test]
async fn alliances_and_who_came() {
    let zone = Zone::new().await;
    let post = async |role: &str, path: &str, body: Value| zone.send(role, "POST", path, &[], &body).await;
    assert_eq!(post("zone", "/v1/alliances", json!({ "name": "A", "liaison": "Zhao" })).await.status, 201);
    assert_eq!(post("zone", "/v1/alliances", json!({ "name": "A" })).await.json()["code"], "duplicate");
    // by its id too; the officer who writes it down held it
    let visit = json!({ "date": "2022-03-09", "kind": "visit", "alliance": "L-1", "firms": ["F3", "F2"] });
    let made = post("officer", "/v1/meetings", visit).await;
    assert_eq!((made.status.as_u16(), &made.json()["alliance"]), (201, &json!("A")), "{}", made.text());
    assert_eq!(made.json()["officer"], "Li");
    let nobody = json!({ "date": "2022-03-09", "kind": "benefit" });
    assert_eq!(post("officer", "/v1/meetings", nobody.clone()).await.status, 403);
    assert_eq!(post("zone", "/v1/meetings", nobody).await.status, 201);

    // in use, it keeps its name and stays
    let rename =
        zone.send("zone", "PATCH", "/v1/alliances/L-1", &["if-match: *"], &json!({ "name": "B" })).await;
    assert_eq!(rename.json()["code"], "state_conflict");
    let gone = zone.ask("zone", "DELETE", "/v1/alliances/L-1", &["if-match: *"], "").await;
    assert_eq!(gone.json()["code"], "state_conflict");

    // by days, a page at a time
    for day in ["2022-03-10", "2022-03-08"] {
        let body = json!({ "date": day, "kind": "activity", "firms": ["F1"] });
        assert_eq!(post("zone", "/v1/meetings", body).await.status, 201);
    }
    let (mut seen, mut at) = (Vec::new(), "/v1/meetings?from=2022-03-08&limit=1".to_string());
    loop {
        let page = zone.ask("viewer", "GET", &at, &[], "").await.json();
        seen.extend(page["items"].as_array().expect("items").iter().map(|row| row["date"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        at = format!("/v1/meetings?from=2022-03-08&limit=1&cursor={next}");
    }
    assert_eq!(json!(seen), json!(["2022-03-08", "2022-03-09", "2022-03-09", "2022-03-10"]));
    let seen = zone.ask("firm", "GET", "/v1/meetings?kind=activity&from=2022-03-09", &[], "").await.json();
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1), "{seen:#}");
}

/// What a firm reads of the zone's rules: its limits, not what things cost the zone.
#[tokio::test]
async fn a_firm_reads_the_limits_of_the_policy() {
    let zone = Zone::new().await;
    let patch = json!({ "max_distance_km": 12 });
    assert_eq!(zone.send("zone", "PATCH", "/v1/policy", &["if-match: *"], &patch).await.status, 200);
    let policy = zone.ask("firm", "GET", "/v1/policy", &[], "").await.json();
    assert_eq!(policy["max_distance_km"].to_string(), "12");
    assert!(policy.get("unmet").is_none() && !policy.to_string().contains("_fen"), "{policy}");
    assert!(zone.ask("officer", "GET", "/v1/policy", &[], "").await.json()["unmet"].is_object());
    let firms = zone.ask("firm", "GET", "/v1/firms", &[], "").await.json();
    assert_eq!((firms["items"].as_array().map(Vec::len), &firms["items"][0]["id"]), (Some(1), &json!("F1")));
}

/// What a plan leaves open is followed up until a later plan fills it or the posting goes.
#[tokio::test]
async fn what_stays_unfilled_is_followed_up() {
    let zone = Zone::new().await;
    let welders = |id: &str, firm: &str| json!({ "id": id, "firm": firm, "skill": "welder", "headcount": 2, "from": "2022-03-07", "to": "2022-03-08" });
    for id in ["D-1", "D-2"] {
        assert_eq!(zone.send("zone", "POST", "/v1/shortages", &[], &welders(id, "F1")).await.status, 201);
    }
    let list =
        async |role: &str, path: &str| zone.ask(role, "GET", path, &[], "").await.json()["items"].clone();
    let publish = async || {
        let id = zone.add_plan().await;
        let done = zone.ask("zone", "POST", &format!("/v1/plans/{id}/publish"), &[], "").await;
        assert_eq!(done.status, 200, "{}", done.text());
    };
    assert_eq!(list("zone", "/v1/follow-ups").await, json!([]));
    publish().await;
    let found = list("officer", "/v1/follow-ups").await;
    let told = |row: &Value| {
        ["id", "firm", "kind", "owner", "shortage", "plan_id", "worker_days", "reasons", "state"]
            .map(|name| row[name].clone())
    };
    // two welders on two days, and nobody is one
    let expect =
        json!(["Q-1", "F1", "labour", "Li", "D-1", "P-1", 4, [{ "code": "none", "worker_days": 4 }], "open"]);
    assert_eq!(json!(told(&found[0])), expect, "{found:#}");
    assert_eq!((found.as_array().map(Vec::len), found[0]["stretches"].is_array()), (Some(2), true));
    assert_eq!(list("zone", "/v1/follow-ups?officer=Wang").await, json!([]));
    assert_eq!(
        list("viewer", "/v1/problems?kind=labour").await,
        list("viewer", "/v1/follow-ups?officer=Li").await
    );
    let own = list("firm", "/v1/follow-ups?firm=F1").await;
    assert!(own[0]["reasons"].is_array() && own[0].get("stretches").is_none(), "{own:#}");

    // an officer answers; the next plan says the same, so that nothing of it changes
    let late = json!({ "answered": "2999-01-01" });
    let late = zone.send("officer", "PATCH", "/v1/problems/Q-1", &["if-match: *"], &late).await;
    assert_eq!(late.json()["defects"][0]["code"], "out_of_range");
    let answer = json!({ "answered": found[0]["raised"] });
    assert_eq!(
        zone.send("officer", "PATCH", "/v1/problems/Q-1", &["if-match: \"1\""], &answer).await.status,
        200
    );
    publish().await;
    let next = list("officer", "/v1/follow-ups").await;
    assert_eq!(
        (&next[0]["state"], &next[0]["plan_id"], &next[1]["id"]),
        (&json!("answered"), &json!("P-2"), &json!("Q-2"))
    );

    // one posting goes, the other is filled
    assert_eq!(zone.ask("firm", "DELETE", "/v1/shortages/D-2", &["if-match: *"], "").await.status, 204);
    let mut surplus = welders("S-1", "F2");
    surplus["consented"] = json!(2);
    assert_eq!(zone.send("zone", "POST", "/v1/surplus", &[], &surplus).await.status, 201);
    publish().await;
    assert_eq!(list("zone", "/v1/follow-ups").await, json!([]));
    let states = list("zone", "/v1/problems").await;
    assert_eq!(
        (&states[0]["state"], &states[1]["state"]),
        (&json!("solved"), &json!("closed")),
        "{states:#}"
    );
    let trail = list("officer", "/v1/audit?kind=problem&id=Q-1").await;
    assert_eq!(trail.as_array().map(Vec::len), Some(4), "{trail:#}");
}

/// Whoever publishes does not wait for reasons and remedies: with every place for solving taken the plan is in force at once, and a
/// server that comes later finds what the first had no time for.
#[tokio::test]
async fn a_plan_is_published_before_it_is_explained() {
    let settings = Settings { workers: 1, slot_wait: Duration::ZERO, ..Settings::default() };
    let zone = Zone::with(settings).await;
    let welders = json!({ "id": "D-1", "firm": "F1", "skill": "welder", "headcount": 2, "from": "2022-03-07", "to": "2022-03-08" });
    assert_eq!(zone.send("zone", "POST", "/v1/shortages", &[], &welders).await.status, 201);
    let id = zone.add_plan().await;
    let taken = zone.app.slots.take().await.expect("a place");
    let done = zone.ask("zone", "POST", &format!("/v1/plans/{id}/publish"), &[], "").await;
    assert_eq!(done.status, 200, "{}", done.text());
    let list = zone.ask("zone", "GET", "/v1/follow-ups", &[], "").await;
    assert_eq!((list.status.as_u16(), &list.json()["items"]), (200, &json!([])));

    let later = router(App::new(Settings::default(), zone.app.store.clone()));
    let found = ask(&later, "GET", "/v1/follow-ups", &[zone.key("zone")], "").await.json();
    assert_eq!(
        (&found["items"][0]["shortage"], &found["items"][0]["follow_up"]),
        (&json!("D-1"), &json!("unfilled"))
    );
    drop(taken);
    let same = zone.ask("zone", "GET", "/v1/follow-ups", &[], "").await.json();
    assert_eq!((&same, &found["items"][0]["version"]), (&found, &json!(1)));

    // taken back, and put in force again
    assert_eq!(zone.ask("zone", "POST", &format!("/v1/plans/{id}/unpublish"), &[], "").await.status, 200);
    let none = zone.ask("zone", "GET", "/v1/follow-ups", &[], "").await.json();
    assert_eq!(none["items"], json!([]));
    assert_eq!(zone.ask("zone", "POST", &format!("/v1/plans/{id}/publish"), &[], "").await.status, 200);
    let again = zone.ask("zone", "GET", "/v1/follow-ups", &[], "").await.json();
    assert_eq!((&again["items"][0]["id"], &again["items"][0]["state"]), (&json!("Q-2"), &json!("open")));
}

#[tokio::test]
async fn what_a_zone_reports() {
    let zone = Zone::new().await;
    let none = zone.ask("zone", "GET", "/v1/reports/skills", &[], "").await;
    assert_eq!((none.status.as_u16(), &none.json()["code"]), (409, &json!("not_ready")));
    let visit = json!({ "date": "2022-03-09", "kind": "visit", "firms": ["F1"] });
    assert_eq!(zone.send("officer", "POST", "/v1/meetings", &[], &visit).await.status, 201);
    let problem = json!({ "firm": "F3", "kind": "policy", "text": "?", "raised": "2022-03-09", "answered": "2022-03-11" });
    assert_eq!(zone.send("zone", "POST", "/v1/problems", &[], &problem).await.status, 201);
    assert_eq!(zone.add_plan().await, "P-1");
    assert_eq!(zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.status, 200);

    let report = zone.ask("viewer", "GET", "/v1/reports/alliances?from=2022-03-01", &[], "").await.json();
    let figures = |of: &Value| {
        ["name", "firms", "visit", "raised", "answered", "median_days_to_answer"].map(|name| of[name].clone())
    };
    assert_eq!(
        json!(report["alliances"].as_array().map(|all| figures(&all[0]))),
        json!(["A", 3, 1, 1, 1, 2.0])
    );
    let officers: Vec<_> = report["officers"].as_array().expect("officers").iter().map(figures).collect();
    assert_eq!(json!(officers), json!([["Li", 2, 1, 0, 0, null], ["Wang", 1, 0, 1, 1, 2.0]]));
    let lent = &report["lending"][0];
    assert_eq!((&lent["from"], &lent["to"], &report["plan_id"]), (&json!("A"), &json!("A"), &json!("P-1")));
    assert!(lent["worker_days"].as_i64() > Some(0), "{report:#}");
    let later = zone.ask("zone", "GET", "/v1/reports/alliances?from=2022-03-10", &[], "").await.json();
    assert_eq!((&later["zone"]["visit"], &later["zone"]["raised"]), (&json!(0), &json!(0)));
    assert_eq!(zone.ask("zone", "GET", "/v1/reports/alliances?from=March", &[], "").await.status, 400);
    let csv = zone.ask("zone", "GET", "/v1/reports/alliances", &["accept: text/csv"], "").await;
    assert!(
        csv.header("content-type").starts_with("text/csv")
            && csv.text().contains("\r\nofficer,Li,,2,0,0,0,1,"),
        "{}",
        csv.text()
    );

    let skills = zone.ask("zone", "GET", "/v1/reports/skills", &[], "").await.json();
    assert_eq!(
        (&skills["plan_id"], &skills["skills"][0]["skill"]),
        (&json!("P-1"), &json!("packer")),
        "{skills:#}"
    );
    let csv = zone.ask("zone", "GET", "/v1/reports/skills", &["accept: text/csv"], "").await;
    assert!(csv.text().contains("packer,包装工,2022-03-07,"), "{}", csv.text());
}
