//! What a layer keeps from its forward pass for its backward pass.

use super::hardware::width;
use super::layer::Shape;
use super::plan::{Kernel, Trained};
use crate::perf::models::{Block, Feed, Mixer};

impl Shape<'_> {
    /// Bytes kept from forward to backward: nothing computed again, scores, whole layers (Korthikanti et al.
    /// 2022, table 2: 34 hidden bytes a token and 5 a pair of a GPT layer, of which 10 are whole on every chip of
    /// a tensor group unless split along the sequence). `inner` is what the first matrices write and what the last one
    /// multiplies, a token. An input is kept for
    /// the gradient of the weight alone: beside frozen weights only those of attention's projections are, which adapters stand
    /// beside (Hu et al. 2021, section 4.2).
    pub(super) fn kept(&self, block: &Block, inner: [f64; 2], scores: f64) -> [f64; 3] {
        let model = self.job.model;
        let hidden = f64::from(model.hidden);
        // What a product multiplied is kept in the format that it was multiplied in.
        let input = width(self.job.arithmetic);
        let wide = self.job.wide();
        // Inputs of both norms and of both first products, and a byte of mask for each sum.
        let masks = if self.job.attention == Kernel::Unfused {
            2.0
        } else {
            0.0
        };
        let feeds = self.job.trained == Trained::All;
        let inputs = if feeds { 2.0 } else { 1.0 };
        let whole = self.rows * hidden * (2.0 * wide + inputs * input + masks);
        // Queries, keys and values, and attention's output.
        let (query, value) = model.score_widths();
        let heads = f64::from(model.heads);
        let mixed = match (block.mixer, model.linear) {
            (Mixer::Linear, Some(l)) => {
                f64::from(2 * l.key_heads * l.key_dim) + 2.0 * f64::from(l.value_heads * l.value_dim)
            }
            _ if model.latent.is_some() => heads * (2.0 * query + 2.0 * value),
            _ => heads * (query + value) + f64::from(model.kv_heads) * (query + value),
        };
        // Copies of a token at its experts.
        let sent = match (block.feed, model.experts) {
            (Feed::Experts, Some(e)) if feeds => {
                f64::from(e.per_token) * e.stream(hidden) / self.tensor * input
            }
            _ => 0.0,
        };
        let [written, multiplied] = inner;
        let fed = wide * written + if feeds { input * multiplied } else { 0.0 };
        let layer = whole + self.tokens * (wide * mixed / self.tensor + fed + sent);
        [layer + scores, layer, wide * self.rows * hidden]
    }
}
