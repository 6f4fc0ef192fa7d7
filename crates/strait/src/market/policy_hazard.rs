//! How often policy tightens and relaxes, told from the changes known by a day.
//!
//! Changes of each direction come as a Poisson process of constant rate; with a Gamma prior the posterior of the rate is
//! Gamma again, shape + changes over exposure + time watched (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6).
//! The prior has no source and is an assumption; with a handful of changes it matters, so it is handed in and printed.

use super::stream::Stream;
use crate::figure::DAYS_A_YEAR;
use jiff::civil::Date;
use serde::Serialize;

/// Which way a change went, as a buyer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Access is lost.
    Adverse,
    /// Access is won back.
    Relaxing,
}

/// A change of policy and when the public knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// First day the public could know.
    pub known_from: Date,
    /// Direction.
    pub direction: Direction,
}

/// Gamma prior of a rate a quarter: as if `changes` had been seen in `quarters`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct HazardPrior {
    /// Shape.
    pub changes: f64,
    /// Rate parameter, quarters.
    pub quarters: f64,
}

/// Posterior of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hazard {
    /// Shape of the Gamma posterior.
    pub shape: f64,
    /// Its rate parameter, quarters.
    pub quarters: f64,
}

impl Hazard {
    /// From a prior and what was seen over a time watched, in quarters.
    pub fn new(prior: HazardPrior, changes: usize, quarters: f64) -> Self {
        Self {
            shape: prior.changes + changes as f64,
            quarters: prior.quarters + quarters,
        }
    }

    /// Mean rate a quarter.
    pub fn mean(&self) -> f64 {
        self.shape / self.quarters
    }

    /// Chance of at least one change within a time: 1 − (b/(b + t))ᵃ, the rate's uncertainty included.
    pub fn chance_within(&self, quarters: f64) -> f64 {
        1.0 - (self.quarters / (self.quarters + quarters)).powf(self.shape)
    }

    /// A rate drawn from the posterior, a quarter.
    pub fn draw(&self, stream: &mut Stream) -> f64 {
        stream.gamma(self.shape) / self.quarters
    }
}

/// Both directions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PolicyHazard {
    /// Tightening.
    pub adverse: Hazard,
    /// Relaxing.
    pub relaxing: Hazard,
}

/// Days of a quarter.
const QUARTER: f64 = DAYS_A_YEAR / 4.0;

impl PolicyHazard {
    /// From the changes known on `day`, watched since `since`; later ones are not looked at.
    pub fn known(
        changes: &[Change],
        since: Date,
        day: Date,
        adverse: HazardPrior,
        relaxing: HazardPrior,
    ) -> Self {
        let quarters = since
            .until(day)
            .map_or(0.0, |s| f64::from(s.get_days()).max(0.0) / QUARTER);
        let count = |direction| {
            let seen = |c: &&Change| c.direction == direction && since <= c.known_from && c.known_from <= day;
            changes.iter().filter(seen).count()
        };
        Self {
            adverse: Hazard::new(adverse, count(Direction::Adverse), quarters),
            relaxing: Hazard::new(relaxing, count(Direction::Relaxing), quarters),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ADVERSE: HazardPrior = HazardPrior {
        changes: 1.0,
        quarters: 12.0,
    };
    const RELAXING: HazardPrior = HazardPrior {
        changes: 1.0,
        quarters: 4.0,
    };

    fn found(day: Date) -> PolicyHazard {
        let change = |known_from, direction| Change {
            known_from,
            direction,
        };
        let changes = [
            change(date(2022, 10, 7), Direction::Adverse),
            change(date(2023, 10, 17), Direction::Adverse),
            change(date(2025, 7, 15), Direction::Relaxing),
        ];
        PolicyHazard::known(&changes, date(2022, 1, 1), day, ADVERSE, RELAXING)
    }

    #[test]
    fn only_changes_known_then_count_from_their_day_on() {
        assert_eq!(found(date(2023, 10, 16)).adverse.shape, 2.0);
        assert_eq!(found(date(2023, 10, 17)).adverse.shape, 3.0);
        assert_eq!(found(date(2025, 7, 14)).relaxing.shape, 1.0);
        // 2022 and 2023 are 730 days: eight quarters less a hair.
        assert!((found(date(2024, 1, 1)).adverse.quarters - 12.0 - 730.0 / QUARTER).abs() < 1e-12);
    }

    #[test]
    fn drawn_rates_have_the_predicted_chance() {
        let hazard = found(date(2025, 12, 31)).adverse;
        let mut stream = Stream::new(7, 0);
        let n = 4_000;
        // A change within a year comes at a rate drawn anew each time.
        let any = (0..n)
            .filter(|_| {
                let rate = hazard.draw(&mut stream);
                stream.uniform() < 1.0 - (-4.0 * rate).exp()
            })
            .count();
        let any = any as f64 / f64::from(n);
        assert!((any - hazard.chance_within(4.0)).abs() < 0.03, "{any}");
    }
}
