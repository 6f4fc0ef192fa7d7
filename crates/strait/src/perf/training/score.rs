//! Computed steps beside published ones: every row, families of chips left out of the fit in turn, and the
//! floor, the same form fitted to that family alone.

use super::ask::fastest;
use super::fit::{Known, fit};
use super::model::Chips;
use super::parameters::{Fit, Fitted};
use super::published::PublishedStep;
use super::rows::Row;
use crate::catalog::{Chip, ChipId};
use crate::figure::{Place, Quantity, Seconds, SourceId, median};
use crate::perf::ops::Parameters;
use crate::perf::run::NINETY;
use crate::perf::{PerfModel, RowUse};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One published step and ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepError {
    /// Row id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Its family.
    pub family: String,
    /// Source of the measurement.
    pub source: SourceId,
    /// Whether a fit may see it.
    pub role: RowUse,
    /// Whether the whole plan was published; if not, what was not is searched.
    pub specified: bool,
    /// Published.
    pub measured: Seconds,
    /// Computed.
    pub computed: Seconds,
    /// Computed over measured, less one, under the committed parameters.
    pub error: f64,
    /// The same with the chip's family left out of the fit; of specified rows, where it was asked for.
    pub left_out: Option<f64>,
    /// The same with parameters fitted to that family alone.
    pub floor: Option<f64>,
    /// Line of the row.
    pub place: Place,
}

impl StepError {
    /// Whether it is wrong by more than a factor of two.
    #[must_use]
    pub fn is_far(&self) -> bool {
        !(-0.5..=1.0).contains(&self.error)
    }

    /// Why a row may be that far off.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        let short = self.measured.get() < 0.5;
        match (self.family.as_str(), self.source.0.as_str()) {
            ("tpu", _) => {
                "no measured kernels of the family: the mean of other makers, and a torus taken for a switch"
            }
            (_, "mlperf-training-results") if short => {
                "a step so short that launches, hosts and latencies decide, tuned by graphs and kernels of its own"
            }
            (_, "mlperf-training-results") => {
                "a whole run with its evaluations over its samples; precision and adapters' recipe assumed"
            }
            _ => "unknown",
        }
    }
}

/// Errors of some rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepSummary {
    /// Rows.
    pub rows: usize,
    /// Median absolute error.
    pub median: f64,
    /// Mean absolute error.
    pub mean: f64,
    /// Share of rows within 20 %.
    pub within_20: f64,
    /// Mean of the log of computed over measured.
    pub bias: f64,
}

impl StepSummary {
    /// The summary; `None` of no rows.
    #[must_use]
    pub fn of(errors: impl Iterator<Item = f64>) -> Option<Self> {
        let errors: Vec<f64> = errors.collect();
        let mut absolute: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
        absolute.sort_by(f64::total_cmp);
        let n = absolute.len();
        if n == 0 {
            return None;
        }
        let count = n as f64;
        Some(Self {
            rows: n,
            median: median(&absolute)?,
            mean: absolute.iter().sum::<f64>() / count,
            within_20: absolute.iter().filter(|e| **e <= 0.2).count() as f64 / count,
            bias: errors.iter().map(|e| (1.0 + e).ln()).sum::<f64>() / count,
        })
    }
}

/// Every row.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StepReport {
    /// Rows computed, in the file's order.
    pub rows: Vec<StepError>,
    /// Rows that could not be, with the reason.
    pub skipped: Vec<(String, String)>,
}

/// A normal's spread from the 90 % quantile of absolute log errors: a few rows far off do not widen it.
fn spread(errors: impl Iterator<Item = f64>) -> f64 {
    let mut absolute: Vec<f64> = errors.map(|e| (1.0 + e).ln().abs()).collect();
    absolute.sort_by(f64::total_cmp);
    let Some(last) = absolute.len().checked_sub(1) else {
        return 0.0;
    };
    absolute[(9 * last).div_ceil(10)] / NINETY
}

