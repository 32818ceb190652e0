//! Where `convert` and `generate` write to: a folder, a workbook or a `.json` document, and never over what is there
//! unasked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tiaoji_core::defect::Table;
use tiaoji_core::draft::ScenarioDraft;
use tiaoji_formats::{draft_to_folder_files, draft_to_json, draft_to_workbook, write_files};

use crate::console::{Console, Failure, Status};
use crate::text::Message;

/// A place to write a scenario to.
pub enum Output {
    /// One JSON document.
    Document(PathBuf),
    /// One workbook.
    Workbook(PathBuf),
    /// A folder of tables.
    Folder(PathBuf),
}

impl Output {
    /// The extension decides; what is there stays unless forced.
    pub fn choose(path: &Path, force: bool) -> Result<Output, Failure> {
        let shown = || path.display().to_string();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let refuse = |message| Err(Failure::Usage(Box::new(message)));
        match extension.as_deref() {
            Some("json" | "xlsx") if path.is_dir() => refuse(Message::NotAFile { path: shown() }),
            Some("json" | "xlsx")
                if !force && fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() > 0) =>
            {
                refuse(Message::NotEmpty { path: shown() })
            }
            Some("json") => Ok(Output::Document(path.to_path_buf())),
            Some("xlsx") => Ok(Output::Workbook(path.to_path_buf())),
            _ if path.exists() && !path.is_dir() => refuse(Message::NotAFolder { path: shown() }),
            _ if !force && holds_anything(path) => refuse(Message::NotEmpty { path: shown() }),
            _ => Ok(Output::Folder(path.to_path_buf())),
        }
    }

    /// Writes a scenario, and says so on standard error.
    pub fn write(&self, draft: &ScenarioDraft, console: &Console) -> Result<Status, Failure> {
        let (path, files, written) = match self {
            Output::Document(path) => (path, 1, fs::write(path, draft_to_json(draft))),
            Output::Workbook(path) => (path, 1, fs::write(path, draft_to_workbook(draft, console.language))),
            Output::Folder(path) => {
                let files = draft_to_folder_files(draft);
                (path, files.len(), write_folder(path, &files))
            }
        };
        let shown = path.display().to_string();
        written.map_err(|error| Failure::Output { path: shown.clone(), error })?;
        console.say(&Message::Written { path: shown, files });
        Ok(Status::Done)
    }
}

/// Writes the tables; those of another scenario that would be read with them go.
fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    write_files(files, folder)?;
    for table in Table::ALL {
        let name = format!("{}.csv", table.name());
        let stale = folder.join(&name);
        if files.iter().all(|(written, _)| *written != name) && stale.is_file() {
            fs::remove_file(stale)?;
        }
    }
    Ok(())
}

/// Whether there is a folder with something in it.
pub fn holds_anything(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
