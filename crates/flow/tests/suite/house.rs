//! Rules of the house that a test can keep.

use std::{fs, path::Path};

/// No floating point, and no word of the trade that this crate was first made for.
const BANNED: [&str; 8] = ["f32", "f64", "labour", "lender", "borrower", "worker", "employ", "secondment"];

#[test]
fn the_sources_stay_general_and_whole() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sources are there") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source is text").to_lowercase();
            for word in BANNED {
                assert!(!text.contains(word), "{word} in {}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 10, "{count} files");
}
