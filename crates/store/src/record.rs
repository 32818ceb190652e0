//! The zone's rows: each a JSON object of a scenario document, with a version, a state and its history. What the
//! objects mean is judged elsewhere; here they are text with a few columns that lists filter on.

use crate::db::{Arg, Row, args};
use crate::{By, Error, Page, Result, Tx, View};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// A table of the zone's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What stands at the top of a scenario document beside the tables: `name`, `zone`, `horizon`. One, with id `zone`.
    Zone,
    /// The `policy` object. One, with id `policy`.
    Policy,
    /// A firm.
    Firm,
    /// A skill.
    Skill,
    /// Who may do what after training; its ids are made here.
    Substitution,
    /// A posting of idle workers.
    Surplus,
    /// A posting of missing workers.
    Shortage,
    /// A firm that does not lend to another; its ids are made here.
    Blocked,
    /// An agreed secondment that plans keep; its ids are made here.
    Pin,
    /// An exception to the rest days; its id is the date.
    Calendar,
    /// An industry group of firms.
    Alliance,
    /// A meeting of firms, or a visit to some.
    Meeting,
    /// Something that a firm needs help with.
    Problem,
}

impl Kind {
    /// All of them: those of a scenario document in its order, then those of the alliance register.
    pub const ALL: [Self; 13] = [
        Self::Zone,
        Self::Policy,
        Self::Firm,
        Self::Skill,
        Self::Substitution,
        Self::Surplus,
        Self::Shortage,
        Self::Blocked,
        Self::Pin,
        Self::Calendar,
        Self::Alliance,
        Self::Meeting,
        Self::Problem,
    ];

    /// Its name in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Policy => "policy",
            Self::Firm => "firm",
            Self::Skill => "skill",
            Self::Substitution => "substitution",
            Self::Surplus => "surplus",
            Self::Shortage => "shortage",
            Self::Blocked => "blocked",
            Self::Pin => "pin",
            Self::Calendar => "calendar",
            Self::Alliance => "alliance",
            Self::Meeting => "meeting",
            Self::Problem => "problem",
        }
    }

    /// What ids begin with that are made here.
    fn prefix(self) -> &'static str {
        match self {
            Self::Zone => "Z",
            Self::Policy => "Y",
            Self::Firm => "F",
            Self::Skill => "K",
            Self::Substitution => "T",
            Self::Surplus => "S",
            Self::Shortage => "D",
            Self::Blocked => "B",
            Self::Pin => "A",
            Self::Calendar => "C",
            Self::Alliance => "L",
            Self::Meeting => "M",
            Self::Problem => "Q",
        }
    }

    pub(crate) fn of(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::Other(format!("the database has an unknown kind {name}")))
    }
}

/// Where a posting stands. Rows of other tables are `Open` while they count, problems until they are done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not yet offered.
    Draft,
    /// Takes part: stands in the zone's scenario.
    Open,
    /// Taken back by its owner.
    Withdrawn,
    /// Its last day has passed, or the firm is closed.
    Closed,
}

impl State {
    /// Its name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
        }
    }

    pub(crate) fn of(name: &str) -> Result<Self> {
        let all = [Self::Draft, Self::Open, Self::Withdrawn, Self::Closed];
        let found = all.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| Error::Other(format!("the database has an unknown state {name}")))
    }
}

/// A row of the zone's data as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its table.
    pub kind: Kind,
    /// Unique in its table.
    pub id: String,
    /// 1 for the first; rises with every change and over a deletion, so that no version is ever used twice.
    pub version: i64,
    /// Where it stands.
    pub state: State,
    /// Its JSON object, keys in order of the alphabet.
    pub body: String,
    /// When it was created, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub created: i64,
    /// When it was last changed.
    pub changed: i64,
    /// The zone's revision that its last change made.
    pub revision: i64,
}

/// Which rows a list shows; what is `None` does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this firm (for blocked pairs and pins: the lender, the surplus).
    pub firm: Option<String>,
    /// Of this skill.
    pub skill: Option<String>,
    /// In this state.
    pub state: Option<State>,
    /// With a day at or after this ISO date.
    pub from: Option<String>,
    /// With a day at or before this ISO date.
    pub to: Option<String>,
}

