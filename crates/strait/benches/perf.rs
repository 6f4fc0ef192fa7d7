//! Time of one run, by workload.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::{Catalog, ChipId};
use strait::data::{DataSet, load_sources};
use strait::perf::PerfModel;
use strait::scenario::Scenario;

fn runs(c: &mut Criterion) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).expect("sources");
    let model = PerfModel::load(&data, &sources).expect("perf data");
    let catalog = Catalog::load(&data, &Scenario::default()).expect("catalog");
    let chip = catalog.get(&ChipId("nvidia-h20-96gb".into())).expect("h20");
    for workload in model.workloads() {
        let scale = workload.scales[0];
        c.bench_function(&format!("perf/{}", workload.id), |b| {
            b.iter(|| black_box(model.run(black_box(chip), &workload.id, scale)));
        });
    }
}

criterion_group!(benches, runs);
criterion_main!(benches);
