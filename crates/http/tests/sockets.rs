//! The service over real sockets: callers that go away, are slow, or send too much; stopping.

use std::net::SocketAddr;
use std::time::Duration;

use common::Zone;
use tiaoji_server::app::Settings;
use tiaoji_server::serve::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

mod common;

async fn start(settings: Settings) -> (Zone, SocketAddr, JoinHandle<std::io::Result<()>>) {
    let zone = Zone::with(settings.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (router, stopping) = (zone.router.clone(), zone.app.stopping.clone());
    let serving = tokio::spawn(async move { serve(listener, router, &settings, stopping).await });
    (zone, address, serving)
}

/// Sends bytes and reads whatever comes until the other side closes.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let _ = stream.write_all(bytes).await; // the other side may have had enough
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(zone: &Zone, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /v1/match?gap=0 HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n{}\r\ncontent-length: {}\r\n\r\n",
        zone.key("service"),
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_match_over_a_socket_then_a_graceful_stop() {
    let (zone, address, serving) = start(Settings::default()).await;
    let answer = exchange(address, &post(&zone, &common::document("features/competition"))).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\"objective_fen\": 221000"), "{answer}");
    // what is under way when the service stops is answered
    let request = post(&zone, &common::document("jibei"));
    let under_way = tokio::spawn(async move { exchange(address, &request).await });
    while zone.app.slots.load().0 == 0 && !under_way.is_finished() {
        tokio::task::yield_now().await;
    }
    zone.app.stopping.cancel();
    assert!(under_way.await.expect("joined").starts_with("HTTP/1.1 200"));
    serving.await.expect("joined").expect("served");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_caller_who_goes_away_stops_the_solve() {
    let (zone, address, _serving) = start(Settings { workers: 1, ..Settings::default() }).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // minutes of work, to the last fen
    let options = tiaoji_formats::GenerateOptions {
        surplus: 800,
        shortage: 800,
        firms: 200,
        ..tiaoji_formats::GenerateOptions::default()
    };
    let body = tiaoji_formats::draft_to_json(&tiaoji_formats::generate(&options));
    stream.write_all(&post(&zone, &body)).await.expect("sent");
    while zone.app.slots.load().0 == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(stream);
    let freed = async {
        while zone.app.slots.load().0 > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), freed).await.expect("the place is free again");
}

#[tokio::test]
async fn slow_heads_and_long_heads_are_cut_off() {
    let settings = Settings { head_time: Duration::from_millis(50), ..Settings::default() };
    let (_zone, address, _serving) = start(settings).await;
    let answer = exchange(address, b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow").await;
    assert!(!answer.contains("200 OK"), "{answer}");
    let long = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(400 << 10));
    let answer = exchange(address, long.as_bytes()).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(100));
    let answer = exchange(address, many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_unread() {
    let (zone, address, _serving) = start(Settings::default()).await;
    let head = format!(
        "POST /v1/match HTTP/1.1\r\nhost: x\r\n{}\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\n\r\n",
        zone.key("service")
    );
    let answer = exchange(address, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("\"code\":\"too_large\""), "{answer}");
}
