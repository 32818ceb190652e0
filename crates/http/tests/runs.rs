//! Durable runs: from the queue through a child process to a plan, followed by events.

mod common;

use std::time::Duration;

use common::{Answer, JSON, Zone, document, settings};
use serde_json::{Value, json};
use tiaoji_formats::{check_plan, read_json, read_plan};
use tiaoji_server::app::Settings;
use tiaoji_server::runs::worker::work;
use tokio_util::sync::CancellationToken;

/// A zone with a worker, and how to stop it.
async fn with_worker(settings: Settings) -> (Zone, CancellationToken) {
    let zone = Zone::with(settings.clone()).await;
    let stop = CancellationToken::new();
    tokio::spawn(work(zone.app.store.clone(), "test".to_string(), settings.solver, stop.clone()));
    (zone, stop)
}

/// Minutes of work, to the last fen.
fn large() -> Vec<u8> {
    let options = tiaoji_formats::GenerateOptions {
        surplus: 800,
        shortage: 800,
        firms: 200,
        ..tiaoji_formats::GenerateOptions::default()
    };
    tiaoji_formats::draft_to_json(&tiaoji_formats::generate(&options))
}

/// Looks until a run is as it should be.
async fn until(zone: &Zone, at: &str, is: impl Fn(&Value) -> bool) -> Value {
    let looking = async {
        loop {
            let run = zone.ask("service", "GET", at, &[], "").await.json();
            if is(&run) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), looking).await.expect("in time")
}

fn has_ended(run: &Value) -> bool {
    ["done", "cancelled", "failed"].iter().any(|state| run["state"] == *state)
}

async fn queue(zone: &Zone, query: &str, body: Vec<u8>) -> Answer {
    zone.ask("service", "POST", &format!("/v1/runs{query}"), &[JSON], body).await
}

/// Id, name and data of each event.
fn events(answer: &Answer) -> Vec<(i64, String, Value)> {
    let text = answer.text();
    let field = |event: &str, name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default().to_string()
    };
    let read = |event: &str| {
        let data = serde_json::from_str(&field(event, "data")).unwrap_or_default();
        (field(event, "id").parse().unwrap_or_default(), field(event, "event"), data)
    };
    text.split("\n\n").filter(|event| event.contains("event: ")).map(read).collect()
}

#[tokio::test]
async fn a_run_from_the_queue_to_its_plan() {
    let (zone, stop) = with_worker(settings()).await;
    let scenario = document("features/competition");
    let queued = queue(&zone, "?method=exact&gap=0", scenario.clone()).await;
    assert_eq!(
        (queued.status.as_u16(), &queued.json()["state"]),
        (202, &json!("queued")),
        "{}",
        queued.text()
    );
    let at = queued.header("location").to_string();
    let run = until(&zone, &at, has_ended).await;
    assert_eq!(
        (&run["state"], &run["objective_fen"], &run["plan_id"]),
        (&json!("done"), &json!(221_000), &Value::Null),
        "{run:#}"
    );
    let plan = zone.ask("service", "GET", &format!("{at}/plan"), &[], "").await;
    let plan = read_plan("plan", &plan.body).expect("a plan");
    let loaded = read_json("scenario", &scenario).expect("valid");
    assert_eq!(check_plan(&loaded.scenario, "plan", &plan), []);
    assert_eq!(plan.method, "exact");
    let input = zone.ask("service", "GET", &format!("{at}/scenario"), &[], "").await;
    assert_eq!(input.body, scenario);
    let xlsx = "accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let book = zone.ask("service", "GET", &format!("{at}/scenario"), &[xlsx], "").await;
    assert!(book.body.starts_with(b"PK"), "{}", book.header("content-type"));

    let zip = zone.ask("service", "GET", &format!("{at}/scenario"), &["accept: application/zip"], "").await;
    assert_eq!(zip.header("content-type"), "application/zip");
    let files = ["scenario.toml", "firms.csv", "surplus.csv"].map(|name| zip.text().contains(name));
    assert_eq!(files, [true; 3]);

    // a finished run tells everything at once, and the rest to whoever resumes
    let all = zone.ask("service", "GET", &format!("{at}/events"), &[], "").await;
    assert_eq!(all.header("content-type"), "text/event-stream");
    let all = events(&all);
    let names: Vec<&str> = all.iter().map(|(_, name, _)| name.as_str()).collect();
    assert!(
        names.starts_with(&["state", "state"]) && names.ends_with(&["progress", "state", "end"]),
        "{names:?}"
    );
    assert!(all.windows(2).all(|two| two[0].0 < two[1].0), "rising ids: {all:?}");
    assert_eq!(all[all.len() - 3].2["objective_fen"], 221_000);
    let resume = format!("last-event-id: {}", all[1].0);
    let rest = zone.ask("service", "GET", &format!("{at}/events"), &[&resume], "").await;
    assert_eq!(events(&rest), all[2..]);
    let end = format!("last-event-id: {}", all[all.len() - 1].0);
    assert_eq!(events(&zone.ask("service", "GET", &format!("{at}/events"), &[&end], "").await), []);
    let again = zone.ask("service", "DELETE", &at, &[], "").await;
    assert_eq!((again.status.as_u16(), &again.json()["code"]), (409, &json!("state_conflict")));
    stop.cancel();
}

