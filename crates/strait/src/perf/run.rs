//! From chip, workload and scale to a rate with its interval, its limit and its power.

use super::energy::Activity;
use super::inference::{Demand, Formats, Limits};
use super::interval::capped;
use super::models::Model;
use super::ops::End;
use super::rests::chip_refs;
use super::serving::{Asked, NoPlan};
use super::training::{Fixed, Job, Kernel, Recipe, Recompute, Trained, fastest};
use super::{Limit, LimitShares, PerfModel, Performance, Plan, Scale, Workload, WorkloadClass, WorkloadId};
use crate::catalog::{Chip, Format};
use crate::figure::{Estimate, Figure, Need, Outcome, Quantity, Ratio, Seconds, TeraOps, Watts};

/// Two-sided 90 % of a normal.
pub(super) const NINETY: f64 = 1.645;

/// One evaluation at one end of the disputes.
#[derive(Debug, Clone)]
pub(super) struct Evaluated {
    rate: f64,
    shares: LimitShares,
    drawn: Ratio,
    plan: Plan,
    /// Times to the first token and per output token, and the share of the time that prompts take.
    seen: Option<[f64; 3]>,
    capacity_bound: bool,
    /// What no kernels exceed and no chip undercuts: the rate, and the times of `seen`.
    most: f64,
    least: [f64; 2],
}

impl PerfModel {
    /// Scales at which a workload is shown.
    pub fn scales(&self, workload: &Workload) -> Vec<Scale> {
        workload.scales.clone()
    }

    /// What a chip does on a workload at a scale; unknown where a figure is missing, where the model
    /// does not fit, or where no plan meets the latency limits.
    pub fn run(&self, chip: &Chip, workload: &WorkloadId, scale: Scale) -> Outcome<Performance> {
        let need = |fact: String, why: &str| {
            Outcome::Unknown(vec![Need {
                fact,
                flag: None,
                why: why.to_owned(),
                flips: Vec::new(),
            }])
        };
        let Some(workload) = self.workload(workload) else {
            let why = "there is no such file in data/workloads/";
            return need(format!("workload `{workload}`"), why);
        };
        if !chip.is_accelerator() {
            let fact = format!("an accelerator: {} is a memory stack", chip.id);
            return need(fact, "a memory stack computes nothing");
        }
        if let Some(missing) = workload.recipe.and_then(|recipe| recipe.missing(chip)) {
            return Outcome::Unknown(vec![missing]);
        }
        let model = self.architecture(workload);
        match self.evaluate(chip, model, workload, scale, End::Middle) {
            Ok(middle) => Outcome::Known(self.performance(chip, model, workload, scale, &middle)),
            Err(why) => Outcome::Unknown(self.unrun(chip, model, workload, scale, why)),
        }
    }

