//! What is taken for a figure that a chip file does not state.
//!
//! Six figures decide a kernel's time beside peak and memory bandwidth, and makers publish them less often.
//! Each stands in a relation to what is published: cores x FLOP of a core in a clock x clock = peak; caches, scratchpads
//! and power limits grow with arithmetic, links with memory bandwidth. The chips of the catalog that state a
//! figure give the relation: that of the chip's siblings (same family, same form), else that of all families,
//! each counting alike. `data/perf/assumed_device.toml` holds the result, with its ends. At the slow end all figures are
//! low: slow clocks, many cores that each do little and keep little beside them, small caches.

use crate::catalog::{Chip, Form, Format};
use crate::figure::{Figure, Quantity};

/// End of the figures that are disputed or assumed: that of the slower chip, the value taken, that of the faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum End {
    Low,
    Middle,
    High,
}

impl End {
    /// Slow, middle and fast.
    pub const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];

    /// A figure at this end of its disputes.
    pub(crate) fn of<Q: Quantity>(self, figure: &Figure<Q>) -> f64 {
        let estimate = figure.estimate();
        match self {
            Self::Low => estimate.low.get(),
            Self::Middle => estimate.value.get(),
            Self::High => estimate.high.get(),
        }
    }
}

/// A figure that a chip file may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Unstated {
    Clock,
    Cores,
    Cache,
    Scratchpad,
    Power,
    Link,
}

impl Unstated {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Clock,
        Self::Cores,
        Self::Cache,
        Self::Scratchpad,
        Self::Power,
        Self::Link,
    ];

    /// Name in the data file and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Cores => "cores",
            Self::Cache => "last-level cache",
            Self::Scratchpad => "scratchpad",
            Self::Power => "power limit",
            Self::Link => "scale-up link",
        }
    }

    /// Unit of the relation.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Clock => "MHz",
            Self::Cores => "FLOP/clk",
            Self::Cache => "kB for 1 TFLOP/s",
            Self::Scratchpad => "B for 1 FLOP/clk",
            Self::Power => "W for 1 TFLOP/s",
            Self::Link => "1",
        }
    }

    /// What the relation says.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Clock => {
                "boost clock; where cores are stated, the clock nearest to it at which a core does a power of two of FLOP"
            }
            Self::Cores => "dense 16-bit FLOP of one core in a clock: cores = peak / (this x clock)",
            Self::Cache => "last-level cache for the dense 16-bit peak",
            Self::Scratchpad => "scratchpad of one core for what it multiplies in a clock",
            Self::Power => "board power for the dense 16-bit peak",
            Self::Link => {
                "scale-up link, both directions, over memory bandwidth, of modules; a card without one talks over its host"
            }
        }
    }

    /// The relation on a chip that states the figure.
    pub(super) fn stated(self, chip: &Chip) -> Option<f64> {
        let peak = chip.tensor_peak(Format::Fp16)?.rate.value.get() * 1e12;
        let memory = chip.memory.bandwidth.as_ref()?.value.get();
        let cores = chip.micro.cores.as_ref().map(|f| f.value.get());
        let core = |clock: f64| Some(peak / (cores? * clock));
        let found = match self {
            Self::Clock => clock(chip, peak, End::Middle)? / 1e6,
            Self::Cores => core(clock(chip, peak, End::Middle)?)?,
            Self::Cache => chip.last_level_cache.as_ref()?.value.get() * 1e6 / (peak / 1e12),
            Self::Scratchpad => {
                chip.micro.scratch_per_core.as_ref()?.value.get() * 1e9
                    / core(clock(chip, peak, End::Middle)?)?
            }
            Self::Power => chip.tdp.as_ref()?.value.get() / (peak / 1e12),
            Self::Link if chip.form == Form::Module => {
                chip.io.scale_up_bidirectional.as_ref()?.value.get() / memory
            }
            Self::Link => return None,
        };
        (found > 0.0).then_some(found)
    }
}

/// Clock that a chip file states or implies, Hz.
pub(super) fn clock(chip: &Chip, peak: f64, end: End) -> Option<f64> {
    let boost = chip.micro.boost_clock.as_ref().map(|f| end.of(f) * 1e6);
    let implied = || {
        let flop = chip.micro.fp16_flop_per_clock_per_core.as_ref()?.value.get();
        Some(peak / (chip.micro.cores.as_ref()?.value.get() * flop))
    };
    boost.or_else(implied)
}

/// A relation over all families.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Relation {
    /// Median.
    pub value: f64,
    /// An eighth of the families lie below.
    pub low: f64,
    /// An eighth lie above.
    pub high: f64,
    /// Nine of ten chips lie within this of the median of their siblings, log.
    pub within: f64,
    /// Chips that state it.
    pub chips: usize,
    /// Families they are of.
    pub families: usize,
}

/// Medians of one family in one form.
#[derive(Debug, Clone, PartialEq)]
pub struct Siblings {
    /// Performance family.
    pub family: String,
    /// Form.
    pub form: Form,
    /// By [`Unstated::ALL`], where a chip of them states it.
    pub medians: [Option<f64>; 6],
}

/// What is taken for figures that chip files leave out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Typical {
    /// By [`Unstated::ALL`].
    pub relations: [Relation; 6],
    /// Families with a chip that leaves something out.
    pub siblings: Vec<Siblings>,
    /// Figures stated, of all chips and relations.
    pub figures: usize,
    /// Hash of them.
    pub data: String,
}

impl Typical {
    /// The relation of a figure of a chip at an end.
    pub(super) fn at(&self, of: Unstated, chip: &Chip, end: End) -> f64 {
        let relation = &self.relations[of as usize];
        let near = self
            .siblings
            .iter()
            .find(|s| s.family == chip.perf_family && s.form == chip.form)
            .and_then(|s| s.medians[of as usize]);
        let (low, value, high) = match near {
            Some(value) => (
                value * (-relation.within).exp(),
                value,
                value * relation.within.exp(),
            ),
            None => (relation.low, relation.value, relation.high),
        };
        match end {
            End::Middle => value,
            End::Low => low,
            End::High => high,
        }
    }
}
