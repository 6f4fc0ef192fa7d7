//! `strait run serve`: a serving system request by request.

mod bar;
mod one;
mod several;
mod system;

pub(super) use bar::Bar;

use super::software::Engine;
use super::{energy, served_rows};
use crate::args::{EngineArgs, Global, MOST_REQUESTS, RoutingArg, ServeArgs};
use crate::input::{self, Inputs, bundle};
use crate::output::columns;
use crate::view::serve as view;
use crate::{Exit, interrupt};
use miette::{Result, miette};
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::figure::{Gigabytes, GigabytesPerSecond, Quantity, Ratio, Seconds};
use strait::perf::energy::EnergyModel;
use strait::perf::inference::Mode;
use strait::perf::simulation::{
    Arrivals, Length, Objectives, Preemption, Routing, Settings, Trace, read_trace, synthetic,
};
use strait::perf::{Model, PerfModel};
use system::System;

/// What is simulated, whatever serves it.
struct Asked<'a> {
    args: &'a ServeArgs,
    global: &'a Global,
    inputs: &'a Inputs,
    perf: &'a PerfModel,
    energy: EnergyModel,
    model: &'a Model,
    trace: Trace,
    /// Hash of the trace's file.
    hash: Option<String>,
    software: Engine,
    objectives: Objectives,
}

pub(crate) fn run(args: &ServeArgs, global: &Global) -> Result<Exit> {
    if let Some(path) = &args.out {
        columns::expect(path)?;
    }
    // Stopped, the simulation tells what it has.
    interrupt::listen();
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let perf = perf.run_as(Mode {
        eager: args.eager,
        imbalance: args.imbalance.map(Ratio::of),
        ..Mode::default()
    });
    let model = &super::model_named(&perf, &args.model)?;
    super::loaded(model, args.imbalance)?;
    checked(args, model)?;
    let (trace, hash) = requests(args)?;
    let asked = Asked {
        args,
        global,
        inputs: &inputs,
        perf: &perf,
        energy: EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?,
        model,
        trace,
        hash,
        software: Engine::of(&perf, &catalog, args.software),
        objectives: Objectives {
            ttft: args.sla_ttft.map(Seconds::of),
            tpot: args.sla_tpot.map(Seconds::of),
        },
    };
    match (&args.on[..], &args.requests.rate[..]) {
        ([name], [] | [_]) => {
            let chip = input::chip(&catalog, name)?.chip;
            one::run(&asked, &System::of(&perf, &catalog, args, chip, asked.model)?)
        }
        _ => several::run(&asked, &catalog),
    }
}

impl Asked<'_> {
    /// What was asked and taken, beside what one system is.
    fn told(&self) -> Value {
        json!({
            "seed": self.args.requests.trace.is_none().then_some(self.args.requests.seed), "trace": self.hash,
            "model": self.model.id, "software": self.software, "replicas": self.args.replicas,
            "expert_ranks": self.args.ep, "imbalance": self.args.imbalance, "block": self.args.engine.block, "step_tokens": self.args.engine.step_tokens,
            "routing": settings(Gigabytes::of(0.0), &self.args.engine).routing, "objectives": self.objectives,
        })
    }

    /// What every view shows of a system.
    fn shown<'s>(&'s self, system: &'s System<'_>) -> view::Shown<'s> {
        view::Shown {
            model: self.model,
            chip: &system.chip,
            first: &system.first,
            replicas: self.args.replicas,
            decodes: self.args.engine.decode_replicas,
            objectives: &self.objectives,
            software: &self.software,
            experts: self
                .model
                .experts
                .map(|_| (self.args.ep.unwrap_or(1), self.args.imbalance)),
            measured: self.software.measured_on(&system.chips()),
        }
    }
}

/// Refuses degrees that no chip could run.
fn checked(args: &ServeArgs, model: &Model) -> Result<()> {
    for (flag, tensor) in [("--tp", args.tp), ("--decode-tp", args.engine.decode_tp)] {
        if let Some(tensor) = tensor {
            super::heads(model, flag, tensor)?;
            super::experts(model, "--ep", args.ep, (flag, tensor))?;
        }
    }
    // Any number of ranks divides no chips at all: what else is wrong with it is told.
    super::experts(model, "--ep", args.ep, ("", 0))
}

fn ending(interrupted: bool) -> Exit {
    if interrupted {
        Exit::Interrupted
    } else {
        Exit::Answered
    }
}

/// The requests at the rate asked, and a hash of the trace's file.
fn requests(args: &ServeArgs) -> Result<(Trace, Option<String>)> {
    let r = &args.requests;
    let Some(path) = &r.trace else {
        let length = |mean| Length {
            mean,
            variation: r.length_variation,
        };
        let arrivals = Arrivals {
            rate: r.rate[0],
            variation: r.burstiness,
        };
        let trace = synthetic(
            r.seed,
            r.requests,
            arrivals,
            length(r.input_tokens),
            length(r.output_tokens),
        );
        return Ok((trace, None));
    };
    let text = input::read(path)?;
    let mut trace = read_trace(&path.display().to_string(), &text)?;
    if let Some(n) = r.first {
        trace = trace.first(n);
    }
    if trace.requests.len() > MOST_REQUESTS {
        return Err(miette!(
            help = format!("take a part of it with --first {MOST_REQUESTS}"),
            "`{}` holds {} requests: a simulation holds {MOST_REQUESTS} at most",
            path.display(),
            trace.requests.len()
        ));
    }
    if let [rate] = r.rate[..] {
        trace = trace.at_rate(rate);
    }
    let hash = strait::data::DataSet::empty().with("trace", text).version();
    Ok((trace, Some(hash)))
}

/// How the engine is set, of a replica whose tokens take so much cache.
fn settings(token: Gigabytes, engine: &EngineArgs) -> Settings {
    Settings {
        block: engine.block,
        prefix_cache: !engine.no_prefix_cache,
        preemption: match engine.swap {
            Some(rate) => Preemption::Swap {
                rate: GigabytesPerSecond::of(rate),
            },
            None => Preemption::Recompute,
        },
        routing: match engine.routing {
            RoutingArg::RoundRobin => Routing::RoundRobin,
            RoutingArg::LeastLoaded => Routing::LeastLoaded,
            RoutingArg::PrefixAware => Routing::PrefixAware,
        },
        ..Settings::new(token)
    }
}
