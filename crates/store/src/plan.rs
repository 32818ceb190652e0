//! Plans, each beside the very bytes it was made from, so that any can be made again.

use crate::db::{Row, args};
use crate::{By, Error, Page, Result, Tx, View};
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// A plan without its two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// `P-1`, `P-2`, … as they were stored.
    pub id: String,
    /// Rises where it is published or unpublished.
    pub version: i64,
    /// When it was stored, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub created: i64,
    /// Who asked for it.
    pub actor: String,
    /// SHA-256 of its scenario document, in hexadecimal digits: see [`View::input`].
    pub input_hash: String,
    /// The zone's revision that it was made from; none where it is not of the zone.
    pub revision: Option<i64>,
    /// The method.
    pub method: String,
    /// The settings as a JSON object.
    pub settings: String,
    /// The engine's version.
    pub engine: String,
    /// What lists show, a JSON object of the caller's.
    pub summary: String,
    /// When it was published; none where it is not.
    pub published: Option<i64>,
    /// Whether [`Tx::followed`] was called since it came in force.
    pub followed: bool,
}

/// A plan to store.
#[derive(Debug, Clone, Default)]
pub struct NewPlan {
    /// The scenario document it was made from.
    pub input: String,
    /// The zone's revision of that document, if it is the zone's.
    pub revision: Option<i64>,
    /// The method.
    pub method: String,
    /// The settings as a JSON object.
    pub settings: String,
    /// The engine's version.
    pub engine: String,
    /// What lists show, a JSON object.
    pub summary: String,
    /// The plan file.
    pub body: String,
}

const COLUMNS: &str = "id, version, created, actor, input_hash, revision, method, settings, engine, summary, published, followed, seq";

fn plan(row: &Row) -> Result<Plan> {
    Ok(Plan {
        id: row.get(0)?,
        version: row.get(1)?,
        created: row.get(2)?,
        actor: row.get(3)?,
        input_hash: row.get(4)?,
        revision: row.get(5)?,
        method: row.get(6)?,
        settings: row.get(7)?,
        engine: row.get(8)?,
        summary: row.get(9)?,
        published: row.get(10)?,
        followed: row.get::<i64>(11)? != 0,
    })
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl View {
    /// One plan. [`Error::NotFound`].
    pub async fn plan(&mut self, id: &str) -> Result<Plan> {
        let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM plans WHERE id = $1"));
        plan(&self.conn.row(sql, args![id]).await?.ok_or(Error::NotFound)?)
    }

    /// The plan file. [`Error::NotFound`].
    pub async fn plan_body(&mut self, id: &str) -> Result<String> {
        let row = self.conn.row("SELECT body FROM plans WHERE id = $1", args![id]).await?;
        row.ok_or(Error::NotFound)?.get(0)
    }

    /// A scenario document by its hash. [`Error::NotFound`].
    pub async fn input(&mut self, hash: &str) -> Result<String> {
        let row = self.conn.row("SELECT body FROM inputs WHERE hash = $1", args![hash]).await?;
        row.ok_or(Error::NotFound)?.get(0)
    }

    /// Plans, the newest first: at most `limit` (1 to 500) after the one with the id `after`.
    pub async fn plans(&mut self, published: bool, after: Option<&str>, limit: u32) -> Result<Page<Plan>> {
        let limit = limit.clamp(1, 500) as usize;
        let published = if published { "published IS NOT NULL AND" } else { "" };
        let sql = AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM plans WHERE {published} \
             seq < COALESCE((SELECT seq FROM plans WHERE id = $1), 9223372036854775807) \
             ORDER BY seq DESC LIMIT {}",
            limit + 1
        ));
        let rows = self.conn.rows(sql, args![after]).await?;
        Page::new(&rows, limit, plan, |plan| plan.id.clone())
    }

    /// The plan in force: the one published last.
    pub async fn published_plan(&mut self) -> Result<Option<Plan>> {
        let sql = AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM plans WHERE published IS NOT NULL ORDER BY published DESC, seq DESC LIMIT 1"
        ));
        self.conn.row(sql, args![]).await?.as_ref().map(plan).transpose()
    }
}

impl Tx {
    /// Keeps a scenario document under its hash, once.
    pub async fn keep_input(&mut self, document: &str) -> Result<String> {
        let hash = sha256(document.as_bytes());
        let sql = "INSERT INTO inputs (hash, body, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        self.view.conn.execute(sql, args![hash.as_str(), document, self.now]).await?;
        Ok(hash)
    }

    /// Stores a plan.
    pub async fn add_plan(&mut self, by: &By, new: &NewPlan) -> Result<Plan> {
        let hash = self.keep_input(&new.input).await?;
        let id = self.count_up("P").await?;
        let sql = AssertSqlSafe(format!(
            "INSERT INTO plans \
             (id, version, created, actor, input_hash, revision, method, settings, engine, summary, body) \
             VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {COLUMNS}"
        ));
        let args = args![
            id.as_str(),
            self.now,
            by.actor.as_str(),
            hash,
            new.revision,
            new.method.as_str(),
            new.settings.as_str(),
            new.engine.as_str(),
            new.summary.as_str(),
            new.body.as_str()
        ];
        let made = plan(&self.view.conn.one(sql, args).await?)?;
        self.note(by, "create", "plan", &id, Some(1)).await?;
        Ok(made)
    }

    /// Publishes a plan or takes that back; raises the zone's revision. [`Error::NotFound`];
    /// [`Error::VersionMismatch`]; [`Error::Conflict`] where it is so already.
    pub async fn publish(
        &mut self,
        by: &By,
        id: &str,
        if_version: Option<i64>,
        publish: bool,
    ) -> Result<Plan> {
        let before = self.plan(id).await?;
        if if_version.is_some_and(|version| version != before.version) {
            return Err(Error::VersionMismatch { current: before.version });
        }
        let action = if publish { "publish" } else { "unpublish" };
        if before.published.is_some() == publish {
            return Err(Error::Conflict(format!("plan {id} is {action}ed already")));
        }
        let sql = AssertSqlSafe(format!(
            "UPDATE plans SET version = version + 1, published = $2 WHERE id = $1 RETURNING {COLUMNS}"
        ));
        let made = plan(&self.view.conn.one(sql, args![id, publish.then_some(self.now)]).await?)?;
        // another plan is in force, maybe an earlier one again
        let sql = "UPDATE plans SET followed = 0 WHERE published IS NOT NULL AND followed <> 0";
        self.view.conn.execute(sql, args![]).await?;
        self.raise();
        self.note(by, action, "plan", id, Some(made.version)).await?;
        Ok(made)
    }

    /// Notes that what follows from the plan in force has been done.
    pub async fn followed(&mut self, id: &str) -> Result<()> {
        self.view.conn.execute("UPDATE plans SET followed = 1 WHERE id = $1", args![id]).await?;
        Ok(())
    }
}
