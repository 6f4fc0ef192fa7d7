//! The shapes of rule an instrument's file may hold: bounds, classes, requirements, reviews, levies.

use super::{
    Channel, ChinaState, Classification, ExporterRole, LevyKind, Region, Review, Segment, Site, Ternary,
};
use crate::figure::{Grade, When};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A bound, an exact decimal written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub Decimal);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map(Self).map_err(|_| {
            serde::de::Error::custom(format!(
                "bound `{text}` where a decimal number as text was expected"
            ))
        })
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A metric a bound may be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricName {
    /// Total processing performance.
    Tpp,
    /// TPP over applicable die area, mm².
    PerformanceDensity,
    /// DRAM bandwidth, GB/s.
    MemoryBandwidth,
    /// All inputs and outputs but volatile memory, both directions, GB/s.
    #[serde(rename = "io_2022")]
    Io2022,
    /// Scale-up link, both directions, GB/s.
    ScaleUp,
    /// DRAM bandwidth plus all inputs and outputs, GB/s.
    MemoryPlusIo,
    /// DRAM bandwidth plus scale-up link, GB/s.
    MemoryPlusScaleUp,
}

impl MetricName {
    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tpp => "tpp",
            Self::PerformanceDensity => "performance_density",
            Self::MemoryBandwidth => "memory_bandwidth",
            Self::Io2022 => "io_2022",
            Self::ScaleUp => "scale_up",
            Self::MemoryPlusIo => "memory_plus_io",
            Self::MemoryPlusScaleUp => "memory_plus_scale_up",
        }
    }
}

/// A fact a condition may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactName {
    /// Designed or marketed for data centers.
    Datacenter,
}

/// One condition on a chip: every bound given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Condition {
    pub metric: Option<MetricName>,
    pub fact: Option<FactName>,
    pub is: Option<bool>,
    pub lt: Option<Limit>,
    pub le: Option<Limit>,
    pub gt: Option<Limit>,
    pub ge: Option<Limit>,
}

/// A paragraph that classifies; rows are read top to bottom and the first that holds wins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifyRow {
    /// Paragraph.
    pub paragraph: String,
    /// Class it gives.
    pub result: Classification,
    /// All must hold.
    pub when: Vec<Condition>,
}

/// Which items of a class a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Items {
    /// Every item of the classes named.
    All,
    /// 3A090.a designed or marketed for data centers.
    DatacenterA,
    /// The notified class: .a not for data centers, .b for data centers.
    Notified,
}

/// A list-based requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequireRow {
    /// Paragraph.
    pub paragraph: String,
    /// Classes (3A090 and 4A090 alike).
    #[serde(rename = "for")]
    pub classes: Vec<Classification>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters of the end user or its ultimate parent.
    pub who: Option<Region>,
    /// First day, where later than the instrument's.
    pub from: Option<When>,
    /// First day no longer.
    pub until: Option<When>,
    /// Who is excepted, in words; asked of the user.
    pub except: Option<String>,
}

/// A review policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRow {
    /// Paragraph.
    pub paragraph: String,
    /// Policy.
    pub review: Review,
    /// Items.
    pub items: Items,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters or parent.
    pub who: Option<Region>,
    /// Only exports from this country.
    pub leaves: Option<String>,
    /// Technical limits, all to hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Further conditions.
    #[serde(default)]
    pub conditions: Vec<ReviewCondition>,
}

/// A condition of a review policy that the exporter must show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewCondition {
    /// Paragraph.
    pub paragraph: String,
    /// What must be so.
    pub what: String,
    /// Field of the transaction that says so: `china_to_us_tpp_percent`, `us_laboratory`, `remote_users`.
    pub field: Option<String>,
    /// Upper bound for a number.
    pub le: Option<Limit>,
    /// Countries that must not occur.
    #[serde(default)]
    pub none_of: Vec<String>,
}

/// A license exception.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionRow {
    /// `NAC`, `ACA`.
    pub id: String,
    /// Provision.
    pub paragraph: String,
    /// Items.
    pub items: Items,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters or parent.
    pub who: Option<Region>,
    /// First day.
    pub from: Option<When>,
    /// First day no longer.
    pub until: Option<When>,
    /// Checklist.
    pub conditions: Vec<String>,
}

/// A requirement by product or threshold (letters; bills).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRow {
    /// Paragraph or passage.
    pub paragraph: String,
    /// Vendor addressed; any where absent.
    pub vendor: Option<String>,
    /// Families named.
    #[serde(default)]
    pub families: Vec<String>,
    /// Groups of conditions: one group that holds suffices.
    #[serde(default)]
    pub any: Vec<Vec<Condition>>,
    /// Groups that may be meant; the text is not public.
    #[serde(default)]
    pub maybe: Vec<Vec<Condition>>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Destinations that may be meant.
    pub where_maybe: Option<Region>,
    /// Headquarters or parent.
    pub who: Option<Region>,
    /// Review policy, where stated.
    pub review: Option<Review>,
}

/// What makes an end use or end user controlled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Trigger {
    Supercomputer,
    Military,
    EntityList,
    MilitaryEndUserList,
    OwnedByListed,
}

/// An end-use or end-user requirement of part 744.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndUseRow {
    /// Paragraph.
    pub paragraph: String,
    /// What sets it off.
    pub trigger: Trigger,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Review policy.
    pub review: Option<Review>,
    /// Share owned by listed parties that sets it off, percent.
    pub ge_percent: Option<Limit>,
}

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

/// A prohibition beside the license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProhibitionRow {
    /// Provision.
    pub paragraph: String,
    /// Vendor.
    pub vendor: String,
    /// Families named.
    pub families: Vec<String>,
    /// Whom it binds.
    pub binds: String,
    /// What it says.
    pub what: String,
}

/// What an instrument says on whether a foreign maker's chip is subject to the EAR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionRow {
    /// Provision.
    pub paragraph: String,
    /// Where the maker is.
    pub designers: Region,
    /// In words.
    pub basis: String,
}

/// A presumption on an exporter's role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresumeRow {
    /// Paragraph.
    pub paragraph: String,
    /// Roles bound.
    pub roles: Vec<ExporterRole>,
    /// Class presumed.
    pub result: Classification,
    /// What rebuts it.
    pub rebut: String,
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
