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
