//! A step time remembered on a grid and interpolated between its points.
//!
//! Engine models take tens of microseconds a step and a simulation asks for a hundred thousand. Prompt tokens
//! and decoding sequences stand on a grid with four points an octave (every number up to eight), keys a token
//! meets with two; between them time is interpolated linearly. Products begin a row of tiles more at certain
//! counts of rows, whoever's rows they are: of few rows such a step is a good part of the time, and is kept by
//! interpolating only what a load takes beyond a prompt of as many rows; of many it is smoothed over. Points are asked for when first needed; what a point holds depends on nothing else, so that
//! the order of asking does not matter.

use super::{Load, StepTime};
use crate::figure::{Quantity, Seconds};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most rows of which the time of a prompt is held for every count.
const ROWS: u32 = 1024;

/// A grid: its points, and where a value lies between them.
#[derive(Debug)]
struct Grid(Vec<f64>);

/// Two neighbouring points and the share of the upper one.
#[derive(Clone, Copy)]
struct Between {
    low: usize,
    high: usize,
    share: f64,
}

impl Grid {
    /// Zero, every number up to eight, then four an octave to the last.
    fn counts(last: f64) -> Self {
        let mut points: Vec<f64> = (0..=8).map(f64::from).collect();
        let mut octave = 8.0;
        while octave < last {
            points.extend([1.25, 1.5, 1.75, 2.0].map(|k| k * octave));
            octave *= 2.0;
        }
        Self(points)
    }

    /// Zero, then two an octave from sixteen to the last.
    fn keys(last: f64) -> Self {
        let mut points = vec![0.0, 16.0];
        let mut octave = 16.0;
        while octave < last {
            points.extend([1.5, 2.0].map(|k| k * octave));
            octave *= 2.0;
        }
        Self(points)
    }

    fn find(&self, x: f64) -> Option<Between> {
        let high = self.0.partition_point(|p| *p < x);
        let above = *self.0.get(high)?;
        if above <= x || high == 0 {
            return Some(Between {
                low: high,
                high,
                share: 0.0,
            });
        }
        let below = self.0[high - 1];
        Some(Between {
            low: high - 1,
            high,
            share: (x - below) / (above - below),
        })
    }
}

impl Between {
    fn corners(self) -> impl Iterator<Item = (usize, f64)> {
        let one = (self.low, 1.0 - self.share);
        let two = (self.high, self.share);
        std::iter::once(one).chain((self.share > 0.0).then_some(two))
    }
}

/// A step time on a grid.
pub struct Tabulated<'a> {
    exact: &'a dyn StepTime,
    tokens: Grid,
    decodes: Grid,
    keys: Grid,
    /// By prompt tokens and keys a prompt token: times by decoding sequences and keys of one; zero bits where
    /// not yet asked.
    cells: Vec<OnceLock<Box<[AtomicU64]>>>,
    /// Time of a prompt of so many tokens.
    prompts: Vec<OnceLock<f64>>,
}

impl<'a> Tabulated<'a> {
    /// A table over a step time; nothing is computed yet.
    #[must_use]
    pub fn over(exact: &'a dyn StepTime) -> Self {
        let tokens = Grid::counts(131_072.0);
        let keys = Grid::keys(2_097_152.0);
        let cells = (0..tokens.0.len() * keys.0.len())
            .map(|_| OnceLock::new())
            .collect();
        Self {
            exact,
            tokens,
            decodes: Grid::counts(4096.0),
            keys,
            cells,
            prompts: (0..=ROWS).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Seconds of a prompt of as many tokens as a load has rows, up to the most that are held.
    fn prompt(&self, rows: f64) -> f64 {
        let rows = rows.min(f64::from(ROWS)) as u32;
        *self.prompts[rows as usize].get_or_init(|| match rows {
            0 => 0.0,
            _ => self.exact.time(&Load::prompt(rows, 0, false)).get(),
        })
    }

    /// The step at a grid point. Its prompt is one chunk after the cached tokens that give it its keys, or
    /// several whole prompts where the keys are too few for one.
    fn at(&self, token: usize, met: usize, decode: usize, key: usize) -> f64 {
        let (tokens, met_keys) = (self.tokens.0[token], self.keys.0[met]);
        let (decodes, keys) = (self.decodes.0[decode], self.keys.0[key].max(1.0));
        let width = self.decodes.0.len() * self.keys.0.len();
        let row = self.cells[token * self.keys.0.len() + met]
            .get_or_init(|| (0..width).map(|_| AtomicU64::new(0)).collect());
        let cell = &row[decode * self.keys.0.len() + key];
        let held = cell.load(Ordering::Relaxed);
        if held != 0 {
            return f64::from_bits(held);
        }
        let each = met_keys.max(1.0);
        let prompts = if tokens > 0.0 {
            (tokens / (2.0 * each)).ceil().max(1.0)
        } else {
            0.0
        };
        let load = Load {
            prompt_tokens: tokens as u32,
            prompts: prompts as u32,
            prompt_keys: (tokens * each) as u64,
            sampled: prompts as u32,
            decodes: decodes as u32,
            decode_keys: (decodes * keys) as u64,
        };
        let time = if load.is_empty() {
            0.0
        } else {
            self.exact.time(&load).get()
        };
        // Zero means "not asked": the smallest number above it stands for no time at all.
        cell.store(time.max(f64::MIN_POSITIVE).to_bits(), Ordering::Relaxed);
        time
    }
}

impl StepTime for Tabulated<'_> {
    fn time(&self, load: &Load) -> Seconds {
        let mean = |sum: u64, n: u32| if n == 0 { 0.0 } else { sum as f64 / f64::from(n) };
        let found = (
            self.tokens.find(f64::from(load.prompt_tokens)),
            self.keys.find(mean(load.prompt_keys, load.prompt_tokens)),
            self.decodes.find(f64::from(load.decodes)),
            self.keys.find(mean(load.decode_keys, load.decodes)),
        );
        let (Some(tokens), Some(met), Some(decodes), Some(keys)) = found else {
            // Beyond the grid.
            return self.exact.time(load);
        };
        let mut time = self.prompt(f64::from(load.prompt_tokens) + f64::from(load.decodes));
        for (t, a) in tokens.corners() {
            for (m, b) in met.corners() {
                for (d, c) in decodes.corners() {
                    let prompt = self.prompt(self.tokens.0[t] + self.decodes.0[d]);
                    for (k, e) in keys.corners() {
                        time += a * b * c * e * (self.at(t, m, d, k) - prompt);
                    }
                }
            }
        }
        Seconds::of(time)
    }
}
