//! The register of those who look after firms: what stays unfilled and what would help; meetings and visits, problems, figures
//! and alliance sheets stand beside it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde_json::{Map, Value};
use tiaoji_formats::messages::{reason_code, reason_name};
use tiaoji_formats::pictures::thousands;
use tiaoji_store::{Kind, View};

use super::answers::{document, parameters};
use super::skills::Skills;
use super::visit::Visit;
use super::written::whole_yuan;
use super::{DONE, figures, meetings, page, problems, sheets};
use crate::app::App;
use crate::lists::percent_encoded;
use crate::parameters::{Parameter, Parameters};
use crate::problem::Problem;
use crate::register::follow_ups;
use crate::routes::Route;
use crate::who::{Call, Role};
use crate::zone::document::all;

/// How many follow-ups the first page shows, those whose days begin first.
const FIRST: usize = 8;
/// The most lines of a list.
pub const MOST: usize = 200;
const OFFICER: Parameter =
    Parameter { name: "officer", about: "On the list of this officer.", schema: super::TEXT };
const STATE: Parameter = Parameter { name: "state", about: "In this state.", schema: super::TEXT };

/// Their pages.
pub fn pages() -> Vec<Route> {
    use crate::who::Matter::{Register, Reports};
    vec![
        page("get", "/register", Register, &[OFFICER], || get(show)),
        page("get", "/register/meetings", Register, &[DONE], || get(meetings::show)),
        page("post", "/register/meetings", Register, &[], || post(meetings::add)),
        page("post", "/register/meetings/{id}/remove", Register, &[], || post(meetings::remove)),
        page("get", "/register/problems", Register, &[STATE, DONE], || get(problems::show)),
        page("post", "/register/problems", Register, &[], || post(problems::add)),
        page("get", "/register/problems/{id}", Register, &[DONE], || get(problems::one)),
        page("post", "/register/problems/{id}", Register, &[], || post(problems::change)),
        page("get", "/register/alliances", Register, &[], || get(sheets::list)),
        page("get", "/register/alliances/{name}", Register, &[], || get(sheets::one)),
        page("get", "/register/figures", Reports, figures::DAYS, || get(figures::show)),
        page("get", "/register/figures/table", Reports, figures::DAYS, || get(figures::table))
            .gives(&["text/html", crate::register::reports::CSV]),
    ]
}

/// Whether the caller may write into the register.
pub fn may_write(visit: &Visit) -> bool {
    matches!(visit.role(), Some(Role::Officer | Role::Zone))
}

/// Above every page of the register: the heading, and the ways to the others.
pub fn head(visit: &Visit, here: &str, title: &str) -> Markup {
    let all = [
        ("/register", "Follow-ups", "跟进清单"),
        ("/register/meetings", "Meetings and visits", "会议与走访"),
        ("/register/problems", "Problems", "问题"),
        ("/register/alliances", "Alliance sheets", "联盟交流单"),
        ("/register/figures", "Figures", "统计"),
    ];
    let is_for = |at: &str| match at {
        "/register/figures" => matches!(visit.role(), Some(Role::Zone | Role::Viewer)),
        "/register/alliances" => !visit.is_firm(),
        _ => true,
    };
    html! {
        h1 { (title) }
        nav class="tabs" aria-label=(visit.say("Register", "服务台账")) {
            ul {
                @for (at, en, zh) in all.into_iter().filter(|(at, ..)| is_for(at)) {
                    li { a href=(at) aria-current=[(at == here).then_some("true")] { (visit.say(en, zh)) } }
                }
            }
        }
    }
}

/// Every row that the caller sees of a list of the API, whatever its pages.
///
/// # Errors
/// Those of the list.
pub async fn every(
    app: &App,
    call: Call,
    known: &[Parameter],
    given: &[(&str, &str)],
    list: impl AsyncFn(State<App>, Call, Parameters) -> Result<Response, Problem>,
) -> Result<Vec<Value>, Problem> {
    let (mut rows, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut given: Vec<(&str, &str)> = given.to_vec();
        given.push(("limit", "500"));
        given.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let mut found =
            document(list(State(app.clone()), call.clone(), parameters(known, &given)?).await?).await?;
        rows.extend(found["items"].as_array_mut().map(std::mem::take).unwrap_or_default());
        cursor = found["next"].as_str().map(str::to_string);
        if cursor.is_none() {
            return Ok(rows);
        }
    }
}

/// The firms of the zone by their ids, for rows that name them.
pub struct Firms(BTreeMap<String, Map<String, Value>>);

