//! Probabilities of events: a value below a bound.

/// Square of the distance between a probability and what happened (Brier 1950): 0 is perfect, 0.25 is what a coin gets.
pub fn brier(probability: f64, happened: bool) -> f64 {
    (probability - f64::from(u8::from(happened))).powi(2)
}

/// Part of draws below a bound; NaN of none.
pub fn probability_below(draws: &[f64], bound: f64) -> f64 {
    draws.iter().filter(|x| **x < bound).count() as f64 / draws.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert!((brier(0.7, true) - 0.09).abs() < 1e-12);
        assert!((brier(0.7, false) - 0.49).abs() < 1e-12);
        assert_eq!(probability_below(&[0.1, 0.2, 0.3, 0.4], 0.2), 0.25);
    }
}
