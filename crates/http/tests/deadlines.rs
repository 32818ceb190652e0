//! What the clock does to deals and postings, and what edits of postings do; what firms decided enters the zone's scenario.

mod common;

use common::{Answer, Zone};
use serde_json::{Value, json};
use tiaoji_server::practice::deadlines::catch_up;

const DAY: i64 = 24 * 3_600_000;

/// A zone whose postings begin in four days, with a plan in force; gives the proposal between F1 and F2, which the officer looks
/// after both.
async fn published() -> (Zone, Value) {
    let zone = Zone::ahead().await;
    zone.add_plan().await;
    let answer = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.json();
    for id in answer["proposals"].as_array().expect("proposals") {
        let found = read(&zone, &format!("/v1/proposals/{}", id.as_str().expect("an id"))).await;
        let pair = (found["lender"]["firm"].as_str(), found["borrower"]["firm"].as_str());
        if [(Some("F1"), Some("F2")), (Some("F2"), Some("F1"))].contains(&pair) {
            return (zone, found);
        }
    }
    panic!("no proposal between F1 and F2: {answer:#}");
}

async fn read(zone: &Zone, at: &str) -> Value {
    let answer = zone.ask("zone", "GET", at, &[], "").await;
    assert_eq!(answer.status, 200, "{at}: {}", answer.text());
    answer.json()
}

fn at(found: &Value) -> String {
    format!("/v1/proposals/{}", found["id"].as_str().expect("an id"))
}

async fn say(zone: &Zone, role: &str, at: &str, body: Value) -> Answer {
    let answer = zone.send(role, "POST", at, &[], &body).await;
    assert!(answer.status.is_success(), "{at}: {}", answer.text());
    answer
}

/// Both sides accept; gives the agreement's address.
async fn agree(zone: &Zone, found: &Value) -> String {
    for side in ["lender", "borrower"] {
        let sent = json!({ "side": side });
        say(zone, "officer", &format!("{}/accept", at(found)), sent).await;
    }
    "/v1/agreements/G-1".to_string()
}

async fn now(zone: &Zone) -> i64 {
    zone.app.store.view().await.expect("a view").now().await.expect("the time")
}

/// Acts on what is due so many days from now; gives how much that was.
async fn after_days(zone: &Zone, days: i64) -> usize {
    catch_up(&zone.app.store, now(zone).await + days * DAY).await.expect("caught up")
}

async fn change(zone: &Zone, role: &str, path: &str, body: Value) -> Answer {
    zone.send(role, "PATCH", path, &["if-match: *"], &body).await
}

#[tokio::test]
async fn a_proposal_that_nobody_answers_expires_once() {
    let (zone, found) = published().await;
    assert_eq!(after_days(&zone, 0).await, 0);
    assert!(after_days(&zone, 3).await > 0);
    let expired = read(&zone, &at(&found)).await;
    assert_eq!((&expired["state"], &expired["version"]), (&json!("expired"), &json!(2)));
    assert_eq!(expired["events"][1]["actor"], "clock");
    assert_eq!(after_days(&zone, 3).await, 0);
    // no block
    assert_eq!(read(&zone, "/v1/scenario").await["blocked"], json!([]));
}

#[tokio::test]
async fn a_hold_gives_two_more_working_days() {
    let (zone, found) = published().await;
    say(&zone, "firm", &format!("{}/hold", at(&found)), json!({})).await;
    after_days(&zone, 3).await;
    assert_eq!(read(&zone, &at(&found)).await["state"], "open");
    after_days(&zone, 5).await;
    assert_eq!(read(&zone, &at(&found)).await["state"], "expired");
}

