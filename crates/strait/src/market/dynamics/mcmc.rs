//! Adaptive Metropolis in standard scores, several chains, the same bits on any number of threads.
//!
//! During warm-up the proposal's covariance follows the chain's own (Haario, Saksman and Tamminen 2001) and its scale
//! goes for an acceptance of 0.234 (Andrieu and Thoms 2008, algorithm 4); then both are frozen, so that what is kept
//! comes from a fixed Markov kernel. One proposal in twenty is a small isotropic step. A chain's numbers depend on the
//! seed and its own index alone, and its state can be written out and taken up again.

use super::random::Stream;
use serde::{Deserialize, Serialize};

/// How a run is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed.
    pub seed: u64,
    /// Chains.
    pub chains: usize,
    /// Steps of warm-up a chain, not kept.
    pub warm_up: usize,
    /// Steps kept a chain.
    pub steps: usize,
    /// One step in this many is kept.
    pub thin: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 20_261_127,
            chains: 4,
            warm_up: 15_000,
            steps: 45_000,
            thin: 30,
        }
    }
}

/// A chain: where it is, what it proposes, what it kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// Index.
    pub index: usize,
    /// Steps made.
    pub step: usize,
    #[serde(with = "bits::one_row")]
    here: Vec<f64>,
    #[serde(with = "bits::number")]
    log_density: f64,
    #[serde(with = "bits::one_row")]
    mean: Vec<f64>,
    #[serde(with = "bits::one_row")]
    covariance: Vec<f64>,
    #[serde(with = "bits::one_row")]
    factor: Vec<f64>,
    #[serde(with = "bits::number")]
    log_scale: f64,
    accepted: usize,
    taken: u64,
    /// Standard scores kept.
    #[serde(with = "bits::rows")]
    pub kept: Vec<Vec<f64>>,
    /// Logarithm of the density at those.
    #[serde(with = "bits::one_row")]
    pub densities: Vec<f64>,
}

impl Chain {
    /// A chain at a draw of the prior shrunk by half, so that chains start apart and none at an absurd place.
    pub fn start(
        settings: &Settings,
        index: usize,
        dimensions: usize,
        target: &impl Fn(&[f64]) -> f64,
    ) -> Self {
        let mut stream = Stream::new(settings.seed, index as u64);
        // The best of twenty such draws: a start in a void would take all of the warm-up.
        let mut here = vec![0.0; dimensions];
        let mut log_density = f64::NEG_INFINITY;
        for _ in 0..20 {
            let there: Vec<f64> = (0..dimensions).map(|_| 0.5 * stream.normal()).collect();
            let density = target(&there);
            if density > log_density {
                (here, log_density) = (there, density);
            }
        }
        let mut covariance = vec![0.0; dimensions * dimensions];
        for i in 0..dimensions {
            covariance[i * dimensions + i] = 0.25;
        }
        let mut chain = Self {
            index,
            step: 0,
            mean: here.clone(),
            here,
            log_density,
            factor: vec![0.0; covariance.len()],
            covariance,
            log_scale: (2.38 / (dimensions as f64).sqrt()).ln() - 1.0,
            accepted: 0,
            taken: stream.taken(),
            kept: Vec::new(),
            densities: Vec::new(),
        };
        chain.refactor();
        chain
    }

    /// Whether it has made every step.
    pub fn is_done(&self, settings: &Settings) -> bool {
        self.step >= settings.warm_up + settings.steps
    }

    /// Part of proposals taken after warm-up.
    pub fn acceptance(&self, settings: &Settings) -> f64 {
        self.accepted as f64 / self.step.saturating_sub(settings.warm_up).max(1) as f64
    }

    /// Makes up to `steps` more.
    pub fn advance(&mut self, settings: &Settings, steps: usize, target: &impl Fn(&[f64]) -> f64) {
        let n = self.here.len();
        let mut stream = Stream::new(settings.seed, self.index as u64);
        stream.skip_to(self.taken);
        let last = (self.step + steps).min(settings.warm_up + settings.steps);
        let mut there = vec![0.0; n];
        let mut noise = vec![0.0; n];
        while self.step < last {
            let warm = self.step < settings.warm_up;
            let small = stream.uniform() < 0.05;
            noise.iter_mut().for_each(|x| *x = stream.normal());
            let scale = self.log_scale.exp();
            for i in 0..n {
                let move_ = if small {
                    0.05 * noise[i]
                } else {
                    scale * (0..=i).map(|j| self.factor[i * n + j] * noise[j]).sum::<f64>()
                };
                there[i] = self.here[i] + move_;
            }
            let density = target(&there);
            let chance = (density - self.log_density).exp().min(1.0);
            if stream.uniform() < chance {
                self.here.copy_from_slice(&there);
                self.log_density = density;
                if !warm {
                    self.accepted += 1;
                }
            }
            if warm {
                let rate = 1.0 / (self.step as f64 + 10.0).powf(0.6);
                if !small && chance.is_finite() {
                    self.log_scale += rate * (chance - 0.234);
                }
                self.adapt();
                if self.step % 100 == 99 || self.step + 1 == settings.warm_up {
                    self.refactor();
                }
            } else if (self.step - settings.warm_up) % settings.thin == settings.thin - 1 {
                self.kept.push(self.here.clone());
                self.densities.push(self.log_density);
            }
            self.step += 1;
        }
        self.taken = stream.taken();
    }

