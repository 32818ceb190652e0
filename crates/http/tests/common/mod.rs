//! A service in this process, asked without sockets.
#![allow(dead_code, unreachable_pub)] // each test uses a part

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
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
