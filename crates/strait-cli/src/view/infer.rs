//! How chips serve a model, as a page.

use super::{Page, Section, Table};
use crate::command::run::figure::Figure;
use crate::command::run::infer::{Found, Kind, Told, Way};
use crate::command::run::software::Engine;
use strait::perf::inference::{Demand, Limits, Line};
use strait::perf::ops::Exchange;
use strait::perf::{Limit, Model};

/// One table of ways to serve, one of operators where they were asked for.
pub(crate) fn page(
    model: &Model,
    demand: &Demand,
    limits: &Limits,
    engine: &Engine,
    imbalance: Option<f64>,
    found: &[Found],
) -> Page {
    let mut section = Section::new("Ways to serve");
    let limited = limits.ttft.is_finite() || limits.tpot.is_finite();
    let asked = if limited {
        let of = |what: &str, limit: f64| {
            limit
                .is_finite()
                .then(|| format!("{what} within {}", span(limit)))
        };
        let both = [of("first token", limits.ttft), of("further ones", limits.tpot)];
        both.into_iter().flatten().collect::<Vec<_>>().join(", ")
    } else {
        "no limit is set".to_owned()
    };
    section.text(format!(
        "{} with prompts of {:.0} and answers of {:.0} token{}; {asked}. Users send their next request when the last \
         is answered. {}",
        model.name,
        demand.input,
        demand.output,
        if demand.output > 1.0 { "s" } else { "" },
        engine.sentence()
    ));
    if model.experts.is_some() {
        section.text(busiest(imbalance, found));
    }
    let mut head = vec![
        "chip",
        "format",
        "replica",
        "users",
        "first token",
        "per token",
        "tokens/s a user",
        "tokens/s a chip",
        "W a chip",
        "J/token at the wall",
    ];
    if limited {
        head.push("limits");
    }
    let mut table = Table::new("", &head);
    for f in found {
        for w in &f.ways {
            let mut cells = vec![
                w.chip.clone(),
                f.precision.clone().unwrap_or_default(),
                replica(w),
                format!("{:.0}", w.users),
            ];
            let mut ends = vec![String::new(), String::new(), String::new(), "90 %".to_owned()];
            for (figure, write) in shown(w) {
                cells.push(figure.value.map_or_else(|| "–".to_owned(), write));
                ends.push(interval(&figure, write));
            }
            if limited {
                cells.push(if w.keeps { "kept" } else { "missed" }.to_owned());
                ends.push(String::new());
            }
            table.row(cells);
            table.row(ends);
        }
    }
    if found.iter().any(|f| !f.ways.is_empty()) {
        section.table(table);
    }
    if found.iter().flat_map(|f| &f.ways).any(|w| !w.keeps) {
        section.text("A way marked `missed` misses the limit.");
    }
    section.items("How far off:", accuracy(engine, found));
    let unable = found
        .iter()
        .filter_map(|f| Some(format!("{}: {}", f.chip, f.why.as_ref()?)))
        .collect();
    section.items("Not answered:", unable);
    let mut sections = vec![section];
    for f in found {
        sections.extend(f.steps.iter().map(step));
    }
    Page {
        title: format!("Serving {}", model.name),
        sections,
        ..Page::default()
    }
}

/// An operator, of one that exchanges also how and over what.
pub(super) fn named(name: &str, exchange: Option<Exchange>) -> String {
    exchange.map_or_else(|| name.to_owned(), |exchange| format!("{name} ({exchange})"))
}

/// What is taken of the load of experts.
fn busiest(imbalance: Option<f64>, found: &[Found]) -> String {
    let loads = found.iter().flat_map(|f| &f.ways).filter_map(|w| w.busiest);
    let ends = loads.fold(None, |ends: Option<[f64; 2]>, x| {
        let [low, high] = ends.unwrap_or([x, x]);
        Some([low.min(x), high.max(x)])
    });
    match (imbalance, ends) {
        (_, None) => {
            "Experts are shared by all chips of a replica: no rank has more of them to do.".to_owned()
        }
        (Some(_), Some([_, high])) => {
            format!(
                "The busiest rank of experts gets {high:.2} times the mean, and all wait for it (--imbalance)."
            )
        }
        (None, Some([low, high])) => {
            let times = if high - low < 0.005 {
                format!("{high:.2}")
            } else {
                format!("{low:.2} to {high:.2}")
            };
            format!(
                "Choices of experts are taken to fall on any alike. The rank that chance makes busiest sets the time: \
                 {times} times the mean in these decoding steps. --imbalance gives a measured load."
            )
        }
    }
}

/// A step taken apart.
fn step(told: &Told) -> Section {
    let (title, text) = match told.step {
        Kind::Prompt => {
            let part = if told.parts > 1.0 {
                format!("one of the {:.0} steps of a prompt", told.parts)
            } else {
                "one prompt, alone".to_owned()
            };
            let found = if told.cached > 0.0 {
                format!(", after {:.0} in the cache", told.cached)
            } else {
                String::new()
            };
            (
                "A prompt",
                format!("{}: {part}, {:.0} tokens{found}.", users(told.users), told.tokens),
            )
        }
        Kind::Decode => (
            "A decoding step",
            format!(
                "{}: {} in the step, each with {} new, {:.0} tokens in all on average.",
                users(told.users),
                counted(told.sequences, "sequence"),
                counted(told.tokens, "token"),
                told.cached
            ),
        ),
    };
    let mut section = Section::new(format!("{title} on {}", told.chip));
    section.text(text);
    section.table(operators(&told.operators));
    section
}

