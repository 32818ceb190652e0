//! What a plan means and what would change it: reasons in detail, remedies, and sweeps over changed scenarios.

mod change;
mod finish;
mod options;
mod part;
mod reasons;
mod remedies;
mod rivals;
mod standing;
pub mod sweep;

pub use change::Change;
pub use options::{Asking, Choice};
pub use reasons::{Blocked, Detail, Miss};
pub use remedies::{Remedies, Remedy, remedies};
pub use rivals::Rival;
pub use standing::Standing;
