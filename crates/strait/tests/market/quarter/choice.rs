//! Shares, limits, guidance and bans.

use super::made::*;
use strait::figure::{Estimate, Quantity, TokensPerDollar, Usd};
use strait::market::{MarketCase, MarketOutcome, Offer};
use strait::rules::{ChinaState, Segment, Site, SupplyEffect};

#[test]
fn shares_sum_to_one_inside_their_bands() {
    let model = model();
    let outcome = run(&model, &offers(&model), MarketCase::AsIs);
    assert_eq!(outcome.segments.len(), 6);
    for segment in &outcome.segments {
        let sum: f64 = segment.shares.iter().map(|s| s.share).sum::<f64>() + segment.outside.0;
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        for s in &segment.shares {
            assert!(
                0.0 <= s.low && s.low <= s.share && s.share <= s.high && s.high <= 1.0,
                "{s:?}"
            );
        }
        assert!(segment.budget.low < segment.budget.value && segment.budget.value < segment.budget.high);
    }
    assert_eq!(
        share(&outcome, Segment::Platform, Site::Mainland, "nvidia-h100-sxm"),
        0.0
    );
    assert!(outcome.residual <= 1e-9);
    assert!(
        outcome
            .rests_on
            .iter()
            .any(|r| r.path == "dynamics.parameters.price_exponent")
    );
    assert!(
        outcome
            .rests_on
            .iter()
            .any(|r| r.path == "supply.ascend-2025-semianalysis")
    );
}

#[test]
fn a_binding_cap_has_a_shadow_price_and_demand_meets_it() {
    let model = model();
    let outcome = run(&model, &offers(&model), MarketCase::AsIs);
    let ascend: Vec<_> = outcome
        .shortages
        .iter()
        .filter(|s| s.chip.0.starts_with("huawei"))
        .collect();
    assert!(!ascend.is_empty(), "{:?}", outcome.shortages);
    for shortage in &ascend {
        assert!(shortage.shadow_price.value.get() > 0.0);
        // 805,000 a year over 92 of 365 days, for 910B and 910C together.
        if shortage.shared_with.len() == 1 {
            assert!(
                (shortage.units - 805_000.0 * 92.0 / 365.0).abs() < 1.0,
                "{}",
                shortage.units
            );
        }
    }
    // Without an ample supply the rent would be zero: with tiny demand there is none.
    let poor: Vec<Offer> = offers(&model)
        .into_iter()
        .map(|mut o| {
            if o.vendor == "huawei" {
                for v in o.value.values_mut() {
                    *v = Estimate::exact(TokensPerDollar::of(0.5));
                }
            }
            o
        })
        .collect();
    let outcome = run(&model, &poor, MarketCase::AsIs);
    assert!(outcome.shortages.iter().all(|s| !s.chip.0.starts_with("huawei")));
}

#[test]
fn guidance_lowers_the_share_and_its_removal_restores_it() {
    let model = model();
    let free = run(&model, &offers(&model), MarketCase::AsIs);
    let mut discouraged = offers(&model);
    for access in &mut discouraged[0].access {
        if access.site == Site::Mainland {
            access.china = ChinaState::Discouraged;
        }
    }
    let guided = run(&model, &discouraged, MarketCase::AsIs);
    let without = run(&model, &discouraged, MarketCase::WithoutGuidance);
    let at = |o: &MarketOutcome| share(o, Segment::Platform, Site::Mainland, "nvidia-h20-96gb");
    assert!(at(&guided) < at(&free) * 0.5, "{} {}", at(&guided), at(&free));
    assert_eq!(at(&without), at(&free));
    let open = run(&model, &discouraged, MarketCase::WithoutUsRule);
    assert!(share(&open, Segment::Platform, Site::Mainland, "nvidia-h100-sxm") > 0.0);
}

#[test]
fn blocking_a_chip_lowers_no_rival_at_fixed_prices_and_slack_caps() {
    let model = model();
    // Dear chips: few units, so that no cap binds.
    let dear: Vec<Offer> = offers(&model)
        .into_iter()
        .map(|mut o| {
            o.price = Some(Estimate::exact(Usd::of(5e6)));
            o
        })
        .collect();
    let before = run(&model, &dear, MarketCase::AsIs);
    assert!(before.shortages.is_empty(), "{:?}", before.shortages);
    let mut without = dear.clone();
    for access in &mut without[1].access {
        access.supply_effect = SupplyEffect::Blocked;
    }
    let after = run(&model, &without, MarketCase::AsIs);
    for chip in ["nvidia-h20-96gb", "huawei-ascend-910b1", "huawei-ascend-910c"] {
        let at = |o: &MarketOutcome| share(o, Segment::Platform, Site::Mainland, chip);
        assert!(at(&after) > at(&before), "{chip}");
    }
}
