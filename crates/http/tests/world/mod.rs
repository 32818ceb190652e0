//! Ten firms on two servers that share a database, and what each answer to a firm is looked through for.
#![allow(unreachable_pub)]

use axum::Router;
use serde_json::{Value, json};
use tiaoji_server::app::{App, Settings};
use tiaoji_server::routes::router;
use tiaoji_store::{Access, By, NewPlan, Store};
use tiaoji_testkit::postgres::Server;

use crate::common::{Answer, JSON, ask};
use crate::seen;

pub const FIRMS: usize = 10;

/// A random number generator of one's own (xorshift64*): the same histories on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % most
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { Some(&all[self.below(all.len())]) }
    }
}

/// Two servers on one database.
pub struct World {
    pub store: Store,
    pub url: Option<String>,
    pub servers: [Router; 2],
    pub zone: String,
    pub firms: Vec<String>,
    /// Of whoever looks after all of them.
    pub officer: String,
    pub days: Vec<String>,
    /// By firm: what nobody else may see.
    pub secrets: Vec<Vec<String>>,
}

/// The database as either server has opened it, and its address where there is one.
async fn open() -> ([Store; 2], Option<String>) {
    if cfg!(feature = "pg-tests") {
        let url = Server::shared().database();
        let open = async || Store::open(&url).await.expect("a database");
        ([open().await, open().await], Some(url))
    } else {
        let store = Store::temporary().await.expect("a database");
        ([store.clone(), store], None)
    }
}

impl World {
    pub async fn new(dice: &mut Dice) -> World {
        let ([store, other], url) = open().await;
        let now = store.view().await.expect("a view").now().await.expect("the time");
        let day = |days: i64| {
            let instant =
                jiff::Timestamp::from_millisecond(now + (8 + days * 24) * 3_600_000).expect("an instant");
            instant.to_string()[..10].to_string()
        };
        let days: Vec<String> = (0..40).map(day).collect();
        let (mut firms, mut surplus, mut shortage, mut secrets) = (vec![], vec![], vec![], vec![]);
        for n in 0..FIRMS {
            let id = format!("F{n}");
            firms.push(json!({ "id": id, "name": format!("Firm {n}"), "alliance": format!("A{}", n % 2),
                "latitude": 36.5, "longitude": 117.0 + n as f64 / 200.0, "service_officer": "Li",
                "contact": format!("Contact{n}."), "phone": format!("1990000{n:04}") }));
            let mut posting = |prefix: &str| {
                let (first, length) = (4 + dice.below(8), 4 + dice.below(12));
                json!({ "id": format!("{prefix}-{id}"), "firm": id, "skill": "packer", "headcount": 2 + dice.below(6),
                    "from": days[first], "to": days[first + length] })
            };
            let (mut offered, mut asked) = (posting("S"), posting("D"));
            let (least, until) = (7_100 + n, format!("2059-0{}-1{n}", 1 + n % 9));
            offered["min_day_pay_fen"] = json!(least);
            offered["remark"] = json!(format!("Remark{n}."));
            asked["remark"] = json!(format!("Remark{n}."));
            asked["priority"] = json!("urgent");
            offered["contract_until"] = json!(until);
            asked["day_pay_fen"] = json!(20_000);
            secrets.push(vec![
                format!(":{least}"),
                until,
                format!("Remark{n}."),
                format!("Contact{n}."),
                format!("1990000{n:04}"),
            ]);
            surplus.push(offered);
            shortage.push(asked);
        }
        let document = json!({
            "name": "ten firms",
            "policy": { "onboarding_fen": 1_000, "daily_base_fen": 100, "transport_per_km_fen": 60,
                "cross_alliance_fen": 150, "unmet": { "urgent_fen": 60_000, "normal_fen": 40_000, "low_fen": 30_000 } },
            "firms": firms, "skills": [{ "id": "packer", "name": "包装工" }], "surplus": surplus, "shortage": shortage,
            "blocked": [{ "lender": "F0", "borrower": "F1" }],
        });
        store
            .write(move |tx| Box::pin(async move { tx.load_scenario(&By::actor("test"), &document).await }))
            .await
            .expect("loaded");
        let key = async |role: &str, firms: Vec<String>, officer: Option<&str>| {
            let access = Access { role: role.to_string(), firms, officer: officer.map(str::to_string) };
            let key = tiaoji_server::demo::add_key(&store, role, access, None).await.expect("a key");
            format!("authorization: Bearer {key}")
        };
        let (zone, officer) = (key("zone", vec![], None).await, key("officer", vec![], Some("Li")).await);
        let mut firms = Vec::new();
        for n in 0..FIRMS {
            firms.push(key("firm", vec![format!("F{n}")], None).await);
        }
        let servers = [
            router(App::new(Settings::default(), store.clone())),
            router(App::new(Settings::default(), other)),
        ];
        World { store, url, servers, zone, firms, officer, days, secrets }
    }

