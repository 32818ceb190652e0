//! The stream of what changes: to whom it tells what, from where it resumes, when it ends.

mod common;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use common::{JSON, Zone, ask, document};
use serde_json::{Value, json};
use tiaoji_server::app::{App, Settings};
use tiaoji_server::routes::router;
use tiaoji_store::Store;
use tokio_stream::StreamExt;
use tower::ServiceExt;

/// A stream that is read event by event.
struct Events {
    body: BodyDataStream,
    text: String,
}

impl Events {
    /// Follows the zone with a header line of a role; `after` is the id to resume from.
    async fn of(router: &Router, key: &str, after: Option<i64>) -> Events {
        let (name, value) = key.split_once(": ").expect("a header");
        let mut request = Request::builder().uri("/v1/events").header(name, value);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 200);
        let mut events = Events { body: response.into_body().into_data_stream(), text: String::new() };
        // what has no data only says where the stream begins
        let begin = events.block().await.expect("a beginning");
        assert!(begin.starts_with("id: ") && !begin.contains("event"), "{begin}");
        events
    }

    /// The next block; none at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_string(), rest.to_string());
                self.text = rest;
                return Some(block);
            }
            let waiting = tokio::time::timeout(Duration::from_mins(1), self.body.next());
            let bytes = waiting.await.expect("in time")?.expect("bytes");
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }

    /// Id, kind, id and version of the next change.
    async fn next(&mut self) -> Option<(i64, String, String, Value)> {
        let block = self.block().await?;
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim_start_matches(": ").to_string()
        };
        assert_eq!(field("event"), "changed", "{block}");
        let data: Value = serde_json::from_str(&field("data")).expect("JSON");
        assert_eq!(data.as_object().map(serde_json::Map::len), Some(3), "{data}");
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_string();
        Some((field("id").parse().expect("a number"), text("kind"), text("id"), data["version"].clone()))
    }

    /// The same of so many, without the ids of the events.
    async fn some(&mut self, count: usize) -> Vec<String> {
        let mut found = Vec::new();
        while found.len() < count {
            let (_, kind, id, version) = self.next().await.expect("one more");
            found.push(format!("{kind} {id} {version}"));
        }
        found
    }
}

fn posting(firm: &str) -> Value {
    json!({ "firm": firm, "skill": "packer", "headcount": 2, "from": "2022-03-07", "to": "2022-03-09" })
}

async fn post(zone: &Zone, path: &str, body: &Value) {
    let made = zone.send("zone", "POST", path, &[], body).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test]
async fn each_hears_of_what_they_may_read() {
    let zone = Zone::new().await;
    let listen = async |role: &str| Events::of(&zone.router, zone.key(role), None).await;
    let (mut all, mut viewer, mut firm) =
        (listen("zone").await, listen("viewer").await, listen("firm").await);
    let (mut officer, mut service) = (listen("officer").await, listen("service").await);

    post(&zone, "/v1/surplus", &posting("F1")).await; // S-1
    post(&zone, "/v1/surplus", &posting("F3")).await; // S-2
    post(&zone, "/v1/blocked", &json!({ "lender": "F3", "borrower": "F1" })).await; // B-1
    post(&zone, "/v1/surplus", &posting("F3")).await; // S-3, hidden from F1 by the block
    let mut draft = posting("F2");
    draft["state"] = json!("draft");
    post(&zone, "/v1/shortages", &draft).await; // D-1, a draft of F2
    post(&zone, "/v1/skills", &json!({ "id": "cook", "name": "厨师" })).await;
    let user =
        json!({ "login": "x", "name": "X", "password": "long enough", "role": "firm", "firms": ["F1"] });
    post(&zone, "/v1/users", &user).await;
    let own = zone.ask("service", "POST", "/v1/runs", &[JSON], document("features/competition")).await;
    assert_eq!(own.status, 202);
    assert_eq!(zone.ask("zone", "POST", "/v1/runs?source=zone", &[], "").await.status, 202);
    // not to F1, to the officer of F2
    post(&zone, "/v1/meetings", &json!({ "date": "2022-03-09", "kind": "visit", "firms": ["F3", "F2"] }))
        .await;
    post(&zone, "/v1/shortages", &posting("F1")).await; // D-2

    let rows = [
        "surplus S-1 1",
        "surplus S-2 1",
        "blocked B-1 1",
        "surplus S-3 1",
        "shortage D-1 1",
        "skill cook 1",
    ];
    let rest = ["user U-1 1", "run R-2 null", "meeting M-1 1", "shortage D-2 1"];
    let expect: Vec<&str> = rows.into_iter().chain(rest).collect();
    assert_eq!(all.some(10).await, expect);
    assert_eq!(viewer.some(10).await, expect);
    // another firm's posting without its version; nothing of a lender that blocks; skills are everybody's to read
    assert_eq!(firm.some(4).await, ["surplus S-1 1", "surplus S-2 null", "skill cook 1", "shortage D-2 1"]);
    // F1 and F2, and the people of theirs
    let officers = officer.some(6).await;
    assert_eq!(
        officers,
        ["surplus S-1 1", "shortage D-1 1", "skill cook 1", "user U-1 1", "meeting M-1 1", "shortage D-2 1"]
    );
    assert_eq!(service.some(1).await, ["run R-1 null"]);
    assert_eq!(zone.ask("nobody", "GET", "/v1/events", &[], "").await.status, 401);
}

