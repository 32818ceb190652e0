//! Random histories of ten firms on two servers at once: agreements never exceed what postings hold, every history replays to the
//! state that is stored, and a firm is shown only what it may see. `HISTORIES` says how many (8); with the feature `pg-tests` the
//! two servers share a PostgreSQL database. `.ci/histories` runs a thousand.

mod common;
mod replay;
mod seen;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use common::{JSON, ask};
use replay::{day, replay_agreement, replay_proposal};
use serde_json::{Value, json};
use tiaoji_core::practice::{DeclineReason, Stretch, most_at_once};
use tiaoji_server::app::{App, Settings};
use tiaoji_server::practice::deadlines::catch_up;
use tiaoji_server::routes::router;
use tiaoji_testkit::postgres::Server;
use world::{Dice, FIRMS, World};

const STEPS: usize = 50;
const DAY: i64 = 24 * 3_600_000;

impl World {
    /// What some firm happens to do.
    async fn step(&self, dice: &mut Dice) {
        let n = dice.below(FIRMS);
        let kind = dice.below(10);
        // mostly what can still be decided, and what the other side has accepted already
        let open = if dice.below(4) > 0 { "?state=open" } else { "" };
        let items = async |path: &str| -> Vec<Value> {
            let seen = self.firm(n, "GET", path, &Value::Null).await.json();
            seen["items"].as_array().expect("a list").clone()
        };
        let agreements = items("/v1/agreements").await;
        let is_proposal = kind < 4 || agreements.is_empty();
        let (list, mut items) = if is_proposal {
            ("/v1/proposals", items(&format!("/v1/proposals{open}")).await)
        } else {
            ("/v1/agreements", agreements)
        };
        let half = |found: &Value| found["sides"].to_string().contains("accepted");
        if is_proposal && items.iter().any(half) && dice.below(3) > 0 {
            items.retain(half);
        }
        if kind == 9 || items.is_empty() {
            return self.edit(n, dice).await;
        }
        let Some(found) = dice.of(&items) else { return };
        let at = format!("{list}/{}", found["id"].as_str().expect("an id"));
        let count = 1 + dice.below(4);
        let (word, body) = if is_proposal {
            let reasons: Vec<&str> = DeclineReason::ALL.iter().map(|reason| reason.code()).collect();
            match dice.below(16) {
                0..12 => ("accept", json!({})),
                12 => ("retract", json!({})),
                13 => ("hold", json!({})),
                14 => ("counter", json!({ "count": count })),
                _ => ("decline", json!({ "reason": dice.of(&reasons) })),
            }
        } else {
            let from = &found["from"];
            // mostly what its state allows
            let likely = match found["state"].as_str() {
                Some("agreed") => 0,
                Some("signed") => 2,
                Some("active") => 4 + dice.below(2),
                Some("ended") => 6 + dice.below(2),
                _ => 6,
            };
            match if dice.below(3) > 0 { likely } else { dice.below(9) } {
                0 | 1 => ("sign", json!({ "consented": found["count"] })),
                2 | 3 => ("start", json!({ "count": count, "day": from })),
                4 => ("return", json!({ "count": count, "last_day": from, "reason": "recall" })),
                5 => ("extend", json!({ "to": self.days[20 + dice.below(5)], "consented": 9 })),
                6 => ("settle", json!({ "worker_days": 9 })),
                7 => ("dispute", json!({})),
                _ => ("cancel", json!({})),
            }
        };
        // the same word at once to both servers: it has its effect once
        let mut body = body;
        if word == "extend" && found["lender"]["firm"] != format!("F{n}") {
            body.as_object_mut().expect("an object").remove("consented");
        }
        let path = format!("{at}/{word}");
        let head = [self.firms[n].as_str(), JSON];
        let (one, two) = tokio::join!(
            ask(&self.servers[0], "POST", &path, &head, body.to_string()),
            ask(&self.servers[1], "POST", &path, &head, body.to_string()),
        );
        for answer in [&one, &two] {
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
            self.look_through(n, &path, answer);
        }
        // stating worker-days or asking for an extension anew is allowed
        if !["settle", "extend", "return"].contains(&word) {
            let done = [&one, &two].iter().filter(|answer| answer.status.is_success()).count();
            assert!(done < 2, "{path} twice: {} {}", one.text(), two.text());
        }
    }

