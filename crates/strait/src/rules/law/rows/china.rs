//! Rows on money, the China side and practice.

use crate::catalog::Chip;
use crate::figure::{Grade, When};
use crate::rules::{Channel, ChinaState, Condition, LevyKind, Limit, Region, Segment, Site, Ternary};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A levy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevyRow {
    /// Kind.
    pub kind: LevyKind,
    /// Rate as a fraction.
    pub rate: Limit,
    /// What it is taken of.
    pub base: String,
    /// Whether a text codifies it.
    pub codified: bool,
    /// Whether it applies where everything below holds.
    pub applies: Ternary,
    /// Vendors.
    #[serde(default)]
    pub vendors: Vec<String>,
    /// Families; any of the vendors' where empty.
    #[serde(default)]
    pub families: Vec<String>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Bands of conditions: one suffices.
    #[serde(default)]
    pub bands: Vec<Vec<Condition>>,
    /// Arises on entry into this country: only goods made abroad and leaving from it.
    pub on_entry: Option<String>,
    /// Conditions in words.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// State on the China side for buyers it binds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChinaRow {
    /// State it puts the purchase in.
    pub effect: ChinaState,
    /// Segments; all where empty.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// Sites; mainland where empty.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// Channels; all where empty.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Vendors; every foreign maker where empty.
    #[serde(default)]
    pub vendors: Vec<String>,
    /// Families; all where empty.
    #[serde(default)]
    pub families: Vec<String>,
    /// Only parts for data centers, or only others.
    pub datacenter: Option<bool>,
    /// Units allowed, chips.
    pub quota: Option<f64>,
    /// What the quota counts.
    pub quota_of: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeRow {
    /// When.
    pub when: When,
    /// First day the public could know; `when` where absent.
    pub known_from: Option<When>,
    /// What.
    pub what: String,
    /// That no license was issued on any of the days of `when`.
    #[serde(default)]
    pub none_issued: bool,
    /// Families concerned; every one where empty.
    #[serde(default)]
    pub families: Vec<String>,
    /// Vendors concerned; every one where empty.
    #[serde(default)]
    pub vendors: Vec<String>,
    /// Source, where not the instrument's.
    pub source: Option<String>,
    /// Grade, where not the instrument's.
    pub grade: Option<Grade>,
}

impl PracticeRow {
    /// Whether it was known on a day and concerns a chip.
    pub(crate) fn about(&self, chip: &Chip, known: Date) -> bool {
        (self.families.is_empty() || self.families.contains(&chip.family))
            && (self.vendors.is_empty() || self.vendors.contains(&chip.vendor))
            && self.known_from.unwrap_or(self.when).last() <= known
    }
}

/// Kind of subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SubsidyKind {
    Electricity,
}

/// Public money that makes one maker's chips cheaper to run than another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsidyRow {
    /// Kind.
    pub kind: SubsidyKind,
    /// Least share of the base taken off, as a fraction; absent where not reported.
    pub rate_low: Option<Limit>,
    /// Most.
    pub rate_high: Limit,
    /// What it is taken off.
    pub base: String,
    /// Price of a kWh after it, CNY, as reported.
    pub price_cny_per_kwh: Option<Limit>,
    /// Provinces, by name.
    pub places: Vec<String>,
    /// Country whose designers' chips qualify.
    pub designers: String,
    /// Further conditions, in words.
    #[serde(default)]
    pub conditions: Vec<String>,
}
