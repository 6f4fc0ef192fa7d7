//! Numbers in the digits they deserve, bands in words.

use crate::args::BandArg;
use strait::market::dynamics::Band;

/// A number of a table, in the digits its size deserves.
fn figure(x: f64, unit: &str) -> String {
    if unit == "1" {
        return format!("{:.0} %", x * 100.0);
    }
    match x.abs() {
        a if a >= 1000.0 => {
            let whole = format!("{:.0}", x.abs());
            let mut out = String::new();
            for (n, c) in whole.chars().enumerate() {
                if n > 0 && (whole.len() - n) % 3 == 0 {
                    out.push(' ');
                }
                out.push(c);
            }
            if x < 0.0 { format!("-{out}") } else { out }
        }
        a if a >= 10.0 => format!("{x:.0}"),
        a if a >= 0.05 => format!("{x:.1}"),
        _ => "0".into(),
    }
}

/// Bands beside medians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    ninety: bool,
    fifty: bool,
}

impl Told {
    pub(crate) fn of(asked: &[BandArg]) -> Self {
        Self {
            ninety: asked.contains(&BandArg::Ninety),
            fifty: asked.contains(&BandArg::Fifty),
        }
    }

    /// What a table of them holds.
    pub(super) fn head(self) -> &'static str {
        match (self.ninety, self.fifty) {
            (true, true) => "median (5th to 95th percentile; 25th to 75th)",
            (false, true) => "median (25th to 75th percentile)",
            _ => "median (5th to 95th percentile)",
        }
    }

    /// Median and bands in words.
    pub(super) fn band(self, band: &Band, unit: &str) -> String {
        self.words(band, |x| figure(x, unit))
    }

    fn words(self, band: &Band, figure: impl Fn(f64) -> String) -> String {
        let of = |low, high| format!("{} to {}", figure(low), figure(high));
        let bands = match (self.ninety, self.fifty) {
            (true, true) => format!("{}; {}", of(band.p05, band.p95), of(band.p25, band.p75)),
            (false, true) => of(band.p25, band.p75),
            _ => of(band.p05, band.p95),
        };
        format!("{} ({bands})", figure(band.median))
    }

    /// The same where values from `floor` on are the least that some paths have: these are told as `at least`.
    pub(super) fn from(self, band: &Band, unit: &str, floor: Option<f64>) -> String {
        let Some(floor) = floor else {
            return self.band(band, unit);
        };
        let told = |x: f64| {
            let least = if x >= floor { "at least " } else { "" };
            format!("{least}{}", figure(x, unit))
        };
        let middle = told(band.median);
        if [band.p05, band.p95].iter().all(|x| told(*x) == middle) {
            middle
        } else {
            self.words(band, told)
        }
    }
}