/// Days and times by the policy: what is proposed, held and planned from then on goes by it; what was proposed before does not.
#[tokio::test]
async fn the_zone_sets_its_days_and_its_time() {
    let (zone, before) = published().await;
    let refused =
        json!({ "answer_days": 0, "hold_days": 61, "lead_days": "3", "utc_offset": "8", "zone_name": "" });
    let refused = change(&zone, "zone", "/v1/policy", refused).await;
    let pointers: Vec<Value> =
        refused.json()["defects"].as_array().expect("defects").iter().map(|d| d["pointer"].clone()).collect();
    assert_eq!(refused.status, 422);
    for name in ["answer_days", "hold_days", "lead_days", "utc_offset", "zone_name"] {
        assert!(pointers.contains(&json!(format!("/{name}"))), "{name} in {pointers:?}");
    }
    let set = json!({ "answer_days": 5, "hold_days": 1, "lead_days": 7, "utc_offset": "-03:30", "zone_name": "南山园区" });
    let set = change(&zone, "zone", "/v1/policy", set).await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()["utc_offset"], "-03:30");
    assert_eq!(read(&zone, &at(&before)).await["deadline"], before["deadline"]);

    // by the new clock it is this day, and so many days on (here every day is worked) at 18:00 the deadline
    let today = (now(&zone).await - 12_600_000).div_euclid(DAY);
    let deadline = |days: i64| {
        let end = (today + days) * DAY + 18 * 3_600_000 + 12_600_000;
        json!(jiff::Timestamp::from_millisecond(end).expect("an instant").to_string())
    };
    let sent = json!({ "count": 1, "side": "lender" });
    let made = say(&zone, "officer", &format!("{}/counter", at(&before)), sent).await.json();
    assert_eq!(made["deadline"], deadline(5));
    let held =
        say(&zone, "officer", &format!("{}/hold", at(&made)), json!({ "side": "borrower" })).await.json();
    assert_eq!(held["deadline"], deadline(6));

    let run = zone.ask("zone", "POST", "/v1/runs?source=zone", &[], "").await.json();
    let planned = read(&zone, &format!("/v1/runs/{}/scenario", run["id"].as_str().expect("an id"))).await;
    let first = jiff::Timestamp::from_millisecond((today + 7) * DAY).expect("an instant").to_string();
    assert_eq!((&planned["horizon"]["from"], &planned["zone"]), (&json!(first[..10]), &json!("南山园区")));

    // back to what a zone goes by that has set nothing
    let none = json!({ "answer_days": null, "hold_days": null, "lead_days": null, "utc_offset": null, "zone_name": null });
    assert_eq!(change(&zone, "zone", "/v1/policy", none).await.status, 200);
    let counter = json!({ "count": 2, "side": "borrower" });
    let made = say(&zone, "officer", &format!("{}/counter", at(&made)), counter).await.json();
    let today = (now(&zone).await + 28_800_000).div_euclid(DAY);
    let end = (today + 2) * DAY + 10 * 3_600_000;
    assert_eq!(
        made["deadline"],
        json!(jiff::Timestamp::from_millisecond(end).expect("an instant").to_string())
    );
}

/// Follow-ups of firms that do not answer: firm, side, proposal, state.
async fn silent(zone: &Zone, query: &str) -> Vec<[String; 4]> {
    let found = read(zone, &format!("/v1/follow-ups?limit=500{query}")).await;
    let rows = found["items"].as_array().expect("items").iter().filter(|row| row["follow_up"] == "silent");
    let told = |row: &Value| {
        ["firm", "side", "proposal_id", "state"]
            .map(|name| row[name].as_str().unwrap_or_default().to_string())
    };
    let mut rows: Vec<_> = rows.map(told).collect();
    rows.sort();
    rows
}

/// Both sides of a proposal, as [`silent`] gives them.
fn both(found: &Value) -> Vec<[String; 4]> {
    let mut rows = ["lender", "borrower"].map(|side| {
        [&found[side]["firm"], &json!(side), &found["id"], &json!("open")]
            .map(|value| value.as_str().unwrap_or_default().to_string())
    });
    rows.sort();
    rows.to_vec()
}

fn of(rows: Vec<[String; 4]>, found: &Value) -> Vec<[String; 4]> {
    rows.into_iter().filter(|row| row[2] == found["id"].as_str().unwrap_or_default()).collect()
}

