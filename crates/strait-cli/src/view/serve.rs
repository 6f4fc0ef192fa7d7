//! A simulated serving system as a page.

mod operators;
mod sweep;

pub(crate) use operators::{Operators, section as operators};
pub(crate) use sweep::{Rate, Series, page as sweep};

use super::{Page, Section, Table, count};
use crate::command::run::software::Engine;
use strait::catalog::Chip;
use strait::figure::{Quantity, Seconds};
use strait::perf::Model;
use strait::perf::simulation::{Figures, Objectives, Percentiles, Replica, Report, ReportEnds};

fn time(seconds: Seconds) -> String {
    let s = seconds.get();
    if s < 1.0 {
        format!("{:.1} ms", s * 1e3)
    } else {
        format!("{s:.2} s")
    }
}

/// `1 chip`, `2 chips`.
pub(crate) fn counted(n: u32, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// What is shown of every run.
pub(crate) struct Shown<'a> {
    pub(crate) model: &'a Model,
    pub(crate) chip: &'a Chip,
    pub(crate) first: &'a Replica<'a>,
    pub(crate) replicas: u32,
    /// Replicas that decode alone.
    pub(crate) decodes: Option<u32>,
    pub(crate) objectives: &'a Objectives,
    pub(crate) software: &'a Engine,
    /// Whether served runs of the makers of all its chips were read.
    pub(crate) measured: bool,
}

fn title(s: &Shown<'_>) -> String {
    format!("{} served by {}", s.model.name, s.chip.name)
}

/// What serves, in a sentence or two.
fn fleet_text(s: &Shown<'_>) -> String {
    let unmeasured = if s.measured {
        String::new()
    } else {
        format!(" But {}.", s.software.unmeasured())
    };
    format!("{}. {}{unmeasured}", replicas_text(s), asked_text(s))
}

/// Replicas and their caches.
fn replicas_text(s: &Shown<'_>) -> String {
    let mut text = format!(
        "{} of {} in {}, with a cache of {} tokens each",
        counted(s.replicas, "replica"),
        counted(s.first.chips, "chip"),
        format!("{:?}", s.first.format).to_uppercase(),
        count(usize::try_from(s.first.tokens).unwrap_or(usize::MAX)),
    );
    if let Some(decodes) = s.decodes {
        text.push_str(&format!(", and {decodes} that decode alone"));
    }
    text
}

/// What a good request is, and the software.
fn asked_text(s: &Shown<'_>) -> String {
    let limits: Vec<String> = [
        ("to the first token", s.objectives.ttft),
        ("an output token", s.objectives.tpot),
    ]
    .into_iter()
    .filter_map(|(what, limit)| Some(format!("{} {what}", time(limit?))))
    .collect();
    let good = if limits.is_empty() {
        "No limit was given, so that every finished request counts as good.".to_owned()
    } else {
        format!("A good request takes at most {}.", limits.join(" and "))
    };
    format!("{good} {}", s.software.sentence())
}

const NO_ENDS: &str = "No interval is given: at the slow end of what is disputed or assumed of the chip the model does not fit, or \
                       the run was stopped.";
const ENDS: &str = "Intervals hold nine of ten true values: the same requests were served with every step, and what is disputed or \
                    assumed of the chip, at its slow and at its fast end.";

const STOPPED: &str = "Stopped before the end: what follows is what was done until then.";

/// A figure with the ends of its interval.
fn spread(
    value: f64,
    ends: Option<&ReportEnds>,
    of: fn(&Figures) -> f64,
    write: fn(f64) -> String,
) -> String {
    let interval = ends.map(|e| format!(" ({} to {})", write(of(&e.low)), write(of(&e.high))));
    write(value) + &interval.unwrap_or_default()
}

fn two(x: f64) -> String {
    format!("{x:.2}")
}

/// One run.
pub(crate) fn simulation(s: &Shown<'_>, found: &Report, ends: Option<&ReportEnds>, stopped: bool) -> Page {
    let mut section = Section::new("Requests");
    section.text(fleet_text(s));
    if stopped {
        section.text(STOPPED);
    }
    let arrived = found
        .arrival_rate
        .map_or_else(|| "at once".to_owned(), |rate| format!("{rate:.2} a second"));
    section.text(format!(
        "{} requests in {}: {} finished, {} rejected (longer than a replica's cache), {} unfinished. Arrived {arrived}, \
         finished {}, good {} ({}); {} output tokens a second.",
        count(found.requests),
        time(found.span),
        count(found.finished),
        count(found.rejected),
        count(found.unfinished),
        spread(found.throughput, ends, |f| f.throughput, two),
        spread(found.goodput, ends, |f| f.goodput, two),
        spread(found.good_share, ends, |f| f.good_share, percent),
        spread(found.output_tokens_per_second, ends, |f| f.output_tokens_per_second, |x| {
            count(x.round() as usize)
        }),
    ));
    section.text(if ends.is_some() { ENDS } else { NO_ENDS });
    let mut table = Table::new("Times", &["", "mean", "p50", "p90", "p99", "largest"]);
    type Of = fn(&Figures) -> Option<Percentiles>;
    let rows: [(&str, Of); 4] = [
        ("queue", |f| f.queue),
        ("first token", |f| f.ttft),
        ("per token", |f| f.tpot),
        ("end to end", |f| f.latency),
    ];
    let middle = Figures::of(found);
    for (name, of) in rows {
        let cells = |p: Option<Percentiles>| {
            p.map_or_else(
                || vec!["–".to_owned(); 5],
                |p| [p.mean, p.p50, p.p90, p.p99, p.max].map(time).to_vec(),
            )
        };
        table.row([vec![name.to_owned()], cells(of(&middle))].concat());
        if let Some(ends) = ends {
            let (low, high) = (cells(of(&ends.low)), cells(of(&ends.high)));
            let both = low
                .into_iter()
                .zip(high)
                .map(|(low, high)| format!("{low} to {high}"));
            table.row(std::iter::once("90 %".to_owned()).chain(both));
        }
    }
    section.table(table);
    section.text(format!(
        "In the system on average {:.1} requests, of which {:.1} wait. {} preemptions; {} of prompt tokens found in a \
         prefix cache.",
        found.mean_in_system,
        found.mean_waiting,
        found.preemptions,
        percent(found.found_share),
    ));
    let mut replicas = Table::new(
        "Replicas",
        &[
            "replica",
            "does",
            "busy",
            "finished",
            "prompt tokens",
            "output tokens",
            "mean batch",
            "cache mean",
            "cache most",
            "preemptions",
        ],
    );
    for (i, r) in found.replicas.iter().enumerate() {
        replicas.row([
            i.to_string(),
            if r.role == "prompts_and_decodes" {
                "both"
            } else {
                r.role
            }
            .to_owned(),
            percent(r.busy),
            r.finished.to_string(),
            r.prompt_tokens.to_string(),
            r.output_tokens.to_string(),
            format!("{:.1}", r.batch),
            percent(r.cache_mean),
            percent(r.cache_most),
            r.preemptions.to_string(),
        ]);
    }
    section.table(replicas);
    Page {
        title: title(s),
        sections: vec![section],
        ..Page::default()
    }
}
