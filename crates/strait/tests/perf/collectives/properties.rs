//! What holds of collectives on any chip and links.

use super::{KINDS, call, committed, family, links, on};
use crate::operator_physics::fabrics;
use proptest::prelude::*;
use std::sync::OnceLock;
use strait::perf::ops::collective::{Collective, Fit, Kind, chosen, seconds};
use strait::perf::ops::custom_all_reduce::{self, CustomAllReduce};
use strait::perf::ops::point_to_point::{self, PointToPoint};
use strait::perf::ops::{Algorithm, Device, Engine, Family, Operator};

fn own() -> &'static custom_all_reduce::Fit {
    static FIT: OnceLock<custom_all_reduce::Fit> = OnceLock::new();
    FIT.get_or_init(|| match family(Operator::CustomAllReduce) {
        Family::CustomAllReduce(fit) => fit,
        other => panic!("{other:?}"),
    })
}

prop_compose! {
    fn exchanges()(
        kind in prop::sample::select(KINDS.to_vec()), chips in 2_u32..300, stride in prop::sample::select(vec![1.0, 2.0, 8.0]),
        bytes in (3.0..24.0_f64).prop_map(f64::exp),
    ) -> Collective {
        call(kind, f64::from(chips), stride, bytes)
    }
}

fn time(c: &Collective, d: &Device) -> f64 {
    seconds(c, d, committed(), &Engine::BEST)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn more_link_never_slows(c in exchanges(), fabric in fabrics(), more in 1.0..8.0_f64) {
        let d = on(fabric);
        let wide = Device { link: more * d.link, host: more * d.host, ..d };
        prop_assert!(time(&c, &wide) <= time(&c, &d) * (1.0 + 1e-9), "{c:?} {fabric}");
    }

    #[test]
    fn more_bytes_are_never_faster(c in exchanges(), fabric in fabrics(), more in 1.0..8.0_f64) {
        let d = on(fabric);
        let larger = Collective { bytes: more * c.bytes, ..c };
        prop_assert!(time(&larger, &d) >= time(&c, &d) * (1.0 - 1e-9), "{c:?} {fabric}");
    }

    /// No exchange sends less than each chip must, unless a switch sums.
    #[test]
    fn none_beats_its_bandwidth(c in exchanges(), fabric in fabrics()) {
        let d = on(fabric);
        let passes = if c.kind == Kind::AllReduce { 2.0 } else { 1.0 };
        let least = passes * (c.chips - 1.0) / c.chips * c.bytes / d.link;
        let (took, algorithm) = chosen(&c, &d, committed(), &Engine::BEST);
        prop_assert!(algorithm == Algorithm::SwitchSums || took >= least * (1.0 - 1e-9), "{c:?} {fabric}: {took} under {least}");
    }

    /// The whole of a mesh is no better than a switch of the same rate, a part of it worse.
    #[test]
    fn a_mesh_is_never_faster_than_a_switch(kind in prop::sample::select(KINDS.to_vec()), chips in 2_u16..17, more in 0_u16..8, bytes in (3.0..24.0_f64).prop_map(f64::exp)) {
        let c = call(kind, f64::from(chips), 1.0, bytes);
        let (mesh, switch) = (on(links(&format!("mesh of {}", chips + more))), on(links("switch")));
        let (on_mesh, on_switch) = (time(&c, &mesh), time(&c, &switch));
        prop_assert!(on_mesh >= on_switch * (1.0 - 1e-9), "{c:?} beside {more}: {on_mesh} under {on_switch}");
        let sum = CustomAllReduce { chips: c.chips, bytes };
        let own = |d: &Device| custom_all_reduce::seconds(&sum, d, own(), &Engine::BEST);
        prop_assert!(own(&mesh) >= own(&switch) * (1.0 - 1e-9), "{sum:?} beside {more}");
        let send = PointToPoint { bytes };
        let sent = |d: &Device| point_to_point::seconds(&send, d, committed(), &Engine::BEST);
        prop_assert!(sent(&mesh) >= sent(&switch) * (1.0 - 1e-9), "{send:?}");
    }

    /// A larger group on the same links sums no faster.
    #[test]
    fn more_chips_of_a_switch_never_gather_faster(chips in 2_u32..300, bytes in (3.0..24.0_f64).prop_map(f64::exp)) {
        // The piece that a chip copies itself shrinks: left out, as it may outweigh what is sent more.
        let fit = Fit { own: 0.0, ..*committed() };
        let of = |chips: u32| seconds(&call(Kind::AllGather, f64::from(chips), 1.0, bytes), &on(links("switch")), &fit, &Engine::BEST);
        prop_assert!(of(chips + 1) >= of(chips) * (1.0 - 1e-9), "{chips}");
    }
}
