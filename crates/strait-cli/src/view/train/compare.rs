//! Training steps of several chips or sizes side by side.

use super::{Point, again, large, percent, seconds_of};
use crate::command::run::figure::Figure;
use crate::view::infer::{Write, interval};
use crate::view::{Section, Table, word};
use std::collections::BTreeSet;
use strait::figure::Quantity;
use strait::perf::training::{Execution, Trained};

/// Rows of the points with a step, each above the ends of its figures; below them what has none and why.
pub(super) fn section(points: &[Point<'_>]) -> Section {
    let mut section = Section::new("Training steps");
    let varies = |of: fn(&Point<'_>) -> u32| points.iter().map(of).collect::<BTreeSet<_>>().len() > 1;
    // What is the same in every row stands above the table.
    let (sizes, batches) = (varies(|p| p.job.chips), varies(|p| p.job.batch));
    if let Some(first) = points.first() {
        let job = &first.job;
        let length = large(u64::from(job.sequence));
        section.text(format!(
            "{}{}{}; of every row the fastest plan that fits the memory.",
            if batches {
                format!("Sequences of {length} tokens")
            } else {
                format!("{} of {length} tokens a step", plural(job.batch, "sequence"))
            },
            if sizes {
                String::new()
            } else {
                format!(" on {}", plural(job.chips, "chip"))
            },
            match job.trained {
                Trained::All => "",
                Trained::Adapters => ", adapters alone trained",
            }
        ));
    }
    let keys = |p: &Point<'_>| {
        let mut cells = vec![p.chip.id.0.clone()];
        cells.extend(sizes.then(|| large(u64::from(p.job.chips))));
        cells.extend(batches.then(|| large(u64::from(p.job.batch))));
        cells
    };
    let head = |rest: &[&'static str]| {
        let mut head = vec!["chip"];
        head.extend(sizes.then_some("chips"));
        head.extend(batches.then_some("sequences"));
        head.extend(rest);
        head
    };
    let columns = [
        "format",
        "step",
        "tokens/s a chip",
        "MFU",
        "W a chip",
        "J/token at the wall",
    ];
    let mut figures = Table::new("", &head(&columns));
    let columns = ["split", "microbatch", "ZeRO", "computed again", "HFU", "GB held"];
    let mut plans = Table::new("The fastest plan of each", &head(&columns));
    for p in points {
        let Some(best) = p.best() else { continue };
        let mut cells = keys(p);
        let mut ends = vec![String::new(); cells.len()];
        cells.push(word(&p.job.arithmetic));
        ends.push("90 %".to_owned());
        for (figure, write) in shown(p) {
            cells.push(figure.value.map_or_else(|| "–".to_owned(), write));
            ends.push(interval(&figure, write));
        }
        figures.row(cells);
        figures.row(ends);
        let mut cells = keys(p);
        cells.extend([
            split(&best.plan),
            best.plan.microbatch.to_string(),
            best.plan.sharding.stage().to_string(),
            again(&best.plan),
            percent(best.hfu.get()),
            format!("{:.1}", best.memory.total.get()),
        ]);
        plans.row(cells);
    }
    if points.iter().any(|p| p.best().is_some()) {
        section.table(figures);
        section.text(
            "Rows marked 90 %: nine of ten true values lie between, by published steps whose plans were searched and \
             the spread of the chip's family.",
        );
        section.table(plans);
    }
    let cut = points
        .iter()
        .filter(|p| p.found.known().is_some_and(|f| f.interrupted));
    section.items(
        "Stopped before the end, so that what stands above is the best found until then:",
        cut.map(name).collect(),
    );
    let none = points
        .iter()
        .filter_map(|p| Some(format!("{}: {}", name(p), p.why()?)));
    section.items("Not answered:", none.collect());
    let assumed = points.iter().filter_map(|p| {
        let found = p.found.known()?;
        let names = found.assumed.any().then(|| found.assumed.names().join(", "))?;
        Some(format!("{}: {names}", p.chip.id.0))
    });
    let assumed: BTreeSet<String> = assumed.collect();
    section.items(
        "Not stated by the chip's file; what is typical is assumed, and intervals span its ends:",
        assumed.into_iter().collect(),
    );
    let lent = points
        .iter()
        .filter_map(|p| Some(p.found.known()?.lent?.to_string()));
    let lent: BTreeSet<String> = lent.collect();
    section.items(
        "No kernels were measured of these; intervals are wider by the spread of precisions:",
        lent.into_iter().collect(),
    );
    section
}

/// One of several points.
pub(super) fn name(p: &Point<'_>) -> String {
    let chips = large(u64::from(p.job.chips));
    format!("{chips} {}, {}", p.chip.id.0, plural(p.job.batch, "sequence"))
}

fn plural(n: u32, what: &str) -> String {
    format!("{} {what}{}", large(u64::from(n)), if n == 1 { "" } else { "s" })
}

/// Degrees above one, as TP of tensors, CP of a sequence, PP of stages, DP of replicas and EP of experts.
fn split(p: &Execution) -> String {
    let mut text = format!("TP{}", p.tensor);
    for (name, n) in [
        ("CP", p.context),
        ("PP", p.pipeline),
        ("DP", p.data),
        ("EP", p.expert),
    ] {
        if n > 1 {
            text.push_str(&format!(" {name}{n}"));
        }
    }
    if p.chunks > 1 {
        text.push_str(&format!(", {} chunks", p.chunks));
    }
    text
}

fn shown(p: &Point<'_>) -> [(Figure, Write); 5] {
    let whole: Write = |x| large(x.round() as u64);
    [
        (p.seconds(), seconds_of),
        (Figure::estimate(p.per_chip()), whole),
        (p.mfu(), percent),
        (Figure::estimate(p.energy.map(|e| e.chip)), whole),
        (Figure::estimate(p.energy.map(|e| e.wall_per_token)), |x| {
            format!("{x:.2}")
        }),
    ]
}
