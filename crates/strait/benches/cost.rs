//! How long the search for a fleet takes.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::ChipId;
use strait::cost::{Candidate, FleetLimits, fleet};
use strait::figure::{Estimate, Kilowatts, Quantity, TokensPerSecond, Usd, UsdPerHour};

/// A dozen kinds whose rates, prices and powers are near to one another, which is the hard case.
fn kinds() -> Vec<Candidate> {
    (0..12_u32)
        .map(|n| {
            let k = 1.0 + 0.37 * f64::from(n % 5) + 0.011 * f64::from(n);
            Candidate {
                chip: ChipId(format!("kind-{n}")),
                unit: 8,
                rate: Estimate::exact(TokensPerSecond::of(700.0 * k)),
                purchase: Usd::of(21_000.0 * k.powf(1.05)),
                hour: Estimate::exact(UsdPerHour::of(1.1 * k.powf(0.97))),
                power: Kilowatts::of(0.9 * k.powf(0.93)),
                available: (n % 3 == 0).then_some(2048),
                held: false,
            }
        })
        .collect()
}

fn benches(c: &mut Criterion) {
    let kinds = kinds();
    let limits = |demand| FleetLimits {
        budget: Some(Usd::of(500e6)),
        power: Some(Kilowatts::of(20_000.0)),
        demand,
    };
    let (most, least) = (limits(None), limits(Some(TokensPerSecond::of(9e6))));
    c.bench_function("most throughput of 12 kinds under 500 M USD and 20 MW", |b| {
        b.iter(|| fleet(black_box(&kinds), &most, None))
    });
    c.bench_function("least cost of 12 kinds for 9 M tok/s", |b| {
        b.iter(|| fleet(black_box(&kinds), &least, None))
    });
}

criterion_group!(all, benches);
criterion_main!(all);
