//! Refuses peaks that look like sparse figures.
//!
//! Matrix units double their rate, give or take rounding, when the input width halves. A row above
//! that trend is most often a rate with structured sparsity copied from a data sheet.

use super::{Engine, Format, Peak};
use crate::figure::Quantity;

/// A rate above this multiple of the rate at twice the width is questioned.
const TREND: f64 = 2.2;

/// The wider format each format is compared with.
fn wider(format: Format) -> Option<Format> {
    match format {
        Format::Fp16 => Some(Format::Tf32),
        Format::Fp8 | Format::Int8 => Some(Format::Fp16),
        Format::Fp4 => Some(Format::Fp8),
        Format::Int4 => Some(Format::Int8),
        Format::Fp64 | Format::Fp32 | Format::Tf32 | Format::Fp6 => None,
    }
}

/// The peak that `peak` stands above the trend of, and by what factor.
pub(crate) fn above_trend<'a>(peak: &Peak, all: &'a [Peak]) -> Option<(&'a Peak, f64)> {
    if peak.engine != Engine::Tensor {
        return None;
    }
    let base = wider(peak.format)?;
    let base = all
        .iter()
        .find(|p| p.engine == Engine::Tensor && p.format == base)?;
    let factor = peak.rate.value.get() / base.rate.value.get();
    (factor > TREND).then_some((base, factor))
}
