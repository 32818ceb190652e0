//! From a plan to an agreement: published, proposed, accepted, signed, worked, settled.

mod common;

use common::{Answer, Zone};
use serde_json::{Value, json};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A zone whose postings begin in four days, with a plan in force; gives the proposals' ids.
async fn published() -> (Zone, Vec<String>) {
    let zone = Zone::ahead().await;
    zone.add_plan().await;
    let answer = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["skipped"], json!([]));
    let ids = answer["proposals"].as_array().expect("a list").iter();
    let ids = ids.map(|id| id.as_str().expect("an id").to_string()).collect();
    (zone, ids)
}

/// Says something to a proposal or an agreement.
async fn say(zone: &Zone, role: &str, at: &str, body: Value) -> Answer {
    if body.is_null() {
        zone.ask(role, "POST", at, &[], "").await
    } else {
        zone.send(role, "POST", at, &[], &body).await
    }
}

async fn proposal(zone: &Zone, role: &str, id: &str) -> Value {
    let answer = zone.ask(role, "GET", &format!("/v1/proposals/{id}"), &[], "").await;
    assert_eq!(answer.status, 200, "{role} {id}: {}", answer.text());
    answer.json()
}

/// The first proposal between F1 and F2, which the officer looks after both.
async fn between_f1_and_f2(zone: &Zone, ids: &[String]) -> Value {
    for id in ids {
        let found = proposal(zone, "zone", id).await;
        let pair = (found["lender"]["firm"].as_str(), found["borrower"]["firm"].as_str());
        if [(Some("F1"), Some("F2")), (Some("F2"), Some("F1"))].contains(&pair) {
            return found;
        }
    }
    panic!("no proposal between F1 and F2 among {ids:?}");
}

#[tokio::test]
async fn both_accept_and_it_is_an_agreement() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let id = found["id"].as_str().expect("an id");
    assert_eq!((&found["state"], &found["sides"]["lender"]["decision"]), (&json!("open"), &json!("pending")));
    let at = format!("/v1/proposals/{id}");
    // the zone looks on
    assert_eq!(say(&zone, "zone", &format!("{at}/accept"), Value::Null).await.status, 403);
    // the firm speaks for its side, the officer has to say for which
    let first = say(&zone, "firm", &format!("{at}/accept"), Value::Null).await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (200, "\"2\""), "{}", first.text());
    let again = say(&zone, "firm", &format!("{at}/accept"), Value::Null).await;
    assert_eq!((again.status.as_u16(), &again.json()["code"]), (409, &json!("state_conflict")));
    assert_eq!(again.json()["current"]["version"], 2);
    let stale = zone.ask("firm", "POST", &format!("{at}/retract"), &["if-match: \"1\""], "").await;
    assert_eq!((stale.status.as_u16(), &stale.json()["current"]["version"]), (412, &json!(2)));
    let second = say(&zone, "officer", &format!("{at}/accept"), Value::Null).await;
    assert_eq!(
        (second.status.as_u16(), second.header("location")),
        (200, "/v1/agreements/G-1"),
        "{}",
        second.text()
    );
    let second = second.json();
    assert_eq!((&second["state"], &second["agreement_id"]), (&json!("agreed"), &json!("G-1")));
    let events: Vec<_> =
        second["events"].as_array().expect("events").iter().map(|e| e["event"].as_str()).collect();
    assert_eq!(events, [Some("propose"), Some("accept"), Some("accept")]);
    assert!(second["events"][2]["on_behalf"].is_string());
    let agreement = zone.ask("firm", "GET", "/v1/agreements/G-1", &[], "").await.json();
    assert_eq!((&agreement["state"], &agreement["count"]), (&json!("agreed"), &found["count"]));
}

#[tokio::test]
async fn a_counter_may_be_about_the_pay() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let at = format!("/v1/proposals/{}/counter", found["id"].as_str().expect("an id"));
    // money is in fen, which the names say; the refusal says which names there are
    let unnamed = say(&zone, "firm", &at, json!({ "day_pay": 210 })).await;
    let defect = &unnamed.json()["defects"][0];
    assert_eq!(
        (unnamed.status.as_u16(), &defect["code"], &defect["pointer"]),
        (422, &json!("unknown_key"), &json!("/day_pay"))
    );
    for remedy in ["remedy", "remedy_zh"] {
        assert!(
            defect[remedy]
                .as_str()
                .is_some_and(|text| text.contains("count") && text.contains("day_pay_fen")),
            "{defect}"
        );
    }
    // below what the lender asks, which stays unsaid, no rule allows it
    let low = say(&zone, "firm", &at, json!({ "day_pay_fen": 100 })).await;
    assert!(
        low.status == 409 && low.text().contains("pay") && !low.text().contains("11111"),
        "{}",
        low.text()
    );
    let made = say(&zone, "firm", &at, json!({ "day_pay_fen": 21_050 })).await;
    let made = made.json();
    assert_eq!((&made["day_pay_fen"], &made["count"]), (&json!(21_050), &found["count"]), "{made}");
    let (days, count) =
        (made["working_days"].as_i64().expect("days"), made["count"].as_i64().expect("a count"));
    assert_eq!(made["costs"]["pay_fen"], 21_050 * days * count);
}

