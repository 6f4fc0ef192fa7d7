//! Experts of a mixture: two matrix products for every expert that has tokens, and the traffic of
//! sending tokens to experts and summing what comes back.

use super::device::{overlap, resident};
use super::parameters::parameters;
use super::{Cache, Device, Engine, Precision};

/// How tokens choose experts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Routing {
    /// All alike.
    Balanced,
    /// Each choice falls on any expert with the same chance; the rank timed is the busiest, its choices about
    /// mean + sqrt(2 mean ln ranks) (balls into bins: Raab and Steger 1998). A router trained to balance.
    Random,
    /// A power law with exponent near 1; the rank timed is the busiest.
    Skewed,
    /// A power law with exponent 1.2; the rank timed is the busiest.
    Steep,
    /// The busiest rank gets so many times the mean, as somebody measured or assumes; it is the rank timed.
    Loaded {
        /// Choices of the busiest rank over the mean, one or more.
        busiest: f64,
    },
}

/// What a rank is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tokens {
    /// Choices fall on all experts; those of this rank are its share.
    Shared,
    /// Choices fall on the experts of this rank (the harness of older engines).
    Local,
}

/// One layer of experts on one rank, dispatch and combine over the network left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupedGemm {
    /// Tokens of all ranks.
    pub tokens: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Inner width of an expert.
    pub inner: f64,
    /// Experts a token chooses.
    pub chosen: f64,
    /// Experts of the layer.
    pub experts: f64,
    /// Ranks that share the inner width of an expert.
    pub tensor: f64,
    /// Ranks that share the experts.
    pub expert_ranks: f64,
    /// Matrices of an expert: three with a gate, two without.
    pub matrices: f64,
    /// How tokens choose.
    pub routing: Routing,
    /// What the rank is given.
    pub given: Tokens,
    /// Whether the kernel walks over every choice, also those of other ranks (Triton), or its own alone.
    pub walks_all: bool,
    /// Precision.
    pub precision: Precision,
    /// Cache state.
    pub cache: Cache,
}

parameters! {
    /// Parameters of a layer of experts.
    Fit {
        launch: "cycles", "Cost of the layer's kernels beside their work", 42000.0 +- 0.1 in 3000.0 to 300000.0;
        reach: "1", "Share of the matrix peak that a tile of 128 rows reaches where operands come no faster than they are multiplied", 0.55 +- 0.4 in 0.1 to 1.0;
        watts: "W/GHz3", "Power of one unit at 1 GHz with its matrix unit busy, voltage following clock", 0.4 +- 0.3 in 0.05 to 3.0;
        small_tile: "1", "Exponent of the loss of a tile of fewer than 128 rows, there", 0.2 +- 0.3 in 0.01 to 1.0;
        prologue: "cycles", "Time of a tile beside its arithmetic", 2000.0 +- 0.3 in 10.0 to 20000.0;
        padding: "1", "Share of a tile left empty in the last tile of an expert", 1.0 +- 0.4 in 0.05 to 1.5;
        memory: "1", "Share of memory bandwidth at which weights arrive", 0.8 +- 0.1 in 0.4 to 1.0;
        reuse: "1", "Share of the cache that weights may fill", 1.0 +- 0.2 in 0.2 to 2.0;
        traffic: "1", "Passes over the tokens' activations", 1.6 +- 0.3 in 0.1 to 30.0;
        expert: "cycles", "Cost of an expert, with or without tokens", 5.0 +- 1.0 in 0.1 to 2000.0;
        busiest: "1", "Exponent of the busiest rank's share over ranks, power law near 1", 0.64 +- 0.2 in 0.3 to 1.0;
        steepest: "1", "The same of the power law 1.2", 0.56 +- 0.2 in 0.3 to 1.0;
        active: "1", "Exponent of the experts that a power law reaches over the rank's experts", 0.97 +- 0.1 in 0.3 to 1.1;
        promotion: "cycles/MFLOP", "Time of scaling and adding up blocks of 128 outside the matrix unit, where operands have a scale a block", 150.0 +- 0.5 in 1.0 to 2000.0;
    }
}

