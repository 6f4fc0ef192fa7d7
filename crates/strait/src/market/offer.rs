//! What the quarter is computed from: one chip as every segment sees it.

use crate::catalog::{ChipId, Software};
use crate::figure::{Estimate, TokensPerDollar, Usd};
use crate::perf::WorkloadClass;
use crate::rules::{Channel, ChinaState, Segment, Site, SupplyEffect};
use std::collections::BTreeMap;

/// A chip on offer, with what law, performance and cost say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Chip.
    pub chip: ChipId,
    /// Vendor id.
    pub vendor: String,
    /// Channel.
    pub channel: Channel,
    /// Made by a Chinese vendor.
    pub domestic: bool,
    /// Ecosystem; `None` counts as installed nowhere.
    pub software: Option<Software>,
    /// Price of one chip in this market; without it the chip is left out.
    pub price: Option<Estimate<Usd>>,
    /// Tokens per dollar of owned chip time, by class of work; only ratios within a class matter.
    /// A class that is missing is work the chip is not bought for.
    pub value: BTreeMap<WorkloadClass, Estimate<TokensPerDollar>>,
    /// Access by segment; a segment without a row cannot get it.
    pub access: Vec<Access>,
    /// Why it cannot be valued, where the caller knows.
    pub left_out: Option<String>,
}

/// What one segment meets when it wants a chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Segment.
    pub segment: Segment,
    /// Site.
    pub site: Site,
    /// What the US side leaves the supplier.
    pub supply_effect: SupplyEffect,
    /// The China side.
    pub china: ChinaState,
}
