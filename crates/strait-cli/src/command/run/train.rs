//! `strait run train`: the fastest plan of a training step on a chip, or on several side by side.

mod checked;
mod point;

pub(crate) use point::Point;

use super::model_named;
use super::serve::Bar;
use crate::args::{Global, PlanArgs, RecomputeArg, TrainArgs};
use crate::input::{self, Inputs, bundle};
use crate::output::columns;
use crate::text::Layout;
use crate::view::train as view;
use crate::{Exit, interrupt, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::{Catalog, Chip};
use strait::figure::{Outcome, Quantity, Ratio};
use strait::perf::energy::EnergyModel;
use strait::perf::training::{Breadth, Effort, Fixed, Job, Kernel, Recipe, Recompute, Sharding, Trained};
use strait::perf::{Model, PerfModel};

pub(crate) fn run(args: &TrainArgs, global: &Global) -> Result<Exit> {
    if let Some(path) = &args.out {
        columns::expect(path)?;
    }
    // Stopped, the search tells what it has.
    interrupt::listen();
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let perf = match args.imbalance {
        Some(ratio) => perf.with_imbalance(Ratio::of(ratio)),
        None => perf,
    };
    let energy = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let model = model_named(&perf, &args.model)?;
    super::loaded(&model, args.imbalance)?;
    checked::checked(args, &model)?;
    let load = args.imbalance.or(Some(perf.training_fit().fit.imbalance));
    let load = load.filter(|_| model.experts.is_some());
    let mut asked = Vec::new();
    for name in &args.on {
        let chip = input::chip(&catalog, name)?.chip;
        for chips in &args.chips {
            for batch in &args.batch {
                asked.push((chip.clone(), job(args, &model, &chip, *chips, *batch)));
            }
        }
    }
    let all = asked.len();
    // Of the widest recipe asked.
    let gradient = asked
        .iter()
        .map(|(_, job)| job.gradient_bytes)
        .fold(0.0, f64::max);
    let mut points: Vec<Point<'_>> = Vec::new();
    for (chip, job) in asked {
        if interrupt::asked() {
            break;
        }
        points.push(point(&perf, &energy, args, chip, job));
    }
    if let (1, Some(Outcome::Unknown(needs))) = (all, points.first().map(|p| &p.found)) {
        let Some(need) = needs.iter().next() else {
            return Err(miette!("unknown"));
        };
        return Err(miette!(
            help = need
                .flag
                .clone()
                .unwrap_or_else(|| "give a chip file with the missing figure".to_owned()),
            "unknown: {}: {}",
            need.fact,
            need.why
        ));
    }
    let stopped = points.len() < all
        || points
            .iter()
            .any(|p| p.found.known().is_some_and(|f| f.interrupted));
    match &args.out {
        // A file that lacks rows looks like one that has all.
        Some(path) if stopped => output::remark(&format!("stopped: `{}` is not written", path.display())),
        Some(path) => columns::write(path, &point::rows(&points))?,
        None => {}
    }
    if global.json {
        let told = json!({ "model": model.id, "sequence": args.sequence, "imbalance": load,
            "trained": trained(args), "space": breadth(args), "gradient_bytes": gradient,
            "not_begun": all - points.len() });
        let about = output::About::new(inputs.made(), told);
        output::print_json(&json!({ "strait": about, "points": points }))?;
    } else {
        let page = view::page(&model, &points, all, breadth(args), load);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(if stopped {
        Exit::Interrupted
    } else if points.iter().all(|p| p.best().is_none()) {
        Exit::Infeasible
    } else {
        Exit::Answered
    })
}

fn trained(args: &TrainArgs) -> Trained {
    if args.adapters {
        Trained::Adapters
    } else {
        Trained::All
    }
}

fn breadth(args: &TrainArgs) -> Breadth {
    if args.wide { Breadth::Wide } else { Breadth::Narrow }
}

fn job<'m>(args: &TrainArgs, model: &'m Model, chip: &Chip, chips: u32, batch: u32) -> Job<'m> {
    let recipe = args.precision.unwrap_or_else(|| Recipe::usual(chip));
    Job {
        model,
        chips,
        sequence: args.sequence,
        batch,
        arithmetic: recipe.products(),
        attention: Kernel::Fused,
        gradient_bytes: recipe.gradient_bytes(),
        trained: trained(args),
    }
}

fn point<'m>(
    perf: &PerfModel,
    energy: &EnergyModel,
    args: &TrainArgs,
    chip: Chip,
    job: Job<'m>,
) -> Point<'m> {
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
    let found = perf.search_training(&chip, &job, &fixed(&args.plan), breadth(args), effort, &go_on);
    bar.done();
    let mut point = Point {
        chip,
        job,
        found,
        energy: None,
        operators: None,
    };
    if let (Some(rate), Some(found)) = (point.per_chip(), point.found.known()) {
        point.energy = found.power.map(|power| energy.at(power, rate, point.chip.form));
    }
    if let (true, Some(best)) = (args.explain, point.best()) {
        point.operators = perf.training_operators(&point.chip, &point.job, &best.plan);
    }
    point
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
