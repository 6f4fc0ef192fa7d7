//! One typed answer that terminal, HTML and JSON are views of.

mod result;

pub use result::{
    Answer, Brief, BuyerRow, Costs, Header, LawSection, MarketSection, PeerNote, PerformanceRow, PriceRow,
    Reported, RevenueAtStake, Role, SiblingNote, SourceUse, Subject, TimelineRow, UpcomingRow, WeakFigure,
    Worth, WorthRow,
};
