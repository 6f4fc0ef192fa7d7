//! From chip, workload and scale to a rate with its interval, its limit and its power.

use super::energy::share_of_board_power;
use super::machine::{End, Machine, chip_refs};
use super::models::Model;
use super::operators::Time;
use super::serving::{Demand, NoPlan, Served, serve, weight_bytes};
use super::training::{Fixed, Hardware, Job, Kernel, Recipe, Recompute, Trained, fastest};
use super::{Limit, LimitShares, PerfModel, Performance, Plan, Scale, Workload, WorkloadClass, WorkloadId};
use crate::catalog::{Chip, Format};
use crate::figure::{Estimate, Need, Outcome, Quantity, Seconds, TeraOps, Watts};

/// Two-sided 90 % of a normal.
const NINETY: f64 = 1.645;

/// One evaluation at one end of the disputes.
#[derive(Debug, Clone)]
struct Evaluated {
    rate: f64,
    time: Time,
    plan: Plan,
    ttft: Option<f64>,
    tpot: Option<f64>,
    capacity_bound: bool,
    /// Share of the time spent in prompts, for the spread.
    sigma: f64,
}

fn need(fact: String, flag: Option<&str>, why: String) -> Vec<Need> {
    vec![Need {
        fact,
        flag: flag.map(str::to_owned),
        why,
        flips: Vec::new(),
    }]
}

impl PerfModel {
    /// Scales at which a workload is shown.
    pub fn scales(&self, workload: &Workload) -> Vec<Scale> {
        workload.scales.clone()
    }

    /// What a chip does on a workload at a scale; unknown where a figure is missing, where the model
    /// does not fit, or where no plan meets the latency limits.
    pub fn run(&self, chip: &Chip, workload: &WorkloadId, scale: Scale) -> Outcome<Performance> {
        let Some(workload) = self.workload(workload) else {
            return Outcome::Unknown(need(
                format!("workload `{workload}`"),
                None,
                "there is no such file in data/workloads/".to_owned(),
            ));
        };
        if let Some(missing) = workload.recipe.and_then(|recipe| recipe.missing(chip)) {
            return Outcome::Unknown(vec![missing]);
        }
        let model = self.architecture(workload);
        let machine = match Machine::of(chip, &self.families, End::Middle) {
            Ok(machine) => machine,
            Err(mut needs) => {
                if let Some(bound) = self.compute_bound(chip, model, workload, scale) {
                    for need in &mut needs {
                        need.why = format!("{}; by its arithmetic alone at most {bound}", need.why);
                    }
                }
                return Outcome::Unknown(needs);
            }
        };
        let middle = match self.evaluate(chip, &machine, model, workload, scale) {
            Ok(evaluated) => evaluated,
            Err(why) => {
                return Outcome::Unknown(self.infeasible(chip, &machine, model, workload, scale, &why));
            }
        };
        let disputed = [
            chip.memory.bandwidth.as_ref().is_some_and(|f| f.is_disputed()),
            chip.memory.capacity.as_ref().is_some_and(|f| f.is_disputed()),
            chip.io
                .scale_up_bidirectional
                .as_ref()
                .is_some_and(|f| f.is_disputed()),
            chip.io
                .host_bidirectional
                .as_ref()
                .is_some_and(|f| f.is_disputed()),
            chip.io.scale_out.as_ref().is_some_and(|f| f.is_disputed()),
            chip.peaks.iter().any(|p| p.rate.is_disputed()),
        ]
        .contains(&true);
        let end = |end| {
            if !disputed {
                return middle.rate;
            }
            Machine::of(chip, &self.families, end)
                .ok()
                .and_then(|m| self.evaluate(chip, &m, model, workload, scale).ok())
                // Infeasible at its low end: nothing is promised there.
                .map_or(if end == End::Low { 0.0 } else { middle.rate }, |e| e.rate)
        };
        let (low, high) = (end(End::Low), end(End::High));
        let (family, family_refs, extrapolated) = self.families.get(&chip.perf_family);
        let ratio = (NINETY * middle.sigma.hypot(family.sigma)).exp();
        let around = |value: f64| {
            [
                value,
                value * (low / middle.rate) / ratio,
                value * (high / middle.rate) * ratio,
            ]
        };
        let chips = f64::from(scale.chips());
        let flop = flop_per_token(model, workload);
        let achieved = middle.rate * flop / chips / 1e12;
        let arithmetic = middle.plan.arithmetic;
        let peak = machine.peak(arithmetic).unwrap_or(f64::INFINITY);
        let total = middle.time.total();
        let shares = LimitShares {
            compute: middle.time.compute / total,
            memory_bandwidth: middle.time.memory / total,
            network: middle.time.network / total,
            overhead: middle.time.overhead / total,
        };
        let time = |seconds: f64| Estimate::exact(Seconds::of(seconds)).widen(ratio);
        let mut rests_on = chip_refs(chip, arithmetic);
        rests_on.extend(family_refs.iter().cloned());
        rests_on.extend(self.fit_refs.iter().cloned());
        rests_on.extend(workload.figure_refs());
        rests_on.sort();
        rests_on.dedup();
        Outcome::Known(Performance {
            chip: chip.id.clone(),
            workload: workload.id.clone(),
            class: workload.class,
            model: model.id.clone(),
            scale,
            rate: estimate(around(middle.rate)),
            per_chip: estimate(around(middle.rate / chips)),
            achieved: estimate::<TeraOps>(around(achieved)),
            mfu: achieved * 1e12 / peak,
            ttft: middle.ttft.map(time),
            tpot: middle.tpot.map(time),
            limit: limit(&shares, middle.capacity_bound),
            shares,
            power: self.power(chip, &shares),
            plan: middle.plan,
            extrapolated,
            rests_on,
        })
    }

