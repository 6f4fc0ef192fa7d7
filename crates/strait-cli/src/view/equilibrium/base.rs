//! The market before any change.

use super::{Priced, percent};
use crate::view::number::{number, scaled};
use crate::view::{Section, Table};
use strait::figure::Quantity;
use strait::market::equilibrium::Outcome;

/// Every product at the base.
pub(super) fn products(priced: &Priced) -> Section {
    let mut section = Section::new("Products");
    let china = priced.china.as_ref();
    let mut head = vec!["product", "seller", "nest", "price"];
    head.extend([
        if china.is_some() {
            "share of spending"
        } else {
            "share"
        },
        "units",
    ]);
    if china.is_some() {
        head.push("units there are");
    }
    let cost = if priced.costs_given {
        "marginal cost"
    } else {
        "cost implied"
    };
    head.extend([cost, "margin", "own elasticity", "lost to none"]);
    let title = match china {
        Some(_) => "At published prices, USD and units of the quarter",
        None if priced.costs_given => "At equilibrium prices",
        None => "At the given prices, taken to be the equilibrium",
    };
    let mut table = Table::new(title, &head);
    let mut order: Vec<usize> = (0..priced.base.products.len()).collect();
    if china.is_some() {
        order.sort_by(|a, b| {
            priced.base.products[*b]
                .share
                .total_cmp(&priced.base.products[*a].share)
        });
    }
    for j in order {
        let p = &priced.base.products[j];
        let mut row = vec![
            p.id.clone(),
            p.firm.clone(),
            p.nest.clone(),
            number(p.price),
            percent(p.share),
            number(p.units),
        ];
        if let Some(china) = china {
            row.push(
                china.quarter.goods[j]
                    .limit
                    .map_or_else(|| "–".into(), |l| number(l.value.get())),
            );
        }
        row.extend([
            number(p.cost),
            percent(p.lerner),
            format!("{:.2}", priced.base.elasticities[j][j]),
            percent(priced.base.diversion[j].outside),
        ]);
        table.row(row);
    }
    if let Some(china) = china {
        table.figures.extend(china.quarter.rests_on.iter().cloned());
    }
    section.table(table);
    section.text(format!(
        "{} of the market buys none of these. Herfindahl–Hirschman index {}. Lost to none: of the buyers whom a slightly higher price drives away, the part that buys none of the others.",
        percent(priced.base.outside),
        number(priced.base.hhi)
    ));
    let levied: Vec<String> = priced
        .market
        .products()
        .iter()
        .filter(|p| p.levy > 0.0)
        .map(|p| format!("{} of the revenue of {}", percent(p.levy), p.id))
        .collect();
    section.items("Levies in force:", levied);
    section
}

/// The market over time beside it, good by good.
pub(super) fn beside(priced: &Priced) -> Option<Section> {
    let china = priced.china.as_ref()?;
    let run = &china.over_time;
    let mut section = Section::new("Beside the market over time");
    let mut table = Table::new(
        format!(
            "Mainland units of {}, here and in `strait market run`",
            run.quarter
        ),
        &[
            "good there",
            "units here",
            "units there",
            "sales there, million USD",
        ],
    );
    for good in &run.goods {
        let is_it = |j: &usize| {
            let here = &china.quarter.goods[*j];
            here.channel == good.channel && good.chips.contains(&here.chip)
        };
        let here: Vec<usize> = (0..china.quarter.goods.len()).filter(is_it).collect();
        let units: f64 = here.iter().map(|j| priced.base.products[*j].units).sum();
        if good.units.high.get() < SOME && units < SOME {
            continue;
        }
        table.row([
            good.good.clone(),
            if here.is_empty() {
                "left out".into()
            } else {
                number(units)
            },
            scaled(&good.units, 1.0),
            scaled(&good.usd, 1e-6),
        ]);
    }
    section.table(table);
    section.text(format!(
        "For units and dollars trust what stands there ({} paths, 5th to 95th percentile, as `strait brief` and `strait market run` tell it): it holds limits on supply and what buyers stock up, and is fitted to what was reported. Here buyers have the budgets of there, {} million USD for use; limits and stocks are left out, where {} million are spent there for use and for stock, and makers without a published price are missing. What this market is for is how buyers turn and prices move when something changes.",
        run.draws,
        scaled(&run.budget, 1e-6),
        scaled(&run.spending, 1e-6)
    ));
    Some(section)
}

/// Units of a quarter under which a good is not worth a row.
const SOME: f64 = 500.0;

/// Elasticities and diversion between all products.
pub(super) fn matrices(base: &Outcome) -> Section {
    let mut section = Section::new("Substitution");
    let ids: Vec<&str> = base.products.iter().map(|p| p.id.as_str()).collect();
    let head: Vec<&str> = std::iter::once("units of").chain(ids.iter().copied()).collect();
    let mut table = Table::new("Elasticities of units in the price of", &head);
    for (id, row) in ids.iter().zip(&base.elasticities) {
        table.row(std::iter::once((*id).to_owned()).chain(row.iter().map(|e| format!("{e:.3}"))));
    }
    section.table(table);
    let head: Vec<&str> = std::iter::once("from")
        .chain(ids.iter().copied())
        .chain(["none"])
        .collect();
    let mut table = Table::new(
        "Diversion: where those go whom a slightly higher price drives away, to",
        &head,
    );
    for (j, (id, d)) in ids.iter().zip(&base.diversion).enumerate() {
        let cells =
            d.to.iter()
                .enumerate()
                .map(|(k, part)| if k == j { "–".into() } else { percent(*part) });
        table.row(
            std::iter::once((*id).to_owned())
                .chain(cells)
                .chain([percent(d.outside)]),
        );
    }
    section.table(table);
    section
}
