//! From a plan to an agreement: the states of proposals and agreements, what each lets happen, and what is agreed by day.
//!
//! Pure: what day it is, when a deadline falls and what the postings hold come in as values. A state machine is a value and
//! a function `after(act)`, so that a history, the acts in their order, leads to the same state whenever it is read again.

mod agreement;
mod calendar;
mod capacity;
mod proposal;

pub use agreement::{
    Act as AgreementAct, Agreement, AgreementState, Extension, Refused, ReturnReason, Stint,
};
pub use calendar::{Calendar, ZoneClock};
pub use capacity::{
    Misfit, Stretch, exceeds, left_over, lowered, most_at_once, offered, wanted, what_misfits,
};
pub use proposal::{Act as ProposalAct, DeclineReason, Proposal, ProposalState, Side, Terms};
