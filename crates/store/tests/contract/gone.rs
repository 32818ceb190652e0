//! A PostgreSQL server that goes and comes back.

use crate::create;
use serde_json::json;
use std::time::Duration;
use tiaoji_store::{Error, Kind, Store};
use tiaoji_testkit::postgres::Server;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_store_goes_on_after_a_restart() {
    let server = Server::start(true);
    let store = Store::open(&server.database()).await.expect("a database");
    create(&store, Kind::Firm, "F1", json!({})).await.expect("a firm");
    let view = store.view().await.expect("a view");
    server.restart();
    drop(view);
    let mut faults = 0;
    loop {
        match create(&store, Kind::Firm, "F2", json!({})).await {
            Ok(_) => break,
            Err(Error::Unavailable(_)) if faults < 100 => faults += 1,
            Err(fault) => panic!("{fault:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut view = store.view().await.expect("a view");
    view.record(Kind::Firm, "F1").await.expect("what was confirmed");
    assert_eq!(view.revision().await, Ok(2));
}

#[tokio::test]
async fn without_a_server_it_says_so() {
    let server = Server::start(false);
    let store = Store::open(&server.database()).await.expect("a database");
    drop(server);
    let written = create(&store, Kind::Firm, "F1", json!({})).await;
    assert!(matches!(written, Err(Error::Unavailable(_))), "{written:?}");
    let read = store.view().await.err();
    assert!(matches!(read, Some(Error::Unavailable(_))), "{read:?}");
}
