//! Options of `strait cost`.

use super::{at_least_zero, positive, precision};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use strait::perf::training::Recipe;
use strait::rules::read_day;

/// `strait cost`.
#[derive(Debug, Args)]
pub(crate) struct CostArgs {
    #[command(subcommand)]
    pub(crate) what: CostCommand,
}

/// What is asked of cost.
#[derive(Debug, Subcommand)]
pub(crate) enum CostCommand {
    /// Owning and renting one chip for an hour, part by part
    Hour(HourArgs),
    /// A million input and output tokens within latency limits
    Tokens(TokensArgs),
    /// A training run: chip-hours, money, energy
    Train(TrainingRunArgs),
    /// Two chips: per dollar, per watt, and the price, rent and utilisation at which they cost the same
    Compare(CompareArgs),
    /// Which chips to buy: most tokens under a budget and a power limit, or least cost for a demand
    Fleet(FleetArgs),
}

/// Where, when, and under whose figures.
#[derive(Debug, Args)]
pub(crate) struct SiteArgs {
    /// Where the chips run: a country or a Chinese province, by name or code (CN, CN-GS, Beijing)
    #[arg(long, value_name = "PLACE,PLACE", value_delimiter = ',', required = true)]
    pub(crate) place: Vec<String>,
    /// Day of prices, rents, tariffs and law, as 2025-04-20; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) on: Option<Date>,
    /// Day of knowledge: nothing the public learned later is used; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) known: Option<Date>,
    #[command(flatten)]
    pub(crate) stated: StatedArgs,
    /// File for one line a row, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Figures stated in place of those of the data; each is taken as exact.
#[derive(Debug, Args)]
pub(crate) struct StatedArgs {
    /// Price of one chip in US dollars, as h200=27000; repeat it for more chips
    #[arg(long, value_name = "CHIP=USD")]
    pub(crate) price: Vec<String>,
    /// Share of owned hours in use, 0.01 to 1
    #[arg(long, value_name = "SHARE", value_parser = positive)]
    pub(crate) utilisation: Option<f64>,
    /// Power usage effectiveness, 1 or more
    #[arg(long, value_name = "RATIO", value_parser = positive)]
    pub(crate) pue: Option<f64>,
    /// Electricity tariff, USD for a kWh
    #[arg(long, value_name = "USD", value_parser = at_least_zero)]
    pub(crate) tariff: Option<f64>,
    /// Years over which a purchase is written off
    #[arg(long, value_name = "YEARS", value_parser = positive)]
    pub(crate) years: Option<f64>,
    /// Share of the purchase it still sells for at the end
    #[arg(long, value_name = "SHARE", value_parser = at_least_zero)]
    pub(crate) residual: Option<f64>,
    /// Cost of capital, a year, as 0.08
    #[arg(long, value_name = "RATE", value_parser = at_least_zero)]
    pub(crate) capital_rate: Option<f64>,
}

/// `strait cost hour`.
#[derive(Debug, Args)]
pub(crate) struct HourArgs {
    /// Chips
    #[arg(required = true)]
    pub(crate) chips: Vec<String>,
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    /// List every published price and rent behind the answer as well
    #[arg(long)]
    pub(crate) list: bool,
}

/// A workload of the data, or one put together here.
#[derive(Debug, Args)]
pub(crate) struct ServingArgs {
    /// A workload of data/workloads (chat, prefill, reasoning)
    #[arg(long, default_value = "chat", value_name = "ID")]
    pub(crate) workload: String,
    /// Another model than the workload's (`deepseek-v3`)
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// Prompt tokens of a request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) input: Option<u32>,
    /// Output tokens of a request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) output: Option<u32>,
    /// Longest time to the first token, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) ttft: Option<f64>,
    /// Longest time an output token, seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) tpot: Option<f64>,
    /// Sizes of cluster to try; the one on which a chip does most counts
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub(crate) cluster: Vec<u32>,
}

/// `strait cost tokens`.
#[derive(Debug, Args)]
pub(crate) struct TokensArgs {
    /// Chips
    #[arg(required = true)]
    pub(crate) chips: Vec<String>,
    #[command(flatten)]
    pub(crate) serving: ServingArgs,
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    /// Leave out chips that need a license for the place, or are blocked there
    #[arg(long)]
    pub(crate) lawful: bool,
}

/// `strait cost train`.
#[derive(Debug, Args)]
pub(crate) struct TrainingRunArgs {
    /// Chips
    #[arg(required = true)]
    pub(crate) chips: Vec<String>,
    /// Model of data/models (`llama-3.1-70b`)
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: String,
    /// Tokens trained, as 15e12
    #[arg(long, value_name = "N", value_parser = positive, required_unless_present = "flop")]
    pub(crate) tokens: Option<f64>,
    /// Model FLOP of the run instead of its tokens, as 3.8e25
    #[arg(long, value_name = "N", value_parser = positive, conflicts_with = "tokens")]
    pub(crate) flop: Option<f64>,
    /// Chips of the cluster
    #[arg(long, default_value_t = 1024, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) cluster: u32,
    /// Tokens of a sequence
    #[arg(long, default_value_t = 4096, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sequence: u32,
    /// Sequences of one optimiser step
    #[arg(long, default_value_t = 4096, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch: u32,
    /// Arithmetic of the large products; default: FP8 where the chip has it, else BF16. Attention and the head stay
    /// in 16 bits, the optimiser in 32
    #[arg(long, value_name = "FORMAT", value_parser = precision::trained())]
    pub(crate) precision: Option<Recipe>,
    #[command(flatten)]
    pub(crate) site: SiteArgs,
}

/// `strait cost compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Chip
    pub(crate) chip: String,
    /// The chip it is set against
    pub(crate) rival: String,
    /// Workloads of data/workloads; all where absent
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    pub(crate) workload: Vec<String>,
    /// Rivals to be matched
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) matching: u32,
    #[command(flatten)]
    pub(crate) site: SiteArgs,
}

/// `strait cost fleet`.
#[derive(Debug, Args)]
pub(crate) struct FleetArgs {
    /// Chips to choose from; where absent, all for data centers that have a price other than a grey or planned one
    pub(crate) chips: Vec<String>,
    #[command(flatten)]
    pub(crate) serving: ServingArgs,
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    /// Money to buy chips, servers and network with, US dollars, as 50e6
    #[arg(long, value_name = "USD", value_parser = positive)]
    pub(crate) budget: Option<f64>,
    /// Power at the wall, MW
    #[arg(long, value_name = "MW", value_parser = positive)]
    pub(crate) power: Option<f64>,
    /// Output tokens a second to be met at least cost; without it, the most there can be
    #[arg(long, value_name = "TOK/S", value_parser = positive)]
    pub(crate) demand: Option<f64>,
    /// Chips of a kind that can be had, as h200=4096; repeat it for more kinds
    #[arg(long, value_name = "CHIP=N")]
    pub(crate) available: Vec<String>,
    /// Chips of a kind on hand, as h20=512; repeat it for more kinds
    #[arg(long, value_name = "CHIP=N")]
    pub(crate) held: Vec<String>,
    /// Set the fleet beside the one without further deliveries of a chip
    #[arg(long, value_name = "CHIP")]
    pub(crate) stopped: Option<String>,
    /// Leave out chips that need a license for the place, or are blocked there
    #[arg(long)]
    pub(crate) lawful: bool,
}
