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
//! - *Dense networks are priced in two parts.* From 20 arcs a node on, the 16 cheapest arcs out of every node come first,
//!   and all arcs by which units stay out of a market (between a node that flow passes through and one where it starts
//!   or ends). The search stays among them until none of them prices out; few pivots are left then, and the others are
//!   searched. This is sifting (Bixby et al. 1992) by cost alone, and it decides where pivots begin, not what is optimal.
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
//! solve. Memory is about 74 bytes an arc and 80 bytes a node, or 210 in a dense network, network and solution included.
//! Solving again on a [`Solver`] allocates nothing unless the network has grown; it takes `O(n + m)` plus its pivots.
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
//! Gains and losses on arcs, real-valued data, several commodities, concave costs, supplies that need not be used up
//! (add a node that takes the rest at cost 0), and undirected edges (add both directions).
//!
//! # Measured
//!
//! Milliseconds of processor time for one solve from nothing, medians of one run on one core of an AMD EPYC that others
//! used too, 24 November 2026: this crate (`target-cpu=native`, its own copy of the network included), LEMON 1.3.1's
//! network simplex (`-O3 -march=native`, `long long`, without its copy) and OR-Tools 9.15. The ratio is ours to the faster of
//! them; all objectives agreed. To repeat it: `benches/peers/run.sh`.
//!
//! | family | size | arcs | ours | LEMON | OR-Tools | ratio |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | bipartite with slack | 150 | 2,544 | 0.162 | 0.189 | 1.83 | 0.85 |
//! | bipartite with slack | 400 | 16,972 | 1.77 | 2.97 | 10.2 | 0.60 |
//! | bipartite with slack | 800 | 65,835 | 7.86 | 17.2 | 41.8 | 0.46 |
//! | bipartite with slack | 1,500 | 227,495 | 24.3 | 76.9 | 129 | 0.32 |
//! | bipartite with slack | 3,000 | 125,912 | 30 | 54.7 | 142 | 0.55 |
//! | bipartite with slack | 5,000 | 209,668 | 54.4 | 87.3 | 346 | 0.62 |
//! | NETGEN, 8 arcs a node | 256 | 2,048 | 0.17 | 0.196 | 1.67 | 0.87 |
//! | NETGEN, 8 arcs a node | 1,024 | 8,192 | 1.47 | 2.28 | 8.2 | 0.65 |
//! | NETGEN, 8 arcs a node | 4,096 | 32,768 | 10.6 | 16.1 | 38 | 0.66 |
//! | NETGEN, 8 arcs a node | 16,384 | 131,072 | 92.8 | 124 | 243 | 0.75 |
//! | NETGEN, 8 arcs a node | 65,536 | 524,288 | 1,270 | 1,340 | 1,600 | 0.94 |
//! | NETGEN, dense | 64 | 512 | 0.0255 | 0.0344 | 0.156 | 0.74 |
//! | NETGEN, dense | 256 | 4,096 | 0.214 | 0.494 | 1.87 | 0.43 |
//! | NETGEN, dense | 1,024 | 32,768 | 3.68 | 5.79 | 15.3 | 0.64 |
//! | grid on a torus | 16 | 1,280 | 0.0724 | 0.0671 | 0.951 | 1.08 |
//! | grid on a torus | 64 | 20,480 | 4.53 | 5.7 | 36.7 | 0.80 |
//! | grid on a torus | 128 | 81,920 | 43 | 42.1 | 196 | 1.02 |
//! | grid on a torus | 256 | 327,680 | 455 | 419 | 1,760 | 1.09 |
//! | assignment, dense | 32 | 1,024 | 0.0269 | 0.0257 | 0.118 | 1.05 |
//! | assignment, dense | 100 | 10,000 | 0.181 | 0.33 | 1.53 | 0.55 |
//! | assignment, dense | 300 | 90,000 | 3.24 | 4.79 | 14.8 | 0.68 |
//! | assignment, dense | 500 | 250,000 | 9.64 | 15.2 | 39.6 | 0.63 |
//! | assignment, dense | 1,000 | 1,000,000 | 40.2 | 78.3 | 240 | 0.51 |
//! | assignment, sparse | 500 | 4,500 | 0.501 | 1 | 1.75 | 0.50 |
//! | assignment, sparse | 5,000 | 45,000 | 20.8 | 31 | 37.8 | 0.67 |
//! | assignment, sparse | 50,000 | 450,000 | 958 | 1,220 | 1,180 | 0.81 |
//! | transportation, dense | 32 | 1,024 | 0.034 | 0.0427 | 0.328 | 0.79 |
//! | transportation, dense | 100 | 10,000 | 0.243 | 0.58 | 3.13 | 0.42 |
//! | transportation, dense | 300 | 90,000 | 4.03 | 6.51 | 39 | 0.62 |
//! | transportation, dense | 1,000 | 1,000,000 | 43.7 | 112 | 529 | 0.39 |
//!
//! | family | networks | ratio, geometric mean | largest | peak memory to LEMON's |
//! | --- | --- | --- | --- | --- |
//! | bipartite with slack | 6 | 0.54 | 0.85 | 0.71 |
//! | NETGEN, 8 arcs a node | 5 | 0.76 | 0.94 | 0.61 |
//! | NETGEN, dense | 3 | 0.59 | 0.74 | 0.53 |
//! | NETGEN, sizes of 1974 | 8 | 0.72 | 1.05 | 0.43 |
//! | grid on a torus | 4 | 0.99 | 1.09 | 0.60 |
//! | assignment, dense | 5 | 0.66 | 1.05 | 0.65 |
//! | assignment, sparse | 3 | 0.65 | 0.81 | 0.64 |
//! | transportation, dense | 4 | 0.53 | 0.79 | 0.61 |
//!
//! Where most pivots move nothing (pivots; LEMON's are counted by a profiler). They grow alike; on dense networks of equal
//! costs LEMON takes less time:
//!
//! | family | sizes | pivots | LEMON's pivots | ratio of times |
//! | --- | --- | --- | --- | --- |
//! | assignment of equal costs | 100, 200, 400, 800 | 185, 373, 696, 1,396 | 154, 304, 604, 1,204 | 2.26 to 3.08 |
//! | assignment of two costs | 100, 200, 400, 800 | 342, 588, 1,184, 2,618 | 329, 566, 1,213, 2,511 | 2.04 to 2.19 |
//! | grid of zeros | 16, 32, 64, 128 | 220, 1,087, 4,515, 17,482 | 279, 1,214, 4,642, 18,750 | 1.04 to 1.36 |
//!
//! Solving again on a [`Solver`] after a change, bipartite with slack 1,500 (`cargo bench -p tiaoji-benches --bench flow`,
//! medians of one run on a busy machine; only their ratios mean much): 48 ms from nothing, 0.61 ms after one new cost
//! (79 times faster), 1.6 ms after ten (31 times), 0.58 ms after one new supply (83 times), 0.69 ms after one new node
//! with 40 arcs (71 times). The first node added to a network costs more, for its memory grows.
//!
//! # What was tried
//!
//! So that the next reader need not repeat it (one core of an AMD EPYC; dense and sparse bipartite networks with slack,
//! grids on a torus, random transshipment and time lines; 200 to 230,000 arcs):
//!
//! - *The cheapest arcs out of every node first* (see above): 2.3 times as fast on dense bipartite networks with slack
//!   (28,800 pivots become 16,900, each searching an eighth of the arcs), 1.4 times at 40 arcs a row, 1.7 to 2 times on
//!   dense assignment and transportation, where a tenth of the time is left to pivots and the rest goes into loading. Eight
//!   arcs a node leave too much to the second part, 24 price no better than 16. The cheapest arcs into every node besides:
//!   no fewer pivots, and their selection costs more than it brings. Kept, for tails only.
//! - *Stride of twice the share* where all costs of a dense network are equal: 1,396 pivots where the share itself took
//!   13,908 at 800 a side, and linear growth. The root or the golden section of the arcs instead: three to ten times the
//!   pivots on two costs. Kept there alone.
//! - *The arc that changed last is priced first* in a warm start: one pass less over the arcs where it enters. Kept.
//! - *Successive shortest paths* from a dual start (column reduction, Dijkstra with early end; what Jonker and Volgenant
//!   do for assignment): twice as fast on dense assignment as the simplex without the parts, and so no faster than with
//!   them on the largest; 3 to 16 times slower on bipartite networks with slack, up to 6 times on transportation, where the
//!   last tenth of the units takes nine tenths of the work. A clearing price as the start saves 9 of 10 scans, and leaves
//!   units to be placed. Dropped.
//! - *A first tree from the flow of such paths*, stopped early: 70 to 90 % of the pivots remain where finding that flow
//!   costs little, a quarter where it costs as much as the simplex alone. Dropped.
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
//! - *The runner-up of the last block* priced first, without a search, if it still pays as much as the last best, a half,
//!   a quarter or anything, with blocks of twice and three times the root: between no difference and 60 % more time on
//!   bipartite networks and NETGEN; up to 15 % less on grids alone. Dropped.
//! - Before the two parts, where the time went on bipartite networks with slack: 52 % the search, 35 % walking the
//!   cycle and updating potentials, 6 % the tree, 2 % reading the answer. `target-cpu=native` gains 3 %.
//!
//! # Elsewhere
//!
//! [`Network::add_convex_arc`] adds an arc whose cost per unit rises with its flow; [`from_graph`] takes any directed
//! [`petgraph`] graph; [`dimacs`] reads and writes the DIMACS format; the example `dimacs` is a solver for such files on
//! the command line.
//!
//! # Papers
//!
//! - R. K. Ahuja, T. L. Magnanti, J. B. Orlin: *Network Flows*, Prentice Hall 1993, chapters 9 to 11.
//! - R. E. Bixby, J. W. Gregory, I. J. Lustig, R. E. Marsten, D. F. Shanno: Very large-scale linear programming: a case
//!   study in combining interior point and simplex methods. *Operations Research* 40(5) (1992), 885-897.
//! - W. H. Cunningham: A network simplex method. *Mathematical Programming* 11 (1976), 105-116.
//! - Z. Király, P. Kovács: Efficient implementations of minimum-cost flow algorithms. *Acta Universitatis Sapientiae,
//!   Informatica* 4(1) (2012), 67-118.
//! - P. Kovács: Minimum-cost flow algorithms: an experimental evaluation. *Optimization Methods and Software* 30(1)
//!   (2015), 94-127.
//! - N. Zadeh: A bad network problem for the simplex method and other minimum cost flow algorithms. *Mathematical
//!   Programming* 5 (1973), 255-266.

mod certificate;
mod convex;
pub mod dimacs;
mod error;
mod graph;
mod network;
mod simplex;
mod solution;
mod solver;

pub use certificate::{Flaw, verify, verify_error, verify_flow};
pub use convex::{ConvexArc, NotConvex};
pub use error::{Infeasible, Overflow, SolveError, Unbounded};
pub use graph::{GraphNetwork, from_graph};
pub use network::{Arc, ArcId, INFINITE, Network, NodeId};
pub use solution::Solution;
pub use solver::{Solver, solve, solve_until};
