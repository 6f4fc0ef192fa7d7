//! The engine that an answer is of: its name, the versions measured, and the makers on whose chips it was.

use crate::args::EngineArg;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use strait::catalog::{Catalog, Chip, ChipId};
use strait::figure::Quantity;
use strait::perf::PerfModel;

/// An engine and how its kernels are run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Engine {
    /// `best`, or its name in the operator tables.
    engine: &'static str,
    /// Versions whose kernels were measured; of the best those of all.
    versions: BTreeMap<String, Vec<String>>,
    /// Makers of chips whose served runs were read.
    makers: BTreeSet<String>,
    /// Whether every kernel is launched by itself.
    eager: bool,
    /// Host's time of a kernel, low end, value and high end, us; nothing where steps were captured in graphs.
    #[serde(skip_serializing_if = "Option::is_none")]
    host_us_per_kernel: Option<[f64; 3]>,
    /// Whether kernels find their weights in the cache.
    warm: bool,
}

impl Engine {
    pub(super) fn of(perf: &PerfModel, catalog: &Catalog, engine: EngineArg) -> Self {
        let inference = perf.inference();
        let asked = engine.name();
        let owned = |versions: &[&str]| versions.iter().map(|v| (*v).to_owned()).collect();
        let versions = inference.kernels.versions();
        let chips = inference.measured().iter();
        let mode = inference.mode;
        Self {
            engine: asked.unwrap_or("best"),
            versions: versions
                .iter()
                .filter(|(name, _)| asked.is_none_or(|asked| asked == **name))
                .map(|(name, versions)| ((*name).to_owned(), owned(versions)))
                .collect(),
            makers: chips
                .filter_map(|id| Some(catalog.get(&ChipId(id.clone()))?.vendor.clone()))
                .collect(),
            eager: mode.eager,
            host_us_per_kernel: mode.eager.then(|| {
                let launch = inference.server.launch;
                [launch.low, launch.value, launch.high].map(|t| t.get() * 1e6)
            }),
            warm: mode.warm,
        }
    }

    /// Whether served runs of all the chips' makers were read.
    pub(super) fn measured_on(&self, chips: &[&Chip]) -> bool {
        chips.iter().all(|chip| self.makers.contains(&chip.vendor))
    }

    /// Name, versions and how kernels are run.
    pub(crate) fn sentence(&self) -> String {
        let versions: Vec<String> = self
            .versions
            .iter()
            .map(|(name, versions)| format!("{name} ({})", versions.join(", ")))
            .collect();
        let list = versions.join(", ");
        let mut text = if self.engine == "best" {
            format!("Engine: the best of {list}, each where it is fastest")
        } else {
            format!("Engine: {list}")
        };
        if let Some([low, value, high]) = self.host_us_per_kernel {
            text.push_str(&format!(
                "; every kernel launched by itself, and no step shorter than its host launches them: {value:.0} us each \
                 ({low:.0} to {high:.0}, `launch` in data/perf/server.toml)"
            ));
        }
        if self.warm {
            text.push_str("; weights and keys found in the cache as far as they fit");
        }
        text.push('.');
        text
    }

    /// What is said of chips on which no engine was measured.
    pub(crate) fn unmeasured(&self) -> String {
        let makers: Vec<&str> = self.makers.iter().map(String::as_str).collect();
        let which = if self.engine == "best" {
            "no engine"
        } else {
            self.engine
        };
        let measured = if self.engine == "best" { "was" } else { "was never" };
        format!(
            "{which} {measured} measured on chips of this maker: the engine is taken to do there what it does on chips of {}",
            makers.join(", ")
        )
    }
}
