//! Mixing of tokens in a layer: fused, unfused and linear attention, and the traffic of a context group.

use super::hardware::arithmetic;
use super::layer::{Ring, Shape};
use super::passes::{Passes, compute, memory};
use super::plan::Kernel;
use crate::catalog::Format;
use crate::perf::models::{Latent, Mixer};
use crate::perf::ops::Cache;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::collective::Kind;
use crate::perf::ops::linear_attention::LinearAttention;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::time::Time;

impl Shape<'_> {
    /// Mixing of tokens: adds its time, gives what selective recomputation repeats, traffic of keys and values, and
    /// the bytes of scores kept.
    pub(super) fn mixer(&self, passes: &mut Passes, mixer: Mixer) -> (Time, Ring, f64) {
        let model = self.job.model;
        let heads = f64::from(model.heads) / self.tensor;
        let (query, value) = model.score_widths();
        if let (Mixer::Linear, Some(l)) = (mixer, model.linear) {
            let seconds = self.hardware.linear(&LinearAttention {
                batch: self.sequences,
                tokens: self.length,
                heads: f64::from(l.value_heads) / self.tensor,
                key_dim: f64::from(l.key_dim),
                value_dim: f64::from(l.value_dim),
                bytes: self.job.wide(),
                cache: Cache::Cold,
            });
            passes.add("linear attention", compute(seconds), compute(2.0 * seconds));
            return (Time::default(), Ring::default(), 0.0);
        }
        if self.job.attention == Kernel::Unfused {
            return self.unfused(passes, heads, query);
        }
        let kv_heads = match model.latent {
            Some(_) => heads,
            None => (f64::from(model.kv_heads) / self.tensor).max(1.0),
        };
        // A context group shares the causal triangle evenly: each does its part of the pairs of the sequence.
        let all = f64::from(self.job.sequence);
        let mut call = Prefill {
            batch: self.sequences,
            tokens: all,
            cached: 0.0,
            heads,
            kv_heads,
            head_dim: query,
            value_dim: value,
            window: match mixer {
                Mixer::Sliding { window } => f64::from(window),
                // Half a chunk is seen on average.
                Mixer::Chunked { chunk } if chunk < self.job.sequence => f64::from(chunk) / 2.0,
                _ => f64::INFINITY,
            },
            arithmetic: arithmetic(self.job.between()),
            kv_bytes: self.job.wide(),
            cache: Cache::Warm { copies: 1 },
        };
        if let Some(latent) = model.latent.filter(|_| mixer == Mixer::Latent) {
            self.sparse(passes, &latent, &mut call);
        }
        let seconds = self.hardware.attention(&call, self.job.attention) / self.context;
        // Five products of pairs where the forward pass has two (Dao 2023), scores computed anew among them.
        let back = 2.5 * self.hardware.fit.backward * seconds;
        passes.add("attention", compute(seconds), compute(back));
        if self.context < 2.0 {
            return (Time::default(), Ring::default(), 0.0);
        }
        // Keys and values go round the group while the pairs at hand are worked on (Liu et al. 2023).
        let size = self.job.wide() * self.sequences * all * kv_heads * (query + value);
        let traffic = self
            .hardware
            .collective(Kind::AllGather, size, self.context, self.tensor);
        let ways = [(traffic, seconds), (2.0 * traffic, back)];
        let ring = Ring {
            open: ways.map(|(sent, pass)| (sent - pass).max(0.0)),
            behind: ways.map(|(sent, pass)| sent.min(pass)),
        };
        (Time::default(), ring, 0.0)
    }

    /// The indexer of sparse latent attention, counted as inference counts it (`perf::inference`, `lower_sparse`): its scores
    /// over all earlier tokens, in FP8 beside products in eight bits or fewer, and the choice; `call` then sees the chosen tokens
    /// as latents where that multiplies less than all pairs with a mask. Every chip of a tensor group scores for all its rows.
    /// Its gradient takes two products of pairs, as `Model::training_flop` has it.
    fn sparse(&self, passes: &mut Passes, latent: &Latent, call: &mut Prefill) {
        let Some(indexer) = latent.indexer else { return };
        let (all, top) = (call.tokens, f64::from(indexer.top));
        if all <= top {
            return;
        }
        let layers = self.job.model.indexed(indexer) / self.context;
        let wide = Prefill {
            heads: f64::from(indexer.heads),
            kv_heads: 1.0,
            head_dim: f64::from(indexer.dim),
            value_dim: 0.0,
            ..*call
        };
        let narrow =
            matches!(self.job.arithmetic, Format::Fp8 | Format::Fp4) && self.hardware.peak(Format::Fp8) > 0.0;
        let scores = if narrow {
            Prefill {
                arithmetic: arithmetic(Format::Fp8),
                kv_bytes: 1.0,
                ..wide
            }
        } else {
            wide
        };
        let seconds = |call| layers * self.hardware.attention(call, self.job.attention);
        let back = 2.0 * self.hardware.fit.backward * seconds(&wide);
        passes.add("indexer", compute(seconds(&scores)), compute(back));
        // One pass over the scores of each row, in 32 bits, and the softmax that the choice is trained by.
        let choice = Pointwise::softmax(call.batch * all, 0.5 * all, 4.0).warm;
        let choice = memory(layers * self.hardware.moved(choice));
        passes.add("choice of tokens", choice, choice);
        if latent.token_by_token(0.5 * all, top) {
            *call = Prefill {
                kv_heads: 1.0,
                head_dim: f64::from(latent.kv_rank + latent.rope),
                value_dim: f64::from(latent.kv_rank),
                window: top,
                ..*call
            };
        }
    }

    /// Products and softmax apart: all pairs of a sequence, causal or not, pass through memory.
    fn unfused(&self, passes: &mut Passes, heads: f64, width: f64) -> (Time, Ring, f64) {
        let length = f64::from(self.job.sequence);
        let groups = self.sequences * heads / self.context;
        let pairs = groups * length * length;
        let one = |n, k| {
            let seconds = self
                .memo
                .product(self.hardware, [groups * length, n, k], self.job.between());
            compute(seconds.unwrap_or(0.0))
        };
        let products = one(length, width).plus(one(width, length));
        // Softmax reads and writes 16 bits, dropout the same and a byte of mask; backward two and three more.
        let scores = products.plus(memory(self.hardware.moved(9.0 * pairs)));
        let back = products
            .scaled(2.0)
            .plus(memory(self.hardware.moved(11.0 * pairs)));
        passes.add("attention, unfused", scores, back);
        // Scores, their softmax and the mask: 5 bytes a pair (Korthikanti et al. 2022).
        (scores, Ring::default(), 5.0 * pairs)
    }
}
