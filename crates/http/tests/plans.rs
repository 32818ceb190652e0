//! The zone's plans: looked at, compared, put in force; the zone under other rules.

mod common;

use common::Zone;
use serde_json::json;

#[tokio::test]
async fn plans_are_looked_at_and_compared() {
    let zone = Zone::new().await;
    assert_eq!(zone.add_plan().await, "P-1");
    let one = zone.ask("zone", "GET", "/v1/plans/P-1", &[], "").await;
    assert_eq!((one.header("etag"), &one.json()["plan"]["scenario"]), ("\"1\"", &json!("test zone")));
    let page = zone.ask("viewer", "GET", "/v1/plans/P-1/report", &["accept: text/html"], "").await;
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("Firm F2"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let zh = ["accept-language: zh", "accept: text/html"];
    assert!(zone.ask("viewer", "GET", "/v1/plans/P-1/report", &zh, "").await.text().contains("借出"));
    let book = ["accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
    assert!(zone.ask("zone", "GET", "/v1/plans/P-1/report", &book, "").await.body.starts_with(b"PK"));

    // with one firm's surplus gone, its secondments are
    assert_eq!(zone.ask("zone", "DELETE", "/v1/surplus/S-F3", &["if-match: *"], "").await.status, 204);
    assert_eq!(zone.add_plan().await, "P-2");
    let same = zone.ask("zone", "GET", "/v1/plans/P-1/compare/P-1", &[], "").await.json();
    let moved = zone.ask("zone", "GET", "/v1/plans/P-1/compare/P-2", &[], "").await.json();
    assert_eq!((&same["same"], &moved["same"]), (&json!(true), &json!(false)));
    assert!(moved["objective_fen"][0].as_i64() < moved["objective_fen"][1].as_i64(), "{moved:#}");
    let list = zone.ask("zone", "GET", "/v1/plans?limit=1", &[], "").await.json();
    assert_eq!((&list["items"][0]["id"], list["next"].is_string()), (&json!("P-2"), true));
    for missing in ["/v1/plans/P-9", "/v1/plans/P-9/report", "/v1/plans/P-1/compare/P-9"] {
        assert_eq!(zone.ask("zone", "GET", missing, &[], "").await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn a_plan_is_put_in_force_and_taken_back() {
    let zone = Zone::new().await;
    zone.add_plan().await;
    let stale = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &["if-match: \"9\""], "").await;
    assert_eq!(stale.status, 412);
    let done = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &["if-match: \"1\""], "").await;
    assert_eq!(
        (done.status.as_u16(), done.header("etag"), done.json()["published"].is_string()),
        (200, "\"2\"", true)
    );
    assert_eq!(
        zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.json()["code"],
        "state_conflict"
    );
    let count = async |query: &str| {
        let list = zone.ask("zone", "GET", &format!("/v1/plans{query}"), &[], "").await.json();
        list["items"].as_array().expect("items").len()
    };
    assert_eq!((count("?published=true").await, count("").await), (1, 1));
    assert_eq!(zone.ask("zone", "POST", "/v1/plans/P-1/unpublish", &[], "").await.status, 200);
    assert_eq!((count("?published=true").await, count("").await), (0, 1));
}

#[tokio::test]
async fn the_zone_under_other_rules() {
    let zone = Zone::new().await;
    let ask = async |body: serde_json::Value| zone.send("zone", "POST", "/v1/what-if", &[], &body).await;
    let found =
        ask(json!({ "set": { "policy.fairness": true }, "sweep": { "policy.max_distance_km": "0.5,1,4" } }))
            .await;
    let found = found.json();
    let points = found["points"].as_array().expect("points");
    let filled: Vec<i64> =
        points.iter().filter_map(|point| point["kpis"]["filled_worker_days"].as_i64()).collect();
    // firms stand 0.9 km apart in a row: nobody, the neighbours, everybody
    assert!(filled[0] == 0 && filled[1] > 0 && filled[2] >= filled[1], "{found:#}");
    assert_eq!(points[0]["set"][1], json!({ "field": "policy.max_distance_km", "value": "0.5" }));
    // one that is no limit keeps none of the others back
    let mixed = ask(json!({ "sweep": { "policy.max_distance_km": "1,-1,4" } })).await.json();
    assert_eq!(mixed["points"].as_array().map(Vec::len), Some(2), "{mixed:#}");
    assert_eq!(mixed["refused"][0]["set"][0]["value"], "-1");
    assert_eq!(mixed["refused"][0]["defects"][0]["code"], "out_of_range");
    let check = async |body: serde_json::Value, code: &str| {
        let answer = ask(body).await;
        let defects = answer.json();
        assert!(
            defects["defects"].as_array().is_some_and(|all| all.iter().any(|d| d["code"] == code)),
            "{defects:#}"
        );
    };
    check(json!({ "sweep": { "policy.max_distance_km": "1..1000" } }), "out_of_range").await;
    check(json!({ "sweep": { "policy.max_distance_km": "a..b" } }), "bad_text").await;
    check(json!({ "set": { "policy.speed": 1 } }), "unknown_key").await;
    check(json!({ "sat": {} }), "unknown_key").await;
    check(json!({ "set": [] }), "bad_text").await;
}

#[tokio::test]
async fn explanations_and_options() {
    let zone = Zone::new().await;
    // before any plan, as if nothing were planned; after one, against it; changed since, against nothing again
    let asked = json!({ "shortage": "D-F1" });
    let none = zone.send("firm", "POST", "/v1/options", &[], &asked).await.json();
    assert!(none["plan_id"].is_null() && none["options"][0]["in_plan"] == false, "{none:#}");
    zone.add_plan().await;
    let with = zone.send("firm", "POST", "/v1/options", &[], &asked).await.json();
    assert!(with["plan_id"] == "P-1" && with["options"][0]["in_plan"] == true, "{with:#}");
    let change = json!({ "headcount": 2 });
    let changed = zone.send("firm", "PATCH", "/v1/shortages/D-F1", &["if-match: *"], &change).await;
    assert_eq!(changed.status, 200);
    let after = zone.send("firm", "POST", "/v1/options", &[], &asked).await.json();
    assert!(after["plan_id"].is_null() && after["options"][0]["count"] == 2, "{after:#}");
    let new = json!({ "skill": "packer", "headcount": 1, "from": "2022-03-07", "to": "2022-03-09" });
    let new = zone.send("firm", "POST", "/v1/shortages", &[], &new).await.json();
    let newer = zone.send("firm", "POST", "/v1/options", &[], &json!({ "shortage": new["id"] })).await.json();
    assert_eq!(newer["plan_id"], "P-1", "{newer:#}");
    let unknown = zone.send("firm", "POST", "/v1/options", &[], &json!({ "shortage": "D-99" })).await;
    assert_eq!(unknown.status, 404);
    let all = zone.ask("zone", "GET", "/v1/plans/P-1/explanation", &[], "").await.json();
    let one = zone.ask("zone", "GET", "/v1/plans/P-1/explanation?posting=D-F1", &[], "").await.json();
    assert!(all["idle"].is_array() && one["unfilled"][0]["id"] == "D-F1", "{all:#} {one:#}");
    assert_eq!(zone.ask("zone", "GET", "/v1/plans/P-1/explanation?posting=X", &[], "").await.status, 404);

    let new = json!({ "id": "new", "firm": "F1", "skill": "packer", "headcount": 2, "from": "2022-03-07",
        "to": "2022-03-18", "day_pay_fen": 20_000 });
    let whole = zone.send("zone", "POST", "/v1/options", &[], &json!({ "shortage": new })).await.json();
    assert!(
        whole["options"][0]["saved_fen"].is_i64() && whole["options"][0]["firm"].is_string(),
        "{whole:#}"
    );
    let own = zone.send("firm", "POST", "/v1/options", &[], &json!({ "shortage": new })).await.json();
    assert_eq!(own["options"].as_array().map(Vec::len), whole["options"].as_array().map(Vec::len));
    for option in own["options"].as_array().expect("options") {
        for never in ["firm", "saved_fen", "filled", "moved"] {
            assert!(option.get(never).is_none(), "{never} in {option}");
        }
    }
    // who only asks needs no id, and a firm does not say that it is the firm
    let short = json!({ "skill": "packer", "headcount": 2, "from": "2022-03-07", "to": "2022-03-18",
        "day_pay_fen": 20_000 });
    let short = zone.send("firm", "POST", "/v1/options", &[], &json!({ "shortage": short })).await.json();
    assert_eq!(short["options"], own["options"], "{short:#}");
    let mut other = new.clone();
    other["firm"] = json!("F2");
    assert_eq!(
        zone.send("firm", "POST", "/v1/options", &[], &json!({ "shortage": other })).await.status,
        403
    );
    let mut bad = new;
    bad["skill"] = json!("K9");
    let bad = zone.send("zone", "POST", "/v1/options", &[], &json!({ "shortage": bad })).await;
    assert_eq!(
        (bad.status.as_u16(), &bad.json()["defects"][0]["pointer"]),
        (422, &json!("/skill")),
        "{}",
        bad.text()
    );
    assert_eq!(zone.send("zone", "POST", "/v1/options", &[], &json!({})).await.status, 422);
}
