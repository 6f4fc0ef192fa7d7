//! One quarter: from offers, parameters, budgets and caps to shares, revenue and rents.

use super::clearing::{Clearing, Decision, Limit};
use super::draws::{DRAWS, Z90, at_score, normal_quantile, probability, strata};
use super::priors::Parameters;
use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::supply::PoolLimit;
use super::{Access, Offer};
use crate::figure::{Estimate, Quantity, TokensPerDollar, Usd};
use crate::perf::WorkloadClass;
use crate::rules::{Channel, ChinaState, SupplyEffect};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Everything uncertain in one draw; scores are standard normal, 0 in the centre.
pub(crate) struct Draw<'a> {
    parameters: &'a Parameters,
    /// Stratum of each dimension, or `None` for the centre.
    index: Option<(usize, &'a Dimensions)>,
}

/// Strata of every dimension, by name.
pub(crate) struct Dimensions(BTreeMap<String, Vec<usize>>);

impl Dimensions {
    pub(crate) fn new(names: impl Iterator<Item = String>) -> Self {
        Self(names.map(|n| (n.clone(), strata(&n))).collect())
    }
}

impl<'a> Draw<'a> {
    pub(crate) fn centre(parameters: &'a Parameters) -> Self {
        Self {
            parameters,
            index: None,
        }
    }

    pub(crate) fn at(parameters: &'a Parameters, dimensions: &'a Dimensions, index: usize) -> Self {
        debug_assert!(index < DRAWS);
        Self {
            parameters,
            index: Some((index, dimensions)),
        }
    }

    fn parameter(&self, id: &str) -> f64 {
        let parameter = self.parameters.get(id);
        match self.index {
            None => parameter.median,
            Some((i, dimensions)) => dimensions
                .0
                .get(id)
                .map_or(parameter.median, |s| parameter.quantiles[s[i]]),
        }
    }

    fn score(&self, name: &str) -> f64 {
        self.index.map_or(0.0, |(i, dimensions)| {
            dimensions
                .0
                .get(name)
                .map_or(0.0, |s| normal_quantile(probability(s[i])))
        })
    }

    pub(crate) fn of<Q: Quantity>(&self, estimate: Estimate<Q>, name: &str) -> f64 {
        at_score(
            estimate.value.get(),
            estimate.low.get(),
            estimate.high.get(),
            self.score(name),
        )
    }
}

/// Law and guidance as they count in a policy case.
pub(crate) fn effective(access: &Access, case: MarketCase) -> (SupplyEffect, ChinaState, Option<f64>) {
    let supply = match (case, access.supply_effect) {
        (MarketCase::WithoutUsRule, SupplyEffect::NotBound) => SupplyEffect::NotBound,
        (MarketCase::WithoutUsRule, _) => SupplyEffect::Open,
        (_, effect) => effect,
    };
    let china = if case == MarketCase::WithoutGuidance {
        ChinaState::None
    } else {
        access.china
    };
    let rationed = supply == SupplyEffect::Quota || china == ChinaState::Quota;
    (supply, china, access.quota.filter(|_| rationed))
}

/// The inputs of a quarter that do not change between draws.
pub(crate) struct Setting<'a> {
    pub(crate) offers: Vec<&'a Offer>,
    pub(crate) segments: Vec<&'a BuyerSegment>,
    /// Spending at each segment's site, all segments of the site together.
    pub(crate) totals: Vec<Estimate<Usd>>,
    pub(crate) pools: Vec<PoolLimit>,
    pub(crate) case: MarketCase,
    pub(crate) on: Date,
    /// Geometric mean of the value of all offers, by class.
    reference: BTreeMap<WorkloadClass, f64>,
}

/// Below this a limit counts as no supply at all.
const NO_UNITS: f64 = 0.5;

impl<'a> Setting<'a> {
    pub(crate) fn new(
        offers: Vec<&'a Offer>,
        segments: Vec<&'a BuyerSegment>,
        totals: Vec<Estimate<Usd>>,
        pools: Vec<PoolLimit>,
        case: MarketCase,
        on: Date,
    ) -> Self {
        let mut sums: BTreeMap<WorkloadClass, (f64, f64)> = BTreeMap::new();
        for (class, value) in offers.iter().flat_map(|o| &o.value).filter(|(_, v)| usable(v)) {
            let sum = sums.entry(*class).or_default();
            *sum = (sum.0 + value.value.get().ln(), sum.1 + 1.0);
        }
        let reference = sums.into_iter().map(|(class, (ln, n))| (class, ln / n)).collect();
        Self {
            offers,
            segments,
            totals,
            pools,
            case,
            on,
            reference,
        }
    }

