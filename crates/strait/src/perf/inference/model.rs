//! Everything inference needs beside models and chips, and a replica ready to be asked.

use super::{
    Demand, Formats, Makers, Memory, Mode, ServingFit, Setup, Software, Spread, StepModel, Steps, System,
};
use crate::catalog::{Chip, Format};
use crate::data::{DataSet, Problems};
use crate::figure::{Need, Quantity};
use crate::perf::Model;
use crate::perf::kernels::{Kernels, Lent};
use crate::perf::ops::{Arithmetic, End, Operator, Precision, Typical};
use crate::perf::server::Server;
use std::sync::Arc;

/// Fitted kernels and engines.
#[derive(Debug, Clone, PartialEq)]
pub struct Inference {
    /// Operators, shared with whatever else is timed by them.
    pub kernels: Arc<Kernels>,
    /// Engines and load generators.
    pub fit: ServingFit,
    /// What is taken for figures that chip files leave out.
    pub typical: Arc<Typical>,
    /// What is taken for the server and the network around a chip.
    pub server: Server,
    /// How mature kernels are on chips of other makers.
    pub makers: Arc<Makers>,
    /// How kernels are run.
    pub mode: Mode,
}

impl Inference {
    /// Reads `perf/serving.toml`.
    pub(crate) fn load(
        data: &DataSet,
        kernels: Arc<Kernels>,
        typical: Arc<Typical>,
        server: Server,
    ) -> Result<Self, Problems> {
        let fit = ServingFit::read(data.require("perf/serving.toml")?)?;
        let makers = Arc::new(Makers::read(data.require("perf/makers.toml")?)?);
        Ok(Self {
            kernels,
            fit,
            typical,
            server,
            makers,
            mode: Mode::default(),
        })
    }

    /// The system of a chip at an end of what is disputed or assumed about it.
    ///
    /// # Errors
    /// What the chip lacks; see [`System::of`].
    pub fn system(&self, chip: &Chip, end: End) -> Result<System, Vec<Need>> {
        let system = System::of(chip, &self.typical, &self.server, end)?;
        Ok(System {
            maturity: self.makers.of(chip),
            launch: if self.mode.eager { self.launch(end) } else { 0.0 },
            ..system
        })
    }

    /// Host's seconds of a kernel: the longest at the low end, where all is slow.
    fn launch(&self, end: End) -> f64 {
        let launch = self.server.launch;
        let at = match end {
            End::Low => launch.high,
            End::Middle => launch.value,
            End::High => launch.low,
        };
        at.get()
    }

    /// A replica under an engine.
    ///
    /// # Errors
    /// What the chip lacks, or a model whose weights leave no room for a sequence.
    pub fn replica<'a>(&self, setup: &Setup<'a>) -> Result<Replica<'a>, Vec<Need>> {
        let memory = Memory::of(setup.model, &setup.formats, &setup.spread);
        if !setup.system.holds(setup.model, &setup.formats, &setup.spread) {
            return Err(vec![Need {
                fact: format!("room for {} on {} chips", setup.model.name, setup.spread.chips()),
                flag: Some("--tp".to_owned()),
                why: format!(
                    "weights of {:.0} GB a chip do not fit {:.0} GB usable",
                    memory.weights / 1e9,
                    setup.system.usable / 1e9
                ),
                flips: Vec::new(),
            }]);
        }
        Ok(Replica {
            steps: self.steps(setup)?,
            memory,
            system: setup.system,
            software: self.software(setup.engine),
        })
    }

    /// The steps of a replica.
    ///
    /// # Errors
    /// What the chip lacks.
    pub fn steps<'a>(&self, setup: &Setup<'a>) -> Result<StepModel<'a>, Vec<Need>> {
        Ok(StepModel::new(setup, &self.kernels)?.run_as(self.mode))
    }

    /// What an engine adds to its kernels.
    #[must_use]
    pub fn software(&self, engine: Option<&str>) -> Software {
        let fitted = self.fit.engine(engine);
        Software {
            captured: if self.mode.eager { 1.0 } else { fitted.captured },
            ..fitted
        }
    }

    /// Chips whose measured runs the fit rests on.
    #[must_use]
    pub fn measured(&self) -> &[String] {
        &self.fit.chips
    }
}

impl System {
    /// Whether the weights leave room for a token.
    #[must_use]
    pub fn holds(&self, model: &Model, formats: &Formats, spread: &Spread) -> bool {
        Memory::of(model, formats, spread).sequences(self.usable, 1.0) >= 1.0
    }
}

impl Formats {
    /// The format a chip is usually served in: FP8 where its matrix units have it, else INT8, else 16 bits.
    #[must_use]
    pub fn usual(system: &System) -> Format {
        if system.device.peak8 > 0.0 {
            Format::Fp8
        } else if system.device.peak_int8 > 0.0 {
            Format::Int8
        } else {
            Format::Fp16
        }
    }

