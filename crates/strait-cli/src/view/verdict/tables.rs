//! The tables behind a verdict: metrics, margins, citations, steps.

use super::super::number::word;
use super::super::{Block, Table};
use strait::rules::{Margin, Metric, Verdict};

/// Every step of the evaluation, in order.
pub(crate) fn explanation(verdict: &Verdict) -> Vec<Block> {
    let mut table = Table::new("Steps in order", &["step", "instrument", "paragraph", "found"]);
    let mut last = None;
    for line in &verdict.trace {
        // The step stands once, where it begins.
        let step = match last.replace(line.step) {
            Some(before) if before == line.step => String::new(),
            _ => word(&line.step),
        };
        table.row([
            step,
            line.instrument.clone().unwrap_or_default(),
            line.paragraph.clone().unwrap_or_default(),
            line.found.replace('_', " "),
        ]);
    }
    table.sources = super::sources(verdict);
    vec![Block::Table(table)]
}

/// The metrics with their intervals.
pub(super) fn metrics(verdict: &Verdict) -> Table {
    let m = &verdict.metrics;
    let mut table = Table::new("Metrics of the rules", &["metric", "value", "by"]);
    let rows: [(&str, &Option<Metric>); 6] = [
        ("total processing performance (TPP)", &m.tpp),
        ("performance density", &m.performance_density),
        ("applicable die area, mm²", &m.applicable_die_area_mm2),
        ("memory bandwidth, GB/s", &m.memory_bandwidth_gbs),
        (
            "aggregate I/O (2022 text), both ways, GB/s",
            &m.io_2022_bidirectional_gbs,
        ),
        ("scale-up link, both ways, GB/s", &m.scale_up_bidirectional_gbs),
    ];
    for (name, metric) in rows {
        let (value, by) = metric
            .as_ref()
            .map_or(("unknown".to_owned(), String::new()), |m| {
                let text = m.value.normalize().to_string();
                let interval = if m.low == m.value && m.high == m.value {
                    text
                } else {
                    format!("{text} ({}–{})", m.low.normalize(), m.high.normalize())
                };
                (interval, m.by.clone().unwrap_or_default())
            });
        table.row([name.to_owned(), value, by]);
    }
    table.note = Some(format!("computed from the figures of {}", verdict.chip));
    table
}

/// The distance to every bound; of an interval both ends.
pub(super) fn margins(verdict: &Verdict) -> Table {
    let mut table = Table::new(
        "Margin to each bound",
        &["bound", "limit", "value", "slack", "side", "instrument"],
    );
    for m in &verdict.us.margins {
        table.row([
            m.bound.clone(),
            m.limit.clone(),
            value(m),
            slack(m),
            word(&m.to),
            m.instrument.clone(),
        ]);
    }
    table.sources = super::sources(verdict);
    table
}

/// `12032 to 12800`; the value between them stands with the metrics.
fn value(m: &Margin) -> String {
    match (&m.low, &m.high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        _ => m.value.clone(),
    }
}

fn slack(m: &Margin) -> String {
    match &m.slack_ends {
        Some([low, high]) => format!("{low} to {high}"),
        None => m.slack.clone(),
    }
}

/// Every instrument relied on.
pub(super) fn citations(verdict: &Verdict) -> Table {
    let mut table = Table::new(
        "Citations",
        &["instrument", "citation", "paragraphs", "form", "source", "grade"],
    );
    for c in &verdict.citations {
        table.row([
            c.instrument.clone(),
            c.cite.clone().unwrap_or_else(|| c.title.clone()),
            c.paragraphs.join(", "),
            c.form.replace('_', " "),
            c.source.clone(),
            c.grade.to_string(),
        ]);
    }
    table
}
