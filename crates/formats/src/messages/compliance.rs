//! Words for lights.

use tiaoji_core::compliance::{Concern, Fact, Level, Light};

use super::Language;
use crate::cell::show_money;

/// What a light is called.
pub fn concern_name(concern: Concern, language: Language) -> &'static str {
    let (en, zh) = match concern {
        Concern::Dispatched => ("dispatched workers", "劳务派遣人员"),
        Concern::ShareOfStaff => ("share of staff", "出借比例"),
        Concern::Contract => ("labour contract", "劳动合同"),
        Concern::Consent => ("consent", "职工同意"),
        Concern::PayUntold => ("pay not stated", "未写明报酬"),
        Concern::Night => ("night shift", "夜班"),
        Concern::Certificate => ("certificate", "证书"),
        Concern::Pay => ("pay", "报酬"),
        Concern::Wording => ("wording", "措辞"),
    };
    language.choose(en, zh)
}

/// Where the rule behind a light is written, with its number in [`tiaoji_core::compliance`].
pub fn concern_source(concern: Concern) -> String {
    let source = match concern {
        Concern::Dispatched
        | Concern::ShareOfStaff
        | Concern::Contract
        | Concern::Consent
        | Concern::PayUntold => "人社厅发〔2020〕98号",
        Concern::Night => "《劳动法》",
        Concern::Certificate => "《特种作业人员安全技术培训考核管理规定》《食品安全法》",
        Concern::Pay => "《劳动法》《劳动合同法》",
        Concern::Wording => "《就业促进法》《人力资源市场暂行条例》",
    };
    format!("{} {source}", concern.rule())
}

/// The colour of a light.
pub fn level_name(level: Level, language: Language) -> &'static str {
    match level {
        Level::Amber => language.choose("amber", "黄"),
        Level::Red => language.choose("red", "红"),
    }
}

/// A light as one sentence.
pub fn light_text(light: &Light, language: Language) -> String {
    let (en, zh) = match (light.concern, &light.fact) {
        (Concern::Dispatched, _) => (
            "dispatched workers must not be lent on".to_string(),
            "被派遣劳动者不得以共享用工名义再次出借".to_string(),
        ),
        (Concern::ShareOfStaff, Fact::Workers { day, lent, of }) => (
            format!(
                "on {day} {lent} of {of} employees are lent, more than half: no cover for labour dispatch"
            ),
            format!("{day} 出借 {lent} 人，超过职工总数 {of} 人的一半，须防以共享用工之名行劳务派遣"),
        ),
        (Concern::Contract, Fact::Ends { last, needed }) => (
            format!("the labour contract ends on {last}, before {needed}"),
            format!("劳动合同 {last} 到期，早于 {needed}"),
        ),
        (Concern::Consent, Fact::Workers { day, lent, of }) => (
            format!("on {day} {lent} workers are lent, and {of} have agreed"),
            format!("{day} 出借 {lent} 人，而同意的只有 {of} 人"),
        ),
        (Concern::Consent, _) => (
            "it is not stated how many workers have agreed; each must, before work starts".to_string(),
            "未写明同意人数；上岗前须逐人征得同意".to_string(),
        ),
        (Concern::PayUntold, _) => (
            "the day pay is not stated; workers must be told before they agree".to_string(),
            "未写明日薪；须事先如实告知职工".to_string(),
        ),
        (Concern::Night, _) => (
            "workers who do no night work, for night shifts".to_string(),
            "不上夜班的职工安排了夜班".to_string(),
        ),
        (Concern::Certificate, Fact::Ends { last, needed }) => (
            format!("a certificate ends on {last}, before {needed}"),
            format!("证书 {last} 到期，早于 {needed}"),
        ),
        (Concern::Certificate, Fact::NotHeld(name)) => (
            format!("the work demands the certificate `{name}`, which is not stated as held"),
            format!("该工作须持“{name}”，余工未写明持有"),
        ),
        (Concern::Pay, Fact::Pay { offered, floor }) => (
            format!("day pay {} CNY, under the lender's {} CNY", show_money(*offered), show_money(*floor)),
            format!("日薪 {} 元，低于原企业要求的 {} 元", show_money(*offered), show_money(*floor)),
        ),
        (Concern::Wording, Fact::Words(words)) => (
            format!("`{words}` in the remark limits whom the firm takes"),
            format!("备注中的“{words}”涉嫌限制性条件"),
        ),
        _ => (
            concern_name(light.concern, Language::En).to_string(),
            concern_name(light.concern, Language::Zh).to_string(),
        ),
    };
    language.choose(en, zh)
}