/// A working day before the deadline, in milliseconds; here every day is worked.
async fn reminder(zone: &Zone, found: &Value) -> i64 {
    let deadline = read(zone, &at(found)).await["deadline"].as_str().expect("an instant").to_string();
    deadline.parse::<jiff::Timestamp>().expect("an instant").as_millisecond() - DAY
}

async fn until(zone: &Zone, instant: i64) -> usize {
    catch_up(&zone.app.store, instant).await.expect("caught up")
}

#[tokio::test]
async fn a_silent_firm_is_on_its_officers_list_a_working_day_before_the_deadline_and_after_it() {
    let (zone, found) = published().await;
    let instant = reminder(&zone, &found).await;
    assert_eq!(until(&zone, instant - 1).await, 0);
    assert_eq!(silent(&zone, "").await, Vec::<[String; 4]>::new());
    assert!(until(&zone, instant).await > 0);
    // once, and nothing happened to the proposal
    assert_eq!(until(&zone, instant).await, 0);
    assert_eq!(of(silent(&zone, "&officer=Li").await, &found), both(&found));
    assert_eq!(of(silent(&zone, "&officer=Wang").await, &found), Vec::<[String; 4]>::new());
    assert_eq!(read(&zone, &at(&found)).await["version"], json!(1));
    let own = zone.ask("firm", "GET", "/v1/follow-ups", &[], "").await.json();
    assert!(own["items"].as_array().expect("items").iter().all(|row| row["firm"] == "F1"), "{own:#}");

    // F1 answers; the other one does not, and the deadline passes
    say(&zone, "firm", &format!("{}/accept", at(&found)), json!({})).await;
    let other: Vec<_> = both(&found).into_iter().filter(|row| row[0] != "F1").collect();
    assert_eq!(of(silent(&zone, "").await, &found), other);
    until(&zone, instant + DAY).await;
    assert_eq!(read(&zone, &at(&found)).await["state"], "expired");
    assert_eq!(of(silent(&zone, "").await, &found), other);
    // what is not wanted any more nobody need be asked for
    let (side, posting) = if other[0][1] == "lender" {
        ("lender", format!("/v1/surplus/{}", found["surplus"].as_str().expect("an id")))
    } else {
        ("borrower", format!("/v1/shortages/{}", found["shortage"].as_str().expect("an id")))
    };
    assert_eq!(found[side]["firm"], other[0][0]);
    assert_eq!(zone.ask("zone", "DELETE", &posting, &["if-match: *"], "").await.status, 204);
    assert_eq!(of(silent(&zone, "").await, &found), Vec::<[String; 4]>::new());
}

#[tokio::test]
async fn whoever_speaks_is_silent_no_more() {
    for (word, body, ends_for_both) in [
        ("accept", json!({}), false),
        ("hold", json!({}), true),
        ("decline", json!({ "reason": "dates" }), true),
        ("counter", json!({ "count": 1 }), true),
    ] {
        let (zone, found) = published().await;
        until(&zone, reminder(&zone, &found).await).await;
        assert_eq!(of(silent(&zone, "").await, &found), both(&found));
        say(&zone, "firm", &format!("{}/{word}", at(&found)), body).await;
        let mut left = both(&found);
        left.retain(|row| row[0] != "F1" && !ends_for_both);
        assert_eq!(of(silent(&zone, "").await, &found), left, "{word}");
        if word == "hold" {
            // the new deadline has a day before of its own
            let later = reminder(&zone, &found).await;
            until(&zone, later - 1).await;
            assert_eq!(of(silent(&zone, "").await, &found), Vec::<[String; 4]>::new());
            until(&zone, later).await;
            assert_eq!(of(silent(&zone, "").await, &found), both(&found));
        }
    }
}