#[tokio::test]
async fn words_and_what_they_do() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let at = format!("/v1/proposals/{}", found["id"].as_str().expect("an id"));
    let check = async |role: &str, word: &str, body: Value, expect: (u16, &str)| {
        let answer = say(&zone, role, &format!("{at}/{word}"), body).await;
        let json = answer.json();
        let what = if answer.status.is_success() { &json["state"] } else { &json["code"] };
        assert_eq!((answer.status.as_u16(), what.as_str().unwrap_or_default()), expect, "{word}: {json}");
        json
    };
    check("firm", "retract", Value::Null, (409, "state_conflict")).await;
    check("firm", "accept", json!({}), (200, "open")).await;
    check("firm", "retract", json!({}), (200, "open")).await;
    let held = check("firm", "hold", Value::Null, (200, "open")).await;
    assert!(held["deadline"].as_str() > found["deadline"].as_str(), "{held}");
    check("firm", "hold", Value::Null, (409, "state_conflict")).await;
    check("firm", "decline", json!({}), (422, "defects")).await;
    check("firm", "decline", json!({ "reason": "bored" }), (422, "defects")).await;
    check("officer", "accept", json!({}), (422, "defects")).await;
    check("firm", "counter", json!({ "count": 1_000 }), (409, "capacity")).await;
    let made = check("firm", "counter", json!({ "count": 1 }), (201, "open")).await;
    assert_eq!((&made["count"], &made["replaces"]), (&json!(1), &found["id"]));
    check("firm", "accept", json!({}), (409, "state_conflict")).await;
    let old = proposal(&zone, "firm", found["id"].as_str().expect("an id")).await;
    assert_eq!((&old["state"], &old["replaced_by"]), (&json!("superseded"), &made["id"]));
    // the other side refuses it, for a reason that is its own
    let at = format!("/v1/proposals/{}/decline", made["id"].as_str().expect("an id"));
    let own = if found["lender"]["firm"] == "F1" { "borrower" } else { "lender" };
    let body = json!({ "side": own, "reason": "trust", "note": "once bitten" });
    let declined = say(&zone, "officer", &at, body).await;
    assert_eq!((declined.status.as_u16(), &declined.json()["reason"]), (200, &json!("trust")));
    let seen = proposal(&zone, "firm", made["id"].as_str().expect("an id")).await;
    assert_eq!(
        (&seen["state"], seen.get("reason"), seen.to_string().contains("bitten")),
        (&json!("declined"), None, false)
    );
}

#[tokio::test]
async fn an_agreement_is_worked_and_settled() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let id = found["id"].as_str().expect("an id");
    say(&zone, "firm", &format!("/v1/proposals/{id}/accept"), Value::Null).await;
    say(&zone, "officer", &format!("/v1/proposals/{id}/accept"), Value::Null).await;
    let (count, from, to) = (found["count"].as_i64().expect("a count"), &found["from"], &found["to"]);
    let step = async |side: &str, word: &str, body: Value, expect: (u16, &str)| {
        let mut body = body;
        body["side"] = side.into();
        let answer = say(&zone, "officer", &format!("/v1/agreements/G-1/{word}"), body).await;
        let json = answer.json();
        let what = if answer.status.is_success() { &json["state"] } else { &json["code"] };
        assert_eq!((answer.status.as_u16(), what.as_str().unwrap_or_default()), expect, "{word}: {json}");
        json
    };
    step("borrower", "sign", json!({ "consented": count }), (403, "forbidden")).await;
    step("lender", "sign", json!({ "consented": count - 1 }), (422, "defects")).await;
    step("lender", "start", json!({ "count": count, "day": from }), (409, "state_conflict")).await;
    step("lender", "sign", json!({ "consented": count }), (200, "signed")).await;
    step("borrower", "start", json!({ "count": count + 1, "day": from }), (422, "defects")).await;
    step("borrower", "start", json!({ "count": count, "day": from }), (200, "active")).await;
    let back = step(
        "lender",
        "return",
        json!({ "count": 1, "last_day": from, "reason": "recall" }),
        (200, "active"),
    );
    assert_eq!(back.await["present"], count - 1);
    // a recall can be passed on as a text
    let page = zone.ask("firm", "GET", "/agreements/G-1", &["accept-language: en"], "").await.text();
    let last = from.as_str().expect("a day");
    assert!(page.contains(&format!("\n其中 1 人最后在岗日 {last}（出借方召回）。</textarea>")), "{page}");
    let longer = json!({ "to": "2099-01-01", "consented": count });
    step("lender", "extend", longer, (409, "capacity")).await;
    let all = json!({ "count": count - 1, "last_day": to, "reason": "other" });
    let ended = step("borrower", "return", all, (200, "ended")).await;
    step("lender", "settle", json!({}), (409, "state_conflict")).await;
    let days = ended["worker_days"].as_i64().expect("days");
    assert_eq!(days, 1 + (count - 1) * found["working_days"].as_i64().expect("days"));
    step("borrower", "settle", json!({ "worker_days": days }), (200, "ended")).await;
    step("lender", "settle", json!({ "worker_days": days + 1 }), (422, "defects")).await;
    step("lender", "dispute", json!({ "reason": "one day too many" }), (200, "disputed")).await;
    // neither side decides alone, the zone does
    let decided = say(&zone, "zone", "/v1/agreements/G-1/settle", json!({ "worker_days": days - 1 })).await;
    assert_eq!(
        (decided.status.as_u16(), &decided.json()["state"]),
        (200, &json!("settled")),
        "{}",
        decided.text()
    );
    assert_eq!(decided.json()["amount_fen"], (days - 1) * 20_000);
    step("lender", "dispute", json!({}), (409, "state_conflict")).await;
    for (paper, media) in
        [("document", DOCX), ("document?paper=amendment", DOCX), ("settlement", DOCX), ("settlement", XLSX)]
    {
        let accept = format!("accept: {media}");
        let answer = zone.ask("firm", "GET", &format!("/v1/agreements/G-1/{paper}"), &[&accept], "").await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, media), "{paper}");
        assert!(answer.body.starts_with(b"PK"), "{paper}");
    }
}

