//! Fleets: limits kept, demands met, nothing alone better.

use proptest::prelude::*;
use strait::catalog::ChipId;
use strait::cost::{Candidate, FleetLimits, NoFleet, fleet};
use strait::figure::{Estimate, Kilowatts, Quantity, TokensPerSecond, Usd, UsdPerHour};

fn candidate(
    id: &str,
    unit: u32,
    (rate, usd, hour, kw): (f64, f64, f64, f64),
    available: Option<u32>,
) -> Candidate {
    let rate = |k: f64| TokensPerSecond::of(rate * k);
    Candidate {
        chip: ChipId(id.into()),
        unit,
        rate: Estimate::new(rate(1.0), rate(0.8), rate(1.25)),
        purchase: Usd::of(usd),
        hour: Estimate::exact(UsdPerHour::of(hour)),
        power: Kilowatts::of(kw),
        available,
        held: false,
    }
}

fn limits(budget: Option<f64>, kw: Option<f64>, demand: Option<f64>) -> FleetLimits {
    FleetLimits {
        budget: budget.map(Usd::of),
        power: kw.map(Kilowatts::of),
        demand: demand.map(TokensPerSecond::of),
    }
}

#[test]
fn a_mix_beats_either_kind_where_two_limits_bind() {
    // Nodes of 8. Fast: 100 tok/s, 40000 USD, 2 kW a chip; frugal: 60 tok/s, 30000 USD, 1 kW.
    let fast = candidate("fast", 8, (100.0, 40_000.0, 1.5, 2.0), None);
    let frugal = candidate("frugal", 8, (60.0, 30_000.0, 1.0, 1.0), None);
    // 3.2 M USD: ten nodes of fast (160 kW) or thirteen of frugal. 120 kW: seven of fast, fifteen of frugal.
    let limit = limits(Some(3_200_000.0), Some(120.0), None);
    let found = fleet(&[fast.clone(), frugal.clone()], &limit, Some(7.0)).unwrap();
    // By hand, nodes f + g with 0.32 f + 0.24 g <= 3.2 and 16 f + 8 g <= 120, most of 800 f + 480 g:
    // f=7: g=1 (6080); f=6: g=3 (6240); f=5: g=5 (6400); f=4: g=7 (6560); f=3: g=9 (6720); f=2: g=10 (6400).
    let chips: Vec<(&str, u64)> = found.parts.iter().map(|p| (p.chip.0.as_str(), p.chips)).collect();
    assert_eq!(chips, [("fast", 24), ("frugal", 72)]);
    assert_eq!(found.rate.value.get(), 6720.0);
    assert_eq!(
        (found.rate.low.get(), found.rate.high.get()),
        (6720.0 * 0.8, 6720.0 * 1.25)
    );
    assert_eq!(found.purchase.usd.value.get(), 3_120_000.0);
    assert_eq!(found.purchase.cny.unwrap().value.get(), 21_840_000.0);
    assert_eq!((found.power.get(), found.gap.get()), (120.0, 0.0));
    let alone = |c: &Candidate| {
        fleet(std::slice::from_ref(c), &limit, None)
            .unwrap()
            .rate
            .value
            .get()
    };
    assert_eq!((alone(&fast), alone(&frugal)), (5600.0, 6240.0));
}

#[test]
fn what_is_on_hand_is_used_before_more_is_bought() {
    let bought = candidate("new", 8, (100.0, 40_000.0, 1.5, 2.0), Some(80));
    let held = Candidate {
        held: true,
        hour: Estimate::exact(UsdPerHour::of(0.2)),
        purchase: Usd::of(0.0),
        ..candidate("old", 8, (50.0, 0.0, 0.2, 1.0), Some(20))
    };
    let found = fleet(&[held, bought.clone()], &limits(None, None, Some(2000.0)), None).unwrap();
    // Two nodes of the new give 1600 and one of the two on hand the rest; a third of the new would cost more.
    let chips: Vec<(&str, u64, bool)> = found
        .parts
        .iter()
        .map(|p| (p.chip.0.as_str(), p.chips, p.held))
        .collect();
    assert_eq!(chips, [("old", 8, true), ("new", 16, false)]);
    // Eighty of the new give 8000 and no more.
    let most = fleet(
        std::slice::from_ref(&bought),
        &limits(None, None, Some(8000.0)),
        None,
    )
    .unwrap();
    assert_eq!(most.parts[0].chips, 80);
    let error = fleet(
        std::slice::from_ref(&bought),
        &limits(None, None, Some(8000.1)),
        None,
    )
    .unwrap_err();
    assert_eq!(error, NoFleet::Demand { most: 8000.0 });
}

