//! Inference end to end: what a step computes, how it scales, what users see.

use proptest::prelude::*;
use strait::catalog::Catalog;
use strait::data::{DataFile, DataSet, load_sources};
use strait::perf::inference::{
    Client, Demand, Formats, Inference, Intake, Limits, Memory, Mixture, Replica, ServingFit, Setup, Spread,
    Stack, StepBatch, StepModel, Steps, System, Waits, Work, best, frontier, within,
};
use strait::perf::ops::grouped_gemm::Routing;
use strait::perf::ops::{Call, End, Precision};
use strait::perf::{Model, ModelId, PerfModel};
use strait::scenario::Scenario;

struct World {
    catalog: Catalog,
    perf: PerfModel,
}

fn world() -> &'static World {
    static WORLD: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    WORLD.get_or_init(|| {
        let data = DataSet::embedded();
        let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
        World {
            catalog: Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}")),
            perf: PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}")),
        }
    })
}

fn inference() -> &'static Inference {
    world().perf.inference()
}

fn model(name: &str) -> &'static Model {
    world()
        .perf
        .model(&ModelId(name.into()))
        .unwrap_or_else(|| panic!("{name}"))
}

fn system(chip: &str) -> System {
    let chip = world().catalog.resolve(chip).unwrap().chip;
    inference()
        .system(chip, End::Middle)
        .unwrap_or_else(|n| panic!("{n:?}"))
}

fn setup(of: &str, on: &str, spread: Spread) -> Setup<'static> {
    let system = system(on);
    Setup {
        model: model(of),
        formats: Formats::of(Formats::usual(&system)).unwrap(),
        spread,
        system,
        engine: None,
    }
}

fn replica(of: &str, on: &str, spread: Spread) -> Replica<'static> {
    inference()
        .replica(&setup(of, on, spread))
        .unwrap_or_else(|n| panic!("{n:?}"))
}

#[test]
fn a_decoding_step_reads_every_multiplied_weight_once() {
    for model in world().perf.models() {
        let formats = Formats::all(Precision::BF16, 2.0);
        let stack = Stack {
            model,
            formats: &formats,
            spread: &Spread::ONE,
            mixture: Mixture {
                routing: Routing::Balanced,
                walks_all: false,
            },
            domain: 8,
            hidden: 0.7,
        };
        let mut weights = 0.0;
        stack.walk(&StepBatch::decodes(1.0, 1024.0), &mut |item| {
            weights += item.count
                * match item.work {
                    Work::Call(Call::Gemm(g)) => g.n * g.k,
                    Work::Call(Call::GroupedGemm(g)) => g.experts * g.matrices * g.hidden * g.inner,
                    _ => 0.0,
                };
        });
        let table = f64::from(model.hidden) * f64::from(model.vocabulary);
        let input = if model.tied { 0.0 } else { table };
        let expected =
            model.parameters() as f64 - input - f64::from(model.hidden) * f64::from(model.positions);
        // Low-rank gates of linear attention are lowered without their second matrix.
        assert!(
            (weights / expected - 1.0).abs() < 0.01,
            "{}: {weights} for {expected}",
            model.id
        );
    }
}

#[test]
fn every_shipped_model_is_timed_on_some_spread_of_eight() {
    for model in world().perf.models() {
        let setup = setup(&model.id.0, "b200", Spread::ONE);
        let demand = Demand::new(512.0, 128.0);
        let found = best(inference(), &setup, 8, &demand, &Limits::NONE);
        match found {
            Ok(Some(chosen)) => assert!(chosen.operating.per_chip > 0.0, "{}", model.id),
            other => assert!(model.parameters() > 400_000_000_000, "{}: {other:?}", model.id),
        }
    }
}

#[test]
fn chips_that_share_a_matrix_hold_their_part_of_it() {
    let of = |spread| Memory::of(model("deepseek-v3"), &Formats::all(Precision::FP8, 1.0), &spread);
    let (one, eight) = (of(Spread::ONE), of(Spread::tensor(8)));
    assert!((one.weights / eight.weights - 8.0).abs() < 0.01);
    // A latent is needed whole on every chip.
    assert!((one.token - eight.token).abs() < 1e-9);
    let apart = of(Spread {
        tensor: 1,
        data: 8,
        experts: 8,
        pipeline: 1,
    });
    assert!(apart.weights > eight.weights && apart.weights < one.weights);
    // 61 layers of 512 + 64 bytes.
    assert!((one.token - 61.0 * 576.0).abs() < 1e-9, "{}", one.token);
}

