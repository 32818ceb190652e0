//! Sentences.

use tiaoji_formats::messages::Language;

/// A text with parameters, which are ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is what it says
pub enum Message {
    // How things fail.
    Error(String),
    InternalError(String),
    StandardOutput,
    CannotWrite { path: String, why: String },
    CannotRead { why: String },
    NoSuchFile,
    CheckPath,
    NotEmpty { path: String },
    NotAFolder { path: String },
    NotAFile { path: String },
    NotATemplate { path: String },
    // A fault and its place.
    Fault { kind: String, place: String, message: String, remedy: String, code: String },
    Row(u32),
    Faults { defects: usize, warnings: usize },
    // Progress.
    Progress { best: String, bound: String, gap: String, left: Option<u64> },
    Replaying { at: usize, of: usize },
    // The headline of a plan.
    Title { name: String, zone: String },
    Size { firms: String, surplus: String, shortages: String, days: String, pairs: String },
    Filled { days: String, of: String, share: Option<String> },
    Unfilled { days: String, share: Option<String> },
    Cost { total: String, unmet: String, lending: String, starts: String },
    Secondments { number: String, starts: String, days: String },
    Changes { days: String, cost: String },
    Money(String),
    Bound { bound: String, by_search: bool },
    Optimal,
    AtLeast { share: String, gap: String },
    Status { status: String, method: String, parts: String, seconds: String },
    StatusOptimal,
    StatusFeasible,
    StoppedByLimit,
    StoppedByKey,
    WorkersBetween { least: String, most: String },
    ReasonPart { reason: String, days: String, of: String },
    MoreRows { rows: String, days: String },
    PlanWritten { path: String },
    // Verdicts.
    NoDefects { path: String, warnings: usize },
    Feasible { objective: String, bound: String, gap: String },
    NotFeasible { violations: usize },
    Lights { red: usize, amber: usize },
    // Replay.
    Difference { what: String, expected: String, found: String },
    NoScenario { path: String },
    NoSuchFolder { path: String },
    Interrupted { done: usize, of: usize },
    Summary { scenarios: usize, hold: usize, differ: usize, refused: usize },
    Unmatched { new: usize, gone: usize },
    NoPosting { id: String },
    NoSweep { values: String },
    TooMany { points: usize },
    // What was written.
    Written { path: String, files: usize },
    Removed { files: usize },
    ExplainsPages,
}