    async fn edit(&self, n: usize, dice: &mut Dice) {
        let path =
            if dice.below(2) == 0 { format!("/v1/surplus/S-F{n}") } else { format!("/v1/shortages/D-F{n}") };
        match dice.below(7) {
            6 => self.look_around(n, dice).await,
            0 => drop(self.firm(n, "DELETE", &path, &Value::Null).await),
            1 => drop(self.firm(n, "PATCH", &path, &json!({ "state": "open" })).await),
            2 => drop(self.firm(n, "GET", "/v1/surplus", &Value::Null).await),
            3 => drop(self.firm(n, "GET", "/v1/shortages", &Value::Null).await),
            _ => drop(self.firm(n, "PATCH", &path, &json!({ "headcount": 1 + dice.below(8) })).await),
        }
    }

    /// A firm looks at everything that it has an address for.
    async fn look_around(&self, n: usize, dice: &mut Dice) {
        for list in ["surplus", "shortages", "proposals", "agreements", "blocked", "problems"] {
            let found = self.firm(n, "GET", &format!("/v1/{list}?limit=500"), &Value::Null).await;
            assert_eq!(found.status, 200, "{}", found.text());
            let found = found.json();
            if let Some(one) = dice.of(found["items"].as_array().expect("a list")) {
                let path = format!("/v1/{list}/{}", one["id"].as_str().expect("an id"));
                self.firm(n, "GET", &path, &Value::Null).await;
            }
        }
        self.firm(n, "GET", "/v1/follow-ups", &Value::Null).await;
        // another firm's, by its id
        let other = dice.below(FIRMS);
        for path in [format!("/v1/surplus/S-F{other}"), format!("/v1/shortages/D-F{other}")] {
            self.firm(n, "GET", &path, &Value::Null).await;
        }
        for asked in [json!({ "surplus": format!("S-F{n}") }), json!({ "shortage": format!("D-F{n}") })] {
            self.firm(n, "POST", "/v1/options", &asked).await;
        }
        self.firm(n, "GET", "/v1/audit?limit=500", &Value::Null).await;
        // what a plan says and suggests is the zone's
        let of_plan =
            ["", "/explanation", "/report", "/compare/P-1"].map(|part| format!("/v1/plans/P-1{part}"));
        let refused = ["/v1/plans", "/v1/scenario", "/v1/users", "/v1/reports/skills", "/v1/runs"];
        for refused in refused.into_iter().chain(of_plan.iter().map(String::as_str)) {
            assert_eq!(self.firm(n, "GET", refused, &Value::Null).await.status, 403, "{refused}");
        }
    }