#[test]
fn without_any_limit_there_is_no_answer() {
    let any = candidate("any", 8, (100.0, 40_000.0, 1.5, 2.0), None);
    assert_eq!(
        fleet(&[any], &limits(None, None, None), None).unwrap_err(),
        NoFleet::NoLimit
    );
}

#[test]
fn chips_are_counted_past_four_thousand_million_and_too_many_is_an_error_of_its_own() {
    let any = candidate("any", 8, (100.0, 40_000.0, 1.5, 2.0), None);
    let bought = |budget: f64| {
        fleet(
            std::slice::from_ref(&any),
            &limits(Some(budget), None, None),
            None,
        )
    };
    // A node costs 320,000 USD: 1e15 buy 3,125,000,000 nodes of eight.
    let many = bought(1e15).unwrap();
    assert_eq!(many.parts[0].chips, 25_000_000_000);
    assert_eq!(many.rate.value.get(), 2.5e12);
    // The most nodes that are counted, and one more.
    let most = f64::from(u32::MAX - 1) * 320_000.0;
    assert_eq!(bought(most).unwrap().parts[0].chips, 8 * u64::from(u32::MAX - 1));
    assert_eq!(
        bought(most + 320_000.0).unwrap_err(),
        NoFleet::TooMany {
            chip: any.chip.clone()
        }
    );
}

prop_compose! {
    fn kinds()(
        all in proptest::collection::vec(
            (1.0f64..50.0, 1000.0f64..50_000.0, 0.1f64..5.0, 0.2f64..3.0, proptest::option::of(0u32..400)), 1..6),
    ) -> Vec<Candidate> {
        all.into_iter()
            .enumerate()
            .map(|(n, (rate, usd, hour, kw, most))| candidate(&format!("x-{n}"), 8, (rate, usd, hour, kw), most))
            .collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_fleet_exceeds_its_limits_and_no_single_kind_is_faster(
        kinds in kinds(), budget in 1e5f64..2e7, kw in 10.0f64..2000.0,
    ) {
        let limit = limits(Some(budget), Some(kw), None);
        let best = fleet(&kinds, &limit, None).unwrap();
        prop_assert!(best.purchase.usd.value.get() <= budget * (1.0 + 1e-9));
        prop_assert!(best.power.get() <= kw * (1.0 + 1e-9));
        for part in &best.parts {
            let of = kinds.iter().find(|k| k.chip == part.chip).unwrap();
            prop_assert!(part.chips % u64::from(of.unit) == 0 && of.available.is_none_or(|most| part.chips <= u64::from(most)));
        }
        for kind in &kinds {
            let alone = fleet(std::slice::from_ref(kind), &limit, None).unwrap();
            let (alone, best) = (alone.rate.value.get(), best.rate.value.get());
            prop_assert!(alone <= best * (1.0 + 1e-9), "{} alone {alone}, best {best}", kind.chip);
        }
    }

    #[test]
    fn a_demand_is_met_at_no_more_than_any_single_kind_costs(
        kinds in kinds(), budget in 1e5f64..2e7, demand in 10.0f64..20_000.0,
    ) {
        let limit = limits(Some(budget), None, Some(demand));
        let best = fleet(&kinds, &limit, None);
        if let Ok(best) = &best {
            prop_assert!(best.rate.value.get() >= demand * (1.0 - 1e-9));
            prop_assert!(best.purchase.usd.value.get() <= budget * (1.0 + 1e-9));
        }
        for kind in &kinds {
            if let Ok(alone) = fleet(std::slice::from_ref(kind), &limit, None) {
                let best = best.as_ref().expect("one kind meets it alone");
                let (alone, best) = (alone.hour.usd.value.get(), best.hour.usd.value.get());
                prop_assert!(best <= alone * (1.0 + 1e-6), "{} alone {alone}, best {best}", kind.chip);
            }
        }
    }
}
