//! The API's functions, asked by pages: what they take made from forms, what they answer read back.

use axum::http::Uri;
use axum::http::header::LOCATION;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::parameters::{Parameter, Parameters};
use crate::problem::{INTERNAL, Problem};

/// The document of an answer.
///
/// # Errors
/// `internal` where there is none.
pub async fn document(answer: Response) -> Result<Value, Problem> {
    let body = answer.into_body().collect().await.map_err(|_| Problem::new(&INTERNAL))?.to_bytes();
    serde_json::from_slice(&body).map_err(|_| Problem::new(&INTERNAL))
}

/// The last part of the address of what was made: its id.
pub fn id_made(answer: &Response) -> String {
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    location.rsplit('/').next().unwrap_or_default().to_string()
}

/// Parameters of a call of the API.
///
/// # Errors
/// `bad_parameter`.
pub fn parameters(known: &[Parameter], given: &[(&str, &str)]) -> Result<Parameters, Problem> {
    let pairs: Vec<String> = given
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::lists::percent_encoded(value)))
        .collect();
    let uri: Uri = format!("/?{}", pairs.join("&")).parse().map_err(|_| Problem::new(&INTERNAL))?;
    Parameters::of(&uri, known)
}
