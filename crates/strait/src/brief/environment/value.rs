//! Prices and value per dollar by month, good and point.

use crate::brief::{Library, cost, performance::Runs};
use crate::catalog::{Catalog, Chip, ChipId};
use crate::cost::HourlyCost;
use crate::figure::{Outcome, Quantity};
use crate::market::Quarter;
use crate::market::dynamics::{Environment, GoodSpec, MixRow, Month, Specification, latest};
use crate::perf::WorkloadClass;
use crate::rules::{Listed, Transaction};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A chip's tokens per dollar by class of work, and its price, in one quarter.
#[derive(Debug, Clone, Default)]
struct Worth {
    value: BTreeMap<WorkloadClass, f64>,
    price: Option<f64>,
    /// Cost of an hour over price, where the hour's cost is known.
    hour_per_price: Option<f64>,
}

/// Total processing performance of a chip, where its figures give one above nothing.
pub(in crate::brief) fn tpp(catalog: &Catalog, chip: &ChipId) -> Option<f64> {
    let tpp = crate::rules::metrics(catalog.get(chip)?).tpp?;
    tpp.value.to_string().parse::<f64>().ok().filter(|t| *t > 0.0)
}

/// Prices and value per dollar.
pub(super) fn fill(library: &Library, spec: &Specification, known: Date, env: &mut Environment) {
    env.compute_unit = tpp(&library.catalog, &spec.compute_unit).unwrap_or(f64::NAN);
    let chips: BTreeMap<ChipId, &Chip> = spec
        .goods
        .iter()
        .flat_map(|g| g.mix.iter().filter_map(|m| m.chip.clone()))
        .filter_map(|id| library.catalog.get(&id).map(|chip| (id, chip)))
        .filter(|(_, chip)| chip.announced_by(known, known) != Some(false))
        .collect();
    let runs = Runs::make(library, chips.values().copied());
    let quarters: Vec<Quarter> = Month::all().step_by(3).map(Month::quarter).collect();
    // By chip and quarter; before the first price known, that price.
    let table: BTreeMap<&ChipId, Vec<Worth>> = chips
        .par_iter()
        .map(|(id, chip)| {
            let mut rows: Vec<Worth> = quarters
                .iter()
                .map(|q| of_chip(library, &runs, chip, *q, known))
                .collect();
            for n in (0..rows.len().saturating_sub(1)).rev() {
                if rows[n].price.is_none() {
                    rows[n] = rows[n + 1].clone();
                }
            }
            (id, rows)
        })
        .collect();
    let table = filled(library, spec, &runs, &chips, table);
    // By month and good: mix of chips.
    let mut by_good: Vec<Vec<Worth>> = Vec::new();
    for month in Month::all() {
        let quarter = month.0 / 3;
        let mut row: Vec<Worth> = spec
            .goods
            .iter()
            .map(|good| {
                mixed(good, month.day(15), |chip| {
                    table.get(chip).map(|rows| &rows[quarter])
                })
            })
            .collect();
        for (g, good) in spec.goods.iter().enumerate() {
            if let (true, Some(like)) = (row[g].price.is_some() && row[g].value.is_empty(), good.value_as) {
                row[g].value = row[like].value.clone();
            }
        }
        by_good.push(row);
    }
    let classes = [
        WorkloadClass::DenseTraining,
        WorkloadClass::MoeTraining,
        WorkloadClass::Prefill,
        WorkloadClass::Chat,
        WorkloadClass::Reasoning,
    ];
    for month in Month::all() {
        let row = &by_good[month.0];
        let average: BTreeMap<WorkloadClass, f64> = classes
            .into_iter()
            .filter_map(|class| {
                // Of goods that fit all of the work: a card for a part of it moves nobody's zero.
                let whole = row.iter().zip(&spec.goods).filter(|(_, g)| g.work_factor >= 1.0);
                let logs: Vec<f64> = whole
                    .filter_map(|(w, _)| w.value.get(&class))
                    .map(|v| v.ln())
                    .collect();
                (!logs.is_empty()).then(|| (class, logs.iter().sum::<f64>() / logs.len() as f64))
            })
            .collect();
        for (g, good) in spec.goods.iter().enumerate() {
            let at = env.at(month, g);
            let here = &row[g];
            let Some(price) = here.price else { continue };
            env.price[at] = price;
            let day = month.day(15);
            let mix = good.mix_on(day);
            let tpp = |m: &&MixRow| Some((m.weight, m.weight * tpp(&library.catalog, m.chip.as_ref()?)?));
            let known: Vec<(f64, f64)> = mix.iter().filter_map(tpp).collect();
            let weight: f64 = known.iter().map(|k| k.0).sum();
            if weight > 0.0 {
                env.tpp[at] = known.iter().map(|k| k.1).sum::<f64>() / weight;
            }
            if let (Some(dies), Some(stacks)) = (latest(&good.dies, day), latest(&good.stacks, day)) {
                (env.dies[at], env.stacks[at]) = (dies, stacks);
            }
            for (p, point) in spec.points.iter().enumerate() {
                let (mut sum, mut weights) = (0.0, 0.0);
                for (segment, part) in &point.buyers {
                    let of = library
                        .market
                        .segments()
                        .iter()
                        .find(|s| s.segment == *segment && s.site == point.site);
                    for (class, share) in of.iter().flat_map(|s| &s.work) {
                        if let (Some(value), Some(mean)) = (here.value.get(class), average.get(class)) {
                            sum += part * share * (value.ln() - mean);
                            weights += part * share;
                        }
                    }
                }
                if weights > 0.0 {
                    let cell = env.cell(month, g, p);
                    env.value[cell] = sum / weights + good.work_factor.ln();
                }
            }
        }
    }
    for (g, good) in spec.goods.iter().enumerate() {
        if !Month::all().any(|m| env.on_sale(m, g)) {
            env.left_out
                .push((good.facts.id.clone(), "no price or no performance known".into()));
        }
    }
}

