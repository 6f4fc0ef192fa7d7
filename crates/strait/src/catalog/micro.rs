//! Facts inside the die: cores, clocks, scratchpads. Performance families use them; no rule does.

use crate::figure::{Count, Figure, Gigabytes, Quantity};
use serde::Serialize;
use std::fmt;

macro_rules! inner_units {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal $([$($also:literal * $factor:expr),+])?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl Quantity for $name {
            const SYMBOL: &'static str = $symbol;
            const ALSO: &'static [(&'static str, f64)] = &[$($(($also, $factor)),+)?];
            fn of(value: f64) -> Self { Self(value) }
            fn get(self) -> f64 { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{} {}", self.0, $symbol) }
        }
    )+};
}

inner_units! {
    /// Clock frequency.
    Megahertz = "MHz" ["GHz" * 1e3];
    /// Dense floating-point operations of one core in one clock; a multiply-accumulate counts two.
    FlopPerClock = "FLOP/clk";
    /// Bytes of memory traffic a weight.
    BytesPerWeight = "B";
    /// Thousand millions of things (transistors).
    Billions = "1e9";
}

/// What the die is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Micro {
    /// Enabled cores of the package.
    pub cores: Option<Figure<Count>>,
    /// What a core is called (`SM`, `CU`, `AI core (cube)`).
    pub core_label: Option<String>,
    /// Boost clock.
    pub boost_clock: Option<Figure<Megahertz>>,
    /// Scratchpad of one core.
    pub scratch_per_core: Option<Figure<Gigabytes>>,
    /// Dense FP16 matrix rate of one core.
    pub fp16_flop_per_clock_per_core: Option<Figure<FlopPerClock>>,
    /// Memory traffic that unpacking a narrow weight to 16 bits costs beside reading it, where other units unpack than
    /// multiply and what they unpack passes through memory.
    pub weight_unpacking: Option<Figure<BytesPerWeight>>,
    /// Transistors of the package.
    pub transistors: Option<Figure<Billions>>,
}
