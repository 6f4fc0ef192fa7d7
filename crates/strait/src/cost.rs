//! What it costs: dated prices, owned cost by the hour, price performance, break-even prices.

mod result;

pub use result::{CostParts, HourlyCost, Price, PriceKind, PricePerformance, TiePrice};
