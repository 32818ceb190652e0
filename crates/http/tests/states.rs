//! Every state and every event of postings, proposals and agreements: what is allowed does what the table says, all else answers
//! 409 with what stands there and changes nothing.

mod common;

use common::{Answer, Zone};
use serde_json::{Value, json};
use tiaoji_server::practice::deadlines::catch_up;

const DAY: i64 = 24 * 3_600_000;

/// A zone with a plan in force, and the proposal between F1 and F2, which the officer looks after both.
async fn published() -> (Zone, Value) {
    let zone = Zone::ahead().await;
    zone.add_plan().await;
    let answer = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.json();
    for id in answer["proposals"].as_array().expect("proposals") {
        let at = format!("/v1/proposals/{}", id.as_str().expect("an id"));
        let found = zone.ask("zone", "GET", &at, &[], "").await.json();
        let pair = (found["lender"]["firm"].as_str(), found["borrower"]["firm"].as_str());
        if [(Some("F1"), Some("F2")), (Some("F2"), Some("F1"))].contains(&pair) {
            return (zone, found);
        }
    }
    panic!("no proposal between F1 and F2: {answer:#}");
}

/// Somebody who does something: role, address, body.
type Step<'a> = (&'a str, String, Value);

async fn take(zone: &Zone, (role, at, body): &Step<'_>) -> Answer {
    zone.send(role, "POST", at, &[], body).await
}

async fn state(zone: &Zone, at: &str) -> Value {
    zone.ask("zone", "GET", at, &[], "").await.json()
}

/// What an event does to the object at an address: the next state, or none where it is refused.
async fn check(zone: &Zone, at: &str, step: Step<'_>, expect: Option<&str>) {
    let before = state(zone, at).await;
    let answer = take(zone, &step).await;
    let text = format!("{} {} {}: {}", before["state"], step.1, step.2, answer.text());
    let after = state(zone, at).await;
    if let Some(next) = expect {
        assert!(answer.status.is_success(), "{text}");
        assert_eq!(after["state"], next, "{text}");
        let version = before["version"].as_i64().map(|version| version + 1);
        assert_eq!(after["version"].as_i64(), version, "{text}");
        return;
    }
    let refused = answer.json();
    assert_eq!((answer.status.as_u16(), &refused["code"]), (409, &json!("state_conflict")), "{text}");
    assert_eq!(refused["current"]["version"], before["version"], "{text}");
    assert_eq!(refused["current"]["state"], before["state"], "{text}");
    assert_eq!(after, before, "{text}");
}

/// By state: how it is reached, and what accept, retract, hold, counter and decline by the firm do.
const PROPOSALS: [(&str, [Option<&str>; 5]); 7] = [
    ("open", [Some("open"), None, Some("open"), Some("superseded"), Some("declined")]),
    ("accepted", [None, Some("open"), Some("open"), Some("superseded"), Some("declined")]),
    ("agreed", [None; 5]),
    ("declined", [None; 5]),
    ("expired", [None; 5]),
    ("superseded", [None; 5]),
    ("withdrawn", [None; 5]),
];

/// A proposal in a state.
async fn proposal_in(name: &str) -> (Zone, String) {
    let (zone, found) = published().await;
    let at = format!("/v1/proposals/{}", found["id"].as_str().expect("an id"));
    let steps: &[(&str, &str, Value)] = match name {
        "accepted" => &[("firm", "accept", json!({}))],
        "agreed" => &[
            ("officer", "accept", json!({ "side": "lender" })),
            ("officer", "accept", json!({ "side": "borrower" })),
        ],
        "declined" => &[("firm", "decline", json!({ "reason": "pay" }))],
        "superseded" => &[("firm", "counter", json!({ "count": 1 }))],
        _ => &[],
    };
    for (role, word, body) in steps {
        let done = take(&zone, &(role, format!("{at}/{word}"), body.clone())).await;
        assert!(done.status.is_success(), "{name}: {}", done.text());
    }
    if name == "expired" {
        let now = zone.app.store.view().await.expect("a view").now().await.expect("the time");
        catch_up(&zone.app.store, now + 3 * DAY).await.expect("caught up");
    }
    if name == "withdrawn" {
        assert_eq!(zone.ask("zone", "POST", "/v1/plans/P-1/unpublish", &[], "").await.status, 200);
    }
    let expect = if name == "accepted" { "open" } else { name };
    assert_eq!(state(&zone, &at).await["state"], expect);
    (zone, at)
}

#[tokio::test]
async fn proposals() {
    let words = [
        ("accept", json!({})),
        ("retract", json!({})),
        ("hold", json!({})),
        ("counter", json!({ "count": 2 })),
        ("decline", json!({ "reason": "trust" })),
    ];
    for (name, row) in PROPOSALS {
        let (mut zone, mut at) = proposal_in(name).await;
        for ((word, body), expect) in words.iter().zip(row) {
            check(&zone, &at, ("firm", format!("{at}/{word}"), body.clone()), expect).await;
            if expect.is_some() {
                (zone, at) = proposal_in(name).await;
            }
        }
    }
}

/// By state: what sign, start, return, extend, settle, dispute and cancel do.
const AGREEMENTS: [(&str, [Option<&str>; 7]); 7] = [
    ("agreed", [Some("signed"), None, None, None, None, None, Some("cancelled")]),
    ("signed", [None, Some("active"), None, None, None, None, Some("cancelled")]),
    ("active", [None, None, Some("ended"), Some("active"), None, None, None]),
    ("ended", [None, None, None, None, Some("ended"), Some("disputed"), None]),
    ("disputed", [None, None, None, None, Some("disputed"), None, None]),
    ("settled", [None; 7]),
    ("cancelled", [None; 7]),
];

