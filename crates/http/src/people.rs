//! `/v1/users`, `/v1/invitations`, `/v1/keys`: who may come in.

use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tiaoji_store::{Access, ApiKey, Error, Invitation, NewKey, NewUser, Tx, User};

use crate::app::App;
use crate::body::Json;
use crate::change::{Done, change, etag};
use crate::fields::Fields;
use crate::lists::{Part, page};
use crate::parameters::Parameters;
use crate::problem::{DUPLICATE, FORBIDDEN, NOT_FOUND, Problem, VERSION_MISMATCH};
use crate::secrets::{fingerprint, hash_password, token};
use crate::who::{Call, Reach, Role};
use crate::zone::sort::instant;

/// What API keys begin with.
pub const KEY_PREFIX: &str = "tiaoji_";
const DAY: i64 = 24 * 3600 * 1000;
/// How long the old secret of a rotated key holds.
const GRACE: i64 = DAY;

fn show_user(user: &User) -> Value {
    json!({
        "id": user.id, "version": user.version, "login": user.login, "name": user.name, "role": user.access.role,
        "firms": user.access.firms, "officer": user.access.officer, "created": instant(user.created),
        "disabled": user.disabled.is_some(),
    })
}

fn show_key(key: &ApiKey) -> Value {
    json!({
        "id": key.id, "name": key.name, "role": key.access.role, "firms": key.access.firms,
        "officer": key.access.officer, "created": instant(key.created), "expires": key.expires.map(instant),
        "revoked": key.revoked.map(instant),
    })
}

fn show_invitation(invitation: &Invitation) -> Value {
    json!({
        "id": invitation.id, "name": invitation.name, "role": invitation.access.role,
        "firms": invitation.access.firms, "officer": invitation.access.officer,
        "created": instant(invitation.created), "expires": instant(invitation.expires),
        "used": invitation.used.map(instant),
    })
}

/// Whether somebody's access lies within what the caller reaches: all, or firms that an officer looks after.
fn sees(call: &Call, access: &Access) -> bool {
    match call.actor.as_ref() {
        Some(actor) if call.reach() == Reach::Own => {
            access.role == Role::Firm.name() && access.firms.iter().all(|firm| actor.has(firm))
        }
        Some(_) => call.reach() == Reach::All,
        None => false,
    }
}

/// Only the zone lets people in; an officer sets the passwords of theirs anew.
fn only_the_zone(call: &Call) -> Result<(), Problem> {
    if call.reach() == Reach::All { Ok(()) } else { Err(Problem::new(&FORBIDDEN)) }
}

fn part(mut parameters: Parameters, all: impl Iterator<Item = (String, Value)>) -> Result<Response, Problem> {
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let mut rows: Vec<(String, Value)> = all.collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut rest = rows.into_iter().filter(|(id, _)| part.after.as_ref().is_none_or(|after| id > after));
    let items: Vec<(String, Value)> = rest.by_ref().take(part.limit as usize).collect();
    let next = rest.next().and_then(|_| items.last().map(|(id, _)| id.clone()));
    let items: Vec<Value> = items.into_iter().map(|(_, value)| value).collect();
    Ok(page(&items, next))
}

/// `GET /v1/users`
pub async fn users(State(app): State<App>, call: Call, parameters: Parameters) -> Result<Response, Problem> {
    let users = app.store.view().await?.users().await?;
    let seen = users.iter().filter(|user| sees(&call, &user.access));
    part(parameters, seen.map(|user| (user.id.clone(), show_user(user))))
}

/// `GET /v1/users/{id}`
pub async fn user(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let user = app.store.view().await?.user(&id).await?;
    if !sees(&call, &user.access) {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(([(ETAG, etag(user.version))], axum::Json(show_user(&user))).into_response())
}

/// `POST /v1/users`
pub async fn add_user(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let mut fields = Fields::of(&sent)?;
    let (login, name) = (fields.text("login", 1, 100), fields.text("name", 1, 200));
    let password = fields.text("password", 10, 1000);
    let access = fields.access();
    fields.finish()?;
    let password_hash = hash_password(password.unwrap_or_default()).await?;
    let new = NewUser {
        login: login.unwrap_or_default(),
        name: name.unwrap_or_default(),
        password_hash,
        access,
        disabled: false,
    };
    let by = call.actor()?.by(None);
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let user = taken(tx.add_user(&by, &new).await)?;
            Ok(Done::created(format!("/v1/users/{}", user.id), Some(user.version), show_user(&user)))
        })
    })
    .await
}

fn taken<T>(outcome: tiaoji_store::Result<T>) -> Result<T, Problem> {
    match outcome {
        Err(Error::Conflict(why)) => Err(Problem::new(&DUPLICATE).detail(why, "登录名已被使用")),
        other => Ok(other?),
    }
}

