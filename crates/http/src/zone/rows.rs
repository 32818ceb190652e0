//! The calls on rows, the same for every sort.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tiaoji_store::{Error, Filter, Kind, Record, State as Stage, Tx};

use super::document::{all, read_row, zone};
use super::sight::{Eyes, Sight};
use super::sort::{FIRMS, Sort, body};
use crate::app::App;
use crate::body::Json;
use crate::change::{Done, change, etag};
use crate::lists::{CURSOR, Filling, LIMIT, Part, page};
use crate::parameters::{Parameter, Parameters};
use crate::practice::postings;
use crate::problem::{DUPLICATE, FORBIDDEN, NOT_FOUND, Problem, STATE_CONFLICT, Text, VERSION_MISMATCH};
use crate::register;
use crate::register::columns::{Column, Holds};
use crate::who::{Actor, Call, Reach, Role};

/// The rows of a firm.
pub const FIRM: Parameter = Parameter {
    name: "firm",
    about: "Of this firm.",
    schema: r#"{ "type": "string", "minLength": 1, "maxLength": 64 }"#,
};
/// The first day that a list looks for.
pub const FROM: Parameter = Parameter {
    name: "from",
    about: "With a day at or after this date.",
    schema: r#"{ "type": "string", "format": "date" }"#,
};
/// The last one.
pub const TO: Parameter = Parameter {
    name: "to",
    about: "With a day at or before this date.",
    schema: r#"{ "type": "string", "format": "date" }"#,
};

/// The filters of a list of postings.
pub const FILTERS: &[Parameter] = &[
    LIMIT,
    CURSOR,
    FIRM,
    Parameter {
        name: "skill",
        about: "Of this skill.",
        schema: r#"{ "type": "string", "minLength": 1, "maxLength": 64 }"#,
    },
    Parameter {
        name: "state",
        about: "In this state.",
        schema: r#"{ "type": "string", "enum": ["draft", "open", "withdrawn", "closed"] }"#,
    },
    FROM,
    TO,
];

fn sort(call: &Call) -> Result<&'static Sort, Problem> {
    call.route.sort.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// An id to filter by.
pub fn firm_filter(text: &str) -> Result<String, Text> {
    word(text, 64).ok_or_else(|| Text::new("an id of 1 to 64 characters", "应为 1 至 64 个字符的编号"))
}

/// A name to filter by.
pub fn text_filter(text: &str) -> Result<String, Text> {
    word(text, 200).ok_or_else(|| Text::new("a text of 1 to 200 characters", "应为 1 至 200 个字符"))
}

/// A date to filter by.
pub fn date_filter(text: &str) -> Result<String, Text> {
    let day = text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10);
    day.map(|day| day.to_string()).ok_or_else(|| Text::new("a date YYYY-MM-DD", "日期写作 YYYY-MM-DD"))
}

fn word(text: &str, most: usize) -> Option<String> {
    let fits = (1..=most).contains(&text.chars().count()) && !text.contains('\0');
    fits.then(|| text.to_string())
}

fn filter(parameters: &mut Parameters) -> Filter {
    Filter {
        firm: parameters.take("firm", firm_filter),
        skill: parameters.take("skill", firm_filter),
        state: parameters.take("state", stage),
        from: parameters.take("from", date_filter),
        to: parameters.take("to", date_filter),
    }
}

/// The filters of a list on columns that hold one of a few words.
fn equal(sort: &Sort, parameters: &mut Parameters) -> Vec<(&'static str, Value)> {
    let filter = |column: &Column| {
        let Holds::Choice(words) = column.holds else { return None };
        let word = parameters.take(column.name, |text| {
            let known = words.contains(&text).then(|| text.to_string());
            known.ok_or_else(|| {
                Text::new(format!("one of {}", words.join(", ")), format!("应为 {} 之一", words.join("、")))
            })
        });
        word.map(|word| (column.name, word.into()))
    };
    sort.columns.iter().filter_map(filter).collect()
}

fn stage(text: &str) -> Result<Stage, Text> {
    let all = [Stage::Draft, Stage::Open, Stage::Withdrawn, Stage::Closed];
    let known = all.into_iter().find(|state| state.name() == text);
    known
        .ok_or_else(|| Text::new("draft, open, withdrawn or closed", "应为 draft、open、withdrawn 或 closed"))
}

/// `GET /v1/…`
pub async fn list(
    State(app): State<App>,
    call: Call,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let sort = sort(&call)?;
    let equal = equal(sort, &mut parameters);
    let filter = filter(&mut parameters);
    let is_wanted =
        |row: &Map<String, Value>| equal.iter().all(|(column, value)| row.get(*column) == Some(value));
    listed(&app, &call, parameters, sort, &filter, is_wanted).await
}

