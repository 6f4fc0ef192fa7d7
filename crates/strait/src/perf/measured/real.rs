//! Shapes that real models have, apart from the grid that tables are filled with: every shipped
//! architecture, split over 1, 2, 4 and 8 chips.

use crate::perf::Model;
use crate::perf::ops::Call;
use std::collections::BTreeSet;

const SPLITS: [u32; 4] = [1, 2, 4, 8];

/// Shapes of the shipped models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RealShapes {
    /// (outputs, inner dimension) of projections, feed-forward blocks and heads.
    products: BTreeSet<(u32, u32)>,
    /// (query heads, key heads, width).
    attention: BTreeSet<(u32, u32, u32)>,
    /// Heads of latent attention.
    latent: BTreeSet<u32>,
    /// (hidden, inner, chosen, experts).
    experts: BTreeSet<(u32, u32, u32, u32)>,
}

/// Prompts shorter than this are decode steps of several tokens, not prompts.
const SHORTEST_PROMPT: f64 = 64.0;

impl RealShapes {
    /// The shapes of architectures.
    pub fn of<'m>(models: impl Iterator<Item = &'m Model>) -> Self {
        let mut shapes = Self::default();
        for model in models {
            for split in SPLITS {
                shapes.add(model, split);
            }
        }
        shapes
    }

    fn add(&mut self, m: &Model, split: u32) {
        let h = m.hidden;
        let heads = (m.heads / split).max(1);
        if let Some(l) = m.latent {
            let query = heads * (l.nope + l.rope);
            if l.q_rank > 0 {
                self.products.insert((l.q_rank + l.kv_rank + l.rope, h));
                self.products.insert((query, l.q_rank));
            } else {
                self.products.insert((query + l.kv_rank + l.rope, h));
            }
            self.products.insert((heads * (l.nope + l.value), l.kv_rank));
            self.products.insert((h, heads * l.value));
            self.latent.insert(heads);
        } else {
            let kv = (m.kv_heads / split).max(1);
            self.products.insert(((heads + 2 * kv) * m.head_dim, h));
            self.products.insert((h, heads * m.head_dim));
            self.attention.insert((heads, kv, m.head_dim));
        }
        let gate = if m.gated { 2 } else { 1 };
        self.products.insert((gate * m.inner / split, h));
        self.products.insert((h, m.inner / split));
        self.products.insert((m.vocabulary.div_ceil(split), h));
        if let Some(e) = m.experts {
            self.experts.insert((h, e.width, e.per_token, e.count));
            let shared = e.shared * e.width / split;
            if shared > 0 {
                self.products.insert((2 * shared, h));
                self.products.insert((h, shared));
            }
        }
    }

    /// Whether a real model makes this call.
    #[must_use]
    pub fn has(&self, call: &Call) -> bool {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let int = |x: f64| x as u32;
        match call {
            Call::Gemm(c) => self.products.contains(&(int(c.n), int(c.k))),
            Call::AttentionPrefill(c) => {
                c.tokens >= SHORTEST_PROMPT
                    && c.window.is_infinite()
                    && self
                        .attention
                        .contains(&(int(c.heads), int(c.kv_heads), int(c.head_dim)))
            }
            Call::AttentionDecode(c) => {
                c.window.is_infinite()
                    && self
                        .attention
                        .contains(&(int(c.heads), int(c.kv_heads), int(c.head_dim)))
            }
            Call::MlaPrefill(c) => c.tokens >= SHORTEST_PROMPT && self.latent.contains(&int(c.heads)),
            Call::MlaDecode(c) => self.latent.contains(&int(c.heads)),
            Call::GroupedGemm(c) => {
                self.experts
                    .contains(&(int(c.hidden), int(c.inner), int(c.chosen), int(c.experts)))
            }
            Call::Collective(_) | Call::CustomAllReduce(_) => true,
        }
    }
}
