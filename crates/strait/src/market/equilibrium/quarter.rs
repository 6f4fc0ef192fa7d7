//! A quarter of China's market as a market of differentiated products: each segment's money for each class of work is a
//! type of buyer, its choice the nested logit of the quarterly model, price entering through the cost of use.

use super::{BuyerType, Change, Comparison, Demand, EquilibriumError, Market, PriceTerm, Product};
use crate::catalog::ChipId;
use crate::figure::{Count, Estimate, FigureRef, Usd};
use crate::market::draws::DRAWS;
use crate::market::quarter::{Decisions, Setting};
use crate::market::supply;
use crate::market::theta::Theta;
use crate::market::{MarketCase, MarketModel, Offer, Quarter};
use crate::rules::{Channel, Site};
use jiff::civil::Date;
use rayon::prelude::*;

/// One product of the quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Good {
    /// Name in the market: the chip, with ` (grey)` where it is bought around the law.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Vendor.
    pub vendor: String,
    /// Channel.
    pub channel: Channel,
    /// Published price and its range.
    pub price: Estimate<Usd>,
    /// Units that there are of it and of what it shares a pool with, where a number is known. No limit on sales here.
    pub limit: Option<Estimate<Count>>,
}

/// A quarter of China's mainland market, at published prices that are taken to be an equilibrium.
#[derive(Debug, Clone)]
pub struct QuarterMarket {
    /// Its goods, in the order of the market's products.
    pub goods: Vec<Good>,
    /// The market with every input at its middle; money is USD of the quarter.
    pub middle: Market,
    /// The same with inputs drawn from their priors and ranges, where each good has some demand.
    pub draws: Vec<Market>,
    /// Spending of the quarter.
    pub spending: Estimate<Usd>,
    /// Goods left out, with why.
    pub left_out: Vec<(ChipId, String)>,
    /// What it rests on.
    pub rests_on: Vec<FigureRef>,
}

impl MarketModel {
    /// A quarter of the mainland's market; `offers` come with the part of revenue that is taken as a levy.
    ///
    /// `spending` is what the mainland's buyers have for the quarter. `None` where nothing is on offer. Limits on supply are left out
    /// and an approval's quota counts as a condition: what is asked is what prices and tastes alone would do.
    ///
    /// # Errors
    /// Where a price is out of range.
    pub fn quarter_market(
        &self,
        offers: &[(Offer, f64)],
        spending: Estimate<Usd>,
        (quarter, known): (Quarter, Date),
        case: MarketCase,
    ) -> Result<Option<QuarterMarket>, EquilibriumError> {
        let buyers: Vec<_> = self
            .segments
            .iter()
            .filter(|s| s.site == Site::Mainland)
            .collect();
        let mut rests_on: Vec<FigureRef> = buyers.iter().map(|b| b.reference()).collect();
        rests_on.extend(self.parameters.of.values().map(|p| p.prior.reference.clone()));
        rests_on.sort();
        rests_on.dedup();
        let mut left_out = Vec::new();
        let mut taken: Vec<(&Offer, f64)> = Vec::new();
        for (offer, levy) in offers {
            match crate::market::model::why_left_out(offer) {
                Some(why) => left_out.push((offer.chip.clone(), why)),
                None => taken.push((offer, *levy)),
            }
        }
        // What no segment can have is no part of the market, though it stays in the mean that value is measured from.
        let whole = Setting::new(
            taken.iter().map(|(o, _)| *o).collect(),
            buyers,
            spending,
            (case, quarter.first_day(), self.mild(quarter)),
            |o| self.card(&o.chip),
        );
        let middle = whole.decisions(&self.parameters, None);
        let wanted: Vec<usize> = (0..taken.len())
            .filter(|g| {
                middle
                    .of
                    .iter()
                    .any(|d| d.goods.iter().any(|(good, ..)| good == g))
            })
            .collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let pools = supply::limits(&self.caps, quarter.days(), known, case);
        let goods: Vec<Good> = wanted
            .iter()
            .filter_map(|g| {
                let offer = taken[*g].0;
                let mine =
                    |p: &&supply::PoolLimit| p.channel == offer.channel && p.chips.contains(&offer.chip);
                Some(Good {
                    id: name(offer),
                    chip: offer.chip.clone(),
                    vendor: offer.vendor.clone(),
                    channel: offer.channel,
                    price: offer.price?,
                    limit: pools.iter().find(mine).map(|p| p.units),
                })
            })
            .collect();
        let market = |index: Option<usize>| {
            let decisions = whole.decisions(&self.parameters, index);
            let theta = Theta::new(&self.parameters, index);
            priced(&taken, &wanted, &decisions, &theta)
        };
        let draws = (0..DRAWS)
            .into_par_iter()
            .map(|i| market(Some(i)).ok())
            .collect::<Vec<_>>();
        Ok(Some(QuarterMarket {
            middle: market(None)?,
            draws: draws.into_iter().flatten().collect(),
            goods,
            spending,
            left_out,
            rests_on,
        }))
    }
}