    /// What a firm that has listened from the first day on was told.
    async fn check_events(&self, n: usize) {
        // a server that is about to stop tells what is behind, and ends the stream
        let app = App::new(Settings::default(), self.store.clone());
        app.stopping.cancel();
        let head = [self.firms[n].as_str(), "last-event-id: 0"];
        let told = ask(&router(app), "GET", "/v1/events", &head, "").await;
        assert_eq!(told.status, 200, "{}", told.text());
        let firm = format!("F{n}");
        let mut own = Vec::new();
        for list in ["proposals", "agreements", "problems", "blocked"] {
            own.extend(self.all(&format!("/v1/{list}")).await.into_iter().filter(|row| {
                let parties =
                    [&row["lender"]["firm"], &row["borrower"]["firm"], &row["firm"], &row["lender"]];
                parties.contains(&&json!(firm))
            }));
        }
        let own: BTreeSet<String> =
            own.iter().filter_map(|row| row["id"].as_str()).map(str::to_string).collect();
        let mut heard = BTreeSet::new();
        let text = told.text();
        for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
            let told: Value = serde_json::from_str(data).expect("JSON");
            assert!(seen::may_hear(&firm, &own, &told), "{firm} hears {told}");
            assert!(n != 1 || told["id"] != "S-F0", "F1 hears of who blocks it: {told}");
            heard.insert(told["id"].as_str().expect("an id").to_string());
        }
        // and nothing of one's own is left out
        for deal in [self.all("/v1/proposals").await, self.all("/v1/agreements").await].concat() {
            let id = deal["id"].as_str().expect("an id");
            assert_eq!(heard.contains(id), own.contains(id), "{firm} and {id}");
        }
    }

    /// What an officer is given to pass on to a firm names no other, and nothing of another's.
    async fn check_messages(&self, told: &mut BTreeMap<String, usize>) {
        for row in self.all("/v1/problems").await {
            let path = format!("/register/problems/{}", row["id"].as_str().expect("an id"));
            let page = ask(&self.servers[0], "GET", &path, &[self.officer.as_str()], "").await.text();
            let message = page
                .split("<textarea id=\"message\"")
                .nth(1)
                .and_then(|rest| rest.split("</textarea>").next());
            let message = message.unwrap_or_else(|| panic!("nothing to pass on at {path}: {page}"));
            for other in (0..FIRMS).filter(|other| row["firm"] != format!("F{other}")) {
                let names = [format!("Firm {other}"), format!("-F{other}")];
                for never in names.iter().chain(&self.secrets[other]) {
                    assert!(!message.contains(never), "{never} in what {} is told: {message}", row["firm"]);
                }
            }
            *told.entry(row["follow_up"].as_str().unwrap_or("by hand").to_string()).or_default() += 1;
        }
    }

    /// Agreements by posting and day against what the postings hold.
    async fn check_capacities(&self) {
        let mut used: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
        for agreement in self.all("/v1/agreements").await {
            if agreement["state"] == "cancelled" {
                continue;
            }
            for span in agreement["spans"].as_array().expect("spans") {
                let stretch = Stretch {
                    count: span["count"].as_i64().expect("a count"),
                    from: day(&span["from"]),
                    to: day(&span["to"]),
                };
                for posting in ["surplus", "shortage"] {
                    used.entry(agreement[posting].as_str().expect("an id").to_string())
                        .or_default()
                        .push(stretch);
                }
            }
        }
        let postings = [self.all("/v1/surplus").await, self.all("/v1/shortages").await].concat();
        for posting in postings {
            let stretches = used.remove(posting["id"].as_str().expect("an id")).unwrap_or_default();
            let most = most_at_once(&stretches, day(&json!(self.days[0])), day(&json!(self.days[39]))).0;
            assert!(most <= posting["headcount"].as_i64().expect("a count"), "{posting} has {stretches:?}");
        }
        assert!(used.is_empty(), "{used:?}");
    }

    /// Every deal's events, one after the other, lead to the state that is stored.
    async fn check_histories(&self) {
        for list in ["/v1/proposals", "/v1/agreements"] {
            for found in self.all(list).await {
                let at = format!("{list}/{}", found["id"].as_str().expect("an id"));
                let stored = self.ask_zone(1, "GET", &at).await.json();
                let events = stored["events"].as_array().expect("events");
                let versions: Vec<i64> = events.iter().filter_map(|e| e["version"].as_i64()).collect();
                assert_eq!(versions, (1..=events.len() as i64).collect::<Vec<_>>(), "{stored:#}");
                if list == "/v1/proposals" {
                    replay_proposal(&stored, events);
                } else {
                    replay_agreement(&stored, events);
                }
            }
        }
    }
}

async fn history(seed: u64, ends: &mut BTreeMap<String, usize>) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let world = World::new(&mut dice).await;
    world.publish(0).await;
    for step in 1..=STEPS {
        match dice.below(25) {
            // a plan is published while firms decide and edit
            0 => {
                let mut other = Dice(dice.below(1 << 30) as u64 | 1);
                tokio::join!(world.publish(step % 2), world.step(&mut other));
            }
            1 if step > STEPS * 3 / 4 => {
                let now = world.store.view().await.expect("a view").now().await.expect("the time");
                let later = now + dice.below(5) as i64 * DAY;
                // both servers look at once
                let (one, two) = tokio::join!(catch_up(&world.store, later), catch_up(&world.store, later));
                one.and(two).expect("caught up");
            }
            _ => world.step(&mut dice).await,
        }
        if step % 10 == 0 {
            world.check_capacities().await;
        }
    }
    world.check_histories().await;
    world.check_events(1).await;
    world.check_events(dice.below(FIRMS)).await;
    world.check_messages(ends).await;
    for deal in [world.all("/v1/proposals").await, world.all("/v1/agreements").await].concat() {
        *ends.entry(deal["state"].as_str().expect("a state").to_string()).or_default() += 1;
    }
    world.store.close().await;
    // a thousand of them would fill a disk
    if let Some(url) = &world.url {
        Server::shared().drop_database(url);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn histories() {
    let count = std::env::var("HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(8);
    let mut ends = BTreeMap::new();
    for seed in 1..=count {
        println!("history {seed}");
        history(seed, &mut ends).await;
    }
    println!("{ends:?}");
    let rare: &[&str] =
        if count < 100 { &[] } else { &["ended", "cancelled", "expired", "disputed", "settled"] };
    for &state in ["agreed", "declined", "superseded", "withdrawn", "signed", "active", "silent", "unfilled"]
        .iter()
        .chain(rare)
    {
        assert!(ends.contains_key(state), "nothing ends as {state}: {ends:?}");
    }
}
