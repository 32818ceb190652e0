//! Every scenario of the repository, against what is expected of it.

mod common;

use common::{fixtures, text, tiaoji};

#[test]
fn every_expectation_holds() {
    for part in ["rules", "features", "defects", "jibei", "jibei-peak"] {
        let run = tiaoji(&["replay", text(&fixtures().join(part)), "--time-limit", "5m"]);
        assert_eq!(run.status, 0, "{part}:\n{}\n{}", run.out, run.err);
    }
}
