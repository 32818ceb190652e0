//! Primal network simplex: a basis is a spanning tree, a pivot exchanges one of its arcs.
//!
//! - [`tree`] keeps the tree, the room on its arcs and the potentials;
//! - [`slots`] has the arcs as pricing reads them;
//! - [`load`] builds the first tree, [`read`] reads the solution off the last;
//! - [`warm`] carries a tree over a change of the network;
//! - this file prices and pivots.

mod load;
mod order;
mod read;
mod slots;
#[cfg(test)]
mod tests;
mod tree;
mod warm;

use crate::{
    error::{Infeasible, Overflow, SolveError, Unbounded},
    network::{ArcId, Network, NodeId},
    solution::Solution,
};
use order::Order;
use read::Trace;
use slots::{Slot, Slots};
use tree::{FROM_ROOT, NONE, ROOT, TO_ROOT, Tree, UNLIMITED};

/// How many pivots pass between two looks at the stop value.
const STOP_EVERY: u64 = 1024;

/// A network simplex between two pivots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Simplex {
    slots: Slots,
    /// `upper - lower` by slot, or [`UNLIMITED`].
    capacities: Vec<i64>,
    /// Which slots lie backwards.
    flipped: Vec<bool>,
    order: Order,
    tree: Tree,
    /// What each node has too much after a change, until it is spread over the tree.
    excess: Vec<i64>,
    /// What an artificial arc from the root costs: more than any path.
    penalty: i64,
    /// The slot where the next search for an entering arc begins.
    cursor: usize,
    pivots: u64,
    trace: Trace,

    /// The tree belongs to the network.
    warm: bool,
    /// Excess is waiting, or the room of a tree arc has changed.
    spill: bool,
    /// The cost of a tree arc has changed.
    stale: bool,
    /// The sum of supplies, the sum of absolute costs, and a bound on the largest of them.
    supply_sum: i128,
    cost_sum: u128,
    largest_cost: u64,
}

/// How a pivot ended the run.
enum Blocked {
    /// Nothing limits the flow around this cycle of arcs, given by slot.
    Ray(Vec<u32>),
    /// The flow of the arc in this slot would leave its range.
    Overflow(u32),
}

impl Simplex {
    /// Solves the network the calls before have described, from the last tree if there is one.
    pub fn solve(
        &mut self,
        network: &Network,
        stop: &dyn Fn() -> bool,
        solution: &mut Solution,
    ) -> Result<(), SolveError> {
        if !(self.warm && self.refresh()) {
            self.warm = false;
            self.load(network)?;
            self.warm = true;
        }
        match self.run(stop)? {
            Some(Blocked::Overflow(slot)) => Err(Overflow::Flow(self.arc(slot)).into()),
            Some(Blocked::Ray(slots)) => {
                let cycle = slots.into_iter().map(|slot| self.arc(slot)).collect();
                self.warm = false;
                Err(SolveError::Unbounded(Unbounded { cycle, flows: feasible_flow(network, stop)? }))
            }
            None => match self.cut() {
                Some(cut) => Err(Infeasible::Cut(cut).into()),
                None => self.read(network, solution),
            },
        }
    }

    /// Makes the next solve start cold.
    pub fn forget(&mut self) {
        self.warm = false;
    }

    pub fn pivots(&self) -> u64 {
        self.pivots
    }

    fn arc(&self, slot: u32) -> ArcId {
        ArcId::new(self.order.arc(slot as usize))
    }

    /// Pivots until no arc prices out.
    fn run(&mut self, stop: &dyn Fn() -> bool) -> Result<Option<Blocked>, SolveError> {
        let mut countdown = 0;
        let (first, all) = (self.order.first, self.slots.len());
        let parts = [(0, first), (self.cursor, all)];
        for (start, count) in parts.into_iter().skip(usize::from(first == all)) {
            self.cursor = start;
            let block = block_size(count);
            while let Some(entering) = self.price(count, block) {
                if countdown == 0 {
                    if stop() {
                        return Err(SolveError::Stopped);
                    }
                    countdown = STOP_EVERY;
                }
                countdown -= 1;
                self.pivots += 1;
                if let Err(blocked) = self.pivot(entering) {
                    return Ok(Some(blocked));
                }
            }
        }
        Ok(None)
    }

    /// Makes the next run begin its search with a block that has this slot at its end, for it has changed.
    fn look_at(&mut self, slot: usize) {
        self.cursor = (slot + 1).saturating_sub(block_size(self.slots.len()));
    }

    /// Block search among the first `count` slots: the slot of least reduced cost in the first block, counted from the
    /// last, that has one below 0. Tree arcs price at 0, so nothing needs to say which they are.
    fn price(&mut self, count: usize, block: usize) -> Option<u32> {
        let mut start = self.cursor;
        let mut left = count;
        while left > 0 {
            let end = count.min(start + block.min(left));
            let entering = self.slots.cheapest(start..end, &self.tree.potential);
            left -= end - start;
            start = if end == count { 0 } else { end };
            if entering.is_some() {
                self.cursor = start;
                return entering;
            }
        }
        None
    }

