//! A chip as training sees it: its operators under the fitted kernels, its links, its memory.

use super::model::Training;
use super::parameters::Fit;
use super::plan::Kernel;
use crate::catalog::{Chip, Format};
use crate::figure::Need;
use crate::perf::inference::{Maturity, System};
use crate::perf::ops::{
    Arithmetic, Cache, Device, End, Engine, Family, Operator, Precision, attention_prefill, collective,
    elementwise, gemm, linear_attention,
};
use std::cell::RefCell;
use std::collections::HashMap;

/// FLOP a clock of an H100's core.
const CORE: f64 = 4096.0;
/// FLOP a clock of a core that synchronous matrix instructions reach: all of an Ampere core's, and of a Hopper core's
/// what leaves FlashAttention-2 at 35 % of the peak (Shah et al. 2024, arXiv 2407.08608) where it reaches 50 to 73 %
/// of an A100's (Dao 2023, arXiv 2307.08691).
const SYNCHRONOUS: f64 = 0.57 * CORE;

/// One chip.
#[derive(Debug, Clone)]
pub(crate) struct Hardware {
    pub(crate) device: Device,
    pub(crate) fit: Fit,
    /// Choices of experts on the busiest rank over the mean, where given.
    pub(crate) load: Option<f64>,
    gemm: [(Precision, gemm::Fit); 6],
    prefill: attention_prefill::Fit,
    pub(super) collective: collective::Fit,
    /// Its kernels beside those fitted. The rates behind it are of whole large products, as those of a step are: it acts on
    /// all of a product's time.
    maturity: Maturity,
    /// Memory, bytes; what of it a program may use.
    pub(crate) capacity: f64,
    pub(crate) usable: f64,
    /// Chips that share the scale-up link.
    pub(crate) domain: f64,
    /// Network adapter of one chip, one direction, bytes a second.
    pub(crate) out: f64,
}

/// Products timed so far: layers that differ in one part alone share the others.
#[derive(Debug, Default)]
pub(crate) struct Memo(RefCell<HashMap<Shape, Option<f64>>>);

/// Bits of rows, columns and inner width, and the format.
type Shape = ([u64; 3], Format);

impl Memo {
    /// Seconds of a product, timed once.
    pub(crate) fn product(&self, on: &Hardware, [m, n, k]: [f64; 3], format: Format) -> Option<f64> {
        let key = ([m.to_bits(), n.to_bits(), k.to_bits()], format);
        if let Some(held) = self.0.borrow().get(&key) {
            return *held;
        }
        let timed = on.product(m, n, k, format);
        self.0.borrow_mut().insert(key, timed);
        timed
    }
}

impl Hardware {
    /// The chip under fitted kernels.
    ///
    /// # Errors
    /// The figures it lacks, or the fit where it lacks an operator.
    pub(crate) fn of(chip: &Chip, training: &Training, end: End) -> Result<Self, Vec<Need>> {
        let system = System::of(chip, &training.typical, &training.server, end)?;
        let unfitted = || {
            vec![Need {
                fact: "operators fitted to measured calls".to_owned(),
                flag: Some("perf/operators.toml in --data".to_owned()),
                why: "a step is made of products, attention and collectives".to_owned(),
                flips: Vec::new(),
            }]
        };
        let hardware = Self::under(&system, training).ok_or_else(unfitted)?;
        Ok(Self {
            maturity: training.makers.of(chip),
            ..hardware
        })
    }

    fn under(system: &System, training: &Training) -> Option<Self> {
        let (kernels, fitted) = (&training.kernels, &training.fitted);
        let set = |operator, name: &str| kernels.set(&(operator, name.to_owned())).map(|s| *s.family());
        let product = |of: Precision| match set(Operator::Gemm, of.timed_as(Operator::Gemm))? {
            Family::Gemm(fit) => Some((of, fit)),
            _ => None,
        };
        let Family::Prefill(prefill) = set(Operator::AttentionPrefill, "bf16")? else {
            return None;
        };
        let Family::Collective(collective) = set(Operator::Collective, "any")? else {
            return None;
        };
        Some(Self {
            device: system.device,
            fit: fitted.fit,
            load: training.load,
            gemm: [
                product(Precision::BF16)?,
                product(Precision::FP8)?,
                product(Precision::of("nvfp4")?)?,
                product(Precision::TF32)?,
                product(Precision::FP32)?,
                product(Precision::of("int8")?)?,
            ],
            prefill,
            collective,
            maturity: Maturity::FULL,
            capacity: system.capacity,
            usable: training.server.usable,
            domain: f64::from(system.domain),
            out: system.out,
        })
    }

