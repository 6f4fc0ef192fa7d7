//! `strait run train`: the fastest plan of a training step on a chip.

use super::model_named;
use super::serve::Bar;
use crate::args::{Global, PlanArgs, RecomputeArg, TrainArgs, TrainPrecision};
use crate::input::{self, Inputs, bundle};
use crate::text::Layout;
use crate::view::train as view;
use crate::{Exit, interrupt, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::Catalog;
use strait::figure::Outcome;
use strait::perf::PerfModel;
use strait::perf::training::{Breadth, Effort, Fixed, Job, Kernel, Recipe, Recompute, Sharding, Trained};

pub(crate) fn run(args: &TrainArgs, global: &Global) -> Result<Exit> {
    // Stopped, the search tells what it has.
    interrupt::listen();
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let chip = input::chip(&catalog, &args.on)?.chip;
    let model = model_named(&perf, &args.model)?;
    let job = Job {
        model: &model,
        chips: args.chips,
        sequence: args.sequence,
        batch: args.batch,
        arithmetic: args
            .precision
            .map_or_else(|| Recipe::usual(&chip), TrainPrecision::recipe)
            .products(),
        attention: Kernel::Fused,
        gradient_bytes: 2.0,
        trained: if args.adapters {
            Trained::Adapters
        } else {
            Trained::All
        },
    };
    let breadth = if args.wide { Breadth::Wide } else { Breadth::Narrow };
    let effort = if args.exhaustive {
        Effort::Exhaustive
    } else {
        Effort::Pruned
    };
    let bar = Bar::new(1, "parts of the space");
    let go_on = |done, of| {
        bar.of(done, of);
        !interrupt::asked()
    };
    let found = match perf.search_training(&chip, &job, &fixed(&args.plan), breadth, effort, &go_on) {
        Outcome::Known(found) => found,
        Outcome::Unknown(needs) => {
            let Some(need) = needs.into_iter().next() else {
                return Err(miette!("unknown"));
            };
            return Err(miette!(
                help = need
                    .flag
                    .unwrap_or_else(|| "give a chip file with the missing figure".to_owned()),
                "unknown: {}: {}",
                need.fact,
                need.why
            ));
        }
    };
    bar.done();
    let operators = match found.steps.first() {
        Some(best) if args.explain => perf.training_operators(&chip, &job, &best.plan),
        _ => None,
    };
    if global.json {
        let asked = json!({ "model": job.model.id, "chip": chip.id, "chips": job.chips,
            "batch": job.batch, "sequence": job.sequence, "precision": job.arithmetic, "trained": job.trained,
            "space": breadth, "gradient_bytes": job.gradient_bytes });
        let about = output::About::new(inputs.made(), asked);
        output::print_json(&json!({ "strait": about, "training": found, "operators": operators }))?;
    } else {
        let page = view::page(&job, &chip, &found, operators.as_deref());
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(if found.interrupted {
        Exit::Interrupted
    } else if found.steps.is_empty() {
        Exit::Infeasible
    } else {
        Exit::Answered
    })
}

fn fixed(plan: &PlanArgs) -> Fixed {
    Fixed {
        tensor: plan.tp,
        context: plan.cp,
        pipeline: plan.pp,
        expert: plan.ep,
        chunks: plan.chunks,
        microbatch: plan.microbatch,
        sharding: plan.zero.map(|stage| Sharding::ALL[usize::from(stage.min(3))]),
        recompute: plan.recompute.map(|r| match r {
            RecomputeArg::None => Recompute::None,
            RecomputeArg::Selective => Recompute::Selective,
            RecomputeArg::Full => Recompute::Full,
        }),
        sequence_parallel: None,
        overlap: None,
    }
}
