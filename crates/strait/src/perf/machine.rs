//! A chip as the simulator sees it: rates in base units at one end of their disputes.

use super::family::{Families, Family, System};
use crate::catalog::{Chip, Form, Format};
use crate::figure::{Figure, FigureRef, Need};
pub(crate) use crate::perf::ops::End;

/// One chip's rates.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// Which end of disputed and assumed figures it has.
    pub(crate) end: End,
    pub(crate) family: Family,
    pub(crate) system: System,
    /// Dense matrix peaks, FLOP/s, by format.
    peaks: Vec<(Format, f64)>,
    /// Memory, bytes a second and bytes.
    pub(crate) bandwidth: f64,
    pub(crate) capacity: f64,
    /// Scale-up link in one direction, bytes a second, achieved.
    pub(crate) up: f64,
    /// Chips that share it.
    pub(crate) domain: u32,
    /// Scale-out network in one direction, bytes a second, achieved.
    pub(crate) out: f64,
}

fn missing(chip: &Chip, fact: &str, path: &str) -> Need {
    Need {
        fact: format!("{fact} of {}", chip.id),
        flag: Some(format!("{path} in a chip file")),
        why: "the simulator has no rate without it".to_owned(),
        flips: Vec::new(),
    }
}

impl Machine {
    /// The machine, or every figure that is missing.
    pub(crate) fn of(chip: &Chip, families: &Families, end: End) -> Result<Self, Vec<Need>> {
        if !chip.is_accelerator() {
            return Err(vec![Need {
                fact: format!("an accelerator: {} is a memory stack", chip.id),
                flag: Some("a chip with matrix peaks".to_owned()),
                why: "a memory stack computes nothing".to_owned(),
                flips: Vec::new(),
            }]);
        }
        let mut needs = Vec::new();
        let (family, _, _) = families.get(&chip.perf_family);
        let system = families.system;
        let peaks: Vec<(Format, f64)> = chip
            .peaks
            .iter()
            .filter(|p| p.engine == crate::catalog::Engine::Tensor)
            .map(|p| (p.format, end.of(&p.rate) * 1e12))
            .filter(|p| p.1 > 0.0)
            .collect();
        if !peaks.iter().any(|p| p.0 == Format::Fp16) {
            needs.push(missing(
                chip,
                "dense 16-bit matrix peak",
                "peak of engine tensor, format fp16",
            ));
        }
        let mut read = |figure: Option<f64>, fact: &str, path: &str| match figure {
            Some(value) if value > 0.0 => value,
            _ => {
                needs.push(missing(chip, fact, path));
                1.0
            }
        };
        let bandwidth = read(
            chip.memory.bandwidth.as_ref().map(|f| end.of(f)),
            "memory bandwidth",
            "memory.bandwidth",
        ) * 1e9;
        let capacity = read(
            chip.memory.capacity.as_ref().map(|f| end.of(f)),
            "memory capacity",
            "memory.capacity",
        ) * 1e9;
        let host = chip
            .io
            .host_bidirectional
            .as_ref()
            .map_or(system.default_host, |f| end.of(f) * 1e9 / 2.0);
        // A card without a known link talks over its host link; a module with an unknown one is unknown.
        let link = chip
            .io
            .scale_up_bidirectional
            .as_ref()
            .map(|f| end.of(f) * 1e9 / 2.0);
        let up = match link {
            Some(rate) if rate > 0.0 => (rate * family.network).max(host * system.pcie_fraction),
            Some(_) => host * system.pcie_fraction,
            None if chip.form == Form::Card => host * system.pcie_fraction,
            None => {
                needs.push(missing(chip, "scale-up link rate", "io.scale_up_bidirectional"));
                1.0
            }
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let default_domain = system.default_domain as u32;
        let domain = chip
            .io
            .scale_up_domain
            .as_ref()
            .map_or(default_domain, |f| f.value)
            .max(default_domain);
        let out = chip
            .io
            .scale_out
            .as_ref()
            .map_or(system.default_scale_out, |f| end.of(f) * 1e9 / 8.0)
            * system.network_scale_out;
        if !needs.is_empty() {
            return Err(needs);
        }
        Ok(Self {
            end,
            family: *family,
            system,
            peaks,
            bandwidth,
            capacity,
            up,
            domain,
            out: out.min(up),
        })
    }

    /// Dense peak of a format, FLOP/s.
    pub(crate) fn peak(&self, format: Format) -> Option<f64> {
        self.peaks.iter().find(|p| p.0 == format).map(|p| p.1)
    }

    /// Arithmetic of inference: FP8 where the matrix units have it, else INT8, else 16 bits.
    pub(crate) fn serving_format(&self) -> Format {
        [Format::Fp8, Format::Int8]
            .into_iter()
            .find(|f| self.peak(*f).is_some())
            .unwrap_or(Format::Fp16)
    }

    /// FLOP/s reached by large products: peak x ceiling / (1 + k peak / bandwidth).
    pub(crate) fn products(&self, format: Format) -> f64 {
        let peak = self.peak(format).unwrap_or(1.0);
        let k = if bytes(format) >= 2.0 {
            self.family.k16
        } else {
            self.family.k8
        };
        peak * self.family.ceiling / (1.0 + k * peak / self.bandwidth)
    }

    /// FLOP/s reached by attention over a prompt, 16-bit.
    pub(crate) fn attention(&self) -> f64 {
        let peak = self.peak(Format::Fp16).unwrap_or(1.0);
        let reached = peak * self.system.ceiling / (1.0 + self.system.attention_k * peak / self.bandwidth);
        reached.min(self.products(Format::Fp16))
    }

    /// Bytes a second read from memory.
    pub(crate) fn memory(&self) -> f64 {
        self.bandwidth * self.family.memory
    }

    /// Seconds of an all-reduce of `size` bytes over `n` chips (ring: 2 (n - 1) / n of the buffer).
    pub(crate) fn all_reduce(&self, size: f64, n: u32) -> f64 {
        2.0 * self.all_gather(size, n)
    }

    /// Seconds of an all-gather or reduce-scatter whose whole buffer is `size` bytes.
    pub(crate) fn all_gather(&self, size: f64, n: u32) -> f64 {
        if n < 2 {
            return 0.0;
        }
        let share = f64::from(n - 1) / f64::from(n);
        let rate = if n <= self.domain { self.up } else { self.out };
        self.system.collective_latency / 2.0 + share * size / rate
    }
}

/// Bytes of one element.
pub(crate) fn bytes(format: Format) -> f64 {
    match format {
        Format::Fp64 => 8.0,
        Format::Fp32 | Format::Tf32 => 4.0,
        Format::Fp16 => 2.0,
        Format::Fp8 | Format::Int8 => 1.0,
        Format::Fp6 => 0.75,
        Format::Fp4 | Format::Int4 => 0.5,
    }
}

fn reference<Q>(chip: &Chip, path: &str, figure: &Figure<Q>) -> FigureRef {
    FigureRef {
        of: chip.id.0.clone(),
        path: path.to_owned(),
        source: figure.source.clone(),
        grade: figure.grade,
        place: figure.place.clone(),
    }
}

/// The chip's figures a result with this arithmetic rests on.
pub(crate) fn chip_refs(chip: &Chip, arithmetic: Format) -> Vec<FigureRef> {
    let mut refs = Vec::new();
    for format in [Format::Fp16, arithmetic] {
        if let Some(peak) = chip.tensor_peak(format) {
            refs.push(reference(
                chip,
                &format!("peak.tensor.{format:?}").to_lowercase(),
                &peak.rate,
            ));
        }
    }
    if let Some(f) = &chip.memory.bandwidth {
        refs.push(reference(chip, "memory.bandwidth", f));
    }
    if let Some(f) = &chip.memory.capacity {
        refs.push(reference(chip, "memory.capacity", f));
    }
    if let Some(f) = &chip.io.scale_up_bidirectional {
        refs.push(reference(chip, "io.scale_up_bidirectional", f));
    }
    if let Some(f) = &chip.io.host_bidirectional {
        refs.push(reference(chip, "io.host_bidirectional", f));
    }
    if let Some(f) = &chip.io.scale_out {
        refs.push(reference(chip, "io.scale_out", f));
    }
    if let Some(f) = &chip.tdp {
        refs.push(reference(chip, "power.tdp", f));
    }
    refs
}
