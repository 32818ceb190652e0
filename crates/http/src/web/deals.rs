//! Proposals and agreements: what is asked of a firm and until when, the other side's terms, and everything that can be done.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde_json::{Map, Value};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{AgreementTemplate, Paper, agreement_html};

use super::acts::{AGREEMENT, Act, PROPOSAL};
use super::answers::{document, parameters};
use super::form::{Faults, Field, Values, summary, yuan};
use super::shell::onward;
use super::texts;
use super::visit::Visit;
use super::written::whole_yuan;
use crate::app::App;
use crate::lists::CURSOR;
use crate::parameters::{Parameter, Parameters};
use crate::practice::{agreements, proposals};
use crate::problem::{NOT_FOUND, Problem};
use crate::who::Role;

const STATE: Parameter = Parameter { name: "state", about: "In this state.", schema: super::TEXT };
/// How many proposals the first page shows, the most urgent ones.
const FIRST: usize = 8;
/// The query of the lists.
pub const LISTED: &[Parameter] = &[CURSOR, STATE];

/// One of the two kinds of deals.
pub struct Sort {
    /// The address of its pages.
    pub path: &'static str,
    kind: &'static str,
    read: &'static str,
    list: &'static str,
    title: (&'static str, &'static str),
    states: &'static [&'static str],
    acts: &'static [Act],
}

pub static PROPOSALS: Sort = Sort {
    path: "/proposals",
    kind: "proposal",
    read: "read_proposal",
    list: "list_proposals",
    title: ("Proposals", "提议"),
    states: &["open", "agreed", "declined", "expired", "superseded", "withdrawn"],
    acts: PROPOSAL,
};
pub static AGREEMENTS: Sort = Sort {
    path: "/agreements",
    kind: "agreement",
    read: "read_agreement",
    list: "list_agreements",
    title: ("Agreements", "协议"),
    states: &["agreed", "signed", "active", "ended", "disputed", "settled", "cancelled"],
    acts: AGREEMENT,
};

fn sort(visit: &Visit) -> &'static Sort {
    if visit.call.route.path.starts_with(PROPOSALS.path) { &PROPOSALS } else { &AGREEMENTS }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The sides that the caller acts for.
fn sides(visit: &Visit, deal: &Value) -> Vec<&'static str> {
    let is_own = |side: &&str| visit.actor().is_some_and(|actor| actor.has(text(&deal[*side], "firm")));
    ["lender", "borrower"].into_iter().filter(is_own).collect()
}

/// Deals in a state, as the API lists them.
async fn listed(app: &App, visit: &Visit, sort: &Sort, given: &[(&str, &str)]) -> Result<Value, Problem> {
    let (app, call) = (State(app.clone()), visit.call.of(sort.list)?);
    let answer = if sort.path == PROPOSALS.path {
        proposals::list(app, call, parameters(proposals::FILTERS, given)?).await
    } else {
        agreements::list(app, call, parameters(agreements::FILTERS, given)?).await
    };
    document(answer?).await
}

/// `GET /proposals`, `GET /agreements`
pub async fn list(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let sort = sort(&visit);
    let word = |text: &str| Ok(text.to_string());
    let (state, cursor) = (query.take("state", word), query.take("cursor", word));
    query.finish()?;
    let state = state.unwrap_or_else(|| sort.states[0].to_string());
    let mut given = vec![("state", state.as_str())];
    given.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let page = listed(&app, &visit, sort, &given).await?;
    let title = visit.say(sort.title.0, sort.title.1);
    let body = html! {
        (visit.watch(sort.kind))
        h1 { (title) }
        (visit.tabs(sort.path, sort.states, &state, texts::deal_state))
        (table(&visit, sort, page["items"].as_array().map_or(&[], Vec::as_slice)))
        @if let Some(next) = page["next"].as_str() {
            p { a href=(format!("{}?state={state}&cursor={next}", sort.path)) { (visit.say("More", "下一页")) } }
        }
    };
    Ok(visit.page(title, &body))
}

