//! What is measured, and the model's value of it on a path.

use super::calendar::Period;
use super::environment::Environment;
use super::parameters::Theta;
use super::path::Path;
use crate::rules::Site;

/// What is measured. The two geographic bases are two targets, as are shares of cards, dollars and servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// NVIDIA's revenue from China by billing location, USD.
    NvidiaBilling,
    /// NVIDIA's revenue from China by customer headquarters, USD.
    NvidiaHeadquarters,
    /// Mainland revenue of a good, a vendor, or of `domestic` vendors, USD.
    Revenue(String),
    /// Mainland revenue of a good, had the US side left it open from when it ceased to until the period's end, USD.
    RevenueIfOpen(String),
    /// Mainland units of a good or vendor.
    Units(String),
    /// Cards on the mainland as IDC counts them.
    UnitsAll,
    /// Share of cards.
    ShareUnits(String),
    /// Share of dollars.
    ShareDollars(String),
    /// Share of servers, taken as shares of cards.
    ShareServers(String),
    /// Mainland spending, USD.
    MarketDollars,
    /// What the mainland would spend on Chinese chips and those made for it, were these open and unlimited, USD.
    Demand,
    /// Charge for a good, USD.
    WriteDown(String),
    /// Units bought ahead at the end of the period.
    Stock(String),
}

impl Target {
    /// From its [`Target::key`].
    pub fn read(text: &str) -> Option<Self> {
        let (kind, of) = text
            .split_once(':')
            .map_or((text, String::new()), |(k, o)| (k, o.to_owned()));
        Some(match kind {
            "nvidia_billing" => Self::NvidiaBilling,
            "nvidia_headquarters" => Self::NvidiaHeadquarters,
            "revenue" => Self::Revenue(of),
            "revenue_if_open" => Self::RevenueIfOpen(of),
            "units" => Self::Units(of),
            "units_all" => Self::UnitsAll,
            "share_units" => Self::ShareUnits(of),
            "share_dollars" => Self::ShareDollars(of),
            "share_servers" => Self::ShareServers(of),
            "market_dollars" => Self::MarketDollars,
            "demand" => Self::Demand,
            "write_down" => Self::WriteDown(of),
            "stock" => Self::Stock(of),
            _ => return None,
        })
    }

    /// As `observations.csv` writes it.
    pub fn key(&self) -> String {
        match self {
            Self::NvidiaBilling => "nvidia_billing".into(),
            Self::NvidiaHeadquarters => "nvidia_headquarters".into(),
            Self::Revenue(of) => format!("revenue:{of}"),
            Self::RevenueIfOpen(of) => format!("revenue_if_open:{of}"),
            Self::Units(of) => format!("units:{of}"),
            Self::UnitsAll => "units_all".into(),
            Self::ShareUnits(of) => format!("share_units:{of}"),
            Self::ShareDollars(of) => format!("share_dollars:{of}"),
            Self::ShareServers(of) => format!("share_servers:{of}"),
            Self::MarketDollars => "market_dollars".into(),
            Self::Demand => "demand".into(),
            Self::WriteDown(of) => format!("write_down:{of}"),
            Self::Stock(of) => format!("stock:{of}"),
        }
    }

    /// Whether it is a share between 0 and 1.
    pub fn is_share(&self) -> bool {
        matches!(
            self,
            Self::ShareUnits(_) | Self::ShareDollars(_) | Self::ShareServers(_)
        )
    }

