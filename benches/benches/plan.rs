//! From the bytes of a scenario folder to a plan, on the two zones of the fixtures.

use std::{collections::BTreeMap, fs, hint::black_box, path::Path, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use tiaoji_core::{
    admissibility::admissible_pairs,
    plan::Method,
    solve::{Options, solve},
};
use tiaoji_formats::read_folder_files;

type Files = BTreeMap<String, Vec<u8>>;

/// The peak takes seconds a plan: one of the two that use prices is enough.
const ZONES: [(&str, &[Method]); 2] = [
    ("jibei", &[Method::Daily, Method::Priced, Method::Auto, Method::Exact]),
    ("jibei-peak", &[Method::Daily, Method::Priced]),
];

fn files(zone: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(zone);
    let mut files = Files::new();
    for entry in fs::read_dir(folder).expect("the fixture is there") {
        let path = entry.expect("the folder is readable").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        files.insert(name, fs::read(path).expect("the file is readable"));
    }
    files
}

fn plan(criterion: &mut Criterion) {
    for (zone, methods) in ZONES {
        let mut group = criterion.benchmark_group(zone);
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2));
        let files = files(zone);
        let read = || read_folder_files(black_box(&files)).expect("the fixture has no defect").scenario;
        group.bench_function("read", |bencher| bencher.iter(read));
        let scenario = read();
        group.bench_function("admissible pairs", |bencher| {
            bencher.iter(|| admissible_pairs(black_box(&scenario)).len());
        });
        for &method in methods {
            let options = Options { method, threads: 1, ..Options::default() };
            group.bench_function(format!("{method:?}").to_lowercase(), |bencher| {
                bencher.iter(|| solve(black_box(&scenario), &options).objective);
            });
        }
    }
}

criterion_group!(benches, plan);
criterion_main!(benches);
