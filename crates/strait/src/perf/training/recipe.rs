//! What a training step computes in: the recipe of its precision.

use crate::catalog::{Chip, Format};
use crate::figure::{Need, Quantity};
use crate::perf::ops::Precision;
use serde::{Deserialize, Serialize};

/// Precision of a training step. In 32 bits everything is; else attention, the head and what stands between products are in
/// 16 bits, and weights, gradients and moments of the optimiser in 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// Everything in FP32.
    Fp32,
    /// Everything held in 32 bits, products and attention multiplied in TF32.
    Tf32,
    /// Products in BF16 or FP16, which chips compute alike.
    Bf16,
    /// Products of all linear layers, forward and backward, in FP8; inputs kept for the backward pass in 8 bits too
    /// (DeepSeek-AI 2024, arXiv 2412.19437, section 3.3; Micikevicius et al. 2022, arXiv 2209.05433).
    Fp8,
    /// The same in FP4.
    Fp4,
}

impl Recipe {
    /// What a chip is trained in where nothing is said: FP8 where its matrix units have it, else 16 bits. So are 50 of
    /// the 55 steps that NVIDIA published since mid-2024 of chips with FP8, and DeepSeek-V3; open software of 2024
    /// (llm-foundry, Llama 3, Megatron Core's table) still stayed in 16 bits. FP4 is too new to be the rule.
    #[must_use]
    pub fn usual(chip: &Chip) -> Self {
        match Self::Fp8.missing(chip) {
            None => Self::Fp8,
            Some(_) => Self::Bf16,
        }
    }

    /// Format of the large products.
    #[must_use]
    pub fn products(self) -> Format {
        match self {
            Self::Fp32 => Format::Fp32,
            Self::Tf32 => Format::Tf32,
            Self::Bf16 => Format::Fp16,
            Self::Fp8 => Format::Fp8,
            Self::Fp4 => Format::Fp4,
        }
    }

    /// The recipe of a precision; none where its products have no gradients (integers, narrow weights alone).
    #[must_use]
    pub fn of(precision: &Precision) -> Option<Self> {
        match precision.name {
            "fp32" => Some(Self::Fp32),
            "tf32" => Some(Self::Tf32),
            "bf16" => Some(Self::Bf16),
            "fp8" => Some(Self::Fp8),
            "nvfp4" => Some(Self::Fp4),
            _ => None,
        }
    }

    /// Name of the precision of its products.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fp32 => "fp32",
            Self::Tf32 => "tf32",
            Self::Bf16 => "bf16",
            Self::Fp8 => "fp8",
            Self::Fp4 => "nvfp4",
        }
    }

    /// Bytes of a gradient that travels between replicas.
    #[must_use]
    pub fn gradient_bytes(self) -> f64 {
        match self {
            Self::Fp32 | Self::Tf32 => 4.0,
            Self::Bf16 | Self::Fp8 | Self::Fp4 => 2.0,
        }
    }

    /// Every recipe, the widest first.
    pub const ALL: [Self; 5] = [Self::Fp32, Self::Tf32, Self::Bf16, Self::Fp8, Self::Fp4];

    /// The figure that a chip lacks for it, if any.
    #[must_use]
    pub fn missing(self, chip: &Chip) -> Option<Need> {
        let format = self.products();
        (!has(chip, format)).then(|| lacking(format, chip))
    }
}

/// Whether a chip's file gives a peak of a format, of vector units where matrix units seldom have it.
fn has(chip: &Chip, format: Format) -> bool {
    let vector = (format == Format::Fp32)
        .then(|| chip.vector_peak(format))
        .flatten();
    let peaks = [chip.tensor_peak(format), vector];
    peaks.into_iter().flatten().any(|p| p.rate.value.get() > 0.0)
}

/// The need of an arithmetic that a chip's file does not give, with what it has.
pub(super) fn lacking(format: Format, chip: &Chip) -> Need {
    let there = Recipe::ALL.into_iter().filter(|r| has(chip, r.products()));
    let names: Vec<&str> = there.map(Recipe::name).collect();
    Need {
        fact: format!("dense {} matrix peak of {}", format.name(), chip.id),
        flag: Some("peak of engine tensor in a chip file, or another precision".to_owned()),
        why: format!(
            "the chip has no such arithmetic, or its file does not say; it trains in {}",
            names.join(", ")
        ),
        flips: Vec::new(),
    }
}
