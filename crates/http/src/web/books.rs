//! What the directory of the zone holds, sort by sort: its addresses, its words, the fields of its forms, the columns of its list.

use serde_json::{Map, Value};
use tiaoji_store::Kind;

use super::form::{Field, Sort as Held, Values};
use super::skills::Skills;
use crate::lists::percent_encoded;
use crate::zone::sort::{FIRMS, SKILLS, SUBSTITUTIONS, Sort};

/// A text in English and in Chinese.
type Pair = (&'static str, &'static str);

const NOTHING: Pair = ("", "");

/// A sort of rows that the zone keeps and everybody's postings name.
pub struct Book {
    /// The address of its pages.
    pub path: &'static str,
    pub sort: &'static Sort,
    pub title: Pair,
    /// What stands above the list.
    pub about: Pair,
    /// What adding one is called.
    pub add: Pair,
    pub added: Pair,
    pub fields: &'static [Field],
    /// The members that the list shows; the first one leads to the row.
    pub columns: &'static [&'static str],
}

impl Book {
    /// The address of a row.
    pub fn at(&self, id: &str) -> String {
        format!("{}/{}", self.path, percent_encoded(id))
    }

    /// Whether a field names a skill.
    pub fn is_skill(&self, field: &Field) -> bool {
        self.sort.kind == Kind::Substitution && field.sort == Held::Listed
    }

    /// The fields of a form; what a row is called by stays.
    pub fn fields(&self, is_change: bool) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(move |field| !is_change || field.member != "id")
    }

    /// A member as people read it.
    pub fn shown(&self, skills: &Skills, row: &Value, member: &str) -> String {
        let Some(field) = self.fields.iter().find(|field| field.member == member) else {
            return String::new();
        };
        let typed = field.typed(&row[member]);
        if self.is_skill(field) { skills.name(&typed).to_string() } else { typed }
    }

    /// What a row is called.
    pub fn name(&self, skills: &Skills, row: &Value) -> String {
        if self.sort.kind == Kind::Substitution {
            let [from, to] = ["from", "to"].map(|member| self.shown(skills, row, member));
            return format!("{from} → {to}");
        }
        self.shown(skills, row, "name")
    }

    /// What stands in the fields of a row.
    pub fn typed(&self, skills: &Skills, row: &Value) -> Values {
        let mut values = Values::default();
        for field in self.fields {
            values.set(field.member, self.shown(skills, row, field.member));
        }
        values.set("version", row["version"].to_string());
        values
    }

    /// The members of a body from what was typed; a change says null where a field is blank now.
    pub fn sent(&self, skills: &Skills, values: &Values, is_change: bool) -> Map<String, Value> {
        let mut row = Map::new();
        for field in self.fields(is_change) {
            let typed = values.get(field.member);
            let typed = if self.is_skill(field) { skills.meant(typed) } else { typed };
            match field.sent(typed) {
                Some(sent) => row.insert(field.member.to_string(), sent),
                None if is_change => row.insert(field.member.to_string(), Value::Null),
                None => continue,
            };
        }
        row
    }
}

const fn field(member: &'static str, sort: Held, is_needed: bool, name: Pair, hint: Pair) -> Field {
    Field { member, sort, is_needed, name, hint }
}

const fn id(hint: Pair) -> Field {
    field("id", Held::Text, false, ("Number", "编号"), hint)
}

const MADE_HERE: Pair = ("blank: one is made; it cannot be changed later", "不填则自动编号；以后不能更改");

