//! Training plans a second on one core, and whole searches: GPT-3 175B on 4,096 A100s.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::{Catalog, Format};
use strait::data::{DataSet, load_sources};
use strait::figure::Outcome;
use strait::perf::training::{Breadth, Effort, Fixed, Job, Kernel, Search, Trained};
use strait::perf::{ModelId, PerfModel};
use strait::scenario::Scenario;

fn searches(c: &mut Criterion) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).expect("sources");
    let perf = PerfModel::load(&data, &sources).expect("perf data");
    let catalog = Catalog::load(&data, &Scenario::default()).expect("catalog");
    let a100 = catalog.resolve("a100-sxm-80gb").expect("a100").chip;
    let job = |chips, batch| Job {
        model: perf.model(&ModelId("gpt-3-175b".into())).expect("gpt-3"),
        chips,
        sequence: 2048,
        batch,
        arithmetic: Format::Fp16,
        attention: Kernel::Fused,
        gradient_bytes: 2.0,
        trained: Trained::All,
    };
    let search = |job: &Job<'_>, breadth, effort| -> Search {
        match perf.search_training(
            a100,
            black_box(job),
            &Fixed::default(),
            breadth,
            effort,
            &|_, _| true,
        ) {
            Outcome::Known(found) => found,
            Outcome::Unknown(needs) => panic!("{needs:?}"),
        }
    };
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let mut group = c.benchmark_group("training");
    group.sample_size(10);
    // Every plan of the space, layers timed anew: a plan a second is a plan examined.
    let small = job(512, 512);
    let plans = search(&small, Breadth::Wide, Effort::Exhaustive).examined;
    group.throughput(Throughput::Elements(plans));
    group.bench_function("plans", |b| {
        b.iter(|| one.install(|| search(&small, Breadth::Wide, Effort::Exhaustive)));
    });
    let large = job(4096, 4096);
    for (name, effort) in [("exhaustive", Effort::Exhaustive), ("pruned", Effort::Pruned)] {
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("gpt-3 on 4096, {name}, two cores"), |b| {
            let two = rayon::ThreadPoolBuilder::new()
                .num_threads(2)
                .build()
                .expect("threads");
            b.iter(|| two.install(|| search(&large, Breadth::Wide, effort)));
        });
    }
    group.finish();
}

criterion_group!(benches, searches);
criterion_main!(benches);
