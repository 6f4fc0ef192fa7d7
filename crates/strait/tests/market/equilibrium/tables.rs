//! A user's tables against PyBLP: products and nodes as CSV, and firms that hold parts of one another.

use super::reference::{Row, by_market, near, rows, table};
use std::fmt::Write as _;
use strait::data::DataFile;
use strait::market::equilibrium::{Holding, LogitDemand, Market, Node, Outcome, ProductTable, Tastes};

fn markets(text: &'static str) -> Vec<Vec<Row>> {
    by_market(text, |r: &Row| &r.market).into_values().collect()
}

/// The rows as a table of products with their equilibrium prices and shares; costs where asked.
fn products(rows: &[Row], costs: bool) -> ProductTable {
    let mut text = String::from("product,firm,nest,price,characteristic,share");
    text.push_str(if costs { ",cost\n" } else { "\n" });
    for r in rows {
        let _ = write!(
            text,
            "{},{},{},{},{},{}",
            r.product, r.firm, r.nest, r.eq_price, r.x, r.eq_share
        );
        let _ = writeln!(
            text,
            "{}",
            if costs {
                format!(",{}", r.effective_cost)
            } else {
                String::new()
            }
        );
    }
    ProductTable::read(DataFile {
        path: "products.csv",
        text: &text,
    })
    .unwrap()
}

fn demand(tastes: Option<Tastes>) -> LogitDemand {
    LogitDemand {
        price_coefficient: -2.0,
        correlation: 0.6,
        size: 1.0,
        tastes,
    }
}

/// The nodes of S2 as a user would write them.
fn tastes() -> Tastes {
    #[derive(serde::Deserialize)]
    struct Given {
        node_prices: f64,
        node_x: f64,
        weight: f64,
    }
    let mut text = String::from("weight,price,characteristic\n");
    for n in rows::<Given>(table!("s2_nodes.csv")) {
        let _ = writeln!(text, "{},{},{}", n.weight, n.node_prices, n.node_x);
    }
    Tastes {
        sigma_price: 0.4,
        sigma_characteristic: 0.5,
        nodes: Node::read(DataFile {
            path: "nodes.csv",
            text: &text,
        })
        .unwrap(),
    }
}

fn agrees(found: &Outcome, want: &[Row], tolerance: f64) {
    assert!(found.residual < 1e-11 && found.second_order());
    for (p, row) in found.products.iter().zip(want) {
        near(p.price, row.eq_price, tolerance, &p.id);
        near(p.share, row.eq_share, tolerance, &p.id);
        near(p.profit, row.profit_per_capita, tolerance, &p.id);
    }
}

#[test]
fn shares_and_nodes_give_back_utilities_prices_costs_and_a_merger() {
    let merged = markets(table!("s2_rcnl_merger.csv"));
    for (want, after) in markets(table!("s2_rcnl_base.csv")).iter().zip(&merged) {
        let market = products(want, true)
            .market(&demand(Some(tastes())), Vec::new())
            .unwrap();
        for (p, row) in market.products().iter().zip(want) {
            near(p.utility, -1.0 + 1.5 * row.x + row.xi, 1e-9, &p.id);
        }
        let found = market.equilibrium().unwrap();
        agrees(&found, want, 1e-8);
        for (j, row) in want.iter().enumerate() {
            near(found.elasticities[j][j], row.own_elasticity, 1e-8, &row.product);
        }
        agrees(
            &market.merged("1", "2").unwrap().equilibrium().unwrap(),
            after,
            1e-8,
        );
        let implied = products(want, false)
            .market(&demand(Some(tastes())), Vec::new())
            .unwrap();
        for (p, row) in implied.products().iter().zip(want) {
            near(p.cost, row.effective_cost, 1e-8, &p.id);
        }
    }
}