    /// Brings a slot of negative reduced cost into the tree.
    ///
    /// Of several arcs that block at once the last leaves, in the direction of the cycle from its join. So every node
    /// can always send more towards the root, a pivot that moves nothing raises potentials, and no tree returns
    /// (Cunningham 1976).
    fn pivot(&mut self, entering: u32) -> Result<(), Blocked> {
        let Slot { cost, tail, head } = self.slots.get(entering);
        let capacity = self.capacities[entering as usize];
        let nodes = &self.tree.nodes[..];
        // Flow runs from the join down to the tail, over the entering arc, and from the head up to the join.
        let (mut u, mut v) = (tail, head);
        let (mut tail_room, mut tail_out) = (capacity, NONE);
        let (mut head_room, mut head_out) = (UNLIMITED, NONE);
        while u != v {
            let (on_tail, on_head) = (&nodes[u as usize], &nodes[v as usize]);
            if on_tail.size < on_head.size {
                if on_tail.down < tail_room {
                    (tail_room, tail_out) = (on_tail.down, u);
                }
                u = on_tail.parent;
            } else {
                if on_head.up <= head_room {
                    (head_room, head_out) = (on_head.up, v);
                }
                v = on_head.parent;
            }
        }
        let join = u;
        let by_head = head_out != NONE && head_room <= tail_room;
        let (amount, out) = if by_head { (head_room, head_out) } else { (tail_room, tail_out) };

        // Blocked in the direction of its slot, an arc leaves at its capacity.
        let pred = if out == NONE { entering } else { nodes[out as usize].pred };
        let full = out == NONE || (pred < FROM_ROOT && (self.slots.tail(pred) == out) == by_head);
        if full {
            if self.capacities[pred as usize] == UNLIMITED {
                return Err(self.blocked(entering, pred, join));
            }
            self.flip(pred);
        }

        if pred < FROM_ROOT {
            self.trace.note(pred);
        }
        if amount > 0 {
            let mut w = tail;
            while w != join {
                self.tree.nodes[w as usize].push_up(-amount);
                w = self.tree.nodes[w as usize].parent;
            }
            w = head;
            while w != join {
                self.tree.nodes[w as usize].push_up(amount);
                w = self.tree.nodes[w as usize].parent;
            }
        }
        if out == NONE {
            return Ok(());
        }
        let potential = &self.tree.potential;
        let reduced = cost + potential[tail as usize] - potential[head as usize];
        let left = capacity - amount;
        if by_head {
            self.tree.replant(out, head, tail, join, entering, (amount, left));
            self.tree.shift(head, reduced);
        } else {
            self.tree.replant(out, tail, head, join, entering, (left, amount));
            self.tree.shift(tail, -reduced);
        }
        Ok(())
    }

    /// Turns a slot around.
    fn flip(&mut self, slot: u32) {
        let flipped = &mut self.flipped[slot as usize];
        *flipped = !*flipped;
        self.slots.flip(slot);
    }

    /// Why an arc without capacity blocks: nothing on the cycle has one, or its flow is out of numbers.
    #[cold]
    fn blocked(&self, entering: u32, blocking: u32, join: u32) -> Blocked {
        let Slot { tail, head, .. } = self.slots.get(entering);
        let path = |mut u: u32| {
            let mut path = Vec::new();
            while u != join {
                path.push((u, self.tree.nodes[u as usize].pred));
                u = self.tree.nodes[u as usize].parent;
            }
            path
        };
        let (down, up) = (path(tail), path(head));
        let unlimited = |slot: u32| slot < FROM_ROOT && self.capacities[slot as usize] == UNLIMITED;
        let forward = |u: u32, slot: u32| unlimited(slot) && self.slots.tail(slot) == u;
        let backward = |u: u32, slot: u32| unlimited(slot) && self.slots.get(slot).head == u;
        let free = unlimited(entering)
            && up.iter().all(|&(u, slot)| forward(u, slot))
            && down.iter().all(|&(u, slot)| backward(u, slot));
        if !free {
            return Blocked::Overflow(blocking);
        }
        let slots = up.iter().chain(down.iter().rev()).map(|&(_, slot)| slot);
        Blocked::Ray(std::iter::once(entering).chain(slots).collect())
    }

    /// At an optimum with artificial flow left, the nodes whose subtrees send it to the root: the penalty of the way
    /// back makes every arc out of them full and every arc into them empty.
    fn cut(&self) -> Option<Vec<NodeId>> {
        let Tree { nodes, next, .. } = &self.tree;
        let mut short = false;
        let mut child = next[ROOT as usize];
        while child != ROOT && !short {
            let node = &nodes[child as usize];
            short = node.surplus() != 0;
            child = next[node.last as usize];
        }
        if !short {
            return None;
        }
        let mut cut = Vec::new();
        let (mut u, mut inside) = (next[ROOT as usize], false);
        while u != ROOT {
            inside = match nodes[u as usize].pred {
                TO_ROOT => true,
                FROM_ROOT => false,
                _ => inside,
            };
            if inside {
                cut.push(NodeId::new(u as usize - 1));
            }
            u = next[u as usize];
        }
        cut.sort_unstable();
        Some(cut)
    }
}

/// Twice the square root of the arcs: LEMON uses the root itself (Király, Kovács 2012), but pricing costs less here.
fn block_size(arcs: usize) -> usize {
    (2 * arcs.isqrt()).max(20)
}

/// A feasible flow, where only the costs leave the network without an optimum.
fn feasible_flow(network: &Network, stop: &dyn Fn() -> bool) -> Result<Vec<i64>, SolveError> {
    let mut free = network.clone();
    for (id, _) in network.arcs() {
        free.set_cost(id, 0);
    }
    let mut solution = Solution::default();
    Simplex::default().solve(&free, stop, &mut solution)?;
    Ok(solution.flows)
}
