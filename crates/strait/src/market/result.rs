//! What `market` answers for a quarter.

use crate::catalog::ChipId;
use crate::figure::{Count, Estimate, FigureRef, Usd};
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

/// One good's share of a buyer's spending, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// Good of the market over time.
    pub good: String,
    /// Chips in it at the end of the quarter.
    pub chips: Vec<ChipId>,
    /// Channel it is bought through.
    pub channel: Channel,
    /// Mean over the paths, so that shares add up.
    pub share: f64,
    /// 90 % band.
    pub low: f64,
    /// 90 % band.
    pub high: f64,
    /// What the US side leaves the supplier for most of the quarter and of these buyers; none for what is bought around the
    /// law.
    pub supply_effect: Option<SupplyEffect>,
    /// The buyer's side, likewise.
    pub china: Option<ChinaState>,
    /// Whether buyers want more than there is in most of the months and paths.
    pub capped: bool,
}

/// One kind of buyer's spending.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BuyerOutcome {
    /// Demand point of the market over time.
    pub buyer: String,
    /// Its name.
    pub name: String,
    /// Kinds of buyer in it.
    pub segments: Vec<Segment>,
    /// Site.
    pub site: Site,
    /// Budget of the quarter for accelerators to use.
    pub budget: Estimate<Usd>,
    /// What is bought for stock beside it.
    pub ahead: Estimate<Usd>,
    /// Shares of both by good, largest first.
    pub shares: Vec<Share>,
    /// Share deferred, spent otherwise or replaced by stock in hand: mean and 90 % band.
    pub outside: (f64, f64, f64),
}

/// What is sold of a good on the mainland, stock-building included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoodOutcome {
    /// Good of the market over time.
    pub good: String,
    /// Chips in it at the end of the quarter.
    pub chips: Vec<ChipId>,
    /// Channel.
    pub channel: Channel,
    /// Units: median and 90 % band.
    pub units: Estimate<Count>,
    /// The part of them that is bought for stock.
    pub ahead: Estimate<Count>,
    /// Sales at the price paid.
    pub usd: Estimate<Usd>,
}

/// A vendor's revenue from the buyers modelled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SellerRevenue {
    /// Vendor id.
    pub vendor: String,
    /// Revenue of the quarter, levies not deducted.
    pub usd: Estimate<Usd>,
}

/// What a seller would report of such a quarter on one geographic basis: other sales to China are in it, as in reports,
/// and the band is that of a published value, so that what the model leaves of one is in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnBasis {
    /// Vendor id.
    pub vendor: String,
    /// `billing_location` (buyers on the mainland) or `customer_headquarters` (those abroad too).
    pub basis: &'static str,
    /// Revenue of the quarter.
    pub usd: Estimate<Usd>,
}

/// What keeps a good from being sold to all who want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitedBy {
    /// Wafers and yield at home.
    Dies,
    /// Memory at home.
    Memory,
    /// Packaging lines on the mainland.
    Packaging,
    /// Units that there are, or that a license or an approval allows.
    Units,
}

impl fmt::Display for LimitedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dies => "wafers and yield",
            Self::Memory => "memory",
            Self::Packaging => "packaging lines",
            Self::Units => "units there are or are allowed",
        })
    }
}

/// A good that buyers want more of than there is, in most months and paths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortage {
    /// Good of the market over time.
    pub good: String,
    /// Units sold at all sites.
    pub units: Estimate<Count>,
    /// What limits it in most of them.
    pub limited_by: LimitedBy,
    /// What a buyer whom law and guidance leave the good to would give above the price for one more.
    pub shadow_price: Estimate<Usd>,
    /// Part of months and paths in which it is at least that.
    pub at_least: f64,
}

/// A quarter under one policy case, read off the paths of the market over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketOutcome {
    /// Quarter.
    pub quarter: Quarter,
    /// Case; what came before the quarter is history in each.
    pub case: MarketCase,
    /// Paths.
    pub draws: usize,
    /// Buyers.
    pub buyers: Vec<BuyerOutcome>,
    /// Goods that sell, in the order of the model.
    pub goods: Vec<GoodOutcome>,
    /// Budgets on the mainland, for use.
    pub budget: Estimate<Usd>,
    /// Spending on the mainland, for use and for stock.
    pub spending: Estimate<Usd>,
    /// Revenue by vendor, largest first.
    pub revenue: Vec<SellerRevenue>,
    /// NVIDIA's revenue as it reports it, by basis.
    pub on_bases: Vec<OnBasis>,
    /// Goods that are short.
    pub shortages: Vec<Shortage>,
    /// Goods and chips that the model could not value or does not have, with why.
    pub left_out: Vec<(String, String)>,
    /// What it rests on: priors, goods, limits.
    pub rests_on: Vec<FigureRef>,
}
