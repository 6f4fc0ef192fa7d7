//! `strait rules nearest`: how far a chip is from every class and bound.

use crate::args::NearestArgs;
use crate::input::{Inputs, chip, public, today};
use crate::view::{Page, nearest_page};
use miette::{Result, miette};
use strait::catalog::Catalog;
use strait::rules::LawBook;

pub(crate) fn run(
    inputs: &Inputs,
    catalog: &Catalog,
    law: &LawBook,
    args: &NearestArgs,
) -> Result<(Page, serde_json::Value)> {
    let named = chip(catalog, &args.chip)?;
    let on = args.on.unwrap_or_else(today);
    let known = args.known.unwrap_or_else(today);
    inputs.check_days(on, known)?;
    let nearest = law
        .nearest(&named.chip, public(on, known))
        .map_err(|e| miette!("{e}"))?;
    let facts = serde_json::to_value(&nearest).map_err(|e| miette!("{e}"))?;
    Ok((nearest_page(&nearest, &named.asked), facts))
}
