//! The metrics of the rules worked out line by line: definition, inputs with their sources, products,
//! sums, and each comparison with a bound as it is made.
//!
//! Everything is an exact decimal; only the density that is shown is rounded, never the one compared.

mod compare;
mod dies;
mod peaks;
mod rates;
mod readings;

use crate::catalog::{Chip, DieRole, Engine, Form, Format, Transistor};
use crate::figure::{AlternativeState, Figure, Grade, Place, Quantity, SourceId};
use crate::rules::chip::metrics::Measured;
use crate::rules::law::bounds::{Bounded, bounded};
use crate::rules::{Amount, AsOf, Definition, Interval, LawBook, MetricName, RulesError, Ternary};
use jiff::civil::Date;
use serde::Serialize;

/// One figure that goes into a metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// Dotted path in the chip's file.
    pub path: String,
    /// Value and what else still stands.
    pub value: Interval,
    /// Unit.
    pub unit: &'static str,
    /// Source of the value taken.
    pub source: SourceId,
    /// Its grade.
    pub grade: Grade,
    /// Where it is written.
    pub place: Place,
    /// Other values that still stand.
    pub others: Vec<Other>,
}

/// A live alternative of an input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Other {
    /// The other value.
    pub value: Amount,
    /// Who says so.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
}

impl Input {
    fn of<Q: Quantity>(path: impl Into<String>, figure: &Figure<Q>) -> Self {
        let live = |a: &&crate::figure::Alternative<Q>| a.state == AlternativeState::Live;
        Self {
            path: path.into(),
            value: Interval::of(crate::rules::chip::metrics::Range::of(&figure.estimate())),
            unit: Q::SYMBOL,
            source: figure.source.clone(),
            grade: figure.grade,
            place: figure.place.clone(),
            others: figure
                .alternatives
                .iter()
                .filter(live)
                .map(|a| Other {
                    value: Amount(crate::rules::chip::metrics::decimal(a.value.get())),
                    source: a.source.clone(),
                    grade: a.grade,
                })
                .collect(),
        }
    }
}

/// Which end of an interval a row sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum End {
    Low,
    Value,
    High,
}

/// One peak of the chip and its product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeakRow {
    /// Which units.
    pub engine: Engine,
    /// Input format.
    pub format: Format,
    /// Dense tera-operations a second.
    pub rate: Input,
    /// Largest input width.
    pub bits: Interval,
    /// Rate times width.
    pub product: Interval,
    /// Ends of the result that it sets; the one with `value` wins.
    pub sets: Vec<End>,
    /// `296 x 8 = 2368`.
    pub text: String,
}

/// What a maker's headline gives beside the matrix units alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadlinePair {
    /// Input format.
    pub format: Format,
    /// Product of the headline, which adds matrix and vector units.
    pub headline: Interval,
    /// Product of the matrix units alone.
    pub matrix: Option<Interval>,
    /// Both in one line.
    pub text: String,
}

/// Total processing performance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TppSum {
    /// Definitions of the texts that ask for it that day.
    pub definitions: Vec<Definition>,
    /// Every peak.
    pub rows: Vec<PeakRow>,
    /// The highest product.
    pub result: Interval,
    /// Where the maker's headline adds engines, both sums.
    pub headlines: Vec<HeadlinePair>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Each bound of the day.
    pub comparisons: Vec<Comparison>,
}

/// One die design and whether its area counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DieRow {
    /// Name of the design.
    pub name: String,
    /// What it does.
    pub role: DieRole,
    /// How many.
    pub count: u32,
    /// Who says how many; nobody where absent, then one is taken.
    pub count_source: Option<SourceId>,
    /// Process, as the source names it.
    pub process: Option<String>,
    /// Transistors.
    pub transistor: Transistor,
    /// Area of one, mm².
    pub area: Option<Input>,
    /// Whether it counts.
    pub counts: Ternary,
    /// Why.
    pub why: String,
    /// Count times area, where it counts.
    pub total: Option<Interval>,
    /// `8 x 115 = 920`.
    pub text: String,
}

/// Performance density and its applicable die area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DensitySum {
    /// Definitions.
    pub definitions: Vec<Definition>,
    /// Every die design.
    pub dies: Vec<DieRow>,
    /// Applicable die area, mm²; none where no die counts, and the density is then undefined.
    pub area: Option<Interval>,
    /// `920 + 1480 = 2400`.
    pub text: String,
    /// TPP over area, rounded to three decimals for display; never compared.
    pub shown: Option<Interval>,
    /// Each bound of the day, by cross-multiplication.
    pub comparisons: Vec<Comparison>,
}

/// A rate, or a sum of rates, GB/s; or a bandwidth over an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateSum {
    /// Metric.
    pub metric: MetricName,
    /// Definitions.
    pub definitions: Vec<Definition>,
    /// Terms.
    pub terms: Vec<Input>,
    /// Terms nobody gives.
    pub missing: Vec<String>,
    /// The sum.
    pub result: Interval,
    /// `900 + 128 = 1028`.
    pub text: String,
    /// Each bound of the day.
    pub comparisons: Vec<Comparison>,
}

/// One comparison as it is made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Instrument.
    pub instrument: String,
    /// Paragraph.
    pub paragraph: String,
    /// `>=`, `>`, `<` or `<=`.
    pub comparator: &'static str,
    /// The bound.
    pub limit: Amount,
    /// Left side: the metric, or the numerator of a density.
    pub left: Interval,
    /// Right side: the bound, or the bound times the area; none where the area is not known or undefined.
    pub right: Option<Interval>,
    /// Whether it holds.
    pub holds: Ternary,
    /// `2368 >= 3.2 x 814 = 2604.8: no`.
    pub text: String,
}

/// The metrics under one of the chip's variants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantSums {
    /// Its name.
    pub name: String,
    /// What is assumed.
    pub why: String,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// TPP.
    pub tpp: Interval,
    /// Applicable die area, mm².
    pub area: Option<Interval>,
    /// DRAM bandwidth, GB/s.
    pub memory_bandwidth: Interval,
    /// All inputs and outputs, GB/s.
    pub io_2022: Interval,
}

/// What another reading of a text would give.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherReading {
    /// Instrument.
    pub instrument: String,
    /// Id of its `[[reading]]`.
    pub reading: String,
    /// What the text leaves open.
    pub question: String,
    /// Ours.
    pub ours: String,
    /// The other.
    pub other: String,
    /// What the other gives for this chip; several where it leaves a choice itself.
    pub gives: Vec<ReadAs>,
}

/// A metric and class under another reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadAs {
    /// Metric.
    pub metric: MetricName,
    /// `(74 + 44) x 32 = 3776`.
    pub text: String,
    /// Its value.
    pub value: Interval,
    /// Classes it would give under the table of the day; several where undetermined, none without a table.
    pub classes: Vec<crate::rules::Classification>,
    /// Whether they differ from those of our reading.
    pub flips: bool,
}

/// Every metric of a chip, worked out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arithmetic {
    /// Chip.
    pub chip: String,
    /// Day whose bounds are compared with.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Total processing performance; none for a memory stack.
    pub tpp: Option<TppSum>,
    /// Performance density; none for a memory stack.
    pub density: Option<DensitySum>,
    /// Rates and sums of rates.
    pub rates: Vec<RateSum>,
    /// Correlated alternatives.
    pub variants: Vec<VariantSums>,
    /// Other readings of the texts.
    pub readings: Vec<OtherReading>,
}

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
            let measured = Measured::of(&crate::rules::chip::variant::apply(chip, variant));
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
