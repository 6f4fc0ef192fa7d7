//! What buyers meet month by month, put together from law, performance and cost for the quarterly model.

use super::Library;
use super::performance::Runs;
use crate::catalog::{Chip, ChipId};
use crate::cost::HourlyCost;
use crate::figure::{Outcome, Quantity};
use crate::market::dynamics::{
    AccessShare, Cell, Environment, GoodFacts, GoodSpec, MixRow, Month, Nest, Specification, UnknownName,
    apply, latest,
};
use crate::market::{MarketCase, Quarter, limits};
use crate::perf::WorkloadClass;
use crate::rules::{
    AsOf, Channel, ChinaState, Findings, Item, Knower, LawDay, Listed, Site, SupplyEffect, Ternary,
    Transaction,
};
use crate::scenario::{Side, Verb};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Days of a month on which the law is asked.
const ASKED: [i8; 3] = [5, 15, 25];

/// Days of knowledge of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Of law and guidance.
    pub law: Date,
    /// Of chips, prices and supply; budgets vary beyond it.
    pub market: Date,
}

impl Knowledge {
    /// Everything as known on one day.
    pub fn of(day: Date) -> Self {
        Self {
            law: day,
            market: day,
        }
    }
}

/// A chip's tokens per dollar by class of work, and its price, in one quarter.
#[derive(Debug, Clone, Default)]
struct Worth {
    value: BTreeMap<WorkloadClass, f64>,
    price: Option<f64>,
    /// Cost of an hour over price, where the hour's cost is known.
    hour_per_price: Option<f64>,
}

impl Library {
    /// The environment under this library's scenario.
    ///
    /// # Errors
    /// On a name in the scenario that the model does not have.
    pub fn environment(&self, known: Knowledge) -> Result<Environment, UnknownName> {
        let spec = with_added(self);
        let mut env = Environment::empty(&spec, known.market);
        buyers(self, &spec, &mut env);
        worth(self, &spec, known.market, &mut env);
        law(self, &spec, known, &mut env);
        units(self, &spec, known.market, &mut env);
        for change in &self.scenario.market {
            apply(&mut env, change)?;
        }
        Ok(env)
    }
}

