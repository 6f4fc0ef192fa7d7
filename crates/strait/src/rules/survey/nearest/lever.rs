//! What can be changed about a chip, and the chip with one such change.

use super::LeverNow;
use crate::catalog::{Chip, Form};
use crate::rules::chip::metrics::{Measured, Range};
use crate::rules::{Condition, Interval, Limit, MetricName};
use rust_decimal::Decimal;
use serde::Serialize;

/// One thing about a chip that can change alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lever {
    /// Total processing performance.
    Tpp,
    /// Applicable die area, mm².
    DieArea,
    /// DRAM bandwidth, GB/s.
    MemoryBandwidth,
    /// Scale-up link, both directions, GB/s; the host link stays.
    Io,
    /// Area of a memory stack's package, mm².
    PackageArea,
    /// Whether it is designed or marketed for data centers.
    Datacenter,
}

impl Lever {
    /// The levers of a chip.
    pub(crate) fn of(chip: &Chip) -> Vec<Self> {
        if chip.form == Form::MemoryStack {
            vec![Self::MemoryBandwidth, Self::PackageArea, Self::Datacenter]
        } else {
            vec![
                Self::Tpp,
                Self::DieArea,
                Self::MemoryBandwidth,
                Self::Io,
                Self::Datacenter,
            ]
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Tpp | Self::Datacenter => "",
            Self::DieArea | Self::PackageArea => "mm2",
            Self::MemoryBandwidth | Self::Io => "GB/s",
        }
    }
}

/// A bound as a point on a lever's axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub(super) at: Decimal,
    /// Whether `at` is the bound in full, not a quotient rounded to nine decimals.
    pub(super) exact: bool,
    /// Whether the bound itself counts with the larger values.
    pub(super) up: bool,
    pub(super) by: String,
}

/// The chip as filed, and with all that is disputed about it.
pub(super) struct Base {
    /// Each figure at its filed value.
    pub(super) filed: Measured,
    /// Each figure with its live alternatives.
    pub(super) open: Measured,
    host: Range,
    datacenter: Option<bool>,
}

impl Base {
    pub(super) fn of(chip: &Chip) -> Self {
        let open = Measured::of(chip);
        let host = chip
            .io
            .host_bidirectional
            .as_ref()
            .map_or(Range::UNKNOWN, |f| Range::of(&f.estimate()));
        Self {
            filed: filed(&open),
            host,
            open,
            datacenter: chip.market.datacenter.as_ref().map(|d| d.value),
        }
    }

    pub(super) fn datacenter(&self) -> Option<bool> {
        self.datacenter
    }

    fn range(of: &Measured, lever: Lever) -> Option<Range> {
        match lever {
            Lever::Tpp => Some(of.tpp),
            Lever::DieArea => of.area,
            Lever::MemoryBandwidth => Some(of.bandwidth),
            Lever::Io => Some(of.scale_up),
            Lever::PackageArea => of.stack,
            Lever::Datacenter => None,
        }
    }

    /// The filed value of a lever.
    pub(super) fn value(&self, lever: Lever) -> Option<Decimal> {
        Self::range(&self.filed, lever).and_then(|r| r.value)
    }

    /// Whether the lever has a value at all: an area of planar dies only is undefined.
    pub(super) fn defined(&self, lever: Lever) -> bool {
        Self::range(&self.filed, lever).is_some()
    }

    pub(super) fn now(&self, lever: Lever) -> LeverNow {
        let range = Self::range(&self.open, lever);
        LeverNow {
            lever,
            filed: range.map(Interval::of),
            fact: if lever == Lever::Datacenter {
                self.datacenter
            } else {
                None
            },
            unit: lever.unit(),
            disputed: range.is_some_and(|r| r.value.is_some() && r.high != Some(r.low)),
        }
    }

    /// The chip with one lever at a value, everything else as in `of`.
    pub(super) fn with(&self, of: &Measured, lever: Lever, value: Decimal) -> Measured {
        let mut changed = of.clone();
        let value = Range::exactly(value);
        match lever {
            Lever::Tpp => changed.tpp = value,
            Lever::DieArea => changed.area = Some(value),
            Lever::MemoryBandwidth => changed.bandwidth = value,
            Lever::Io => {
                changed.scale_up = value;
                let host = if *of == self.filed {
                    point(self.host)
                } else {
                    self.host
                };
                changed.io_2022 = value.plus(host);
            }
            Lever::PackageArea => changed.stack = Some(value),
            Lever::Datacenter => {}
        }
        changed
    }

