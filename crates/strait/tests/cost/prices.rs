//! Prices and rates on small hand-made data: which row counts, in what currency, how far it is disputed.

use crate::hand_made::{PARAMETERS, PRICES, chip, data, fixed, hourly, load, model, near};
use jiff::civil::{Date, date};
use strait::cost::{CostModel, PriceKind};
use strait::figure::Quantity;
use strait::scenario::Scenario;

#[test]
fn a_price_is_fixed_by_any_name_of_a_chip_from_its_day_on() {
    let usd = |typed: &str, on: Date| {
        let model = model().fixing(vec![fixed(typed, 5.0, Some("2024-02"))]);
        let price = model.price(&chip("x-none"), "CN", on, on);
        price
            .known()
            .map(|p| (p.usd.value.get(), p.rests_on[0].place.to_string()))
    };
    let (before, from) = (date(2024, 1, 31), date(2024, 2, 1));
    for typed in ["x-none", "X-None", "x none"] {
        assert_eq!(usd(typed, from), Some((5.0, "mine.toml:7".to_owned())), "{typed}");
        assert_eq!(usd(typed, before), None);
    }
    assert_eq!(usd("x-nine", from), None);
}

#[test]
fn what_is_stated_comes_before_what_a_scenario_fixes_and_the_last_stated_counts() {
    let on = date(2024, 3, 1);
    let usd = |model: &CostModel| {
        model
            .price(&chip("x-a"), "CN", on, on)
            .known()
            .unwrap()
            .usd
            .value
            .get()
    };
    // Of the scenario's own the one from the latest day, whatever the order.
    let scenario = model().fixing(vec![
        fixed("x-a", 20_000.0, Some("2024-02-01")),
        fixed("x-a", 10_000.0, None),
        fixed("x-a", 90_000.0, Some("2024-03-02")),
    ]);
    assert_eq!(usd(&scenario), 20_000.0);
    let stated = scenario.with_price(fixed("x-a", 5_000.0, None));
    assert_eq!(usd(&stated), 5_000.0);
    assert_eq!(usd(&stated.with_price(fixed("x-a", 7_000.0, None))), 7_000.0);
}

#[test]
fn a_rate_counts_from_the_day_it_is_public() {
    let fx = "date,known_from,cny_per_usd,source,grade\n2023,2023-01-01,7.1,s,analysis\n\
              2024-03,2024-04-10,7.3,s,analysis\n";
    let model = load(&data(PRICES).with("market/fx.csv", fx), &Scenario::default()).unwrap();
    let rate = |on, known| model.fx(on, known).map(|fx| fx.cny_per_usd);
    assert_eq!(rate(date(2025, 1, 1), date(2024, 4, 9)), Some(7.1));
    assert_eq!(rate(date(2025, 1, 1), date(2024, 4, 10)), Some(7.3));
    assert_eq!(rate(date(2024, 2, 29), date(2025, 1, 1)), Some(7.1));
    assert_eq!(rate(date(2022, 12, 31), date(2025, 1, 1)), None);
}

#[test]
fn a_missing_rate_is_what_is_needed_and_not_the_price_or_the_tariff() {
    let fx = "date,known_from,cny_per_usd,source,grade\n2026,2026-01-01,7,s,analysis\n";
    let model = load(&data(PRICES).with("market/fx.csv", fx), &Scenario::default()).unwrap();
    let on = date(2024, 3, 1);
    let facts = |needs: &[strait::figure::Need]| {
        needs
            .iter()
            .map(|n| (n.fact.clone(), n.why.clone()))
            .collect::<Vec<_>>()
    };
    let price = model.price(&chip("x-a"), "CN", on, on);
    let rate = "yuan for one US dollar on 2024-01-10, as known on 2024-03-01".to_owned();
    assert_eq!(facts(price.needs()), [(rate, "price a1 is in yuan".to_owned())]);
    let basis = model.unpriced(&chip("x-none"), false, "CN", on, on);
    let rate = "yuan for one US dollar on 2024-03-01, as known on 2024-03-01".to_owned();
    assert_eq!(facts(basis.needs()), [(rate, "tariff cn is in yuan".to_owned())]);
}

#[test]
fn what_is_not_yet_public_is_not_used() {
    let model = model();
    let price = |on: Date, known: Date| model.price(&chip("x-a"), "CN", on, known);
    let row = |on, known| price(on, known).known().map(|p| p.row.clone());
    let on = date(2024, 7, 1);
    // Dated 1 June, public from 1 August.
    assert_eq!(row(on, date(2024, 7, 31)).as_deref(), Some("a1"));
    assert_eq!(row(on, date(2024, 8, 1)).as_deref(), Some("a2"));
    // Known later, but dated after the day asked.
    assert_eq!(row(date(2024, 5, 31), date(2026, 1, 1)).as_deref(), Some("a1"));
    assert_eq!(row(date(2024, 1, 9), date(2026, 1, 1)), None);
    assert_eq!(row(date(2024, 1, 10), date(2024, 1, 31)), None);
    let early = price(date(2024, 1, 9), date(2026, 1, 1));
    assert!(early.needs()[0].why.contains("2024-01-10"), "{:?}", early.needs());
    assert!(early.needs()[0].flag.as_deref().unwrap().contains("[[price]]"));
}

