//! One quarter: from offers, parameters, budgets and caps to shares, revenue and rents.

use super::Offer;
use super::clearing::{Clearing, Decision};
use super::draws::Z90;
use super::limits::{Interposers, LimitedBy};
use super::priors::Parameters;
use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::sight::{self, Sight};
use super::supply::PoolLimit;
use super::theta::{Dimension, Theta, scores};
use crate::figure::{Estimate, Quantity, Ratio, TokensPerDollar, Usd};
use crate::perf::WorkloadClass;
use crate::rules::{Channel, ChinaState, SupplyEffect};
use jiff::civil::Date;

/// The inputs of a quarter that do not change between draws.
pub(crate) struct Setting<'a> {
    pub(crate) offers: Vec<&'a Offer>,
    pub(crate) segments: Vec<&'a BuyerSegment>,
    /// Spending at each segment's site, all segments of the site together.
    pub(crate) totals: Vec<Estimate<Usd>>,
    /// By segment, then offer.
    pub(super) sight: Vec<Vec<Sight>>,
    /// By offer: logarithm of value over the geometric mean of all offers, as centre and ends, by class.
    value: Vec<Vec<Option<Dimension>>>,
    budget: Vec<[Dimension; 2]>,
    grey: Vec<Dimension>,
    home: Vec<Dimension>,
    /// By offer: a card for consumers and workstations.
    consumer: Vec<bool>,
    pub(super) pools: Vec<(Vec<usize>, Dimension, LimitedBy)>,
    /// Interposers that packaging lines on the mainland can make.
    pub(super) lines: Option<Dimension>,
}

/// Below this a limit counts as no supply at all.
const NO_UNITS: f64 = 0.5;

const CLASSES: [WorkloadClass; 5] = [
    WorkloadClass::DenseTraining,
    WorkloadClass::MoeTraining,
    WorkloadClass::Prefill,
    WorkloadClass::Chat,
    WorkloadClass::Reasoning,
];

impl<'a> Setting<'a> {
    pub(crate) fn new(
        offers: Vec<&'a Offer>,
        segments: Vec<&'a BuyerSegment>,
        totals: Vec<Estimate<Usd>>,
        (pools, lines): (&[PoolLimit], Option<&Interposers>),
        (case, on): (MarketCase, Date),
        consumer: impl Fn(&Offer) -> bool,
    ) -> Self {
        let sight = segments
            .iter()
            .map(|s| offers.iter().map(|o| Sight::of(o, s, case, on)).collect())
            .collect();
        let mut out = Self {
            value: values(&offers),
            budget: segments
                .iter()
                .zip(&totals)
                .map(|(s, total)| {
                    let split = Dimension::new(&format!("split {}", s.name), s.share.estimate());
                    // One site, one total: the segments of a site rise and fall with it together.
                    [Dimension::new(&format!("budget {:?}", s.site), *total), split]
                })
                .collect(),
            grey: segments
                .iter()
                .map(|s| Dimension::new("grey", s.grey.estimate()))
                .collect(),
            home: segments
                .iter()
                .map(|s| Dimension::new("home", s.home.estimate()))
                .collect(),
            consumer: offers.iter().map(|o| consumer(o)).collect(),
            pools: pools
                .iter()
                .map(|pool| {
                    let goods = (0..offers.len())
                        .filter(|g| {
                            offers[*g].channel == pool.channel && pool.chips.contains(&offers[*g].chip)
                        })
                        .collect();
                    let units = Dimension::new(&format!("pool {}", pool.pool), pool.units);
                    (goods, units, pool.by)
                })
                .filter(|(goods, ..): &(Vec<usize>, _, _)| !goods.is_empty())
                .collect(),
            lines: lines.map(|l| Dimension::new("mainland packaging lines", l.units)),
            offers,
            segments,
            totals,
            sight,
        };
        sight::close_detours(&mut out.sight, &out.offers);
        out
    }

    /// Access of a segment to an offer, as it counts in this case.
    pub(crate) fn access(&self, segment: usize, offer: usize) -> (SupplyEffect, ChinaState) {
        let sight = &self.sight[segment][offer];
        (sight.supply, sight.china)
    }

