//! Rows that measure and name: bounds, classes, items of other ECCNs.

use crate::rules::{Classification, Limit};
use serde::{Deserialize, Serialize};

/// A metric a bound may be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricName {
    /// Total processing performance.
    Tpp,
    /// TPP over applicable die area, mm².
    PerformanceDensity,
    /// DRAM bandwidth, GB/s.
    MemoryBandwidth,
    /// All inputs and outputs but volatile memory, both directions, GB/s.
    #[serde(rename = "io_2022")]
    Io2022,
    /// Scale-up link, both directions, GB/s.
    ScaleUp,
    /// DRAM bandwidth plus all inputs and outputs, GB/s.
    MemoryPlusIo,
    /// DRAM bandwidth plus scale-up link, GB/s.
    MemoryPlusScaleUp,
    /// Memory bandwidth over the area of the package or stack, GB/s/mm² (3A090.c); compared by
    /// cross-multiplication.
    HbmDensity,
}

impl MetricName {
    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tpp => "tpp",
            Self::PerformanceDensity => "performance_density",
            Self::MemoryBandwidth => "memory_bandwidth",
            Self::Io2022 => "io_2022",
            Self::ScaleUp => "scale_up",
            Self::MemoryPlusIo => "memory_plus_io",
            Self::MemoryPlusScaleUp => "memory_plus_scale_up",
            Self::HbmDensity => "hbm_density",
        }
    }
}

/// A fact a condition may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactName {
    /// Designed or marketed for data centers.
    Datacenter,
    /// A stack of high bandwidth memory that is not packaged with a processing circuit.
    HbmStack,
}

/// One condition on a chip: every bound given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Condition {
    pub metric: Option<MetricName>,
    pub fact: Option<FactName>,
    pub is: Option<bool>,
    pub lt: Option<Limit>,
    pub le: Option<Limit>,
    pub gt: Option<Limit>,
    pub ge: Option<Limit>,
}

/// A paragraph that classifies; rows are read top to bottom and the first that holds wins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifyRow {
    /// Paragraph.
    pub paragraph: String,
    /// Class it gives.
    pub result: Classification,
    /// All must hold.
    pub when: Vec<Condition>,
}

/// Which items of a class a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Items {
    /// Every item of 3A090.a and .b.
    All,
    /// Every item of 3A090.a.
    A,
    /// 3A090.a designed or marketed for data centers.
    DatacenterA,
    /// The notified class: .a not for data centers, .b for data centers.
    Notified,
    /// 3A090.c.
    Hbm,
}

/// The item of another ECCN that holds such circuits (`5A992.z`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZItemRow {
    /// The host's own ECCN (`5A992`).
    pub host: String,
    /// Class of a circuit it contains.
    #[serde(rename = "for")]
    pub classes: Vec<Classification>,
    /// The item (`5A992.z`).
    pub item: String,
}
