//! A month in the life of the zone: scripted firms accept, counter, decline, sign, start, recall, extend and settle, while others
//! edit and withdraw and the zone plans anew. At the end every worker-day that was agreed is accounted for.

mod common;

use common::Zone;
use serde_json::{Value, json};
use tiaoji_server::practice::deadlines::catch_up;

const DAY: i64 = 24 * 3_600_000;

struct Month {
    zone: Zone,
    begin: i64,
}

impl Month {
    async fn read(&self, at: &str) -> Value {
        let answer = self.zone.ask("zone", "GET", at, &[], "").await;
        assert_eq!(answer.status, 200, "{at}: {}", answer.text());
        answer.json()
    }

    async fn all(&self, list: &str) -> Vec<Value> {
        self.read(&format!("{list}?limit=500")).await["items"].as_array().expect("a list").clone()
    }

    /// What the officer of a firm, or the firm itself, says; of F3 the zone's key is of no use, so that it is silent.
    async fn say(&self, found: &Value, list: &str, word: &str, side: &str, mut body: Value) -> Value {
        let firm = found[side]["firm"].as_str().expect("a firm");
        body["side"] = side.into();
        let role = if firm == "F1" { "firm" } else { "officer" };
        let at = format!("/v1/{list}/{}/{word}", found["id"].as_str().expect("an id"));
        let answer = self.zone.send(role, "POST", &at, &[], &body).await;
        assert!(answer.status.is_success(), "{at} by {side}: {}", answer.text());
        answer.json()
    }

    /// Days pass; whatever falls due on them happens.
    async fn days_pass(&self, days: i64) {
        catch_up(&self.zone.app.store, self.begin + days * DAY).await.expect("caught up");
    }

    async fn plan_and_publish(&self) -> Value {
        let id = self.zone.add_plan().await;
        let answer = self.zone.ask("zone", "POST", &format!("/v1/plans/{id}/publish"), &[], "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn edit(&self, path: &str, body: Value) -> u16 {
        self.zone.send("zone", "PATCH", path, &["if-match: *"], &body).await.status.as_u16()
    }
}

fn firms(found: &Value) -> (&str, &str) {
    (
        found["lender"]["firm"].as_str().unwrap_or_default(),
        found["borrower"]["firm"].as_str().unwrap_or_default(),
    )
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("a number, not {value}"))
}

#[tokio::test]
async fn every_worker_day_is_accounted_for() {
    let zone = Zone::ahead().await;
    let begin = zone.app.store.view().await.expect("a view").now().await.expect("the time");
    let month = Month { zone, begin };

    // the first week: a plan, and what the firms say to it
    month.plan_and_publish().await;
    let (silent, spoken): (Vec<Value>, Vec<Value>) = month
        .all("/v1/proposals")
        .await
        .into_iter()
        .partition(|found| [firms(found).0, firms(found).1].contains(&"F3"));
    assert!(!silent.is_empty() && !spoken.is_empty());
    let mut agreed = Vec::new();
    for (n, found) in spoken.iter().enumerate() {
        month.say(found, "proposals", "accept", "lender", json!({})).await;
        // one is wanted for fewer days' work, and so agreed
        let is_countered = n == 0 && whole(&found["count"]) > 1;
        let found = if is_countered {
            month
                .say(
                    found,
                    "proposals",
                    "counter",
                    "borrower",
                    json!({ "count": whole(&found["count"]) - 1 }),
                )
                .await
        } else {
            found.clone()
        };
        let side = if is_countered { "lender" } else { "borrower" };
        let last = month.say(&found, "proposals", "accept", side, json!({})).await;
        agreed.push(last["agreement_id"].as_str().expect("an agreement").to_string());
    }
    // a posting is never below what is agreed; a plan made anew keeps it, and what is still open
    let one = month.read(&format!("/v1/agreements/{}", agreed[0])).await;
    let shortage = format!("/v1/shortages/{}", one["shortage"].as_str().expect("an id"));
    assert_eq!(month.edit(&shortage, json!({ "headcount": 0 })).await, 409);
    let before = month.all("/v1/agreements").await;
    let again = month.plan_and_publish().await;
    assert_eq!(again["skipped"], json!([]), "{again}");
    assert_eq!(month.all("/v1/agreements").await, before);

    // nobody at F3 answers
    month.days_pass(3).await;
    let state = |found: &Value| found["state"].as_str().unwrap_or_default().to_string();
    for found in &silent {
        let at = format!("/v1/proposals/{}", found["id"].as_str().expect("an id"));
        assert!(["expired", "superseded"].contains(&state(&month.read(&at).await).as_str()), "{at}");
    }

    // work: the first agreement is never signed, unless it is the only one; in each other one worker does not come
    let unsigned = (agreed.len() > 1).then(|| agreed[0].clone());
    for id in agreed.iter().filter(|id| Some(*id) != unsigned.as_ref()) {
        let found = month.read(&format!("/v1/agreements/{id}")).await;
        let count = whole(&found["count"]);
        month.say(&found, "agreements", "sign", "lender", json!({ "consented": count })).await;
        let start = json!({ "count": (count - 1).max(1), "day": found["from"] });
        month.say(&found, "agreements", "start", "borrower", start).await;
    }
    month.days_pass(5).await;
    for id in &agreed {
        let found = month.read(&format!("/v1/agreements/{id}")).await;
        let expect = if Some(id) == unsigned.as_ref() { "cancelled" } else { "active" };
        assert_eq!(state(&found), expect, "{id}");
        if expect == "active" && whole(&found["present"]) > 1 {
            let back = json!({ "count": 1, "last_day": found["from"], "reason": "recall" });
            month.say(&found, "agreements", "return", "lender", back).await;
        }
    }
    // a lender offers nothing more; what is agreed stays
    let withdrawn = month.zone.ask("zone", "DELETE", "/v1/surplus/S-F3", &["if-match: *"], "").await;
    assert_eq!(withdrawn.status, 204);

    // the last day passes, and everybody is paid
    month.days_pass(20).await;
    let postings = [month.all("/v1/surplus").await, month.all("/v1/shortages").await].concat();
    assert!(postings.iter().all(|posting| ["closed", "withdrawn"].contains(&state(posting).as_str())));
    let (mut asked, mut worked, mut lost) = (0, 0, 0);
    for found in month.all("/v1/agreements").await {
        let found = month.read(&format!("/v1/agreements/{}", found["id"].as_str().expect("an id"))).await;
        let days = whole(&found["working_days"]);
        asked += whole(&found["count"]) * days;
        if state(&found) == "cancelled" {
            lost += whole(&found["count"]) * days;
            continue;
        }
        assert_eq!(state(&found), "ended");
        // counted again from what happened, not from what is stored
        for event in found["events"].as_array().expect("events") {
            match event["event"].as_str() {
                Some("start") => lost += (whole(&found["count"]) - whole(&event["count"])) * days,
                Some("return") => lost += whole(&event["count"]) * (days - 1),
                _ => {}
            }
        }
        let stated = json!({ "worker_days": found["worker_days"] });
        month.say(&found, "agreements", "settle", "borrower", stated).await;
        let settled = month.say(&found, "agreements", "settle", "lender", json!({})).await;
        assert_eq!(settled["state"], "settled");
        worked += whole(&settled["stated_worker_days"]);
        assert_eq!(whole(&settled["amount_fen"]), whole(&settled["stated_worker_days"]) * 20_000);
    }
    assert!(worked > 0);
    assert_eq!(asked, worked + lost);
}