    /// Another setting of the parameters.
    pub(crate) fn with(&self, fit: Fit) -> Self {
        Self { fit, ..self.clone() }
    }

    /// Seconds of a product of `m` rows, `n` columns and inner width `k`; `None` without the arithmetic.
    pub(crate) fn product(&self, m: f64, n: f64, k: f64, format: Format) -> Option<f64> {
        let which = match format {
            Format::Fp16 => &self.gemm[0],
            Format::Fp8 => &self.gemm[1],
            Format::Fp4 => &self.gemm[2],
            Format::Tf32 => &self.gemm[3],
            Format::Fp32 => &self.gemm[4],
            // Scaled to integers anew in each pass, gradients too (AQT in MaxText, `quantization: int8`).
            Format::Int8 => &self.gemm[5],
            _ => return None,
        };
        let call = gemm::Gemm {
            m,
            n,
            k,
            precision: which.0,
            cache: Cache::Cold,
        };
        let mut fit = which.1;
        fit.watts *= self.fit.heat;
        let seconds = gemm::seconds(&call, &self.device, &fit, &Engine::BEST);
        (seconds.is_finite() && seconds > 0.0).then_some(seconds * self.maturity.compute / self.fit.products)
    }

    /// Seconds of fused causal attention, forward.
    pub(crate) fn attention(&self, call: &attention_prefill::Prefill, kernel: Kernel) -> f64 {
        let d = &self.device;
        let (device, slower) = match kernel {
            Kernel::Flash2 => {
                let peak16 = d.peak16.min(SYNCHRONOUS * d.units * d.clock);
                (Device { peak16, ..*d }, self.fit.flash2)
            }
            Kernel::Fused | Kernel::Unfused => (*d, 1.0),
        };
        let mut fit = self.prefill;
        fit.watts *= self.fit.heat;
        if kernel == Kernel::Flash2 {
            // It multiplies and takes exponentials in turn.
            fit.exposed = 1.0;
        }
        slower * self.maturity.compute * attention_prefill::seconds(call, &device, &fit, &Engine::BEST)
    }

    /// Seconds of linear attention, forward.
    pub(crate) fn linear(&self, call: &linear_attention::LinearAttention) -> f64 {
        self.maturity.compute * linear_attention::seconds(call, &self.device)
    }

    /// Seconds in which plain kernels move so many bytes, launches apart.
    pub(crate) fn moved(&self, bytes: f64) -> f64 {
        self.maturity.memory * bytes / (elementwise::SHARE * self.device.memory)
    }

    /// Seconds of a launch.
    pub(crate) fn launch(&self) -> f64 {
        elementwise::LAUNCH / self.device.clock
    }

    /// Dense peak of a format, FLOP/s; zero without it.
    pub(crate) fn peak(&self, format: Format) -> f64 {
        self.device.peak(arithmetic(format))
    }
}

/// Units that multiply a format of training.
pub(crate) fn arithmetic(format: Format) -> Arithmetic {
    match format {
        Format::Fp32 => Arithmetic::Bits32,
        Format::Tf32 => Arithmetic::Tensor32,
        Format::Fp8 => Arithmetic::Float8,
        Format::Int8 => Arithmetic::Int8,
        Format::Fp4 => Arithmetic::Float4,
        _ => Arithmetic::Bits16,
    }
}

/// Bytes of an activation that a product of this format reads.
pub(crate) fn width(format: Format) -> f64 {
    format.usual_bits().1 / 8.0
}
