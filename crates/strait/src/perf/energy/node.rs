//! What a node draws at the wall beside its chips.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Quantity, Ratio, Sources, Watts};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    node: RawNode,
    card_node: RawCards,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCards {
    host: RawFigure,
    chips: RawFigure,
}

/// A node of several modules or cards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Processors, memory, network cards and link switches.
    pub host: Watts,
    /// Fans' power over that of what they cool.
    pub fans: Ratio,
    /// Efficiency of the power supplies.
    pub supply: Ratio,
    /// Modules or cards that share the host.
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

/// Nodes of modules and of cards; fans and supplies are those of either.
pub(super) fn read(file: DataFile<'_>, sources: &Sources) -> Result<[Node; 2], Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut watts = |raw: &RawFigure| reader.figure::<Watts>(raw).map(|f| f.value);
    let (host, card_host) = (watts(&raw.node.host), watts(&raw.card_node.host));
    let mut ratio = |raw: &RawFigure| reader.figure::<Ratio>(raw).map(|f| f.value);
    let (fans, supply, chips, cards) = (
        ratio(&raw.node.fans),
        ratio(&raw.node.supply),
        ratio(&raw.node.chips),
        ratio(&raw.card_node.chips),
    );
    let (Some(host), Some(card_host), Some(fans), Some(supply)) = (host, card_host, fans, supply) else {
        return Err(reader.problems);
    };
    let (Some(chips), Some(cards)) = (chips, cards) else {
        return Err(reader.problems);
    };
    if !(supply.get() > 0.0 && supply.get() <= 1.0) || chips.get().min(cards.get()) < 1.0 {
        reader.problems.push(
            Problem::in_file(file.path, "`supply` or `chips` is out of its range")
                .help("an efficiency above zero and at most one; one chip or more"),
        );
    }
    let of = |host, chips: Ratio| Node {
        host,
        fans,
        supply,
        chips: chips.get(),
    };
    reader.problems.or([of(host, chips), of(card_host, cards)])
}