    /// Names of every dimension that a draw varies.
    pub(crate) fn dimensions(&self, parameters: &Parameters) -> Dimensions {
        let goods = self.offers.iter().map(|o| format!("value {}", o.chip));
        let pools = self.pools.iter().map(|p| format!("pool {}", p.pool));
        let sites = ["budget mainland", "budget offshore"].map(str::to_owned);
        let segments = self.segments.iter().map(|s| split_name(s));
        let ids = parameters.0.keys().map(|id| (*id).to_owned());
        Dimensions::new(goods.chain(pools).chain(sites).chain(segments).chain(ids))
    }

    /// Access of a segment to an offer, as it counts in this case.
    pub(crate) fn access(&self, segment: usize, offer: usize) -> (SupplyEffect, ChinaState, Option<f64>) {
        let s = self.segments[segment];
        self.offers[offer]
            .access
            .iter()
            .find(|a| a.segment == s.segment && a.site == s.site)
            .map_or((SupplyEffect::Blocked, ChinaState::Unknown, None), |a| {
                effective(a, self.case)
            })
    }

    /// Logarithm of what guidance, licences and the grey channel leave of demand; `None` where the good
    /// cannot be had.
    fn hindrance(&self, draw: &Draw<'_>, segment: usize, offer: usize) -> Option<f64> {
        let good = self.offers[offer];
        let (supply, china, quota) = self.access(segment, offer);
        let mut factor = 1.0;
        let mut risk = 0.0;
        if good.channel == Channel::Grey {
            // The law that blocks the direct channel is why there is a grey one; beside an open direct
            // channel nobody pays for the detour.
            let direct = (0..self.offers.len()).any(|o| {
                let other = self.offers[o];
                other.chip == good.chip
                    && other.channel == Channel::Direct
                    && self.access(segment, o).0 != SupplyEffect::Blocked
            });
            if direct || self.case == MarketCase::WithoutUsRule {
                return None;
            }
            factor *=
                draw.parameter("grey_channel") * draw.of(self.segments[segment].grey.estimate(), "grey");
        } else {
            match supply {
                SupplyEffect::Blocked => return None,
                SupplyEffect::Licensed => {
                    factor *= draw.parameter("license_execution");
                    risk = draw.parameter("cut_off_risk");
                }
                SupplyEffect::Quota => risk = draw.parameter("cut_off_risk"),
                SupplyEffect::Open | SupplyEffect::NotBound => {}
            }
        }
        match china {
            ChinaState::None => {}
            ChinaState::Discouraged => factor *= draw.parameter("guidance_discouraged"),
            ChinaState::Conditional => factor *= draw.parameter("guidance_conditional"),
            ChinaState::Banned => factor *= draw.parameter("guidance_banned"),
            ChinaState::Unknown => factor *= draw.parameter("guidance_unknown"),
            // With a number the quota itself rations; without one it is read as a condition.
            ChinaState::Quota => {
                if quota.is_none() {
                    factor *= draw.parameter("guidance_conditional");
                }
            }
        }
        (factor > 0.0).then(|| factor.ln() - risk)
    }

