//! Titles and single words.

use tiaoji_formats::messages::Language;

/// A text without parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is what it says
pub enum Label {
    // The headline.
    Filled,
    Unfilled,
    Cost,
    Changes,
    WithoutLending,
    Bound,
    Quality,
    Status,
    Secondments,
    // Tables of a plan.
    AlliancesTitle,
    Alliance,
    NoAlliance,
    Total,
    Firms,
    Offered,
    Asked,
    Lent,
    Borrowed,
    Inside,
    LentAcross,
    BorrowedAcross,
    SecondmentsTitle,
    UnfilledTitle,
    Lender,
    Borrower,
    SurplusPosting,
    Posting,
    Firm,
    Skill,
    Dates,
    Workers,
    WorkerDays,
    CostCny,
    Reason,
    // Kinds of faults.
    Defect,
    Warning,
    Violation,
    // Replay.
    Scenario,
    Pairs,
    ObjectiveCny,
    BoundCny,
    Gap,
    Seconds,
    Verdict,
    Holds,
    HoldsWithDefects,
    NoExpectation,
    Differs,
    Refused,
    NotAnExpectation,
    RefereeObjects,
}

impl Label {
    /// The text.
    pub fn say(self, language: Language) -> &'static str {
        let (en, zh) = self.texts();
        match language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Label::Filled => ("Filled", "已满足"),
            Label::Unfilled => ("Unfilled", "未满足"),
            Label::Cost => ("Cost", "总成本"),
            Label::Changes => ("Changes", "变动"),
            Label::WithoutLending => ("No lending", "不调剂时"),
            Label::Bound => ("Bound", "下界"),
            Label::Quality => ("Quality", "质量"),
            Label::Status => ("Status", "状态"),
            Label::Secondments => ("Secondments", "借调"),
            Label::AlliancesTitle => ("Alliances (worker-days)", "各联盟（人天）"),
            Label::Alliance => ("Alliance", "联盟"),
            Label::NoAlliance => ("(no alliance)", "（未加入联盟）"),
            Label::Total => ("Total", "合计"),
            Label::Firms => ("Firms", "企业数"),
            Label::Offered => ("Offered", "余工"),
            Label::Asked => ("Asked", "缺工"),
            Label::Lent => ("Lent", "借出"),
            Label::Borrowed => ("Borrowed", "借入"),
            Label::Inside => ("Inside", "联盟内"),
            Label::LentAcross => ("Lent across", "跨联盟借出"),
            Label::BorrowedAcross => ("Borrowed across", "跨联盟借入"),
            Label::SecondmentsTitle => ("Largest secondments", "最大的借调"),
            Label::UnfilledTitle => ("Largest unfilled shortages", "最大的未满足缺工"),
            Label::Lender => ("Lender", "借出企业"),
            Label::Borrower => ("Borrower", "借入企业"),
            Label::SurplusPosting => ("Surplus", "余工"),
            Label::Posting => ("Shortage", "缺工"),
            Label::Firm => ("Firm", "企业"),
            Label::Skill => ("Skill", "工种"),
            Label::Dates => ("Dates", "日期"),
            Label::Workers => ("Workers", "人数"),
            Label::WorkerDays => ("Worker-days", "人天"),
            Label::CostCny => ("Cost (CNY)", "成本（元）"),
            Label::Reason => ("Main reason", "主要原因"),
            Label::Defect => ("defect", "缺陷"),
            Label::Warning => ("warning", "警告"),
            Label::Violation => ("violation", "违规"),
            Label::Scenario => ("Scenario", "场景"),
            Label::Pairs => ("Pairs", "可匹配"),
            Label::ObjectiveCny => ("Objective (CNY)", "总成本（元）"),
            Label::BoundCny => ("Bound (CNY)", "下界（元）"),
            Label::Gap => ("Gap", "差距"),
            Label::Seconds => ("Seconds", "秒"),
            Label::Verdict => ("Verdict", "结论"),
            Label::Holds => ("as expected", "符合预期"),
            Label::HoldsWithDefects => ("as expected (refused)", "符合预期（拒绝）"),
            Label::NoExpectation => ("no expectation", "无预期"),
            Label::Differs => ("DIFFERS", "不符"),
            Label::Refused => ("DEFECTS", "有缺陷"),
            Label::NotAnExpectation => ("BAD EXPECTATION", "预期文件有误"),
            Label::RefereeObjects => ("REFEREE OBJECTS", "裁判不认可"),
        }
    }
}
