//! From the bytes of a scenario folder to a plan, on the two zones of the fixtures.

use std::{collections::BTreeMap, fs, hint::black_box, path::Path, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use tiaoji_core::{
    admissibility::admissible_pairs,
    earlier::{Earlier, Named},
    plan::{Claim, Method, Secondment},
    solve::{Options, solve},
};
use tiaoji_formats::read_folder_files;

type Files = BTreeMap<String, Vec<u8>>;

/// The peak takes a third of a second a plan: one of the two that use prices is enough.
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

/// One shortage more on the peak: from scratch, and from the plan and prices without it.
fn replan(criterion: &mut Criterion) {
    let mut files = files("jibei-peak");
    let scenario_of = |files: &Files| read_folder_files(files).expect("the fixture has no defect").scenario;
    let before = scenario_of(&files);
    let options = Options { method: Method::Priced, threads: 1, ..Options::default() };
    let plan = solve(&before, &options);
    let row = "D900,F083,K02,6,2022-07-06,2022-07-25,normal,,,,,,,,\n";
    files.get_mut("shortage.csv").expect("the fixture has shortages").extend_from_slice(row.as_bytes());
    let after = scenario_of(&files);
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    let named = Named::all(&before);
    let earlier = Earlier::new(&after, &named, &claims, plan.prices).expect("the sums fit");
    let mut group = criterion.benchmark_group("one shortage more");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    group.bench_function("from scratch", |bencher| {
        bencher.iter(|| solve(black_box(&after), &options).objective);
    });
    let warm = Options { start_from: Some(&earlier), ..options };
    group.bench_function("from the plan", |bencher| {
        bencher.iter(|| solve(black_box(&after), &warm).objective);
    });
}

criterion_group!(benches, plan, replan);
criterion_main!(benches);
