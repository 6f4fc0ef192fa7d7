//! `strait run`: what chips do on a workload.

mod energy;
pub(crate) mod infer;
mod serve;
mod served_rows;

use crate::Exit;
use crate::args::{Global, RunArgs, RunCommand};
use miette::{Result, miette};
use std::path::Path;
use strait::data::nearest;
use strait::perf::models::read_config;
use strait::perf::{Model, ModelId, PerfModel};

pub(crate) fn run(args: &RunArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        RunCommand::Infer(args) => infer::run(args, global),
        RunCommand::Serve(args) => serve::run(args, global),
    }
}

/// A shipped model, or the one of a `config.json`.
fn model_named(perf: &PerfModel, name: &str) -> Result<Model> {
    if name.ends_with(".json") || Path::new(name).is_file() {
        let text = std::fs::read_to_string(name).map_err(|error| {
            miette!(
                help = "name a model of data/models/ or the path of its config.json",
                "`{name}` cannot be read: {error}"
            )
        })?;
        return read_config(name, &text).map_err(crate::input::bundle);
    }
    shipped(perf, name).cloned()
}

fn shipped<'m>(perf: &'m PerfModel, name: &str) -> Result<&'m Model> {
    let id = ModelId(name.to_lowercase());
    perf.model(&id).ok_or_else(|| {
        let near = nearest(name, perf.models().map(|m| m.id.0.as_str()));
        let help = match near.first() {
            Some(near) => format!("is `{near}` meant? Models stand in data/models/"),
            None => "models stand in data/models/; --data DIR adds your own".to_owned(),
        };
        miette!(help = help, "no model is called `{name}`")
    })
}
