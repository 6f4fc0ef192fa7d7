//! Training steps beside published ones, memory beside published breakdowns, searches beside each other.

use std::sync::atomic::{AtomicU64, Ordering};
use strait::catalog::{Catalog, Chip, Format};
use strait::data::{DataSet, load_sources};
use strait::figure::{Outcome, Quantity};
use strait::perf::training::{
    Breadth, Effort, Execution, Fixed, Job, Kernel, Overlap, Recompute, Search, Sharding, Step, StepSummary,
    Trained,
};
use strait::perf::{Model, ModelId, PerfModel};
use strait::scenario::Scenario;

fn loaded() -> (DataSet, Catalog, PerfModel) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let model = PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    (data, catalog, model)
}

fn model<'m>(perf: &'m PerfModel, id: &str) -> &'m Model {
    perf.model(&ModelId(id.into())).unwrap()
}

fn chip<'c>(catalog: &'c Catalog, name: &str) -> &'c Chip {
    catalog.resolve(name).unwrap().chip
}

fn job(model: &Model, chips: u32, sequence: u32, batch: u32) -> Job<'_> {
    Job {
        model,
        chips,
        sequence,
        batch,
        arithmetic: Format::Fp16,
        attention: Kernel::Fused,
        gradient_bytes: 2.0,
        trained: Trained::All,
    }
}

fn search(perf: &PerfModel, chip: &Chip, job: &Job<'_>, breadth: Breadth, effort: Effort) -> Search {
    match perf.search_training(chip, job, &Fixed::default(), breadth, effort, &|_, _| true) {
        Outcome::Known(found) => found,
        Outcome::Unknown(needs) => panic!("{needs:?}"),
    }
}

#[test]
fn published_steps_are_met_as_the_page_says() {
    let (_, catalog, perf) = loaded();
    let report = perf.validate_training(|id| catalog.get(id), false);
    let of = |specified| {
        StepSummary::of(
            report
                .rows
                .iter()
                .filter(|r| r.specified == specified)
                .map(|r| r.error),
        )
    };
    let (known, searched) = (of(true).unwrap(), of(false).unwrap());
    assert_eq!(known.rows, 98);
    assert!(known.median < 0.05 && known.within_20 > 0.95, "{known:?}");
    assert!(searched.rows >= 150 && searched.median < 0.18, "{searched:?}");
    let far: Vec<_> = report.rows.iter().filter(|r| r.is_far()).map(|r| &r.id).collect();
    assert!(far.len() <= 2, "{far:?}");
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
}

/// Korthikanti et al. 2022 (arXiv 2205.05198), figure 1, as digitised by calculon: GiB of a chip.
#[test]
fn memory_is_that_of_published_breakdowns() {
    let (_, catalog, perf) = loaded();
    let a100 = chip(&catalog, "a100-sxm-80gb");
    let cases = [
        ("megatron-gpt-22b", 8, 4, (1, 1), 4, false, 59.25),
        ("megatron-gpt-22b", 8, 4, (1, 1), 4, true, 9.5625),
        ("megatron-gpt-175b", 64, 64, (8, 3), 1, false, 66.843_75),
        ("megatron-gpt-175b", 64, 64, (8, 3), 1, true, 12.351_562_5),
    ];
    for (name, chips, batch, (pipeline, chunks), microbatch, selective, activations) in cases {
        let job = Job {
            attention: Kernel::Unfused,
            ..job(model(&perf, name), chips, 2048, batch)
        };
        let plan = Execution {
            tensor: 8,
            context: 1,
            pipeline,
            data: 1,
            expert: 1,
            chunks,
            microbatch,
            sharding: Sharding::None,
            recompute: if selective {
                Recompute::Selective
            } else {
                Recompute::None
            },
            recomputed: 0,
            sequence_parallel: selective,
            overlap: Overlap::NONE,
        };
        let memory = perf.run_training(a100, &job, &plan).unwrap().memory;
        let gib = |gb: f64| gb * 1e9 / f64::from(1 << 30);
        // Selective recomputation holds the scores of one layer beside; figure 1 leaves them out.
        let scores = 5.0 * f64::from(microbatch) * f64::from(job.model.heads) / 8.0 * 2048.0 * 2048.0 / 1e9;
        let kept = memory.activations.get() - if selective { scores } else { 0.0 };
        assert!(
            (gib(kept) / activations - 1.0).abs() < 0.01,
            "{name} {selective}: {} for {activations}",
            gib(kept)
        );
        if name == "megatron-gpt-22b" {
            let state = gib((memory.weights + memory.gradients + memory.optimiser).get());
            assert!((state / 45.5625 - 1.0).abs() < 0.02, "{state}");
        }
    }
}

