//! Rows on the license: requirement, review, exceptions, products named by letters.

use crate::figure::When;
use crate::rules::{Classification, Condition, Items, Limit, Region, Review};
use serde::{Deserialize, Serialize};

/// A list-based requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequireRow {
    /// Paragraph.
    pub paragraph: String,
    /// Classes (3A090 and 4A090 alike); every item of the list where empty (part 746).
    #[serde(rename = "for", default)]
    pub classes: Vec<Classification>,
    /// Destinations.
    #[serde(rename = "where")]
    pub where_: Option<Region>,
    /// Headquarters of the end user or its ultimate parent.
    pub who: Option<Region>,
    /// Only to these destinations, whichever limb reaches it.
    pub within: Option<Region>,
    /// First day, where later than the instrument's.
    pub from: Option<When>,
    /// First day no longer, where earlier than the instrument's.
    pub until: Option<When>,
    /// Policy stated together with the requirement, whatever the item (part 746).
    pub review: Option<Review>,
    /// No license exception modelled overcomes it (part 746).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_exception: bool,
    /// Who is excepted; asked of the user.
    pub except: Option<Except>,
}

/// Parties from which a requirement is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Except {
    /// Short name under which a deal states it (`uae_approved`): met, the row is silent; not met, it binds.
    pub id: String,
    /// Who they are.
    pub what: String,
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
    /// First day, where later than the instrument's.
    pub from: Option<When>,
    /// First day no longer, where earlier than the instrument's.
    pub until: Option<When>,
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
    /// Headquarters of the end user and of its ultimate parent lie outside `none_of` and, where given, in
    /// `one_of` (codes or groups).
    Headquarters,
    /// No end use or end user that part 744 controls at the destination is stated, and screening found none.
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
    /// Countries or groups of which one must hold each; any where empty.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// First day, where later than the instrument's.
    pub from: Option<When>,
    /// First day no longer, where earlier than the instrument's.
    pub until: Option<When>,
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
    /// First day, where later than the instrument's.
    pub from: Option<When>,
    /// First day no longer, where earlier than the instrument's.
    pub until: Option<When>,
}
