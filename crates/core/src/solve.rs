//! The one door: a scenario and options in, a refereed plan with a proven bound out.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::best::Best;
use crate::bound::{LocalPrices, MICRO, micro_lagrangian};
use crate::earlier::Earlier;
use crate::explain;
use crate::extract::{self, DailyCounts};
use crate::instance::{Component, Instance, Period};
use crate::method::exact::Backend;
use crate::method::{daily, exact, priced};
use crate::plan::{BoundBy, ComponentPlan, Method, Plan, PriceRun, Prices, Secondment};
use crate::referee::{self, Claim};
use crate::repair::Draft;
use crate::scenario::{Scenario, Span};
use crate::spread;
use crate::stop::{Never, Stop};
use crate::units::{Count, Fen, MicroFen};

/// What a run reports while it works: the sums over all components as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Objective of the best plan so far.
    pub objective: Fen,
    /// Proven bound so far.
    pub bound: Fen,
    /// Lending nothing but the pins.
    pub baseline: Fen,
    /// Components finished.
    pub done: usize,
    /// Components in all.
    pub components: usize,
}

/// How to solve.
pub struct Options<'a> {
    /// Which method; [`Method::Auto`] chooses per component.
    pub method: Method,
    /// The gap at which a run may stop; none = 0 for `daily` and `exact`, 0.0005 otherwise.
    pub gap: Option<f64>,
    /// An earlier plan to start from: plans minimise what they change against it as well, where the policy has a
    /// `stability`; its secondments, as far as they are possible today, are the first plan, its prices the first proof.
    pub start_from: Option<&'a Earlier>,
    /// Plans of scenarios that are much like this one, with their prices: first plans and first proofs, against which no change
    /// costs anything.
    pub neighbours: &'a [Earlier],
    /// When to stop.
    pub stop: &'a dyn Stop,
    /// Worker threads; 0 = all cores. Changes no result.
    pub threads: usize,
    /// Called with the state of the run, from any thread, whenever it has changed.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            method: Method::Auto,
            gap: None,
            start_from: None,
            neighbours: &[],
            stop: &Never,
            threads: 0,
            progress: None,
        }
    }
}

/// Solves a scenario. The plan has been refereed: feasible, never worse than the baseline (what it changes against an
/// earlier plan included), objective recomputed from the secondments alone, bound proven.
///
/// # Panics
/// Where the referee refuses what a method made: a fault of the engine, never of the input.
pub fn solve(scenario: &Scenario, options: &Options<'_>) -> Plan {
    let pool = if spread::is_little(scenario) {
        None
    } else {
        rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().ok()
    };
    match pool {
        Some(pool) => pool.install(|| solve_here(scenario, options, true)),
        None => solve_here(scenario, options, true), // not worth threads, or none to be had: this one will do
    }
}

/// The same on the threads at hand, and without a word on why anything is unfilled or idle: both lists stay empty.
/// For what solves many scenarios and only compares them.
pub fn solve_unexplained(scenario: &Scenario, options: &Options<'_>) -> Plan {
    solve_here(scenario, options, false)
}