    fn performance(
        &self,
        chip: &Chip,
        model: &Model,
        workload: &Workload,
        scale: Scale,
        middle: &Evaluated,
    ) -> Performance {
        let system = |end| self.inference.system(chip, end);
        let end = |end| {
            if system(end) == system(End::Middle) {
                return (middle.rate, middle.most, middle.least);
            }
            self.evaluate(chip, model, workload, scale, end).map_or(
                // Infeasible at its low end: nothing is promised there.
                (
                    if end == End::Low { 0.0 } else { middle.rate },
                    middle.most,
                    middle.least,
                ),
                |e| (e.rate, e.most, e.least),
            )
        };
        // Which end is the faster may turn with the work.
        let ends = [end(End::Low), end(End::High)];
        let (low, high) = (
            ends[0].0.min(ends[1].0).min(middle.rate),
            ends[0].0.max(ends[1].0).max(middle.rate),
        );
        let fastest = ends[0].1.max(ends[1].1).max(middle.most);
        let arithmetic = middle.plan.arithmetic;
        let formats = Formats::of(arithmetic).filter(|_| !workload.is_training());
        let [rate_ratio, first_ratio] = match &formats {
            Some(formats) => [false, true].map(|first| self.serving_ratio(chip, (model, formats), first)),
            None => [self.training_ratio(chip, model, arithmetic); 2],
        };
        let lent = match &formats {
            Some(formats) => self.inference.lent(model, formats),
            None => self.training.lent(arithmetic).into_iter().collect(),
        };
        let chips = f64::from(scale.chips());
        let achieved = middle.rate * flop_per_token(model, workload) / chips / 1e12;
        let [peak, most] = chip.tensor_peak(arithmetic).map_or([f64::INFINITY; 2], |p| {
            let peak = p.rate.estimate();
            [peak.value.get(), peak.high.get()]
        });
        let around = |value: f64| {
            [
                value,
                value * (low / middle.rate) / rate_ratio,
                // No error makes a chip do more than its peak, nor faster than its operators at their least time.
                value
                    * (capped(high * rate_ratio, fastest, middle.rate) / middle.rate)
                        .min((most / achieved).max(1.0)),
            ]
        };
        let time = |seconds: f64, ratio: f64, at: usize| {
            let floor = ends.iter().map(|e| e.2[at]).fold(middle.least[at], f64::min);
            let [value, low, high] =
                [seconds, (seconds / ratio).max(floor), seconds * ratio].map(Seconds::of);
            Estimate::new(value, low, high)
        };
        let mut rests_on = chip_refs(chip, arithmetic);
        rests_on.extend(self.rests_on(chip, workload.is_training(), &lent));
        rests_on.extend(workload.figure_refs());
        rests_on.sort();
        rests_on.dedup();
        Performance {
            chip: chip.id.clone(),
            workload: workload.id.clone(),
            class: workload.class,
            model: model.id.clone(),
            scale,
            rate: estimate(around(middle.rate)),
            per_chip: estimate(around(middle.rate / chips)),
            achieved: estimate::<TeraOps>(around(achieved)),
            mfu: achieved / peak,
            ttft: middle.seen.map(|[ttft, ..]| time(ttft, first_ratio, 0)),
            tpot: middle.seen.map(|[_, tpot, _]| time(tpot, rate_ratio, 1)),
            prompt_share: middle.seen.map(|[.., prompts]| prompts),
            limit: limit(&middle.shares, middle.capacity_bound),
            shares: middle.shares,
            power: self.power(chip, middle.drawn),
            plan: middle.plan.clone(),
            extrapolated: self.families.get(&chip.perf_family).1,
            rests_on,
        }
    }

    pub(super) fn evaluate(
        &self,
        chip: &Chip,
        model: &Model,
        workload: &Workload,
        scale: Scale,
        end: End,
    ) -> Result<Evaluated, NoPlan> {
        if workload.is_training() {
            return self.train(chip, model, workload, scale, end);
        }
        let asked = self.asked(chip, model, workload, scale, end)?;
        let served = asked.serve(&self.inference)?;
        let per_request = if workload.class == WorkloadClass::Prefill {
            workload.input
        } else {
            workload.output
        };
        Ok(Evaluated {
            rate: served.requests * f64::from(per_request),
            shares: served.shares,
            drawn: served.drawn,
            plan: served.plan,
            seen: Some([served.ttft, served.tpot, served.prompts]),
            capacity_bound: served.capacity_bound,
            most: served.floor.requests * f64::from(per_request),
            least: [served.floor.ttft, served.floor.tpot],
        })
    }

    fn train(
        &self,
        chip: &Chip,
        model: &Model,
        workload: &Workload,
        scale: Scale,
        end: End,
    ) -> Result<Evaluated, NoPlan> {
        let recipe = workload.recipe.unwrap_or_else(|| Recipe::usual(chip));
        let job = Job {
            model,
            chips: scale.chips(),
            sequence: workload.input,
            batch: workload.global_batch,
            arithmetic: recipe.products(),
            attention: Kernel::Fused,
            gradient_bytes: recipe.gradient_bytes(),
            trained: Trained::All,
        };
        let hardware = self.training.hardware(chip, end).map_err(NoPlan::Missing)?;
        let (step, time) = fastest(&job, &hardware, &Fixed::default()).map_err(|_| NoPlan::Capacity)?;
        let plan = step.plan;
        Ok(Evaluated {
            rate: step.rate.get(),
            shares: time.shares(),
            drawn: step.drawn(&self.activity, &time),
            plan: Plan {
                tensor: plan.tensor,
                pipeline: plan.pipeline,
                data: plan.data,
                expert: plan.expert,
                batch: plan.microbatch,
                weights: Format::Fp16,
                arithmetic: recipe.products(),
                kv_cache: None,
            },
            seen: None,
            capacity_bound: plan.recompute == Recompute::Full,
            most: f64::INFINITY,
            least: [0.0; 2],
        })
    }

