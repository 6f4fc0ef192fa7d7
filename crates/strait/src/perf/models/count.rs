//! What an architecture weighs, caches and computes. Norms and biases are left out: below 0.1 %.

use super::{Block, Feed, Indexer, Mixer, Model};

impl Model {
    /// Parameters of attention with heads of its own, or latent attention: input and output projections.
    pub(crate) fn attention_weights(&self) -> (f64, f64) {
        let hidden = f64::from(self.hidden);
        if let Some(l) = self.latent {
            let heads = f64::from(self.heads);
            let kv_rank = f64::from(l.kv_rank);
            let query = heads * f64::from(l.nope + l.rope);
            let query = match l.q_rank {
                0 => hidden * query,
                rank => f64::from(rank) * (hidden + query),
            };
            let down = hidden * (kv_rank + f64::from(l.rope));
            let up = kv_rank * heads * f64::from(l.nope + l.value);
            let out = heads * f64::from(l.value) * hidden;
            let gate = if self.output_gate { out } else { 0.0 };
            let into = query + down + up + gate + self.indexer_weights();
            return (into, out);
        }
        let width = f64::from(self.heads) * f64::from(self.head_dim);
        let kv = 2.0 * f64::from(self.kv_heads) * f64::from(self.head_dim);
        let gate = if self.output_gate { width } else { 0.0 };
        (hidden * (width + gate + kv), width * hidden)
    }

    /// Parameters of the indexer of a mean layer: its queries from the query's latent, its key and the weights of its heads.
    fn indexer_weights(&self) -> f64 {
        let Some((l, i)) = self.latent.and_then(|l| Some((l, l.indexer?))) else {
            return 0.0;
        };
        let (heads, dim, hidden) = (f64::from(i.heads), f64::from(i.dim), f64::from(self.hidden));
        let from = if l.q_rank > 0 { f64::from(l.q_rank) } else { hidden };
        self.indexed(i) * (from * heads * dim + hidden * (dim + heads))
    }

    /// Share of the layers that have an indexer of their own.
    pub(crate) fn indexed(&self, indexer: Indexer) -> f64 {
        f64::from(indexer.layers) / f64::from(self.layers)
    }

    /// Parameters of a linear-attention layer: input and output projections.
    ///
    /// Gated DeltaNet projects queries, keys, values, an output gate, and a decay and a rate a head
    /// (`Qwen3NextGatedDeltaNet` of transformers); Kimi Delta Attention has low-rank decay and output
    /// gates in place of the full one (arXiv 2510.26692), Kimi K3 a full output gate beside the decay's.
    pub(crate) fn linear_weights(&self) -> (f64, f64) {
        let Some(l) = self.linear else { return (0.0, 0.0) };
        let hidden = f64::from(self.hidden);
        let keys = f64::from(l.key_heads) * f64::from(l.key_dim);
        let values = f64::from(l.value_heads) * f64::from(l.value_dim);
        let taps = (2.0 * keys + values) * f64::from(l.taps);
        let gates = match f64::from(l.gate_rank) {
            0.0 => hidden * (values + 2.0 * f64::from(l.value_heads)),
            rank => {
                let output = if l.full_gate {
                    hidden * values
                } else {
                    rank * (hidden + values)
                };
                rank * (hidden + keys) + output + hidden * f64::from(l.value_heads)
            }
        };
        (hidden * (2.0 * keys + values) + gates + taps, values * hidden)
    }

    /// Input and output projections of a mixer.
    pub(crate) fn mixer_weights(&self, mixer: Mixer) -> (f64, f64) {
        match mixer {
            Mixer::Linear => self.linear_weights(),
            Mixer::Full | Mixer::Sliding { .. } | Mixer::Chunked { .. } | Mixer::Latent => {
                self.attention_weights()
            }
        }
    }

    /// Matrices of a dense feed-forward block.
    pub(crate) fn matrices(&self) -> f64 {
        if self.gated { 3.0 } else { 2.0 }
    }

    /// Parameters of one dense feed-forward block.
    pub(crate) fn dense_mlp(&self) -> f64 {
        self.matrices() * f64::from(self.hidden) * f64::from(self.inner)
    }

    /// Parameters of one routed expert.
    pub(crate) fn one_expert(&self) -> f64 {
        self.experts.map_or(0.0, |e| {
            3.0 * e.stream(f64::from(self.hidden)) * f64::from(e.width)
        })
    }

