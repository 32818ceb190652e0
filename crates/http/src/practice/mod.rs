//! From a plan to an agreement: publishing, proposals, agreements. What each state allows is
//! [`tiaoji_core::practice`]; here are the calls, who may make them, and what each side is shown.

pub(crate) mod agreements;
mod between;
pub mod deadlines;
pub mod decided;
mod held;
pub mod postings;
pub(crate) mod proposals;
pub(crate) mod publish;
mod routes;
pub mod schemas;
pub mod settings;
pub mod show;
mod silence;

pub use routes::{DOCX, routes};
