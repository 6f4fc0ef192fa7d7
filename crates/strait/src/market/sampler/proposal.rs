//! What chains have learnt of the target together: a covariance, a scale and an archive of states.

use super::super::stream::Stream;
use super::checkpoint::exact;
use serde::{Deserialize, Serialize};

/// The shared part of every proposal; stands still within a block and after warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Proposal {
    pub(super) dimensions: usize,
    /// States one after another.
    #[serde(with = "exact")]
    pub(super) archive: Vec<f64>,
    /// How many of them are draws of the start.
    pub(super) initial: usize,
    /// Lower triangle of the covariance's Cholesky factor, row by row in a full square.
    #[serde(with = "exact")]
    factor: Vec<f64>,
    /// Natural logarithm of the scale; one number, in a list to be written exactly.
    #[serde(with = "exact")]
    log_scale: Vec<f64>,
    updates: u32,
}

impl Proposal {
    /// From draws of the start.
    pub(super) fn new(dimensions: usize, archive: Vec<f64>) -> Self {
        let mut new = Self {
            dimensions,
            initial: archive.len() / dimensions,
            archive,
            factor: vec![0.0; dimensions * dimensions],
            log_scale: vec![(2.38 / (dimensions as f64).sqrt()).ln() - 1.0],
            updates: 0,
        };
        new.refactor(0);
        new
    }

    pub(super) fn states(&self) -> usize {
        self.archive.len() / self.dimensions
    }

    fn state(&self, at: usize) -> &[f64] {
        &self.archive[at * self.dimensions..(at + 1) * self.dimensions]
    }

    /// A normal move of the learnt shape, `shrink` times as long.
    pub(super) fn normal(&self, from: &[f64], shrink: f64, stream: &mut Stream) -> Vec<f64> {
        let n = self.dimensions;
        let noise: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let scale = self.log_scale[0].exp() * shrink;
        (0..n)
            .map(|i| {
                let row = &self.factor[i * n..=i * n + i];
                let step: f64 = row.iter().zip(&noise).map(|(l, z)| l * z).sum();
                from[i] + scale * step
            })
            .collect()
    }

    /// Half the squared length of a normal move in the learnt shape: minus its log density, up to a constant.
    pub(super) fn half_square(&self, from: &[f64], to: &[f64]) -> f64 {
        let n = self.dimensions;
        let scale = self.log_scale[0].exp();
        let mut z = vec![0.0; n];
        for i in 0..n {
            let known: f64 = (0..i).map(|j| self.factor[i * n + j] * z[j]).sum();
            z[i] = ((to[i] - from[i]) / scale - known) / self.factor[i * n + i];
        }
        0.5 * z.iter().map(|x| x * x).sum::<f64>()
    }

    /// A difference of two archived states, over a third, two thirds or all of the dimensions; one in ten at full
    /// length, otherwise 2.38/√(2d′) of it (ter Braak 2006), with a little noise so that every place can be reached.
    pub(super) fn difference(&self, from: &[f64], stream: &mut Stream) -> Vec<f64> {
        let count = self.states();
        let a = stream.below(count);
        let b = (a + 1 + stream.below(count - 1)) % count;
        let part = (1 + stream.below(3)) as f64 / 3.0;
        let forced = stream.below(self.dimensions);
        let chosen: Vec<bool> = (0..self.dimensions)
            .map(|i| stream.uniform() < part || i == forced)
            .collect();
        let moved = chosen.iter().filter(|c| **c).count() as f64;
        let gamma = if stream.uniform() < 0.1 {
            1.0
        } else {
            2.38 / (2.0 * moved).sqrt()
        };
        let (a, b) = (self.state(a), self.state(b));
        let n = self.dimensions;
        (0..n)
            .map(|i| {
                let noise = 0.01 * self.factor[i * n + i] * stream.normal();
                if chosen[i] {
                    from[i] + gamma * (a[i] - b[i]) + noise
                } else {
                    from[i]
                }
            })
            .collect()
    }

    /// A move that keeps a standard normal: x √(1−b²) + b·noise in a random part of the dimensions, from one of them to
    /// all, b from an eighth to one. Also half the squared length after less before, which is what such a move must be
    /// weighed by (Neal 1998; preconditioned Crank–Nicolson in Cotter, Roberts, Stuart and White 2013).
    pub(super) fn autoregressive(&self, from: &[f64], stream: &mut Stream) -> (Vec<f64>, f64) {
        let n = self.dimensions;
        let part = 0.5_f64.powi(stream.below(6) as i32);
        let b = 0.5_f64.powi(stream.below(4) as i32);
        let forced = stream.below(n);
        let keep = (1.0 - b * b).max(0.0).sqrt();
        let mut longer = 0.0;
        let there = (0..n)
            .map(|i| {
                if stream.uniform() >= part && i != forced {
                    return from[i];
                }
                let x = keep * from[i] + b * stream.normal();
                longer += 0.5 * (x * x - from[i] * from[i]);
                x
            })
            .collect();
        (there, longer)
    }

    /// Learns from a block: `states` where the chains are, `acceptance` of first normal moves where there were any.
    pub(super) fn learn(&mut self, states: &[f64], acceptance: Option<f64>) {
        self.archive.extend_from_slice(states);
        self.updates += 1;
        if let Some(rate) = acceptance {
            // Robbins and Monro (1951), with steps that die away.
            self.log_scale[0] += 3.0 / f64::from(self.updates).powf(0.6).max(1.0) * (rate - 0.234);
        }
        // The later half is what the chains know when they have left their starts.
        let states = self.states();
        let learnt = states - self.initial;
        if learnt >= 2 * self.dimensions {
            self.refactor(self.initial + learnt / 2);
        }
    }

    /// Takes the covariance of the archive from state `first` on, drawn to its diagonal while states are few.
    fn refactor(&mut self, first: usize) {
        let n = self.dimensions;
        let count = (self.states() - first) as f64;
        let mut mean = vec![0.0; n];
        for s in first..self.states() {
            for (m, x) in mean.iter_mut().zip(self.state(s)) {
                *m += x / count;
            }
        }
        let mut covariance = vec![0.0; n * n];
        for s in first..self.states() {
            let state = self.state(s);
            for i in 0..n {
                for j in 0..=i {
                    covariance[i * n + j] += (state[i] - mean[i]) * (state[j] - mean[j]) / count;
                }
            }
        }
        let keep = count / (count + 5.0 * n as f64);
        for i in 0..n {
            for j in 0..i {
                covariance[i * n + j] *= keep;
            }
        }
        let old = std::mem::replace(&mut self.factor, vec![0.0; n * n]);
        for i in 0..n {
            for j in 0..=i {
                let known: f64 = (0..j)
                    .map(|k| self.factor[i * n + k] * self.factor[j * n + k])
                    .sum();
                let rest = covariance[i * n + j] - known;
                self.factor[i * n + j] = if i == j {
                    // A dimension in which no state differs keeps the spread it had.
                    let floor = 1e-6 * covariance[i * n + i];
                    let spread = rest.max(floor).sqrt();
                    if spread > 0.0 {
                        spread
                    } else {
                        old[i * n + i].max(1e-6)
                    }
                } else {
                    rest / self.factor[j * n + j]
                };
            }
        }
    }
}
