//! Problems that firms have: what they need help with, who sees to it, what became of it.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::answers::document;
use super::deals::pass_on;
use super::form::{Faults, Field, Sort, Values, summary};
use super::postings::firms;
use super::register::{
    Firms, MOST, about, every, head, is_silence, may_write, more, nearest, posting, reach, reasons, silence,
    text,
};
use super::shell::onward;
use super::skills::Skills;
use super::texts;
use super::visit::Visit;
use crate::app::App;
use crate::body::Json;
use crate::lists::percent_encoded;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::register::{PROBLEM_FILTERS, is_its_own};
use crate::who::Role;
use crate::zone::rows;

const STATES: &[&str] = &["open", "answered", "solved", "closed"];
const NO_HINT: (&str, &str) = ("", "");

const fn field(
    member: &'static str,
    sort: Sort,
    is_needed: bool,
    name: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed, name, hint: NO_HINT }
}

const FIRM: Field = field("firm", Sort::Firm, true, ("Firm", "企业"));
const KIND: Field = field("kind", Sort::Choice(texts::PROBLEMS), true, ("About", "类别"));
const TEXT: Field = field("text", Sort::Text, true, ("What is needed", "问题"));
const OWNER: Field = Field {
    hint: ("blank: the officer of the firm", "不填则为该企业的服务专员"),
    ..field("owner", Sort::Text, false, ("Who sees to it", "责任人"))
};
const NEW: [&Field; 4] = [&FIRM, &KIND, &TEXT, &OWNER];
const CHANGE: [&Field; 5] = [
    &field("owner", Sort::Text, false, ("Who sees to it", "责任人")),
    &field("answered", Sort::Date, false, ("Answered on", "答复日期")),
    &field("solved", Sort::Date, false, ("Solved on", "解决日期")),
    &field("closed", Sort::Date, false, ("Closed without a solution on", "未解决而关闭的日期")),
    &field("note", Sort::Text, false, ("Note", "处理情况")),
];

fn title(visit: &Visit) -> &'static str {
    visit.language.choose("Problems", "问题")
}

/// `GET /register/problems`
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let (state, done) =
        (query.take("state", |text| Ok(text.to_string())), query.take("done", |text| Ok(text.to_string())));
    query.finish()?;
    let state = state.as_deref().unwrap_or("open");
    let list = list(&app, &visit, state, &Values::default(), None).await?;
    let inside = html! {
        @if done.is_some() { p role="status" class="notice" { (visit.say("Noted.", "已记录。")) } }
        (list)
    };
    Ok(visit.page(title(&visit), &inside))
}

async fn list(
    app: &App,
    visit: &Visit,
    state: &str,
    values: &Values,
    back: Option<&Faults>,
) -> Result<Markup, Problem> {
    let call = visit.call.of("list_problem")?;
    let mut found = every(app, call, PROBLEM_FILTERS, &[("state", state)], rows::list).await?;
    // what a plan leaves open has a list of its own until it is done with
    found.retain(|row| row["shortage"].is_null() || ["solved", "closed"].contains(&state));
    found.sort_by(|a, b| (text(b, "raised"), text(b, "id")).cmp(&(text(a, "raised"), text(a, "id"))));
    let mut view = app.store.view().await?;
    let (known, own) = (Firms::of(&mut view).await?, firms(&mut view, visit).await?);
    drop(view);
    let (none, [firm, kind, owner, raised]) = (
        Faults::default(),
        [
            visit.say("Firm", "企业"),
            visit.say("About", "类别"),
            visit.say("Who sees to it", "责任人"),
            visit.say("Raised", "提出日期"),
        ],
    );
    let faults = back.unwrap_or(&none);
    Ok(html! {
        (visit.watch("problem"))
        (head(visit, "/register/problems", title(visit)))
        @if may_write(visit) {
            (summary(visit, faults, &NEW))
            details class="act" open[back.is_some()] {
                summary { (visit.say("Note a problem of a firm", "登记企业的问题")) }
                form method="post" action="/register/problems" class="fields" {
                    @for field in NEW { (field.markup(visit, values, faults, &own)) }
                    button { (visit.say("Note it", "登记")) }
                }
            }
        }
        (visit.tabs("/register/problems", STATES, state, texts::problem_state))
        @if found.is_empty() { p class="soft" { (visit.say("None.", "暂无。")) } }
        @else {
            table class="cards" {
                thead { tr { th { (visit.say("Problem", "问题")) } @for name in [firm, kind, owner, raised] { th { (name) } } } }
                tbody { @for row in &found[..found.len().min(MOST)] {
                    tr {
                        th scope="row" { a href=(at(text(row, "id"))) { (text(row, "text")) } }
                        td data-head=(firm) { (known.name(text(row, "firm"))) }
                        td data-head=(kind) { (texts::problem(text(row, "kind"), visit.language)) }
                        td data-head=(owner) { (text(row, "owner")) }
                        td data-head=(raised) { (text(row, "raised")) }
                    }
                } }
            }
            (more(visit, found.len(), MOST))
        }
    })
}

