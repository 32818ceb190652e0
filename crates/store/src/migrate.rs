//! The tables, and how they came to be: one file a step, embedded, never changed once released.

use crate::{Error, Result};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{PgPool, SqlStr, SqlitePool};

macro_rules! migrations {
    ($engine:literal: $($version:literal $name:literal),*) => {
        [$(($version, $name, include_str!(concat!("../migrations/", $engine, "/", $name, ".sql")))),*]
    };
}

/// In one transaction that nobody else writes beside: two programs that open the same new file take turns, where sqlx
/// has no lock of its own for SQLite.
pub(crate) async fn sqlite(pool: &SqlitePool) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    let steps = migrations!("sqlite": 1 "0001_zone", 2 "0002_runs", 3 "0003_practice", 4 "0004_followed",
        5 "0005_silence");
    migrator(&steps).run_direct(None, &mut *tx, false).await.map_err(refused)?;
    Ok(tx.commit().await?)
}

pub(crate) async fn postgres(pool: &PgPool) -> Result<()> {
    let steps = migrations!("postgres": 1 "0001_zone", 2 "0002_runs", 3 "0003_practice", 4 "0004_followed",
        5 "0005_silence");
    migrator(&steps).run(pool).await.map_err(refused)
}

fn migrator(steps: &[(i64, &'static str, &'static str)]) -> Migrator {
    let step = |&(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    };
    Migrator::with_migrations(steps.iter().map(step).collect())
}

fn refused(fault: MigrateError) -> Error {
    match fault {
        MigrateError::VersionMissing(version) => Error::NewerDatabase(format!(
            "the database was brought to version {version} by a newer tiaoji: use that program, or a backup from before"
        )),
        MigrateError::Execute(fault) | MigrateError::ExecuteMigration(fault, _) => fault.into(),
        other => Error::Other(other.to_string()),
    }
}
