//! Unit newtypes. Only lawful products are implemented, next to the formulas that use them.

use serde::Serialize;
use std::fmt;

/// A quantity with a fixed unit; the number inside is always finite once read from data.
pub trait Quantity: Copy + PartialOrd + fmt::Debug + 'static {
    /// The unit's symbol as written in `data/` and in output.
    const SYMBOL: &'static str;
    /// Other spellings a data file may use, each with the factor that converts it to [`Self::SYMBOL`].
    const ALSO: &'static [(&'static str, f64)];
    /// Wraps a number already in this unit.
    fn of(value: f64) -> Self;
    /// The number in this unit.
    fn get(self) -> f64;

    /// Reads `value` given in the unit spelled `unit`.
    ///
    /// # Errors
    /// When the unit is not one of this quantity's spellings, or the value is not finite or is negative.
    fn read(value: f64, unit: &str) -> Result<Self, UnitError> {
        if !value.is_finite() || value < 0.0 {
            return Err(UnitError::Value { value });
        }
        if unit == Self::SYMBOL {
            return Ok(Self::of(value));
        }
        Self::ALSO
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, factor)| Self::of(value * factor))
            .ok_or_else(|| UnitError::Unit {
                found: unit.to_owned(),
                expected: std::iter::once(Self::SYMBOL)
                    .chain(Self::ALSO.iter().map(|(name, _)| *name))
                    .collect::<Vec<_>>()
                    .join("`, `"),
            })
    }
}

/// Why a number and a unit do not make a quantity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// The unit is not one the field takes.
    #[error("unit `{found}` where `{expected}` was expected")]
    Unit {
        /// The unit found.
        found: String,
        /// The units accepted, separated by backticks.
        expected: String,
    },
    /// The number is negative, infinite or not a number.
    #[error("`{value}` where a finite number of zero or more was expected")]
    Value {
        /// The number found.
        value: f64,
    },
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal $([$($also:literal * $factor:expr),+])?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl Quantity for $name {
            const SYMBOL: &'static str = $symbol;
            const ALSO: &'static [(&'static str, f64)] = &[$($(($also, $factor)),+)?];
            fn of(value: f64) -> Self { Self(value) }
            fn get(self) -> f64 { self.0 }
        }
        impl std::ops::Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl std::ops::Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl std::ops::Mul<f64> for $name { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl std::ops::Div<f64> for $name { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        impl std::ops::Div for $name { type Output = f64; fn div(self, o: Self) -> f64 { self.0 / o.0 } }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(it: I) -> Self { Self(it.map(|q| q.0).sum()) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{} {}", self.0, $symbol) }
        }
    )+};
}

/// Days of a mean (Julian) year.
pub const DAYS_A_YEAR: f64 = 365.25;

/// Hours of such a year.
pub const HOURS_A_YEAR: f64 = 24.0 * DAYS_A_YEAR;

quantities! {
    /// A pure number: a share, an efficiency, a multiplier.
    Ratio = "1" ["%" * 0.01];
    /// A count of things: chips, wafers, stacks, months.
    Count = "count" ["chips" * 1.0, "cards" * 1.0, "packages" * 1.0, "dies" * 1.0, "stacks" * 1.0, "wafers" * 1.0, "months" * 1.0, "quarters" * 1.0];
    /// Tera-operations a second (a multiply-accumulate counts two), dense.
    TeraOps = "TOPS" ["TFLOPS" * 1.0, "TFLOP/s" * 1.0, "PFLOPS" * 1000.0];
    /// Width of a multiply's input.
    Bits = "bit";
    /// Memory or message size, decimal.
    Gigabytes = "GB" ["MB" * 1e-3, "KB" * 1e-6, "TB" * 1e3];
    /// Data rate.
    GigabytesPerSecond = "GB/s" ["TB/s" * 1e3, "Gb/s" * 0.125];
    /// Network rate of one chip into the scale-out network.
    Gigabits = "Gbit/s" ["Gbps" * 1.0];
    /// Die area.
    Millimetres2 = "mm2";
    /// Electric power of a chip.
    Watts = "W" ["kW" * 1e3];
    /// Electric power of a server or system.
    Kilowatts = "kW" ["W" * 1e-3];
    /// Electric energy.
    KilowattHours = "kWh";
    /// Time.
    Seconds = "s" ["ms" * 1e-3, "us" * 1e-6];
    /// Time.
    Hours = "h" ["year" * HOURS_A_YEAR];
    /// US dollars of the day.
    Usd = "USD";
    /// Chinese yuan of the day.
    Cny = "CNY";
    /// Cost of one chip for one hour.
    UsdPerHour = "USD/h";
    /// The same in yuan.
    CnyPerHour = "CNY/h";
    /// Price of electricity.
    UsdPerKilowattHour = "USD/kWh";
    /// Cost of a million tokens.
    UsdPerMillionTokens = "USD/Mtok";
    /// The same in yuan.
    CnyPerMillionTokens = "CNY/Mtok";
    /// Tokens of a run.
    Tokens = "tok";
    /// Floating-point operations of a run; a multiply-accumulate counts two.
    Flop = "FLOP";
    /// Throughput.
    TokensPerSecond = "tok/s";
    /// Price performance.
    TokensPerDollar = "tok/USD";
    /// Energy efficiency.
    TokensPerJoule = "tok/J";
    /// Energy of one token.
    JoulesPerToken = "J/tok";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_other_spellings_of_a_unit() {
        assert_eq!(
            GigabytesPerSecond::read(4.0, "TB/s").unwrap(),
            GigabytesPerSecond::of(4000.0)
        );
        assert_eq!(TeraOps::read(296.0, "TFLOPS").unwrap(), TeraOps::of(296.0));
    }

    #[test]
    fn refuses_a_wrong_unit_and_a_negative_value() {
        let error = Millimetres2::read(814.0, "cm2").unwrap_err().to_string();
        assert_eq!(error, "unit `cm2` where `mm2` was expected");
        assert!(Millimetres2::read(-814.0, "mm2").is_err());
        assert!(Millimetres2::read(f64::NAN, "mm2").is_err());
    }
}
