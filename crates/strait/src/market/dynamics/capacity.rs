//! How many Chinese accelerators can be made: wafers, yield, banked dies and memory stacks.
//!
//! dies = κ·W·n·y + bank/18 with what was made and not sold banked, y = logit⁻¹(logit y₂₀₂₅ + b·ln(ΣW/ΣW₂₀₂₅)), where ΣW₂₀₂₅ is what the plan of `capacity.csv`
//! makes by the end of its last year; packages = dies over dies a package;
//! packaging takes an interposer a die (`packaging.csv`); memory a month = a twelfth of the bank + what is made at home.
//! Where all Chinese vendors together need more of either, all shrink alike. W grows by state money and by revenue of a year before.

use super::calendar::Month;
use super::environment::Environment;
use super::parameters::Theta;

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
    /// Good dies made this month.
    fresh: f64,
    /// Dies made or arrived since January 2022.
    dies_made: f64,
    /// Revenue of Chinese vendors by month, bn USD.
    revenue: Vec<f64>,
    /// Wafers times yield by month: what the smaller vendors grow with beyond the last figure for them.
    index: Vec<f64>,
    /// Wafers of the last month for which there is a figure of packaging lines.
    packaged: f64,
    /// Of the month at hand.
    pub(crate) yield_now: f64,
    /// Of the month at hand.
    pub(crate) there: Inputs,
}

/// What there is of each input in a month; not a number where it is not counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inputs {
    /// Wafers started.
    pub wafers: f64,
    /// Interposers that the lines can make.
    pub interposers: f64,
    /// Stacks of memory that may be used.
    pub stacks: f64,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            wafers: f64::NAN,
            interposers: f64::NAN,
            stacks: f64::NAN,
        }
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl Capacity {
    pub(crate) fn new(env: &Environment, theta: &Theta) -> Self {
        Self {
            wafers: 0.0,
            made: env.capacity.wafers_before,
            die_bank: 0.0,
            memory_bank: theta.hbm_bank * 1e6,
            fresh: 0.0,
            dies_made: 0.0,
            revenue: Vec::new(),
            index: Vec::new(),
            packaged: f64::NAN,
            yield_now: 0.0,
            there: Inputs::default(),
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
        let facts = &env.capacity;
        if t <= facts.planned_to {
            self.wafers = facts.wafers[t];
        } else {
            self.wafers += theta.state_wafers / 3.0 + theta.reinvestment * self.revenue[t - 12];
        }
        let wafers = self.wafers * env.wafers[t];
        let logit = (theta.yield_2025 / (1.0 - theta.yield_2025)).ln();
        self.yield_now = logistic(logit + theta.yield_learning * (self.made / facts.made_as_planned).ln());
        self.made += wafers;
        self.there = Inputs {
            wafers,
            ..Inputs::default()
        };
        if (facts.bank_from..=facts.bank_to).contains(&t) {
            let arrived = theta.die_bank * 1e6 / (facts.bank_to - facts.bank_from + 1) as f64;
            self.die_bank += arrived;
            self.dies_made += arrived;
        }
        let index = wafers * self.yield_now;
        self.index.push(index);
        self.fresh = theta.huawei_capacity * index * facts.dies_a_wafer;
        self.dies_made += self.fresh;
        let dies = self.fresh + self.die_bank / facts.bank_lasts;
        let mut modelled = false;
        for (g, _) in env.goods.iter().enumerate().filter(|(_, g)| g.domestic) {
            let at = env.at(month, g);
            if env.dies[at].is_finite() {
                let packages = dies / env.dies[at];
                cap[g] = Some(packages * env.supply[at]);
                modelled = true;
            } else {
                let figure = (0..=t)
                    .rev()
                    .find_map(|m| Some((m, env.cap[env.at(Month(m), g)]?)));
                cap[g] = figure.map(|(last, interval)| {
                    let grown = if last < t { index / self.index[last] } else { 1.0 };
                    place(interval, theta.supply_domestic) * grown * env.supply[at]
                });
            }
            // Before parts are shared out: what one may not sell leaves its parts to the others.
            cap[g] = env.bounded(month, g, cap[g]);
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
        self.there.interposers = lines.unwrap_or(f64::NAN);
        if shrink(env, month, cap, &env.dies, facts.other_dies, lines) {
            binding = Binding::Packaging;
        }
        let stacks = facts.memory_counted_from.is_some_and(|from| t >= from).then(|| {
            self.memory_bank / facts.memory_lasts * env.memory[t] + self.made_memory(env, theta, month)
        });
        self.there.stacks = stacks.unwrap_or(f64::NAN);
        if shrink(env, month, cap, &env.stacks, facts.other_stacks, stacks) {
            binding = Binding::Memory;
        }
        binding
    }

    fn made_memory(&self, env: &Environment, theta: &Theta, month: Month) -> f64 {
        // Exponential through its level of mid-2026.
        if month.0 < env.capacity.memory_made_from {
            return 0.0;
        }
        let years = month.years_from_mid_2022() - 4.0;
        theta.domestic_hbm * 1e6 * (theta.domestic_hbm_growth * years).exp() * env.memory[month.0]
    }

    /// Takes what was sold out of what was made and of the banks; what was made and not sold is banked.
    pub(crate) fn used(
        &mut self,
        env: &Environment,
        theta: &Theta,
        month: Month,
        sold: &[f64],
        revenue_bn: f64,
    ) {
        let facts = &env.capacity;
        self.revenue.push(revenue_bn);
        let (mut dies, mut stacks) = (0.0, 0.0);
        for (g, _) in env.goods.iter().enumerate().filter(|(_, g)| g.domestic) {
            let at = env.at(month, g);
            if env.dies[at].is_finite() {
                // A scenario that multiplies the units multiplies what comes of a die.
                if sold[g] > 0.0 {
                    dies += sold[g] * env.dies[at] / env.supply[at];
                }
                stacks += sold[g] * env.stacks[at];
            } else {
                stacks += sold[g] * facts.other_stacks;
            }
        }
        self.die_bank = (self.die_bank + self.fresh - dies).max(0.0);
        if facts.memory_counted_from.is_some_and(|from| month.0 >= from) {
            let made = self.made_memory(env, theta, month);
            self.memory_bank = (self.memory_bank + made - stacks).max(0.0);
        }
    }

    /// Dies made or arrived since January 2022.
    pub(crate) fn dies_made(&self) -> f64 {
        self.dies_made
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
