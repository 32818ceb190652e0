//! From the tree of one network to a tree of the next.
//!
//! A change moves what the tree must carry, never the tree itself: what a node has too much is noted, and spread along
//! the tree before the next solve. Where an arc cannot carry its part, it leaves the tree at its bound and the subtree
//! hangs from the root by its artificial arc, which carries the rest and is priced out like in a cold start.

use super::{
    Simplex,
    load::{LARGEST_PATH, capacity},
    slots::Slot,
    tree::{FROM_ROOT, Node, ROOT, TO_ROOT, UNLIMITED},
};
use crate::network::{Arc, ArcId, NodeId};

impl Simplex {
    pub fn set_cost(&mut self, arc: ArcId, old: i64, new: i64) {
        if !self.warm {
            return;
        }
        if u128::from(new.unsigned_abs()) >= LARGEST_PATH {
            return self.forget();
        }
        self.cost_sum = self.cost_sum - u128::from(old.unsigned_abs()) + u128::from(new.unsigned_abs());
        self.largest_cost = self.largest_cost.max(new.unsigned_abs());
        let slot = self.order.slot(arc.index());
        self.slots.set_cost(slot, if self.flipped[slot] { -new } else { new });
        self.stale |= self.tree_node(slot).is_some();
        self.look_at(slot);
    }

    pub fn set_bounds(&mut self, id: ArcId, old: &Arc, new: &Arc) {
        if self.warm && self.change_bounds(id, old, new).is_none() {
            self.forget();
        }
    }

    /// As [`Self::set_bounds`]; `None` where the new bounds have no place in this tree.
    fn change_bounds(&mut self, id: ArcId, old: &Arc, new: &Arc) -> Option<()> {
        let limit = capacity(id, new).ok()?;
        let slot = self.order.slot(id.index());
        let in_tree = self.tree_node(slot);
        let before = match in_tree {
            Some(u) if self.flipped[slot] => old.upper - self.tree_flow(u, slot),
            Some(u) => old.lower.checked_add(self.tree_flow(u, slot))?,
            None if self.flipped[slot] => old.upper,
            None => old.lower,
        };
        let stays_full = self.flipped[slot] && in_tree.is_none() && limit < UNLIMITED;
        let after = match in_tree {
            Some(_) => before.clamp(new.lower, new.upper),
            None if stays_full => new.upper,
            None => new.lower,
        };
        if self.flipped[slot] && !stays_full {
            self.flip(slot as u32);
        }
        self.capacities[slot] = limit;
        self.look_at(slot);
        self.trace.note(slot as u32);
        if let Some(u) = in_tree {
            let flow = after.checked_sub(new.lower)?;
            let node = &mut self.tree.nodes[u as usize];
            (node.up, node.down) =
                if self.slots.tail(slot as u32) == u { (limit - flow, flow) } else { (flow, limit - flow) };
            self.spill = true;
        }
        let change = after.checked_sub(before)?;
        self.add_excess(new.tail.index(), change.checked_neg()?)?;
        self.add_excess(new.head.index(), change)
    }

    pub fn set_supply(&mut self, node: NodeId, old: i64, new: i64) {
        if !self.warm {
            return;
        }
        self.supply_sum += i128::from(new) - i128::from(old);
        if new.checked_sub(old).and_then(|change| self.add_excess(node.index(), change)).is_none() {
            self.forget();
        }
    }

    pub fn add_node(&mut self, supply: i64) {
        if !self.warm {
            return;
        }
        self.tree.grow();
        self.supply_sum += i128::from(supply);
        self.excess.push(supply);
        self.spill |= supply != 0;
    }

    pub fn add_arc(&mut self, id: ArcId, arc: &Arc) {
        if !self.warm {
            return;
        }
        let cost = arc.cost.unsigned_abs();
        let Some(limit) = capacity(id, arc).ok().filter(|_| u128::from(cost) < LARGEST_PATH) else {
            return self.forget();
        };
        self.cost_sum += u128::from(cost);
        self.largest_cost = self.largest_cost.max(cost);
        let (tail, head) = (arc.tail.index(), arc.head.index());
        self.slots.push(Slot { cost: arc.cost, tail: tail as u32 + 1, head: head as u32 + 1 });
        self.capacities.push(limit);
        self.flipped.push(false);
        self.order.push();
        self.look_at(id.index());
        self.trace.note(id.index() as u32);
        let moved = arc.lower.checked_neg().and_then(|out| self.add_excess(tail, out));
        if moved.and_then(|()| self.add_excess(head, arc.lower)).is_none() {
            self.forget();
        }
    }

