//! The simulation over the engine model: what a replica holds, how near the table is, limits by load.

use crate::shipped::{chip, model, world};
use proptest::prelude::*;
use strait::catalog::Format;
use strait::figure::{Outcome, Quantity, Seconds};
use strait::perf::simulation::{
    Arrivals, Batching, Fleet, Length, Load, Objectives, Pool, Replica, Settings, StepTime, Tabulated,
    report, simulate, synthetic,
};

fn replica(on: &str, of: &str, chips: u32, format: Option<Format>) -> Replica<'static> {
    match world().perf.replica(chip(on), model(of), chips, format) {
        Outcome::Known(replica) => replica,
        Outcome::Unknown(needs) => panic!("{needs:?}"),
    }
}

#[test]
fn a_replica_holds_what_weights_leave() {
    // Llama 3.1 8B in 16 bits: 8.03e9 parameters of 2 bytes; 32 layers x 8 heads x 128 x 2 x 2 bytes a token.
    let r = replica("h100-sxm", "llama-3.1-8b", 1, Some(Format::Fp16));
    assert!((r.token.get() - 131_072e-9).abs() < 1e-12);
    // 80 GiB, of which nine tenths.
    let by_hand = (80.0 * f64::from(1 << 30) * 0.9 - 8.03e9 * 2.0) / 131_072.0;
    assert!(
        (r.tokens as f64 / by_hand - 1.0).abs() < 0.01,
        "{} for {by_hand}",
        r.tokens
    );
    // Eight chips share the eight heads of the 70B model; beside FP8 the cache has one byte an element.
    let two = replica("h100-sxm", "llama-3.1-70b", 8, None);
    assert!((two.token.get() - 80.0 * 8.0 * 128.0 * 2.0 * 1e-9).abs() < 1e-12);
    for (chips, format, why) in [
        (1, None, "weights of"),
        (5, None, "a layer is shared"),
        (8, Some(Format::Fp4), "it computes"),
    ] {
        match world()
            .perf
            .replica(chip("h100-sxm"), model("llama-3.1-405b"), chips, format)
        {
            Outcome::Unknown(needs) => assert!(needs[0].why.contains(why), "{needs:?}"),
            Outcome::Known(_) => panic!("{chips} chips"),
        }
    }
}

#[test]
fn power_lies_between_idle_and_board() {
    let r = replica("h100-sxm", "llama-3.1-8b", 1, None);
    let of = |load: &Load| r.power(load).unwrap().value.get();
    let idle = of(&Load::default());
    let decode = of(&Load {
        decodes: 64,
        decode_keys: 64 * 1000,
        ..Load::default()
    });
    let prompt = of(&Load::prompt(8192, 0, true));
    assert!(
        idle > 50.0 && idle < decode && decode < prompt && prompt < 700.0,
        "{idle} {decode} {prompt}"
    );
}

#[test]
fn idle_fleets_answer_as_one_request_and_flooded_ones_queue() {
    let r = replica("h20", "llama-3.1-8b", 1, None);
    let table = Tabulated::over(&r);
    let pool = Pool {
        replicas: 1,
        blocks: r.tokens / 16,
        sequences: 256,
        batching: Batching::Chunked { tokens: 8192 },
        step: &table,
    };
    let fleet = Fleet { pool, decodes: None };
    let at = |rate| {
        let same = |mean| Length { mean, variation: 0.0 };
        let arrivals = Arrivals { rate, variation: 1.0 };
        let trace = synthetic(4, 300, arrivals, same(1024.0), same(128.0));
        let found = simulate(&trace, &fleet, &Settings::new(r.token), &mut |_| true).unwrap();
        report(
            &found,
            &Objectives {
                ttft: Some(Seconds::of(0.5)),
                tpot: Some(Seconds::of(0.02)),
            },
        )
    };
    let (idle, busy) = (at(0.01), at(1000.0));
    let alone = table.time(&Load::prompt(1024, 0, true)).get();
    assert!((idle.ttft.unwrap().p50.get() / alone - 1.0).abs() < 1e-6);
    assert!(idle.good_share > 0.99);
    assert!(busy.queue.unwrap().p99.get() > 10.0 * alone);
    assert!(busy.output_tokens_per_second > 5.0 * idle.output_tokens_per_second);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_table_is_near_the_engine(
        tokens in 0u32..20_000, before in 0u32..30_000, decodes in 0u32..600, context in 1u64..60_000,
    ) {
        static R: std::sync::OnceLock<Replica<'static>> = std::sync::OnceLock::new();
        let r = R.get_or_init(|| replica("h100-sxm", "llama-3.1-8b", 1, None));
        static TABLE: std::sync::OnceLock<Tabulated<'static>> = std::sync::OnceLock::new();
        let table = TABLE.get_or_init(|| Tabulated::over(r));
        let mut load = Load { decodes, decode_keys: u64::from(decodes) * context, ..Load::default() };
        if tokens > 0 {
            load.add(&Load::prompt(tokens, before, true));
        }
        prop_assume!(!load.is_empty());
        let (exact, near) = (r.time(&load).get(), table.time(&load).get());
        // The roofline bends within a cell of the grid: a few per cent there, far less elsewhere.
        prop_assert!((near / exact - 1.0).abs() < 0.06, "{load:?}: {near} for {exact}");
    }
}
