//! Files beside the scenario on their way in: plans first of all.

use std::path::Path;

use tiaoji_formats::messages::Language;
use tiaoji_formats::{PlanFile, Report, read_plan};

use crate::text::Message;

/// Reads a plan file.
pub fn read(path: &Path) -> Result<PlanFile, Box<Report>> {
    match std::fs::read(path) {
        Ok(bytes) => read_plan(&name(path), &bytes),
        Err(error) => Err(Box::new(unread(path, &error))),
    }
}

/// Why a file beside the scenario cannot be read.
pub fn unread(path: &Path, error: &std::io::Error) -> Report {
    let (code, message) = match error.kind() {
        std::io::ErrorKind::NotFound => ("missing_file", Message::NoSuchFile),
        _ => ("unreadable", Message::CannotRead { why: error.to_string() }),
    };
    Report {
        code: code.to_string(),
        file: Some(path.display().to_string()),
        row: None,
        column: None,
        read: None,
        message: message.say(Language::En),
        message_zh: message.say(Language::Zh),
        remedy: Message::CheckPath.say(Language::En),
        remedy_zh: Message::CheckPath.say(Language::Zh),
    }
}

/// What the faults of a file call it.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