    fn evaluate(
        &self,
        chip: &Chip,
        machine: &Machine,
        model: &Model,
        workload: &Workload,
        scale: Scale,
    ) -> Result<Evaluated, NoPlan> {
        if workload.is_training() {
            let recipe = workload.recipe.unwrap_or_else(|| Recipe::usual(chip));
            let job = Job {
                model,
                chips: scale.chips(),
                sequence: workload.input,
                batch: workload.global_batch,
                arithmetic: recipe.products(),
                attention: Kernel::Fused,
                gradient_bytes: 2.0,
                trained: Trained::All,
            };
            let full = |needed| NoPlan::Capacity {
                needed,
                usable: machine.capacity * machine.system.memory_usable,
            };
            let hardware = Hardware::of(chip, machine, &self.training);
            let hardware = hardware.ok_or_else(|| full(f64::INFINITY))?;
            let (step, time) = fastest(&job, &hardware, &Fixed::default()).map_err(full)?;
            let plan = step.plan;
            return Ok(Evaluated {
                rate: step.rate.get(),
                time,
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
                ttft: None,
                tpot: None,
                capacity_bound: plan.recompute == Recompute::Full,
                sigma: self.training.fitted.spread_of(model),
            });
        }
        let demand = self.demand(machine, workload, scale);
        let served = serve(model, machine, &self.fit, &demand)?;
        let per_request = if workload.class == WorkloadClass::Prefill {
            demand.input
        } else {
            demand.output
        };
        Ok(Evaluated {
            rate: served.requests * per_request,
            time: served.time,
            plan: serving_plan(&served, demand.arithmetic),
            ttft: Some(served.ttft),
            tpot: Some(served.tpot),
            capacity_bound: served.capacity_bound,
            sigma: self.fit.prefill.sigma.max(self.fit.decode.sigma),
        })
    }

    fn demand(&self, machine: &Machine, workload: &Workload, scale: Scale) -> Demand {
        let limit =
            |f: &Option<crate::figure::Figure<Seconds>>| f.as_ref().map_or(f64::INFINITY, |f| f.value.get());
        Demand {
            chips: scale.chips(),
            input: f64::from(workload.input),
            output: f64::from(workload.output),
            prompts: true,
            decodes: true,
            ttft: limit(&workload.ttft_limit),
            tpot: limit(&workload.tpot_limit),
            tensor: None,
            expert: None,
            batch_per_chip: None,
            accepted: 0.0,
            arithmetic: machine.serving_format(),
        }
    }

