//! Options of `strait run serve`.

use super::{EngineArg, load, positive, precision};
use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;
use strait::perf::ops::Precision;

/// `strait run serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// A model of data/models (`llama-3.1-8b`), or the path of a config.json
    pub(crate) model: String,
    /// The chip that serves it; several are compared
    #[arg(long, value_name = "CHIP,CHIP", value_delimiter = ',', required = true)]
    pub(crate) on: Vec<String>,
    /// Replicas; with --decode-replicas those that compute prompts
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) replicas: u32,
    /// Chips of one replica; the fewest that hold the model where absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) tp: Option<u32>,
    /// Ranks that the experts of a replica are dealt to; each expert is shared by all its chips where absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) ep: Option<u32>,
    /// Choices of experts that fall on the busiest rank over the mean, 1 where they are balanced: all wait for that rank, in
    /// products and in the exchange of tokens. Without it choices fall on any expert alike, and the busiest
    /// rank is that of chance
    #[arg(long, value_name = "RATIO", value_parser = load)]
    pub(crate) imbalance: Option<f64>,
    /// Format of weights and arithmetic; FP8 where the chip has it, else INT8, else 16 bits where absent
    #[arg(long, value_name = "FORMAT", value_parser = precision::served())]
    pub(crate) precision: Option<Precision>,
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
#[command(group(ArgGroup::new("arrivals").args(["trace", "rate"]).required(true).multiple(true)))]
pub(crate) struct RequestArgs {
    /// A request trace as Azure (CSV) or Mooncake (JSON Lines) publish them
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Take only the first requests of the trace
    #[arg(long, value_name = "N", requires = "trace", value_parser = some_requests)]
    pub(crate) first: Option<usize>,
    /// Requests a second; several make a sweep. A trace is stretched to them
    #[arg(long, value_name = "RATE,RATE", value_delimiter = ',', value_parser = positive)]
    pub(crate) rate: Vec<f64>,
    /// Requests drawn where no trace is given, up to 5,000,000: half a kilobyte of memory each
    #[arg(long, default_value_t = 2000, value_name = "N", value_parser = some_requests, conflicts_with = "trace")]
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) decode_replicas: Option<u32>,
    /// Their chip, where it is another
    #[arg(long, value_name = "CHIP", requires = "decode_replicas")]
    pub(crate) decode_on: Option<String>,
    /// Chips of one of them
    #[arg(long, value_name = "N", requires = "decode_replicas", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) decode_tp: Option<u32>,
    /// Rate at which a replica sends a cache to them, GB/s; that of data/perf/server.toml where absent
    #[arg(long, value_name = "GB/S", value_parser = positive, requires = "decode_replicas")]
    pub(crate) transfer: Option<f64>,
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

/// Requests that a simulation holds at most: half a kilobyte each, with the three ends of the interval.
pub(crate) const MOST_REQUESTS: usize = 5_000_000;

fn some_requests(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if (1..=MOST_REQUESTS).contains(&n) => Ok(n),
        _ => Err(
            "a whole number from 1 to 5,000,000 was expected: each takes memory until the run ends"
                .to_owned(),
        ),
    }
}

fn variation(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=20.0).contains(&x) => Ok(x),
        _ => Err("a number from 0 to 20 was expected".to_owned()),
    }
}
