//! People: users, invitations and keys. A link and a key are shown once, where they have been made.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::answers::{document, parameters};
use super::entry::secret;
use super::form::{Faults, Field, Sort, Values, summary};
use super::postings::firms;
use super::shell::onward;
use super::texts;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::lists::{PAGE, percent_encoded};
use crate::parameters::Parameters;
use crate::people;
use crate::problem::{NOT_FOUND, Problem};
use crate::who::Role;

const NO_HINT: (&str, &str) = ("", "");
const NAME: Field =
    Field {
        member: "name", sort: Sort::Text, is_needed: true, name: ("Name", "姓名或名称"), hint: NO_HINT
    };
const ROLE: Field = Field {
    member: "role",
    sort: Sort::Choice(texts::ROLES),
    is_needed: true,
    name: ("Role", "角色"),
    hint: NO_HINT,
};
const FIRM: Field = Field {
    member: "firms",
    sort: Sort::Firm,
    is_needed: false,
    name: ("Firm", "企业"),
    hint: ("of somebody of a firm", "企业用户必选"),
};
const OFFICER: Field = Field {
    member: "officer",
    sort: Sort::Text,
    is_needed: false,
    name: ("Officer", "服务专员姓名"),
    hint: ("of an officer: the name by which firms name them", "服务专员必填，须与企业登记的专员姓名一致"),
};
const DAYS: Field = Field {
    member: "expires_days",
    sort: Sort::Number,
    is_needed: false,
    name: ("Ends after so many days", "有效天数"),
    hint: ("blank: never", "不填为长期有效"),
};
const INVITE: &[Field] = &[NAME, ROLE, FIRM, OFFICER];
const KEY: &[Field] = &[NAME, ROLE, FIRM, OFFICER, DAYS];

/// A form of this page that came back: its name, what was typed and what is wrong with it.
#[derive(Default)]
struct Back<'a> {
    form: &'a str,
    values: Values,
    faults: Faults,
}

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("People", "人员")
}

/// `GET /settings/people`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let list = everybody(&app, &visit, &Back::default()).await?;
    let inside = html! {
        @if done.is_some() { p role="status" class="notice" { (visit.say("Done.", "已完成。")) } }
        (list)
    };
    Ok(visit.page(title(&visit), &inside))
}

fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_default()
}

