//! `strait market` and the flags of its fit.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// `strait market`.
#[derive(Debug, Args)]
pub(crate) struct MarketArgs {
    #[command(subcommand)]
    pub(crate) what: MarketCommand,
}

/// What of the market.
#[derive(Debug, Subcommand)]
pub(crate) enum MarketCommand {
    /// Purchases, revenue, shares, dates and rents by quarter, with bands, under one scenario or against another
    Run(MarketRunArgs),
    /// NVIDIA's revenue at stake by branch of policy, on both of its geographic bases; --scenario is the baseline
    Exposure(ExposureArgs),
    /// Prices that sellers set against one another; who gains from a ban, merger, levy or quota
    Equilibrium(super::EquilibriumArgs),
    /// Who says how many chips there are, statement by statement, and how far apart they are
    Supply(SupplyArgs),
    /// Fifteen claims about H20, buyers and decoupling, each with the run that tests it
    Claims(ClaimsArgs),
}

/// `strait market run`.
#[derive(Debug, Args)]
pub(crate) struct MarketRunArgs {
    /// Scenario to compare with (a file or a name in data/scenarios; `history` is the law as it was)
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<String>,
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE")]
    pub(crate) known: Option<Date>,
    /// Paths drawn
    #[arg(long, default_value_t = 1000)]
    pub(crate) draws: usize,
    /// Seed of the paths
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Quarters shown, first and last; default: 2025-Q1..2027-Q4, of `decompose` May 2025 to January 2026 (NVIDIA's
    /// fiscal quarters after the license requirement), of `diversion` August 2025 to July 2026
    #[arg(long, value_name = "Q..Q")]
    pub(crate) quarters: Option<String>,
    /// What to show: overview, shares, goods, buyers, decompose, diversion, inputs, sensitivity, all
    #[arg(long, value_delimiter = ',', default_value = "overview")]
    pub(crate) show: Vec<String>,
    /// Good that `diversion` refuses and whose sales `decompose` splits, by its name in goods.toml or a chip's; default:
    /// the H20, and every good of US makers
    #[arg(long, value_name = "GOOD")]
    pub(crate) good: Option<String>,
    /// Bands beside medians: 90, 50, or both
    #[arg(
        long,
        value_name = "PERCENT",
        value_enum,
        value_delimiter = ',',
        default_value = "90"
    )]
    pub(crate) bands: Vec<BandArg>,
    /// File for every variable and quarter: .csv, .parquet, or .iamc.csv for the IAMC long format
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// File that finished blocks are kept in, so that a stopped run goes on where it was
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
}

/// A central band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BandArg {
    /// 5th to 95th percentile.
    #[value(name = "90")]
    Ninety,
    /// 25th to 75th percentile.
    #[value(name = "50")]
    Fifty,
}

/// `strait market exposure`.
#[derive(Debug, Args)]
pub(crate) struct ExposureArgs {
    /// Scenarios to set against the baseline (files or names in data/scenarios); default: every shipped one
    #[arg(long, value_name = "FILE", value_delimiter = ',')]
    pub(crate) branches: Vec<String>,
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE")]
    pub(crate) known: Option<Date>,
    /// Paths drawn of each, the same draws for all
    #[arg(long, default_value_t = 400)]
    pub(crate) draws: usize,
    /// Seed of the paths
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Quarters counted, first and last; default: 2025-Q1..2027-Q4
    #[arg(long, value_name = "Q..Q")]
    pub(crate) quarters: Option<String>,
    /// Bands beside medians: 90, 50, or both
    #[arg(
        long,
        value_name = "PERCENT",
        value_enum,
        value_delimiter = ',',
        default_value = "90"
    )]
    pub(crate) bands: Vec<BandArg>,
    /// File for every branch, quarter and year: .csv, .parquet, or .iamc.csv for the IAMC long format
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `strait market supply`.
#[derive(Debug, Args)]
pub(crate) struct SupplyArgs {
    /// A pool (`huawei-910`), or the beginning of the names of several (`huawei`); every pool where absent
    pub(crate) pool: Option<String>,
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE")]
    pub(crate) known: Option<Date>,
}

/// `strait market claims`.
#[derive(Debug, Args)]
pub(crate) struct ClaimsArgs {
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE")]
    pub(crate) known: Option<Date>,
    /// Paths drawn
    #[arg(long, default_value_t = 400)]
    pub(crate) draws: usize,
    /// Seed of the paths
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Parts that can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fitted {
    /// Operator models, to measured tables
    Perf,
    /// What engines add to their kernels, to measured serving runs
    Serving,
    /// Training steps, to data/validation/training.csv
    Training,
    /// Power of a node's host, to data/validation/node_power.csv
    Power,
    /// How long kernels take on chips of other makers, to data/validation/chip_rates.csv
    Makers,
    /// What is taken for figures that chip files leave out, to the chips of data/chips
    Devices,
    /// The quarterly market, to data/market/observations.csv
    Market,
}

/// Flags of the market's fit.
#[derive(Debug, Args)]
pub(crate) struct MarketFitArgs {
    /// Day of knowledge of the market's fit; default: today
    #[arg(long, value_name = "DATE")]
    pub(crate) known: Option<Date>,
    /// Steps kept a chain, before thinning
    #[arg(long, default_value_t = 45_000)]
    pub(crate) steps: usize,
    /// Chains
    #[arg(long, default_value_t = 4)]
    pub(crate) chains: usize,
    /// File that the chains are kept in, so that a stopped fit goes on where it was
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Fit so many data sets made from known parameters instead, and tell how often these are found
    #[arg(long, value_name = "SETS")]
    pub(crate) self_check: Option<usize>,
}
