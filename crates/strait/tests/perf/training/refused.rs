//! What cannot be run or read is told.

use super::{job, loaded, model};
use strait::data::load_sources;
use strait::perf::PerfModel;
use strait::perf::training::{Execution, Overlap, Recompute, Sharding};

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
