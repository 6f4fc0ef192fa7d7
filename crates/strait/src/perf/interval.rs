//! How far an answer of serving may be off: one place for the brief, `run infer` and `run serve`.

use super::inference::{Formats, Makers, Operating};
use super::ops::End;
use super::run::NINETY;
use super::{Model, PerfModel};
use crate::catalog::Chip;
use serde::Serialize;

/// Ends of the 90 % interval of a figure; none on a side where nothing bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ends {
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Intervals of a way to serve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// Of the time to the first token, seconds.
    pub ttft: Ends,
    /// Of the time per further token, seconds.
    pub tpot: Ends,
    /// Of requests a second.
    pub requests: Ends,
    /// Of output tokens a second and chip.
    pub per_chip: Ends,
}

/// What is served: a model, and how its weights and cache are kept.
pub type Kind<'k> = (&'k Model, &'k Formats);

/// A way to serve as computed, and with every operator at its least time.
pub type Between = (Operating, Operating);

impl PerfModel {
    /// Factor by which a rate of serving and a time per token, or (`first`) a time to a first token, may be off, each
    /// way, at 90 %: what left-out chips and runs about them show. Where operators of the chip's family were never
    /// measured, that is joined with the family's spread; where those of no chip of its maker were, the spread of
    /// published reports on chips of such makers stands in place of that of left-out chips, if it is the wider one. Where
    /// products are in a precision that was not measured, that is joined with the spread of precisions.
    #[must_use]
    pub fn serving_ratio(&self, chip: &Chip, kind: Kind<'_>, first: bool) -> f64 {
        let fit = &self.inference.fit;
        let usual = fit.half_width(first);
        let half = if self.was_measured(chip) {
            usual
        } else if Makers::fitted(chip) {
            usual.hypot(NINETY * self.families.get(&chip.perf_family).0.sigma)
        } else {
            let within = fit.within[usize::from(!first)];
            usual.max(self.inference.makers.half_width(chip, within))
        };
        let (model, formats) = kind;
        half.hypot(self.inference.lending(model, formats, chip, first))
            .exp()
    }

    /// Whether operators of the chip's family were measured.
    #[must_use]
    pub fn was_measured(&self, chip: &Chip) -> bool {
        self.training.fitted.families.contains(&chip.perf_family)
    }

    /// Intervals of a way to serve that `at` computes at each end of what is disputed or assumed of its chips; none
    /// at an end where it cannot be had. No end is beyond what every operator at its least time would give.
    #[must_use]
    pub fn serving_intervals(
        &self,
        chips: &[&Chip],
        kind: Kind<'_>,
        at: &dyn Fn(End) -> Option<Between>,
    ) -> Option<Intervals> {
        let middle = at(End::Middle)?;
        let [first, further] = [true, false].map(|first| {
            let ratios = chips.iter().map(|chip| self.serving_ratio(chip, kind, first));
            ratios.fold(1.0, f64::max)
        });
        let disputed = chips.iter().any(|chip| {
            let system = |end| self.inference.system(chip, end);
            [End::Low, End::High]
                .iter()
                .any(|end| system(*end) != system(End::Middle))
        });
        let [slow, fast] = if disputed {
            [at(End::Low), at(End::High)]
        } else {
            [Some(middle); 2]
        };
        let known = [Some(middle), slow, fast];
        let time = |of: fn(&Operating) -> f64, ratio: f64| {
            let least = |value: &dyn Fn(&Between) -> f64| {
                known.iter().flatten().map(value).fold(f64::INFINITY, f64::min)
            };
            let quick = (least(&|b| of(&b.0)) / ratio).max(least(&|b| of(&b.1)));
            let long = known.iter().flatten().map(|b| of(&b.0)).fold(0.0, f64::max) * ratio;
            Ends {
                low: finite(quick.min(of(&middle.0))),
                high: slow.and(finite(long)),
            }
        };
        let rate = |of: fn(&Operating) -> f64| {
            let most =
                |value: &dyn Fn(&Between) -> f64| known.iter().flatten().map(value).fold(0.0, f64::max);
            let high = capped(most(&|b| of(&b.0)) * further, most(&|b| of(&b.1)), of(&middle.0));
            let least = known
                .iter()
                .flatten()
                .map(|b| of(&b.0))
                .fold(f64::INFINITY, f64::min);
            Ends {
                low: slow.and(finite(least / further)).filter(|low| *low > 0.0),
                high: finite(high),
            }
        };
        Some(Intervals {
            ttft: time(|o| o.ttft, first),
            tpot: time(|o| o.tpot, further),
            requests: rate(|o| o.requests),
            per_chip: rate(|o| o.per_chip),
        })
    }
}

/// The fast end of a rate: no more than `most`, no less than what is computed.
pub(super) fn capped(high: f64, most: f64, middle: f64) -> f64 {
    high.min(most).max(middle)
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}
