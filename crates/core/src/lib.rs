//! The model of shared labour (共享用工) and the methods that solve it.
//!
//! A firm with idle workers lends them to a firm that is short of them. Given everybody's surplus and shortage by
//! skill and date, a plan says who lends how many to whom and when, so that unmet demand, lending and starts together
//! cost least; whatever plan comes out carries a bound that no plan can beat.
//!
//! # The problem
//!
//! For every admissible pair of a surplus `i` and a shortage `j` and every working day `t` of the pair's window, let
//! `y_ijt` be the workers of `i` at `j`, and `s_ijt >= y_ijt - y_ij,t-1` those who start there:
//!
//! ```text
//! minimise   sum_jt pi_j * unmet_jt  +  sum_ijt c_ij * y_ijt  +  sum_ijt h_ij * s_ijt
//! subject to sum_j y_ijt            <= n_i(t)                 supply
//!            sum_i y_ijt + unmet_jt  = m_j(t)                 demand
//!            y_ijt >= sum of s_iju for t - L < u <= t         minimum stay of L days
//!            y, s, unmet >= 0 and whole;  pins are lower bounds on y
//! ```
//!
//! With start costs this is a multicommodity flow over time, and with stays it holds interval scheduling; yet the
//! bound of its LP is nearly tight, which is why a plan can be proven good.
//!
//! # How a scenario becomes a plan
//!
//! ```text
//! draft ── scenario ── instance ── methods ── extract ── referee ── plan
//!          valid by     dense       daily      counts to   judges the
//!          one          integers,   exact      secondments secondments
//!          constructor  split       priced                 alone
//! ```
//!
//! [`solve::solve`] is the one door. The methods, chosen per connected component:
//!
//! | method | what it does | answers |
//! | --- | --- | --- |
//! | [`method::daily`] | one min-cost flow a period, then repair | at once; exact where starts are free |
//! | [`method::exact`] | the programme above through `good_lp` | up to some 15,000 pair-periods |
//! | [`method::priced`] | prices by a primal-dual method, rounding, exact neighbourhoods | any size |
//!
//! `auto` takes `exact` up to 1,500 pair-periods, where it answers in milliseconds; beyond that `priced`, and `exact`
//! after it where a gap is left and the component has at most 15,000.
//!
//! # Re-planning
//!
//! A run may start from a plan made [`earlier`], for a scenario that has changed since. Where the policy has a `stability`, plans
//! then minimise
//!
//! ```text
//! objective  +  stability * sum |y_ijt - earlier y_ijt|        over pairs and working days that both scenarios have
//! ```
//!
//! and still report objective, bound and gap of the objective alone, with the cost of the changes beside them. The earlier
//! secondments, cut to what is possible today, are the first plan of each component, and its prices the first bound: a
//! component that nothing has touched is done by evaluating them, and no plan is worse than the one it started from.
//!
//! The term is convex in each count. The bound takes a pair level by level (the first worker, the second, ...): below the
//! earlier count a worker-day costs `c - stability`, above it `c + stability`. In the flows of `daily` that is two arcs a pair,
//! in the programme of `exact` one more column. Periods also end where an earlier secondment begins or ends, which keeps
//! it true that some best plan changes nothing inside a period.
//!
//! Every bound is a Lagrangian evaluated in whole numbers at explicit prices ([`bound`]), or, and then the plan says
//! so, the word of a finished search.

pub mod admissibility;
pub mod analysis;
pub mod best;
pub mod bound;
mod codes;
pub mod compare;
pub mod compliance;
pub mod defect;
pub mod distance;
pub mod draft;
pub mod earlier;
pub mod explain;
pub mod extract;
pub mod instance;
pub mod method;
pub mod plan;
pub mod practice;
pub mod referee;
pub mod repair;
pub mod rules;
pub mod scenario;
pub mod solve;
mod spread;
pub mod stay;
pub mod stop;
pub mod units;
mod validate;
