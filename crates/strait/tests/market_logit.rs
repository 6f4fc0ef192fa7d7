//! Shares against reference equilibria of PyBLP 1.3.0: six products in three markets, prices given.

use std::collections::BTreeMap;
use strait::data::{DataFile, read_table};
use strait::market::nested_logit;

#[derive(serde::Deserialize)]
struct Row {
    market: String,
    product: String,
    nest: String,
    x: f64,
    xi: f64,
    eq_price: f64,
    eq_share: f64,
}

fn check(text: &str) {
    let file = DataFile {
        path: "nested_logit.csv",
        text,
    };
    let mut markets: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (_, row) in read_table::<Row>(file).unwrap() {
        markets.entry(row.market.clone()).or_default().push(row);
    }
    assert_eq!(markets.len(), 3);
    for (market, rows) in markets {
        assert_eq!(rows.len(), 6);
        let utility: Vec<f64> = rows
            .iter()
            .map(|r| -1.0 - 2.0 * r.eq_price + 1.5 * r.x + r.xi)
            .collect();
        let nest: Vec<usize> = rows.iter().map(|r| usize::from(r.nest == "cn")).collect();
        let (shares, outside) = nested_logit(&utility, &nest, 0.6, 0.0);
        assert!((shares.iter().sum::<f64>() + outside - 1.0).abs() < 1e-14);
        for (row, share) in rows.iter().zip(shares) {
            assert!(
                (share - row.eq_share).abs() < 1e-9,
                "{market} {}: {share} {}",
                row.product,
                row.eq_share
            );
        }
    }
}

#[test]
fn shares_match_the_reference_equilibria() {
    check(include_str!("fixtures/nested_logit_base.csv"));
}
