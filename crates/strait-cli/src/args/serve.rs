//! Options of `strait run serve`.

use super::{EngineArg, positive};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `strait run serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// A model of data/models (`llama-3.1-8b`), or the path of a config.json
    pub(crate) model: String,
    /// The chip that serves it; several are compared
    #[arg(long, value_name = "CHIP,CHIP", value_delimiter = ',', required = true)]
    pub(crate) on: Vec<String>,
    /// Replicas; with --decode-replicas those that compute prompts
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) replicas: u32,
    /// Chips of one replica; the fewest that hold the model where absent
    #[arg(long, value_name = "N")]
    pub(crate) tp: Option<u32>,
    /// Format of weights and arithmetic; FP8 where the chip has it, else INT8, else 16 bits
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
    /// Software that serves; `best`: of each kernel the fastest, with a typical host
    #[arg(long = "engine", value_enum, default_value_t = EngineArg::Best)]
    pub(crate) software: EngineArg,
    /// Launch every kernel by itself, without capturing a step in a graph
    #[arg(long)]
    pub(crate) eager: bool,
    #[command(flatten)]
    pub(crate) requests: RequestArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Longest time to the first token of a good request, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) sla_ttft: Option<f64>,
    /// Longest time an output token after the first, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) sla_tpot: Option<f64>,
    /// Show the operators of the mean step with what binds each
    #[arg(long)]
    pub(crate) explain: bool,
    /// File for one line a request (a chip and rate, where several are given), .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Where requests come from.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// A request trace as Azure (CSV) or Mooncake (JSON Lines) publish them
    #[arg(long, value_name = "FILE", required_unless_present = "rate")]
    pub(crate) trace: Option<PathBuf>,
    /// Take only the first requests of the trace
    #[arg(long, value_name = "N", requires = "trace")]
    pub(crate) first: Option<usize>,
    /// Requests a second; several make a sweep. A trace is stretched to them
    #[arg(long, value_name = "RATE,RATE", value_delimiter = ',', value_parser = positive)]
    pub(crate) rate: Vec<f64>,
    /// Requests drawn where no trace is given
    #[arg(long, default_value_t = 2000, value_name = "N", conflicts_with = "trace")]
    pub(crate) requests: usize,
    /// Mean prompt tokens of drawn requests
    #[arg(long, default_value_t = 1024.0, value_name = "N", value_parser = positive, conflicts_with = "trace")]
    pub(crate) input_tokens: f64,
    /// Mean output tokens of drawn requests
    #[arg(long, default_value_t = 256.0, value_name = "N", value_parser = positive, conflicts_with = "trace")]
    pub(crate) output_tokens: f64,
    /// Coefficient of variation of both lengths; 0 makes them all alike
    #[arg(long, default_value_t = 0.8, value_name = "CV", value_parser = variation, conflicts_with = "trace")]
    pub(crate) length_variation: f64,
    /// Coefficient of variation of the gaps between arrivals: 1 is Poisson, more comes in bursts
    #[arg(long, default_value_t = 1.0, value_name = "CV", value_parser = variation, conflicts_with = "trace")]
    pub(crate) burstiness: f64,
    /// Seed of drawn requests
    #[arg(long, default_value_t = 1, conflicts_with = "trace")]
    pub(crate) seed: u64,
}

/// How the serving engine is set.
#[derive(Debug, Args)]
pub(crate) struct EngineArgs {
    /// Tokens of one step
    #[arg(long, default_value_t = 8192, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) step_tokens: u32,
    /// Most sequences that run together on a replica
    #[arg(long, default_value_t = 256, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_sequences: u32,
    /// Compute prompts whole, in steps of their own
    #[arg(long)]
    pub(crate) whole_prompts: bool,
    /// Tokens of one cache block
    #[arg(long, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) block: u32,
    /// Move a preempted sequence's cache to the host and back instead of computing it again, at this rate, GB/s
    #[arg(long, value_name = "GB/S", value_parser = positive)]
    pub(crate) swap: Option<f64>,
    /// Compute every prompt whole, also parts cached before
    #[arg(long)]
    pub(crate) no_prefix_cache: bool,
    /// How requests find a replica
    #[arg(long, value_enum, default_value_t = RoutingArg::LeastLoaded)]
    pub(crate) routing: RoutingArg,
    /// Replicas of their own that decode what the others have computed
    #[arg(long, value_name = "N")]
    pub(crate) decode_replicas: Option<u32>,
    /// Their chip, where it is another
    #[arg(long, value_name = "CHIP", requires = "decode_replicas")]
    pub(crate) decode_on: Option<String>,
    /// Chips of one of them
    #[arg(long, value_name = "N", requires = "decode_replicas")]
    pub(crate) decode_tp: Option<u32>,
    /// Rate at which a replica sends a cache to them, GB/s; that of data/perf/server.toml where absent
    #[arg(long, value_name = "GB/S", value_parser = positive, requires = "decode_replicas")]
    pub(crate) transfer: Option<f64>,
}

/// Formats of weights and arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub(crate) enum PrecisionArg {
    Fp16,
    Fp8,
    Int8,
    Fp4,
}

/// How requests find a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoutingArg {
    /// Each in turn
    RoundRobin,
    /// Fewest requests in flight
    LeastLoaded,
    /// Fewest prompt tokens to compute, counting those it would find cached
    PrefixAware,
}

fn variation(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=20.0).contains(&x) => Ok(x),
        _ => Err("a number from 0 to 20 was expected".to_owned()),
    }
}
