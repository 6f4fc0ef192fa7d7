//! Who buys what: months from 2022 to 2030 fitted to what was published, quarters read off them, and prices that sellers set.
//!
//! Buyers choose by a nested logit over value per dollar, with guidance, licences, switching cost and the risk of being cut
//! off, within limits on supply. Formulas and what is assumed: `docs/market.md`.

pub mod backtest;
mod draws;
pub mod dynamics;
pub mod equilibrium;
mod goods;
mod linear;
mod margins;
mod model;
mod offer;
pub mod policy_hazard;
mod prior;
mod priors;
mod quarter;
mod result;
mod revenue;
pub mod sampler;
pub mod score;
mod segments;
pub mod sensitivity;
mod sight;
mod stream;
mod supply;
mod theta;

#[cfg(test)]
pub(crate) use equilibrium::nested_logit;
pub use goods::Candidate;
pub use margins::{Burden, PublishedMargin};
pub use model::{MarketModel, PriorLine};
pub use offer::{Access, Offer};
pub use prior::Prior;
pub(crate) use result::days;
pub use result::{
    BuyerOutcome, GoodOutcome, LimitedBy, MarketCase, MarketOutcome, OnBasis, Quarter, SellerRevenue, Share,
    Shortage,
};
pub use revenue::{KnownKind, PublishedShare, ReportedRevenue};
pub use segments::BuyerSegment;
pub use stream::Stream;
pub use supply::SupplyEstimate;
pub(crate) use supply::{Binds, PoolLimit, limits as supply_limits};
