//! How many Chinese accelerators can be made: wafers, yield, banked dies and memory stacks.
//!
//! dies = κ·W·n·y + bank/18, y = logit⁻¹(logit y₂₀₂₅ + b·ln(ΣW/ΣW₂₀₂₅)); packages = dies over dies a package;
//! packaging takes an interposer a die (`packaging.csv`); memory a month = a twelfth of the bank + what is made at home.
//! Where all Chinese vendors together need more of either, all shrink alike. W grows by state money and by revenue of a year before.

use super::calendar::Month;
use super::environment::Environment;
use super::parameters::Theta;

/// Mid-year wafers a month for AI chips, 2022 to 2025: the last is Morgan Stanley's, the others are assumed.
const WAFERS: [f64; 4] = [500.0, 1_500.0, 4_000.0, 7_000.0];
/// Gross 910B dies on a wafer of 300 mm (Morgan Stanley, June 2025).
const DIES_PER_WAFER: f64 = 78.0;
/// First month in which wafers follow revenue and state money: July 2025.
const ENDOGENOUS: usize = 42;
/// Months over which banked dies arrived: July 2023 to December 2024.
const BANK_FILLS: std::ops::Range<usize> = 18..36;
/// Month at whose beginning the memory bank is counted: January 2025.
const MEMORY_COUNTED: usize = 36;
/// Wafers made by the end of 2025, after [`WAFERS`].
const MADE_BY_2025: f64 = 156_000.0;
/// Stacks a package of the smaller vendors.
const OTHER_STACKS: f64 = 4.0;
/// Logic dies a package of theirs.
const OTHER_DIES: f64 = 1.0;

/// What limits Chinese vendors in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// Nothing: buyers want no more.
    Demand,
    /// Wafers and yield.
    Dies,
    /// Packaging lines.
    Packaging,
    /// Memory.
    Memory,
}

/// Stocks of the supply chain at home.
#[derive(Debug, Clone)]
pub(crate) struct Capacity {
    wafers: f64,
    made: f64,
    die_bank: f64,
    memory_bank: f64,
    /// Revenue of Chinese vendors by month, bn USD.
    revenue: Vec<f64>,
    reference: f64,
    /// Wafers of the last month for which there is a figure of packaging lines.
    packaged: f64,
    /// Of the month at hand.
    pub(crate) yield_now: f64,
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn scheduled(month: usize) -> f64 {
    // Linear between the middles of years.
    let years = (month as f64 + 0.5) / 12.0 - 0.5;
    let at = years.clamp(0.0, 3.0);
    let below = (at.floor() as usize).min(2);
    WAFERS[below] + (WAFERS[below + 1] - WAFERS[below]) * (at - below as f64)
}

impl Capacity {
    pub(crate) fn new(theta: &Theta) -> Self {
        Self {
            wafers: WAFERS[0],
            made: 6_000.0,
            die_bank: 0.0,
            memory_bank: theta.hbm_bank * 1e6,
            revenue: Vec::new(),
            reference: f64::NAN,
            packaged: f64::NAN,
            yield_now: 0.0,
        }
    }

    /// Units that can be made this month by good; `None` where unlimited. Also what binds the vendor whose dies are
    /// modelled, were there buyers.
    pub(crate) fn limits(
        &mut self,
        env: &Environment,
        theta: &Theta,
        month: Month,
        cap: &mut [Option<f64>],
    ) -> Binding {
        let t = month.0;
        if t <= ENDOGENOUS {
            self.wafers = scheduled(t);
        } else {
            self.wafers += theta.state_wafers / 3.0 + theta.reinvestment * self.revenue[t - 12];
        }
        let wafers = self.wafers * env.wafers[t];
        let logit = (theta.yield_2025 / (1.0 - theta.yield_2025)).ln();
        self.yield_now = logistic(logit + theta.yield_learning * (self.made / MADE_BY_2025).ln());
        self.made += wafers;
        if BANK_FILLS.contains(&t) {
            self.die_bank += theta.die_bank * 1e6 / BANK_FILLS.len() as f64;
        }
        let index = wafers * self.yield_now;
        // The last month for which supply.csv has rows of the smaller vendors: December 2026.
        if t == 59 {
            self.reference = index;
        }
        let dies = theta.huawei_capacity * index * DIES_PER_WAFER + self.die_bank / 18.0;
        let mut modelled = false;
        for (g, _) in env.goods.iter().enumerate().filter(|(_, g)| g.domestic) {
            let at = env.at(month, g);
            if env.dies[at].is_finite() {
                let packages = dies / env.dies[at];
                cap[g] = Some(packages * env.supply[at]);
                modelled = true;
            } else {
                let grown = if t > 59 && self.reference > 0.0 {
                    index / self.reference
                } else {
                    1.0
                };
                let interval = env.cap[at].or_else(|| last_known(env, month, g));
                cap[g] = interval.map(|i| place(i, theta.supply_domestic) * grown * env.supply[at]);
            }
        }
        if !modelled {
            return Binding::Demand;
        }
        let mut binding = Binding::Dies;
        if env.interposers_until == Some(month) {
            self.packaged = wafers;
        }
        // A line is built to what there is to package: beyond what is published it grows as wafers do.
        let grown = if env.interposers_until.is_some_and(|last| month > last) && self.packaged > 0.0 {
            wafers / self.packaged
        } else {
            1.0
        };
        let lines = env.interposers[t].map(|i| place(i, theta.supply_packaging) * grown);
        if shrink(env, month, cap, &env.dies, OTHER_DIES, lines) {
            binding = Binding::Packaging;
        }
        let stacks = (t >= MEMORY_COUNTED)
            .then(|| self.memory_bank / 12.0 * env.memory[t] + self.made_memory(env, theta, month));
        if shrink(env, month, cap, &env.stacks, OTHER_STACKS, stacks) {
            binding = Binding::Memory;
        }
        binding
    }