#[test]
fn holding_all_of_one_another_prices_as_a_merger_does_and_a_part_lies_between() {
    let hold = |holder: &str, held: &str, part: f64| Holding {
        holder: holder.into(),
        held: held.into(),
        part,
    };
    let both = |market: &Market, part: f64| {
        let held = market
            .with_holdings(vec![hold("1", "2", part), hold("2", "1", part)])
            .unwrap();
        let found = held.equilibrium().unwrap();
        assert!(found.residual < 1e-11 && found.second_order());
        (held, found)
    };
    for (tables, random) in [
        ((table!("s1_base.csv"), table!("s1_merger.csv")), false),
        ((table!("s2_rcnl_base.csv"), table!("s2_rcnl_merger.csv")), true),
    ] {
        for (base, merged) in markets(tables.0).iter().zip(&markets(tables.1)) {
            let market = products(base, true)
                .market(&demand(random.then(tastes)), Vec::new())
                .unwrap();
            agrees(&both(&market, 0.0).1, base, 1e-8);
            agrees(&both(&market, 1.0).1, merged, 1e-8);
            let (held, half) = both(&market, 0.5);
            for ((p, apart), together) in half.products.iter().zip(base).zip(merged) {
                if p.firm == "1" || p.firm == "2" {
                    assert!(
                        apart.eq_price < p.price && p.price < together.eq_price,
                        "{}",
                        p.id
                    );
                }
            }
            // The same prices are best at the costs they imply.
            let prices: Vec<f64> = half.products.iter().map(|p| p.price).collect();
            let implied = held.with_prices(&prices).unwrap().implied_costs().unwrap();
            for (cost, row) in implied.iter().zip(base) {
                near(*cost, row.effective_cost, 1e-9, &row.product);
            }
        }
    }
}

#[test]
fn a_passive_stake_raises_the_holders_prices_first() {
    for base in markets(table!("s1_base.csv")) {
        let market = products(&base, true).market(&demand(None), Vec::new()).unwrap();
        let stake = Holding {
            holder: "1".into(),
            held: "2".into(),
            part: 0.3,
        };
        let found = market
            .with_holdings(vec![stake.clone()])
            .unwrap()
            .equilibrium()
            .unwrap();
        let rise = |firm: &str| {
            found
                .products
                .iter()
                .zip(&base)
                .filter(|(p, _)| p.firm == firm)
                .map(|(p, r)| p.price / r.eq_price - 1.0)
                .fold(0.0, f64::max)
        };
        assert!(rise("1") > 0.0 && rise("1") > rise("2"));
        let told = |holdings| market.with_holdings(holdings).unwrap_err().to_string();
        let with = |holder: &str, held: &str, part| {
            vec![Holding {
                holder: holder.into(),
                held: held.into(),
                part,
            }]
        };
        assert_eq!(told(with("1", "9", 0.1)), "`9` is no firm of the market");
        assert_eq!(told(with("1", "1", 0.1)), "`1` cannot hold a part of itself");
        assert_eq!(
            told(with("1", "2", 1.5)),
            "holding of `1` is `1.5` where a part of another firm's profit from 0 to 1 was expected"
        );
        assert_eq!(
            told(vec![stake.clone(), stake]),
            "the part of `2` that `1` holds stands twice"
        );
    }
}

#[test]
fn a_column_that_is_none_of_a_table_of_nodes_is_named_with_the_nearest() {
    let read = |head: &str| {
        let text = format!("{head}\n1,0,0\n");
        let file = DataFile {
            path: "nodes.csv",
            text: &text,
        };
        let problems = Node::read(file).expect_err("refused");
        let first = &problems.0[0];
        format!("{first} | {}", first.help.clone().unwrap_or_default())
    };
    let near = read("weight,prise,characteristic");
    assert!(
        near.contains("`prise` is no column of a table of nodes"),
        "{near}"
    );
    assert!(near.contains("did you mean `price`?"), "{near}");
    let far = read("weight,zzzzzzzz,characteristic");
    assert!(
        far.contains("columns are `weight`, `price`, `characteristic`"),
        "{far}"
    );
}
