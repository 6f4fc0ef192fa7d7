//! Serving ten thousand requests with the lengths and rate of Azure's conversation trace of 2023 (mean prompt
//! 1,155 tokens, mean answer 211, 5.5 requests a second), on one core.
//!
//! Three step times: a formula, which leaves the simulation alone to be measured; the same one tabulated; and
//! the engine model tabulated, each table begun empty.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::figure::{Gigabytes, Outcome, Quantity, Seconds};
use strait::perf::simulation::{
    Arrivals, Batching, Fleet, Length, Load, Pool, Settings, StepTime, Tabulated, simulate, synthetic,
};
use strait::perf::{ModelId, PerfModel};
use strait::scenario::Scenario;

/// About an 8B model on one H100.
struct Formula;

impl StepTime for Formula {
    fn time(&self, l: &Load) -> Seconds {
        Seconds::of(
            0.006
                + 30e-6 * f64::from(l.prompt_tokens)
                + 1e-9 * l.prompt_keys as f64
                + 40e-6 * f64::from(l.decodes)
                + 50e-9 * l.decode_keys as f64,
        )
    }
}

fn bench(c: &mut Criterion) {
    let length = |mean, variation| Length { mean, variation };
    let arrivals = Arrivals {
        rate: 5.5,
        variation: 1.0,
    };
    let trace = synthetic(1, 10_000, arrivals, length(1155.0, 0.97), length(211.0, 0.77));
    let settings = Settings::new(Gigabytes::of(131_072e-9));
    let mut group = c.benchmark_group("simulation");
    group.sample_size(10);
    let run = |step: &dyn StepTime| {
        let pool = Pool {
            replicas: 1,
            blocks: 25_000,
            sequences: 256,
            batching: Batching::Chunked { tokens: 8192 },
            step,
        };
        let fleet = Fleet { pool, decodes: None };
        simulate(&trace, &fleet, &settings, &mut |_| true).expect("a fleet that serves")
    };
    group.bench_function("10,000 requests, step by formula", |b| b.iter(|| run(&Formula)));
    group.bench_function("10,000 requests, step tabulated anew", |b| {
        b.iter_batched(
            || Tabulated::over(&Formula),
            |table| run(&table),
            BatchSize::PerIteration,
        )
    });
    let data = DataSet::embedded();
    let sources = load_sources(&data).expect("sources");
    let perf = PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let chip = catalog.resolve("h100-sxm").expect("a chip").chip;
    let model = perf.model(&ModelId("llama-3.1-8b".into())).expect("a model");
    let Outcome::Known(replica) = perf.replica(chip, model, 1, None) else {
        panic!("an 8B model fits an H100");
    };
    group.bench_function("10,000 requests, engine model tabulated anew", |b| {
        b.iter_batched(
            || Tabulated::over(&replica),
            |table| run(&table),
            BatchSize::PerIteration,
        )
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