pub(crate) const COLUMNS: &str = "kind, id, version, state, body, created, changed, revision";

pub(crate) fn record(row: &Row) -> Result<Record> {
    Ok(Record {
        kind: Kind::of(&row.get::<String>(0)?)?,
        id: row.get(1)?,
        version: row.get(2)?,
        state: State::of(&row.get::<String>(3)?)?,
        body: row.get(4)?,
        created: row.get(5)?,
        changed: row.get(6)?,
        revision: row.get(7)?,
    })
}

/// The columns that lists filter on: firm, skill, first day, last day.
fn columns(kind: Kind, body: &Value) -> [Option<String>; 4] {
    let keys = match kind {
        Kind::Surplus | Kind::Shortage => ["firm", "skill", "from", "to"],
        Kind::Blocked => ["lender", "", "", ""],
        Kind::Pin => ["", "", "from", "to"],
        Kind::Calendar | Kind::Meeting => ["", "", "date", "date"],
        Kind::Firm => ["id", "", "", ""],
        Kind::Substitution => ["", "from", "", ""],
        Kind::Problem => ["firm", "", "", ""],
        Kind::Zone | Kind::Policy | Kind::Skill | Kind::Alliance => [""; 4],
    };
    keys.map(|key| body.get(key).and_then(Value::as_str).map(str::to_string))
}

impl Filter {
    /// Whether a list stands in the order of last days.
    fn by_days(&self) -> bool {
        (self.from.is_some() || self.to.is_some()) && self.firm.is_none() && self.skill.is_none()
    }

    /// Where a row stands in the list that this filter makes: what to give as `after` to go on behind it.
    pub fn place(&self, record: &Record) -> String {
        let id = record.id.clone();
        if !self.by_days() {
            return id;
        }
        let body: Value = serde_json::from_str(&record.body).unwrap_or_default();
        let [_, _, _, last] = columns(record.kind, &body);
        last.map_or(id.clone(), |last| format!("{last} {id}"))
    }
}

impl View {
    /// One row.
    pub async fn record(&mut self, kind: Kind, id: &str) -> Result<Record> {
        let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM records WHERE kind = $1 AND id = $2"));
        let row = self.conn.row(sql, args![kind.name(), id]).await?;
        record(&row.ok_or(Error::NotFound)?)
    }

    /// The rows of a table: at most `limit` (1 to 500) after `after`, which is an earlier page's [`Page::next`]. They stand
    /// in the order of their ids' bytes; where the filter names days, but neither firm nor skill, in that of their last
    /// days first. [`Error::Invalid`] where `after` is none.
    pub async fn records(
        &mut self,
        kind: Kind,
        filter: &Filter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Record>> {
        let limit = limit.clamp(1, 500) as usize;
        let mut query = Query {
            // the order of a union is that of its columns
            sql: format!("SELECT {COLUMNS}, last_day"),
            args: args![kind.name()],
            aside: self.conn.aside(),
        };
        if filter.by_days() {
            query.by_days(filter, after, limit + 1)?;
        } else {
            query.by_id(filter, after, limit + 1);
        }
        let rows = self.conn.rows(AssertSqlSafe(query.sql), query.args).await?;
        Page::new(&rows, limit, record, |record| filter.place(record))
    }
}

/// A list's statement as it grows: its text is made of literals of this file, what comes from outside is bound.
struct Query {
    sql: String,
    args: Vec<Arg>,
    /// Stands before a column that is not to choose the index.
    aside: &'static str,
}

impl Query {
    fn narrow(&mut self, condition: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.args.push(Arg::from(value));
            let _ = write!(self.sql, " AND {condition} ${}", self.args.len());
        }
    }

