//! The commands of the README that ask the service, in their order: what `curl` would send is sent.

mod common;

use std::path::Path;
use std::time::Duration;

use common::{Answer, ask, document, settings};
use tiaoji_server::app::App;
use tiaoji_server::demo;
use tiaoji_server::routes::router;
use tiaoji_server::runs::worker::work;
use tiaoji_store::{Kind, Store};
use tokio_util::sync::CancellationToken;

/// The words of a command line: quotes of both kinds, variables inside double ones.
fn words(line: &str, variables: &[(&str, String)]) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    let filled = words.into_iter().filter(|word| !word.is_empty()).map(|mut word| {
        for (name, value) in variables {
            word = word.replace(&format!("${name}"), value);
        }
        word
    });
    filled.collect()
}

/// Sends what a `curl` command would.
async fn curl(router: &axum::Router, words: &[String]) -> Answer {
    let (mut method, mut head, mut body, mut path) = (None, Vec::new(), None, String::new());
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().cloned().unwrap_or_else(|| panic!("{word} of what?"));
        match word.as_str() {
            "-N" => {}
            "-X" => method = Some(value()),
            "-H" => head.push(value()),
            "-d" => body = Some(value().into_bytes()),
            "--data-binary" => {
                let file = value();
                let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
                body = Some(match file.strip_prefix('@').expect("a file") {
                    "jibei.json" => document("jibei"),
                    path => std::fs::read(root.join(path)).expect("a file of the repository"),
                });
            }
            url => {
                path = url.strip_prefix("http://127.0.0.1:8080").expect("the service's address").to_string();
            }
        }
    }
    let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_string());
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    ask(router, &method, &path, &head, body.unwrap_or_default()).await
}

#[tokio::test]
async fn every_curl_command_of_the_readme() {
    let readme = include_str!("../../../README.md");
    let store = Store::temporary().await.expect("a database");
    let guests = demo::load(&store).await.expect("the demonstration");
    let key = |role: &str| guests.keys.iter().find(|(known, _)| *known == role).expect("a key").1.clone();
    let variables = [("SERVICE", key("service")), ("ZONE", key("zone"))];
    let app = App::new(settings(), store.clone());
    let stop = CancellationToken::new();
    tokio::spawn(work(store, "test".to_string(), settings().solver, stop.clone()));
    let router = router(app);
    let mut count = 0;
    for line in readme.lines().filter(|line| line.starts_with("curl ")) {
        let words = words(line, &variables);
        let answer = curl(&router, &words).await;
        assert!(answer.status.is_success(), "{line}: {}", answer.text());
        if answer.status == 202 {
            // whoever types the next command has waited a little
            let at = answer.header("location").to_string();
            let ask_key = words.iter().find(|word| word.starts_with("Authorization")).expect("a key").clone();
            let ended = async {
                while ask(&router, "GET", &at, &[&ask_key], "").await.json()["ended"].is_null() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            tokio::time::timeout(Duration::from_mins(2), ended).await.expect("in time");
        }
        count += 1;
    }
    assert!(count >= 10, "{count} commands");
    stop.cancel();
}

/// The demonstration zone is the fixture.
#[tokio::test]
async fn the_demonstration_has_the_fixture_and_logins() {
    let store = Store::temporary().await.expect("a database");
    let guests = demo::load(&store).await.expect("the demonstration");
    let mut view = store.view().await.expect("a view");
    let tomorrow = view.now().await.expect("the time") + 24 * 3600 * 1000;
    let tomorrow = jiff::Timestamp::from_millisecond(tomorrow).expect("an instant").to_string();
    let filter = tiaoji_store::Filter { to: Some(tomorrow[..10].to_string()), ..Default::default() };
    for kind in [Kind::Surplus, Kind::Shortage] {
        let begun = view.records(kind, &filter, None, 1).await.expect("a list");
        assert_eq!(begun.items, [], "all of it is still to come");
    }
    drop(view);
    let zone = router(App::new(settings(), store));
    for login in &guests.logins {
        let body = serde_json::json!({ "login": login.login, "password": login.password }).to_string();
        let answer = ask(&zone, "POST", "/v1/session", &[common::JSON], body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["role"]), (201, &login.role.into()));
    }
    let again = demo::load(&Store::temporary().await.expect("a database")).await.expect("the demonstration");
    assert_ne!(again.logins[0].password, guests.logins[0].password);
}
