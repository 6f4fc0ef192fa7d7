//! Law of both sides and levies by month, good and point, asked of `rules`.

use super::Knowledge;
use crate::brief::charges::revenue_share;
use crate::brief::{Library, law::ABROAD};
use crate::catalog::ChipId;
use crate::market::dynamics::{AccessShare, Cell, Environment, GoodSpec, Month, PointSpec, Specification};
use crate::rules::{
    AsOf, Channel, Findings, Item, Knower, LawBook, LawDay, Listed, Site, SupplyEffect, Transaction,
};
use rayon::prelude::*;
use std::ops::Range;

/// Days of a month on which the law is asked.
const ASKED: [i8; 3] = [5, 15, 25];

/// Access and levies of some months by a law.
pub(super) fn fill(
    library: &Library,
    spec: &Specification,
    (known, book): (Knowledge, &LawBook),
    months: Range<usize>,
    env: &mut Environment,
) {
    let months: Vec<Month> = months.map(Month).collect();
    let rows: Vec<Vec<(usize, Cell)>> = months
        .par_iter()
        .map(|month| {
            let mut cells: Vec<(usize, Cell)> = Vec::new();
            for day in ASKED {
                let as_of = AsOf {
                    on: month.day(day),
                    known: known.law,
                    known_to: Knower::Public,
                    codified: false,
                };
                // Two tables that contradict one another are reported by `data check`; here the day is skipped.
                let Ok(law) = book.day(as_of) else { continue };
                of_day(library, spec, &law, *month, &mut cells, env);
            }
            cells
        })
        .collect();
    for row in rows {
        for (at, cell) in row {
            env.access[at] = cell;
        }
    }
    let levies: Vec<(usize, f64)> = months
        .par_iter()
        .flat_map_iter(|month| {
            let as_of = AsOf {
                on: month.day(15),
                known: known.law,
                known_to: Knower::Public,
                codified: false,
            };
            let found: Vec<(usize, f64)> = match book.day(as_of) {
                Ok(law) => (0..spec.goods.len())
                    .map(|g| (env.at(*month, g), levy(library, &spec.goods[g], &law, *month)))
                    .collect(),
                Err(_) => Vec::new(),
            };
            found
        })
        .collect();
    for (at, rate) in levies {
        env.levy[at] = rate;
    }
}

fn buyer(spec: &Specification, p: usize, n: usize, law: &LawDay<'_>) -> Transaction {
    let point = &spec.points[p];
    let offshore = point.site == Site::Offshore;
    let to = if offshore { ABROAD } else { "CN" };
    let mut ask = Transaction::new(ChipId(String::new()), to, law.as_of().on, law.as_of().known);
    ask.segment = point.buyers[n].0;
    ask.site = Some(point.site);
    ask.headquarters = offshore.then(|| "CN".into());
    ask.parent = Some("CN".into());
    ask.listed = Listed::None;
    ask
}

fn of_day(
    library: &Library,
    spec: &Specification,
    law: &LawDay<'_>,
    month: Month,
    cells: &mut Vec<(usize, Cell)>,
    env: &Environment,
) {
    let day = law.as_of().on;
    for (g, good) in spec
        .goods
        .iter()
        .enumerate()
        .filter(|(_, g)| g.facts.channel == Channel::Direct)
    {
        let mix = good.mix_on(day);
        let whole: f64 = mix.iter().map(|m| m.weight).sum();
        for row in mix {
            let Some(chip) = row.chip.as_ref().and_then(|id| library.catalog.get(id)) else {
                continue;
            };
            let item = Item::new(
                chip,
                library.catalog.designer_country(chip),
                library.catalog.foundry_country_of(chip),
            );
            // Buyers through the grey channel alone are asked of what it goes round the law for.
            let around = spec.goods.iter().any(|o| o.facts.detour_of == Some(g));
            let asked = |p: &PointSpec| around || !p.grey_only;
            for (p, point) in spec.points.iter().enumerate().filter(|(_, p)| asked(p)) {
                for (n, (_, weight)) in point.buyers.iter().enumerate() {
                    let mut ask = buyer(spec, p, n, law);
                    ask.chip = chip.id.clone();
                    let mut found = Findings::default();
                    let (mut supply, china) = match law.decide(&item, &ask, &mut found) {
                        Ok(()) => (
                            found.supply_effect.beside(found.cn_state, found.us_supply()),
                            found.cn_state,
                        ),
                        Err(_) => continue,
                    };
                    // A license that is known not to have come leaves nothing, whatever its chance was.
                    if supply == SupplyEffect::Licensed && law.none_issued(chip) {
                        supply = SupplyEffect::Blocked;
                    }
                    let part = weight * row.weight / whole / ASKED.len() as f64;
                    let at = env.cell(month, g, p);
                    let cell = match cells.iter_mut().find(|(c, _)| *c == at) {
                        Some((_, cell)) => cell,
                        None => {
                            cells.push((at, Cell::new()));
                            &mut cells.last_mut().expect("just pushed").1
                        }
                    };
                    match cell.iter_mut().find(|a| a.supply == supply && a.china == china) {
                        Some(share) => share.part += part,
                        None => cell.push(AccessShare { supply, china, part }),
                    }
                }
            }
        }
    }
}

/// Part of the seller's revenue that levies take from a sale to a mainland platform.
fn levy(library: &Library, good: &GoodSpec, law: &LawDay<'_>, month: Month) -> f64 {
    let spec = &library.dynamics.spec;
    let mix = good.mix_on(month.day(15));
    let Some(chip) = mix.first().and_then(|m| library.catalog.get(m.chip.as_ref()?)) else {
        return 0.0;
    };
    if good.facts.channel != Channel::Direct {
        return 0.0;
    }
    let item = Item::new(
        chip,
        library.catalog.designer_country(chip),
        library.catalog.foundry_country_of(chip),
    );
    let mut ask = buyer(spec, 0, 0, law);
    ask.chip = chip.id.clone();
    let mut found = Findings::default();
    if law.decide(&item, &ask, &mut found).is_err() {
        return 0.0;
    }
    let levies = found.levies.iter();
    revenue_share(
        levies.filter_map(|l| Some((l.row.kind, l.applies, l.row.rate.0.to_string().parse().ok()?))),
    )
}