#[tokio::test]
async fn what_other_firms_are_not_told() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let id = found["id"].as_str().expect("an id");
    say(&zone, "firm", &format!("/v1/proposals/{id}/accept"), Value::Null).await;
    say(&zone, "officer", &format!("/v1/proposals/{id}/accept"), Value::Null).await;
    say(&zone, "officer", "/v1/agreements/G-1/sign", json!({ "consented": 77 })).await;
    let own = zone.ask("officer", "GET", "/v1/agreements/G-1", &[], "").await;
    assert!(own.text().contains("\"consented\":77"), "{}", own.text());
    let seen = zone.ask("firm", "GET", "/v1/agreements/G-1", &[], "").await;
    assert_eq!(seen.text().contains("77"), found["lender"]["firm"] == "F1", "{}", seen.text());
    for id in &ids {
        let found = proposal(&zone, "zone", id).await;
        let is_own = [&found["lender"]["firm"], &found["borrower"]["firm"]].contains(&&json!("F1"));
        let answer = zone.ask("firm", "GET", &format!("/v1/proposals/{id}"), &[], "").await;
        assert_eq!(answer.status == 200, is_own, "{id}");
        for role in ["viewer", "service"] {
            assert_eq!(zone.ask(role, "GET", &format!("/v1/proposals/{id}"), &[], "").await.status, 403);
        }
    }
    // and so of the trail
    let trail = zone.ask("firm", "GET", "/v1/audit?kind=proposal&limit=500", &[], "").await.json();
    for entry in trail["items"].as_array().expect("a list") {
        let at = format!("/v1/proposals/{}", entry["id"].as_str().expect("an id"));
        assert_eq!(zone.ask("firm", "GET", &at, &[], "").await.status, 200, "{entry}");
    }
    assert!(trail["items"].as_array().is_some_and(|items| items.len() >= 3), "{trail}");
    let list = zone.ask("firm", "GET", "/v1/proposals?limit=1", &[], "").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(zone.ask("firm", "GET", "/v1/proposals?state=odd", &[], "").await.status, 400);
}

#[tokio::test]
async fn publishing_again_keeps_what_is_equal() {
    let (zone, ids) = published().await;
    let found = between_f1_and_f2(&zone, &ids).await;
    let id = found["id"].as_str().expect("an id");
    // the same plan again, made before one side accepts
    zone.add_plan().await;
    say(&zone, "firm", &format!("/v1/proposals/{id}/accept"), Value::Null).await;
    let again = zone.ask("zone", "POST", "/v1/plans/P-2/publish", &[], "").await.json();
    let mut kept: Vec<&str> =
        again["proposals"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    kept.sort_unstable();
    assert_eq!(kept, ids, "{again}");
    let kept = proposal(&zone, "zone", id).await;
    assert_eq!((&kept["state"], &kept["plan_id"]), (&json!("open"), &json!("P-2")));
    let gone = zone.ask("zone", "POST", "/v1/plans/P-2/unpublish", &[], "").await;
    assert_eq!(gone.status, 200);
    assert_eq!(proposal(&zone, "zone", id).await["state"], "withdrawn");
    // what a posting no longer allows is skipped, or nothing is published
    zone.ask("zone", "DELETE", "/v1/surplus/S-F1", &["if-match: *"], "").await;
    let strict = zone.ask("zone", "POST", "/v1/plans/P-2/publish?strict=true", &[], "").await;
    assert_eq!(
        (strict.status.as_u16(), &strict.json()["code"]),
        (409, &json!("stale_plan")),
        "{}",
        strict.text()
    );
    let some = zone.ask("zone", "POST", "/v1/plans/P-2/publish", &[], "").await.json();
    assert!(some["skipped"].as_array().is_some_and(|skipped| !skipped.is_empty()), "{some}");
    assert_eq!(some["skipped"][0]["reasons"][0]["code"], "withdrawn");
}
