//! The order of the arcs in the table: which are priced first, and who lies beside whom.

use crate::network::{Arc, Network};

/// How many of its arcs, cheapest first, a node proposes to be priced first.
const PROPOSED: usize = 16;

/// Which slot an arc lies in.
///
/// - In a dense network nearly all of the optimal tree is among the cheapest arcs out of and into each node. So these
///   come first, and the search stays among them until they are exhausted.
/// - Arcs that follow each other often share a node, and a block of such arcs prices badly: so each part is dealt out
///   with a stride.
///
/// Arcs added later lie where they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    slot_of: Vec<u32>,
    arc_of: Vec<u32>,
    /// How many slots are priced first.
    pub first: usize,
    /// By node, while arranging: how many arcs leave and enter it, and what is the dearest that it proposes.
    out_degrees: Vec<u32>,
    in_degrees: Vec<u32>,
    dearest: Vec<i64>,
}

impl Order {
    pub fn slot(&self, arc: usize) -> usize {
        self.slot_of[arc] as usize
    }

    pub fn arc(&self, slot: usize) -> usize {
        self.arc_of[slot] as usize
    }

    /// The slots of all arcs in order.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.slot_of.iter().map(|&slot| slot as usize)
    }

    /// Appends a slot for an arc that was added.
    pub fn push(&mut self) {
        self.slot_of.push(self.slot_of.len() as u32);
        self.arc_of.push(self.arc_of.len() as u32);
    }

    /// Gives every arc its slot. `costs` and `proposed` are scratch, one entry an arc, 0 and false.
    pub fn arrange(&mut self, network: &Network, costs: &mut [i64], proposed: &mut [bool]) {
        let (nodes, arcs) = (network.node_count(), network.arc_count());
        self.first = arcs;
        if arcs >= 2 * PROPOSED * nodes {
            self.propose(network, costs, proposed);
            self.first = proposed.iter().filter(|&&proposed| proposed).count();
        }
        self.slot_of.clear();
        self.arc_of.clear();
        self.arc_of.resize(arcs, 0);
        let mut first = deal(0..self.first, nodes);
        let mut rest = deal(self.first..arcs, nodes);
        for arc in 0..arcs {
            let part = if self.first == arcs || proposed[arc] { &mut first } else { &mut rest };
            let slot = part.next().unwrap_or(0);
            self.slot_of.push(slot);
            self.arc_of[slot as usize] = arc as u32;
        }
    }

    /// Marks the arcs that one of their ends proposes, and those where a node that flow passes through meets one where
    /// it starts or ends: they are how units stay out of a market, and no arc replaces them.
    fn propose(&mut self, network: &Network, costs: &mut [i64], proposed: &mut [bool]) {
        let nodes = network.node_count();
        for degrees in [&mut self.out_degrees, &mut self.in_degrees] {
            degrees.clear();
            degrees.resize(nodes + 1, 0);
        }
        for (_, arc) in network.arcs() {
            self.out_degrees[arc.tail.index() + 1] += 1;
            self.in_degrees[arc.head.index() + 1] += 1;
        }
        let passes = |node: usize| self.out_degrees[node + 1] > 0 && self.in_degrees[node + 1] > 0;
        for ((_, arc), proposed) in network.arcs().zip(&mut *proposed) {
            *proposed = passes(arc.tail.index()) != passes(arc.head.index());
        }
        self.dearest.clear();
        self.dearest.resize(nodes, 0);
        threshold(network, |arc| arc.tail.index(), &mut self.out_degrees, costs, &mut self.dearest);
        for ((_, arc), proposed) in network.arcs().zip(&mut *proposed) {
            *proposed |= arc.cost <= self.dearest[arc.tail.index()];
        }
        threshold(network, |arc| arc.head.index(), &mut self.in_degrees, costs, &mut self.dearest);
        for ((_, arc), proposed) in network.arcs().zip(&mut *proposed) {
            *proposed |= arc.cost <= self.dearest[arc.head.index()];
        }
    }
}

/// The cost of the dearest arc that each node proposes, of those that have it as their `end`.
fn threshold(
    network: &Network,
    end: impl Fn(&Arc) -> usize,
    degrees: &mut [u32],
    costs: &mut [i64],
    dearest: &mut [i64],
) {
    // `degrees` is shifted by one: summed up it says where the costs of a node begin, and after the pass where they end.
    let mut sum = 0;
    for degree in degrees.iter_mut() {
        sum += *degree;
        *degree = sum;
    }
    for (_, arc) in network.arcs() {
        let place = &mut degrees[end(arc)];
        costs[*place as usize] = arc.cost;
        *place += 1;
    }
    let mut start = 0;
    for (&stop, dearest) in degrees.iter().zip(dearest) {
        let own = &mut costs[start..stop as usize];
        start = stop as usize;
        *dearest = match own.len() {
            0 => 0,
            few @ ..=PROPOSED => own[..few].iter().copied().max().unwrap_or(0),
            _ => *own.select_nth_unstable(PROPOSED - 1).1,
        };
    }
}

/// The slots of a range with a stride, so that neighbours in the order of arcs are far apart.
fn deal(range: std::ops::Range<usize>, nodes: usize) -> impl Iterator<Item = u32> {
    let stride = (range.len() / nodes.max(1)).max(3);
    let (mut next, mut row) = (range.start, range.start);
    (0..range.len()).map(move |_| {
        if next >= range.end {
            row += 1;
            next = row;
        }
        let slot = next;
        next += stride;
        slot as u32
    })
}
