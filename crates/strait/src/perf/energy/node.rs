//! What a node draws at the wall beside its chips.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Quantity, Ratio, Sources, Watts};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    node: RawNode,
    /// Read by `activity`.
    #[allow(dead_code)]
    chip: IgnoredAny,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNode {
    host: RawFigure,
    fans: RawFigure,
    supply: RawFigure,
    chips: RawFigure,
}

/// A node of several modules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Processors, memory, network cards and link switches.
    pub host: Watts,
    /// Fans' power over that of what they cool.
    pub fans: Ratio,
    /// Efficiency of the power supplies.
    pub supply: Ratio,
    /// Modules that share the host.
    pub chips: f64,
}

impl Node {
    /// Power at the wall of a node whose chips draw `each`: (chips + host) (1 + fans) / supply; without fans
    /// where a liquid cools.
    #[must_use]
    pub fn wall(&self, each: Watts, air: bool) -> Watts {
        let cooled = each * self.chips + self.host;
        let fans = if air { self.fans.get() } else { 0.0 };
        cooled * (1.0 + fans) / self.supply.get()
    }

    /// One chip's part of it.
    #[must_use]
    pub fn wall_per_chip(&self, each: Watts, air: bool) -> Watts {
        self.wall(each, air) / self.chips
    }
}

pub(super) fn read(file: DataFile<'_>, sources: &Sources) -> Result<Node, Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let host = reader.figure::<Watts>(&raw.node.host).map(|f| f.value);
    let mut ratio = |raw: &RawFigure| reader.figure::<Ratio>(raw).map(|f| f.value);
    let (fans, supply, chips) = (
        ratio(&raw.node.fans),
        ratio(&raw.node.supply),
        ratio(&raw.node.chips),
    );
    let (Some(host), Some(fans), Some(supply), Some(chips)) = (host, fans, supply, chips) else {
        return Err(reader.problems);
    };
    if !(supply.get() > 0.0 && supply.get() <= 1.0) || chips.get() < 1.0 {
        reader.problems.push(
            Problem::in_file(file.path, "`supply` or `chips` is out of its range")
                .help("an efficiency above zero and at most one; one chip or more"),
        );
    }
    reader.problems.or(Node {
        host,
        fans,
        supply,
        chips: chips.get(),
    })
}