    /// Where the bounds of some conditions lie on a lever's axis, in order, each once.
    pub(super) fn points(&self, conditions: &[&Condition], lever: Lever) -> Vec<Point> {
        let mut points: Vec<Point> = conditions
            .iter()
            .flat_map(|c| {
                let limits = [(c.ge, true), (c.lt, true), (c.gt, false), (c.le, false)];
                limits
                    .into_iter()
                    .filter_map(|(limit, up)| self.point(c.metric?, limit?, up, lever))
            })
            .filter(|p| p.at >= Decimal::ZERO)
            .collect();
        points.sort_by_key(|p| p.at);
        points.dedup_by(|b, a| a.at == b.at);
        points
    }

    fn point(&self, metric: MetricName, limit: Limit, up: bool, lever: Lever) -> Option<Point> {
        let (of, limit) = (&self.filed, limit.0);
        let name = metric.as_str();
        // Where a term is not known, its least value tells from where on the bound is surely met.
        let least = |range: Range| range.value.unwrap_or(range.low);
        let less = |range: Range, what: &str| {
            Some((
                limit - least(range),
                true,
                up,
                format!("{name} {limit}: {limit} less {what}"),
            ))
        };
        let plain = Some((limit, true, up, format!("{name} {limit}")));
        let product = |area: Option<Range>, what: &str| {
            let area = Some(least(area?)).filter(|a| !a.is_zero())?;
            Some((
                limit * area,
                true,
                up,
                format!("{name} {limit}: {limit} x {what}"),
            ))
        };
        // A larger area makes a density smaller: the bound itself counts with the smaller areas.
        let quotient = |rate: Range, what: &str| {
            let rate = rate.value?;
            let (at, exact) = divide(rate, limit)?;
            Some((at, exact, !up, format!("{name} {limit}: {what} / {limit}")))
        };
        let (at, exact, up, by) = match (lever, metric) {
            (Lever::Tpp, MetricName::Tpp)
            | (Lever::MemoryBandwidth, MetricName::MemoryBandwidth)
            | (Lever::Io, MetricName::ScaleUp) => plain,
            (Lever::Tpp, MetricName::PerformanceDensity) => product(of.area, "die area"),
            (Lever::MemoryBandwidth, MetricName::HbmDensity) => product(of.stack, "package area"),
            (Lever::DieArea, MetricName::PerformanceDensity) => quotient(of.tpp, "tpp"),
            (Lever::PackageArea, MetricName::HbmDensity) => quotient(of.bandwidth, "bandwidth"),
            (Lever::MemoryBandwidth, MetricName::MemoryPlusIo) => less(of.io_2022, "all I/O"),
            (Lever::MemoryBandwidth, MetricName::MemoryPlusScaleUp) => less(of.scale_up, "scale-up link"),
            (Lever::Io, MetricName::Io2022) => less(point(self.host), "host link"),
            (Lever::Io, MetricName::MemoryPlusIo) => {
                less(point(self.host).plus(of.bandwidth), "host link and memory")
            }
            (Lever::Io, MetricName::MemoryPlusScaleUp) => less(of.bandwidth, "memory"),
            _ => None,
        }?;
        Some(Point { at, exact, up, by })
    }
}

/// A quotient in full, or rounded to nine decimals.
fn divide(rate: Decimal, limit: Decimal) -> Option<(Decimal, bool)> {
    let at = rate.checked_div(limit)?.round_dp(9);
    Some((at, at.checked_mul(limit)? == rate))
}

fn point(range: Range) -> Range {
    range.value.map_or(range, Range::exactly)
}

fn filed(open: &Measured) -> Measured {
    Measured {
        tpp: point(open.tpp),
        area: open.area.map(point),
        maybe_planar: open.maybe_planar,
        bandwidth: point(open.bandwidth),
        io_2022: point(open.io_2022),
        scale_up: point(open.scale_up),
        stack: open.stack.map(point),
    }
}
