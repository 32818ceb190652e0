//! What the store promises, on every engine: SQLite always, PostgreSQL with the feature `pg-tests`.

mod deals;
#[cfg(feature = "pg-tests")]
mod encrypted;
mod expiry;
#[cfg(feature = "pg-tests")]
mod gone;
mod imports;
mod keys;
mod people;
mod plans;
mod records;
mod runs;
mod scenario;
mod writes;

use serde_json::{Value, json};
use std::future::Future;
use tiaoji_store::{By, Error, Kind, Record, Result, State, Store};

/// Runs a test on an empty database of every engine.
fn on_every_engine<F: Future<Output = Result<()>>>(test: impl Fn(Store) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = Store::temporary().await.expect("a temporary database");
        test(store).await.expect("SQLite");
        #[cfg(feature = "pg-tests")]
        {
            let url = tiaoji_testkit::postgres::Server::shared().database();
            let store = Store::open(&url).await.expect("a database");
            test(store.clone()).await.expect("PostgreSQL");
            store.close().await;
        }
    });
}

fn posting(id: &str, firm: &str, from: &str, to: &str) -> Value {
    json!({ "id": id, "firm": firm, "skill": "packer", "headcount": 2, "from": from, "to": to })
}

async fn create(store: &Store, kind: Kind, id: &str, body: Value) -> Result<Record> {
    let id = id.to_string();
    store
        .write(move |tx| {
            Box::pin(async move { tx.create(&By::actor("U-1"), kind, &id, State::Open, &body).await })
        })
        .await
}

async fn replace(store: &Store, kind: Kind, id: &str, version: Option<i64>, body: Value) -> Result<Record> {
    let id = id.to_string();
    store
        .write(move |tx| {
            let by = By { reason: Some("fewer".to_string()), ..By::actor("U-2") };
            Box::pin(async move { tx.replace(&by, kind, &id, version, State::Open, &body).await })
        })
        .await
}

async fn delete(store: &Store, kind: Kind, id: &str, version: Option<i64>) -> Result<()> {
    let id = id.to_string();
    store
        .write(move |tx| Box::pin(async move { tx.delete(&By::actor("U-3"), kind, &id, version).await }))
        .await
}

fn conflict<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Conflict(text)) => text,
        other => panic!("a conflict, not {other:?}"),
    }
}
