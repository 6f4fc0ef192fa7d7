//! `strait run`: what chips do on a workload.

mod energy;
pub(crate) mod figure;
pub(crate) mod infer;
mod serve;
mod served_rows;
pub(crate) mod software;
pub(crate) mod train;

use crate::Exit;
use crate::args::{Global, RunArgs, RunCommand};
use crate::input;
use miette::{Result, miette};
use std::path::Path;
use strait::perf::models::read_config;
use strait::perf::{Model, PerfModel};

pub(crate) fn run(args: &RunArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        RunCommand::Infer(args) => infer::run(args, global),
        RunCommand::Serve(args) => serve::run(args, global),
        RunCommand::Train(args) => train::run(args, global),
    }
}

/// Refuses a load of experts where there are none.
fn loaded(model: &Model, imbalance: Option<f64>) -> Result<()> {
    if imbalance.is_some() && model.experts.is_none() {
        return Err(miette!(
            help = "leave it out, or name a mixture of experts",
            "--imbalance is the load of experts, and {} has none",
            model.name
        ));
    }
    Ok(())
}

/// Refuses chips that the model's heads are not shared out over.
fn heads(model: &Model, flag: &str, tensor: u32) -> Result<()> {
    if model.splits_over(tensor) {
        return Ok(());
    }
    Err(miette!(
        help = "each chip takes as many heads as any other",
        "{flag} {tensor} does not divide the {} heads of {}",
        model.heads,
        model.name
    ))
}

/// Refuses ranks that no experts can be dealt to.
fn experts(model: &Model, flag: &str, ranks: Option<u32>, (of, chips): (&str, u32)) -> Result<()> {
    let Some(ranks) = ranks.filter(|ranks| *ranks > 1) else {
        return Ok(());
    };
    let Some(experts) = model.experts else {
        return Err(miette!(
            help = "leave it out, or name a mixture of experts",
            "{flag} {ranks} deals experts to ranks, and {} has none",
            model.name
        ));
    };
    if ranks > experts.count {
        return Err(miette!(
            help = "a rank holds one expert or more",
            "{flag} {ranks} makes more ranks than {} has experts: {}",
            model.name,
            experts.count
        ));
    }
    if !chips.is_multiple_of(ranks) {
        return Err(miette!(
            help = "the chips of a rank share its experts",
            "{flag} {ranks} does not divide {of}, which is {chips}"
        ));
    }
    Ok(())
}

/// A shipped model, or the one of a `config.json`.
pub(crate) fn model_named(perf: &PerfModel, name: &str) -> Result<Model> {
    if name.ends_with(".json") || Path::new(name).is_file() {
        let text = std::fs::read_to_string(name).map_err(|error| {
            miette!(
                help = "name a model of data/models/ or the path of its config.json",
                "`{name}` cannot be read: {error}"
            )
        })?;
        return read_config(name, &text).map_err(input::bundle);
    }
    input::model(perf, name).cloned()
}
