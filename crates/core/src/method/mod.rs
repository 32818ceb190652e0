//! The methods. Siblings never import each other; each improves what is known of a component.

pub mod daily;
pub mod exact;
pub mod priced;
