//! A chip as its kernels see it: rates in base units, and what follows from them.

use super::fabric::{self, Fabric};
use super::typical::{self, End, Typical, Unstated};
use super::{Arithmetic, Precision};
use crate::catalog::{Chip, Form, Format};
use crate::figure::Need;
use serde::{Serialize, Serializer};

/// Bytes that one compute unit takes from the cache in a clock: the width of its port, the same on
/// every part measured.
pub(crate) const PORT_BYTES: f64 = 64.0;

/// FLOP a clock, times the bytes of an operand, that a unit's scratchpad can feed a tile of 64 x 64 with: 128 bytes a
/// clock bring two operands of 64 for 2 x 64 x 64 FLOP.
const FED: f64 = 4096.0;

/// Rates of one chip in base units (bytes, seconds, FLOP).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Device {
    /// Dense FP32 peak of its matrix or vector units, whichever is more, FLOP/s; zero where its file gives none.
    pub peak32: f64,
    /// Dense matrix peak with TF32 inputs; zero where the chip has none.
    pub peak_tf32: f64,
    /// Dense matrix peak with 16-bit inputs, FLOP/s.
    pub peak16: f64,
    /// With 8-bit floating point; zero where the chip has none.
    pub peak8: f64,
    /// With 8-bit integers; zero where the chip has none.
    pub peak_int8: f64,
    /// With 4-bit floating point; zero where the chip has none.
    pub peak4: f64,
    /// With 4-bit integers; zero where the chip has none.
    pub peak_int4: f64,
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
    /// How it joins chips.
    pub fabric: Fabric,
    /// Rate between chips of a server that the scale-up link does not join, one direction, bytes a second.
    pub host: f64,
    /// Bytes of memory traffic that unpacking a narrow weight to 16 bits costs beside reading it; zero where the units that
    /// multiply unpack it in their registers.
    pub unpacking: f64,
    /// Which of these its file does not state.
    pub assumed: Assumed,
}

/// FLOP a clock beyond which a core works on several tiles of an output at a time and counts as several.
const WIDEST: f64 = 16384.0;

/// Chips of a scale-up domain whose size nobody states: a server's.
const SERVER: u32 = 8;

/// Which figures of a device its chip file does not state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Assumed(u8);

impl Assumed {
    /// Beside the bits of [`Unstated`], of which no relation to other figures tells it.
    const TOPOLOGY: u8 = 1 << 7;

    fn note(&mut self, of: Unstated) {
        self.0 |= 1 << of as u8;
    }

    /// Whether one is assumed.
    #[must_use]
    pub fn has(self, of: Unstated) -> bool {
        self.0 & (1 << of as u8) != 0
    }

    /// Whether any is.
    #[must_use]
    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// Names of those that are.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let all = Unstated::ALL.into_iter().filter(|u| self.has(*u));
        let topology = (self.0 & Self::TOPOLOGY != 0).then_some("scale-up topology (a switch is taken)");
        all.map(Unstated::name).chain(topology).collect()
    }
}

