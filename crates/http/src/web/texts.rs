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

pub type Names = &'static [(&'static str, &'static str, &'static str)];

pub const PRIORITIES: Names =
    &[("normal", "normal", "一般"), ("urgent", "urgent", "紧急"), ("low", "low", "低")];

pub fn priority(code: &str, language: Language) -> &str {
    named(PRIORITIES, code, language)
}

/// The state of a proposal or an agreement.
pub fn deal_state(code: &str, language: Language) -> &str {
    if code == "open" { language.choose("to be answered", "待答复") } else { state(code, language) }
}

/// Why a proposal is declined.
pub const DECLINES: Names = &[
    ("dates", "the dates do not suit", "日期不合适"),
    ("headcount", "the number of workers does not suit", "人数不合适"),
    ("pay", "the pay does not suit", "工资不合适"),
    ("workers_refused", "the workers do not want to", "职工不愿意"),
    ("conditions", "the conditions of work", "劳动条件"),
    ("trust", "no trust in the other firm", "对对方企业不放心"),
    ("other", "something else", "其他"),
];

/// Why workers go back.
pub const RETURNS: Names = &[
    ("recall", "the lender needs them", "出借方召回"),
    ("unsuited", "the work does not suit them", "不适应岗位"),
    ("sent_back", "the borrower sends them back", "借入方退回"),
    ("breach", "the borrower broke its duties", "借入方违反约定"),
    ("contract_end", "their labour contract ends", "劳动合同到期"),
    ("firm_closed", "a firm closes", "企业关闭"),
    ("other", "something else", "其他"),
];

pub fn returns(code: &str, language: Language) -> &str {
    named(RETURNS, code, language)
}

/// What happened to a proposal or an agreement.
pub fn event(code: &str, language: Language) -> &str {
    const EVENTS: Names = &[
        ("propose", "proposed", "提出"),
        ("accept", "accepted", "接受"),
        ("agree", "agreed", "达成"),
        ("retract", "took the yes back", "撤回接受"),
        ("hold", "asked for more time", "申请延长"),
        ("counter", "proposed other terms", "提出其他条件"),
        ("decline", "declined", "谢绝"),
        ("expire", "expired", "逾期"),
        ("withdraw", "withdrawn", "撤回"),
        ("supersede", "replaced", "被取代"),
        ("sign", "signed", "签署"),
        ("start", "workers came", "到岗"),
        ("return", "workers went back", "人员返回"),
        ("extend", "longer", "延期"),
        ("settle", "worker-days stated or confirmed", "填报或确认结算"),
        ("dispute", "disputed", "提出异议"),
        ("cancel", "cancelled", "取消"),
        ("end", "ended", "结束"),
    ];
    named(EVENTS, code, language)
}

pub fn side(code: &str, language: Language) -> &str {
    named(&[("lender", "lender", "出借方"), ("borrower", "borrower", "借入方")], code, language)
}

/// What somebody is to the zone.
pub const ROLES: Names = &[
    ("firm", "firm", "企业"),
    ("officer", "service officer", "服务专员"),
    ("zone", "zone", "园区"),
    ("viewer", "viewer", "查看"),
    ("service", "program", "程序"),
];

pub fn role(code: &str, language: Language) -> &str {
    named(ROLES, code, language)
}

/// What was held, in the register of alliances.
pub const MEETINGS: Names = &[
    ("visit", "visit", "走访"),
    ("exchange", "exchange meeting", "交流会"),
    ("activity", "joint activity", "联合活动"),
    ("benefit", "public benefit", "公益活动"),
];

pub fn meeting(code: &str, language: Language) -> &str {
    named(MEETINGS, code, language)
}

/// What a problem of a firm is about.
pub const PROBLEMS: Names = &[
    ("labour", "labour", "用工"),
    ("financing", "financing", "融资"),
    ("technology", "technology", "技术"),
    ("policy", "policy", "政策"),
    ("other", "something else", "其他"),
];

pub fn problem(code: &str, language: Language) -> &str {
    named(PROBLEMS, code, language)
}

/// How far a problem of a firm is.
pub fn problem_state(code: &str, language: Language) -> &str {
    const STATES: Names = &[
        ("open", "to be answered", "待答复"),
        ("answered", "answered", "已答复"),
        ("solved", "solved", "已解决"),
        ("closed", "closed", "已关闭"),
    ];
    named(STATES, code, language)
}
