//! Collectives by topology and algorithm: against the closed forms they cite, and as properties of the committed fit.

mod properties;

use super::shipped::{chip, world};
use std::sync::OnceLock;
use strait::catalog::Topology;
use strait::data::DataSet;
use strait::perf::kernels::read;
use strait::perf::ops::collective::{Collective, Fit, Kind, chosen, seconds};
use strait::perf::ops::{Algorithm, Device, End, Engine, Fabric, Family, Operator};

const KINDS: [Kind; 4] = [
    Kind::AllReduce,
    Kind::AllGather,
    Kind::ReduceScatter,
    Kind::AllToAll,
];

fn links(words: &str) -> Fabric {
    Fabric::Links(Topology::of(words).unwrap_or_else(|| panic!("{words}")))
}

/// A chip of the catalog as its kernels see it.
fn device(name: &str) -> Device {
    let system = world().perf.inference().system(chip(name), End::Middle);
    system.unwrap_or_else(|needs| panic!("{needs:?}")).device
}

/// A chip with 100 GB/s of links, and a tenth of it to others of its server.
fn on(fabric: Fabric) -> Device {
    Device {
        clock: 1e9,
        link: 1e11,
        host: 1e10,
        fabric,
        ..device("h100-sxm")
    }
}

/// Bytes alone count: seconds of a buffer of 100 GB are what is sent over it.
fn bytes_alone() -> Fit {
    Fit {
        launch: 0.0,
        hop: 1e15,
        start: 0.0,
        bandwidth: 1.0,
        latency: 0.5,
        own: 0.0,
        switch: 1.25,
    }
}

/// Steps alone count: seconds at a clock of 1 GHz are steps.
fn steps_alone() -> Fit {
    Fit {
        launch: 0.0,
        hop: 1e9,
        start: 1e15,
        bandwidth: 1.0,
        latency: 1.0,
        own: 0.0,
        switch: 1.25,
    }
}

fn call(kind: Kind, chips: f64, stride: f64, bytes: f64) -> Collective {
    Collective {
        kind,
        chips,
        stride,
        bytes,
    }
}

/// What is sent over the buffer, at the aggregate rate of a chip's links, and the steps.
fn of(fabric: Fabric, kind: Kind, chips: f64, stride: f64) -> (f64, f64, Algorithm) {
    let device = on(fabric);
    let (sent, algorithm) = chosen(
        &call(kind, chips, stride, 1e11),
        &device,
        &bytes_alone(),
        &Engine::BEST,
    );
    let steps = seconds(
        &call(kind, chips, stride, 1e-9),
        &device,
        &steps_alone(),
        &Engine::BEST,
    );
    (sent, steps, algorithm)
}

