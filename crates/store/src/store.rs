//! Opening a database, reading a snapshot of it, and the one writer.

use crate::db::{Arg, Conn, POSTGRES_CLOCK, Row, SQLITE_CLOCK, args, bound};
use crate::run::Watch;
use crate::{Error, Result, migrate};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection as _, SqlSafeStr};
use std::ops::{Deref, DerefMut};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot, watch};

/// How many waiting writes one commit takes.
const BATCH: usize = 256;
/// How many writes may wait before the next caller has to.
const WAITING: usize = 4096;
const READERS: u32 = 8;
/// A reader or the writer that gets no connection within this time answers `Unavailable`.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long SQLite waits for another program's write, and the opening of a file for another's.
const BUSY: Duration = Duration::from_secs(5);

/// A database of the zone. Cheap to clone; every clone is the same database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    jobs: mpsc::Sender<Job>,
    commits: watch::Receiver<u64>,
    watch: Mutex<Watch>,
    /// A temporary database goes with its last handle.
    _folder: Option<TempDir>,
}

#[derive(Clone)]
enum Engine {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

/// A snapshot to read from: everything in it is of one moment. Dropping it ends it.
pub struct View {
    pub(crate) conn: Conn,
    revision: Option<i64>,
    now: Option<i64>,
}

/// A transaction that may write; everything a [`View`] reads, it reads too, its own changes included.
pub struct Tx {
    pub(crate) view: View,
    pub(crate) revision: i64,
    pub(crate) now: i64,
}

impl Deref for Tx {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut View {
        &mut self.view
    }
}

impl Store {
    /// Opens `sqlite:PATH` (made where there is none) or `postgres://…` and brings its tables up to date.
    /// Must be called inside a tokio runtime, which then also runs the writer.
    ///
    /// # Errors
    /// [`Error::NewerDatabase`] where a newer program has changed the tables; [`Error::Invalid`] for another kind of
    /// address; [`Error::Unavailable`] where the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            Self::start(open_sqlite(Path::new(path), SqliteSynchronous::Full).await?, None).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::start(open_postgres(url).await?, None).await
        } else {
            Err(Error::Invalid("a database is sqlite:PATH or postgres://…".to_string()))
        }
    }

    /// Opens an empty SQLite database that is deleted with its last handle.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where there is no room for temporary files.
    pub async fn temporary() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|fault| Error::Unavailable(fault.to_string()))?;
        let engine = open_sqlite(&folder.path().join("tiaoji.db"), SqliteSynchronous::Off).await?;
        Self::start(engine, Some(folder)).await
    }

    async fn start(engine: Engine, folder: Option<TempDir>) -> Result<Self> {
        match &engine {
            Engine::Sqlite { writer, .. } => migrate::sqlite(writer).await?,
            Engine::Postgres(pool) => migrate::postgres(pool).await?,
        }
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (committed, commits) = watch::channel(0);
        tokio::spawn(write_all(engine.clone(), waiting, committed));
        Ok(Self(Arc::new(Inner { engine, jobs, commits, watch: Mutex::default(), _folder: folder })))
    }

    /// A snapshot to read from. Short-lived: an old one keeps the database from tidying up.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn view(&self) -> Result<View> {
        let conn = match &self.0.engine {
            Engine::Sqlite { readers, .. } => Conn::Sqlite(readers.begin_with("BEGIN").await?),
            Engine::Postgres(pool) => {
                Conn::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        Ok(View { conn, revision: None, now: None })
    }

    /// Does `work` in one transaction, after every write that came before and before every one that comes after, on
    /// all servers of the database. What waits at the same time shares a commit. `Ok` means committed and on disk; on
    /// `Err`, of the work's own or of the database, nothing of it is kept. The work runs to its end even where the
    /// caller no longer waits for it; it should do nothing but use the transaction, since others wait behind it.
    ///
    /// # Errors
    /// Those of `work`, and [`Error::Unavailable`]. Where the connection breaks during the commit itself the change may
    /// have been kept: an idempotency record in the same transaction tells.
    pub async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                let outcome = match tx {
                    Ok(tx) => {
                        let work = AssertUnwindSafe(async move { work(tx).await });
                        let panicked = || Err(Error::Other("a write panicked".to_string()));
                        work.catch_unwind().await.unwrap_or_else(|_| panicked())
                    }
                    Err(fault) => Err(fault),
                };
                let fault = outcome.as_ref().err().cloned();
                let answer: Answer = Box::new(move |failed| {
                    // The caller may have gone.
                    let _ = sender.send(match failed {
                        Some(fault) if outcome.is_ok() => Err(fault),
                        _ => outcome,
                    });
                });
                (fault, answer)
            })
        });
        let closed = |()| Error::Unavailable("the store is closed".to_string());
        self.0.jobs.send(job).await.map_err(|_| closed(()))?;
        receiver.await.map_err(|_| closed(()))?
    }

    /// Counts the commits of this process: a hint that there may be something new to read. Other servers' commits are
    /// not seen, so whoever follows must also look from time to time.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.0.commits.clone()
    }

    /// The row of a statement by itself, with no transaction around it: a third of the way to the database and back.
    pub(crate) async fn row(&self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Option<Row>> {
        Ok(match &self.0.engine {
            Engine::Sqlite { readers, .. } => {
                bound!(sql, args).fetch_all(readers).await?.pop().map(Row::Sqlite)
            }
            Engine::Postgres(pool) => bound!(sql, args).fetch_all(pool).await?.pop().map(Row::Postgres),
        })
    }

    /// The database's clock as an expression, in milliseconds since 1970-01-01 UTC.
    pub(crate) fn clock(&self) -> &'static str {
        match &self.0.engine {
            Engine::Sqlite { .. } => SQLITE_CLOCK,
            Engine::Postgres(_) => POSTGRES_CLOCK,
        }
    }

    pub(crate) fn watch(&self) -> MutexGuard<'_, Watch> {
        self.0.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a consistent copy of a SQLite database to `path`, while others go on reading and writing.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the file exists; [`Error::Unavailable`] where it cannot be written;
    /// [`Error::Invalid`] for PostgreSQL, which has `pg_dump` for this.
    pub async fn backup(&self, path: &Path) -> Result<()> {
        let Engine::Sqlite { readers, .. } = &self.0.engine else {
            return Err(Error::Invalid("PostgreSQL is backed up with pg_dump".to_string()));
        };
        let failed = |fault: std::io::Error| Error::Unavailable(fault.to_string());
        if path.exists() {
            return Err(Error::Conflict(format!("{} exists already", path.display())));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        match std::fs::remove_file(&part) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(failed(fault)),
            _ => {}
        }
        let name = part.to_str().ok_or_else(|| Error::Invalid("the path is not UTF-8".to_string()))?;
        let options = readers.connect_options().as_ref().clone().pragma("query_only", "OFF");
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await?;
        connection.close().await?;
        // SQLite leaves the copy to the system's cache.
        std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&part, path).map_err(failed)
    }

    /// Checks a SQLite database page by page; PostgreSQL has `pg_amcheck`.
    ///
    /// # Errors
    /// [`Error::Other`] with what is damaged.
    pub async fn check(&self) -> Result<()> {
        if let Engine::Sqlite { readers, .. } = &self.0.engine {
            let found: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(readers).await?;
            if found != "ok" {
                return Err(Error::Other(found));
            }
        }
        Ok(())
    }

    /// Ends every connection after the writes that already wait. Later calls answer [`Error::Unavailable`].
    pub async fn close(&self) {
        // A write that does nothing is answered after all before it.
        let _ = self.write(|_| Box::pin(async { Ok(()) })).await;
        match &self.0.engine {
            Engine::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

impl View {
    /// The zone's revision: raised by every stored change of its data.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn revision(&mut self) -> Result<i64> {
        if self.revision.is_none() {
            self.revision = Some(self.conn.one("SELECT revision FROM zone", args![]).await?.get(0)?);
        }
        Ok(self.revision.unwrap_or_default())
    }

    /// The database's clock when it was first asked here, in milliseconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn now(&mut self) -> Result<i64> {
        if self.now.is_none() {
            self.now = Some(self.conn.clock().await?);
        }
        Ok(self.now.unwrap_or_default())
    }
}