    /// Makes the tree feasible and its potentials right after the changes; `false` where a cold start must judge.
    pub(super) fn refresh(&mut self) -> bool {
        let path = self.path_bound(self.tree.nodes.len() - 1);
        if self.supply_sum != 0 || path >= LARGEST_PATH || !self.cost_fits() {
            return false;
        }
        if path as i64 >= self.penalty {
            self.penalty = path as i64 + 1;
            self.stale = true;
        }
        if self.spill && self.spread().is_none() {
            return false;
        }
        if self.stale {
            self.price_tree();
        }
        self.spill = false;
        self.stale = false;
        true
    }

    /// Sends every excess up the tree, children before parents, and hangs from the root what cannot send it.
    fn spread(&mut self) -> Option<()> {
        let mut u = self.tree.prev[ROOT as usize];
        while u != ROOT {
            // A subtree that is hung moves behind the walk.
            let before = self.tree.prev[u as usize];
            let excess = std::mem::take(&mut self.excess[u as usize]);
            let node = self.tree.nodes[u as usize];
            if node.parent == ROOT {
                let surplus = node.surplus().checked_add(excess).filter(|&sum| sum > i64::MIN)?;
                let Node { size, last, .. } = node;
                let artificial = Node::artificial(surplus);
                self.stale |= artificial.pred != node.pred;
                self.tree.nodes[u as usize] = Node { size, last, ..artificial };
            } else {
                let sent = excess.clamp(-node.down, node.up);
                let above = &mut self.excess[node.parent as usize];
                *above = above.checked_add(sent)?;
                if sent == excess && sent < node.up {
                    self.tree.nodes[u as usize].push_up(sent);
                } else {
                    self.leave(u, sent)?;
                    self.tree.hang(u, excess.checked_sub(sent).filter(|&rest| rest > i64::MIN)?);
                    self.stale = true;
                }
            }
            u = before;
        }
        let artificial = self.tree.nodes[1..].iter().filter(|node| node.parent == ROOT);
        let total: u128 = artificial.map(|node| u128::from(node.surplus().unsigned_abs())).sum();
        (total <= 1 << 62).then_some(())
    }

    /// Leaves the tree arc above `u` at the bound where sending `sent` brings it; `None` if that is no bound.
    fn leave(&mut self, u: u32, sent: i64) -> Option<()> {
        let Node { up, down, pred, .. } = self.tree.nodes[u as usize];
        let (flow, room) =
            if self.slots.tail(pred) == u { (down + sent, up - sent) } else { (up - sent, down + sent) };
        if flow != 0 {
            debug_assert_eq!(room, 0);
            if self.capacities[pred as usize] == UNLIMITED {
                return None;
            }
            self.flip(pred);
        }
        self.trace.note(pred);
        Some(())
    }

    /// Computes the potentials anew, parents before children.
    fn price_tree(&mut self) {
        let mut u = self.tree.next[ROOT as usize];
        while u != ROOT {
            let node = &self.tree.nodes[u as usize];
            let above = self.tree.potential[node.parent as usize];
            self.tree.potential[u as usize] = match node.pred {
                TO_ROOT => 0,
                FROM_ROOT => self.penalty,
                pred if self.slots.tail(pred) == u => above - self.slots.cost(pred),
                pred => above + self.slots.cost(pred),
            };
            u = self.tree.next[u as usize];
        }
    }

    /// The lower end of the tree arc in this slot, if it is one.
    fn tree_node(&self, slot: usize) -> Option<u32> {
        let Slot { tail, head, .. } = self.slots.get(slot as u32);
        [tail, head].into_iter().find(|&u| self.tree.nodes[u as usize].pred == slot as u32)
    }

    /// The flow along the slot of the tree arc above `u`.
    fn tree_flow(&self, u: u32, slot: usize) -> i64 {
        let node = &self.tree.nodes[u as usize];
        if self.slots.tail(slot as u32) == u { node.down } else { node.up }
    }

    /// Notes excess at a node of the network.
    fn add_excess(&mut self, node: usize, amount: i64) -> Option<()> {
        let excess = &mut self.excess[node + 1];
        *excess = excess.checked_add(amount)?;
        self.spill |= amount != 0;
        Some(())
    }
}
