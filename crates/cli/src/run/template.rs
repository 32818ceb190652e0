//! `tiaoji template`.

use std::fs;

use tiaoji_formats::template_workbook;

use crate::args::TemplateArgs;
use crate::console::{Console, Failure, Status};
use crate::text::Message;

/// Writes the workbook that an officer fills.
pub fn template(args: &TemplateArgs, console: &Console) -> Result<Status, Failure> {
    let path = args.out.display().to_string();
    let is_workbook = args.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if !is_workbook || args.out.is_dir() {
        return Err(Failure::Usage(Box::new(Message::NotAWorkbook { path })));
    }
    if !args.force && args.out.exists() {
        return Err(Failure::Usage(Box::new(Message::NotEmpty { path })));
    }
    fs::write(&args.out, template_workbook(console.language))
        .map_err(|error| Failure::Output { path: path.clone(), error })?;
    console.say(&Message::Written { path, files: 1 });
    Ok(Status::Done)
}
