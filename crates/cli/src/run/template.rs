//! `tiaoji template`.

use std::fs;

use tiaoji_formats::{AGREEMENT_TEMPLATE, template_workbook};

use crate::args::TemplateArgs;
use crate::console::{Console, Failure, Status};
use crate::text::Message;

/// Writes the workbook that an officer fills, or the texts of the agreements.
pub fn template(args: &TemplateArgs, console: &Console) -> Result<Status, Failure> {
    let path = args.out.display().to_string();
    let extension = args.out.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let bytes = match extension.as_deref() {
        _ if args.out.is_dir() => return Err(Failure::Usage(Box::new(Message::NotAFile { path }))),
        Some("xlsx") => template_workbook(console.language),
        Some("txt") => AGREEMENT_TEMPLATE.as_bytes().to_vec(),
        _ => return Err(Failure::Usage(Box::new(Message::NotATemplate { path }))),
    };
    if !args.force && args.out.exists() {
        return Err(Failure::Usage(Box::new(Message::NotEmpty { path })));
    }
    fs::write(&args.out, bytes).map_err(|error| Failure::Output { path: path.clone(), error })?;
    console.say(&Message::Written { path, files: 1 });
    Ok(Status::Done)
}
