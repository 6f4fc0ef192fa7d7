//! One offer as one segment sees it: law, guidance and software, and the grey detour beside an open channel.

use super::result::MarketCase;
use super::segments::BuyerSegment;
use super::{Access, Offer};
use crate::rules::{Channel, ChinaState, SupplyEffect};
use jiff::civil::Date;

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

/// One offer as one segment sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    pub(super) supply: SupplyEffect,
    pub(super) china: ChinaState,
    pub(super) quota: Option<f64>,
    /// Share of the segment's software that does not run on the offer's ecosystem.
    pub(super) foreign: f64,
    /// True where the offer can be had at all.
    pub(super) open: bool,
}

impl Sight {
    /// Its grey detour not yet closed.
    pub(super) fn of(offer: &Offer, segment: &BuyerSegment, case: MarketCase, on: Date) -> Self {
        let software = offer.software.as_ref().map_or("", |s| s.0.as_str());
        let access = offer
            .access
            .iter()
            .find(|a| a.segment == segment.segment && a.site == segment.site);
        let (supply, china, quota) = access.map_or((SupplyEffect::Blocked, ChinaState::Unknown, None), |a| {
            effective(a, case)
        });
        let grey = offer.channel == Channel::Grey;
        Self {
            supply,
            china,
            quota,
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
