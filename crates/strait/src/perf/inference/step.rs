//! How long a step takes: every operator of it under the fitted kernels of an engine.

use super::lower::{Mixture, Stack};
use super::{Formats, Item, Maturity, Mode, Part, Role, Spread, StepBatch, System, Work};
use crate::figure::{Need, Quantity, Ratio};
use crate::perf::Model;
use crate::perf::kernels::Kernels;
use crate::perf::ops::grouped_gemm::Routing;
use crate::perf::ops::pointwise::{self, Pointwise};
use crate::perf::ops::{
    Arithmetic, Cache, Call, Device, Engine, Family, Operator, Precision, linear_attention, seconds,
};

/// Parameters of one role with the engine's factors on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    pub(super) family: Family,
    /// Factors with the launch cost left out, which is counted apart.
    pub(super) engine: Engine,
    /// Launch cost of a call of the best kernels, seconds.
    pub(super) launch: f64,
    /// The engine's factor on it.
    factor: f64,
}

/// One step's time by what it is spent on, before an engine's host work is added. Seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepTime {
    /// Work by part, in the order of [`Part::ALL`].
    pub work: [f64; Part::ALL.len()],
    /// Launch cost of all kernels, as measured one call at a time by the best engine.
    pub launch: f64,
    /// The same by the engine at hand.
    pub eager: f64,
    /// Kernels launched.
    pub kernels: f64,
    /// Host's time of launching them one by one; nothing where the step was captured in a graph.
    pub host: f64,
}

impl StepTime {
    /// Time of work, launches left out.
    #[must_use]
    pub fn work(&self) -> f64 {
        self.work.iter().sum()
    }

    /// Time of collectives.
    #[must_use]
    pub fn communication(&self) -> f64 {
        self.work[Part::Communication as usize]
    }
}

/// A replica of a model that can time its steps.
#[derive(Debug, Clone)]
pub struct StepModel<'a> {
    pub(super) model: &'a Model,
    formats: Formats,
    pub(super) spread: Spread,
    pub(super) system: System,
    mixture: Mixture,
    /// Engines were fitted at versions that did not yet share out rows.
    scattered: bool,
    fitted: [Option<Fitted>; Role::COUNT],
    plain_launch: f64,
    mode: Mode,
}

/// What a replica is made of.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// Architecture.
    pub model: &'a Model,
    /// Formats.
    pub formats: Formats,
    /// Spread.
    pub spread: Spread,
    /// Chip and links.
    pub system: System,
    /// Engine as in `data/perf/operators.toml` (`TRTLLM`, `VLLM`, `SGLang`); what good current software reaches
    /// where absent.
    pub engine: Option<&'a str>,
}

impl<'a> StepModel<'a> {
    /// A replica under fitted kernels.
    ///
    /// # Errors
    /// An arithmetic that the chip lacks, or an operator without parameters.
    pub fn new(setup: &Setup<'a>, kernels: &Kernels) -> Result<Self, Vec<Need>> {
        let device = &setup.system.device;
        let formats = &setup.formats;
        let mut fitted = [None; Role::COUNT];
        for (role, operator) in Role::FITTED {
            let precision = precision_of(role, formats);
            let key = (operator, precision.to_owned());
            let Some(set) = kernels.set(&key) else { continue };
            let factors = setup
                .engine
                .and_then(|e| kernels.engines.get(&(key.0, key.1.clone(), e.to_owned())))
                .map_or(Engine::BEST, |e| e.factors);
            fitted[role as usize] = Some(Fitted {
                family: *set.family(),
                engine: Engine {
                    launch: 0.0,
                    ..matured(operator, factors, &setup.system.maturity)
                },
                launch: cycles(set.family()) / device.clock,
                factor: factors.launch,
            });
        }
        for product in [formats.attention, formats.feed, formats.experts] {
            if device.peak(product.arithmetic) <= 0.0 {
                return Err(vec![lacking(product, device)]);
            }
        }
        if device.peak(formats.scores) <= 0.0 {
            return Err(vec![Need {
                fact: "a matrix peak for attention".to_owned(),
                flag: Some("peak of engine tensor in a chip file".to_owned()),
                why: "the chip's file gives none: it cannot multiply in that format".to_owned(),
                flips: Vec::new(),
            }]);
        }
        let none = Pointwise {
            warm: 0.0,
            cold: 0.0,
            kernels: 1.0,
        };
        let mixture = Mixture {
            routing: Routing::Random,
            // Triton's grouped kernel, which vLLM and SGLang run in the formats they have no other for.
            walks_all: matches!(setup.engine, Some("VLLM" | "SGLang")) && formats.experts.name == "bf16",
        };
        Ok(Self {
            model: setup.model,
            formats: setup.formats,
            spread: setup.spread,
            system: setup.system,
            mixture,
            scattered: setup.engine.is_none(),
            fitted,
            plain_launch: pointwise::seconds(&none, device),
            mode: Mode::default(),
        })
    }