impl QuarterMarket {
    /// The comparison of the same changes in every draw in which the changed market has an equilibrium.
    pub fn draws_of(&self, changes: &[Change]) -> Vec<Comparison> {
        let of = |market: &Market| {
            let before = market.at_given_prices().ok()?;
            Some(market.counterfactual(&before, changes).ok()?.comparison)
        };
        // Collected in order of index, so that the number of threads changes nothing.
        let found: Vec<_> = self.draws.par_iter().map(of).collect();
        found.into_iter().flatten().collect()
    }
}

fn name(offer: &Offer) -> String {
    match offer.channel {
        Channel::Direct => offer.chip.0.clone(),
        Channel::Grey => format!("{} (grey)", offer.chip),
    }
}

/// The market of one set of decisions, with the marginal costs at which its prices are an equilibrium.
fn priced(
    offers: &[(&Offer, f64)],
    wanted: &[usize],
    all: &Decisions,
    theta: &Theta,
) -> Result<Market, EquilibriumError> {
    let decisions = &all.of;
    let nest = |g: usize| {
        decisions
            .iter()
            .flat_map(|d| &d.goods)
            .find(|(good, ..)| *good == g)
            .map_or(0, |(_, n, _)| *n)
    };
    let products: Vec<Product> = wanted
        .iter()
        .map(|&g| {
            let (offer, levy) = offers[g];
            let price = all.price[g];
            Product {
                id: name(offer),
                // Nobody sets the prices of all that is sold around the law: each such good has a seller of its own.
                firm: match offer.channel {
                    Channel::Direct => offer.vendor.clone(),
                    Channel::Grey => name(offer),
                },
                nest: ["CUDA", "other"][nest(g)].to_owned(),
                utility: 0.0,
                price,
                cost: 0.0,
                levy,
                quota: None,
            }
        })
        .collect();
    let money: f64 = decisions.iter().map(|d| d.money).sum();
    let buyers = decisions
        .iter()
        .map(|d| {
            let taste = |g: &usize| {
                let found = d.goods.iter().find(|(good, ..)| good == g);
                // exp(u/(1−rho)) at the price as it is, where the price index is zero.
                found.map_or(f64::NEG_INFINITY, |(_, _, base)| {
                    base.ln() * (1.0 - theta.nest_correlation)
                })
            };
            BuyerType {
                weight: d.money / money,
                price: -theta.price_exponent,
                taste: wanted.iter().map(taste).collect(),
            }
        })
        .collect();
    let demand = Demand {
        correlation: theta.nest_correlation,
        price: PriceTerm::CostOfUse {
            reference: products.iter().map(|p| p.price).collect(),
            share: theta.chip_share_of_cost,
        },
        buyers,
        outside: theta.outside_utility,
        size: money,
    };
    let market = Market::new(products, demand)?;
    let costs = market.implied_costs()?;
    market.with_costs(&costs)
}
