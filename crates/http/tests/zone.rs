//! Conventions of the zone's rows: versions, lists, idempotency keys, defects, states.

mod common;

use common::{JSON, Zone};
use serde_json::{Value, json};

fn posting(firm: &str) -> Value {
    json!({ "firm": firm, "skill": "packer", "headcount": 2, "from": "2022/3/7", "to": "2022-03-09" })
}

#[tokio::test]
async fn a_posting_from_its_creation_to_its_withdrawal() {
    let zone = Zone::new().await;
    let made = zone.send("firm", "POST", "/v1/surplus", &[], &posting("F1")).await;
    assert_eq!(
        (made.status.as_u16(), made.header("location"), made.header("etag")),
        (201, "/v1/surplus/S-1", "\"1\"")
    );
    let row = made.json();
    assert_eq!(
        (&row["id"], &row["state"], &row["version"], &row["from"]),
        (&json!("S-1"), &json!("open"), &json!(1), &json!("2022-03-07"))
    );
    assert!(row["created"].as_str().is_some_and(|instant| instant.ends_with('Z')), "{row}");

    let at = "/v1/surplus/S-1";
    let patch = json!({ "headcount": 3, "remark": "three", "to": null });
    let code = |answer: &common::Answer| answer.json()["code"].as_str().unwrap_or_default().to_string();
    let none = zone.send("firm", "PATCH", at, &[], &patch).await;
    assert_eq!((none.status.as_u16(), code(&none).as_str()), (428, "if_match_required"));
    let other = zone.send("firm", "PATCH", at, &["if-match: \"7\""], &patch).await;
    assert_eq!((other.status.as_u16(), code(&other).as_str()), (412, "version_mismatch"));
    assert_eq!(other.json()["current"]["version"], 1);
    let bad = zone.send("firm", "PATCH", at, &["if-match: \"1\""], &patch).await;
    assert_eq!(
        (bad.status.as_u16(), &bad.json()["defects"][0]["pointer"]),
        (422, &json!("/to")),
        "{}",
        bad.text()
    );
    let patch = json!({ "headcount": 3, "remark": "three" });
    let done = zone
        .ask(
            "firm",
            "PATCH",
            at,
            &["if-match: \"1\"", "content-type: application/merge-patch+json"],
            patch.to_string(),
        )
        .await;
    assert_eq!(
        (done.status.as_u16(), done.header("etag"), &done.json()["headcount"]),
        (200, "\"2\"", &json!(3))
    );
    assert_eq!(zone.ask("firm", "GET", at, &["if-none-match: \"2\""], "").await.status, 304);

    let gone = zone.ask("firm", "DELETE", at, &["if-match: \"2\""], "").await;
    assert_eq!(gone.status, 204);
    let row = zone.ask("firm", "GET", at, &[], "").await;
    assert_eq!((&row.json()["state"], row.header("etag")), (&json!("withdrawn"), "\"3\""));
    let again = zone.ask("firm", "DELETE", at, &["if-match: *"], "").await;
    assert_eq!((again.status.as_u16(), code(&again).as_str()), (409, "state_conflict"));
    let edit = zone.send("firm", "PATCH", at, &["if-match: *"], &json!({ "headcount": 9 })).await;
    assert_eq!((edit.status.as_u16(), code(&edit).as_str()), (409, "state_conflict"));
    let open = zone.send("firm", "PATCH", at, &["if-match: *"], &json!({ "state": "open" })).await;
    assert_eq!((open.status.as_u16(), &open.json()["state"]), (200, &json!("open")));

    let trail = zone.ask("zone", "GET", "/v1/audit?kind=surplus&id=S-1", &[], "").await.json();
    let actions: Vec<&str> =
        trail["items"].as_array().expect("items").iter().filter_map(|e| e["action"].as_str()).collect();
    assert_eq!(actions, ["create", "replace", "replace", "replace"]);
}