/// What a deal is about, in one line.
fn gist(visit: &Visit, deal: &Value) -> String {
    let skill = text(&deal["skill"], "name");
    visit.language.choose(format!("{} × {skill}", deal["count"]), format!("{} 人 · {skill}", deal["count"]))
}

fn table(visit: &Visit, sort: &Sort, deals: &[Value]) -> Markup {
    if deals.is_empty() {
        return html! { p class="soft" { (visit.say("None.", "暂无。")) } };
    }
    let [lender, borrower, days, until] = [
        visit.say("From", "出借企业"),
        visit.say("To", "借入企业"),
        visit.say("Days", "日期"),
        visit.say("Answer until", "答复期限"),
    ];
    let with_deadline = deals.iter().any(|deal| deal["deadline"].is_string());
    html! {
        table class="cards" {
            thead { tr { th { (visit.say(sort.title.0, sort.title.1)) } th { (lender) } th { (borrower) } th { (days) } @if with_deadline { th { (until) } } } }
            tbody { @for deal in deals {
                tr {
                    th scope="row" { a href=(format!("{}/{}", sort.path, text(deal, "id"))) { (gist(visit, deal)) } }
                    td data-head=(lender) { (text(&deal["lender"], "name")) }
                    td data-head=(borrower) { (text(&deal["borrower"], "name")) }
                    td data-head=(days) { (text(deal, "from")) " – " (text(deal, "to")) }
                    @if with_deadline { td data-head=(until) { (visit.instant(text(deal, "deadline"))) } }
                }
            } }
        }
    }
}

/// What waits for the caller: proposals that they have not answered, agreements at a step of theirs.
///
/// # Errors
/// Those of the lists.
pub async fn waiting(app: &App, visit: &Visit) -> Result<Markup, Problem> {
    let items = |page: Value| page["items"].as_array().cloned().unwrap_or_default();
    let mut open = items(listed(app, visit, &PROPOSALS, &[("state", "open"), ("limit", "100")]).await?);
    open.retain(|deal| {
        sides(visit, deal).iter().any(|side| text(&deal["sides"][*side], "decision") == "pending")
    });
    open.sort_by(|a, b| text(a, "deadline").cmp(text(b, "deadline")));
    let mut steps = Vec::new();
    for state in ["agreed", "signed", "ended"] {
        let found = items(listed(app, visit, &AGREEMENTS, &[("state", state), ("limit", "100")]).await?);
        let is_own = |deal: &Value| match state {
            "agreed" => sides(visit, deal).contains(&"lender"),
            "ended" if deal["stated_worker_days"].is_null() => sides(visit, deal).contains(&"borrower"),
            _ => !sides(visit, deal).is_empty(),
        };
        let found: Vec<Value> = found.into_iter().filter(is_own).collect();
        if !found.is_empty() {
            steps.push((state, found));
        }
    }
    let step = |state: &str| match state {
        "agreed" => visit.say("To be signed", "待签署"),
        "signed" => visit.say("To begin", "待到岗"),
        _ => visit.say("To be settled", "待结算"),
    };
    Ok(html! {
        section {
            h2 { (visit.say("Waiting for your answer", "等您答复")) }
            (table(visit, &PROPOSALS, &open[..open.len().min(FIRST)]))
            @if open.len() > FIRST {
                p { a href=(PROPOSALS.path) { (visit.language.choose(format!("all {}", open.len()), format!("查看全部 {} 条", open.len()))) } }
            }
        }
        @for (state, found) in &steps {
            section { h2 { (step(state)) } (table(visit, &AGREEMENTS, found)) }
        }
    })
}

async fn read(app: &App, visit: &Visit, sort: &Sort, id: &str) -> Result<Value, Problem> {
    let (call, path) = (visit.call.of(sort.read)?, Path(id.to_string()));
    let answer = if sort.path == PROPOSALS.path {
        proposals::read(State(app.clone()), call, path).await
    } else {
        agreements::read(State(app.clone()), call, path).await
    };
    document(answer?).await
}

