//! The same input gives the same plan: whatever the number of threads, and in value whatever the order of rows.

use tiaoji_core::draft::{Rows, ScenarioDraft};
use tiaoji_core::plan::{Method, Plan};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_testkit::random::{Random, Shape, scenario, valid_scenario};

fn plan(scenario: &Scenario, method: Method, threads: usize) -> Plan {
    solve(scenario, &Options { method, threads, ..Options::default() })
}

#[test]
fn threads_change_nothing() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        for method in Method::ALL {
            assert_eq!(plan(&scenario, method, 1), plan(&scenario, method, 2), "seed {seed} {method:?}");
        }
    }
    let zone = valid_scenario(&mut Random::new(7), &Shape::zone(150, 1, true, true));
    assert_eq!(plan(&zone, Method::Auto, 1), plan(&zone, Method::Auto, 2));
}

#[test]
fn order_of_rows_changes_no_objective() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let draft = scenario(&mut random, &shape);
        let mut other = draft.clone();
        shuffle(&mut random, &mut other);
        match (Scenario::new(&draft), Scenario::new(&other)) {
            (Ok(a), Ok(b)) => {
                for method in Method::ALL {
                    let (a, b) = (plan(&a, method, 1), plan(&b, method, 1));
                    assert_eq!(a.objective, b.objective, "seed {seed} {method:?}");
                    assert_eq!(a.bound, b.bound, "seed {seed} {method:?}");
                    assert_eq!(a.baseline, b.baseline, "seed {seed} {method:?}");
                }
            }
            (a, b) => assert_eq!(a.is_ok(), b.is_ok(), "seed {seed}"),
        }
    }
}

fn shuffle(random: &mut Random, draft: &mut ScenarioDraft) {
    fn mix<T>(random: &mut Random, rows: &mut Rows<T>) {
        for n in (1..rows.rows.len()).rev() {
            rows.rows.swap(n, random.below(n as i64 + 1) as usize);
        }
    }
    mix(random, &mut draft.firms);
    mix(random, &mut draft.skills);
    mix(random, &mut draft.substitutions);
    mix(random, &mut draft.surplus);
    mix(random, &mut draft.shortage);
    mix(random, &mut draft.blocked);
    mix(random, &mut draft.pins);
    mix(random, &mut draft.calendar);
}
