//! The model of shared labour and the methods that solve it.

pub mod admissibility;
pub mod best;
pub mod bound;
mod codes;
pub mod defect;
pub mod distance;
pub mod draft;
pub mod explain;
pub mod extract;
pub mod instance;
pub mod method;
pub mod plan;
pub mod referee;
pub mod repair;
pub mod rules;
pub mod scenario;
pub mod solve;
pub mod stay;
pub mod stop;
pub mod units;
mod validate;
