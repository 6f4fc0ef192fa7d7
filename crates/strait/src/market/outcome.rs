//! Gathers central solution and draws into the answer.

use super::clearing::{Clearing, Rents};
use super::draws::{DRAWS, band};
use super::priors::Parameters;
use super::quarter::{Setting, product};
use super::result::{OnBasis, SegmentOutcome, SellerRevenue, Share, Shortage};
use crate::figure::{Estimate, Quantity, Usd};
use crate::rules::{Channel, Site};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What one solution says.
struct Solved {
    /// Share by segment and offer.
    shares: Vec<Vec<f64>>,
    outside: Vec<f64>,
    /// Units by offer.
    units: Vec<f64>,
    revenue: BTreeMap<String, f64>,
    /// The part of it that buyers on the mainland pay.
    mainland: BTreeMap<String, f64>,
    /// NVIDIA's revenue from China beside data centers, which no buyer here pays.
    gaming: f64,
    /// Rent by goods and segment of the limit.
    rents: BTreeMap<(Vec<usize>, Option<usize>), f64>,
    residual: f64,
}

/// Relative tolerance of the central solution; draws only feed percentiles.
const EXACT: f64 = 1e-9;
const ROUGH: f64 = 1e-3;

/// The one vendor whose reports of China's part are fitted.
const REPORTING: &str = "nvidia";

fn read(setting: &Setting<'_>, clearing: &Clearing, rents: &Rents, gaming: f64) -> Solved {
    let goods = setting.offers.len();
    let mut out = Solved {
        shares: vec![vec![0.0; goods]; setting.segments.len()],
        outside: vec![0.0; setting.segments.len()],
        units: vec![0.0; goods],
        revenue: BTreeMap::new(),
        mainland: BTreeMap::new(),
        gaming: gaming * 1e9,
        rents: BTreeMap::new(),
        residual: rents.residual,
    };
    let mut money = vec![0.0; setting.segments.len()];
    for decision in &clearing.decisions {
        money[decision.segment] += decision.money;
    }
    let mut shares = Vec::new();
    for decision in &clearing.decisions {
        let s = decision.segment;
        let weight = decision.money / money[s];
        out.outside[s] += weight * clearing.shares(decision, rents, &mut shares);
        for ((good, ..), share) in decision.goods.iter().zip(&shares) {
            out.shares[s][*good] += weight * share;
            let units = clearing.units(decision, rents, *good, *share);
            out.units[*good] += units;
            let offer = setting.offers[*good];
            // What is bought around the law is no sale of the maker's into this market.
            if offer.channel == Channel::Direct {
                let usd = units * clearing.price[*good];
                *out.revenue.entry(offer.vendor.clone()).or_default() += usd;
                if setting.segments[s].site == Site::Mainland {
                    *out.mainland.entry(offer.vendor.clone()).or_default() += usd;
                }
            }
        }
    }
    for (limit, rent) in clearing.limits.iter().zip(&rents.of_limit) {
        out.rents.insert((limit.goods.clone(), limit.segment), *rent);
    }
    out
}

/// Segments, revenue, shortages and the central residual.
pub(crate) struct Gathered {
    pub(crate) segments: Vec<SegmentOutcome>,
    pub(crate) revenue: Vec<SellerRevenue>,
    pub(crate) on_bases: Vec<OnBasis>,
    pub(crate) shortages: Vec<Shortage>,
    pub(crate) residual: f64,
}

pub(crate) fn solve(setting: &Setting<'_>, parameters: &Parameters) -> Gathered {
    let clearing = setting.clearing(parameters, None);
    let rents = clearing.solve(EXACT, None);
    let gaming = parameters.get("gaming");
    let centre = read(setting, &clearing, &rents, gaming.median);
    // Collected in order of index, so that the number of threads changes nothing.
    let draws: Vec<Solved> = (0..DRAWS)
        .into_par_iter()
        .map(|i| {
            let drawn = setting.clearing(parameters, Some(i));
            let start = (drawn.limits.len() == clearing.limits.len()).then_some(rents.of_limit.as_slice());
            let rents = drawn.solve(ROUGH, start);
            read(setting, &drawn, &rents, gaming.draws[i])
        })
        .collect();
    let spread = |of: &dyn Fn(&Solved) -> f64| {
        let value = of(&centre);
        let (low, high) = band(draws.iter().map(of).collect(), value);
        (value, low, high)
    };
    let usd =
        |(value, low, high): (f64, f64, f64)| Estimate::new(Usd::of(value), Usd::of(low), Usd::of(high));
    let segments = setting
        .segments
        .iter()
        .enumerate()
        .map(|(s, segment)| {
            let mut shares: Vec<Share> = (0..setting.offers.len())
                .map(|g| {
                    let (share, low, high) = spread(&|x| x.shares[s][g]);
                    let (supply_effect, china) = setting.access(s, g);
                    let capped = centre.rents.iter().any(|((goods, only), rent)| {
                        *rent > 0.0 && goods.contains(&g) && only.is_none_or(|o| o == s)
                    });
                    let offer = setting.offers[g];
                    let (chip, channel) = (offer.chip.clone(), offer.channel);
                    Share {
                        chip,
                        channel,
                        share,
                        low,
                        high,
                        supply_effect,
                        china,
                        capped,
                    }
                })
                .collect();
            shares.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.chip.cmp(&b.chip)));
            SegmentOutcome {
                segment: segment.segment,
                site: segment.site,
                budget: product(setting.totals[s], segment.share.estimate()),
                shares,
                outside: spread(&|x| x.outside[s]),
            }
        })
        .collect();
    let mut revenue: Vec<SellerRevenue> = centre
        .revenue
        .keys()
        .map(|vendor| SellerRevenue {
            vendor: vendor.clone(),
            usd: usd(spread(&|x| x.revenue.get(vendor).copied().unwrap_or(0.0))),
        })
        .collect();
    revenue.sort_by(|a, b| {
        b.usd
            .value
            .get()
            .total_cmp(&a.usd.value.get())
            .then(a.vendor.cmp(&b.vendor))
    });
    let paid = |x: &BTreeMap<String, f64>| x.get(REPORTING).copied().unwrap_or(0.0);
    let on_basis = |basis, of: &dyn Fn(&Solved) -> f64| OnBasis {
        vendor: REPORTING.to_owned(),
        basis,
        usd: usd(spread(of)),
    };
    let on_bases = vec![
        on_basis("billing_location", &|x| paid(&x.mainland) + x.gaming),
        on_basis("customer_headquarters", &|x| paid(&x.revenue) + x.gaming),
    ];
    let mut shortages = Vec::new();
    for limit in &clearing.limits {
        let key = (limit.goods.clone(), limit.segment);
        if centre.rents.get(&key).is_none_or(|rent| *rent <= 0.0) {
            continue;
        }
        let shadow_price = usd(spread(&|x| x.rents.get(&key).copied().unwrap_or(0.0)));
        let chips: Vec<_> = limit
            .goods
            .iter()
            .map(|g| setting.offers[*g].chip.clone())
            .collect();
        for chip in &chips {
            shortages.push(Shortage {
                chip: chip.clone(),
                units: limit.units,
                limited_by: limit.by,
                shared_with: chips.iter().filter(|c| *c != chip).cloned().collect(),
                segment: limit
                    .segment
                    .map(|s| (setting.segments[s].segment, setting.segments[s].site)),
                shadow_price,
            });
        }
    }
    Gathered {
        segments,
        revenue,
        on_bases,
        shortages,
        residual: centre.residual,
    }
}