#[tokio::test]
async fn defects_of_a_row_all_at_once() {
    let zone = Zone::new().await;
    let row = json!({ "id": "a/b", "firm": "F1", "skill": "K9", "headcount": -1, "from": "soon", "to": "2022-03-09", "speed": 1, "state": "open" });
    let answer = zone.send("zone", "POST", "/v1/surplus", &[], &row).await;
    let mut found: Vec<(String, String)> = answer.json()["defects"]
        .as_array()
        .expect("defects")
        .iter()
        .map(|d| {
            (
                d["code"].as_str().unwrap_or_default().to_string(),
                d["pointer"].as_str().unwrap_or_default().to_string(),
            )
        })
        .collect();
    found.sort();
    let expect = [
        ("bad_date", "/from"),
        ("bad_text", "/id"),
        ("out_of_range", "/headcount"),
        ("unknown_key", "/speed"),
        ("unknown_reference", "/skill"),
    ];
    assert_eq!(found, expect.map(|(code, at)| (code.to_string(), at.to_string())));

    let check = async |path: &str, row: Value, code: &str, pointer: &str| {
        let answer = zone.send("zone", "POST", path, &[], &row).await;
        let problem = answer.json();
        assert_eq!(answer.status, 422, "{problem}");
        let defects = problem["defects"].as_array().expect("defects");
        assert!(defects.iter().any(|d| d["code"] == code && d["pointer"] == pointer), "{problem:#}");
    };
    check("/v1/surplus", json!({ "state": "closed", "firm": "F1" }), "bad_choice", "/state").await;
    check("/v1/shortages", json!({ "priority_asked": "urgent" }), "unknown_key", "/priority_asked").await;
    check("/v1/skills", json!({ "id": "k", "name": "k", "state": "open" }), "unknown_key", "/state").await;
    check(
        "/v1/firms",
        json!({ "id": "F", "name": "F", "latitude": 36, "longitude": 117, "uscc": "91370115MA3TE5T00X" }),
        "bad_text",
        "/uscc",
    )
    .await;
    check(
        "/v1/substitutions",
        json!({ "from": "packer", "to": "packer", "training_cost_fen": 0 }),
        "conflict",
        "/to",
    )
    .await;
    check("/v1/blocked", json!({ "lender": "F1", "borrower": "F9" }), "unknown_reference", "/borrower").await;
    check("/v1/calendar", json!({ "date": "2022-02-30", "working": true }), "bad_date", "/date").await;
    let firm =
        json!({ "id": "F", "name": "F", "latitude": 36, "longitude": 117, "uscc": "91370115MA3TE5T00E" });
    let made = zone.send("zone", "POST", "/v1/firms", &[], &firm).await;
    assert_eq!((made.status.as_u16(), &made.json()["uscc"]), (201, &firm["uscc"]), "{}", made.text());
    // the zone's scenario does not know it
    let scenario = zone.ask("zone", "GET", "/v1/scenario", &[], "").await;
    let loaded = tiaoji_formats::read_json("scenario", &scenario.body).expect("valid");
    assert_eq!(loaded.scenario.firms().len(), 4);
}

#[tokio::test]
async fn rows_that_others_name_stay_and_the_same_twice_is_refused() {
    let zone = Zone::new().await;
    let used = zone.ask("zone", "DELETE", "/v1/firms/F1", &["if-match: *"], "").await;
    assert_eq!((used.status.as_u16(), &used.json()["code"]), (409, &json!("state_conflict")));
    let free = zone.ask("zone", "DELETE", "/v1/skills/welder", &["if-match: *"], "").await;
    assert_eq!(free.status, 204);
    assert_eq!(zone.ask("zone", "GET", "/v1/skills/welder", &[], "").await.status, 404);
    let twice = json!({ "id": "packer", "name": "x" });
    let twice = zone.send("zone", "POST", "/v1/skills", &[], &twice).await;
    assert_eq!((twice.status.as_u16(), &twice.json()["code"]), (409, &json!("duplicate")));
    let day = json!({ "date": "2022/5/1", "working": false });
    let made = zone.send("zone", "POST", "/v1/calendar", &[], &day).await;
    assert_eq!(made.header("location"), "/v1/calendar/2022-05-01");
    assert_eq!(zone.send("zone", "POST", "/v1/calendar", &[], &day).await.status, 409);
    // a block of a posting that is withdrawn stays out of the scenario
    let block = json!({ "lender": "F1", "borrower": "F2", "surplus": "S-F1" });
    assert_eq!(zone.send("zone", "POST", "/v1/blocked", &[], &block).await.status, 201);
    assert_eq!(zone.ask("zone", "DELETE", "/v1/surplus/S-F1", &["if-match: *"], "").await.status, 204);
    let scenario = zone.ask("zone", "GET", "/v1/scenario", &[], "").await;
    let loaded = tiaoji_formats::read_json("scenario", &scenario.body).expect("valid");
    assert_eq!((loaded.scenario.blocked().len(), loaded.scenario.surplus().len()), (0, 2));
}

#[tokio::test]
async fn the_policy_changes_by_merge() {
    let zone = Zone::new().await;
    let patch = json!({ "max_distance_km": 8, "unmet": { "low_fen": 25_000 } });
    let done = zone.send("zone", "PATCH", "/v1/policy", &["if-match: \"1\""], &patch).await;
    let policy = done.json();
    assert_eq!(
        (&policy["max_distance_km"], &policy["unmet"]["low_fen"], &policy["unmet"]["urgent_fen"]),
        (&json!(8), &json!(25_000), &json!(60_000))
    );
    let bad = zone
        .send("zone", "PATCH", "/v1/policy", &["if-match: *"], &json!({ "unmet": { "low_fen": -1 } }))
        .await;
    assert_eq!((bad.status.as_u16(), &bad.json()["defects"][0]["pointer"]), (422, &json!("/unmet/low_fen")));
}