    fn adapt(&mut self) {
        let n = self.here.len();
        // Forgets the way in: a window that grows with the chain.
        let rate = (2.0 / (self.step as f64 + 50.0)).clamp(1e-4, 0.02);
        for i in 0..n {
            let di = self.here[i] - self.mean[i];
            for j in 0..=i {
                let dj = self.here[j] - self.mean[j];
                let at = i * n + j;
                self.covariance[at] += rate * (di * dj - self.covariance[at]);
                self.covariance[j * n + i] = self.covariance[at];
            }
        }
        for i in 0..n {
            self.mean[i] += rate * (self.here[i] - self.mean[i]);
        }
    }

    /// Cholesky factor of the covariance, kept away from singularity.
    fn refactor(&mut self) {
        let n = self.here.len();
        for i in 0..n {
            for j in 0..=i {
                let mut sum = self.covariance[i * n + j] + if i == j { 1e-4 } else { 0.0 };
                for k in 0..j {
                    sum -= self.factor[i * n + k] * self.factor[j * n + k];
                }
                self.factor[i * n + j] = if i == j {
                    sum.max(1e-8).sqrt()
                } else {
                    sum / self.factor[j * n + j]
                };
            }
        }
    }
}

/// Numbers as their bits: a text of decimals would come back a last digit off, and the chain another.
#[allow(clippy::ptr_arg, reason = "serde hands over the field as it is")]
mod bits {
    macro_rules! as_bits {
        ($name:ident, $type:ty, $bits:ty, $to:expr, $from:expr) => {
            pub(super) mod $name {
                use serde::{Deserialize, Deserializer, Serialize, Serializer};

                pub(crate) fn serialize<S: Serializer>(value: &$type, to: S) -> Result<S::Ok, S::Error> {
                    let bits: $bits = $to(value);
                    bits.serialize(to)
                }

                pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                    <$bits>::deserialize(from).map($from)
                }
            }
        };
    }
    as_bits!(number, f64, u64, |x: &f64| x.to_bits(), f64::from_bits);
    as_bits!(
        one_row,
        Vec<f64>,
        Vec<u64>,
        |row: &[f64]| row.iter().map(|x| x.to_bits()).collect(),
        |row| row.into_iter().map(f64::from_bits).collect()
    );
    as_bits!(
        rows,
        Vec<Vec<f64>>,
        Vec<Vec<u64>>,
        |rows: &[Vec<f64>]| rows
            .iter()
            .map(|row| row.iter().map(|x| x.to_bits()).collect())
            .collect(),
        |rows| rows
            .into_iter()
            .map(|row| row.into_iter().map(f64::from_bits).collect())
            .collect()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_correlated_normal_and_can_be_taken_up_again() {
        // Two normals of correlation 0.8, means 1 and −1.
        let target = |z: &[f64]| {
            let (x, y) = (z[0] - 1.0, z[1] + 1.0);
            -(x * x - 1.6 * x * y + y * y) / (2.0 * 0.36)
        };
        let settings = Settings {
            seed: 3,
            chains: 1,
            warm_up: 3_000,
            steps: 20_000,
            thin: 5,
        };
        let mut whole = Chain::start(&settings, 0, 2, &target);
        whole.advance(&settings, usize::MAX / 2, &target);
        let n = whole.kept.len() as f64;
        let mean = |k: usize| whole.kept.iter().map(|z| z[k]).sum::<f64>() / n;
        assert!(
            (mean(0) - 1.0).abs() < 0.1 && (mean(1) + 1.0).abs() < 0.1,
            "{} {}",
            mean(0),
            mean(1)
        );
        let cov: f64 = whole
            .kept
            .iter()
            .map(|z| (z[0] - mean(0)) * (z[1] - mean(1)))
            .sum::<f64>()
            / n;
        assert!((cov - 0.8).abs() < 0.1, "{cov}");
        let mut parts = Chain::start(&settings, 0, 2, &target);
        while !parts.is_done(&settings) {
            parts.advance(&settings, 1_357, &target);
            let text = serde_json::to_string(&parts).unwrap();
            parts = serde_json::from_str(&text).unwrap();
        }
        assert!(parts.kept == whole.kept, "a chain taken up again went elsewhere");
    }
}
