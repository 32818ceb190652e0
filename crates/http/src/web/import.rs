//! Tables of postings: pasted or chosen, checked by the API's dry run with every fault in its cell, mended there, imported, undone.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::Value;
use tiaoji_formats::PostingTable;
use tiaoji_formats::pictures::thousands;
use tiaoji_store::Kind;

use super::answers::{document, id_made};
use super::form::{Values, told};
use super::postings::{firms as own_firms, path};
use super::shell::onward;
use super::skills::Skills;
use super::visit::Visit;
use crate::app::App;
use crate::body::read;
use crate::imports;
use crate::lists::percent_encoded;
use crate::parameters::Parameters;
use crate::problem::{DEFECTS, NOT_FOUND, Problem, STATE_CONFLICT, TOO_LARGE};
use crate::runs::calls::XLSX;
use crate::who::Call;
use crate::zone::sort::Sort;

/// Rows that are shown at once.
const ROWS: usize = 50;
/// Faults and warnings of no cell that are listed.
const LISTED: usize = 20;

fn sort(visit: &Visit) -> Result<&'static Sort, Problem> {
    visit.call.route.sort.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn title(visit: &Visit, sort: &Sort) -> &'static str {
    if sort.kind == Kind::Surplus {
        visit.language.choose("Import surplus", "导入余工")
    } else {
        visit.language.choose("Import shortages", "导入缺工")
    }
}

fn call(visit: &Visit, sort: &Sort) -> Result<Call, Problem> {
    visit.call.of(&format!("import_{}", sort.table))
}

/// What a script replaces: everything below the bar.
fn place(visit: &Visit, inside: &Markup) -> Markup {
    html! {
        div data-import
            data-ended=(visit.say("Your session has ended. Nothing is lost: log in in another window, then send this again.",
                "登录已失效，内容没有丢失：请在另一窗口登录，再回到这里重新提交。"))
            data-lost=(visit.say("The service cannot be reached just now. Nothing is lost: send this again.",
                "暂时连接不上，内容没有丢失，请稍后重新提交。")) {
            p class="notice" role="alert" data-told hidden {}
            (inside)
        }
    }
}

/// `GET …/import`
pub async fn get(visit: Visit) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    call(&visit, sort)?;
    Ok(visit.page(title(&visit, sort), &place(&visit, &begin(&visit, sort, "", &[]))))
}

/// The form that takes a table.
fn begin(visit: &Visit, sort: &Sort, text: &str, told: &[String]) -> Markup {
    let at = path(sort);
    html! {
        h1 { (title(visit, sort)) }
        @if !told.is_empty() {
            div class="faults" role="alert" tabindex="-1" {
                h2 { (visit.say("This is no table of postings yet", "暂时读不出登记表")) }
                ul { @for text in told { li { (text) } } }
            }
        }
        p { (visit.say("Every fault is shown in its cell before anything is stored. Rows without a number are new postings; rows with one change that posting.",
            "导入前会在单元格中标出每一处错误，确认前不会保存。编号留空为新登记，填编号则修改该条登记。")) }
        p { a href=(format!("{at}/template")) { (visit.say("Blank template (Excel)", "下载空白模板（Excel）")) } }
        form method="post" action=(format!("{at}/import")) data-table {
            input type="hidden" name="key" value=(crate::secrets::token(""));
            div class="field wide" {
                label for="table" { (visit.say("Paste the table", "粘贴表格")) }
                p class="hint" id="table-hint" { (visit.say("from a spreadsheet, with its header row; or the text of a CSV file", "从表格软件复制，须含表头行；也可粘贴 CSV 文件内容")) }
                textarea id="table" name="table" rows="8" spellcheck="false" aria-describedby="table-hint" { "\n" (text) }
            }
            div class="field wide" data-scripted hidden {
                label for="file" { (visit.say("or choose or drop a file (Excel or CSV)", "或选择、拖入文件（Excel 或 CSV）")) }
                input type="file" id="file" accept=".xlsx,.csv,.txt";
            }
            p class="actions" {
                button { (visit.say("Check", "检查")) }
                a href=(at) data-fresh { (visit.say("Cancel", "取消")) }
            }
        }
    }
}

