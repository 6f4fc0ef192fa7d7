//! The numbers of a comparison.

use super::{Comparison, FirmChange, Outcome, ProductChange, ProductOutcome};

/// Compares the outcome after a change with the one before; `stayed` is the market changed at the old prices.
pub(super) fn compare(before: &Outcome, after: &Outcome, stayed: &Outcome) -> Comparison {
    // Shares of products that are gone: what there is to gain.
    let gone = before.products.iter().filter(|p| find(after, &p.id).is_none());
    let lost: f64 = gone.map(|p| p.share).sum();
    let of_lost = |gained: f64| (lost > 0.0).then(|| gained / lost);
    let products: Vec<ProductChange> = before
        .products
        .iter()
        .map(|p| match (find(after, &p.id), find(stayed, &p.id)) {
            (Some(now), Some(still)) => kept(p, now, still, of_lost),
            _ => removed(p),
        })
        .collect();
    let levies = |o: &Outcome| -> f64 { o.products.iter().map(|p| p.levy_paid).sum() };
    Comparison {
        firms: firms(before, after, &products),
        products,
        outside_gains_at_given_prices: of_lost(stayed.outside - before.outside),
        outside_gains: of_lost(after.outside - before.outside),
        outside: after.outside - before.outside,
        consumer_surplus: after.consumer_surplus - before.consumer_surplus,
        levies: levies(after) - levies(before),
        hhi: after.hhi - before.hhi,
    }
}

fn find<'a>(outcome: &'a Outcome, id: &str) -> Option<&'a ProductOutcome> {
    outcome.products.iter().find(|p| p.id == id)
}

fn kept(
    before: &ProductOutcome,
    now: &ProductOutcome,
    still: &ProductOutcome,
    of_lost: impl Fn(f64) -> Option<f64>,
) -> ProductChange {
    let rate = |p: &ProductOutcome| p.levy_paid / (p.units * p.price);
    let added = rate(now) - rate(before);
    ProductChange {
        id: before.id.clone(),
        firm: now.firm.clone(),
        on_offer: true,
        price: now.price / before.price - 1.0,
        share: now.share - before.share,
        units: now.units / before.units - 1.0,
        shadow_price: now.shadow_price,
        pass_through: (added.abs() > 1e-9).then(|| {
            let levied = if added > 0.0 { now.price } else { before.price };
            (now.price - before.price) / (added * levied)
        }),
        gains_at_given_prices: of_lost(still.share - before.share),
        gains: of_lost(now.share - before.share),
    }
}

fn removed(before: &ProductOutcome) -> ProductChange {
    ProductChange {
        id: before.id.clone(),
        firm: before.firm.clone(),
        on_offer: false,
        price: 0.0,
        share: -before.share,
        units: -1.0,
        shadow_price: 0.0,
        pass_through: None,
        gains_at_given_prices: None,
        gains: None,
    }
}

/// Each seller after the change with what its products earned before it, then those that have no product left.
fn firms(before: &Outcome, after: &Outcome, products: &[ProductChange]) -> Vec<FirmChange> {
    let mut names: Vec<&str> = after.firms.iter().map(|f| f.firm.as_str()).collect();
    for p in products {
        if !names.contains(&p.firm.as_str()) {
            names.push(&p.firm);
        }
    }
    let of = |name: &str| {
        let mine = || {
            products
                .iter()
                .zip(&before.products)
                .filter(|(p, _)| p.firm == name)
        };
        let sum = |of: fn(&ProductChange) -> Option<f64>| -> Option<f64> {
            let gained = products.iter().any(|p| of(p).is_some());
            gained.then(|| mine().filter_map(|(p, _)| of(p)).sum())
        };
        FirmChange {
            firm: name.to_owned(),
            profit_before: mine().map(|(_, was)| was.profit).sum(),
            profit_after: after
                .firms
                .iter()
                .find(|f| f.firm == name)
                .map_or(0.0, |f| f.profit),
            gains_at_given_prices: sum(|p| p.gains_at_given_prices),
            gains: sum(|p| p.gains),
        }
    };
    names.into_iter().map(of).collect()
}