    fn by_id(&mut self, filter: &Filter, after: Option<&str>, limit: usize) {
        self.sql.push_str(" FROM records WHERE kind = $1");
        self.narrow("id >", after);
        self.narrow("firm =", filter.firm.as_deref());
        // a firm has few rows, a skill or a state may have most
        let skill = format!("{}skill =", if filter.firm.is_some() { self.aside } else { "" });
        self.narrow(&skill, filter.skill.as_deref());
        let some = filter.firm.is_some() || filter.skill.is_some();
        let state = format!("{}state =", if some { self.aside } else { "" });
        self.narrow(&state, filter.state.map(State::name));
        self.narrow("last_day >=", filter.from.as_deref());
        self.narrow("first_day <=", filter.to.as_deref());
        let _ = write!(self.sql, " ORDER BY id LIMIT {limit}");
    }

    /// Rows whose days meet the filter's, found by their last day: it is not before `from`, and, for the rows of one size of
    /// span, not later than `to` and that span. So what is read and not shown lies within one span of the window.
    fn by_days(&mut self, filter: &Filter, after: Option<&str>, limit: usize) -> Result<()> {
        let invalid = || Error::Invalid("this is not where a page ended".to_string());
        let after = after.map(|after| after.split_once(' ').ok_or_else(invalid)).transpose()?;
        let head = std::mem::take(&mut self.sql);
        for (number, span) in SPANS.into_iter().enumerate() {
            let union = if number == 0 { "" } else { " UNION ALL " };
            let _ = write!(
                self.sql,
                "{union}SELECT * FROM ({head} FROM records WHERE kind = $1 AND span = {span}"
            );
            // one bound only: of two SQLite takes either for its search
            let day = after.map(|(day, _)| day);
            self.narrow("last_day >=", day.max(filter.from.as_deref()));
            if let Some((day, id)) = after {
                self.narrow("(last_day >", Some(day));
                self.args.push(Arg::from(id));
                let _ = write!(self.sql, " OR id > ${})", self.args.len());
            }
            let latest = filter.to.as_deref().and_then(|to| latest_day(to, span));
            self.narrow("last_day <=", latest.as_deref());
            self.narrow("first_day <=", filter.to.as_deref());
            self.narrow(&format!("{}state =", self.aside), filter.state.map(State::name));
            let _ = write!(self.sql, " ORDER BY last_day, id LIMIT {limit}) AS size{number}");
        }
        let _ = write!(self.sql, " ORDER BY last_day, id LIMIT {limit}");
        Ok(())
    }
}

/// Sizes of spans in months: next month at the latest, within a year, and all longer ones.
const SPANS: [i64; 3] = [1, 12, 12 * 300];

/// The size of the span between two ISO dates.
fn span(first: Option<&str>, last: Option<&str>) -> Option<i64> {
    let length = match (first.and_then(month), last.and_then(month)) {
        (Some(first), Some(last)) => last - first,
        _ => i64::MAX,
    };
    last?;
    SPANS.into_iter().find(|&span| length <= span).or(Some(SPANS[2]))
}

/// The latest last day, as text, of a row that begins on `day` or before with a span of this size.
fn latest_day(day: &str, span: i64) -> Option<String> {
    let month = month(day)? + span;
    (month < 12 * 10_000).then(|| format!("{:04}-{:02}-31", month / 12, month % 12 + 1))
}

/// Months since the year 0 of an ISO date.
fn month(day: &str) -> Option<i64> {
    let (year, rest) = day.split_once('-')?;
    let (month, _) = rest.split_once('-')?;
    let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
    ((0..=9999).contains(&year) && (1..=12).contains(&month)).then(|| year * 12 + month - 1)
}

impl Tx {
    /// An id that no row of the table has or had: `S-1`, `D-1`, …
    pub async fn new_id(&mut self, kind: Kind) -> Result<String> {
        loop {
            let id = self.count_up(kind.prefix()).await?;
            let sql = "SELECT 1 FROM audit WHERE kind = $1 AND id = $2 LIMIT 1";
            if self.view.conn.row(sql, args![kind.name(), id.as_str()]).await?.is_none() {
                return Ok(id);
            }
        }
    }

