//! What must hold between any two pivots.

use super::{
    Simplex,
    order::Order,
    tree::{FROM_ROOT, NONE, ROOT, TO_ROOT},
};
use crate::network::{ArcId, INFINITE, Network, NodeId};

/// A small random network; the seed is stepped like `SplitMix64`.
fn network(seed: u64) -> Network {
    let mut state = seed;
    let mut pick = |count: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % count
    };
    let nodes = 2 + pick(8);
    let mut network = Network::new();
    let ids: Vec<NodeId> = (0..nodes).map(|_| network.add_node(0)).collect();
    for _ in 0..pick(4 * nodes) {
        let (tail, head) = (ids[pick(nodes) as usize], ids[pick(nodes) as usize]);
        let upper = if pick(4) == 0 { INFINITE } else { pick(4) as i64 };
        network.add_arc(tail, head, 0..=upper, pick(9) as i64 - 2);
    }
    let (from, to, amount) = (ids[0], ids[1], pick(4) as i64);
    network.set_supply(from, amount);
    network.set_supply(to, -amount);
    network
}

fn check(simplex: &Simplex) {
    let tree = &simplex.tree;
    let count = tree.nodes.len();
    let (mut order, mut position) = (Vec::new(), vec![usize::MAX; count]);
    let mut u = ROOT;
    loop {
        position[u as usize] = order.len();
        order.push(u);
        assert_eq!(tree.prev[tree.next[u as usize] as usize], u, "the ring runs both ways");
        u = tree.next[u as usize];
        if u == ROOT {
            break;
        }
    }
    assert_eq!(order.len(), count, "the ring has every node once");
    let mut sizes = vec![1; count];
    for &u in order.iter().rev() {
        let node = &tree.nodes[u as usize];
        assert_eq!(node.size, sizes[u as usize], "sizes add up");
        let last = order[position[u as usize] + node.size as usize - 1];
        assert_eq!(node.last, last, "a subtree is contiguous");
        if u == ROOT {
            assert_eq!((node.parent, node.pred), (NONE, NONE));
            continue;
        }
        let parent = node.parent as usize;
        sizes[parent] += node.size;
        assert!(position[parent] < position[u as usize], "parents come first");
        assert!(node.down >= 0 && node.up > 0, "the tree is strongly feasible");
        let rise = tree.potential[u as usize] - tree.potential[parent];
        match node.pred {
            TO_ROOT => assert_eq!(rise, 0),
            FROM_ROOT => assert_eq!(rise, simplex.penalty),
            pred => {
                let slot = simplex.slots.get(pred);
                let (end, cost) =
                    if slot.tail == u { (slot.head, -slot.cost) } else { (slot.tail, slot.cost) };
                assert!([slot.tail, slot.head].contains(&u) && end == node.parent);
                assert_eq!(rise, cost, "tree arcs have reduced cost 0");
                assert_eq!(node.up + node.down, simplex.capacities[pred as usize]);
            }
        }
    }
}

#[test]
fn a_pivot_keeps_the_tree() {
    let mut pivots = 0;
    for seed in 0..3_000 {
        let network = network(seed);
        let mut simplex = Simplex::default();
        if simplex.load(&network).is_err() {
            continue;
        }
        check(&simplex);
        while let Some(entering) = simplex.price(network.arc_count(), 3) {
            if simplex.pivot(entering).is_err() {
                break;
            }
            check(&simplex);
            pivots += 1;
        }
    }
    assert!(pivots > 5_000, "{pivots}");
}

#[test]
fn a_refresh_keeps_the_tree() {
    for seed in 0..3_000 {
        let mut network = network(seed);
        let mut simplex = Simplex::default();
        let mut solution = crate::Solution::default();
        let verdict = simplex.solve(&network, &|| false, &mut solution);
        if !simplex.warm || network.arc_count() == 0 {
            assert!(network.arc_count() == 0 || verdict.is_err());
            continue;
        }
        for step in 0..5 {
            let id = ArcId::new((seed as usize + step) % network.arc_count());
            let old = *network.arc(id);
            network.set_bounds(id, old.lower..=(old.upper ^ step as i64) & 7);
            simplex.set_bounds(id, &old, network.arc(id));
            simplex.set_cost(id, old.cost, old.cost ^ 3);
            network.set_cost(id, old.cost ^ 3);
        }
        if simplex.warm {
            assert!(simplex.refresh());
            check(&simplex);
            assert!(simplex.excess.iter().skip(1).all(|&excess| excess == 0));
        }
    }
}

#[test]
fn the_order_is_a_permutation_and_back() {
    for arcs in [0, 1, 7, 90, 400] {
        for nodes in [1, 2, 3, 11] {
            let mut network = Network::new();
            let ids: Vec<NodeId> = (0..nodes).map(|_| network.add_node(0)).collect();
            for arc in 0..arcs {
                network.add_arc(ids[arc % nodes], ids[arc / 2 % nodes], 0..=1, (arc * arc % 31) as i64);
            }
            let mut order = Order::default();
            order.arrange(&network, &mut vec![false; arcs]);
            order.push();
            let mut seen = vec![false; arcs + 1];
            for (arc, slot) in order.slots().enumerate() {
                assert_eq!((order.slot(arc), order.arc(slot)), (slot, arc));
                assert!(!std::mem::replace(&mut seen[slot], true));
            }
            assert!(seen.iter().all(|&seen| seen) && order.first <= arcs + 1);
        }
    }
}
