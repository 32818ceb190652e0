//! Naive reference solvers, random scenarios and a PostgreSQL server, for tests only.

pub mod brute;
pub mod lagrange;
pub mod postgres;
pub mod random;
