//! Operators without measured tables: bytes worked out by hand, and what physics demands of their times.

use proptest::prelude::*;
use strait::data::DataSet;
use strait::perf::kernels::read;
use strait::perf::ops::linear_attention::{self, LinearAttention};
use strait::perf::ops::point_to_point::{self, PointToPoint};
use strait::perf::ops::pointwise::{self, Pointwise};
use strait::perf::ops::{Assumed, Cache, Device, Engine, Fabric, Family, Operator};

#[test]
fn bytes_by_hand() {
    // 10 rows of 1,000 elements of two bytes are 20,000 bytes.
    let moved = |x: Pointwise| (x.warm, x.cold);
    assert_eq!(moved(Pointwise::norm(10.0, 1000.0, 2.0)), (40e3, 2e3));
    assert_eq!(moved(Pointwise::residual_norm(10.0, 1000.0, 2.0)), (80e3, 2e3));
    assert_eq!(moved(Pointwise::add(10.0, 1000.0, 2.0)), (60e3, 0.0));
    assert_eq!(moved(Pointwise::activation(10.0, 1000.0, 2.0)), (40e3, 0.0));
    assert_eq!(moved(Pointwise::gated_activation(10.0, 1000.0, 2.0)), (60e3, 0.0));
    assert_eq!(moved(Pointwise::rotary(10.0, 1000.0, 2.0)), (40e3, 0.0));
    assert_eq!(moved(Pointwise::embedding(10.0, 1000.0, 2.0)), (20e3, 20e3));
    assert_eq!(moved(Pointwise::softmax(10.0, 1000.0, 2.0)), (60e3, 0.0));
    assert_eq!(
        moved(Pointwise::cache_write(10.0, 1000.0, 2.0, 1.0)),
        (20e3, 10e3)
    );
    // Logits in four bytes; a draw reads and writes them five times over and takes two kernels.
    assert_eq!(moved(Pointwise::sampling(10.0, 1000.0)), (200e3, 0.0));
    assert!((Pointwise::sampling(1.0, 1.0).kernels - 2.0).abs() < f64::EPSILON);
}

#[test]
fn linear_attention_by_hand() {
    let one = LinearAttention {
        batch: 1.0,
        tokens: 1.0,
        heads: 1.0,
        key_dim: 128.0,
        value_dim: 128.0,
        bytes: 2.0,
        cache: Cache::Cold,
    };
    // A token updates and reads a state of 128 x 128: two products of 2 x 128 x 128, and half a pair with itself.
    assert!((one.flop() - (4.0 * 16_384.0 + 256.0)).abs() < 1e-9);
    assert!((one.state_bytes() - 2.0 * 4.0 * 16_384.0).abs() < 1e-9);
    assert!((one.token_bytes() - 4.0 * 256.0).abs() < 1e-9);
    // A prompt costs in proportion to its length, unlike attention that looks back at all of it.
    let prompt = |tokens| LinearAttention { tokens, ..one };
    assert!((prompt(65_536.0).flop() / prompt(32_768.0).flop() - 2.0).abs() < 1e-9);
}

prop_compose! {
    fn devices()(
        units in 8.0..400.0_f64, clock in 0.6e9..3.0e9_f64, flop in 256.0..16384.0_f64,
        memory in 1e11..2e13_f64, cache in 2e6..3e8_f64, link in 1e10..2e12_f64,
    ) -> Device {
        let peak16 = units * clock * flop;
        Device { peak32: 0.1 * peak16, peak_tf32: 0.5 * peak16, peak16, peak8: 2.0 * peak16, peak_int8: 2.0 * peak16, peak4: 0.0, peak_int4: 0.0, memory, cache, units, clock,
            scratch: 128e3, power: 700.0, link, fabric: Fabric::Host, host: link, unpacking: 0.0, assumed: Assumed::default() }
    }
}

