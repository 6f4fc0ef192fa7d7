//! Goods and demand points of the quarterly model.

use crate::catalog::ChipId;
use crate::figure::{FigureRef, Quantity, Ratio};
use crate::rules::{Channel, Segment, Site};
use jiff::civil::Date;
use serde::Deserialize;

/// Ecosystem a good belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nest {
    /// CUDA.
    Cuda,
    /// Every other.
    Other,
}

/// One chip of a good's mix from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct MixRow {
    /// From when.
    pub from: Date,
    /// Chip; `None` where the good ends.
    pub chip: Option<ChipId>,
    /// Share of units.
    pub weight: f64,
}

/// A good as the path needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodFacts {
    /// Id.
    pub id: String,
    /// Who sells it to the buyer, a level of the names of outputs: its vendor's name, or the grey channel.
    pub seller: String,
    /// Name within its seller's goods, likewise.
    pub name: String,
    /// Vendor.
    pub vendor: String,
    /// Ecosystem.
    pub nest: Nest,
    /// Of a Chinese vendor.
    pub domestic: bool,
    /// Channel.
    pub channel: Channel,
    /// Good whose open channel closes this one.
    pub detour_of: Option<usize>,
    /// Made for this market alone.
    pub china_only: bool,
    /// Planned, and sold nowhere unless law or a scenario lets it in: none of it is abroad to be had around the law.
    pub planned: bool,
    /// Sold on the mainland alone.
    pub mainland_only: bool,
}

impl GoodFacts {
    /// Sold by a foreign maker to the buyer.
    pub fn is_foreign_direct(&self) -> bool {
        !self.domestic && self.channel == Channel::Direct
    }
}

/// A good of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodSpec {
    /// What the path needs of it.
    pub facts: GoodFacts,
    /// Chips by date.
    pub mix: Vec<MixRow>,
    /// Assumed prices of chips without a published one, US dollars.
    pub chip_price: Vec<(ChipId, f64)>,
    /// The good whose value per dollar is taken where performance is unknown.
    pub value_as: Option<usize>,
    /// Multiplies value per dollar, where the chip fits part of the work only.
    pub work_factor: f64,
    /// Pools of supply.csv that add up to its units, with the part of each; every pool of its chips where empty.
    pub pools: Vec<(String, f64)>,
    /// Logic dies a package, by date.
    pub dies: Vec<(Date, f64)>,
    /// Memory stacks a package, by date.
    pub stacks: Vec<(Date, f64)>,
    /// Source, grade and place.
    pub reference: FigureRef,
}

impl GoodSpec {
    /// The rows of the mix that hold on a day; empty where it is not to be had.
    pub fn mix_on(&self, day: Date) -> Vec<&MixRow> {
        let Some(from) = self.mix.iter().map(|m| m.from).filter(|f| *f <= day).max() else {
            return Vec::new();
        };
        self.mix
            .iter()
            .filter(|m| m.from == from && m.chip.is_some())
            .collect()
    }
}

/// The row of the latest date on or before a day.
pub(crate) fn latest(rows: &[(Date, f64)], day: Date) -> Option<f64> {
    rows.iter()
        .filter(|(from, _)| *from <= day)
        .max_by_key(|(from, _)| *from)
        .map(|(_, v)| *v)
}

/// A kind of buyer at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct PointSpec {
    /// Id.
    pub id: String,
    /// Name as people read it, a level of the names of outputs; the same kind of buyer has one name at both sites.
    pub name: String,
    /// Site.
    pub site: Site,
    /// Segments of the law and of `segments.toml`, with weights that sum to one.
    pub buyers: Vec<(Segment, f64)>,
    /// Share of the site's budget.
    pub share: f64,
    /// Buys through the grey channel or not at all.
    pub grey_only: bool,
}

/// Goods and points.
#[derive(Debug, Clone, PartialEq)]
pub struct Specification {
    /// From when a discouraged good is discouraged in earnest.
    pub firm_guidance_from: Date,
    /// The chip that compute is counted in.
    pub compute_unit: ChipId,
    /// Premium over the vendor's price that is in the prices of grey goods.
    pub grey_premium: Ratio,
    /// Goods, in the order of the file.
    pub goods: Vec<GoodSpec>,
    /// Demand points.
    pub points: Vec<PointSpec>,
}

impl Default for Specification {
    fn default() -> Self {
        Self {
            firm_guidance_from: jiff::civil::date(2022, 1, 1),
            compute_unit: ChipId(String::new()),
            grey_premium: Ratio::of(0.0),
            goods: Vec::new(),
            points: Vec::new(),
        }
    }
}

impl Specification {
    /// Position of a good.
    pub fn good(&self, id: &str) -> Option<usize> {
        self.goods.iter().position(|g| g.facts.id == id)
    }
}
