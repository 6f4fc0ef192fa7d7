//! Requests drawn instead of traced: gamma arrivals and log-normal lengths.

use super::random::Stream;
use super::{Request, Trace};
use crate::figure::{Quantity, Seconds};

/// How requests arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrivals {
    /// Requests a second.
    pub rate: f64,
    /// Coefficient of variation of the gaps: one is Poisson, above one comes in bursts, zero is regular.
    pub variation: f64,
}

/// How many tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    /// Mean.
    pub mean: f64,
    /// Coefficient of variation of a log-normal; zero gives every request the mean.
    pub variation: f64,
}

impl Length {
    fn draw(self, stream: &mut Stream) -> u32 {
        let tokens = if self.variation > 0.0 {
            let square = (1.0 + self.variation * self.variation).ln();
            self.mean * (square.sqrt() * stream.normal() - 0.5 * square).exp()
        } else {
            self.mean
        };
        tokens.round().clamp(1.0, 100e6) as u32
    }
}

/// `count` requests; each depends on the seed and its number alone, its arrival on the gaps before it.
#[must_use]
pub fn synthetic(seed: u64, count: usize, arrivals: Arrivals, input: Length, output: Length) -> Trace {
    let mut now = 0.0;
    let requests = (0..count as u64)
        .map(|i| {
            let mut stream = Stream::of(seed, i);
            let gap = if arrivals.variation > 0.0 {
                stream.gamma(1.0 / (arrivals.variation * arrivals.variation))
            } else {
                1.0
            };
            now += gap / arrivals.rate;
            Request {
                arrival: Seconds::of(now),
                input: input.draw(&mut stream),
                output: output.draw(&mut stream),
                parts: Box::default(),
            }
        })
        .collect();
    Trace::new(requests, 0)
}
