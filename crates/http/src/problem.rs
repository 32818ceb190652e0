//! Faults on the wire: `application/problem+json` (RFC 9457) with a `code`, in the language of the caller.
//!
//! Whatever fails anywhere becomes a [`Problem`]; it travels beside an empty answer and is written out by [`write_out`],
//! which knows the request.

use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Faults, Report};
use tiaoji_store::Error;

use crate::language;
use crate::observe::request_id;

/// The media type of faults.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A code, its status, and its title in English and Chinese.
pub struct Kind {
    pub code: &'static str,
    pub status: StatusCode,
    pub title: (&'static str, &'static str),
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $status:ident, $en:literal, $zh:literal;)*) => {
        $(pub const $name: Kind = Kind { code: $code, status: StatusCode::$status, title: ($en, $zh) };)*
        /// Every kind of fault, in the order of their statuses.
        pub const KINDS: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    MALFORMED = "malformed", BAD_REQUEST, "The body is no JSON document", "正文不是 JSON 文档";
    BAD_PARAMETER = "bad_parameter", BAD_REQUEST, "A parameter is unknown or unreadable", "参数未知或无法识别";
    BAD_CURSOR = "bad_cursor", BAD_REQUEST, "The cursor is not one of ours", "游标无效";
    UNAUTHENTICATED = "unauthenticated", UNAUTHORIZED, "Nobody is logged in", "未登录";
    FORBIDDEN = "forbidden", FORBIDDEN, "That is not allowed", "无权进行此操作";
    CSRF = "csrf", FORBIDDEN, "The request comes from elsewhere", "请求来自其他网站";
    NOT_FOUND = "not_found", NOT_FOUND, "There is nothing here", "此处没有内容";
    METHOD_NOT_ALLOWED = "method_not_allowed", METHOD_NOT_ALLOWED, "That method is not for this address", "该地址不支持此方法";
    NOT_ACCEPTABLE = "not_acceptable", NOT_ACCEPTABLE, "None of the accepted media types can be given", "无法提供所要求的媒体类型";
    TIMEOUT = "timeout", REQUEST_TIMEOUT, "The body did not arrive in time", "正文未能及时到达";
    STATE_CONFLICT = "state_conflict", CONFLICT, "The state does not allow that", "当前状态不允许此操作";
    STALE_PLAN = "stale_plan", CONFLICT, "Today's data no longer allow the whole plan", "现有数据已不允许整份方案";
    CAPACITY = "capacity", CONFLICT, "More than the postings offer", "超出余工或缺工的人数";
    BELOW_AGREED = "below_agreed", CONFLICT, "More than that is agreed already", "低于已约定的人数";
    DUPLICATE = "duplicate", CONFLICT, "That exists already", "已存在";
    IN_FLIGHT = "in_flight", CONFLICT, "The same request is still being worked on", "相同请求正在处理中";
    NOT_READY = "not_ready", CONFLICT, "There is nothing yet", "尚无结果";
    VERSION_MISMATCH = "version_mismatch", PRECONDITION_FAILED, "It has changed since", "内容已被更改";
    TOO_LARGE = "too_large", PAYLOAD_TOO_LARGE, "That is too large", "内容过大";
    UNSUPPORTED = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is of another media type", "正文的媒体类型不符";
    DEFECTS = "defects", UNPROCESSABLE_ENTITY, "The data have defects", "数据有误";
    KEY_REUSED = "key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was for another request", "幂等键已用于其他请求";
    IF_MATCH_REQUIRED = "if_match_required", PRECONDITION_REQUIRED, "Say which version is meant", "请指明所针对的版本";
    TOO_MANY = "too_many_requests", TOO_MANY_REQUESTS, "Too many requests at once", "请求过多";
    INTERNAL = "internal", INTERNAL_SERVER_ERROR, "The service failed", "服务内部错误";
    BUSY = "busy", SERVICE_UNAVAILABLE, "The service is busy", "服务繁忙";
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: String,
    zh: String,
}

impl Text {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Text {
        Text { en: en.into(), zh: zh.into() }
    }

    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A fault on its way out.
#[derive(Clone, Debug)]
pub struct Problem(Box<Fault>);

#[derive(Clone, Debug)]
struct Fault {
    kind: &'static Kind,
    detail: Option<Text>,
    /// Members of the document beyond the standard ones.
    members: Map<String, Value>,
    headers: HeaderMap,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

impl Problem {
    pub fn new(kind: &'static Kind) -> Problem {
        Problem(Box::new(Fault { kind, detail: None, members: Map::new(), headers: HeaderMap::new() }))
    }

    pub fn detail(mut self, en: impl Into<String>, zh: impl Into<String>) -> Problem {
        self.0.detail = Some(Text::new(en, zh));
        self
    }

    pub fn text(mut self, text: Text) -> Problem {
        self.0.detail = Some(text);
        self
    }

    pub fn member(mut self, name: &str, value: Value) -> Problem {
        self.0.members.insert(name.to_string(), value);
        self
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.0.headers.insert(name, value);
        self
    }

