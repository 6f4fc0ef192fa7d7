//! Levies, regions, rents, stated figures, tokens, runs and comparisons: what is computed by hand must come out.

use crate::hand_made::{PRICES, chip, data, hourly, load, model, near, performance};
use jiff::civil::date;
use proptest::prelude::*;
use strait::catalog::ChipId;
use strait::cost::{Assumptions, CostModel, HourlyCost, Levy, LevyOn, Money, Rent, ServingRate, Side};
use strait::figure::{
    Estimate, Outcome, Quantity, Ratio, TokensPerSecond, UsdPerHour, UsdPerKilowattHour, UsdPerMillionTokens,
};
use strait::perf::Performance;
use strait::scenario::Scenario;

fn levy(chip: &str, on: LevyOn, certain: bool) -> Levy {
    Levy {
        chip: ChipId(chip.into()),
        instrument: "act".into(),
        on,
        rate: Ratio::of(0.15),
        certain,
        from: "2024-03-01".parse().unwrap(),
    }
}

fn side<'a>(hourly: &'a HourlyCost, performance: &'a Performance, rent: Option<&'a Rent>) -> Side<'a> {
    Side {
        unpriced: &hourly.basis,
        hourly: Some(hourly),
        rent,
        performance,
    }
}

fn assuming(stated: Assumptions) -> CostModel {
    model().assuming(&stated).expect("possible figures")
}

#[test]
fn a_price_older_than_a_levy_is_raised_by_what_is_passed_on() {
    let on = date(2024, 9, 1);
    let usd = |levy: Levy| {
        let id = levy.chip.0.clone();
        let place = if id == "x-b" { "US" } else { "CN" };
        let price = model().with_levies([levy]).price(&chip(&id), place, on, on);
        price.known().expect("priced").clone()
    };
    // x-b costs 30000 since 2023. A share of 0.15 takes 0.15/0.85 of the price to recover; 0.4 of it is passed on.
    let share = usd(levy("x-b", LevyOn::Revenue, true));
    let full = 30_000.0 / 0.85;
    assert!(near(share.usd.value.get(), 30_000.0 * (1.0 + 0.4 * 0.15 / 0.85)));
    assert!(near(share.usd.low.get(), 30_000.0) && near(share.usd.high.get(), full));
    assert!(!share.levies[0].in_price && near(share.levies[0].usd.high.get(), full * 0.15));
    // A duty of 0.15 takes 0.15 of it.
    let duty = usd(levy("x-b", LevyOn::Import, true));
    assert!(near(duty.usd.value.get(), 30_000.0 * 1.06) && near(duty.usd.high.get(), 34_500.0));
    // Of a price of 34,500 that holds it the customs value is 30,000 and the duty 4,500.
    assert!(near(duty.levies[0].usd.high.get(), 4_500.0));
    // One that may not apply only widens upwards.
    let perhaps = usd(levy("x-b", LevyOn::Import, false));
    assert!(near(perhaps.usd.value.get(), 30_000.0) && near(perhaps.usd.high.get(), 34_500.0));
    assert!(near(perhaps.levies[0].usd.low.get(), 0.0));
    // x-a's price is of June 2024, after the levy began: it holds the levy already.
    let newer = usd(levy("x-a", LevyOn::Revenue, true));
    assert!(near(newer.usd.value.get(), 13_000.0) && newer.levies[0].in_price);
    // Another chip's levy is not this one's.
    let other = model().with_levies([levy("x-a", LevyOn::Revenue, true)]);
    let price = other.price(&chip("x-b"), "US", on, on);
    assert!(price.known().unwrap().levies.is_empty());
}

#[test]
fn a_region_has_its_own_tariff_and_no_subsidy_reported_elsewhere() {
    let on = date(2025, 12, 1);
    let of = |place: &str, domestic: bool| {
        let hour = model().hourly(&chip("x-a"), domestic, place, on, on);
        hour.known().expect("priced").clone()
    };
    let tariff = |place, domestic| of(place, domestic).basis.tariff;
    assert!(near(tariff("CN-GS", true).value.get(), 0.292 / 7.3));
    assert!(near(tariff("CN-GS", true).low.get(), 0.146 / 7.3));
    assert!(
        near(tariff("CN-GS", false).value.get(), 0.71 / 7.3),
        "no row of its own: the country's"
    );
    assert!(
        near(tariff("CN-BJ", true).value.get(), 0.71 / 7.3),
        "another region's subsidy is not taken"
    );
    assert!(
        near(tariff("CN", true).value.get(), 0.365 / 7.3),
        "the country's row for domestic chips"
    );
    let note = of("CN-BJ", true).notes.join(" ");
    assert!(note.contains("CN-GS") && note.contains("unknown"), "{note}");
    assert!(of("CN-GS", true).notes.iter().all(|n| !n.contains("unknown")));
    // The price is the country's.
    assert_eq!(of("CN-GS", true).price.market, "CN");
}