#[test]
fn an_h20_decodes_like_an_h100_and_computes_prompts_at_a_higher_share_of_its_peak() {
    let seconds = |chip, batch: &StepBatch| {
        let steps = replica("llama-3.1-8b", chip, Spread::ONE).steps.step(batch);
        steps.work()
    };
    // Few users: memory alone, of which the H20 has a fifth more. Many: its arithmetic begins to bind.
    let few = StepBatch::decodes(1.0, 2048.0);
    let ratio = seconds("h100-sxm", &few) / seconds("h20", &few);
    assert!(ratio > 1.05, "decoding {ratio}");
    let many = StepBatch::decodes(32.0, 2048.0);
    let ratio = seconds("h100-sxm", &many) / seconds("h20", &many);
    assert!(ratio > 0.7, "decoding {ratio}");
    let prompt = StepBatch::prompts(4.0, 2048.0, 0.0);
    let ratio = seconds("h20", &prompt) / seconds("h100-sxm", &prompt);
    // A seventh of the arithmetic, but a larger share of it.
    assert!((3.0..6.2).contains(&ratio), "prompts {ratio}");
}

#[test]
fn users_see_what_load_cache_and_drafts_do() {
    let r = replica("llama-3.1-70b", "h100-sxm", Spread::tensor(4));
    let demand = Demand::new(2048.0, 512.0);
    let ways = frontier(&r, &demand);
    assert!(ways.len() > 4);
    for pair in ways.windows(2) {
        assert!(
            pair[1].tpot > pair[0].tpot && pair[1].ttft > pair[0].ttft,
            "{pair:?}"
        );
    }
    let at = |demand: &Demand| r.at(demand, 16.0);
    let plain = at(&demand);
    let cached = at(&Demand {
        cached: 0.75,
        ..demand
    });
    assert!(cached.ttft < plain.ttft && cached.tpot < plain.tpot);
    let drafted = at(&Demand {
        drafted: 3.0,
        accepted: 1.8,
        ..demand
    });
    assert!(drafted.tpot < 0.75 * plain.tpot && drafted.tpot > plain.tpot / 2.8);
    let chunked = at(&Demand {
        step_tokens: 512.0,
        ..demand
    });
    // Small chunks read the weights again and again.
    assert!(chunked.ttft > plain.ttft);
}

#[test]
fn a_plan_within_limits_keeps_them_and_a_looser_one_serves_no_less() {
    let setup = setup("llama-3.1-70b", "h200", Spread::ONE);
    let demand = Demand::new(1024.0, 1024.0);
    let mut last = 0.0;
    for tpot in [0.008, 0.012, 0.02, 0.05, f64::INFINITY] {
        let limits = Limits { ttft: 3.0, tpot };
        let found = best(inference(), &setup, 8, &demand, &limits).unwrap();
        let Some(chosen) = found else { continue };
        assert!(limits.keep(&chosen.operating));
        assert!(
            chosen.operating.per_chip >= 0.98 * last,
            "{tpot}: {}",
            chosen.operating.per_chip
        );
        last = chosen.operating.per_chip;
        let r = replica("llama-3.1-70b", "h200", chosen.replica.steps.spread());
        assert_eq!(within(&r, &demand, &limits, 0.0), Some(chosen.operating));
    }
    assert!(last > 0.0);
}

#[test]
fn the_serving_fit_is_written_as_it_is_read() {
    let fit = &inference().fit;
    let text = fit.to_toml();
    let again = ServingFit::read(DataFile {
        path: "perf/serving.toml",
        text: &text,
    })
    .unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(again, *fit);
    let broken = text.replacen("captured", "capture", 1);
    let problems = ServingFit::read(DataFile {
        path: "perf/serving.toml",
        text: &broken,
    })
    .unwrap_err()
    .to_string();
    assert!(
        problems.contains("captured") && problems.contains("capture"),
        "{problems}"
    );
}

#[test]
fn a_first_round_of_all_users_delays_first_tokens_and_frees_later_ones() {
    let r = replica("qwen3-32b", "h100-sxm", Spread::tensor(2));
    let steps = Steps::of(&r.steps, &Demand::new(2048.0, 256.0), 64.0);
    let seen = |rounds| {
        let client = Client {
            rounds,
            ..Client::STEADY
        };
        let waits = Waits::of(&steps.demand, 64.0, &client, &Intake::default());
        steps.seen_by(&r.software, &client, &waits)
    };
    let (once, often) = (seen(1.0), steps.seen(&r.software));
    assert!(once.ttft > 3.0 * often.ttft, "{once:?} {often:?}");
    assert!(once.tpot < often.tpot);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_of_anything_never_slows_a_step(
        sequences in 1u32..256, context in 64u32..8192, tokens in 1u32..4096, which in 0usize..4, k in 1.05f64..4.0,
    ) {
        let base = setup("qwen3-30b-a3b", "h100-sxm", Spread::tensor(2));
        let mut faster = base;
        match which {
            0 => faster.system.device.memory *= k,
            1 => faster.system.device.link *= k,
            2 => {
                faster.system.device.peak16 *= k;
                faster.system.device.peak8 *= k;
            }
            _ => faster.system.device.cache *= k,
        }
        let batch = StepBatch::prompts(1.0, f64::from(tokens), 0.0)
            .with_decodes(f64::from(sequences), f64::from(context));
        let time = |s: &Setup<'static>| {
            let step = StepModel::new(s, &inference().kernels).unwrap().step(&batch);
            step.work() + step.launch
        };
        prop_assert!(time(&faster) <= time(&base) * 1.0001);
    }
}
