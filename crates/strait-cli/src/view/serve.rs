//! A simulated serving system as a page.

use super::{Page, Section, Table, count};
use strait::catalog::Chip;
use strait::figure::{Quantity, Seconds};
use strait::perf::Model;
use strait::perf::simulation::{Fleet, Objectives, Percentiles, Point, Replica, Report};

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

fn title(model: &Model, chip: &Chip) -> String {
    format!("{} served by {}", model.name, chip.name)
}

/// What serves, in a sentence or two.
fn fleet_text(first: &Replica<'_>, fleet: &Fleet<'_>, objectives: &Objectives) -> String {
    let mut text = format!(
        "{} of {} in {}, with a cache of {} tokens each",
        counted(fleet.pool.replicas, "replica"),
        counted(first.chips, "chip"),
        format!("{:?}", first.format).to_uppercase(),
        count(usize::try_from(first.tokens).unwrap_or(usize::MAX)),
    );
    if let Some((decodes, _)) = &fleet.decodes {
        text.push_str(&format!(", and {} that decode alone", decodes.replicas));
    }
    text.push('.');
    let limits: Vec<String> = [
        ("to the first token", objectives.ttft),
        ("an output token", objectives.tpot),
    ]
    .into_iter()
    .filter_map(|(what, limit)| Some(format!("{} {what}", time(limit?))))
    .collect();
    if limits.is_empty() {
        text.push_str(" No limit was given, so that every finished request counts as good.");
    } else {
        text.push_str(&format!(
            " A good request takes at most {}.",
            limits.join(" and ")
        ));
    }
    text
}

const STOPPED: &str = "Stopped before the end: what follows is what was done until then.";

/// One rate.
pub(crate) fn simulation(
    model: &Model,
    chip: &Chip,
    first: &Replica<'_>,
    fleet: &Fleet<'_>,
    found: &Report,
    objectives: &Objectives,
    stopped: bool,
) -> Page {
    let mut section = Section::new("Requests");
    section.text(fleet_text(first, fleet, objectives));
    if stopped {
        section.text(STOPPED);
    }
    section.text(format!(
        "{} requests in {}: {} finished, {} rejected (longer than a replica's cache), {} unfinished. Arrived {:.2} a second, \
         finished {:.2}, good {:.2} ({}); {} output tokens a second.",
        count(found.requests),
        time(found.span),
        count(found.finished),
        count(found.rejected),
        count(found.unfinished),
        found.arrival_rate,
        found.throughput,
        found.goodput,
        percent(found.good_share),
        count(found.output_tokens_per_second.round() as usize),
    ));
    let mut table = Table::new("Times", &["", "mean", "p50", "p90", "p99", "largest"]);
    let rows: [(&str, Option<Percentiles>); 4] = [
        ("queue", found.queue),
        ("time to first token", found.ttft),
        ("time an output token", found.tpot),
        ("end to end", found.latency),
    ];
    for (name, p) in rows {
        let cells = p.map_or_else(
            || vec!["–".to_owned(); 5],
            |p| [p.mean, p.p50, p.p90, p.p99, p.max].map(time).to_vec(),
        );
        table.row([vec![name.to_owned()], cells].concat());
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
        title: title(model, chip),
        sections: vec![section],
        ..Page::default()
    }
}

/// Several rates.
pub(crate) fn sweep(
    model: &Model,
    chip: &Chip,
    first: &Replica<'_>,
    fleet: &Fleet<'_>,
    points: &[Point],
    objectives: &Objectives,
    stopped: bool,
) -> Page {
    let mut section = Section::new("Rates");
    section.text(fleet_text(first, fleet, objectives));
    if stopped {
        section.text(STOPPED);
    }
    let mut table = Table::new(
        "",
        &[
            "requests a second",
            "finished",
            "good",
            "good share",
            "output tok/s",
            "TTFT p50",
            "p99",
            "TPOT p50",
            "p99",
            "preemptions",
        ],
    );
    for p in points {
        let r = &p.report;
        let of = |x: Option<Percentiles>, which: fn(&Percentiles) -> Seconds| {
            x.map_or_else(|| "–".to_owned(), |x| time(which(&x)))
        };
        table.row([
            format!("{:.2}", p.rate),
            format!("{:.2}", r.throughput),
            format!("{:.2}", r.goodput),
            percent(r.good_share),
            count(r.output_tokens_per_second.round() as usize),
            of(r.ttft, |x| x.p50),
            of(r.ttft, |x| x.p99),
            of(r.tpot, |x| x.p50),
            of(r.tpot, |x| x.p99),
            r.preemptions.to_string(),
        ]);
    }
    section.table(table);
    let best = points
        .iter()
        .max_by(|a, b| a.report.goodput.total_cmp(&b.report.goodput));
    if let Some(best) = best {
        section.text(format!(
            "Most good requests a second: {:.2}, at a rate of {:.2}.",
            best.report.goodput, best.rate
        ));
    }
    Page {
        title: title(model, chip),
        sections: vec![section],
        ..Page::default()
    }
}
