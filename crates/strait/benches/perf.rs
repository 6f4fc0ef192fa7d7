//! Time of one run, by workload.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::{Catalog, ChipId};
use strait::data::{DataSet, load_sources};
use strait::perf::PerfModel;
use strait::perf::kernels::read;
use strait::perf::ops::attention_decode::Decode;
use strait::perf::ops::gemm::Gemm;
use strait::perf::ops::{Cache, Call, Device, Engine, Operator, Precision, seconds};
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

/// Operator evaluations under the committed fit, over a table of different shapes so that none repeats at once.
fn operators(c: &mut Criterion) {
    let data = DataSet::embedded();
    let kernels = read(data.get("perf/operators.toml").expect("the fit")).expect("it reads");
    let catalog = Catalog::load(&data, &Scenario::default()).expect("catalog");
    let device =
        Device::of(catalog.get(&ChipId("nvidia-h100-sxm".into())).expect("h100")).expect("its figures");
    let mut group = c.benchmark_group("operators");
    group.throughput(Throughput::Elements(1000));
    let sizes = || (0..1000_u32).map(|i| f64::from(i * 7919 % 8191 + 1));
    let gemm: Vec<Call> = sizes()
        .map(|m| {
            Call::Gemm(Gemm {
                m,
                n: 8192.0,
                k: 4096.0,
                precision: Precision::BF16,
                cache: Cache::Cold,
            })
        })
        .collect();
    let decode: Vec<Call> = sizes()
        .map(|context| {
            Call::AttentionDecode(Decode {
                batch: 32.0,
                context,
                heads: 64.0,
                kv_heads: 8.0,
                head_dim: 128.0,
                window: f64::INFINITY,
                kv_bytes: 2.0,
                cache: Cache::Cold,
            })
        })
        .collect();
    for (operator, calls) in [(Operator::Gemm, gemm), (Operator::AttentionDecode, decode)] {
        let family = *kernels
            .set(&(operator, "bf16".to_owned()))
            .expect("fitted")
            .family();
        group.bench_function(operator.name(), |b| {
            let time = |call| seconds(black_box(call), &device, &family, &Engine::BEST);
            b.iter(|| calls.iter().filter_map(time).sum::<f64>());
        });
    }
    group.finish();
}

criterion_group!(benches, runs, operators);
criterion_main!(benches);
