//! Physics of the operator models over random chips and calls, under the committed parameters.

use proptest::prelude::*;
use strait::catalog::{Catalog, ChipId};
use strait::data::DataSet;
use strait::perf::kernels::{Kernels, read};
use strait::perf::ops::attention_decode::Decode;
use strait::perf::ops::attention_prefill::Prefill;
use strait::perf::ops::collective::{Collective, Kind};
use strait::perf::ops::custom_all_reduce::CustomAllReduce;
use strait::perf::ops::gemm::Gemm;
use strait::perf::ops::grouped_gemm::{GroupedGemm, Routing, Tokens};
use strait::perf::ops::mla::{LatentDecode, LatentPrefill};
use strait::perf::ops::{Arithmetic, Assumed, Cache, Call, Device, End, Precision, Typical};
use strait::scenario::Scenario;

fn committed() -> Kernels {
    let data = DataSet::embedded();
    read(data.get("perf/operators.toml").expect("the fit")).unwrap_or_else(|p| panic!("{p}"))
}

prop_compose! {
    /// A chip between an edge part and three times the largest of today.
    fn devices()(
        units in 8.0..400.0_f64, clock in 0.6e9..3.0e9_f64, flop in 256.0..16384.0_f64,
        memory in 1e11..2e13_f64, cache in 2e6..3e8_f64, scratch in 64e3..400e3_f64,
        power in 50.0..2000.0_f64, link in 1e10..2e12_f64,
    ) -> Device {
        let peak16 = units * clock * flop;
        Device { peak16, peak8: 2.0 * peak16, peak_int8: 2.0 * peak16, peak4: 4.0 * peak16, memory, cache, units,
            clock, scratch, power, link, assumed: Assumed::default() }
    }
}

fn caches() -> impl Strategy<Value = Cache> {
    prop_oneof![
        Just(Cache::Cold),
        (1_u8..6).prop_map(|copies| Cache::Warm { copies })
    ]
}

fn whole(low: u32, high: u32) -> impl Strategy<Value = f64> {
    // Even over orders of magnitude.
    (f64::from(low).ln()..f64::from(high).ln()).prop_map(|x| x.exp().round())
}

fn calls() -> impl Strategy<Value = Call> {
    let precision = || prop_oneof![Just(Precision::BF16), Just(Precision::FP8)];
    let gemm = (
        whole(1, 32768),
        whole(32, 65536),
        whole(32, 65536),
        precision(),
        caches(),
    )
        .prop_map(|(m, n, k, precision, cache)| {
            Call::Gemm(Gemm {
                m,
                n,
                k,
                precision,
                cache,
            })
        });
    let prefill = (
        whole(1, 64),
        whole(1, 32768),
        1_u32..16,
        prop_oneof![Just(1.0), Just(4.0), Just(8.0)],
        caches(),
        prop_oneof![Just(f64::INFINITY), Just(1024.0)],
    )
        .prop_map(|(batch, tokens, kv, group, cache, window)| {
            Call::AttentionPrefill(Prefill {
                batch,
                tokens,
                cached: 0.0,
                heads: f64::from(kv) * group,
                kv_heads: f64::from(kv),
                head_dim: 128.0,
                value_dim: 128.0,
                window,
                arithmetic: Arithmetic::Bits16,
                kv_bytes: 2.0,
                cache,
            })
        });
    let decode = (
        whole(1, 1024),
        whole(1, 131072),
        1_u32..16,
        prop_oneof![Just(1.0), Just(4.0), Just(8.0)],
        caches(),
    )
        .prop_map(|(batch, context, kv, group, cache)| {
            Call::AttentionDecode(Decode {
                batch,
                context,
                heads: f64::from(kv) * group,
                kv_heads: f64::from(kv),
                head_dim: 128.0,
                window: f64::INFINITY,
                kv_bytes: 2.0,
                cache,
            })
        });
    let latent = (
        whole(1, 256),
        whole(1, 65536),
        prop_oneof![Just(16.0), Just(128.0)],
        caches(),
    )
        .prop_map(|(batch, context, heads, cache)| {
            Call::MlaDecode(LatentDecode {
                batch,
                context,
                heads,
                latent_dim: 576.0,
                value_dim: 512.0,
                kv_bytes: 2.0,
                cache,
            })
        });
    let latent_prompt = (
        whole(1, 16),
        whole(1, 16384),
        prop_oneof![Just(16.0), Just(128.0)],
        caches(),
    )
        .prop_map(|(batch, tokens, heads, cache)| {
            Call::MlaPrefill(LatentPrefill {
                batch,
                tokens,
                heads,
                query_dim: 192.0,
                value_dim: 128.0,
                kv_bytes: 2.0,
                cache,
            })
        });
    let experts = (
        whole(1, 65536),
        prop_oneof![
            Just((7168.0, 2048.0, 8.0, 256.0)),
            Just((4096.0, 14336.0, 2.0, 8.0))
        ],
        prop_oneof![Just(1.0), Just(8.0)],
        prop_oneof![
            Just(Routing::Balanced),
            Just(Routing::Skewed),
            Just(Routing::Steep)
        ],
        any::<bool>(),
        precision(),
        caches(),
    )
        .prop_map(
            |(tokens, (hidden, inner, chosen, experts), ranks, routing, walks_all, precision, cache)| {
                Call::GroupedGemm(GroupedGemm {
                    tokens,
                    hidden,
                    inner,
                    chosen,
                    experts,
                    tensor: 1.0,
                    expert_ranks: ranks,
                    matrices: 3.0,
                    routing,
                    given: Tokens::Shared,
                    walks_all,
                    precision,
                    cache,
                })
            },
        );
    let collective = (
        prop_oneof![
            Just(Kind::AllReduce),
            Just(Kind::AllGather),
            Just(Kind::ReduceScatter),
            Just(Kind::AllToAll)
        ],
        prop_oneof![Just(2.0), Just(4.0), Just(8.0)],
        whole(256, 1 << 30),
    )
        .prop_map(|(kind, chips, bytes)| Call::Collective(Collective { kind, chips, bytes }));
    let custom = (prop_oneof![Just(2.0), Just(4.0), Just(8.0)], whole(256, 1 << 30))
        .prop_map(|(chips, bytes)| Call::CustomAllReduce(CustomAllReduce { chips, bytes }));
    prop_oneof![
        gemm,
        prefill,
        decode,
        latent,
        latent_prompt,
        experts,
        collective,
        custom
    ]
}

