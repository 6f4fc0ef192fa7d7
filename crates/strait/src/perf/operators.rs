//! Operators of one transformer layer and their time by the roofline.
//!
//! Each takes max(FLOP / reached FLOP/s, bytes / reached bytes/s); kernels cost a fixed time each.

use super::machine::{Machine, bytes};
use super::models::Model;
use crate::catalog::Format;

/// Seconds by what they are spent on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Time {
    pub(crate) compute: f64,
    pub(crate) memory: f64,
    pub(crate) network: f64,
    pub(crate) overhead: f64,
}

impl Time {
    pub(crate) fn total(self) -> f64 {
        self.compute + self.memory + self.network + self.overhead
    }
    pub(crate) fn scaled(self, k: f64) -> Self {
        Self {
            compute: self.compute * k,
            memory: self.memory * k,
            network: self.network * k,
            overhead: self.overhead * k,
        }
    }
    pub(crate) fn plus(self, o: Self) -> Self {
        Self {
            compute: self.compute + o.compute,
            memory: self.memory + o.memory,
            network: self.network + o.network,
            overhead: self.overhead + o.overhead,
        }
    }
    pub(crate) fn network(seconds: f64) -> Self {
        Self {
            network: seconds,
            ..Self::default()
        }
    }
}

/// Time of one operator: the longer of arithmetic and memory.
pub(crate) fn roofline(flop: f64, flop_rate: f64, size: f64, byte_rate: f64) -> Time {
    let (compute, memory) = (flop / flop_rate, size / byte_rate);
    if compute >= memory {
        Time {
            compute,
            ..Time::default()
        }
    } else {
        Time {
            memory,
            ..Time::default()
        }
    }
}

/// What attention reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Attention {
    /// A causal prompt of this many tokens a sequence.
    Prompt(f64),
    /// This many sequences with this much cache each, `queries` new tokens a sequence.
    Cache {
        sequences: f64,
        context: f64,
        queries: f64,
    },
}

/// How a layer is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Split {
    /// Chips that share one layer's attention.
    pub(crate) tensor: u32,
    /// Chips that share the experts; `tensor` where experts are split like dense weights.
    pub(crate) expert: u32,
    /// Arithmetic of the large products.
    pub(crate) arithmetic: Format,
    /// Weights as stored.
    pub(crate) weights: Format,
    /// KV-cache.
    pub(crate) kv: Format,
}

struct Layer<'a> {
    m: &'a Machine,
    split: Split,
    rate: f64,
    weight_bytes: f64,
}

impl Layer<'_> {
    /// A product of `tokens` rows with `parameters` weights, inputs and outputs of `io` elements a row.
    fn product(&self, tokens: f64, parameters: f64, io: f64) -> Time {
        let size = parameters * self.weight_bytes + tokens * io * bytes(self.split.arithmetic).max(1.0);
        roofline(2.0 * tokens * parameters, self.rate, size, self.m.memory())
    }
}

/// Forward time of all layers and the output head on one chip, for `tokens` tokens of one tensor group.
///
/// `overlapped` hides a share of expert traffic behind arithmetic (two batches in turn).
pub(crate) fn forward(
    model: &Model,
    m: &Machine,
    split: Split,
    tokens: f64,
    attention: Attention,
    overlapped: bool,
) -> Time {
    let layer = Layer {
        m,
        split,
        rate: m.products(split.arithmetic),
        weight_bytes: bytes(split.weights),
    };
    let a = f64::from(split.tensor);
    let hidden = f64::from(model.hidden);
    let (qkv, out) = model.attention_weights();
    let mut time = layer.product(tokens, qkv / a, hidden + qkv / hidden / a);
    time = time.plus(layer.product(tokens, out / a, hidden + out / hidden / a));
    time = time.plus(attention_time(model, m, split, tokens, attention));
    // Norms, rotations, residual sums and activations read and write the residual stream about six times.
    time = time.plus(roofline(0.0, 1.0, 12.0 * tokens * hidden, m.memory()));
    time.overhead += m.system.kernels_per_layer * m.family.overhead;
    // Attention's output and the feed-forward block's are each summed over the tensor group.
    let reduce = m.all_reduce(tokens * hidden * 2.0, split.tensor);
    time.network += reduce;
    let layers = f64::from(model.layers);
    let (dense, sparse) = model.layer_kinds();
    let mut all = time.scaled(layers);
    if dense > 0.0 {
        let mlp = layer.product(tokens, model.dense_mlp() / a, hidden + f64::from(model.inner) / a);
        all = all.plus(mlp.plus(Time::network(reduce)).scaled(dense));
    }
    if sparse > 0.0 {
        let mut block = experts(model, &layer, tokens, reduce);
        if overlapped && split.expert > split.tensor {
            block.network *= 1.0 - m.system.overlap;
        }
        all = all.plus(block.scaled(sparse));
    }
    let head = hidden * f64::from(model.vocabulary) / a;
    let head_tokens = match attention {
        Attention::Prompt(length) => tokens / length,
        Attention::Cache { .. } => tokens,
    };
    all.plus(layer.product(head_tokens, head, hidden))
}

