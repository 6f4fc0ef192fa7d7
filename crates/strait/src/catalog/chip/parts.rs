//! What a chip is made of and how it is sold: dies, memory, links, announcement.

use super::fact::{Fact, Origin};
use super::topology::Topology;
use crate::figure::{Figure, Gigabits, Gigabytes, GigabytesPerSecond, Millimetres2, When};
use serde::{Deserialize, Serialize};

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
    /// How its links join them.
    pub scale_up_topology: Option<Fact<Topology>>,
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