    /// A firm asks; what it is told is looked through.
    pub async fn firm(&self, n: usize, method: &str, path: &str, body: &Value) -> Answer {
        let head = [self.firms[n].as_str(), JSON, "if-match: *"];
        // events without a version: what is tried out is whether the state allows them
        let head = if method == "PATCH" || method == "DELETE" { &head[..] } else { &head[..2] };
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = ask(&self.servers[n % 2], method, path, head, text).await;
        assert!(answer.status.as_u16() < 500, "{method} {path} {body}: {}", answer.text());
        self.look_through(n, path, &answer);
        answer
    }

    /// Nothing of what is another firm's own; contacts only of the other side of a deal.
    pub fn look_through(&self, n: usize, path: &str, answer: &Answer) {
        let Ok(told) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let items = match (told["items"].as_array(), told.get("current")) {
            (Some(items), _) => items.clone(),
            (None, Some(current)) => {
                let mut fault = told.clone();
                let current = current.clone();
                fault.as_object_mut().expect("an object").remove("current");
                vec![fault, current]
            }
            _ => vec![told],
        };
        for item in items {
            let text = item.to_string();
            let unlisted = seen::unlisted(&format!("F{n}"), path, &item);
            assert!(unlisted.is_empty(), "F{n} sees {unlisted:?} at {path}: {item:#}");
            // F0 lends nothing to F1, and F1 does not learn of it
            // that nothing is there repeats only what was asked for
            let is_nothing = answer.status == 404;
            assert!(
                n != 1 || is_nothing || !text.contains("S-F0"),
                "F1 sees who blocks it at {path}: {text}"
            );
            let parties: Vec<String> = ["lender", "borrower"]
                .iter()
                .filter_map(|side| item[side]["firm"].as_str().map(str::to_string))
                .collect();
            let own = format!("F{n}");
            assert!(parties.is_empty() || parties.contains(&own), "{own} sees {path}: {text}");
            for (other, secrets) in self.secrets.iter().enumerate().filter(|(other, _)| *other != n) {
                let is_partner = parties.contains(&format!("F{other}"));
                for (kind, secret) in secrets.iter().enumerate() {
                    let may = is_partner && kind >= 3;
                    assert!(
                        may || !text.contains(secret),
                        "{own} sees {secret} of F{other} at {path}: {text}"
                    );
                }
            }
            if parties.first().is_some_and(|lender| *lender != own) {
                assert!(!text.contains("consented\":") || text.contains("consented\":null"), "{own}: {text}");
            }
        }
    }

    pub async fn ask_zone(&self, server: usize, method: &str, path: &str) -> Answer {
        let answer = ask(&self.servers[server], method, path, &[self.zone.as_str()], "").await;
        assert!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.text());
        answer
    }

    pub async fn all(&self, path: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.ask_zone(0, "GET", &format!("{path}?limit=500{cursor}")).await.json();
            all.extend(page["items"].as_array().expect("a list").iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }

    /// Solves what is posted and publishes the plan.
    pub async fn publish(&self, server: usize) {
        let input = self.ask_zone(server, "GET", "/v1/scenario").await.text();
        let loaded = tiaoji_formats::read_json("scenario", input.as_bytes());
        let scenario = loaded.unwrap_or_else(|faults| panic!("the zone is a defect: {faults}")).scenario;
        let plan = tiaoji_core::solve::solve(&scenario, &tiaoji_core::solve::Options::default());
        let meta = tiaoji_formats::PlanMeta { engine: String::new(), seconds: 0.0, with_prices: false };
        let new = NewPlan {
            input,
            revision: Some(1),
            method: "auto".to_string(),
            settings: "{}".to_string(),
            summary: "{}".to_string(),
            body: String::from_utf8(tiaoji_formats::plan_to_json(&scenario, &plan, &meta)).expect("text"),
            ..NewPlan::default()
        };
        let made =
            self.store.write(move |tx| Box::pin(async move { tx.add_plan(&By::actor("test"), &new).await }));
        let id = made.await.expect("stored").id;
        let done = self.ask_zone(server, "POST", &format!("/v1/plans/{id}/publish")).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
}
