//! One call of an operator, as an engine would launch it.

use super::{attention_decode, attention_prefill, collective, custom_all_reduce, gemm, grouped_gemm, mla};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which matrix units do the multiplying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// FP32, on whichever units a chip has it.
    Bits32,
    /// TF32: operands of 32 bits, of which the matrix units take 19.
    Tensor32,
    /// FP16 and BF16.
    Bits16,
    /// FP8.
    Float8,
    /// INT8.
    Int8,
    /// FP4.
    Float4,
    /// INT4.
    Int4,
}

/// Precision of a call: what is multiplied, and how wide weights and activations lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(into = "&'static str")]
pub struct Precision {
    /// Short name (`bf16`, `fp8`, `fp8_block`, `nvfp4`, `int4_wo`).
    pub name: &'static str,
    /// Arithmetic.
    pub arithmetic: Arithmetic,
    /// Bytes of an activation.
    pub activation: f64,
    /// Bytes of a weight, block scales included.
    pub weight: f64,
}

impl Precision {
    const fn new(name: &'static str, arithmetic: Arithmetic, activation: f64, weight: f64) -> Self {
        Self {
            name,
            arithmetic,
            activation,
            weight,
        }
    }
    /// BF16 throughout.
    pub const BF16: Self = Self::new("bf16", Arithmetic::Bits16, 2.0, 2.0);
    /// FP8, one scale a tensor.
    pub const FP8: Self = Self::new("fp8", Arithmetic::Float8, 1.0, 1.0);
    /// FP32 throughout.
    pub const FP32: Self = Self::new("fp32", Arithmetic::Bits32, 4.0, 4.0);
    /// Operands of 32 bits, multiplied in TF32.
    pub const TF32: Self = Self::new("tf32", Arithmetic::Tensor32, 4.0, 4.0);
    /// Every precision known, the widest first: scales a block of 16 (`nvfp4`) or 32 (`mxfp4`) are counted.
    pub const ALL: [Self; 13] = [
        Self::FP32,
        Self::TF32,
        Self::BF16,
        Self::FP8,
        Self::new("fp8_block", Arithmetic::Float8, 1.0, 1.0),
        Self::new("nvfp4", Arithmetic::Float4, 0.5625, 0.5625),
        Self::new("mxfp4", Arithmetic::Float4, 0.53125, 0.53125),
        Self::new("int8", Arithmetic::Int8, 1.0, 1.0),
        Self::new("int4", Arithmetic::Int4, 0.5, 0.5),
        Self::new("int8_wo", Arithmetic::Bits16, 2.0, 1.0),
        Self::new("int4_wo", Arithmetic::Bits16, 2.0, 0.5),
        Self::new("mxfp4_wo", Arithmetic::Bits16, 2.0, 0.53125),
        Self::new("mxfp4_fp8", Arithmetic::Float8, 1.0, 0.53125),
    ];

    /// The precision a measured table calls `word`.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let name = match word {
            "bfloat16" | "float16" | "half" | "bf16" | "fp16" => "bf16",
            "sq" => "int8",
            "w4a16_mxfp4" => "mxfp4_wo",
            "w4a8_mxfp4_mxfp8" => "mxfp4_fp8",
            other => other,
        };
        Self::ALL.into_iter().find(|p| p.name == name)
    }

    /// The precision whose fitted kernels time it: its own, or where nobody measured such kernels those of the nearest, at the
    /// chip's own peak and with its own bytes.
    #[must_use]
    pub fn timed_as(&self, operator: Operator) -> &'static str {
        match (self.arithmetic, self.name) {
            (Arithmetic::Bits32 | Arithmetic::Tensor32, _) => "bf16",
            (Arithmetic::Int4, _) => "int8",
            (Arithmetic::Float4, _) => "nvfp4",
            // Products of experts alone were measured in it; it unpacks as INT4 does.
            (Arithmetic::Bits16, "mxfp4_wo") if operator == Operator::Gemm => "int4_wo",
            (Arithmetic::Bits16 | Arithmetic::Float8 | Arithmetic::Int8, name) => name,
        }
    }

    /// Whether operands have a scale every 128 elements that the matrix units do not apply.
    #[must_use]
    pub fn scaled_by_blocks(&self) -> bool {
        self.name == "fp8_block"
    }

    /// Whether weights alone are narrow: kernels that unpack before multiplying.
    #[must_use]
    pub fn weight_only(&self) -> bool {
        self.arithmetic == Arithmetic::Bits16 && self.weight < self.activation
    }
}

impl From<Precision> for &'static str {
    fn from(precision: Precision) -> Self {
        precision.name
    }
}

/// Where a call finds its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// In memory, as in serving, where other layers ran in between.
    Cold,
    /// As in a benchmark that goes round `copies` sets of weights.
    Warm {
        /// Sets of weights between two uses of one.
        copies: u8,
    },
}

impl Cache {
    /// Times the weights count in the working set; infinite where nothing is left of them.
    pub(crate) fn copies(self) -> f64 {
        match self {
            Self::Cold => f64::INFINITY,
            Self::Warm { copies } => f64::from(copies.max(1)),
        }
    }
}