/// Where people belong: role, firms, officer's name.
fn access(visit: &Visit, row: &Value) -> String {
    let firms = row["firms"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let parts = [texts::role(text(row, "role"), visit.language)]
        .into_iter()
        .chain(firms)
        .chain([text(row, "officer")]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A button that does something to somebody or to a key.
fn act(visit: &Visit, row: &Value, verb: &str, name: (&str, &str)) -> Markup {
    let (id, name) = (text(row, "id"), visit.say(name.0, name.1));
    let who = text(row, "name");
    html! {
        form method="post" action=(format!("/settings/people/{}/{verb}", percent_encoded(id)))
            data-ask=(visit.language.choose(format!("{name}: {who}?"), format!("确定要{name}：{who}？"))) {
            input type="hidden" name="version" value=(row["version"].to_string());
            button class="plain" aria-label=(format!("{name}: {who} {id}")) { (name) }
        }
    }
}

async fn everybody(app: &App, visit: &Visit, back: &Back<'_>) -> Result<Markup, Problem> {
    let all = || parameters(PAGE, &[("limit", "500")]);
    let users =
        document(people::users(State(app.clone()), visit.call.of("list_users")?, all()?).await?).await?;
    let invited = people::invitations(State(app.clone()), visit.call.of("list_invitations")?, all()?).await?;
    let (invited, keys) = (
        document(invited).await?,
        document(people::keys(State(app.clone()), visit.call.of("list_keys")?, all()?).await?).await?,
    );
    let none = Vec::new();
    let items = |page: &Value| page["items"].as_array().cloned().unwrap_or_else(|| none.clone());
    let is_open = |row: &Value| row["used"].is_null();
    let (users, invited, keys) = (items(&users), items(&invited), items(&keys));
    let invited: Vec<Value> = invited.into_iter().filter(is_open).collect();
    let is_zone = visit.role() == Some(Role::Zone);
    let choices = firms(&mut app.store.view().await?, visit).await?;
    let [login, what, until, state] = [
        visit.say("Login", "登录名"),
        visit.say("Role", "角色"),
        visit.say("Until", "有效期至"),
        visit.say("State", "状态"),
    ];
    let ends = |row: &Value| {
        row["expires"]
            .as_str()
            .map_or_else(|| visit.say("without end", "长期").to_string(), |at| visit.instant(at))
    };
    Ok(html! {
        h1 { (title(visit)) }
        (summary(visit, &back.faults, &[]))
        section {
            h2 { (visit.say("Users", "用户")) }
            table class="cards" {
                thead { tr { th { (visit.say("Name", "姓名")) } th { (login) } th { (what) } th { (state) } th { span class="unseen" { (visit.say("Change", "修改")) } } } }
                tbody { @for user in &users {
                    @let is_off = user["disabled"] == true;
                    tr {
                        th scope="row" { (text(user, "name")) }
                        td data-head=(login) { (text(user, "login")) }
                        td data-head=(what) { (access(visit, user)) }
                        td data-head=(state) { (if is_off { visit.say("disabled", "已停用") } else { visit.say("may log in", "可登录") }) }
                        td {
                            @if visit.role() != Some(Role::Viewer) { (reset(visit, user, back)) }
                            @if is_zone {
                                @if is_off { (act(visit, user, "enable", ("Let in again", "恢复"))) }
                                @else { (act(visit, user, "disable", ("Disable", "停用"))) }
                            }
                        }
                    }
                } }
            }
        }
        section {
            h2 { (visit.say("Invitations", "邀请")) }
            @if invited.is_empty() { p class="soft" { (visit.say("None is open.", "没有未使用的邀请。")) } }
            @else {
                table class="cards" {
                    thead { tr { th { (visit.say("Name", "姓名")) } th { (what) } th { (until) } @if is_zone { th { span class="unseen" { (visit.say("Take back", "撤回")) } } } } }
                    tbody { @for one in &invited { tr {
                        th scope="row" { (text(one, "name")) }
                        td data-head=(what) { (access(visit, one)) }
                        td data-head=(until) { (ends(one)) }
                        @if is_zone { td { (act(visit, one, "uninvite", ("Take back", "撤回"))) } }
                    } } }
                }
            }
            @if is_zone { (new(visit, "invite", INVITE, ("Invite somebody", "邀请用户"), ("Make the link", "生成邀请链接"), &choices, back)) }
        }
        section {
            h2 { (visit.say("Keys of programs", "程序密钥")) }
            @if keys.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
            @else {
                table class="cards" {
                    thead { tr { th { (visit.say("Name", "名称")) } th { (what) } th { (until) } @if is_zone { th { span class="unseen" { (visit.say("Change", "修改")) } } } } }
                    tbody { @for key in &keys { tr {
                        th scope="row" { (text(key, "name")) }
                        td data-head=(what) { (access(visit, key)) }
                        td data-head=(until) { @if key["revoked"].is_null() { (ends(key)) } @else { (visit.say("revoked", "已吊销")) } }
                        @if is_zone { td { @if key["revoked"].is_null() {
                            (act(visit, key, "rotate", ("New secret", "更换密钥")))
                            (act(visit, key, "revoke", ("Revoke", "吊销")))
                        } } }
                    } } }
                }
            }
            @if is_zone { (new(visit, "key", KEY, ("Make a key", "新建密钥"), ("Make the key", "生成密钥"), &choices, back)) }
        }
    })
}

/// The form of a new password for somebody who has forgotten theirs.
fn reset(visit: &Visit, user: &Value, back: &Back) -> Markup {
    let id = text(user, "id");
    let form = format!("password-{id}");
    let is_back = back.form == id;
    // the fault is told at the top: several fields of the page hold a password
    html! {
        details open[is_back] {
            summary { (visit.say("New password", "重设密码")) }
            form method="post" action=(format!("/settings/people/{}/password", percent_encoded(id))) {
                input type="hidden" name="version" value=(user["version"].to_string());
                input name="login" value=(text(user, "login")) autocomplete="username" aria-label=(visit.say("Login", "登录名")) readonly hidden;
                (secret(visit.say("New password, at least 10 characters", "新密码，至少 10 个字符"), &form, "new-password", &Faults::default()))
                button class="second" aria-label=(format!("{}: {}", visit.say("Set it", "设定"), text(user, "name"))) {
                    (visit.say("Set it", "设定"))
                }
            }
        }
    }
}

/// The form of somebody or something new.
fn new(
    visit: &Visit,
    form: &str,
    fields: &[Field],
    name: (&str, &str),
    button: (&str, &str),
    firms: &[(String, String)],
    back: &Back,
) -> Markup {
    let (blank, none) = (Values::default(), Faults::default());
    let is_back = back.form == form;
    let (values, faults) = if is_back { (&back.values, &back.faults) } else { (&blank, &none) };
    html! {
        details open[is_back] {
            summary { (visit.say(name.0, name.1)) }
            form method="post" action=(format!("/settings/people/{form}")) class="fields" {
                @for field in fields { (field.markup_in(form, visit, values, faults, firms)) }
                button { (visit.say(button.0, button.1)) }
            }
        }
    }
}

/// What is told once.
fn once(visit: &Visit, name: &str, secret: &str, note: (&str, &str)) -> Response {
    let inside = html! {
        h1 { (name) }
        p role="status" class="notice" { (visit.say(note.0, note.1)) }
        div class="field wide" {
            label for="secret" { (name) }
            textarea id="secret" rows="2" readonly { (secret) }
        }
        p class="actions" {
            button class="second" data-copy="secret" data-copied=(visit.say("Copied", "已复制")) hidden { (visit.say("Copy", "复制")) }
            a href="/settings/people" { (visit.say("Back to the people", "返回人员")) }
        }
    };
    visit.page(name, &inside)
}

/// What was made, as it is told once.
fn told(visit: &Visit, made: &Value) -> Response {
    match made["link"].as_str() {
        Some(link) => once(
            visit,
            visit.say("Invitation", "邀请链接"),
            link,
            (
                "Pass this link on. It is shown once, works once, and for 72 hours.",
                "请转发此链接。仅显示一次，72 小时内有效，用过即失效。",
            ),
        ),
        None => once(
            visit,
            visit.say("Key", "密钥"),
            text(made, "key"),
            (
                "Keep this key where programs keep secrets. It is shown once.",
                "请妥善保存此密钥，仅显示一次。",
            ),
        ),
    }
}

/// `POST /settings/people/{verb}`: invites somebody, makes a key.
pub async fn make(
    State(app): State<App>,
    visit: Visit,
    Path(verb): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let fields = match verb.as_str() {
        "invite" => INVITE,
        "key" => KEY,
        _ => return Err(Problem::new(&NOT_FOUND)),
    };
    let mut row = Map::new();
    for field in fields {
        if let Some(sent) = field.sent(values.get(field.member)) {
            let sent = if field.sort == Sort::Firm { json!([sent]) } else { sent };
            row.insert(field.member.to_string(), sent);
        }
    }
    let sent = Json::of(&row.into());
    let made = if verb == "invite" {
        people::invite(State(app.clone()), visit.call.of("create_invitation")?, sent).await
    } else {
        people::add_key(State(app.clone()), visit.call.of("create_key")?, sent).await
    };
    match made {
        Ok(made) => Ok(told(&visit, &document(made).await?)),
        Err(problem) => refused(&app, &visit, &problem, &verb, values).await,
    }
}

async fn refused(
    app: &App,
    visit: &Visit,
    problem: &Problem,
    form: &str,
    values: Values,
) -> Result<Response, Problem> {
    let back = Back { form, values, faults: Faults::of(problem, visit.language) };
    let inside = everybody(app, visit, &back).await?;
    Ok(visit.refused(title(visit), problem, &inside))
}

/// `POST /settings/people/{id}/{verb}`
pub async fn act_on(
    State(app): State<App>,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let (state, at) = (State(app.clone()), Path(id.clone()));
    let change = async |member: &str, value: Value| {
        let mut call = visit.call.of("change_user")?;
        call.if_match = Some(format!("\"{}\"", values.get("version")));
        people::change_user(State(app.clone()), call, Path(id.clone()), Json::of(&json!({ member: value })))
            .await
    };
    let outcome = match verb.as_str() {
        "password" => change("password", values.raw(&format!("password-{id}")).into()).await,
        "disable" => change("disabled", true.into()).await,
        "enable" => change("disabled", false.into()).await,
        "uninvite" => people::uninvite(state, visit.call.of("delete_invitation")?, at).await,
        "revoke" => people::revoke_key(state, visit.call.of("revoke_key")?, at).await,
        "rotate" => {
            let made = people::rotate_key(state, visit.call.of("rotate_key")?, at).await?;
            return Ok(told(&visit, &document(made).await?));
        }
        _ => return Err(Problem::new(&NOT_FOUND)),
    };
    match outcome {
        Ok(_) => Ok(onward("/settings/people?done=changed")),
        Err(problem) => refused(&app, &visit, &problem, &id, Values::default()).await,
    }
}