fn at(id: &str) -> String {
    format!("/register/problems/{}", percent_encoded(id))
}

/// `POST /register/problems`
pub async fn add(State(app): State<App>, visit: Visit, body: String) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let row: Map<String, Value> = NEW
        .iter()
        .filter_map(|field| Some((field.member.to_string(), field.sent(values.get(field.member))?)))
        .collect();
    match rows::create(State(app.clone()), visit.call.of("create_problem")?, Json::of(&row.into())).await {
        Ok(_) => Ok(onward("/register/problems?done=made")),
        Err(problem) => {
            let faults = Faults::of(&problem, visit.language);
            let list = list(&app, &visit, "open", &values, Some(&faults)).await?;
            Ok(visit.refused(title(&visit), &problem, &list))
        }
    }
}

async fn read(app: &App, visit: &Visit, id: &str) -> Result<Value, Problem> {
    let call = visit.call.of("read_problem")?;
    document(rows::read(State(app.clone()), call, Some(Path(id.to_string()))).await?).await
}

/// `GET /register/problems/{id}`
pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let done = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let row = read(&app, &visit, &id).await?;
    let whole = whole(&app, &visit, &row, None).await?;
    let inside = html! {
        @if done.is_some() { p role="status" class="notice" { (visit.say("Noted.", "已记录。")) } }
        (whole)
    };
    Ok(visit.page(title(&visit), &inside))
}

async fn whole(
    app: &App,
    visit: &Visit,
    row: &Value,
    back: Option<(&Values, &Faults)>,
) -> Result<Markup, Problem> {
    let mut view = app.store.view().await?;
    let (known, skills) = (Firms::of(&mut view).await?, Skills::of(&mut view).await?);
    drop(view);
    let is_follow_up = !row["shortage"].is_null();
    let firm = text(row, "firm");
    let heading = if is_silence(row) {
        format!("{}{}{}", known.name(firm), visit.say(": ", "："), silence(visit, row))
    } else if is_follow_up {
        let days = row["worker_days"].as_i64().unwrap_or_default();
        let skill = skills.name(text(row, "skill"));
        visit.language.choose(
            format!("{}: {days} worker-days of {skill} open", known.name(firm)),
            format!("{}：“{skill}”仍缺 {days} 人天", known.name(firm)),
        )
    } else {
        text(row, "text").to_string()
    };
    let state = text(row, "state");
    let lines = [
        (visit.say("Firm", "企业"), known.name(firm).to_string()),
        (visit.say("Contact", "联系人"), reach(&known, firm)),
        (visit.say("About", "类别"), texts::problem(text(row, "kind"), visit.language).to_string()),
        (visit.say("Who sees to it", "责任人"), text(row, "owner").to_string()),
        (visit.say("Raised", "提出日期"), text(row, "raised").to_string()),
        (visit.say("Answered", "答复日期"), text(row, "answered").to_string()),
        (visit.say("Solved", "解决日期"), text(row, "solved").to_string()),
        (visit.say("Closed", "关闭日期"), text(row, "closed").to_string()),
        (visit.say("Note", "处理情况"), text(row, "note").to_string()),
    ];
    Ok(html! {
        (visit.watch(&format!("problem:{}", text(row, "id"))))
        div class="head" { h1 { (heading) } span class=(format!("state {state}")) { (texts::problem_state(state, visit.language)) } }
        dl class="facts" { @for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) { div { dt { (name) } dd { (value) } } } }
        @if is_silence(row) {
            p class="actions" { a class="button second" href=(about(row)) { (visit.say("To the proposal", "查看提议")) } }
        } @else if is_follow_up { (left_open(visit, row)) }
        @if may_write(visit) {
            (answering(visit, row, back))
            (pass_on(visit, &message(app, visit, row, known.name(firm), skills.name(text(row, "skill")))))
        }
        p { a href=(if is_follow_up { "/register" } else { "/register/problems" }) { (visit.say("Back to the list", "返回清单")) } }
    })
}

