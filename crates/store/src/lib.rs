//! What a zone keeps: its firms, skills, postings and policy with every version they had, the plans made from them, who
//! may come in, and who did what. In one SQLite file by default, in PostgreSQL where several servers share it; the same
//! SQL text runs on both, and the same tests.
//!
//! - A [`Store`] is a database. [`Store::view`] gives a snapshot to read from; [`Store::write`] takes a closure that gets
//!   the transaction. All that a call of the API changes belongs into one `write`: records, the answer of its idempotency
//!   key, and the audit trail, which every change writes by itself.
//! - **Writers come one after another**, on all servers of a database (SQLite's one writer; in PostgreSQL the lock of the
//!   `zone` row). So a write may read, decide and change without a race. What waits at the same time shares one commit.
//! - **Records** ([`Kind`], [`Record`]) hold the JSON objects of a scenario document as text. The store knows no rule: what
//!   it is given has been read by the formats before. [`View::scenario`] puts the document together again.
//! - **Instants** are milliseconds since 1970-01-01 UTC by the database's clock ([`View::now`]), never a server's.
//! - **Lists** come by keyset: `after` is the last id seen ([`Page::next`]).
//! - **Runs** wait in a durable queue ([`Tx::enqueue`], [`Store::claim`]) for workers in this process or in others; every
//!   write of a worker names its [`Claim`], so that a run ends once.
//! - **Deals** ([`Deal`]) are proposals and agreements with every event, and when the clock is to act on them.
//! - A [`Plan`] stands beside the bytes of the scenario that it was made from.
//!
//! ```
//! use serde_json::json;
//! use tiaoji_store::{By, Error, Filter, Kind, State, Store};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let store = Store::temporary().await?; // or Store::open("sqlite:tiaoji.db"), Store::open("postgres://…")
//! let made = store
//!     .write(|tx| {
//!         Box::pin(async move {
//!             let by = By::actor("U-1");
//!             let id = tx.new_id(Kind::Surplus).await?;
//!             let body = json!({ "id": id, "firm": "F1", "skill": "packer", "headcount": 2,
//!                                "from": "2022-03-07", "to": "2022-03-09" });
//!             tx.create(&by, Kind::Surplus, &id, State::Open, &body).await
//!         })
//!     })
//!     .await?;
//! assert_eq!((made.id.as_str(), made.version), ("S-1", 1));
//!
//! let mut view = store.view().await?;
//! let filter = Filter { firm: Some("F1".into()), ..Filter::default() };
//! let page = view.records(Kind::Surplus, &filter, None, 50).await?;
//! assert_eq!(page.items, [made]);
//! assert_eq!(view.record(Kind::Surplus, "S-2").await, Err(Error::NotFound));
//! # Ok::<(), Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Every function fails in the ways that `Error` lists; its own ones stand in its description.
#![allow(clippy::missing_errors_doc)]

mod audit;
mod db;
mod deal;
mod error;
mod idempotency;
mod import;
mod migrate;
mod page;
mod people;
mod plan;
mod record;
mod run;
mod scenario;
mod store;

pub use audit::{By, Entry, Trail};
pub use deal::{Deal, DealEvent, DealFilter, DealKind, Parties, Standing};
pub use error::{Error, Result};
pub use idempotency::{Answer, Seen};
pub use import::{Import, Imported};
pub use page::Page;
pub use people::{Access, ApiKey, Invitation, NewKey, NewUser, User};
pub use plan::{NewPlan, Plan, sha256};
pub use record::{Filter, Kind, Record, State};
pub use run::{Claim, NewRun, Progress, Run, RunEvent, RunState};
pub use scenario::ZoneScenario;
pub use store::{Store, Tx, View};
