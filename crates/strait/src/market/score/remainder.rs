//! Forecasts made within a year: what was known already is no forecast.

use serde::Serialize;

/// The part of a sum over a period that had not been seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Remainder {
    /// What the forecast left for it.
    pub forecast: f64,
    /// What came of it.
    pub outcome: f64,
}

/// Takes what was known of a sum from forecast and outcome; a forecast below what was known leaves nothing.
/// Nothing where all of the outcome was known.
pub fn remainder(forecast: f64, outcome: f64, known: f64) -> Option<Remainder> {
    (outcome > known).then(|| Remainder {
        forecast: (forecast - known).max(0.0),
        outcome: outcome - known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_unseen_part_counts() {
        // Two quarters of 5 were known of a year of 16; the forecast of 20 was 10 for 6, not 20 for 16.
        assert_eq!(
            remainder(20.0, 16.0, 10.0),
            Some(Remainder {
                forecast: 10.0,
                outcome: 6.0
            })
        );
        assert_eq!(remainder(9.0, 16.0, 10.0).unwrap().forecast, 0.0);
        assert_eq!(remainder(20.0, 10.0, 10.0), None);
    }
}
