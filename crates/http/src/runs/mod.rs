//! Durable runs: queued in the database, solved in child processes, followed by events.

pub(crate) mod calls;
pub mod child;
pub(crate) mod events;
pub mod worker;