#[test]
fn a_price_is_converted_at_the_rate_of_its_own_day_and_disputed_within_120_days() {
    let model = model();
    let on = date(2024, 4, 1);
    let price = model.price(&chip("x-a"), "CN", on, on).known().unwrap().clone();
    // 71000 CNY of January at 7.1, not at the 7.3 of March.
    assert_eq!((price.usd.value.get(), price.cny_per_usd), (10_000.0, Some(7.1)));
    assert_eq!(price.age_days, 82);
    let on = date(2025, 6, 1);
    let price = model.price(&chip("x-a"), "CN", on, on).known().unwrap().clone();
    // January is 143 days before June: no dispute. Grey does not displace street, however new.
    assert_eq!((price.row.as_str(), price.kind), ("a2", PriceKind::Street));
    assert_eq!(
        (price.usd.low.get(), price.usd.value.get(), price.usd.high.get()),
        (12_000.0, 13_000.0, 14_000.0)
    );
    for (day, low) in [("2024-02-02", 10_000.0), ("2024-02-01", 12_000.0)] {
        // 120 days before 1 June 2024 is 2 February; 121 days is outside.
        let model = load(&data(&PRICES.replace("2024-01-10", day)), &Scenario::default()).unwrap();
        let price = model.price(&chip("x-a"), "CN", on, on).known().unwrap().clone();
        assert_eq!(price.usd.low.get(), low, "{day}");
    }
}

#[test]
fn a_server_price_is_shown_less_the_server_and_costs_what_was_paid() {
    let model = model();
    let cost = hourly(&model, "x-d", "CN", date(2024, 2, 1));
    // 160000 / 8 = 20000, less 8000 (to 9000) for the server.
    let usd = cost.price.usd;
    assert_eq!(
        (usd.low.get(), usd.value.get(), usd.high.get()),
        (11_000.0, 12_000.0, 12_000.0)
    );
    let owned = 24_000.0 * 0.245 / 8766.0 + 0.07;
    assert!(
        near(cost.owned.value.get(), owned + 0.75 * 0.71 / 7.1),
        "{:?}",
        cost.owned
    );
    // The server's share is unknown, what was paid is not: it does not widen the cost.
    assert!(cost.owned.is_exact(), "{:?}", cost.owned);
}

#[test]
fn plans_and_other_markets_say_so() {
    let model = model();
    let on = date(2024, 2, 1);
    let plan = model.price(&chip("x-c"), "CN", on, on).known().unwrap().clone();
    assert_eq!(plan.kind, PriceKind::Plan);
    assert!(plan.notes.iter().any(|n| n.contains("not on sale")));
    let home = model.price(&chip("x-b"), "CN", on, on).known().unwrap().clone();
    assert_eq!(home.market, "US");
    assert!(
        home.notes.iter().any(|n| n.contains("no price in CN")),
        "{:?}",
        home.notes
    );
    assert!(model.price(&chip("x-none"), "CN", on, on).known().is_none());
}

#[test]
fn a_wrong_row_is_refused_with_its_line() {
    for (row, expected) in [
        (
            "z,x-a,CN,2024-01-01,2024-01-01,1,1,EUR,card,list,s,analysis,",
            "`EUR`",
        ),
        (
            "z,x-aa,CN,2024-01-01,2024-01-01,1,1,USD,card,list,s,analysis,",
            "`x-aa` is no chip",
        ),
        (
            "z,family:g,CN,2024-01-01,2024-01-01,1,1,USD,card,list,s,analysis,",
            "`g` is no family",
        ),
        (
            "z,x-a,CN,2024-01-01,2024-01-01,-1,1,USD,card,list,s,analysis,",
            "field `low` is `-1`",
        ),
        (
            "z,x-a,CN,2024-01-01,2024-01-01,2,1,USD,card,list,s,analysis,",
            "`low` 2 is above `high` 1",
        ),
        (
            "z,x-a,China,2024-01-01,2024-01-01,1,1,USD,card,list,s,analysis,",
            "`China` is no place",
        ),
        (
            "z,x-a,CN,2024-13,2024-01-01,1,1,USD,card,list,s,analysis,",
            "`2024-13` is no date",
        ),
        (
            "z,x-a,CN,2024-01-01,2024-01-01,1,1,USD,card,list,t,analysis,",
            "source `t` is not in the register",
        ),
        (
            "z,x-a,CN,2024-01-01,2024-01-01,1,1,USD,card,list,s,official,",
            "better than source `s` allows",
        ),
        (
            "a1,x-a,CN,2024-01-01,2024-01-01,1,1,USD,card,list,s,analysis,",
            "row `a1` stands twice",
        ),
    ] {
        let error = load(&data(&format!("{PRICES}{row}\n")), &Scenario::default()).unwrap_err();
        assert!(
            error.starts_with("market/prices.csv:8: ") && error.contains(expected),
            "{error}"
        );
    }
    let error = load(
        &data(PRICES).with(
            "cost/parameters.toml",
            PARAMETERS.replace("pue = { value = 1.25", "pue = { value = 0.9"),
        ),
        &Scenario::default(),
    );
    assert!(
        error
            .unwrap_err()
            .starts_with("cost/parameters.toml:11: `pue` is 0.9")
    );
}
