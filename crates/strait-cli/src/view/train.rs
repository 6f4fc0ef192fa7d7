//! A training step as a page, or several side by side.

mod compare;

use super::infer::named;
use super::{Page, Section, Table, count, estimate, word};
use crate::command::run::train::Point;
use crate::view::serve::counted;
use strait::figure::{Outcome, Quantity, Seconds};
use strait::perf::Model;
use strait::perf::energy::Energy;
use strait::perf::training::{Breadth, Execution, Job, OperatorTime, Recompute, Search, Step, Trained};

fn seconds(s: Seconds) -> String {
    seconds_of(s.get())
}

fn seconds_of(s: f64) -> String {
    if s < 1e-3 {
        format!("{:.0} us", s * 1e6)
    } else if s < 1.0 {
        format!("{:.1} ms", s * 1e3)
    } else {
        format!("{s:.2} s")
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn large(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX))
}

fn again(plan: &Execution) -> String {
    match plan.recompute {
        Recompute::None => "nothing".to_owned(),
        Recompute::Selective => "attention's scores".to_owned(),
        Recompute::Full => format!("{} whole on each stage", counted(plan.recomputed, "layer")),
    }
}

/// The page of what was found of `all` jobs, the fastest plan of each.
pub(crate) fn page(
    model: &Model,
    points: &[Point<'_>],
    all: usize,
    breadth: Breadth,
    load: Option<f64>,
) -> Page {
    let alone = all == 1;
    let mut sections = Vec::new();
    if !alone {
        sections.push(compare::section(points));
    }
    for p in points {
        let Outcome::Known(found) = &p.found else { continue };
        if alone || p.operators.is_some() {
            let title = if alone {
                "Training step".to_owned()
            } else {
                compare::name(p)
            };
            sections.push(one(title, p, found));
        }
    }
    if let Some(first) = sections.first_mut() {
        if points.len() < all {
            first.text(format!(
                "Stopped: {} of {all} were not begun.",
                all - points.len()
            ));
        }
        if let Some(load) = load {
            first.text(format!(
                "The busiest rank of experts is taken to get {load:.2} times the mean, and all wait for it; --imbalance gives \
                 another load."
            ));
        }
        if breadth == Breadth::Narrow {
            first.text(
                "The search is narrow: the plans that recipes of today choose from. --wide tries every plan; how much \
                 that gains is not known without running it.",
            );
        }
    }
    let title = match points {
        [p] if alone => format!("{} trained on {}", model.name, p.chip.name),
        _ => format!("{} trained on several chips or at several sizes", model.name),
    };
    Page {
        title,
        sections,
        ..Page::default()
    }
}

fn one(title: String, point: &Point<'_>, found: &Search) -> Section {
    let mut section = Section::new(title);
    section.text(lead(&point.job, found));
    if found.interrupted {
        section.text("Stopped before the end: what follows is the best found until then.");
    }
    match found.steps.first() {
        Some(best) => answer(&mut section, found, best, point.energy.as_ref(), point.operators.as_deref()),
        None if found.least.get().is_finite() => section.text(format!(
            "No plan fits: the smallest needs {:.1} GB a chip. More chips, a longer pipeline or --wide may.",
            found.least.get()
        )),
        None => section.text(
            "No plan: no degrees divide the chips, the batch and the model's heads and layers as they are given.",
        ),
    }
    if found.assumed.any() {
        section.text(format!(
            "The chip's file does not state its {}: what is typical is assumed, and the interval spans its ends.",
            found.assumed.names().join(", ")
        ));
    }
    if let Some(lent) = found.lent {
        section.text(format!(
            "No kernels were measured of {lent}: the interval is wider by the spread of precisions."
        ));
    }
    section
}

fn lead(job: &Job<'_>, found: &Search) -> String {
    let trained = match job.trained {
        Trained::All => "",
        Trained::Adapters => ", adapters alone trained",
    };
    format!(
        "{} sequences of {} tokens a step on {}, {}{trained}. {} plans examined, {} of them fit the memory.",
        large(u64::from(job.batch)),
        large(u64::from(job.sequence)),
        counted(job.chips, "chip"),
        format!("{:?}", job.arithmetic).to_uppercase(),
        large(found.examined),
        large(found.fitting),
    )
}

fn answer(
    section: &mut Section,
    found: &Search,
    best: &Step,
    energy: Option<&Energy>,
    operators: Option<&[OperatorTime]>,
) {
    let mut lead = format!(
        "{} a step; {:.0} tokens a second a chip, {:.0} TFLOP/s, {} of its peak (MFU), {} with what is computed again \
         (HFU).",
        seconds(best.seconds),
        best.per_chip.get(),
        best.achieved.get(),
        percent(best.mfu.get()),
        percent(best.hfu.get())
    );
    if let Some(rate) = &found.rate {
        lead.push_str(&format!(" All chips: {} tokens a second.", estimate(rate)));
    }
    section.text(lead);
    section.text(match energy {
        Some(e) => format!(
            "A chip draws {} W on average, {} W at the wall with its part of an air-cooled node: {} J a trained token \
             there.",
            estimate(&e.chip),
            estimate(&e.wall),
            estimate(&e.wall_per_token)
        ),
        None => "What it draws is not known: the chip's file does not state its board power.".to_owned(),
    });
    let mut plans = Table::new(
        "The fastest plan, and others each split in its own way",
        &[
            "tensor",
            "context",
            "pipeline",
            "data",
            "expert",
            "chunks",
            "microbatch",
            "ZeRO",
            "computed again",
            "step",
        ],
    );
    for step in &found.steps {
        let p = &step.plan;
        plans.row([
            p.tensor.to_string(),
            p.context.to_string(),
            p.pipeline.to_string(),
            p.data.to_string(),
            p.expert.to_string(),
            p.chunks.to_string(),
            p.microbatch.to_string(),
            p.sharding.stage().to_string(),
            again(p),
            seconds(step.seconds),
        ]);
    }
    section.table(plans);
    let parts = best.parts;
    let mut spent = Table::new("Where the fastest step goes", &["part", "time", "share"]);
    for (name, part) in [
        ("forward and backward", parts.work),
        ("computed again", parts.recomputed),
        ("pipeline filling and draining", parts.bubble),
        ("tensor-parallel traffic", parts.tensor),
        ("context and expert traffic", parts.context_and_experts),
        ("sent between stages", parts.pipeline),
        ("gradients and weights", parts.data),
        ("optimiser", parts.optimiser),
        ("waiting for hosts", parts.host),
        ("waiting for the slowest chip", parts.stragglers),
    ] {
        if part.get() > 0.0 {
            spent.row([
                name.to_owned(),
                seconds(part),
                percent(part.get() / best.seconds.get()),
            ]);
        }
    }
    section.table(spent);
    let m = best.memory;
    let mut memory = Table::new("What the fullest chip holds", &["part", "GB"]);
    for (name, part) in [
        ("weights", m.weights),
        ("gradients", m.gradients),
        ("optimiser", m.optimiser),
        ("activations", m.activations),
        ("buffers", m.buffers),
        ("together", m.total),
        ("usable", m.usable),
    ] {
        memory.row([name.to_owned(), format!("{:.1}", part.get())]);
    }
    section.table(memory);
    let Some(operators) = operators else { return };
    let mut table = Table::new(
        "Operators of a layer, one microbatch on one chip",
        &["operator", "layers", "forward", "backward", "bound by"],
    );
    for o in operators {
        table.row([
            named(o.name, o.exchange),
            o.layers.to_string(),
            seconds(o.forward),
            seconds(o.backward),
            word(&o.limit).replace('_', " "),
        ]);
    }
    section.table(table);
}
