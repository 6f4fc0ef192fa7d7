//! Month by month: what buyers meet, what they buy, and what that leaves behind.

mod flow;
mod offers;

use super::allocate::{Choice, Solution};
use super::budget;
use super::calendar::{MONTHS, Month};
use super::capacity::{Binding, Capacity};
use super::environment::Environment;
use super::expectation::Expectation;
use super::imports;
use super::maker_stock::{MakerStock, needs_license};
use super::parameters::Theta;
use super::path::Path;
use super::shocks::Shocks;
use super::specification::Nest;
use super::stockpile::Stockpile;
use crate::rules::{Channel, Site};

/// Months over which the sales are taken that a lost license is measured by.
const TRAILING: usize = 3;
/// Part of quarterly revenue: a third falls in each month.
const MONTHS_A_QUARTER: f64 = 3.0;

impl Path {
    /// Computes the first `months` months.
    pub fn simulate(env: &Environment, theta: &Theta, shocks: &Shocks, months: usize) -> Self {
        let mut simulation = Simulation::new(env, theta, shocks, months.min(MONTHS));
        for t in 0..simulation.out.months {
            simulation.month(Month(t));
        }
        simulation.out
    }

    /// The first `months` months in each of several environments of the same goods and points, which differ from month
    /// `from` on: before it all are what `history` makes them.
    pub fn branches(
        history: &Environment,
        then: &[&Environment],
        theta: &Theta,
        shocks: &Shocks,
        (from, months): (usize, usize),
    ) -> Vec<Self> {
        let mut before = Simulation::new(history, theta, shocks, months.min(MONTHS));
        for t in 0..from.min(before.out.months) {
            before.month(Month(t));
        }
        let each = |env: &&Environment| {
            let mut branch = Simulation {
                env,
                ..before.clone()
            };
            for t in from..branch.out.months {
                branch.month(Month(t));
            }
            branch.out
        };
        then.iter().map(each).collect()
    }
}

/// A path under way; tables run over good, then point.
#[derive(Clone)]
struct Simulation<'a> {
    env: &'a Environment,
    theta: &'a Theta,
    shocks: &'a Shocks,
    nest: Vec<Nest>,
    by_price: Vec<bool>,
    software: Vec<f64>,
    capacity: Capacity,
    expected: Expectation,
    stock: Stockpile,
    held: MakerStock,
    solution: Solution,
    utility: Vec<f64>,
    may: Vec<f64>,
    before: Vec<f64>,
    price: Vec<f64>,
    cap: Vec<Option<f64>>,
    money: Vec<f64>,
    installed: Vec<f64>,
    /// Up to which month a good's sales were charged.
    charged: Vec<usize>,
    walk: f64,
    out: Path,
}

impl<'a> Simulation<'a> {
    fn new(env: &'a Environment, theta: &'a Theta, shocks: &'a Shocks, months: usize) -> Self {
        let (goods, points) = (env.goods.len(), env.points.len());
        let mut out = Path::blank(months, goods, points);
        out.gaming = theta.gaming * 1e9 / MONTHS_A_QUARTER;
        Self {
            env,
            theta,
            shocks,
            nest: env.goods.iter().map(|g| g.nest).collect(),
            by_price: env.goods.iter().map(|g| g.channel == Channel::Grey).collect(),
            software: env.points.iter().map(|p| p.software).collect(),
            capacity: Capacity::new(env, theta),
            expected: Expectation::default(),
            stock: Stockpile::new(goods * points),
            held: MakerStock::new(goods),
            solution: Solution::default(),
            utility: vec![f64::NEG_INFINITY; goods * points],
            may: vec![0.0; goods * points],
            before: vec![0.0; goods * points],
            price: vec![f64::NAN; goods],
            cap: vec![None; goods],
            money: vec![0.0; points],
            installed: vec![0.0; goods],
            charged: vec![0; goods],
            walk: 0.0,
            out,
        }
    }

    fn month(&mut self, month: Month) {
        let (env, theta, t) = (self.env, self.theta, month.0);
        let chance = self.expected.chance(theta);
        self.out.cut_off[t] = chance;
        self.budgets(month);
        let lost = self.offers(month, chance);
        self.learn_of_losses(month, &lost);
        let binding = self.capacity.limits(env, theta, month, &mut self.cap);
        imports::limits(env, theta, month, &mut self.cap);
        self.held.limits(env, theta, month, &mut self.cap);
        self.out.from_stock[t] = self.stock.draw(env, &self.may, &self.price, &mut self.money);
        for (g, cap) in self.cap.iter_mut().enumerate() {
            *cap = env.bounded(month, g, *cap);
        }
        self.let_through(month);
        self.solve();
        self.out.packaging_abroad[t] =
            imports::packaging(env, theta, month, &self.solution.units, &mut self.cap);
        if self.out.packaging_abroad[t] {
            self.solve();
        }
        // A ceiling that binds is neither dies nor packaging nor memory.
        let short = |g: usize| env.ceiling[env.at(month, g)].is_none_or(|most| self.cap[g] < Some(most));
        let modelled = |g: usize| env.dies[env.at(month, g)].is_finite() && short(g);
        let tight = (0..self.out.goods).any(|g| modelled(g) && self.solution.mu[g] > 0.0);
        self.out.binding[t] = if tight { binding } else { Binding::Demand };
        self.buy(month, chance);
    }