impl Message {
    /// The text.
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::En => self.en(),
            Language::Zh => self.zh(),
        }
    }

    fn en(&self) -> String {
        match self {
            Message::Error(what) => format!("error: {what}"),
            Message::InternalError(what) => {
                format!(
                    "internal error: {what}\nThis is a fault of tiaoji, not of your data. Please report it."
                )
            }
            Message::StandardOutput => "standard output".to_string(),
            Message::CannotWrite { path, why } => format!("cannot write {path}: {why}"),
            Message::CannotRead { why } => format!("the file cannot be read: {why}"),
            Message::NoSuchFile => "there is no such file".to_string(),
            Message::CheckPath => "check the path".to_string(),
            Message::NotEmpty { path } => format!("{path} is there and not empty; --force writes over it"),
            Message::NotAFolder { path } => {
                format!("{path} is a file; name a folder, an .xlsx or a .json file")
            }
            Message::NotATemplate { path } => format!("{path}: name a file ending in .xlsx or .txt"),
            Message::NotAFile { path } => format!("{path} is a folder; name another file"),
            Message::Fault { kind, place, message, remedy, code } => {
                let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
                let join = if message.ends_with('?') { " " } else { "; " };
                let remedy = if remedy.is_empty() { String::new() } else { format!("{join}{remedy}") };
                format!("{kind}: {place}{message}{remedy} [{code}]")
            }
            Message::Row(row) => format!("row {row}"),
            Message::Faults { defects, warnings } => {
                format!("refused: {}, {}", number(*defects, "defect"), number(*warnings, "warning"))
            }
            Message::Progress { best, bound, gap, left } => {
                let left = left.map_or(String::new(), |seconds| format!("  {seconds} s left"));
                format!("best {best}  bound {bound}  gap {gap}{left}")
            }
            Message::Replaying { at, of } => format!("{at}/{of}"),
            Message::Title { name, zone } if zone.is_empty() => name.clone(),
            Message::Title { name, zone } => format!("{name} · {zone}"),
            Message::Size { firms, surplus, shortages, days, pairs } => {
                format!(
                    "firms {firms}, surplus postings {surplus}, shortage postings {shortages}, working days {days}, admissible pairs {pairs}"
                )
            }
            Message::Filled { days, of, share } => {
                format!("{days} of {of} worker-days{}", bracket(share.as_ref()))
            }
            Message::Unfilled { days, share } => format!("{days} worker-days{}", bracket(share.as_ref())),
            Message::Cost { total, unmet, lending, starts } => {
                format!("{total} = {unmet} unfilled + {lending} lending + {starts} starts")
            }
            Message::Secondments { number, starts, days } => {
                format!("{number} (starts {starts}, worker-days {days})")
            }
            Message::Changes { days, cost } => {
                format!(
                    "{days} worker-days against the earlier plan: {cost} for stability, not part of the cost"
                )
            }
            Message::Money(money) => money.clone(),
            Message::Bound { bound, by_search } => {
                let by = if *by_search { "a finished search" } else { "prices" };
                format!("{bound}, proven by {by}: no plan costs less")
            }
            Message::Optimal => "the best possible plan".to_string(),
            Message::AtLeast { share, gap } => format!("at least {share} of what is possible (gap {gap})"),
            Message::Status { status, method, parts, seconds } => {
                format!("{status}; method {method}, independent parts {parts}, {seconds} s")
            }
            Message::StatusOptimal => "optimal".to_string(),
            Message::StatusFeasible => "feasible".to_string(),
            Message::StoppedByLimit => "feasible, stopped at the time limit".to_string(),
            Message::StoppedByKey => "feasible, stopped by Ctrl-C".to_string(),
            Message::WorkersBetween { least, most } => format!("{least}-{most}"),
            Message::ReasonPart { reason, days, of } => format!("{reason} ({days} of {of})"),
            Message::MoreRows { rows, days } => format!("and {rows} more with {days} worker-days"),
            Message::PlanWritten { path } => format!("The plan is in {path}."),
            Message::NoDefects { path, warnings } => {
                format!("{path}: no defects, {}", number(*warnings, "warning"))
            }
            Message::Feasible { objective, bound, gap } => {
                format!("The plan is feasible; objective {objective} recomputed, bound {bound}, gap {gap}.")
            }
            Message::NotFeasible { violations } => {
                format!("The plan does not hold: {}.", number(*violations, "violation"))
            }
            Message::Lights { red, amber } => format!(
                "Compliance lights: {red} red, {amber} amber; `tiaoji report … --out plan.xlsx` lists them."
            ),
            Message::Difference { what, expected, found } => {
                format!("{what}: expected {expected}, found {found}")
            }
            Message::NoScenario { path } => format!("no scenario below {path}"),
            Message::NoSuchFolder { path } => format!("{path}: there is no such file or folder"),
            Message::Interrupted { done, of } => format!("stopped after {done} of {of} scenarios"),
            Message::Summary { scenarios, hold, differ, refused } => {
                let all = number(*scenarios, "scenario");
                format!("{all}: {hold} as they should be, {differ} different, {refused} refused")
            }
            Message::Unmatched { new, gone } => {
                format!(
                    "{} not in the earlier results, {gone} of these not replayed",
                    number(*new, "scenario")
                )
            }
            Message::Removed { files } => format!("{} of an earlier plan removed", number(*files, "paper")),
            Message::ExplainsPages => "an explanation is for a page: name an .html file".to_string(),
            Message::Written { path, files: 1 } => format!("{path} written"),
            Message::NoPosting { id } => format!("the scenario has no posting `{id}`"),
            Message::NoSweep { values } => format!("`{values}` is no range FROM..TO:STEP and no list"),
            Message::TooMany { points } => format!("{points} combinations; at most 10,000 at once"),
            Message::Written { path, files } => format!("{path} written ({files} files)"),
        }
    }

    fn zh(&self) -> String {
        match self {
            Message::Error(what) => format!("错误：{what}"),
            Message::InternalError(what) => {
                format!("内部错误：{what}\n这是 tiaoji 的问题，与您的数据无关，请反馈。")
            }
            Message::StandardOutput => "标准输出".to_string(),
            Message::CannotWrite { path, why } => format!("无法写入 {path}：{why}"),
            Message::CannotRead { why } => format!("无法读取文件：{why}"),
            Message::NoSuchFile => "文件不存在".to_string(),
            Message::CheckPath => "请检查路径".to_string(),
            Message::NotEmpty { path } => format!("{path} 已存在且不为空；如需覆盖请加 --force"),
            Message::NotAFolder { path } => format!("{path} 是文件；请指定文件夹、.xlsx 或 .json 文件"),
            Message::NotATemplate { path } => format!("{path}：请指定以 .xlsx 或 .txt 结尾的文件"),
            Message::NotAFile { path } => format!("{path} 是文件夹；请指定另一个文件"),
            Message::Fault { kind, place, message, remedy, code } => {
                let place = if place.is_empty() { String::new() } else { format!("{place}：") };
                let join = if message.ends_with('？') { "" } else { "；" };
                let remedy = if remedy.is_empty() { String::new() } else { format!("{join}{remedy}") };
                format!("{kind}：{place}{message}{remedy} [{code}]")
            }
            Message::Row(row) => format!("第 {row} 行"),
            Message::Faults { defects, warnings } => format!("已拒绝：{defects} 处缺陷，{warnings} 处警告"),
            Message::Progress { best, bound, gap, left } => {
                let left = left.map_or(String::new(), |seconds| format!("  剩余 {seconds} 秒"));
                format!("当前最优 {best}  下界 {bound}  差距 {gap}{left}")
            }
            Message::Replaying { at, of } => format!("{at}/{of}"),
            Message::Title { name, zone } if zone.is_empty() => name.clone(),
            Message::Title { name, zone } => format!("{name} · {zone}"),
            Message::Size { firms, surplus, shortages, days, pairs } => {
                format!(
                    "{firms} 家企业，{surplus} 条余工，{shortages} 条缺工，{days} 个工作日，{pairs} 个可匹配对"
                )
            }
            Message::Filled { days, of, share } => {
                format!("{days} / {of} 人天{}", bracket_zh(share.as_ref()))
            }
            Message::Unfilled { days, share } => format!("{days} 人天{}", bracket_zh(share.as_ref())),
            Message::Cost { total, unmet, lending, starts } => {
                format!("{total} = 未满足 {unmet} + 借调 {lending} + 上岗 {starts}")
            }
            Message::Secondments { number, starts, days } => {
                format!("{number} 条，上岗 {starts} 人次，共 {days} 人天")
            }
            Message::Changes { days, cost } => {
                format!("与旧方案相比变动 {days} 人天，变动费用 {cost}（不计入总成本）")
            }
            Message::Money(money) => money.clone(),
            Message::Bound { bound, by_search } => {
                let by = if *by_search { "由完整搜索证明" } else { "由价格证明" };
                format!("{bound}，{by}：没有成本更低的方案")
            }
            Message::Optimal => "已是最优方案".to_string(),
            Message::AtLeast { share, gap } => format!("至少达到可能效益的 {share}（差距 {gap}）"),
            Message::Status { status, method, parts, seconds } => {
                format!("{status}；方法：{method}，{parts} 个独立部分，用时 {seconds} 秒")
            }
            Message::StatusOptimal => "最优".to_string(),
            Message::StatusFeasible => "可行".to_string(),
            Message::StoppedByLimit => "可行，到达时间上限".to_string(),
            Message::StoppedByKey => "可行，被 Ctrl-C 中止".to_string(),
            Message::WorkersBetween { least, most } => format!("{least}-{most}"),
            Message::ReasonPart { reason, days, of } => format!("{reason}（{of} 人天中占 {days}）"),
            Message::MoreRows { rows, days } => format!("另有 {rows} 条，共 {days} 人天"),
            Message::PlanWritten { path } => format!("调剂方案已写入 {path}。"),
            Message::NoDefects { path, warnings } => format!("{path}：没有缺陷，{warnings} 处警告"),
            Message::Feasible { objective, bound, gap } => {
                format!("方案可行；重新计算的总成本 {objective}，下界 {bound}，差距 {gap}。")
            }
            Message::NotFeasible { violations } => format!("方案不成立：{violations} 处违规。"),
            Message::Lights { red, amber } => {
                format!(
                    "合规提示：红灯 {red} 处，黄灯 {amber} 处；`tiaoji report … --out plan.xlsx` 列出全部。"
                )
            }
            Message::Difference { what, expected, found } => format!("{what}：预期 {expected}，实际 {found}"),
            Message::NoScenario { path } => format!("{path} 之下没有场景"),
            Message::NoSuchFolder { path } => format!("{path}：文件或文件夹不存在"),
            Message::Interrupted { done, of } => format!("已中止：完成 {of} 个场景中的 {done} 个"),
            Message::Summary { scenarios, hold, differ, refused } => {
                format!("{scenarios} 个场景：{hold} 个符合，{differ} 个不符，{refused} 个被拒绝")
            }
            Message::Unmatched { new, gone } => {
                format!("{new} 个场景不在此前结果中，此前结果中有 {gone} 个未回放")
            }
            Message::Removed { files } => format!("已删除此前方案的 {files} 份文件"),
            Message::ExplainsPages => "原因说明只用于网页：请指定 .html 文件".to_string(),
            Message::Written { path, files: 1 } => format!("已写入 {path}"),
            Message::NoPosting { id } => format!("场景中没有 `{id}`"),
            Message::NoSweep { values } => format!("`{values}` 既不是 起..止:步长，也不是列表"),
            Message::TooMany { points } => format!("共 {points} 种组合；一次最多 10,000 种"),
            Message::Written { path, files } => format!("已写入 {path}（{files} 个文件）"),
        }
    }
}

/// A number and what it counts.
fn number(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn bracket(share: Option<&String>) -> String {
    share.map_or(String::new(), |share| format!(" ({share})"))
}

fn bracket_zh(share: Option<&String>) -> String {
    share.map_or(String::new(), |share| format!("（{share}）"))
}
