//! The chip as the rest of the flow sees it.

mod fact;
mod parts;
mod peak;
mod topology;

pub use fact::{Fact, FactDispute, Origin};
pub use parts::{Die, DieRole, IoRates, Market, Memory, Transistor};
pub use peak::{Engine, Format, Peak};
pub(crate) use topology::WORDS as TOPOLOGIES;
pub use topology::{Mesh, Topology, Torus};

use super::micro::Micro;
use crate::figure::{Figure, Gigabytes, Grade, Millimetres2, Place, Source, SourceId, Watts};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Vendor-slug id of a chip variant (`nvidia-h20-96gb`); never renamed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChipId(pub String);

impl fmt::Display for ChipId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How the part is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A packaged integrated circuit.
    Ic,
    /// A mezzanine module (SXM, OAM).
    Module,
    /// A PCIe or desktop card.
    Card,
    /// A server.
    Server,
    /// A rack-scale system.
    Rack,
    /// A stack of memory (HBM) sold by itself: it computes nothing, so it has no peaks.
    MemoryStack,
}

/// A named set of values that hold together (MI308X: capped or not).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What is assumed.
    pub why: String,
    /// Dotted figure paths and their values under it, in the figure's own unit.
    pub values: Vec<(String, f64)>,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
}

/// Software ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Software(pub String);

/// One chip variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chip {
    /// Id.
    pub id: ChipId,
    /// Name as people write it.
    pub name: String,
    /// Vendor id of `data/makers.toml`.
    pub vendor: String,
    /// Family (`h20`), which alone means its default member.
    pub family: String,
    /// Whether it is its family's default member.
    pub default: bool,
    /// Other names people type.
    pub aliases: Vec<String>,
    /// Other names of its family, which mean the default member.
    pub family_aliases: Vec<String>,
    /// Ids it had before.
    pub former_ids: Vec<ChipId>,
    /// How it is sold.
    pub form: Form,
    /// The flagship it was cut from.
    pub former_flagship: Option<ChipId>,
    /// What it replaced in the same market.
    pub predecessor: Option<ChipId>,
    /// Performance family of `data/perf/families.toml` (`hopper`, `ascend-910b`).
    pub perf_family: String,
    /// Software ecosystem (`CUDA`, `CANN`).
    pub software: Option<Software>,
    /// Who names the software ecosystem.
    pub software_from: Option<Origin>,
    /// Country of the designer, where the file gives it itself (a user's own chip).
    pub designer_country: Option<String>,
    /// Announcement and marketing facts.
    pub market: Market,
    /// Dense peaks.
    pub peaks: Vec<Peak>,
    /// Die designs.
    pub dies: Vec<Die>,
    /// Memory.
    pub memory: Memory,
    /// Input and output.
    pub io: IoRates,
    /// Area of the package, or of the stack where it is sold without one (3A090.c, memory bandwidth density).
    pub package_area: Option<Figure<Millimetres2>>,
    /// Board power.
    pub tdp: Option<Figure<Watts>>,
    /// Last-level cache.
    pub last_level_cache: Option<Figure<Gigabytes>>,
    /// Cores, clocks and other facts inside the die.
    pub micro: Micro,
    /// Disputes about facts, and figures others give that the file does not take.
    pub fact_disputes: Vec<FactDispute>,
    /// What a reader should know and no field says.
    pub notes: Vec<String>,
    /// Correlated alternatives.
    pub variants: Vec<Variant>,
    /// Sources that a user's own file declares for itself; those of the catalog stand in the register.
    pub own_sources: Vec<Source>,
    /// Where its file is.
    pub place: Place,
}

impl Chip {
    /// Whether it computes; a memory stack does not, and is neither run, priced nor sold as one that does.
    pub fn is_accelerator(&self) -> bool {
        self.form != Form::MemoryStack
    }

    /// Whether it was announced on or before `on`, as public by `known`; nothing where no date is recorded. A date known
    /// to the month counts from its first day, and is public from its last.
    pub fn announced_by(&self, on: Date, known: Date) -> Option<bool> {
        let date = self.market.announced.as_ref()?.value;
        Some(date.first() <= on && date.last() <= known)
    }

    /// The dense peak of the vector units for a format, where the maker gives one.
    pub fn vector_peak(&self, format: Format) -> Option<&Peak> {
        self.peaks
            .iter()
            .find(|p| p.engine == Engine::Vector && p.format == format)
    }

    /// The dense matrix peak for a format, where the maker gives one.
    pub fn tensor_peak(&self, format: Format) -> Option<&Peak> {
        self.peaks
            .iter()
            .find(|p| p.engine == Engine::Tensor && p.format == format)
    }
}
