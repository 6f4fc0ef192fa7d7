//! Measured rates name chips and sources of the catalog.

use super::shipped;
use strait::catalog::ChipId;
use strait::data::{DataSet, read_table};
use strait::figure::{Grade, SourceId};

#[derive(serde::Deserialize)]
struct Rate {
    chip: String,
    achieved: f64,
    peak: Option<f64>,
    fraction: Option<f64>,
    source: String,
    grade: Grade,
    r#use: String,
}

#[test]
fn measured_rates_name_chips_and_sources_and_add_up() {
    let catalog = shipped();
    let data = DataSet::embedded();
    let rows: Vec<(_, Rate)> = read_table(data.get("validation/chip_rates.csv").unwrap()).unwrap();
    assert_eq!(rows.len(), 47);
    for (place, rate) in rows {
        assert!(
            catalog.get(&ChipId(rate.chip.clone())).is_some(),
            "{place}: {}",
            rate.chip
        );
        let source = catalog.sources.get(&SourceId(rate.source.clone()));
        assert!(
            source.is_some_and(|s| rate.grade >= s.grade),
            "{place}: {}",
            rate.source
        );
        assert_eq!(rate.r#use, "calibrate", "{place}");
        if let (Some(peak), Some(fraction)) = (rate.peak, rate.fraction) {
            assert!((rate.achieved / peak - fraction).abs() < 0.006, "{place}");
            assert!(fraction <= 1.0, "{place}");
        }
    }
}
