//! Remedies, reasons and sweeps on random small scenarios with every rule, against solving anew.

use std::collections::BTreeMap;

use tiaoji_core::admissibility::{admissible_pairs, verdict};
use tiaoji_core::analysis::sweep::sweep;
use tiaoji_core::analysis::{Asking, Standing, remedies};
use tiaoji_core::compare::compare;
use tiaoji_core::draft::{PinDraft, Row};
use tiaoji_core::plan::{Claim, Method, Plan, Secondment};
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{Scenario, ShortageIx};
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::stop::Never;
use tiaoji_testkit::random::{Random, Shape, valid_scenario};

const SCENARIOS: u64 = 400;

fn optimum(scenario: &Scenario) -> Plan {
    let options = Options { method: Method::Exact, gap: Some(0.0), threads: 1, ..Options::default() };
    solve(scenario, &options)
}

fn claims(plan: &Plan) -> Vec<Claim> {
    plan.secondments.iter().map(Secondment::claim).collect()
}

#[test]
fn a_remedy_brings_what_it_says() {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        let plan = optimum(&scenario);
        let standing = Standing::new(&scenario, &claims(&plan), plan.prices.clone()).expect("small numbers");
        let all: Vec<ShortageIx> = scenario.shortage_indices().collect();
        let before = admissible_pairs(&scenario);
        for (place, remedy) in
            remedies(&standing, &all, 0.0, &Never).into_iter().flat_map(|own| own.into_iter().enumerate())
        {
            let changed = remedy.change.apply(&scenario).expect("small numbers");
            let after = admissible_pairs(&changed);
            let kept = before
                .iter()
                .all(|p| after.iter().any(|q| (p.surplus, p.shortage) == (q.surplus, q.shortage)));
            assert!(kept, "seed {seed}: {remedy:?} refuses a pair");
            for (then, now) in scenario.surplus().iter().zip(changed.surplus()) {
                let fixed = |s: &tiaoji_core::scenario::Surplus| {
                    (s.firm, s.dispatched, s.contract_until, s.certificates.clone())
                };
                assert_eq!(fixed(then), fixed(now), "seed {seed}: {remedy:?} changes what the law fixes");
            }
            let saved = plan.objective - optimum(&changed).objective;
            assert!(
                (remedy.saved..=remedy.saved_at_most).contains(&saved),
                "seed {seed}: {remedy:?}, {saved}"
            );
            // The first three are solved to the end.
            assert!(place >= 3 || remedy.saved == saved, "seed {seed}: {remedy:?}, {saved} to be had");
            assert!(remedy.worker_days > 0, "seed {seed}: {remedy:?}");
            *kinds.entry(remedy.change.code()).or_default() += 1;
        }
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
}

/// Of a plan that is not the best, at gaps at which only what is around a change is solved again: what is saved is real, and what is
/// proven holds.
#[test]
fn what_a_remedy_brings_at_most_holds_at_any_gap() {
    let (mut found, mut finished) = (0, 0);
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        let options = Options { method: Method::Priced, gap: Some(0.3), threads: 1, ..Options::default() };
        let plan = solve(&scenario, &options);
        let standing = Standing::new(&scenario, &claims(&plan), plan.prices.clone()).expect("small numbers");
        let all: Vec<ShortageIx> = scenario.shortage_indices().collect();
        for remedy in remedies(&standing, &all, 0.01, &Never).into_iter().flatten() {
            let changed = remedy.change.apply(&scenario).expect("small numbers");
            let saved = plan.objective - optimum(&changed).objective;
            assert!(
                (remedy.saved..=remedy.saved_at_most).contains(&saved),
                "seed {seed}: {remedy:?}, {saved}"
            );
            found += 1;
            finished += i32::from(remedy.finished);
        }
    }
    assert!(found > 300 && 2 * finished > found, "{finished} of {found}");
}

#[test]
fn reasons_in_detail_are_the_verdicts_counted() {
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        let plan = optimum(&scenario);
        let standing = Standing::new(&scenario, &claims(&plan), plan.prices.clone()).expect("small numbers");
        assert_eq!(standing.unfilled, plan.unfilled, "seed {seed}");
        assert_eq!(standing.idle, plan.idle, "seed {seed}");
        for j in scenario.shortage_indices() {
            let detail = standing.why_unfilled(j);
            for &rule in Rule::ALL {
                let offering =
                    scenario.surplus_indices().filter(|i| scenario.surplus()[i.index()].headcount > 0);
                let broken = offering.map(|i| verdict(&scenario, i, j)).filter(|v| v.contains(rule));
                let (all, alone) =
                    broken.fold((0, 0), |(all, alone), v| (all + 1, alone + usize::from(v.len() == 1)));
                let found = detail.blocked.iter().find(|blocked| blocked.rule == rule);
                assert_eq!(
                    found.map_or((0, 0), |b| (b.postings, b.alone)),
                    (all, alone),
                    "seed {seed}: {rule:?}"
                );
            }
            for rival in &detail.rivals {
                assert!(verdict(&scenario, rival.posting, j).is_empty(), "seed {seed}");
            }
        }
    }
}

