//! Measured rows: what is read, what is refused, and whether a fit finds parameters that are known.

use std::collections::BTreeMap;
use strait::catalog::ChipId;
use strait::catalog::Topology;
use strait::data::{DataSet, load_sources};
use strait::perf::kernels::{Groups, Settings, calibrate, leave_one_out, read};
use strait::perf::measured::{Cell, Harness, RealShapes, Records, Row, Skipped, rows};
use strait::perf::ops::gemm::{Fit, Gemm, seconds};
use strait::perf::ops::{Assumed, Cache, Call, Device, Engine, Fabric, Operator, Parameters, Precision};

fn harness() -> Harness {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    Harness::read(data.get("perf/systems.toml").unwrap(), &sources).unwrap_or_else(|p| panic!("{p}"))
}

fn table(file: &str, columns: &[&str], cells: &[&str]) -> Records {
    let mut records = Records::named(file).expect("a name of the right form");
    records.columns = columns.iter().map(|c| (*c).to_owned()).collect();
    records.cells = cells
        .iter()
        .map(|c| match *c {
            "" => Cell::Empty,
            text => text
                .parse()
                .map_or_else(|_| Cell::Text(text.into()), Cell::Number),
        })
        .collect();
    records
}

const GEMM: [&str; 7] = ["framework", "version", "gemm_dtype", "m", "n", "k", "latency"];

#[test]
fn a_table_becomes_typed_rows() {
    let good = table(
        "l40s.gemm.csv",
        &GEMM,
        &["VLLM", "1", "bfloat16", "16", "4096", "8192", "0.1"],
    );
    let mut skipped = Skipped::new();
    let found = rows(&good, &harness(), &mut skipped).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].chip.0.as_str(),
            found[0].engine.as_str(),
            found[0].precision
        ),
        ("nvidia-l40s", "VLLM", "bf16")
    );
    assert!((found[0].seconds - 1e-4).abs() < 1e-12, "latency is milliseconds");
    assert_eq!(found[0].operator(), Operator::Gemm);
}

#[test]
fn a_missing_column_is_told_with_the_nearest_name() {
    let missing = table(
        "l40s.gemm.csv",
        &["framework", "gemm_dtype", "M", "n", "k", "latency"],
        &["VLLM", "bfloat16", "1", "2", "3", "0.1"],
    );
    let problem = rows(&missing, &harness(), &mut Skipped::new()).unwrap_err();
    let said = format!("{problem} / {}", problem.help.as_deref().unwrap_or_default());
    assert!(said.contains("l40s.gemm.csv:1: column `m` is missing"), "{said}");
}

#[test]
fn a_bad_record_is_counted_with_its_line_and_stops_no_other() {
    let mut records = table(
        "l40s.gemm.csv",
        &GEMM,
        &[
            "VLLM", "1", "bf16", "1", "2", "3", "0.1", // good
            "VLLM", "1", "bf16", "1", "two", "3", "0.1", // a word
            "VLLM", "1", "bf16", "1", "2", "3", "0", // no time
            "VLLM", "1", "bf16", "", "2", "3", "0.1", // nothing
            "VLLM", "1", "bf16", "1", "three", "3", "0.1", // another word
        ],
    );
    records.lines = vec![2, 3, 4, 7, 8];
    records.malformed = vec![(6, "4 fields where the header has 7".to_owned())];
    let said = |records: &Records| {
        let mut skipped = Skipped::new();
        let found = rows(records, &harness(), &mut skipped).unwrap_or_else(|p| panic!("{p}"));
        assert_eq!(found.len(), 1, "the good one is read");
        skipped.into_iter().collect::<Vec<_>>()
    };
    let why = |text: &str, n: usize| (format!("could not be read: l40s.gemm.csv{text}"), n);
    assert_eq!(
        said(&records),
        [
            why(
                ":3: column `n` is `two`, not a number, and others of that column",
                2
            ),
            why(
                ":4: column `latency` is `0` where a number above zero was expected",
                1
            ),
            why(":6: 4 fields where the header has 7", 1),
            why(":7: column `m` is empty", 1),
        ]
    );
    // A file without lines has rows.
    records.lines.clear();
    records.malformed.clear();
    assert_eq!(
        said(&records)[0],
        why(
            ", row 2: column `n` is `two`, not a number, and others of that column",
            2
        )
    );
}

#[test]
fn what_has_no_model_is_counted_and_told() {
    let mut skipped = Skipped::new();
    let row = ["VLLM", "1", "bf16", "1", "2", "3", "0.1"];
    let unknown = table("unheard_of.gemm.csv", &GEMM, &row);
    let other = table("l40s.sampling.csv", &GEMM, &row);
    let precision = table(
        "l40s.gemm.csv",
        &GEMM,
        &["VLLM", "1", "int3", "1", "2", "3", "0.1"],
    );
    for records in [&unknown, &other, &precision] {
        assert!(
            rows(records, &harness(), &mut skipped)
                .unwrap_or_else(|p| panic!("{p}"))
                .is_empty()
        );
    }
    let why: Vec<(&str, usize)> = skipped.iter().map(|(why, n)| (why.as_str(), *n)).collect();
    assert_eq!(
        why,
        [
            ("precision `int3` has no model", 1),
            ("system `unheard_of` is mapped to no chip", 1),
            ("table `sampling` has no model", 1)
        ]
    );
}

