//! The zone's data: firms, skills, substitutions, surplus, shortages, blocks, calendar, policy.

pub mod document;
pub mod rows;
pub mod sight;
pub mod sort;
