//! How mature the kernels of a maker's chips are beside those the operators were fitted to.
//!
//! The operators rest on one maker's chips. What others reach is told by rates that somebody measured on theirs
//! (`data/validation/chip_rates.csv`): large products speak of arithmetic, streams from memory of memory. Each is
//! computed as if by the measured kernels; the log of computed over measured, less its mean over the fitted maker's own
//! chips, is how much longer a family's chips take. A family is drawn to its maker, a maker to the mean of makers, that
//! mean to one. Served runs play no part.

use super::Served;
use super::makers_drawn::Drawn;
use super::model::Inference;
use crate::catalog::Chip;
use crate::data::{DataFile, DataSet, Problems, read_table};
use crate::perf::kernels::Kernels;
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::{Cache, Call, Device, End, Engine, Operator, Precision, seconds};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Maker of the chips whose calls the operators were fitted to.
pub(super) const FITTED: &str = "nvidia";
/// Side of a large product.
const LARGE: f64 = 8192.0;

/// Factors on times of a chip's kernels over those fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Maturity {
    /// On time of arithmetic.
    pub compute: f64,
    /// On time of memory.
    pub memory: f64,
}

impl Maturity {
    /// Kernels as mature as those fitted.
    pub const FULL: Self = Self {
        compute: 1.0,
        memory: 1.0,
    };

    pub(super) fn of(logs: [f64; 2]) -> Self {
        let [compute, memory] = logs.map(|x| three(x.exp()));
        Self { compute, memory }
    }
}

/// One rate, as far as it matters here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Rate {
    pub(super) chip: String,
    kind: String,
    precision: String,
    achieved: f64,
    unit: String,
    scope: String,
}

/// Maturity by family and maker.
#[derive(Debug, Clone, PartialEq)]
pub struct Makers {
    /// By performance family.
    pub families: BTreeMap<String, Maturity>,
    /// By maker, for families without a rate.
    pub makers: BTreeMap<String, Maturity>,
    /// For makers without a rate.
    pub others: Maturity,
    /// Spread of makers about their mean, log: of arithmetic and of memory.
    pub between: [f64; 2],
    /// Spread of served rates, beside that of kernels.
    pub served: Served,
    /// Rates read.
    pub rates: usize,
    /// Hash of the file of rates.
    pub data: String,
}

impl Makers {
    /// Whether the operators were fitted to chips of its maker.
    #[must_use]
    pub fn fitted(chip: &Chip) -> bool {
        chip.vendor == FITTED
    }

    /// Of a chip.
    #[must_use]
    pub fn of(&self, chip: &Chip) -> Maturity {
        if Self::fitted(chip) {
            return Maturity::FULL;
        }
        let family = self.families.get(&chip.perf_family);
        *family
            .or_else(|| self.makers.get(&chip.vendor))
            .unwrap_or(&self.others)
    }

    /// Kernels everywhere as mature as those fitted: what chips would do without the factors.
    #[must_use]
    pub fn none() -> Self {
        Self {
            families: BTreeMap::new(),
            makers: BTreeMap::new(),
            others: Maturity::FULL,
            between: [0.0; 2],
            served: Served::default(),
            rates: 0,
            data: String::new(),
        }
    }

    /// Whether a rate of the chip's family was read, or the chips of its maker are those fitted.
    #[must_use]
    pub fn measured(&self, chip: &Chip) -> bool {
        Self::fitted(chip) || self.families.contains_key(&chip.perf_family)
    }

    /// The same with the spread of served rates, of three digits as in the file.
    #[must_use]
    pub fn with_served(mut self, served: Served) -> Self {
        self.served = Served {
            maker: three(served.maker),
            report: three(served.report),
            run: three(served.run),
            ..served
        };
        self
    }

    /// Half-width of the 90 % interval of the log of a served rate on a chip whose maker's kernels are not those fitted.
    #[must_use]
    pub fn half_width(&self, chip: &Chip, within: f64) -> f64 {
        // Kernels of a maker of which no rate was read may be as far off as makers are from one another.
        let read = self.measured(chip) || self.makers.contains_key(&chip.vendor);
        let kernels = if read {
            0.0
        } else {
            self.between[0].max(self.between[1])
        };
        self.served.half_width(kernels, within)
    }

