//! Figures: against the survey they came from, disputed, replaced, and kept apart.

use super::{product, shipped};
use std::collections::BTreeMap;
use strait::catalog::{Catalog, Chip, ChipId, Engine};
use strait::data::DataSet;
use strait::figure::{AlternativeState, Grade, Place, Quantity};
use strait::scenario::Scenario;

/// Products and areas as the research computed them before the files were written; the engine's own
/// rules are tested elsewhere. Three differ for a reason.
#[test]
fn computed_products_and_areas_agree_with_the_survey() {
    let differs = BTreeMap::from([
        ("amd-mi210", 2899.2),               // FP64 matrix, 45.3 x 64, which the survey left out
        ("aws-trainium2", 12673.0),          // TF32 at 19 bits, 667 x 19, which the survey left out
        ("enflame-cloudblazer-t20", 2432.0), // TF32 at 19 bits, 128 x 19
    ]);
    let catalog = shipped();
    let mut checked = (0, 0);
    let mut reader = csv::Reader::from_reader(include_str!("../../fixtures/chip_products.csv").as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        let chip = catalog.get(&ChipId(row[0].to_owned())).unwrap();
        let survey: Option<f64> = row[1].parse().ok();
        match (survey, differs.get(&row[0])) {
            (_, Some(expected)) => assert!((product(chip) - expected).abs() < 1e-6, "{}", chip.id),
            (Some(expected), None) => {
                assert!(
                    (product(chip) - expected).abs() <= 0.5,
                    "{}: {}",
                    chip.id,
                    product(chip)
                );
                checked.0 += 1;
            }
            (None, None) => assert!(product(chip) < 1e-9, "{}", chip.id),
        }
        let area = |c: &Chip| -> f64 {
            let dies = c
                .dies
                .iter()
                .filter_map(|d| Some(f64::from(d.count) * d.area.as_ref()?.value.get()));
            dies.sum()
        };
        if let Ok(expected) = row[2].parse::<f64>() {
            assert!(
                (area(chip) - expected).abs() <= 0.5,
                "{}: {}",
                chip.id,
                area(chip)
            );
            checked.1 += 1;
        } else {
            assert!(area(chip) < 1e-9, "{}", chip.id);
        }
    }
    assert_eq!(checked, (99, 58));
}

#[test]
fn h20_is_2368_by_every_matrix_row_of_8_and_16_bits() {
    let catalog = shipped();
    for name in ["nvidia-h20-96gb", "nvidia-h20-141gb"] {
        let chip = catalog.resolve(name).unwrap().chip;
        assert!((product(chip) - 2368.0).abs() < 1e-9);
        let tf32 = chip.peaks.iter().find(|p| p.format.name() == "tf32").unwrap();
        assert!((tf32.input_bits.low.get() * tf32.rate.value.get() - 1406.0).abs() < 1e-9);
        assert!((tf32.input_bits.high.get() * tf32.rate.value.get() - 2368.0).abs() < 1e-9);
    }
}

#[test]
fn disputes_widen_or_are_set_aside_with_a_reason() {
    let catalog = shipped();
    let h20 = catalog.resolve("h20").unwrap().chip;
    let tdp = h20.figure("power.tdp").unwrap();
    assert_eq!(
        (tdp.value, tdp.low, tdp.high, tdp.unit),
        (400.0, 400.0, 550.0, "W")
    );
    // Written in MB, kept in GB, the other value too.
    let cache = h20.figure("cache.last_level").unwrap();
    assert!((cache.value - 0.060).abs() < 1e-12 && (cache.low - 0.050).abs() < 1e-12);
    let mi308x = catalog.resolve("mi308x").unwrap().chip;
    let bandwidth = mi308x.figure("memory.bandwidth").unwrap();
    assert_eq!((bandwidth.value, bandwidth.high), (5300.0, 5300.0));
    assert_eq!(bandwidth.alternatives[0].3, AlternativeState::Rejected);
    let area = catalog.resolve("mi300x").unwrap().chip.fact_disputes.clone();
    assert_eq!(
        (area[0].path.as_str(), area[0].value.as_str()),
        ("die.applicable_area", "1017")
    );
}

#[test]
fn huawei_headline_is_kept_apart_from_the_matrix_units() {
    let catalog = shipped();
    let chip = catalog.resolve("910c").unwrap().chip;
    let rate = |engine: Engine| {
        let peak = chip
            .peaks
            .iter()
            .find(|p| p.engine == engine && p.format.name() == "fp16");
        peak.unwrap().rate.value.get()
    };
    assert_eq!((rate(Engine::Tensor), rate(Engine::Headline)), (707.8, 752.0));
}

#[test]
fn absent_and_none_are_told_apart() {
    let catalog = shipped();
    let io = |name: &str| {
        catalog
            .resolve(name)
            .unwrap()
            .chip
            .io
            .scale_up_bidirectional
            .clone()
    };
    assert_eq!(io("l20").map(|f| f.value.get()), Some(0.0));
    assert!(io("br166").is_none());
    let unknown = catalog.resolve("br106").unwrap().chip;
    assert!(unknown.memory.bandwidth.is_none() && unknown.micro.cores.is_none());
    let p800 = catalog.resolve("p800").unwrap().chip;
    assert!(p800.dies[0].foundry.is_none());
    assert_eq!(
        p800.fact_disputes
            .iter()
            .filter(|d| d.path == "die.0.foundry")
            .count(),
        3
    );
}

