//! One module a subcommand.

mod case;
mod check;
mod completions;
mod convert;
mod generate;
mod matching;
mod output;
mod replay;
mod report;
mod schema;
mod template;

pub use check::check;
pub use completions::completions;
pub use convert::convert;
pub use generate::generate;
pub use matching::matching;
pub use replay::replay;
pub use report::report;
pub use schema::schema;
pub use template::template;