/// One worker more of a rival, pinned on the days named: solved again, no plan costs less than the reason says.
#[test]
fn a_rival_costs_at_least_what_is_said() {
    let (mut rivals, mut just) = (0, 0);
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let draft = tiaoji_testkit::random::scenario(&mut random, &shape);
        let Ok(scenario) = Scenario::new(&draft) else { continue };
        let plan = optimum(&scenario);
        let own = claims(&plan);
        let standing = Standing::new(&scenario, &own, plan.prices.clone()).expect("small numbers");
        let found = scenario.shortage_indices().flat_map(|j| {
            standing.why_unfilled(j).rivals.into_iter().map(move |rival| (rival.posting, j, rival))
        });
        for (i, j, rival) in found {
            // A pin would add to those that are there.
            if scenario.pins().iter().any(|pin| (pin.surplus, pin.shortage) == (i, j)) {
                continue;
            }
            let days = scenario.days();
            let span = days.span(rival.from, rival.to);
            let there = |t: usize| -> i64 {
                let here = own.iter().filter(|claim| (claim.surplus, claim.shortage) == (i, j));
                here.filter(|claim| days.span(claim.from, claim.to).contains(t))
                    .map(|claim| claim.count)
                    .sum()
            };
            let cells = PinDraft {
                surplus: scenario.surplus()[i.index()].id.clone().into(),
                shortage: scenario.shortages()[j.index()].id.clone().into(),
                count: ((span.start..span.end).map(there).min().unwrap_or(0) + 1).into(),
                from: rival.from.into(),
                to: rival.to.into(),
                forced: false.into(),
            };
            let mut pinned = draft.clone();
            pinned.pins.rows.push(Row { line: 0, cells });
            // Pins of others may leave no room for it.
            let Ok(pinned) = Scenario::new(&pinned) else { continue };
            let rise = optimum(&pinned).objective - plan.objective;
            let said = rival.short * rival.days as i64;
            assert!(rival.short >= 0, "seed {seed}: {rival:?}");
            assert!(rise + standing.open() >= said, "seed {seed}: {rival:?} of {j:?}, rises {rise}");
            rivals += 1;
            just += i32::from(rise - said <= standing.open() + rival.days as i64);
        }
    }
    assert!(rivals > 100 && 2 * just > rivals, "{just} of {rivals}");
}

#[test]
fn a_sweep_finds_what_solving_anew_finds() {
    for seed in 0..SCENARIOS / 8 {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let mut draft = tiaoji_testkit::random::scenario(&mut random, &shape);
        let scenarios: Vec<Scenario> = (0..7)
            .filter_map(|km| {
                draft.policy.max_distance = (km * 2_000 + 1_000).into();
                Scenario::new(&draft).ok()
            })
            .collect();
        let options = Options { method: Method::Exact, gap: Some(0.0), threads: 2, ..Options::default() };
        let swept: Vec<i64> =
            sweep(&scenarios, None, &options, &|| Never).iter().map(|plan| plan.objective).collect();
        let anew: Vec<i64> = scenarios.iter().map(|scenario| optimum(scenario).objective).collect();
        assert_eq!(swept, anew, "seed {seed}");
    }
}

#[test]
fn a_plan_is_the_same_as_itself_and_another_than_none() {
    for seed in 0..SCENARIOS / 8 {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let scenario = valid_scenario(&mut random, &shape);
        let plan = optimum(&scenario);
        let own = claims(&plan);
        let same = compare(&scenario, &own, &own);
        assert!(same.is_same() && same.firms.is_empty() && same.dearer() == 0, "seed {seed}");
        if scenario.pins().is_empty() {
            let fewer = compare(&scenario, &own, &[]);
            assert_eq!(fewer.dearer(), plan.baseline - plan.objective, "seed {seed}");
            let moved: i64 = fewer.moved.iter().map(|moved| moved.changed).sum();
            let refilled: i64 = fewer.filled.iter().map(|filled| filled.unfilled.1 - filled.unfilled.0).sum();
            assert_eq!((moved, refilled), (plan.kpis.filled_worker_days, moved), "seed {seed}");
        }
    }
}

/// A copy of a shortage as a new posting: every option is what solving with its workers pinned finds, or a little less.
#[test]
fn an_option_is_a_plan_with_its_workers_pinned() {
    let (mut options, mut exact) = (0, 0);
    for seed in 0..SCENARIOS {
        let mut random = Random::new(seed);
        let shape = Shape::small(&mut random);
        let mut draft = tiaoji_testkit::random::scenario(&mut random, &shape);
        draft.policy.stability = 0.into();
        let Ok(scenario) = Scenario::new(&draft) else { continue };
        let plan = optimum(&scenario);
        let standing = Standing::new(&scenario, &claims(&plan), plan.prices.clone()).expect("small numbers");
        let Some(mut row) = draft.shortage.rows.first().cloned() else { continue };
        row.cells.id = "new".to_string().into();
        draft.shortage.rows.push(row);
        let Ok(with) = Scenario::new(&draft) else { continue };
        let asking = ShortageIx(scenario.shortages().len() as u32);
        let unfilled = with.shortages()[asking.index()].headcount;
        let unserved =
            plan.objective + with.unmet_cost(asking).of(unfilled) * with.demand_span(asking).len() as i64;
        for choice in standing.options(&with, Asking::Shortage(asking)) {
            assert!(verdict(&with, choice.pair.0, choice.pair.1).is_empty(), "seed {seed}: {choice:?}");
            let mut pinned = draft.clone();
            let cells = PinDraft {
                surplus: with.surplus()[choice.pair.0.index()].id.clone().into(),
                shortage: "new".to_string().into(),
                count: choice.count.into(),
                from: choice.from.into(),
                to: choice.to.into(),
                forced: false.into(),
            };
            pinned.pins.rows.push(Row { line: 0, cells });
            // Pins of others may leave no room for it.
            let Ok(pinned) = Scenario::new(&pinned) else { continue };
            let saved = unserved - optimum(&pinned).objective;
            assert!(choice.saved <= saved, "seed {seed}: {choice:?}, {saved} to be had");
            options += 1;
            exact += i32::from(choice.saved == saved);
        }
    }
    assert!(options > 100 && 100 * exact > 80 * options, "{exact} of {options}");
}
