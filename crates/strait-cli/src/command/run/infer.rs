//! `strait run infer`: how a chip serves a model, in a steady state.

mod apart;
mod asked;
mod told;
mod way;

pub(crate) use told::{Kind, Told};
pub(crate) use way::{Found, Way};

use super::software::Engine;
use crate::args::{CacheArg, Global, InferArgs};
use crate::input::{self, Inputs, bundle};
use crate::output::columns;
use crate::text::Layout;
use crate::view::infer as view;
use crate::{Exit, output, text};
use asked::{Asked, Ways};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::{Catalog, Chip};
use strait::figure::{Need, Quantity, Ratio};
use strait::perf::PerfModel;
use strait::perf::energy::EnergyModel;
use strait::perf::inference::{Demand, Limits, Mode};
use way::rows;

pub(crate) fn run(args: &InferArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let perf = perf.run_as(Mode {
        eager: args.eager,
        warm: args.cache == CacheArg::Warm,
        imbalance: args.imbalance.map(Ratio::of),
    });
    let energy = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let inference = perf.inference();
    let model = super::model_named(&perf, &args.model)?;
    super::loaded(&model, args.imbalance)?;
    let demand = demand(args)?;
    let limits = Limits {
        ttft: args.ttft.unwrap_or(f64::INFINITY),
        // An answer of one token has none after the first.
        tpot: args.tpot.filter(|_| demand.output > 1.0).unwrap_or(f64::INFINITY),
    };
    let asked = Asked {
        args,
        perf: &perf,
        inference,
        energy: &energy,
        model: &model,
        demand,
        limits,
    };
    let decodes = match &args.decode_on {
        Some(name) => Some(input::chip(&catalog, name)?.chip),
        None => None,
    };
    let engine = Engine::of(&perf, &catalog, args.engine);
    let mut found = Vec::new();
    for name in &args.on {
        let chip = input::chip(&catalog, name)?.chip;
        let chips: Vec<&Chip> = [Some(&chip), decodes.as_ref()].into_iter().flatten().collect();
        let ways = asked.ways(&chip, decodes.as_ref()).unwrap_or_else(|needs| Ways {
            why: Some(said(&needs)),
            ..Ways::default()
        });
        found.push(Found {
            chip: chip.id.0.clone(),
            precision: asked.word(&chip),
            within90: [true, false].map(|first| asked.ratio(&chips, first)),
            operators_measured: chips.iter().all(|c| perf.was_measured(c)),
            engine_measured: engine.measured_on(&chips),
            assumed: asked.assumed(&chips),
            lent: asked.lent(&chips),
            ways: ways.ways,
            why: ways.why,
            steps: if args.explain { ways.steps } else { Vec::new() },
        });
    }
    if let Some(path) = &args.out {
        columns::write(path, &rows(&found))?;
    }
    if global.json {
        let told = json!({ "model": model.id, "software": engine,
            "imbalance": args.imbalance,
            "input_tokens": demand.input, "output_tokens": demand.output,
            "limits": { "ttft_s": args.ttft, "tpot_s": args.tpot },
            "measured": inference.measured(),
            // Of prompts and decoding apart: the part of the time that prompts may fill, and the link between the two.
            "prompts_busy": inference.server.prompts_busy.get(), "transfer_gb_per_s": asked.transfer() });
        let about = output::About::new(inputs.made(), told);
        output::print_json(&json!({ "strait": about, "chips": found }))?;
    } else {
        let page = view::page(&model, &demand, &limits, &engine, args.imbalance, &found);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    let kept = found.iter().any(|f| f.ways.iter().any(|w| w.keeps));
    Ok(if kept { Exit::Answered } else { Exit::Infeasible })
}

fn demand(args: &InferArgs) -> Result<Demand> {
    let accepted = args.accepted.unwrap_or(0.0);
    if accepted < 0.0 || accepted > f64::from(args.drafted) {
        return Err(miette!(
            help = "give a number from 0 to --drafted",
            "--accepted is {accepted}: no more tokens are kept than were drafted"
        ));
    }
    Ok(Demand {
        cached: args.cached,
        step_tokens: args.step_tokens,
        drafted: f64::from(args.drafted),
        accepted,
        ..Demand::new(args.input_tokens, args.output_tokens)
    })
}

fn said(needs: &[Need]) -> String {
    let all: Vec<String> = needs.iter().map(|n| format!("{}: {}", n.fact, n.why)).collect();
    all.join("; ")
}