fn attention_time(model: &Model, m: &Machine, split: Split, tokens: f64, attention: Attention) -> Time {
    let a = f64::from(split.tensor);
    let heads = f64::from(model.heads) / a;
    let (qk, v) = model.score_widths();
    // A latent cache is whole on every chip of the group; heads of a plain one are shared out.
    let kv_split = match model.latent {
        Some(_) => 1.0,
        None => a.min(f64::from(model.kv_heads)),
    };
    let kv_bytes = f64::from(model.kv_elements_per_layer()) * bytes(split.kv) / kv_split;
    match attention {
        Attention::Prompt(length) => {
            let flop = 2.0 * heads * (qk + v) * length / 2.0 * tokens;
            roofline(flop, m.attention(), kv_bytes * 2.0 * tokens, m.memory())
        }
        Attention::Cache {
            sequences,
            context,
            queries,
        } => {
            // Latent attention absorbs its up-projections: each head multiplies the cached latent itself.
            let width = match model.latent {
                Some(l) => f64::from(2 * l.kv_rank + l.rope),
                None => qk + v,
            };
            let flop = 2.0 * heads * width * context * sequences * queries;
            let size = sequences * context * kv_bytes;
            roofline(flop, m.products(Format::Fp16), size, m.memory())
        }
    }
}

fn experts(model: &Model, layer: &Layer<'_>, tokens: f64, reduce: f64) -> Time {
    let (Some(e), m) = (model.experts, layer.m) else {
        return Time::default();
    };
    let hidden = f64::from(model.hidden);
    let (a, group) = (f64::from(layer.split.tensor), f64::from(layer.split.expert));
    let spread = layer.split.expert > layer.split.tensor;
    let all_tokens = tokens * group / a;
    let (count, per_token) = (f64::from(e.count), f64::from(e.per_token));
    // Experts that at least one token of the group asks for.
    let touched = count * (1.0 - (1.0 - per_token / count).powf(all_tokens));
    let imbalance = if spread { m.system.expert_imbalance } else { 1.0 };
    let pairs = all_tokens * per_token / group * imbalance;
    let one = model.one_expert();
    let mut time = roofline(
        2.0 * pairs * one,
        layer.rate,
        touched * one / group * layer.weight_bytes + pairs * (hidden + f64::from(e.width)),
        m.memory(),
    );
    if e.shared > 0 {
        time = time.plus(layer.product(tokens, f64::from(e.shared) * one / a, hidden));
    }
    // The router.
    time = time.plus(layer.product(tokens, hidden * count / a, hidden));
    time.overhead += 4.0 * m.family.overhead;
    if spread {
        // Dispatch in the arithmetic format, combine in 16 bits; a token goes to a chip (or a node) once.
        let inside = layer.split.expert <= m.domain;
        let copies = if inside {
            per_token.min(group)
        } else {
            let nodes = (group / f64::from(m.domain)).max(1.0);
            let limit = if e.groups > 0 {
                f64::from(e.groups)
            } else {
                per_token
            };
            per_token.min(limit).min(nodes)
        };
        let size = tokens / a * copies * hidden * (bytes(layer.split.arithmetic) + 2.0);
        let rate = if inside { m.up } else { m.out };
        time.network += 2.0 * m.system.collective_latency + size * (group - 1.0) / group / rate;
    } else {
        time.network += reduce;
    }
    time
}