    /// The same with its kernels run another way.
    #[must_use]
    pub fn run_as(mut self, mode: Mode) -> Self {
        self.mixture.routing = match mode.imbalance {
            Some(ratio) => Routing::Loaded { busiest: ratio.get() },
            None => Routing::Random,
        };
        self.mode = mode;
        self
    }

    /// Choices of experts that fall on the busiest rank over the mean in a step; none without experts dealt to ranks.
    #[must_use]
    pub fn busiest_over_mean(&self, batch: &StepBatch) -> Option<Ratio> {
        let mut found = None;
        self.stack().walk(batch, &mut |item| {
            if let (None, Work::Call(Call::GroupedGemm(g))) = (found, item.work) {
                found = (g.expert_ranks > 1.0).then(|| Ratio::of(g.busiest_over_mean()));
            }
        });
        found
    }

    /// The spread it was made with.
    #[must_use]
    pub fn spread(&self) -> Spread {
        self.spread
    }

    /// The chip that computes it.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.system.device
    }

    /// Every operator of a step with the work and the launch cost of one run, seconds.
    pub fn each(&self, batch: &StepBatch, see: &mut dyn FnMut(&Item, f64, f64)) {
        let whole = self.once(batch);
        let (batch, turns, open) = match self.in_turns(batch, &whole) {
            Some((half, _, open)) => (half, 2.0, open),
            None => (*batch, 1.0, 1.0),
        };
        self.stack().walk(&batch, &mut |item| {
            let (work, launch, _, _) = self.item(&item);
            let open = if item.part == Part::Communication {
                open
            } else {
                1.0
            };
            let count = item.count * turns;
            see(&Item { count, ..item }, work * open, launch);
        });
    }

    /// Every operator of a step as one batch with the work of one run, seconds.
    pub(super) fn whole(&self, batch: &StepBatch, see: &mut dyn FnMut(&Item, f64)) {
        self.stack()
            .walk(batch, &mut |item| see(&item, self.item(&item).0));
    }

    /// Time of a step.
    #[must_use]
    pub fn step(&self, batch: &StepBatch) -> StepTime {
        let whole = self.once(batch);
        self.in_turns(batch, &whole).map_or(whole, |(_, time, _)| time)
    }

    /// Time of a step as one batch.
    pub(super) fn once(&self, batch: &StepBatch) -> StepTime {
        let mut time = StepTime::default();
        self.stack().walk(batch, &mut |item| {
            let (work, launch, factor, kernels) = self.item(&item);
            time.work[item.part as usize] += item.count * work;
            time.launch += item.count * launch;
            time.eager += item.count * launch * factor;
            time.kernels += item.count * kernels;
        });
        time.host = time.kernels * self.system.launch;
        time
    }

    fn stack(&self) -> Stack<'_> {
        Stack {
            model: self.model,
            formats: &self.formats,
            spread: &self.spread,
            mixture: self.mixture,
            domain: self.system.domain,
            hidden: self.system.hidden,
            scattered: self.scattered,
        }
    }

    /// Parameters of a role.
    pub(super) fn fitted(&self, role: Role) -> Option<&Fitted> {
        self.fitted[role as usize].as_ref()
    }

    /// Work, launch cost, the engine's factor on it, and kernels of one run of an item.
    fn item(&self, item: &Item) -> (f64, f64, f64, f64) {
        let device = &self.system.device;
        match &item.work {
            Work::Pointwise(p) => {
                let launch = p.kernels * self.plain_launch;
                let moved = pointwise::seconds(p, device) - launch;
                (moved * self.system.maturity.memory, launch, 1.0, p.kernels)
            }
            Work::Linear(a) => (
                linear_attention::seconds(a, device) - self.plain_launch,
                self.plain_launch,
                1.0,
                2.0,
            ),
            Work::Call(Call::CustomAllReduce(c)) => {
                let (work, launch, _) = self.all_reduce(c);
                (work, launch, 1.0, 1.0)
            }
            Work::Call(Call::Collective(c)) => {
                let (work, launch, _) = self.collective(c);
                (work, launch, 1.0, 1.0)
            }
            Work::Call(call) => {
                let Some(f) = &self.fitted[item.role as usize] else {
                    return (f64::INFINITY, 0.0, 1.0, 0.0);
                };
                let warm = Cache::Warm { copies: 1 };
                let call = if self.mode.warm { call.found(warm) } else { *call };
                let work = seconds(&call, device, &f.family, &f.engine).unwrap_or(f64::INFINITY);
                // A graph never costs more than what it holds.
                let factor = if self.mode.eager { f.factor.max(1.0) } else { 1.0 };
                let kernels = if matches!(call, Call::GroupedGemm(_)) {
                    5.0
                } else {
                    1.0
                };
                (work, f.launch * factor, f.factor / factor, kernels)
            }
        }
    }
}

