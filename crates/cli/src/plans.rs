//! Plan files on the command line.

use std::path::Path;

use tiaoji_formats::messages::Language;
use tiaoji_formats::{PlanFile, Report, read_plan};

use crate::text::Message;

/// Reads a plan file.
pub fn read(path: &Path) -> Result<PlanFile, Box<Report>> {
    match std::fs::read(path) {
        Ok(bytes) => read_plan(&name(path), &bytes),
        Err(error) => {
            let (code, message) = match error.kind() {
                std::io::ErrorKind::NotFound => ("missing_file", Message::NoPlanFile),
                _ => ("unreadable", Message::CannotReadPlan { why: error.to_string() }),
            };
            Err(Box::new(Report {
                code: code.to_string(),
                file: Some(path.display().to_string()),
                row: None,
                column: None,
                read: None,
                message: message.say(Language::En),
                message_zh: message.say(Language::Zh),
                remedy: Message::CheckPath.say(Language::En),
                remedy_zh: Message::CheckPath.say(Language::Zh),
            }))
        }
    }
}

/// What the faults of a plan call its file.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
