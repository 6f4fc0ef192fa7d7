//! A fit to few tables laid over an earlier fit, so that what the tables do not measure stays as it was.

use super::leave_out::errors_of;
use super::spread::{bias, within};
use super::{Groups, Kernels, Key, Origin, Spread, parent};

/// Chips that the 90 % interval takes to have been measured: Student's t of three degrees of freedom.
const CHIPS: usize = 4;

impl Kernels {
    /// This fit to `groups` over the one before it.
    ///
    /// Sets, engines and spreads that the groups do not measure are those before, each with where it is from. An
    /// operator and precision measured on fewer chips than the interval takes for granted is at least as uncertain
    /// between chips as before; one measured on a single chip within it too, as no chip can be left out, and at least as far off as the fit is
    /// on that chip. The
    /// tables of the fit before, read again or with more of them, replace it as a whole.
    #[must_use]
    pub fn over(mut self, before: &Self, groups: &Groups) -> Self {
        let all = before.sets.keys().all(|key| self.sets.contains_key(key));
        if all && self.origin.source == before.origin.source && groups.devices.len() >= CHIPS {
            return self;
        }
        let from = |kept: &Option<Origin>| Some(kept.clone().unwrap_or_else(|| before.origin.clone()));
        for (key, set) in &before.sets {
            self.sets.entry(key.clone()).or_insert_with(|| {
                let mut set = set.clone();
                set.kept = from(&set.kept);
                set
            });
        }
        for (key, fit) in &before.engines {
            self.engines.entry(key.clone()).or_insert_with(|| {
                let mut fit = fit.clone();
                fit.kept = from(&fit.kept);
                fit
            });
        }
        self.between = self.between.max(before.between);
        for (key, by_chip) in &groups.by_key {
            if by_chip.len() >= CHIPS {
                continue;
            }
            let usual = before.spread(key);
            let mut spread = self.spreads.get(key).copied().unwrap_or(usual);
            spread.between = spread.between.max(usual.between);
            if let [(chip, group)] = by_chip.iter().collect::<Vec<_>>()[..] {
                let errors = errors_of(&group.fitted(), key, &self, &groups.devices[chip]);
                // What the fit is still off by on the chip it saw, it is off by on others too.
                spread.between = spread.between.max(bias(&errors).abs());
                spread.short = usual.short.max(within(&[&errors], true));
                spread.long = usual.long.max(within(&[&errors], false));
            }
            self.spreads.insert(key.clone(), spread);
        }
        for (key, spread) in &before.spreads {
            self.spreads.entry(key.clone()).or_insert(*spread);
        }
        self
    }

    /// Spread of a key, or of the nearest ancestor that has one; of none the pooled one between chips.
    fn spread(&self, key: &Key) -> Spread {
        let mut at = Some(key.clone());
        while let Some(key) = at {
            if let Some(spread) = self.spreads.get(&key) {
                return *spread;
            }
            at = parent(&key);
        }
        Spread {
            between: self.between,
            short: 0.0,
            long: 0.0,
        }
    }
}