/// A text for a chat with the firm: in Chinese whatever the page is in, for that is what is read there.
fn message(app: &App, visit: &Visit, row: &Value, firm: &str, skill: &str) -> String {
    let said = if is_silence(row) {
        let (proposal, until) = (text(row, "proposal_id"), visit.instant(text(row, "deadline")));
        format!("您有一条共享用工提议 {proposal} 待答复，请于 {until} 前答复。")
    } else if row["shortage"].is_null() {
        format!("您提出的问题：{}。进展见链接。", text(row, "text").trim_end_matches(['。', '.']))
    } else {
        // the firm is not told who else could do what
        let remedy = Some(&row["remedy"]).filter(|remedy| is_its_own(remedy));
        let remedy = remedy.and_then(|remedy| remedy["text_zh"].as_str());
        let remedy = remedy.map(|remedy| format!("可考虑：{remedy}。")).unwrap_or_default();
        format!(
            "“{skill}” {} 至 {} 尚缺 {} 人天。{remedy}",
            text(row, "from"),
            text(row, "to"),
            row["worker_days"]
        )
    };
    let at = if row["shortage"].is_null() { at(text(row, "id")) } else { about(row) };
    format!("【共享用工】{firm}：{said}详情：{}{at}", app.settings.outside.base)
}

/// What is known of a shortage that a plan leaves open.
fn left_open(visit: &Visit, row: &Value) -> Markup {
    let plan = text(row, "plan_id");
    html! {
        section {
            h2 { (visit.say("Why, and what would help", "原因与办法")) }
            dl class="facts" {
                div { dt { (visit.say("Days", "日期")) } dd { (text(row, "from")) " – " (text(row, "to")) } }
                div { dt { (visit.say("Why (worker-days)", "原因（人天）")) } dd { (reasons(visit, row)) } }
                div { dt { (visit.say("Nearest remedy", "最近的办法")) } dd { (nearest(visit, row)) } }
            }
            p class="actions" {
                a class="button second" href=(posting(row)) { (visit.say("To the shortage", "查看缺工登记")) }
                @if matches!(visit.role(), Some(Role::Zone | Role::Viewer)) {
                    a href=(format!("/plans/{}/why/{}", percent_encoded(plan), percent_encoded(text(row, "shortage")))) { (visit.say("Everything that the plan says of it", "方案中的全部说明")) }
                }
            }
        }
    }
}

/// What is done about it: a button for what happened today, and every date to set right.
fn answering(visit: &Visit, row: &Value, back: Option<(&Values, &Faults)>) -> Markup {
    let (mut values, none) = (Values::default(), Faults::default());
    for field in CHANGE {
        values.set(field.member, field.typed(&row[field.member]));
    }
    let (values, faults) = back.unwrap_or((&values, &none));
    let version = row["version"].to_string();
    let verbs: &[(&str, &str, &str)] = match text(row, "state") {
        "open" => &[("answered", "Answered today", "今天已答复"), ("solved", "Solved today", "今天已解决")],
        "answered" => &[("solved", "Solved today", "今天已解决")],
        _ => &[],
    };
    html! {
        (summary(visit, faults, &CHANGE))
        @if !verbs.is_empty() {
            div class="actions" { @for (verb, en, zh) in verbs {
                form method="post" action=(at(text(row, "id"))) {
                    input type="hidden" name="version" value=(version);
                    button name="today" value=(verb) { (visit.say(en, zh)) }
                }
            } }
        }
        details class="act" open[back.is_some()] {
            summary { (visit.say("Change", "修改")) }
            form method="post" action=(at(text(row, "id"))) class="fields" {
                input type="hidden" name="version" value=(version);
                @for field in CHANGE { (field.markup(visit, values, faults, &[])) }
                button { (visit.say("Save", "保存")) }
            }
        }
    }
}

/// `POST /register/problems/{id}`: what happened today, or everything as it was typed.
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Problem> {
    let values = Values::parsed(&body);
    let today = visit.clock.day(app.store.view().await?.now().await?).to_string();
    let patch: Value = match values.get("today") {
        verb @ ("answered" | "solved") => json!({ verb: today }),
        _ => CHANGE
            .iter()
            .map(|field| (field.member.to_string(), field.sent(values.get(field.member)).unwrap_or_default()))
            .collect::<Map<String, Value>>()
            .into(),
    };
    let mut call = visit.call.of("change_problem")?;
    call.if_match = Some(format!("\"{}\"", values.get("version")));
    match rows::patch(State(app.clone()), call, Some(Path(id.clone())), Json::of(&patch)).await {
        Ok(_) => Ok(onward(&format!("{}?done=changed", at(&id)))),
        Err(problem) => {
            let row = read(&app, &visit, &id).await?;
            let faults = Faults::of(&problem, visit.language);
            let whole = whole(&app, &visit, &row, Some((&values, &faults))).await?;
            Ok(visit.refused(title(&visit), &problem, &whole))
        }
    }
}
