//! One module a subcommand.

mod case;
mod check;
mod compare;
mod completions;
mod convert;
mod explain;
mod generate;
mod matching;
mod options;
mod output;
mod replay;
mod report;
mod schema;
mod template;
mod what_if;

pub use check::check;
pub use compare::compare;
pub use completions::completions;
pub use convert::convert;
pub use explain::explain;
pub use generate::generate;
pub use matching::matching;
pub use options::options;
pub use replay::replay;
pub use report::report;
pub use schema::schema;
pub use template::template;
pub use what_if::what_if;