#[test]
fn closed_forms() {
    use Algorithm::{AllAxes, Direct, Halving, InsideFirst, Ring, Rings, SwitchSums};
    use Kind::{AllGather, AllReduce, AllToAll, ReduceScatter};
    let table = [
        // Ring: n - 1 steps and (n - 1)/n bytes a pass (Thakur et al. 2005; Patarasu and Yuan 2009).
        ("switch", AllGather, 8.0, 1.0, 7.0 / 8.0, 7.0, Ring),
        ("switch", ReduceScatter, 4.0, 1.0, 3.0 / 4.0, 3.0, Ring),
        ("switch", AllReduce, 4.0, 1.0, 6.0 / 4.0, 6.0, Ring),
        // The gain of a full server.
        ("switch", AllReduce, 8.0, 1.0, 14.0 / 8.0 / 1.25, 14.0, Ring),
        (
            "summing switch",
            AllReduce,
            8.0,
            1.0,
            14.0 / 8.0 / 1.25,
            14.0,
            SwitchSums,
        ),
        // Beyond the server halving and doubling: a step for each doubling.
        ("switch", AllGather, 64.0, 1.0, 63.0 / 64.0, 10.0, Halving),
        ("switch", AllToAll, 8.0, 1.0, 7.0 / 8.0, 1.0, Direct),
        // A mesh: n - 1 links of 7.
        ("mesh of 8", AllGather, 8.0, 1.0, 7.0 / 8.0, 7.0, Rings),
        ("mesh of 8", AllReduce, 2.0, 1.0, 7.0, 2.0, Rings),
        ("mesh of 8", AllGather, 4.0, 1.0, 7.0 / 4.0, 3.0, Rings),
        ("mesh of 8", AllGather, 4.0, 2.0, 7.0 / 4.0, 3.0, Rings),
        ("mesh of 8", AllToAll, 4.0, 1.0, 7.0 / 4.0, 1.0, Direct),
        // Of 24 ports counted 21 make the mesh.
        (
            "mesh of 8 over 21 of 24 ports",
            AllGather,
            8.0,
            1.0,
            1.0,
            7.0,
            Rings,
        ),
        // A ring is used both ways where it is closed; a line of it is half as fast.
        ("ring of 8", AllGather, 8.0, 1.0, 7.0 / 8.0, 7.0, Ring),
        ("ring of 8", AllGather, 4.0, 1.0, 2.0 * 3.0 / 4.0, 3.0, Ring),
        ("ring of 8", AllReduce, 8.0, 1.0, 14.0 / 8.0, 14.0, Ring),
        // All axes at once fill all links where they are alike (Chan et al. 2007): 4 x 15 steps of a sum.
        (
            "torus of 16x16",
            AllReduce,
            256.0,
            1.0,
            2.0 * 255.0 / 256.0,
            60.0,
            AllAxes,
        ),
        // 4 x 4 of it, whose ends do not meet.
        (
            "torus of 16x16",
            AllGather,
            16.0,
            1.0,
            2.0 * 15.0 / 16.0,
            6.0,
            AllAxes,
        ),
        // 16 x 8: the part that begins on the open axis takes longest, then that which ends on the closed one.
        (
            "torus of 16x16",
            AllGather,
            128.0,
            1.0,
            0.5 * (7.0 / 8.0 * 4.0 + 15.0 / 16.0 * 2.0 / 8.0),
            30.0,
            AllAxes,
        ),
        // Every sixteenth of 256: one axis, closed, half of the links.
        (
            "torus of 16x16",
            AllGather,
            16.0,
            16.0,
            15.0 / 16.0 * 2.0,
            15.0,
            Ring,
        ),
        (
            "torus of 3 axes in cubes of 4",
            AllGather,
            64.0,
            1.0,
            63.0 / 64.0,
            9.0,
            AllAxes,
        ),
        // Less than a cube is open.
        (
            "torus of 3 axes in cubes of 4",
            AllGather,
            8.0,
            1.0,
            2.0 * 7.0 / 8.0,
            3.0,
            AllAxes,
        ),
        // Bisection: a link of a closed axis of m carries m/8 of a buffer, of an open one m/4.
        (
            "torus of 16x16",
            AllToAll,
            256.0,
            1.0,
            16.0 / 8.0 * 4.0,
            16.0,
            Direct,
        ),
        (
            "torus of 16x16",
            AllToAll,
            16.0,
            1.0,
            4.0 / 4.0 * 4.0,
            6.0,
            Direct,
        ),
        ("ring of 8", AllToAll, 8.0, 1.0, 8.0 / 8.0 * 2.0, 4.0, Direct),
        // Seventeen chips are no block of it: one ring, half of the links.
        (
            "torus of 16x16",
            AllGather,
            17.0,
            1.0,
            16.0 / 17.0 * 2.0,
            16.0,
            Ring,
        ),
        // Two pairs: over the host links at a tenth, a quarter of the buffer a chip after the pairs.
        (
            "mesh of 2",
            AllGather,
            4.0,
            1.0,
            0.5 + 0.5 / 2.0 * 10.0,
            2.0,
            InsideFirst,
        ),
    ];
    for (words, kind, chips, stride, sent, steps, algorithm) in table {
        let found = of(links(words), kind, chips, stride);
        let name = format!("{} of {chips} every {stride} on a {words}", kind.name());
        assert!(
            (found.0 - sent).abs() < 1e-9,
            "{name}: {} sent, {sent} by the form",
            found.0
        );
        assert!(
            (found.1 - steps).abs() < 1e-6,
            "{name}: {} steps, {steps} by the form",
            found.1
        );
        assert_eq!(found.2, algorithm, "{name}");
    }
    // Servers are trees' members from the first on: 2 log2 of 16.
    let (sent, steps, algorithm) = of(Fabric::Network, AllReduce, 16.0, 1.0);
    assert!(
        (sent - 30.0 / 16.0).abs() < 1e-9 && (steps - 8.0).abs() < 1e-6,
        "{sent} {steps}"
    );
    assert_eq!(algorithm, Halving);
}

/// Google gives 24 TB/s of bisection for a pod of 16 x 16 x 16 TPU v4, which 2 x 256 links of 50 GB/s are but for 7 %.
#[test]
fn a_pod_of_tpu_v4_has_the_bisection_google_states() {
    let device = device("tpu-v4");
    let exchange = call(Kind::AllToAll, 4096.0, 1.0, 1e9);
    let took = seconds(&exchange, &device, &bytes_alone(), &Engine::BEST);
    let across = 4096.0 / 2.0 * 1e9 / 2.0 / took / 1e12;
    assert!((across / 24.0 - 1.0).abs() < 0.08, "{across} TB/s");
}

