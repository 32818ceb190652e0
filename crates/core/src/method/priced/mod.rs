//! `priced`: prices and a fractional plan, then a dive to whole workers and exact neighbourhoods.
//!
//! # The problem and its dual
//!
//! Of a component with lenders `i`, borrowers `j`, pairs `ij` and periods `t` of `l_t` days,
//!
//! ```text
//! minimise   sum l_t u_j(m_jt - sum_i y_ijt) + sum l_t c_ij y_ijt + sum h_ij s_ijt
//! subject to sum_j y_ijt <= n_it,  s_ijt >= y_ijt - y_ij,t-1,  0 <= y_ijt <= cap_ij,  stays,  y whole
//! ```
//!
//! with `u_j` convex where there is fairness. Put prices `alpha_it >= 0` on supply and `beta_jt`, of either sign, on demand
//! (a demand price may be negative where stays or pins are): what is left falls apart into one small problem for each row of
//! demand and one for each pair, and their sum is a bound on every plan, whatever the prices. Of a pair it is the cheapest set
//! of runs of one worker, a recursion over two states, there and away, times `cap`; with a stay of `L` a start
//! jumps `L` days ahead; pins and an earlier plan are solved level by level. [`bound`](crate::bound) evaluates all of it in
//! 128-bit whole numbers. The best prices reach the optimum of the linear relaxation, for the runs of one worker are
//! integral (Rajan, Takriti 2005), and that is within some millionths of the best plan on zones.
//!
//! # Prices: the descent
//!
//! Primal-dual hybrid gradient (Chambolle, Pock 2011) on the rows of supply and demand alone, so that a step keeps the
//! start costs of a pair whole. With weight `w` (fen per worker), `tau = 1 / (2 w)` and `sigma = w / (pairs in the row)`:
//!
//! ```text
//! y'     = argmin over y of the pair:  sum l_t (y_t - z_t)^2 / 2 + tau h sum (y_t - y_t-1)+
//!          where z_t = y_t - tau (c + alpha_it - beta_jt), then cut to [0, cap]
//! alpha' = max(0, alpha + sigma (sum_j (2 y' - y) - n)),   beta' likewise, its unmet cost in closed form
//! ```
//!
//! - The first line is one-sided total-variation denoising: a taut string through a tube of height `tau h`, linear on what
//!   occurs. Cutting afterwards is exact where the bounds are the same in every period.
//! - Steps are reflected and drawn back to where they began: `(k + 1) / (k + 2) (2 T z - z) + z_0 / (k + 2)` (Halpern 1967;
//!   Lu, Yang 2024). They begin anew when the residual has fallen to a fifth, or to four fifths and rises, or after
//!   half as many steps as there were before; then the weight goes halfway to the balance of the two distances come.
//! - A pair without workers stays so unless the days of some run earn its start: one sum tells most of them, a running
//!   maximum the rest, and neither pulls a string. Pairs whose best run would lose more than 5 CNY are left out
//!   until the next beginning, and so are they out of the length of their rows, which may then take longer steps. A pair
//!   whose step is 0 is set to 0 at a beginning; the drawing back never quite gets there.
//! - A stay's rows get prices of their own, in the step cheaper days and dearer starts; changes against an
//!   earlier plan a price within plus and minus what they cost.
//!
//! # Plan: the dive and the stars
//!
//! The fractional plan lies inside a face of optimal plans, since all postings of two firms cost the same. A dive settles
//! the pairs that are nearly whole (a quarter of the open ones at a time), takes them and their workers out of the
//! problem, and goes 15 steps with the rest, until all are settled. Then everything one lender does, and everything one
//! borrower takes, is solved as a min-cost flow on its time line against what the others leave ([`repair`](crate::repair)),
//! those without a common partner at once, each again only when something around it has changed. A plan is made
//! whenever a round of the descent raised the bound by less than 0.3 of the gap, for then it is the plan that lags, and 120
//! steps after the last: so much it costs.
//!
//! # A plan that a change has touched
//!
//! At any prices the gap is a sum of terms that are never negative, one for each posting and each pair (complementary
//! slackness). After a small change almost all are as they were. The postings that hold more of the gap than is allowed,
//! and their partners, get new prices with those of all others frozen, which can only raise the bound; then a dive and
//! the stars make their part of the plan beside all other pairs. Where that is not enough, everything goes on from there.
//!
//! # Complexity
//!
//! A step, and evaluating a bound, is linear in the pair-periods that are not left out; a component takes some hundred
//! steps, hardly more for a large one. A star of `p` partners and `t` parts of time, within which nothing changes for it,
//! is a network of `p t` nodes and `3 p t` arcs. Memory is 24 bytes a pair-period and the rows of prices. Work is cut into
//! blocks that do not depend on the number of threads, sums are taken in one order: the result is the same on any.
//!
//! # Measured
//!
//! `benches/peers/plans.sh`, two cores of an AMD EPYC that others used too, 24 November 2026; seconds to a proven gap, reading
//! left out; made-up zones (`tiaoji generate`), the third with stays of 7 days, fairness and a rest day:
//!
//! | scenario | pairs | 0.2 % | 0.03 % | 0.01 % | `HiGHS`, relaxation alone | `HiGHS`, whole |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | 150 + 150 | 491 | 0.05 | 0.06 | 0.07 | 0.32 | 0.96 to 0.03 % |
//! | 400 + 400 | 3,081 | 0.22 | 0.29 | 0.41 | 20.7 | no plan of use in 60 |
//! | the same, stays | 2,900 | 0.36 | 0.72 | 1.15 | 23.5 | none in 60 |
//! | 1,500 + 1,500 | 48,600 | 3.3 | | | | |
//! | city: 50,000 + 50,000, 365 days | 279,410 | 20 | | | | |
//!
//! From row to row the time to 0.2 % grows as the pairs to the power 0.8, 1.0 and 1.0.
//!
//! # What was tried
//!
//! Bound on 400 + 400, one thread, by steps to 0.1 % / 0.01 % / 0.001 % of the optimum of the relaxation:
//!
//! - averages restarted on a fixed schedule (lengths 40, growing by a quarter): 325 / 755 / 1,395; with a fixed weight 229 /
//!   915 / 2,515. Halpern steps without reflection of the schedule: 164 / 388 / 967; setting faded pairs to 0: 135 / 318 / 579.
//!   Dropping the prices of their stays with them: stuck at 0.003 %. At most ten steps to a beginning instead of twenty or
//!   forty: no worse.
//! - *Leaving far pairs out*: a third of the time of a step, and fewer of them. At 10 CNY instead of 5: the same.
//! - *Johnson's dynamic programme* (2013) instead of the string: half as fast, for its knots are larger.
//! - *Rounding all at once*, then stars: 0.05 % from the optimum at best and stuck at 0.01 %. Diving: 0.03 % after 150 steps,
//!   0.002 % after 600. Stages of half the open pairs: twice the distance in half the time (used for the first plan). Twice the
//!   steps between stages: a quarter better, twice as long. Settling whatever is within 0.3: twice the distance.
//! - *Plans as soon as they lag*: CPU seconds to 0.2 % / 0.05 % / 0.01 %, and with 120 steps between them: 400 + 400 0.35 /
//!   0.49 / 0.71 and 0.21 / 0.34 / 0.48, with stays 0.49 / 0.69 / 1.43 and 0.29 / 0.50 / 0.74; 1,500 + 1,500 8.6 to 0.2 % and 3.6. 160 and
//!   240 steps: the same to 0.05 %, a tenth better below. A share of 0.1 instead of 0.3: the same.
//! - *Small components* (`small`, ten postings a side, 160 to 790 pair-periods; milliseconds to 0.05 %): 120 steps between plans 1.5,
//!   80 steps 1.26, 60 steps 1.5, 20 steps 2.0; `exact` with the default backend 10.9. In sparse ones (parts of 1 to 5 pairs)
//!   to the optimum: 0.25 and 0.22, `exact` 0.56.
//! - *Mending with all prices free*, the other pairs settled: their rows lose what held them, and the bound falls.
//! - *A subgradient* for the prices, *LP codes* for a window of lenders: slower by far.
//!