    /// Name of the precision of kernels that a format stands for; none where no kernels were fitted in it.
    #[must_use]
    pub fn word(format: Format) -> Option<&'static str> {
        match format {
            Format::Fp16 => Some("bf16"),
            Format::Fp8 => Some("fp8"),
            Format::Int8 => Some("int8"),
            Format::Fp4 => Some("nvfp4"),
            Format::Fp32 => Some("fp32"),
            Format::Tf32 => Some("tf32"),
            Format::Int4 => Some("int4"),
            Format::Fp64 | Format::Fp6 => None,
        }
    }

    /// Everything in one format.
    #[must_use]
    pub fn of(format: Format) -> Option<Self> {
        Self::word(format).and_then(Self::named)
    }

    /// One precision throughout; the cache has one byte beside floating-point products of eight bits or fewer, four beside
    /// those of 32, else two.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Precision::of(word).map(Self::throughout)
    }

    /// The same of a precision at hand.
    #[must_use]
    pub fn throughout(precision: Precision) -> Self {
        let cache = match precision.arithmetic {
            Arithmetic::Float8 | Arithmetic::Float4 => 1.0,
            Arithmetic::Bits32 | Arithmetic::Tensor32 => 4.0,
            Arithmetic::Bits16 | Arithmetic::Int8 | Arithmetic::Int4 => 2.0,
        };
        Self::all(precision, cache)
    }
}

impl Inference {
    /// Products whose precision was not measured, and whose kernels time them.
    #[must_use]
    pub fn lent(&self, model: &Model, formats: &Formats) -> Vec<Lent> {
        let mut found: Vec<Lent> = Vec::new();
        for (operator, precision) in products(model, formats) {
            let lent = self.kernels.lent(operator, &precision);
            found.extend(lent.filter(|lent| !found.contains(lent)));
        }
        found
    }

    /// Half-width of the 90 % interval of the logarithm of a time that they add; the widest of them.
    #[must_use]
    pub fn lending(&self, model: &Model, formats: &Formats, chip: &Chip, first: bool) -> f64 {
        let Ok(system) = self.system(chip, End::Middle) else {
            return 0.0;
        };
        let each = products(model, formats);
        let each = each.map(|(operator, p)| self.kernels.lending(operator, &p, first, &system.device));
        each.fold(0.0, f64::max)
    }
}

/// Kinds of large products of a model, each with its precision.
fn products(model: &Model, formats: &Formats) -> impl Iterator<Item = (Operator, Precision)> {
    let experts = model.experts.map(|_| (Operator::GroupedGemm, formats.experts));
    let dense = [formats.attention, formats.feed].map(|p| (Operator::Gemm, p));
    dense.into_iter().chain(experts)
}

/// A replica that can be asked how it serves.
#[derive(Debug, Clone)]
pub struct Replica<'a> {
    /// Its steps.
    pub steps: StepModel<'a>,
    /// What it keeps in memory.
    pub memory: Memory,
    /// Its chips.
    pub system: System,
    /// Its engine.
    pub software: Software,
}

/// How a replica serves so many users at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operating {
    /// Users at once.
    pub users: f64,
    /// Time to first token, seconds.
    pub ttft: f64,
    /// Time per output token, seconds.
    pub tpot: f64,
    /// Requests a second.
    pub requests: f64,
    /// Output tokens a second and chip.
    pub per_chip: f64,
}

impl Replica<'_> {
    /// Chips.
    #[must_use]
    pub fn chips(&self) -> f64 {
        f64::from(self.steps.spread().chips())
    }

    /// Users whose sequences fit at once; less than one where not even one does.
    ///
    /// One whole sequence must fit. Of many, begun at any time, each has on average half of its answer in the cache.
    #[must_use]
    pub fn fits(&self, demand: &Demand) -> f64 {
        let room = |tokens| self.memory.sequences(self.system.usable, tokens);
        let whole = room(demand.input + demand.output);
        let each = if whole < 1.0 {
            whole
        } else {
            room(demand.context())
        };
        let spread = self.steps.spread();
        (each * f64::from(spread.data) * f64::from(spread.pipeline)).floor()
    }

    /// How it serves `users` at once.
    #[must_use]
    pub fn at(&self, demand: &Demand, users: f64) -> Operating {
        let seen = Steps::of(&self.steps, demand, users).seen(&self.software);
        let life = seen.ttft + (demand.output - 1.0).max(0.0) * seen.tpot;
        let requests = users / life;
        Operating {
            users,
            ttft: seen.ttft,
            tpot: seen.tpot,
            requests,
            per_chip: requests * demand.output / self.chips(),
        }
    }
}
