//! Naive reference solvers, scenario strategies and the fixture walker, for tests only.

pub mod brute;
pub mod lagrange;
pub mod random;
