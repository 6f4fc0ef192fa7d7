//! What is taken for a figure that a chip file does not state.
//!
//! Six figures decide a kernel's time beside peak and memory bandwidth, and makers publish them less often.
//! Each stands in a relation to what is published: cores x FLOP of a core in a clock x clock = peak; caches, scratchpads
//! and power limits grow with arithmetic, links with memory bandwidth. The chips of the catalog that state a
//! figure give the relation: that of the chip's siblings (same family, same form), else that of all families,
//! each counting alike. `data/perf/assumed_device.toml` holds the result, with the range nine of ten lie in.

use crate::catalog::{Chip, Form, Format};
use crate::data::DataSet;
use crate::figure::{Figure, Quantity};
use std::collections::BTreeMap;
use std::fmt::Write as _;

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
    fn stated(self, chip: &Chip) -> Option<f64> {
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
    /// A tenth of the families lie below.
    pub low: f64,
    /// A tenth lie above.
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
            // The more a core does in a clock, the fewer there are.
            End::Low if of == Unstated::Cores => high,
            End::High if of == Unstated::Cores => low,
            End::Low => low,
            End::High => high,
        }
    }

    /// From the chips that state the figures.
    #[must_use]
    pub fn of(chips: &[&Chip]) -> Self {
        let mut found = Self::default();
        let key = |c: &Chip| (c.perf_family.clone(), c.form);
        let mut told = String::new();
        for of in Unstated::ALL {
            let stated: Vec<(&Chip, f64)> = chips
                .iter()
                .filter_map(|c| Some((*c, rounded(of.stated(c)?))))
                .collect();
            found.figures += stated.len();
            for (chip, figure) in &stated {
                let _ = writeln!(told, "{} {} {figure:?}", chip.id, of.name());
            }
            let mut families: BTreeMap<&str, f64> = BTreeMap::new();
            for (chip, _) in &stated {
                *families.entry(&chip.perf_family).or_default() += 1.0;
            }
            let mut weighed: Vec<(f64, f64)> = stated
                .iter()
                .map(|(c, x)| (*x, 1.0 / families[c.perf_family.as_str()]))
                .collect();
            weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut off = Vec::new();
            for chip in chips.iter().filter(|c| c.is_accelerator()) {
                let mut near: Vec<f64> = stated
                    .iter()
                    .filter(|(c, _)| key(c) == key(chip))
                    .map(|(_, x)| *x)
                    .collect();
                if near.is_empty() {
                    continue;
                }
                near.sort_by(f64::total_cmp);
                let median = near[(near.len() - 1) / 2];
                if let Some((_, own)) = stated.iter().find(|(c, _)| c.id == chip.id)
                    && near.len() > 1
                {
                    off.push(((own / median).ln().abs(), 1.0));
                }
                let (family, form) = key(chip);
                let held = found
                    .siblings
                    .iter()
                    .position(|s| s.family == family && s.form == form);
                let at = held.unwrap_or_else(|| {
                    found.siblings.push(Siblings {
                        family,
                        form,
                        medians: [None; 6],
                    });
                    found.siblings.len() - 1
                });
                found.siblings[at].medians[of as usize] = Some(median);
            }
            off.sort_by(|a, b| a.0.total_cmp(&b.0));
            found.relations[of as usize] = Relation {
                value: quantile(&weighed, 0.5),
                low: quantile(&weighed, 0.1),
                high: quantile(&weighed, 0.9),
                within: rounded(quantile(&off, 0.9)),
                chips: stated.len(),
                families: families.len(),
            };
        }
        found.data = DataSet::empty().with("chips", told).version();
        found
    }
}

/// The first value at which the weight reaches a share of all.
fn quantile(sorted: &[(f64, f64)], share: f64) -> f64 {
    let all: f64 = sorted.iter().map(|x| x.1).sum();
    let mut reached = 0.0;
    for (value, weight) in sorted {
        reached += weight;
        if reached >= share * all - 1e-9 {
            return *value;
        }
    }
    0.0
}

/// To three digits, as the file holds it.
fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
