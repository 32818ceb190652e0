//! `/v1/session`: logging in and out, and who one is.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_store::{By, Error, NewUser, User};

use crate::app::App;
use crate::body::Json;
use crate::fields::Fields;
use crate::problem::{FORBIDDEN, Problem, TOO_MANY, Text, UNAUTHENTICATED};
use crate::proof::{IDLE, LIFETIME, session_token};
use crate::secrets::{fingerprint, hash_password, is_password, token};
use crate::who::{Actor, Call, Proof};

/// What one is told of oneself.
fn shown(id: &str, name: &str, access: &tiaoji_store::Access, firms: &[String]) -> Value {
    json!({ "id": id, "name": name, "role": access.role, "firms": firms, "officer": access.officer })
}

/// `GET /v1/session`
pub async fn get(call: Call) -> Result<Response, Problem> {
    let Actor { id, name, access, firms, .. } = call.actor()?;
    let firms: Vec<String> = firms.iter().cloned().collect();
    Ok(axum::Json(shown(id, name, access, &firms)).into_response())
}

/// `POST /v1/session`: a new session, whatever there was before.
pub async fn log_in(
    State(app): State<App>,
    call: Call,
    headers: HeaderMap,
    sent: Json,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&sent)?;
    let (login, password) = (fields.text("login", 1, 100), fields.text("password", 1, 1000));
    fields.finish()?;
    let (login, password) = (login.unwrap_or_default(), password.unwrap_or_default());
    if let Some(wait) = app.throttle.wait(&login, &call.peer) {
        return Err(Problem::new(&TOO_MANY)
            .retry_after(wait)
            .detail("Too many failed logins: wait a little", "登录失败次数过多，请稍候"));
    }
    let user = match app.store.view().await?.user_by_login(&login).await {
        Ok(user) => Some(user),
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault.into()),
    };
    let is_right = is_password(password, user.as_ref().map(|user| user.password_hash.clone())).await?;
    let Some(user) = user.filter(|user| is_right && user.disabled.is_none()) else {
        app.throttle.failed(&login, &call.peer);
        return Err(Problem::new(&UNAUTHENTICATED)
            .detail("There is no such login with that password", "登录名或密码不正确"));
    };
    app.throttle.succeeded(&login, &call.peer);
    begin(&app, &headers, user).await
}

/// Begins a session of a user.
async fn begin(app: &App, headers: &HeaderMap, user: User) -> Result<Response, Problem> {
    let outside = &app.settings.outside;
    let old = session_token(headers, outside).map(fingerprint);
    let token = token("");
    let (id, hash) = (user.id.clone(), fingerprint(&token));
    app.store
        .write(move |tx| {
            Box::pin(async move { tx.begin_session(&id, &hash, old.as_deref(), IDLE, LIFETIME).await })
        })
        .await?;
    let body = shown(&user.id, &user.name, &user.access, &user.access.firms);
    let headers = [
        (SET_COOKIE, outside.cookie(&token)),
        (
            axum::http::header::LOCATION,
            "/v1/session".parse().unwrap_or(axum::http::HeaderValue::from_static("/")),
        ),
    ];
    Ok((StatusCode::CREATED, headers, axum::Json(body)).into_response())
}

/// `PATCH /v1/session`: one's own password anew. Every session of the user ends, this one goes on under a new token.
pub async fn change_password(
    State(app): State<App>,
    call: Call,
    headers: HeaderMap,
    sent: Json,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&sent)?;
    let (current, password) = (fields.text("current", 1, 1000), fields.text("password", 10, 1000));
    fields.finish()?;
    let actor = call.actor()?;
    if actor.proof == Proof::Key {
        return Err(Problem::new(&FORBIDDEN).detail("A key has no password", "密钥没有密码"));
    }
    let user = app.store.view().await?.user(&actor.id).await?;
    if let Some(wait) = app.throttle.wait(&user.login, &call.peer) {
        return Err(Problem::new(&TOO_MANY).retry_after(wait));
    }
    if !is_password(current.unwrap_or_default(), Some(user.password_hash.clone())).await? {
        app.throttle.failed(&user.login, &call.peer);
        let why = Text::new("this is not the password that holds now", "现用密码不正确");
        return Err(Problem::defect("conflict", "current", &Value::Null, &why));
    }
    let password_hash = hash_password(password.unwrap_or_default()).await?;
    let by = actor.by(None);
    let changed = app.store.write(move |tx| {
        Box::pin(async move {
            let (id, version) = (user.id.clone(), Some(user.version));
            let User { login, name, access, .. } = user;
            let new = NewUser { login, name, password_hash, access, disabled: false };
            let user = tx.change_user(&by, &id, version, &new).await?;
            tx.end_sessions(&id).await?;
            Ok(user)
        })
    });
    begin(&app, &headers, changed.await?).await
}

/// `DELETE /v1/session`
pub async fn log_out(State(app): State<App>, call: Call) -> Result<Response, Problem> {
    if let Proof::Session(hash) = call.actor()?.proof.clone() {
        app.store.write(move |tx| Box::pin(async move { tx.end_session(&hash).await })).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, app.settings.outside.cookie(""))]).into_response())
}

/// `POST /v1/invitations:accept`: a link's token, once, becomes a user and a session.
pub async fn accept(State(app): State<App>, headers: HeaderMap, sent: Json) -> Result<Response, Problem> {
    let mut fields = Fields::of(&sent)?;
    let invitation = fields.text("token", 1, 200);
    let login = fields.text("login", 1, 100);
    let password = fields.text("password", 10, 1000);
    fields.finish()?;
    let (login, hash) = (login.unwrap_or_default(), fingerprint(&invitation.unwrap_or_default()));
    // before the costly hash
    app.store.view().await?.invitation(&hash).await?;
    let password_hash = hash_password(password.unwrap_or_default()).await?;
    let user = app.store.write(move |tx| {
        Box::pin(async move {
            let invited = tx.redeem(&hash).await?;
            let new =
                NewUser { login, name: invited.name, password_hash, access: invited.access, disabled: false };
            tx.add_user(&By::actor(&invited.id), &new).await
        })
    });
    begin(&app, &headers, user.await?).await
}
