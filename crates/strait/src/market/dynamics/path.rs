//! One path of the market, month by month.

#![allow(
    clippy::needless_range_loop,
    reason = "tables of several kinds are read at one good and one point"
)]

use super::allocate::{Choice, Solution};
use super::calendar::{MONTHS, Month, Period};
use super::capacity::{Binding, Capacity, place};
use super::environment::Environment;
use super::expectation::Expectation;
use super::parameters::Theta;
use super::specification::Nest;
use crate::rules::{Channel, ChinaState, Site, SupplyEffect};

/// What a path meets that nobody can foresee, beyond the day of knowledge.
#[derive(Debug, Clone, Default)]
pub struct Shocks {
    /// Standard normal innovations of the logarithm of budgets, by month; none where empty.
    pub budget: Vec<f64>,
    /// Part of access to goods of US makers that is left, by month; all where empty.
    pub access: Vec<f64>,
    /// Part of what law and guidance close that is opened again, by month, for the goods of [`Shocks::reopened`].
    pub relief: Vec<f64>,
    /// Goods that a reopening reaches.
    pub reopened: Vec<usize>,
}

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
    /// Units wanted at the vendor's price over units there are, by month: of Chinese vendors together.
    pub domestic_limit: Vec<f64>,
    /// What binds Chinese vendors, by month.
    pub binding: Vec<Binding>,
    /// Units in use, by month and good (end of month).
    pub installed: Vec<f64>,
    /// Units retired, by month and good.
    pub retired: Vec<f64>,
    /// Units bought ahead and not yet used, by month and good.
    pub stock: Vec<f64>,
    /// Part of software outside CUDA, by month and point.
    pub software: Vec<f64>,
    /// Charge of the seller, by month and good, US dollars.
    pub write_down: Vec<f64>,
    /// Levies paid, by month, US dollars.
    pub levies: Vec<f64>,
    /// Chance of being cut off within a year, by month.
    pub cut_off: Vec<f64>,
    /// NVIDIA's other revenue from China, by month, US dollars.
    pub gaming: f64,
    /// Yield at home, by month.
    pub yields: Vec<f64>,
    /// Banked dies and stacks at the end, by month.
    pub banks: Vec<(f64, f64)>,
}

/// Part of the month's buyers that may have a good.
fn available(env: &Environment, theta: &Theta, month: Month, good: usize, point: usize) -> f64 {
    let facts = &env.goods[good];
    let buyer = &env.points[point];
    if facts.channel == Channel::Grey {
        let to_point = if buyer.grey_only {
            1.0
        } else {
            buyer.grey * theta.grey_channel
        };
        let direct = facts.detour_of.map_or(0.0, |d| open(env, theta, month, d, point));
        return to_point * (1.0 - direct).max(0.0);
    }
    if buyer.grey_only {
        return 0.0;
    }
    open(env, theta, month, good, point)
}

/// Law of both sides as a part of quantity.
fn open(env: &Environment, theta: &Theta, month: Month, good: usize, point: usize) -> f64 {
    let offshore = env.points[point].site == Site::Offshore;
    env.access[env.cell(month, good, point)]
        .iter()
        .map(|share| {
            let us = match share.supply {
                SupplyEffect::Blocked | SupplyEffect::Licensed | SupplyEffect::Unknown if offshore => {
                    theta.offshore_leak
                }
                SupplyEffect::Blocked => 0.0,
                SupplyEffect::Licensed | SupplyEffect::Unknown => theta.license_execution,
                SupplyEffect::Quota | SupplyEffect::Open | SupplyEffect::NotBound => 1.0,
            };
            let china = match share.china {
                ChinaState::None | ChinaState::Quota => 1.0,
                ChinaState::Discouraged if month < env.firm_from => theta.guidance_mild,
                ChinaState::Discouraged => theta.guidance_discouraged,
                ChinaState::Conditional => theta.guidance_conditional,
                ChinaState::Banned => theta.guidance_banned,
                ChinaState::Unknown => theta.guidance_unknown,
            };
            share.part * us * china
        })
        .sum()
}

