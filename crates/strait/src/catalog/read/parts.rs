//! The lists of a chip file: its peaks and its dies.

use super::fields::{origin, read_fact, refuse_zero};
use crate::catalog::chip::{Die, Origin, Peak};
use crate::catalog::dispute::Disputes;
use crate::catalog::raw_chip::{RawDie, RawPeaks};
use crate::catalog::sparse::above_trend;
use crate::data::{RawFact, RawFigure, Reader};
use crate::figure::{Bits, Estimate, Quantity};
use toml::Spanned;

pub(super) fn peaks(raw: &[RawPeaks], reader: &mut Reader<'_>, disputes: &mut Disputes) -> Vec<Peak> {
    let mut peaks: Vec<Peak> = Vec::new();
    let mut marks = Vec::new();
    for group in raw {
        for row in &group.rows {
            let path = format!("peak.{}.{}", group.engine.name(), row.format.name());
            let span = row.tera_ops.span();
            if peaks
                .iter()
                .any(|p| p.engine == group.engine && p.format == row.format)
            {
                let help = "give the second value as a `[[dispute]]`".to_owned();
                reader.problem(span.clone(), format!("`{path}` stands twice"), Some(help));
                continue;
            }
            let figure = RawFigure {
                value: row.tera_ops.clone(),
                unit: Some(Spanned::new(span.clone(), "TOPS".to_owned())),
                source: row.source.clone(),
                grade: row.grade,
                date: None,
                alternatives: Vec::new(),
            };
            let Some(rate) = disputes.figure(reader, &path, Some(&figure)) else {
                continue;
            };
            refuse_zero(reader, &path, &figure, &rate);
            let bits = row.input_bits.get_ref();
            peaks.push(Peak {
                engine: group.engine,
                format: row.format,
                input_bits: Estimate::new(Bits::of(bits.high), Bits::of(bits.low), Bits::of(bits.high)),
                rate,
            });
            marks.push((span, row.checked.is_some()));
        }
    }
    for (peak, (span, checked)) in peaks.iter().zip(marks) {
        if let Some((base, factor)) = above_trend(peak, &peaks).filter(|_| !checked) {
            let message = format!(
                "`{} {}` is {factor:.1} times `{}`, which looks like a sparse figure given as dense",
                peak.format.name(),
                peak.rate.value.get(),
                base.format.name(),
            );
            let help =
                "enter the dense rate (usually half), or add `checked = \"why it is dense\"` to the row";
            reader.problem(span, message, Some(help.into()));
        }
    }
    peaks
}

pub(super) fn read_die(n: usize, raw: &RawDie, reader: &mut Reader<'_>, disputes: &mut Disputes) -> Die {
    if let Some(count) = raw.count.as_ref().filter(|c| *c.get_ref() == 0) {
        let help = "leave the line out where the count is not known".to_owned();
        reader.problem(
            count.span(),
            format!("no `{}` in the package", raw.name),
            Some(help),
        );
    }
    let path = format!("die.{n}.area");
    let area = disputes.figure(reader, &path, raw.area.as_ref());
    if let (Some(raw), Some(area)) = (&raw.area, &area) {
        refuse_zero(reader, &path, raw, area);
    }
    let count_from = match (&raw.count_from, &raw.count) {
        (Some(from), _) => Some(origin(reader, from)),
        (None, Some(count)) => {
            let fact = RawFact {
                value: count.clone(),
                source: None,
                grade: None,
            };
            let (source, grade, _) = reader.fact(&fact);
            Some(Origin { source, grade })
        }
        (None, None) => None,
    };
    Die {
        name: raw.name.clone(),
        count: raw.count.as_ref().map_or(1, |c| *c.get_ref()),
        count_from,
        role: raw.role,
        logic: raw.logic,
        transistor: raw.transistor,
        process: read_fact(reader, raw.process.clone()),
        foundry: read_fact(reader, raw.foundry.clone()),
        area,
    }
}