impl Tx {
    /// Raises the zone's revision for a change; it is written once, before the commit.
    pub(crate) fn raise(&mut self) -> i64 {
        self.set_revision(self.revision + 1);
        self.revision
    }

    fn set_revision(&mut self, revision: i64) {
        self.revision = revision;
        self.view.revision = Some(revision);
    }
}

async fn open_sqlite(path: &Path, synchronous: SqliteSynchronous) -> Result<Engine> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(BUSY);
    let pool = |size| {
        SqlitePoolOptions::new()
            .max_connections(size)
            .acquire_timeout(ACQUIRE)
            // there is no network that could have gone meanwhile
            .test_before_acquire(false)
            // A full disk makes SQLite end a transaction by itself; the driver then never gets out of it.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
    };
    // The writer first: it makes the file. Where another program is just making it too, SQLite does not wait: it turns a
    // file to WAL alone or not at all.
    let patience = Instant::now() + BUSY;
    let writer = loop {
        match pool(1).connect_with(options.clone()).await {
            Err(fault) if is_busy(&fault) && Instant::now() < patience => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            other => break other?,
        }
    };
    let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Engine::Sqlite { readers, writer })
}

/// Whether SQLite says that another connection holds the file: `SQLITE_BUSY` or one of its kinds.
fn is_busy(fault: &sqlx::Error) -> bool {
    let Some(fault) = fault.as_database_error() else { return false };
    fault.code().is_some_and(|code| code.parse::<u32>().is_ok_and(|code| code & 0xff == 5))
}

