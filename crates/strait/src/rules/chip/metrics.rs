//! The metrics the rules put bounds on, as exact decimals with intervals.
//!
//! Total processing performance is the dense peak times the largest input width, the highest over the
//! rows a maker claims; rows are never added (ECCN 3A090, technical notes 1 to 3). Performance density
//! divides by the area of all logic dies made with non-planar transistors (note 4).

mod shown;

use crate::catalog::{Chip, Die, Form, Peak, Transistor, Variant};
use crate::figure::{Estimate, Quantity};
use crate::rules::Metrics;
use crate::rules::chip::variant::Figures;
use crate::rules::words::exact::{Exact, Number};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// An interval whose upper end may be open and whose central value may be missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range<N = Decimal> {
    pub(crate) low: N,
    pub(crate) value: Option<N>,
    pub(crate) high: Option<N>,
}

impl<N: Number> Range<N> {
    pub(crate) fn plus(self, other: Self) -> Self {
        let both = |a: Option<N>, b: Option<N>| a.zip(b).map(|(a, b)| a.plus(b));
        Self {
            low: self.low.plus(other.low),
            value: both(self.value, other.value),
            high: both(self.high, other.high),
        }
    }
}

impl Range {
    fn exact(self) -> Range<Exact> {
        Range {
            low: Exact::of(self.low),
            value: self.value.map(Exact::of),
            high: self.high.map(Exact::of),
        }
    }

    pub(crate) const UNKNOWN: Self = Self {
        low: Decimal::ZERO,
        value: None,
        high: None,
    };
    pub(crate) fn exactly(value: Decimal) -> Self {
        Self {
            low: value,
            value: Some(value),
            high: Some(value),
        }
    }

    pub(crate) const ZERO: Self = Self {
        low: Decimal::ZERO,
        value: Some(Decimal::ZERO),
        high: Some(Decimal::ZERO),
    };

    pub(crate) fn of<Q: Quantity>(estimate: &Estimate<Q>) -> Self {
        Self {
            low: decimal(estimate.low.get()),
            value: Some(decimal(estimate.value.get())),
            high: Some(decimal(estimate.high.get())),
        }
    }

    pub(crate) fn times(self, k: Decimal) -> Self {
        Self {
            low: self.low * k,
            value: self.value.map(|v| v * k),
            high: self.high.map(|v| v * k),
        }
    }

    pub(crate) fn product(self, other: Self) -> Self {
        let both = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).map(|(a, b)| a * b);
        Self {
            low: self.low * other.low,
            value: both(self.value, other.value),
            high: both(self.high, other.high),
        }
    }

    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            value: self.value.max(other.value),
            high: self.high.zip(other.high).map(|(a, b)| a.max(b)),
        }
    }

    pub(crate) fn hull(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            value: self.value.or(other.value),
            high: self.high.zip(other.high).map(|(a, b)| a.max(b)),
        }
    }
}

/// The figures as the datasheet writes them: fifteen digits, so that 989.4 is 989.4 exactly. Out of
/// range means larger than any bound.
pub(crate) fn decimal(value: f64) -> Decimal {
    let most = Decimal::from(100_000_000_000_000_u64);
    Decimal::from_f64(value).map_or(most, |d| d.min(most))
}

/// What a chip measures, before display.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured<N = Decimal> {
    pub(crate) tpp: Range<N>,
    /// `None` where every logic die is planar: density is then undefined.
    pub(crate) area: Option<Range<N>>,
    /// Whether every logic die that counts may be planar, so that density may be undefined.
    pub(crate) maybe_planar: bool,
    pub(crate) bandwidth: Range<N>,
    pub(crate) io_2022: Range<N>,
    pub(crate) scale_up: Range<N>,
    /// Area of the package of a memory stack, mm²; `None` for anything else.
    pub(crate) stack: Option<Range<N>>,
}

impl<N: Number> Measured<N> {
    pub(crate) fn memory_plus_io(&self) -> Range<N> {
        self.bandwidth.plus(self.io_2022)
    }

    pub(crate) fn memory_plus_scale_up(&self) -> Range<N> {
        self.bandwidth.plus(self.scale_up)
    }
}

impl Measured {
    /// The chip as filed.
    pub(crate) fn of(chip: &Chip) -> Self {
        Self::under(chip, None)
    }