#[test]
fn a_pruned_search_finds_what_an_exhaustive_one_does() {
    let (_, catalog, perf) = loaded();
    for (name, on, chips, sequence, batch) in [
        ("llama-3.1-8b", "h100-sxm", 16, 4096, 32),
        ("llama-3.1-70b", "a100-sxm-80gb", 64, 8192, 32),
        ("qwen3-30b-a3b", "h20", 16, 4096, 16),
    ] {
        let job = job(model(&perf, name), chips, sequence, batch);
        let on = chip(&catalog, on);
        let all = search(&perf, on, &job, Breadth::Wide, Effort::Exhaustive);
        let some = search(&perf, on, &job, Breadth::Wide, Effort::Pruned);
        assert_eq!(all.steps[0], some.steps[0], "{name}");
        assert!(
            some.examined * 4 < all.examined,
            "{} of {}",
            some.examined,
            all.examined
        );
        assert!(all.fitting <= all.examined && all.fitting > 0);
        // Nothing found needs more than there is, and parts sum to the step.
        for step in &all.steps {
            assert!(step.memory.total <= step.memory.usable);
            assert!((parts(step) / step.seconds.get() - 1.0).abs() < 1e-9);
            assert!(step.hfu >= step.mfu && step.mfu.get() < 1.0);
        }
    }
}

fn parts(step: &Step) -> f64 {
    let p = &step.parts;
    [
        p.work,
        p.recomputed,
        p.bubble,
        p.tensor,
        p.context_and_experts,
        p.pipeline,
        p.data,
        p.optimiser,
        p.host,
        p.stragglers,
    ]
    .iter()
    .map(|s| s.get())
    .sum()
}

#[test]
fn threads_change_nothing() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-8b"), 8, 4096, 16);
    let on = chip(&catalog, "h100-sxm");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| search(&perf, on, &job, Breadth::Wide, Effort::Pruned))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn a_search_stops_when_told() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-8b"), 64, 4096, 64);
    let blocks = AtomicU64::new(0);
    let stop = |_, _| blocks.fetch_add(1, Ordering::Relaxed) < 1;
    let on = chip(&catalog, "h100-sxm");
    let found = perf.search_training(
        on,
        &job,
        &Fixed::default(),
        Breadth::Wide,
        Effort::Exhaustive,
        &stop,
    );
    let Outcome::Known(found) = found else { panic!() };
    assert!(found.interrupted);
    assert!(blocks.load(Ordering::Relaxed) < 40);
}

/// A seventh of the arithmetic beside more bandwidth: slower, but at a larger share of its peak, since products are
/// never starved and traffic hides behind them.
#[test]
fn an_h20_trains_slower_than_an_h100_at_a_higher_utilisation() {
    let (_, catalog, perf) = loaded();
    for (name, chips, batch) in [("llama-3.1-8b", 8, 64), ("llama-3.1-70b", 256, 256)] {
        let job = job(model(&perf, name), chips, 4096, batch);
        let best = |on| search(&perf, chip(&catalog, on), &job, Breadth::Narrow, Effort::Pruned).steps[0];
        let (h20, h100) = (best("h20"), best("h100-sxm"));
        let ratio = h100.rate.get() / h20.rate.get();
        // Peaks stand 6.7 to 1.
        assert!(ratio > 3.5 && ratio < 6.7, "{name}: {ratio}");
        assert!(
            h20.mfu.get() > h100.mfu.get() + 0.1,
            "{name}: {} {}",
            h20.mfu,
            h100.mfu
        );
    }
}

