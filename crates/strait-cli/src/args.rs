//! The command line.

mod batch;
mod cost;
mod equilibrium;
mod infer;
mod market;
mod precision;
mod rules;
mod serve;
mod train;
mod transaction;

pub(crate) use batch::BatchArgs;
pub(crate) use cost::{
    CompareArgs, CostArgs, CostCommand, FleetArgs, HourArgs, ServingArgs, SiteArgs, StatedArgs, TokensArgs,
    TrainingRunArgs,
};
pub(crate) use equilibrium::{EquilibriumArgs, PolicyCase};
pub(crate) use infer::{CacheArg, EngineArg, InferArgs};
pub(crate) use market::{
    BandArg, ClaimsArgs, ExposureArgs, Fitted, MarketArgs, MarketCommand, MarketFitArgs, MarketRunArgs,
    SupplyArgs,
};
pub(crate) use rules::{DiffArgs, ListArgs, NearestArgs, RulesArgs, RulesCommand, SideArg};
pub(crate) use serve::{EngineArgs, RoutingArg, ServeArgs};
pub(crate) use train::{PlanArgs, RecomputeArg, TrainArgs};
pub(crate) use transaction::{Route, TransactionArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What export control means for an AI accelerator: law, performance, cost and market, with sources.
///
/// strait gives no legal and no investment advice. Exit codes: 0 answered (unknown is an answer),
/// 1 difference found or validation failed, 2 bad input, 3 nothing feasible, 4 stale under --strict,
/// 130 stopped by the user.
#[derive(Debug, Parser)]
#[command(name = "strait", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Folder whose files replace those of the same name in the data strait was built with
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A what-if: a TOML file, or the name of one in data/scenarios
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) scenario: Option<String>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole answer: law, performance, cost, market, and which figures are weak
    Brief(BriefArgs),
    /// What the law says of one transaction
    Check(CheckArgs),
    /// The catalog: every chip, one chip with every figure, or chips side by side
    Chips(ChipsArgs),
    /// The models: every one, or one with its counts: parameters, cache and FLOP of a token, weights by format
    Models(ModelsArgs),
    /// The instruments: list, one in full, or what changed when for a chip
    Rules(RulesArgs),
    /// The data strait knows from
    Data(DataArgs),
    /// Compare what strait computes with published measurements
    Validate(ValidateArgs),
    /// What chips do on a workload
    Run(RunArgs),
    /// What chips cost: by the hour, by tokens, by training run, against one another, in a fleet
    Cost(CostArgs),
    /// The market quarter by quarter: who buys what under a scenario, and what the claims about it are worth
    Market(MarketArgs),
    /// Fit the operator models to measured tables, training or the market model to what was published
    Calibrate(CalibrateArgs),
}

/// `strait brief`.
#[derive(Debug, Args)]
pub(crate) struct BriefArgs {
    /// A chip's name (`h20`, `ascend-910c`) or the path of a chip file
    pub(crate) chip: String,
    #[command(flatten)]
    pub(crate) transaction: TransactionArgs,
    /// Chips to compare; default: the flagship it was cut from, its predecessor, domestic alternatives
    #[arg(long, value_name = "CHIP,CHIP", value_delimiter = ',')]
    pub(crate) vs: Option<Vec<String>>,
    /// File or folder for the HTML page; default: this folder
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Folder for each chart as an SVG file of its own and its numbers as CSV, both with the line to cite them by
    #[arg(long, value_name = "DIR")]
    pub(crate) charts: Option<PathBuf>,
    /// Show every step of the legal evaluation
    #[arg(long)]
    pub(crate) explain: bool,
    /// Exit with 4 where the law has been read only through an earlier day
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `strait check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A chip's name (`h20`, `ascend-910c`) or the path of a chip file
    #[arg(required_unless_present = "batch")]
    pub(crate) chip: Option<String>,
    #[command(flatten)]
    pub(crate) transaction: TransactionArgs,
    /// Show every step of the evaluation and how each metric is worked out
    #[arg(long, conflicts_with = "batch")]
    pub(crate) explain: bool,
    /// Exit with 4 where the law has been read only through an earlier day
    #[arg(long)]
    pub(crate) strict: bool,
    /// Compare with a former `--format json` or `--json` output; exit with 1 where the answer differs
    #[arg(long, value_name = "BASELINE")]
    pub(crate) fail_on_change: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
}

/// `strait chips`.
#[derive(Debug, Args)]
pub(crate) struct ChipsArgs {
    /// A chip's name or the path of a chip file; every chip where absent
    pub(crate) name: Option<String>,
    /// Chips to put side by side
    #[arg(
        long,
        value_name = "CHIP,CHIP",
        value_delimiter = ',',
        conflicts_with = "name"
    )]
    pub(crate) compare: Option<Vec<String>>,
    /// Work out the metrics of the rules, with the bounds of the last day through which the law has been read
    #[arg(long, requires = "name")]
    pub(crate) explain: bool,
}

/// `strait models`.
#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// A model of data/models (`llama-3.1-70b`), or the path of a config.json; every model where absent
    pub(crate) name: Option<String>,
    /// Earlier tokens that FLOP and the cache of a sequence are counted at
    #[arg(long, default_value_t = 8192, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub(crate) context: u32,
    /// Show published counts beside ours
    #[arg(long)]
    pub(crate) stated: bool,
}

/// `strait data`.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) what: DataCommand,
}

/// What of the data.
#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Verify every file: schema, units, sources, dates, names
    Check,
}

/// `strait run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(subcommand)]
    pub(crate) what: RunCommand,
}

