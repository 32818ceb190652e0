//! Imports: many changes in one transaction under one number, to be undone together.

use crate::db::{Row, args};
use crate::record::{Kind, State};
use crate::{By, Error, Result, Tx, View};
use serde_json::Value;

/// How long an import can be undone, in milliseconds.
const UNDO: i64 = 24 * 3600 * 1000;

/// An import as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Who made it.
    pub actor: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub instant: i64,
    /// Until when it can be undone.
    pub undo_until: i64,
    /// When it was undone, if it was.
    pub undone: Option<i64>,
    /// What it changed, in that order; a record as often as it was changed.
    pub rows: Vec<Imported>,
}

/// A change of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The table.
    pub kind: Kind,
    /// Which record.
    pub id: String,
    /// The firm that it then belonged to.
    pub firm: Option<String>,
    /// Whether there was none before.
    pub is_new: bool,
}

impl View {
    /// An import. [`Error::NotFound`].
    pub async fn import(&mut self, id: i64) -> Result<Import> {
        let sql = "SELECT actor, instant, undone FROM imports WHERE id = $1";
        let head = self.conn.row(sql, args![id]).await?.ok_or(Error::NotFound)?;
        let sql = "SELECT kind, id, firm, action FROM audit \
                   WHERE import_id = $1 AND version IS NOT NULL ORDER BY seq";
        let rows = self.conn.rows(sql, args![id]).await?;
        let row = |row: &Row| {
            let kind = Kind::of(&row.get::<String>(0)?)?;
            let is_new = row.get::<String>(3)? == "create";
            Ok(Imported { kind, id: row.get(1)?, firm: row.get(2)?, is_new })
        };
        let instant: i64 = head.get(1)?;
        Ok(Import {
            actor: head.get(0)?,
            instant,
            undo_until: instant + UNDO,
            undone: head.get(2)?,
            rows: rows.iter().map(row).collect::<Result<_>>()?,
        })
    }
}

impl Tx {
    /// The number of a new import, for [`By::import`].
    pub async fn begin_import(&mut self, by: &By) -> Result<i64> {
        let sql = "INSERT INTO imports (actor, instant) VALUES ($1, $2) RETURNING id";
        let id = self.view.conn.one(sql, args![by.actor.as_str(), self.now]).await?.get(0)?;
        self.note(by, "import", "import", &format!("{id}"), None).await?;
        Ok(id)
    }

    /// Puts every record that an import changed back to what it was before: what it made is deleted, what it changed
    /// gets its earlier body and state. Gives how many records. All or nothing: [`Error::Conflict`] where a record has
    /// been changed since (all of those are named), after 24 hours, or the second time; [`Error::NotFound`].
    pub async fn undo_import(&mut self, by: &By, id: i64) -> Result<usize> {
        let row = self.view.conn.row("SELECT instant, undone FROM imports WHERE id = $1", args![id]).await?;
        let row = row.ok_or(Error::NotFound)?;
        let (instant, undone): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        if undone.is_some() {
            return Err(Error::Conflict("the import has been undone already".to_string()));
        }
        if self.now > instant + UNDO {
            return Err(Error::Conflict("an import can be undone within 24 hours".to_string()));
        }
        let sql = "SELECT a.kind, a.id, a.last, r.version, b.body, b.state FROM \
                   (SELECT kind, id, min(version) AS first, max(version) AS last FROM audit \
                   WHERE import_id = $1 AND version IS NOT NULL GROUP BY kind, id) a \
                   LEFT JOIN records r ON r.kind = a.kind AND r.id = a.id \
                   LEFT JOIN audit b ON b.kind = a.kind AND b.id = a.id AND b.version = a.first - 1 \
                   ORDER BY a.kind, a.id";
        let rows = self.view.conn.rows(sql, args![id]).await?;
        let mut later = Vec::new();
        for row in &rows {
            if row.get::<Option<i64>>(3)? != Some(row.get(2)?) {
                later.push(format!("{} {}", row.get::<String>(0)?, row.get::<String>(1)?));
            }
        }
        if !later.is_empty() {
            return Err(Error::Conflict(format!("changed since the import: {}", later.join(", "))));
        }
        let by = By { reason: Some(format!("import {id} undone")), import: None, ..by.clone() };
        for row in &rows {
            self.put_back(&by, row).await?;
        }
        self.view.conn.execute("UPDATE imports SET undone = $2 WHERE id = $1", args![id, self.now]).await?;
        self.note(&by, "undo", "import", &format!("{id}"), None).await?;
        Ok(rows.len())
    }

    async fn put_back(&mut self, by: &By, row: &Row) -> Result<()> {
        let (kind, id) = (Kind::of(&row.get::<String>(0)?)?, row.get::<String>(1)?);
        match (row.get::<Option<String>>(4)?, row.get::<Option<String>>(5)?) {
            (Some(body), Some(state)) => {
                let body: Value =
                    serde_json::from_str(&body).map_err(|fault| Error::Other(fault.to_string()))?;
                self.replace(by, kind, &id, None, State::of(&state)?, &body).await?;
            }
            _ => self.delete(by, kind, &id, None).await?,
        }
        Ok(())
    }
}
