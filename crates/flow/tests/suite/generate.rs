//! Random networks from a seed.

use std::ops::RangeInclusive;

use tiaoji_flow::{INFINITE, Network, NodeId};

/// `SplitMix64`: the same sequence everywhere.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A value of the range, near enough to uniform.
    pub fn of(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (low, high) = range.into_inner();
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, cases: i64) -> bool {
        self.of(1..=100) <= cases
    }
}

/// What a family of networks may contain, in percent where not said otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    pub nodes: i64,
    /// The most arcs a node.
    pub arcs: i64,
    pub infinite: i64,
    pub zero: i64,
    pub lower: i64,
    pub negative_lower: i64,
    pub costs: (i64, i64),
    /// Supplies are those of a flow within the bounds.
    pub feasible: i64,
}

pub const PLAIN: Family = Family {
    nodes: 8,
    arcs: 3,
    infinite: 10,
    zero: 5,
    lower: 0,
    negative_lower: 0,
    costs: (0, 12),
    feasible: 80,
};

/// One family for each kind of trouble.
pub const FAMILIES: [Family; 7] = [
    PLAIN,
    Family { lower: 50, costs: (-6, 12), ..PLAIN },
    Family { lower: 30, negative_lower: 30, costs: (-9, 9), infinite: 4, ..PLAIN },
    Family { costs: (-20, 20), infinite: 15, feasible: 95, ..PLAIN },
    Family { costs: (3, 3), zero: 30, infinite: 30, ..PLAIN },
    Family { nodes: 4, costs: (-2, 2), infinite: 2, zero: 0, feasible: 100, ..PLAIN },
    // Dense enough for the cheapest arcs to be priced first.
    Family { nodes: 3, arcs: 60, costs: (-3, 90), infinite: 1, ..PLAIN },
];

pub fn bounds(rng: &mut Rng, family: &Family) -> RangeInclusive<i64> {
    let lower = if rng.percent(family.negative_lower) {
        rng.of(-6..=0)
    } else if rng.percent(family.lower) {
        rng.of(0..=3)
    } else {
        0
    };
    if rng.percent(family.infinite) {
        lower..=INFINITE
    } else if rng.percent(family.zero) {
        lower..=lower
    } else if rng.percent(1) {
        lower..=lower - 1
    } else {
        lower..=lower + rng.of(1..=9)
    }
}

/// A network of the family: any endpoints, so loops, parallel arcs and nodes without arcs come by themselves.
pub fn network(rng: &mut Rng, family: &Family) -> Network {
    let nodes = rng.of(1..=family.nodes);
    let arcs = rng.of(0..=family.arcs * nodes);
    let mut network = Network::new();
    let ids: Vec<NodeId> = (0..nodes).map(|_| network.add_node(0)).collect();
    let mut supplies = vec![0; ids.len()];
    for _ in 0..arcs {
        let (tail, head) = (rng.of(0..=nodes - 1) as usize, rng.of(0..=nodes - 1) as usize);
        let bounds = bounds(rng, family);
        let flow = bounds.start() + rng.of(0..=9).min(bounds.end().saturating_sub(*bounds.start()));
        supplies[tail] += flow;
        supplies[head] -= flow;
        network.add_arc(ids[tail], ids[head], bounds, rng.of(family.costs.0..=family.costs.1));
    }
    if !rng.percent(family.feasible) {
        let (from, to) = (rng.of(0..=nodes - 1) as usize, rng.of(0..=nodes - 1) as usize);
        let more = rng.of(1..=9);
        supplies[from] += more;
        supplies[to] -= more;
    }
    if rng.percent(1) {
        supplies[0] += 1;
    }
    for (id, supply) in ids.into_iter().zip(supplies) {
        network.set_supply(id, supply);
    }
    network
}
