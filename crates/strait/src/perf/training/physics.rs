//! Physics of a training step over random chips and plans, under the committed parameters.

use super::ask::run;
use super::hardware::Hardware;
use super::published::Fixed;
use super::search::{Effort, search};
use super::space::Breadth;
use super::{Execution, Job, Kernel, Overlap, Recompute, Sharding, Step, Trained};
use crate::catalog::{Catalog, ChipId, Format, Topology};
use crate::data::{DataSet, load_sources};
use crate::figure::Quantity;
use crate::perf::ops::{Assumed, Device, End, Fabric};
use crate::perf::{ModelId, PerfModel};
use crate::scenario::Scenario;
use proptest::prelude::*;
use std::sync::OnceLock;

/// The committed parameters, and an H100 as the frame that random figures are put into.
fn frame() -> &'static (PerfModel, Hardware) {
    static HELD: OnceLock<(PerfModel, Hardware)> = OnceLock::new();
    HELD.get_or_init(|| {
        let data = DataSet::embedded();
        let perf = PerfModel::load(&data, &load_sources(&data).unwrap()).unwrap();
        let catalog = Catalog::load(&data, &Scenario::default()).unwrap();
        let chip = catalog.get(&ChipId("nvidia-h100-sxm".into())).unwrap();
        let hardware = perf.training.hardware(chip, End::Middle).unwrap();
        (perf, hardware)
    })
}

/// A chip with other figures.
fn changed(chip: &Hardware, change: impl FnOnce(&mut Hardware)) -> Hardware {
    let mut chip = chip.clone();
    change(&mut chip);
    chip
}

/// A chip between an edge part and three times the largest of today, in nodes of 8 to 72.
fn chips() -> impl Strategy<Value = Hardware> {
    let device = (
        (8.0..400.0_f64, 0.6e9..3.0e9_f64, 256.0..16384.0_f64),
        (1e11..2e13_f64, 2e6..3e8_f64, 64e3..400e3_f64),
        (50.0..2000.0_f64, 1e10..2e12_f64, 1e9..2e11_f64),
        (16e9..400e9_f64, prop_oneof![Just(8.0), Just(72.0)]),
        prop_oneof![
            Just("switch"),
            Just("summing switch"),
            Just("mesh of 8"),
            Just("mesh of 2"),
            Just("torus of 4x4x4"),
        ],
    );
    device.prop_map(
        |((units, clock, flop), (memory, cache, scratch), (power, link, out), (capacity, domain), words)| {
            let topology = Topology::of(words).expect("words of a chip file");
            let peak16 = units * clock * flop;
            let device = Device {
                peak32: 0.1 * peak16,
                peak_tf32: 0.5 * peak16,
                peak16,
                peak8: 2.0 * peak16,
                peak_int8: 2.0 * peak16,
                peak4: 4.0 * peak16,
                peak_int4: 4.0 * peak16,
                memory,
                cache,
                units,
                clock,
                scratch,
                power,
                unpacking: 0.0,
                assumed: Assumed::default(),
                link,
                fabric: Fabric::Links(topology),
                host: 0.1 * link,
            };
            changed(&frame().1, |chip| {
                chip.device = device;
                chip.capacity = capacity;
                chip.domain = domain;
                chip.out = out;
            })
        },
    )
}

/// Dense, fine and coarse mixtures, sliding and linear attention.
const MODELS: [&str; 5] = [
    "llama-3.1-8b",
    "deepseek-v3",
    "mixtral-8x7b",
    "gemma-3-27b",
    "qwen3-next-80b-a3b",
];

