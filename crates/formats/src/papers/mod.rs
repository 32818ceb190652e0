//! Papers made from a plan: a workbook to look at, and agreements to sign.

mod agreements;
mod html;
mod plan_book;
mod template;

pub use agreements::{
    Agreed, Paper, agreement_html, agreement_paper, agreements, is_agreement, settlement_workbook,
};
pub use plan_book::plan_workbook;
pub use template::{AGREEMENT_TEMPLATE, AgreementTemplate};
