//! Nevo's cereal: elasticities, diversion, costs and a merger at estimated parameters.

use super::reference::{Elasticity, Ratio, near, rows, table};
use strait::market::equilibrium::{BuyerType, Demand, Market, PriceTerm, Product};

#[derive(serde::Deserialize)]
struct Row {
    product: String,
    firm: String,
    nest: String,
    price: f64,
    share: f64,
    delta: f64,
    cost: f64,
    lerner_markup: f64,
    profit: f64,
    price_merger: f64,
    share_merger: f64,
    profit_merger: f64,
}

#[derive(serde::Deserialize)]
struct Whole {
    cs: f64,
    cs_merger: f64,
    hhi: f64,
    hhi_merger: f64,
}

/// `summary.json`: estimated price coefficient and correlation.
struct Case {
    alpha: f64,
    rho: f64,
    products: &'static str,
    elasticities: &'static str,
    diversion: &'static str,
    whole: &'static str,
}

fn check(case: &Case) {
    let want: Vec<Row> = rows(case.products);
    let products = want
        .iter()
        .map(|r| Product {
            id: r.product.clone(),
            firm: r.firm.clone(),
            nest: r.nest.clone(),
            utility: r.delta - case.alpha * r.price,
            price: r.price,
            cost: r.cost.max(0.0),
            levy: 0.0,
            quota: None,
        })
        .collect();
    let demand = Demand {
        correlation: case.rho,
        price: PriceTerm::Linear,
        buyers: vec![BuyerType::average(case.alpha, want.len())],
        outside: 0.0,
        size: 1.0,
    };
    let market = Market::new(products, demand).unwrap();
    let found = market.at_given_prices().unwrap();
    let whole: Whole = rows(case.whole).remove(0);
    near(found.consumer_surplus, whole.cs, 1e-9, "consumer surplus");
    near(found.hhi, whole.hhi, 1e-6, "HHI");
    let costs = market.implied_costs().unwrap();
    for ((p, row), cost) in found.products.iter().zip(&want).zip(&costs) {
        near(p.share, row.share, 1e-9, &p.id);
        near(*cost, row.cost, 1e-9, &p.id);
        near((p.price - cost) / p.price, row.lerner_markup, 1e-8, &p.id);
        near((p.price - cost) * p.share, row.profit, 1e-9, &p.id);
    }
    let at = |id: &str| found.products.iter().position(|p| p.id == id).unwrap();
    let elasticities: Vec<Elasticity> = rows(case.elasticities);
    assert!(elasticities.len() > 60);
    for e in elasticities {
        let here = found.elasticities[at(&e.of_share_j)][at(&e.wrt_price_k)];
        near(here / e.elasticity, 1.0, 1e-8, &e.of_share_j);
    }
    for d in rows::<Ratio>(case.diversion) {
        let from = &found.diversion[at(&d.from_j)];
        let here = if d.from_j == d.to_k {
            from.outside
        } else {
            from.to[at(&d.to_k)]
        };
        near(here, d.diversion, 1e-8 * d.diversion.abs().max(1e-3), &d.from_j);
    }
    let costed = market.with_costs(&costs).unwrap();
    let merged = costed.merged("1", "2").unwrap().equilibrium().unwrap();
    assert!(merged.residual < 1e-11 && merged.second_order());
    near(
        merged.consumer_surplus,
        whole.cs_merger,
        1e-9,
        "consumer surplus, merged",
    );
    near(merged.hhi, whole.hhi_merger, 1e-5, "HHI, merged");
    for (p, row) in merged.products.iter().zip(&want) {
        near(p.price, row.price_merger, 1e-9, &p.id);
        near(p.share, row.share_merger, 1e-9, &p.id);
        near(p.profit, row.profit_merger, 1e-9, &p.id);
    }
}

#[test]
fn nests_by_mushiness() {
    check(&Case {
        alpha: -6.904403130523261,
        rho: 0.9537207910697348,
        products: table!("a_nested_mushy_products.csv"),
        elasticities: table!("a_nested_mushy_elasticities.csv"),
        diversion: table!("a_nested_mushy_diversion.csv"),
        whole: table!("a_nested_mushy_markets.csv"),
    });
}

#[test]
fn one_nest() {
    check(&Case {
        alpha: -1.3293100535079265,
        rho: 0.9824626401656374,
        products: table!("b_nested_single_products.csv"),
        elasticities: table!("b_nested_single_elasticities.csv"),
        diversion: table!("b_nested_single_diversion.csv"),
        whole: table!("b_nested_single_markets.csv"),
    });
}

#[test]
fn a_plain_logit() {
    check(&Case {
        alpha: -30.097755182675186,
        rho: 0.0,
        products: table!("c_logit_fe_products.csv"),
        elasticities: table!("c_logit_fe_elasticities.csv"),
        diversion: table!("c_logit_fe_diversion.csv"),
        whole: table!("c_logit_fe_markets.csv"),
    });
}