    /// Fits to the rates of a file; the spread of served rates stays unset.
    ///
    /// # Errors
    /// A file that does not read.
    pub fn fit<'c>(
        file: DataFile<'_>,
        inference: &Inference,
        chip: impl Fn(&str) -> Option<&'c Chip>,
    ) -> Result<Self, Problems> {
        let rows: Vec<(_, Rate)> = read_table(file)?;
        // Logs of computed over measured by maker, family and chip, of arithmetic and of memory.
        let mut logs: BTreeMap<(&str, &str, &str), [Vec<f64>; 2]> = BTreeMap::new();
        let mut rates = 0;
        for (_, rate) in &rows {
            let Some(of) = chip(&rate.chip) else { continue };
            let Ok(device) = Device::of(of, &inference.typical, End::Middle) else {
                continue;
            };
            if let Some((which, log)) = rate.slower(of, &device, &inference.kernels) {
                rates += 1;
                let key = (of.vendor.as_str(), of.perf_family.as_str(), of.id.0.as_str());
                logs.entry(key).or_default()[which].push(log);
            }
        }
        let mut found = [0, 1].map(|which| Drawn::of(&logs, which));
        let [compute, memory] = &mut found;
        let names = |a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>| -> Vec<String> {
            let mut all: Vec<String> = a.keys().chain(b.keys()).cloned().collect();
            all.sort();
            all.dedup();
            all
        };
        let maker_of: BTreeMap<&str, &str> =
            logs.keys().map(|(maker, family, _)| (*family, *maker)).collect();
        let maker = |d: &Drawn, name: &str| d.makers.get(name).copied().unwrap_or(d.mean);
        let family =
            |d: &Drawn, name: &str| d.families.get(name).copied().unwrap_or(maker(d, maker_of[name]));
        Ok(Self {
            families: names(&compute.families, &memory.families)
                .into_iter()
                .map(|f| (f.clone(), Maturity::of([family(compute, &f), family(memory, &f)])))
                .collect(),
            makers: names(&compute.makers, &memory.makers)
                .into_iter()
                .map(|m| (m.clone(), Maturity::of([maker(compute, &m), maker(memory, &m)])))
                .collect(),
            others: Maturity::of([compute.mean, memory.mean]),
            between: [compute.between, memory.between].map(three),
            served: Served::default(),
            rates,
            data: DataSet::empty().with(file.path, file.text).version(),
        })
    }
}

impl Rate {
    /// Whether it speaks of arithmetic (0) or memory (1), and the log of the computed over the measured rate.
    fn slower(&self, chip: &Chip, device: &Device, kernels: &Kernels) -> Option<(usize, f64)> {
        let product = |shape: [f64; 3], name: &str| {
            let precision = Precision::of(name)?;
            let [m, n, k] = shape;
            let call = Call::Gemm(Gemm {
                m,
                n,
                k,
                precision,
                cache: Cache::Cold,
            });
            timed(&call, Operator::Gemm, name, device, kernels)
        };
        // Rates of one die are of a share of the package.
        let dies = if self.scope == "one die" {
            f64::from(chip.dies.first()?.count)
        } else {
            1.0
        };
        match self.unit.as_str() {
            "TOPS" => {
                let begins = self.kind.split(' ').next()?.to_lowercase();
                let computed = match begins.as_str() {
                    "gemm" | "cublas" | "deepgemm" => {
                        let name = if self.precision.starts_with("fp8") {
                            "fp8"
                        } else {
                            "bf16"
                        };
                        2.0 * LARGE * LARGE * LARGE / product([LARGE; 3], name)?
                    }
                    "aibench" if self.kind.ends_with("cube") => {
                        2.0 * LARGE * LARGE * LARGE / product([LARGE; 3], "bf16")?
                    }
                    _ => return None,
                };
                Some((0, (computed / (self.achieved * 1e12)).ln()))
            }
            "GB/s" if self.precision == "memory" => {
                // Rates of a cache are not those of memory; of attention that is bound by it, fitted makers speak alone.
                if self.kind.contains("Cache") || self.kind.contains("MLA") {
                    return None;
                }
                // A product of few rows reads its weights once.
                let [m, n, k] = [16.0, 17408.0, 5120.0];
                let computed = 2.0 * (n * k + m * (n + k)) / product([m, n, k], "bf16")?;
                Some((1, (computed / (self.achieved * 1e9 * dies)).ln()))
            }
            _ => None,
        }
    }
}

fn timed(
    call: &Call,
    operator: Operator,
    precision: &str,
    device: &Device,
    kernels: &Kernels,
) -> Option<f64> {
    let set = kernels.set(&(operator, precision.to_owned()))?;
    seconds(call, device, set.family(), &Engine::BEST)
}

fn three(x: f64) -> f64 {
    format!("{x:.3}").parse().unwrap_or(x)
}