/// A chip of so many times the rates and cache of one like an A100.
pub(crate) fn device(scale: f64, clock: f64) -> Device {
    let peak16 = 300e12 * scale;
    Device {
        peak32: 0.1 * peak16,
        peak_tf32: 0.5 * peak16,
        peak16,
        peak8: 2.0 * peak16,
        peak_int8: 2.0 * peak16,
        peak4: 0.0,
        peak_int4: 0.0,
        memory: 2e12 * scale,
        cache: 40e6 * scale,
        units: 108.0 * scale,
        clock,
        scratch: 192e3,
        power: 400.0 * scale,
        link: 3e11,
        fabric: Fabric::Links(Topology::Switch { sums: false }),
        host: 0.0,
        unpacking: 0.0,
        assumed: Assumed::default(),
    }
}

/// Rows of three chips under known parameters, two engines each, the second always a quarter slower in arithmetic.
fn synthetic(known: &Fit) -> (Vec<Row>, BTreeMap<ChipId, Device>) {
    let mut rows = Vec::new();
    let mut devices = BTreeMap::new();
    for (name, scale, clock) in [("a", 1.0, 1.4e9), ("b", 1.4, 1.9e9), ("c", 0.7, 2.4e9)] {
        let id = ChipId(name.into());
        let device = device(scale, clock);
        for m in [1.0, 64.0, 500.0, 4096.0] {
            for n in [512.0, 2048.0, 6144.0, 16384.0] {
                for k in [512.0, 4096.0, 12288.0] {
                    let call = Gemm {
                        m,
                        n,
                        k,
                        precision: Precision::BF16,
                        cache: Cache::Warm { copies: 5 },
                    };
                    for (engine, compute) in [("fast", 1.0), ("slow", 1.25)] {
                        let factors = Engine {
                            compute,
                            ..Engine::BEST
                        };
                        rows.push(Row {
                            system: name.into(),
                            chip: id.clone(),
                            engine: engine.into(),
                            version: "1".into(),
                            precision: "bf16",
                            call: Call::Gemm(call),
                            seconds: seconds(&call, &device, known, &factors),
                        });
                    }
                }
            }
        }
        devices.insert(id, device);
    }
    (rows, devices)
}

fn known() -> Fit {
    let mut values: Vec<f64> = Fit::LIST.iter().map(|p| p.prior).collect();
    values[0] = 6000.0; // launch
    values[1] = 0.7; // reach
    values[11] = 0.9; // memory
    Fit::from_list(&values)
}

#[test]
fn a_fit_finds_known_parameters_and_an_engine_that_is_slower() {
    let (rows, devices) = synthetic(&known());
    let mut skipped = Skipped::new();
    let groups = Groups::of(&rows, devices, &mut skipped);
    assert!(skipped.is_empty(), "{skipped:?}");
    let settings = Settings {
        sample: 100,
        moves: 900,
        ..Settings::default()
    };
    let fitted = calibrate(&groups, &settings);
    let set = &fitted.sets[&(Operator::Gemm, "bf16".to_owned())];
    for (at, truth, within) in [(0, 6000.0, 0.15), (1, 0.7, 0.08), (11, 0.9, 0.08)] {
        let found: f64 = set.values[at];
        assert!(
            (found / truth).ln().abs() < within,
            "{} is {found}, not {truth}",
            Fit::LIST[at].name
        );
    }
    let slow = &fitted.engines[&(Operator::Gemm, "bf16".to_owned(), "slow".to_owned())];
    assert!((slow.factors.compute - 1.25).abs() < 0.15, "{slow:?}");
    assert_eq!(
        fitted,
        calibrate(&groups, &settings),
        "the same rows and seed give the same fit"
    );
}

#[test]
fn a_chip_left_out_is_predicted_from_its_rates_alone() {
    let (rows, devices) = synthetic(&known());
    let groups = Groups::of(&rows, devices, &mut Skipped::new());
    let settings = Settings {
        sample: 60,
        moves: 450,
        ..Settings::default()
    };
    let (kernels, found) = leave_one_out(&groups, &settings, &RealShapes::default(), false, &mut |_| {});
    assert_eq!(found.intervals.len(), 3);
    for score in found
        .scores
        .iter()
        .filter(|s| s.regime == "all" && s.engine == "best")
    {
        assert!(score.mape < 8.0 && score.n == 48, "{score:?}");
        assert!(score.coverage90 > 0.7, "{score:?}");
    }
    // What was fitted can be written and read back unchanged.
    let text = kernels.to_toml();
    let data = DataSet::empty().with("operators.toml", text.clone());
    assert_eq!(
        read(data.get("operators.toml").unwrap())
            .unwrap_or_else(|p| panic!("{p}"))
            .to_toml(),
        text
    );
}

#[test]
fn the_committed_fit_reads_and_says_what_it_rests_on() {
    let data = DataSet::embedded();
    let file = data.get("perf/operators.toml").expect("the fit");
    let kernels = read(file).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(
        kernels.to_toml(),
        file.text,
        "the file is what `strait calibrate` writes"
    );
    assert_eq!(kernels.sets[&(Operator::Gemm, "bf16".to_owned())].chips.len(), 4);
    assert!(!kernels.origin.data.is_empty() && kernels.between > 0.0 && kernels.between < 0.3);
    for parameter in strait::perf::ops::Family::list(Operator::Gemm) {
        assert!(
            file.text.contains(parameter.meaning),
            "no meaning of {}",
            parameter.name
        );
    }
    let broken = file.text.replacen("reach      = ", "reached    = ", 1);
    let data = DataSet::empty().with("operators.toml", broken);
    let said = read(data.get("operators.toml").unwrap()).unwrap_err().to_string();
    assert!(
        said.contains("`reach` of gemm") && said.contains("`reached` is no parameter of gemm"),
        "{said}"
    );
}
