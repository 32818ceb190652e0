//! A scenario as it was read: every cell may be blank or unreadable, nothing has been checked against anything.
//!
//! Readers (CSV, JSON, database rows) fill a [`ScenarioDraft`]; [`Scenario::new`](crate::scenario::Scenario::new)
//! is the only way from here to a valid scenario.

use crate::defect::Table;
use crate::units::{Day, Fen, Metres};

/// One cell: absent, present but unreadable (its defect has been reported by the reader), or a value.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell<T> {
    /// Nothing was given; the default applies, or `missing_value` where there is none.
    #[default]
    Blank,
    /// Something was given that could not be read. Already reported; never checked further.
    Bad,
    /// What was read.
    Value(T),
}

impl<T> Cell<T> {
    /// The value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Cell::Value(v) => Some(v),
            _ => None,
        }
    }
}

impl<T> From<T> for Cell<T> {
    fn from(value: T) -> Self {
        Cell::Value(value)
    }
}

/// One row of a table and where it stood: the row number in its file (the header is row 1), or the
/// position in its JSON array counted from 1.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Row<T> {
    /// Where the row stood.
    pub line: u32,
    /// Its cells.
    pub cells: T,
}

/// The rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<T> {
    /// In the order they were read.
    pub rows: Vec<Row<T>>,
    /// False where the table as a whole could not be read (already reported): its ids are unknown, so references
    /// into it are not checked.
    pub readable: bool,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { rows: Vec::new(), readable: true }
    }
}

/// Everything a scenario may hold, unchecked. Money in fen, distances in metres, dates inclusive at both ends.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)] // the fields are the columns and keys of the format, under the same names
pub struct ScenarioDraft {
    pub name: Cell<String>,
    pub zone: Cell<String>,
    pub policy: PolicyDraft,
    /// Blank means no horizon; inside, both ends are required.
    pub horizon: Cell<HorizonDraft>,
    pub firms: Rows<FirmDraft>,
    pub skills: Rows<SkillDraft>,
    pub substitutions: Rows<SubstitutionDraft>,
    pub surplus: Rows<SurplusDraft>,
    pub shortage: Rows<ShortageDraft>,
    pub blocked: Rows<BlockDraft>,
    pub pins: Rows<PinDraft>,
    pub calendar: Rows<CalendarDraft>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct PolicyDraft {
    pub onboarding: Cell<Fen>,
    pub daily_base: Cell<Fen>,
    pub transport_per_km: Cell<Fen>,
    pub cross_alliance: Cell<Fen>,
    pub road_factor: Cell<f64>,
    pub max_distance: Cell<Metres>,
    pub min_stay_days: Cell<i64>,
    pub fairness: Cell<bool>,
    /// 0 = Monday to 6 = Sunday.
    pub rest_weekdays: Cell<Vec<usize>>,
    pub stability: Cell<Fen>,
    pub unmet_urgent: Cell<Fen>,
    pub unmet_normal: Cell<Fen>,
    pub unmet_low: Cell<Fen>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct HorizonDraft {
    pub from: Cell<Day>,
    pub to: Cell<Day>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct FirmDraft {
    pub id: Cell<String>,
    pub name: Cell<String>,
    pub alliance: Cell<String>,
    pub latitude: Cell<f64>,
    pub longitude: Cell<f64>,
    pub service_officer: Cell<String>,
    pub staff: Cell<i64>,
    pub contact: Cell<String>,
    pub phone: Cell<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct SkillDraft {
    pub id: Cell<String>,
    pub name: Cell<String>,
    pub aliases: Cell<Vec<String>>,
    pub occupation_code: Cell<String>,
    pub level: Cell<String>,
    pub certificate: Cell<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct SubstitutionDraft {
    pub from: Cell<String>,
    pub to: Cell<String>,
    pub training_cost: Cell<Fen>,
}

/// A certificate held: its name and, where it ends, its last valid day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Certificate {
    /// As the skill catalogue names it.
    pub name: String,
    /// Last valid day; none = without end.
    pub valid_until: Option<Day>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct SurplusDraft {
    pub id: Cell<String>,
    pub firm: Cell<String>,
    pub skill: Cell<String>,
    pub headcount: Cell<i64>,
    pub from: Cell<Day>,
    pub to: Cell<Day>,
    pub consented: Cell<i64>,
    pub dispatched: Cell<bool>,
    pub contract_until: Cell<Day>,
    pub certificates: Cell<Vec<Certificate>>,
    pub min_day_pay: Cell<Fen>,
    pub no_night: Cell<bool>,
    pub max_distance: Cell<Metres>,
    pub min_stay_days: Cell<i64>,
    pub within_alliance: Cell<bool>,
    pub posted: Cell<Day>,
    pub withdrawn: Cell<Day>,
    pub remark: Cell<String>,
}

/// How urgent a shortage is; chooses the price of an unfilled worker-day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Priority {
    Urgent,
    #[default]
    Normal,
    Low,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct ShortageDraft {
    pub id: Cell<String>,
    pub firm: Cell<String>,
    pub skill: Cell<String>,
    pub headcount: Cell<i64>,
    pub from: Cell<Day>,
    pub to: Cell<Day>,
    pub priority: Cell<Priority>,
    pub day_pay: Cell<Fen>,
    pub night_shift: Cell<bool>,
    pub max_distance: Cell<Metres>,
    pub min_stay_days: Cell<i64>,
    pub within_alliance: Cell<bool>,
    pub posted: Cell<Day>,
    pub withdrawn: Cell<Day>,
    pub remark: Cell<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct BlockDraft {
    pub lender: Cell<String>,
    pub borrower: Cell<String>,
    pub surplus: Cell<String>,
    pub shortage: Cell<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct PinDraft {
    pub surplus: Cell<String>,
    pub shortage: Cell<String>,
    pub count: Cell<i64>,
    pub from: Cell<Day>,
    pub to: Cell<Day>,
    pub forced: Cell<bool>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct CalendarDraft {
    pub date: Cell<Day>,
    pub working: Cell<bool>,
}

impl ScenarioDraft {
    /// Marks a table as unreadable as a whole: its rows go, and references into it are no longer checked.
    pub fn mark_unreadable(&mut self, table: Table) {
        fn close<T>(rows: &mut Rows<T>) {
            rows.rows.clear();
            rows.readable = false;
        }
        match table {
            Table::Scenario => {}
            Table::Firms => close(&mut self.firms),
            Table::Skills => close(&mut self.skills),
            Table::Substitutions => close(&mut self.substitutions),
            Table::Surplus => close(&mut self.surplus),
            Table::Shortage => close(&mut self.shortage),
            Table::Blocked => close(&mut self.blocked),
            Table::Pins => close(&mut self.pins),
            Table::Calendar => close(&mut self.calendar),
        }
    }
}
