//! Stacks of memory sold by themselves.

use super::{OWN, own, shipped};
use strait::catalog::Chip;
use strait::data::DataSet;
use strait::figure::Place;

/// Bandwidth over area at the ends that make it least and most, GB/s per mm².
fn density(chip: &Chip) -> Option<(f64, f64)> {
    let (bandwidth, area) = (chip.figure("memory.bandwidth")?, chip.figure("package.area")?);
    Some((bandwidth.low / area.high, bandwidth.high / area.low))
}

/// Bounds of 89 FR 96790: ECCN 3A090.c takes HBM above 2 GB/s per mm²; License Exception HBM (740.25) only
/// what is below 3.3. The rule itself says that every stack then in production is above 2.
#[test]
fn memory_stacks_have_what_their_density_needs() {
    let catalog = shipped();
    for (name, above_2, below_3_3) in [
        ("sk-hynix-hbm2e-16gb", true, Some(false)),
        ("SK hynix HBM3", true, Some(false)),
        ("SK hynix HBM3E", true, Some(false)),
        // 256 GB/s over 92 mm² or 307 GB/s over 92 mm²: 2.8 or 3.3.
        ("samsung aquabolt", true, None),
        ("samsung-flashbolt", true, Some(false)),
        ("samsung-shinebolt", true, Some(false)),
        ("Micron HBM3E", true, Some(false)),
    ] {
        let chip = catalog.resolve(name).unwrap().chip;
        let (low, high) = density(chip).unwrap();
        assert_eq!(low > 2.0, above_2, "{name} {low}");
        let exception = match (high < 3.3, low >= 3.3) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        assert_eq!(exception, below_3_3, "{name} {low}..{high}");
        assert!(chip.peaks.is_empty() && chip.dies.is_empty(), "{name}");
    }
    let cxmt = catalog.resolve("cxmt hbm2").unwrap().chip;
    assert!(density(cxmt).is_none() && cxmt.package_area.is_some());
    let known = cxmt
        .with_value("memory.bandwidth", 307.2, &Place::default())
        .unwrap();
    assert!(density(&known).unwrap().0 > 3.3);
}

#[test]
fn a_memory_stack_computes_nothing() {
    let with = |text: String| own(&text.replace("\"module\"", "\"memory_stack\""));
    let problems = with(OWN.to_owned()).unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("`acme-one` is a memory stack and has a `[[peak]]` or a `[[die]]`"),
        "{problems}"
    );
    let start = OWN.find("[[peak]]").unwrap();
    let memory = OWN.find("[memory]").unwrap();
    let bare = format!(
        "{}[package]\narea = {{ value = 110, unit = \"mm2\" }}\n{}",
        &OWN[..start],
        &OWN[memory..]
    );
    let chip = with(bare.clone()).unwrap();
    assert!(!chip.is_accelerator() && chip.package_area.is_some());
    let error = with(bare.replace("value = 110", "value = 0")).unwrap_err();
    assert!(error.to_string().contains("`package.area` is zero"), "{error}");
}

#[test]
fn performance_of_a_memory_stack_is_unknown() {
    let catalog = shipped();
    let model = strait::perf::PerfModel::load(&DataSet::embedded(), &catalog.sources).unwrap();
    for chip in catalog.iter().filter(|c| !c.is_accelerator()) {
        for workload in model.workloads() {
            for scale in model.scales(workload) {
                let outcome = model.run(chip, &workload.id, scale);
                let need = outcome.needs().first().expect("a stack is never run");
                assert!(need.fact.contains("is a memory stack"), "{}", need.fact);
            }
        }
    }
}
