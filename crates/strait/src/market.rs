//! Who buys what in one quarter: segments spend budgets over the chips they can get.
//!
//! A nested logit over value per dollar, with guidance, licences, switching cost and the risk of being cut
//! off; caps on supply are cleared by shadow prices. Formulas and what is assumed: `docs/market.md`.

pub mod backtest;
mod clearing;
mod draws;
pub mod dynamics;
pub mod equilibrium;
mod goods;
mod limits;
mod linear;
mod model;
mod newton;
mod offer;
mod outcome;
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

pub use equilibrium::nested_logit;
pub use goods::Candidate;
pub use limits::{Interposers, LimitedBy};
pub use model::{MarketModel, PriorLine};
pub use offer::{Access, Offer};
pub use prior::Prior;
pub(crate) use result::days;
pub use result::{
    MarketCase, MarketOutcome, OnBasis, Quarter, SegmentOutcome, SellerRevenue, Share, Shortage,
};
pub use revenue::{KnownKind, PublishedShare, ReportedRevenue};
pub use segments::BuyerSegment;
pub use stream::Stream;
pub use supply::SupplyEstimate;
pub(crate) use supply::{PoolLimit, limits as supply_limits};
