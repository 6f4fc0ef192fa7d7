//! What share of its peaks a family of chips reaches, and the system-wide assumptions.

use super::PerfFamilyId;
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{FigureRef, Gigabits, GigabytesPerSecond, Quantity, Ratio, Seconds, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    system: RawSystem,
    prior: RawShares,
    #[serde(default)]
    family: Vec<RawFamily>,
}

macro_rules! raw_fields {
    ($name:ident { $($field:ident),+ } $(optional { $($maybe:ident),+ })? $(id { $id:ident })?) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name { $($field: RawFigure,)+ $($($maybe: Option<RawFigure>,)+)? $($id: String,)? }
    };
}
raw_fields!(RawSystem {
    ceiling,
    attention_k,
    collective_latency,
    network_scale_out,
    pcie_fraction,
    default_scale_out,
    default_host,
    default_domain,
    overlap,
    expert_imbalance,
    memory_usable,
    kernels_per_layer,
    idle_power,
    compute_power,
    memory_power,
    network_power,
    power_sigma
});
raw_fields!(RawShares { fp16, fed_by, memory, network, overhead, sigma } optional { fp8 });
raw_fields!(RawFamily { fp16, fed_by, memory, network, overhead, sigma } optional { fp8 } id { id });

/// Assumptions common to all chips, in base units (seconds, bytes a second).
#[derive(Debug, Clone, Copy)]
pub(crate) struct System {
    pub(crate) ceiling: f64,
    pub(crate) attention_k: f64,
    pub(crate) collective_latency: f64,
    pub(crate) network_scale_out: f64,
    pub(crate) pcie_fraction: f64,
    pub(crate) default_scale_out: f64,
    pub(crate) default_host: f64,
    pub(crate) default_domain: f64,
    pub(crate) overlap: f64,
    pub(crate) expert_imbalance: f64,
    pub(crate) memory_usable: f64,
    pub(crate) kernels_per_layer: f64,
    pub(crate) idle_power: f64,
    pub(crate) compute_power: f64,
    pub(crate) memory_power: f64,
    pub(crate) network_power: f64,
    pub(crate) power_sigma: f64,
}

/// Achieved shares of one family.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// Constant of 16-bit products: fraction = ceiling / (1 + k FLOP per byte).
    pub(crate) k16: f64,
    /// The same of 8- and 4-bit products.
    pub(crate) k8: f64,
    /// Best fraction any chip of the family reaches.
    pub(crate) ceiling: f64,
    pub(crate) memory: f64,
    pub(crate) network: f64,
    /// Seconds a kernel costs beyond its work.
    pub(crate) overhead: f64,
    /// Spread of the family's own bias, logarithmic.
    pub(crate) sigma: f64,
}

/// All families.
#[derive(Debug, Clone)]
pub(crate) struct Families {
    pub(crate) system: System,
    prior: (Family, Vec<FigureRef>),
    by_id: BTreeMap<PerfFamilyId, (Family, Vec<FigureRef>)>,
}

impl Families {
    /// The family's shares, its figures, and whether they are the prior.
    pub(crate) fn get(&self, id: &str) -> (&Family, &[FigureRef], bool) {
        match self.by_id.get(&PerfFamilyId(id.to_owned())) {
            Some((family, refs)) => (family, refs, false),
            None => (&self.prior.0, &self.prior.1, true),
        }
    }
}

struct Collect<'r, 'a> {
    reader: &'r mut Reader<'a>,
    of: String,
    refs: Vec<FigureRef>,
}

impl Collect<'_, '_> {
    fn read<Q: Quantity>(&mut self, path: &str, raw: &RawFigure) -> f64 {
        let Some(figure) = self.reader.figure::<Q>(raw) else {
            return 0.0;
        };
        self.refs.push(FigureRef {
            of: self.of.clone(),
            path: path.to_owned(),
            source: figure.source,
            grade: figure.grade,
            place: figure.place,
        });
        figure.value.get()
    }

    fn share(&mut self, path: &str, raw: &RawFigure) -> f64 {
        let value = self.read::<Ratio>(path, raw);
        if value <= 0.0 || value > 1.0 {
            self.reader.problem(
                raw.value.span(),
                format!("`{path}` is `{value}`"),
                Some("a share above 0 and at most 1".into()),
            );
            return 1.0;
        }
        value
    }
}

