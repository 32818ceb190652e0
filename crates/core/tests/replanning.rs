//! Plans against an earlier one: methods against each other and brute force, on random small scenarios with every rule and
//! random earlier plans; the own plan sent back; a plan for a scenario that has changed.

use tiaoji_core::best::Best;
use tiaoji_core::earlier::{Earlier, Named};
use tiaoji_core::instance::{Component, Instance};
use tiaoji_core::method::{daily, exact, priced};
use tiaoji_core::plan::{Claim, Method, Plan, Prices, Secondment};
use tiaoji_core::referee;
use tiaoji_core::repair::Draft;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::stop::Never;
use tiaoji_testkit::brute;
use tiaoji_testkit::random::{Random, Shape, earlier, valid_scenario};

const SCENARIOS: u64 = 3_000;
/// States and choices of a day up to which brute force is asked.
const BRUTE_STATES: usize = 150;
/// Methods that have to find the least total of objective and changes; all others only must not lose what they were given.
const FINDS_THE_LEAST: [Method; 2] = [Method::Exact, Method::Auto];

fn plan(scenario: &Scenario, method: Method, earlier: Option<&Earlier>) -> Plan {
    let options = Options { method, gap: Some(0.0), threads: 1, start_from: earlier, ..Options::default() };
    solve(scenario, &options)
}

fn claims(plan: &Plan) -> Vec<Claim> {
    plan.secondments.iter().map(Secondment::claim).collect()
}

/// A plan as an earlier one of the same scenario.
fn again(scenario: &Scenario, plan: &Plan) -> Earlier {
    Earlier::new(scenario, &Named::all(scenario), &claims(plan), plan.prices.clone()).expect("small numbers")
}

fn total(plan: &Plan) -> i64 {
    plan.objective + plan.changes.map_or(0, |changes| changes.cost)
}

#[test]
fn methods_agree_on_the_total() {
    let (mut by_force, mut free, mut changed, mut priced_least) = (0, 0, 0, 0);
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let mut shape = Shape::small(&mut random);
        shape.stability = *random.pick(&[0, 100, 2_000, 15_000, 70_000]);
        let scenario = valid_scenario(&mut random, &shape);
        let earlier = earlier(&mut random, &scenario);
        let least = plan(&scenario, Method::Exact, Some(&earlier));
        if let Some(optimum) = brute::optimum(&scenario, Some(&earlier), BRUTE_STATES) {
            assert_eq!(total(&least), optimum, "seed {seed}: brute force");
            by_force += 1;
        }
        changed += u32::from(least.changes.is_some_and(|changes| changes.worker_days > 0));
        let alone = plan(&scenario, Method::Exact, None).objective;
        let given = projected(&scenario, &earlier);
        for method in Method::ALL {
            let found = plan(&scenario, method, Some(&earlier));
            let verdict = referee::judge(&scenario, &claims(&found), Some(&earlier));
            assert_eq!(verdict.changes, found.changes, "seed {seed}: {method:?}");
            assert!(found.bound <= alone, "seed {seed}: {method:?}");
            assert!(total(&least) <= total(&found), "seed {seed}: {method:?}");
            assert!(total(&found) <= given, "seed {seed}: {method:?} is worse than what it was given");
            if FINDS_THE_LEAST.contains(&method) {
                assert_eq!(found.bound, alone, "seed {seed}: {method:?}");
                assert_eq!(total(&found), total(&least), "seed {seed}: {method:?}");
            }
            if method == Method::Daily && days_fall_apart(&scenario) {
                assert_eq!(total(&found), total(&least), "seed {seed}: daily where starts are free");
                free += 1;
            }
            priced_least += u64::from(method == Method::Priced && total(&found) == total(&least));
        }
        bounds_hold(&scenario, &earlier, total(&least), seed);
    }
    println!("{by_force} by brute force, {free} with free starts, {changed} changed, priced {priced_least}");
    assert!(by_force > 500, "{by_force}");
    assert!(free > 100, "{free}");
    assert!(changed > 1_000, "{changed}");
    assert!(20 * priced_least > 19 * SCENARIOS, "{priced_least}");
}

/// The total of an earlier plan cut to what is possible today.
fn projected(scenario: &Scenario, earlier: &Earlier) -> i64 {
    let instance = Instance::replanned(scenario, earlier);
    let of_component = |c: &Component| c.total(Draft::new(c, &c.counts_of(earlier), |_| false).counts());
    instance.constant + instance.components.iter().map(of_component).sum::<i64>()
}

