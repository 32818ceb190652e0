//! The columns of every table, once: English and Chinese name, whether required, and the cell of the draft behind it.
//! Readers, writers, schemas and messages all go by these tables.

use std::sync::LazyLock;

use tiaoji_core::defect::Table;
use tiaoji_core::draft::{
    BlockDraft, CalendarDraft, Cell, Certificate, FirmDraft, HorizonDraft, PinDraft, Priority, Rows,
    ScenarioDraft, ShortageDraft, SkillDraft, SubstitutionDraft, SurplusDraft,
};
use tiaoji_core::units::{Day, Fen, Metres};

/// A cell of a draft, by what it holds.
pub(crate) enum Field<'a> {
    Id(&'a mut Cell<String>),
    Text(&'a mut Cell<String>),
    List(&'a mut Cell<Vec<String>>),
    Whole(&'a mut Cell<i64>),
    Float(&'a mut Cell<f64>),
    Money(&'a mut Cell<Fen>),
    Km(&'a mut Cell<Metres>),
    Date(&'a mut Cell<Day>),
    Flag(&'a mut Cell<bool>),
    Priority(&'a mut Cell<Priority>),
    Certificates(&'a mut Cell<Vec<Certificate>>),
    Weekdays(&'a mut Cell<Vec<usize>>),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Id,
    Text,
    List,
    Whole,
    Float,
    Money,
    Km,
    Date,
    Flag,
    Priority,
    Certificates,
    Weekdays,
}

impl Field<'_> {
    pub fn kind(&self) -> Kind {
        match self {
            Field::Id(_) => Kind::Id,
            Field::Text(_) => Kind::Text,
            Field::List(_) => Kind::List,
            Field::Whole(_) => Kind::Whole,
            Field::Float(_) => Kind::Float,
            Field::Money(_) => Kind::Money,
            Field::Km(_) => Kind::Km,
            Field::Date(_) => Kind::Date,
            Field::Flag(_) => Kind::Flag,
            Field::Priority(_) => Kind::Priority,
            Field::Certificates(_) => Kind::Certificates,
            Field::Weekdays(_) => Kind::Weekdays,
        }
    }
}

/// What a table cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The column, and a value in every row.
    Value,
    /// The column; its cells may be blank.
    Column,
    /// Neither.
    Nothing,
}

/// One column of a table whose rows are `T`.
pub(crate) struct Column<T: 'static> {
    /// English header; in `scenario.toml` the dotted key.
    pub name: &'static str,
    /// Chinese header.
    pub zh: &'static str,
    pub need: Need,
    /// The cell of a row.
    pub field: for<'a> fn(&'a mut T) -> Field<'a>,
}

const fn must<T>(
    name: &'static str,
    zh: &'static str,
    field: for<'a> fn(&'a mut T) -> Field<'a>,
) -> Column<T> {
    Column { name, zh, need: Need::Value, field }
}

const fn may<T>(
    name: &'static str,
    zh: &'static str,
    field: for<'a> fn(&'a mut T) -> Field<'a>,
) -> Column<T> {
    Column { name, zh, need: Need::Nothing, field }
}

const fn head<T>(
    name: &'static str,
    zh: &'static str,
    field: for<'a> fn(&'a mut T) -> Field<'a>,
) -> Column<T> {
    Column { name, zh, need: Need::Column, field }
}

/// What a row of a table is.
pub(crate) trait Record: Default + Clone + 'static {
    const TABLE: Table;
    const COLUMNS: &'static [Column<Self>];
}

/// The one "row" of `scenario.toml`.
impl Record for ScenarioDraft {
    const TABLE: Table = Table::Scenario;
    const COLUMNS: &'static [Column<Self>] = &[
        must("name", "名称", |s| Field::Text(&mut s.name)),
        may("zone", "园区", |s| Field::Text(&mut s.zone)),
        must("policy.onboarding", "上岗成本", |s| Field::Money(&mut s.policy.onboarding)),
        must("policy.daily_base", "每日基本成本", |s| Field::Money(&mut s.policy.daily_base)),
        must("policy.transport_per_km", "每公里交通", |s| Field::Money(&mut s.policy.transport_per_km)),
        must("policy.cross_alliance", "跨联盟成本", |s| Field::Money(&mut s.policy.cross_alliance)),
        may("policy.road_factor", "道路系数", |s| Field::Float(&mut s.policy.road_factor)),
        may("policy.max_distance_km", "最远公里", |s| Field::Km(&mut s.policy.max_distance)),
        may("policy.min_stay_days", "最短天数", |s| Field::Whole(&mut s.policy.min_stay_days)),
        may("policy.fairness", "公平", |s| Field::Flag(&mut s.policy.fairness)),
        may("policy.rest_weekdays", "休息日", |s| Field::Weekdays(&mut s.policy.rest_weekdays)),
        may("policy.stability", "稳定成本", |s| Field::Money(&mut s.policy.stability)),
        must("policy.unmet.urgent", "紧急缺工单价", |s| Field::Money(&mut s.policy.unmet_urgent)),
        must("policy.unmet.normal", "一般缺工单价", |s| Field::Money(&mut s.policy.unmet_normal)),
        must("policy.unmet.low", "低级缺工单价", |s| Field::Money(&mut s.policy.unmet_low)),
        may("horizon.from", "计划开始", |s| Field::Date(&mut horizon(s).from)),
        may("horizon.to", "计划结束", |s| Field::Date(&mut horizon(s).to)),
    ];
}

/// The horizon of a draft, made where there is none: only what names it asks for it.
fn horizon(draft: &mut ScenarioDraft) -> &mut HorizonDraft {
    if draft.horizon.value().is_none() {
        draft.horizon = Cell::Value(HorizonDraft::default());
    }
    match &mut draft.horizon {
        Cell::Value(horizon) => horizon,
        Cell::Blank | Cell::Bad => unreachable!("set above"),
    }
}

impl Record for FirmDraft {
    const TABLE: Table = Table::Firms;
    const COLUMNS: &'static [Column<Self>] = &[
        must("id", "编号", |f| Field::Id(&mut f.id)),
        must("name", "名称", |f| Field::Text(&mut f.name)),
        head("alliance", "联盟", |f| Field::Text(&mut f.alliance)),
        must("latitude", "纬度", |f| Field::Float(&mut f.latitude)),
        must("longitude", "经度", |f| Field::Float(&mut f.longitude)),
        may("service_officer", "服务专员", |f| Field::Text(&mut f.service_officer)),
        may("staff", "职工数", |f| Field::Whole(&mut f.staff)),
        may("contact", "联系人", |f| Field::Text(&mut f.contact)),
        may("phone", "电话", |f| Field::Text(&mut f.phone)),
    ];
}

impl Record for SkillDraft {
    const TABLE: Table = Table::Skills;
    const COLUMNS: &'static [Column<Self>] = &[
        must("id", "编号", |s| Field::Id(&mut s.id)),
        must("name", "名称", |s| Field::Text(&mut s.name)),
        may("aliases", "别名", |s| Field::List(&mut s.aliases)),
        may("occupation_code", "职业编码", |s| Field::Text(&mut s.occupation_code)),
        may("level", "等级", |s| Field::Text(&mut s.level)),
        may("certificate", "证书要求", |s| Field::Text(&mut s.certificate)),
    ];
}