/// A job and a plan that can run it.
fn works() -> impl Strategy<Value = (Job<'static>, Execution)> {
    let degree = || prop_oneof![Just(1_u32), Just(2), Just(4), Just(8)];
    let plan = (
        (
            degree(),
            prop_oneof![Just(1_u32), Just(2)],
            degree(),
            degree(),
            degree(),
        ),
        (1_u32..4, 1_u32..3, 0_usize..4, 0_usize..3, any::<[bool; 5]>()),
    );
    let job = (
        0_usize..MODELS.len(),
        1_u32..6,
        9_u32..15,
        any::<bool>(),
        any::<bool>(),
    );
    (job, plan).prop_filter_map(
        "a plan that can run the job",
        |(
            (model, rounds, length, narrow, old),
            (degrees, (chunks, microbatch, sharding, recompute, yes)),
        )| {
            let model = frame().0.model(&ModelId(MODELS[model].into())).unwrap();
            let (tensor, context, pipeline, data, expert) = degrees;
            let recompute = Recompute::ALL[recompute];
            let job = Job {
                model,
                chips: tensor * context * pipeline * data,
                sequence: 1 << length,
                batch: data * microbatch * rounds,
                arithmetic: if narrow { Format::Fp8 } else { Format::Fp16 },
                attention: if old { Kernel::Flash2 } else { Kernel::Fused },
                gradient_bytes: 2.0,
                trained: Trained::All,
            };
            let plan = Execution {
                tensor,
                context,
                pipeline,
                data,
                expert,
                chunks: if pipeline == 1 { 1 } else { chunks },
                microbatch,
                sharding: Sharding::ALL[sharding],
                recompute,
                recomputed: if recompute == Recompute::Full {
                    model.layers.div_ceil(pipeline)
                } else {
                    0
                },
                sequence_parallel: yes[0] && tensor > 1,
                overlap: Overlap {
                    tensor: yes[1],
                    data: yes[2],
                    pipeline: yes[3],
                    experts: yes[4],
                },
            };
            plan.unfit(&job).is_none().then_some((job, plan))
        },
    )
}

fn step(job: &Job<'_>, hardware: &Hardware, plan: &Execution) -> Step {
    run(job, hardware, plan).expect("the chip has the arithmetic").0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_step_beats_its_roofline((job, plan) in works(), chip in chips()) {
        let ran = step(&job, &chip, &plan);
        let tokens = f64::from(job.batch) * f64::from(job.sequence) / f64::from(job.chips);
        let arithmetic = tokens * job.flop() / chip.peak(job.arithmetic);
        // Adam touches every weight, gradient and moment once, shared out over all chips at best; each weight is read
        // in both passes by the chips that hold it, once a step at least.
        let parameters = job.model.common_parameters() + job.model.expert_parameters();
        let traffic = 30.0 * parameters / f64::from(job.chips) / chip.device.memory;
        let least = arithmetic.max(traffic);
        prop_assert!(ran.seconds.get() >= least * (1.0 - 1e-9), "{} beats {least}: {plan:?}", ran.seconds.get());
        prop_assert!(ran.mfu <= ran.hfu && ran.hfu.get() <= 1.0 + 1e-9, "{} {}: {plan:?}", ran.mfu.get(), ran.hfu.get());
    }

    #[test]
    fn doubling_every_resource_never_slows((job, plan) in works(), chip in chips()) {
        let twice = changed(&chip, |chip| {
            let d = &mut chip.device;
            for figure in [
                &mut d.peak32, &mut d.peak_tf32, &mut d.peak16, &mut d.peak8, &mut d.peak_int8, &mut d.peak4, &mut d.peak_int4, &mut d.memory, &mut d.cache, &mut d.units,
                &mut d.power, &mut d.link, &mut chip.capacity, &mut chip.out,
            ] {
                *figure *= 2.0;
            }
        });
        let (one, two) = (step(&job, &chip, &plan).seconds.get(), step(&job, &twice, &plan).seconds.get());
        prop_assert!(two <= one * (1.0 + 1e-9), "{one} to {two}: {plan:?}");
    }

    #[test]
    fn more_bandwidth_never_slows((job, plan) in works(), chip in chips(), more in 1.0..8.0_f64) {
        let wide = changed(&chip, |chip| chip.device.memory *= more);
        let (one, two) = (step(&job, &chip, &plan).seconds.get(), step(&job, &wide, &plan).seconds.get());
        prop_assert!(two <= one * (1.0 + 1e-9), "{one} to {two}: {plan:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// What ran keeps running, and no slower: a larger memory only adds plans.
    #[test]
    fn more_memory_never_loses_a_plan(chip in chips(), more in 1.0..4.0_f64, batch in 3_u32..6) {
        let job = Job {
            model: frame().0.model(&ModelId("llama-3.1-8b".into())).unwrap(),
            chips: 8,
            sequence: 4096,
            batch: 1 << batch,
            arithmetic: Format::Fp16,
            attention: Kernel::Fused,
            gradient_bytes: 2.0,
            trained: Trained::All,
        };
        let fastest = |chip: &Hardware| {
            let found = search(&job, chip, &Fixed::default(), Breadth::Narrow, Effort::Pruned, &|_, _| true);
            found.ranked.first().map(|(_, spent)| spent.total())
        };
        let larger = changed(&chip, |chip| chip.capacity *= more);
        if let Some(before) = fastest(&chip) {
            let after = fastest(&larger);
            prop_assert!(after.is_some_and(|after| after <= before * (1.0 + 1e-9)), "{before} to {after:?}");
        }
    }
}