/// `GET /proposals/{id}`, `GET /agreements/{id}`
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string())).is_some();
    query.finish()?;
    let sort = sort(&visit);
    let deal = read(&app, &visit, sort, &id).await?;
    let notice = html! { @if done { p role="status" class="notice" { (visit.say("Noted.", "已记录。")) } } };
    let title = title(&visit, sort, &deal);
    let body = whole(&app, &visit, sort, &deal, None, &notice);
    Ok(visit.page(&title, &body))
}

fn title(visit: &Visit, sort: &Sort, deal: &Value) -> String {
    format!("{} {} · {}", visit.say(sort.title.0, sort.title.1), text(deal, "id"), gist(visit, deal))
}

/// A form that came back: its act, what was typed, what is wrong.
type Refused<'r> = (&'r Act, &'r Values, &'r Faults);

fn whole(
    app: &App,
    visit: &Visit,
    sort: &Sort,
    deal: &Value,
    refused: Option<Refused<'_>>,
    notice: &Markup,
) -> Markup {
    let state = text(deal, "state");
    html! {
        (visit.watch(&format!("{}:{}", sort.kind, text(deal, "id"))))
        (notice)
        @if let Some((act, _, faults)) = refused { (summary(visit, faults, &act.fields.iter().collect::<Vec<&Field>>())) }
        div class="head" { h1 { (gist(visit, deal)) } span class=(format!("state {state}")) { (texts::deal_state(state, visit.language)) } }
        (facts(visit, deal))
        @if let Some(next) = deal["agreement_id"].as_str() {
            p { a class="button" href=(format!("/agreements/{next}")) { (visit.say("To the agreement", "查看协议")) } }
        }
        @if let Some(next) = deal["replaced_by"].as_str() {
            p { a href=(format!("/proposals/{next}")) { (visit.say("A newer proposal has taken its place", "已有新的提议取代本条")) } }
        }
        @for act in sort.acts.iter().filter(|act| is_possible(visit, act, deal)) { (form(visit, sort, act, deal, refused)) }
        @if sort.path == AGREEMENTS.path { (papers(visit, text(deal, "id"))) }
        (message(app, visit, sort, deal))
        (history(visit, deal))
    }
}

/// Whether the caller could do something now. The API has the last word.
fn is_possible(visit: &Visit, act: &Act, deal: &Value) -> bool {
    let own = sides(visit, deal);
    if !act.states.contains(&text(deal, "state")) {
        return false;
    }
    if own.is_empty() {
        // the zone decides what is disputed
        return visit.role() == Some(Role::Zone) && act.verb == "settle" && text(deal, "state") == "disputed";
    }
    let decided = |decision: &str| own.iter().any(|side| text(&deal["sides"][*side], "decision") == decision);
    let is_turn = match act.verb {
        "accept" => decided("pending"),
        "retract" => decided("accepted"),
        "hold" => own.iter().any(|side| deal["sides"][*side]["held"] != true),
        "settle" => text(deal, "state") == "ended",
        "dispute" => !deal["stated_worker_days"].is_null(),
        _ => true,
    };
    is_turn && act.side.is_none_or(|side| own.contains(&side))
}

