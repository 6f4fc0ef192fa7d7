//! Fits parameters and engines' factors to groups of measured rows, any chip of which may be left out.

use super::groups::engine_known;
use super::simplex::minimise;
use super::{EngineFit, Group, Groups, Kernels, Key, Sample, Set, parent};
use crate::catalog::ChipId;
use crate::perf::ops::{Engine, Family, Operator, seconds};
use std::collections::BTreeMap;

/// What a fit does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Seed of the sample.
    pub seed: u64,
    /// Rows sampled a chip, operator and precision.
    pub sample: usize,
    /// Moves of the simplex.
    pub moves: usize,
    /// Weight of the priors against a mean absolute log error.
    pub prior: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            sample: 1000,
            moves: 600,
            // One standard deviation costs one percent.
            prior: 0.01,
        }
    }
}

/// Logarithmic standard deviation of an engine's factors about one.
const ENGINE_SIGMA: f64 = 0.7;

/// Which chips a fit sees.
pub(crate) type Sees<'a> = &'a dyn Fn(&ChipId) -> bool;

/// Fits every operator and precision to all chips.
#[must_use]
pub fn calibrate(groups: &Groups, settings: &Settings) -> Kernels {
    fit(groups, settings, &|_| true, None)
}

/// Fits every operator and precision to all chips but one, for scores of what rests on them; spreads stay unset.
#[must_use]
pub fn calibrate_without(groups: &Groups, settings: &Settings, chip: &ChipId) -> Kernels {
    fit(groups, settings, &|c| c != chip, None)
}

/// Fits to the chips that `sees` lets through; `from` gives starting points.
pub(crate) fn fit(groups: &Groups, settings: &Settings, sees: Sees<'_>, from: Option<&Kernels>) -> Kernels {
    let mut kernels = Kernels {
        seed: settings.seed,
        sample: settings.sample,
        ..Kernels::default()
    };
    let mut keys: Vec<&Key> = groups.by_key.keys().collect();
    // Parents first, so that a narrow precision starts from a wider one.
    keys.sort_by_key(|key| (depth(key), (*key).clone()));
    for key in keys {
        let chips: Vec<(&ChipId, &Group)> =
            groups.by_key[key].iter().filter(|(chip, _)| sees(chip)).collect();
        if chips.is_empty() {
            continue;
        }
        let set = fit_set(groups, settings, key, &chips, &kernels, from);
        let fitted = fit_engines(groups, settings, key, &chips, &set);
        kernels.sets.insert(key.clone(), set);
        for (engine, factors) in fitted {
            kernels.engines.insert((key.0, key.1.clone(), engine), factors);
        }
    }
    kernels
}

fn depth(key: &Key) -> usize {
    parent(key).map_or(0, |up| 1 + depth(&up))
}

/// Rows of a chip, sampled.
type Drawn<'a> = (&'a ChipId, Vec<&'a Sample>);

fn fit_set(
    groups: &Groups,
    settings: &Settings,
    key: &Key,
    chips: &[(&ChipId, &Group)],
    so_far: &Kernels,
    from: Option<&Kernels>,
) -> Set {
    let list = Family::list(key.0);
    let inherited = parent(key).and_then(|up| so_far.set(&up)).map(|set| &set.values);
    let centre: Vec<f64> = list
        .iter()
        .enumerate()
        .map(|(i, p)| inherited.map_or(p.prior, |values| values[i]))
        .collect();
    let start = from
        .and_then(|k| k.sets.get(key))
        .map_or(&centre, |set| &set.values);
    let free: Vec<usize> = (0..list.len()).filter(|i| list[*i].sigma > 0.0).collect();
    let drawn: Vec<Drawn<'_>> = chips
        .iter()
        .map(|(chip, group)| (*chip, draw(&group.fitted(), settings, key, chip)))
        .collect();
    let bounds: Vec<(f64, f64)> = free.iter().map(|i| (list[*i].low, list[*i].high)).collect();
    let begin: Vec<f64> = free.iter().map(|i| start[*i]).collect();
    let mut values = centre.clone();
    let mut loss = |x: &[f64]| {
        for (i, x) in free.iter().zip(x) {
            values[*i] = *x;
        }
        let family = Family::of(key.0, &values);
        let prior: f64 = free
            .iter()
            .map(|i| ((values[*i] / centre[*i]).ln() / list[*i].sigma).powi(2))
            .sum();
        error(groups, &drawn, &family, &Engine::BEST) + settings.prior * prior
    };
    let (found, _) = minimise(&begin, &bounds, settings.moves, &mut loss);
    let mut values = centre.clone();
    for (i, x) in free.iter().zip(found) {
        // Four significant digits are more than the rows can tell, and keep the file readable.
        values[*i] = rounded(x);
    }
    for (i, p) in list.iter().enumerate() {
        if p.sigma <= 0.0 {
            values[i] = p.prior;
        }
    }
    let rows = drawn.iter().map(|d| d.1.len()).sum();
    let names = drawn.iter().map(|d| d.0.0.clone()).collect();
    Set::new(key.0, values, rows, names)
}

