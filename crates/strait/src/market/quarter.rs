//! One quarter: from offers, parameters, budgets and caps to shares, revenue and rents.

use super::Offer;
use super::clearing::{Clearing, Decision};
use super::draws::Z90;
use super::goods::Card;
use super::limits::{Interposers, LimitedBy};
use super::priors::Parameters;
use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::sight::{self, Sight, layers};
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
    /// By offer: what there is to know of it as a card.
    card: Vec<Card>,
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
        read: (MarketCase, Date, bool),
        card: impl Fn(&Offer) -> Card,
    ) -> Self {
        let sight = segments
            .iter()
            .map(|s| offers.iter().map(|o| Sight::of(o, s, read)).collect())
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
            card: offers.iter().map(|o| card(o)).collect(),
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

    /// Utility of an offer to a segment beside its value per dollar: ecosystem, risk of being cut off, what the maker's
    /// name and home add, and what large buyers pay a Chinese maker less than the published street price.
    fn liking(&self, theta: &Theta, index: Option<usize>, segment: usize, offer: usize) -> f64 {
        let (sight, of) = (&self.sight[segment][offer], self.offers[offer]);
        let mut utility = -theta.switching_cost * sight.foreign;
        let licensed = matches!(
            sight.supply,
            SupplyEffect::Licensed | SupplyEffect::Unknown | SupplyEffect::Quota
        );
        if licensed && of.channel == Channel::Direct {
            utility -= theta.cut_off_risk;
        }
        if nest(of) == CUDA {
            utility += theta.nvidia_quality;
        }
        if of.domestic {
            let dearer = theta.maker_price.ln() * theta.chip_share_of_cost;
            utility += self.home[segment].at(index) * theta.home_preference - theta.price_exponent * dearer;
        }
        let card = self.card[offer];
        utility += theta.price_exponent * card.work_factor.ln();
        if card.consumer {
            utility += theta.consumer_card.max(f64::MIN_POSITIVE).ln();
        }
        utility
    }

    /// What a unit costs in a draw: Chinese makers' published prices are street prices, of which large buyers pay a part.
    pub(crate) fn price(&self, theta: &Theta, offer: usize) -> f64 {
        let of = self.offers[offer];
        let bulk = if of.domestic { theta.maker_price } else { 1.0 };
        of.price.map_or(1.0, |p| p.value.get()) * bulk
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
            let parts: Vec<f64> = (0..self.offers.len())
                .map(|g| match self.sight[s][g].open && !gone(s, g) {
                    true => self.sight[s][g].part(&theta, self.grey[s].at(index)),
                    false => 0.0,
                })
                .collect();
            let liked: Vec<f64> = (0..self.offers.len())
                .map(|g| (self.liking(&theta, index, s, g) / spread).exp())
                .collect();
            for (part, open) in layers(&parts) {
                for (class, weight) in segment.work.iter().filter(|(_, w)| **w > 0.0) {
                    let class = CLASSES.iter().position(|c| c == class).unwrap_or(0);
                    let goods = open
                        .iter()
                        .filter_map(|&g| Some((g, nest(self.offers[g]), worth[g][class]? * liked[g])))
                        .collect();
                    decisions.push(Decision {
                        segment: s,
                        money: money * part * weight,
                        goods,
                    });
                }
            }
        }
        Clearing {
            decisions,
            limits: limits.into_iter().filter(|l| l.units >= NO_UNITS).collect(),
            price: (0..self.offers.len()).map(|g| self.price(&theta, g)).collect(),
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

/// The nest of NVIDIA's ecosystem; the other holds every other.
const CUDA: usize = 0;

/// Nest of an offer: CUDA, or any other ecosystem.
fn nest(offer: &Offer) -> usize {
    if offer.software.as_ref().is_some_and(|s| s.0 == "CUDA") {
        CUDA
    } else {
        1
    }
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