fn form(visit: &Visit, sort: &Sort, act: &Act, deal: &Value, refused: Option<Refused<'_>>) -> Markup {
    let (none, nothing) = (Faults::default(), Values::default());
    let mut values = nothing;
    for field in
        act.fields.iter().filter(|field| ["count", "from", "to", "day_pay_fen"].contains(&field.member))
    {
        values.set(field.member, field.typed(&deal[field.member]));
    }
    let came_back = refused.filter(|(other, ..)| other.verb == act.verb);
    let (values, faults) = came_back.map_or((&values, &none), |(_, values, faults)| (values, faults));
    let own = sides(visit, deal);
    let fields = html! {
        form method="post" action=(format!("{}/{}/{}", sort.path, text(deal, "id"), act.verb)) class="fields" {
            input type="hidden" name="version" value=(deal["version"].to_string());
            @if own.len() > 1 {
                div class="field" {
                    label for=(format!("{}-side", act.verb)) { (visit.say("For", "代表")) }
                    select id=(format!("{}-side", act.verb)) name="side" {
                        @for side in own.iter().filter(|side| act.side.is_none_or(|only| only == **side)) { option value=(side) { (text(&deal[*side], "name")) } }
                    }
                }
            }
            @for field in act.fields {
                @if !(field.member == "consented" && act.side.is_none() && !own.contains(&"lender")) { (field.markup_in(act.verb, visit, values, faults, &[])) }
            }
            @if !act.note.0.is_empty() { p class="hint" { (visit.say(act.note.0, act.note.1)) } }
            button { (visit.say(act.name.0, act.name.1)) }
        }
    };
    let is_first = sort
        .acts
        .iter()
        .find(|act| is_possible(visit, act, deal))
        .is_some_and(|first| first.verb == act.verb);
    html! {
        @if is_first { section class="act" { (fields) } }
        @else { details class="act" open[came_back.is_some()] { summary { (visit.say(act.name.0, act.name.1)) } (fields) } }
    }
}

fn facts(visit: &Visit, deal: &Value) -> Markup {
    let is_active = text(deal, "state") == "active";
    let firm = |side: &str| {
        let party = &deal[side];
        let decision = match (text(&deal["sides"][side], "decision"), text(deal, "state")) {
            ("accepted", _) => visit.say(" (has accepted)", "（已接受）"),
            ("pending", "open") => visit.say(" (has not answered)", "（未答复）"),
            _ => "",
        };
        let reached: Vec<&str> = ["alliance", "contact", "phone"]
            .into_iter()
            .map(|name| text(party, name))
            .filter(|t| !t.is_empty())
            .collect();
        (format!("{}{decision}", text(party, "name")), reached.join(" · "))
    };
    let pay =
        deal["day_pay_fen"].as_i64().map_or_else(|| visit.say("to be agreed", "面议").to_string(), yuan);
    let total = deal["costs"]["pay_fen"].as_i64().map(|fen| whole_yuan(fen, visit.language));
    let km = deal["distance_km"]
        .as_f64()
        .map(|km| visit.language.choose(format!("{km} km"), format!("{km} 公里")));
    let days = visit.language.choose(
        format!("{} working days", deal["working_days"]),
        format!("{} 个工作日", deal["working_days"]),
    );
    let lines = [
        (visit.say("From", "出借企业"), firm("lender")),
        (visit.say("To", "借入企业"), firm("borrower")),
        (visit.say("Days", "日期"), (format!("{} – {}", text(deal, "from"), text(deal, "to")), days)),
        (
            visit.say("Pay a day, in yuan", "日薪（元）"),
            (
                pay,
                total
                    .map(|all| visit.language.choose(format!("{all} in all"), format!("合计 {all}")))
                    .unwrap_or_default(),
            ),
        ),
        (visit.say("Distance", "距离"), (km.unwrap_or_default(), String::new())),
        (
            visit.say("Answer until", "答复期限"),
            (deal["deadline"].as_str().map(|at| visit.instant(at)).unwrap_or_default(), String::new()),
        ),
        (
            visit.say("Workers there now", "目前在岗"),
            (
                deal["present"].as_i64().filter(|_| is_active).map(|n| n.to_string()).unwrap_or_default(),
                String::new(),
            ),
        ),
        (
            visit.say("Worker-days", "人天"),
            (deal["worker_days"].as_i64().map(|n| n.to_string()).unwrap_or_default(), String::new()),
        ),
        (
            visit.say("Worker-days stated", "对方填报人天"),
            (deal["stated_worker_days"].as_i64().map(|n| n.to_string()).unwrap_or_default(), String::new()),
        ),
    ];
    html! {
        dl class="facts" { @for (name, (value, more)) in lines.iter().filter(|(_, (value, _))| !value.is_empty()) {
            div { dt { (name) } dd { (value) @if !more.is_empty() { br; span class="soft" { (more) } } } }
        } }
    }
}

