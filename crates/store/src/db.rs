//! The two engines under one roof: the same SQL text (`$1` placeholders, `RETURNING`, `ON CONFLICT`) runs on both.
//! Columns are `BIGINT` or `TEXT` only, so that nothing is lost between them.

use crate::{Error, Result};
use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, Row as _, SqlSafeStr, Transaction, Type};

/// A value to bind.
pub(crate) enum Arg {
    Int(Option<i64>),
    Text(Option<String>),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_string()))
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<&str>> for Arg {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_string))
    }
}

impl From<Option<String>> for Arg {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

/// The values of `$1`, `$2`, … in order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}
pub(crate) use args;

/// A row of an answer; columns by position.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The column's value; `T` is `i64`, `String` or an `Option` of one.
    pub(crate) fn get<T>(&self, column: usize) -> Result<T>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// The engines' clocks as expressions, in milliseconds since 1970-01-01 UTC.
pub(crate) const SQLITE_CLOCK: &str = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
pub(crate) const POSTGRES_CLOCK: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

/// A transaction of either engine.
pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for arg in $args {
            query = match arg {
                $crate::db::Arg::Int(value) => query.bind(value),
                $crate::db::Arg::Text(value) => query.bind(value),
            };
        }
        query
    }};
}
pub(crate) use bound;

impl Conn {
    /// Runs a statement; gives the number of rows it changed.
    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<u64> {
        no_nul(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => bound!(sql, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound!(sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Runs a statement; gives its rows.
    pub(crate) async fn rows(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Vec<Row>> {
        no_nul(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => {
                bound!(sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                bound!(sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a statement that gives at most one row.
    pub(crate) async fn row(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Option<Row>> {
        Ok(self.rows(sql, args).await?.pop())
    }

    /// Runs a statement that gives one row.
    pub(crate) async fn one(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Row> {
        self.row(sql, args).await?.ok_or_else(|| Error::Other("the database gave no row".to_string()))
    }

    /// Runs statements that give nothing, in one go.
    pub(crate) async fn batch(&mut self, sql: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ())?,
            Self::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }

    /// A column in a condition that is not to choose the index: SQLite, which has no statistics, is told, PostgreSQL knows.
    pub(crate) fn aside(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "+",
            Self::Postgres(_) => "",
        }
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// The database's clock, in milliseconds since 1970-01-01 UTC.
    pub(crate) async fn clock(&mut self) -> Result<i64> {
        let sql = match self {
            Self::Sqlite(_) => SQLITE_CLOCK,
            Self::Postgres(_) => POSTGRES_CLOCK,
        };
        self.one(AssertSqlSafe(format!("SELECT {sql}")), args![]).await?.get(0)
    }
}

/// PostgreSQL stores no NUL in text: refused on both engines, so that they stay alike.
fn no_nul(args: &[Arg]) -> Result<()> {
    let nul = |arg: &Arg| matches!(arg, Arg::Text(Some(text)) if text.contains('\0'));
    if args.iter().any(nul) {
        return Err(Error::Invalid("text with a NUL character cannot be stored".to_string()));
    }
    Ok(())
}