fn pointwise_ops() -> impl Strategy<Value = Pointwise> {
    (0..6usize, 1.0..65_536.0_f64, 64.0..160_000.0_f64).prop_map(|(which, rows, width)| match which {
        0 => Pointwise::norm(rows, width, 2.0),
        1 => Pointwise::add(rows, width, 2.0),
        2 => Pointwise::gated_activation(rows, width, 2.0),
        3 => Pointwise::embedding(rows, width, 2.0),
        4 => Pointwise::softmax(rows, width, 2.0),
        _ => Pointwise::sampling(rows, width),
    })
}

fn linear() -> impl Strategy<Value = LinearAttention> {
    (1.0..256.0_f64, 1.0..65_536.0_f64, 1.0..64.0_f64, any::<bool>()).prop_map(
        |(batch, tokens, heads, cold)| LinearAttention {
            batch: batch.round(),
            tokens: tokens.round(),
            heads: heads.round(),
            key_dim: 128.0,
            value_dim: 256.0,
            bytes: 2.0,
            cache: if cold {
                Cache::Cold
            } else {
                Cache::Warm { copies: 1 }
            },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_beats_its_roofline(x in pointwise_ops(), a in linear(), bytes in 1.0..1e9_f64, d in devices()) {
        let near = d.cache_bandwidth().max(d.memory);
        prop_assert!(pointwise::seconds(&x, &d) >= x.warm / near + x.cold / d.memory);
        // What exceeds the cache many times comes from memory.
        if x.warm > 20.0 * d.cache {
            prop_assert!(pointwise::seconds(&x, &d) >= 0.999 * (x.warm + x.cold) / d.memory);
        }
        let from = if a.cache == Cache::Cold { d.memory } else { near };
        let t = linear_attention::seconds(&a, &d);
        prop_assert!(t >= a.flop() / d.peak16 && t >= (a.token_bytes() + a.state_bytes()) / from);
        let t = point_to_point::seconds(&PointToPoint { bytes }, &d, &link(), &Engine::BEST);
        prop_assert!(t >= bytes / d.link);
    }

    #[test]
    fn twice_of_everything_never_slows(x in pointwise_ops(), a in linear(), bytes in 1.0..1e9_f64, d in devices()) {
        let twice = Device { peak16: 2.0 * d.peak16, memory: 2.0 * d.memory, cache: 2.0 * d.cache,
            units: 2.0 * d.units, link: 2.0 * d.link, ..d };
        let no_slower = |one: f64, two: f64| two <= one * (1.0 + 1e-9);
        prop_assert!(no_slower(pointwise::seconds(&x, &d), pointwise::seconds(&x, &twice)));
        prop_assert!(no_slower(linear_attention::seconds(&a, &d), linear_attention::seconds(&a, &twice)));
        let send = PointToPoint { bytes };
        let p = link();
        prop_assert!(no_slower(point_to_point::seconds(&send, &d, &p, &Engine::BEST),
            point_to_point::seconds(&send, &twice, &p, &Engine::BEST)));
    }

    #[test]
    fn more_work_never_takes_less(x in pointwise_ops(), a in linear(), more in 1.0..4.0_f64, d in devices()) {
        // A working set that outgrows the cache may only slow.
        let larger = Pointwise { warm: x.warm * more, cold: x.cold * more, ..x };
        let d = Device { memory: d.memory.min(d.units * d.clock * 64.0), ..d };
        prop_assert!(pointwise::seconds(&larger, &d) >= pointwise::seconds(&x, &d) * (1.0 - 1e-9));
        let longer = LinearAttention { tokens: (a.tokens * more).round(), ..a };
        prop_assert!(linear_attention::seconds(&longer, &d) >= linear_attention::seconds(&a, &d) * 0.999);
    }
}

/// The committed parameters of collectives.
fn link() -> strait::perf::ops::collective::Fit {
    static FIT: std::sync::OnceLock<strait::perf::ops::collective::Fit> = std::sync::OnceLock::new();
    *FIT.get_or_init(|| {
        let data = DataSet::embedded();
        let kernels = read(data.get("perf/operators.toml").unwrap()).unwrap_or_else(|p| panic!("{p}"));
        let set = kernels
            .set(&(Operator::Collective, "any".to_owned()))
            .expect("a set");
        match set.family() {
            Family::Collective(fit) => *fit,
            other => panic!("{other:?}"),
        }
    })
}
