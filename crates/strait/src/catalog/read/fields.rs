//! One field of a chip file: a figure with its disputes, or a fact with who says so.

use crate::catalog::chip::{Fact, Origin, TOPOLOGIES, Topology};
use crate::catalog::dispute::Disputes;
use crate::catalog::raw_chip::RawOrigin;
use crate::data::{RawFact, RawFigure, Reader};
use crate::figure::{Figure, Quantity};

/// Reads the fields of one file, each figure with its disputes.
pub(super) struct Fields<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) disputes: &'r mut Disputes,
}

impl Fields<'_, '_> {
    pub(super) fn fact<T>(&mut self, raw: Option<RawFact<T>>) -> Option<Fact<T>> {
        read_fact(self.reader, raw)
    }

    pub(super) fn topology(&mut self, raw: Option<RawFact<String>>) -> Option<Fact<Topology>> {
        let span = raw.as_ref().map(|raw| raw.value.span());
        let words = self.fact(raw)?;
        let Some(value) = Topology::of(&words.value) else {
            self.reader.problem(
                span?,
                format!("`io.scale_up_topology` is `{}`", words.value),
                Some(format!("write {TOPOLOGIES}")),
            );
            return None;
        };
        Some(Fact {
            value,
            source: words.source,
            grade: words.grade,
            place: words.place,
        })
    }

    pub(super) fn figure<Q: Quantity>(&mut self, path: &str, raw: Option<&RawFigure>) -> Option<Figure<Q>> {
        self.disputes.figure(self.reader, path, raw)
    }

    pub(super) fn positive<Q: Quantity>(&mut self, path: &str, raw: Option<&RawFigure>) -> Option<Figure<Q>> {
        let figure = self.figure(path, raw)?;
        refuse_zero(self.reader, path, raw?, &figure);
        Some(figure)
    }
}

/// A part that is there has more than none of it; an unknown figure is left out instead.
pub(super) fn refuse_zero<Q: Quantity>(
    reader: &mut Reader<'_>,
    path: &str,
    raw: &RawFigure,
    figure: &Figure<Q>,
) {
    if figure.value.get() <= 0.0 {
        reader.problem(
            raw.value.span(),
            format!("`{path}` is zero"),
            Some("leave the line out where the figure is not known".into()),
        );
    }
}

pub(super) fn read_fact<T>(reader: &mut Reader<'_>, raw: Option<RawFact<T>>) -> Option<Fact<T>> {
    let raw = raw?;
    let (source, grade, place) = reader.fact(&raw);
    Some(Fact {
        value: raw.value.into_inner(),
        source,
        grade,
        place,
    })
}

pub(super) fn origin_of<T>(fact: &Fact<T>) -> Origin {
    Origin {
        source: fact.source.clone(),
        grade: fact.grade,
    }
}

pub(super) fn origin(reader: &mut Reader<'_>, raw: &RawOrigin) -> Origin {
    Origin {
        source: reader.source(raw.source.get_ref(), raw.grade, raw.source.span()),
        grade: raw.grade,
    }
}