/// The events of an agreement in the order of the table, each by a side that may.
fn events(found: &Value, at: &str) -> [Step<'static>; 7] {
    let (count, from) = (&found["count"], &found["from"]);
    let later = found["to"].as_str().expect("a date").parse::<jiff::civil::Date>().expect("a date");
    let later = later.saturating_add(jiff::Span::new().days(2)).to_string();
    let event = |word: &str, body: Value| ("officer", format!("{at}/{word}"), body);
    [
        event("sign", json!({ "side": "lender", "consented": count })),
        event("start", json!({ "side": "borrower", "count": count, "day": from })),
        event("return", json!({ "side": "lender", "count": count, "last_day": from, "reason": "recall" })),
        event("extend", json!({ "side": "borrower", "to": later })),
        event("settle", json!({ "side": "borrower", "worker_days": 7 })),
        event("dispute", json!({ "side": "lender" })),
        event("cancel", json!({ "side": "borrower" })),
    ]
}

/// An agreement in a state.
async fn agreement_in(name: &str) -> (Zone, String, Value) {
    let (zone, found) = published().await;
    let proposal = format!("/v1/proposals/{}", found["id"].as_str().expect("an id"));
    let at = "/v1/agreements/G-1".to_string();
    let [sign, start, back, _, stated, dispute, cancel] = events(&found, &at);
    let accept = |side: &str| ("officer", format!("{proposal}/accept"), json!({ "side": side }));
    let confirm = ("officer", format!("{at}/settle"), json!({ "side": "lender" }));
    let mut steps = vec![accept("lender"), accept("borrower")];
    match name {
        "agreed" => {}
        "signed" => steps.push(sign),
        "active" => steps.extend([sign, start]),
        "ended" => steps.extend([sign, start, back]),
        "disputed" => steps.extend([sign, start, back, dispute]),
        "settled" => steps.extend([sign, start, back, stated, confirm]),
        _ => steps.push(cancel),
    }
    for step in &steps {
        let done = take(&zone, step).await;
        assert!(done.status.is_success(), "{name} {}: {}", step.1, done.text());
    }
    assert_eq!(state(&zone, &at).await["state"], name);
    (zone, at, found)
}

#[tokio::test]
async fn agreements() {
    for (name, row) in AGREEMENTS {
        let (mut zone, mut at, mut found) = agreement_in(name).await;
        for (place, expect) in row.into_iter().enumerate() {
            let step = events(&found, &at)[place].clone();
            check(&zone, &at, step, expect).await;
            if expect.is_some() {
                (zone, at, found) = agreement_in(name).await;
            }
        }
    }
}

#[tokio::test]
async fn a_settlement_is_stated_and_confirmed_or_decided() {
    let (zone, at, _) = agreement_in("ended").await;
    let settle = |role, body: Value| (role, format!("{at}/settle"), body);
    check(&zone, &at, settle("officer", json!({ "side": "lender" })), None).await;
    check(&zone, &at, settle("officer", json!({ "side": "borrower", "worker_days": 3 })), Some("ended"))
        .await;
    check(&zone, &at, settle("officer", json!({ "side": "lender" })), Some("settled")).await;
    let settled = state(&zone, &at).await;
    assert_eq!((&settled["stated_worker_days"], &settled["amount_fen"]), (&json!(3), &json!(60_000)));

    let (zone, at, _) = agreement_in("disputed").await;
    let decide = ("zone", format!("{at}/settle"), json!({ "worker_days": 4 }));
    check(&zone, &at, decide, Some("settled")).await;
    assert_eq!(state(&zone, &at).await["stated_worker_days"], 4);
}

/// By state: what opening, editing, withdrawing do; none is refused.
const POSTINGS: [(&str, [Option<&str>; 3]); 4] = [
    ("draft", [Some("open"), Some("draft"), Some("withdrawn")]),
    ("open", [Some("open"), Some("open"), Some("withdrawn")]),
    ("withdrawn", [Some("open"), None, None]),
    ("closed", [None, None, None]),
];

#[tokio::test]
async fn postings() {
    for (name, row) in POSTINGS {
        for (place, expect) in row.into_iter().enumerate() {
            let zone = Zone::ahead().await;
            let start = zone.ask("zone", "GET", "/v1/surplus/S-F1", &[], "").await.json();
            let new = json!({ "id": "S-new", "firm": "F1", "skill": "packer", "headcount": 3,
                "from": start["from"], "to": start["to"], "state": if name == "draft" { "draft" } else { "open" } });
            let made = zone.send("firm", "POST", "/v1/surplus", &[], &new).await;
            assert_eq!(made.status, 201, "{}", made.text());
            let at = "/v1/surplus/S-new";
            if name == "withdrawn" {
                assert_eq!(zone.ask("firm", "DELETE", at, &["if-match: *"], "").await.status, 204);
            }
            if name == "closed" {
                let now = zone.app.store.view().await.expect("a view").now().await.expect("the time");
                catch_up(&zone.app.store, now + 30 * DAY).await.expect("caught up");
            }
            let before = state(&zone, at).await;
            assert_eq!(before["state"], name);
            let answer = match place {
                0 => zone.send("firm", "PATCH", at, &["if-match: *"], &json!({ "state": "open" })).await,
                1 => zone.send("firm", "PATCH", at, &["if-match: *"], &json!({ "headcount": 4 })).await,
                _ => zone.ask("firm", "DELETE", at, &["if-match: *"], "").await,
            };
            let after = state(&zone, at).await;
            match expect {
                Some(next) => {
                    assert_eq!((answer.status.is_success(), &after["state"]), (true, &json!(next)));
                }
                None => assert_eq!((answer.status.as_u16(), &after), (409, &before), "{name} {place}"),
            }
        }
    }
}