impl Record for SubstitutionDraft {
    const TABLE: Table = Table::Substitutions;
    const COLUMNS: &'static [Column<Self>] = &[
        must("from", "原工种", |s| Field::Id(&mut s.from)),
        must("to", "目标工种", |s| Field::Id(&mut s.to)),
        must("training_cost", "培训费用", |s| Field::Money(&mut s.training_cost)),
    ];
}

impl Record for SurplusDraft {
    const TABLE: Table = Table::Surplus;
    const COLUMNS: &'static [Column<Self>] = &[
        must("id", "编号", |s| Field::Id(&mut s.id)),
        must("firm", "企业", |s| Field::Id(&mut s.firm)),
        must("skill", "工种", |s| Field::Id(&mut s.skill)),
        must("headcount", "人数", |s| Field::Whole(&mut s.headcount)),
        must("from", "开始日期", |s| Field::Date(&mut s.from)),
        must("to", "结束日期", |s| Field::Date(&mut s.to)),
        may("consented", "同意人数", |s| Field::Whole(&mut s.consented)),
        may("dispatched", "劳务派遣", |s| Field::Flag(&mut s.dispatched)),
        may("contract_until", "合同到期", |s| Field::Date(&mut s.contract_until)),
        may("certificates", "持有证书", |s| Field::Certificates(&mut s.certificates)),
        may("min_day_pay", "最低日薪", |s| Field::Money(&mut s.min_day_pay)),
        may("no_night", "不上夜班", |s| Field::Flag(&mut s.no_night)),
        may("max_distance_km", "最远公里", |s| Field::Km(&mut s.max_distance)),
        may("min_stay_days", "最短天数", |s| Field::Whole(&mut s.min_stay_days)),
        may("within_alliance", "仅限联盟内", |s| Field::Flag(&mut s.within_alliance)),
        may("posted", "发布日期", |s| Field::Date(&mut s.posted)),
        may("withdrawn", "撤回日期", |s| Field::Date(&mut s.withdrawn)),
        may("remark", "备注", |s| Field::Text(&mut s.remark)),
    ];
}

