//! One typed answer that terminal, HTML and JSON are views of.

mod backtest;
mod beside;
mod charges;
mod claims;
mod cost;
mod environment;
mod equilibrium;
mod fixed_prices;
mod header;
mod law;
mod library;
mod market;
mod over_time;
mod performance;
mod question;
mod result;
mod rivals;
mod sentences;
mod sources;
mod us_production;
mod weak;
mod worth;
mod write;

pub use backtest::{Backtest, Effort};
pub use charges::{Charges, charges};
pub use claims::{Claim, ClaimVerdict};
pub use cost::place as market_place;
pub use environment::Knowledge;
pub use fixed_prices::fixed_prices;
pub use header::{Header, Made};
pub use library::Library;
pub use question::Question;
pub use result::{
    Answer, Brief, BuyerRow, Costs, LawSection, MarketSection, PeerNote, PerformanceRow, PriceRow, Reported,
    RevenueAtStake, Role, SiblingNote, SourceUse, Subject, TimelineRow, UpcomingRow, WeakFigure, Worth,
    WorthRow,
};
pub use us_production::UsProduction;
pub use write::{SEED, write};
