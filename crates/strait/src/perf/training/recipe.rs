//! What a training step computes in: the recipe of its precision.

use crate::catalog::{Chip, Format};
use crate::figure::{Need, Quantity};
use serde::{Deserialize, Serialize};

/// Precision of a training step. Whatever the recipe, attention, the head and what stands between products are in
/// 16 bits, and weights, gradients and moments of the optimiser in 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
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
            Self::Bf16 => Format::Fp16,
            Self::Fp8 => Format::Fp8,
            Self::Fp4 => Format::Fp4,
        }
    }

    /// The figure that a chip lacks for it, if any.
    #[must_use]
    pub fn missing(self, chip: &Chip) -> Option<Need> {
        let format = self.products();
        if chip.tensor_peak(format).is_some_and(|p| p.rate.value.get() > 0.0) {
            return None;
        }
        Some(lacking(format, chip))
    }
}

/// The need of an arithmetic that a chip's file does not give.
pub(super) fn lacking(format: Format, chip: &Chip) -> Need {
    Need {
        fact: format!("dense {format:?} matrix peak of {}", chip.id).to_lowercase(),
        flag: Some("peak of engine tensor in a chip file, or another precision".to_owned()),
        why: "the chip has no such arithmetic, or its file does not say".to_owned(),
        flips: Vec::new(),
    }
}