/// `GET …/template`
pub async fn template(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let book = imports::template(&app, &call(&visit, sort)?, visit.language).await?;
    let file = format!("attachment; filename=\"{}.xlsx\"", sort.table);
    Ok(([(CONTENT_TYPE, XLSX.to_string()), (CONTENT_DISPOSITION, file)], book).into_response())
}

/// `POST …/import`: a file, or the form of this page.
pub async fn post(State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Problem> {
    let sort = sort(&visit)?;
    let mut call = call(&visit, sort)?;
    let media = request.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let is_form = media.starts_with("application/x-www-form-urlencoded");
    let sent = read(&app, request).await?;
    let (values, bytes) = if is_form {
        let values = Values::parsed(&String::from_utf8_lossy(&sent.bytes));
        let text = values.raw("table").to_string();
        (values, text.into())
    } else {
        (Values::default(), sent.bytes.clone())
    };
    let mut table = match imports::table(&call, bytes).await? {
        Ok(table) => table,
        Err(faults) => {
            let problem = Problem::defects(&faults);
            let said: Vec<String> =
                problem.listed().iter().map(|defect| told(defect, visit.language)).collect();
            let inside = begin(&visit, sort, values.raw("table"), &said);
            return Ok(visit.refused(title(&visit, sort), &problem, &place(&visit, &inside)));
        }
    };
    mend(&mut table, &values);
    let meant = meant(&app, &visit, &table).await?;
    let mut verdict = match imports::tried(&app, &call, meant.clone()).await {
        Err(problem) if problem.code() == TOO_LARGE.code => {
            let inside = begin(&visit, sort, "", &[problem.told(visit.language).to_string()]);
            return Ok(visit.refused(title(&visit, sort), &problem, &place(&visit, &inside)));
        }
        tried => tried?,
    };
    let is_sound = verdict["defects"].as_array().is_some_and(Vec::is_empty);
    if values.get("act") == "import" && is_sound {
        call.idempotency_key = Some(values.get("key").to_string()).filter(|key| !key.is_empty());
        let text = meant.to_csv();
        match imports::take(&app, &call, meant.clone(), text.as_bytes()).await {
            Ok(made) => return Ok(onward(&format!("/imports/{}?done=made", id_made(&made)))),
            // the zone has changed since the check
            Err(problem) if problem.code() == DEFECTS.code => {
                verdict = imports::tried(&app, &call, meant).await?;
            }
            Err(problem) => return Err(problem),
        }
    }
    let inside = preview(&visit, sort, &table, &verdict, &values, &skills(&app).await?);
    Ok(visit.page(title(&visit, sort), &place(&visit, &inside)))
}

/// The names of the skills, to choose from.
async fn skills(app: &App) -> Result<Vec<(String, String)>, Problem> {
    Ok(Skills::of(&mut app.store.view().await?).await?.choices())
}

/// Row and position in the name of a control.
fn spot(name: &str, prefix: &str) -> Option<(u32, usize)> {
    let (row, at) = name.strip_prefix(prefix)?.split_once('-')?;
    Some((row.parse().ok()?, at.parse().ok()?))
}

/// Puts what was typed into the cells.
fn mend(table: &mut PostingTable, values: &Values) {
    let lines: HashMap<u32, Vec<String>> =
        table.lines().map(|(row, cells)| (row, cells.into_iter().map(str::to_string).collect())).collect();
    for (name, value) in values.pairs() {
        if let Some((row, at)) = spot(name, "unread-") {
            table.set_unread(row, at, value);
        }
    }
    for (name, value) in values.pairs() {
        if let Some((row, at)) = spot(name, "cell-") {
            let stood = lines.get(&row).map(|cells| cells.get(at).map_or("", String::as_str));
            // far beyond the header nobody has been asked anything
            if at < 300 && stood.is_some_and(|stood| stood != value) {
                table.write(row, at, value);
            }
        } else if let Some(row) = name.strip_prefix("drop-").and_then(|row| row.parse().ok()) {
            table.remove(row);
        }
    }
}

/// The table with ids in the place of names: people write the skill's name and the firm's.
async fn meant(app: &App, visit: &Visit, table: &PostingTable) -> Result<PostingTable, Problem> {
    let mut view = app.store.view().await?;
    let skills = Skills::of(&mut view).await?;
    let mut firms: HashMap<String, Option<String>> = HashMap::new();
    for (id, name) in own_firms(&mut view, visit).await? {
        // two of one name are none
        firms.entry(name).and_modify(|known| *known = None).or_insert(Some(id));
    }
    let (skill, firm) = (table.position("skill"), table.position("firm"));
    let mut found = HashMap::new();
    let mut meant = table.clone();
    for (row, cells) in table.lines().skip(1) {
        let cell = |at: Option<usize>| {
            at.and_then(|at| Some((at, cells.get(at)?.trim()))).filter(|(_, text)| !text.is_empty())
        };
        if let Some((at, text)) = cell(skill) {
            let id = *found.entry(text).or_insert_with(|| skills.meant(text));
            if id != text {
                meant.write(row, at, id);
            }
        }
        if let Some((at, text)) = cell(firm)
            && let Some(Some(id)) = firms.get(text)
        {
            meant.write(row, at, id);
        }
    }
    Ok(meant)
}

/// What is wrong, by the place where it is shown.
#[derive(Default)]
struct Marks {
    cells: HashMap<(u32, usize), Vec<String>>,
    rows: BTreeMap<u32, Vec<String>>,
    /// Of no row.
    table: Vec<String>,
}

impl Marks {
    fn of(visit: &Visit, table: &PostingTable, verdict: &Value, header: u32) -> Marks {
        let mut marks = Marks::default();
        for defect in verdict["defects"].as_array().into_iter().flatten() {
            let said = told(defect, visit.language);
            let row = defect["row"].as_u64().map(|row| row as u32);
            let at = defect["column"].as_str().and_then(|column| table.position(column));
            match (row, at) {
                (Some(row), Some(at)) => marks.cells.entry((row, at)).or_default().push(said),
                (Some(row), None) if row != header => marks.rows.entry(row).or_default().push(said),
                _ => marks.table.push(said),
            }
        }
        marks
    }

    fn is_at(&self, row: u32, width: usize) -> bool {
        self.rows.contains_key(&row) || (0..width).any(|at| self.cells.contains_key(&(row, at)))
    }
}

/// The table with every fault in its cell, and what can be done with it.
fn preview(
    visit: &Visit,
    sort: &Sort,
    table: &PostingTable,
    verdict: &Value,
    values: &Values,
    skills: &[(String, String)],
) -> Markup {
    let mut lines: Vec<(u32, Vec<&str>)> = table.lines().collect();
    let (header_row, header) = if lines.is_empty() { (1, Vec::new()) } else { lines.remove(0) };
    let marks = Marks::of(visit, table, verdict, header_row);
    let width = |cells: &[&str]| cells.len().max(header.len());
    let faulty: Vec<&(u32, Vec<&str>)> =
        lines.iter().filter(|(row, cells)| marks.is_at(*row, width(cells))).collect();
    let count = |wanted: &str| {
        let rows = verdict["rows"].as_array().into_iter().flatten();
        rows.filter(|row| row["verdict"] == wanted).count()
    };
    let is_sound = verdict["defects"].as_array().is_some_and(Vec::is_empty);
    let (view, page) = values.get("show").split_once(':').unwrap_or((values.get("show"), "0"));
    let shows_all = view == "all" || faulty.is_empty();
    let shown: Vec<&(u32, Vec<&str>)> = if shows_all { lines.iter().collect() } else { faulty.clone() };
    let pages = shown.len().div_ceil(ROWS).max(1);
    let page = page.parse::<usize>().unwrap_or(0).min(pages - 1);
    let name = if shows_all { "all" } else { "faulty" };
    let header_is_faulty = marks.is_at(header_row, header.len());
    let number = |n: usize| thousands(n as i64);
    let some = |n: usize, en: &str, zh: &str| {
        (n > 0)
            .then(|| visit.language.choose(format!("{} {en}", number(n)), format!("{zh} {} 行", number(n))))
    };
    let parts: Vec<String> = [
        some(faulty.len(), "with faults", "有误"),
        some(count("create"), "new", "新登记"),
        some(count("update"), "to be changed", "修改"),
        some(count("unchanged"), "unchanged", "无变化"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut sum = visit
        .language
        .choose(format!("{} rows", number(lines.len())), format!("共 {} 行", number(lines.len())));
    if !parts.is_empty() {
        sum += visit.say(": ", "：");
        sum += &parts.join(visit.say(", ", "，"));
    }
    let warnings: Vec<String> = verdict["warnings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|warning| {
            let row = warning["row"]
                .as_u64()
                .map(|row| visit.language.choose(format!("row {row}: "), format!("第 {row} 行：")));
            format!("{}{}", row.unwrap_or_default(), told(warning, visit.language))
        })
        .collect();
    let control = |row: u32, at: usize, text: &str| {
        let id = format!("cell-{row}-{at}");
        let told = marks.cells.get(&(row, at)).map_or(&[][..], Vec::as_slice);
        let head = header.get(at).copied().unwrap_or_default();
        let label = visit.language.choose(format!("Row {row}, {head}"), format!("第 {row} 行，{head}"));
        let is_bad = !told.is_empty();
        html! {
            input id=(id) name=(id) value=(text) aria-label=(label) autocomplete="off" aria-invalid=[is_bad.then_some("true")]
                list=[(table.position("skill") == Some(at) && row != header_row).then_some("skills")]
                aria-describedby=[is_bad.then(|| format!("{id}-fault"))];
            @if is_bad { div class="fault" id=(format!("{id}-fault")) { @for text in told { p { (text) } } } }
        }
    };
    html! {
        h1 { (title(visit, sort)) }
        div class=(if is_sound { "notice" } else { "faults" }) role="status" tabindex="-1" {
            p { strong { (sum) } }
            @if !is_sound && (!faulty.is_empty() || header_is_faulty) {
                p { (visit.say("Mend the marked cells, or leave rows out, and check again.", "请修改标出的单元格，或勾选不导入的行，然后重新检查。")) }
            }
            @if is_sound { p { (visit.say("No fault. Nothing is stored yet.", "没有错误，尚未保存。")) } }
            @if !marks.table.is_empty() { ul { @for text in marks.table.iter().take(LISTED) { li { (text) } } } }
        }
        form method="post" action=(format!("{}/import", path(sort))) data-table {
            input type="hidden" name="key" value=(values.get("key"));
            @for (row, at, why) in table.unread() { input type="hidden" name=(format!("unread-{row}-{at}")) value=(why); }
            p class="actions" {
                @if is_sound && !lines.is_empty() {
                    button name="act" value="import" {
                        (visit.language.choose(format!("Import {} rows", number(lines.len())), format!("导入 {} 行", number(lines.len()))))
                    }
                }
                button class=[is_sound.then_some("second")] { (visit.say("Check again", "重新检查")) }
                a href=(format!("{}/import", path(sort))) data-fresh { (visit.say("Another table", "换一张表")) }
            }
            @if !warnings.is_empty() {
                details {
                    summary { (visit.language.choose(format!("Odd, but allowed: {}", number(warnings.len())), format!("可以导入但请留意：{} 处", number(warnings.len())))) }
                    ul { @for text in warnings.iter().take(LISTED) { li { (text) } } }
                }
            }
            p class="pages" {
                @if !faulty.is_empty() {
                    button class="plain" name="show" value="faulty" aria-pressed=(if shows_all { "false" } else { "true" }) { (visit.say("Rows with faults", "有误的行")) }
                    button class="plain" name="show" value="all" aria-pressed=(if shows_all { "true" } else { "false" }) { (visit.say("All rows", "全部行")) }
                }
                @if pages > 1 {
                    @if page > 0 { button class="plain" name="show" value=(format!("{name}:{}", page - 1)) { (visit.say("Before", "上一页")) } }
                    span class="soft" { (page + 1) " / " (pages) }
                    @if page + 1 < pages { button class="plain" name="show" value=(format!("{name}:{}", page + 1)) { (visit.say("Next", "下一页")) } }
                }
            }
            div class="sheet" role="region" tabindex="0" aria-label=(visit.say("The table", "表格")) {
                table class="cards" {
                    thead { tr {
                        th scope="col" { (visit.say("Row", "行")) }
                        @for (at, cell) in header.iter().enumerate() {
                            th scope="col" { @if header_is_faulty { (control(header_row, at, cell)) } @else { (cell) } }
                        }
                    } }
                    tbody { @for (row, cells) in shown.into_iter().skip(page * ROWS).take(ROWS) {
                        tr {
                            th scope="row" {
                                (row) " "
                                label class="soft" { input type="checkbox" name=(format!("drop-{row}")); " " (visit.say("leave out", "不导入")) }
                                @if let Some(told) = marks.rows.get(row) { div class="fault" { @for text in told { p { (text) } } } }
                            }
                            @for at in 0..width(cells) {
                                td data-head=(header.get(at).copied().unwrap_or_default()) { (control(*row, at, cells.get(at).copied().unwrap_or_default())) }
                            }
                        }
                    } }
                }
            }
            datalist id="skills" { @for (name, _) in skills { option value=(name) {} } }
            details {
                summary { (visit.say("The table as text", "表格文本")) }
                textarea name="table" rows="6" readonly aria-label=(visit.say("The table as text", "表格文本")) { "\n" (table.to_csv()) }
            }
        }
    }
}

/// `GET /imports/{id}`
pub async fn done(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    mut query: Parameters,
) -> Result<Response, Problem> {
    let _ = query.take("done", |text| Ok(text.to_string()));
    query.finish()?;
    let inside = taken(&app, &visit, &id, "").await?;
    Ok(visit.page(visit.say("Import", "导入"), &place(&visit, &inside)))
}

/// What an import has done, and the way back.
async fn taken(app: &App, visit: &Visit, id: &str, told: &str) -> Result<Markup, Problem> {
    let call = visit.call.of("read_import")?;
    let import =
        document(imports::read_import(State(app.clone()), call, Path(id.to_string())).await?).await?;
    let ids = |name: &str| -> Vec<&str> {
        import[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let (made, changed) = (ids("created"), ids("updated"));
    let text = |name: &str| import[name].as_str().map(|at| visit.instant(at)).unwrap_or_default();
    let is_undone = !import["undone"].is_null();
    let list = |ids: &[&str]| {
        let rest = ids.len().saturating_sub(LISTED);
        let first = ids.iter().take(LISTED).copied().collect::<Vec<_>>().join(visit.say(", ", "、"));
        if rest == 0 {
            first
        } else {
            visit.language.choose(format!("{first} and {rest} more"), format!("{first} 等，另有 {rest} 条"))
        }
    };
    Ok(html! {
        h1 { (visit.say("Import", "导入")) }
        p class="notice" role="status" tabindex="-1" {
            @if is_undone { (visit.say("Taken back: everything is as it was.", "已撤销，全部恢复原状。")) }
            @else {
                (visit.language.choose(format!("Imported: {} new postings, {} changed.", made.len(), changed.len()),
                    format!("已导入：新登记 {} 条，修改 {} 条。", made.len(), changed.len())))
            }
        }
        @if !told.is_empty() { div class="faults" role="alert" { p { (told) } } }
        dl class="facts" {
            div { dt { (visit.say("When", "时间")) } dd { (text("instant")) } }
            @if !made.is_empty() { div { dt { (visit.say("New", "新登记")) } dd { (list(&made)) } } }
            @if !changed.is_empty() { div { dt { (visit.say("Changed", "修改")) } dd { (list(&changed)) } } }
        }
        div class="actions" {
            @if !is_undone {
                form method="post" action=(format!("/imports/{}/undo", percent_encoded(id))) {
                    button class="second" { (visit.say("Take the import back", "撤销这次导入")) }
                }
            }
            a href="/surplus" { (visit.say("Surplus", "余工")) }
            a href="/shortages" { (visit.say("Shortages", "缺工")) }
        }
        @if !is_undone {
            p class="hint" { (visit.language.choose(format!("It can be taken back until {}, as long as none of its postings has changed since.", text("undo_until")),
                format!("{} 前可以撤销，但其中的登记若已有改动则不能撤销。", text("undo_until")))) }
        }
    })
}

/// `POST /imports/{id}/undo`
pub async fn undo(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Problem> {
    match imports::undo(State(app.clone()), visit.call.of("undo_import")?, Path(id.clone())).await {
        Ok(_) => Ok(onward(&format!("/imports/{}?done=undone", percent_encoded(&id)))),
        Err(problem) if problem.code() == STATE_CONFLICT.code => {
            let inside = taken(&app, &visit, &id, problem.told(visit.language)).await?;
            Ok(visit.refused(visit.say("Import", "导入"), &problem, &place(&visit, &inside)))
        }
        Err(problem) => Err(problem),
    }
}