    /// Utility beside value per dollar and ecosystem: what guidance, licences and the channel leave of demand,
    /// as a logarithm, and what a vendor at home has over others.
    fn hindrance(&self, theta: &Theta, index: Option<usize>, segment: usize, offer: usize) -> f64 {
        let sight = &self.sight[segment][offer];
        let mut factor = 1.0;
        let mut risk = 0.0;
        if self.offers[offer].channel == Channel::Grey {
            factor *= theta.grey_channel * self.grey[segment].at(index);
        } else {
            match sight.supply {
                // What is not known to need a license counts as needing one.
                SupplyEffect::Licensed | SupplyEffect::Unknown => {
                    factor *= theta.license_execution;
                    risk = theta.cut_off_risk;
                }
                SupplyEffect::Quota => risk = theta.cut_off_risk,
                SupplyEffect::Blocked | SupplyEffect::Open | SupplyEffect::NotBound => {}
            }
        }
        match sight.china {
            ChinaState::None => {}
            ChinaState::Discouraged => factor *= theta.guidance_discouraged,
            ChinaState::Conditional => factor *= theta.guidance_conditional,
            ChinaState::Banned => factor *= theta.guidance_banned,
            ChinaState::Unknown => factor *= theta.guidance_unknown,
            // With a number the quota itself rations; without one it is read as a condition.
            ChinaState::Quota => {
                if sight.quota.is_none() {
                    factor *= theta.guidance_conditional;
                }
            }
        }
        if self.consumer[offer] {
            factor *= theta.consumer_card;
        }
        let home = if self.offers[offer].domestic {
            self.home[segment].at(index)
        } else {
            0.0
        };
        factor.max(f64::MIN_POSITIVE).ln() - risk + home
    }

    /// The clearing problem of the centre or of one draw.
    pub(crate) fn clearing(&self, parameters: &Parameters, index: Option<usize>) -> Clearing {
        let theta = Theta::new(parameters, index);
        let spread = 1.0 - theta.nest_correlation;
        let limits = self.limits(&theta, index);
        let gone = |segment: usize, good: usize| {
            limits.iter().any(|l| {
                l.units < NO_UNITS && l.goods.contains(&good) && l.segment.is_none_or(|s| s == segment)
            })
        };
        // exp(u/(1−rho)) is a product of what the chip is worth and of what the segment meets.
        let worth: Vec<Vec<Option<f64>>> = self
            .value
            .iter()
            .map(|row| {
                let of = |v: &Dimension| v.at(index).powf(theta.price_exponent / spread);
                row.iter().map(|v| v.as_ref().map(of)).collect()
            })
            .collect();
        let mut decisions = Vec::new();
        for (s, segment) in self.segments.iter().enumerate() {
            let money = self.budget[s][0].at(index) * self.budget[s][1].at(index);
            let open: Vec<(usize, usize, f64)> = (0..self.offers.len())
                .filter(|g| self.sight[s][*g].open && !gone(s, *g))
                .map(|g| {
                    let met =
                        self.hindrance(&theta, index, s, g) - theta.switching_cost * self.sight[s][g].foreign;
                    (g, nest(self.offers[g]), (met / spread).exp())
                })
                .collect();
            for (class, weight) in segment.work.iter().filter(|(_, w)| **w > 0.0) {
                let class = CLASSES.iter().position(|c| c == class).unwrap_or(0);
                let goods = open
                    .iter()
                    .filter_map(|&(g, nest, met)| Some((g, nest, worth[g][class]? * met)))
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
            steepness: theta.price_exponent / spread,
            rho: theta.nest_correlation,
            outside: theta.outside_utility.exp(),
            chip_share: theta.chip_share_of_cost,
        }
    }
}

/// Value of each offer by class over the geometric mean of all offers' central values.
fn values(offers: &[&Offer]) -> Vec<Vec<Option<Dimension>>> {
    let of = |o: &Offer, class: &WorkloadClass| o.value.get(class).copied().filter(usable);
    let means = CLASSES.map(|class| {
        let logs: Vec<f64> = offers
            .iter()
            .filter_map(|o| of(o, &class))
            .map(|v| v.value.get().ln())
            .collect();
        (logs.iter().sum::<f64>() / logs.len().max(1) as f64).exp()
    });
    offers
        .iter()
        .map(|o| {
            // A chip's errors are shared by its classes.
            let scores = scores(&format!("value {}", o.chip));
            let one = |(class, mean): (&WorkloadClass, &f64)| {
                let value = of(o, class)?.map(|v| Ratio::of(v.get() / mean));
                Some(Dimension::with(scores.clone(), value))
            };
            CLASSES.iter().zip(&means).map(one).collect()
        })
        .collect()
}

/// Nest of an offer: CUDA, or any other ecosystem.
fn nest(offer: &Offer) -> usize {
    usize::from(offer.software.as_ref().is_none_or(|s| s.0 != "CUDA"))
}

/// True where a value can enter a logarithm.
pub(crate) fn usable(value: &Estimate<TokensPerDollar>) -> bool {
    value.value.get().is_finite() && value.value.get() > 0.0 && value.high.get().is_finite()
}

/// 90 % band of a product of a total and a share, both with 90 % bands: logarithmic half-widths add in squares.
pub(crate) fn product(a: Estimate<Usd>, b: Estimate<Ratio>) -> Estimate<Usd> {
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
