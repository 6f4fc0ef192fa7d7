//! One path of the market: what it holds, and how it is read.

use super::calendar::Period;
use super::capacity::{Binding, Inputs};
use super::environment::Environment;
use crate::rules::Site;

/// Monthly results; tables run over month, good and point.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    /// Units bought, stock-building included.
    pub units: Vec<f64>,
    /// Dollars paid for them at the vendor's price; grey goods at the price paid.
    pub usd: Vec<f64>,
}

/// A path.
#[derive(Debug, Clone)]
pub struct Path {
    /// Months computed.
    pub months: usize,
    /// Number of goods.
    pub goods: usize,
    /// Number of points.
    pub points: usize,
    /// Purchases.
    pub flows: Flows,
    /// Budgets by month and point, US dollars.
    pub budget: Vec<f64>,
    /// Price paid, by month and good.
    pub paid: Vec<f64>,
    /// What a buyer would give above the vendor's price for one more, by month and good, US dollars.
    pub rent: Vec<f64>,
    /// Whether it is at least that and not told more closely, likewise.
    pub rent_at_least: Vec<bool>,
    /// Worth of the units that Chinese vendors together could sell, at the vendors' prices, by month, US dollars.
    pub domestic_limit: Vec<f64>,
    /// What binds Chinese vendors, by month.
    pub binding: Vec<Binding>,
    /// Whether packaging lines abroad limit a foreign maker, by month.
    pub packaging_abroad: Vec<bool>,
    /// Units that a scenario lets through the grey channel and nobody would take at the vendor's price and the channel's own
    /// premium, by month.
    pub not_taken: Vec<f64>,
    /// What mainland buyers would spend at the vendor's price on Chinese goods and those made for this market, were
    /// these open to all and without limit, by month, US dollars.
    pub wanted: Vec<f64>,
    /// Units in use, by month and good (end of month).
    pub installed: Vec<f64>,
    /// Units retired, by month and good.
    pub retired: Vec<f64>,
    /// Units bought ahead and not yet used, by month and good.
    pub stock: Vec<f64>,
    /// Units bought ahead in the month, by month and good.
    pub ahead: Vec<f64>,
    /// Worth at the vendor's price of what is used out of stock, by month, US dollars.
    pub from_stock: Vec<f64>,
    /// Units that makers abroad hold of a chip made for this market alone, by month and good (end of month).
    pub unsold: Vec<f64>,
    /// Dollars of what was bought ahead, by month and point; in `flows` too.
    pub prebought: Vec<f64>,
    /// Part of software outside CUDA, by month and point.
    pub software: Vec<f64>,
    /// Charge of the seller, by month and good, US dollars.
    pub write_down: Vec<f64>,
    /// Levies paid, by month, US dollars.
    pub levies: Vec<f64>,
    /// Chance of being cut off within a year, by month.
    pub cut_off: Vec<f64>,
    /// NVIDIA's other revenue from China a month, US dollars, the same in every month.
    pub gaming: f64,
    /// Yield at home, by month.
    pub yields: Vec<f64>,
    /// Wafers, interposers and stacks there are at home, by month.
    pub inputs: Vec<Inputs>,
    /// Banked dies and stacks at the end, by month: dies made and not yet sold in a package, for want of packaging, memory
    /// or buyers, and stacks counted from when memory limits.
    pub banks: Vec<(f64, f64)>,
    /// Dies made or arrived since the first month, by month: sold in packages or banked, none lost.
    pub dies_made: Vec<f64>,
}

impl Path {
    pub(crate) fn blank(months: usize, goods: usize, points: usize) -> Self {
        let by_good = || vec![0.0; months * goods];
        Self {
            months,
            goods,
            points,
            flows: Flows {
                units: vec![0.0; months * goods * points],
                usd: vec![0.0; months * goods * points],
            },
            budget: vec![0.0; months * points],
            paid: by_good(),
            rent: by_good(),
            rent_at_least: vec![false; months * goods],
            domestic_limit: vec![0.0; months],
            binding: vec![Binding::Demand; months],
            packaging_abroad: vec![false; months],
            not_taken: vec![0.0; months],
            wanted: vec![0.0; months],
            installed: by_good(),
            retired: by_good(),
            stock: by_good(),
            ahead: by_good(),
            from_stock: vec![0.0; months],
            unsold: by_good(),
            prebought: vec![0.0; months * points],
            software: vec![0.0; months * points],
            write_down: by_good(),
            levies: vec![0.0; months],
            cut_off: vec![0.0; months],
            gaming: 0.0,
            yields: vec![0.0; months],
            inputs: vec![Inputs::default(); months],
            banks: vec![(0.0, 0.0); months],
            dies_made: vec![0.0; months],
        }
    }

    /// Dollars of a good on the mainland in a month.
    pub fn mainland_usd(&self, env: &Environment, month: usize, good: usize) -> f64 {
        self.over(env, month, good, Site::Mainland, &self.flows.usd)
    }

    /// Units of a good on the mainland in a month.
    pub fn mainland_units(&self, env: &Environment, month: usize, good: usize) -> f64 {
        self.over(env, month, good, Site::Mainland, &self.flows.units)
    }

    /// Dollars of a good abroad in a month.
    pub fn offshore_usd(&self, env: &Environment, month: usize, good: usize) -> f64 {
        self.over(env, month, good, Site::Offshore, &self.flows.usd)
    }

    fn over(&self, env: &Environment, month: usize, good: usize, site: Site, table: &[f64]) -> f64 {
        let row = (month * self.goods + good) * self.points;
        (0..self.points)
            .filter(|p| env.points[*p].site == site)
            .map(|p| table[row + p])
            .sum()
    }

    /// A sum over a period of something given by month.
    pub fn over_period(&self, period: &Period, of: impl Fn(usize) -> f64) -> f64 {
        period
            .months()
            .iter()
            .filter(|(m, _)| m.0 < self.months)
            .map(|(m, part)| part * of(m.0))
            .sum()
    }
}
