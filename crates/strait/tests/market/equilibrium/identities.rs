//! What must hold in any market.

use super::reference::near;
use proptest::prelude::*;
use strait::market::equilibrium::{Bertrand, BuyerType, Demand, Market, Outcome, PriceTerm, Product};

/// A market of up to seven products, three firms, three nests and two types of buyers, priced either way.
///
/// Tastes differ mildly: types far apart can have several equilibria, of which the start decides.
fn any_market() -> impl Strategy<Value = Market> {
    let product = (0usize..3, 0usize..3, -1.5f64..2.0, 0.3f64..1.5, 1.1f64..2.0);
    let tastes = (0.2f64..0.8, -0.3f64..0.3);
    (
        prop::collection::vec(product, 2..8),
        0.0f64..0.7,
        1.0f64..3.0,
        tastes,
        prop::option::of(0.3f64..1.0),
    )
        .prop_map(|(rows, correlation, alpha, (weight, taste), cost_of_use)| {
            let products: Vec<Product> = rows
                .iter()
                .enumerate()
                .map(|(n, (firm, nest, utility, cost, markup))| Product {
                    id: format!("p{n}"),
                    firm: format!("f{firm}"),
                    nest: format!("n{nest}"),
                    utility: *utility,
                    price: cost * markup,
                    cost: *cost,
                    levy: 0.0,
                    quota: None,
                })
                .collect();
            let price = match cost_of_use {
                None => PriceTerm::Linear,
                Some(share) => PriceTerm::CostOfUse {
                    reference: products.iter().map(|p| p.price).collect(),
                    share,
                },
            };
            let buyer = |weight: f64, price: f64, slope: f64| BuyerType {
                weight,
                price,
                taste: (0..products.len()).map(|n| slope * (n % 3) as f64).collect(),
            };
            let buyers = vec![
                buyer(weight, -alpha, taste),
                buyer(1.0 - weight, -1.15 * alpha, -taste),
            ];
            let demand = Demand {
                correlation,
                price,
                buyers,
                outside: 0.2,
                size: 1000.0,
            };
            Market::new(products, demand).unwrap()
        })
}

fn prices(outcome: &Outcome) -> Vec<f64> {
    outcome.products.iter().map(|p| p.price).collect()
}

