//! Logs of rates by maker, family and chip, drawn to one another.

use super::makers::FITTED;
use std::collections::BTreeMap;

/// Standard deviation of one chip's log rate about its family's: sources differ in shapes, clocks and versions.
const CHIP: f64 = 0.15;
/// That of makers about their mean, and of families about their maker, where too few speak to tell.
const BETWEEN: f64 = 0.2;

/// Logs drawn to one another.
pub(super) struct Drawn {
    pub(super) families: BTreeMap<String, f64>,
    pub(super) makers: BTreeMap<String, f64>,
    pub(super) mean: f64,
    pub(super) between: f64,
}

impl Drawn {
    pub(super) fn of(logs: &BTreeMap<(&str, &str, &str), [Vec<f64>; 2]>, which: usize) -> Self {
        let mut chips: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
        for ((maker, family, _), both) in logs {
            if !both[which].is_empty() {
                let of = chips.entry(maker).or_default().entry(family).or_default();
                of.push(mean(&both[which]));
            }
        }
        let fitted = chips.remove(FITTED).unwrap_or_default();
        let base = mean(&fitted.values().map(|c| mean(c)).collect::<Vec<_>>());
        let raw: BTreeMap<&str, f64> = chips
            .iter()
            .map(|(maker, families)| {
                (
                    *maker,
                    mean(&families.values().map(|c| mean(c) - base).collect::<Vec<_>>()),
                )
            })
            .collect();
        let all: Vec<f64> = raw.values().copied().collect();
        #[allow(clippy::cast_precision_loss)]
        let count = all.len() as f64;
        let centre = mean(&all) * count / (count + 1.0);
        let off: f64 = all.iter().map(|x| (x - centre) * (x - centre)).sum();
        // Two makers' worth of the usual spread stand beside what was seen.
        let between = ((off + 2.0 * BETWEEN * BETWEEN) / (count + 2.0)).sqrt();
        let drawn = |own: f64, to: f64, variance: f64| {
            to + (own - to) * between * between / (between * between + variance)
        };
        let mut found = Self {
            families: BTreeMap::new(),
            makers: BTreeMap::new(),
            mean: centre,
            between,
        };
        for (maker, families) in &chips {
            #[allow(clippy::cast_precision_loss)]
            let each = families.len() as f64;
            let own = drawn(raw[maker], centre, (BETWEEN * BETWEEN + CHIP * CHIP) / each);
            found.makers.insert((*maker).to_owned(), own);
            for (family, chips) in families {
                #[allow(clippy::cast_precision_loss)]
                let variance = CHIP * CHIP / chips.len() as f64;
                found
                    .families
                    .insert((*family).to_owned(), drawn(mean(chips) - base, own, variance));
            }
        }
        found
    }
}

/// Zero of nothing.
fn mean(of: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let count = of.len().max(1) as f64;
    of.iter().sum::<f64>() / count
}