/// A page of the rows that a filter and a condition let through, and that the caller sees.
///
/// # Errors
/// Those of the parameters, which are to have been taken but for the page's; the database's.
pub async fn listed(
    app: &App,
    call: &Call,
    mut parameters: Parameters,
    sort: &Sort,
    filter: &Filter,
    is_wanted: impl Fn(&Map<String, Value>) -> bool,
) -> Result<Response, Problem> {
    let part = Part::of(&mut parameters)?;
    parameters.finish()?;
    let mut view = app.store.view().await?;
    let eyes = Eyes::of(&mut view, call, sort).await?;
    let mut filling = Filling::new(part);
    while let Some((limit, after)) = filling.wants() {
        let found = view.records(sort.kind, filter, after.as_deref(), limit).await?;
        let last = found.items.last().map(|record| filter.place(record));
        for record in found.items {
            let is_shown = is_wanted(&body(&record)) && eyes.sight(sort, &record) != Sight::Hidden;
            filling.look(filter.place(&record), is_shown.then_some(record));
            if filling.is_full() {
                break;
            }
        }
        filling.read(last.as_deref(), found.next.is_none());
    }
    let (seen, next) = filling.done();
    let items = eyes.show(&mut view, sort, &seen).await?;
    Ok(page(&items, next))
}