#[tokio::test]
async fn a_silence_ends_with_a_later_answer_or_with_the_plan() {
    let (zone, found) = published().await;
    let instant = reminder(&zone, &found).await;
    until(&zone, instant + DAY).await;
    assert_eq!(of(silent(&zone, "").await, &found), both(&found));
    // the next plan asks again, under another number
    let plan = zone.add_plan().await;
    let again = zone.ask("zone", "POST", &format!("/v1/plans/{plan}/publish"), &[], "").await.json();
    let mut own = Vec::new();
    for id in again["proposals"].as_array().expect("proposals") {
        let new = read(&zone, &format!("/v1/proposals/{}", id.as_str().expect("an id"))).await;
        if new["lender"]["firm"] == "F1" || new["borrower"]["firm"] == "F1" {
            own.push(new);
        }
    }
    assert_eq!(of(silent(&zone, "").await, &found), both(&found));
    for new in &own {
        say(&zone, "firm", &format!("{}/accept", at(new)), json!({})).await;
    }
    assert!(!own.is_empty() && of(silent(&zone, "").await, &found).iter().all(|row| row[0] != "F1"));
    assert!(!silent(&zone, "").await.is_empty());
    // what is left is of the first plan, which may be taken back
    assert_eq!(zone.ask("zone", "POST", "/v1/plans/P-1/unpublish", &[], "").await.status, 200);
    assert_eq!(silent(&zone, "").await, Vec::<[String; 4]>::new());
}

