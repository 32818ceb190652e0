//! Naive reference solvers, scenario strategies and the fixture walker, for tests only.

pub mod random;
