//! The metrics of the rules worked out line by line: definition, inputs with their sources, products,
//! sums, and each comparison with a bound as it is made.
//!
//! Everything is an exact decimal; only the density that is shown is rounded, never the one compared.

mod compare;
mod dies;
mod peaks;
mod rates;
mod readings;
mod sums;

pub use sums::{
    Arithmetic, Comparison, DensitySum, DieRow, End, HeadlinePair, Input, Other, OtherReading, PeakRow,
    RateSum, ReadAs, TppSum, VariantSums,
};

use crate::catalog::{Chip, Form};
use crate::rules::chip::metrics::Measured;
use crate::rules::law::bounds::{Bounded, bounded};
use crate::rules::{Amount, AsOf, Definition, Interval, LawBook, MetricName, RulesError};

/// What the parts share.
struct Work<'b> {
    book: &'b LawBook,
    chip: &'b Chip,
    measured: Measured,
    bounds: Vec<Bounded<'b>>,
}

impl Work<'_> {
    /// Definitions of a metric by the texts that bound it that day; every one where none does.
    fn definitions(&self, metric: MetricName) -> Vec<Definition> {
        let of = || self.book.definitions.iter().filter(|d| d.metric == metric);
        let asks = |id: &str| {
            self.bounds.iter().any(|b| {
                let reads = |c: &crate::rules::Condition| c.metric == Some(metric);
                b.instrument.id == id && b.conditions().iter().any(|(_, c)| reads(c))
            })
        };
        let today: Vec<_> = of().filter(|d| asks(&d.instrument)).cloned().collect();
        if today.is_empty() {
            of().cloned().collect()
        } else {
            today
        }
    }
}

impl LawBook {
    /// Every metric of the rules for a chip, with the bounds of a day as known on a day.
    ///
    /// # Errors
    /// Two classification tables, neither said to prevail.
    pub fn arithmetic(&self, chip: &Chip, as_of: AsOf) -> Result<Arithmetic, RulesError> {
        let work = Work {
            book: self,
            chip,
            measured: Measured::of(chip),
            bounds: bounded(self, chip, as_of)?,
        };
        let computes = chip.form != Form::MemoryStack;
        Ok(Arithmetic {
            chip: chip.id.0.clone(),
            on: as_of.on,
            known: as_of.known,
            tpp: computes.then(|| peaks::sum(&work)),
            density: computes.then(|| dies::sum(&work)),
            rates: rates::sums(&work),
            variants: variants(chip),
            readings: readings::others(&work),
        })
    }
}

/// A density as displayed, rounded.
fn shown(metric: Option<&crate::rules::Metric>) -> Option<Interval> {
    metric.map(|m| Interval {
        value: Some(Amount(m.value)),
        low: Amount(m.low),
        high: Some(Amount(m.high)),
    })
}

fn variants(chip: &Chip) -> Vec<VariantSums> {
    chip.variants
        .iter()
        .map(|variant| {
            let measured = Measured::under(chip, Some(variant));
            VariantSums {
                name: variant.name.clone(),
                why: variant.why.clone(),
                source: variant.source.clone(),
                grade: variant.grade,
                tpp: Interval::of(measured.tpp),
                area: measured.area.map(Interval::of),
                memory_bandwidth: Interval::of(measured.bandwidth),
                io_2022: Interval::of(measured.io_2022),
            }
        })
        .collect()
}
