//! Who buys what in one quarter: segments spend budgets over the chips they can get.

mod result;

pub use result::{MarketCase, MarketOutcome, Quarter, SegmentOutcome, SellerRevenue, Share, Shortage};