/// Two chips of an MI300X's mesh have one of seven links; the buses that were measured on 4 GB are met.
#[test]
fn two_chips_of_an_mi300x_have_a_seventh() {
    let device = device("mi300x");
    assert_eq!(device.fabric, links("mesh of 8"));
    assert!((device.fabric.share(2.0, 1.0) - 1.0 / 7.0).abs() < 1e-12);
    assert!((device.fabric.pair() - 1.0 / 7.0).abs() < 1e-12);
    let two = seconds(
        &call(Kind::AllGather, 2.0, 1.0, 1e9),
        &device,
        &bytes_alone(),
        &Engine::BEST,
    );
    assert!((two - 0.5e9 / (448e9 / 7.0)).abs() < 1e-12, "{two}");
    // stas00/ml-engineering, network: busbw of an all-reduce of 4 GB, 47.671 and 312.912 GB/s.
    for (chips, measured) in [(2.0, 47.671), (8.0, 312.912)] {
        let bytes = 4.0 * 1024.0_f64.powi(3);
        let took = seconds(
            &call(Kind::AllReduce, chips, 1.0, bytes),
            &device,
            committed(),
            &Engine::BEST,
        );
        let bus = 2.0 * (chips - 1.0) / chips * bytes / took / 1e9;
        assert!(
            (bus / measured - 1.0).abs() < 0.07,
            "{chips}: {bus} GB/s, {measured} measured"
        );
    }
}

#[test]
fn a_chip_whose_file_gives_no_topology_is_told() {
    let topology = |name: &str| {
        let found = device(name);
        let told = found.assumed.names().iter().any(|name| name.contains("topology"));
        (found.fabric, told)
    };
    assert_eq!(topology("mtt-s5000"), (links("switch"), true));
    assert_eq!(topology("h20"), (links("summing switch"), false));
    assert_eq!(topology("l40s"), (Fabric::Host, false));
}

/// At the slow end every exchange takes what it takes on the slowest of a switch, a full mesh and a ring of the domain.
#[test]
fn an_unstated_topology_is_as_slow_as_the_slowest_it_may_be() {
    let unstated = on(Fabric::Unstated(8));
    let each = ["switch", "mesh of 8", "ring of 8"].map(|words| on(links(words)));
    for kind in KINDS {
        for chips in [2.0, 4.0, 8.0] {
            for bytes in [1e4, 1e7, 1e9] {
                let of = |d: &Device| seconds(&call(kind, chips, 1.0, bytes), d, committed(), &Engine::BEST);
                let slowest = each.iter().map(&of).fold(0.0, f64::max);
                assert_eq!(of(&unstated), slowest, "{kind:?} of {chips}, {bytes}");
            }
        }
    }
    // A pair has a link of seven on a mesh; all of eight exchange slowest on a ring.
    let wide = |kind, chips, words: &str| {
        let of = |d: &Device| seconds(&call(kind, chips, 1.0, 1e9), d, &bytes_alone(), &Engine::BEST);
        of(&unstated) / of(&on(links(words)))
    };
    assert!((wide(Kind::AllGather, 2.0, "switch") - 7.0).abs() < 1e-9);
    assert!(wide(Kind::AllToAll, 8.0, "mesh of 8") > 2.0);
    // Of more chips than any mesh or ring joins, a switch or a torus.
    let large = on(Fabric::Unstated(64));
    let torus = on(links("torus of 3 axes in cubes of 4"));
    let of = |d: &Device| {
        seconds(
            &call(Kind::AllToAll, 64.0, 1.0, 1e9),
            d,
            &bytes_alone(),
            &Engine::BEST,
        )
    };
    assert_eq!(of(&large), of(&torus));
    // The middle and the fast end take a switch, the slow end whatever is slowest.
    let at = |end| {
        world()
            .perf
            .inference()
            .system(chip("mtt-s5000"), end)
            .unwrap()
            .device
            .fabric
    };
    assert!(matches!(at(End::Low), Fabric::Unstated(_)));
    assert_eq!([at(End::Middle), at(End::High)], [links("switch"); 2]);
}

#[test]
fn words_of_a_chip_file_are_read_and_written_alike() {
    for words in [
        "switch",
        "summing switch",
        "mesh of 8",
        "mesh of 8 over 21 of 24 ports",
        "ring of 8",
        "torus of 16x16",
        "torus of 4x4x4",
        "torus of 3 axes in cubes of 4",
    ] {
        assert_eq!(Topology::of(words).map(|t| t.to_string()).as_deref(), Some(words));
    }
    for wrong in [
        "",
        "mesh",
        "mesh of 1",
        "mesh of 8 over 25 of 24 ports",
        "torus of 8",
        "torus of 4x4x4x4",
        "ring of x",
        "tree",
    ] {
        assert_eq!(Topology::of(wrong), None, "{wrong}");
    }
}

fn family(operator: Operator) -> Family {
    let data = DataSet::embedded();
    let kernels = read(data.get("perf/operators.toml").unwrap()).unwrap_or_else(|p| panic!("{p}"));
    *kernels
        .set(&(operator, "any".to_owned()))
        .expect("a set")
        .family()
}

fn committed() -> &'static Fit {
    static FIT: OnceLock<Fit> = OnceLock::new();
    FIT.get_or_init(|| match family(Operator::Collective) {
        Family::Collective(fit) => fit,
        other => panic!("{other:?}"),
    })
}