#[tokio::test]
async fn ids_rise_and_a_reader_resumes() {
    let zone = Zone::new().await;
    let mut events = Events::of(&zone.router, zone.key("zone"), None).await;
    // more than a listener may be behind; it is not read meanwhile
    for _ in 0..150 {
        post(&zone, "/v1/surplus", &posting("F1")).await;
    }
    let mut heard = Vec::new();
    for _ in 0..150 {
        heard.push(events.next().await.expect("one more"));
    }
    assert!(heard.windows(2).all(|two| two[0].0 < two[1].0));
    let ids: Vec<String> = (1..=150).map(|n| format!("S-{n}")).collect();
    assert_eq!(heard.iter().map(|(_, _, id, _)| id.clone()).collect::<Vec<_>>(), ids);
    // as in the trail
    let trail = zone.ask("zone", "GET", "/v1/audit?kind=surplus&id=S-150", &[], "").await.json();
    assert_eq!(trail["items"][0]["seq"], heard[149].0);
    let mut again = Events::of(&zone.router, zone.key("zone"), Some(heard[147].0)).await;
    assert_eq!(again.some(2).await, ["surplus S-149 1", "surplus S-150 1"]);
    // the trail of a database that was put back is shorter than what has been heard of it
    let mut ahead = Events::of(&zone.router, zone.key("zone"), Some(1_000_000)).await;
    post(&zone, "/v1/surplus", &posting("F1")).await;
    assert_eq!(ahead.some(1).await, ["surplus S-151 1"]);
    let bad = zone.ask("zone", "GET", "/v1/events", &["last-event-id: x"], "").await;
    assert_eq!((bad.status.as_u16(), &bad.json()["code"]), (400, &json!("bad_parameter")));
}

#[tokio::test]
async fn a_stream_ends_with_the_key_and_with_the_service() {
    let zone = Zone::new().await;
    let new = json!({ "name": "x", "role": "viewer" });
    let made = zone.send("zone", "POST", "/v1/keys", &[], &new).await;
    let key = format!("authorization: Bearer {}", made.json()["key"].as_str().expect("a key"));
    let mut events = Events::of(&zone.router, &key, None).await;
    post(&zone, "/v1/surplus", &posting("F1")).await;
    assert_eq!(events.some(1).await, ["surplus S-1 1"]);
    let gone = zone.ask("zone", "DELETE", made.header("location"), &[], "").await;
    assert_eq!(gone.status, 204);
    assert_eq!(events.next().await, None);
    let mut others = Events::of(&zone.router, zone.key("zone"), None).await;
    zone.app.stopping.cancel();
    assert_eq!(others.next().await, None);
}

#[tokio::test]
async fn two_servers_on_one_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = if cfg!(feature = "pg-tests") {
        tiaoji_testkit::postgres::Server::shared().database()
    } else {
        format!("sqlite:{}", folder.path().join("zone.db").display())
    };
    let open = async || Store::open(&url).await.expect("opened");
    let zone = Zone::on(open().await, Settings::default()).await;
    let other = router(App::new(Settings::default(), open().await));
    let mut here = Events::of(&zone.router, zone.key("zone"), None).await;
    let mut there = Events::of(&other, zone.key("zone"), None).await;
    post(&zone, "/v1/surplus", &posting("F1")).await;
    let key = [zone.key("zone"), JSON];
    let made = ask(&other, "POST", "/v1/surplus", &key, posting("F2").to_string()).await;
    assert_eq!(made.status, 201);
    for events in [&mut here, &mut there] {
        assert_eq!(events.some(2).await, ["surplus S-1 1", "surplus S-2 1"]);
    }
}