/// `GET /v1/…/{id}`
pub async fn read(State(app): State<App>, call: Call, id: Option<Path<String>>) -> Result<Response, Problem> {
    let sort = sort(&call)?;
    let id = id_of(sort, id);
    let mut view = app.store.view().await?;
    let eyes = Eyes::of(&mut view, &call, sort).await?;
    let record = view.record(sort.kind, &id).await?;
    let sight = eyes.sight(sort, &record);
    let shown = eyes.show(&mut view, sort, std::slice::from_ref(&record)).await?;
    let Some(shown) = shown.into_iter().next() else { return Err(Problem::new(&NOT_FOUND)) };
    if sight == Sight::Partner {
        return Ok(axum::Json(shown).into_response());
    }
    let tag = etag(record.version);
    if call.if_none_match.as_deref().is_some_and(|known| known == tag || known == "*") {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(([(ETAG, tag)], axum::Json(shown)).into_response())
}

/// `POST /v1/…`
pub async fn create(State(app): State<App>, call: Call, sent: Json) -> Result<Response, Problem> {
    let sort = sort(&call)?;
    let row = sent.object()?;
    let copy = call.clone();
    change(&app.store, &call, &sent.bytes, move |tx| {
        Box::pin(async move {
            let record = create_row(tx, &copy, sort, row).await?;
            Ok(Done::created(sort.location(&record.id), Some(record.version), sort.full(&record)))
        })
    })
    .await
}

/// A firm's posting that names no firm is its own.
pub fn for_own_firm(actor: &Actor, row: &mut Map<String, Value>) {
    if actor.role == Role::Firm
        && !row.contains_key("firm")
        && let Some(own) = actor.firms.first()
    {
        row.insert("firm".to_string(), own.as_str().into());
    }
}

/// Adds a row that somebody has sent.
///
/// # Errors
/// Defects; `forbidden` where the firm is not theirs; `duplicate`.
pub async fn create_row(
    tx: &mut Tx,
    call: &Call,
    sort: &Sort,
    mut row: Map<String, Value>,
) -> Result<Record, Problem> {
    let actor = call.actor()?;
    if sort.is_posting() {
        for_own_firm(actor, &mut row);
    }
    refuse_extra(sort, &row)?;
    register::complete(sort, actor, &mut row);
    let state = take_state(sort, &mut row)?.unwrap_or(Stage::Open);
    let id = match sort.id {
        Some("id") if row.get("id").is_none_or(Value::is_null) => {
            let id = tx.new_id(sort.kind).await?;
            row.insert("id".to_string(), id.as_str().into());
            id
        }
        Some(column) => row.get(column).and_then(Value::as_str).unwrap_or_default().trim().to_string(),
        None => tx.new_id(sort.kind).await?,
    };
    ask_for_priority(sort, actor.role, None, &mut row);
    let row = read_row(tx, sort, &id, &row).await?;
    let id = match sort.id {
        Some(column) => row.get(column).and_then(Value::as_str).map_or(id, str::to_string),
        None => id,
    };
    insert(tx, call, sort, id, state, row, None).await
}

/// Adds a row that has been read.
///
/// # Errors
/// `forbidden` where the firm is not theirs; `duplicate`.
pub async fn insert(
    tx: &mut Tx,
    call: &Call,
    sort: &Sort,
    id: String,
    state: Stage,
    row: Map<String, Value>,
    import: Option<i64>,
) -> Result<Record, Problem> {
    let actor = call.actor()?;
    may_write(call, sort, &row)?;
    let owner = sort.owner(&row).map(str::to_string);
    refuse_closed(tx, sort, state, owner.as_deref()).await?;
    let by = tiaoji_store::By { import, ..actor.by(owner.as_deref()) };
    let state = if sort.columns.is_empty() { state } else { register::stage(&row) };
    match tx.create(&by, sort.kind, &id, state, &row.into()).await {
        Err(Error::Conflict(_)) => Err(Problem::new(&DUPLICATE)
            .detail(format!("{} {id} exists already", sort.table), format!("{id} 已存在"))),
        other => Ok(other?),
    }
}

/// `PATCH /v1/…/{id}`: a merge patch (RFC 7396).
pub async fn patch(
    State(app): State<App>,
    call: Call,
    id: Option<Path<String>>,
    sent: Json,
) -> Result<Response, Problem> {
    let sort = sort(&call)?;
    let id = id_of(sort, id);
    let patch = sent.object()?;
    let copy = call.clone();
    let body = sent.bytes.clone();
    change(&app.store, &call, &body, move |tx| {
        Box::pin(async move {
            let before = to_be_changed(tx, &copy, sort, &id).await?;
            let record = patch_row(tx, &copy, sort, before, patch).await?;
            Ok(Done::ok(StatusCode::OK, Some(record.version), Some(sort.full(&record))))
        })
    })
    .await
}

/// Changes a row as a merge patch says.
///
/// # Errors
/// Defects; `state_conflict`; `forbidden` where it would become another firm's.
pub async fn patch_row(
    tx: &mut Tx,
    call: &Call,
    sort: &Sort,
    before: Record,
    mut patch: Map<String, Value>,
) -> Result<Record, Problem> {
    let actor = call.actor()?;
    refuse_extra(sort, &patch)?;
    let wanted = take_state(sort, &mut patch)?;
    let state = wanted.unwrap_or(before.state);
    if sort.is_posting() {
        check_transition(before.state, state)?;
    }
    let mut row = body(&before);
    let was = row.clone();
    ask_for_priority(sort, actor.role, Some(&was), &mut patch);
    merge(&mut row, &patch);
    if let Some(column) = sort.id
        && row.get(column) != was.get(column)
    {
        return Err(Problem::new(&STATE_CONFLICT)
            .detail(format!("`{column}` cannot be changed"), format!("不能更改 `{column}`")));
    }
    let row = read_row(tx, sort, &before.id, &row).await?;
    if sort.kind == Kind::Alliance && row.get("name") != was.get("name") {
        register::unused(tx, was.get("name").and_then(Value::as_str).unwrap_or_default()).await?;
    }
    update(tx, call, sort, &before, state, row, None).await
}

/// Changes a row to one that has been read.
///
/// # Errors
/// `forbidden` where it would become another firm's.
pub async fn update(
    tx: &mut Tx,
    call: &Call,
    sort: &Sort,
    before: &Record,
    state: Stage,
    row: Map<String, Value>,
    import: Option<i64>,
) -> Result<Record, Problem> {
    may_write(call, sort, &row)?;
    let by = tiaoji_store::By { import, ..call.actor()?.by(sort.owner(&row)) };
    let state = if sort.columns.is_empty() { state } else { register::stage(&row) };
    refuse_closed(tx, sort, state, sort.owner(&row)).await?;
    postings::check_agreed(tx, sort, before, &row).await?;
    let closes = is_closed(sort, &row) && !is_closed(sort, &body(before));
    let made = tx.replace(&by, sort.kind, &before.id, Some(before.version), state, &row.into()).await?;
    if sort.is_posting() {
        postings::changed(tx, &by, &made).await?;
    }
    if closes {
        postings::closed(tx, &by, &made.id).await?;
    }
    Ok(made)
}

/// Whether a row is a firm that has left the zone.
fn is_closed(sort: &Sort, row: &Map<String, Value>) -> bool {
    sort.kind == Kind::Firm && row.get("closed") == Some(&Value::Bool(true))
}

/// Refuses to put a posting of a firm that has left on offer.
async fn refuse_closed(tx: &mut Tx, sort: &Sort, state: Stage, owner: Option<&str>) -> Result<(), Problem> {
    let Some(owner) = owner.filter(|_| sort.is_posting() && matches!(state, Stage::Open | Stage::Draft))
    else {
        return Ok(());
    };
    let firm = tx.record(Kind::Firm, owner).await?;
    if is_closed(&FIRMS, &body(&firm)) {
        return Err(Problem::new(&STATE_CONFLICT)
            .detail(format!("The firm {owner} has left the zone"), format!("企业 {owner} 已退出园区")));
    }
    Ok(())
}

/// `DELETE /v1/…/{id}`: a posting is withdrawn, any other row goes.
pub async fn delete(State(app): State<App>, call: Call, Path(id): Path<String>) -> Result<Response, Problem> {
    let sort = sort(&call)?;
    let copy = call.clone();
    change(&app.store, &call, &[], move |tx| {
        Box::pin(async move {
            let before = to_be_changed(tx, &copy, sort, &id).await?;
            let row = body(&before);
            let by = copy.actor()?.by(sort.owner(&row));
            if sort.is_posting() {
                if matches!(before.state, Stage::Withdrawn | Stage::Closed) {
                    return Err(conflict(before.state, Stage::Withdrawn));
                }
                let made = tx
                    .replace(&by, sort.kind, &id, Some(before.version), Stage::Withdrawn, &row.into())
                    .await?;
                postings::changed(tx, &by, &made).await?;
                return Ok(Done::ok(StatusCode::NO_CONTENT, Some(made.version), None));
            }
            if sort.kind == Kind::Alliance {
                register::unused(tx, row.get("name").and_then(Value::as_str).unwrap_or_default()).await?;
            }
            if let Some(user) = used_by(tx, sort.kind, &id).await? {
                return Err(Problem::new(&STATE_CONFLICT)
                    .detail(format!("{id} is named by {user}"), format!("{id} 仍被 {user} 引用")));
            }
            tx.delete(&by, sort.kind, &id, Some(before.version)).await?;
            Ok(Done::nothing())
        })
    })
    .await
}

/// `GET /v1/scenario`
pub async fn scenario(State(app): State<App>) -> Result<Response, Problem> {
    let mut view = app.store.view().await?;
    let (revision, document) = zone(&mut view).await?;
    Ok(([(ETAG, etag(revision))], axum::Json(document)).into_response())
}

fn id_of(sort: &Sort, id: Option<Path<String>>) -> String {
    id.map_or_else(|| sort.kind.name().to_string(), |Path(id)| id)
}

/// The row that a call is about, of the version that the caller has read.
async fn to_be_changed(tx: &mut Tx, call: &Call, sort: &Sort, id: &str) -> Result<Record, Problem> {
    let eyes = Eyes::of(tx, call, sort).await?;
    let record = tx.record(sort.kind, id).await?;
    match eyes.sight(sort, &record) {
        Sight::Full => {}
        Sight::Partner => call.may_act_for(sort.owner(&body(&record)).unwrap_or_default())?,
        Sight::Hidden => return Err(Problem::new(&NOT_FOUND)),
    }
    let expected = call.expected_version()?;
    if expected.is_some_and(|expected| expected != record.version) {
        return Err(Problem::new(&VERSION_MISMATCH)
            .member("current", sort.full(&record))
            .header(ETAG, etag(record.version).parse().unwrap_or(axum::http::HeaderValue::from_static(""))));
    }
    Ok(record)
}

/// The state that a body asks for, taken out of it.
fn take_state(sort: &Sort, row: &mut Map<String, Value>) -> Result<Option<Stage>, Problem> {
    if !sort.is_posting() {
        return Ok(None); // the reader does not know the key
    }
    let Some(value) = row.remove("state") else { return Ok(None) };
    let known = value.as_str().and_then(|text| stage(text).ok()).filter(|state| *state != Stage::Closed);
    known.map(Some).ok_or_else(|| {
        let why = Text::new("a state is draft, open or withdrawn", "状态应为 draft、open 或 withdrawn");
        Problem::defect("bad_choice", "state", &value, &why)
    })
}

/// Who may follow whom; see the states of a posting.
fn check_transition(before: Stage, after: Stage) -> Result<(), Problem> {
    match (before, after) {
        (Stage::Draft, Stage::Draft | Stage::Open)
        | (Stage::Open, Stage::Open | Stage::Withdrawn)
        | (Stage::Withdrawn, Stage::Open) => Ok(()),
        _ => Err(conflict(before, after)),
    }
}

fn conflict(before: Stage, after: Stage) -> Problem {
    Problem::new(&STATE_CONFLICT).detail(
        format!("What is {} cannot become or stay {} by this", before.name(), after.name()),
        format!("状态 {} 不能由此变为或保持 {}", before.name(), after.name()),
    )
}

/// Refuses a row that is of none of the caller's firms: of a meeting one of those that came is enough.
fn may_write(call: &Call, sort: &Sort, row: &Map<String, Value>) -> Result<(), Problem> {
    let owners = sort.owners(row);
    let own = owners.iter().find(|firm| call.actor.as_ref().is_some_and(|actor| actor.has(firm)));
    match own.or(owners.first()) {
        Some(firm) => call.may_act_for(firm),
        None if call.reach() == Reach::All || sort.kind != Kind::Meeting => Ok(()),
        None => Err(Problem::new(&FORBIDDEN)
            .detail("None of your firms is among those that came", "到会企业中没有您服务的企业")),
    }
}

/// Refuses what only the service writes.
fn refuse_extra(sort: &Sort, row: &Map<String, Value>) -> Result<(), Problem> {
    let kept = sort.columns.iter().filter(|column| column.kept).map(|column| column.name);
    let mut found = sort.extra.iter().copied().filter(|name| *name == "priority_asked").chain(kept);
    let Some((name, value)) = found.find_map(|name| row.get_key_value(name)) else { return Ok(()) };
    let why = if name == "priority_asked" {
        Text::new("`priority_asked` is set by asking for `urgent`", "`priority_asked` 由申请 `urgent` 产生")
    } else {
        Text::new(format!("`{name}` is written by the service alone"), format!("`{name}` 只由系统填写"))
    };
    Err(Problem::defect("unknown_key", name, value, &why))
}

/// A firm asks for `urgent`; an officer or the zone confirms it by setting it.
pub fn ask_for_priority(
    sort: &Sort,
    role: Role,
    before: Option<&Map<String, Value>>,
    row: &mut Map<String, Value>,
) {
    if sort.kind != Kind::Shortage || !row.contains_key("priority") {
        return;
    }
    let is_urgent = |value: Option<&Value>| matches!(value.and_then(Value::as_str), Some("urgent" | "紧急"));
    if role != Role::Firm || !is_urgent(row.get("priority")) {
        if before.is_some() {
            row.insert("priority_asked".to_string(), Value::Null);
        }
        return;
    }
    if before.is_some_and(|before| is_urgent(before.get("priority"))) {
        return;
    }
    row.remove("priority");
    row.insert("priority_asked".to_string(), "urgent".into());
}

/// RFC 7396.
fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(name);
            }
            Value::Object(inner) => {
                let mut below = match target.remove(name) {
                    Some(Value::Object(below)) => below,
                    _ => Map::new(),
                };
                merge(&mut below, inner);
                target.insert(name.clone(), below.into());
            }
            value => {
                target.insert(name.clone(), value.clone());
            }
        }
    }
}

