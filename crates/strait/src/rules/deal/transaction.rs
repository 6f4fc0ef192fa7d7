//! What is asked: a chip, from somewhere, to someone, on a day, as known on a day.

use crate::catalog::ChipId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kind of buyer, as the China-side instruments tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Large internet platform (ByteDance, Alibaba, Tencent).
    Platform,
    /// Data center built with any state money.
    StateFunded,
    /// Government body, state-owned enterprise, critical infrastructure.
    Government,
    /// Other enterprise.
    Enterprise,
    /// University or research laboratory.
    University,
    /// Consumers and workstations.
    Consumer,
}

impl Segment {
    /// In words, as an adjective of a buyer.
    pub fn words(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::StateFunded => "state-funded",
            Self::Government => "government",
            Self::Enterprise => "enterprise",
            Self::University => "university",
            Self::Consumer => "consumer",
        }
    }
}

/// Where the buyer puts the chip, as the China side sees it. Hong Kong is offshore there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// Mainland China.
    Mainland,
    /// Hong Kong, Macau or any other place.
    Offshore,
}

/// How the chip gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Through the maker or its distributors.
    Direct,
    /// Around the law.
    Grey,
}

/// Result of the user's own screening of the end user; strait never screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listed {
    /// On no list.
    None,
    /// Entity List, no footnote.
    Entity,
    /// Entity List, footnote 1.
    EntityFn1,
    /// Entity List, footnote 4.
    EntityFn4,
    /// Military End-User List.
    Meu,
    /// Not screened.
    Unknown,
}

/// What the chip is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// The end user's own work.
    Own,
    /// Renting it out (IaaS).
    Cloud,
    /// Selling it on.
    Resale,
}

/// Who exports; fabs and packagers carry presumptions others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExporterRole {
    /// Anyone who is neither fab nor packager.
    Seller,
    /// A foundry.
    Foundry,
    /// Assembly and test.
    Osat,
}

/// Whose knowledge is reconstructed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knower {
    /// What anyone could have read.
    Public,
    /// What the addressee of a letter had been told besides.
    Addressee,
}

/// Everything a verdict depends on besides the chip's figures and the law.
///
/// Countries are ISO 3166 alpha-2 codes, upper case (`CN`, `HK`, `MO`, `AE`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transaction {
    /// The chip.
    pub chip: ChipId,
    /// Destination country.
    pub to: String,
    /// Country it leaves from. The route is derived from it.
    pub from: String,
    /// Whether somebody stated it; else a foreign maker's chip is taken to leave from its maker's country.
    pub from_stated: bool,
    /// Day of shipment.
    pub on: Date,
    /// Day of knowledge: nothing the public learned later is used.
    pub known: Date,
    /// Whose knowledge it is.
    pub known_to: Knower,
    /// Country of the end user's headquarters; the destination where `None`.
    pub headquarters: Option<String>,
    /// Country of the ultimate parent's headquarters; the headquarters where `None`.
    pub parent: Option<String>,
    /// Buyer's segment for the China side.
    pub segment: Segment,
    /// Buyer's site; derived from the destination where `None`.
    pub site: Option<Site>,
    /// Channel.
    pub channel: Channel,
    /// Result of party screening.
    pub listed: Listed,
    /// Share owned by listed parties, percent.
    pub owned_by_listed_percent: Option<f64>,
    /// Use.
    pub use_: Option<Use>,
    /// Countries where remote users are headquartered; `None` where not stated.
    pub remote_users: Option<Vec<String>>,
    /// Whether the end use is a supercomputer in the sense of 744.23.
    pub supercomputer: Option<bool>,
    /// Whether the end use or user is military.
    pub military: Option<bool>,
    /// Exporter's role.
    pub exporter: ExporterRole,
    /// Number of items; `None` where not stated.
    pub quantity: Option<u64>,
    /// Aggregate TPP shipped to China and Macau as percent of that shipped to US customers (91 FR 1684 ledger).
    pub china_to_us_tpp_percent: Option<f64>,
    /// Certified by an independent US laboratory (91 FR 1684).
    pub us_laboratory: Option<bool>,
    /// Days between the notification under a license exception and the shipment.
    pub notified_days_before: Option<u32>,
    /// Whether a chip made abroad is a direct product of US technology, software or tools (734.9).
    pub direct_product: Option<bool>,
    /// Share of US-controlled content by value, percent (734.4).
    pub us_content_percent: Option<f64>,
    /// ECCN of the computer or system that holds the chip, before `.z` (`5A992`).
    pub host: Option<String>,
    /// Conditions of review policies and exceptions by id, as the exporter states them.
    pub conditions: BTreeMap<String, bool>,
    /// Whether the codified text is asked instead of what is enforced.
    pub codified: bool,
}

impl Transaction {
    /// A transaction with every optional fact unstated.
    pub fn new(chip: ChipId, to: &str, on: Date, known: Date) -> Self {
        Self {
            chip,
            to: to.to_owned(),
            from: "US".to_owned(),
            from_stated: false,
            on,
            known,
            known_to: Knower::Public,
            headquarters: None,
            parent: None,
            segment: Segment::Platform,
            site: None,
            channel: Channel::Direct,
            listed: Listed::Unknown,
            owned_by_listed_percent: None,
            use_: None,
            remote_users: None,
            supercomputer: None,
            military: None,
            exporter: ExporterRole::Seller,
            quantity: None,
            china_to_us_tpp_percent: None,
            us_laboratory: None,
            notified_days_before: None,
            direct_product: None,
            us_content_percent: None,
            host: None,
            conditions: BTreeMap::new(),
            codified: false,
        }
    }
}
