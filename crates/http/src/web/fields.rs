//! The fields of a posting, in the order in which people are asked.

use serde_json::{Map, Value};
use tiaoji_store::Kind;

use super::form::{Field, Sort, Values};
use super::texts::PRIORITIES;

const NO_HINT: (&str, &str) = ("", "");

const fn field(
    member: &'static str,
    sort: Sort,
    name: (&'static str, &'static str),
    hint: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed: false, name, hint }
}

const fn needed(
    member: &'static str,
    sort: Sort,
    name: (&'static str, &'static str),
    hint: (&'static str, &'static str),
) -> Field {
    Field { member, sort, is_needed: true, name, hint }
}

/// Whose posting it is, for those who act for several firms.
pub const FIRM: Field = needed("firm", Sort::Firm, ("Firm", "企业"), NO_HINT);

const SKILL: Field = needed(
    "skill",
    Sort::Listed,
    ("Skill", "工种"),
    ("name, code, or the first letters of its pinyin, such as bzg", "名称、编码或拼音首字母，如 bzg"),
);
const HEADCOUNT: Field = needed("headcount", Sort::Number, ("Workers", "人数"), NO_HINT);
const FROM: Field = needed("from", Sort::Date, ("First day", "开始日期"), NO_HINT);
const TO: Field = needed("to", Sort::Date, ("Last day", "结束日期"), ("this day counts", "含当天"));
const DISTANCE: Field = field(
    "max_distance_km",
    Sort::Decimal,
    ("At most so far, in km", "最远距离（公里）"),
    ("blank: as the zone has it", "不填则按园区规定"),
);
const STAY: Field = field("min_stay_days", Sort::Number, ("At least so many days", "最短天数"), NO_HINT);
const INSIDE: Field =
    field("within_alliance", Sort::Flag, ("Only within our alliance", "仅限本联盟内"), NO_HINT);
const REMARK: Field = field("remark", Sort::Text, ("Remark", "备注"), NO_HINT);

const SURPLUS: &[Field] = &[
    SKILL,
    HEADCOUNT,
    FROM,
    TO,
    field(
        "consented",
        Sort::Number,
        ("Workers who have agreed", "已同意借调的人数"),
        ("blank: nobody has been asked yet", "不填表示尚未征求意见"),
    ),
    field(
        "min_day_pay_fen",
        Sort::Money,
        ("Least pay a day, in yuan", "最低日薪（元）"),
        ("never shown to other firms", "不会给其他企业看到"),
    ),
];
const SURPLUS_MORE: &[Field] = &[
    field(
        "certificates",
        Sort::List,
        ("Certificates", "持有证书"),
        (
            "with a comma between; a date of expiry after @, as in 健康证@2027-06-30",
            "用逗号分隔；到期日写在 @ 后，如 健康证@2027-06-30",
        ),
    ),
    field("contract_until", Sort::Date, ("Labour contracts end on", "劳动合同到期日"), NO_HINT),
    field("no_night", Sort::Flag, ("No night shifts", "不上夜班"), NO_HINT),
    field(
        "dispatched",
        Sort::Flag,
        ("These workers are dispatched by an agency", "属劳务派遣用工"),
        ("then they may not be lent", "此类人员不得再借出"),
    ),
    DISTANCE,
    STAY,
    INSIDE,
    REMARK,
];
const SHORTAGE: &[Field] = &[
    SKILL,
    HEADCOUNT,
    FROM,
    TO,
    field(
        "day_pay_fen",
        Sort::Money,
        ("Pay a day, in yuan", "日薪（元）"),
        ("for eight hours", "按每天八小时计"),
    ),
    field(
        "priority",
        Sort::Choice(PRIORITIES),
        ("How urgent", "紧急程度"),
        ("urgent is confirmed by the zone", "选“紧急”需经园区确认"),
    ),
    field("night_shift", Sort::Flag, ("With night shifts", "需上夜班"), NO_HINT),
];
const SHORTAGE_MORE: &[Field] = &[DISTANCE, STAY, INSIDE, REMARK];

/// Those that are asked at once, and those that stand folded below.
pub fn of(kind: Kind) -> (&'static [Field], &'static [Field]) {
    if kind == Kind::Surplus { (SURPLUS, SURPLUS_MORE) } else { (SHORTAGE, SHORTAGE_MORE) }
}

/// All of them.
pub fn all(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let (first, more) = of(kind);
    [FIRM_ONLY, first, more].into_iter().flatten()
}

const FIRM_ONLY: &[Field] = &[FIRM];

/// The members of a body from what was typed. A change says null where a field is blank now.
pub fn row(kind: Kind, values: &Values, is_change: bool) -> Map<String, Value> {
    let mut row = Map::new();
    for field in all(kind) {
        match field.sent(values.get(field.member)) {
            Some(sent) => row.insert(field.member.to_string(), sent),
            None if is_change && field.member != FIRM.member => {
                row.insert(field.member.to_string(), Value::Null)
            }
            None => continue,
        };
    }
    row
}

/// What stands in the fields for a row. The zone's answer to a wish for `urgent` is still to come: it stands as wished.
pub fn values(kind: Kind, row: &Value) -> Values {
    let mut values = Values::default();
    for field in all(kind) {
        let typed = field.typed(&row[field.member]);
        if !typed.is_empty() {
            values.set(field.member, typed);
        }
    }
    if row["priority_asked"] == "urgent" {
        values.set("priority", "urgent");
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn there_and_back() {
        let row = json!({ "firm": "F1", "skill": "packer", "headcount": 18, "from": "2026-10-08", "to": "2026-10-31",
            "min_day_pay_fen": 14_000, "certificates": ["健康证"], "no_night": true });
        let values = values(Kind::Surplus, &row);
        assert_eq!((values.get("min_day_pay_fen"), values.get("certificates")), ("140", "健康证"));
        assert_eq!(Value::from(super::row(Kind::Surplus, &values, false)), row);
        let change = super::row(Kind::Surplus, &values, true);
        assert_eq!(change["remark"], Value::Null);
    }
}
