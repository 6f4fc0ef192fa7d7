//! Time of one run, by workload.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::{Catalog, ChipId};
use strait::data::{DataSet, load_sources};
use strait::perf::inference::{Demand, Formats, Setup, Spread, StepModel, Steps};
use strait::perf::kernels::read;
use strait::perf::ops::attention_decode::Decode;
use strait::perf::ops::gemm::Gemm;
use strait::perf::ops::{Cache, Call, Device, End, Engine, Operator, Precision, Typical, seconds};
use strait::perf::{ModelId, PerfModel};
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
    let typical = Typical::load(&data, &catalog.sources).expect("what is typical");
    let chip = catalog.get(&ChipId("nvidia-h100-sxm".into())).expect("h100");
    let device = Device::of(chip, &typical, End::Middle).expect("its figures");
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

/// Inference points: one model, chip, spread and number of users, each with its decoding step, its prompt and both
/// together; users and lengths change from point to point.
fn inference(c: &mut Criterion) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).expect("sources");
    let perf = PerfModel::load(&data, &sources).expect("perf data");
    let catalog = Catalog::load(&data, &Scenario::default()).expect("catalog");
    let chip = catalog.get(&ChipId("nvidia-h100-sxm".into())).expect("h100");
    let system = perf.inference().system(chip, End::Middle).expect("its figures");
    let mut group = c.benchmark_group("inference");
    group.throughput(Throughput::Elements(100));
    for (name, chips) in [("llama-3.1-70b", 4), ("qwen3-235b-a22b", 8), ("deepseek-v3", 8)] {
        let model = perf.model(&ModelId(name.into())).expect("shipped");
        let setup = Setup {
            model,
            formats: Formats::of(Formats::usual(&system)).expect("kernels"),
            spread: Spread::tensor(chips),
            system,
            engine: None,
        };
        let steps = StepModel::new(&setup, &perf.inference().kernels).expect("timed");
        let software = perf.inference().fit.engine(None);
        group.bench_function(name, |b| {
            b.iter(|| {
                let point = |i: u32| {
                    let demand = Demand::new(f64::from(i * 37 % 4000 + 100), 512.0);
                    let seen = Steps::of(&steps, &demand, f64::from(i % 64 + 1)).seen(&software);
                    seen.ttft + seen.tpot
                };
                (0..100).map(|i| point(black_box(i))).sum::<f64>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, runs, operators, inference);
criterion_main!(benches);
