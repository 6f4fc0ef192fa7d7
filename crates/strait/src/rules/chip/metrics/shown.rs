//! The metrics as they are shown: rounded densities, and the row that sets a value.

use super::{Measured, Range, row_tpp};
use crate::catalog::{Chip, Engine, Peak};
use crate::figure::Quantity;
use crate::rules::{Metric, Metrics};
use rust_decimal::Decimal;

impl Range {
    fn metric(self, by: Option<String>) -> Option<Metric> {
        let (value, high) = self.value.zip(self.high)?;
        Some(Metric {
            value: value.normalize(),
            low: self.low.normalize(),
            high: high.normalize(),
            by,
        })
    }
}

impl Measured {
    pub(crate) fn display(&self, chip: &Chip) -> Metrics {
        Metrics {
            tpp: self.tpp.metric(by(chip)),
            performance_density: self
                .area
                .and_then(|area| density(self.tpp, area, "tpp / applicable die area")),
            applicable_die_area_mm2: self.area.and_then(|a| a.metric(None)),
            memory_bandwidth_gbs: self.bandwidth.metric(None),
            io_2022_bidirectional_gbs: self.io_2022.metric(Some("scale-up link + host link".to_owned())),
            scale_up_bidirectional_gbs: self.scale_up.metric(None),
            hbm_density: self
                .stack
                .and_then(|area| density(self.bandwidth, area, "bandwidth / package area")),
        }
    }
}

/// A density for display, rounded to three places; bounds are compared by cross-multiplication.
fn density(rate: Range, area: Range, formula: &str) -> Option<Metric> {
    let (value, of) = area.value.zip(rate.value)?;
    let (area_high, rate_high) = area.high.zip(rate.high)?;
    let over = |a: Decimal, b: Decimal| (b > Decimal::ZERO).then(|| (a / b).round_dp(3).normalize());
    Some(Metric {
        value: over(of, value)?,
        low: over(rate.low, area_high)?,
        high: over(rate_high, area.low)?,
        by: Some(format!("{formula}; compared by cross-multiplication")),
    })
}

/// The row that sets the value; where the maker's headline adds engines, the matrix row as well.
fn by(chip: &Chip) -> Option<String> {
    let value = |p: &&Peak| row_tpp(p).value.unwrap_or_default();
    let text = |p: &Peak| {
        format!(
            "{} {} {} TOPS x {} bit",
            engine(p.engine),
            format!("{:?}", p.format).to_lowercase(),
            p.rate.value.get(),
            p.input_bits.value.get()
        )
    };
    // Where two formats tie, the one whose width nobody disputes speaks for the chip.
    let top = chip
        .peaks
        .iter()
        .rev()
        .max_by_key(|p| (value(p), p.input_bits.is_exact()))?;
    if top.engine != Engine::Headline {
        return Some(text(top));
    }
    let matrix = chip
        .peaks
        .iter()
        .rev()
        .filter(|p| p.engine == Engine::Tensor)
        .max_by_key(value);
    Some(match matrix {
        Some(matrix) => format!(
            "{} (maker's own sum); {} = {}",
            text(top),
            text(matrix),
            value(&matrix).normalize()
        ),
        None => format!("{} (maker's own sum)", text(top)),
    })
}

fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Tensor => "matrix",
        Engine::Vector => "vector",
        Engine::Headline => "headline",
    }
}
