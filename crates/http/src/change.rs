//! Changes: one transaction for the change, its audit entries and the answer of its idempotency key.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use tiaoji_store::{Answer, Error, Seen, Store, Tx, sha256};

use crate::problem::{IN_FLIGHT, KEY_REUSED, Problem};
use crate::who::Call;

/// What a change answers.
#[derive(Clone, Debug)]
pub struct Done {
    pub status: StatusCode,
    /// `location`, `etag`.
    pub headers: Vec<(HeaderName, String)>,
    /// None = no body.
    pub body: Option<Value>,
    /// A member of the body that is told once, and kept nowhere.
    pub secret: Option<(&'static str, String)>,
}

impl Done {
    /// 201, where it is, and its version.
    pub fn created(location: String, version: Option<i64>, body: Value) -> Done {
        Done { headers: vec![(LOCATION, location)], ..Done::ok(StatusCode::CREATED, version, Some(body)) }
            .tagged(version)
    }

    pub fn ok(status: StatusCode, version: Option<i64>, body: Option<Value>) -> Done {
        Done { status, headers: Vec::new(), body, secret: None }.tagged(version)
    }

    pub fn nothing() -> Done {
        Done::ok(StatusCode::NO_CONTENT, None, None)
    }

    fn tagged(mut self, version: Option<i64>) -> Done {
        self.headers.retain(|(name, _)| name != ETAG);
        self.headers.extend(version.map(|version| (ETAG, etag(version))));
        self
    }

    fn answer(&self) -> Answer {
        let headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.to_string(), value.as_str().into())).collect();
        Answer {
            status: i64::from(self.status.as_u16()),
            headers: Value::from(headers).to_string(),
            body: self.body.as_ref().map(Value::to_string).unwrap_or_default(),
        }
    }

    fn response(self) -> Response {
        let mut response = self.status.into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        if let Some(mut body) = self.body {
            if let (Some((name, secret)), Some(object)) = (self.secret, body.as_object_mut()) {
                object.insert(name.to_string(), secret.into());
            }
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *response.body_mut() = body.to_string().into();
        }
        response
    }
}

/// The entity tag of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// Does `work` in one transaction; where the call bears an idempotency key, once for all calls with the same body.
///
/// # Errors
/// Those of `work` and of the database, of which nothing is kept; `key_reused`, `in_flight`.
pub async fn change<W>(store: &Store, call: &Call, body: &[u8], work: W) -> Result<Response, Problem>
where
    W: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Done, Problem>> + Send + 'static,
{
    let actor = call.actor.as_ref().map(|actor| actor.id.clone()).unwrap_or_default();
    let request = format!("{} {}\n", call.method, call.target);
    let hash = sha256(&[request.as_bytes(), body].concat());
    let key = call.idempotency_key.clone();
    // The store rolls back on an error of its own kind; ours waits here meanwhile.
    let refused: Arc<Mutex<Option<Problem>>> = Arc::default();
    let slot = refused.clone();
    let outcome = store.write(move |tx| {
        Box::pin(async move {
            if let Some(key) = &key {
                match tx.begin_key(&actor, key, &hash).await? {
                    Seen::New => {}
                    Seen::Before(answer) => return Ok(Ok(replayed(&answer))),
                    Seen::InFlight => return Ok(Err(Problem::new(&IN_FLIGHT).retry_after(1))),
                    Seen::OtherBody => return Ok(Err(Problem::new(&KEY_REUSED))),
                }
            }
            match work(tx).await {
                Ok(done) => {
                    if let Some(key) = &key {
                        tx.finish_key(&actor, key, &done.answer()).await?;
                    }
                    Ok(Ok(done.response()))
                }
                Err(problem) => {
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
                    Err(Error::Conflict(String::new()))
                }
            }
        })
    });
    let outcome = outcome.await;
    if let Some(problem) = refused.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(problem);
    }
    outcome?
}

fn replayed(answer: &Answer) -> Response {
    let mut response = StatusCode::from_u16(answer.status as u16).unwrap_or(StatusCode::OK).into_response();
    let headers: Map<String, Value> = serde_json::from_str(&answer.headers).unwrap_or_default();
    for (name, value) in &headers {
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        if let (Ok(name), Some(value)) = (HeaderName::try_from(name), value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    if !answer.body.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = answer.body.clone().into();
    }
    response
}