fn solve_here(scenario: &Scenario, options: &Options<'_>, explained: bool) -> Plan {
    let instance = match options.start_from {
        Some(earlier) => Instance::replanned(scenario, earlier),
        None => Instance::new(scenario),
    };
    let outcomes = run(scenario, &instance, options);
    let daily = daily_counts(scenario, &instance, &outcomes);
    let mut secondments = extract::secondments(scenario, &daily);
    let claims: Vec<Claim> = secondments.iter().map(Secondment::claim).collect();
    let verdict = referee::judge(scenario, &claims, options.start_from);
    assert!(verdict.violations.is_empty(), "the plan breaks rules: {:?}", verdict.violations);
    let sum = |part: fn(&Outcome) -> Fen| instance.constant + outcomes.iter().map(part).sum::<Fen>();
    let (objective, bound) = (sum(|outcome| outcome.best.objective), sum(|outcome| outcome.best.bound));
    assert_eq!(verdict.objective, i128::from(objective), "the objective of the plan");
    assert_eq!(verdict.baseline, instance.baseline(), "the baseline");
    let change_cost = outcomes.iter().map(|outcome| outcome.best.total - outcome.best.objective).sum::<Fen>();
    assert_eq!(verdict.changes.map_or(0, |changes| changes.cost), change_cost, "the cost of changes");
    assert!(bound <= objective, "{bound} <= {objective}");
    // Where changes cost something, keeping an earlier plan may be worth more than the objective that it loses.
    let changes_cost = instance.components.iter().any(|component| component.stability > 0);
    assert!(changes_cost || objective <= verdict.baseline, "{objective} <= {}", verdict.baseline);

    for (secondment, &cost) in secondments.iter_mut().zip(&verdict.costs) {
        secondment.cost = cost;
    }
    let (unfilled, idle) = if explained {
        explain::explain(scenario, &daily, &verdict.unfilled, &verdict.idle)
    } else {
        Default::default()
    };
    let components = instance.components.iter().zip(&outcomes).map(|(component, outcome)| ComponentPlan {
        method: outcome.method,
        pairs: component.pairs.len(),
        objective: outcome.best.objective,
        bound: outcome.best.bound,
    });
    // Parts that were each rounded up may add up to more than their sum does: then the search has the last word.
    let priced: i128 = instance
        .components
        .iter()
        .zip(&outcomes)
        .map(|(component, outcome)| micro_lagrangian(component, &outcome.best.prices))
        .sum();
    let proven = i128::from(instance.constant) * MICRO + priced;
    let searched = -(-proven).div_euclid(MICRO) != i128::from(bound);
    Plan {
        method: options.method,
        secondments,
        objective,
        bound,
        bound_by: if searched { BoundBy::Search } else { BoundBy::Prices },
        baseline: verdict.baseline,
        changes: verdict.changes,
        components: components.collect(),
        unfilled,
        idle,
        kpis: verdict.kpis,
        prices: prices(scenario, &instance, &outcomes),
    }
}

/// What became of a component.
struct Outcome {
    method: Method,
    best: Best,
}

