//! Bodies of requests: of the right media type, not too large, not too slow, and not too many large ones at once.

use axum::body::Bytes;
use axum::body::HttpBody;
use axum::extract::{FromRequest, Request};
use axum::http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::problem::{BUSY, MALFORMED, Problem, TIMEOUT, TOO_LARGE, UNSUPPORTED};

/// Up to here a body needs no room of its own.
const SMALL: usize = 64 << 10;

/// The media types of a merge patch.
const PATCH: [&str; 2] = ["application/merge-patch+json", "application/json"];

/// A JSON document as it came in, and the room that it takes until it is dropped.
pub struct Json {
    pub bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl FromRequest<App> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Json, Problem> {
        let types = if request.method() == Method::PATCH { &PATCH[..] } else { &PATCH[1..] };
        check_type(request.headers(), types)?;
        read(app, request).await
    }
}

impl Json {
    /// A document that was made here.
    pub fn of(value: &Value) -> Json {
        Json { bytes: value.to_string().into(), _room: None }
    }

    /// The object that was sent; an empty one where there is no body.
    ///
    /// # Errors
    /// `malformed`.
    pub fn object_or_empty(&self) -> Result<Map<String, Value>, Problem> {
        if self.bytes.is_empty() { Ok(Map::new()) } else { self.object() }
    }

    /// The object that was sent.
    ///
    /// # Errors
    /// `malformed`.
    pub fn object(&self) -> Result<Map<String, Value>, Problem> {
        serde_json::from_slice(&self.bytes).map_err(|error| {
            Problem::new(&MALFORMED).detail(
                format!("A JSON object is needed: {error}"),
                format!("正文应为一个 JSON 对象：{error}"),
            )
        })
    }
}

/// A JSON document that may be absent.
///
/// # Errors
/// Those of a body; another media type only where there is one.
pub async fn read_optional(app: &App, request: Request) -> Result<Json, Problem> {
    let headers = request.headers().clone();
    let sent = read(app, request).await?;
    if !sent.bytes.is_empty() {
        check_type(&headers, &PATCH[1..])?;
    }
    Ok(sent)
}

/// A body of any of some media types; parameters such as `charset` are not looked at.
pub fn check_type(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if types.iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        return Ok(());
    }
    let known = types.join(", ");
    Err(Problem::new(&UNSUPPORTED)
        .detail(format!("Send Content-Type: {known}"), format!("请求头应为 Content-Type: {known}")))
}

/// The whole body.
pub async fn read(app: &App, request: Request) -> Result<Json, Problem> {
    let (parts, body) = request.into_parts();
    let encoding = parts.headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::new(&UNSUPPORTED)
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            .detail("Send the body without a content encoding", "正文不要压缩"));
    }
    let most = app.settings.max_body;
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large(most));
    }
    // a body that is not there has no length in its head either
    let known = length.or_else(|| body.size_hint().upper());
    let size = known.map_or(most, |size| size.min(most as u64) as usize);
    let room = if size <= SMALL {
        None
    } else {
        let kib = u32::try_from(size.div_ceil(1024)).unwrap_or(u32::MAX);
        let room = app.bodies.clone().try_acquire_many_owned(kib);
        Some(room.map_err(|_| {
            Problem::new(&BUSY)
                .retry_after(2)
                .detail("Too many large bodies are being read just now", "正在接收的大文件过多，请稍后再试")
        })?)
    };
    let collected = tokio::time::timeout(app.settings.body_time, Limited::new(body, most).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(Json { bytes: collected.to_bytes(), _room: room }),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(most)),
        Ok(Err(error)) => Err(Problem::new(&MALFORMED)
            .detail(format!("The body broke off: {error}"), format!("正文传输中断：{error}"))),
        Err(_) => Err(Problem::new(&TIMEOUT).header(CONNECTION, HeaderValue::from_static("close"))),
    }
}

fn too_large(most: usize) -> Problem {
    // What is left of the body is not read.
    Problem::new(&TOO_LARGE)
        .header(CONNECTION, HeaderValue::from_static("close"))
        .detail(format!("A body may have {most} bytes"), format!("正文最多 {most} 字节"))
        .member("limit", most.into())
}
