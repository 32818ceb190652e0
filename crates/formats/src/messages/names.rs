//! Names of rules, reasons, methods and tables for people.

use tiaoji_core::defect::Table;
use tiaoji_core::plan::{Method, ReasonCode};
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::Priority;

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// One of two things.
    pub fn choose<T>(self, en: T, zh: T) -> T {
        match self {
            Language::En => en,
            Language::Zh => zh,
        }
    }
}

/// A rule's name for people.
pub fn rule_name(rule: Rule, language: Language) -> &'static str {
    let (en, zh) = match rule {
        Rule::SameFirm => ("same firm", "同一企业"),
        Rule::Skill => ("skill", "工种不符"),
        Rule::Dates => ("dates", "日期不重合"),
        Rule::Contract => ("contract ends", "合同到期"),
        Rule::Dispatched => ("dispatched workers", "劳务派遣"),
        Rule::Consent => ("consent", "无人同意"),
        Rule::Distance => ("distance", "距离过远"),
        Rule::Alliance => ("alliance", "联盟不同"),
        Rule::Blocked => ("blocked", "已屏蔽"),
        Rule::Certificate => ("certificate", "证书不符"),
        Rule::Pay => ("pay", "日薪不足"),
        Rule::Night => ("night shift", "夜班"),
        Rule::MinStay => ("stay too short", "天数不足"),
    };
    language.choose(en, zh)
}

/// A reason's name for people.
pub fn reason_name(code: ReasonCode, language: Language) -> &'static str {
    match code {
        ReasonCode::Rule(rule) => rule_name(rule, language),
        ReasonCode::None => language.choose("nobody to lend", "无人可借"),
        ReasonCode::Price => language.choose("costs more than it is worth", "成本过高"),
        ReasonCode::Competition => language.choose("needed more elsewhere", "别处更需要"),
    }
}

/// What a reason means, as one sentence.
pub fn reason_detail(code: ReasonCode, language: Language) -> &'static str {
    let (en, zh) = match code {
        ReasonCode::Rule(Rule::SameFirm) => ("both postings are of the same firm", "余工与缺工属同一企业"),
        ReasonCode::Rule(Rule::Skill) => {
            ("the skill differs and no training leads to it", "工种不同，也没有可替代的培训")
        }
        ReasonCode::Rule(Rule::Dates) => ("the postings have no working day in common", "没有共同的工作日"),
        ReasonCode::Rule(Rule::Contract) => {
            ("the workers' contract ends before the first common working day", "劳动合同在共同工作日之前到期")
        }
        ReasonCode::Rule(Rule::Dispatched) => {
            ("dispatched workers may not be lent on", "劳务派遣人员不得再次出借")
        }
        ReasonCode::Rule(Rule::Consent) => ("no worker has consented", "没有职工同意"),
        ReasonCode::Rule(Rule::Distance) => {
            ("the firms are farther apart than a limit allows", "距离超过上限")
        }
        ReasonCode::Rule(Rule::Alliance) => {
            ("a posting is for its own alliance only", "仅限联盟内，而双方不在同一联盟")
        }
        ReasonCode::Rule(Rule::Blocked) => {
            ("the lender does not lend to this borrower", "出借企业不借给该企业")
        }
        ReasonCode::Rule(Rule::Certificate) => (
            "the certificate that the work demands is not held, or no longer valid",
            "没有所需证书，或证书已过期",
        ),
        ReasonCode::Rule(Rule::Pay) => ("the pay offered is below the pay asked", "日薪低于最低要求"),
        ReasonCode::Rule(Rule::Night) => ("the workers do not work night shifts", "职工不上夜班"),
        ReasonCode::Rule(Rule::MinStay) => {
            ("fewer working days in common than the shortest stay", "共同工作日少于最短天数")
        }
        ReasonCode::None => ("nobody is on the other side then", "届时对方无人"),
        ReasonCode::Price => ("lending costs more than it is worth", "出借成本高于收益"),
        ReasonCode::Competition => {
            ("every admissible partner is worth more elsewhere", "可行的对方在别处更有价值")
        }
    };
    language.choose(en, zh)
}

/// The same of idle workers: nobody is on the other side there either.
pub fn idle_reason_name(code: ReasonCode, language: Language) -> &'static str {
    match code {
        ReasonCode::None => language.choose("nobody asks", "无人需要"),
        _ => reason_name(code, language),
    }
}

/// The reason that a code of the format names.
pub fn reason_code(code: &str) -> Option<ReasonCode> {
    let rules = Rule::ALL.iter().map(|&rule| ReasonCode::Rule(rule));
    let mut all = rules.chain([ReasonCode::None, ReasonCode::Price, ReasonCode::Competition]);
    all.find(|known| known.code() == code)
}

/// A method's name for people.
pub fn method_name(method: Method, language: Language) -> &'static str {
    let (en, zh) = match method {
        Method::Auto => ("automatic", "自动"),
        Method::Daily => ("day by day", "逐日"),
        Method::Exact => ("exact", "精确"),
        Method::Priced => ("by prices", "定价"),
    };
    language.choose(en, zh)
}

/// A priority as the format spells it in that language.
pub fn priority_name(priority: Priority, language: Language) -> &'static str {
    let found = crate::cell::PRIORITIES.iter().find(|(p, ..)| *p == priority);
    found.map_or("", |(_, en, zh)| language.choose(en, zh))
}

/// A table's name for people.
pub fn table_name(table: Table, language: Language) -> &'static str {
    language.choose(table.name(), crate::columns::table_zh(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_in_both_languages() {
        let rules = Rule::ALL.iter().map(|&rule| ReasonCode::Rule(rule));
        let all = rules.chain([ReasonCode::None, ReasonCode::Price, ReasonCode::Competition]);
        let text: Vec<String> = all
            .map(|code| {
                let both =
                    [Language::En, Language::Zh].map(|l| (reason_name(code, l), reason_detail(code, l)));
                let [(en, en_detail), (zh, zh_detail)] = both;
                format!("{}: {en} - {en_detail}; {zh} - {zh_detail}", code.code())
            })
            .collect();
        insta::assert_snapshot!(text.join("\n"));
    }
}