    /// The chip under a variant, or as filed.
    pub(crate) fn under(chip: &Chip, variant: Option<&Variant>) -> Self {
        let figures = Figures { chip, variant };
        let bandwidth = figures.at(&["memory", "bandwidth"], chip.memory.bandwidth.as_ref());
        if chip.form == Form::MemoryStack {
            // A stack computes nothing and talks to its host alone: only its density is measured.
            return Self {
                tpp: Range::ZERO,
                area: None,
                maybe_planar: false,
                bandwidth,
                io_2022: Range::ZERO,
                scale_up: Range::ZERO,
                stack: Some(figures.at(&["package", "area"], chip.package_area.as_ref())),
            };
        }
        let io = &chip.io;
        let scale_up = figures.at(
            &["io", "scale_up_bidirectional"],
            io.scale_up_bidirectional.as_ref(),
        );
        let host = figures.at(&["io", "host_bidirectional"], io.host_bidirectional.as_ref());
        Self {
            tpp: chip
                .peaks
                .iter()
                .map(|peak| tpp(peak, figures.rate(peak)))
                .reduce(Range::max)
                .unwrap_or(Range::UNKNOWN),
            area: area(figures),
            maybe_planar: chip
                .dies
                .iter()
                .all(|d| !d.logic || d.transistor != Transistor::NonPlanar)
                && !chip.dies.is_empty(),
            bandwidth,
            io_2022: scale_up.plus(host),
            scale_up,
            stack: None,
        }
    }

    pub(crate) fn hull(self, other: &Self) -> Self {
        Self {
            tpp: self.tpp.hull(other.tpp),
            area: self.area.zip(other.area).map(|(a, b)| a.hull(b)),
            maybe_planar: self.maybe_planar || other.maybe_planar,
            bandwidth: self.bandwidth.hull(other.bandwidth),
            io_2022: self.io_2022.hull(other.io_2022),
            scale_up: self.scale_up.hull(other.scale_up),
            stack: self.stack.zip(other.stack).map(|(a, b)| a.hull(b)),
        }
    }

    /// The same figures as they are compared with bounds.
    pub(crate) fn exact(&self) -> Measured<Exact> {
        Measured {
            tpp: self.tpp.exact(),
            area: self.area.map(Range::exact),
            maybe_planar: self.maybe_planar,
            bandwidth: self.bandwidth.exact(),
            io_2022: self.io_2022.exact(),
            scale_up: self.scale_up.exact(),
            stack: self.stack.map(Range::exact),
        }
    }
}

/// Total processing performance of a row as filed.
pub(crate) fn row_tpp(peak: &Peak) -> Range {
    tpp(peak, Range::of(&peak.rate.estimate()))
}

fn tpp(peak: &Peak, rate: Range) -> Range {
    rate.product(Range::of(&peak.input_bits))
}

fn area(figures: Figures<'_>) -> Option<Range> {
    let dies = &figures.chip.dies;
    if dies.is_empty() {
        return Some(Range::UNKNOWN);
    }
    let mut total = Range::ZERO;
    let mut counts = false;
    for (place, die) in dies.iter().enumerate().filter(|(_, die)| applies(die)) {
        let all = all_of(die, figures.die(place));
        counts = true;
        total = total.plus(all);
    }
    counts.then_some(total)
}

/// Applicable area of all dies of one design, mm²; `None` where they do not count: memory, planar.
pub(crate) fn die_area(die: &Die) -> Option<Range> {
    let one = || {
        let area = die.area.as_ref();
        area.map_or(Range::UNKNOWN, |a| Range::of(&a.estimate()))
    };
    applies(die).then(|| all_of(die, one()))
}

/// Whether dies of a design count, or may: logic that is not planar.
fn applies(die: &Die) -> bool {
    die.logic && die.transistor != Transistor::Planar
}

/// The area of all dies of a design, from that of one.
fn all_of(die: &Die, one: Range) -> Range {
    let mut all = one.times(Decimal::from(die.count));
    if die.transistor == Transistor::Unknown {
        all.low = Decimal::ZERO;
    }
    all
}

/// The metrics of a chip, as every part of strait uses them; a chip with variants gets the hull over them.
pub fn metrics(chip: &Chip) -> Metrics {
    hull(&cases(chip)).display(chip)
}

/// The chip as filed and under each of its variants.
pub(crate) fn cases(chip: &Chip) -> Vec<Measured> {
    let mut cases = vec![Measured::of(chip)];
    let variants = chip.variants.iter();
    cases.extend(variants.map(|variant| Measured::under(chip, Some(variant))));
    cases.dedup();
    cases
}

pub(crate) fn hull(cases: &[Measured]) -> Measured {
    let (first, rest) = cases.split_first().expect("a chip has at least one case");
    rest.iter().fold(first.clone(), |all, one| all.hull(one))
}