/// Logarithm of the mainland budget a month over that of a month of 2022.
fn growth(theta: &Theta, month: Month) -> f64 {
    let rates = [
        (1.0, theta.growth_2022),
        (1.0, theta.growth_2023),
        (1.0, theta.growth_2024),
        (1.0, theta.growth_2025),
        (2.0, theta.growth_2026),
        (f64::INFINITY, theta.growth_later),
    ];
    let mut left = month.years_from_mid_2022();
    if left < 0.0 {
        return left * theta.growth_2022;
    }
    let mut sum = 0.0;
    for (years, rate) in rates {
        let here = left.min(years);
        sum += here * rate;
        left -= here;
        if left <= 0.0 {
            break;
        }
    }
    sum
}

/// Months a stock is built up over.
const BUILD: f64 = 3.0;
/// Part of a month's budget that stock in hand can replace at most.
const REPLACED: f64 = 0.9;
/// Months over which the sales are taken that a lost license is measured by.
const TRAILING: usize = 3;

impl Path {
    /// Computes the first `months` months.
    pub fn simulate(env: &Environment, theta: &Theta, shocks: &Shocks, months: usize) -> Self {
        let months = months.min(MONTHS);
        let (goods, points) = (env.goods.len(), env.points.len());
        let mut out = Self::blank(months, goods, points);
        out.gaming = theta.gaming * 1e9 / 3.0;
        let nest: Vec<Nest> = env.goods.iter().map(|g| g.nest).collect();
        let by_price: Vec<bool> = env.goods.iter().map(|g| g.channel == Channel::Grey).collect();
        let mut software: Vec<f64> = env.points.iter().map(|p| p.software).collect();
        let mut capacity = Capacity::new(theta);
        let mut expected = Expectation::default();
        let mut solution = Solution::default();
        let (mut utility, mut may) = (vec![f64::NEG_INFINITY; goods * points], vec![0.0; goods * points]);
        let mut before = vec![0.0; goods * points];
        let (mut price, mut cap) = (vec![f64::NAN; goods], vec![None; goods]);
        let mut money = vec![0.0; points];
        let mut stock = vec![0.0; goods * points];
        let mut habit = vec![0.0; goods * points];
        let mut installed = vec![0.0; goods];
        let mut charged = vec![0; goods];
        let known = Month::of(env.known);
        let mut walk = 0.0;
        for t in 0..months {
            let month = Month(t);
            if month > known {
                let step = shocks.budget.get(t).copied().unwrap_or(0.0);
                walk += theta.budget_volatility / 12.0_f64.sqrt() * step;
            }
            let chance = expected.chance(theta);
            out.cut_off[t] = chance;
            let mainland = theta.budget_2022 * 1e9 / 12.0 * (growth(theta, month) + walk).exp();
            let abroad =
                (theta.offshore_level + theta.offshore_trend * (month.years_from_mid_2022() - 2.0)).exp();
            for (p, point) in env.points.iter().enumerate() {
                let site = if point.site == Site::Offshore {
                    mainland * abroad
                } else {
                    mainland
                };
                money[p] = site * point.share * env.demand[t];
                out.budget[t * points + p] = money[p];
            }
            let left = if month > known {
                shocks.access.get(t).copied().unwrap_or(1.0)
            } else {
                1.0
            };
            let relief = if month > known {
                shocks.relief.get(t).copied().unwrap_or(0.0)
            } else {
                0.0
            };
            let mut lost = vec![0.0_f64; goods];
            for g in 0..goods {
                let at = env.at(month, g);
                let facts = &env.goods[g];
                let levy = env.levy[at];
                let grey = if by_price[g] {
                    1.0 + theta.grey_premium - 0.27
                } else {
                    1.0
                };
                price[g] = env.price[at] * grey * (1.0 + theta.levy_pass_through * levy / (1.0 - levy));
                for p in 0..points {
                    let cell = g * points + p;
                    let value = env.value[env.cell(month, g, p)];
                    let mut part = if env.on_sale(month, g) {
                        available(env, theta, month, g, p)
                    } else {
                        0.0
                    };
                    if facts.is_foreign_direct() && env.points[p].site == Site::Mainland {
                        part *= left;
                        if relief > 0.0
                            && shocks.reopened.contains(&g)
                            && env.on_sale(month, g)
                            && !env.points[p].grey_only
                        {
                            part += relief * (1.0 - part);
                        }
                    }
                    may[cell] = part;
                    let outsider = facts.nest == Nest::Other;
                    let ready = if outsider { software[p] } else { 1.0 };
                    // A levy passed on and a grey premium lower value per dollar as a dearer chip does.
                    let dearer = (price[g] / env.price[at]).ln() * theta.chip_share_of_cost;
                    utility[cell] = theta.price_exponent * (value - dearer)
                        - theta.switching_cost * (1.0 - ready)
                        + if outsider { 0.0 } else { theta.nvidia_quality }
                        + if facts.domestic {
                            env.points[p].home * theta.home_preference
                        } else {
                            0.0
                        }
                        - if facts.is_foreign_direct() {
                            theta.cut_off_aversion * chance
                        } else {
                            0.0
                        };
                    if !utility[cell].is_finite() {
                        utility[cell] = f64::NEG_INFINITY;
                    }
                    if facts.is_foreign_direct() && before[cell] > 0.0 {
                        lost[g] = lost[g].max((1.0 - part / before[cell]).max(0.0));
                    }
                }
            }
            out.learn_of_losses(env, theta, month, (&lost, &mut charged), &mut expected);
            let binding = capacity.limits(env, theta, month, &mut cap);
            foreign_limits(env, theta, month, &mut cap);
            use_stock(env, (&may, &habit), &price, &mut stock, &mut money);
            solution.solve(&Choice {
                points,
                nest: &nest,
                by_price: &by_price,
                utility: &utility,
                available: &may,
                money: &money,
                price: &price,
                cap: &cap,
                rho: theta.nest_correlation,
                outside: theta.outside_utility,
                price_slope: theta.price_exponent * theta.chip_share_of_cost,
            });
            let (mut sold, mut domestic_bn, mut foreign, mut everything) =
                (vec![0.0; goods], 0.0, vec![0.0; points], vec![0.0; points]);
            for g in 0..goods {
                let facts = &env.goods[g];
                let row = g * points..(g + 1) * points;
                let wanted: f64 = solution.units[row].iter().sum();
                let room = cap[g].map_or(f64::INFINITY, |c| (c - wanted).max(0.0));
                let mut ahead = vec![0.0; points];
                if facts.is_foreign_direct() && wanted > 0.0 {
                    for p in 0..points {
                        let cell = g * points + p;
                        if env.points[p].site == Site::Mainland && may[cell] > 0.5 {
                            let aim = theta.prebuying * chance * solution.units[cell] * 12.0;
                            ahead[p] = ((aim - stock[cell]) / BUILD).max(0.0);
                        }
                    }
                    let all: f64 = ahead.iter().sum();
                    if all > room {
                        ahead.iter_mut().for_each(|a| *a *= room / all);
                    }
                }
                for p in 0..points {
                    let cell = g * points + p;
                    let units = solution.units[cell] + ahead[p];
                    stock[cell] += ahead[p];
                    if may[cell] > 0.5 {
                        habit[cell] = solution.units[cell];
                    }
                    before[cell] = may[cell];
                    let usd = units * solution.paid[g];
                    let at = (t * goods + g) * points + p;
                    if price[g].is_finite() && units > 0.0 {
                        out.flows.units[at] = units;
                        out.flows.usd[at] = usd;
                        sold[g] += units;
                        everything[p] += usd;
                        if facts.nest == Nest::Other {
                            foreign[p] += usd;
                        }
                        if facts.domestic {
                            domestic_bn += usd / 1e9;
                        }
                        if facts.is_foreign_direct() && env.points[p].site == Site::Mainland {
                            out.levies[t] += usd * env.levy[env.at(month, g)];
                        }
                    }
                    out.stock[t * goods + g] += stock[cell];
                }
                let gone = installed[g] * (1.0 - (-1.0 / (12.0 * theta.service_life)).exp());
                installed[g] += sold[g] - gone;
                out.retired[t * goods + g] = gone;
                out.installed[t * goods + g] = installed[g];
                out.paid[t * goods + g] = solution.paid[g];
                let worth = solution.dearer[g] - 1.0;
                out.rent[t * goods + g] = if price[g].is_finite() {
                    price[g] * worth
                } else {
                    0.0
                };
            }
            let modelled = |g: usize| env.dies[env.at(month, g)].is_finite();
            let tight = (0..goods).any(|g| modelled(g) && solution.mu[g] > 0.0);
            out.binding[t] = if tight { binding } else { Binding::Demand };
            let able = |(g, _): (usize, _)| {
                cap[g].unwrap_or(0.0) * if price[g].is_finite() { price[g] } else { 0.0 }
            };
            out.domestic_limit[t] = env
                .goods
                .iter()
                .enumerate()
                .filter(|(_, f)| f.domestic)
                .map(able)
                .sum();
            capacity.used(env, theta, month, &sold, domestic_bn);
            out.yields[t] = capacity.yield_now;
            out.banks[t] = capacity.banks();
            for p in 0..points {
                if everything[p] > 0.0 {
                    let gap = foreign[p] / everything[p] - software[p];
                    // What runs stays running: software is not unlearned.
                    software[p] += theta.software_learning / 3.0 * gap.max(0.0);
                }
                out.software[t * points + p] = software[p];
            }
        }
        out
    }