fn same(a: &Outcome, b: &Outcome, tolerance: f64) {
    for (p, q) in a.products.iter().zip(&b.products) {
        near(p.price, q.price, tolerance, &p.id);
        near(p.share, q.share, tolerance, &p.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn shares_diversion_and_money_add_up(market in any_market()) {
        let found = market.at_given_prices().unwrap();
        let inside: f64 = found.products.iter().map(|p| p.share).sum();
        near(inside + found.outside, 1.0, 1e-12, "shares");
        for d in found.diversion.iter().chain(&found.removal) {
            near(d.to.iter().sum::<f64>() + d.outside, 1.0, 1e-10, "diversion");
            prop_assert!(d.to.iter().all(|part| *part >= -1e-12));
        }
        let spent: f64 = found.products.iter().map(|p| p.price * p.units).sum();
        let split: f64 = found.products.iter().map(|p| p.profit + p.levy_paid + p.cost * p.units).sum();
        near(spent / split, 1.0, 1e-12, "money");
    }

    #[test]
    fn removing_a_product_lowers_no_share_at_given_prices(market in any_market(), gone in 0usize..7) {
        let gone = &market.products()[gone % market.products().len()].id;
        let before = market.at_given_prices().unwrap();
        let after = market.without(gone).unwrap().at_given_prices().unwrap();
        let at = market.product(gone).unwrap();
        let (lost, removal) = (before.products[at].share, &before.removal[at]);
        near(before.outside + lost * removal.outside, after.outside, 1e-12, "outside");
        prop_assert!(after.outside >= before.outside);
        for p in &after.products {
            let k = market.product(&p.id).unwrap();
            near(before.products[k].share + lost * removal.to[k], p.share, 1e-12, &p.id);
            prop_assert!(p.share >= before.products[k].share);
        }
    }

    #[test]
    fn elasticities_are_derivatives(market in any_market(), moved in 0usize..7) {
        let k = moved % market.products().len();
        let found = market.at_given_prices().unwrap();
        let at = |factor: f64| {
            let mut prices = prices(&found);
            prices[k] *= factor;
            market.with_prices(&prices).unwrap().at_given_prices().unwrap()
        };
        let (up, down) = (at(1.0 + 1e-5), at(1.0 - 1e-5));
        for (j, row) in found.elasticities.iter().enumerate() {
            let slope = (up.products[j].units / down.products[j].units).ln() / (1.00001_f64 / 0.99999).ln();
            near(row[k], slope, 1e-6 * row[k].abs().max(1.0), "elasticity");
        }
    }

    #[test]
    fn at_equilibrium_no_firm_gains_by_another_price(market in any_market(), factor in 0.9f64..1.1, moved in 0usize..7) {
        let found = market.equilibrium().unwrap();
        prop_assert!(found.residual < 1e-11 && found.second_order());
        let j = moved % found.products.len();
        let mut prices = prices(&found);
        prices[j] *= factor;
        let other = market.with_prices(&prices).unwrap().at_given_prices().unwrap();
        let profit = |o: &Outcome| o.firms.iter().find(|f| f.firm == found.products[j].firm).unwrap().profit;
        prop_assert!(profit(&other) <= profit(&found) * (1.0 + 1e-12));
    }

    #[test]
    fn costs_implied_by_equilibrium_prices_are_the_costs(market in any_market()) {
        let found = market.equilibrium().unwrap();
        let costs = market.with_prices(&prices(&found)).unwrap().implied_costs().unwrap();
        for (cost, p) in costs.iter().zip(&found.products) {
            near(cost / p.cost, 1.0, 1e-9, &p.id);
        }
    }

    #[test]
    fn a_levy_on_a_firm_is_a_dearer_cost(market in any_market(), part in 0.0f64..0.6, firm in 0usize..3) {
        let name = market.firms()[firm % market.firms().len()].clone();
        let levied = market.with_levy(&name, part).unwrap().equilibrium().unwrap();
        let dearer: Vec<f64> = market
            .products()
            .iter()
            .map(|p| if p.firm == name { p.cost / (1.0 - part) } else { p.cost })
            .collect();
        same(&levied, &market.with_costs(&dearer).unwrap().equilibrium().unwrap(), 1e-9);
    }

    #[test]
    fn a_quota_holds_and_a_slack_one_changes_nothing(market in any_market(), part in 0.05f64..0.95, limited in 0usize..7) {
        let free = market.equilibrium().unwrap();
        let p = &free.products[limited % free.products.len()];
        let slack = market.with_quota(&p.id, p.units * 1.0001).unwrap().equilibrium().unwrap();
        prop_assert_eq!(&slack, &free);
        let at = market.with_quota(&p.id, p.units).unwrap().equilibrium().unwrap();
        same(&at, &free, 1e-8);
        let bound = market.with_quota(&p.id, p.units * part).unwrap().equilibrium().unwrap();
        let held = bound.products.iter().find(|q| q.id == p.id).unwrap();
        near(held.units / (p.units * part), 1.0, 1e-9, &p.id);
        prop_assert!(held.shadow_price > 0.0 && bound.residual < 1e-11);
        // The firm prices as if a unit cost the shadow price more.
        let dearer: Vec<f64> = bound.products.iter().map(|q| q.cost + q.shadow_price).collect();
        same(&bound, &market.with_costs(&dearer).unwrap().equilibrium().unwrap(), 1e-8);
    }
}

/// Three products and three quotas, all binding, one only because the others do.
#[test]
fn quotas_that_bind_through_one_another() {
    let product = |id: &str, utility: f64| Product {
        id: id.into(),
        firm: id.into(),
        nest: "all".into(),
        utility,
        price: 1.0,
        cost: 0.5,
        levy: 0.0,
        quota: None,
    };
    let demand = Demand {
        correlation: 0.5,
        price: PriceTerm::Linear,
        buyers: vec![BuyerType::average(-2.0, 3)],
        outside: 0.0,
        size: 100.0,
    };
    let market = Market::new(
        vec![product("a", 1.5), product("b", 1.2), product("c", 0.2)],
        demand,
    )
    .unwrap();
    let free = market.equilibrium().unwrap();
    let third = free.products[2].units * 1.2;
    let limited = market
        .with_quota("a", 3.0)
        .and_then(|m| m.with_quota("b", 2.0))
        .and_then(|m| m.with_quota("c", third))
        .unwrap()
        .equilibrium()
        .unwrap();
    for (p, units) in limited.products.iter().zip([3.0, 2.0, third]) {
        near(p.units, units, 1e-9, &p.id);
        assert!(p.shadow_price > 0.0, "{}", p.id);
    }
}

#[test]
fn the_same_bytes_on_one_and_two_threads() {
    use rayon::prelude::*;
    let market = |n: usize| {
        let products = (0..12)
            .map(|j| Product {
                id: format!("p{j}"),
                firm: format!("f{}", j % 4),
                nest: format!("n{}", j % 3),
                utility: 0.1 * (j * 7 % 11 + n) as f64,
                price: 1.0,
                cost: 0.5 + 0.05 * j as f64,
                levy: 0.0,
                quota: (j == 3).then_some(0.02),
            })
            .collect();
        let demand = Demand {
            correlation: 0.6,
            price: PriceTerm::Linear,
            buyers: vec![BuyerType::average(-2.0, 12)],
            outside: 0.0,
            size: 1.0,
        };
        Market::new(products, demand).unwrap()
    };
    let run = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            (0..16usize)
                .into_par_iter()
                .map_init(Bertrand::default, |search, n| {
                    search.solve(&market(n)).unwrap();
                    search.prices().iter().map(|p| p.to_bits()).collect::<Vec<_>>()
                })
                .flatten()
                .collect()
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn bad_markets_are_told_what_is_wrong() {
    let product = |id: &str, price: f64| Product {
        id: id.into(),
        firm: "f".into(),
        nest: "n".into(),
        utility: 0.0,
        price,
        cost: 0.5,
        levy: 0.0,
        quota: None,
    };
    let demand = |price: f64, correlation: f64| Demand {
        correlation,
        price: PriceTerm::Linear,
        buyers: vec![BuyerType::average(price, 2)],
        outside: 0.0,
        size: 1.0,
    };
    let told = |products, demand| Market::new(products, demand).unwrap_err().to_string();
    let two = || vec![product("a", 1.0), product("b", 1.0)];
    assert_eq!(
        told(vec![product("a", 1.0), product("b", -1.0)], demand(-2.0, 0.5)),
        "price of `b` is `-1` where a price above zero was expected"
    );
    assert_eq!(
        told(vec![product("a", 1.0), product("a", 1.0)], demand(-2.0, 0.5)),
        "product `a` stands twice"
    );
    assert_eq!(
        told(two(), demand(2.0, 0.5)),
        "price coefficient of `the market` is `2` where utility that falls with price was expected"
    );
    assert_eq!(
        told(two(), demand(-2.0, 1.0)),
        "correlation of `the market` is `1` where a correlation from 0 to below 1 was expected"
    );
    let market = Market::new(two(), demand(-2.0, 0.0)).unwrap();
    let error = market.without("aa").unwrap_err();
    assert_eq!(error.to_string(), "`aa` is no product of the market");
    assert_eq!(error.help().unwrap(), "one of `a`");
    assert!(market.merged("f", "f").is_err());
    assert!(market.with_levy("f", 1.0).is_err());
    assert!(market.with_quota("a", 0.0).is_err());
    assert!(market.without("a").unwrap().without("b").is_err());
}
