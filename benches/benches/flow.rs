//! `tiaoji-flow` over families and sizes: from nothing, and again after a small change.

use std::{hint::black_box, time::Duration};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tiaoji_benches::families::{self, Rng};
use tiaoji_flow::{ArcId, Network, NodeId, Solver, solve};

type Case = (&'static str, &'static [usize], fn(usize) -> Network);

const CASES: [Case; 5] = [
    ("labour", &[150, 400, 1_500, 5_000], families::labour),
    ("netgen", &[1_024, 4_096, 16_384], families::netgen_8),
    ("grid", &[16, 64, 128], families::grid),
    ("assignment", &[100, 300, 1_000], families::assignment),
    ("transportation", &[100, 300, 1_000], families::transportation),
];

fn cold(criterion: &mut Criterion) {
    for (family, sizes, network) in CASES {
        let mut group = criterion.benchmark_group(format!("cold/{family}"));
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(200))
            .measurement_time(Duration::from_secs(1));
        for &size in sizes {
            let network = network(size);
            group.throughput(Throughput::Elements(network.arc_count() as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| solve(black_box(&network)).expect("the families are feasible"));
            });
        }
    }
}

/// Between two solves something small changes.
fn warm(criterion: &mut Criterion) {
    for (family, sizes, network) in CASES {
        let mut group = criterion.benchmark_group(format!("warm/{family}"));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(200))
            .measurement_time(Duration::from_secs(1));
        for &size in sizes {
            let start = &mut Solver::new(network(size));
            let flows = start.solve().expect("the families are feasible").flows().to_vec();
            for (name, changes) in [("one cost", 1), ("ten costs", 10)] {
                let (solver, rng) = (&mut start.clone(), &mut Rng::new(7));
                group.bench_function(BenchmarkId::new(name, size), |bencher| {
                    bencher.iter(|| {
                        (0..changes).for_each(|_| change_cost(solver, rng));
                        black_box(solver.solve().expect("costs close no way").cost())
                    });
                });
            }
            let used: Vec<usize> = (0..flows.len()).filter(|&arc| flows[arc] > 0).collect();
            let (solver, rng) = (&mut start.clone(), &mut Rng::new(8));
            let mut changed = None;
            group.bench_function(BenchmarkId::new("one supply", size), |bencher| {
                bencher.iter(|| {
                    // Every other time the change is taken back.
                    let (arc, more) =
                        changed.take().map_or_else(|| (used[rng.below(used.len())], -1), |arc| (arc, 1));
                    changed = (more < 0).then_some(arc);
                    change_supply(solver, ArcId::new(arc), more);
                    black_box(solver.solve().expect("one unit less on an arc is a flow").cost())
                });
            });
            group.bench_function(BenchmarkId::new("one new node", size), |bencher| {
                bencher.iter_batched_ref(
                    || {
                        // The first new node makes room for the second, as it does for a thousand.
                        let mut solver = start.clone();
                        add_node(&mut solver);
                        solver.solve().expect("a node of supply 0 asks for nothing");
                        solver
                    },
                    |solver| {
                        add_node(solver);
                        black_box(solver.solve().expect("a node of supply 0 asks for nothing").cost())
                    },
                    BatchSize::LargeInput,
                );
            });
        }
    }
}

/// A cost from somewhere else in the network.
fn change_cost(solver: &mut Solver, rng: &mut Rng) {
    let arcs = solver.network().arc_count();
    let [arc, other] = [(); 2].map(|()| ArcId::new(rng.below(arcs)));
    let cost = solver.network().arc(other).cost;
    solver.set_cost(arc, cost);
}

/// So many units more from the tail of an arc to its head.
fn change_supply(solver: &mut Solver, arc: ArcId, more: i64) {
    let arc = solver.network().arc(arc);
    let (tail, head) = (arc.tail, arc.head);
    solver.set_supply(tail, solver.network().supply(tail) + more);
    solver.set_supply(head, solver.network().supply(head) - more);
}

/// A node on forty new ways through the network.
fn add_node(solver: &mut Solver) {
    let nodes = solver.network().node_count();
    let new = solver.add_node(0);
    for k in 0..20 {
        let [from, to] = [k, k + 20].map(|k| NodeId::new(k * (nodes - 1) / 39));
        solver.add_arc(from, new, 0..=9, 5_000);
        solver.add_arc(new, to, 0..=9, 5_000);
    }
}

criterion_group!(benches, cold, warm);
criterion_main!(benches);