    fn blank(months: usize, goods: usize, points: usize) -> Self {
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
            domestic_limit: vec![0.0; months],
            binding: vec![Binding::Demand; months],
            installed: by_good(),
            retired: by_good(),
            stock: by_good(),
            software: vec![0.0; months * points],
            write_down: by_good(),
            levies: vec![0.0; months],
            cut_off: vec![0.0; months],
            gaming: 0.0,
            yields: vec![0.0; months],
            banks: vec![(0.0, 0.0); months],
        }
    }

    /// Charges for goods that lost access, and what buyers make of it.
    fn learn_of_losses(
        &mut self,
        env: &Environment,
        theta: &Theta,
        month: Month,
        (lost, charged): (&[f64], &mut [usize]),
        expected: &mut Expectation,
    ) {
        let (mut gone, mut all) = (0.0, 0.0);
        for (g, facts) in env
            .goods
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_foreign_direct())
        {
            let trailing: f64 = (1..=TRAILING.min(month.0))
                .map(|back| self.mainland_usd(env, month.0 - back, g))
                .sum();
            all += trailing;
            // A loss of less than half is noise of the law's days, not a cut-off.
            if lost[g] > 0.5 {
                gone += trailing * lost[g];
                if facts.china_only {
                    // What was charged before is not charged again.
                    let from = charged[g].max(month.0.saturating_sub(TRAILING));
                    let open: f64 = (from..month.0).map(|t| self.mainland_usd(env, t, g)).sum();
                    self.write_down[month.0 * self.goods + g] = theta.write_down * open * lost[g];
                    charged[g] = month.0;
                }
            }
        }
        expected.learn(theta, if all > 0.0 { gone / all } else { 0.0 });
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

