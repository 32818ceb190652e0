//! Where scenarios lie: all those below a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Every scenario at or below a path, in the order of their names. Links are not followed below it.
pub fn below(path: &Path) -> Vec<PathBuf> {
    if path.is_file() || is_scenario(path) {
        return vec![path.to_path_buf()];
    }
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let visible = folders.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    let mut folders: Vec<PathBuf> = visible.map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().flat_map(|folder| below(folder)).collect()
}

/// A folder with a scenario, or with what is expected of one (a defect may be that the scenario is missing). One
/// with networks is something else.
fn is_scenario(folder: &Path) -> bool {
    let holds = |name| folder.join(name).is_file();
    holds("scenario.toml") || (holds("expect.json") && !holds_networks(folder))
}

fn holds_networks(folder: &Path) -> bool {
    let is_network = |path: PathBuf| path.extension().is_some_and(|extension| extension == "min");
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| is_network(entry.path())))
}