    /// What buyers buy within the limits as they stand.
    fn solve(&mut self) {
        let theta = self.theta;
        self.solution.solve(&Choice {
            points: self.out.points,
            nest: &self.nest,
            by_price: &self.by_price,
            utility: &self.utility,
            available: &self.may,
            money: &self.money,
            price: &self.price,
            cap: &self.cap,
            rho: theta.nest_correlation,
            outside: theta.outside_utility,
            price_slope: theta.price_exponent * theta.chip_share_of_cost,
        });
    }

    fn budgets(&mut self, month: Month) {
        if month > Month::of(self.env.known) {
            self.walk += budget::step(self.theta) * self.shocks.budget_in(month.0);
        }
        budget::budgets(self.env, self.theta, month, self.walk, &mut self.money);
        let row = month.0 * self.out.points;
        self.out.budget[row..row + self.out.points].copy_from_slice(&self.money);
    }

    /// Sales of a month, and what they leave in stocks, in use, in software and in the banks.
    fn buy(&mut self, month: Month, chance: f64) {
        let (env, theta, t) = (self.env, self.theta, month.0);
        let (goods, points) = (self.out.goods, self.out.points);
        let mut sold = vec![0.0; goods];
        let (mut domestic, mut outside_cuda, mut all) = (0.0, vec![0.0; points], vec![0.0; points]);
        for (g, facts) in env.goods.iter().enumerate() {
            let row = g * points..(g + 1) * points;
            let used = &self.solution.units[row.clone()];
            let room = self.cap[g].map_or(f64::INFINITY, |c| (c - used.iter().sum::<f64>()).max(0.0));
            let ahead = self
                .stock
                .build(env, theta, (g, chance, room), used, &self.may[row.clone()]);
            self.out.ahead[t * goods + g] = ahead.iter().sum();
            self.before[row.clone()].copy_from_slice(&self.may[row]);
            for p in 0..points {
                let cell = g * points + p;
                let units = self.solution.units[cell] + ahead[p];
                let usd = units * self.solution.paid[g];
                if self.price[g].is_finite() && units > 0.0 {
                    let at = (t * goods + g) * points + p;
                    self.out.flows.units[at] = units;
                    self.out.flows.usd[at] = usd;
                    self.out.prebought[t * points + p] += ahead[p] * self.solution.paid[g];
                    sold[g] += units;
                    all[p] += usd;
                    if facts.nest == Nest::Other {
                        outside_cuda[p] += usd;
                    }
                    if facts.domestic {
                        domestic += usd;
                    }
                    if facts.is_foreign_direct() && env.points[p].site == Site::Mainland {
                        self.out.levies[t] += usd * env.levy[env.at(month, g)];
                    }
                }
                self.out.stock[t * goods + g] += self.stock.at(cell);
            }
            self.held.sold(env, month, g, sold[g]);
            self.out.unsold[t * goods + g] = self.held.at(g);
            self.keep_good(t, g, sold[g]);
        }
        self.out.domestic_limit[t] = (0..goods)
            .filter(|g| env.goods[*g].domestic && self.price[*g].is_finite())
            .map(|g| self.cap[g].unwrap_or(0.0) * self.price[g])
            .sum();
        self.capacity.used(env, theta, month, &sold, domestic / 1e9);
        self.out.yields[t] = self.capacity.yield_now;
        self.out.inputs[t] = self.capacity.there;
        self.out.banks[t] = self.capacity.banks();
        self.out.dies_made[t] = self.capacity.dies_made();
        for p in 0..points {
            if all[p] > 0.0 {
                let gap = outside_cuda[p] / all[p] - self.software[p];
                // What runs stays running: software is not unlearned.
                self.software[p] += theta.software_learning / MONTHS_A_QUARTER * gap.max(0.0);
            }
            self.out.software[t * points + p] = self.software[p];
        }
    }

    /// What a good's month leaves: chips in use, the price paid, the rent.
    fn keep_good(&mut self, t: usize, good: usize, sold: f64) {
        let at = t * self.out.goods + good;
        let gone = self.installed[good] * (1.0 - (-1.0 / (12.0 * self.theta.service_life)).exp());
        self.installed[good] += sold - gone;
        self.out.retired[at] = gone;
        self.out.installed[at] = self.installed[good];
        self.out.paid[at] = self.solution.paid[good];
        self.out.rent[at] = if self.price[good].is_finite() {
            self.price[good] * (self.solution.dearer[good] - 1.0)
        } else {
            0.0
        };
        self.out.rent_at_least[at] = self.price[good].is_finite() && self.solution.beyond[good];
    }

    /// Charges for goods that lost access, and what buyers make of it.
    fn learn_of_losses(&mut self, month: Month, lost: &[f64]) {
        let env = self.env;
        let (mut gone, mut all) = (0.0, 0.0);
        for (g, facts) in env
            .goods
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_foreign_direct())
        {
            let sales = |months: std::ops::Range<usize>| -> f64 {
                months.map(|t| self.out.mainland_usd(env, t, g)).sum()
            };
            let trailing = sales(month.0.saturating_sub(TRAILING)..month.0);
            all += trailing;
            // A loss of less than half is noise of the law's days, not a cut-off.
            if lost[g] > 0.5 {
                gone += trailing * lost[g];
                // What guidance alone keeps from buyers is no license that stopped.
                if facts.china_only && needs_license(env, month, g) {
                    // What was charged before is not charged again.
                    let open = sales(self.charged[g].max(month.0.saturating_sub(TRAILING))..month.0);
                    self.out.write_down[month.0 * self.out.goods + g] =
                        self.theta.write_down * open * lost[g];
                    self.charged[g] = month.0;
                }
            }
        }
        self.expected
            .learn(self.theta, if all > 0.0 { gone / all } else { 0.0 });
    }
}
