//! A chip as its kernels see it: rates in base units, and what follows from them.

use super::Arithmetic;
use crate::catalog::{Chip, Format};
use crate::figure::{Need, Quantity};

/// Bytes that one compute unit takes from the cache in a clock: the width of its port, the same on
/// every part measured.
pub(crate) const PORT_BYTES: f64 = 64.0;

/// Rates of one chip in base units (bytes, seconds, FLOP).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Device {
    /// Dense matrix peak with 16-bit inputs, FLOP/s.
    pub peak16: f64,
    /// With 8-bit floating point; zero where the chip has none.
    pub peak8: f64,
    /// With 8-bit integers; zero where the chip has none.
    pub peak_int8: f64,
    /// With 4-bit floating point; zero where the chip has none.
    pub peak4: f64,
    /// Memory bandwidth, bytes a second.
    pub memory: f64,
    /// Last-level cache, bytes.
    pub cache: f64,
    /// Compute units (SM, CU, core).
    pub units: f64,
    /// Clock, Hz.
    pub clock: f64,
    /// Scratchpad of one unit, bytes.
    pub scratch: f64,
    /// Board power, W; infinite where no limit is known.
    pub power: f64,
    /// Scale-up link in one direction, bytes a second; zero where the chip has none.
    pub link: f64,
}

impl Device {
    /// The device a chip file describes.
    ///
    /// # Errors
    /// The figures it lacks: a 16-bit matrix peak, memory bandwidth, last-level cache, cores, or a clock
    /// (or the FLOP of a core in a clock, which gives it).
    pub fn of(chip: &Chip) -> Result<Self, Vec<Need>> {
        let mut needs = Vec::new();
        let peak = |format| {
            chip.tensor_peak(format)
                .map_or(0.0, |p| p.rate.value.get() * 1e12)
        };
        let mut required = |value: Option<f64>, fact: &str, path: &str| match value {
            Some(value) if value > 0.0 => value,
            _ => {
                needs.push(Need {
                    fact: format!("{fact} of {}", chip.id),
                    flag: Some(format!("{path} in a chip file")),
                    why: "its kernels cannot be timed without it".to_owned(),
                    flips: Vec::new(),
                });
                1.0
            }
        };
        let peak16 = required(
            Some(peak(Format::Fp16)),
            "dense 16-bit matrix peak",
            "peak of engine tensor, format fp16",
        );
        let memory = required(
            chip.memory.bandwidth.as_ref().map(|f| f.value.get() * 1e9),
            "memory bandwidth",
            "memory.bandwidth",
        );
        let cache = required(
            chip.last_level_cache.as_ref().map(|f| f.value.get() * 1e9),
            "last-level cache",
            "cache.last_level",
        );
        let units = required(
            chip.micro.cores.as_ref().map(|f| f.value.get()),
            "number of cores",
            "micro.cores",
        );
        let boost = chip.micro.boost_clock.as_ref().map(|f| f.value.get() * 1e6);
        let per_clock = chip
            .micro
            .fp16_flop_per_clock_per_core
            .as_ref()
            .map(|f| f.value.get());
        let clock = required(
            boost.or_else(|| per_clock.map(|flop| peak16 / (units * flop))),
            "clock",
            "micro.boost_clock",
        );
        if !needs.is_empty() {
            return Err(needs);
        }
        Ok(Self {
            peak16,
            peak8: peak(Format::Fp8),
            peak_int8: peak(Format::Int8),
            peak4: peak(Format::Fp4),
            memory,
            cache,
            units,
            clock,
            // A chip that does not say how much scratchpad a core has is taken to hold the smaller tiles.
            scratch: chip
                .micro
                .scratch_per_core
                .as_ref()
                .map_or(128e3, |f| f.value.get() * 1e9),
            power: chip.tdp.as_ref().map_or(f64::INFINITY, |f| f.value.get()),
            link: chip
                .io
                .scale_up_bidirectional
                .as_ref()
                .map_or(0.0, |f| f.value.get() * 1e9 / 2.0),
        })
    }

    /// Dense peak of an arithmetic, FLOP/s; zero where the chip lacks it.
    #[must_use]
    pub fn peak(&self, arithmetic: Arithmetic) -> f64 {
        match arithmetic {
            Arithmetic::Bits16 => self.peak16,
            Arithmetic::Float8 => self.peak8,
            Arithmetic::Int8 => self.peak_int8,
            Arithmetic::Float4 => self.peak4,
        }
    }

    /// Peak bandwidth of the last-level cache, bytes a second: the geometric mean of what the memory
    /// channels beside its slices deliver and what the ports of all units take. Wide memory has many
    /// slices, many units a wide crossbar; neither alone predicts the measured rate. Never less than the
    /// memory behind it.
    #[must_use]
    pub fn cache_bandwidth(&self) -> f64 {
        (self.memory * self.units * self.clock * PORT_BYTES)
            .sqrt()
            .max(self.memory)
    }

    /// Rate at which what the cache holds arrives, bytes a second, given the shares reached of the cache's bandwidth
    /// and of memory's: what comes from memory passes through the cache, so that holding it there never slows.
    #[must_use]
    pub fn from_cache(&self, stream: f64, memory: f64) -> f64 {
        (stream * self.cache_bandwidth()).max(memory * self.memory)
    }

    /// Share of its clock a chip sustains with every matrix unit busy.
    ///
    /// Power of a unit goes as voltage squared times clock, and voltage as clock, so the sustained clock
    /// goes as the cube root of power for a unit; `watts` is what one unit takes at 1 GHz.
    #[must_use]
    pub fn sustained(&self, watts: f64) -> f64 {
        if !self.power.is_finite() {
            return 1.0;
        }
        let gigahertz = self.clock / 1e9;
        let budget = self.power / (self.units * gigahertz * gigahertz * gigahertz) / watts;
        // A soft minimum of 1 and the cube root of the budget.
        (1.0 / (budget * budget) + 1.0).powf(-1.0 / 6.0)
    }
}

/// Share of a working set that the cache holds: near one below `reach` x cache, near zero beyond.
pub(crate) fn resident(bytes: f64, cache: f64, reach: f64) -> f64 {
    let x = bytes / (reach * cache);
    let x = x * x;
    1.0 / (1.0 + x * x)
}

/// The larger of several times, rounded where two are alike: the 4-norm.
pub(crate) fn overlap(a: f64, b: f64, c: f64) -> f64 {
    let fourth = |x: f64| (x * x) * (x * x);
    (fourth(a) + fourth(b) + fourth(c)).sqrt().sqrt()
}
