//! Options of `strait run infer`.

use super::{load, positive, precision};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use strait::perf::ops::Precision;

/// `strait run infer`.
#[derive(Debug, Args)]
pub(crate) struct InferArgs {
    /// A model of data/models (`llama-3.1-70b`), or the path of a config.json
    pub(crate) model: String,
    /// Chips to compare
    #[arg(long, value_name = "CHIP,CHIP", value_delimiter = ',', required = true)]
    pub(crate) on: Vec<String>,
    /// Chips there are, with --decode-on of each kind; the best plan on them is looked for where neither --tp nor --dp
    /// is given; 8 where absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) chips: Option<u32>,
    /// Chips that share every matrix
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) tp: Option<u32>,
    /// Replicas of attention, which share the experts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) dp: Option<u32>,
    /// Ranks that the experts are dealt to
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) ep: Option<u32>,
    /// Stages of layers
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) pp: u32,
    /// Software that serves; `best`: of each kernel the fastest, with a typical host
    #[arg(long, value_enum, default_value_t = EngineArg::Best)]
    pub(crate) engine: EngineArg,
    /// Launch every kernel by itself, without capturing a step in a graph
    #[arg(long)]
    pub(crate) eager: bool,
    /// What a kernel finds in the last-level cache: nothing, as in serving, or what fits there of its weights and keys,
    /// as in a benchmark of one layer
    #[arg(long, value_enum, default_value_t = CacheArg::Cold)]
    pub(crate) cache: CacheArg,
    /// Choices of experts that fall on the busiest rank over the mean, 1 where they are balanced: all wait for that rank, in
    /// products and in the exchange of tokens. Without it choices fall on any expert alike, and the busiest
    /// rank is that of chance
    #[arg(long, value_name = "RATIO", value_parser = load)]
    pub(crate) imbalance: Option<f64>,
    /// Format of large products; FP8 where the chip has it, else INT8, else 16 bits where absent. Router, embeddings and head
    /// stay at 16 bits, beside 32-bit products at 32
    #[arg(long, value_name = "FORMAT", value_parser = precision::served())]
    pub(crate) precision: Option<Precision>,
    /// Prompt tokens
    #[arg(long, default_value_t = 1024.0, value_name = "N", value_parser = least_one)]
    pub(crate) input_tokens: f64,
    /// Output tokens
    #[arg(long, default_value_t = 1024.0, value_name = "N", value_parser = least_one)]
    pub(crate) output_tokens: f64,
    /// Users at once on a replica; several make a sweep. From one to all that fit where absent
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = least_one)]
    pub(crate) users: Vec<f64>,
    /// Longest mean time to the first token, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) ttft: Option<f64>,
    /// Longest mean time an output token after the first, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) tpot: Option<f64>,
    /// Tokens of one step; longer prompts are computed in chunks
    #[arg(long, default_value_t = 8192.0, value_name = "N", value_parser = least_one)]
    pub(crate) step_tokens: f64,
    /// Share of a prompt found in the prefix cache
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", value_parser = share)]
    pub(crate) cached: f64,
    /// Tokens drafted a step (speculative decoding)
    #[arg(long, default_value_t = 0, value_name = "N", requires = "accepted", value_parser = clap::value_parser!(u32).range(0..=16))]
    pub(crate) drafted: u32,
    /// Drafted tokens kept a step, mean
    #[arg(long, value_name = "N", requires = "drafted")]
    pub(crate) accepted: Option<f64>,
    /// Decode on replicas of this chip, prompts on those of --on
    #[arg(long, value_name = "CHIP")]
    pub(crate) decode_on: Option<String>,
    /// Rate at which a prompt's cache is sent to them, GB/s; that of data/perf/server.toml where absent
    #[arg(long, value_name = "GB/S", value_parser = positive, requires = "decode_on")]
    pub(crate) transfer: Option<f64>,
    /// Show the operators of a step with what binds each
    #[arg(long)]
    pub(crate) explain: bool,
    /// File for one line a way to serve, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Chips there are where nobody says how many.
const USUAL_CHIPS: u32 = 8;

impl InferArgs {
    /// Chips there are.
    pub(crate) fn chips(&self) -> u32 {
        let named = self.tp.unwrap_or(1) * self.dp.unwrap_or(1) * self.pp;
        self.chips.unwrap_or(USUAL_CHIPS.max(named))
    }
}

/// Serving software whose kernels were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub(crate) enum EngineArg {
    Best,
    Trtllm,
    Vllm,
    Sglang,
}

impl EngineArg {
    /// Name in the operator tables; none of the best of all.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Best => None,
            Self::Trtllm => Some("TRTLLM"),
            Self::Vllm => Some("VLLM"),
            Self::Sglang => Some("SGLang"),
        }
    }
}

/// State of the last-level cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub(crate) enum CacheArg {
    Cold,
    Warm,
}

fn least_one(text: &str) -> Result<f64, String> {
    match text.parse::<u32>() {
        Ok(x) if x >= 1 => Ok(f64::from(x)),
        _ => Err("a whole number from 1 to 4,294,967,295 was expected".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..1.0).contains(&x) => Ok(x),
        _ => Err("a number from 0 to below 1 was expected".to_owned()),
    }
}