/// A row that names a firm or a skill, if any does.
async fn used_by(tx: &mut Tx, kind: Kind, id: &str) -> Result<Option<String>, Problem> {
    let filter = match kind {
        Kind::Firm => Filter { firm: Some(id.to_string()), ..Filter::default() },
        Kind::Skill => Filter { skill: Some(id.to_string()), ..Filter::default() },
        _ => return Ok(None),
    };
    for posting in [Kind::Surplus, Kind::Shortage] {
        if let Some(record) = tx.records(posting, &filter, None, 1).await?.items.first() {
            return Ok(Some(format!("{} {}", posting.name(), record.id)));
        }
    }
    let other = if kind == Kind::Firm { Kind::Blocked } else { Kind::Substitution };
    let columns = if kind == Kind::Firm { ["lender", "borrower"] } else { ["from", "to"] };
    let named =
        |row: &Map<String, Value>| columns.iter().any(|c| row.get(*c).and_then(Value::as_str) == Some(id));
    let found = all(tx, other).await?.into_iter().find(|(_, row)| named(row));
    Ok(found.map(|(id, _)| format!("{} {id}", other.name())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merge_patches() {
        // from RFC 7396, appendix A
        let check = |target: Value, patch: Value, expect: Value| {
            let mut row = target.as_object().cloned().unwrap_or_default();
            merge(&mut row, patch.as_object().expect("an object"));
            assert_eq!(Value::from(row), expect);
        };
        check(json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"}));
        check(json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"}));
        check(json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"}));
        check(json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"}));
        check(json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}}));
        check(json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1}));
        check(json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}}));
    }
}