/// The specification with the chips that the scenario adds, each a good of its own.
fn with_added(library: &Library) -> Specification {
    let mut spec = library.dynamics.spec.clone();
    let template = spec
        .goods
        .iter()
        .find(|g| g.facts.id == "nvidia-b30a")
        .or(spec.goods.first())
        .cloned();
    for change in library.scenario.market.iter().filter(|c| c.verb == Verb::Add) {
        for name in &change.goods {
            let (Some(template), Ok(found)) = (&template, library.catalog.resolve(name)) else {
                continue;
            };
            let chip = found.chip;
            let vendor = change.vendor.clone().unwrap_or_else(|| chip.vendor.clone());
            let domestic = library.catalog.designer_country(chip) == Some("CN");
            let cuda = chip.software.as_ref().is_some_and(|s| s.0 == "CUDA");
            let from = change.from.map_or(Month(0).first_day(), |w| w.first());
            spec.goods.push(GoodSpec {
                facts: GoodFacts {
                    id: chip.id.0.clone(),
                    vendor,
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
    spec
}

/// Preferences and software of the points, from `segments.toml`.
fn buyers(library: &Library, spec: &Specification, env: &mut Environment) {
    let start = Month(0).first_day();
    for (p, point) in spec.points.iter().enumerate() {
        for (segment, weight) in &point.buyers {
            let row = library
                .market
                .segments()
                .iter()
                .find(|s| s.segment == *segment && s.site == point.site);
            let Some(row) = row else { continue };
            let facts = &mut env.points[p];
            facts.grey += weight * row.grey.value.get();
            facts.home += weight * row.home.value.get();
            facts.software += weight * (1.0 - row.installed("CUDA", start));
        }
    }
}

/// Prices and value per dollar.
fn worth(library: &Library, spec: &Specification, known: Date, env: &mut Environment) {
    let announced = |chip: &Chip| {
        chip.market
            .announced
            .as_ref()
            .is_none_or(|a| a.value.first() <= known)
    };
    let chips: BTreeMap<ChipId, &Chip> = spec
        .goods
        .iter()
        .flat_map(|g| g.mix.iter().filter_map(|m| m.chip.clone()))
        .filter_map(|id| library.catalog.get(&id).map(|chip| (id, chip)))
        .filter(|(_, chip)| announced(chip))
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
                let logs: Vec<f64> = row
                    .iter()
                    .filter_map(|w| w.value.get(&class))
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
            let tpp = |m: &&MixRow| {
                let chip = m.chip.as_ref().and_then(|id| library.catalog.get(id))?;
                let tpp = crate::rules::metrics(chip).tpp?;
                let tpp = tpp.value.to_string().parse::<f64>().ok().filter(|t| *t > 0.0)?;
                Some((m.weight, m.weight * tpp))
            };
            let known: Vec<(f64, f64)> = mix.iter().filter_map(tpp).collect();
            let weight: f64 = known.iter().map(|k| k.0).sum();
            if weight > 0.0 {
                env.tpp[at] = known.iter().map(|k| k.1).sum::<f64>() / weight;
            }
            if !good.dies.is_empty() {
                env.dies[at] = latest(&good.dies, day).unwrap_or(1.0);
                env.stacks[at] = latest(&good.stacks, day).unwrap_or(4.0);
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
        if ratios.is_empty() {
            continue;
        }
        let ratio = ratios.iter().sum::<f64>() / ratios.len() as f64;
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
    let hourly: Outcome<HourlyCost> = super::cost::hourly(library, chip, &ask);
    let published = library.cost.price(chip, "CN", ask.on, ask.known);
    let mut out = Worth {
        price: published.known().map(|p| p.usd.value.get()),
        hour_per_price: hourly
            .known()
            .map(|h| h.total.value.get() / h.price.usd.value.get()),
        ..Worth::default()
    };
    for workload in library.perf.workloads() {
        if let Some((_, value)) = super::cost::valued(library, runs, chip, &hourly, workload) {
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

/// Access and levies by month.
fn law(library: &Library, spec: &Specification, known: Knowledge, env: &mut Environment) {
    let months: Vec<Month> = Month::all().collect();
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
                let Ok(law) = library.law.day(as_of) else { continue };
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
            let found: Vec<(usize, f64)> = match library.law.day(as_of) {
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

fn foundry<'a>(library: &'a Library, chip: &Chip) -> Option<&'a str> {
    chip.dies
        .iter()
        .find(|die| die.logic)
        .and_then(|die| library.catalog.foundry_country(die))
}

fn buyer(spec: &Specification, p: usize, n: usize, law: &LawDay<'_>) -> Transaction {
    let point = &spec.points[p];
    let offshore = point.site == Site::Offshore;
    let to = if offshore { super::law::ABROAD } else { "CN" };
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
                foundry(library, chip),
            );
            for (p, point) in spec.points.iter().enumerate().filter(|(_, p)| !p.grey_only) {
                for (n, (_, weight)) in point.buyers.iter().enumerate() {
                    let mut ask = buyer(spec, p, n, law);
                    ask.chip = chip.id.clone();
                    let mut found = Findings::default();
                    let (supply, china) = match law.decide(&item, &ask, &mut found) {
                        Ok(()) => effect(&found),
                        Err(_) => continue,
                    };
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

/// The two sides apart: where the Chinese side bans or is unknown, the US side is read without it.
fn effect(found: &Findings<'_>) -> (SupplyEffect, ChinaState) {
    let china = found.cn_state;
    let supply = match (china, found.supply_effect) {
        (ChinaState::Banned, SupplyEffect::Blocked) | (ChinaState::Unknown, SupplyEffect::Unknown) => {
            found.us_supply()
        }
        (_, effect) => effect,
    };
    (supply, china)
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
        foundry(library, chip),
    );
    let mut ask = buyer(spec, 0, 0, law);
    ask.chip = chip.id.clone();
    let mut found = Findings::default();
    if law.decide(&item, &ask, &mut found).is_err() {
        return 0.0;
    }
    let rates = found.levies.iter().filter(|l| l.applies == Ternary::Yes);
    rates
        .filter_map(|l| l.row.rate.0.to_string().parse::<f64>().ok())
        .sum::<f64>()
        .clamp(0.0, 0.9)
}

/// Units there are, a month.
fn units(library: &Library, spec: &Specification, known: Date, env: &mut Environment) {
    let without = |side| library.scenario.rules.without_side.contains(&side);
    let case = match (without(Side::Us), without(Side::Cn)) {
        (true, _) => MarketCase::WithoutUsRule,
        (false, true) => MarketCase::WithoutGuidance,
        _ => MarketCase::AsIs,
    };
    let caps: Vec<_> = library
        .market
        .caps
        .iter()
        .chain(&library.dynamics.caps)
        .cloned()
        .collect();
    for month in Month::all() {
        let mut pools = limits(&caps, month.quarter(), known, case);
        if without(Side::Us) && without(Side::Cn) {
            pools.retain(|p| p.binds_physically);
        }
        for (g, good) in spec.goods.iter().enumerate() {
            let at = env.at(month, g);
            let a_month = |p: &crate::market::PoolLimit| {
                [
                    p.units.low.get() / 3.0,
                    p.units.value.get() / 3.0,
                    p.units.high.get() / 3.0,
                ]
            };
            if good.pools.is_empty() {
                let mix = good.mix_on(month.day(15));
                let holds = |p: &&crate::market::PoolLimit| {
                    p.channel == good.facts.channel
                        && mix
                            .iter()
                            .any(|m| m.chip.as_ref().is_some_and(|c| p.chips.contains(c)))
                };
                env.cap[at] = pools
                    .iter()
                    .filter(holds)
                    .map(a_month)
                    .min_by(|a, b| a[1].total_cmp(&b[1]));
            } else {
                for (pool, part) in &good.pools {
                    for row in pools.iter().filter(|p| p.pool == *pool) {
                        let here = a_month(row).map(|x| x * part);
                        let sum = env.cap[at].unwrap_or([0.0; 3]);
                        env.cap[at] = Some([sum[0] + here[0], sum[1] + here[1], sum[2] + here[2]]);
                    }
                }
            }
        }
    }
}
