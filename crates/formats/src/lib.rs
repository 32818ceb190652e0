//! Text and bytes to [`ScenarioDraft`](tiaoji_core::draft::ScenarioDraft) and back: scenario folders, workbooks, JSON
//! documents, plan files, expectations, and a generator of made-up zones.
//!
//! Everything a reader finds wrong comes back at once as [`Report`]s that name file, row and column, what was read
//! and what to do, in English and in Chinese.
//!
//! ```no_run
//! let loaded = tiaoji_formats::read_path("fixtures/jibei".as_ref()).map_err(|faults| faults.to_string())?;
//! println!("{} surplus postings", loaded.scenario.surplus().len());
//! # Ok::<(), String>(())
//! ```

mod activity;
mod analysis;
mod cell;
mod changes;
mod columns;
mod duration;
mod edit;
pub mod expect;
mod explaining;
mod explanation;
pub mod generate;
pub mod messages;
mod office;
mod open_shortage;
mod options;
mod page;
mod papers;
pub mod pictures;
pub mod plan;
mod read;
mod replay;
mod report;
pub mod schema;
mod uscc;
mod value;
mod worth;
mod write;

pub use activity::{
    AllianceReportFile, FiguresFile, LendingFile, Meeting, Member, Raised, Register, alliance_report,
    alliance_report_to_csv,
};
pub use analysis::{
    ComparisonFile, ExplainedFile, ExplanationFile, PointFile, RefusedFile, SetFile, WhatIfFile,
    comparison_file, explained_shortage, explained_surplus, points_to_csv,
};
pub use changes::{OpenChange, PairChange, PlanChanges, Since, Stay, plan_changes};
pub use duration::duration;
pub use edit::{sweep_values, with_cells, with_each_set, with_each_value, without_each_rule};
pub use expect::{Difference, Expectation, ExpectedFault, Outcome};
pub use explaining::{explain, standing, unplanned};
pub use explanation::{check_explanation, read_explanation};
pub use generate::{GenerateOptions, generate, generate_from};
pub use open_shortage::{NearestFile, OpenShortageFile, ReasonDaysFile, open_shortages};
pub use options::{ChoiceFile, OptionsFile, options_file};
pub use page::{
    PAGE_STYLE, Section, Sections, alliance_sheet, outlook_sections, report_page, report_sections,
    skill_period, stretch_anchor,
};
pub use papers::{
    AGREEMENT_TEMPLATE, Agreed, AgreementTemplate, Paper, agreement_html, agreement_paper, agreements,
    is_agreement, plan_workbook, settlement_workbook,
};
pub use plan::{
    PlanFile, PlanMeta, check_plan, claims, earlier_plan, engine, plan_file, plan_to_json, prices, read_plan,
};
pub use read::{
    Loaded, NewPosting, PostingRow, PostingRows, PostingTable, StandingPosting, find_posting,
    read_folder_files, read_json, read_path, read_posting, read_workbook,
};
pub use replay::{ReplayFile, ReplayedFile, ReplayedPlanFile, read_replay};
pub use report::{Faults, Report};
pub use uscc::is_uscc;
pub use worth::{SkillReportFile, SkillWorthFile, skill_report, skill_report_to_csv};
pub use write::{
    draft_to_folder_files, draft_to_json, draft_to_workbook, posting_template, template_workbook, to_draft,
    to_folder_files, to_json, to_workbook, to_zip, write_files, write_folder,
};

/// The examples of the README, tested.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