    /// Layers with a dense and with an expert feed-forward block.
    pub(crate) fn layer_kinds(&self) -> (f64, f64) {
        let count = |feed| -> f64 {
            let of = self.blocks.iter().filter(|b| b.feed == feed);
            of.map(|b| f64::from(b.count)).sum()
        };
        (count(Feed::Dense), count(Feed::Experts))
    }

    /// Parameters of both embeddings (one where they are tied) and learned positions.
    pub(crate) fn embeddings(&self) -> f64 {
        let tables = if self.tied { 1.0 } else { 2.0 };
        f64::from(self.hidden) * (tables * f64::from(self.vocabulary) + f64::from(self.positions))
    }

    /// Parameters of one layer of a block outside its routed experts.
    pub(crate) fn common_layer(&self, block: &Block) -> f64 {
        let (into, out) = self.mixer_weights(block.mixer);
        let feed = match (block.feed, self.experts) {
            (Feed::Experts, Some(e)) => {
                let hidden = f64::from(self.hidden);
                let shared = 3.0 * hidden * f64::from(e.shared) * f64::from(e.width);
                shared + e.narrowing(hidden) + hidden * f64::from(e.count)
            }
            _ => self.dense_mlp(),
        };
        into + out + feed
    }

    /// Parameters outside the routed experts, embeddings included once or twice.
    pub(crate) fn common_parameters(&self) -> f64 {
        let layers = self
            .blocks
            .iter()
            .map(|b| f64::from(b.count) * self.common_layer(b));
        layers.sum::<f64>() + self.embeddings()
    }

    /// Parameters of all routed experts.
    pub(crate) fn expert_parameters(&self) -> f64 {
        let (_, sparse) = self.layer_kinds();
        self.experts
            .map_or(0.0, |e| sparse * f64::from(e.count) * self.one_expert())
    }

    /// Whether the query heads can be shared out evenly among so many chips.
    #[must_use]
    pub fn splits_over(&self, chips: u32) -> bool {
        chips > 0 && self.heads.is_multiple_of(chips)
    }

    /// All parameters, counted.
    pub fn parameters(&self) -> u64 {
        rounded(self.common_parameters() + self.expert_parameters())
    }

    /// Parameters one token passes, both embeddings included.
    pub fn active_parameters(&self) -> u64 {
        rounded(self.active())
    }

    fn active(&self) -> f64 {
        let (_, sparse) = self.layer_kinds();
        let routed = self
            .experts
            .map_or(0.0, |e| sparse * f64::from(e.per_token) * self.one_expert());
        self.common_parameters() + routed
    }

    /// Layers that cache keys and values (or latents) of every token.
    pub(crate) fn caching_layers(&self) -> f64 {
        let cached = self.blocks.iter().filter(|b| b.mixer != Mixer::Linear);
        cached.map(|b| f64::from(b.count)).sum()
    }

    /// KV-cache elements one more token adds while every window is open; times the format's bytes.
    pub fn kv_elements_per_token(&self) -> u64 {
        rounded(self.caching_layers() * self.kv_elements_per_layer())
    }

    /// KV-cache elements of one token in the mean layer that caches; an indexer's key is counted at the cache's format.
    pub(crate) fn kv_elements_per_layer(&self) -> f64 {
        match self.latent {
            None => f64::from(2 * self.kv_heads * self.head_dim),
            Some(l) => {
                let key = l.indexer.map_or(0.0, |i| self.indexed(i) * f64::from(i.dim));
                f64::from(l.kv_rank + l.rope) + key
            }
        }
    }

    /// Cache elements of one sequence of `context` tokens: windows keep their last tokens alone, linear
    /// attention its state.
    pub fn kv_elements(&self, context: f64) -> f64 {
        let per_token = self.kv_elements_per_layer();
        let of = |b: &Block| {
            let layer = match b.mixer {
                Mixer::Full | Mixer::Latent => per_token * context,
                Mixer::Sliding { window } | Mixer::Chunked { chunk: window } => {
                    per_token * context.min(f64::from(window))
                }
                Mixer::Linear => self.state_elements(),
            };
            f64::from(b.count) * layer
        };
        self.blocks.iter().map(of).sum()
    }

    /// Elements of the state of one linear-attention layer: keys by values a head, and the convolution's taps.
    pub(crate) fn state_elements(&self) -> f64 {
        self.linear.map_or(0.0, |l| {
            let keys = f64::from(l.key_heads) * f64::from(l.key_dim);
            let values = f64::from(l.value_heads) * f64::from(l.value_dim);
            values * f64::from(l.key_dim) + (2.0 * keys + values) * f64::from(l.taps)
        })
    }

