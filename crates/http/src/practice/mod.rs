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
mod show;
mod silence;

pub use routes::{DOCX, routes};

use tiaoji_core::practice::ZoneClock;

/// The zone's clock: +08:00.
pub const CLOCK: ZoneClock = ZoneClock { offset_seconds: 8 * 3600 };
/// Working days that both sides have to answer a proposal.
const ANSWER_DAYS: usize = 2;
/// Working days that a side gains by holding it.
const HOLD_DAYS: usize = 2;
