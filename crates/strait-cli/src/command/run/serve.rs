//! `strait run serve`: a serving system request by request.

use super::{energy, served_rows};
use crate::args::{EngineArgs, Global, PrecisionArg, RoutingArg, ServeArgs};
use crate::input::{self, Inputs, bundle};
use crate::text::Layout;
use crate::view::serve as view;
use crate::{Exit, interrupt, output, text};
use indicatif::{ProgressBar, ProgressStyle};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::json;
use std::io::IsTerminal;
use std::sync::atomic::Ordering;
use strait::catalog::{Catalog, Chip, Format};
use strait::figure::{GigabytesPerSecond, Outcome, Quantity, Seconds};
use strait::perf::simulation::{
    Arrivals, Batching, Fleet, Length, Objectives, Pool, Preemption, Replica, Routing, Settings, Tabulated,
    Trace, Transfer, read_trace, report, simulate, sweep, synthetic,
};
use strait::perf::{Model, PerfModel};

pub(crate) fn run(args: &ServeArgs, global: &Global) -> Result<Exit> {
    // Stopped, the simulation tells what it has.
    interrupt::listen();
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let model = input::model(&perf, &args.model)?;
    let chip = input::chip(&catalog, &args.on)?.chip;
    let (trace, trace_hash) = requests(args)?;
    let first = replica(&perf, &chip, model, args.tp, args.precision)?;
    let engine = &args.engine;
    let second_chip = match &engine.decode_on {
        Some(name) => input::chip(&catalog, name)?.chip,
        None => chip.clone(),
    };
    let second = match engine.decode_replicas {
        Some(n) => Some((
            n,
            replica(&perf, &second_chip, model, engine.decode_tp, args.precision)?,
        )),
        None => None,
    };
    let server = &perf.inference().server;
    let transfer = Transfer {
        rate: engine.transfer.map_or(server.transfer, GigabytesPerSecond::of),
        latency: server.transfer_latency,
    };
    let first_table = Tabulated::over(&first);
    let second_table = second
        .as_ref()
        .map(|(n, replica)| (*n, replica, Tabulated::over(replica)));
    let fleet = Fleet {
        pool: pool(&first, &first_table, args.replicas, engine),
        decodes: second_table
            .as_ref()
            .map(|(n, replica, table)| (pool(replica, table, *n, engine), transfer)),
    };
    let settings = settings(&first, engine);
    let objectives = Objectives {
        ttft: args.sla_ttft.map(Seconds::of),
        tpot: args.sla_tpot.map(Seconds::of),
    };
    let asked = json!({
        "seed": args.requests.trace.is_none().then_some(args.requests.seed), "trace": trace_hash,
        "model": model.id, "chip": chip.id, "chips_a_replica": first.chips, "format": first.format,
        "cache_tokens_a_replica": first.tokens, "replicas": args.replicas,
        "decode": second.as_ref().map(|(n, r)| json!({ "chip": second_chip.id, "replicas": n, "chips_a_replica": r.chips })),
        "transfer_gb_per_s": transfer.rate, "transfer_latency_s": transfer.latency, "block": engine.block, "step_tokens": engine.step_tokens, "routing": settings.routing, "objectives": objectives,
    });
    let described = output::About::new(inputs.made(), asked);
    let rates = &args.requests.rate;
    if rates.len() > 1 {
        let bar = Bar::new(rates.len() as u64, "rates");
        let asked = std::sync::atomic::AtomicU64::new(0);
        let go_on = |at: usize| {
            // A rate is told as begun once; the bar shows the furthest.
            bar.at(asked.fetch_max(at as u64, Ordering::Relaxed).max(at as u64));
            !interrupt::asked()
        };
        let points = sweep(&trace, &fleet, &settings, &objectives, rates, &go_on).into_diagnostic()?;
        bar.done();
        if let Some(path) = &args.out {
            served_rows::points(path, &points)?;
        }
        let interrupted = points.len() < rates.len();
        if global.json {
            output::print_json(&json!({ "strait": described, "interrupted": interrupted, "sweep": points }))?;
        } else {
            let page = view::sweep(model, &chip, &first, &fleet, &points, &objectives, interrupted);
            output::print(&text::page(&page, Layout::of_stdout(true)))?;
        }
        return Ok(ending(interrupted));
    }
    let bar = Bar::new(trace.requests.len() as u64, "requests");
    let outcome = simulate(&trace, &fleet, &settings, &mut |p| {
        bar.at(p.ended as u64);
        !interrupt::asked()
    })
    .into_diagnostic()?;
    bar.done();
    let found = report(&outcome, &objectives);
    let energy = energy::spent(&inputs, &catalog, &first, second.as_ref().map(|s| &s.1), &found)?;
    if let Some(path) = &args.out {
        served_rows::requests(path, &outcome.served)?;
    }
    if global.json {
        output::print_json(
            &json!({ "strait": described, "interrupted": outcome.interrupted, "simulation": found, "energy": energy }),
        )?;
    } else {
        let mut page = view::simulation(
            model,
            &chip,
            &first,
            &fleet,
            &found,
            &objectives,
            outcome.interrupted,
        );
        if let (Some(energy), Some(section)) = (&energy, page.sections.last_mut()) {
            section.text(energy.sentence());
        }
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(ending(outcome.interrupted))
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
        return if trace.requests.is_empty() {
            Err(miette!(help = "give --requests 1 or more", "no request is drawn"))
        } else {
            Ok((trace, None))
        };
    };
    let text = input::read(path)?;
    let mut trace = read_trace(&path.display().to_string(), &text)?;
    if let Some(n) = r.first {
        trace = trace.first(n.max(1));
    }
    if let [rate] = r.rate[..] {
        trace = trace.at_rate(rate);
    }
    let hash = strait::data::DataSet::empty().with("trace", text).version();
    Ok((trace, Some(hash)))
}