impl Record for ShortageDraft {
    const TABLE: Table = Table::Shortage;
    const COLUMNS: &'static [Column<Self>] = &[
        must("id", "编号", |d| Field::Id(&mut d.id)),
        must("firm", "企业", |d| Field::Id(&mut d.firm)),
        must("skill", "工种", |d| Field::Id(&mut d.skill)),
        must("headcount", "人数", |d| Field::Whole(&mut d.headcount)),
        must("from", "开始日期", |d| Field::Date(&mut d.from)),
        must("to", "结束日期", |d| Field::Date(&mut d.to)),
        may("priority", "优先级", |d| Field::Priority(&mut d.priority)),
        may("day_pay", "日薪", |d| Field::Money(&mut d.day_pay)),
        may("night_shift", "夜班", |d| Field::Flag(&mut d.night_shift)),
        may("max_distance_km", "最远公里", |d| Field::Km(&mut d.max_distance)),
        may("min_stay_days", "最短天数", |d| Field::Whole(&mut d.min_stay_days)),
        may("within_alliance", "仅限联盟内", |d| Field::Flag(&mut d.within_alliance)),
        may("posted", "发布日期", |d| Field::Date(&mut d.posted)),
        may("withdrawn", "撤回日期", |d| Field::Date(&mut d.withdrawn)),
        may("remark", "备注", |d| Field::Text(&mut d.remark)),
    ];
}

impl Record for BlockDraft {
    const TABLE: Table = Table::Blocked;
    const COLUMNS: &'static [Column<Self>] = &[
        must("lender", "出借企业", |b| Field::Id(&mut b.lender)),
        must("borrower", "借入企业", |b| Field::Id(&mut b.borrower)),
        may("surplus", "余工", |b| Field::Id(&mut b.surplus)),
        may("shortage", "缺工", |b| Field::Id(&mut b.shortage)),
    ];
}

impl Record for PinDraft {
    const TABLE: Table = Table::Pins;
    const COLUMNS: &'static [Column<Self>] = &[
        must("surplus", "余工", |p| Field::Id(&mut p.surplus)),
        must("shortage", "缺工", |p| Field::Id(&mut p.shortage)),
        must("count", "人数", |p| Field::Whole(&mut p.count)),
        must("from", "开始日期", |p| Field::Date(&mut p.from)),
        must("to", "结束日期", |p| Field::Date(&mut p.to)),
        may("forced", "强制", |p| Field::Flag(&mut p.forced)),
    ];
}

impl Record for CalendarDraft {
    const TABLE: Table = Table::Calendar;
    const COLUMNS: &'static [Column<Self>] = &[
        must("date", "日期", |c| Field::Date(&mut c.date)),
        must("working", "上班", |c| Field::Flag(&mut c.working)),
    ];
}

