//! What a side can do with a proposal or an agreement, in which state, and what it has to say with that.

use super::form::{Field, Sort};
use super::texts::{DECLINES, RETURNS};

/// Something that can be done.
pub struct Act {
    /// The last part of its address, as the API has it.
    pub verb: &'static str,
    pub name: (&'static str, &'static str),
    pub states: &'static [&'static str],
    /// `lender` or `borrower`, where it is that side's alone.
    pub side: Option<&'static str>,
    pub fields: &'static [Field],
    /// What is to be known before.
    pub note: (&'static str, &'static str),
}

const fn field(
    member: &'static str,
    sort: Sort,
    is_needed: bool,
    name: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed, name, hint: ("", "") }
}

const COUNT: Field = field("count", Sort::Number, true, ("Workers", "人数"));
const NOTHING: (&str, &str) = ("", "");

/// Of proposals; the first is what is asked for.
pub const PROPOSAL: &[Act] = &[
    Act {
        verb: "accept",
        name: ("Accept", "接受"),
        states: &["open"],
        side: None,
        fields: &[],
        note: ("When both sides have accepted, it is agreed.", "双方都接受即告达成。"),
    },
    Act {
        verb: "counter",
        name: ("Propose other terms", "提出其他条件"),
        states: &["open"],
        side: None,
        fields: &[
            COUNT,
            field("from", Sort::Date, true, ("First day", "开始日期")),
            field("to", Sort::Date, true, ("Last day", "结束日期")),
            field("day_pay_fen", Sort::Money, false, ("Pay a day, in yuan", "日薪（元）")),
        ],
        note: ("The other side is asked anew.", "将重新征求对方意见。"),
    },
    Act {
        verb: "hold",
        name: ("Ask for two more working days", "申请延长两个工作日"),
        states: &["open"],
        side: None,
        fields: &[],
        note: ("Once for each side.", "每方仅限一次。"),
    },
    Act {
        verb: "decline",
        name: ("Decline", "谢绝"),
        states: &["open"],
        side: None,
        fields: &[
            field("reason", Sort::Choice(DECLINES), true, ("Why", "原因")),
            field("note", Sort::Text, false, ("Note", "说明")),
        ],
        note: ("The zone looks for somebody else.", "园区会另找合适的对象。"),
    },
    Act {
        verb: "retract",
        name: ("Take back our yes", "撤回接受"),
        states: &["open"],
        side: None,
        fields: &[],
        note: NOTHING,
    },
];

/// Of agreements.
pub const AGREEMENT: &[Act] = &[
    Act {
        verb: "sign",
        name: ("Sign", "签署"),
        states: &["agreed"],
        side: Some("lender"),
        fields: &[field("consented", Sort::Number, true, ("Workers who consent", "已书面同意的职工人数"))],
        note: (
            "Every worker is asked and signs the amendment first.",
            "须先征求每位职工意见，并签订变更协议。",
        ),
    },
    Act {
        verb: "start",
        name: ("They have come", "人员已到岗"),
        states: &["signed"],
        side: None,
        fields: &[COUNT, field("day", Sort::Date, true, ("On", "到岗日期"))],
        note: NOTHING,
    },
    Act {
        verb: "return",
        name: ("Some go back", "人员返回"),
        states: &["active"],
        side: None,
        fields: &[
            COUNT,
            field("last_day", Sort::Date, true, ("Their last day", "最后在岗日")),
            field("reason", Sort::Choice(RETURNS), true, ("Why", "原因")),
        ],
        note: NOTHING,
    },
    Act {
        verb: "extend",
        name: ("Stay longer", "延期"),
        states: &["signed", "active"],
        side: None,
        fields: &[
            field("to", Sort::Date, true, ("New last day", "新的结束日期")),
            field("consented", Sort::Number, false, ("Workers who consent", "同意延期的职工人数")),
        ],
        note: (
            "The other side has to agree; the lender says how many workers consent.",
            "须对方同意；由出借方填写同意人数。",
        ),
    },
    Act {
        verb: "settle",
        name: ("Settle", "结算"),
        states: &["ended", "disputed"],
        side: None,
        fields: &[field("worker_days", Sort::Number, false, ("Worker-days", "实际人天"))],
        note: (
            "The borrower states the worker-days; the lender leaves the field blank and confirms.",
            "由借入方填报实际人天；出借方留空即为确认。",
        ),
    },
    Act {
        verb: "dispute",
        name: ("We do not agree", "有异议"),
        states: &["ended"],
        side: None,
        fields: &[field("reason", Sort::Text, false, ("Why", "原因"))],
        note: ("The zone decides.", "由园区裁定。"),
    },
    Act {
        verb: "cancel",
        name: ("Step back", "取消协议"),
        states: &["agreed", "signed"],
        side: None,
        fields: &[field("reason", Sort::Text, false, ("Why", "原因"))],
        note: ("Before the first day alone.", "仅限到岗之前。"),
    },
];
