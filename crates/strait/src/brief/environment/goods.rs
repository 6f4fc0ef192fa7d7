//! Goods on offer: those of the data as known on a day, those a scenario adds, and one that may succeed another.

use super::names::good_of;
use crate::brief::Library;
use crate::market::dynamics::{
    GoodFacts, GoodSpec, MixRow, Month, Nest, SUCCESSOR, Specification, UnknownName,
};
use crate::scenario::Verb;
use jiff::civil::Date;

/// The specification as it could have been written on a day, with the chips that the scenario adds, each a good of its own.
///
/// That a good would leave the market is not known before it does.
///
/// # Errors
/// On a chip of the scenario that the catalog does not have.
pub(super) fn offered(library: &Library, known: Date) -> Result<Specification, UnknownName> {
    let mut spec = library.dynamics.spec.clone();
    for good in &mut spec.goods {
        good.mix.retain(|row| row.chip.is_some() || row.from <= known);
    }
    let template = spec
        .goods
        .iter()
        .find(|g| g.facts.id == "nvidia-b30a")
        .or(spec.goods.first())
        .cloned();
    for change in library.scenario.market.iter().filter(|c| c.verb == Verb::Add) {
        for name in &change.goods {
            let Some(template) = &template else { continue };
            let chip = library
                .catalog
                .resolve(name)
                .map_err(|unknown| UnknownName {
                    name: name.clone(),
                    kind: "chip",
                    near: if unknown.near.is_empty() {
                        "`strait chips` lists every name".into()
                    } else {
                        format!("did you mean `{}`?", unknown.near.join("`, `"))
                    },
                    place: change.written.clone(),
                })?
                .chip;
            if let Some(good) = good_of(&spec, &chip.id) {
                let begins = good.mix.iter().map(|m| m.from).min();
                let begins = begins
                    .map(|day| format!(", on sale from {day}"))
                    .unwrap_or_default();
                return Err(UnknownName {
                    name: name.clone(),
                    kind: "new good",
                    near: format!(
                        "it is of the good `{}` already{begins}: `allow` opens it",
                        good.facts.id
                    ),
                    place: change.written.clone(),
                });
            }
            let vendor = change.vendor.clone().unwrap_or_else(|| chip.vendor.clone());
            let seller = library
                .catalog
                .makers
                .get(&vendor)
                .map_or(vendor.as_str(), |m| m.name.as_str());
            let name = chip
                .name
                .strip_prefix(seller)
                .map_or(chip.name.as_str(), str::trim_start);
            let domestic = library.catalog.designer_country(chip) == Some("CN");
            let cuda = chip.software.as_ref().is_some_and(|s| s.0 == "CUDA");
            let from = change.from.map_or(Month(0).first_day(), |w| w.first());
            spec.goods.push(GoodSpec {
                facts: GoodFacts {
                    id: chip.id.0.clone(),
                    seller: seller.to_owned(),
                    name: name.to_owned(),
                    vendor: vendor.clone(),
                    nest: if cuda { Nest::Cuda } else { Nest::Other },
                    domestic,
                    ..template.facts.clone()
                },
                mix: vec![MixRow {
                    from,
                    chip: Some(chip.id.clone()),
                    weight: 1.0,
                }],
                chip_price: change
                    .amount
                    .map(|usd| (chip.id.clone(), usd))
                    .into_iter()
                    .collect(),
                value_as: None,
                dies: Vec::new(),
                stacks: Vec::new(),
                pools: Vec::new(),
                ..template.clone()
            });
        }
    }
    Ok(spec)
}

/// Adds the good that stands for an answer nobody knows of yet: like the one that was lost, on sale from the month after
/// the day of knowledge. It is made new, so that no pool of chips there are limits it.
pub(super) fn add_successor(spec: &mut Specification, known: Date, lost: &str) {
    let next = Month(Month::of(known).0 + 1).first_day();
    let Some(like) = spec.good(lost).map(|g| spec.goods[g].clone()) else {
        return;
    };
    let mix = like
        .mix_on(known)
        .into_iter()
        .map(|row| MixRow {
            from: next,
            ..row.clone()
        })
        .collect();
    spec.goods.push(GoodSpec {
        facts: GoodFacts {
            id: SUCCESSOR.into(),
            name: "Answer to a loss".into(),
            china_only: true,
            planned: false,
            mainland_only: false,
            ..like.facts.clone()
        },
        mix,
        pools: vec![(SUCCESSOR.into(), 1.0)],
        ..like
    });
}
