//! `strait run infer`: how a chip serves a model, in a steady state.

mod asked;
mod way;

pub(crate) use way::Found;

use crate::args::{Global, InferArgs};
use crate::input::{self, Inputs, bundle};
use crate::output::columns;
use crate::text::Layout;
use crate::view::infer as view;
use crate::{Exit, output, text};
use asked::Asked;
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::{Catalog, ChipId};
use strait::figure::{Need, Quantity};
use strait::perf::PerfModel;
use strait::perf::inference::{Demand, Limits};
use way::rows;

pub(crate) fn run(args: &InferArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let inference = perf.inference();
    let model = super::model_named(&perf, &args.model)?;
    let accepted = args.accepted.unwrap_or(0.0);
    if accepted < 0.0 || accepted > f64::from(args.drafted) {
        return Err(miette!(
            help = "give a number from 0 to --drafted",
            "--accepted is {accepted}: no more tokens are kept than were drafted"
        ));
    }
    let demand = Demand {
        cached: args.cached,
        step_tokens: args.step_tokens,
        drafted: f64::from(args.drafted),
        accepted,
        ..Demand::new(args.input_tokens, args.output_tokens)
    };
    let limits = Limits {
        ttft: args.ttft.unwrap_or(f64::INFINITY),
        tpot: args.tpot.unwrap_or(f64::INFINITY),
    };
    let asked = Asked {
        args,
        inference,
        model: &model,
        demand,
        limits,
    };
    let decodes = match &args.decode_on {
        Some(name) => Some(input::chip(&catalog, name)?.chip),
        None => None,
    };
    let factors = inference.factors();
    let vendors: Vec<&str> = inference
        .measured()
        .iter()
        .filter_map(|id| Some(catalog.get(&ChipId(id.clone()))?.vendor.as_str()))
        .collect();
    let mut found = Vec::new();
    for name in &args.on {
        let chip = input::chip(&catalog, name)?.chip;
        let known = [Some(&chip), decodes.as_ref()]
            .into_iter()
            .flatten()
            .all(|chip| vendors.contains(&chip.vendor.as_str()));
        let (ways, why, operators) = match asked.ways(&chip, decodes.as_ref()) {
            Ok((ways, operators)) if ways.is_empty() => (ways, Some(asked.none()), operators),
            Ok((ways, operators)) => (ways, None, operators),
            Err(needs) => (Vec::new(), Some(told(&needs)), None),
        };
        found.push(Found {
            chip: chip.id.0.clone(),
            precision: asked.word(&chip),
            within90: known.then_some(factors),
            assumed: asked.assumed([Some(&chip), decodes.as_ref()]),
            ends: decodes.is_none().then(|| asked.ends(&chip, &ways)).flatten(),
            ways,
            why,
            operators: operators.filter(|_| args.explain),
        });
    }
    if let Some(path) = &args.out {
        columns::write(path, &rows(&found))?;
    }
    if global.json {
        let told = json!({ "model": model.id, "engine": args.engine.map(|e| e.name()),
            "input_tokens": demand.input, "output_tokens": demand.output,
            "measured": inference.measured(),
            // Of prompts and decoding apart: the part of the time that prompts may fill, and the link between the two.
            "prompts_busy": inference.server.prompts_busy.get(), "transfer_gb_per_s": asked.transfer() });
        let about = output::About::new(inputs.made(), told);
        output::print_json(&json!({ "strait": about, "chips": found }))?;
    } else {
        let page = view::page(&model, &demand, &limits, &found);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    let nothing = found.iter().all(|f| f.ways.is_empty());
    Ok(if nothing { Exit::Infeasible } else { Exit::Answered })
}

fn told(needs: &[Need]) -> String {
    let all: Vec<String> = needs.iter().map(|n| format!("{}: {}", n.fact, n.why)).collect();
    all.join("; ")
}