fn bounds_hold(scenario: &Scenario, earlier: &Earlier, least: i64, seed: u64) {
    let instance = Instance::replanned(scenario, earlier);
    let sum = |improve: &dyn Fn(&Component, &mut Best)| {
        let of_component = |component: &Component| {
            let mut best = Best::new(component);
            improve(component, &mut best);
            assert!(best.bound <= best.objective && best.total_bound <= best.total, "seed {seed}");
            best.total_bound
        };
        instance.constant + instance.components.iter().map(of_component).sum::<i64>()
    };
    assert!(sum(&|_, _| ()) <= least, "seed {seed}: the unmet prices");
    let by_day = sum(&|c, best| daily::improve(c, best, &Never));
    assert!(by_day <= least, "seed {seed}: daily");
    if days_fall_apart(scenario) {
        assert_eq!(by_day, least, "seed {seed}: daily where starts are free");
    }
    assert!(sum(&|c, best| priced::improve(c, best, 0.0, &Never, &|_| ())) <= least, "seed {seed}: priced");
    let searched = sum(&|c, best| exact::improve(c, best, exact::Backend::default(), &Never));
    assert_eq!(searched, least, "seed {seed}: exact is closed");
}

fn days_fall_apart(scenario: &Scenario) -> bool {
    let free = |c: &Component| c.pairs.iter().all(|p| p.start == 0 && p.stay == 1);
    Instance::new(scenario).components.iter().all(free)
}

#[test]
fn threads_change_nothing() {
    let shape = Shape { stability: 3_000, ..Shape::zone(100, 1, false, true) };
    let mut random = Random::new(11);
    let zone = valid_scenario(&mut random, &shape);
    let earlier = earlier(&mut random, &zone);
    let plan = |threads| {
        solve(&zone, &Options { threads, start_from: Some(&earlier), gap: Some(0.01), ..Options::default() })
    };
    assert_eq!(plan(1), plan(2));
}

#[test]
fn the_own_plan_comes_back() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let mut shape = Shape::small(&mut random);
        shape.stability = *random.pick(&[0, 5_000]);
        let scenario = valid_scenario(&mut random, &shape);
        for method in Method::ALL {
            let first = plan(&scenario, method, None);
            let earlier = again(&scenario, &first);
            let options = Options { method, start_from: Some(&earlier), ..Options::default() };
            let second = solve(&scenario, &options);
            assert!(total(&second) <= first.objective, "seed {seed}: {method:?}");
            assert!(
                second.bound >= first.bound || first.bound_by != second.bound_by,
                "seed {seed}: {method:?}"
            );
            if shape.stability > 0 && first.is_optimal() {
                assert_eq!(second.secondments, first.secondments, "seed {seed}: {method:?}");
                assert_eq!(second.changes.map(|changes| changes.worker_days), Some(0), "seed {seed}");
            }
        }
    }
    let zone = valid_scenario(&mut Random::new(7), &Shape::zone(150, 1, true, true));
    let first = solve(&zone, &Options::default());
    let earlier = again(&zone, &first);
    let second = solve(&zone, &Options { start_from: Some(&earlier), ..Options::default() });
    assert_eq!((second.objective, second.bound), (first.objective, first.bound));
    assert_eq!(second.secondments, first.secondments);
    assert_eq!(second.changes.map(|changes| changes.worker_days), Some(0));
}

#[test]
fn changes_beyond_63_bits_are_refused() {
    let mut random = Random::new(3);
    let mut shape = Shape::small(&mut random);
    shape.stability = 100_000_000_000;
    let (scenario, claim) = loop {
        let scenario = valid_scenario(&mut random, &shape);
        let pair = tiaoji_core::admissibility::admissible_pairs(&scenario).first().copied();
        if let Some(pair) = pair {
            let day = scenario.days().day(0);
            let count = Claim::MOST;
            break (
                scenario,
                Claim { surplus: pair.surplus, shortage: pair.shortage, count, from: day, to: day },
            );
        }
    };
    let check = |rows: usize, good: bool| {
        let claims = vec![claim; rows];
        let earlier = Earlier::new(&scenario, &Named::all(&scenario), &claims, Prices::default());
        assert_eq!(earlier.is_ok(), good, "{rows} secondments");
    };
    check(0, true);
    check(91, true);
    check(93, false);
}