/// A shortage that the plan leaves open is followed up until agreements fill it; so is whoever was silent about it.
#[tokio::test]
async fn what_agreements_fill_is_followed_up_no_more() {
    let zone = Zone::ahead().await;
    for gone in ["/v1/surplus/S-F2", "/v1/surplus/S-F3", "/v1/shortages/D-F1", "/v1/shortages/D-F3"] {
        assert_eq!(zone.ask("zone", "DELETE", gone, &["if-match: *"], "").await.status, 204);
    }
    let wanted = async |headcount: i64| {
        let done = change(&zone, "zone", "/v1/shortages/D-F2", json!({ "headcount": headcount })).await;
        assert_eq!(done.status, 200, "{}", done.text());
    };
    wanted(30).await;
    zone.add_plan().await;
    let published = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.json();
    let id = published["proposals"][0].as_str().expect("a proposal");
    let found = read(&zone, &format!("/v1/proposals/{id}")).await;
    assert_eq!((&found["surplus"], &found["shortage"]), (&json!("S-F1"), &json!("D-F2")));
    let unfilled = async || {
        let rows = read(&zone, "/v1/follow-ups").await["items"].clone();
        rows.as_array().expect("items").iter().map(|row| row["shortage"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(unfilled().await, ["D-F2"]);
    // all that is lent is all that is wanted now
    wanted(found["count"].as_i64().expect("a count")).await;
    assert_eq!(unfilled().await, ["D-F2"]);
    agree(&zone, &found).await;
    assert_eq!(unfilled().await, Vec::<Value>::new());
    assert_eq!(read(&zone, "/v1/problems").await["items"][0]["state"], "solved");
}

#[tokio::test]
async fn an_agreement_lapses_unsigned_or_ends_with_its_last_day_and_postings_close() {
    let (zone, found) = published().await;
    let agreement = agree(&zone, &found).await;
    after_days(&zone, 3).await;
    assert_eq!(read(&zone, &agreement).await["state"], "agreed");
    after_days(&zone, 4).await;
    assert_eq!(read(&zone, &agreement).await["state"], "cancelled");

    let (zone, found) = published().await;
    let agreement = agree(&zone, &found).await;
    let (count, from) = (found["count"].clone(), found["from"].clone());
    say(&zone, "officer", &format!("{agreement}/sign"), json!({ "consented": count })).await;
    let started = json!({ "count": count, "day": from, "side": "borrower" });
    say(&zone, "officer", &format!("{agreement}/start"), started).await;
    // a server that was down for a month acts on all of it in order: first the proposals, then what was worked, then postings
    assert!(after_days(&zone, 31).await >= 7);
    assert_eq!(read(&zone, &agreement).await["state"], "ended");
    for posting in ["/v1/surplus/S-F1", "/v1/shortages/D-F2", "/v1/shortages/D-F3"] {
        assert_eq!(read(&zone, posting).await["state"], "closed", "{posting}");
    }
    let trail = read(&zone, "/v1/audit?actor=clock&limit=500").await;
    let kinds: Vec<&str> =
        trail["items"].as_array().expect("entries").iter().filter_map(|e| e["kind"].as_str()).collect();
    let place = |kind: &str| kinds.iter().position(|known| *known == kind).expect(kind);
    assert!(place("proposal") < place("agreement") && place("agreement") < place("surplus"), "{kinds:?}");
    assert_eq!(after_days(&zone, 31).await, 0);
}

#[tokio::test]
async fn what_firms_decide_enters_the_scenario() {
    let (zone, found) = published().await;
    let pins = async || read(&zone, "/v1/scenario").await["pins"].clone();
    assert_eq!(pins().await, json!([]));
    say(&zone, "firm", &format!("{}/accept", at(&found)), json!({})).await;
    let pin = json!({ "surplus": found["surplus"], "shortage": found["shortage"], "count": found["count"],
        "from": found["from"], "to": found["to"] });
    assert_eq!(pins().await, json!([pin]));
    // a policy that refuses it: it is no pin any more, and the scenario no defect
    assert_eq!(change(&zone, "zone", "/v1/policy", json!({ "max_distance_km": 0.1 })).await.status, 200);
    assert_eq!(pins().await, json!([]));
    assert_eq!(change(&zone, "zone", "/v1/policy", json!({ "max_distance_km": null })).await.status, 200);
    agree_by_the_other(&zone, &found).await;
    let mut forced = pin;
    forced["forced"] = json!(true);
    assert_eq!(pins().await, json!([forced]));
    assert_eq!(change(&zone, "zone", "/v1/policy", json!({ "max_distance_km": 0.1 })).await.status, 200);
    assert_eq!(pins().await, json!([forced]));
    let run = zone.ask("zone", "POST", "/v1/runs?source=zone", &[], "").await;
    assert_eq!(run.status, 202, "{}", run.text());
    // withdrawn, but agreed: it stays without workers to lend besides
    let surplus = found["surplus"].as_str().expect("an id");
    let gone = zone.ask("zone", "DELETE", &format!("/v1/surplus/{surplus}"), &["if-match: *"], "").await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    let scenario = read(&zone, "/v1/scenario").await;
    let row = scenario["surplus"].as_array().expect("rows").iter().find(|row| row["id"] == *surplus);
    assert_eq!((&row.expect("the row")["headcount"], &scenario["pins"]), (&json!(0), &json!([forced])));
}

async fn agree_by_the_other(zone: &Zone, found: &Value) {
    let other = if found["lender"]["firm"] == "F1" { "borrower" } else { "lender" };
    say(zone, "officer", &format!("{}/accept", at(found)), json!({ "side": other })).await;
}

#[tokio::test]
async fn a_decline_blocks_for_good_or_until_a_change() {
    for (reason, is_lifted) in [("trust", false), ("dates", true)] {
        let (zone, found) = published().await;
        say(&zone, "firm", &format!("{}/decline", at(&found)), json!({ "reason": reason })).await;
        let blocked = async || read(&zone, "/v1/scenario").await["blocked"].clone();
        let block = json!([{ "lender": found["lender"]["firm"], "borrower": found["borrower"]["firm"],
            "surplus": found["surplus"], "shortage": found["shortage"] }]);
        assert_eq!(blocked().await, block, "{reason}");
        // the partner is no option any more, and a firm is not told why
        for role in ["firm", "zone"] {
            let (side, own, other) = if found["lender"]["firm"] == "F1" {
                ("surplus", &found["surplus"], &found["shortage"])
            } else {
                ("shortage", &found["shortage"], &found["surplus"])
            };
            let asked = json!({ (side): own });
            let options = say(&zone, role, "/v1/options", asked).await.json();
            assert!(!options["options"].to_string().contains(&other.to_string()), "{options:#}");
            let is_told = options["ruled_out"].to_string().contains("\"blocked\"");
            assert_eq!(is_told, role == "zone", "{options:#}");
        }
        let shortage = format!("/v1/shortages/{}", found["shortage"].as_str().expect("an id"));
        assert_eq!(change(&zone, "zone", &shortage, json!({ "headcount": 2 })).await.status, 200);
        assert_eq!(blocked().await, if is_lifted { json!([]) } else { block }, "{reason}");
    }
}

#[tokio::test]
async fn edits_never_go_below_what_is_agreed() {
    let (zone, found) = published().await;
    agree(&zone, &found).await;
    let count = found["count"].as_i64().expect("a number");
    let surplus = format!("/v1/surplus/{}", found["surplus"].as_str().expect("an id"));
    let shortage = format!("/v1/shortages/{}", found["shortage"].as_str().expect("an id"));
    let to = found["from"].clone();
    for (path, body) in [
        (&surplus, json!({ "headcount": count - 1 })),
        (&surplus, json!({ "consented": count - 1 })),
        (&shortage, json!({ "headcount": count - 1 })),
        (&shortage, json!({ "to": to })),
        (&shortage, json!({ "skill": "welder" })),
    ] {
        let refused = change(&zone, "zone", path, body.clone()).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["code"]),
            (409, &json!("below_agreed")),
            "{body}"
        );
        assert!(refused.json()["current"]["id"].is_string());
    }
    for (path, body) in [(&surplus, json!({ "headcount": count })), (&shortage, json!({ "remark": "x" }))] {
        let done = change(&zone, "zone", path, body).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
}

#[tokio::test]
async fn open_proposals_go_with_what_they_were_about() {
    let (zone, found) = published().await;
    let shortage = format!("/v1/shortages/{}", found["shortage"].as_str().expect("an id"));
    assert_eq!(change(&zone, "zone", &shortage, json!({ "remark": "still fits" })).await.status, 200);
    assert_eq!(read(&zone, &at(&found)).await["state"], "open");
    assert_eq!(change(&zone, "zone", &shortage, json!({ "skill": "welder" })).await.status, 200);
    let gone = read(&zone, &at(&found)).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("withdrawn"), &json!("posting_changed")));

    let (zone, found) = published().await;
    let surplus = format!("/v1/surplus/{}", found["surplus"].as_str().expect("an id"));
    assert_eq!(zone.ask("zone", "DELETE", &surplus, &["if-match: *"], "").await.status, 204);
    assert_eq!(read(&zone, &at(&found)).await["state"], "withdrawn");
    assert_eq!(change(&zone, "zone", &surplus, json!({ "state": "open" })).await.status, 200);
}