/// Chips without a published price at the one assumed for them, and those whose hourly cost is not known: an hour costs
/// per dollar of price what it does on average for the chips of the quarter whose cost is known.
fn filled<'a>(
    library: &Library,
    spec: &Specification,
    runs: &Runs,
    chips: &BTreeMap<ChipId, &Chip>,
    mut table: BTreeMap<&'a ChipId, Vec<Worth>>,
) -> BTreeMap<&'a ChipId, Vec<Worth>> {
    let assumed: BTreeMap<&ChipId, f64> = spec
        .goods
        .iter()
        .flat_map(|g| g.chip_price.iter().map(|(id, usd)| (id, *usd)))
        .collect();
    let quarters = table.values().next().map_or(0, Vec::len);
    for q in 0..quarters {
        let ratios: Vec<f64> = table.values().filter_map(|rows| rows[q].hour_per_price).collect();
        // Where no hour's cost is known any ratio does: it falls out against the average of all goods.
        let ratio = if ratios.is_empty() {
            1.0
        } else {
            ratios.iter().sum::<f64>() / ratios.len() as f64
        };
        for (id, rows) in &mut table {
            let row = &mut rows[q];
            if row.price.is_none() {
                row.price = assumed.get(id).copied();
            }
            let (Some(price), true, Some(chip)) = (row.price, row.value.is_empty(), chips.get(*id)) else {
                continue;
            };
            for workload in library.perf.workloads() {
                if let Some(run) = runs.valued(library, &chip.id, workload).and_then(Outcome::known) {
                    let per_hour = run.per_chip.value.get() * 3600.0;
                    if per_hour > 0.0 {
                        row.value.insert(workload.class, per_hour / (price * ratio));
                    }
                }
            }
        }
    }
    table
}

fn of_chip(library: &Library, runs: &Runs, chip: &Chip, quarter: Quarter, known: Date) -> Worth {
    let mut ask = Transaction::new(chip.id.clone(), "CN", quarter.last_day(), known);
    ask.listed = Listed::None;
    let hourly: Outcome<HourlyCost> = cost::hourly(library, chip, &ask);
    let published = library.cost.price(chip, "CN", ask.on, ask.known);
    let mut out = Worth {
        price: published.known().map(|p| p.usd.value.get()),
        hour_per_price: hourly
            .known()
            .map(|h| h.total.value.get() / h.price.usd.value.get()),
        ..Worth::default()
    };
    for workload in library.perf.workloads() {
        if let Some((_, value)) = cost::valued(library, runs, chip, &hourly, workload) {
            let per_dollar = value.per_dollar.value.get();
            if per_dollar > 0.0 {
                out.value.insert(workload.class, per_dollar);
            }
        }
    }
    out
}

/// A good's mix of chips: prices by units, value by the geometric mean of units.
fn mixed<'a>(good: &GoodSpec, day: Date, of: impl Fn(&ChipId) -> Option<&'a Worth>) -> Worth {
    let mut out = Worth::default();
    let mix = good.mix_on(day);
    if mix.is_empty() {
        return out;
    }
    let known: Vec<(&&MixRow, &Worth)> = mix
        .iter()
        .filter_map(|m| Some((m, of(m.chip.as_ref()?)?)))
        .collect();
    let priced: Vec<_> = known
        .iter()
        .filter_map(|(m, w)| Some((m.weight, w.price?)))
        .collect();
    let weight: f64 = priced.iter().map(|(w, _)| w).sum();
    if weight > 0.0 {
        out.price = Some(priced.iter().map(|(w, p)| w * p).sum::<f64>() / weight);
    }
    let classes = known
        .iter()
        .flat_map(|(_, w)| w.value.keys().copied())
        .collect::<std::collections::BTreeSet<_>>();
    for class in classes {
        let rows: Vec<(f64, f64)> = known
            .iter()
            .filter_map(|(m, w)| Some((m.weight, w.value.get(&class)?.ln())))
            .collect();
        let weight: f64 = rows.iter().map(|(w, _)| w).sum();
        if weight > 0.0 {
            out.value.insert(
                class,
                (rows.iter().map(|(w, v)| w * v).sum::<f64>() / weight).exp(),
            );
        }
    }
    out
}