/// Every component, in parallel, the largest first; the results in the order of the components. Where there are many, all
/// of them get a first plan before any gets its last: a run may be stopped at any time.
fn run(scenario: &Scenario, instance: &Instance, options: &Options<'_>) -> Vec<Outcome> {
    let board = Board::new(instance, options.progress);
    let mut order: Vec<usize> = (0..instance.components.len()).collect();
    order.sort_by_key(|&c| std::cmp::Reverse(instance.components[c].size()));
    let size: usize = instance.components.iter().map(Component::size).sum();
    let by_prices = matches!(options.method, Method::Auto | Method::Priced);
    let begin = |&c: &usize| {
        let component = &instance.components[c];
        let report = |best: &Best| board.report(c, best, false);
        let mut best = Best::new(component);
        if let Some(earlier) = options.start_from {
            let prices = start_from(scenario, component, earlier, &mut best);
            best.prove(component, prices);
        }
        start_between(scenario, component, options.neighbours, &mut best);
        if by_prices && size >= MANY && component.size() > SMALL {
            priced::improve(component, &mut best, FIRST_GAP, options.stop, &report);
        }
        report(&best);
        (c, best)
    };
    let end = |(c, best): (usize, Best)| {
        let report = |best: &Best| board.report(c, best, false);
        let outcome = one(&instance.components[c], best, options, &report);
        board.report(c, &outcome.best, true);
        (c, outcome)
    };
    let mut done: Vec<(usize, Outcome)> = if spread::is_little(scenario) {
        let begun: Vec<(usize, Best)> = order.iter().map(begin).collect();
        begun.into_iter().map(end).collect()
    } else {
        let begun: Vec<(usize, Best)> = order.par_iter().with_max_len(1).map(begin).collect();
        begun.into_par_iter().with_max_len(1).map(end).collect()
    };
    done.sort_by_key(|(c, _)| *c);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

/// From so many pair-periods in all on, a first plan is made of every component before one is made better: below, it is
/// a matter of seconds.
const MANY: usize = 2_000_000;
/// The gap of these first plans.
const FIRST_GAP: f64 = 0.25;
/// Nothing ties a day to the day before.
fn starts_are_free(component: &Component) -> bool {
    component.pairs.iter().all(|arc| arc.start == 0 && arc.stay <= 1)
}

/// Solves every period alone; whether that closed the gap, as it does where starts are free.
fn days_are_enough(component: &Component, best: &mut Best, stop: &dyn Stop) -> bool {
    daily::improve(component, best, stop);
    best.is_closed()
}

/// Up to so many pair-periods `exact` is at its end before `priced` has made a plan.
const TINY: usize = 24;
/// Up to so many the optimum is hardly dearer than a plan near it.
const EASY: usize = 100;
/// Up to so many pair-periods `exact` answers within milliseconds.
const SMALL: usize = 1_500;
/// Up to so many it is worth a try with the default backend where `priced` left a gap: a quarter of a minute at 10,000
/// with stays.
pub(crate) const LARGEST_EXACT: usize = 15_000;

fn one(component: &Component, mut best: Best, options: &Options<'_>, progress: &dyn Fn(&Best)) -> Outcome {
    let stop = options.stop;
    let size = component.size();
    let target = match options.method {
        Method::Auto if size <= EASY => 0.0,
        Method::Daily | Method::Exact => options.gap.unwrap_or(0.0),
        Method::Auto | Method::Priced => options.gap.unwrap_or(0.0005),
    };
    // Where nothing was touched by what has changed, the prices of an earlier plan prove it.
    let is_begun = options.start_from.is_some() || !options.neighbours.is_empty();
    let done = is_begun && best.gap() <= target;
    let method = match options.method {
        Method::Auto if done => Method::Priced,
        asked if done => asked,
        Method::Daily => {
            daily::improve(component, &mut best, stop);
            Method::Daily
        }
        Method::Priced => {
            priced::improve(component, &mut best, target, stop, progress);
            Method::Priced
        }
        Method::Exact => {
            if size > SMALL {
                priced::improve(component, &mut best, GOOD_START, stop, progress);
            }
            exact::improve(component, &mut best, Backend::default(), stop);
            Method::Exact
        }
        Method::Auto if starts_are_free(component) && days_are_enough(component, &mut best, stop) => {
            Method::Daily
        }
        Method::Auto => {
            if size > TINY {
                priced::improve(component, &mut best, target, stop, progress);
            }
            if best.gap() > target && size <= LARGEST_EXACT && !stop.stopped() {
                exact::improve(component, &mut best, Backend::default(), stop);
                Method::Exact
            } else {
                Method::Priced
            }
        }
    };
    // A plan that keeps an earlier one reports how far that is from the least objective: as small as it is, solve that too.
    let asked = matches!(options.method, Method::Auto | Method::Exact);
    if asked && component.stability > 0 && size <= SMALL && best.gap_alone() > target && !stop.stopped() {
        let alone = component.alone();
        let mut other = Best::new(&alone);
        other.offer(&alone, &best.counts);
        other.prove(&alone, best.prices.clone());
        exact::improve(&alone, &mut other, Backend::default(), stop);
        best.take_bound(other);
    }
    Outcome { method, best }
}

/// Offers what an earlier plan says. Its secondments are cut to the days that each pair has today; pins are added; then
/// each pair, in the order of the component, gets as many of its workers as are left of both rows, and whoever is left with
/// less than the stay goes (a pair with pins keeps those alone then). So what is still possible as a whole stays as it is, and what comes out is always feasible.
/// The prices come back: postings and days without one get what they would without an earlier plan, see
/// [`LocalPrices::unmet`].
fn start_from(scenario: &Scenario, component: &Component, earlier: &Earlier, best: &mut Best) -> LocalPrices {
    best.offer(component, Draft::new(component, &component.counts_of(earlier), |_| false).counts());
    let mut prices = LocalPrices::unmet(component);
    prices.take(scenario, component, earlier.prices());
    prices
}

/// Offers what the plans of neighbours say, and their prices; of two also the mean of their prices. Where what differs is a cost that
/// enters every plan in proportion, the bound is concave in cost and prices together, so halfway between two scenarios the mean
/// proves at least the mean of both bounds.
fn start_between(scenario: &Scenario, component: &Component, neighbours: &[Earlier], best: &mut Best) {
    let mut known: Vec<LocalPrices> =
        neighbours.iter().map(|earlier| start_from(scenario, component, earlier, best)).collect();
    if let [one, other] = &known[..] {
        known.push(one.mean(other));
    }
    for prices in known.into_iter().rev() {
        best.prove(component, prices);
    }
}

/// The gap from which `exact` starts on a large component: what is left out of the programme then is most of it.
const GOOD_START: f64 = 0.000_02;

/// The state of all components, for progress.
struct Board<'a> {
    callback: Option<&'a (dyn Fn(Progress) + Sync)>,
    state: Mutex<(Progress, Vec<(Fen, Fen)>)>,
}

