//! A service in this process, asked without sockets.
#![allow(dead_code, unreachable_pub)] // each test uses a part

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::{PlanMeta, engine, plan_to_json};
use tiaoji_server::app::{App, Settings};
use tiaoji_server::routes::router;
use tiaoji_store::{Access, By, NewPlan, Store};
use tower::ServiceExt;

/// An answer, its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

/// Asks a service; `head` are lines like `accept: text/html`.
pub async fn ask(router: &Router, method: &str, path: &str, head: &[&str], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for line in head {
        let (name, value) = line.split_once(": ").expect("name: value");
        request = request.header(name, value);
    }
    let request = request.body(body.into()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A fixture as one JSON document.
pub fn document(fixture: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(fixture);
    let loaded = tiaoji_formats::read_path(&path).expect("a valid fixture");
    tiaoji_formats::to_json(&loaded.scenario)
}

pub const JSON: &str = "content-type: application/json";

/// An empty database, of the engine that is tested.
pub async fn store() -> Store {
    if cfg!(feature = "pg-tests") {
        Store::open(&tiaoji_testkit::postgres::Server::shared().database()).await.expect("a database")
    } else {
        Store::temporary().await.expect("a database")
    }
}

/// A small zone with somebody of every role.
///
/// Firms F1 and F2 (looked after by Li) and F3 (by Wang), a posting of surplus and one of shortage each: `S-F1`, `D-F1`, …
pub struct Zone {
    pub app: App,
    pub router: Router,
    /// Header lines with a key, by role.
    keys: Vec<(&'static str, String)>,
}

impl Zone {
    pub async fn new() -> Zone {
        Zone::with(Settings::default()).await
    }

    /// The same, its postings from the fourth day after today on.
    pub async fn ahead() -> Zone {
        let store = store().await;
        let now = store.view().await.expect("a view").now().await.expect("a clock");
        let day = |days: i64| {
            let instant =
                jiff::Timestamp::from_millisecond(now + (8 + days * 24) * 3_600_000).expect("an instant");
            instant.to_string()[..10].to_string()
        };
        Zone::between(store, Settings::default(), [&day(4), &day(15)]).await
    }

    pub async fn with(settings: Settings) -> Zone {
        Zone::on(store().await, settings).await
    }

    pub async fn on(store: Store, settings: Settings) -> Zone {
        Zone::between(store, settings, ["2022-03-07", "2022-03-18"]).await
    }

    /// The zone on an empty database, its postings on these days.
    pub async fn between(store: Store, settings: Settings, [from, to]: [&str; 2]) -> Zone {
        let firm = |id: &str, officer: &str, east: f64| {
            json!({ "id": id, "name": format!("Firm {id}"), "alliance": "A", "latitude": 36.5, "longitude": 117.0 + east,
                "service_officer": officer, "contact": format!("Contact of {id}"), "phone": format!("19900000{id}") })
        };
        let surplus = |id: &str, firm: &str| {
            json!({ "id": id, "firm": firm, "skill": "packer", "headcount": 5, "from": from, "to": to,
                "consented": 4, "contract_until": "2060-12-31", "min_day_pay_fen": if firm == "F1" { 11_111 } else { 12_345 }, "remark": "the remark" })
        };
        let shortage = |id: &str, firm: &str| {
            json!({ "id": id, "firm": firm, "skill": "packer", "headcount": 3, "from": from, "to": to,
                "priority": "low", "day_pay_fen": 20_000, "remark": "the remark" })
        };
        let firms = ["F1", "F2", "F3"];
        let document = json!({
            "name": "test zone",
            "policy": { "onboarding_fen": 15_000, "daily_base_fen": 1_000, "transport_per_km_fen": 600,
                "cross_alliance_fen": 1_500, "unmet": { "urgent_fen": 60_000, "normal_fen": 40_000, "low_fen": 30_000 } },
            "firms": [firm("F1", "Li", 0.0), firm("F2", "Li", 0.01), firm("F3", "Wang", 0.02)],
            "skills": [{ "id": "packer", "name": "包装工" }, { "id": "welder", "name": "焊工" }],
            "surplus": firms.map(|f| surplus(&format!("S-{f}"), f)),
            "shortage": firms.map(|f| shortage(&format!("D-{f}"), f)),
        });
        store
            .write(move |tx| Box::pin(async move { tx.load_scenario(&By::actor("test"), &document).await }))
            .await
            .expect("loaded");
        let mut keys = Vec::new();
        for role in ROLES {
            let access = Access {
                role: role.to_string(),
                firms: if role == "firm" { vec!["F1".to_string()] } else { Vec::new() },
                officer: (role == "officer").then(|| "Li".to_string()),
            };
            let key = tiaoji_server::demo::add_key(&store, role, access, None).await.expect("a key");
            keys.push((role, format!("authorization: Bearer {key}")));
        }
        let app = App::new(settings, store);
        Zone { router: router(app.clone()), app, keys }
    }

    /// The header line of a role.
    pub fn key(&self, role: &str) -> &str {
        self.keys.iter().find(|(known, _)| *known == role).map_or("x-nobody: 1", |(_, key)| key)
    }

    /// Stores a plan of the zone's data, as a run does, and gives its id.
    pub async fn add_plan(&self) -> String {
        let new = self.new_plan().await;
        let made = self
            .app
            .store
            .write(move |tx| Box::pin(async move { tx.add_plan(&By::actor("test"), &new).await }));
        made.await.expect("stored").id
    }

    /// A plan of the zone as it is.
    pub async fn new_plan(&self) -> NewPlan {
        let input = self.ask("zone", "GET", "/v1/scenario", &[], "").await.text();
        let scenario = tiaoji_formats::read_json("scenario", input.as_bytes()).expect("valid").scenario;
        let plan = solve(&scenario, &Options::default());
        let meta = PlanMeta { engine: engine(), seconds: 0.0, with_prices: true };
        NewPlan {
            input,
            revision: Some(1),
            method: "auto".to_string(),
            settings: "{}".to_string(),
            engine: engine(),
            summary: "{}".to_string(),
            body: String::from_utf8(plan_to_json(&scenario, &plan, &meta)).expect("text"),
        }
    }

    /// Asks as a role.
    pub async fn ask(
        &self,
        role: &str,
        method: &str,
        path: &str,
        head: &[&str],
        body: impl Into<Body>,
    ) -> Answer {
        let lines: Vec<&str> = [self.key(role)].into_iter().chain(head.iter().copied()).collect();
        ask(&self.router, method, path, &lines, body).await
    }

    /// The same, with JSON.
    pub async fn send(&self, role: &str, method: &str, path: &str, head: &[&str], body: &Value) -> Answer {
        let head: Vec<&str> = head.iter().copied().chain([JSON]).collect();
        self.ask(role, method, path, &head, body.to_string()).await
    }
}

/// Settings whose runs are solved by the program under test.
pub fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.solver.program = env!("CARGO_BIN_EXE_tiaoji-server").into();
    settings
}

pub const ROLES: [&str; 5] = ["firm", "officer", "zone", "viewer", "service"];