#[test]
fn a_value_can_be_replaced_or_supplied() {
    let catalog = shipped();
    let h20 = catalog.resolve("h20").unwrap().chip;
    let colder = h20
        .with_value("power.tdp", 500.0, &Place::line("mine.toml", 7))
        .unwrap();
    let tdp = colder.figure("power.tdp").unwrap();
    assert_eq!((tdp.value, tdp.low, tdp.high), (500.0, 500.0, 500.0));
    assert!(tdp.alternatives.is_empty());
    // It is the user's word now, and no longer that of the source it replaced.
    assert_eq!((tdp.source.0.as_str(), tdp.grade), ("user", Grade::Assumed));
    assert_eq!(tdp.place.to_string(), "mine.toml:7");
    let reference = h20.figure("peak.tensor.fp8").unwrap();
    assert_eq!(reference.place.file, "chips/nvidia/h20-96gb.toml");
    let line = DataSet::embedded();
    let text = line.get("chips/nvidia/h20-96gb.toml").unwrap().text.to_owned();
    assert!(
        text.lines()
            .nth(reference.place.line.unwrap() - 1)
            .unwrap()
            .contains("\"fp8\"")
    );
    let supplied = catalog
        .resolve("910b2c")
        .unwrap()
        .chip
        .with_value("memory.bandwidth", 2000.0, &Place::whole("mine.toml"))
        .unwrap();
    assert_eq!(supplied.figure("memory.bandwidth").unwrap().grade, Grade::Assumed);
    let error = h20
        .with_value("memory.bandwith", 1.0, &Place::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(
            "`nvidia-h20-96gb` has no figure `memory.bandwith`; did you mean `memory.bandwidth`"
        ),
        "{error}"
    );
}

#[test]
fn variants_hold_together() {
    let catalog = shipped();
    let chip = catalog.resolve("mi308x").unwrap().chip;
    let tpp = |name: &str| {
        let variant = chip.variants.iter().find(|v| v.name == name).unwrap();
        let with = |chip: Chip, path: &str, value| chip.with_value(path, value, &chip.place).unwrap();
        let values = variant.values.iter();
        product(&values.fold(chip.clone(), |chip, (path, value)| with(chip, path, *value)))
    };
    assert!((tpp("uncapped") - 5504.0).abs() < 1e-6);
    assert!((tpp("capped") - 3311.872).abs() < 1e-6);
}

#[test]
fn a_scenario_changes_figures_and_names_its_own_mistakes() {
    let load = |changes: &[(&str, &str, &str)]| {
        let tables = changes.iter().map(|(chip, figure, value)| {
            format!("[[figure]]\nchip = \"{chip}\"\nfigure = \"{figure}\"\nvalue = {value}\n")
        });
        let text = format!("id = \"what-if\"\n\n{}", tables.collect::<String>());
        let scenario = Scenario::read("dir/mine.toml", &text).unwrap();
        Catalog::load(&DataSet::embedded(), &scenario).map_err(|problems| problems.to_string())
    };
    let none = ("h20", "io.scale_up_bidirectional", "0");
    let catalog = load(&[("h20", "memory.bandwidth", "2000"), none]).unwrap();
    let h20 = catalog.resolve("h20").unwrap().chip;
    let found = h20.figure("memory.bandwidth").unwrap();
    assert_eq!((found.value, found.low, found.high), (2000.0, 2000.0, 2000.0));
    assert_eq!((found.source.0.as_str(), found.grade), ("user", Grade::Assumed));
    assert_eq!(found.place.to_string(), "dir/mine.toml:3");
    assert_eq!(h20.figure(none.1).unwrap().value, 0.0);
    // What a chip file may not say, a scenario may not either.
    let said = load(&[
        ("hh20", "memory.bandwidth", "1"),
        ("h20", "memory.speed", "1"),
        ("h20", "memory.bandwidth", "0"),
        ("h20", "peak.tensor.fp8", "0"),
        ("h20", "die.0.area", "0"),
        ("h20", "io.scale_out", "-1"),
        ("h20", "memory.bandwidth", "inf"),
    ])
    .unwrap_err();
    let expected = [
        "no chip `hh20` in the catalog",
        "`nvidia-h20-96gb` has no figure `memory.speed`",
        "`memory.bandwidth` is `0`, where a number above zero",
        "`peak.tensor.fp8` is `0`, where a number above zero",
        "`die.0.area` is `0`, where a number above zero",
        "`io.scale_out` is `-1`, where a number of zero or more",
        "`memory.bandwidth` is `inf`, where a number above zero",
    ];
    assert_eq!(said.lines().count(), expected.len(), "{said}");
    for (n, (line, words)) in said.lines().zip(expected).enumerate() {
        assert!(
            line.starts_with(&format!("dir/mine.toml:{}: {words}", 3 + 4 * n)),
            "{line}"
        );
    }
}