fn precision_of(call: &Call) -> &'static str {
    match call {
        Call::Gemm(c) => c.precision.name,
        Call::GroupedGemm(c) => c.precision.name,
        Call::Collective(_) | Call::CustomAllReduce(_) => "any",
        _ => "bf16",
    }
}

fn time(kernels: &Kernels, call: &Call, device: &Device) -> f64 {
    kernels
        .seconds(call, precision_of(call), None, device)
        .expect("a time")
}

/// The least time physics allows: arithmetic at the peak, and what must cross the wires at their peak. A warm
/// operand may come from the cache; the part of a cold one that memory alone holds may not.
fn roofline(call: &Call, d: &Device) -> f64 {
    let near = d.cache_bandwidth().max(d.memory);
    let from = |cache: &Cache| if *cache == Cache::Cold { d.memory } else { near };
    match call {
        Call::Gemm(c) => {
            let flop = 2.0 * c.m * c.n * c.k / d.peak(c.precision.arithmetic);
            flop.max(c.n * c.k * c.precision.weight / from(&c.cache))
        }
        Call::AttentionPrefill(c) => {
            // Keys a query may see, itself included.
            let short = c.window.min(c.tokens);
            let pairs = short * (short + 1.0) / 2.0 + (c.tokens - short) * short;
            let flop = 4.0 * c.batch * c.heads * c.head_dim * pairs / d.peak(c.arithmetic);
            flop.max(4.0 * c.batch * c.tokens * c.heads * c.head_dim / near)
        }
        Call::AttentionDecode(c) => {
            let flop = 4.0 * c.batch * c.heads * c.head_dim * c.context / d.peak16;
            flop.max(c.kv() / from(&c.cache))
        }
        Call::MlaPrefill(c) => {
            let pairs = c.tokens * (c.tokens + 1.0) / 2.0;
            2.0 * c.batch * c.heads * (c.query_dim + c.value_dim) * pairs / d.peak16
        }
        Call::MlaDecode(c) => {
            let flop = 2.0 * c.batch * c.heads * (c.latent_dim + c.value_dim) * c.context / d.peak16;
            flop.max(c.batch * c.context * c.latent_dim * c.kv_bytes / from(&c.cache))
        }
        Call::GroupedGemm(c) => {
            // At least the balanced share of the choices is done here.
            let choices = c.tokens * c.chosen / c.expert_ranks;
            2.0 * choices * c.matrices * c.hidden * c.inner / c.tensor / d.peak(c.precision.arithmetic)
        }
        Call::Collective(c) => c.bytes * (c.chips - 1.0) / c.chips / d.link,
        Call::CustomAllReduce(c) => c.bytes * (c.chips - 1.0) / c.chips / d.link,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_operator_beats_its_roofline(call in calls(), device in devices()) {
        let t = time(committed_once(), &call, &device);
        prop_assert!(t.is_finite() && t >= roofline(&call, &device) * 0.999, "{t} beats {} in {call:?}", roofline(&call, &device));
    }

    #[test]
    fn doubling_every_resource_never_slows(call in calls(), d in devices()) {
        let twice = Device {
            peak16: 2.0 * d.peak16, peak8: 2.0 * d.peak8, peak_int8: 2.0 * d.peak_int8, peak4: 2.0 * d.peak4,
            memory: 2.0 * d.memory, cache: 2.0 * d.cache, units: 2.0 * d.units, power: 2.0 * d.power, link: 2.0 * d.link, ..d
        };
        let (one, two) = (time(committed_once(), &call, &d), time(committed_once(), &call, &twice));
        prop_assert!(two <= one * (1.0 + 1e-9), "{one} to {two} in {call:?}");
    }

    #[test]
    fn more_bandwidth_never_slows(call in calls(), d in devices(), more in 1.0..8.0_f64) {
        let wide = Device { memory: more * d.memory, ..d };
        let (one, two) = (time(committed_once(), &call, &d), time(committed_once(), &call, &wide));
        prop_assert!(two <= one * (1.0 + 1e-9), "{one} to {two} in {call:?}");
    }

    #[test]
    fn cold_is_never_faster_than_warm(call in calls(), d in devices()) {
        let with = |cache: Cache| match call {
            Call::Gemm(c) => Call::Gemm(Gemm { cache, ..c }),
            Call::AttentionDecode(c) => Call::AttentionDecode(Decode { cache, ..c }),
            Call::GroupedGemm(c) => Call::GroupedGemm(GroupedGemm { cache, ..c }),
            other => other,
        };
        // A cache that is well wider than memory; a narrow one beside wide memory is no help when warm.
        let d = Device { memory: d.memory.min(d.units * d.clock * 64.0 / 13.0), ..d };
        let kernels = committed_once();
        let (cold, warm) = (time(kernels, &with(Cache::Cold), &d), time(kernels, &with(Cache::Warm { copies: 1 }), &d));
        prop_assert!(warm <= cold * (1.0 + 1e-9), "warm {warm}, cold {cold} in {call:?}");
    }
}

/// The fit, read once.
fn committed_once() -> &'static Kernels {
    static FIT: std::sync::OnceLock<Kernels> = std::sync::OnceLock::new();
    FIT.get_or_init(committed)
}

