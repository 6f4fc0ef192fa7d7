//! The shapes of rule an instrument's file may hold: bounds, classes, requirements, reviews, levies.

use super::exact::Exact;
use super::{
    Channel, ChinaState, Classification, ExporterRole, Jurisdiction, LevyKind, Listed, Region, Review,
    Segment, Site, Ternary, Use,
};
use crate::figure::{Grade, When};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A bound, an exact decimal written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub Decimal, Exact);

impl Limit {
    /// The same bound as figures are compared with it.
    pub(crate) fn exact(self) -> Exact {
        self.1
    }
}

impl From<Decimal> for Limit {
    fn from(value: Decimal) -> Self {
        Self(value, Exact::of(value))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map(Self::from).map_err(|_| {
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
    /// Memory bandwidth over the area of the package or stack, GB/s/mm² (3A090.c); compared by
    /// cross-multiplication.
    HbmDensity,
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
            Self::HbmDensity => "hbm_density",
        }
    }
}

/// A fact a condition may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactName {
    /// Designed or marketed for data centers.
    Datacenter,
    /// A stack of high bandwidth memory that is not packaged with a processing circuit.
    HbmStack,
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
    /// Every item of 3A090.a and .b.
    All,
    /// Every item of 3A090.a.
    A,
    /// 3A090.a designed or marketed for data centers.
    DatacenterA,
    /// The notified class: .a not for data centers, .b for data centers.
    Notified,
    /// 3A090.c.
    Hbm,
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
    /// Only to these destinations, whichever limb reaches it.
    pub within: Option<Region>,
    /// Only exports from this country.
    pub leaves: Option<String>,
    /// Technical limits, all to hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Further conditions.
    #[serde(default)]
    pub conditions: Vec<ConditionRow>,
}

/// A fact of a transaction that a condition reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealFact {
    /// Aggregate TPP shipped to China and Macau as percent of that shipped to US customers.
    ChinaToUsTppPercent,
    /// Certified by an independent laboratory in the US.
    UsLaboratory,
    /// Countries where remote users are headquartered; `none_of` must not occur.
    RemoteUsers,
    /// Days between the notification and the shipment.
    NotifiedDaysBefore,
    /// Number of items.
    Quantity,
    /// Headquarters of the end user and of its ultimate parent lie outside `none_of` (codes or groups).
    Headquarters,
    /// No end use or end user of part 744 is stated, and screening found none.
    #[serde(rename = "no_part_744")]
    NoPart744,
}

/// A condition of a review policy or license exception that the exporter must show; never passed by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRow {
    /// Short name under which a deal file's `[conditions]` may state it (`us_supply = true`).
    pub id: Option<String>,
    /// Paragraph.
    pub paragraph: String,
    /// What must be so.
    pub what: String,
    /// Fact of the transaction that decides it; stated under `id` where absent.
    pub field: Option<DealFact>,
    /// Upper bound for a number.
    pub le: Option<Limit>,
    /// Lower bound for a number.
    pub ge: Option<Limit>,
    /// Countries or groups that must not occur.
    #[serde(default)]
    pub none_of: Vec<String>,
}

/// A license exception.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionRow {
    /// `NAC`, `ACA`, `HBM`.
    pub id: String,
    /// Provision.
    pub paragraph: String,
    /// Items.
    pub items: Items,
    /// Technical limits, all to hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Days of notification before the shipment, where one is due.
    pub notification_days: Option<u32>,
    /// Only exports from this country.
    pub leaves: Option<String>,
    /// The condition a deal must state before the row is offered at all (`veu_named`): an authorization of
    /// named end users is no possibility of every sale.
    pub only_if_stated: Option<String>,
    /// Only transfers within one country (true) or only exports and reexports (false).
    pub transfer: Option<bool>,
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
    pub conditions: Vec<ConditionRow>,
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
    /// The destination itself (part 746).
    Destination,
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

/// Why a chip made abroad would be subject to the EAR; every condition given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionRow {
    /// Provision.
    pub paragraph: String,
    /// What it gives where everything below holds: `yes`, or `presumed` where facts are still to be shown.
    pub gives: Jurisdiction,
    /// Whether it needs the item to be a direct product of US technology, software or tools (734.9).
    #[serde(default)]
    pub direct_product: bool,
    /// US-controlled content by value above which it holds, percent (734.4).
    pub content_gt_percent: Option<Limit>,
    /// Where the designer is; anywhere where absent.
    pub designers: Option<Region>,
    /// Items; any where empty.
    #[serde(default)]
    pub items: Vec<Items>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters or parent.
    pub who: Option<Region>,
    /// Listed parties it reaches.
    #[serde(default)]
    pub listed: Vec<Listed>,
    /// End use it reaches.
    pub end_use: Option<Trigger>,
    /// In words.
    pub basis: String,
}

/// The item of another ECCN that holds such circuits (`5A992.z`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZItemRow {
    /// The host's own ECCN (`5A992`).
    pub host: String,
    /// Class of a circuit it contains.
    #[serde(rename = "for")]
    pub classes: Vec<Classification>,
    /// The item (`5A992.z`).
    pub item: String,
}

/// What a careful exporter looks twice at; every condition given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedFlagRow {
    /// Provision.
    pub paragraph: String,
    /// What it says.
    pub what: String,
    /// Uses; any where empty.
    #[serde(rename = "use", default)]
    pub uses: Vec<Use>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters or parent.
    pub who: Option<Region>,
    /// Remote users headquartered there.
    pub remote_users: Option<Region>,
    /// Share owned by listed parties from which it is one, percent; also where the share is not stated.
    pub owned_ge_percent: Option<Limit>,
    /// Vendors; any where empty.
    #[serde(default)]
    pub vendors: Vec<String>,
    /// Families; any where empty.
    #[serde(default)]
    pub families: Vec<String>,
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
    /// Where a designer is headquartered whom it does not bind (authorized designers).
    pub not_designers: Option<Region>,
    /// What rebuts it.
    pub rebut: String,
    /// Condition of a deal under which the rebuttal may be stated.
    pub rebut_id: Option<String>,
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