impl Firms {
    /// # Errors
    /// The database's.
    pub async fn of(view: &mut View) -> Result<Firms, Problem> {
        Ok(Firms(all(view, Kind::Firm).await?.into_iter().collect()))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A column of a firm.
    pub fn text<'f>(&'f self, id: &str, column: &str) -> &'f str {
        self.0.get(id).and_then(|firm| firm.get(column)?.as_str()).unwrap_or_default()
    }

    /// Its name; its id where there is none.
    pub fn name<'f>(&'f self, id: &'f str) -> &'f str {
        Some(self.text(id, "name")).filter(|name| !name.is_empty()).unwrap_or(id)
    }

    /// The id of the firm that has this name or id; else what was typed, for the reader to say what is wrong with it.
    pub fn meant<'f>(&'f self, typed: &'f str) -> &'f str {
        let is_named = |firm: &Map<String, Value>| firm.get("name").and_then(Value::as_str) == Some(typed);
        self.0.iter().find(|(id, firm)| *id == typed || is_named(firm)).map_or(typed, |(id, _)| id)
    }

    /// What stands in a column of any of them, each once.
    pub fn each(&self, column: &str) -> Vec<String> {
        let found = self.0.values().filter_map(|firm| firm.get(column)?.as_str());
        found.collect::<std::collections::BTreeSet<_>>().into_iter().map(str::to_string).collect()
    }
}

pub fn text<'v>(row: &'v Value, name: &str) -> &'v str {
    row[name].as_str().unwrap_or_default()
}

/// `GET /register`: what stays unfilled in the plan in force.
pub async fn show(State(app): State<App>, visit: Visit, mut query: Parameters) -> Result<Response, Problem> {
    let officer = query.take("officer", |text| Ok(text.to_string())).filter(|name| !name.is_empty());
    query.finish()?;
    let rows = open(&app, &visit, officer.as_deref()).await?;
    let mut view = app.store.view().await?;
    let (firms, skills) = (Firms::of(&mut view).await?, Skills::of(&mut view).await?);
    drop(view);
    let title = visit.say("Follow-ups", "跟进清单");
    let officers = firms.each("service_officer");
    let body = html! {
        (visit.watch("problem plan"))
        (head(&visit, "/register", title))
        p { (visit.say("Shortages that the plan in force leaves open, with the nearest remedy; those that begin first stand first.",
            "已公布方案中仍未满足的缺工与最近的办法，开始日期早的在前。")) }
        @if matches!(visit.role(), Some(Role::Zone | Role::Viewer)) && officers.len() > 1 {
            form action="/register" class="actions" {
                label for="officer" { (visit.say("Officer", "服务专员")) }
                select id="officer" name="officer" class="choice" {
                    option value="" { (visit.say("all of them", "全部")) }
                    @for name in &officers { option value=(name) selected[officer.as_deref() == Some(name)] { (name) } }
                }
                button class="second" { (visit.say("Show", "查看")) }
            }
        }
        (list(&visit, &rows, MOST, &firms, &skills))
    };
    Ok(visit.page(title, &body))
}

/// What waits for an officer, or concerns a firm, on their first page; nothing where there is nothing.
///
/// # Errors
/// Those of the list.
pub async fn first(app: &App, visit: &Visit) -> Result<Markup, Problem> {
    let rows = open(app, visit, None).await?;
    if rows.is_empty() {
        return Ok(html! {});
    }
    let mut view = app.store.view().await?;
    let (firms, skills) = (Firms::of(&mut view).await?, Skills::of(&mut view).await?);
    Ok(html! {
        section {
            h2 { (visit.say("What the plan leaves open", "方案中仍未满足的缺工")) }
            (list(visit, &rows, FIRST, &firms, &skills))
            p { a href="/register" { (visit.language.choose(format!("all {}", rows.len()), format!("查看全部 {} 条", rows.len()))) } }
        }
    })
}

/// The follow-ups that are not done with, by their first day.
async fn open(app: &App, visit: &Visit, officer: Option<&str>) -> Result<Vec<Value>, Problem> {
    let call = visit.call.of("list_follow_ups")?;
    let given: Vec<(&str, &str)> = officer.map(|name| ("officer", name)).into_iter().collect();
    let mut rows = every(app, call, follow_ups::FILTERS, &given, follow_ups::list).await?;
    rows.sort_by(|a, b| (text(a, "from"), text(a, "id")).cmp(&(text(b, "from"), text(b, "id"))));
    Ok(rows)
}

