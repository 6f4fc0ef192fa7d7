//! Flags of a plan that contradict the model, the job or each other.

use crate::args::TrainArgs;
use miette::{Result, miette};
use strait::perf::Model;

/// Refuses a plan that no chips could run. Where chips or batches are swept, those that do not divide are told beside
/// the others.
pub(super) fn checked(args: &TrainArgs, model: &Model) -> Result<()> {
    let plan = &args.plan;
    if let Some(tensor) = plan.tp {
        crate::command::run::heads(model, "--tp", tensor)?;
    }
    let (stages, chunks) = (plan.pp.unwrap_or(1), plan.chunks.unwrap_or(1));
    if chunks > 1 && plan.pp == Some(1) {
        return Err(miette!(
            help = "give --pp 2 or more, or leave --chunks out",
            "--chunks {chunks} cuts the layers of a stage to interleave stages, and --pp 1 makes one stage"
        ));
    }
    // Recipes count the embedding and the head as a layer each.
    if stages > model.layers || u64::from(stages) * u64::from(chunks) > u64::from(model.layers) + 2 {
        return Err(miette!(
            help = "give fewer with --pp or --chunks",
            "--pp {stages} x --chunks {chunks} is more than the {} layers of {}, its embedding and its head",
            model.layers,
            model.name
        ));
    }
    divides("--cp", plan.cp, ("--sequence", args.sequence))?;
    if let [batch] = args.batch[..] {
        divides("--microbatch", plan.microbatch, ("--batch", batch))?;
    }
    let [chips] = args.chips[..] else {
        return crate::command::run::experts(model, "--ep", plan.ep, ("", 0));
    };
    let named = u64::from(plan.tp.unwrap_or(1)) * u64::from(plan.cp.unwrap_or(1)) * u64::from(stages);
    if !u64::from(chips).is_multiple_of(named) {
        return Err(miette!(
            help = "the rest of the chips are replicas, each of --tp x --cp x --pp chips",
            "--tp x --cp x --pp is {named}, which does not divide --chips {chips}"
        ));
    }
    let of = ("the chips of a stage, --chips over --pp", chips / stages);
    crate::command::run::experts(model, "--ep", plan.ep, of)
}

fn divides(flag: &str, given: Option<u32>, (of, whole): (&str, u32)) -> Result<()> {
    match given {
        Some(part) if !whole.is_multiple_of(part) => Err(miette!(
            help = format!("give a number that divides {whole}"),
            "{flag} {part} does not divide {of} {whole}"
        )),
        _ => Ok(()),
    }
}