fn shares(reader: &mut Reader<'_>, of: &str, raw: &RawShares, ceiling: f64) -> (Family, Vec<FigureRef>) {
    let mut c = Collect {
        reader,
        of: of.to_owned(),
        refs: Vec::new(),
    };
    let fp16 = c.share("fp16", &raw.fp16);
    let fp8 = raw.fp8.as_ref().map(|raw| c.share("fp8", raw));
    let fed_by = c.read::<Ratio>("fed_by", &raw.fed_by).max(1.0);
    let memory = c.share("memory", &raw.memory);
    let network = c.share("network", &raw.network);
    let overhead = c.read::<Seconds>("overhead", &raw.overhead);
    let sigma = c.read::<Ratio>("sigma", &raw.sigma);
    let ceiling = ceiling.max(fp16).max(fp8.unwrap_or(0.0));
    // The 8-bit peak of the measured chip is twice its 16-bit peak, so it asks twice the bytes.
    let k16 = (ceiling / fp16 - 1.0) / fed_by;
    let k8 = fp8.map_or(k16, |fp8| (ceiling / fp8 - 1.0) / (2.0 * fed_by));
    let family = Family {
        k16,
        k8,
        ceiling,
        memory,
        network,
        overhead,
        sigma,
    };
    (family, c.refs)
}

/// Reads `data/perf/families.toml`.
pub(crate) fn read_families(file: DataFile<'_>, sources: &Sources) -> Result<Families, Problems> {
    let raw: RawFile = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let s = &raw.system;
    let mut c = Collect {
        reader: &mut reader,
        of: "perf system".to_owned(),
        refs: Vec::new(),
    };
    let system = System {
        ceiling: c.share("ceiling", &s.ceiling),
        attention_k: c.read::<Ratio>("attention_k", &s.attention_k),
        collective_latency: c.read::<Seconds>("collective_latency", &s.collective_latency),
        network_scale_out: c.share("network_scale_out", &s.network_scale_out),
        pcie_fraction: c.share("pcie_fraction", &s.pcie_fraction),
        default_scale_out: c.read::<Gigabits>("default_scale_out", &s.default_scale_out) * 1e9 / 8.0,
        default_host: c.read::<GigabytesPerSecond>("default_host", &s.default_host) * 1e9 / 2.0,
        default_domain: c.read::<Ratio>("default_domain", &s.default_domain),
        overlap: c.share("overlap", &s.overlap),
        expert_imbalance: c.read::<Ratio>("expert_imbalance", &s.expert_imbalance).max(1.0),
        memory_usable: c.share("memory_usable", &s.memory_usable),
        kernels_per_layer: c.read::<Ratio>("kernels_per_layer", &s.kernels_per_layer),
        idle_power: c.share("idle_power", &s.idle_power),
        compute_power: c.share("compute_power", &s.compute_power),
        memory_power: c.share("memory_power", &s.memory_power),
        network_power: c.share("network_power", &s.network_power),
        power_sigma: c.read::<Ratio>("power_sigma", &s.power_sigma),
    };
    let system_refs = c.refs;
    let with_system = |(family, mut refs): (Family, Vec<FigureRef>)| {
        refs.extend(system_refs.iter().cloned());
        (family, refs)
    };
    let prior = with_system(shares(&mut reader, "prior", &raw.prior, system.ceiling));
    let mut by_id = BTreeMap::new();
    for f in raw.family {
        let values = RawShares {
            fp16: f.fp16,
            fp8: f.fp8,
            fed_by: f.fed_by,
            memory: f.memory,
            network: f.network,
            overhead: f.overhead,
            sigma: f.sigma,
        };
        let entry = with_system(shares(&mut reader, &f.id, &values, system.ceiling));
        if by_id.insert(PerfFamilyId(f.id.clone()), entry).is_some() {
            reader.problems.push(Problem::in_file(
                file.path,
                format!("family `{}` stands twice", f.id),
            ));
        }
    }
    reader.problems.or(Families { system, prior, by_id })
}

/// One phase's system factor, spread and number of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// Measured time over model time.
    pub factor: f64,
    /// Standard deviation of the log error on the calibration rows.
    pub sigma: f64,
    /// Calibration rows.
    pub rows: u32,
}

/// System factors by phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Prompt processing.
    pub prefill: Factor,
    /// Token generation.
    pub decode: Factor,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFit {
    prefill: RawFactor,
    decode: RawFactor,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFactor {
    factor: RawFigure,
    sigma: RawFigure,
    rows: u32,
}

/// Reads `data/perf/fit.toml`.
pub(crate) fn read_fit(file: DataFile<'_>, sources: &Sources) -> Result<(Fit, Vec<FigureRef>), Problems> {
    let raw: RawFit = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut c = Collect {
        reader: &mut reader,
        of: "perf fit".to_owned(),
        refs: Vec::new(),
    };
    let mut factor = |path: &str, raw: &RawFactor| Factor {
        factor: c.read::<Ratio>(&format!("{path}.factor"), &raw.factor).max(0.01),
        sigma: c.read::<Ratio>(&format!("{path}.sigma"), &raw.sigma),
        rows: raw.rows,
    };
    let fit = Fit {
        prefill: factor("prefill", &raw.prefill),
        decode: factor("decode", &raw.decode),
    };
    let refs = c.refs;
    reader.problems.or((fit, refs))
}
