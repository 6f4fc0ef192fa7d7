//! Rows on reach and use: jurisdiction, presumptions, end uses, prohibitions, red flags.

use crate::rules::{Classification, ExporterRole, Items, Jurisdiction, Limit, Listed, Region, Review, Use};
use serde::{Deserialize, Serialize};

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

impl Trigger {
    /// A word for tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Supercomputer => "supercomputer",
            Self::Military => "military",
            Self::EntityList | Self::MilitaryEndUserList => "listed",
            Self::OwnedByListed => "owned_by_listed",
            Self::Destination => "destination",
        }
    }

    /// The fact it turns on, and the flag that states it.
    pub(crate) fn asks(self) -> (&'static str, &'static str) {
        match self {
            Self::Supercomputer => ("whether the end use is a supercomputer", "--supercomputer"),
            Self::Military => ("whether the end use or user is military", "--military"),
            Self::EntityList | Self::MilitaryEndUserList => ("whether the end user is on a list", "--listed"),
            Self::Destination => ("the destination", "--to"),
            Self::OwnedByListed => ("the share owned by listed parties", "--owned-by-listed"),
        }
    }
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