    /// The next of `prefix-1`, `prefix-2`, …
    pub(crate) async fn count_up(&mut self, prefix: &str) -> Result<String> {
        let sql = "INSERT INTO counters VALUES ($1, 1) \
                   ON CONFLICT (prefix) DO UPDATE SET last = counters.last + 1 RETURNING last";
        let last: i64 = self.view.conn.one(sql, args![prefix]).await?.get(0)?;
        Ok(format!("{prefix}-{last}"))
    }

    /// Adds a row. [`Error::Conflict`] where there is one with this id.
    pub async fn create(
        &mut self,
        by: &By,
        kind: Kind,
        id: &str,
        state: State,
        body: &Value,
    ) -> Result<Record> {
        let revision = self.revision + 1;
        let [firm, skill, first, last] = columns(kind, body);
        let sql = AssertSqlSafe(format!(
            "INSERT INTO records \
             (kind, id, version, state, firm, skill, first_day, last_day, span, body, created, changed, revision) \
             VALUES ($1, $2, \
             COALESCE((SELECT max(version) FROM audit WHERE kind = $1 AND id = $2), 0) + 1, \
             $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) ON CONFLICT DO NOTHING RETURNING {COLUMNS}"
        ));
        let (now, body, span) = (self.now, body.to_string(), span(first.as_deref(), last.as_deref()));
        let args =
            args![kind.name(), id, state.name(), firm.clone(), skill, first, last, span, body, now, revision];
        let Some(row) = self.view.conn.row(sql, args).await? else {
            return Err(Error::Conflict(format!("{} {id} exists already", kind.name())));
        };
        let made = record(&row)?;
        self.changed(by, "create", &made, firm.as_deref(), true).await?;
        Ok(made)
    }

    /// Gives a row a new body and state. [`Error::NotFound`]; [`Error::VersionMismatch`] where `if_version` is given and
    /// is not its version.
    pub async fn replace(
        &mut self,
        by: &By,
        kind: Kind,
        id: &str,
        if_version: Option<i64>,
        state: State,
        body: &Value,
    ) -> Result<Record> {
        let revision = self.revision + 1;
        let [firm, skill, first, last] = columns(kind, body);
        let sql = AssertSqlSafe(format!(
            "UPDATE records SET version = version + 1, state = $4, firm = $5, skill = $6, first_day = $7, \
             last_day = $8, body = $9, changed = $10, revision = $11, span = $12 \
             WHERE kind = $1 AND id = $2 AND version = COALESCE($3, version) RETURNING {COLUMNS}"
        ));
        let (now, body, span) = (self.now, body.to_string(), span(first.as_deref(), last.as_deref()));
        let args = args![
            kind.name(),
            id,
            if_version,
            state.name(),
            firm.clone(),
            skill,
            first,
            last,
            body,
            now,
            revision,
            span
        ];
        let Some(row) = self.view.conn.row(sql, args).await? else {
            return Err(self.mismatch(kind, id).await);
        };
        let made = record(&row)?;
        self.changed(by, "replace", &made, firm.as_deref(), true).await?;
        Ok(made)
    }

    /// Takes a row away; its history stays. Errors as those of [`Tx::replace`].
    pub async fn delete(&mut self, by: &By, kind: Kind, id: &str, if_version: Option<i64>) -> Result<()> {
        let sql = AssertSqlSafe(format!(
            "DELETE FROM records WHERE kind = $1 AND id = $2 AND version = COALESCE($3, version) \
             RETURNING {COLUMNS}, firm"
        ));
        let Some(row) = self.view.conn.row(sql, args![kind.name(), id, if_version]).await? else {
            return Err(self.mismatch(kind, id).await);
        };
        let mut gone = record(&row)?;
        gone.version += 1;
        let firm: Option<String> = row.get(8)?;
        self.changed(by, "delete", &gone, firm.as_deref(), false).await
    }

    async fn mismatch(&mut self, kind: Kind, id: &str) -> Error {
        match self.record(kind, id).await {
            Ok(record) => Error::VersionMismatch { current: record.version },
            Err(fault) => fault,
        }
    }
}