    pub(super) fn asked<'a>(
        &self,
        chip: &Chip,
        model: &'a Model,
        workload: &Workload,
        scale: Scale,
        end: End,
    ) -> Result<Asked<'a>, NoPlan> {
        let system = self.inference.system(chip, end).map_err(NoPlan::Missing)?;
        let limit = |f: &Option<Figure<Seconds>>| f.as_ref().map_or(f64::INFINITY, |f| f.value.get());
        Ok(Asked {
            model,
            system,
            format: Formats::usual(&system),
            chips: scale.chips(),
            demand: Demand::new(f64::from(workload.input), f64::from(workload.output)),
            limits: Limits {
                ttft: limit(&workload.ttft_limit),
                tpot: limit(&workload.tpot_limit),
            },
            activity: self.activity,
        })
    }

    /// Factor by which a rate of training may be off, each way, at 90 %.
    pub(super) fn training_ratio(&self, chip: &Chip, model: &Model, arithmetic: Format) -> f64 {
        self.training_half(chip, arithmetic, self.training.fitted.spread_of(model))
            .exp()
    }

    /// Half-width of its logarithm, where steps have such a spread; joined with the spread of precisions where products are in
    /// one that was not measured.
    pub(super) fn training_half(&self, chip: &Chip, arithmetic: Format, spread: f64) -> f64 {
        let sigma = self.families.get(&chip.perf_family).0.sigma;
        let lending = self.training.lending(chip, arithmetic);
        (NINETY * spread.hypot(sigma)).hypot(lending)
    }

    /// What the units of a chip draw.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Average power of one chip that draws this share of its power above idle: board power x (idle + (1 - idle) x share).
    /// No end is above the board power's own; none where that is unknown.
    #[must_use]
    pub fn power(&self, chip: &Chip, drawn: Ratio) -> Option<Estimate<Watts>> {
        let board = chip.tdp.as_ref()?.estimate();
        Some(self.activity.power(board, drawn))
    }
}

fn estimate<Q: Quantity>([value, low, high]: [f64; 3]) -> Estimate<Q> {
    Estimate::new(Q::of(value), Q::of(low), Q::of(high))
}

/// Model FLOP of one counted token: 3 forward passes in training, one in prefill and decode, at the
/// mean context.
pub(super) fn flop_per_token(model: &Model, workload: &Workload) -> f64 {
    let (input, output) = (f64::from(workload.input), f64::from(workload.output));
    match workload.class {
        WorkloadClass::DenseTraining | WorkloadClass::MoeTraining => 3.0 * model.forward_flop(input / 2.0),
        WorkloadClass::Prefill => {
            model.forward_flop(input / 2.0) + output / input * model.forward_flop(input + output / 2.0)
        }
        WorkloadClass::Chat | WorkloadClass::Reasoning => {
            input / output * model.forward_flop(input / 2.0) + model.forward_flop(input + output / 2.0)
        }
    }
}

/// The largest share; memory capacity where the step is bound by memory traffic that a larger batch
/// would spread over more tokens and the batch is all that fits.
fn limit(shares: &LimitShares, capacity_bound: bool) -> Limit {
    let ranked = [
        (shares.compute, Limit::Compute),
        (shares.memory_bandwidth, Limit::MemoryBandwidth),
        (shares.network, Limit::Network),
        (shares.overhead, Limit::Overhead),
    ];
    let first = ranked
        .iter()
        .fold(ranked[0], |best, next| if next.0 > best.0 { *next } else { best })
        .1;
    if capacity_bound && first == Limit::MemoryBandwidth {
        Limit::MemoryCapacity
    } else {
        first
    }
}
