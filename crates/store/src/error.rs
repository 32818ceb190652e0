//! What can go wrong, by what the caller can do about it.

use std::fmt;

/// The result of everything that reads or writes the database.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the store did not do as asked. Nothing of the asked change is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// There is no such object.
    NotFound,
    /// The object has another version than the one the change was made for.
    VersionMismatch {
        /// The version it has now.
        current: i64,
    },
    /// It exists already, or its state does not allow the change; the text says which.
    Conflict(String),
    /// The caller has as many of these as one may have.
    TooMany(String),
    /// The run is no longer this attempt's: it has been taken back, or has ended. The worker stops.
    LeaseLost,
    /// The text cannot be stored (a NUL character).
    Invalid(String),
    /// A newer program has changed the database's tables: this one must not write them.
    NewerDatabase(String),
    /// The database cannot be reached, is full or read only: the same call may succeed later.
    Unavailable(String),
    /// A fault of the program or a damaged database.
    Other(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => write!(f, "there is no such object"),
            Self::VersionMismatch { current } => write!(f, "the object has version {current} now"),
            Self::Conflict(text)
            | Self::TooMany(text)
            | Self::Invalid(text)
            | Self::NewerDatabase(text)
            | Self::Other(text) => {
                write!(f, "{text}")
            }
            Self::LeaseLost => write!(f, "the run is no longer this attempt's"),
            Self::Unavailable(text) => write!(f, "the database is not available: {text}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        let Some(fault) = error.as_database_error() else {
            return match error {
                sqlx::Error::RowNotFound
                | sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::ColumnNotFound(_)
                | sqlx::Error::ColumnIndexOutOfBounds { .. }
                | sqlx::Error::Decode(_)
                | sqlx::Error::Encode(_)
                | sqlx::Error::Configuration(_) => Self::Other(text),
                _ => Self::Unavailable(text),
            };
        };
        if fault.is_unique_violation() {
            return Self::Conflict(text);
        }
        let code = fault.code().unwrap_or_default();
        let postgres = fault.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some();
        if if postgres { postgres_unavailable(&code) } else { sqlite_unavailable(&code) } {
            Self::Unavailable(text)
        } else {
            Self::Other(text)
        }
    }
}

/// Busy, locked, out of memory, read only, input or output error, full, cannot open: the low byte of SQLite's result code.
fn sqlite_unavailable(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 8 | 10 | 13 | 14))
}

/// Connection faults, no resources, operator's intervention, system errors; read only; what a retry cures.
fn postgres_unavailable(code: &str) -> bool {
    ["08", "53", "57", "58"].contains(&code.get(..2).unwrap_or_default())
        || ["25006", "25P03", "40001", "40P01", "55P03"].contains(&code)
}