/// What is run.
#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// How chips serve a model in a steady state: latencies, the frontier, the best plan under limits
    Infer(Box<InferArgs>),
    /// A serving system under a trace of requests: latencies, goodput, queueing, memory
    Serve(Box<ServeArgs>),
    /// A training step: the fastest parallel plan that fits the memory, its time and utilisation
    Train(Box<TrainArgs>),
}

/// `strait validate`.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Which part; performance and cost where absent
    #[arg(value_enum)]
    pub(crate) part: Option<Part>,
    /// Chip whose published runs are listed one by one, each beside what is computed
    #[arg(long, value_name = "CHIP", conflicts_with_all = ["measured", "rows"])]
    pub(crate) chip: Option<String>,
    #[command(flatten)]
    pub(crate) measured: MeasuredArgs,
    /// Leave each chip, or of training each family of chips, out of the fit in turn, and score it as one nobody
    /// measured
    #[arg(long)]
    pub(crate) leave_one_out: bool,
    /// Seed of the rows drawn for those fits, or of the backtest
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Steps of each chain of the fits made at the origins of the market's backtest; 0 leaves the model out
    #[arg(long, default_value_t = 4000)]
    pub(crate) steps: usize,
    /// Reported rows of training or inference, one a line, CSV: compare each with what strait computes
    #[arg(long, value_name = "FILE", conflicts_with = "measured")]
    pub(crate) rows: Option<PathBuf>,
    /// File for one line a measured call, a run, a row or a training step, CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// File for the page docs/accuracy.md is, of training docs/training.md, or, of the market,
    /// docs/market_accuracy.md
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

/// A folder of measured operator tables.
#[derive(Debug, Args)]
pub(crate) struct MeasuredArgs {
    /// Folder of measured operators, `<system>.<table>.csv` or `.parquet`, or of measured serving runs
    #[arg(long, value_name = "DIR")]
    pub(crate) measured: Option<PathBuf>,
    /// A chip for a system the data do not know, by name or by the path of its file
    #[arg(long, value_name = "SYSTEM=CHIP", requires = "measured")]
    pub(crate) map: Vec<String>,
    /// Folder of measured operators: where a chip of served runs is left out, time its runs by operators fitted to
    /// this folder without that chip; a minute a chip
    #[arg(long, value_name = "DIR", requires = "measured")]
    pub(crate) operators: Option<PathBuf>,
}

/// `strait calibrate`.
#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    /// Which part; the operator models where absent
    #[arg(value_enum)]
    pub(crate) part: Option<Fitted>,
    #[command(flatten)]
    pub(crate) market: MarketFitArgs,
    #[command(flatten)]
    pub(crate) measured: MeasuredArgs,
    /// File for the fit (of the market: folder for draws.csv and summary.csv); standard output where absent
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Seed of the sample or of the chains
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Rows drawn a chip, operator and precision
    #[arg(long, default_value_t = 1000)]
    pub(crate) sample: usize,
}

/// Parts that can be compared with measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Throughput against published runs
    Perf,
    /// Owned cost against published figures
    Cost,
    /// Training steps against published ones; missing parts of their plans are searched
    Training,
    /// The quarterly market tried on the past (minutes)
    Market,
}

/// A number above zero.
/// A load over the mean: one or more.
fn load(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (1.0..=1000.0).contains(&x) => Ok(x),
        _ => Err("a number from 1 (balanced) to 1000 was expected".to_owned()),
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x > 0.0 => Ok(x),
        _ => Err("a number above zero was expected".to_owned()),
    }
}

/// A number of zero or more.
fn at_least_zero(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x >= 0.0 => Ok(x),
        _ => Err("a number of zero or more was expected".to_owned()),
    }
}
