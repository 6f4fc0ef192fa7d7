//! `strait market supply`: who says how many chips there are.

use crate::args::{Global, SupplyArgs};
use crate::input::{Inputs, library, today};
use crate::text::Layout;
use crate::view::supply_page;
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::json;
use std::collections::BTreeSet;
use strait::data::nearest;
use strait::market::SupplyEstimate;

pub(crate) fn run(args: &SupplyArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_day("--known", known)?;
    let library = library(&inputs.data, &inputs.scenario)?;
    let mut said = library.market.supply_estimates(known);
    if let Some(typed) = &args.pool {
        said = of_pools(said, typed)?;
    }
    if global.json {
        let about = output::About::new(inputs.made(), json!({ "known": known }));
        output::print_json(&json!({ "strait": about, "supply": said }))?;
        return Ok(Exit::Answered);
    }
    let subtitle = format!(
        "as known on {known} · strait {} · data {}",
        env!("CARGO_PKG_VERSION"),
        inputs.data.version()
    );
    let page = supply_page(&said, &library.catalog.sources, subtitle);
    output::print(&text::page(&page.under(&inputs.made()), Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}

/// Statements about the pool of a name, or about those whose names begin with it.
fn of_pools(said: Vec<SupplyEstimate>, typed: &str) -> Result<Vec<SupplyEstimate>> {
    let wanted = typed.to_lowercase();
    let pools: BTreeSet<String> = said.iter().map(|s| s.pool.clone()).collect();
    let is_one = pools.contains(&wanted);
    let kept: Vec<SupplyEstimate> = said
        .into_iter()
        .filter(|s| s.pool == wanted || (!is_one && s.pool.starts_with(&wanted)))
        .collect();
    if !wanted.is_empty() && !kept.is_empty() {
        return Ok(kept);
    }
    let near = nearest(&wanted, pools.iter().map(String::as_str)).join("`, `");
    let all: Vec<String> = pools.iter().map(|pool| format!("`{pool}`")).collect();
    let help = if near.is_empty() {
        format!("known on that day: {}", all.join(", "))
    } else {
        format!("did you mean `{near}`?")
    };
    Err(miette!(
        help = help,
        "no pool `{typed}` in data/market/supply.csv"
    ))
}