/// A seventh of the arithmetic beside more bandwidth: the H20 must multiply at a larger share of its peak than
/// the H100, and must not be given the H100's share; in decode it must be the faster of the two.
#[test]
fn the_h20_is_compute_bound_where_the_h100_is_not() {
    let catalog = Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let typical = Typical::load(&DataSet::embedded()).unwrap_or_else(|p| panic!("{p}"));
    let chip = |id: &str| catalog.get(&ChipId(id.into())).expect("in the catalog");
    let of = |id: &str| Device::of(chip(id), &typical, End::Middle).expect("its figures");
    let (h20, h100) = (of("nvidia-h20-96gb"), of("nvidia-h100-sxm"));
    let kernels = committed_once();
    let prefill = Prefill {
        batch: 1.0,
        tokens: 8192.0,
        cached: 0.0,
        heads: 64.0,
        kv_heads: 8.0,
        head_dim: 128.0,
        value_dim: 128.0,
        window: f64::INFINITY,
        arithmetic: Arithmetic::Bits16,
        kv_bytes: 2.0,
        cache: Cache::Cold,
    };
    let flop = 4.0 * 64.0 * 128.0 * 8192.0 * 8193.0 / 2.0;
    let share = |d: &Device| flop / time(kernels, &Call::AttentionPrefill(prefill), d) / d.peak16;
    assert!(
        share(&h20) > share(&h100) + 0.1,
        "{} {}",
        share(&h20),
        share(&h100)
    );
    // Published kernels: 0.85 to 0.88 of the H20's peak.
    assert!((0.75..0.95).contains(&share(&h20)), "{}", share(&h20));
    let gemm = Call::Gemm(Gemm {
        m: 4096.0,
        n: 8192.0,
        k: 8192.0,
        precision: Precision::BF16,
        cache: Cache::Cold,
    });
    let decode = Call::AttentionDecode(Decode {
        batch: 64.0,
        context: 8192.0,
        heads: 64.0,
        kv_heads: 8.0,
        head_dim: 128.0,
        window: f64::INFINITY,
        kv_bytes: 2.0,
        cache: Cache::Cold,
    });
    assert!(time(kernels, &gemm, &h20) > 4.0 * time(kernels, &gemm, &h100));
    assert!(time(kernels, &decode, &h20) < time(kernels, &decode, &h100));
}