/// Ten decisions and edits arrive while a plan is published: nothing is lost, nothing is agreed twice, and what no longer fits is
/// not proposed.
#[tokio::test]
async fn decisions_while_a_plan_is_published() {
    let zone = Zone::ahead().await;
    zone.add_plan().await;
    let first = zone.ask("zone", "POST", "/v1/plans/P-1/publish", &[], "").await.json();
    let ids: Vec<String> = first["proposals"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|id| id.as_str().expect("an id").into())
        .collect();
    // made before anything below is known
    zone.add_plan().await;
    let accept = async |id: &str, side: &str| {
        let body = json!({ "side": side });
        let answer = zone.send("officer", "POST", &format!("/v1/proposals/{id}/accept"), &[], &body).await;
        answer.status.as_u16()
    };
    let edit = async |path: &str, body: Value| {
        zone.send("zone", "PATCH", path, &["if-match: *"], &body).await.status.as_u16()
    };
    let each = async |side: &'static str| {
        let mut said = Vec::new();
        for id in &ids {
            said.push(accept(id, side).await);
        }
        said
    };
    let (published, lenders, borrowers, edited, withdrawn) = tokio::join!(
        zone.ask("zone", "POST", "/v1/plans/P-2/publish", &[], ""),
        each("lender"),
        each("borrower"),
        edit("/v1/shortages/D-F3", json!({ "headcount": 1 })),
        edit("/v1/surplus/S-F2", json!({ "remark": "new" })),
    );
    let published = published.json();
    assert!(published["proposals"].is_array() && published["skipped"].is_array(), "{published}");
    assert_eq!((edited, withdrawn), (200, 200));
    // every yes that was heard stands: in an agreement, in an open proposal, or in one that was withdrawn for a reason
    for (n, id) in ids.iter().enumerate() {
        let found = zone.ask("zone", "GET", &format!("/v1/proposals/{id}"), &[], "").await.json();
        let yes =
            found["events"].as_array().expect("events").iter().filter(|event| event["event"] == "accept");
        let heard = [lenders[n], borrowers[n]].iter().filter(|status| **status == 200).count();
        assert_eq!(yes.count(), heard, "{found:#}");
        match found["state"].as_str() {
            Some("agreed") => assert!(heard == 2 && found["agreement_id"].is_string(), "{found:#}"),
            Some("open") => assert!(heard < 2, "{found:#}"),
            _ => assert!(found["reason"].is_string(), "{found:#}"),
        }
    }
    let agreements = zone.ask("zone", "GET", "/v1/agreements?limit=500", &[], "").await.json();
    for (list, column, most) in [("surplus", "surplus", 4), ("shortages", "shortage", 3)] {
        for firm in ["F1", "F2", "F3"] {
            let id = format!("{}-{firm}", if list == "surplus" { "S" } else { "D" });
            let own = agreements["items"]
                .as_array()
                .expect("a list")
                .iter()
                .filter(|item| item[column] == id.as_str());
            let count: i64 = own.map(|item| whole(&item["count"])).sum();
            assert!(count <= most, "{id}: {count}");
        }
    }
}