/// `PATCH /v1/users/{id}`
pub async fn change_user(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
    sent: Json,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&sent)?;
    let password = fields.optional_text("password", 10, 1000);
    let password_hash = match &password {
        Some(password) => Some(hash_password(password.clone()).await?),
        None => None,
    };
    let login = fields.optional_text("login", 1, 100);
    let name = fields.optional_text("name", 1, 200);
    let disabled = fields.flag("disabled");
    let reaches = ["role", "firms", "officer"].iter().any(|member| fields.has(member));
    let is_more = login.is_some() || name.is_some() || disabled.is_some() || reaches;
    let access = reaches.then(|| fields.access());
    fields.finish()?;
    let copy = call.clone();
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let before = to_be_changed(tx, &copy, &id).await?;
            if is_more {
                only_the_zone(&copy)?;
            }
            let is_new = password_hash.is_some();
            let new = NewUser {
                login: login.unwrap_or(before.login),
                name: name.unwrap_or(before.name),
                password_hash: password_hash.unwrap_or(before.password_hash),
                access: access.unwrap_or(before.access),
                disabled: disabled.unwrap_or(before.disabled.is_some()),
            };
            let by = copy.actor()?.by(None);
            let user = taken(tx.change_user(&by, &id, Some(before.version), &new).await)?;
            if is_new {
                tx.end_sessions(&id).await?;
            }
            Ok(Done::ok(StatusCode::OK, Some(user.version), Some(show_user(&user))))
        })
    })
    .await
}

async fn to_be_changed(tx: &mut Tx, call: &Call, id: &str) -> Result<User, Problem> {
    let user = tx.user(id).await?;
    if !sees(call, &user.access) {
        return Err(Problem::new(&NOT_FOUND));
    }
    if call.expected_version()?.is_some_and(|expected| expected != user.version) {
        let tag = HeaderValue::from_str(&etag(user.version)).unwrap_or(HeaderValue::from_static(""));
        return Err(Problem::new(&VERSION_MISMATCH).member("current", show_user(&user)).header(ETAG, tag));
    }
    Ok(user)
}

/// `GET /v1/invitations`
pub async fn invitations(
    State(app): State<App>,
    call: Call,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let all = app.store.view().await?.invitations().await?;
    let seen = all.iter().filter(|invitation| sees(&call, &invitation.access));
    part(parameters, seen.map(|invitation| (invitation.id.clone(), show_invitation(invitation))))
}

/// `POST /v1/invitations`: the answer bears the link, once.
pub async fn invite(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let mut fields = Fields::of(&sent)?;
    let name = fields.text("name", 1, 200).unwrap_or_default();
    let access = fields.access();
    fields.finish()?;
    let secret = token("");
    // after the `#`, which browsers send to nobody
    let link = format!("{}/invitation#{secret}", app.settings.outside.base);
    let by = call.actor()?.by(None);
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let made = tx.invite(&by, &fingerprint(&secret), &name, &access).await?;
            let location = format!("/v1/invitations/{}", made.id);
            let done = Done::created(location, None, show_invitation(&made));
            Ok(Done { secret: Some(("link", link)), ..done })
        })
    })
    .await
}

/// `GET /v1/invitations/{id}`
pub async fn invitation(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let all = app.store.view().await?.invitations().await?;
    let found = all.iter().find(|invitation| invitation.id == id && sees(&call, &invitation.access));
    let found = found.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    Ok(axum::Json(show_invitation(found)).into_response())
}

/// `DELETE /v1/invitations/{id}`
pub async fn uninvite(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let by = call.actor()?.by(None);
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            tx.withdraw_invitation(&by, &id).await?;
            Ok(Done::nothing())
        })
    })
    .await
}

/// `GET /v1/keys`
pub async fn keys(State(app): State<App>, call: Call, parameters: Parameters) -> Result<Response, Problem> {
    let all = app.store.view().await?.keys().await?;
    let seen = all.iter().filter(|key| sees(&call, &key.access));
    part(parameters, seen.map(|key| (key.id.clone(), show_key(key))))
}

/// `GET /v1/keys/{id}`
pub async fn key(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let all = app.store.view().await?.keys().await?;
    let found = all.iter().find(|key| key.id == id && sees(&call, &key.access));
    Ok(axum::Json(show_key(found.ok_or_else(|| Problem::new(&NOT_FOUND))?)).into_response())
}

/// `POST /v1/keys`: the answer bears the key, once.
pub async fn add_key(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let mut fields = Fields::of(&sent)?;
    let name = fields.text("name", 1, 200).unwrap_or_default();
    let access = fields.access();
    let lifetime = fields.days("expires_days").map(|days| days * DAY);
    fields.finish()?;
    let secret = token(KEY_PREFIX);
    let new = NewKey { name, hash: fingerprint(&secret), access, user: None, lifetime };
    let by = call.actor()?.by(None);
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let key = tx.add_key(&by, &new).await?;
            let done = Done::created(format!("/v1/keys/{}", key.id), None, show_key(&key));
            Ok(Done { secret: Some(("key", secret)), ..done })
        })
    })
    .await
}

/// `POST /v1/keys/{id}/rotate`: a new secret, told once; the old one holds for a day.
pub async fn rotate_key(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let secret = token(KEY_PREFIX);
    let by = call.actor()?.by(None);
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            let key = tx.rotate_key(&by, &id, &fingerprint(&secret), GRACE).await?;
            let done = Done::ok(StatusCode::OK, None, Some(show_key(&key)));
            Ok(Done { secret: Some(("key", secret)), ..done })
        })
    })
    .await
}

/// `DELETE /v1/keys/{id}`: it ends at once.
pub async fn revoke_key(
    State(app): State<App>,
    call: Call,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    only_the_zone(&call)?;
    let by = call.actor()?.by(None);
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            tx.revoke_key(&by, &id).await?;
            Ok(Done::nothing())
        })
    })
    .await
}
