//! The tastes of one quarter's mainland buyers chip by chip, for the market of prices that sellers set.

use super::Offer;
use super::goods::Card;
use super::priors::Parameters;
use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::sight::{self, Sight, layers};
use super::theta::{Dimension, Theta, scores};
use crate::figure::{Estimate, Quantity, Ratio, TokensPerDollar, Usd};
use crate::perf::WorkloadClass;
use crate::rules::{Channel, SupplyEffect};
use jiff::civil::Date;

/// One decision: a segment's money for one class of work, over the goods it can get.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    /// USD of the quarter.
    pub(crate) money: f64,
    /// Index of each good on offer, its nest and exp(u/(1−rho)).
    pub(crate) goods: Vec<(usize, usize, f64)>,
}

/// Everyone's decisions in the centre or in one draw.
#[derive(Debug)]
pub(crate) struct Decisions {
    pub(crate) of: Vec<Decision>,
    /// Price of each good, USD.
    pub(crate) price: Vec<f64>,
}

/// The inputs of a quarter that do not change between draws.
pub(crate) struct Setting<'a> {
    pub(crate) offers: Vec<&'a Offer>,
    pub(crate) segments: Vec<&'a BuyerSegment>,
    /// By segment, then offer.
    sight: Vec<Vec<Sight>>,
    /// By offer: logarithm of value over the geometric mean of all offers, as centre and ends, by class.
    value: Vec<Vec<Option<Dimension>>>,
    /// Spending of the quarter, and each segment's part of it.
    budget: (Dimension, Vec<Dimension>),
    grey: Vec<Dimension>,
    home: Vec<Dimension>,
    /// By offer: what there is to know of it as a card.
    card: Vec<Card>,
}

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
        budget: Estimate<Usd>,
        read: (MarketCase, Date, bool),
        card: impl Fn(&Offer) -> Card,
    ) -> Self {
        let sight = segments
            .iter()
            .map(|s| offers.iter().map(|o| Sight::of(o, s, read)).collect())
            .collect();
        let split = |s: &&BuyerSegment| Dimension::new(&format!("split {}", s.name), s.share.estimate());
        let mut out = Self {
            value: values(&offers),
            // One total: the segments rise and fall with it together.
            budget: (
                Dimension::new("budget", budget),
                segments.iter().map(split).collect(),
            ),
            grey: segments
                .iter()
                .map(|s| Dimension::new("grey", s.grey.estimate()))
                .collect(),
            home: segments
                .iter()
                .map(|s| Dimension::new("home", s.home.estimate()))
                .collect(),
            card: offers.iter().map(|o| card(o)).collect(),
            offers,
            segments,
            sight,
        };
        sight::close_detours(&mut out.sight, &out.offers);
        out
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
    fn price(&self, theta: &Theta, offer: usize) -> f64 {
        let of = self.offers[offer];
        let bulk = if of.domestic { theta.maker_price } else { 1.0 };
        of.price.map_or(1.0, |p| p.value.get()) * bulk
    }

    /// The decisions of the centre or of one draw.
    pub(crate) fn decisions(&self, parameters: &Parameters, index: Option<usize>) -> Decisions {
        let theta = Theta::new(parameters, index);
        let spread = 1.0 - theta.nest_correlation;
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
            let money = self.budget.0.at(index) * self.budget.1[s].at(index);
            let parts: Vec<f64> = (0..self.offers.len())
                .map(|g| match self.sight[s][g].open {
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
                        money: money * part * weight,
                        goods,
                    });
                }
            }
        }
        Decisions {
            of: decisions,
            price: (0..self.offers.len()).map(|g| self.price(&theta, g)).collect(),
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