    /// Says when to come back.
    pub fn retry_after(self, seconds: u32) -> Problem {
        self.header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    pub fn code(&self) -> &'static str {
        self.0.kind.code
    }

    pub fn status(&self) -> StatusCode {
        self.0.kind.status
    }

    /// What kind of fault it is, in words.
    pub fn title(&self, language: Language) -> &'static str {
        let (en, zh) = self.0.kind.title;
        language.choose(en, zh)
    }

    /// What there is to say of it.
    pub fn told(&self, language: Language) -> &str {
        self.0.detail.as_ref().map_or(self.title(language), |detail| detail.say(language))
    }

    /// Its list of defects, as they are written.
    pub fn listed(&self) -> &[Value] {
        self.0.members.get("defects").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Every defect of a document, each with its JSON pointer.
    pub fn defects(faults: &Faults) -> Problem {
        Problem::defects_below(faults, "")
    }

    /// Every defect of a part of a document, pointers beginning there.
    pub fn defects_below(faults: &Faults, prefix: &str) -> Problem {
        let below = |report: &Report| {
            let pointer = report.pointer();
            let rest = pointer.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            let mut defect = defect(report, rest.unwrap_or(&pointer));
            if !prefix.is_empty() && rest.is_some() {
                // inside the part there is neither a table nor a row
                let column = report.column.as_ref().and_then(|column| column.split_once('.'));
                defect["column"] = column.map_or(report.column.as_deref(), |(_, column)| Some(column)).into();
                defect["row"] = Value::Null;
            }
            defect
        };
        Problem::list(faults.defects.iter().map(below).collect())
    }

    /// One defect, of a member of an object.
    pub fn defect(code: &str, member: &str, read: &Value, why: &Text) -> Problem {
        Problem::list(vec![json!({
            "code": code,
            "pointer": format!("/{member}"),
            "row": null,
            "column": member,
            "read": read.as_str().map_or_else(|| read.to_string(), str::to_string),
            "message": why.en,
            "message_zh": why.zh,
            "remedy": "",
            "remedy_zh": "",
        })])
    }

    /// Defects that are written already.
    pub fn list(defects: Vec<Value>) -> Problem {
        let count = defects.len();
        let noun = if count == 1 { "defect" } else { "defects" };
        Problem::new(&DEFECTS)
            .detail(
                format!("{count} {noun}, each with its place and remedy"),
                format!("共 {count} 处有误，逐处列出位置与改法"),
            )
            .member("defects", defects.into())
    }

    fn document(&self, language: Language, instance: &str, request_id: Option<&str>) -> Value {
        let mut document = Map::new();
        let mut put = |name: &str, value: Value| document.insert(name.to_string(), value);
        put("type", format!("/docs#{}", self.0.kind.code).into());
        put("title", self.title(language).into());
        put("status", self.0.kind.status.as_u16().into());
        if let Some(detail) = &self.0.detail {
            put("detail", detail.say(language).into());
        }
        put("instance", instance.into());
        put("code", self.0.kind.code.into());
        if let Some(id) = request_id {
            put("request_id", id.into());
        }
        document.extend(self.0.members.clone());
        document.into()
    }
}

fn defect(report: &Report, pointer: &str) -> Value {
    json!({
        "code": report.code,
        "pointer": pointer,
        "row": report.row,
        "column": report.column,
        "read": report.read,
        "message": report.message,
        "message_zh": report.message_zh,
        "remedy": report.remedy,
        "remedy_zh": report.remedy_zh,
    })
}

/// What the store says, by what the caller can do about it.
impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            // an id that cannot be stored is none
            Error::NotFound | Error::Invalid(_) => Problem::new(&NOT_FOUND),
            Error::VersionMismatch { current } => {
                Problem::new(&VERSION_MISMATCH).member("current", json!({ "version": current }))
            }
            Error::TooMany(why) => Problem::new(&TOO_MANY).retry_after(30).detail(why, "排队的求解过多"),
            Error::Conflict(why) => Problem::new(&STATE_CONFLICT).detail(why, "与现有数据冲突"),
            Error::Unavailable(why) => {
                tracing::warn!(why, "the database is not available");
                Problem::new(&BUSY)
                    .retry_after(2)
                    .detail("The database is not available just now", "数据库暂时不可用")
            }
            other => {
                tracing::error!(error = %other, "the store failed");
                Problem::new(&INTERNAL)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.kind.status.into_response();
        response.headers_mut().extend(self.0.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

fn is_page(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"))
}

/// Writes faults out in the language of the request.
pub async fn write_out(request: Request, next: Next) -> Response {
    let language = language::of(request.headers());
    let id = request_id(&request);
    let instance = request.uri().path().to_string();
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // The framework's own: a part of the address that is no UTF-8. A page tells its faults itself.
        None if response.status().is_client_error() && !is_page(&response) => Problem::new(&NOT_FOUND),
        None => return response,
    };
    *response.status_mut() = problem.0.kind.status;
    let document = problem.document(language, &instance, id.as_deref());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language::tag(language)));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    *response.body_mut() = document.to_string().into();
    response
}