#[tokio::test]
async fn a_cancelled_run_keeps_its_best_plan() {
    let (zone, stop) = with_worker(settings()).await;
    let at = queue(&zone, "?gap=0&time_limit=10m", large()).await.header("location").to_string();
    until(&zone, &at, |run| run["state"] == "running").await;
    let none = zone.ask("service", "GET", &format!("{at}/plan"), &[], "").await;
    assert_eq!((none.status.as_u16(), &none.json()["code"]), (409, &json!("not_ready")));
    assert_eq!(zone.ask("service", "DELETE", &at, &[], "").await.status, 202);
    let run = until(&zone, &at, has_ended).await;
    assert_eq!(run["state"], "cancelled", "{run:#}");
    assert_eq!(zone.ask("service", "GET", &format!("{at}/plan"), &[], "").await.status, 200);
    stop.cancel();
}

#[tokio::test]
async fn a_run_goes_back_to_the_queue_when_the_worker_stops() {
    let (zone, stop) = with_worker(settings()).await;
    let at = queue(&zone, "?gap=0&time_limit=10m", large()).await.header("location").to_string();
    until(&zone, &at, |run| run["state"] == "running").await;
    stop.cancel();
    let run = until(&zone, &at, |run| run["state"] == "queued").await;
    assert_eq!(run["attempt"], 0);
    // one that waits is cancelled at once
    let done = zone.ask("service", "DELETE", &at, &[], "").await.json();
    assert_eq!(done["state"], "cancelled");
}

#[tokio::test]
async fn a_run_that_kills_its_process_fails_after_three_tries() {
    let mut settings = settings();
    settings.solver.memory = 40; // MiB: too few to begin with
    let (zone, stop) = with_worker(settings).await;
    let at = queue(&zone, "", large()).await.header("location").to_string();
    let run = until(&zone, &at, has_ended).await;
    assert_eq!(
        (&run["state"], run["story"].as_array().map(Vec::len)),
        (&json!("failed"), Some(3)),
        "{run:#}"
    );
    stop.cancel();
}

#[tokio::test]
async fn a_match_that_takes_long_becomes_a_run() {
    let (zone, stop) = with_worker(Settings { match_wait: Duration::from_millis(200), ..settings() }).await;
    let answer = zone.ask("service", "POST", "/v1/match?gap=0&time_limit=2s", &[JSON], large()).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let run = until(&zone, answer.header("location"), has_ended).await;
    assert_eq!(run["state"], "done", "{run:#}");
    stop.cancel();
}

#[tokio::test]
async fn what_is_refused_before_it_is_queued() {
    let zone = Zone::with(settings()).await;
    let bad = queue(&zone, "", b"{}".to_vec()).await;
    assert_eq!((bad.status.as_u16(), &bad.json()["code"]), (422, &json!("defects")));
    let bad = queue(&zone, "?source=elsewhere", Vec::new()).await;
    assert_eq!((bad.status.as_u16(), &bad.json()["code"]), (400, &json!("bad_parameter")));
    let scenario = document("features/competition");
    let key = ["idempotency-key: r", JSON];
    let first = zone.ask("service", "POST", "/v1/runs", &key, scenario.clone()).await.json();
    let again = zone.ask("service", "POST", "/v1/runs", &key, scenario.clone()).await;
    assert_eq!((&again.json()["id"], again.header("idempotency-replayed")), (&first["id"], "true"));
    for _ in 1..20 {
        assert_eq!(queue(&zone, "", scenario.clone()).await.status, 202);
    }
    let full = queue(&zone, "", scenario).await;
    assert_eq!((full.status.as_u16(), &full.json()["code"]), (429, &json!("too_many_requests")));
    assert!(!full.header("retry-after").is_empty());
    let list = zone.ask("service", "GET", "/v1/runs?limit=7", &[], "").await.json();
    assert_eq!((list["items"].as_array().map(Vec::len), &list["items"][0]["id"]), (Some(7), &json!("R-20")));
    // another's run is not there
    assert_eq!(zone.ask("viewer", "GET", "/v1/runs/R-1", &[], "").await.status, 404);
    assert_eq!(zone.ask("viewer", "DELETE", "/v1/runs/R-1", &[], "").await.status, 404);
    assert_eq!(zone.ask("viewer", "GET", "/v1/runs/R-1/events", &[], "").await.status, 404);
}

#[tokio::test]
async fn a_run_on_the_zones_data() {
    let (zone, stop) = with_worker(settings()).await;
    for role in ["viewer", "service"] {
        assert_eq!(zone.ask(role, "POST", "/v1/runs?source=zone", &[], "").await.status, 403, "{role}");
    }
    assert_eq!(zone.ask("zone", "POST", "/v1/runs?source=zone", &[], "{}").await.status, 422);
    let queued = zone.ask("zone", "POST", "/v1/runs?source=zone&from=2022-03-10", &[], "").await;
    assert_eq!(
        (queued.status.as_u16(), &queued.json()["source"]),
        (202, &json!("zone")),
        "{}",
        queued.text()
    );
    let at = queued.header("location").to_string();
    let looking = async {
        loop {
            // the viewer sees the zone's runs
            let run = zone.ask("viewer", "GET", &at, &[], "").await.json();
            if has_ended(&run) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let run = tokio::time::timeout(Duration::from_mins(1), looking).await.expect("in time");
    assert_eq!((&run["state"], &run["plan_id"]), (&json!("done"), &json!("P-1")), "{run:#}");
    let input = zone.ask("zone", "GET", &format!("{at}/scenario"), &[], "").await.json();
    assert_eq!(input["horizon"], json!({ "from": "2022-03-10", "to": "2022-03-18" }));
    let plan = zone.ask("zone", "GET", &format!("{at}/plan"), &[], "").await.json();
    assert_eq!(plan["kpis"]["unfilled_worker_days"], 0);
    assert_eq!(zone.ask("viewer", "DELETE", &at, &[], "").await.status, 403);
    stop.cancel();
}