    /// Says why there is no plan, and at which scale there is one.
    fn infeasible(
        &self,
        chip: &Chip,
        machine: &Machine,
        model: &Model,
        workload: &Workload,
        scale: Scale,
        why: &NoPlan,
    ) -> Vec<Need> {
        let larger = [8u32, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
            .into_iter()
            .filter(|chips| *chips > scale.chips())
            .find(|chips| {
                self.evaluate(chip, machine, model, workload, Scale::Cluster(*chips))
                    .is_ok()
            });
        let remedy = larger.map_or_else(
            || "no cluster up to 4096 chips runs it".to_owned(),
            |chips| format!("the smallest cluster that does has {chips} chips"),
        );
        match why {
            NoPlan::Capacity { .. } if workload.is_training() => need(
                format!("a plan for {} on {} chips", model.name, scale.chips()),
                None,
                format!(
                    "training state does not fit {:.0} GB a chip; {remedy}",
                    machine.capacity / 1e9
                ),
            ),
            NoPlan::Capacity { .. } => need(
                format!("a plan for {} on {} chips", model.name, scale.chips()),
                None,
                format!(
                    "weights of {:.0} GB and a KV cache do not fit {:.0} GB usable; {remedy}",
                    weight_bytes(model, machine.serving_format()) / 1e9,
                    f64::from(scale.chips()) * machine.capacity * machine.system.memory_usable / 1e9
                ),
            ),
            NoPlan::Latency { tpot, ttft } => need(
                format!("a plan for {} that meets the latency limits", model.name),
                None,
                format!(
                    "the nearest has {:.0} ms an output token and {ttft:.1} s to the first; {remedy}",
                    tpot * 1e3
                ),
            ),
        }
    }

    /// Tokens a second if arithmetic were the only limit.
    fn compute_bound(&self, chip: &Chip, model: &Model, workload: &Workload, scale: Scale) -> Option<String> {
        if !matches!(
            workload.class,
            WorkloadClass::DenseTraining | WorkloadClass::MoeTraining | WorkloadClass::Prefill
        ) {
            return None;
        }
        let formats = if workload.is_training() {
            let recipe = workload.recipe.unwrap_or_else(|| Recipe::usual(chip));
            vec![recipe.products()]
        } else {
            vec![Format::Fp8, Format::Int8, Format::Fp16]
        };
        let peak = formats
            .into_iter()
            .find_map(|f| chip.tensor_peak(f))?
            .rate
            .estimate()
            .high
            .get()
            * 1e12;
        let rate =
            peak * self.families.system.ceiling * f64::from(scale.chips()) / flop_per_token(model, workload);
        Some(format!("{rate:.0} tok/s"))
    }

    /// Average power of one chip: TDP x (idle + (1 - idle) x activity by what the time is spent on).
    fn power(&self, chip: &Chip, shares: &LimitShares) -> Option<Estimate<Watts>> {
        let tdp = chip.tdp.as_ref()?.estimate();
        let s = &self.families.system;
        let share = share_of_board_power(shares, s);
        Some(tdp.map(|w| w * share).widen((NINETY * s.power_sigma).exp()))
    }
}

fn estimate<Q: Quantity>([value, low, high]: [f64; 3]) -> Estimate<Q> {
    Estimate::new(Q::of(value), Q::of(low), Q::of(high))
}

/// Model FLOP of one counted token: 3 forward passes in training, one in prefill and decode, at the
/// mean context.
pub(crate) fn flop_per_token(model: &Model, workload: &Workload) -> f64 {
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

fn serving_plan(served: &Served, arithmetic: Format) -> Plan {
    Plan {
        tensor: served.tensor,
        pipeline: 1,
        data: served.replicas,
        expert: if served.expert > served.tensor {
            served.expert
        } else {
            1
        },
        batch: served.batch,
        weights: arithmetic,
        arithmetic,
        kv_cache: Some(served.kv),
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