#[test]
fn a_rent_is_the_latest_inside_the_hull_of_its_time() {
    let on = date(2024, 1, 1);
    let rent = model().rent(&chip("x-b"), "US", on, on).known().unwrap().clone();
    // 1.8 to 2.2 of December, 1.5 of September (91 days before); 9 of July (153 days) is out.
    let usd = rent.hour.usd;
    assert_eq!((usd.low.get(), usd.value.get(), usd.high.get()), (1.5, 2.0, 2.2));
    assert_eq!(rent.terms, ["on_demand", "reserved_1y"]);
    // The yuan of the day: 7.1.
    assert!(near(rent.hour.cny.unwrap().value.get(), 14.2));
    // No other market's rent stands in.
    let missing = model().rent(&chip("x-b"), "CN", on, on);
    assert!(missing.needs()[0].fact.contains("x-b in CN"), "{missing:?}");
}

#[test]
fn owning_and_renting_cost_the_same_at_the_break_even() {
    let on = date(2024, 1, 1);
    let hour = hourly(&model(), "x-b", "US", on);
    // Owned without electricity: 42000 * 0.245 / 8766 + 0.07; electricity 0.0675 (see an_hour_costs_what_it_costs).
    let idle = 42_000.0 * 0.245 / 8766.0 + 0.07;
    let rent = Estimate::exact(UsdPerHour::of(2.0));
    let even = model().own_or_rent(&hour, &rent).expect("two dollars are enough");
    let share = even.utilisation.value;
    assert!(near(share.get(), idle / (2.0 - 0.0675)), "{share:?}");
    let at = assuming(Assumptions {
        utilisation: Some(share),
        ..Assumptions::default()
    });
    assert!(near(hourly(&at, "x-b", "US", on).total.value.get(), 2.0));
    // A rent below what even a chip never idle costs is never beaten.
    let low = Estimate::exact(UsdPerHour::of(idle + 0.0675 - 1e-6));
    assert_eq!(model().own_or_rent(&hour, &low), None);
    let just = Estimate::exact(UsdPerHour::of(idle + 0.0675 + 1e-6));
    assert!(model().own_or_rent(&hour, &just).is_some());
}

#[test]
fn stated_figures_are_exact_and_impossible_ones_refused() {
    let on = date(2024, 1, 1);
    let stated = assuming(Assumptions {
        utilisation: Some(Ratio::of(0.5)),
        pue: Some(Ratio::of(1.1)),
        tariff: Some(UsdPerKilowattHour::of(0.2)),
        ..Assumptions::default()
    });
    let hour = hourly(&stated, "x-b", "US", on);
    // Power 1.1 * (300 + 300) W at 0.2.
    let owned = 42_000.0 * 0.245 / 8766.0 + 0.07;
    assert!(near(hour.total.value.get(), owned / 0.5 + 0.66 * 0.2));
    assert!(
        hour.rests_on
            .iter()
            .any(|r| r.of == "utilisation" && r.source.0 == "user")
    );
    let bad = Assumptions {
        pue: Some(Ratio::of(0.99)),
        ..Assumptions::default()
    };
    let error = model().assuming(&bad).unwrap_err().to_string();
    assert_eq!(error, "`pue` is 0.99; 1 or more is possible");
    let bad = Assumptions {
        utilisation: Some(Ratio::of(1.01)),
        ..Assumptions::default()
    };
    let error = model().assuming(&bad).unwrap_err().to_string();
    assert_eq!(error, "`utilisation` is 1.01; from 0.01 to 1 is possible");
}

#[test]
fn prompt_and_output_tokens_together_pay_for_the_chip() {
    let on = date(2024, 1, 1);
    let hour = hourly(&model(), "x-b", "US", on);
    let tokens = |rate: f64| Estimate::exact(TokensPerSecond::of(rate));
    let rate = ServingRate {
        input: tokens(2000.0),
        output: tokens(1000.0),
        prompt_share: Ratio::of(0.25),
        ttft: None,
        tpot: None,
        performance: performance("x-b", 1000.0, None),
    };
    let rent = model().rent(&chip("x-b"), "US", on, on);
    let cost = model().tokens(&hour, rent.known(), &rate);
    let all = hour.total.value.get() / 3.6;
    let usd = |m: Money<UsdPerMillionTokens>| m.usd.value.get();
    assert!(near(usd(cost.owned.output_bears_all), all));
    assert!(near(usd(cost.owned.input), all * 0.25 / 2.0) && near(usd(cost.owned.output), all * 0.75));
    assert!(near(usd(cost.owned.input) * 2.0 + usd(cost.owned.output), all));
    assert!(near(cost.owned.input.cny.unwrap().value.get(), all * 0.125 * 7.1));
    // A rent of 2 (1.5 to 2.2) over 3.6 million tokens an hour.
    let rented = cost.rented.unwrap().output_bears_all.usd;
    assert!(near(rented.value.get(), 2.0 / 3.6) && near(rented.low.get(), 1.5 / 3.6));
}

