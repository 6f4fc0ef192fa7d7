//! Cheaper power for domestic chips.

use super::{ask, check, chip};
use crate::shipped::BOOK;
use serde::Deserialize;
use strait::data::{DataSet, read_table};
use strait::figure::SourceId;
use strait::rules::{Segment, SubsidyKind, Ternary};

/// FT of 2025-11-03: up to half off in three provinces, to about 0.4 yuan, for domestic chips only.
#[test]
fn a_domestic_chip_in_the_mainland_may_have_cheaper_power() {
    let of = |name: &str, to: &str, on: &str, segment: Segment| {
        let mut tx = ask(chip(name), to, on, on);
        tx.segment = segment;
        check(chip(name), &tx).cn.subsidies
    };
    let found = of("910c", "CN", "2025-11-03", Segment::Platform);
    let [subsidy] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (subsidy.id.as_str(), subsidy.kind),
        ("cn-power-subsidy-2025-11", SubsidyKind::Electricity)
    );
    assert_eq!(
        (subsidy.rate_low.as_deref(), subsidy.rate_high.as_str()),
        (None, "0.5")
    );
    assert_eq!(subsidy.price_cny_per_kwh.as_deref(), Some("0.4"));
    assert_eq!(subsidy.places, ["Gansu", "Guizhou", "Inner Mongolia"]);
    // It hangs on where the data center is and what else it runs.
    assert_eq!(subsidy.applies, Ternary::Unknown);
    for (name, to, on, segment) in [
        ("910c", "CN", "2025-11-02", Segment::Platform),
        ("910c", "HK", "2026-10-05", Segment::Platform),
        ("910c", "CN", "2026-10-05", Segment::Consumer),
        ("h20", "CN", "2026-10-05", Segment::Platform),
        ("cxmt-hbm2", "CN", "2026-10-05", Segment::Platform),
    ] {
        assert!(of(name, to, on, segment).is_empty(), "{name} to {to} on {on}");
    }
}

#[derive(Deserialize)]
struct Tariff {
    place: String,
    chips: String,
    low: f64,
    value: f64,
    high: f64,
    source: SourceId,
}

/// Where the subsidy is reported, power for domestic chips costs what it is reported to leave; where the province is
/// not named, the price lies anywhere from there to what is paid without it.
#[test]
fn the_tariff_for_domestic_chips_is_what_the_subsidy_leaves() {
    let data = DataSet::embedded();
    let by = BOOK.instrument("cn-power-subsidy-2025-11").unwrap();
    let price: f64 = by.subsidy[0]
        .price_cny_per_kwh
        .unwrap()
        .0
        .to_string()
        .parse()
        .unwrap();
    let tariffs = read_table::<Tariff>(data.get("market/tariffs.csv").unwrap()).unwrap();
    let domestic = || tariffs.iter().map(|(_, t)| t).filter(|t| t.chips == "domestic");
    let mut subsidised: Vec<&str> = Vec::new();
    for tariff in domestic() {
        assert_eq!(tariff.source.0, *by.source.get_ref());
        assert!(tariff.low <= price && price <= tariff.high, "{}", tariff.place);
        if tariff.value.to_bits() == price.to_bits() {
            subsidised.push(&tariff.place);
        }
    }
    assert_eq!(subsidised, ["CN-GS", "CN-GZ", "CN-NM"]);
    assert_eq!(
        domestic().count(),
        4,
        "three provinces and the mainland as a whole"
    );
}
