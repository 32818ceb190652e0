//! Faults of a scenario as data: what is wrong, where it stands, what was read. Texts are made elsewhere.

use std::borrow::Cow;

use crate::codes::codes;
use crate::rules::RuleSet;
use crate::units::{Count, Day};

/// A table of the scenario, the policy and its neighbours in `scenario.toml` among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Table {
    Scenario,
    Firms,
    Skills,
    Substitutions,
    Surplus,
    Shortage,
    Blocked,
    Pins,
    Calendar,
}

impl Table {
    /// Every table, in the order in which defects are reported.
    pub const ALL: [Table; 9] = [
        Table::Scenario,
        Table::Firms,
        Table::Skills,
        Table::Substitutions,
        Table::Surplus,
        Table::Shortage,
        Table::Blocked,
        Table::Pins,
        Table::Calendar,
    ];

    /// The table's name, which is also its file's stem and its key in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Table::Scenario => "scenario",
            Table::Firms => "firms",
            Table::Skills => "skills",
            Table::Substitutions => "substitutions",
            Table::Surplus => "surplus",
            Table::Shortage => "shortage",
            Table::Blocked => "blocked",
            Table::Pins => "pins",
            Table::Calendar => "calendar",
        }
    }
}

codes! {
    /// What is wrong. Any of these refuses the whole scenario.
    DefectCode {
        MissingFile = "missing_file",
        Unreadable = "unreadable",
        Encoding = "encoding",
        MissingColumn = "missing_column",
        UnknownColumn = "unknown_column",
        DuplicateColumn = "duplicate_column",
        UnknownKey = "unknown_key",
        MissingValue = "missing_value",
        BadNumber = "bad_number",
        BadMoney = "bad_money",
        BadDate = "bad_date",
        BadBoolean = "bad_boolean",
        BadChoice = "bad_choice",
        BadText = "bad_text",
        OutOfRange = "out_of_range",
        DuplicateId = "duplicate_id",
        DuplicateRow = "duplicate_row",
        UnknownReference = "unknown_reference",
        DatesReversed = "dates_reversed",
        Conflict = "conflict",
        PinRule = "pin_rule",
        PinCapacity = "pin_capacity",
        Overflow = "overflow",
        Format = "format",
    }
}

codes! {
    /// What is odd but does not refuse the scenario.
    WarningCode {
        NoWorkingDay = "no_working_day",
        ContractEnded = "contract_ended",
        NoConsent = "no_consent",
        BlockedTwice = "blocked_twice",
        DeadRule = "dead_rule",
        FarAway = "far_away",
        UnknownFile = "unknown_file",
    }
}

/// Where a fault stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The table.
    pub table: Table,
    /// The row as the draft numbers it; none where the table as a whole is meant.
    pub row: Option<u32>,
    /// The column, or the dotted key in `scenario.toml` (`policy.unmet.low`), in the format's English spelling,
    /// or as it was written where the format does not know it.
    pub column: Option<Cow<'static, str>>,
}

/// What a message needs beyond code and place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Nothing more.
    None,
    /// What the reader says (a line of a parser, an encoding), in English.
    Because(String),
    /// What was probably meant.
    DidYouMean(String),
    /// The spellings that are allowed.
    OneOf(Vec<String>),
    /// The values that are allowed, both ends included, as a user would write them.
    Between(String, String),
    /// The same thing stands already in that row of the same table.
    FirstIn(u32),
    /// No such id in that table; the nearest one there, if any is near.
    NotIn(Table, Option<String>),
    /// The other date of the range.
    OtherDate(Day),
    /// The rules that a pin breaks.
    Rules(RuleSet),
    /// On that day the pins of that posting's side need `needed`, and there are `available`.
    Capacity {
        /// The posting whose capacity is exceeded.
        posting: String,
        /// The first day on which it is.
        day: Day,
        /// Workers pinned that day.
        needed: Count,
        /// Workers the posting has that day.
        available: Count,
    },
}

/// One fault that refuses the scenario.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Defect {
    /// What is wrong.
    pub code: DefectCode,
    /// Where it stands.
    pub at: Place,
    /// What was read there, as it was written.
    pub read: Option<String>,
    /// What the message needs beyond that.
    pub detail: Detail,
}

/// One oddity that does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// What is odd.
    pub code: WarningCode,
    /// Where it stands.
    pub at: Place,
    /// What was read there.
    pub read: Option<String>,
    /// What the message needs beyond that.
    pub detail: Detail,
}

impl Defect {
    /// A fault of a cell.
    pub fn cell(
        code: DefectCode,
        table: Table,
        row: impl Into<Option<u32>>,
        column: impl Into<Cow<'static, str>>,
        read: impl Into<Option<String>>,
        detail: Detail,
    ) -> Defect {
        let at = Place { table, row: row.into(), column: Some(column.into()) };
        Defect { code, at, read: read.into(), detail }
    }

    /// A fault of a table as a whole.
    pub fn table(code: DefectCode, table: Table, detail: Detail) -> Defect {
        Defect { code, at: Place { table, row: None, column: None }, read: None, detail }
    }
}
