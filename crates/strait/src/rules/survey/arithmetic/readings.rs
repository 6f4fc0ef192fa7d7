//! What the other readings of the texts would give for a chip, by the ids of the instruments' readings.

use super::{OtherReading, ReadAs, Work};
use crate::catalog::{Chip, Engine, Form, Format, Peak};
use crate::rules::chip::metrics::{Measured, Range, row_tpp};
use crate::rules::law::bounds::Shape;
use crate::rules::steps::classify::classes;
use crate::rules::{Classification, ClassifyRow, Interval, MetricName};
use rust_decimal::Decimal;

/// Modules on one baseboard, as the reading on boards counts them.
const ON_A_BASEBOARD: u32 = 8;

/// How a reading is worked out for a chip.
type Formula = fn(&Work<'_>) -> Vec<Given>;

/// A metric and the chip as the other reading measures it.
struct Given {
    metric: MetricName,
    text: String,
    value: Range,
    measured: Measured,
}

/// Readings with a number of their own: instrument, reading, formula.
const FORMULAS: [(&str, &str, Formula); 4] = [
    ("us-acs-ifr-2023", "R1", units_added),
    ("us-acs-ifr-2023", "R2", summed_over_the_board),
    ("us-acs-ifr-2023", "R3", one_width_of_tf32),
    ("us-ac-ifr-2022", "R1", device_link_alone),
];

pub(super) fn others(work: &Work<'_>) -> Vec<OtherReading> {
    if work.chip.form == Form::MemoryStack {
        return Vec::new();
    }
    let table = work.bounds.iter().find_map(|b| match b.shape {
        Shape::Table(rows) => Some((b.instrument, rows)),
        _ => None,
    });
    let Some((in_force, rows)) = table else {
        return Vec::new();
    };
    let ours = classed(work, rows, &work.measured);
    let mut found = Vec::new();
    for (instrument, reading, formula) in FORMULAS {
        let Some(row) = in_force
            .reading
            .iter()
            .find(|r| in_force.id == instrument && r.id == reading)
        else {
            continue;
        };
        let gives: Vec<ReadAs> = formula(work)
            .into_iter()
            .map(|given| {
                let classes = classed(work, rows, &given.measured);
                ReadAs {
                    metric: given.metric,
                    text: given.text,
                    value: Interval::of(given.value),
                    flips: classes != ours,
                    classes,
                }
            })
            .collect();
        if !gives.is_empty() {
            found.push(OtherReading {
                instrument: instrument.to_owned(),
                reading: reading.to_owned(),
                question: row.question.clone(),
                ours: row.ours.clone(),
                other: row.other.clone(),
                gives,
            });
        }
    }
    found
}

fn classed(work: &Work<'_>, rows: &[ClassifyRow], measured: &Measured) -> Vec<Classification> {
    let datacenter = work.chip.market.datacenter.as_ref().map(|d| d.value);
    let mut found: Vec<_> = classes(rows, measured, datacenter, work.chip.form)
        .into_iter()
        .map(|(class, _)| class)
        .collect();
    found.dedup();
    found
}

fn with_tpp(work: &Work<'_>, text: String, tpp: Range) -> Given {
    Given {
        metric: MetricName::Tpp,
        text,
        value: tpp,
        measured: Measured {
            tpp,
            ..work.measured.clone()
        },
    }
}

/// Matrix and vector units added at each width; the width that gives most. TF32 goes by its word of 32 bits.
fn units_added(work: &Work<'_>) -> Vec<Given> {
    let mut widths: Vec<Decimal> = work.chip.peaks.iter().filter_map(word).collect();
    widths.sort();
    widths.dedup();
    let sums = widths.into_iter().filter_map(|width| {
        let best = |engine: Engine| best_at(work.chip, engine, width);
        let (matrix, vector) = (best(Engine::Tensor)?, best(Engine::Vector)?);
        let sum = matrix.plus(vector).times(width);
        let text = format!(
            "({} + {}) x {width} = {}",
            Interval::of(matrix),
            Interval::of(vector),
            Interval::of(sum)
        );
        Some((sum, text))
    });
    let Some((sum, text)) = sums.max_by_key(|(sum, _)| sum.value) else {
        return Vec::new();
    };
    // Where one format alone gives more, adding changes nothing.
    let ours = work.measured.tpp;
    let text = if sum.value <= ours.value {
        format!("{text}, no more than {}", Interval::of(ours))
    } else {
        text
    };
    vec![with_tpp(work, text, sum.max(ours))]
}

fn word(peak: &Peak) -> Option<Decimal> {
    Range::of(&peak.input_bits).high
}

fn best_at(chip: &Chip, engine: Engine, width: Decimal) -> Option<Range> {
    let peaks = chip
        .peaks
        .iter()
        .filter(|p| p.engine == engine && word(p) == Some(width));
    peaks.map(|p| Range::of(&p.rate.estimate())).reduce(Range::max)
}

/// Eight modules on a baseboard as one item; its density stays that of the module.
fn summed_over_the_board(work: &Work<'_>) -> Vec<Given> {
    if work.chip.form != Form::Module || work.measured.tpp == Range::UNKNOWN {
        return Vec::new();
    }
    let eight = Decimal::from(ON_A_BASEBOARD);
    let tpp = work.measured.tpp.times(eight);
    let text = format!(
        "{ON_A_BASEBOARD} x {} = {}",
        Interval::of(work.measured.tpp),
        Interval::of(tpp)
    );
    let mut given = with_tpp(work, text, tpp);
    given.measured.area = given.measured.area.map(|a| a.times(eight));
    vec![given]
}

/// TF32 at each of its widths alone.
fn one_width_of_tf32(work: &Work<'_>) -> Vec<Given> {
    let open = |p: &&Peak| p.format == Format::Tf32 && !p.input_bits.is_exact();
    let Some(tf32) = work.chip.peaks.iter().find(open) else {
        return Vec::new();
    };
    let bits = Range::of(&tf32.input_bits);
    let rest = work
        .chip
        .peaks
        .iter()
        .filter(|p| !open(p))
        .map(row_tpp)
        .reduce(Range::max);
    let rate = Range::of(&tf32.rate.estimate());
    [Some(bits.low), bits.high]
        .into_iter()
        .flatten()
        .map(|width| {
            let product = rate.times(width);
            let tpp = rest.map_or(product, |rest| rest.max(product));
            let text = format!(
                "TF32 of {width} bits: {} x {width} = {}, TPP {}",
                Interval::of(rate),
                Interval::of(product),
                Interval::of(tpp)
            );
            with_tpp(work, text, tpp)
        })
        .collect()
}

/// The scale-up link without the host link.
fn device_link_alone(work: &Work<'_>) -> Vec<Given> {
    let link = work.measured.scale_up;
    if link == Range::UNKNOWN {
        return Vec::new();
    }
    vec![Given {
        metric: MetricName::Io2022,
        text: format!("scale-up link alone: {}", Interval::of(link)),
        value: link,
        measured: Measured {
            io_2022: link,
            ..work.measured.clone()
        },
    }]
}
