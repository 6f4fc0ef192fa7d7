//! The chip as the rest of the flow sees it.

use super::micro::Micro;
use crate::figure::{
    AlternativeState, Bits, Estimate, Figure, Gigabits, Gigabytes, GigabytesPerSecond, Grade, Millimetres2,
    Place, Source, SourceId, TeraOps, Watts, When,
};
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

/// A fact that is not a number, with its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact<T> {
    /// What is said.
    pub value: T,
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
    /// Where it is written.
    pub place: Place,
}

/// Who says so, and how good that is, for a fact kept as a plain field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
}

/// Another statement about a fact that is no figure of the chip, or about a figure it does not have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactDispute {
    /// Dotted path (`memory.kind`, `die.0.count`).
    pub path: String,
    /// The other value, as written.
    pub value: String,
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
    /// Whether it still stands.
    pub state: AlternativeState,
    /// Why it was set aside, or what the source says.
    pub why: Option<String>,
    /// Where it is written.
    pub place: Place,
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

/// Which units a peak belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Matrix units (tensor cores, cubes, systolic arrays): what `perf` uses for GEMM.
    Tensor,
    /// Vector units.
    Vector,
    /// The maker's own headline, where it adds matrix and vector units (Ascend).
    Headline,
}

/// Number format of a peak's inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Format {
    Fp64,
    Fp32,
    Tf32,
    /// FP16 and BF16 alike.
    Fp16,
    Fp8,
    Fp6,
    Fp4,
    Int8,
    Int4,
}

/// One dense peak: engine and input format.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Peak {
    /// Which units.
    pub engine: Engine,
    /// Which input format.
    pub format: Format,
    /// Largest input width; an interval where the text of the law leaves it open (TF32: 19 to 32).
    pub input_bits: Estimate<Bits>,
    /// Dense rate; a sparse rate cannot be entered.
    pub rate: Figure<TeraOps>,
}

/// What a die does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DieRole {
    Compute,
    Io,
    Base,
    Memory,
    Interposer,
}

/// Transistor architecture, which decides whether a die's area counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transistor {
    /// FinFET or gate-all-around: counts.
    NonPlanar,
    /// Planar: does not count.
    Planar,
    /// Not known: the area interval starts at zero.
    Unknown,
}

/// One die design in the package.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Die {
    /// Name of the design.
    pub name: String,
    /// How many of it; one where nobody says (then `count_from` is absent).
    pub count: u32,
    /// Who says how many.
    pub count_from: Option<Origin>,
    /// What it does.
    pub role: DieRole,
    /// Whether it is a logic die.
    pub logic: bool,
    /// Its transistors.
    pub transistor: Transistor,
    /// Process, as the source names it.
    pub process: Option<Fact<String>>,
    /// Foundry id of `data/makers.toml` (`tsmc`, `smic`, `samsung`).
    pub foundry: Option<Fact<String>>,
    /// Area of one.
    pub area: Option<Figure<Millimetres2>>,
}

/// Memory of the package.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Memory {
    /// Kind (`HBM3`).
    pub kind: Option<Fact<String>>,
    /// Capacity.
    pub capacity: Option<Figure<Gigabytes>>,
    /// Peak bandwidth.
    pub bandwidth: Option<Figure<GigabytesPerSecond>>,
}

/// Input and output, kept apart because three rules ask three different questions.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct IoRates {
    /// Name of the scale-up link (`NVLink 4`).
    pub link: Option<String>,
    /// Who names the scale-up link.
    pub link_from: Option<Origin>,
    /// Name of the host link (`PCIe 5 x16`).
    pub host_link: Option<Fact<String>>,
    /// Scale-up link, both directions together. A figure of zero means the part is known to have none;
    /// absent means unknown.
    pub scale_up_bidirectional: Option<Figure<GigabytesPerSecond>>,
    /// Host link (PCIe), both directions together.
    pub host_bidirectional: Option<Figure<GigabytesPerSecond>>,
    /// Scale-out network of one chip, as commonly deployed.
    pub scale_out: Option<Figure<Gigabits>>,
    /// Chips in one scale-up domain, as commonly deployed.
    pub scale_up_domain: Option<Fact<u32>>,
}

/// Announcement and marketing facts.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Market {
    /// Note 2 to 3A090: designed or marketed for data centers.
    pub datacenter: Option<Fact<bool>>,
    /// First public announcement.
    pub announced: Option<Fact<When>>,
    /// Withdrawn, cancelled, or never sold (a reported plan).
    pub never_sold: Option<Fact<bool>>,
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

    /// The dense matrix peak for a format, where the maker gives one.
    pub fn tensor_peak(&self, format: Format) -> Option<&Peak> {
        self.peaks
            .iter()
            .find(|p| p.engine == Engine::Tensor && p.format == format)
    }
}

impl Engine {
    /// Name in data files and figure paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tensor => "tensor",
            Self::Vector => "vector",
            Self::Headline => "headline",
        }
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Fp64,
        Self::Fp32,
        Self::Tf32,
        Self::Fp16,
        Self::Fp8,
        Self::Fp6,
        Self::Fp4,
        Self::Int8,
        Self::Int4,
    ];

    /// Name in data files and figure paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fp64 => "fp64",
            Self::Fp32 => "fp32",
            Self::Tf32 => "tf32",
            Self::Fp16 => "fp16",
            Self::Fp8 => "fp8",
            Self::Fp6 => "fp6",
            Self::Fp4 => "fp4",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }

    /// Input width in bits, low and high: TF32 carries 19 significant bits in a 32-bit word.
    pub fn usual_bits(self) -> (f64, f64) {
        match self {
            Self::Fp64 => (64.0, 64.0),
            Self::Fp32 => (32.0, 32.0),
            Self::Tf32 => (19.0, 32.0),
            Self::Fp16 => (16.0, 16.0),
            Self::Fp8 | Self::Int8 => (8.0, 8.0),
            Self::Fp6 => (6.0, 6.0),
            Self::Fp4 | Self::Int4 => (4.0, 4.0),
        }
    }
}
