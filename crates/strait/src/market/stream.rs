//! Random numbers by seed, stream and counter: the same on any number of threads, and taken up again anywhere.

use super::draws::{mix, normal_quantile};

/// A stream whose next number depends on its seed, its number and how many were taken, and on nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    key: u64,
    taken: u64,
}

impl Stream {
    /// Stream `number` of a seed, from its beginning.
    pub fn new(seed: u64, number: u64) -> Self {
        Self::resume(seed, number, 0)
    }

    /// The same after `taken` numbers.
    pub fn resume(seed: u64, number: u64, taken: u64) -> Self {
        let key = mix(seed ^ mix(number.wrapping_mul(0xd6e8_feb8_6659_fd93).wrapping_add(1)));
        Self { key, taken }
    }

    /// How many numbers were taken.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Uniform, strictly between 0 and 1.
    pub fn uniform(&mut self) -> f64 {
        self.taken += 1;
        let bits = mix(self.key ^ mix(self.taken)) >> 11;
        (bits as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Standard normal, by inversion: one number of the stream.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Student's t: a normal over the root of a mean square of as many as `degrees`.
    pub fn student(&mut self, degrees: f64) -> f64 {
        let z = self.normal();
        z * (degrees / (2.0 * self.gamma(degrees / 2.0))).sqrt()
    }

    /// A whole number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Gamma of the given shape and scale 1 (Marsaglia and Tsang 2000; below shape 1 their boost).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.uniform().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let u = self.uniform();
            let v = (1.0 + c * z).powi(3);
            if v > 0.0 && u.ln() < 0.5 * z * z + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_differ_and_resume() {
        let take = |mut s: Stream| (0..5).map(|_| s.uniform()).collect::<Vec<_>>();
        assert_eq!(take(Stream::new(1, 2)), take(Stream::new(1, 2)));
        assert_ne!(take(Stream::new(1, 2)), take(Stream::new(1, 3)));
        assert_ne!(take(Stream::new(1, 2)), take(Stream::new(2, 2)));
        let mut first = Stream::new(7, 0);
        first.normal();
        first.below(9);
        let mut later = Stream::resume(7, 0, first.taken());
        assert_eq!(first.uniform().to_bits(), later.uniform().to_bits());
    }

    #[test]
    fn moments() {
        let n = 20_000;
        let mut s = Stream::new(5, 0);
        for shape in [0.5, 3.0] {
            let draws: Vec<f64> = (0..n).map(|_| s.gamma(shape)).collect();
            let mean = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
            // Mean and variance of a gamma of scale 1 are its shape; four standard errors.
            assert!(
                (mean - shape).abs() < 4.0 * (shape / f64::from(n)).sqrt(),
                "{mean}"
            );
            assert!((variance / shape - 1.0).abs() < 0.1, "{variance}");
        }
        assert!((0..1_000).all(|_| s.below(3) < 3));
        // A tenth of Student's t with four degrees of freedom lies beyond 2.132 to either side.
        let beyond = (0..n).filter(|_| s.student(4.0).abs() > 2.131_847).count();
        assert!((beyond as f64 / f64::from(n) - 0.1).abs() < 0.01, "{beyond}");
    }
}
