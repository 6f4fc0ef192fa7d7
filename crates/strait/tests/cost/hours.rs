//! Cost of an hour and of tokens on small hand-made data: what is computed by hand here must come out there.

use crate::hand_made::{PARAMETERS, PRICES, chip, data, fixed, hourly, load, model, near, performance};
use jiff::civil::{Date, date};
use strait::cost::PriceKind;
use strait::figure::Quantity;
use strait::scenario::Scenario;

#[test]
fn an_hour_costs_what_it_costs_by_hand() {
    let cost = hourly(&model(), "x-b", "US", date(2024, 1, 1));
    // 30000 + 8000 + 4000 = 42000; straight line 0.9/4 = 0.225 a year, maintenance 0.02 a year;
    // 42000 * 0.245 / 8766 = 1.173 853; hosting (400 + 300) W * 0.1 = 0.07; over 0.8.
    // power 1.25 * (0.75 * 400 + 300) W = 0.75 kW at 0.09 = 0.0675.
    let owned = 42_000.0 * 0.245 / 8766.0 + 0.07;
    assert!(
        near(cost.total.value.get(), owned / 0.8 + 0.0675),
        "{:?}",
        cost.total
    );
    assert!(near(cost.owned.value.get(), owned + 0.0675), "{:?}", cost.owned);
    let p = cost.parts;
    let sum = p.chip + p.server + p.network + p.capital + p.power + p.operations;
    assert!(near(sum.get(), cost.total.value.get()), "{p:?}");
    assert!(near(p.chip.get(), 30_000.0 * 0.225 / 8766.0 / 0.8));
    assert!(near(p.capital.get(), 0.0));
    // Up: utilisation 0.5 and a server of 9000, each alone, squares added. Down: nothing is lower.
    let idle = owned / 0.5 - owned / 0.8;
    let server = 1000.0 * 0.245 / 8766.0 / 0.8;
    assert!(near(
        (cost.total.high - cost.total.value).get(),
        idle.hypot(server)
    ));
    assert_eq!(cost.total.low, cost.total.value);
    assert!(
        cost.rests_on
            .iter()
            .any(|r| r.of == "b1" && r.place.line == Some(5)),
        "{:?}",
        cost.rests_on
    );
    assert!(
        cost.rests_on
            .iter()
            .any(|r| r.of == "utilisation" && r.place.file == "cost/parameters.toml")
    );
}

#[test]
fn interest_follows_the_recovery_factor() {
    let text = PARAMETERS.replace("capital_rate = { value = 0.0", "capital_rate = { value = 0.1");
    let model = load(
        &data(PRICES).with("cost/parameters.toml", text),
        &Scenario::default(),
    )
    .unwrap();
    let cost = hourly(&model, "x-b", "US", date(2024, 1, 1));
    // 1.1^-4 = 0.683013; (1 - 0.1*0.683013) * 0.1 / 0.316987 = 0.293924 a year, 0.068924 above the line.
    let above = (1.0 - 0.1 * 1.1_f64.powi(-4)) * 0.1 / (1.0 - 1.1_f64.powi(-4)) - 0.225;
    assert!((above - 0.068_924).abs() < 1e-6);
    assert!(near(cost.parts.capital.get(), 42_000.0 * above / 8766.0 / 0.8));
}

#[test]
fn the_subsidised_tariff_is_for_domestic_chips_from_its_day() {
    let model = model();
    let tariff = |domestic: bool, on: Date| {
        let cost = model.hourly(&chip("x-a"), domestic, "CN", on, on);
        cost.known().unwrap().basis.tariff.value.get()
    };
    let (before, after) = (date(2025, 11, 3), date(2025, 11, 4));
    assert!(near(tariff(false, after), 0.71 / 7.3));
    assert!(near(tariff(true, after), 0.365 / 7.3));
    assert!(near(tariff(true, before), 0.71 / 7.3));
}

#[test]
fn the_tie_price_ties() {
    let model = model();
    let on = date(2025, 2, 1);
    let (own, rival) = (hourly(&model, "x-a", "CN", on), hourly(&model, "x-b", "CN", on));
    for watts in [None, Some(350.0)] {
        let (mine, theirs) = (performance("x-a", 700.0, watts), performance("x-b", 1000.0, None));
        let tie = model.tie_price(&own.basis, &mine, &rival, &theirs);
        let usd = tie.usd.expect("0.7 of the rate is worth something");
        assert!(usd.low < usd.value && usd.value < usd.high, "{usd:?}");
        let tied = model.clone().fixing(vec![fixed("x-a", usd.value.get(), None)]);
        let own = hourly(&tied, "x-a", "CN", on);
        assert_eq!(own.price.kind, PriceKind::Scenario);
        let a = tied.price_performance(&own, &mine).per_million.value.get();
        let b = tied.price_performance(&rival, &theirs).per_million.value.get();
        assert!((a / b - 1.0).abs() < 1e-9, "{a} against {b}");
    }
    // The tie price does not rest on the chip's own price: one without any has the same.
    let mine = performance("x-a", 700.0, None);
    let theirs = performance("x-b", 1000.0, None);
    let priced = model.tie_price(&own.basis, &mine, &rival, &theirs);
    let basis = model.unpriced(&chip("x-none"), false, "CN", on, on);
    let unpriced = model.tie_price(basis.known().unwrap(), &mine, &rival, &theirs);
    assert_eq!(unpriced.usd, priced.usd);
    // At a twentieth of the rate even a gift would not tie: server, network and power alone cost more.
    let slow = performance("x-a", 50.0, None);
    let tie = model.tie_price(&own.basis, &slow, &rival, &performance("x-b", 1000.0, None));
    assert_eq!(tie.usd, None);
}

#[test]
fn tokens_by_hand() {
    let model = model();
    let cost = hourly(&model, "x-b", "US", date(2024, 1, 1));
    let at = model.price_performance(&cost, &performance("x-b", 1000.0, Some(500.0)));
    // Power of the workload, not the load parameter: 1.25 * (500 + 300) = 1000 W at the wall.
    assert!(near(at.per_joule.value.get(), 1.0));
    let total = (42_000.0 * 0.245 / 8766.0 + 0.07) / 0.8 + 0.09;
    assert!(near(at.per_million.value.get(), total / 3.6));
    assert!(near(at.per_dollar.value.get() * at.per_million.value.get(), 1e6));
    assert!(near(at.per_dollar.low.get() * at.per_million.high.get(), 1e6));
}
