//! Who did what: one trail of everything, written in the transaction of the change itself. The rows of a record are
//! its history.

use crate::db::{Arg, Row, args};
use crate::{Kind, Page, Record, Result, Tx, View};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// On whose account a change is made.
#[derive(Debug, Clone, Default)]
pub struct By {
    /// A user, a key or the program, as the API names them.
    pub actor: String,
    /// Why, as the actor or the program puts it; also on whose behalf.
    pub reason: Option<String>,
    /// The import that the change is part of, from [`Tx::begin_import`].
    pub import: Option<i64>,
}

impl By {
    /// On the account of `actor`, without a reason.
    pub fn actor(actor: &str) -> Self {
        Self { actor: actor.to_string(), ..Self::default() }
    }
}

/// A row of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Rising in the order of the commits.
    pub seq: i64,
    /// The zone's revision after it.
    pub revision: i64,
    /// When, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub instant: i64,
    /// Who.
    pub actor: String,
    /// `create`, `replace`, `delete`, or another verb of whoever wrote it.
    pub action: String,
    /// What kind of object: a [`Kind`]'s name, `plan`, `user`, …
    pub kind: String,
    /// Which one.
    pub id: String,
    /// The version that the change made; none where the object has no versions.
    pub version: Option<i64>,
    /// The state that the change left a record in.
    pub state: Option<String>,
    /// The firm that the record belongs to.
    pub firm: Option<String>,
    /// What the record then was; none where it was deleted.
    pub body: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The import it was part of.
    pub import: Option<i64>,
}

/// Which entries a list of the trail shows; what is `None` does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// By this actor.
    pub actor: Option<String>,
    /// About this firm's records.
    pub firm: Option<String>,
    /// About objects of this kind.
    pub kind: Option<String>,
    /// About the object with this id.
    pub id: Option<String>,
}

const COLUMNS: &str =
    "seq, revision, instant, actor, action, kind, id, version, state, firm, body, reason, import_id";

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        revision: row.get(1)?,
        instant: row.get(2)?,
        actor: row.get(3)?,
        action: row.get(4)?,
        kind: row.get(5)?,
        id: row.get(6)?,
        version: row.get(7)?,
        state: row.get(8)?,
        firm: row.get(9)?,
        body: row.get(10)?,
        reason: row.get(11)?,
        import: row.get(12)?,
    })
}

impl View {
    /// Every version of a row that ever was, the oldest first; empty where there never was one.
    pub async fn history(&mut self, kind: Kind, id: &str) -> Result<Vec<Entry>> {
        let sql = AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM audit WHERE kind = $1 AND id = $2 AND version IS NOT NULL ORDER BY version"
        ));
        self.conn.rows(sql, args![kind.name(), id]).await?.iter().map(entry).collect()
    }

    /// The trail, the oldest first: at most `limit` (1 to 500) after the sequence number `after`. Nothing is ever
    /// committed before what has been read, so following it by `after` misses nothing.
    pub async fn audit(&mut self, trail: &Trail, after: i64, limit: u32) -> Result<Page<Entry>> {
        let mut sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > $1");
        let mut args = args![after];
        let mut narrow = |column: &str, value: Option<&str>| {
            if let Some(value) = value {
                args.push(Arg::from(value));
                // Columns are literals of this file; what comes from outside is bound.
                let _ = write!(sql, " AND {column} = ${}", args.len());
            }
        };
        narrow("actor", trail.actor.as_deref());
        narrow("firm", trail.firm.as_deref());
        narrow("kind", trail.kind.as_deref());
        narrow("id", trail.id.as_deref());
        let limit = limit.clamp(1, 500) as usize;
        let _ = write!(sql, " ORDER BY seq LIMIT {}", limit + 1);
        let rows = self.conn.rows(AssertSqlSafe(sql), args).await?;
        Page::new(&rows, limit, entry, |entry| entry.seq.to_string())
    }

    /// The trail's last sequence number, from which to follow it.
    pub async fn last_seq(&mut self) -> Result<i64> {
        self.conn.one("SELECT COALESCE(max(seq), 0) FROM audit", args![]).await?.get(0)
    }
}

impl Tx {
    /// Notes an action that changes no record: a login, a plan published, a key made.
    pub async fn note(
        &mut self,
        by: &By,
        action: &str,
        kind: &str,
        id: &str,
        version: Option<i64>,
    ) -> Result<()> {
        let sql = "INSERT INTO audit (revision, instant, actor, action, kind, id, version, reason, import_id) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let by = by.clone();
        let args = args![self.revision, self.now, by.actor, action, kind, id, version, by.reason, by.import];
        self.view.conn.execute(sql, args).await?;
        Ok(())
    }

    /// Notes the change of a record and raises the revision to the one that the record already names.
    pub(crate) async fn changed(
        &mut self,
        by: &By,
        action: &str,
        record: &Record,
        firm: Option<&str>,
        there: bool,
    ) -> Result<()> {
        let revision = self.raise();
        let sql = AssertSqlSafe(format!(
            "INSERT INTO audit ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            COLUMNS.trim_start_matches("seq, ")
        ));
        let by = by.clone();
        let args = args![
            revision,
            self.now,
            by.actor,
            action,
            record.kind.name(),
            record.id.as_str(),
            record.version,
            record.state.name(),
            firm,
            there.then(|| record.body.clone()),
            by.reason,
            by.import
        ];
        self.view.conn.execute(sql, args).await?;
        Ok(())
    }
}
