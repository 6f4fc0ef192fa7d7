//! Total processing performance, peak by peak.

use super::{End, HeadlinePair, Input, PeakRow, TppSum, Work, compare};
use crate::catalog::{Chip, Engine, Format, Peak};
use crate::rules::chip::metrics::{Range, row_tpp};
use crate::rules::{Interval, MetricName};

pub(super) fn sum(work: &Work<'_>) -> TppSum {
    let result = work.measured.tpp;
    let mut rows: Vec<PeakRow> = work.chip.peaks.iter().map(row).collect();
    // Where two formats tie, the one whose width nobody disputes speaks for the chip.
    let wins = rows
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, row)| row.product.value.map(|v| v.0) == result.value)
        .max_by_key(|(_, row)| row.bits.is_exact())
        .map(|(n, _)| n);
    if let Some(n) = wins {
        rows[n].sets.push(End::Value);
    }
    for (end, of) in [
        (
            End::Low,
            (|i: &Interval| Some(i.low)) as fn(&Interval) -> Option<_>,
        ),
        (End::High, |i: &Interval| i.high),
    ] {
        let wanted = of(&Interval::of(result));
        let sets = |row: &PeakRow| wanted.is_some() && of(&row.product) == wanted;
        let already = wins.is_some_and(|n| sets(&rows[n]));
        let n = if already { wins } else { rows.iter().position(sets) };
        if let Some(n) = n {
            rows[n].sets.push(end);
        }
    }
    TppSum {
        definitions: work.definitions(MetricName::Tpp),
        result: Interval::of(result),
        headlines: headlines(work.chip),
        notes: notes(work.chip),
        comparisons: compare::bounds(work, MetricName::Tpp),
        rows,
    }
}

fn row(peak: &Peak) -> PeakRow {
    let path = format!("peak.{}.{}", peak.engine.name(), peak.format.name());
    let rate = Input::of(path, &peak.rate);
    let bits = Interval::of(Range::of(&peak.input_bits));
    let product = Interval::of(row_tpp(peak));
    let text = format!("{} x {} = {product}", rate.value, width(&bits));
    PeakRow {
        engine: peak.engine,
        format: peak.format,
        rate,
        bits,
        product,
        sets: Vec::new(),
        text,
    }
}

/// A width as people say it: `19 to 32`, without a value between.
fn width(bits: &Interval) -> String {
    match bits.high {
        Some(high) if !bits.is_exact() => format!("{} to {high}", bits.low),
        _ => bits.to_string(),
    }
}

fn headlines(chip: &Chip) -> Vec<HeadlinePair> {
    let headline = chip.peaks.iter().filter(|p| p.engine == Engine::Headline);
    headline
        .map(|peak| {
            let matrix = chip.tensor_peak(peak.format);
            let product = |p: &Peak| Interval::of(row_tpp(p));
            let one = |p: &Peak| row(p).text;
            let text = match matrix {
                Some(matrix) => format!(
                    "the maker's headline adds engines: {}; matrix units alone: {}",
                    one(peak),
                    one(matrix)
                ),
                None => format!(
                    "the maker's headline adds engines: {}; matrix units alone: not known",
                    one(peak)
                ),
            };
            HeadlinePair {
                format: peak.format,
                headline: product(peak),
                matrix: matrix.map(product),
                text,
            }
        })
        .collect()
}

fn notes(chip: &Chip) -> Vec<String> {
    let mut notes = vec!["formats and engines are not added: the row that gives most stands".to_owned()];
    let open = |p: &Peak| p.format == Format::Tf32 && !p.input_bits.is_exact();
    if chip.peaks.iter().any(open) {
        notes.push(
            "TF32 keeps 19 significant bits in a word of 32; the text names neither, so both ends stand"
                .to_owned(),
        );
    }
    if chip.peaks.iter().any(|p| p.engine == Engine::Headline) {
        notes.push(
            "a headline of the maker's own that adds matrix and vector units counts as the maker claims it"
                .to_owned(),
        );
    }
    if chip.peaks.is_empty() {
        notes.push("no peak is known".to_owned());
    }
    notes
}