/// Users of a replica.
fn users(users: f64) -> String {
    format!("With {} of a replica", counted(users, "user"))
}

/// So many of a thing, to one digit after the point where there is a part of one.
fn counted(n: f64, what: &str) -> String {
    let digits = if n.fract() > 0.05 { 1 } else { 0 };
    format!("{n:.digits$} {what}{}", if n == 1.0 { "" } else { "s" })
}

/// Operators of a step, the longest first.
pub(super) fn operators(lines: &[Line]) -> Table {
    let total: f64 = lines.iter().map(|l| l.seconds).sum();
    let mut table = Table::new("", &["operator", "runs", "time", "share", "bound by"]);
    for line in lines {
        table.row([
            named(line.name, line.exchange),
            format!("{:.0}", line.count),
            format!("{:.3} ms", line.seconds * 1e3),
            format!("{:.1} %", 100.0 * line.seconds / total),
            bound(line.limit).to_owned(),
        ]);
    }
    table
}

/// Spread of a replica, and how many there are where that was asked.
fn replica(w: &Way) -> String {
    let s = &w.spread;
    let mut text = format!("TP{}", s.tensor);
    for (name, n) in [("DP", s.data), ("EP", s.experts), ("PP", s.pipeline)] {
        if n > 1 {
            text.push_str(&format!(" {name}{n}"));
        }
    }
    let r = &w.replicas;
    match (r.serving, r.prompts) {
        (Some(decode), Some(prompts)) => text.push_str(&format!(", {prompts} for prompts, {decode} decode")),
        (Some(n), None) if n > 1 => text.push_str(&format!(", {n} of them")),
        _ => {}
    }
    match r.idle {
        Some(n) if n > 0 => text.push_str(&format!(", {} idle", super::serve::counted(n, "chip"))),
        _ => {}
    }
    text
}

/// How a figure is written.
pub(super) type Write = fn(f64) -> String;

/// The figures of a way with how each is written.
fn shown(w: &Way) -> [(Figure, Write); 6] {
    [
        (w.ttft, span),
        (w.tpot, |s| format!("{:.1} ms", s * 1e3)),
        (w.interactivity(), |x| format!("{x:.0}")),
        (w.per_chip, |x| format!("{x:.0}")),
        (w.power, |x| format!("{x:.0}")),
        (w.joules(), |x| format!("{x:.2}")),
    ]
}

/// Both ends, or in words that nothing bounds one.
pub(super) fn interval(figure: &Figure, write: Write) -> String {
    match (figure.value, figure.low, figure.high) {
        (None, ..) => String::new(),
        (_, Some(low), Some(high)) => format!("{} to {}", write(low), write(high)),
        (_, Some(low), None) => format!("{} or more", write(low)),
        (_, None, Some(high)) => format!("{} or less", write(high)),
        (_, None, None) => "not known".to_owned(),
    }
}

/// What the intervals rest on.
fn accuracy(engine: &Engine, found: &[Found]) -> Vec<String> {
    let answered: Vec<&Found> = found.iter().filter(|f| !f.ways.is_empty()).collect();
    let mut lines = Vec::new();
    if !answered.is_empty() {
        lines.push(
            "rows marked 90 %: nine of ten true values lie between; beside the spread of measured runs they hold what is \
             assumed or disputed of a chip at its slow and fast ends, and no end is beyond what every operator at its \
             least time, or the board power, allows"
                .to_owned(),
        );
    }
    for f in &answered {
        let [ttft, tpot] = f.within90;
        let mut text = format!(
            "{}: times to a first token within a factor of {ttft:.2}, times per token within {tpot:.2}, by measured runs, \
             each chip left out of the fit in turn",
            f.chip
        );
        if !f.operators_measured {
            text.push_str(
                ", and the spread of families or of published reports: no kernel of this one was among those measured",
            );
        }
        if !f.engine_measured {
            text.push_str(&format!(". {}", capital(&engine.unmeasured())));
        }
        if !f.assumed.is_empty() {
            let names = f.assumed.join(", ");
            text.push_str(&format!(
                ". Its file does not state {names}: what is typical is assumed"
            ));
        }
        if !f.lent.is_empty() {
            let names = f.lent.join(", ");
            text.push_str(&format!(
                ". No kernels were measured of {names}: the interval is wider by the spread of precisions"
            ));
        }
        lines.push(text);
    }
    lines
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn bound(limit: Limit) -> &'static str {
    match limit {
        Limit::Compute => "arithmetic",
        Limit::MemoryBandwidth => "memory bandwidth",
        Limit::MemoryCapacity => "memory capacity",
        Limit::Network => "network",
        Limit::Overhead => "launching",
    }
}

fn span(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}
