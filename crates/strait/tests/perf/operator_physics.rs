//! Physics of the operator models over random chips and calls, under the committed parameters.

mod random;
mod roofline;

use proptest::prelude::*;
pub(crate) use random::fabrics;
use random::{calls, devices};
use roofline::roofline;
use strait::catalog::{Catalog, ChipId};
use strait::data::DataSet;
use strait::perf::kernels::{Kernels, read};
use strait::perf::ops::attention_decode::Decode;
use strait::perf::ops::attention_prefill::Prefill;
use strait::perf::ops::gemm::Gemm;
use strait::perf::ops::grouped_gemm::{GroupedGemm, Routing};
use strait::perf::ops::{Arithmetic, Cache, Call, Device, End, Precision, Typical};
use strait::scenario::Scenario;

fn committed() -> Kernels {
    let data = DataSet::embedded();
    read(data.get("perf/operators.toml").expect("the fit")).unwrap_or_else(|p| panic!("{p}"))
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
            peak32: 2.0 * d.peak32, peak_tf32: 2.0 * d.peak_tf32, peak16: 2.0 * d.peak16, peak8: 2.0 * d.peak8,
            peak_int8: 2.0 * d.peak_int8, peak4: 2.0 * d.peak4, peak_int4: 2.0 * d.peak_int4,
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
    fn a_busier_rank_of_experts_is_never_faster(
        call in calls().prop_filter("experts", |c| matches!(c, Call::GroupedGemm(_))), d in devices(), one in 1.0..10.0_f64,
        more in 1.0..4.0_f64,
    ) {
        let Call::GroupedGemm(g) = call else { unreachable!() };
        let with = |routing| time(committed_once(), &Call::GroupedGemm(GroupedGemm { routing, ..g }), &d);
        let loaded = |busiest| with(Routing::Loaded { busiest });
        prop_assert!(loaded(one) <= loaded(one * more) * (1.0 + 1e-9), "{one} to {} in {call:?}", one * more);
        // Chance is a load as well: given as one it takes the same time.
        let chance = GroupedGemm { routing: Routing::Random, ..g }.busiest_over_mean();
        if chance * g.chosen <= g.experts {
            prop_assert!((loaded(chance) / with(Routing::Random) - 1.0).abs() < 1e-9);
        }
        // One rank has all experts, whatever their load.
        if g.expert_ranks == 1.0 {
            prop_assert_eq!(loaded(one), with(Routing::Random));
        } else if one * more < (g.expert_ranks).min(g.experts / g.chosen) && g.tokens > 10_000.0 {
            prop_assert!(loaded(one * more) > loaded(one) || more < 1.000_001);
        }
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
    let typical = Typical::load(&DataSet::embedded(), &catalog.sources).unwrap_or_else(|p| panic!("{p}"));
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
