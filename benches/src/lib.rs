//! Networks to measure `tiaoji-flow` on.
//!
//! The same seed gives the same network everywhere: `benches/flow.rs` times them with criterion, and `peers/run.sh`
//! against other solvers. Every upper bound is a number that all solvers take.

pub mod families;
