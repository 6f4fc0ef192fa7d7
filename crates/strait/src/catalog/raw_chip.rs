//! A chip file as TOML writes it; `read.rs` checks it.

use super::{DieRole, Engine, Form, Format, Transistor};
use crate::data::{RawFact, RawFigure, RawSource, RawState};
use crate::figure::{Grade, When};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawChip {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<String>,
    pub(crate) vendor: Spanned<String>,
    pub(crate) family: Option<String>,
    #[serde(default = "yes")]
    pub(crate) default: bool,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) family_aliases: Vec<String>,
    #[serde(default)]
    pub(crate) former_ids: Vec<String>,
    pub(crate) form: Form,
    pub(crate) former_flagship: Option<Spanned<String>>,
    pub(crate) predecessor: Option<Spanned<String>>,
    pub(crate) perf_family: Option<String>,
    pub(crate) software: Option<RawFact<String>>,
    pub(crate) designer_country: Option<String>,
    pub(crate) figures_from: Option<RawOrigin>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) market: RawMarket,
    #[serde(default)]
    pub(crate) peak: Vec<RawPeaks>,
    #[serde(default)]
    pub(crate) die: Vec<RawDie>,
    #[serde(default)]
    pub(crate) memory: RawMemory,
    #[serde(default)]
    pub(crate) io: RawIo,
    #[serde(default)]
    pub(crate) package: RawPackage,
    #[serde(default)]
    pub(crate) power: RawPower,
    #[serde(default)]
    pub(crate) cache: RawCache,
    #[serde(default)]
    pub(crate) micro: RawMicro,
    #[serde(default)]
    pub(crate) dispute: Vec<RawDispute>,
    #[serde(default)]
    pub(crate) variant: Vec<RawVariant>,
    /// Sources of a user's own, in a file of the user's own.
    #[serde(default)]
    pub(crate) source: Vec<RawSource>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOrigin {
    pub(crate) source: Spanned<String>,
    pub(crate) grade: Grade,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMarket {
    pub(crate) designed_or_marketed_for_datacenter: Option<RawFact<bool>>,
    pub(crate) announced: Option<RawFact<When>>,
    pub(crate) never_sold: Option<RawFact<bool>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPeaks {
    pub(crate) engine: Engine,
    pub(crate) rows: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRow {
    pub(crate) format: Format,
    pub(crate) input_bits: Spanned<InputBits>,
    pub(crate) tera_ops: Spanned<f64>,
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) grade: Option<Grade>,
    /// Why a rate that looks sparse is dense after all.
    pub(crate) checked: Option<String>,
}

/// `16`, or `[19, 32]` where the text of the law leaves the width open.
#[derive(Clone, Copy)]
pub(crate) struct InputBits {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl<'de> Deserialize<'de> for InputBits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InputBitsVisitor)
    }
}

struct InputBitsVisitor;

impl<'de> Visitor<'de> for InputBitsVisitor {
    type Value = InputBits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a width in bits (`16`) or two (`[19, 32]`)")
    }

    fn visit_i64<E: de::Error>(self, bits: i64) -> Result<InputBits, E> {
        let bits = u8::try_from(bits)
            .ok()
            .filter(|b| (1..=128).contains(b))
            .ok_or_else(|| E::custom(format!("`{bits}` where a width of 1 to 128 bits was expected")))?;
        Ok(InputBits {
            low: f64::from(bits),
            high: f64::from(bits),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<InputBits, A::Error> {
        let (low, high): (Option<u8>, Option<u8>) = (seq.next_element()?, seq.next_element()?);
        match (low, high, seq.next_element::<u8>()?) {
            (Some(low), Some(high), None) if 0 < low && low < high && high <= 128 => Ok(InputBits {
                low: f64::from(low),
                high: f64::from(high),
            }),
            _ => Err(de::Error::custom(
                "expected two widths in bits, the smaller first (`[19, 32]`)",
            )),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDie {
    pub(crate) name: String,
    pub(crate) count: Option<Spanned<u32>>,
    pub(crate) count_from: Option<RawOrigin>,
    pub(crate) role: DieRole,
    pub(crate) logic: bool,
    pub(crate) transistor: Transistor,
    pub(crate) process: Option<RawFact<String>>,
    pub(crate) foundry: Option<RawFact<String>>,
    pub(crate) area: Option<RawFigure>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMemory {
    pub(crate) kind: Option<RawFact<String>>,
    pub(crate) capacity: Option<RawFigure>,
    pub(crate) bandwidth: Option<RawFigure>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawIo {
    pub(crate) scale_up_link: Option<RawFact<String>>,
    pub(crate) scale_up_bidirectional: Option<RawFigure>,
    pub(crate) host_link: Option<RawFact<String>>,
    pub(crate) host_bidirectional: Option<RawFigure>,
    pub(crate) scale_out: Option<RawFigure>,
    pub(crate) scale_up_domain: Option<RawFact<u32>>,
    pub(crate) scale_up_topology: Option<RawFact<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPackage {
    pub(crate) area: Option<RawFigure>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPower {
    pub(crate) tdp: Option<RawFigure>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCache {
    pub(crate) last_level: Option<RawFigure>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMicro {
    pub(crate) cores: Option<RawFigure>,
    pub(crate) core_label: Option<String>,
    pub(crate) boost_clock: Option<RawFigure>,
    pub(crate) scratch_per_core: Option<RawFigure>,
    pub(crate) fp16_flop_per_clock_per_core: Option<RawFigure>,
    pub(crate) weight_unpacking: Option<RawFigure>,
    pub(crate) transistors: Option<RawFigure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDispute {
    pub(crate) figure: Spanned<String>,
    /// A number in the figure's unit as written above, or a text for a fact.
    pub(crate) value: Spanned<toml::Value>,
    pub(crate) source: Spanned<String>,
    pub(crate) grade: Grade,
    #[serde(default)]
    pub(crate) state: RawState,
    pub(crate) why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVariant {
    pub(crate) name: Spanned<String>,
    pub(crate) why: String,
    pub(crate) values: BTreeMap<String, f64>,
    pub(crate) source: Spanned<String>,
    pub(crate) grade: Grade,
}