mod descent;
mod dive;
mod inside;
mod near;
mod taut;

use crate::best::Best;
use crate::instance::{Component, Counts};
use crate::repair::Draft;
use crate::stop::Stop;
use descent::Descent;
use dive::{COARSE, FINE, dive};
pub use inside::{Inside, improve_inside, sharpen_inside};
use near::{Near, near};

/// A plan is made when a round raised the bound by no more than this share of the gap: then it is the plan that lags.
const LAGGING: f64 = 0.3;
/// Steps of the descent between two plans at least: as many as a plan costs. Where a plan of a scenario like this one is known, the
/// prices are nearly there, and so is the plan; where there are few pairs, the first plans are often good enough.
const STEPS_A_PLAN: usize = 120;
const STEPS_A_PLAN_KNOWN: usize = 40;
const STEPS_A_PLAN_SMALL: usize = 80;
/// Few pairs: so many pair-periods at most.
const SMALL: usize = 1_500;
/// Turns of the neighbourhoods at most for one plan.
const SWEEPS: usize = 8;
/// Gives up where so many plans in a row brought the gap down by less than a tenth.
const PATIENCE: usize = 4;

/// How often a plan is mended before everything is solved.
const MENDS: usize = 3;
/// Rounds of the descent for each.
const MENDING_ROUNDS: usize = 5;