/// What may follow the `?` of a PostgreSQL address. The driver lets be what it does not know, and logs it with its value: a
/// `sslmode` mistyped would leave nobody checked, a `password` would stand in the log.
const PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

fn check_parameters(url: &str) -> Result<()> {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let mut names = query.split(['&', '#']).filter_map(|pair| pair.split('=').next());
    if names.all(|name| name.is_empty() || PARAMETERS.contains(&name) || name.starts_with("options[")) {
        return Ok(());
    }
    // which one is not repeated: it may be the rest of a password with a ? in it
    let known = PARAMETERS.join(", ");
    Err(Error::Invalid(format!("the PostgreSQL address has a parameter that is none of {known}")))
}

async fn open_postgres(url: &str) -> Result<Engine> {
    check_parameters(url)?;
    // The address holds a password: no error shows it.
    let options: PgConnectOptions =
        url.parse().map_err(|_| Error::Invalid("the PostgreSQL address cannot be read".to_string()))?;
    // A server that vanishes inside a transaction gives up the writers' lock; none waits for it for ever.
    let options = options
        .application_name("tiaoji")
        .options([("idle_in_transaction_session_timeout", "15s"), ("lock_timeout", "30s")]);
    let pool = PgPoolOptions::new().max_connections(READERS).acquire_timeout(ACQUIRE);
    Ok(Engine::Postgres(pool.connect_with(options).await?))
}

/// One write: runs in the transaction, or is refused where there is none; then tells why it is not to be kept, if so, and
/// how to answer its caller once the commit has succeeded or failed.
type Job = Box<dyn for<'a> FnOnce(Result<&'a mut Tx>) -> BoxFuture<'a, (Option<Error>, Answer)> + Send>;
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;

async fn write_all(engine: Engine, mut waiting: mpsc::Receiver<Job>, committed: watch::Sender<u64>) {
    let mut jobs = Vec::new();
    while waiting.recv_many(&mut jobs, BATCH).await > 0 {
        let mut answers = Vec::with_capacity(jobs.len());
        let mut jobs = jobs.drain(..);
        let failed = write_batch(&engine, &mut jobs, &mut answers).await.err();
        if let Some(fault) = &failed {
            for job in jobs {
                answers.push(job(Err(fault.clone())).await.1);
            }
        } else {
            committed.send_modify(|count| *count += 1);
        }
        for answer in answers {
            answer(failed.clone());
        }
    }
}

async fn write_batch(
    engine: &Engine,
    jobs: &mut (impl ExactSizeIterator<Item = Job> + Send),
    answers: &mut Vec<Answer>,
) -> Result<()> {
    let mut tx = begin(engine).await?;
    let before = tx.revision;
    let alone = jobs.len() == 1;
    let mut savepoint = "SAVEPOINT job";
    for job in jobs {
        let revision = tx.revision;
        if !alone {
            tx.conn.batch(savepoint).await?;
            savepoint = "RELEASE SAVEPOINT job; SAVEPOINT job";
        }
        let (fault, answer) = job(Ok(&mut tx)).await;
        answers.push(answer);
        match fault {
            None => {}
            // where the database itself has failed the transaction is gone, on SQLite without a word
            Some(fault @ Error::Unavailable(_)) => return Err(fault),
            Some(_) if alone => return Ok(()), // dropping the transaction rolls it back
            Some(_) => {
                tx.conn.batch("ROLLBACK TO SAVEPOINT job").await?;
                tx.set_revision(revision);
            }
        }
    }
    if tx.revision != before {
        let revision = tx.revision;
        tx.conn.execute("UPDATE zone SET revision = $1", args![revision]).await?;
    }
    tx.view.conn.commit().await
}

/// Begins a transaction with the writers' lock.
async fn begin(engine: &Engine) -> Result<Tx> {
    let (mut conn, lock) = match engine {
        Engine::Sqlite { writer, .. } => {
            (Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?), "SELECT revision FROM zone")
        }
        Engine::Postgres(pool) => {
            (Conn::Postgres(pool.begin().await?), "SELECT revision FROM zone FOR UPDATE")
        }
    };
    let revision = conn.one(lock, args![]).await?.get(0)?;
    // after the wait for the lock, so that it is not older than the last writer's
    let now = conn.clock().await?;
    Ok(Tx { view: View { conn, revision: Some(revision), now: Some(now) }, revision, now })
}