    /// The clearing problem of one draw.
    pub(crate) fn clearing(&self, draw: &Draw<'_>) -> Clearing {
        let exponent = draw.parameter("price_exponent");
        let rho = draw.parameter("nest_correlation");
        let switching = draw.parameter("switching_cost");
        let limits = self.limits(draw);
        let gone = |segment: usize, good: usize| {
            limits.iter().any(|l| {
                l.units < NO_UNITS && l.goods.contains(&good) && l.segment.is_none_or(|s| s == segment)
            })
        };
        let mut decisions = Vec::new();
        for (s, segment) in self.segments.iter().enumerate() {
            let money = self.money(draw, s);
            let open: Vec<(usize, usize, f64)> = (0..self.offers.len())
                .filter(|g| !gone(s, *g))
                .filter_map(|g| {
                    let software = self.offers[g].software.as_ref().map_or("", |s| s.0.as_str());
                    let installed = segment.installed(software, self.on);
                    let hindrance = self.hindrance(draw, s, g)?;
                    Some((g, nest(software), hindrance - switching * (1.0 - installed)))
                })
                .collect();
            for (class, weight) in segment.work.iter().filter(|(_, w)| **w > 0.0) {
                let goods = open
                    .iter()
                    .filter_map(|&(g, nest, fixed)| {
                        let value = self.offers[g].value.get(class).filter(|v| usable(v))?;
                        let value = draw.of(*value, &format!("value {}", self.offers[g].chip)).ln();
                        let utility = exponent * (value - self.reference[class]) + fixed;
                        Some((g, nest, (utility / (1.0 - rho)).exp()))
                    })
                    .collect();
                decisions.push(Decision {
                    segment: s,
                    money: money * weight,
                    goods,
                });
            }
        }
        Clearing {
            decisions,
            limits: limits.into_iter().filter(|l| l.units >= NO_UNITS).collect(),
            price: self
                .offers
                .iter()
                .map(|o| o.price.map_or(1.0, |p| p.value.get()))
                .collect(),
            segments: self.segments.len(),
            steepness: exponent / (1.0 - rho),
            rho,
            outside: draw.parameter("outside_utility").exp(),
            chip_share: draw.parameter("chip_share_of_cost"),
        }
    }

    /// Budget of a segment, USD of the quarter.
    pub(crate) fn money(&self, draw: &Draw<'_>, segment: usize) -> f64 {
        let s = self.segments[segment];
        let site = match s.site {
            crate::rules::Site::Mainland => "budget mainland",
            crate::rules::Site::Offshore => "budget offshore",
        };
        draw.of(self.totals[segment], site) * draw.of(s.share.estimate(), &split_name(s))
    }

    /// Caps of pools, then quotas of segments; in one order for every draw.
    fn limits(&self, draw: &Draw<'_>) -> Vec<Limit> {
        let mut limits: Vec<Limit> = self
            .pools
            .iter()
            .map(|pool| Limit {
                goods: (0..self.offers.len())
                    .filter(|g| {
                        self.offers[*g].channel == pool.channel && pool.chips.contains(&self.offers[*g].chip)
                    })
                    .collect(),
                segment: None,
                units: draw.of(pool.units, &format!("pool {}", pool.pool)),
            })
            .filter(|l| !l.goods.is_empty())
            .collect();
        for segment in 0..self.segments.len() {
            for good in 0..self.offers.len() {
                if let (_, _, Some(quota)) = self.access(segment, good) {
                    let units = quota * draw.parameter("quota_execution");
                    limits.push(Limit {
                        goods: vec![good],
                        segment: Some(segment),
                        units,
                    });
                }
            }
        }
        limits
    }
}

fn split_name(segment: &BuyerSegment) -> String {
    format!("split {:?} {:?}", segment.segment, segment.site)
}

/// Nest of an ecosystem: CUDA, or any other.
fn nest(software: &str) -> usize {
    usize::from(software != "CUDA")
}

/// True where a value can enter a logarithm.
pub(crate) fn usable(value: &Estimate<TokensPerDollar>) -> bool {
    value.value.get().is_finite() && value.value.get() > 0.0 && value.high.get().is_finite()
}

/// 90 % band of a product of a total and a share, both with 90 % bands: logarithmic half-widths add in squares.
pub(crate) fn product(a: Estimate<Usd>, b: Estimate<crate::figure::Ratio>) -> Estimate<Usd> {
    let value = a.value.get() * b.value.get();
    let side = |a_end: f64, b_end: f64| {
        let part = |end: f64, mid: f64| {
            if end > 0.0 && mid > 0.0 {
                (end / mid).ln() / Z90
            } else {
                0.0
            }
        };
        Z90 * part(a_end, a.value.get()).hypot(part(b_end, b.value.get()))
    };
    let (down, up) = (side(a.low.get(), b.low.get()), side(a.high.get(), b.high.get()));
    Estimate::new(
        Usd::of(value),
        Usd::of(value * (-down).exp()),
        Usd::of(value * up.exp()),
    )
}
