//! Measured rows arranged for fitting: by operator and precision, by chip, by engine.

use super::Key;
use crate::catalog::ChipId;
use crate::perf::measured::{Row, Skipped};
use crate::perf::ops::{Call, Device, Operator};
use std::collections::BTreeMap;

/// One call and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The call.
    pub call: Call,
    /// Seconds.
    pub seconds: f64,
}

/// Rows of one operator and precision on one chip.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The faster engine of every shape that at least two engines measured.
    pub best: Vec<Sample>,
    /// Each engine's rows, a shape once, by its fastest kernel.
    pub engines: BTreeMap<String, Vec<Sample>>,
    /// Versions by engine.
    pub versions: BTreeMap<String, String>,
}

impl Group {
    /// Rows the parameters are fitted to: the best of two engines; every row where engines measured hardly
    /// a shape in common (experts, collectives, a table of one engine).
    #[must_use]
    pub fn fitted(&self) -> Vec<&Sample> {
        let all: usize = self.engines.values().map(Vec::len).sum();
        if self.best.len() * 20 >= all && self.best.len() >= 100 {
            self.best.iter().collect()
        } else {
            self.engines.values().flatten().collect()
        }
    }
}

/// Every group, with the chips' devices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Groups {
    /// By operator and precision, then by chip.
    pub by_key: BTreeMap<Key, BTreeMap<ChipId, Group>>,
    /// Devices of the chips.
    pub devices: BTreeMap<ChipId, Device>,
}

/// Rows by engine of every shape of one operator, precision and chip.
type Shapes<'r> = BTreeMap<String, BTreeMap<&'r str, &'r Row>>;

/// Why a decode row is left out.
const FASTER_THAN_MEMORY: &str =
    "decode faster than the chip's memory with a cache beyond twice the last-level cache: left out";

impl Groups {
    /// Arranges rows; what cannot be used is counted in `skipped`.
    #[must_use]
    pub fn of(rows: &[Row], devices: BTreeMap<ChipId, Device>, skipped: &mut Skipped) -> Self {
        let mut skip = |why: String| *skipped.entry(why).or_default() += 1;
        let mut shapes: BTreeMap<(Key, ChipId), Shapes<'_>> = BTreeMap::new();
        let mut versions: BTreeMap<(Key, ChipId, &str), &str> = BTreeMap::new();
        for row in rows {
            let Some(device) = devices.get(&row.chip) else {
                skip(format!("chip `{}` lacks a figure its kernels need", row.chip));
                continue;
            };
            if let Some(why) = unusable(row, device) {
                skip(why);
                continue;
            }
            let key = ((row.operator(), row.precision.to_owned()), row.chip.clone());
            versions.insert((key.0.clone(), key.1.clone(), &row.engine), &row.version);
            let by_engine = shapes
                .entry(key)
                .or_default()
                .entry(shape(&row.call))
                .or_default();
            let held = by_engine.entry(&row.engine).or_insert(row);
            if row.seconds < held.seconds {
                *held = row;
            }
        }
        let mut groups = Self {
            devices,
            ..Self::default()
        };
        for ((key, chip), shapes) in shapes {
            let mut group = Group::default();
            for by_engine in shapes.values() {
                for (engine, row) in by_engine {
                    group
                        .engines
                        .entry((*engine).to_owned())
                        .or_default()
                        .push(sample(row));
                }
                if by_engine.len() > 1 {
                    let fastest = by_engine.values().min_by(|a, b| a.seconds.total_cmp(&b.seconds));
                    group.best.extend(fastest.map(|row| sample(row)));
                }
            }
            for engine in group.engines.keys() {
                let version = versions
                    .get(&(key.clone(), chip.clone(), engine))
                    .copied()
                    .unwrap_or("");
                group.versions.insert(engine.clone(), version.to_owned());
            }
            groups.by_key.entry(key).or_default().insert(chip, group);
        }
        groups
    }
}

fn sample(row: &Row) -> Sample {
    Sample {
        call: row.call,
        seconds: row.seconds,
    }
}

/// A shape's name: its call, without what an engine chooses.
fn shape(call: &Call) -> String {
    match call {
        Call::GroupedGemm(c) => {
            let mut c = *c;
            c.walks_all = false;
            format!("{c:?}")
        }
        other => format!("{other:?}"),
    }
}

fn unusable(row: &Row, device: &Device) -> Option<String> {
    match &row.call {
        Call::AttentionDecode(c) if c.kv() > 2.0 * device.cache && c.kv() > row.seconds * device.memory => {
            Some(FASTER_THAN_MEMORY.to_owned())
        }
        Call::Gemm(c) if device.peak(c.precision.arithmetic) <= 0.0 => Some(no_units(row)),
        Call::GroupedGemm(c) if device.peak(c.precision.arithmetic) <= 0.0 => Some(no_units(row)),
        Call::AttentionPrefill(c) if device.peak(c.arithmetic) <= 0.0 => Some(no_units(row)),
        Call::Collective(_) | Call::CustomAllReduce(_) if device.link <= 0.0 => Some(format!(
            "`{}` has no scale-up link: collectives cross the host, a property of the server",
            row.chip
        )),
        _ => None,
    }
}

fn no_units(row: &Row) -> String {
    format!("`{}` gives no matrix peak for {}", row.chip, row.precision)
}

/// Whether engines of an operator share so few shapes that no best can be told.
pub(crate) fn engine_known(operator: Operator) -> bool {
    matches!(operator, Operator::GroupedGemm | Operator::Collective)
}
