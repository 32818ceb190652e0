//! Naive reference solvers and random scenarios, for tests only.

pub mod brute;
pub mod lagrange;
pub mod random;