/// The papers of an agreement.
fn papers(visit: &Visit, id: &str) -> Markup {
    let all = [
        ("agreement", visit.say("Agreement of the two firms", "两企业合作协议")),
        ("amendment", visit.say("Amendment with each worker", "职工变更协议")),
        ("settlement", visit.say("Settlement sheet", "结算单")),
    ];
    html! {
        section {
            h2 { (visit.say("Papers", "文书")) }
            ul { @for (paper, name) in all { li {
                a href=(format!("/agreements/{id}/read/{paper}")) { (name) } " · "
                a href=(format!("/agreements/{id}/papers/{paper}")) download { "Word" span class="unseen" { " " (name) } }
            } } }
        }
    }
}

/// A text for a chat: in Chinese whatever the page is in, for that is what is read there.
fn message(app: &App, visit: &Visit, sort: &Sort, deal: &Value) -> Markup {
    let pay =
        deal["day_pay_fen"].as_i64().map_or_else(|| "面议".to_string(), |fen| format!("{} 元", yuan(fen)));
    let until = deal["deadline"].as_str().filter(|_| text(deal, "state") == "open");
    let until =
        until.map(|deadline| format!("请于 {} 前答复。", visit.instant(deadline))).unwrap_or_default();
    let said = format!(
        "【共享用工】{} 向 {} 借出 {} {} 人，{} 至 {}，日薪{pay}。{until}详情：{}{}/{}",
        text(&deal["lender"], "name"),
        text(&deal["borrower"], "name"),
        text(&deal["skill"], "name"),
        deal["count"],
        text(deal, "from"),
        text(deal, "to"),
        app.settings.outside.base,
        sort.path,
        text(deal, "id"),
    );
    pass_on(visit, &format!("{said}{}", gone_back(deal)))
}

/// Who went or goes back before the end, and why, in Chinese.
fn gone_back(deal: &Value) -> String {
    let events = deal["events"].as_array().into_iter().flatten();
    let one = |event: &Value| {
        let (reason, day) = (texts::returns(text(event, "reason"), Language::Zh), text(event, "last_day"));
        format!("\n其中 {} 人最后在岗日 {day}（{reason}）。", event["count"])
    };
    events.filter(|event| event["event"] == "return").map(one).collect()
}

/// A text for a chat, to be copied by a button, or chosen and copied where there are no scripts.
pub fn pass_on(visit: &Visit, said: &str) -> Markup {
    html! {
        section class="message" {
            h2 { (visit.say("To pass on", "转发给同事或对方")) }
            div class="field" {
                label for="message" { (visit.say("Text for WeChat", "微信文字")) }
                textarea id="message" rows="4" readonly lang="zh" { (said) }
            }
            button type="button" class="second" data-copy="message" data-copied=(visit.say("Copied", "已复制")) hidden { (visit.say("Copy", "复制文字")) }
        }
    }
}

fn history(visit: &Visit, deal: &Value) -> Markup {
    let events = deal["events"].as_array().map_or(&[][..], Vec::as_slice);
    html! {
        details { summary { (visit.say("What happened", "经过")) }
            ol { @for event in events {
                li { (visit.instant(text(event, "instant"))) " " (texts::event(text(event, "event"), visit.language)) " " (texts::side(text(event, "side"), visit.language)) }
            } }
        }
    }
}

/// `POST /proposals/{id}/{verb}`, `POST /agreements/{id}/{verb}`
pub async fn act(
    State(app): State<App>,
    mut visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    body: String,
) -> Result<Response, Problem> {
    let sort = sort(&visit);
    let act = sort.acts.iter().find(|act| act.verb == verb).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let values = Values::parsed(&body);
    visit.call.if_match = Some(format!("\"{}\"", values.get("version")));
    let done = tell(&app, &visit, sort, act, &id, &values).await;
    match done {
        Ok(told) => {
            let made = told.headers().get(LOCATION).and_then(|at| at.to_str().ok()?.strip_prefix("/v1"));
            Ok(onward(&format!("{}?done={verb}", made.unwrap_or(&format!("{}/{id}", sort.path)))))
        }
        Err(problem) => {
            let deal = read(&app, &visit, sort, &id).await?;
            let faults = Faults::of(&problem, visit.language);
            let title = title(&visit, sort, &deal);
            let page = whole(&app, &visit, sort, &deal, Some((act, &values, &faults)), &html! {});
            Ok(visit.refused(&title, &problem, &page))
        }
    }
}