/// Stocks of foreign vendors and the grey channel.
fn foreign_limits(env: &Environment, theta: &Theta, month: Month, cap: &mut [Option<f64>]) {
    for (g, facts) in env.goods.iter().enumerate().filter(|(_, f)| !f.domestic) {
        let at = env.at(month, g);
        let z = if facts.channel == Channel::Grey {
            theta.supply_grey
        } else {
            theta.supply_foreign
        };
        let mut units = env.cap[at].map(|i| place(i, z) * env.supply[at]);
        let by_quota = |p: usize| {
            env.access[env.cell(month, g, p)]
                .iter()
                .any(|s| s.china == ChinaState::Quota && s.part > 0.0)
        };
        if (0..env.points.len()).any(by_quota) {
            units = units.map(|u| u * theta.quota_execution);
        }
        cap[g] = units;
    }
}

/// Buyers who lost a good draw on what they bought ahead, which takes its worth out of this month's money.
fn use_stock(
    env: &Environment,
    (may, habit): (&[f64], &[f64]),
    price: &[f64],
    stock: &mut [f64],
    money: &mut [f64],
) {
    let points = env.points.len();
    for p in 0..points {
        let limit = money[p] * REPLACED;
        let mut taken = 0.0;
        for g in 0..env.goods.len() {
            let cell = g * points + p;
            if stock[cell] <= 0.0 || !price[g].is_finite() || may[cell] > 0.5 {
                continue;
            }
            let need = habit[cell] * (1.0 - may[cell]).max(0.0);
            let draw = need.min(stock[cell]).min((limit - taken).max(0.0) / price[g]);
            stock[cell] -= draw;
            taken += draw * price[g];
        }
        money[p] -= taken;
    }
}
