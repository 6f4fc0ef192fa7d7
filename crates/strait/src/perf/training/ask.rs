//! Asking for a training step: the fastest plan of a job on a chip, or a given one.

use super::answer::{Step, activity};
use super::hardware::{Hardware, Memo};
use super::layer::operators;
use super::memory::Bytes;
use super::parameters::Fitted;
use super::passes::OperatorTime;
use super::plan::{Execution, Job};
use super::published::Fixed;
use super::recipe::lacking;
use super::search::{Effort, Found, Progress, search};
use super::space::Breadth;
use super::step::{Pieces, exchanges, step};
use crate::catalog::Chip;
use crate::figure::{Estimate, Gigabytes, Outcome, Quantity, TokensPerSecond, Watts};
use crate::perf::PerfModel;
use crate::perf::kernels::Lent;
use crate::perf::ops::{Assumed, End};
use crate::perf::time::Time;
use serde::Serialize;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Search {
    /// The fastest plan and others near it, each split in its own way, fastest first; none where nothing fits.
    pub steps: Vec<Step>,
    /// Rate of the first with its 90 % interval.
    pub rate: Option<Estimate<TokensPerSecond>>,
    /// Mean power of one chip in the first, as [`PerfModel::power`] has it; none where the chip's board power is unknown.
    pub power: Option<Estimate<Watts>>,
    /// Plans examined.
    pub examined: u64,
    /// Of these, plans that fit the memory.
    pub fitting: u64,
    /// The least memory that any of them needs.
    pub least: Gigabytes,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// Figures of the chip that its file does not state.
    pub assumed: Assumed,
    /// Whose kernels time the products, where none were measured in their precision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lent: Option<Lent>,
}

impl PerfModel {
    /// The fastest plans of a job on a chip; what `fixed` holds does not vary.
    ///
    /// Unknown where the chip lacks a figure or the arithmetic.
    pub fn search_training(
        &self,
        chip: &Chip,
        job: &Job<'_>,
        fixed: &Fixed,
        breadth: Breadth,
        effort: Effort,
        progress: Progress<'_>,
    ) -> Outcome<Search> {
        let hardware = match self.training.hardware(chip, End::Middle) {
            Ok(hardware) => hardware,
            Err(needs) => return Outcome::Unknown(needs),
        };
        if hardware.peak(job.arithmetic) <= 0.0 {
            return Outcome::Unknown(vec![lacking(job.arithmetic, chip)]);
        }
        let found = search(job, &hardware, fixed, breadth, effort, progress);
        let (steps, times): (Vec<Step>, Vec<Time>) = found
            .ranked
            .iter()
            .filter_map(|(plan, _)| run(job, &hardware, plan))
            .unzip();
        let power = steps
            .first()
            .zip(times.first())
            .and_then(|(step, time)| self.power(chip, step.drawn(&self.activity, time)));
        let rate = steps.first().map(|step| {
            let ratio = self.training_ratio(chip, job.model, job.arithmetic);
            // The same plan where what is disputed or assumed of the chip is slow, and where it is fast; either may be the faster.
            let ends = [End::Low, End::High].map(|end| {
                let hardware = self.training.hardware(chip, end).ok()?;
                Some(run(job, &hardware, &step.plan)?.0.rate)
            });
            let rates = ends.into_iter().flatten().map(Quantity::get);
            let value = step.rate.get();
            let (low, high) = rates.fold((value, value), |(low, high), r| (low.min(r), high.max(r)));
            // No error makes a chip do more than its peak.
            let most = value / step.hfu.get().min(1.0);
            let of = TokensPerSecond::of;
            Estimate::new(step.rate, of(low / ratio), of((high * ratio).min(most)))
        });
        Outcome::Known(Search {
            steps,
            rate,
            power,
            examined: found.examined,
            fitting: found.fitting,
            least: found.least,
            interrupted: found.interrupted,
            assumed: hardware.device.assumed,
            lent: self.training.lent(job.arithmetic),
        })
    }

    /// A given plan, whether or not it fits the memory; `None` where it cannot run the job, or the chip lacks a
    /// figure or the arithmetic.
    pub fn run_training(&self, chip: &Chip, job: &Job<'_>, plan: &Execution) -> Option<Step> {
        if plan.unfit(job).is_some() {
            return None;
        }
        let hardware = self.training.hardware(chip, End::Middle).ok()?;
        run(job, &hardware, plan).map(|(step, _)| step)
    }

    /// The operators of a plan's layers, one microbatch on one chip; `None` where the chip lacks a figure or the
    /// arithmetic.
    pub fn training_operators(
        &self,
        chip: &Chip,
        job: &Job<'_>,
        plan: &Execution,
    ) -> Option<Vec<OperatorTime>> {
        let hardware = self.training.hardware(chip, End::Middle).ok()?;
        operators(job, &hardware, &plan.split())
    }

    /// The committed fit.
    #[must_use]
    pub fn training_fit(&self) -> &Fitted {
        &self.training.fitted
    }
}

/// A given plan: its step and what the chip is busy with; `None` without the arithmetic.
pub(crate) fn run(job: &Job<'_>, hardware: &Hardware, plan: &Execution) -> Option<(Step, Time)> {
    let pieces = Pieces::of(job, hardware, &plan.split(), &Memo::default())?;
    let spent = step(job, hardware, plan, &pieces, exchanges(job, hardware, plan));
    let bytes = Bytes::of(job, plan, &pieces.layer);
    let time = activity(&spent, &pieces, f64::from(job.model.layers));
    Some((Step::of(job, hardware, plan, &spent, &bytes), time))
}

/// The fastest plan that recipes of today would choose, and what the chip is busy with; else the least memory needed.
pub(crate) fn fastest(job: &Job<'_>, hardware: &Hardware, fixed: &Fixed) -> Result<(Step, Time), f64> {
    let found: Found = search(job, hardware, fixed, Breadth::Narrow, Effort::Pruned, &|_, _| {
        true
    });
    let best = found
        .ranked
        .first()
        .and_then(|(plan, _)| run(job, hardware, plan));
    best.ok_or(found.least.get() * 1e9)
}