#[test]
fn less_to_do_and_more_to_do_it_with_are_never_slower() {
    let (_, catalog, perf) = loaded();
    let on = chip(&catalog, "h100-sxm");
    let of = |chips, batch, arithmetic| {
        let job = Job {
            arithmetic,
            ..job(model(&perf, "llama-3.1-8b"), chips, 4096, batch)
        };
        search(&perf, on, &job, Breadth::Narrow, Effort::Pruned).steps[0].seconds
    };
    assert!(of(8, 64, Format::Fp16) < of(8, 128, Format::Fp16));
    assert!(of(16, 128, Format::Fp16) < of(8, 128, Format::Fp16));
    assert!(of(8, 128, Format::Fp8) < of(8, 128, Format::Fp16));
}

#[test]
fn what_does_not_fit_is_said_with_what_it_needs() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-405b"), 8, 4096, 8);
    let found = search(
        &perf,
        chip(&catalog, "h100-sxm"),
        &job,
        Breadth::Narrow,
        Effort::Pruned,
    );
    assert!(found.steps.is_empty() && found.fitting == 0 && found.rate.is_none());
    // Two bytes a weight, four a gradient and twelve of state, over eight chips.
    assert!(found.least.get() > 405.0 * 18.0 / 8.0 * 0.98, "{}", found.least);
    let int8 = Job {
        arithmetic: Format::Int8,
        ..job
    };
    let asked = perf.search_training(
        chip(&catalog, "a100-sxm-80gb"),
        &Job {
            arithmetic: Format::Fp8,
            ..int8
        },
        &Fixed::default(),
        Breadth::Narrow,
        Effort::Pruned,
        &|_, _| true,
    );
    assert!(matches!(asked, Outcome::Unknown(_)), "an A100 has no FP8");
}

#[test]
fn plans_that_cannot_run_are_told() {
    let (_, _, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-8b"), 16, 4096, 16);
    let plan = Execution {
        tensor: 2,
        context: 1,
        pipeline: 2,
        data: 4,
        expert: 1,
        chunks: 1,
        microbatch: 1,
        sharding: Sharding::Optimiser,
        recompute: Recompute::None,
        recomputed: 0,
        sequence_parallel: true,
        overlap: Overlap::ALL,
    };
    assert_eq!(plan.unfit(&job), None);
    let wrong = |change: &dyn Fn(&mut Execution)| {
        let mut plan = plan;
        change(&mut plan);
        plan.unfit(&job).is_some()
    };
    assert!(wrong(&|p| p.data = 8));
    assert!(wrong(&|p| p.tensor = 0));
    assert!(wrong(&|p| p.tensor = 3));
    assert!(wrong(&|p| (p.pipeline, p.chunks) = (2, 17)));
    assert!(wrong(&|p| p.expert = 2));
    assert!(wrong(&|p| p.recomputed = 1));
    assert!(wrong(&|p| p.recompute = Recompute::Full));
}

#[test]
fn spoiled_files_are_told_with_what_is_wrong() {
    let (data, _, _) = loaded();
    let sources = load_sources(&data).unwrap();
    let spoil = |path: &str, from: &str, to: &str| {
        let text = data.get(path).unwrap().text.replacen(from, to, 1);
        assert_ne!(text, data.get(path).unwrap().text, "{from}");
        match PerfModel::load(&data.clone().with(path, text), &sources) {
            Ok(_) => panic!("{from} for {to} is not told"),
            Err(problems) => problems.to_string(),
        }
    };
    let rows = "validation/training.csv";
    let heat = spoil("perf/training.toml", "heat ", "heat = 9.0 #");
    assert!(heat.contains("`heat` is `9`"), "{heat}");
    let model = spoil(rows, "megatron-gpt-1.7b", "megatron-gpt-2b");
    assert!(
        model.contains("megatron-gpt-2b") && model.contains("training.csv:"),
        "{model}"
    );
    let plan = spoil(
        rows,
        "T002,nvidia-a100-sxm-80gb,64,",
        "T002,nvidia-a100-sxm-80gb,63,",
    );
    assert!(plan.contains("do not multiply to the chips"), "{plan}");
    let part = spoil(
        rows,
        "16,none,full,no,none,unfused,2,all,tflops_recomputed,137,",
        "16,none,,no,none,unfused,2,all,tflops_recomputed,137,",
    );
    assert!(part.contains("without a whole plan"), "{part}");
}