/// The replica asked for; the fewest chips that hold the model where none are.
fn replica<'m>(
    perf: &PerfModel,
    chip: &Chip,
    model: &'m Model,
    chips: Option<u32>,
    precision: Option<PrecisionArg>,
) -> Result<Replica<'m>> {
    let format = precision.map(|p| match p {
        PrecisionArg::Fp16 => Format::Fp16,
        PrecisionArg::Fp8 => Format::Fp8,
        PrecisionArg::Int8 => Format::Int8,
        PrecisionArg::Fp4 => Format::Fp4,
    });
    let tried: Vec<u32> = chips.map_or_else(|| vec![1, 2, 4, 8, 16, 32, 64], |n| vec![n]);
    let mut first = None;
    for chips in tried {
        match perf.replica(chip, model, chips, format) {
            Outcome::Known(replica) => return Ok(replica),
            Outcome::Unknown(needs) => first = first.or(needs.into_iter().next()),
        }
    }
    let Some(need) = first else {
        return Err(miette!("no replica was tried"));
    };
    Err(miette!(
        help = "give --tp, or a chip file with the missing figure",
        "unknown: {}: {}",
        need.fact,
        need.why
    ))
}

fn pool<'a>(replica: &Replica<'_>, step: &'a Tabulated<'_>, replicas: u32, engine: &EngineArgs) -> Pool<'a> {
    Pool {
        replicas,
        blocks: replica.tokens / u64::from(engine.block),
        sequences: engine.max_sequences,
        batching: if engine.whole_prompts {
            Batching::Separate {
                tokens: engine.step_tokens,
            }
        } else {
            Batching::Chunked {
                tokens: engine.step_tokens,
            }
        },
        step,
    }
}

fn settings(replica: &Replica<'_>, engine: &EngineArgs) -> Settings {
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
        ..Settings::new(replica.token)
    }
}

/// How far it is, on standard error, for people only.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(all: u64, what: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let style =
            ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {what} · {{eta}} left"))
                .expect("a template that can be read");
        Self(Some(ProgressBar::new(all).with_style(style)))
    }

    pub(super) fn at(&self, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(done);
        }
    }

    /// Of a number that is known only later.
    pub(super) fn of(&self, done: u64, all: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(all);
            bar.set_position(done);
        }
    }

    pub(super) fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
