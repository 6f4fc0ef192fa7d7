//! The workload a command names or puts together.

use super::desk::Desk;
use crate::args::{ServingArgs, TrainingRunArgs};
use crate::input;
use miette::{Result, miette};
use strait::data::nearest;
use strait::figure::{Figure, Grade, Place, Quantity, Seconds, SourceId};
use strait::perf::{PerfModel, Scale, Workload, WorkloadClass, WorkloadId};

/// Sizes of cluster tried for a model or a length of the user's own.
const TRIED: [u32; 4] = [8, 16, 32, 64];

/// One of data/workloads.
pub(super) fn named<'p>(perf: &'p PerfModel, name: &str) -> Result<&'p Workload> {
    perf.workload(&WorkloadId(name.to_owned())).ok_or_else(|| {
        let all: Vec<&str> = perf.workloads().iter().map(|w| w.id.0.as_str()).collect();
        let near = nearest(name, all.iter().copied());
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of `{}`", all.join("`, `")),
        };
        miette!(help = help, "no workload is called `{name}`")
    })
}

/// The serving workload asked for, and whether it is one of the data's own.
pub(super) fn serving(desk: &Desk, args: &ServingArgs) -> Result<Workload> {
    let base = named(&desk.perf, &args.workload)?;
    if base.is_training() {
        return Err(miette!(
            help = "`strait cost train` costs training; serving is `chat`, `prefill` or `reasoning`",
            "workload `{}` is training, which has no output tokens",
            args.workload
        ));
    }
    let mut workload = base.clone();
    if let Some(model) = &args.model {
        workload.model = input::model(&desk.perf, model)?.id.clone();
    }
    workload.input = args.input.unwrap_or(workload.input);
    workload.output = args.output.unwrap_or(workload.output);
    if let Some(limit) = args.ttft {
        workload.ttft_limit = Some(stated(limit));
    }
    if let Some(limit) = args.tpot {
        workload.tpot_limit = Some(stated(limit));
    }
    let own = workload == *base;
    if !args.cluster.is_empty() {
        workload.scales = args.cluster.iter().map(|n| scale(*n)).collect();
    } else if !own {
        workload.scales = TRIED.iter().map(|n| scale(*n)).collect();
    }
    if workload != *base {
        workload.id = WorkloadId(format!("{}, as stated", base.id));
        workload.title = format!("{} served as stated", workload.model);
    }
    Ok(workload)
}

/// The training asked for.
pub(super) fn training(desk: &Desk, args: &TrainingRunArgs) -> Result<Workload> {
    let model = input::model(&desk.perf, &args.model)?;
    let moe = model.experts.is_some();
    Ok(Workload {
        id: WorkloadId("training, as stated".to_owned()),
        title: format!("pre-training of {}", model.name),
        order: 0,
        class: if moe {
            WorkloadClass::MoeTraining
        } else {
            WorkloadClass::DenseTraining
        },
        model: model.id.clone(),
        input: args.sequence,
        output: 0,
        global_batch: args.batch,
        recipe: args.precision,
        scales: vec![scale(args.cluster)],
        ttft_limit: None,
        tpot_limit: None,
        source: SourceId("user".to_owned()),
    })
}

fn scale(chips: u32) -> Scale {
    if chips == 8 {
        Scale::Node
    } else {
        Scale::Cluster(chips)
    }
}

fn stated(seconds: f64) -> Figure<Seconds> {
    Figure {
        value: Seconds::of(seconds),
        source: SourceId("user".to_owned()),
        grade: Grade::Assumed,
        date: None,
        alternatives: Vec::new(),
        place: Place::whole("stated"),
    }
}
