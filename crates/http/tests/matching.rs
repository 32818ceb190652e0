//! `POST /v1/match` and the conventions that hold everywhere.

mod common;

use std::time::Duration;

use axum::body::Body;
use common::{JSON, Zone, document};
use http_body_util::StreamBody;
use hyper::body::Frame;
use serde_json::{Value, json};
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::{PlanMeta, engine, plan_to_json, read_json};
use tiaoji_server::app::Settings;
use tiaoji_server::routes::ROUTES;

/// The same bytes, the time taken aside.
fn untimed(plan: &[u8]) -> String {
    let text = String::from_utf8_lossy(plan);
    let kept = text.lines().filter(|line| !line.trim_start().starts_with("\"seconds\""));
    kept.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_plan_is_the_plan_file_of_the_library() {
    for fixture in ["features/competition", "features/substitution", "jibei"] {
        let bytes = document(fixture);
        let answer = Zone::new().await.ask("service", "POST", "/v1/match", &[JSON], bytes.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
        let scenario = read_json("scenario", &bytes).expect("valid").scenario;
        let plan = solve(&scenario, &Options::default());
        let meta = PlanMeta { engine: engine(), seconds: 0.0, with_prices: false };
        assert_eq!(untimed(&answer.body), untimed(&plan_to_json(&scenario, &plan, &meta)), "{fixture}");
    }
}

#[tokio::test]
async fn parameters_of_a_solve() {
    let service = Zone::new().await;
    let bytes = document("features/competition");
    let query = "/v1/match?method=exact&gap=0&time_limit=30s&explain=false";
    let plan = service.ask("service", "POST", query, &[JSON], bytes.clone()).await.json();
    assert_eq!(plan["method"], "exact");
    assert_eq!((&plan["unfilled"], &plan["idle"]), (&json!([]), &json!([])));
    assert_eq!(plan["objective_fen"], 221_000);

    let query = "/v1/match?method=fast&gap=-1&time_limit=1h&explain=maybe&speed=9";
    let answer = service.ask("service", "POST", query, &[JSON], bytes.clone()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("bad_parameter")));
    let query = "/v1/match?method=fast&gap=-1&time_limit=1h&explain=maybe";
    let answer = service.ask("service", "POST", query, &[JSON], bytes.clone()).await;
    let faults = answer.json()["parameters"].as_array().map_or(0, Vec::len);
    assert_eq!((answer.status.as_u16(), faults), (400, 4), "{}", answer.text());

    // without time there is still a plan
    let answer = service.ask("service", "POST", "/v1/match?time_limit=0", &[JSON], document("jibei")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn defects_all_at_once_with_pointers() {
    let mut scenario: Value = serde_json::from_slice(&document("features/competition")).expect("JSON");
    scenario["firms"][1]["latitude"] = json!("north");
    scenario["policy"]["onboarding_fen"] = json!(-1);
    scenario["surplus"][0]["skill"] = json!("K9");
    scenario["speed"] = json!(1);
    let answer = Zone::new().await.ask("service", "POST", "/v1/match", &[JSON], scenario.to_string()).await;
    assert_eq!(answer.status, 422);
    let problem = answer.json();
    assert_eq!(problem["code"], "defects");
    let mut found: Vec<(&str, &str)> = problem["defects"]
        .as_array()
        .expect("defects")
        .iter()
        .map(|d| (d["code"].as_str().unwrap_or_default(), d["pointer"].as_str().unwrap_or_default()))
        .collect();
    found.sort_unstable();
    let expect = [
        ("bad_number", "/firms/1/latitude"),
        ("out_of_range", "/policy/onboarding_fen"),
        ("unknown_key", "/speed"),
        ("unknown_reference", "/surplus/0/skill"),
    ];
    assert_eq!(found, expect);
    insta::assert_snapshot!(format!("{:#}", problem["defects"]));
}

#[tokio::test]
async fn every_fault_is_a_problem() {
    let service = Zone::with(Settings { max_body: 200, max_pairs: 0, ..Settings::default() }).await;
    let deep = "[".repeat(150);
    let check = async |method: &str, path: &str, head: &[&str], body: &str, expect: (u16, &str)| {
        let answer = service.ask("service", method, path, head, body.to_string()).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}: {answer:?}");
        let problem = answer.json();
        assert_eq!(
            (answer.status.as_u16(), problem["code"].as_str().unwrap_or_default()),
            expect,
            "{problem}"
        );
        assert_eq!(problem["status"], expect.0);
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        assert!(problem["title"].is_string());
        answer
    };
    check("GET", "/nowhere", &[], "", (404, "not_found")).await;
    check("POST", "/v1/match/", &[JSON], "{}", (404, "not_found")).await;
    let answer = check("GET", "/v1/match", &[], "", (405, "method_not_allowed")).await;
    assert_eq!(answer.header("allow"), "POST");
    let answer = check("DELETE", "/healthz", &[], "", (405, "method_not_allowed")).await;
    assert_eq!(answer.header("allow"), "GET,HEAD");
    check("POST", "/v1/match", &[JSON, "accept: text/html"], "{}", (406, "not_acceptable")).await;
    check("POST", "/v1/match", &[], "{}", (415, "unsupported_media_type")).await;
    check("POST", "/v1/match", &["content-type: text/csv"], "{}", (415, "unsupported_media_type")).await;
    let zipped = [JSON, "content-encoding: gzip"];
    check("POST", "/v1/match", &zipped, "{}", (415, "unsupported_media_type")).await;
    check("POST", "/v1/match", &[JSON], "{", (400, "malformed")).await;
    check("POST", "/v1/match", &[JSON], "", (400, "malformed")).await;
    check("POST", "/v1/match", &[JSON], "[]", (400, "malformed")).await;
    check("POST", "/v1/match", &[JSON], &deep, (400, "malformed")).await;
    check("POST", "/v1/match", &[JSON], "{}", (422, "defects")).await;
    check("POST", "/v1/match", &[JSON], &" ".repeat(201), (413, "too_large")).await;
    check("POST", "/v1/match?x=1", &[JSON], "{}", (400, "bad_parameter")).await;
    check("GET", "/healthz?x", &[], "", (400, "bad_parameter")).await;

    let few = Zone::with(Settings { max_pairs: 0, ..Settings::default() }).await;
    let answer = few.ask("service", "POST", "/v1/match", &[JSON], document("features/competition")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (413, &json!("too_large")));
}

#[tokio::test]
async fn bodies_of_unknown_length_are_counted() {
    let service = Zone::with(Settings { max_body: 1000, ..Settings::default() }).await;
    let answer = service.ask("service", "POST", "/v1/match", &[JSON], pieces(2000)).await;
    assert_eq!(answer.status, 413);
    let slow = Zone::with(Settings { body_time: Duration::from_millis(20), ..Settings::default() }).await;
    let answer = slow.ask("service", "POST", "/v1/match", &[JSON], never_ending()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (408, &json!("timeout")));
    assert_eq!(answer.header("connection"), "close");
}

/// A body of `size` bytes that does not say so.
fn pieces(size: usize) -> Body {
    let frame = Frame::data(axum::body::Bytes::from(vec![b' '; size]));
    Body::new(StreamBody::new(tokio_stream::once(Ok::<_, std::io::Error>(frame))))
}

/// A body of which nothing ever comes.
fn never_ending() -> Body {
    let pending = tokio_stream::pending::<Result<Frame<axum::body::Bytes>, std::io::Error>>();
    Body::new(StreamBody::new(pending))
}

#[tokio::test]
async fn no_place_to_be_solved_in() {
    let settings =
        Settings { workers: 1, waiting: 1, slot_wait: Duration::from_millis(1), ..Settings::default() };
    let busy = Zone::with(settings).await;
    let place = busy.app.slots.take().await.expect("a place");
    let answer = busy.ask("service", "POST", "/v1/match", &[JSON], document("features/competition")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (503, &json!("busy")));
    assert_eq!(answer.header("retry-after"), "1");
    drop(place);
    let answer = busy.ask("service", "POST", "/v1/match", &[JSON], document("features/competition")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn languages_of_faults() {
    let service = Zone::new().await;
    let en = service.ask("service", "GET", "/x", &[], "").await.json();
    let zh = service.ask("service", "GET", "/x", &["accept-language: zh-CN,zh;q=0.9,en;q=0.8"], "").await;
    assert_eq!(en["title"], "There is nothing here");
    assert_eq!((zh.header("content-language"), &zh.json()["title"]), ("zh-CN", &json!("此处没有内容")));
}

#[tokio::test]
async fn request_ids() {
    let service = Zone::new().await;
    let own = service.ask("service", "GET", "/healthz", &[], "").await;
    assert_eq!(own.header("x-request-id").len(), 32);
    let given = service.ask("service", "GET", "/healthz", &["x-request-id: abc-1"], "").await;
    assert_eq!(given.header("x-request-id"), "abc-1");
    let odd = service.ask("service", "GET", "/healthz", &["x-request-id: <script>"], "").await;
    assert_eq!(odd.header("x-request-id").len(), 32);
}

#[tokio::test]
async fn health_metrics_and_description() {
    let service = Zone::new().await;
    assert_eq!(service.ask("service", "GET", "/healthz", &[], "").await.json()["status"], "ok");
    assert_eq!(service.ask("service", "GET", "/readyz", &[], "").await.json()["status"], "ready");
    service.ask("service", "GET", "/v1/some/secret/path", &[], "").await;
    let metrics = service.ask("service", "GET", "/metrics", &[], "").await.text();
    assert!(
        metrics.contains(r#"http_requests_total{method="GET",route="/healthz",status="200"}"#),
        "{metrics}"
    );
    assert!(!metrics.contains("secret"), "{metrics}");
    let page = service.ask("service", "GET", "/docs", &[], "").await;
    assert!(page.header("content-type").starts_with("text/html"));
    for absent in ["<script", "src=", "http://", "https://"] {
        assert!(!page.text().contains(absent), "{absent}");
    }
    let description = service.ask("service", "GET", "/openapi.json", &[], "").await.json();
    assert_eq!(description["openapi"], "3.1.0");
    for route in ROUTES.iter() {
        assert!(
            description["paths"][&route.path][route.method].is_object(),
            "{} {}",
            route.method,
            route.path
        );
        assert!(page.text().contains(&route.path), "{}", route.path);
    }
    service.app.stopping.cancel();
    let answer = service.ask("service", "GET", "/readyz", &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
}