#[tokio::test]
async fn urgent_is_asked_for_by_the_firm_and_confirmed_by_others() {
    let zone = Zone::new().await;
    let mut row = posting("F1");
    row["priority"] = json!("urgent");
    let made = zone.send("firm", "POST", "/v1/shortages", &[], &row).await;
    let (at, row) = (made.header("location").to_string(), made.json());
    assert_eq!((row.get("priority"), &row["priority_asked"]), (None, &json!("urgent")));
    let scenario = zone.ask("zone", "GET", "/v1/scenario", &[], "").await;
    assert!(tiaoji_formats::read_json("scenario", &scenario.body).is_ok());
    let done =
        zone.send("officer", "PATCH", &at, &["if-match: *"], &json!({ "priority": "urgent" })).await.json();
    assert_eq!((&done["priority"], done.get("priority_asked")), (&json!("urgent"), None));
    let trail = zone.ask("zone", "GET", "/v1/audit?kind=shortage&id=D-1", &[], "").await.json();
    assert_eq!(trail["items"][1]["reason"], "on behalf of F1");
}

#[tokio::test]
async fn lists_come_in_pages_and_through_filters() {
    let zone = Zone::new().await;
    for _ in 0..7 {
        assert_eq!(zone.send("zone", "POST", "/v1/surplus", &[], &posting("F2")).await.status, 201);
    }
    let (mut ids, mut query) = (Vec::new(), "limit=3".to_string());
    loop {
        let page = zone.ask("zone", "GET", &format!("/v1/surplus?{query}"), &[], "").await.json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 3);
        ids.extend(items.iter().map(|row| row["id"].as_str().unwrap_or_default().to_string()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("limit=3&cursor={next}");
    }
    let mut sorted = ids.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((ids.len(), &ids), (10, &sorted));
    let count = async |role: &str, query: &str| {
        let page = zone.ask(role, "GET", &format!("/v1/surplus?{query}"), &[], "").await.json();
        page["items"].as_array().expect("items").len()
    };
    assert_eq!(count("zone", "firm=F2").await, 8);
    assert_eq!(count("zone", "from=2022-03-10").await, 3);
    assert_eq!(count("zone", "state=withdrawn").await, 0);
    assert_eq!(count("officer", "limit=500").await, 9);
    assert_eq!(count("officer", "limit=9").await, 9);
    for (query, code) in [
        ("limit=0", "bad_parameter"),
        ("limit=501", "bad_parameter"),
        ("state=odd", "bad_parameter"),
        ("from=2022-3-1", "bad_parameter"),
        ("sort=id", "bad_parameter"),
        ("cursor=zz", "bad_cursor"),
    ] {
        let answer = zone.ask("zone", "GET", &format!("/v1/surplus?{query}"), &[], "").await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!(code)), "{query}");
    }
}

#[tokio::test]
async fn an_idempotency_key_gives_the_same_answer() {
    let zone = Zone::new().await;
    let key = ["idempotency-key: k-1"];
    let first = zone.send("firm", "POST", "/v1/surplus", &key, &posting("F1")).await;
    let again = zone.send("firm", "POST", "/v1/surplus", &key, &posting("F1")).await;
    assert_eq!((first.status, again.status), (again.status, first.status));
    assert_eq!((first.json(), first.header("etag")), (again.json(), again.header("etag")));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(again.header("location"), first.header("location"));
    let other = zone.send("firm", "POST", "/v1/surplus", &key, &json!({ "firm": "F1" })).await;
    assert_eq!((other.status.as_u16(), &other.json()["code"]), (422, &json!("key_reused")));
    // another's key is another key, and what failed may be tried again
    assert_eq!(zone.send("zone", "POST", "/v1/surplus", &key, &posting("F1")).await.json()["id"], "S-2");
    let failing = ["idempotency-key: k-2"];
    assert_eq!(
        zone.send("firm", "POST", "/v1/surplus", &failing, &json!({ "firm": "F1" })).await.status,
        422
    );
    assert_eq!(zone.send("firm", "POST", "/v1/surplus", &failing, &posting("F1")).await.status, 201);
    // a secret is told once, and kept nowhere
    let new = json!({ "name": "erp", "role": "service" });
    let made = zone.send("zone", "POST", "/v1/keys", &["idempotency-key: k-3"], &new).await.json();
    let replayed = zone.send("zone", "POST", "/v1/keys", &["idempotency-key: k-3"], &new).await.json();
    assert!(made["key"].as_str().is_some_and(|key| key.starts_with("tiaoji_")));
    assert_eq!((&made["id"], replayed.get("key")), (&replayed["id"], None));
}

#[tokio::test]
async fn odd_addresses_and_bodies() {
    let zone = Zone::new().await;
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/%FF", &[], "").await.json()["code"], "not_found");
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/%00", &[], "").await.status, 404);
    for body in ["", "[]", "7", "{"] {
        let answer = zone.ask("zone", "POST", "/v1/surplus", &[JSON], body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("malformed")), "{body}");
    }
    let null = json!({ "id": "a\u{0}b", "firm": "F1", "skill": "packer", "headcount": 1, "from": "2022-03-07", "to": "2022-03-08" });
    let answer = zone.send("zone", "POST", "/v1/surplus", &[], &null).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
}