/// Improves plan and bound of a component until the gap is at most `target`, nothing moves any more, or it is stopped.
/// Goes on from the plan and the prices that are known.
pub fn improve(
    component: &Component,
    best: &mut Best,
    target: f64,
    stop: &dyn Stop,
    progress: &dyn Fn(&Best),
) {
    let stopped = || stop.stopped();
    let is_known = best.counts != component.pins_alone();
    if is_known {
        mend(component, best, target, &stopped);
        progress(best);
    }
    let mut descent = Descent::new(component, best.total_prices(), &best.counts);
    let (mut share, mut still, mut last_gap) = (COARSE, 0, f64::INFINITY);
    let mut first = true;
    let least = match () {
        () if is_known => STEPS_A_PLAN_KNOWN,
        () if component.size() <= SMALL => STEPS_A_PLAN_SMALL,
        () => STEPS_A_PLAN,
    };
    let mut planned = 0;
    while !stopped() && best.gap() > target && still < PATIENCE {
        let bound = best.total_bound;
        descent.round(&stopped);
        best.prove(component, descent.prices());
        if first {
            // Something to show.
            let draft = Draft::new(component, &descent.rounded_counts(), |_| false);
            best.offer(component, draft.counts());
            first = false;
        }
        let is_lagging =
            (best.total_bound - bound) as f64 <= LAGGING * (best.total - best.total_bound) as f64;
        if is_lagging && descent.steps() >= planned + least {
            planned = descent.steps();
            make_plan(component, best, &descent, &component.pins_alone(), None, share, &stopped);
            share = FINE;
            let gap = best.gap();
            still = if gap > 0.9 * last_gap { still + 1 } else { 0 };
            last_gap = last_gap.min(gap);
        }
        progress(best);
    }
}

/// A plan of where the descent stands, beside the counts of `base`.
fn make_plan(
    component: &Component,
    best: &mut Best,
    descent: &Descent<'_>,
    base: &Counts,
    near: Option<&Near>,
    share: f64,
    stopped: &dyn Fn() -> bool,
) {
    let wanted = dive(component, descent, base, share, stopped);
    let awake = descent.awake();
    let mut draft = Draft::new(component, &wanted, |k| awake[k]);
    if let Some(near) = near {
        draft.only(&near.lenders, &near.borrowers);
    }
    best.offer(component, draft.counts());
    for _ in 0..SWEEPS {
        if stopped() || !draft.sweep(stopped) {
            break;
        }
        best.offer(component, draft.counts());
    }
}

/// Mends a plan with its prices where they do not fit: first the prices there, at the others as they are, then the plan
/// beside all pairs that are not near.
fn mend(component: &Component, best: &mut Best, target: f64, stopped: &dyn Fn() -> bool) {
    for _ in 0..MENDS {
        let before = best.gap();
        if stopped() || before <= target {
            return;
        }
        let start = |best: &Best| Descent::new(component, best.total_prices(), &best.counts).diver();
        let mut descent = start(best);
        let Some(near) = near(component, best, target, &descent.awake()) else { return };
        let others = || (0..near.pairs.len()).filter(|&k| !near.pairs[k]);
        let nobody = |k: usize| (k, vec![0; best.counts[k].len()]);
        descent.settle(&others().map(nobody).collect::<Vec<_>>());
        descent.freeze(|i| !near.lenders[i], |j| !near.borrowers[j]);
        for _ in 0..MENDING_ROUNDS {
            descent.round(stopped);
            best.prove(component, descent.prices());
            if best.gap() <= target {
                return;
            }
        }

        let mut descent = start(best);
        let mut base = component.pins_alone();
        for k in others() {
            base[k].clone_from(&best.counts[k]);
        }
        descent.settle(&others().map(|k| (k, best.counts[k].clone())).collect::<Vec<_>>());
        make_plan(component, best, &descent, &base, Some(&near), COARSE, stopped);
        if best.gap() > 0.5 * before {
            return;
        }
    }
}