    /// Whether it is in dollars.
    pub fn is_usd(&self) -> bool {
        matches!(
            self,
            Self::NvidiaBilling
                | Self::NvidiaHeadquarters
                | Self::Revenue(_)
                | Self::RevenueIfOpen(_)
                | Self::MarketDollars
                | Self::Demand
                | Self::WriteDown(_)
        )
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::NvidiaBilling => "NVIDIA revenue from China by billing location".into(),
            Self::NvidiaHeadquarters => "NVIDIA revenue from China by customer headquarters".into(),
            Self::Revenue(of) => format!("mainland revenue, {of}"),
            Self::RevenueIfOpen(of) => format!("mainland revenue without a license requirement, {of}"),
            Self::Units(of) => format!("mainland units, {of}"),
            Self::UnitsAll => "cards on the mainland".into(),
            Self::ShareUnits(of) => format!("share of cards, {of}"),
            Self::ShareDollars(of) => format!("share of dollars, {of}"),
            Self::ShareServers(of) => format!("share of servers, {of}"),
            Self::MarketDollars => "mainland spending".into(),
            Self::Demand => "mainland demand without limits".into(),
            Self::WriteDown(of) => format!("charge, {of}"),
            Self::Stock(of) => format!("stock bought ahead, {of}"),
        }
    }

    /// The model's value on a path: dollars, units or a share. Of what would have been sold of a good that was open the
    /// path is one on which it was (`if_open`).
    pub fn of(&self, path: &Path, env: &Environment, theta: &Theta, period: &Period) -> f64 {
        let chosen = |of: &str, g: usize| {
            let facts = &env.goods[g];
            match of {
                "domestic" => facts.domestic,
                "imported" => !facts.domestic,
                name => {
                    facts.id == name
                        || (facts.vendor == name && facts.is_foreign_direct())
                        || (facts.vendor == name && facts.domestic)
                }
            }
        };
        let sum = |value: &dyn Fn(usize, usize) -> f64, take: &dyn Fn(usize) -> bool| {
            path.over_period(period, |t| {
                (0..path.goods).filter(|g| take(*g)).map(|g| value(t, g)).sum()
            })
        };
        let usd = |t: usize, g: usize| path.mainland_usd(env, t, g);
        let units = |t: usize, g: usize| path.mainland_units(env, t, g);
        // `counted` parts of what is modelled are counted beside it, `theirs` of them theirs whose share is asked.
        let share =
            |value: &dyn Fn(usize, usize) -> f64, of: &str, (counted, theirs): (f64, f64), bias: f64| {
                let all = sum(value, &|_| true);
                let raw = if all > 0.0 {
                    (sum(value, &|g| chosen(of, g)) / all + counted * theirs) / (1.0 + counted)
                } else {
                    0.0
                };
                let raw = raw.clamp(1e-4, 1.0 - 1e-4);
                let logit = (raw / (1.0 - raw)).ln() + bias;
                1.0 / (1.0 + (-logit).exp())
            };
        match self {
            Self::NvidiaBilling => {
                path.over_period(period, |t| nvidia(path, env, t, Site::Mainland) + path.gaming)
            }
            Self::NvidiaHeadquarters => path.over_period(period, |t| {
                nvidia(path, env, t, Site::Mainland) + nvidia(path, env, t, Site::Offshore) + path.gaming
            }),
            Self::Revenue(of) | Self::RevenueIfOpen(of) => sum(&usd, &|g| chosen(of, g)),
            Self::Units(of) => sum(&units, &|g| chosen(of, g)),
            Self::UnitsAll => sum(&units, &|_| true) * theta.card_factor,
            Self::ShareUnits(of) => {
                let imported = match of.as_str() {
                    "nvidia" | "imported" => theta.small_cards_imported,
                    "domestic" => 1.0 - theta.small_cards_imported,
                    _ => 0.0,
                };
                let small = ((theta.card_factor - 1.0).max(0.0), imported);
                share(&units, of, small, theta.bias_share_units)
            }
            Self::ShareServers(of) => share(&units, of, (0.0, 0.0), theta.bias_share_servers),
            Self::ShareDollars(of) => share(&usd, of, (0.0, 0.0), theta.bias_share_dollars),
            Self::MarketDollars => sum(&usd, &|_| true),
            Self::Demand => path.over_period(period, |t| path.wanted[t]),
            Self::WriteDown(of) => sum(&|t, g| path.write_down[t * path.goods + g], &|g| chosen(of, g)),
            Self::Stock(of) => {
                let Some((last, _)) = period.months().last().copied() else {
                    return 0.0;
                };
                let row = last.0.min(path.months - 1) * path.goods;
                (0..path.goods)
                    .filter(|g| chosen(of, *g))
                    .map(|g| path.stock[row + g])
                    .sum()
            }
        }
    }
}

/// NVIDIA's own sales at a site in a month; what is bought around the law is no sale of the maker's into this market.
pub(crate) fn nvidia(path: &Path, env: &Environment, month: usize, site: Site) -> f64 {
    let own = |g: &usize| env.goods[*g].vendor == "nvidia" && env.goods[*g].is_foreign_direct();
    let at = |g: usize| match site {
        Site::Mainland => path.mainland_usd(env, month, g),
        Site::Offshore => path.offshore_usd(env, month, g),
    };
    (0..path.goods).filter(own).map(at).sum()
}

/// The scale errors are normal on: logarithm, of the odds for shares.
pub(crate) fn scale(target: &Target, value: f64) -> f64 {
    if target.is_share() {
        let x = value.clamp(1e-4, 1.0 - 1e-4);
        (x / (1.0 - x)).ln()
    } else {
        value.max(floor(target)).ln()
    }
}

/// Below this a value counts as nothing: 5 m USD, or 500 units.
fn floor(target: &Target) -> f64 {
    if target.is_usd() { 5e6 } else { 500.0 }
}
