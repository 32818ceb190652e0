//! Papers made from a plan: a workbook to look at, and agreements to sign.

mod agreements;
mod plan_book;
mod template;

pub use agreements::{agreements, is_agreement};
pub use plan_book::plan_workbook;
pub use template::{AGREEMENT_TEMPLATE, AgreementTemplate};