fn fit_engines(
    groups: &Groups,
    settings: &Settings,
    key: &Key,
    chips: &[(&ChipId, &Group)],
    set: &Set,
) -> BTreeMap<String, EngineFit> {
    let mut names: Vec<&String> = chips.iter().flat_map(|(_, group)| group.engines.keys()).collect();
    names.sort();
    names.dedup();
    let mut found = BTreeMap::new();
    for name in names {
        let drawn: Vec<Drawn<'_>> = chips
            .iter()
            .filter_map(|(chip, group)| {
                let rows: Vec<&Sample> = group.engines.get(name)?.iter().collect();
                Some((*chip, draw(&rows, settings, key, chip)))
            })
            .collect();
        let mut loss = |x: &[f64]| {
            let engine = factors(x);
            let prior: f64 = x.iter().map(|x| (x.ln() / ENGINE_SIGMA).powi(2)).sum();
            error(groups, &drawn, &set.family, &engine) + settings.prior * prior
        };
        // A single engine is its own best.
        let alone = chips.iter().all(|(_, group)| group.engines.len() == 1) || key.0 == Operator::Collective;
        let x = if alone {
            vec![1.0; 3]
        } else {
            minimise(&[1.0; 3], &[(0.1, 40.0); 3], settings.moves / 4, &mut loss).0
        };
        let versions: Vec<&str> = {
            let mut all: Vec<&str> = chips
                .iter()
                .filter_map(|(_, group)| group.versions.get(name).map(String::as_str))
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let fit = EngineFit {
            factors: factors(&x.iter().map(|x| rounded(*x)).collect::<Vec<_>>()),
            versions: versions.join(", "),
            rows: drawn.iter().map(|d| d.1.len()).sum(),
            kept: None,
        };
        found.insert(name.clone(), fit);
    }
    found
}

fn factors(x: &[f64]) -> Engine {
    Engine {
        launch: x[0],
        compute: x[1],
        memory: x[2],
    }
}

/// Mean over chips of the mean absolute log error.
fn error(groups: &Groups, drawn: &[Drawn<'_>], family: &Family, engine: &Engine) -> f64 {
    let mut sum = 0.0;
    for (chip, rows) in drawn {
        let device = &groups.devices[*chip];
        let off: f64 = rows
            .iter()
            .map(|row| {
                seconds(&row.call, device, family, engine).map_or(10.0, |t| (t / row.seconds).ln().abs())
            })
            .sum();
        #[allow(clippy::cast_precision_loss)]
        let n = rows.len().max(1) as f64;
        sum += off / n;
    }
    #[allow(clippy::cast_precision_loss)]
    let chips = drawn.len().max(1) as f64;
    sum / chips
}

/// A sample without replacement, the same for the same seed, key and chip.
fn draw<'a>(rows: &[&'a Sample], settings: &Settings, key: &Key, chip: &ChipId) -> Vec<&'a Sample> {
    let mut rows = rows.to_vec();
    let mut state = settings.seed;
    for byte in key.0.name().bytes().chain(key.1.bytes()).chain(chip.0.bytes()) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let n = rows.len();
    for i in 0..settings.sample.min(n) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        #[allow(clippy::cast_possible_truncation)]
        let j = i + (z % (n - i) as u64) as usize;
        rows.swap(i, j);
    }
    rows.truncate(settings.sample);
    rows
}

fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// Whether an operator's best engine can be told from its tables.
pub(crate) fn has_best(key: &Key) -> bool {
    !engine_known(key.0)
}
