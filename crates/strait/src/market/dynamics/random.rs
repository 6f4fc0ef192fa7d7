//! Random numbers by seed, stream and counter: the same on any number of threads.

use crate::market::draws::{mix, normal_quantile};

/// A stream of numbers that depends on nothing but seed, stream and how many were taken.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    key: u64,
    taken: u64,
}

impl Stream {
    /// Stream `stream` of a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self {
            key: mix(seed ^ mix(stream.wrapping_mul(0xd6e8_feb8_6659_fd93))),
            taken: 0,
        }
    }

    /// How many numbers were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Goes on after that many.
    pub(crate) fn skip_to(&mut self, taken: u64) {
        self.taken = taken;
    }

    /// Strictly between 0 and 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.taken += 1;
        let bits = mix(self.key ^ mix(self.taken)) >> 11;
        (bits as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Student's t with four degrees of freedom (a normal over the root of a mean square of four).
    pub(crate) fn student4(&mut self) -> f64 {
        let z = self.normal();
        let square: f64 = (0..4).map(|_| self.normal().powi(2)).sum::<f64>() / 4.0;
        z / square.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let take = |seed, stream| {
            let mut s = Stream::new(seed, stream);
            (0..4).map(|_| s.uniform()).collect::<Vec<_>>()
        };
        assert_eq!(take(1, 2), take(1, 2));
        assert_ne!(take(1, 2), take(1, 3));
        assert_ne!(take(1, 2), take(2, 2));
        let mut s = Stream::new(5, 0);
        let mean = (0..20_000).map(|_| s.normal()).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
    }
}
