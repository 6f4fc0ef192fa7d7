//! One chain: where it stands, what it kept, and how it moves.

use super::super::stream::Stream;
use super::checkpoint::exact;
use super::proposal::Proposal;
use super::settings::Settings;
use super::target::{Target, evaluate};
use serde::{Deserialize, Serialize};

/// Moves tried and taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// Normal moves.
    pub normal: u64,
    /// Of these, taken at once.
    pub normal_taken: u64,
    /// Shorter second tries after a refusal.
    pub second: u64,
    /// Of these, taken.
    pub second_taken: u64,
    /// Differential-evolution moves.
    pub difference: u64,
    /// Of these, taken.
    pub difference_taken: u64,
    /// Autoregressive moves.
    pub autoregressive: u64,
    /// Of these, taken.
    pub autoregressive_taken: u64,
}

/// A chain of states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    index: u64,
    taken: u64,
    pub(super) step: usize,
    #[serde(with = "exact")]
    pub(super) here: Vec<f64>,
    /// Log density there; one number.
    #[serde(with = "exact")]
    log_density: Vec<f64>,
    /// Kept states one after another.
    #[serde(with = "exact")]
    kept: Vec<f64>,
    /// Moves after warm-up.
    moves: Moves,
    /// Mean acceptance of first normal moves in the last block, where there were any.
    #[serde(skip)]
    pub(super) acceptance: Option<f64>,
}

/// The second try is so much shorter.
const SHORTER: f64 = 0.2;

/// Logarithm of 1 − exp(x) for x ≤ 0.
fn log_complement(x: f64) -> f64 {
    if x >= 0.0 {
        f64::NEG_INFINITY
    } else {
        (-x.exp_m1()).ln()
    }
}

impl Chain {
    /// At the densest of some starts; nothing where none has density.
    pub(super) fn start(
        index: usize,
        settings: &Settings,
        target: &dyn Target,
        start: &dyn Fn(&mut Stream) -> Vec<f64>,
    ) -> Option<Self> {
        let mut stream = Stream::new(settings.seed, index as u64);
        let mut best: Option<(Vec<f64>, f64)> = None;
        for _ in 0..settings.starts {
            let x = start(&mut stream);
            let density = evaluate(target, &x);
            if density > best.as_ref().map_or(f64::NEG_INFINITY, |b| b.1) {
                best = Some((x, density));
            }
        }
        let (here, density) = best?;
        Some(Self {
            index: index as u64,
            taken: stream.taken(),
            step: 0,
            here,
            log_density: vec![density],
            kept: Vec::new(),
            moves: Moves::default(),
            acceptance: None,
        })
    }

    /// Kept states.
    pub fn draws(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.kept.chunks_exact(self.here.len())
    }

    /// Moves tried and taken after warm-up.
    pub fn moves(&self) -> Moves {
        self.moves
    }

    /// Makes `steps` steps with a proposal that stands still; stops between steps where `cancelled` says so.
    pub(super) fn advance(
        &mut self,
        steps: usize,
        proposal: &Proposal,
        settings: &Settings,
        target: &dyn Target,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) {
        let mut stream = Stream::resume(settings.seed, self.index, self.taken);
        let mut block = Moves::default();
        let mut chance = 0.0;
        for _ in 0..steps {
            if cancelled() {
                break;
            }
            let mut one = Moves::default();
            if settings.standard_scores && stream.below(3) == 0 {
                self.autoregressive_move(proposal, target, &mut stream, &mut one);
            } else if stream.uniform() < 0.5 {
                chance += self.normal_move(proposal, target, &mut stream, &mut one);
                block.normal += 1;
            } else {
                self.difference_move(proposal, target, &mut stream, &mut one);
            }
            if self.step >= settings.warm_up {
                self.moves.add(&one);
                if (self.step - settings.warm_up) % settings.thin == settings.thin - 1 {
                    self.kept.extend_from_slice(&self.here);
                }
            }
            self.step += 1;
        }
        self.acceptance = (block.normal > 0).then(|| chance / block.normal as f64);
        self.taken = stream.taken();
    }

    fn take(&mut self, there: Vec<f64>, density: f64) {
        self.here = there;
        self.log_density[0] = density;
    }

    /// A Metropolis move with one delayed rejection; gives the chance the first try had.
    fn normal_move(
        &mut self,
        proposal: &Proposal,
        target: &dyn Target,
        stream: &mut Stream,
        count: &mut Moves,
    ) -> f64 {
        count.normal += 1;
        let now = self.log_density[0];
        let first = proposal.normal(&self.here, 1.0, stream);
        let at_first = evaluate(target, &first);
        let log_chance = (at_first - now).min(0.0);
        if stream.uniform().ln() < log_chance {
            count.normal_taken += 1;
            self.take(first, at_first);
            return log_chance.exp();
        }
        count.second += 1;
        let second = proposal.normal(&self.here, SHORTER, stream);
        let at_second = evaluate(target, &second);
        // Tierney and Mira (1999): π(y₂) q₁(y₂→y₁) (1 − α₁(y₂,y₁)) over π(x) q₁(x→y₁) (1 − α₁(x,y₁)); the second
        // proposal is symmetric and cancels.
        let back = log_complement((at_first - at_second).min(0.0));
        let forth = log_complement(log_chance);
        let ratio = at_second - now + back - forth + proposal.half_square(&self.here, &first)
            - proposal.half_square(&second, &first);
        if at_second > f64::NEG_INFINITY && stream.uniform().ln() < ratio {
            count.second_taken += 1;
            self.take(second, at_second);
        }
        log_chance.exp()
    }

    fn difference_move(
        &mut self,
        proposal: &Proposal,
        target: &dyn Target,
        stream: &mut Stream,
        count: &mut Moves,
    ) {
        count.difference += 1;
        let there = proposal.difference(&self.here, stream);
        let density = evaluate(target, &there);
        if stream.uniform().ln() < density - self.log_density[0] {
            count.difference_taken += 1;
            self.take(there, density);
        }
    }
}

impl Chain {
    fn autoregressive_move(
        &mut self,
        proposal: &Proposal,
        target: &dyn Target,
        stream: &mut Stream,
        count: &mut Moves,
    ) {
        count.autoregressive += 1;
        let (there, longer) = proposal.autoregressive(&self.here, stream);
        let density = evaluate(target, &there);
        if stream.uniform().ln() < density - self.log_density[0] + longer {
            count.autoregressive_taken += 1;
            self.take(there, density);
        }
    }
}

impl Moves {
    fn add(&mut self, other: &Self) {
        self.normal += other.normal;
        self.normal_taken += other.normal_taken;
        self.second += other.second;
        self.second_taken += other.second_taken;
        self.difference += other.difference;
        self.difference_taken += other.difference_taken;
        self.autoregressive += other.autoregressive;
        self.autoregressive_taken += other.autoregressive_taken;
    }
}
