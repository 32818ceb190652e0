//! The spanning tree of a basis: nodes `1..=n` below an artificial root, with the room left on every tree arc.

/// The artificial root. Node `i` of the network is node `i + 1` here, so nodes can be added at the end.
pub(super) const ROOT: u32 = 0;
/// No node and no slot.
pub(super) const NONE: u32 = u32::MAX;
/// The `pred` of a node that hangs from the root by an artificial arc to the root, which costs nothing.
pub(super) const TO_ROOT: u32 = u32::MAX - 1;
/// The `pred` of a node that hangs from the root by an artificial arc from the root, which costs the penalty.
pub(super) const FROM_ROOT: u32 = u32::MAX - 2;
/// The capacity of an arc that has none. The room of such an arc is this less its flow.
pub(super) const UNLIMITED: i64 = i64::MAX;

/// What a walk towards the root reads, in half a cache line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// How much more can flow from this node to its parent along the tree arc.
    pub up: i64,
    /// How much more can flow from the parent to this node.
    pub down: i64,
    pub parent: u32,
    /// How many nodes the subtree has.
    pub size: u32,
    /// The last node of the subtree in preorder.
    pub last: u32,
    /// The slot of the tree arc, or the mark of an artificial one.
    pub pred: u32,
}

impl Node {
    /// Sends flow to the parent; a negative amount comes from it.
    pub fn push_up(&mut self, amount: i64) {
        self.up -= amount;
        self.down += amount;
    }

    /// A child of the root whose artificial arc carries `surplus` to it, or from it if negative.
    pub fn artificial(surplus: i64) -> Self {
        let flow = surplus.abs();
        let (up, down, pred) = if surplus >= 0 {
            (UNLIMITED - flow, flow, TO_ROOT)
        } else {
            (flow, UNLIMITED - flow, FROM_ROOT)
        };
        Self { up, down, parent: ROOT, size: 1, last: NONE, pred }
    }

    /// What the artificial arc carries to the root: the inverse of [`Self::artificial`].
    pub fn surplus(&self) -> i64 {
        if self.pred == TO_ROOT { self.down } else { -self.up }
    }
}

/// A rooted tree with its preorder as a ring, and the potentials that make every tree arc's reduced cost 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// The ring of the preorder, forwards and backwards.
    pub next: Vec<u32>,
    pub prev: Vec<u32>,
    /// By node, then zeros up to a power of two.
    pub potential: Vec<i64>,
}

impl Tree {
    /// Makes the star in which every node hangs from the root by its artificial arc.
    pub fn reset(&mut self, surpluses: &[i64], penalty: i64) {
        let count = surpluses.len() as u32;
        self.nodes.clear();
        self.nodes.extend(surpluses.iter().map(|&surplus| Node::artificial(surplus)));
        for (u, node) in self.nodes.iter_mut().enumerate() {
            node.last = u as u32;
        }
        self.nodes[0] = Node { up: 0, down: 0, parent: NONE, size: count, last: count - 1, pred: NONE };
        self.next.clear();
        self.next.extend(1..count);
        self.next.push(ROOT);
        self.prev.clear();
        self.prev.push(count - 1);
        self.prev.extend(0..count - 1);
        self.potential.clear();
        self.potential.extend(surpluses.iter().map(|&surplus| if surplus < 0 { penalty } else { 0 }));
        self.potential[0] = 0;
        self.potential.resize(surpluses.len().next_power_of_two(), 0);
    }

    /// Appends a node below the root.
    pub fn grow(&mut self) {
        let u = self.nodes.len() as u32;
        let end = self.prev[0];
        self.nodes.push(Node { last: u, ..Node::artificial(0) });
        self.next[end as usize] = u;
        self.next.push(ROOT);
        self.prev.push(end);
        self.prev[0] = u;
        self.potential.resize(self.nodes.len().next_power_of_two(), 0);
        self.potential[u as usize] = 0;
        self.nodes[0].size += 1;
        self.nodes[0].last = u;
    }