fn list(visit: &Visit, rows: &[Value], most: usize, firms: &Firms, skills: &Skills) -> Markup {
    if rows.is_empty() {
        return html! { p class="soft" { (visit.say("Nothing is open.", "没有需要跟进的缺工。")) } };
    }
    let [what, when, days, why, remedy, state] = [
        visit.say("Skill", "工种"),
        visit.say("Days", "日期"),
        visit.say("Worker-days", "缺口人天"),
        visit.say("Why", "原因"),
        visit.say("Nearest remedy", "最近的办法"),
        visit.say("State", "状态"),
    ];
    html! {
        table class="cards" {
            thead { tr { th { (visit.say("Firm", "企业")) } @for name in [what, when, days, why, remedy, state] { th class=[(name == days).then_some("number")] { (name) } } } }
            tbody { @for row in &rows[..rows.len().min(most)] {
                tr {
                    th scope="row" {
                        a href=(format!("/register/problems/{}", percent_encoded(text(row, "id")))) { (firms.name(text(row, "firm"))) }
                        @if !visit.is_firm() {
                            @let reached = reach(firms, text(row, "firm"));
                            @if !reached.is_empty() { br; span class="soft" { (reached) } }
                        }
                    }
                    td data-head=(what) { a href=(if is_silence(row) && visit.role() == Some(Role::Viewer) { posting(row) } else { about(row) }) { (skills.name(text(row, "skill"))) } }
                    td data-head=(when) { (text(row, "from")) " – " (text(row, "to")) }
                    @if is_silence(row) {
                        td class="number" data-head=(days) {}
                        td data-head=(why) { (silence(visit, row)) }
                        td data-head=(remedy) { (visit.say("call the firm", "联系该企业")) }
                    } @else {
                        td class="number" data-head=(days) { (thousands(row["worker_days"].as_i64().unwrap_or_default())) }
                        td data-head=(why) { (reasons(visit, row)) }
                        td data-head=(remedy) { (nearest(visit, row)) }
                    }
                    td data-head=(state) { (super::texts::problem_state(text(row, "state"), visit.language)) }
                }
            } }
        }
        (more(visit, rows.len(), most))
    }
}

/// How many rows a list does not show.
pub fn more(visit: &Visit, rows: usize, shown: usize) -> Markup {
    let left = rows.saturating_sub(shown);
    html! { @if left > 0 { p class="soft" { (visit.language.choose(format!("… and {left} more"), format!("……另有 {left} 条"))) } } }
}

/// Who is called at a firm.
pub fn reach(firms: &Firms, firm: &str) -> String {
    let parts = ["contact", "phone"].map(|column| firms.text(firm, column));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a follow-up is about a firm that does not answer.
pub fn is_silence(row: &Value) -> bool {
    row["follow_up"] == follow_ups::SILENT
}

/// What a firm does not answer, and until when it may.
pub fn silence(visit: &Visit, row: &Value) -> String {
    let (proposal, deadline) = (text(row, "proposal_id"), visit.instant(text(row, "deadline")));
    visit.language.choose(
        format!("no answer to {proposal}, asked until {deadline}"),
        format!("尚未答复提议 {proposal}，答复期限 {deadline}"),
    )
}

/// The page of what a follow-up is about.
pub fn about(row: &Value) -> String {
    if is_silence(row) {
        format!("/proposals/{}", percent_encoded(text(row, "proposal_id")))
    } else {
        posting(row)
    }
}

/// The page of the shortage that a follow-up is about.
pub fn posting(row: &Value) -> String {
    format!("/shortages/{}", percent_encoded(text(row, "shortage")))
}

/// Why it is open, the most worker-days first.
pub fn reasons(visit: &Visit, row: &Value) -> String {
    let name = |code: &str| {
        reason_code(code)
            .map_or_else(|| code.to_string(), |code| reason_name(code, visit.language).to_string())
    };
    let one = |reason: &Value| {
        let name = name(text(reason, "code"));
        visit.language.choose(
            format!("{name} ({})", reason["worker_days"]),
            format!("{name}（{}）", reason["worker_days"]),
        )
    };
    let all: Vec<String> = row["reasons"].as_array().into_iter().flatten().map(one).collect();
    all.join(visit.say(", ", "、"))
}

/// What would help most, and what that brings.
pub fn nearest(visit: &Visit, row: &Value) -> Markup {
    let remedy = &row["remedy"];
    if remedy.is_null() {
        return html! { span class="soft" { (visit.say("nothing near", "暂无")) } };
    }
    let brings = remedy["worker_days"].as_i64().map(|days| {
        let saved = remedy["saved_fen"].as_i64().filter(|_| !visit.is_firm());
        let saved = saved.map(|fen| whole_yuan(fen, visit.language));
        match (visit.language.choose(true, false), saved) {
            (true, Some(saved)) => format!("{days} worker-days more, {saved} less"),
            (true, None) => format!("{days} worker-days more"),
            (false, Some(saved)) => format!("多满足 {days} 人天，成本减少 {saved}"),
            (false, None) => format!("多满足 {days} 人天"),
        }
    });
    html! {
        span {
            (text(remedy, visit.language.choose("text", "text_zh")))
            @if let Some(brings) = brings { br; strong { (brings) } }
        }
    }
}
