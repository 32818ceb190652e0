//! The arcs as pricing reads them.

use std::ops::Range;

/// One arc, from the end where its flow may start to grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub cost: i64,
    pub tail: u32,
    pub head: u32,
}

/// The arcs. One at its upper bound lies in its slot backwards, at the negated cost, so an arc
/// outside the tree always carries no flow in its slot, and all price alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Makes so many slots, to be set.
    pub fn reset(&mut self, count: usize) {
        self.0.clear();
        self.0.resize(count, Slot { cost: 0, tail: 0, head: 0 });
    }

    pub fn push(&mut self, slot: Slot) {
        self.0.push(slot);
    }

    pub fn get(&self, slot: u32) -> Slot {
        self.0[slot as usize]
    }

    pub fn set(&mut self, index: usize, slot: Slot) {
        self.0[index] = slot;
    }

    pub fn set_cost(&mut self, slot: usize, cost: i64) {
        self.0[slot].cost = cost;
    }

    pub fn cost(&self, slot: u32) -> i64 {
        self.0[slot as usize].cost
    }

    pub fn tail(&self, slot: u32) -> u32 {
        self.0[slot as usize].tail
    }

    /// Turns an arc around.
    pub fn flip(&mut self, slot: u32) {
        let Slot { cost, tail, head } = self.0[slot as usize];
        self.0[slot as usize] = Slot { cost: -cost, tail: head, head: tail };
    }

    /// The slot of least reduced cost in a range, if that is below 0. `potential` has a power of two for its length,
    /// so that masking an index replaces checking it.
    pub fn cheapest(&self, range: Range<usize>, potential: &[i64]) -> Option<u32> {
        let mask = potential.len() - 1;
        let potential = &potential[..=mask];
        let at = |node: u32| potential[node as usize & mask];
        let price = |slot: &Slot| slot.cost + at(slot.tail) - at(slot.head);
        let (mut least, mut found) = (0, usize::MAX);
        let (pairs, rest) = self.0[range.clone()].as_chunks::<2>();
        // One comparison a pair is seldom true and well foretold; the minimum of two needs none.
        for (index, [first, second]) in pairs.iter().enumerate() {
            let (first, second) = (price(first), price(second));
            let lower = first.min(second);
            if lower < least {
                least = lower;
                found = 2 * index + usize::from(second == lower);
            }
        }
        if let [slot] = rest
            && price(slot) < least
        {
            found = 2 * pairs.len();
        }
        (found != usize::MAX).then(|| (range.start + found) as u32)
    }
}