/// Something done to every table of rows in turn.
pub(crate) trait Visitor {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>);
}

/// Visits every table of rows, in the order in which they are reported and written.
pub(crate) fn visit_tables(draft: &mut ScenarioDraft, visitor: &mut impl Visitor) {
    visitor.table(&mut draft.firms);
    visitor.table(&mut draft.skills);
    visitor.table(&mut draft.substitutions);
    visitor.table(&mut draft.surplus);
    visitor.table(&mut draft.shortage);
    visitor.table(&mut draft.blocked);
    visitor.table(&mut draft.pins);
    visitor.table(&mut draft.calendar);
}

/// What is known of a column without its rows' type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Info {
    pub name: &'static str,
    pub zh: &'static str,
    pub need: Need,
    pub kind: Kind,
}

impl Info {
    /// The key in JSON: money says its unit.
    pub fn json_key(&self) -> String {
        if self.kind == Kind::Money { format!("{}_fen", self.name) } else { self.name.to_string() }
    }
}

fn infos<T: Record>() -> Vec<Info> {
    let mut row = T::default();
    let info = |c: &Column<T>| {
        let kind = (c.field)(&mut row).kind();
        Info { name: c.name, zh: c.zh, need: c.need, kind }
    };
    T::COLUMNS.iter().map(info).collect()
}

static COLUMNS: LazyLock<[Vec<Info>; 9]> = LazyLock::new(|| {
    Table::ALL.map(|table| match table {
        Table::Scenario => infos::<ScenarioDraft>(),
        Table::Firms => infos::<FirmDraft>(),
        Table::Skills => infos::<SkillDraft>(),
        Table::Substitutions => infos::<SubstitutionDraft>(),
        Table::Surplus => infos::<SurplusDraft>(),
        Table::Shortage => infos::<ShortageDraft>(),
        Table::Blocked => infos::<BlockDraft>(),
        Table::Pins => infos::<PinDraft>(),
        Table::Calendar => infos::<CalendarDraft>(),
    })
});

/// The columns of a table.
pub(crate) fn columns(table: Table) -> &'static [Info] {
    &COLUMNS[table as usize]
}

/// A column of a table by its English name.
pub(crate) fn column(table: Table, name: &str) -> Option<&'static Info> {
    columns(table).iter().find(|info| info.name == name)
}

/// The file of a table in a scenario folder.
pub(crate) fn file_name(table: Table) -> String {
    match table {
        Table::Scenario => "scenario.toml".to_string(),
        other => format!("{}.csv", other.name()),
    }
}

/// Whether a scenario cannot do without the table.
pub(crate) fn is_required(table: Table) -> bool {
    matches!(table, Table::Scenario | Table::Firms | Table::Skills | Table::Surplus | Table::Shortage)
}

/// What a table is called in Chinese, which is also its sheet's name.
pub(crate) fn table_zh(table: Table) -> &'static str {
    match table {
        Table::Scenario => "政策",
        Table::Firms => "企业",
        Table::Skills => "工种",
        Table::Substitutions => "替代",
        Table::Surplus => "余工",
        Table::Shortage => "缺工",
        Table::Blocked => "屏蔽",
        Table::Pins => "已定",
        Table::Calendar => "日历",
    }
}

/// The nearest of some names, where one is near enough to have been meant.
pub(crate) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let normal = |text: &str| text.trim().to_lowercase().replace([' ', '-', '_'], "");
    let wanted = normal(written);
    let scored = names.into_iter().filter_map(|name| {
        let candidate = normal(name);
        let length = wanted.chars().count().max(candidate.chars().count());
        // Far apart in length is far apart; the distance itself costs length squared.
        if length > 80 || wanted.is_empty() {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &candidate);
        (distance <= (length / 3).max(1) && distance < length).then_some((distance, name))
    });
    scored.min_by_key(|&(distance, _)| distance).map(|(_, name)| name)
}
