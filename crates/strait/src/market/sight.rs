//! One offer as one segment sees it: law, guidance and software, and the grey detour beside an open channel.
//!
//! What law and guidance leave is a part of the segment's buyers, as in the model over time, from whose fit these parts
//! come: that part chooses with the good among its goods, the rest without it.

use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::theta::Theta;
use super::{Access, Offer};
use crate::rules::{Channel, ChinaState, SupplyEffect};
use jiff::civil::Date;

/// Law and guidance as they count in a policy case.
fn effective(access: &Access, case: MarketCase) -> (SupplyEffect, ChinaState) {
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
    (supply, china)
}

/// One offer as one segment sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    pub(super) supply: SupplyEffect,
    china: ChinaState,
    /// Share of the segment's software that does not run on the offer's ecosystem.
    pub(super) foreign: f64,
    /// True where the offer can be had at all.
    pub(super) open: bool,
    grey: bool,
    /// Guidance that discourages is of the kind that was lightly enforced.
    mild: bool,
}

impl Sight {
    /// Its grey detour not yet closed.
    pub(super) fn of(
        offer: &Offer,
        segment: &BuyerSegment,
        (case, on, mild): (MarketCase, Date, bool),
    ) -> Self {
        let software = offer.software.as_ref().map_or("", |s| s.0.as_str());
        let access = offer
            .access
            .iter()
            .find(|a| a.segment == segment.segment && a.site == segment.site);
        let (supply, china) = access.map_or((SupplyEffect::Blocked, ChinaState::Unknown), |a| {
            effective(a, case)
        });
        let grey = offer.channel == Channel::Grey;
        Self {
            grey,
            mild,
            supply,
            china,
            foreign: 1.0 - segment.installed(software, on),
            // The law that blocks the direct channel is why there is a grey one.
            open: access.is_some()
                && if grey {
                    case != MarketCase::WithoutUsRule
                } else {
                    supply != SupplyEffect::Blocked
                },
        }
    }

    /// Part of the segment's buyers that may have the offer; `grey` is what the channel around the law is to the segment.
    pub(super) fn part(&self, theta: &Theta, grey: f64) -> f64 {
        if self.grey {
            // Who buys around one side's law does not ask the other side.
            return (theta.grey_channel * grey).min(1.0);
        }
        let us = match self.supply {
            SupplyEffect::Blocked => 0.0,
            // What is not known to need a license counts as needing one.
            SupplyEffect::Licensed | SupplyEffect::Unknown => theta.license_execution,
            SupplyEffect::Quota | SupplyEffect::Open | SupplyEffect::NotBound => 1.0,
        };
        us * match self.china {
            ChinaState::None => 1.0,
            ChinaState::Discouraged if self.mild => theta.guidance_mild,
            ChinaState::Discouraged => theta.guidance_discouraged,
            ChinaState::Banned => theta.guidance_banned,
            ChinaState::Unknown => theta.guidance_unknown,
            // No limit on units holds here, so that an approval's quota is read as a condition.
            ChinaState::Conditional | ChinaState::Quota => theta.guidance_conditional,
        }
    }
}

/// Parts of buyers, widest first, each with the goods it may have: who may have the scarcer good may have the others too.
/// What is left to one is the last, with no good.
pub(super) fn layers(parts: &[f64]) -> Vec<(f64, Vec<usize>)> {
    let mut levels: Vec<f64> = parts.iter().copied().filter(|p| *p > 0.0).collect();
    levels.sort_unstable_by(|a, b| b.total_cmp(a));
    levels.dedup();
    let mut out = Vec::with_capacity(levels.len() + 1);
    for (n, level) in levels.iter().enumerate() {
        let part = level - levels.get(n + 1).copied().unwrap_or(0.0);
        let goods = (0..parts.len()).filter(|g| parts[*g] >= *level).collect();
        out.push((part, goods));
    }
    let rest = 1.0 - levels.first().copied().unwrap_or(0.0);
    if rest > 0.0 {
        out.push((rest, Vec::new()));
    }
    out
}

/// Beside an open direct channel nobody pays for the detour: the same chip's grey offer is closed.
pub(super) fn close_detours(sight: &mut [Vec<Sight>], offers: &[&Offer]) {
    for row in sight {
        for g in 0..offers.len() {
            if offers[g].channel == Channel::Grey {
                row[g].open = !(0..offers.len()).any(|o| {
                    let other = offers[o];
                    other.chip == offers[g].chip && other.channel == Channel::Direct && row[o].open
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_hold_every_buyer_once_and_each_good_its_part() {
        let parts = [1.0, 0.25, 0.0, 0.25, 0.6];
        let found = layers(&parts);
        assert!((found.iter().map(|l| l.0).sum::<f64>() - 1.0).abs() < 1e-12);
        for (g, part) in parts.iter().enumerate() {
            let held: f64 = found.iter().filter(|l| l.1.contains(&g)).map(|l| l.0).sum();
            assert!((held - part).abs() < 1e-12, "{g}");
        }
        assert_eq!(layers(&[0.0]), [(1.0, Vec::new())]);
    }
}
