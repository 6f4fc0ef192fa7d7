//! S1 (nested logit) and S2 (random-coefficients nested logit): base, ban, merger, levy, quota.

use super::reference::{Elasticity, Row, by_market, near, rows, table};
use strait::market::equilibrium::{Bertrand, BuyerType, Demand, Market, Outcome, PriceTerm, Product};

#[derive(serde::Deserialize)]
struct Node {
    node_prices: f64,
    node_x: f64,
    weight: f64,
}

#[derive(serde::Deserialize)]
struct Capped {
    market: String,
    cost: f64,
    lambda: f64,
    eq_price: f64,
    eq_share: f64,
    profit_at_true_cost: f64,
}

fn product(row: &Row) -> Product {
    Product {
        id: row.product.clone(),
        firm: row.firm.clone(),
        nest: row.nest.clone(),
        utility: -1.0 + 1.5 * row.x + row.xi,
        // Any start will do; the reference prices are not told.
        price: row.effective_cost + 0.5,
        cost: row.effective_cost,
        levy: 0.0,
        quota: None,
    }
}

fn market(rows: &[Row], buyers: Vec<BuyerType>) -> Market {
    let demand = Demand {
        correlation: 0.6,
        price: PriceTerm::Linear,
        buyers,
        outside: 0.0,
        size: 1.0,
    };
    Market::new(rows.iter().map(product).collect(), demand).unwrap()
}

fn nested(rows: &[Row]) -> Market {
    market(rows, vec![BuyerType::average(-2.0, rows.len())])
}

fn random(rows: &[Row]) -> Market {
    let x: Vec<f64> = rows.iter().map(|r| r.x).collect();
    let node = |n: Node| BuyerType::node(n.weight, -2.0, [0.4, 0.5], [n.node_prices, n.node_x], &x);
    let nodes = super::reference::rows(table!("s2_nodes.csv"));
    market(rows, nodes.into_iter().map(node).collect())
}

/// Holds an equilibrium against the reference; a levied market's costs are compared as c/(1−t).
fn check(found: &Outcome, want: &[Row], elasticities: &[&Elasticity], surplus: f64, tolerance: f64) {
    assert!(found.residual < 1e-11, "{}", found.residual);
    assert!(found.second_order(), "{:?}", found.firms);
    near(found.consumer_surplus, surplus, tolerance, "consumer surplus");
    let inside: f64 = want.iter().map(|r| r.eq_share).sum();
    near(found.outside, 1.0 - inside, tolerance, "outside");
    for (j, (p, row)) in found.products.iter().zip(want).enumerate() {
        let what = format!("{} {}", row.market, row.product);
        near(p.price, row.eq_price, tolerance, &what);
        near(p.share, row.eq_share, tolerance, &what);
        let keep = p.cost / row.effective_cost;
        near(p.profit, keep * row.profit_per_capita, tolerance, &what);
        near(found.elasticities[j][j], row.own_elasticity, 1e-8, &what);
    }
    let at = |id: &str| found.products.iter().position(|p| p.id == id).unwrap();
    assert_eq!(elasticities.len(), want.len() * want.len());
    for e in elasticities {
        let (j, k) = (at(&e.of_share_j), at(&e.wrt_price_k));
        let here = found.elasticities[j][k];
        near(
            here,
            e.elasticity,
            1e-8 * e.elasticity.abs().max(1.0),
            &e.of_share_j,
        );
        // What j's rise does to k in shares: elasticities and diversion are one matrix in two units.
        if j != k {
            let slope = |a: usize, b: usize| {
                found.elasticities[a][b] * found.products[a].share / found.products[b].price
            };
            near(
                found.diversion[k].to[j],
                -slope(j, k) / slope(k, k),
                1e-9,
                "diversion",
            );
        }
    }
    for d in &found.diversion {
        near(d.to.iter().sum::<f64>() + d.outside, 1.0, 1e-12, "diversion");
    }
}

struct Case {
    table: &'static str,
    elasticities: &'static str,
    /// By market m0, m1, m2.
    surplus: [f64; 3],
}

/// Solves each market of a case from the primitives alone and compares.
fn compare(
    case: &Case,
    base: &str,
    build: impl Fn(&[Row]) -> Market,
    change: impl Fn(Market) -> Market,
    tolerance: f64,
) {
    let elasticities: Vec<Elasticity> = rows(case.elasticities);
    let wanted = by_market(case.table, |r: &Row| &r.market);
    let primitives = by_market(base, |r: &Row| &r.market);
    assert_eq!(wanted.len(), 3);
    for (((name, want), own), surplus) in wanted.iter().zip(primitives.values()).zip(case.surplus) {
        let here: Vec<&Elasticity> = elasticities.iter().filter(|e| e.market == *name).collect();
        let found = change(build(own)).equilibrium().unwrap();
        check(&found, want, &here, surplus, tolerance);
    }
}