#[test]
fn at_the_break_even_utilisation_a_token_costs_the_same() {
    let on = date(2025, 2, 1);
    let base = model();
    let (own, rival) = (hourly(&base, "x-a", "CN", on), hourly(&base, "x-b", "CN", on));
    let (mine, theirs) = (performance("x-a", 700.0, None), performance("x-b", 1000.0, None));
    let rent = base.rent(&chip("x-b"), "US", date(2024, 1, 1), date(2024, 1, 1));
    let found = base.compare(&side(&own, &mine, None), &side(&rival, &theirs, rent.known()), 70);
    assert!(near(found.speed.value.get(), 0.7) && near(found.matched_by.value.get(), 100.0));
    assert!(
        near(found.tie_rent.unwrap().usd.value.get(), 1.4),
        "0.7 of a rent of 2"
    );
    let share = found
        .tie_utilisation
        .expect("0.7 of the rate at half the price ties")
        .utilisation
        .value;
    let at = assuming(Assumptions {
        utilisation: Some(share),
        ..Assumptions::default()
    });
    let per = |model: &CostModel, hour: &HourlyCost, run: &Performance| {
        model.price_performance(hour, run).per_million.value.get()
    };
    let a = per(&at, &hourly(&at, "x-a", "CN", on), &mine);
    let b = per(&base, &rival, &theirs);
    assert!((a / b - 1.0).abs() < 1e-9, "{a} against {b} at {share:?}");
    let ratio = found.per_dollar.unwrap().value.get();
    assert!(near(ratio, b / per(&base, &own, &mine)));
    // Chips of one make against themselves: every ratio is one, and the parameters cancel.
    let same = base.compare(&side(&own, &mine, None), &side(&own, &mine, None), 8);
    assert!(near(same.per_watt.value.get(), 1.0) && near(same.per_dollar.unwrap().value.get(), 1.0));
    assert!(
        near(same.matched_by.value.get(), 8.0) && near(same.power.0.value.get(), same.power.1.value.get())
    );
}

#[test]
fn what_lies_past_the_last_reading_is_counted() {
    let model = load(&data(PRICES), &Scenario::default()).unwrap();
    assert_eq!(model.verified_through(), date(2026, 1, 31));
    assert_eq!(model.days_past(date(2026, 1, 31)), 0);
    assert_eq!(model.days_past(date(2026, 2, 1)), 1);
    let bad = data(PRICES).with("cost/meta.toml", "verified = 2026-01-31\n");
    let error = load(&bad, &Scenario::default()).unwrap_err();
    assert!(error.starts_with("cost/meta.toml:1: "), "{error}");
}

#[test]
fn an_unknown_price_says_what_would_decide() {
    let on = date(2024, 1, 1);
    let hour = model().hourly(&chip("x-none"), false, "CN", on, on);
    let Outcome::Unknown(needs) = hour else {
        panic!("no price is known")
    };
    assert!(needs[0].fact.contains("price of x-none in CN"), "{needs:?}");
}

fn total(stated: Assumptions) -> f64 {
    hourly(&assuming(stated), "x-b", "US", date(2024, 1, 1))
        .total
        .value
        .get()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_hour_costs_more_with_tariff_and_pue_and_less_with_use(
        tariff in 0.01f64..0.5, pue in 1.0f64..2.0, utilisation in 0.05f64..0.9, by in 1.001f64..1.1,
    ) {
        let of = |tariff: f64, pue: f64, utilisation: f64| total(Assumptions {
            tariff: Some(UsdPerKilowattHour::of(tariff)),
            pue: Some(Ratio::of(pue)),
            utilisation: Some(Ratio::of(utilisation)),
            ..Assumptions::default()
        });
        let base = of(tariff, pue, utilisation);
        prop_assert!(of(tariff * by, pue, utilisation) > base);
        prop_assert!(of(tariff, pue * by, utilisation) > base);
        prop_assert!(of(tariff, pue, utilisation * by) < base);
    }
}