    fn made_memory(&self, env: &Environment, theta: &Theta, month: Month) -> f64 {
        // Nothing before July 2025, then exponential through its level of mid-2026.
        if month.0 < ENDOGENOUS {
            return 0.0;
        }
        let years = month.years_from_mid_2022() - 4.0;
        theta.domestic_hbm * 1e6 * (theta.domestic_hbm_growth * years).exp() * env.memory[month.0]
    }

    /// Takes what was sold out of the banks.
    pub(crate) fn used(
        &mut self,
        env: &Environment,
        theta: &Theta,
        month: Month,
        sold: &[f64],
        revenue_bn: f64,
    ) {
        self.revenue.push(revenue_bn);
        let (mut dies, mut stacks) = (0.0, 0.0);
        for (g, _) in env.goods.iter().enumerate().filter(|(_, g)| g.domestic) {
            let at = env.at(month, g);
            if env.dies[at].is_finite() {
                dies += sold[g] * env.dies[at];
                stacks += sold[g] * env.stacks[at];
            } else {
                stacks += sold[g] * OTHER_STACKS;
            }
        }
        let fresh =
            theta.huawei_capacity * self.wafers * env.wafers[month.0] * self.yield_now * DIES_PER_WAFER;
        self.die_bank = (self.die_bank - (dies - fresh).max(0.0)).max(0.0);
        if month.0 >= MEMORY_COUNTED {
            let drawn = (stacks - self.made_memory(env, theta, month)).max(0.0);
            self.memory_bank = (self.memory_bank - drawn).max(0.0);
        }
    }

    /// Banked dies and stacks.
    pub(crate) fn banks(&self) -> (f64, f64) {
        (self.die_bank, self.memory_bank)
    }
}

/// Shrinks all Chinese vendors' units alike where together they need more of a part than there is; says whether they do.
/// `a_package` holds the need of the vendor whose capacity is modelled, `other` that of the rest.
fn shrink(
    env: &Environment,
    month: Month,
    cap: &mut [Option<f64>],
    a_package: &[f64],
    other: f64,
    there: Option<f64>,
) -> bool {
    let Some(there) = there else { return false };
    let domestic = || {
        env.goods
            .iter()
            .enumerate()
            .filter(|(_, g)| g.domestic)
            .map(|(g, _)| g)
    };
    let each = |g: usize| {
        let own = a_package[env.at(month, g)];
        if own.is_finite() { own } else { other }
    };
    let needed: f64 = domestic().map(|g| cap[g].unwrap_or(0.0) * each(g)).sum();
    if needed <= there {
        return false;
    }
    for g in domestic() {
        cap[g] = cap[g].map(|units| units * there / needed);
    }
    true
}

/// Value at a standard score of an interval read as its 90 % band.
pub(crate) fn place([low, value, high]: [f64; 3], z: f64) -> f64 {
    crate::market::draws::at_score(value, low, high, z)
}

fn last_known(env: &Environment, month: Month, good: usize) -> Option<[f64; 3]> {
    (0..month.0).rev().find_map(|t| env.cap[env.at(Month(t), good)])
}