#[tokio::test]
async fn a_firm_that_leaves() {
    let (zone, found) = published().await;
    let agreement = agree(&zone, &found).await;
    let (count, from) = (found["count"].clone(), found["from"].clone());
    say(&zone, "officer", &format!("{agreement}/sign"), json!({ "consented": count })).await;
    let started = json!({ "count": count, "day": from, "side": "borrower" });
    say(&zone, "officer", &format!("{agreement}/start"), started).await;
    let lender = found["lender"]["firm"].as_str().expect("an id");
    let firm = format!("/v1/firms/{lender}");
    assert_eq!(change(&zone, "zone", &firm, json!({ "closed": 1 })).await.status, 422);
    let closed = change(&zone, "zone", &firm, json!({ "closed": true })).await;
    assert_eq!((closed.status.as_u16(), &closed.json()["closed"]), (200, &json!(true)), "{}", closed.text());
    for posting in [format!("/v1/surplus/S-{lender}"), format!("/v1/shortages/D-{lender}")] {
        assert_eq!(read(&zone, &posting).await["state"], "withdrawn");
        let reopened = change(&zone, "zone", &posting, json!({ "state": "open" })).await;
        assert_eq!((reopened.status.as_u16(), &reopened.json()["code"]), (409, &json!("state_conflict")));
    }
    let ended = read(&zone, &agreement).await;
    assert_eq!((&ended["state"], &ended["present"]), (&json!("ended"), &json!(0)));
    let open = read(&zone, "/v1/proposals?state=open&limit=500").await;
    for proposal in open["items"].as_array().expect("a list") {
        assert!(proposal["lender"]["firm"] != lender && proposal["borrower"]["firm"] != lender);
    }
}