    /// Width of query-key and of value products of one head, as computed over a full prompt.
    pub(crate) fn score_widths(&self) -> (f64, f64) {
        match self.latent {
            Some(l) => (f64::from(l.nope + l.rope), f64::from(l.value)),
            None => (f64::from(self.head_dim), f64::from(self.head_dim)),
        }
    }

    /// Parameters that multiply in one token's forward pass: active, without the input embedding.
    pub(crate) fn multiplied_parameters(&self) -> f64 {
        let input = if self.tied {
            0.0
        } else {
            f64::from(self.hidden) * f64::from(self.vocabulary)
        };
        self.active() - input - f64::from(self.hidden) * f64::from(self.positions)
    }

    /// FLOP of one token in one layer's mixer beside its projections, `earlier` tokens before it of which it attends to
    /// `attended`: 2 heads (d_qk + d_v) each, and of an indexer 2 heads d a token before it; in linear attention three products
    /// with the state.
    fn mixing_flop(&self, mixer: Mixer, earlier: f64, attended: f64) -> f64 {
        match (mixer, self.linear, self.latent.and_then(|l| l.indexer)) {
            (Mixer::Linear, Some(l), _) => {
                6.0 * f64::from(l.value_heads) * f64::from(l.key_dim) * f64::from(l.value_dim)
            }
            (_, _, indexer) => {
                let (qk, v) = self.score_widths();
                let index = indexer.map_or(0.0, |i| {
                    2.0 * self.indexed(i) * f64::from(i.heads) * f64::from(i.dim) * earlier
                });
                2.0 * f64::from(self.heads) * (qk + v) * attended + index
            }
        }
    }

    /// Tokens a mixer attends to at most where it does not see all: its window, or what an indexer chooses.
    fn most(&self, mixer: Mixer) -> f64 {
        let indexer = self.latent.and_then(|l| l.indexer);
        match (mixer, indexer) {
            (Mixer::Sliding { window }, _) => f64::from(window),
            (Mixer::Latent, Some(i)) => f64::from(i.top),
            _ => f64::INFINITY,
        }
    }

    /// Model FLOP of one token's forward pass at `context` earlier tokens: 2 a parameter, and
    /// 2 heads (d_qk + d_v) an attended token and layer.
    pub fn forward_flop(&self, context: f64) -> f64 {
        let mixing = self.blocks.iter().map(|b| {
            let seen = match b.mixer {
                Mixer::Chunked { chunk } => in_chunk(context, f64::from(chunk)),
                mixer => context.min(self.most(mixer)),
            };
            f64::from(b.count) * self.mixing_flop(b.mixer, context, seen)
        });
        2.0 * self.multiplied_parameters() + mixing.sum::<f64>()
    }

    /// Model FLOP of one trained token in sequences of `tokens`: three forward passes, causal attention
    /// counted at the mean of what a token sees (recomputation is not model FLOP).
    pub fn training_flop(&self, tokens: f64) -> f64 {
        let mixing = self.blocks.iter().map(|b| {
            let attended = match b.mixer {
                Mixer::Chunked { chunk } => chunked(tokens, f64::from(chunk)),
                mixer => windowed(tokens, self.most(mixer)),
            };
            f64::from(b.count) * self.mixing_flop(b.mixer, tokens / 2.0, attended)
        });
        3.0 * (2.0 * self.multiplied_parameters() + mixing.sum::<f64>())
    }
}

/// Earlier tokens that a token of a causal sequence sees of its last `window`, mean over the sequence.
fn windowed(tokens: f64, window: f64) -> f64 {
    if window < tokens {
        window - window * window / (2.0 * tokens)
    } else {
        tokens / 2.0
    }
}

/// The same of its chunk: half a chunk in each that is full.
fn chunked(tokens: f64, chunk: f64) -> f64 {
    let full = (tokens / chunk).floor();
    let rest = tokens - full * chunk;
    (full * chunk * chunk + rest * rest) / (2.0 * tokens)
}

/// Earlier tokens of its chunk that the token after `context` others sees: all of the first, half of a later one on average.
pub(crate) fn in_chunk(context: f64, chunk: f64) -> f64 {
    if context < chunk { context } else { chunk / 2.0 }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(count: f64) -> u64 {
    count.round() as u64
}
