//! What `market` answers for a quarter.

use super::limits::LimitedBy;
use crate::catalog::ChipId;
use crate::figure::{Estimate, FigureRef, Usd};
use crate::rules::{Channel, ChinaState, Segment, Site, SupplyEffect};

use jiff::civil::Date;
use serde::Serialize;
use std::fmt;

/// A calendar quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// Year.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: Date) -> Self {
        Self {
            year: day.year(),
            quarter: (day.month() + 2) / 3,
        }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        jiff::civil::date(self.year, self.quarter * 3 - 2, 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        jiff::civil::date(self.year, self.quarter * 3, 1).last_of_month()
    }

    /// Its first and last day.
    pub(crate) fn days(self) -> (Date, Date) {
        (self.first_day(), self.last_day())
    }
}

/// Days from one to another, both counted.
pub(crate) fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |s| f64::from(s.get_days()) + 1.0)
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.quarter)
    }
}

impl Serialize for Quarter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Under which policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketCase {
    /// Law and guidance of the date.
    AsIs,
    /// Without the China side.
    WithoutGuidance,
    /// Without the US side.
    WithoutUsRule,
}

/// One chip's share of a segment's spending, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// Chip.
    pub chip: ChipId,
    /// Channel it is bought through.
    pub channel: Channel,
    /// Central share.
    pub share: f64,
    /// 90 % band.
    pub low: f64,
    /// 90 % band.
    pub high: f64,
    /// What the US side leaves the supplier.
    pub supply_effect: SupplyEffect,
    /// The buyer's side.
    pub china: ChinaState,
    /// Whether the supply cap binds.
    pub capped: bool,
}

/// One segment's spending.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentOutcome {
    /// Segment.
    pub segment: Segment,
    /// Site.
    pub site: Site,
    /// Budget of the quarter for accelerators.
    pub budget: Estimate<Usd>,
    /// Shares by chip, largest first.
    pub shares: Vec<Share>,
    /// Share deferred or spent otherwise (outside option): value, low, high.
    pub outside: (f64, f64, f64),
}

/// A vendor's revenue from the segments modelled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SellerRevenue {
    /// Vendor id.
    pub vendor: String,
    /// Revenue of the quarter, levies not deducted.
    pub usd: Estimate<Usd>,
}

/// What a seller would report of such a quarter on one geographic basis: other sales to China are in it, as in reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnBasis {
    /// Vendor id.
    pub vendor: String,
    /// `billing_location` (buyers on the mainland) or `customer_headquarters` (those abroad too).
    pub basis: &'static str,
    /// Revenue of the quarter.
    pub usd: Estimate<Usd>,
}

/// A supply cap that binds, with its shadow price.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortage {
    /// Chip.
    pub chip: ChipId,
    /// Units available in the quarter, together with `shared_with`.
    pub units: f64,
    /// Which limit it is.
    pub limited_by: LimitedBy,
    /// Other chips of the same pool.
    pub shared_with: Vec<ChipId>,
    /// The one segment the limit holds for (an approval's quota); `None` for the whole market.
    pub segment: Option<(Segment, Site)>,
    /// How much buyers would pay above the price for one more.
    pub shadow_price: Estimate<Usd>,
}

/// A quarter under one policy case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketOutcome {
    /// Quarter.
    pub quarter: Quarter,
    /// Case.
    pub case: MarketCase,
    /// Segments.
    pub segments: Vec<SegmentOutcome>,
    /// Revenue by vendor, largest first.
    pub revenue: Vec<SellerRevenue>,
    /// NVIDIA's revenue as it reports it, by basis.
    pub on_bases: Vec<OnBasis>,
    /// Binding caps.
    pub shortages: Vec<Shortage>,
    /// Chips of the market that could not be valued, with why.
    pub left_out: Vec<(ChipId, String)>,
    /// What it rests on: budgets, parameters, caps.
    pub rests_on: Vec<FigureRef>,
    /// Largest relative distance of demand from a binding cap at the central solution, or above a slack one.
    pub residual: f64,
}