/// An engine's factors on a chip whose kernels are less mature; links are those of the chip whoever writes the kernel.
fn matured(operator: Operator, engine: Engine, maturity: &Maturity) -> Engine {
    match operator {
        Operator::Collective | Operator::CustomAllReduce => engine,
        _ => Engine {
            compute: engine.compute * maturity.compute,
            memory: engine.memory * maturity.memory,
            ..engine
        },
    }
}

/// The need of an arithmetic that a chip does not have, with what it has, the nearest in width first.
fn lacking(precision: Precision, device: &Device) -> Need {
    let mut has = device.precisions();
    let apart = |p: &Precision| (p.weight / precision.weight).log2().abs();
    has.sort_by(|a, b| apart(a).total_cmp(&apart(b)));
    let names: Vec<&str> = has.iter().map(|p| p.name).collect();
    Need {
        fact: format!("a peak for {}", precision.name),
        flag: Some("--precision, or a peak in a chip file".to_owned()),
        why: format!(
            "the chip has no such arithmetic, or its file does not say; it computes, the nearest first, {}",
            names.join(", ")
        ),
        flips: Vec::new(),
    }
}

fn cycles(family: &Family) -> f64 {
    match family {
        Family::Gemm(p) => p.launch,
        Family::GroupedGemm(p) => p.launch,
        Family::Prefill(p) => p.launch,
        Family::Decode(p) => p.launch,
        Family::Collective(p) => p.launch,
        Family::CustomAllReduce(p) => p.launch,
    }
}

fn precision_of(role: Role, formats: &Formats) -> &'static str {
    let cached = if formats.cache < 2.0 { "bf16_kv8" } else { "bf16" };
    match role {
        Role::Projection => formats.attention.timed_as(Operator::Gemm),
        Role::Feed => formats.feed.timed_as(Operator::Gemm),
        Role::Experts => formats.experts.timed_as(Operator::GroupedGemm),
        Role::Prefill if formats.scores == Arithmetic::Float8 => "fp8",
        Role::Prefill | Role::Decode | Role::LatentDecode => cached,
        Role::Wide | Role::LatentPrefill | Role::Plain => "bf16",
        Role::Collective | Role::CustomAllReduce => "any",
    }
}
