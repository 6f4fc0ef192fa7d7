//! What fitted files and tables say of where they are from is checked: a source that is registered, and no grade better than it
//! allows.

use crate::shipped::world;
use strait::data::{DataFile, DataSet, Problems};
use strait::perf::PerfModel;
use strait::perf::crossovers::Crossovers;
use strait::perf::inference::check_rates;

/// What loading says of a shipped file in which one text stands for another.
fn spoilt(path: &str, from: &str, to: &str, read: impl Fn(&DataSet) -> Result<(), Problems>) -> String {
    let text = DataSet::embedded().get(path).expect("shipped").text.to_owned();
    assert!(text.contains(from), "{path} has no {from}");
    let data = DataSet::embedded().with(path, text.replacen(from, to, 1));
    read(&data).expect_err("refused").to_string()
}

fn perf(data: &DataSet) -> Result<(), Problems> {
    PerfModel::load(data, &world().catalog.sources).map(|_| ())
}

#[test]
fn a_source_that_is_not_registered_or_a_better_grade_is_refused() {
    let assumed = "perf/assumed_device.toml";
    let models = "validation/models.csv";
    let crossovers = |data: &DataSet| {
        let file: DataFile<'_> = data.require("validation/crossovers.toml")?;
        Crossovers::read(file, &world().catalog, &world().perf).map(|_| ())
    };
    let rates = |data: &DataSet| check_rates(data.require("validation/chip_rates.csv")?, &world().catalog);
    let better = "is better than source";
    let unknown = "source `derivd` is not in the register";
    let said = [
        (spoilt(assumed, "\"derived\"", "\"derivd\"", perf), unknown),
        (
            spoilt(assumed, "grade   = \"derived\"", "grade = \"official\"", perf),
            better,
        ),
        (
            spoilt(
                "perf/makers.toml",
                "source          = \"derived\"",
                "source = \"derivd\"",
                perf,
            ),
            unknown,
        ),
        (
            spoilt(
                "perf/makers.toml",
                "grade           = \"derived\"",
                "grade = \"official\"",
                perf,
            ),
            better,
        ),
        (
            spoilt(models, "gpt3-paper,analysis", "gpt3-paper,official", perf),
            better,
        ),
        (
            spoilt(
                "validation/crossovers.toml",
                "source = \"assumed\"",
                "source = \"derivd\"",
                crossovers,
            ),
            unknown,
        ),
        (
            spoilt(
                "validation/crossovers.toml",
                "grade  = \"assumed\"",
                "grade = \"official\"",
                crossovers,
            ),
            better,
        ),
        (
            spoilt(
                "validation/chip_rates.csv",
                "recalled,recalled",
                "recalled,official",
                rates,
            ),
            better,
        ),
        (
            spoilt(
                "validation/chip_rates.csv",
                "amd-mi300x,GEMM",
                "amd-mi300y,GEMM",
                rates,
            ),
            "`amd-mi300y` is no chip of the catalog",
        ),
    ];
    for (said, expected) in said {
        assert!(said.contains(expected), "no `{expected}` in {said}");
    }
}

#[test]
fn a_wrong_grade_below_a_heading_is_what_is_reported() {
    let said = spoilt(
        "perf/makers.toml",
        "grade           = \"derived\"",
        "grade = \"x\"",
        perf,
    );
    assert!(said.contains("unknown variant `x`"), "{said}");
    assert!(!said.contains("missing field"), "{said}");
}
