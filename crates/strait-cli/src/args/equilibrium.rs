//! `strait market equilibrium`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// `strait market equilibrium`.
#[derive(Debug, Args)]
pub(crate) struct EquilibriumArgs {
    /// CSV of products: columns product, firm, price, optional nest, cost, levy, quota, characteristic, and one of share, units, utility;
    /// without it, the chips on offer in mainland China on a day
    #[arg(value_name = "TABLE")]
    pub(crate) table: Option<PathBuf>,
    /// A table's utility per unit of price, below zero
    #[arg(long, value_name = "ALPHA", allow_negative_numbers = true, requires = "table")]
    pub(crate) price_coefficient: Option<f64>,
    /// Correlation of tastes within a nest of the table, 0 (plain logit) to below 1
    #[arg(long, value_name = "RHO", requires = "table")]
    pub(crate) nest_correlation: Option<f64>,
    /// Possible buyers of the table's products
    #[arg(long, value_name = "BUYERS", requires = "table")]
    pub(crate) size: Option<f64>,
    /// CSV of buyers whose tastes differ: weight, and standard scores on price and on the table's characteristic
    #[arg(long, value_name = "FILE", requires = "table")]
    pub(crate) nodes: Option<PathBuf>,
    /// Standard deviation of the price coefficient over the nodes
    #[arg(long, value_name = "SIGMA", requires = "nodes")]
    pub(crate) sigma_price: Option<f64>,
    /// Standard deviation of the coefficient on the characteristic over the nodes
    #[arg(long, value_name = "SIGMA", requires = "nodes")]
    pub(crate) sigma_characteristic: Option<f64>,
    /// A part of another firm's profit that a firm counts as its own (`one,two=0.3`)
    #[arg(long, value_name = "HOLDER,HELD=PART")]
    pub(crate) holding: Vec<String>,
    /// Day of the market in China; default: today
    #[arg(long, value_name = "DATE", conflicts_with = "table")]
    pub(crate) on: Option<Date>,
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE", conflicts_with = "table")]
    pub(crate) known: Option<Date>,
    /// Law and guidance of the market in China
    #[arg(long, value_enum, default_value = "as-is", conflicts_with = "table")]
    pub(crate) case: PolicyCase,
    /// A product taken off the market
    #[arg(long, value_name = "PRODUCT")]
    pub(crate) ban: Vec<String>,
    /// Two firms that set prices together
    #[arg(long, value_name = "FIRM,FIRM")]
    pub(crate) merge: Vec<String>,
    /// A part of a firm's or a product's revenue taken as a levy (`nvidia=0.25`)
    #[arg(long, value_name = "NAME=PART")]
    pub(crate) levy: Vec<String>,
    /// The most units of a product that may be sold (`b1=2000`)
    #[arg(long, value_name = "PRODUCT=UNITS")]
    pub(crate) quota: Vec<String>,
    /// Make all changes at once instead of each by itself
    #[arg(long)]
    pub(crate) together: bool,
    /// File for every number, one a row: .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Under which policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyCase {
    /// Law and guidance of the day
    AsIs,
    /// Without guidance and bans of the China side
    WithoutGuidance,
    /// Without the US side
    WithoutUsRule,
}
