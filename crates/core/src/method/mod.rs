//! The methods. Siblings never import each other.

pub mod exact;
