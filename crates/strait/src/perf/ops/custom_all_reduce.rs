//! All-reduce by the engines' own kernels, which read each other's buffers over the scale-up link.
//!
//! In one shot every chip reads the whole buffer of every other and sums; in two shots it sums a part and then
//! reads the other parts (vLLM's and TensorRT-LLM's custom all-reduce; the volumes are those of a direct
//! exchange, Thakur, Rabenseifner and Gropp 2005). Each shot waits once for all chips, on a torus once an axis, along
//! which parts are passed on.

use super::parameters::parameters;
use super::{Algorithm, Device, Engine, Fabric};

/// One all-reduce among chips that share a scale-up link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomAllReduce {
    /// Chips.
    pub chips: f64,
    /// Bytes of the buffer.
    pub bytes: f64,
}

parameters! {
    /// Parameters of a custom all-reduce.
    Fit {
        launch: "cycles", "Cost of a call beside its work", 5000.0 +- 0.4 in 500.0 to 60000.0;
        barrier: "cycles", "Waiting for all chips, once a shot", 1500.0 +- 0.7 in 50.0 to 20000.0;
        shot: "1", "Share of the link that whole buffers fill in one shot", 0.5 +- 0.4 in 0.05 to 1.0;
        bandwidth: "1", "Share of the link that parts fill in two shots", 0.75 +- 0.2 in 0.2 to 1.0;
        own: "1", "Time of copying a chip's own part, over that of reading it", 0.6 +- 0.5 in 0.01 to 3.0;
    }
}

/// Seconds of an all-reduce; infinite without a link.
#[must_use]
pub fn seconds(c: &CustomAllReduce, d: &Device, p: &Fit, e: &Engine) -> f64 {
    chosen(c, d, p, e).0
}

/// Seconds and whether by one shot or two. A group that the chips' links do not join goes over the host links.
#[must_use]
pub fn chosen(c: &CustomAllReduce, d: &Device, p: &Fit, e: &Engine) -> (f64, Algorithm) {
    let n = c.chips;
    if n < 2.0 {
        return (0.0, Algorithm::OneShot);
    }
    if d.fabric.joined().is_some_and(|joined| n > f64::from(joined)) {
        return chosen(c, &d.over(Fabric::Host, d.host), p, e);
    }
    let wire = e.memory * c.bytes / d.link;
    let share = d.fabric.share(n, 1.0);
    let barrier = d.fabric.waits(n) * p.barrier / d.clock;
    let one = barrier + (n - 1.0) * wire / share / p.shot;
    let two = 2.0 * barrier + 2.0 * (n - 1.0) / n * wire / share / p.bandwidth + p.own * wire / n;
    let launch = e.launch * p.launch / d.clock;
    if one <= two {
        (launch + one, Algorithm::OneShot)
    } else {
        (launch + two, Algorithm::TwoShots)
    }
}
