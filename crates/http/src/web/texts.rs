//! Words that several pages use, in both languages.

use tiaoji_formats::messages::Language;

/// A name by its code; the code itself where it has none.
fn named<'c>(
    table: &'static [(&'static str, &'static str, &'static str)],
    code: &'c str,
    language: Language,
) -> &'c str {
    table.iter().find(|(known, ..)| *known == code).map_or(code, |(_, en, zh)| language.choose(*en, *zh))
}

/// The state of a posting, a run, a proposal or an agreement.
pub fn state(code: &str, language: Language) -> &str {
    const STATES: &[(&str, &str, &str)] = &[
        ("draft", "draft", "草稿"),
        ("open", "open", "进行中"),
        ("withdrawn", "withdrawn", "已撤回"),
        ("closed", "over", "已到期"),
        ("queued", "waiting", "排队中"),
        ("running", "being solved", "求解中"),
        ("done", "done", "已完成"),
        ("cancelled", "cancelled", "已取消"),
        ("failed", "failed", "失败"),
        ("agreed", "agreed", "已达成"),
        ("declined", "declined", "已谢绝"),
        ("expired", "expired", "已逾期"),
        ("superseded", "replaced by a newer one", "已被新提议取代"),
        ("signed", "signed", "已签"),
        ("active", "at work", "在岗"),
        ("ended", "ended, to be settled", "已结束，待结算"),
        ("settled", "settled", "已结算"),
        ("disputed", "disputed", "有争议"),
    ];
    named(STATES, code, language)
}

pub fn priority(code: &str, language: Language) -> &str {
    const PRIORITIES: &[(&str, &str, &str)] =
        &[("urgent", "urgent", "紧急"), ("normal", "normal", "一般"), ("low", "low", "低")];
    named(PRIORITIES, code, language)
}

pub fn role(code: &str, language: Language) -> &str {
    const ROLES: &[(&str, &str, &str)] = &[
        ("firm", "firm", "企业"),
        ("officer", "service officer", "服务专员"),
        ("zone", "zone", "园区"),
        ("viewer", "viewer", "查看"),
        ("service", "program", "程序"),
    ];
    named(ROLES, code, language)
}
