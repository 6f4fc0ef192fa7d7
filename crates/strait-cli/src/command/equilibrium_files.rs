//! The numbers of an equilibrium and its counterfactuals, one a row.

use crate::output::columns::{self, Columns};
use crate::view::Priced;
use miette::Result;
use std::path::Path;
use strait::market::equilibrium::Outcome;

struct Row {
    case: String,
    product: String,
    variable: &'static str,
    /// The other product, of a pair.
    other: String,
    value: f64,
}

/// Writes case, product, variable, other product and value.
pub(crate) fn write(path: &Path, priced: &Priced) -> Result<()> {
    let mut rows = Vec::new();
    add(&mut rows, "base", &priced.base);
    for case in &priced.cases {
        add(&mut rows, &case.title(), &case.found.after);
        for p in &case.found.comparison.products {
            let parts = [
                ("gains_at_given_prices", p.gains_at_given_prices),
                ("gains", p.gains),
                ("pass_through", p.pass_through),
            ];
            for (variable, value) in parts {
                rows.extend(value.map(|value| Row {
                    case: case.title(),
                    product: p.id.clone(),
                    variable,
                    other: String::new(),
                    value,
                }));
            }
        }
    }
    let mut out = Columns::default();
    out.text("case", rows.iter().map(|r| r.case.clone()));
    out.text("product", rows.iter().map(|r| r.product.clone()));
    out.text("variable", rows.iter().map(|r| r.variable.to_owned()));
    out.text("other", rows.iter().map(|r| r.other.clone()));
    out.number("value", rows.iter().map(|r| r.value));
    columns::write(path, &out)
}

fn add(rows: &mut Vec<Row>, case: &str, outcome: &Outcome) {
    let mut push = |product: &str, variable, other: &str, value| {
        rows.push(Row {
            case: case.to_owned(),
            product: product.to_owned(),
            variable,
            other: other.to_owned(),
            value,
        });
    };
    for (j, p) in outcome.products.iter().enumerate() {
        for (variable, value) in [
            ("price", p.price),
            ("share", p.share),
            ("units", p.units),
            ("cost", p.cost),
            ("shadow_price", p.shadow_price),
            ("lerner", p.lerner),
            ("profit", p.profit),
            ("levy_paid", p.levy_paid),
        ] {
            push(&p.id, variable, "", value);
        }
        for (k, other) in outcome.products.iter().enumerate() {
            push(
                &p.id,
                "elasticity_in_price_of",
                &other.id,
                outcome.elasticities[j][k],
            );
            if j != k {
                push(&p.id, "diversion_to", &other.id, outcome.diversion[j].to[k]);
                push(
                    &p.id,
                    "diversion_on_removal_to",
                    &other.id,
                    outcome.removal[j].to[k],
                );
            }
        }
        push(&p.id, "diversion_to_outside", "", outcome.diversion[j].outside);
        push(
            &p.id,
            "diversion_on_removal_to_outside",
            "",
            outcome.removal[j].outside,
        );
    }
    push("", "outside_share", "", outcome.outside);
    push("", "consumer_surplus", "", outcome.consumer_surplus);
    push("", "hhi", "", outcome.hhi);
    push("", "first_order_residual", "", outcome.residual);
}
