//! `strait run serve`: a serving system request by request.

mod bar;
mod system;

pub(super) use bar::Bar;

use super::software::Engine;
use super::{energy, served_rows};
use crate::args::{EngineArgs, Global, RoutingArg, ServeArgs};
use crate::input::{self, Inputs, bundle};
use crate::text::Layout;
use crate::view::serve as view;
use crate::{Exit, interrupt, output, text};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::json;
use std::sync::atomic::Ordering;
use strait::catalog::Catalog;
use strait::figure::{Gigabytes, GigabytesPerSecond, Quantity, Ratio, Seconds};
use strait::perf::PerfModel;
use strait::perf::energy::EnergyModel;
use strait::perf::inference::Mode;
use strait::perf::ops::End;
use strait::perf::simulation::{
    Arrivals, Length, Objectives, Outcome, Preemption, ReportEnds, Routing, Settings, Trace, read_trace,
    report, simulate, sweep, synthetic,
};
use system::System;

pub(crate) fn run(args: &ServeArgs, global: &Global) -> Result<Exit> {
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
    let energy_model = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let model = &super::model_named(&perf, &args.model)?;
    super::loaded(model, args.imbalance)?;
    let (trace, trace_hash) = requests(args)?;
    let system = System::of(&perf, &catalog, args, model)?;
    let software = Engine::of(&perf, &catalog, args.software);
    let settings = system.settings(End::Middle);
    let objectives = Objectives {
        ttft: args.sla_ttft.map(Seconds::of),
        tpot: args.sla_tpot.map(Seconds::of),
    };
    let engine = &args.engine;
    let asked = json!({
        "seed": args.requests.trace.is_none().then_some(args.requests.seed), "trace": trace_hash,
        "model": model.id, "chip": system.chip.id, "software": software, "chips_a_replica": system.first.chips,
        "expert_ranks": args.ep, "imbalance": args.imbalance, "format": system.first.format, "cache_tokens_a_replica": system.first.tokens, "replicas": args.replicas,
        "decode": system.second.as_ref().map(|(n, r)| json!({ "chip": system.second_chip.id, "replicas": n, "chips_a_replica": r.chips })),
        "transfer_gb_per_s": system.transfer().rate, "transfer_latency_s": system.transfer().latency, "block": engine.block,
        "step_tokens": engine.step_tokens, "routing": settings.routing, "objectives": objectives,
        "request_s": settings.request, "wait_steps": settings.wait, "within90": [system.ratio(true), system.ratio(false)],
    });
    let described = output::About::new(inputs.made(), asked);
    let shown = view::Shown {
        model,
        chip: &system.chip,
        first: &system.first,
        replicas: args.replicas,
        decodes: engine.decode_replicas,
        objectives: &objectives,
        software: &software,
        experts: model.experts.map(|_| (args.ep.unwrap_or(1), args.imbalance)),
        measured: software.measured_on(&system.chips()),
    };
    let rates = &args.requests.rate;
    if rates.len() > 1 {
        let bar = Bar::new(rates.len() as u64, "rates");
        let asked = std::sync::atomic::AtomicU64::new(0);
        let go_on = |at: usize| {
            // A rate is told as begun once; the bar shows the furthest.
            bar.at(asked.fetch_max(at as u64, Ordering::Relaxed).max(at as u64));
            !interrupt::asked()
        };
        let at = |end| {
            system.with_fleet(end, |fleet| {
                sweep(&trace, fleet, &system.settings(end), &objectives, rates, &go_on)
            })
        };
        let points = at(End::Middle).transpose().into_diagnostic()?.unwrap_or_default();
        let ends: Vec<_> = [End::Low, End::High]
            .into_iter()
            .filter_map(|end| at(end)?.ok())
            .filter(|ends| ends.len() == points.len())
            .collect();
        bar.done();
        let first = Ratio::of(system.ratio(true));
        let points: Vec<view::Rate> = points
            .into_iter()
            .enumerate()
            .map(|(i, point)| {
                let there: Vec<_> = ends.iter().map(|e| e[i].report.clone()).collect();
                let ends = (there.len() == 2).then(|| ReportEnds::of(&point.report, &there, first));
                view::Rate { point, ends }
            })
            .collect();
        if let Some(path) = &args.out {
            served_rows::points(path, &points)?;
        }
        let interrupted = points.len() < rates.len();
        if global.json {
            output::print_json(&json!({ "strait": described, "interrupted": interrupted, "sweep": points }))?;
        } else {
            let page = view::sweep(&shown, &points, interrupted);
            output::print(&text::page(&page, Layout::of_stdout(true)))?;
        }
        return Ok(ending(interrupted));
    }
    let bar = Bar::new(trace.requests.len() as u64, "requests");
    let at = |end| {
        system.with_fleet(end, |fleet| {
            simulate(&trace, fleet, &system.settings(end), &mut |p| {
                bar.at(p.ended as u64);
                !interrupt::asked()
            })
        })
    };
    let Some(outcome) = at(End::Middle).transpose().into_diagnostic()? else {
        return Err(miette!("no replica was built"));
    };
    // Both ends, or none where one cannot be had or the user has stopped.
    let ends: Vec<(End, Outcome)> = [End::Low, End::High]
        .into_iter()
        .filter_map(|end| Some((end, at(end)?.ok().filter(|o| !o.interrupted)?)))
        .collect();
    let ends = if ends.len() == 2 { ends } else { Vec::new() };
    bar.done();
    let found = report(&outcome, &objectives);
    let reports: Vec<_> = ends.iter().map(|(_, o)| report(o, &objectives)).collect();
    let first = Ratio::of(system.ratio(true));
    let between = (!ends.is_empty()).then(|| ReportEnds::of(&found, &reports, first));
    let spent = |end, report| {
        let (first, second) = system.replicas(end)?;
        let second = second.as_ref().map(|(_, r)| (&system.second_chip, r));
        energy::spent(&energy_model, (&system.chip, &first), second, report)
    };
    let at_ends: Vec<_> = ends
        .iter()
        .zip(&reports)
        .filter_map(|((end, _), report)| spent(*end, report))
        .collect();
    let energy = spent(End::Middle, &found).map(|e| e.with_ends(&at_ends));
    if let Some(path) = &args.out {
        let ends: Vec<_> = ends.iter().map(|(_, o)| o.served.as_slice()).collect();
        served_rows::requests(path, &outcome.served, &ends, system.ratio(true))?;
    }
    if global.json {
        output::print_json(
            &json!({ "strait": described, "interrupted": outcome.interrupted, "simulation": found,
            "interval90": between, "energy": energy }),
        )?;
    } else {
        let mut page = view::simulation(&shown, &found, between.as_ref(), outcome.interrupted);
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
