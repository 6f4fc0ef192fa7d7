//! A chip's metrics as output shows them.

use rust_decimal::Decimal;
use serde::Serialize;

/// One metric with its interval; decimals are exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Metric {
    #[serde(with = "rust_decimal::serde::float")]
    pub value: Decimal,
    #[serde(with = "rust_decimal::serde::float")]
    pub low: Decimal,
    #[serde(with = "rust_decimal::serde::float")]
    pub high: Decimal,
    /// The row or formula it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The metrics of the rules; `None` where undefined or unknown.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// Total processing performance.
    pub tpp: Option<Metric>,
    /// TPP over applicable die area, rounded for display only; comparisons are cross-multiplied.
    pub performance_density: Option<Metric>,
    /// Applicable die area, mm².
    pub applicable_die_area_mm2: Option<Metric>,
    /// DRAM bandwidth, GB/s.
    pub memory_bandwidth_gbs: Option<Metric>,
    /// Aggregate bidirectional transfer rate over all inputs and outputs but volatile memory (2022 text), GB/s.
    pub io_2022_bidirectional_gbs: Option<Metric>,
    /// Scale-up link, both directions, GB/s.
    pub scale_up_bidirectional_gbs: Option<Metric>,
    /// Memory bandwidth over the area of the package, GB/s/mm², of a memory stack; rounded for display only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hbm_density: Option<Metric>,
}