    /// Cuts the subtree of `u` out of the ring and out of the `last` of those above; sizes and `parent` are left alone.
    fn unlink(&mut self, u: u32) {
        let Node { last, mut parent, .. } = self.nodes[u as usize];
        let before = self.prev[u as usize];
        self.link(before, self.next[last as usize]);
        while parent != NONE && self.nodes[parent as usize].last == last {
            self.nodes[parent as usize].last = before;
            parent = self.nodes[parent as usize].parent;
        }
    }

    fn link(&mut self, before: u32, after: u32) {
        self.next[before as usize] = after;
        self.prev[after as usize] = before;
    }

    /// Moves the subtree of `u` to the end of the ring, as the last child of the root, by an artificial arc.
    pub fn hang(&mut self, u: u32, surplus: i64) {
        self.unlink(u);
        let Node { last, size, mut parent, .. } = self.nodes[u as usize];
        while parent != ROOT {
            self.nodes[parent as usize].size -= size;
            parent = self.nodes[parent as usize].parent;
        }
        let end = self.prev[0];
        self.link(end, u);
        self.link(last, ROOT);
        self.nodes[0].last = last;
        self.nodes[u as usize] = Node { size, last, ..Node::artificial(surplus) };
    }

    /// Cuts the tree arc above `out`, makes `top` (in that subtree) its root and hangs it below `below` by the arc in
    /// slot `pred` with the rooms `up` and `down`. `join` is the node where the paths of `top` and `below` meet.
    ///
    /// Only the path from `top` to `out` turns around: each of its nodes becomes the last child of the one before, so
    /// the new preorder is a concatenation of pieces of the old.
    pub fn replant(&mut self, out: u32, top: u32, below: u32, join: u32, pred: u32, (up, down): (i64, i64)) {
        let moved = self.nodes[out as usize].size;
        let mut w = self.nodes[out as usize].parent;
        while w != join {
            self.nodes[w as usize].size -= moved;
            w = self.nodes[w as usize].parent;
        }
        w = below;
        while w != join {
            self.nodes[w as usize].size += moved;
            w = self.nodes[w as usize].parent;
        }
        self.unlink(out);

        let mut child = top;
        let mut old = self.nodes[top as usize];
        let mut before = self.prev[top as usize];
        let mut after = self.next[old.last as usize];
        let mut end = old.last;
        while child != out {
            let parent = old.parent;
            let above = self.nodes[parent as usize];
            let before_above = self.prev[parent as usize];
            // What the parent keeps is its old piece of the preorder less that of the child.
            let (piece_end, after_above) = if above.last == old.last {
                (before, after)
            } else {
                self.link(before, after);
                (above.last, self.next[above.last as usize])
            };
            self.link(end, parent);
            end = piece_end;
            self.nodes[parent as usize] = Node {
                up: old.down,
                down: old.up,
                parent: child,
                size: moved - old.size,
                last: NONE,
                pred: old.pred,
            };
            (child, old, before, after) = (parent, above, before_above, after_above);
        }
        while child != top {
            self.nodes[child as usize].last = end;
            child = self.nodes[child as usize].parent;
        }
        self.nodes[top as usize] = Node { up, down, parent: below, size: moved, last: end, pred };

        let after = self.next[below as usize];
        self.link(below, top);
        self.link(end, after);
        w = below;
        while w != NONE && self.nodes[w as usize].last == below {
            self.nodes[w as usize].last = end;
            w = self.nodes[w as usize].parent;
        }
    }

    /// Adds `shift` to the potentials of the subtree of `top`.
    pub fn shift(&mut self, top: u32, shift: i64) {
        let mut u = top;
        for _ in 0..self.nodes[top as usize].size {
            self.potential[u as usize] += shift;
            u = self.next[u as usize];
        }
    }
}
