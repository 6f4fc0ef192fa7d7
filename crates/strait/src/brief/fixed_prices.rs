//! A scenario's prices with their chips by id and their places by code, as every part of the answer names them.

use super::market_place;
use crate::catalog::Catalog;
use crate::data::{Problem, Problems};
use crate::rules::Places;
use crate::scenario::{PriceChange, Scenario};

/// The prices a scenario fixes. A chip the catalog does not have is left as written: it may be a user's own.
///
/// # Errors
/// A place that is no country or has the prices of another, or two prices of one chip in one place from one day.
pub fn fixed_prices(
    scenario: &Scenario,
    catalog: &Catalog,
    places: &Places,
) -> Result<Vec<PriceChange>, Problems> {
    let mut problems = Problems::default();
    let mut prices: Vec<PriceChange> = Vec::new();
    for written in &scenario.prices {
        let mut price = written.clone();
        if let Ok(found) = catalog.resolve(&price.chip) {
            price.chip.clone_from(&found.chip.id.0);
        }
        match country(&price.place, places) {
            Ok(code) => price.place = code,
            Err((message, help)) => {
                problems.push(Problem::at(price.written.clone(), message).help(help));
                continue;
            }
        }
        let same = |other: &&PriceChange| {
            (&other.chip, &other.place, other.from) == (&price.chip, &price.place, price.from)
        };
        if let Some(first) = prices.iter().find(same) {
            let message = format!("`{}` has a second price in {}", price.chip, price.place);
            let help = format!(
                "the first is in {}; give the later one its own `from`",
                first.written
            );
            problems.push(Problem::at(price.written.clone(), message).help(help));
        }
        prices.push(price);
    }
    problems.or(prices)
}

/// The country whose market a price is of, or what is wrong and what to do.
fn country(typed: &str, places: &Places) -> Result<String, (String, String)> {
    let code = places.resolve(typed).map_err(|unknown| {
        let own = "a price holds in a country, given by English name or code";
        let help = if unknown.near.is_empty() {
            own.to_owned()
        } else {
            format!("did you mean `{}`? {own}", unknown.near.join("`, `"))
        };
        (format!("`place` is `{typed}`, which is no country"), help)
    })?;
    let market = market_place(&code);
    if market == code {
        return Ok(code);
    }
    Err((
        format!("`place` is `{typed}`, where chips have the prices of {market}"),
        format!("write `place = \"{market}\"`"),
    ))
}