/// Family of operators that share a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Matrix product.
    Gemm,
    /// Matrix products of experts.
    GroupedGemm,
    /// Attention over a prompt.
    AttentionPrefill,
    /// Attention of a new token over a cache.
    AttentionDecode,
    /// Latent attention over a prompt.
    MlaPrefill,
    /// Latent attention of a new token.
    MlaDecode,
    /// Collective of a communication library.
    Collective,
    /// All-reduce of an engine's own.
    CustomAllReduce,
}

impl Operator {
    /// Every family.
    pub const ALL: [Self; 8] = [
        Self::Gemm,
        Self::GroupedGemm,
        Self::AttentionPrefill,
        Self::AttentionDecode,
        Self::MlaPrefill,
        Self::MlaDecode,
        Self::Collective,
        Self::CustomAllReduce,
    ];

    /// Name in files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gemm => "gemm",
            Self::GroupedGemm => "grouped_gemm",
            Self::AttentionPrefill => "attention_prefill",
            Self::AttentionDecode => "attention_decode",
            Self::MlaPrefill => "mla_prefill",
            Self::MlaDecode => "mla_decode",
            Self::Collective => "collective",
            Self::CustomAllReduce => "custom_all_reduce",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum Call {
    Gemm(gemm::Gemm),
    GroupedGemm(grouped_gemm::GroupedGemm),
    AttentionPrefill(attention_prefill::Prefill),
    AttentionDecode(attention_decode::Decode),
    MlaPrefill(mla::LatentPrefill),
    MlaDecode(mla::LatentDecode),
    Collective(collective::Collective),
    CustomAllReduce(custom_all_reduce::CustomAllReduce),
}

impl Call {
    /// The same call that finds its weights or keys in another state; a collective has none.
    #[must_use]
    pub fn found(mut self, cache: Cache) -> Self {
        match &mut self {
            Self::Gemm(c) => c.cache = cache,
            Self::GroupedGemm(c) => c.cache = cache,
            Self::AttentionPrefill(c) => c.cache = cache,
            Self::AttentionDecode(c) => c.cache = cache,
            Self::MlaPrefill(c) => c.cache = cache,
            Self::MlaDecode(c) => c.cache = cache,
            Self::Collective(_) | Self::CustomAllReduce(_) => {}
        }
        self
    }

    /// Its family.
    #[must_use]
    pub fn operator(&self) -> Operator {
        match self {
            Self::Gemm(_) => Operator::Gemm,
            Self::GroupedGemm(_) => Operator::GroupedGemm,
            Self::AttentionPrefill(_) => Operator::AttentionPrefill,
            Self::AttentionDecode(_) => Operator::AttentionDecode,
            Self::MlaPrefill(_) => Operator::MlaPrefill,
            Self::MlaDecode(_) => Operator::MlaDecode,
            Self::Collective(_) => Operator::Collective,
            Self::CustomAllReduce(_) => Operator::CustomAllReduce,
        }
    }

    /// Its sizes by name, and what a collective exchanges.
    #[must_use]
    pub fn sizes(&self) -> String {
        let sizes = match self {
            Self::Gemm(c) => vec![("m", c.m), ("n", c.n), ("k", c.k)],
            Self::GroupedGemm(c) => vec![
                ("tokens", c.tokens),
                ("hidden", c.hidden),
                ("inner", c.inner),
                ("chosen", c.chosen),
                ("experts", c.experts),
                ("tensor", c.tensor),
                ("expert_ranks", c.expert_ranks),
            ],
            Self::AttentionPrefill(c) => vec![
                ("batch", c.batch),
                ("tokens", c.tokens),
                ("cached", c.cached),
                ("heads", c.heads),
                ("kv_heads", c.kv_heads),
                ("head_dim", c.head_dim),
                ("kv_bytes", c.kv_bytes),
            ],
            Self::AttentionDecode(c) => vec![
                ("batch", c.batch),
                ("context", c.context),
                ("heads", c.heads),
                ("kv_heads", c.kv_heads),
                ("head_dim", c.head_dim),
                ("kv_bytes", c.kv_bytes),
            ],
            Self::MlaPrefill(c) => vec![
                ("batch", c.batch),
                ("tokens", c.tokens),
                ("heads", c.heads),
                ("kv_bytes", c.kv_bytes),
            ],
            Self::MlaDecode(c) => vec![
                ("batch", c.batch),
                ("context", c.context),
                ("heads", c.heads),
                ("kv_bytes", c.kv_bytes),
            ],
            Self::Collective(c) => vec![("chips", c.chips), ("bytes", c.bytes)],
            Self::CustomAllReduce(c) => vec![("chips", c.chips), ("bytes", c.bytes)],
        };
        let mut words: Vec<String> = Vec::new();
        if let Self::Collective(c) = self {
            words.push(c.kind.name().to_owned());
        }
        words.extend(sizes.iter().map(|(name, size)| format!("{name}={size}")));
        words.join(" ")
    }
}
