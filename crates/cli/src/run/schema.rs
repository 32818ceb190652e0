//! `tiaoji schema`.

use tiaoji_formats::schema::{plan_schema, scenario_schema};

use crate::args::{Document, SchemaArgs};
use crate::console::{Console, Failure, Status};

/// Prints the JSON Schema of a document.
pub fn schema(args: &SchemaArgs, console: &Console) -> Result<Status, Failure> {
    let schema = match args.document {
        Document::Scenario => scenario_schema(),
        Document::Plan => plan_schema(),
    };
    console.print(&format!("{schema:#}\n"))?;
    Ok(Status::Done)
}