/// The firms.
pub static FIRM_BOOK: Book = Book {
    path: "/settings/firms",
    sort: &FIRMS,
    title: ("Firms", "企业"),
    about: (
        "Every firm of the zone: postings, distances and invitations go by this register.",
        "园区的全部企业；登记、距离和邀请都以此为准。",
    ),
    add: ("Add a firm", "新增企业"),
    added: (
        "Added. Now somebody of it can be invited, under People.",
        "已新增。现在可以在“人员”中邀请该企业的用户。",
    ),
    fields: &[
        field("name", Held::Text, true, ("Name", "名称"), NOTHING),
        id(MADE_HERE),
        field(
            "uscc",
            Held::Text,
            false,
            ("Social credit code", "统一社会信用代码"),
            ("18 characters, as on the business licence", "18 位，以营业执照为准"),
        ),
        field("alliance", Held::Listed, false, ("Alliance", "联盟"), ("blank: in none", "不填表示未加入")),
        field(
            "service_officer",
            Held::Listed,
            false,
            ("Service officer", "服务专员"),
            ("the name that the officer's login has under People", "须与“人员”中该专员的姓名一致"),
        ),
        field(
            "latitude",
            Held::Decimal,
            true,
            ("Latitude", "纬度"),
            ("of the gate, in degrees, such as 36.994775", "厂区大门处，以度为单位，如 36.994775"),
        ),
        field(
            "longitude",
            Held::Decimal,
            true,
            ("Longitude", "经度"),
            ("such as 117.265223", "如 117.265223"),
        ),
        field("staff", Held::Number, false, ("Employees", "职工数"), NOTHING),
        field("contact", Held::Text, false, ("Contact", "联系人"), NOTHING),
        field("phone", Held::Text, false, ("Phone", "电话"), NOTHING),
    ],
    columns: &["name", "id", "alliance", "service_officer", "contact", "phone"],
};

/// The skills.
pub static SKILL_BOOK: Book = Book {
    path: "/settings/skills",
    sort: &SKILLS,
    title: ("Skills", "工种"),
    about: (
        "What postings ask for and offer. A skill is found by its name, its other names, its code and the first letters of the pinyin.",
        "登记余工、缺工时可选的工种；可按名称、别名、编码或拼音首字母查找。",
    ),
    add: ("Add a skill", "新增工种"),
    added: ("Added. It can be posted from now on.", "已新增，现在即可登记。"),
    fields: &[
        field("name", Held::Text, true, ("Name", "名称"), NOTHING),
        id(MADE_HERE),
        field("aliases", Held::List, false, ("Other names", "别名"), ("with a comma between", "用逗号分隔")),
        field(
            "occupation_code",
            Held::Text,
            false,
            ("Occupation code", "职业编码"),
            ("of the national classification, such as 6-31-05-00", "国家职业分类大典编码，如 6-31-05-00"),
        ),
        field("level", Held::Text, false, ("Level", "等级"), NOTHING),
        field(
            "certificate",
            Held::Listed,
            false,
            ("Certificate", "证书要求"),
            (
                "that everybody who does this work must hold; blank: none",
                "从事该工种必须持有的证书；不填为不要求",
            ),
        ),
    ],
    columns: &["name", "id", "aliases", "occupation_code", "certificate"],
};

/// Which skill may do another's work.
pub static SUBSTITUTION_BOOK: Book = Book {
    path: "/settings/substitutions",
    sort: &SUBSTITUTIONS,
    title: ("Substitutions", "工种替代"),
    about: (
        "Workers of the first skill may do the work of the second after training, which is paid once for each worker who starts.",
        "前一工种的职工经培训可从事后一工种的工作；培训成本按每人每次上岗计一次。",
    ),
    add: ("Add a substitution", "新增替代"),
    added: ("Added. The next plan goes by it.", "已新增，下次调剂起生效。"),
    fields: &[
        field("from", Held::Listed, true, ("Workers of", "原工种"), NOTHING),
        field("to", Held::Listed, true, ("May do the work of", "可从事的工种"), NOTHING),
        field(
            "training_cost_fen",
            Held::Money,
            true,
            ("Training", "培训成本"),
            ("yuan per worker and start; 0 where none is needed", "元 / 每人每次上岗；无需培训填 0"),
        ),
    ],
    columns: &["from", "to", "training_cost_fen"],
};

/// All of them.
pub static BOOKS: [&Book; 3] = [&FIRM_BOOK, &SKILL_BOOK, &SUBSTITUTION_BOOK];
