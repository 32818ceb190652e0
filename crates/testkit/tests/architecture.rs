//! The walls of the house: who may import whom, and what must be absent where.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules of `tiaoji-core`, lowest first: a file may name only its own module and those before it.
const CORE: [&str; 27] = [
    "units",
    "codes",
    "rules",
    "defect",
    "draft",
    "scenario",
    "spread",
    "distance",
    "admissibility",
    "stay",
    "validate",
    "plan",
    "earlier",
    "referee",
    "compliance",
    "instance",
    "bound",
    "best",
    "stop",
    "repair",
    "method",
    "extract",
    "explain",
    "solve",
    "analysis",
    "compare",
    "practice",
];

/// What each crate may depend on, of the workspace and beyond.
const CRATES: [(&str, &[&str]); 6] = [
    ("flow", &["petgraph"]),
    ("core", &["tiaoji-flow", "good_lp", "jiff", "petgraph", "rayon"]),
    (
        "formats",
        &[
            "tiaoji-core",
            "csv",
            "encoding_rs",
            "flate2",
            "maud",
            "quick-xml",
            "schemars",
            "serde",
            "serde_json",
            "strsim",
            "toml",
            "zip",
        ],
    ),
    (
        "store",
        &["tiaoji-core", "tiaoji-formats", "futures-util", "serde_json", "sha2", "sqlx", "tempfile", "tokio"],
    ),
    (
        "cli",
        &["tiaoji-core", "tiaoji-formats", "clap", "clap_complete", "ctrlc", "serde_json", "unicode-width"],
    ),
    (
        "http",
        &[
            "tiaoji-core",
            "tiaoji-formats",
            "tiaoji-store",
            "argon2",
            "axum",
            "clap",
            "futures-util",
            "getrandom",
            "http-body-util",
            "hyper",
            "hyper-util",
            "jiff",
            "maud",
            "metrics",
            "metrics-exporter-prometheus",
            "pinyin",
            "rlimit",
            "serde_json",
            "tokio",
            "tokio-util",
            "toml",
            "tower",
            "tower-http",
            "tracing",
            "tracing-subscriber",
        ],
    ),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Path below the folder, and the text without its unit tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs")
                && path.file_stem().is_some_and(|s| s != "tests")
            {
                let text = fs::read_to_string(&path).expect("UTF-8");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_string();
                found.push((path.strip_prefix(folder).expect("below").to_path_buf(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

#[test]
fn imports_inside_core_go_downward() {
    for (path, text) in sources(&crates().join("core/src")) {
        let module = path.iter().next().and_then(|first| Path::new(first).file_stem()).expect("a name");
        let module = module.to_string_lossy();
        if module == "lib" {
            continue; // the crate sees everything
        }
        let level = CORE.iter().position(|&m| m == module);
        let level = level.unwrap_or_else(|| panic!("{} has no place in the order", path.display()));
        for line in code_lines(&text) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let below = CORE[..=level].contains(&name.as_str());
                assert!(below, "{}: {module} may not import {name}: {line}", path.display());
            }
        }
    }
}

#[test]
fn methods_do_not_import_each_other() {
    let methods = ["daily", "exact", "priced"];
    for (path, text) in sources(&crates().join("core/src/method")) {
        for method in methods.iter().filter(|m| !path.to_string_lossy().starts_with(*m)) {
            let import = format!("method::{method}");
            assert!(!text.contains(&import), "{} names {import}", path.display());
        }
        assert!(
            path.starts_with("exact") || !text.contains("good_lp"),
            "only exact names an LP backend, not {}",
            path.display()
        );
    }
}

#[test]
fn the_referee_shares_no_code_with_the_methods() {
    let text = fs::read_to_string(crates().join("core/src/referee.rs")).expect("the referee");
    for module in ["instance", "bound", "best", "repair", "method", "extract", "solve"] {
        assert!(!text.contains(&format!("crate::{module}")), "the referee imports {module}");
    }
}

#[test]
fn crates_depend_downward() {
    for (name, allowed) in CRATES {
        let manifest = fs::read_to_string(crates().join(name).join("Cargo.toml")).expect("a manifest");
        let dependencies = manifest.split("[dependencies]").nth(1).expect("dependencies");
        for line in dependencies.lines().take_while(|line| !line.starts_with('[')) {
            let Some(dependency) = line.split(['.', ' ', '=']).next().filter(|d| !d.is_empty() && *d != "#")
            else {
                continue;
            };
            assert!(allowed.contains(&dependency), "{name} may not depend on {dependency}");
        }
    }
}

#[test]
fn what_must_be_absent() {
    let check = |folder: &str, words: &[&str], why: &str| {
        for (path, text) in sources(&crates().join(folder)) {
            for line in code_lines(&text) {
                for word in words {
                    assert!(!line.contains(word), "{folder}/{}: {why}: {line}", path.display());
                }
            }
        }
    };
    check("flow/src", &["f64", "f32"], "no floating point in flow");
    check("flow/src", &["shortage", "secondment", "worker", "firm", "lender"], "no labour word in flow");
    check("core/src", &["std::fs", "std::io", "std::net", "Instant::now", "SystemTime"], "core is pure");
    check("core/src", &["serde"], "what is on the wire is not what is valid");
    for folder in ["store/src", "http/src"] {
        // a machine whose clock is moved expires nothing: what is stored is dated by the database
        check(folder, &["SystemTime", "Timestamp::now", "Zoned::now"], "only the database's clock counts");
    }
    for folder in ["core/src", "formats/src", "flow/src", "store/src", "http/src"] {
        check(folder, &[".unwrap()"], "no unwrap on input");
    }
}
