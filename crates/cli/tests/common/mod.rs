//! Running the real program in a folder that goes away.

#![allow(dead_code)] // each test file uses some of it

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// A folder that goes away.
pub struct Temp(PathBuf);

impl Temp {
    pub fn new() -> Temp {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tiaoji-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Temp(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A small zone: two lenders, three shortages, of which one stays partly and one wholly unfilled.
    pub fn scenario(&self, name: &str) -> PathBuf {
        for (file, text) in SCENARIO {
            self.write(&format!("{name}/{file}"), text);
        }
        self.path(name)
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SCENARIO: [(&str, &str); 5] = [
    (
        "scenario.toml",
        "name = \"春季 spring\"\nzone = \"济北\"\n[policy]\nonboarding = 100.00\ndaily_base = 10.00\n\
         transport_per_km = 0.00\ncross_alliance = 15.00\n[policy.unmet]\nurgent = 600.00\nnormal = 400.00\n\
         low = 300.00\n",
    ),
    (
        "firms.csv",
        "id,name,alliance,latitude,longitude\nF1,晨光食品,食品联盟,36.98,117.21\n\
         F2,北河饮品,食品联盟,36.98,117.21\nF3,Jibei Machines,制造联盟,36.98,117.21\nF4,独立物流,,36.98,117.21\n",
    ),
    ("skills.csv", "id,name\npacker,包装工\nfitter,Fitter\n"),
    (
        "surplus.csv",
        "id,firm,skill,headcount,from,to\nS1,F1,packer,6,2022-03-01,2022-03-10\nS2,F4,packer,2,2022-03-01,2022-03-05\n",
    ),
    (
        "shortage.csv",
        "id,firm,skill,headcount,from,to,priority\nD1,F2,packer,4,2022-03-01,2022-03-10,normal\n\
         D2,F3,packer,5,2022-03-03,2022-03-08,urgent\nD3,F3,fitter,1,2022-03-01,2022-03-10,low\n",
    ),
];

/// Runs `tiaoji` with the environment's language unset.
pub fn tiaoji(args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tiaoji"));
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    Run::of(&command.args(args).output().unwrap())
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: &Output) -> Run {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run { status: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Standard output as exactly one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub fn expect(self, status: i32) -> Run {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The fixtures of the repository.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}
