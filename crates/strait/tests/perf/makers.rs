//! How mature kernels are on chips of other makers: the file is what the measured rates give.

use strait::catalog::Catalog;
use strait::data::DataSet;
use strait::perf::PerfModel;
use strait::scenario::Scenario;

#[test]
fn the_file_is_what_the_measured_rates_give() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/perf/makers.toml");
    let data = DataSet::embedded();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let perf = PerfModel::load(&data, &catalog.sources).unwrap_or_else(|p| panic!("{p}"));
    let rates = data.get("validation/chip_rates.csv").unwrap();
    let fitted = perf.fit_makers(rates, &catalog).unwrap_or_else(|p| panic!("{p}"));
    let held = std::fs::read_to_string(path).unwrap();
    assert!(
        held == fitted.to_toml(),
        "run strait calibrate makers --out data/perf/makers.toml"
    );
    assert_eq!(*perf.inference().makers, fitted);
}
