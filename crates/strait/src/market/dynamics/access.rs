//! Which part of a month's buyers law, guidance and shocks leave a good to.

use super::calendar::Month;
use super::environment::{AccessShare, Environment};
use super::parameters::Theta;
use super::shocks::Shocks;
use super::specification::GoodFacts;
use crate::rules::{Channel, ChinaState, Site, SupplyEffect};

/// Part of the month's buyers that may have a good, beyond the day of knowledge with what was drawn of policy.
pub(crate) fn available(
    env: &Environment,
    theta: &Theta,
    shocks: &Shocks,
    month: Month,
    good: usize,
    point: usize,
) -> f64 {
    if !env.on_sale(month, good) {
        return 0.0;
    }
    let facts = &env.goods[good];
    let buyer = &env.points[point];
    if facts.mainland_only && buyer.site == Site::Offshore {
        return 0.0;
    }
    if facts.channel == Channel::Grey {
        let direct = |d| {
            if buyer.grey_only {
                without_license(env, theta, month, d, point)
            } else {
                by_law(env, theta, month, d, point)
            }
        };
        let to_point = if buyer.grey_only {
            1.0
        } else {
            buyer.grey * theta.grey_channel
        };
        return to_point * (1.0 - facts.detour_of.map_or(0.0, direct)).max(0.0);
    }
    if buyer.grey_only {
        // What it goes round the law for it buys of the maker where no law is in the way, and nothing else.
        let around = |g: &GoodFacts| g.detour_of == Some(good);
        return if env.goods.iter().any(around) {
            without_license(env, theta, month, good, point)
        } else {
            0.0
        };
    }
    let drawn = facts.is_foreign_direct() && buyer.site == Site::Mainland && month > Month::of(env.known);
    if !drawn {
        return by_law(env, theta, month, good, point);
    }
    if let Some(answer) = shocks.answer_in(month.0, good) {
        // Made to what the US side allows; what the Chinese side says of the chip it replaces holds of it too.
        return answer
            * sum(env, month, good, point, |share| {
                guidance(env, theta, month, share)
            });
    }
    let part = by_law(env, theta, month, good, point) * shocks.access_in(month.0);
    part + shocks.relief_in(month.0, good) * (1.0 - part)
}

/// Law of both sides as a part of quantity.
fn by_law(env: &Environment, theta: &Theta, month: Month, good: usize, point: usize) -> f64 {
    let offshore = env.points[point].site == Site::Offshore;
    let around = if env.goods[good].planned {
        0.0
    } else {
        theta.offshore_leak
    };
    sum(env, month, good, point, |share| {
        let us = match share.supply {
            SupplyEffect::Blocked | SupplyEffect::Licensed | SupplyEffect::Unknown if offshore => around,
            SupplyEffect::Blocked => 0.0,
            SupplyEffect::Licensed | SupplyEffect::Unknown => theta.license_execution,
            SupplyEffect::Quota | SupplyEffect::Open | SupplyEffect::NotBound => 1.0,
        };
        us * guidance(env, theta, month, share)
    })
}

/// The part to which the US side leaves a good open without a license: who asks nobody has no license either.
fn without_license(env: &Environment, theta: &Theta, month: Month, good: usize, point: usize) -> f64 {
    sum(env, month, good, point, |share| match share.supply {
        SupplyEffect::Open | SupplyEffect::NotBound => guidance(env, theta, month, share),
        _ => 0.0,
    })
}

/// What the Chinese side leaves.
fn guidance(env: &Environment, theta: &Theta, month: Month, share: &AccessShare) -> f64 {
    match share.china {
        ChinaState::None | ChinaState::Quota => 1.0,
        ChinaState::Discouraged if month < env.firm_from => theta.guidance_mild,
        ChinaState::Discouraged => theta.guidance_discouraged,
        ChinaState::Conditional => theta.guidance_conditional,
        ChinaState::Banned => theta.guidance_banned,
        ChinaState::Unknown => theta.guidance_unknown,
    }
}

fn sum(
    env: &Environment,
    month: Month,
    good: usize,
    point: usize,
    left: impl Fn(&AccessShare) -> f64,
) -> f64 {
    env.access[env.cell(month, good, point)]
        .iter()
        .map(|share| share.part * left(share))
        .sum()
}
