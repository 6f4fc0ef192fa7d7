//! What physics demands of every answer.

use crate::shipped::loaded;
use strait::catalog::{Catalog, Chip, ChipId, Engine};
use strait::figure::{Figure, Outcome, Quantity};
use strait::perf::{PerfModel, Performance, Scale, WorkloadClass, WorkloadId};

fn chip<'a>(catalog: &'a Catalog, id: &str) -> &'a Chip {
    catalog.get(&ChipId(id.into())).unwrap_or_else(|| panic!("{id}"))
}

fn run(model: &PerfModel, chip: &Chip, workload: &str, scale: Scale) -> Performance {
    match model.run(chip, &WorkloadId(workload.into()), scale) {
        Outcome::Known(performance) => performance,
        Outcome::Unknown(needs) => panic!("{} {workload}: {needs:?}", chip.id),
    }
}

fn rate(model: &PerfModel, chip: &Chip, workload: &str) -> f64 {
    let w = model.workload(&WorkloadId(workload.into())).unwrap();
    run(model, chip, workload, model.scales(w)[0])
        .per_chip
        .value
        .get()
}

const WORKLOADS: [&str; 5] = [
    "dense-pretraining",
    "moe-pretraining",
    "prefill",
    "chat",
    "reasoning",
];

#[test]
fn h20_trains_and_reads_prompts_far_slower_than_an_h100_and_decodes_nearer_to_it() {
    let (model, catalog) = loaded();
    let (h20, h100) = (chip(catalog, "nvidia-h20-96gb"), chip(catalog, "nvidia-h100-sxm"));
    let ratio = |w| rate(model, h20, w) / rate(model, h100, w);
    // Reported runs put it nearer to one (docs/perf.md, "Read with care"). With memory in the bytes that drivers show it is 0.587:
    // both hold more sequences, the H100 in proportion more beside its weights.
    assert!(ratio("reasoning") > 0.57, "reasoning {}", ratio("reasoning"));
    for compute_bound in ["prefill", "dense-pretraining"] {
        let ratio = ratio(compute_bound);
        assert!((0.15..0.35).contains(&ratio), "{compute_bound} {ratio}");
    }
}

/// The search for the most users within limits ends two percent from them, at either chip.
const SEARCHED: f64 = 0.04;

#[test]
fn more_of_anything_is_never_slower() {
    let (model, catalog) = loaded();
    fn scaled<Q: Quantity>(figure: &mut Figure<Q>, k: f64) {
        figure.value = Q::of(figure.value.get() * k);
        figure.alternatives.clear();
    }
    let mut slower = Vec::new();
    for id in [
        "nvidia-h20-96gb",
        "nvidia-h100-sxm",
        "amd-mi300x",
        "huawei-ascend-910c",
    ] {
        for workload in WORKLOADS {
            let base = rate(model, chip(catalog, id), workload);
            let mut check = |faster: &Chip, what: &str, k: f64| {
                let ratio = rate(model, faster, workload) / base;
                if ratio < 1.0 - SEARCHED {
                    slower.push(format!("{id} {workload} {what} x{k}: {ratio:.3}"));
                }
            };
            for k in [1.3, 4.0] {
                let mut faster = chip(catalog, id).clone();
                scaled(faster.memory.bandwidth.as_mut().unwrap(), k);
                check(&faster, "bandwidth", k);
                let mut faster = chip(catalog, id).clone();
                faster.peaks.iter_mut().for_each(|p| scaled(&mut p.rate, k));
                check(&faster, "peaks", k);
                let mut faster = chip(catalog, id).clone();
                scaled(faster.io.scale_up_bidirectional.as_mut().unwrap(), k);
                check(&faster, "link", k);
            }
        }
    }
    assert!(slower.is_empty(), "{slower:#?}");
}

#[test]
fn every_answer_stays_below_the_roofline() {
    let (model, catalog) = loaded();
    let mut known = 0;
    for chip in catalog.iter() {
        for workload in model.workloads() {
            for scale in model.scales(workload) {
                let Outcome::Known(p) = model.run(chip, &workload.id, scale) else {
                    continue;
                };
                known += 1;
                assert!(
                    p.mfu > 0.0 && p.mfu < 1.0,
                    "{} {} mfu {}",
                    chip.id,
                    workload.id,
                    p.mfu
                );
                let sum = p.shares.compute + p.shares.memory_bandwidth + p.shares.network + p.shares.overhead;
                assert!((sum - 1.0).abs() < 1e-9);
                assert!(p.rate.low <= p.rate.value && p.rate.value <= p.rate.high);
                assert!(!p.rests_on.is_empty());
                if let (Some(power), Some(tdp)) = (p.power, &chip.tdp) {
                    assert!(power.value.get() > 0.15 * tdp.value.get() && power.value <= tdp.value);
                }
            }
        }
    }
    assert!(known > 150, "only {known} answers");
}

#[test]
fn the_makers_headline_with_vector_units_is_never_used() {
    let (model, catalog) = loaded();
    let mut inflated = chip(catalog, "huawei-ascend-910c").clone();
    let before = rate(model, &inflated, "dense-pretraining");
    for peak in inflated.peaks.iter_mut().filter(|p| p.engine != Engine::Tensor) {
        peak.rate.value = Quantity::of(peak.rate.value.get() * 10.0);
    }
    assert!((rate(model, &inflated, "dense-pretraining") - before).abs() < 1e-9 * before);
}

#[test]
fn a_missing_bandwidth_is_asked_for_and_an_infeasible_plan_names_its_remedy() {
    let (model, catalog) = loaded();
    let mut blind = chip(catalog, "nvidia-h20-96gb").clone();
    blind.memory.bandwidth = None;
    for workload in ["chat", "dense-pretraining"] {
        let w = model.workload(&WorkloadId(workload.into())).unwrap();
        let outcome = model.run(&blind, &w.id, model.scales(w)[0]);
        let need = &outcome.needs()[0];
        assert_eq!(need.flag.as_deref(), Some("memory.bandwidth in a chip file"));
        let bounded = w.class == WorkloadClass::DenseTraining;
        assert_eq!(need.why.contains("at most"), bounded, "{}", need.why);
    }
    let outcome = model.run(
        chip(catalog, "nvidia-l2"),
        &WorkloadId("reasoning".into()),
        Scale::Node,
    );
    let why = &outcome.needs()[0].why;
    assert!(
        why.contains("smallest cluster") || why.contains("no cluster"),
        "{why}"
    );
}

#[test]
fn training_power_of_an_h100_node_is_near_the_measured_share() {
    let (model, catalog) = loaded();
    let p = run(
        model,
        chip(catalog, "nvidia-h100-sxm"),
        "dense-pretraining",
        Scale::Cluster(1024),
    );
    // Measured: 0.66 (Sustainable Metal Cloud, no fans) to 0.76 (arXiv 2506.14551) of 10.2 kW; the
    // node draws about 2.1 kW beside its eight chips.
    let share = (8.0 * p.power.unwrap().value.get() / 1e3 + 2.1) / 10.2;
    assert!((0.64..0.80).contains(&share), "{share}");
}
