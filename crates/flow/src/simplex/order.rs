//! The order of the arcs in the table: which are priced first, and who lies beside whom.

use crate::network::Network;

/// How many of the arcs out of it, cheapest first, a node proposes to be priced first.
const PROPOSED: usize = 16;
/// How many arcs a node a network must have for that.
const DENSE: usize = 20;

/// Which slot an arc lies in.
///
/// - In a dense network nearly all of the optimal tree is among the cheapest arcs out of each node. So these come first,
///   and the search stays among them until they are exhausted.
/// - Arcs that follow each other often share a node, and a block of such arcs prices badly: so these are dealt out with
///   a stride.
///
/// The others follow in their own order, which few pivots suffer from.
///
/// Arcs added later lie where they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    slot_of: Vec<u32>,
    arc_of: Vec<u32>,
    /// How many slots are priced first.
    pub first: usize,
    /// By node, while arranging: the least costs of arcs out of it in order, and whether arcs leave and enter it.
    cheapest: Vec<[i64; PROPOSED]>,
    ends: Vec<[bool; 2]>,
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
        self.first += usize::from(self.first == self.arc_of.len());
        self.slot_of.push(self.slot_of.len() as u32);
        self.arc_of.push(self.arc_of.len() as u32);
    }

    /// Gives every arc its slot. `proposed` is scratch, one false an arc.
    pub fn arrange(&mut self, network: &Network, proposed: &mut [bool]) {
        let (nodes, arcs) = (network.node_count(), network.arc_count());
        self.first = arcs;
        if arcs >= DENSE * nodes {
            self.propose(network, proposed);
            self.first = proposed.iter().filter(|&&proposed| proposed).count();
        }
        self.slot_of.clear();
        self.arc_of.clear();
        self.arc_of.resize(arcs, 0);
        let share = (self.first / nodes.max(1)).max(3);
        // Where equal costs propose every arc of a dense network, twice the share less one follows the diagonals of a
        // square one; the share itself would follow its columns, and ten times the pivots.
        let stride = if self.first == arcs && share >= DENSE { 2 * share - 1 } else { share };
        let mut first = deal(self.first, stride);
        let mut rest = self.first as u32..;
        for (arc, &proposed) in proposed.iter().enumerate() {
            let slot = if proposed || self.first == arcs { first.next() } else { rest.next() }.unwrap_or(0);
            self.slot_of.push(slot);
            self.arc_of[slot as usize] = arc as u32;
        }
    }

    /// Marks the arcs that their tails propose, and those where a node that flow passes through meets one where it
    /// starts or ends: they are how units stay out of a market, and no other arc replaces them.
    fn propose(&mut self, network: &Network, proposed: &mut [bool]) {
        let nodes = network.node_count();
        self.cheapest.clear();
        self.cheapest.resize(nodes, [i64::MAX; PROPOSED]);
        self.ends.clear();
        self.ends.resize(nodes, [false; 2]);
        for (_, arc) in network.arcs() {
            self.ends[arc.tail.index()][0] = true;
            self.ends[arc.head.index()][1] = true;
            let least = &mut self.cheapest[arc.tail.index()];
            let mut place = PROPOSED;
            while place > 0 && arc.cost < least[place - 1] {
                if place < PROPOSED {
                    least[place] = least[place - 1];
                }
                place -= 1;
            }
            if place < PROPOSED {
                least[place] = arc.cost;
            }
        }
        let passes = |node: usize| self.ends[node] == [true; 2];
        for ((_, arc), proposed) in network.arcs().zip(proposed) {
            let (tail, head) = (arc.tail.index(), arc.head.index());
            *proposed = arc.cost <= self.cheapest[tail][PROPOSED - 1] || passes(tail) != passes(head);
        }
    }
}

/// So many slots with a stride, so that neighbours in the order of arcs are far apart.
fn deal(count: usize, stride: usize) -> impl Iterator<Item = u32> {
    let (mut next, mut row) = (0, 0);
    (0..count).map(move |_| {
        if next >= count {
            row += 1;
            next = row;
        }
        let slot = next;
        next += stride;
        slot as u32
    })
}
