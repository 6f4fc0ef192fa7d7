//! Random chips and calls.

use proptest::prelude::*;
use strait::catalog::Topology;
use strait::perf::ops::attention_decode::Decode;
use strait::perf::ops::attention_prefill::Prefill;
use strait::perf::ops::collective::{Collective, Kind};
use strait::perf::ops::custom_all_reduce::CustomAllReduce;
use strait::perf::ops::gemm::Gemm;
use strait::perf::ops::grouped_gemm::{GroupedGemm, Routing, Tokens};
use strait::perf::ops::mla::{LatentDecode, LatentPrefill};
use strait::perf::ops::{Arithmetic, Assumed, Cache, Call, Device, Fabric, Precision};

/// How links join chips: groups as large as any fit on them or go on over the hosts.
pub(crate) fn fabrics() -> impl Strategy<Value = Fabric> {
    let words = prop::sample::select(vec![
        "switch",
        "summing switch",
        "mesh of 8",
        "mesh of 2",
        "mesh of 8 over 21 of 24 ports",
        "ring of 8",
        "torus of 16x16",
        "torus of 4x4x4",
        "torus of 3 axes in cubes of 4",
    ]);
    let links = words.prop_map(|words| Fabric::Links(Topology::of(words).expect("words of a chip file")));
    prop_oneof![9 => links, 1 => Just(Fabric::Host)]
}

prop_compose! {
    /// A chip between an edge part and three times the largest of today.
    pub(crate) fn devices()(
        units in 8.0..400.0_f64, clock in 0.6e9..3.0e9_f64, flop in 256.0..16384.0_f64,
        memory in 1e11..2e13_f64, cache in 2e6..3e8_f64, scratch in 64e3..400e3_f64,
        power in 50.0..2000.0_f64, link in 1e10..2e12_f64, fabric in fabrics(),
    ) -> Device {
        let peak16 = units * clock * flop;
        Device { peak32: 0.1 * peak16, peak_tf32: 0.5 * peak16, peak16, peak8: 2.0 * peak16, peak_int8: 2.0 * peak16, peak4: 4.0 * peak16, peak_int4: 4.0 * peak16, memory, cache, units,
            clock, scratch, power, link, fabric, host: link, unpacking: 0.0, assumed: Assumed::default() }
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

/// Calls of every operator, from one token to long prompts.
pub(crate) fn calls() -> impl Strategy<Value = Call> {
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
                arithmetic: Arithmetic::Bits16,
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
                arithmetic: Arithmetic::Bits16,
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
        .prop_map(|(kind, chips, bytes)| {
            Call::Collective(Collective {
                kind,
                chips,
                stride: 1.0,
                bytes,
            })
        });
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