impl GroupedGemm {
    /// Choices of the busiest rank over the mean under chance, or as given: what the layer waits for. One where routing is even
    /// or its skew is a fitted power law, and where one rank has all experts.
    #[must_use]
    pub fn busiest_over_mean(&self) -> f64 {
        let ranks = self.expert_ranks;
        // A rank gets no more of a token's choices than it has experts.
        let most = ranks.min(self.experts / self.chosen).max(1.0);
        match self.routing {
            Routing::Random => {
                let mean = (self.tokens * self.chosen / ranks).max(1e-9);
                (1.0 + (2.0 * ranks.ln() / mean).sqrt()).min(ranks)
            }
            Routing::Loaded { busiest } => busiest.max(1.0).min(most),
            Routing::Balanced | Routing::Skewed | Routing::Steep => 1.0,
        }
    }
}

/// Choices that fall on the rank, and experts that have any.
fn load(g: &GroupedGemm, p: &Fit) -> (f64, f64) {
    let ranks = g.expert_ranks;
    let local = (g.experts / ranks).max(1.0);
    let share = match (g.given, g.routing) {
        (Tokens::Local, Routing::Balanced) => (g.chosen / ranks).min(1.0),
        // Every token chooses on this rank, but no more than the experts there are; little is lost to it.
        (Tokens::Local, _) => ranks.powf(-0.15),
        (Tokens::Shared, Routing::Balanced | Routing::Random | Routing::Loaded { .. }) => {
            g.busiest_over_mean() / ranks
        }
        (Tokens::Shared, Routing::Skewed) => ranks.powf(-p.busiest),
        (Tokens::Shared, Routing::Steep) => ranks.powf(-p.steepest),
    };
    let choices = (g.tokens * g.chosen * share).max(1.0);
    let active = match g.routing {
        Routing::Balanced => choices.min(local),
        Routing::Random | Routing::Loaded { .. } => (local * (1.0 - (-choices / local).exp())).max(1.0),
        Routing::Skewed | Routing::Steep => {
            let reached = local.powf(p.active);
            (reached * (1.0 - (-choices / reached).exp())).max(1.0)
        }
    };
    (choices, active)
}

/// Seconds of a layer.
#[must_use]
pub fn seconds(g: &GroupedGemm, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let (choices, active) = load(g, p);
    let inner = g.inner / g.tensor;
    let parameters = active * g.matrices * g.hidden * inner;
    let weights = parameters * g.precision.weight;
    let unpacked = parameters * (d.weight_traffic(&g.precision) - g.precision.weight);
    let hot = resident(g.cache.copies() * weights, d.cache, p.reuse);
    let memory = e.memory
        * (weights * ((1.0 - hot) / (p.memory * d.memory) + hot / d.from_cache(0.5, p.memory))
            + unpacked / (p.memory * d.memory));
    let walked = if g.walks_all { g.tokens * g.chosen } else { choices };
    let wide = g.precision.activation.max(2.0);
    let moved = p.traffic * wide * (walked * (g.hidden + g.matrices * inner) + g.tokens * g.hidden);
    // Activations pass through memory gradually: they are produced and used in the same layer.
    let near = 1.0 / (1.0 + (moved / d.cache) * (moved / d.cache));
    let traffic = e.memory * moved * ((1.0 - near) / (0.8 * d.memory) + near / d.from_cache(0.5, 0.8));
    let arithmetic = g.precision.arithmetic;
    let starved = d.starved(arithmetic);
    let (reach, small_tile) = (p.reach.powf(starved), p.small_tile * starved);
    let flop = d.peak(arithmetic) * reach * d.sustained(p.watts) / d.units / e.compute;
    // Sums of a block are scaled by instructions, as many for a FLOP on every chip: the slower a unit multiplies, the less
    // they matter.
    let promoted = if g.precision.scaled_by_blocks() {
        e.compute * p.promotion * 1e-6 / d.clock
    } else {
        0.0
    };
    let products = [((g.matrices - 1.0) * inner, g.hidden), (g.hidden, inner)];
    let mut work = f64::INFINITY;
    for tile in [128.0, 64.0, 32.0, 16.0] {
        let rows = if g.routing == Routing::Balanced {
            active * (choices / active / tile).ceil() * tile
        } else {
            choices + active * tile * p.padding
        };
        let loss = (128.0 / tile).powf(small_tile);
        let time: f64 = products
            .iter()
            .map(|(n, k)| {
                let parts = rows / tile * (n / 128.0).ceil();
                let one = 256.0 * tile * k * (loss / flop + promoted) + p.prologue / d.clock;
                (parts / d.units).max(1.0) * one
            })
            .sum();
        work = work.min(time);
    }
    let experts = (g.experts / g.expert_ranks).max(1.0) * p.expert / d.clock;
    e.launch * p.launch / d.clock + overlap(work, memory, 0.0) + traffic + experts
}
