//! Minimum-cost flow on any directed network, with a proof of every answer.
//!
//! # The problem
//!
//! Node `v` supplies `b(v)` units (a demand is a negative supply), arc `a` from `tail` to `head` carries `x(a)` units at
//! `c(a)` each:
//!
//! ```text
//! minimise    sum of c(a) x(a)
//! subject to  (sum of x(a) out of v) - (sum of x(a) into v) = b(v)     for every node v
//!             lower(a) <= x(a) <= upper(a)                             for every arc a
//! ```
//!
//! All numbers are whole ([`i64`]), no floating point is used anywhere, and so the flow and the potentials are whole and
//! exact. Supplies sum to 0. Costs and bounds may have either sign; an upper bound may be [`INFINITE`]. Parallel arcs,
//! loops, zero capacities, nodes without arcs and networks that are not connected are allowed.
//!
//! ```
//! use tiaoji_flow::{INFINITE, Network, solve, verify};
//!
//! // Two mills, two towns, and a canal between the towns.
//! let mut network = Network::new();
//! let [mill, dam] = [20, 10].map(|supply| network.add_node(supply));
//! let [town, port] = [-12, -18].map(|demand| network.add_node(demand));
//! let to_town = network.add_arc(mill, town, 0..=15, 4);
//! network.add_arc(mill, port, 0..=9, 9);
//! network.add_arc(dam, port, 2..=8, 3);
//! network.add_arc(dam, town, 0..=INFINITE, 6);
//! let canal = network.add_arc(town, port, 0..=INFINITE, 1);
//!
//! let solution = solve(&network)?;
//! assert_eq!((solution.flow(to_town), solution.flow(canal)), (15, 5));
//! assert_eq!(solution.cost(), 15 * 4 + 5 * 9 + 8 * 3 + 2 * 6 + 5);
//! // Anyone can check that: the potentials prove that no flow costs less.
//! verify(&network, &solution)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Optimality, and how to check an answer
//!
//! Let `p` be any numbers, one per node, and call `c(a) + p(tail) - p(head)` the *reduced cost* of `a`. A feasible flow
//! is optimal if, and only if, some `p` exist such that an arc of positive reduced cost is at its lower bound and an arc
//! of negative reduced cost at its upper bound (complementary slackness; Ahuja, Magnanti, Orlin 1993, theorem 9.4). A
//! [`Solution`] carries such `p`, its potentials. [`verify`] checks bounds, conservation, slackness and cost in 128 bits
//! in one pass over the arcs, and shares no code with the solver: to trust an answer, read `certificate.rs` alone.
//!
//! A network without an answer gets a [`SolveError`] with a witness, which [`verify_error`] checks as independently: a
//! cut that more must cross than can ([`Infeasible`]), a feasible flow with a cycle of negative cost and no upper bound
//! ([`Unbounded`]), the sum that would leave its range ([`Overflow`]). Where a network is both infeasible and has such
//! a cycle, it is infeasible.
//!
//! # The method
//!
//! Primal network simplex. A basis is a spanning tree over the nodes and an artificial root, every other arc being at
//! one of its bounds; a pivot brings in an arc of negative reduced cost, pushes flow around the cycle it closes and
//! drops the arc that blocks.
//!
//! - *Pricing* is block search: the arcs are passed in blocks of about the square root of their number, and the best of
//!   the first block that has any enters. Arcs lie dealt out with a stride, so that neighbours share no node.
//! - *An arc at its upper bound lies backwards* in the solver's table, at its negated cost. So every arc outside the
//!   tree prices alike, tree arcs price at 0, and the search reads 16 bytes an arc and no state.
//! - *The tree* is its preorder as a ring, with parent, size and last node of each subtree; room towards and from the
//!   root stands with the node, so a walk along the cycle reads half a cache line a step and no arc. Potentials are
//!   updated below the entering arc only.
//! - *The tree stays strongly feasible* (every node can send more towards the root) by the choice among arcs that
//!   block together, which excludes cycling (Cunningham 1976).
//! - *Artificial arcs* into the root cost 0, those out of it more than any path; none is priced again once it left.
//! - *Warm start*: a [`Solver`] keeps the tree. New costs leave it feasible. After new bounds, supplies, nodes or arcs
//!   what a node has too much is sent up the tree; a tree arc that cannot carry its part leaves at its bound, and its
//!   subtree hangs from the root by an artificial arc with the rest, as if it had just been started. Only flows that
//!   may have changed are read again.
//!
//! # Complexity
//!
//! Building the first tree and reading the answer take `O(n + m)` time for `n` nodes and `m` arcs. A pivot takes `O(n)`
//! and usually far less; the number of pivots is exponential at worst (Zadeh 1973) and near linear on what people
//! solve. Memory is about 66 bytes an arc and 80 bytes a node, network and solution included. Solving again on a
//! [`Solver`] allocates nothing unless the network has grown; it takes `O(n + m)` plus its pivots.
//!
//! # Limits
//!
//! Fewer than `2^32 - 8` nodes and arcs each. What would not fit is refused by name and never wrong or a panic, in
//! release builds too:
//!
//! | quantity | must be | else |
//! | --- | --- | --- |
//! | `upper - lower` of an arc with an upper bound | at most `2^63 - 2` | [`Overflow::Range`] |
//! | absolute supplies, net of lower bounds, summed | at most `2^62` | [`Overflow::Supplies`] |
//! | `min(n * max abs c, sum of abs c)` | less than `2^61` | [`Overflow::Potentials`] |
//! | `abs c * max(abs lower, abs upper)`, summed | less than `2^127` | [`Overflow::Cost`] |
//! | flow on an arc without an upper bound | less than `2^63` | [`Overflow::Flow`], met while solving |
//!
//! # Unsupported
//!
//! Gains and losses on arcs, real-valued data, several commodities, convex costs other than by parallel arcs, supplies
//! that need not be used up (add a node that takes the rest at cost 0), and undirected edges (add both directions).
//!
//! # What was tried
//!
//! So that the next reader need not repeat it (one core of an AMD EPYC; dense and sparse bipartite networks with slack,
//! grids on a torus, random transshipment and time lines; 200 to 230,000 arcs):
//!
//! - *Block of twice the square root* instead of the root: 9 to 30 % fewer pivots, between 3 % more and 15 % less time.
//!   Half and a quarter of the root lose up to 2.4 times. Kept.
//! - *Slots without a state, backwards at the upper bound*: one array of 16 bytes an arc. As three arrays: no faster.
//! - *Indices masked* by a power of two instead of checked: 8 %. *Two arcs a comparison*: 5 %. Kept. Four arcs gain 5 to
//!   9 % on bipartite networks where the target has no gathers; where it has, the compiler makes use of them, and they
//!   lose 13 to 40 % on this processor.
//! - *First the cheapest arc into each demand*: pivots within 4 % either way, no time. Dropped.
//! - *A first tree of cheapest ways* through the transshipment nodes (depth-first order, two or three passes): 20 to 35
//!   % fewer pivots on grids and random networks at the same time, for its trees are deep; slower on time lines. Dropped.
//! - *Arcs without capacity left out of pricing*: 6 % fewer pivots and 3 % less time on time lines where a tenth of the
//!   arcs are closed, nothing elsewhere. Dropped.
//! - *Arcs of negative cost started at their upper bound* between transshipment nodes: 16 % fewer pivots on time
//!   lines. Kept.
//!
//! # Elsewhere
//!
//! [`from_graph`] takes any directed [`petgraph`] graph; [`dimacs`] reads and writes the DIMACS format; the example
//! `dimacs` is a solver for such files on the command line.
//!
//! # Papers
//!
//! - R. K. Ahuja, T. L. Magnanti, J. B. Orlin: *Network Flows*, Prentice Hall 1993, chapters 9 to 11.
//! - W. H. Cunningham: A network simplex method. *Mathematical Programming* 11 (1976), 105-116.
//! - Z. Király, P. Kovács: Efficient implementations of minimum-cost flow algorithms. *Acta Universitatis Sapientiae,
//!   Informatica* 4(1) (2012), 67-118.
//! - P. Kovács: Minimum-cost flow algorithms: an experimental evaluation. *Optimization Methods and Software* 30(1)
//!   (2015), 94-127.
//! - N. Zadeh: A bad network problem for the simplex method and other minimum cost flow algorithms. *Mathematical
//!   Programming* 5 (1973), 255-266.

mod certificate;
pub mod dimacs;
mod error;
mod graph;
mod network;
mod simplex;
mod solution;
mod solver;

pub use certificate::{Flaw, verify, verify_error, verify_flow};
pub use error::{Infeasible, Overflow, SolveError, Unbounded};
pub use graph::{GraphNetwork, from_graph};
pub use network::{Arc, ArcId, INFINITE, Network, NodeId};
pub use solution::Solution;
pub use solver::{Solver, solve, solve_until};
