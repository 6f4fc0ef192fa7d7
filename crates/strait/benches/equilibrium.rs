//! Price equilibrium of 24 products, from marginal costs.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use strait::market::equilibrium::{Bertrand, BuyerType, Demand, Market, PriceTerm, Product};

/// Twenty-four products of six firms in three nests; numbers without meaning, spread like those of the reference markets.
fn market(types: usize) -> Market {
    let spread = |n: usize, by: usize| (n * by % 24) as f64 / 24.0;
    let products: Vec<Product> = (0..24)
        .map(|n| Product {
            id: format!("p{n}"),
            firm: format!("f{}", n % 6),
            nest: format!("n{}", n / 8),
            utility: -1.0 + 3.0 * spread(n, 7),
            price: 0.6 + 0.8 * spread(n, 5),
            cost: 0.6 + 0.8 * spread(n, 5),
            levy: 0.0,
            quota: None,
        })
        .collect();
    let x: Vec<f64> = (0..24).map(|n| 1.0 + 2.0 * spread(n, 11)).collect();
    let buyers = if types == 1 {
        vec![BuyerType::average(-2.0, 24)]
    } else {
        let at = |n: usize| (n as f64 + 0.5) / types as f64 * 3.0 - 1.5;
        (0..types)
            .map(|n| {
                BuyerType::node(
                    1.0 / types as f64,
                    -2.0,
                    [0.4, 0.5],
                    [at(n), at(n * 7 % types)],
                    &x,
                )
            })
            .collect()
    };
    let demand = Demand {
        correlation: 0.6,
        price: PriceTerm::Linear,
        buyers,
        outside: 0.0,
        size: 1.0,
    };
    Market::new(products, demand).expect("a sound market")
}

fn benches(c: &mut Criterion) {
    let mut search = Bertrand::default();
    for (name, types) in [
        ("24 products, nested logit, from marginal costs", 1),
        ("24 products, random coefficients at 25 nodes", 25),
    ] {
        let market = market(types);
        c.bench_function(name, |b| {
            b.iter(|| {
                search.solve(black_box(&market)).expect("an equilibrium");
                search.prices()[0]
            })
        });
    }
}

criterion_group!(all, benches);
criterion_main!(all);
