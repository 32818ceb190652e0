//! `tiaoji schema`.

use tiaoji_formats::schema::{plan_schema, scenario_schema, schema_of};
use tiaoji_formats::{ComparisonFile, ExplanationFile, OptionsFile, ReplayFile, WhatIfFile};

use crate::args::{Document, SchemaArgs};
use crate::console::{Console, Failure, Status};

/// Prints the JSON Schema of a document.
pub fn schema(args: &SchemaArgs, console: &Console) -> Result<Status, Failure> {
    let schema = match args.document {
        Document::Scenario => scenario_schema(),
        Document::Plan => plan_schema(),
        Document::Explanation => schema_of::<ExplanationFile>(),
        Document::Options => schema_of::<OptionsFile>(),
        Document::WhatIf => schema_of::<WhatIfFile>(),
        Document::Comparison => schema_of::<ComparisonFile>(),
        Document::Replay => schema_of::<ReplayFile>(),
    };
    console.print(&format!("{schema:#}\n"))?;
    Ok(Status::Done)
}
