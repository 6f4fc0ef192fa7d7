//! Options of `strait run train`.

use super::{load, precision};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use strait::perf::training::Recipe;

/// `strait run train`.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// A model of data/models (`llama-3.1-70b`), or the path of a config.json
    pub(crate) model: String,
    /// The chip that trains it; several are compared
    #[arg(long, value_name = "CHIP,CHIP", value_delimiter = ',', required = true)]
    pub(crate) on: Vec<String>,
    /// Chips; several make a sweep
    #[arg(long, value_name = "N,N", value_delimiter = ',', required = true, value_parser = count)]
    pub(crate) chips: Vec<u32>,
    /// Sequences of an optimiser step; several make a sweep
    #[arg(long, value_name = "N,N", value_delimiter = ',', required = true, value_parser = count)]
    pub(crate) batch: Vec<u32>,
    /// Tokens of a sequence
    #[arg(long, default_value_t = 4096, value_name = "N", value_parser = count)]
    pub(crate) sequence: u32,
    /// Format of large products; FP8 where the chip has it, else 16 bits where absent. Attention and the head stay in 16 bits,
    /// beside 32-bit products in 32; the optimiser in 32
    #[arg(long, value_name = "FORMAT", value_parser = precision::trained())]
    pub(crate) precision: Option<Recipe>,
    /// Choices of experts that fall on the busiest rank over the mean, 1 where they are balanced: all wait for that rank, in
    /// products and in the exchange of tokens. Without it that of data/perf/training.toml
    #[arg(long, value_name = "RATIO", value_parser = load)]
    pub(crate) imbalance: Option<f64>,
    /// Train low-rank adapters beside frozen weights (LoRA)
    #[arg(long)]
    pub(crate) adapters: bool,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Try every plan: any degrees, context groups, ZeRO stages, partial recomputation, traffic hidden or not
    #[arg(long)]
    pub(crate) wide: bool,
    /// Do not leave out plans that cannot win
    #[arg(long, requires = "wide")]
    pub(crate) exhaustive: bool,
    /// Show the operators of a layer with their limits, and of several chips or steps where each goes and what it holds
    #[arg(long)]
    pub(crate) explain: bool,
    /// File for one line a chip and step, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What of the plan is given; the rest is searched.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Chips that share every layer's weights
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) tp: Option<u32>,
    /// Chips that share a sequence
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) cp: Option<u32>,
    /// Pipeline stages
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) pp: Option<u32>,
    /// Chips that share the experts
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) ep: Option<u32>,
    /// Chunks of layers on a stage (interleaved pipeline); 1 is 1F1B
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) chunks: Option<u32>,
    /// Sequences of a microbatch
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) microbatch: Option<u32>,
    /// What replicas share out: 0 nothing, 1 state of the optimiser, 2 gradients too, 3 weights too
    #[arg(long, value_name = "STAGE", value_parser = clap::value_parser!(u8).range(0..=3))]
    pub(crate) zero: Option<u8>,
    /// What is computed again in the backward pass
    #[arg(long, value_enum)]
    pub(crate) recompute: Option<RecomputeArg>,
}

/// Recomputation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecomputeArg {
    /// Nothing
    None,
    /// Attention's scores
    Selective,
    /// Whole layers
    Full,
}

fn count(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(n @ 1..=4_000_000) => Ok(n),
        _ => Err("a whole number from 1 to 4,000,000".to_owned()),
    }
}