const BASE: Case = Case {
    table: table!("s1_base.csv"),
    elasticities: table!("s1_base_elasticities.csv"),
    surplus: [0.39929412036630246, 0.7239923125799812, 0.546820889685212],
};
const S1: f64 = 1e-9;
const S2: f64 = 1e-8;

#[test]
fn nested_logit_prices_shares_elasticities_and_surplus() {
    compare(&BASE, BASE.table, nested, |m| m, S1);
}

#[test]
fn a_ban() {
    let case = Case {
        table: table!("s1_ban.csv"),
        elasticities: table!("s1_ban_elasticities.csv"),
        surplus: [0.3831176713484929, 0.510906751664924, 0.5467541091258548],
    };
    compare(&case, BASE.table, nested, |m| m.without("A1").unwrap(), S1);
}

#[test]
fn a_merger() {
    let case = Case {
        table: table!("s1_merger.csv"),
        elasticities: table!("s1_merger_elasticities.csv"),
        surplus: [0.32394747081055153, 0.5457511440272955, 0.4002363090921723],
    };
    compare(&case, BASE.table, nested, |m| m.merged("1", "2").unwrap(), S1);
}

#[test]
fn a_levy_of_a_quarter() {
    let case = Case {
        table: table!("s1_levy25.csv"),
        elasticities: table!("s1_levy25_elasticities.csv"),
        surplus: [0.30960677232448075, 0.617515285173204, 0.39792522832211685],
    };
    let levied = |m: Market| m.with_levy("1", 0.25).unwrap().with_levy("2", 0.25).unwrap();
    compare(&case, BASE.table, nested, levied, S1);
}

#[test]
fn a_quota_and_its_shadow_price() {
    let wanted = by_market(table!("s1_cap.csv"), |r: &Capped| &r.market);
    for (want, own) in wanted
        .values()
        .zip(by_market(BASE.table, |r: &Row| &r.market).values())
    {
        let market = nested(own).with_quota("B1", 0.2).unwrap();
        let found = market.equilibrium().unwrap();
        assert!(found.residual < 1e-11 && found.second_order());
        for (p, row) in found.products.iter().zip(want) {
            near(p.cost, row.cost, 1e-15, &p.id);
            near(p.price, row.eq_price, S1, &p.id);
            near(p.share, row.eq_share, S1, &p.id);
            near(p.shadow_price, row.lambda, S1, &p.id);
            near(p.profit, row.profit_at_true_cost, S1, &p.id);
        }
    }
}

#[test]
fn random_coefficients() {
    let case = Case {
        table: table!("s2_rcnl_base.csv"),
        elasticities: table!("s2_rcnl_base_elasticities.csv"),
        surplus: [0.5275019420222073, 0.9415848229184497, 0.749129264535527],
    };
    compare(&case, case.table, random, |m| m, S2);
    let merger = Case {
        table: table!("s2_rcnl_merger.csv"),
        elasticities: table!("s2_rcnl_merger_elasticities.csv"),
        surplus: [0.42569932479921, 0.7123326195853321, 0.5417444313370071],
    };
    compare(&merger, case.table, random, |m| m.merged("1", "2").unwrap(), S2);
}

#[test]
fn costs_implied_by_equilibrium_prices_are_the_costs() {
    for (text, build) in [
        (BASE.table, nested as fn(&[Row]) -> Market),
        (table!("s2_rcnl_base.csv"), random),
    ] {
        for rows in by_market(text, |r: &Row| &r.market).values() {
            let prices: Vec<f64> = rows.iter().map(|r| r.eq_price).collect();
            let found = build(rows).with_prices(&prices).unwrap().implied_costs().unwrap();
            for (cost, row) in found.iter().zip(rows) {
                near(*cost, row.effective_cost, S1, &row.product);
            }
        }
    }
}

#[test]
fn one_search_serves_markets_of_any_size() {
    let mut search = Bertrand::default();
    for rows in by_market(BASE.table, |r: &Row| &r.market).values() {
        for market in [nested(rows), nested(rows).without("C2").unwrap(), random(rows)] {
            search.solve(&market).unwrap();
            let alone = market.equilibrium().unwrap();
            let prices: Vec<f64> = alone.products.iter().map(|p| p.price).collect();
            assert_eq!(search.prices(), prices);
        }
    }
}
