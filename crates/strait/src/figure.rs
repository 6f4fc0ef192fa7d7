//! What a number is here: a value with a unit, a source, a grade and a date, possibly disputed.

mod estimate;
mod grade;
mod median;
mod need;
mod quantity;
mod source;
mod sourced;
mod when;

pub use estimate::Estimate;
pub use grade::Grade;
pub use median::median;
pub use need::{Flip, NOTHING, Need, Outcome};
pub use quantity::{
    Bits, Cny, CnyPerHour, CnyPerMillionTokens, Count, DAYS_A_YEAR, Flop, Gigabits, Gigabytes,
    GigabytesPerSecond, HOURS_A_YEAR, Hours, JoulesPerToken, KilowattHours, Kilowatts, Millimetres2,
    Quantity, Ratio, Seconds, TeraOps, Tokens, TokensPerDollar, TokensPerJoule, TokensPerSecond, UnitError,
    Usd, UsdPerHour, UsdPerKilowattHour, UsdPerMillionTokens, Watts,
};
pub use source::{Source, SourceId, Sources};
pub use sourced::{Alternative, AlternativeState, Figure, FigureRef, Place};
pub use when::{When, WhenError};