impl<'a> Board<'a> {
    fn new(instance: &Instance, callback: Option<&'a (dyn Fn(Progress) + Sync)>) -> Board<'a> {
        let parts: Vec<(Fen, Fen)> = instance.components.iter().map(|c| (c.baseline, 0)).collect();
        let baseline = instance.baseline();
        let progress = Progress {
            objective: baseline,
            bound: instance.constant,
            baseline,
            done: 0,
            components: parts.len(),
        };
        Board { callback, state: Mutex::new((progress, parts)) }
    }

    fn report(&self, component: usize, best: &Best, done: bool) {
        let Some(callback) = self.callback else { return };
        let Ok(mut state) = self.state.lock() else { return };
        let (progress, parts) = &mut *state;
        let part = &mut parts[component];
        let bound = best.bound.max(0);
        progress.objective += best.objective - part.0;
        progress.bound += bound - part.1;
        *part = (best.objective, bound);
        progress.done += usize::from(done);
        callback(*progress);
    }
}

/// Counts by working day of every pair that has any.
fn daily_counts(scenario: &Scenario, instance: &Instance, outcomes: &[Outcome]) -> DailyCounts {
    let mut daily = DailyCounts::new();
    for fixed in &instance.fixed {
        daily.insert((fixed.surplus, fixed.shortage), fixed.counts.clone());
    }
    for (component, outcome) in instance.components.iter().zip(outcomes) {
        for (arc, counts) in component.pairs.iter().zip(&outcome.best.counts) {
            if counts.iter().all(|&n| n == 0) {
                continue;
            }
            let key = (component.lenders[arc.lender].posting, component.borrowers[arc.borrower].posting);
            let days = daily.entry(key).or_insert_with(|| vec![0; scenario.days().len()]);
            for (p, &n) in arc.window.clone().zip(counts) {
                let period = component.periods[p];
                days[period.start..period.start + period.len].fill(n);
            }
        }
    }
    daily
}

/// The prices behind the bound as runs of equal price, within each posting's days. A shortage that nobody can serve
/// is in no component: its price is what its last unfilled worker-day costs.
fn prices(scenario: &Scenario, instance: &Instance, outcomes: &[Outcome]) -> Prices {
    fn runs<P: Copy>(
        scenario: &Scenario,
        out: &mut Vec<PriceRun<P>>,
        posting: P,
        span: Span,
        periods: &[Period],
        open: &[Count],
        prices: &[MicroFen],
    ) {
        let mut last: Option<(usize, MicroFen)> = None;
        for ((period, &open), &price) in periods.iter().zip(open).zip(prices) {
            let days = Span { start: period.start, end: period.start + period.len };
            // forced pins open a posting on days that are not its own
            if days.intersect(span).is_empty() && open == 0 {
                continue;
            }
            let (from, to) = (scenario.days().day(days.start), scenario.days().day(days.end - 1));
            match out.last_mut().filter(|_| last == Some((days.start, price))) {
                Some(run) => run.to = to,
                None => out.push(PriceRun { posting, from, to, price }),
            }
            last = Some((days.end, price));
        }
    }
    let mut found = Prices::default();
    for (component, outcome) in instance.components.iter().zip(outcomes) {
        let periods = &component.periods;
        for (lender, prices) in component.lenders.iter().zip(&outcome.best.prices.supply) {
            let span = scenario.supply_span(lender.posting);
            runs(scenario, &mut found.supply, lender.posting, span, periods, &lender.supply, prices);
        }
        for (borrower, prices) in component.borrowers.iter().zip(&outcome.best.prices.demand) {
            let span = scenario.demand_span(borrower.posting);
            runs(scenario, &mut found.demand, borrower.posting, span, periods, &borrower.demand, prices);
        }
    }
    let mut alone = vec![true; scenario.shortages().len()];
    for borrower in instance.components.iter().flat_map(|component| &component.borrowers) {
        alone[borrower.posting.index()] = false;
    }
    for posting in scenario.shortage_indices().filter(|j| alone[j.index()]) {
        let Span { start, end } = scenario.demand_span(posting);
        if start < end {
            let (from, to) = (scenario.days().day(start), scenario.days().day(end - 1));
            let price = (i128::from(scenario.unmet_cost(posting).dear) * MICRO) as MicroFen;
            found.demand.push(PriceRun { posting, from, to, price });
        }
    }
    found.supply.sort_by_key(|run| (run.posting, run.from));
    found.demand.sort_by_key(|run| (run.posting, run.from));
    found
}