impl Serialize for Assumed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl Device {
    /// The device a chip file describes, at an end of what is disputed; what the file does not state is taken
    /// from `typical`, at the same end, and noted in `assumed`.
    ///
    /// # Errors
    /// Without a 16-bit matrix peak or memory bandwidth there is nothing to time by.
    pub fn of(chip: &Chip, typical: &Typical, end: End) -> Result<Self, Vec<Need>> {
        let peak = |format| chip.tensor_peak(format).map_or(0.0, |p| end.of(&p.rate) * 1e12);
        let vector = |format| chip.vector_peak(format).map_or(0.0, |p| end.of(&p.rate) * 1e12);
        let mut needs = Vec::new();
        let mut required = |value: f64, fact: &str, path: &str| {
            if value <= 0.0 {
                needs.push(Need {
                    fact: format!("{fact} of {}", chip.id),
                    flag: Some(format!("{path} in a chip file")),
                    why: "its kernels cannot be timed without it".to_owned(),
                    flips: Vec::new(),
                });
            }
        };
        let peak16 = peak(Format::Fp16);
        let memory = chip.memory.bandwidth.as_ref().map_or(0.0, |f| end.of(f) * 1e9);
        if chip.is_accelerator() {
            required(
                peak16,
                "dense 16-bit matrix peak",
                "peak of engine tensor, format fp16",
            );
            required(memory, "memory bandwidth", "memory.bandwidth");
        } else {
            required(
                0.0,
                "arithmetic (a memory stack computes nothing)",
                "peak of engine tensor",
            );
        }
        if !needs.is_empty() {
            return Err(needs);
        }
        let mut assumed = Assumed::default();
        let mut taken = |of: Unstated| {
            assumed.note(of);
            typical.at(of, chip, end)
        };
        let stated = chip.micro.cores.as_ref().map(|f| end.of(f)).filter(|c| *c > 0.0);
        let clock = match typical::clock(chip, peak16, end) {
            Some(clock) if clock > 0.0 => clock,
            _ => {
                let usual = taken(Unstated::Clock) * 1e6;
                // A core multiplies a power of two in a clock: the one that makes the clock most usual.
                stated.map_or(usual, |cores| {
                    let rate = peak16 / cores;
                    rate / (rate / usual).log2().round().exp2()
                })
            }
        };
        let cores = stated.unwrap_or_else(|| (peak16 / (clock * taken(Unstated::Cores))).round().max(1.0));
        let units = cores.max(peak16 / (WIDEST * clock));
        let cache = chip
            .last_level_cache
            .as_ref()
            .map(|f| end.of(f) * 1e9)
            .filter(|c| *c > 0.0);
        let scratch = chip.micro.scratch_per_core.as_ref().map(|f| end.of(f) * 1e9);
        let power = chip.tdp.as_ref().map(|f| end.of(f));
        let link = match chip.io.scale_up_bidirectional.as_ref() {
            Some(link) => end.of(link) * 1e9 / 2.0,
            None if chip.form == Form::Module => taken(Unstated::Link) * memory / 2.0,
            None => 0.0,
        };
        let cache = cache.unwrap_or_else(|| taken(Unstated::Cache) * 1e3 * peak16 / 1e12);
        let scratch = scratch.unwrap_or_else(|| taken(Unstated::Scratchpad) * peak16 / (units * clock));
        let power = power.unwrap_or_else(|| taken(Unstated::Power) * peak16 / 1e12);
        let fabric = match &chip.io.scale_up_topology {
            _ if link <= 0.0 => Fabric::Host,
            Some(topology) => Fabric::Links(topology.value),
            None => {
                assumed.0 |= Assumed::TOPOLOGY;
                let domain = chip
                    .io
                    .scale_up_domain
                    .as_ref()
                    .map_or(SERVER, |d| d.value.max(2));
                match end {
                    End::Low => Fabric::Unstated(domain),
                    End::Middle | End::High => fabric::ASSUMED,
                }
            }
        };
        let host = chip.io.host_bidirectional.as_ref();
        Ok(Self {
            peak32: peak(Format::Fp32).max(vector(Format::Fp32)),
            peak_tf32: peak(Format::Tf32),
            peak16,
            peak8: peak(Format::Fp8),
            peak_int8: peak(Format::Int8),
            peak4: peak(Format::Fp4),
            peak_int4: peak(Format::Int4),
            memory,
            cache,
            units,
            clock,
            scratch,
            power,
            link,
            fabric,
            host: host.map_or(0.0, |f| end.of(f) * 1e9 / 2.0),
            unpacking: chip.micro.weight_unpacking.as_ref().map_or(0.0, |f| end.of(f)),
            assumed,
        })
    }

    /// The same chip where its traffic takes another way of such a rate in one direction.
    #[must_use]
    pub fn over(&self, fabric: Fabric, link: f64) -> Self {
        Self {
            fabric,
            link,
            ..*self
        }
    }

    /// Dense peak of an arithmetic, FLOP/s; zero where the chip lacks it.
    #[must_use]
    pub fn peak(&self, arithmetic: Arithmetic) -> f64 {
        match arithmetic {
            Arithmetic::Bits32 => self.peak32,
            Arithmetic::Tensor32 => self.peak_tf32,
            Arithmetic::Bits16 => self.peak16,
            Arithmetic::Float8 => self.peak8,
            Arithmetic::Int8 => self.peak_int8,
            Arithmetic::Float4 => self.peak4,
            Arithmetic::Int4 => self.peak_int4,
        }
    }

    /// Bytes of memory traffic of one weight: read, and where narrow weights are unpacked outside the units that multiply
    /// written and read again as 16 bits.
    pub(crate) fn weight_traffic(&self, precision: &Precision) -> f64 {
        let unpacked = if precision.weight_only() {
            self.unpacking
        } else {
            0.0
        };
        precision.weight + unpacked
    }

    /// Precisions it has the arithmetic for, the widest first.
    #[must_use]
    pub fn precisions(&self) -> Vec<Precision> {
        let all = Precision::ALL.into_iter();
        all.filter(|p| self.peak(p.arithmetic) > 0.0).collect()
    }

    /// How far a unit's matrix arithmetic outruns what feeds it, from 0 to 1. Kernels fall short of the peak because
    /// operands, softmax and instructions come at a rate set by the clock; a unit that multiplies slowly for its
    /// scratchpad, like that of the H20, waits for them less, and loses as much less: where a starved one reaches a share of
    /// the peak, it reaches that share to this power.
    #[must_use]
    pub fn starved(&self, arithmetic: Arithmetic) -> f64 {
        let bytes = match arithmetic {
            Arithmetic::Bits32 | Arithmetic::Tensor32 => 4.0,
            Arithmetic::Bits16 => 2.0,
            Arithmetic::Float8 | Arithmetic::Int8 => 1.0,
            Arithmetic::Float4 | Arithmetic::Int4 => 0.5,
        };
        (self.peak(arithmetic) / (self.units * self.clock) * bytes / FED).min(1.0)
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
