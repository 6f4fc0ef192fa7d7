//! What a change does to the market.

use super::{Case, Priced, decimals, money, percent, signed, solved};
use crate::view::number::number;
use crate::view::{Section, Table};
use strait::market::equilibrium::Comparison;

/// A value with its band, where it has one.
struct Banded<'a> {
    middle: &'a Comparison,
    band: Option<&'a [Comparison; 2]>,
}

impl Banded<'_> {
    fn part(&self, of: impl Fn(&Comparison) -> Option<f64>) -> String {
        match (of(self.middle), self.band) {
            (None, _) => "–".into(),
            (Some(value), None) => percent(value),
            (Some(value), Some([low, high])) => {
                // Adding zero takes the sign off a zero.
                let whole = |part: f64| (part * 100.0).round() + 0.0;
                let (low, high) = (of(low).unwrap_or(value), of(high).unwrap_or(value));
                format!("{} % ({} to {})", whole(value), whole(low), whole(high))
            }
        }
    }

    fn change(&self, of: impl Fn(&Comparison) -> f64) -> String {
        let value = of(self.middle);
        match self.band {
            None => signed(value),
            Some([low, high]) => {
                let (low, high) = (decimals(of(low), "+"), decimals(of(high), "+"));
                format!("{} ({low} to {high})", signed(value))
            }
        }
    }
}

/// What one counterfactual does.
pub(super) fn changed(priced: &Priced, case: &Case) -> Section {
    let mut section = Section::new(format!("If {}", case.title()));
    let comparison = &case.found.comparison;
    let banded = Banded {
        middle: comparison,
        band: case.band.as_ref(),
    };
    let mut order: Vec<usize> = (0..comparison.products.len()).collect();
    let banned = comparison.outside_gains.is_some();
    if banned {
        let gain = |j: usize| {
            comparison.products[j]
                .gains_at_given_prices
                .unwrap_or(f64::INFINITY)
        };
        order.sort_by(|a, b| gain(*b).total_cmp(&gain(*a)));
        let mut table = Table::new(
            "Who gains, of what is lost",
            &["to", "prices as they are", "prices set anew"],
        );
        let mut firms: Vec<usize> = (0..comparison.firms.len()).collect();
        let of_firm = |f: usize| comparison.firms[f].gains_at_given_prices.unwrap_or(0.0);
        firms.sort_by(|a, b| of_firm(*b).total_cmp(&of_firm(*a)));
        for f in firms {
            table.row([
                comparison.firms[f].firm.clone(),
                banded.part(|c| c.firms[f].gains_at_given_prices),
                banded.part(|c| c.firms[f].gains),
            ]);
        }
        table.row([
            "none of them".to_owned(),
            banded.part(|c| c.outside_gains_at_given_prices),
            banded.part(|c| c.outside_gains),
        ]);
        section.table(table);
    }
    let levied = comparison.products.iter().any(|p| p.pass_through.is_some());
    let bound = comparison.products.iter().any(|p| p.shadow_price > 0.0);
    let mut head = vec![
        "product",
        "price before",
        "after",
        "change of price",
        "change of units",
    ];
    if levied {
        head.push("of the levy, in the price");
    }
    if bound {
        head.push("shadow price of a unit");
    }
    let mut table = Table::new("Prices and units", &head);
    for j in order {
        let p = &comparison.products[j];
        let before = &priced.base.products[j];
        let after = case.found.after.products.iter().find(|q| q.id == p.id);
        let mut row = vec![
            p.id.clone(),
            number(before.price),
            after.map_or_else(|| "gone".into(), |q| number(q.price)),
            after.map_or_else(String::new, |_| banded.change(|c| c.products[j].price)),
            banded.change(|c| c.products[j].units),
        ];
        if levied {
            row.push(banded.part(|c| c.products[j].pass_through));
        }
        if bound {
            row.push(if p.shadow_price > 0.0 {
                number(p.shadow_price)
            } else {
                "–".into()
            });
        }
        table.row(row);
    }
    section.table(table);
    let mut table = Table::new("Sellers' profit", &["seller", "before", "after", "change"]);
    for (f, firm) in comparison.firms.iter().enumerate() {
        let change = |c: &Comparison| c.firms[f].profit_after / c.firms[f].profit_before - 1.0;
        table.row([
            firm.firm.clone(),
            money(priced, firm.profit_before),
            money(priced, firm.profit_after),
            signed(change(comparison)),
        ]);
    }
    section.table(table);
    let mut lines = vec![
        format!(
            "The part that buys none of them moves by {}, to {}.",
            signed(comparison.outside),
            percent(case.found.after.outside)
        ),
        surplus(priced, comparison),
        format!(
            "Herfindahl–Hirschman index {} to {}.",
            number(priced.base.hhi),
            number(case.found.after.hhi)
        ),
    ];
    if comparison.levies.abs() > 0.0 {
        lines.push(format!(
            "Levies paid move by {}.",
            money(priced, comparison.levies)
        ));
    }
    lines.push(solved(&case.found.after));
    if case.band.is_some() {
        lines.push(format!(
            "In brackets the 5th to 95th percentile of {} draws.",
            case.draws
        ));
    }
    section.items("And:", lines);
    section
}

fn surplus(priced: &Priced, comparison: &Comparison) -> String {
    if priced.china.is_some() {
        format!(
            "Buyers are as well off as if every chip-hour had cost {} more.",
            percent((-comparison.consumer_surplus).exp_m1())
        )
    } else {
        format!(
            "Consumer surplus moves by {}.",
            number(comparison.consumer_surplus)
        )
    }
}
