//! Peak rates by engine and number format.

use crate::figure::{Bits, Estimate, Figure, TeraOps};
use serde::{Deserialize, Serialize};

/// Which units a peak belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Matrix units (tensor cores, cubes, systolic arrays): what `perf` uses for GEMM.
    Tensor,
    /// Vector units.
    Vector,
    /// The maker's own headline, where it adds matrix and vector units (Ascend).
    Headline,
}

/// Number format of a peak's inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Format {
    Fp64,
    Fp32,
    Tf32,
    /// FP16 and BF16 alike.
    Fp16,
    Fp8,
    Fp6,
    Fp4,
    Int8,
    Int4,
}

/// One dense peak: engine and input format.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Peak {
    /// Which units.
    pub engine: Engine,
    /// Which input format.
    pub format: Format,
    /// Largest input width; an interval where the text of the law leaves it open (TF32: 19 to 32).
    pub input_bits: Estimate<Bits>,
    /// Dense rate; a sparse rate cannot be entered.
    pub rate: Figure<TeraOps>,
}

impl Engine {
    /// Name in data files and figure paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tensor => "tensor",
            Self::Vector => "vector",
            Self::Headline => "headline",
        }
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Fp64,
        Self::Fp32,
        Self::Tf32,
        Self::Fp16,
        Self::Fp8,
        Self::Fp6,
        Self::Fp4,
        Self::Int8,
        Self::Int4,
    ];

    /// Name in data files and figure paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fp64 => "fp64",
            Self::Fp32 => "fp32",
            Self::Tf32 => "tf32",
            Self::Fp16 => "fp16",
            Self::Fp8 => "fp8",
            Self::Fp6 => "fp6",
            Self::Fp4 => "fp4",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }

    /// Input width in bits, low and high: TF32 carries 19 significant bits in a 32-bit word.
    pub fn usual_bits(self) -> (f64, f64) {
        match self {
            Self::Fp64 => (64.0, 64.0),
            Self::Fp32 => (32.0, 32.0),
            Self::Tf32 => (19.0, 32.0),
            Self::Fp16 => (16.0, 16.0),
            Self::Fp8 | Self::Int8 => (8.0, 8.0),
            Self::Fp6 => (6.0, 6.0),
            Self::Fp4 | Self::Int4 => (4.0, 4.0),
        }
    }
}
