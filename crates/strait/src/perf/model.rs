//! Architecture of a language model: the fields of a Hugging Face `config.json`, and what follows
//! from them: parameters, KV-cache size, arithmetic.

use crate::data::{DataFile, Problem, Problems, Reader};
use crate::figure::{Grade, SourceId, Sources};
use crate::perf::ModelId;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A file of `data/models/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModel {
    name: String,
    source: Spanned<String>,
    grade: Grade,
    hidden_size: u32,
    num_hidden_layers: u32,
    num_attention_heads: u32,
    num_key_value_heads: u32,
    head_dim: u32,
    intermediate_size: u32,
    vocab_size: u32,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default = "yes")]
    gated_mlp: bool,
    #[serde(default)]
    learned_positions: u32,
    #[serde(default)]
    num_experts: u32,
    #[serde(default)]
    num_experts_per_tok: u32,
    #[serde(default)]
    moe_intermediate_size: u32,
    #[serde(default)]
    n_shared_experts: u32,
    #[serde(default)]
    first_k_dense_replace: u32,
    #[serde(default)]
    topk_group: u32,
    #[serde(default)]
    q_lora_rank: u32,
    #[serde(default)]
    kv_lora_rank: u32,
    #[serde(default)]
    qk_nope_head_dim: u32,
    #[serde(default)]
    qk_rope_head_dim: u32,
    #[serde(default)]
    v_head_dim: u32,
}

fn yes() -> bool {
    true
}

/// Routed experts of a mixture-of-experts model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Experts {
    /// Routed experts in a layer.
    pub count: u32,
    /// Experts a token is sent to.
    pub per_token: u32,
    /// Inner width of one expert.
    pub width: u32,
    /// Experts every token passes.
    pub shared: u32,
    /// First layers that are dense.
    pub dense_layers: u32,
    /// Groups (nodes) a token is limited to; zero where it is not.
    pub groups: u32,
}

/// Multi-head latent attention.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latent {
    /// Rank of the query projection.
    pub q_rank: u32,
    /// Rank of the cached latent.
    pub kv_rank: u32,
    /// Width of a head's part without rotation.
    pub nope: u32,
    /// Width of a head's rotated part.
    pub rope: u32,
    /// Width of a head's value.
    pub value: u32,
}

/// One language model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Id, the file's name.
    pub id: ModelId,
    /// Name as people write it.
    pub name: String,
    /// Source of the architecture.
    pub source: SourceId,
    /// Its grade.
    pub grade: Grade,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Transformer layers.
    pub layers: u32,
    /// Query heads.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// Width of a head.
    pub head_dim: u32,
    /// Inner width of a dense feed-forward block.
    pub inner: u32,
    /// Vocabulary.
    pub vocabulary: u32,
    /// Whether input and output embeddings are one.
    pub tied: bool,
    /// Whether the feed-forward block has a gate (three matrices, not two).
    pub gated: bool,
    /// Learned position embeddings.
    pub positions: u32,
    /// Experts, where it is a mixture.
    pub experts: Option<Experts>,
    /// Latent attention, where it has it.
    pub latent: Option<Latent>,
}

impl Model {
    /// Parameters of one layer's attention: query, key, value and output projections.
    pub(crate) fn attention_weights(&self) -> (f64, f64) {
        let hidden = f64::from(self.hidden);
        match self.latent {
            Some(l) => {
                let heads = f64::from(self.heads);
                let q_rank = f64::from(l.q_rank);
                let kv_rank = f64::from(l.kv_rank);
                let down = hidden * (q_rank + kv_rank + f64::from(l.rope));
                let up = q_rank * heads * f64::from(l.nope + l.rope)
                    + kv_rank * heads * f64::from(l.nope + l.value);
                (down + up, heads * f64::from(l.value) * hidden)
            }
            None => {
                let width = f64::from(self.heads * self.head_dim);
                let kv = 2.0 * f64::from(self.kv_heads * self.head_dim);
                (hidden * (width + kv), width * hidden)
            }
        }
    }

    /// Matrices of a feed-forward block.
    pub(crate) fn matrices(&self) -> f64 {
        if self.gated { 3.0 } else { 2.0 }
    }

    /// Parameters of one dense feed-forward block.
    pub(crate) fn dense_mlp(&self) -> f64 {
        self.matrices() * f64::from(self.hidden) * f64::from(self.inner)
    }

    /// Parameters of one expert.
    pub(crate) fn one_expert(&self) -> f64 {
        self.experts
            .map_or(0.0, |e| 3.0 * f64::from(self.hidden) * f64::from(e.width))
    }

    /// Layers with a dense and with an expert feed-forward block.
    pub(crate) fn layer_kinds(&self) -> (f64, f64) {
        match self.experts {
            Some(e) => (f64::from(e.dense_layers), f64::from(self.layers - e.dense_layers)),
            None => (f64::from(self.layers), 0.0),
        }
    }

    /// Parameters outside the routed experts, embeddings included once or twice.
    pub(crate) fn common_parameters(&self) -> f64 {
        let (qkv, out) = self.attention_weights();
        let (dense, sparse) = self.layer_kinds();
        let hidden = f64::from(self.hidden);
        let shared = self.experts.map_or(0.0, |e| {
            f64::from(e.shared) * self.one_expert() + hidden * f64::from(e.count)
        });
        let embeddings = hidden * f64::from(self.vocabulary) * if self.tied { 1.0 } else { 2.0 };
        f64::from(self.layers) * (qkv + out)
            + dense * self.dense_mlp()
            + sparse * shared
            + embeddings
            + hidden * f64::from(self.positions)
    }

    /// Parameters of all routed experts.
    pub(crate) fn expert_parameters(&self) -> f64 {
        let (_, sparse) = self.layer_kinds();
        self.experts
            .map_or(0.0, |e| sparse * f64::from(e.count) * self.one_expert())
    }

    /// All parameters, counted (norms and biases left out: below 0.1 %).
    pub fn parameters(&self) -> u64 {
        rounded(self.common_parameters() + self.expert_parameters())
    }

    /// Parameters one token passes, both embeddings included.
    pub fn active_parameters(&self) -> u64 {
        let (_, sparse) = self.layer_kinds();
        let routed = self
            .experts
            .map_or(0.0, |e| sparse * f64::from(e.per_token) * self.one_expert());
        rounded(self.common_parameters() + routed)
    }

    /// KV-cache entries of one token: elements to be multiplied by the format's bytes.
    pub fn kv_elements_per_token(&self) -> u64 {
        u64::from(self.layers) * u64::from(self.kv_elements_per_layer())
    }

    /// KV-cache elements of one token in one layer.
    pub(crate) fn kv_elements_per_layer(&self) -> u32 {
        self.latent
            .map_or(2 * self.kv_heads * self.head_dim, |l| l.kv_rank + l.rope)
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
        active(self) - input - f64::from(self.hidden) * f64::from(self.positions)
    }

    /// Whether the query heads can be shared out evenly among so many chips.
    #[must_use]
    pub fn splits_over(&self, chips: u32) -> bool {
        chips > 0 && self.heads.is_multiple_of(chips)
    }

    /// Model FLOP of one token's forward pass at `context` earlier tokens: 2 a parameter, and
    /// 2 heads (d_qk + d_v) a cached token and layer.
    pub fn forward_flop(&self, context: f64) -> f64 {
        let (qk, v) = self.score_widths();
        2.0 * self.multiplied_parameters()
            + 2.0 * f64::from(self.layers) * f64::from(self.heads) * (qk + v) * context
    }
}

fn active(model: &Model) -> f64 {
    let (_, sparse) = model.layer_kinds();
    model.common_parameters()
        + model
            .experts
            .map_or(0.0, |e| sparse * f64::from(e.per_token) * model.one_expert())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(count: f64) -> u64 {
    count.round() as u64
}

/// Reads one file of `data/models/`.
pub(crate) fn read_model(file: DataFile<'_>, sources: &Sources) -> Result<Model, Problems> {
    let raw: RawModel =
        toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let source = reader.source(raw.source.get_ref(), raw.grade, raw.source.span());
    let mut problems = std::mem::take(&mut reader.problems);
    for (field, value) in [
        ("hidden_size", raw.hidden_size),
        ("num_hidden_layers", raw.num_hidden_layers),
        ("num_attention_heads", raw.num_attention_heads),
        ("num_key_value_heads", raw.num_key_value_heads),
        ("head_dim", raw.head_dim),
        ("intermediate_size", raw.intermediate_size),
        ("vocab_size", raw.vocab_size),
    ] {
        // Widths beyond these would overflow the counts below; no model is near.
        if value == 0 || value > 10_000_000 {
            problems.push(
                Problem::in_file(file.path, format!("`{field}` is `{value}`"))
                    .help("a whole number of one or more"),
            );
        }
    }
    if raw.num_experts > 0
        && (raw.num_experts_per_tok == 0
            || raw.num_experts_per_tok > raw.num_experts
            || raw.first_k_dense_replace > raw.num_hidden_layers)
    {
        problems.push(
            Problem::in_file(file.path, "expert fields that contradict one another")
                .help("`num_experts_per_tok` is between one and `num_experts`, `first_k_dense_replace` at most `num_hidden_layers`"),
        );
    }
    let id = file.path.trim_start_matches("models/").trim_end_matches(".toml");
    problems.or(Model {
        id: ModelId(id.to_owned()),
        name: raw.name,
        source,
        grade: raw.grade,
        hidden: raw.hidden_size,
        layers: raw.num_hidden_layers,
        heads: raw.num_attention_heads,
        kv_heads: raw.num_key_value_heads,
        head_dim: raw.head_dim,
        inner: raw.intermediate_size,
        vocabulary: raw.vocab_size,
        tied: raw.tie_word_embeddings,
        gated: raw.gated_mlp,
        positions: raw.learned_positions,
        experts: (raw.num_experts > 0).then_some(Experts {
            count: raw.num_experts,
            per_token: raw.num_experts_per_tok,
            width: raw.moe_intermediate_size,
            shared: raw.n_shared_experts,
            dense_layers: raw.first_k_dense_replace,
            groups: raw.topk_group,
        }),
        latent: (raw.kv_lora_rank > 0).then_some(Latent {
            q_rank: raw.q_lora_rank,
            kv_rank: raw.kv_lora_rank,
            nope: raw.qk_nope_head_dim,
            rope: raw.qk_rope_head_dim,
            value: raw.v_head_dim,
        }),
    })
}