/// What the API is told.
async fn tell(
    app: &App,
    visit: &Visit,
    sort: &Sort,
    act: &Act,
    id: &str,
    values: &Values,
) -> Result<Response, Problem> {
    let mut sent: Map<String, Value> = act
        .fields
        .iter()
        .filter_map(|field| Some((field.member.to_string(), field.sent(values.get(field.member))?)))
        .collect();
    if !values.get("side").is_empty() {
        sent.insert("side".to_string(), values.get("side").into());
    }
    let mut request = Request::new(Body::from(Value::from(sent).to_string()));
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let kind = sort.kind;
    let call = visit.call.of(&format!("{}_{kind}", act.verb))?;
    let (app, path) = (State(app.clone()), Path(id.to_string()));
    match (kind, act.verb) {
        ("proposal", "accept") => proposals::accept(app, call, path, request).await,
        ("proposal", "retract") => proposals::retract(app, call, path, request).await,
        ("proposal", "hold") => proposals::hold(app, call, path, request).await,
        ("proposal", "decline") => proposals::decline(app, call, path, request).await,
        ("proposal", "counter") => proposals::counter(app, call, path, request).await,
        ("agreement", "sign") => agreements::sign(app, call, path, request).await,
        ("agreement", "start") => agreements::start(app, call, path, request).await,
        ("agreement", "return") => agreements::bring_back(app, call, path, request).await,
        ("agreement", "extend") => agreements::extend(app, call, path, request).await,
        ("agreement", "settle") => agreements::settle(app, call, path, request).await,
        ("agreement", "dispute") => agreements::dispute(app, call, path, request).await,
        ("agreement", "cancel") => agreements::cancel(app, call, path, request).await,
        _ => Err(Problem::new(&NOT_FOUND)),
    }
}

/// `GET /agreements/{id}/read/{paper}`: a paper to read and to print, where nothing can be downloaded.
pub async fn read_paper(
    State(app): State<App>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let of = match paper.as_str() {
        "agreement" => Paper::Agreement,
        "amendment" => Paper::Amendment,
        "settlement" => Paper::Settlement,
        _ => return Err(Problem::new(&NOT_FOUND)),
    };
    let call = visit.call.of("agreement_document")?;
    let text = agreements::written(&app, &call, &id, |scenario, agreed| {
        agreement_html(scenario, agreed, of, &AgreementTemplate::built_in())
    });
    let text = text.await?;
    let title = visit.say("Papers", "文书");
    let body = html! {
        p class="actions" {
            a href=(format!("/agreements/{id}")) { (visit.language.choose(format!("Agreement {id}"), format!("协议 {id}"))) }
            a href=(format!("/agreements/{id}/papers/{paper}")) download { (visit.say("as a Word document", "下载 Word")) }
        }
        (PreEscaped(text))
    };
    Ok(visit.page(&format!("{title} {id}"), &body))
}

/// `GET /agreements/{id}/papers/{paper}`: a paper to keep.
pub async fn paper(
    State(app): State<App>,
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let path = Path(id.clone());
    let mut answer = if paper == "settlement" {
        let call = visit.call.of("agreement_settlement")?;
        agreements::settlement(State(app), call, path, HeaderMap::new()).await?
    } else {
        let call = visit.call.of("agreement_document")?;
        agreements::document(State(app), call, path, parameters(agreements::PAPER, &[("paper", &paper)])?)
            .await?
    };
    let name = format!("attachment; filename=\"{id}-{paper}.docx\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}
