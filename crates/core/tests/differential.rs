//! Methods against each other, against brute force and, with the feature `highs`, backends against each other, on
//! random small scenarios with every rule.

use tiaoji_core::bound::of_prices;
use tiaoji_core::instance::Instance;
use tiaoji_core::plan::{BoundBy, Method, Plan};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_testkit::random::{Random, Shape, valid_scenario};
use tiaoji_testkit::{brute, lagrange};

/// Scenarios of a run; every one is solved by four methods, so that a referee has judged four plans of each.
const SCENARIOS: u64 = 10_000;
/// States and choices of a day up to which brute force is asked.
const BRUTE_STATES: usize = 150;

fn plan(scenario: &Scenario, method: Method) -> Plan {
    solve(scenario, &Options { method, gap: Some(0.0), threads: 1, ..Options::default() })
}

#[test]
fn methods_agree() {
    let (mut by_force, mut free, mut searched, mut priced_optimal) = (0, 0, 0, 0);
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        let exact = plan(&scenario, Method::Exact);
        assert!(exact.is_optimal(), "seed {seed}: exact has a gap");
        searched += u32::from(exact.bound_by == BoundBy::Search);
        if let Some(optimum) = brute::optimum(&scenario, None, BRUTE_STATES) {
            assert_eq!(exact.objective, optimum, "seed {seed}: brute force");
            by_force += 1;
        }
        for method in [Method::Daily, Method::Priced, Method::Auto] {
            let other = plan(&scenario, method);
            let valid = other.bound <= exact.objective && exact.objective <= other.objective;
            assert!(valid, "seed {seed}: {method:?} {} {} {}", other.bound, exact.objective, other.objective);
            let proven = of_prices(&scenario, &other.prices);
            assert!(proven <= i128::from(exact.objective), "seed {seed}: {method:?} prices");
            if other.bound_by == BoundBy::Prices {
                assert_eq!(proven, i128::from(other.bound), "seed {seed}: {method:?} prices");
            }
            if scenario.pins().is_empty() {
                let bound = lagrange::bound(&scenario, &other);
                assert!(bound <= i128::from(exact.objective), "seed {seed}: {method:?} prices");
                if other.bound_by == BoundBy::Prices {
                    assert_eq!(bound, i128::from(other.bound), "seed {seed}: {method:?} prices");
                }
            }
            match method {
                Method::Auto => assert_eq!(other.objective, exact.objective, "seed {seed}: auto"),
                Method::Priced => priced_optimal += u32::from(other.objective == exact.objective),
                _ if days_fall_apart(&scenario) => {
                    assert!(other.is_optimal(), "seed {seed}: daily where starts are free");
                    assert_eq!(other.objective, exact.objective, "seed {seed}: daily where starts are free");
                    free += 1;
                }
                _ => {}
            }
        }
    }
    println!("{by_force} by brute force, {free} with free starts, {searched} closed by search");
    // The test says something only as long as these are many.
    assert!(by_force > 2_000, "{by_force}");
    assert!(free > 500, "{free}");
    assert!(priced_optimal > 9_500, "{priced_optimal}");
}

fn days_fall_apart(scenario: &Scenario) -> bool {
    let free = |c: &tiaoji_core::instance::Component| c.pairs.iter().all(|p| p.start == 0 && p.stay == 1);
    Instance::new(scenario).components.iter().all(free)
}

#[cfg(feature = "highs")]
#[test]
fn backends_agree() {
    use tiaoji_core::best::Best;
    use tiaoji_core::method::exact::{Backend, improve};
    use tiaoji_core::stop::Never;

    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        for component in &Instance::new(&scenario).components {
            let by = |backend| {
                let mut best = Best::new(component);
                improve(component, &mut best, backend, &Never);
                assert_eq!(best.objective, best.bound, "seed {seed}: {backend:?}");
                best.objective
            };
            assert_eq!(by(Backend::Microlp), by(Backend::Highs), "seed {seed}");
        }
    }
}
