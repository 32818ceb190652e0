//! A solver too simple to be wrong: breadth-first augmentation, then Bellman-Ford and negative cycles.

use tiaoji_flow::{INFINITE, Network};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Optimal(i128),
    Unbalanced,
    Infeasible,
    Unbounded,
}

/// A residual arc: the arc, whether it is used forwards, its ends, its cost and its room.
struct Residual {
    arc: usize,
    forward: bool,
    from: usize,
    to: usize,
    cost: i64,
    room: i64,
}

fn residual(network: &Network, flows: &[i64]) -> Vec<Residual> {
    let mut residual = Vec::new();
    for ((id, arc), &flow) in network.arcs().zip(flows) {
        let (tail, head) = (arc.tail.index(), arc.head.index());
        let room = if arc.upper == INFINITE { INFINITE } else { arc.upper - flow };
        let (back, arc, cost) = (flow - arc.lower, id.index(), arc.cost);
        if room > 0 {
            residual.push(Residual { arc, forward: true, from: tail, to: head, cost, room });
        }
        if back > 0 {
            residual.push(Residual { arc, forward: false, from: head, to: tail, cost: -cost, room: back });
        }
    }
    residual
}

fn push(flows: &mut [i64], step: &Residual, amount: i64) {
    flows[step.arc] += if step.forward { amount } else { -amount };
}

/// Moves one bundle of excess to a deficit; `None` if some excess can reach none, `Some(false)` if none is left.
fn augment(network: &Network, flows: &mut [i64], excess: &mut [i64]) -> Option<bool> {
    let Some(source) = excess.iter().position(|&excess| excess > 0) else { return Some(false) };
    let residual = residual(network, flows);
    let mut pred = vec![usize::MAX; excess.len()];
    let mut reached = vec![source];
    let mut next = 0;
    while next < reached.len() {
        let u = reached[next];
        next += 1;
        for (index, step) in residual.iter().enumerate() {
            if step.from == u && step.to != source && pred[step.to] == usize::MAX {
                pred[step.to] = index;
                reached.push(step.to);
            }
        }
    }
    let sink = *reached.iter().find(|&&u| excess[u] < 0)?;
    let mut path = Vec::new();
    let mut u = sink;
    while u != source {
        path.push(&residual[pred[u]]);
        u = residual[pred[u]].from;
    }
    let amount =
        path.iter().map(|step| step.room).min().unwrap_or(INFINITE).min(excess[source]).min(-excess[sink]);
    for step in path {
        push(flows, step, amount);
    }
    excess[source] -= amount;
    excess[sink] += amount;
    Some(true)
}

fn negative_cycle(residual: &[Residual], nodes: usize) -> Option<Vec<&Residual>> {
    let mut distance = vec![0; nodes];
    let mut pred: Vec<Option<&Residual>> = vec![None; nodes];
    let mut changed = None;
    for _ in 0..=nodes {
        changed = None;
        for step in residual {
            if distance[step.from] + step.cost < distance[step.to] {
                distance[step.to] = distance[step.from] + step.cost;
                pred[step.to] = Some(step);
                changed = Some(step.to);
            }
        }
        changed?;
    }
    let mut u = changed?;
    for _ in 0..nodes {
        u = pred[u]?.from;
    }
    let start = u;
    let mut cycle = Vec::new();
    loop {
        let step = pred[u]?;
        cycle.push(step);
        u = step.from;
        if u == start {
            return Some(cycle);
        }
    }
}

/// Solves a network of small numbers.
pub fn solve(network: &Network) -> Outcome {
    if network.supplies().iter().sum::<i64>() != 0 {
        return Outcome::Unbalanced;
    }
    if network.arcs().any(|(_, arc)| arc.lower > arc.upper) {
        return Outcome::Infeasible;
    }
    let mut flows: Vec<i64> = network.arcs().map(|(_, arc)| arc.lower).collect();
    let mut excess = network.supplies().to_vec();
    for (_, arc) in network.arcs() {
        excess[arc.tail.index()] -= arc.lower;
        excess[arc.head.index()] += arc.lower;
    }
    loop {
        match augment(network, &mut flows, &mut excess) {
            None => return Outcome::Infeasible,
            Some(false) => break,
            Some(true) => {}
        }
    }
    loop {
        let residual = residual(network, &flows);
        // A cycle that is free for ever may hide behind one that is not: look for it alone.
        let mut free = residual;
        free.retain(|step| step.room == INFINITE);
        if negative_cycle(&free, excess.len()).is_some() {
            return Outcome::Unbounded;
        }
        let residual = self::residual(network, &flows);
        let Some(cycle) = negative_cycle(&residual, excess.len()) else { break };
        let amount = cycle.iter().map(|step| step.room).min().unwrap_or(0);
        for step in cycle {
            push(&mut flows, step, amount);
        }
    }
    Outcome::Optimal(network.arcs().zip(flows).map(|((_, arc), flow)| i128::from(arc.cost * flow)).sum())
}