impl PerfModel {
    /// Computes every published step; `leave_out` also refits without each family of chips, and to it alone.
    pub fn validate_training<'c>(
        &self,
        chip: impl Fn(&ChipId) -> Option<&'c Chip>,
        leave_out: bool,
    ) -> StepReport {
        let chips = self.training_chips(self.training.rows.iter().map(|row| &row.step), &chip);
        let mut report = StepReport::default();
        for row in &self.training.rows {
            match self.computed(&row.step, &chips) {
                Ok((seconds, specified)) => {
                    report
                        .rows
                        .push(of(row, chips[&row.step.chip].0, seconds, specified))
                }
                Err(why) => report.skipped.push((row.step.id.clone(), why)),
            }
        }
        if leave_out {
            self.leave_out(&mut report, &chips);
        }
        report
    }

    /// Seconds of a step, and whether its whole plan was published.
    pub(super) fn computed(&self, step: &PublishedStep, chips: &Chips<'_>) -> Result<(f64, bool), String> {
        if let Some(known) = self.known(step, chips) {
            let seconds = known.seconds(self.training.fitted.fit);
            return Ok((seconds.ok_or("the chip has no such arithmetic")?, true));
        }
        let (_, hardware) = chips.get(&step.chip).ok_or("the chip lacks a figure")?;
        let model = self.models.get(&step.model).ok_or("no such model")?;
        let job = step.job(model);
        if hardware.peak(job.arithmetic) <= 0.0 {
            return Err("the chip has no such arithmetic".to_owned());
        }
        match fastest(&job, hardware, &step.fixed) {
            Ok((step, _)) => Ok((step.seconds.get(), false)),
            Err(least) if least.is_finite() => {
                Err(format!("no plan fits: the smallest needs {:.0} GB", least / 1e9))
            }
            Err(_) => Err("no degrees divide its chips and batch".to_owned()),
        }
    }

    fn fitted_rows<'a>(&'a self, chips: &'a Chips<'_>) -> Vec<(&'a Row, Known<'a>)> {
        self.training
            .rows
            .iter()
            .filter(|row| row.role == RowUse::Calibrate)
            .filter_map(|row| Some((row, self.known(&row.step, chips)?)))
            .collect()
    }

    fn leave_out(&self, report: &mut StepReport, chips: &Chips<'_>) {
        let rows = self.fitted_rows(chips);
        let families: BTreeSet<&str> = rows.iter().map(|(_, known)| known.family).collect();
        for family in families {
            let pick = |of: bool| -> Vec<&Known<'_>> {
                let chosen = rows.iter().filter(|(_, k)| (k.family == family) == of);
                chosen.map(|(_, k)| k).collect()
            };
            let without = Fit::from_list(&fit(&pick(false)));
            let alone = Fit::from_list(&fit(&pick(true)));
            let by_id: BTreeMap<&str, &Known<'_>> = rows
                .iter()
                .map(|(row, known)| (row.step.id.as_str(), known))
                .collect();
            for row in report.rows.iter_mut().filter(|r| r.family == family) {
                let Some(known) = by_id.get(row.id.as_str()) else {
                    continue;
                };
                let error = |fit| Some(known.seconds(fit)? / known.measured - 1.0);
                row.left_out = error(without);
                row.floor = error(alone);
            }
        }
    }

    /// Fits the parameters to every specified row marked calibrate; the spread is that of families left out.
    pub fn calibrate_training<'c>(&self, chip: impl Fn(&ChipId) -> Option<&'c Chip>) -> Fitted {
        let chips = self.training_chips(self.training.rows.iter().map(|row| &row.step), &chip);
        let rows = self.fitted_rows(&chips);
        let all: Vec<&Known<'_>> = rows.iter().map(|(_, known)| known).collect();
        let values = fit(&all);
        let mut report = self.validate_training(&chip, true);
        let mixture = |id: &str| {
            let row = self.training.rows.iter().find(|row| row.step.id == id);
            row.and_then(|row| self.models.get(&row.step.model))
                .is_some_and(|m| m.experts.is_some())
        };
        let searched = |of: bool| {
            let rows = report
                .rows
                .iter()
                .filter(|r| !r.specified && mixture(&r.id) == of);
            spread(rows.map(|r| r.error))
        };
        let (dense, mixtures) = (searched(false), searched(true));
        report.rows.retain(|r| r.left_out.is_some());
        Fitted {
            fit: Fit::from_list(&values),
            rows: all.len(),
            spread: spread(report.rows.iter().filter_map(|r| r.left_out)),
            searched: dense,
            mixtures,
            ..self.training.fitted.clone()
        }
    }
}

fn of(row: &Row, family: &str, seconds: f64, specified: bool) -> StepError {
    StepError {
        id: row.step.id.clone(),
        chip: row.step.chip.clone(),
        family: family.to_owned(),
        source: row.source.clone(),
        role: row.role,
        specified,
        measured: Seconds::of(row.step.measured),
        computed: Seconds::of(seconds),
        error: seconds / row.step.measured - 1.0,
        left_out: None,
        floor: None,
        place: row.place.clone(),
    }
}
