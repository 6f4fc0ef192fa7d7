//! The shape of a model from the fields of its configuration: widths, mixers, experts.

use super::families::{Family, Mixture, Style, gated_output};
use super::fields::Fields;
use super::{Experts, Feed, Indexer, Latent, Linear, Mixer, Model, blocks};
use crate::figure::{Grade, SourceId};
use crate::perf::ModelId;

/// Largest width, head count and depth accepted; no model is near, and counts below cannot overflow.
const WIDTH: u32 = 10_000_000;
const HEADS: u32 = 30_000;
const DEPTH: u32 = 10_000;

struct Widths {
    hidden: u32,
    layers: u32,
    heads: u32,
    /// What the file calls heads.
    heads_named: &'static str,
    kv_heads: u32,
    inner: u32,
    positions: u32,
    gated: bool,
}

impl Widths {
    /// Notes heads that no model can have; the width of a head where the file leaves it out.
    fn head(&self, f: &Fields<'_>, family: &Family) -> u32 {
        let named = self.heads_named;
        if self.kv_heads > self.heads || !self.heads.is_multiple_of(self.kv_heads) {
            let text = format!(
                "`num_key_value_heads` is `{}`, which does not divide the `{}` heads of `{named}`",
                self.kv_heads, self.heads
            );
            f.problem(
                "num_key_value_heads",
                text,
                "so many heads that each serves as many query heads",
            );
        }
        // Gemma's head width is 256 where its file leaves it out.
        let gemma = family.name.starts_with("gemma");
        let usual = if gemma {
            256
        } else {
            (self.hidden / self.heads).max(1)
        };
        let given = f.optional(&["head_dim", "kv_channels"], 1, 16_384);
        if given.is_none() && !gemma && !family.latent && !self.hidden.is_multiple_of(self.heads) {
            let text = format!(
                "`{named}` is `{}`, which does not divide the width `{}`, and the file has no `head_dim`",
                self.heads, self.hidden
            );
            f.problem(
                named,
                text,
                "give `head_dim`, or a number of heads that divides the width",
            );
        }
        given.unwrap_or(usual)
    }
}

fn widths(f: &Fields<'_>, family: &Family) -> Widths {
    let n = family.name;
    let need = |names: &[&'static str], high| f.required(names, high, n);
    match family.style {
        Style::Llama | Style::Plain => {
            let (hidden, layers, heads) = match n {
                "bloom" => (
                    need(&["hidden_size", "n_embed"], WIDTH),
                    need(&["n_layer", "num_hidden_layers"], DEPTH),
                    need(&["n_head", "num_attention_heads"], HEADS),
                ),
                _ => (
                    need(&["hidden_size"], WIDTH),
                    need(&["num_hidden_layers", "num_layers"], DEPTH),
                    need(&["num_attention_heads"], HEADS),
                ),
            };
            let kv = f.optional(&["num_key_value_heads"], 1, HEADS).unwrap_or(heads);
            let inner = match n {
                "bloom" => 4 * hidden,
                "opt" => need(&["ffn_dim"], WIDTH),
                "llama4" | "llama4_text" => need(&["intermediate_size_mlp"], WIDTH),
                // It has no dense block, and its file no width of one.
                "qwen3_5_moe_text" => need(&["intermediate_size", "moe_intermediate_size"], WIDTH),
                _ => need(&["intermediate_size"], WIDTH),
            };
            let positions = match n {
                "opt" => f.optional(&["max_position_embeddings"], 1, WIDTH).unwrap_or(0),
                _ => 0,
            };
            let gated = family.style == Style::Llama;
            Widths {
                hidden,
                layers,
                heads,
                heads_named: if n == "bloom" {
                    "n_head"
                } else {
                    "num_attention_heads"
                },
                kv_heads: kv,
                inner,
                positions,
                gated,
            }
        }
        Style::Gpt2 => {
            let hidden = need(&["n_embd"], WIDTH / 4);
            let heads = need(&["n_head"], HEADS);
            let learned = if n == "gpt2" {
                need(&["n_positions", "n_ctx"], WIDTH)
            } else {
                0
            };
            Widths {
                hidden,
                layers: need(&["n_layer"], DEPTH),
                heads,
                heads_named: "n_head",
                kv_heads: heads,
                inner: f.optional(&["n_inner"], 1, WIDTH).unwrap_or(4 * hidden),
                positions: learned,
                gated: false,
            }
        }
        Style::Falcon => {
            let hidden = need(&["hidden_size"], WIDTH / 4);
            let heads = need(&["num_attention_heads", "n_head"], HEADS);
            let several = f.flag("new_decoder_architecture", false);
            let one = f.flag("multi_query", true) && !several;
            let given = f
                .optional(&["num_kv_heads", "n_head_kv"], 1, HEADS)
                .unwrap_or(heads);
            Widths {
                hidden,
                layers: need(&["num_hidden_layers", "n_layer"], DEPTH),
                heads,
                heads_named: "num_attention_heads",
                kv_heads: if one { 1 } else { given },
                inner: f.optional(&["ffn_hidden_size"], 1, WIDTH).unwrap_or(4 * hidden),
                positions: 0,
                gated: false,
            }
        }
        Style::ChatGlm => {
            let heads = need(&["num_attention_heads"], HEADS);
            let groups = f.optional(&["multi_query_group_num"], 1, HEADS);
            let shared = f.flag("multi_query_attention", false);
            Widths {
                hidden: need(&["hidden_size"], WIDTH),
                layers: need(&["num_layers"], DEPTH),
                heads,
                heads_named: "num_attention_heads",
                kv_heads: groups.filter(|_| shared).unwrap_or(heads),
                inner: need(&["ffn_hidden_size"], WIDTH),
                positions: 0,
                gated: true,
            }
        }
        Style::Mpt => {
            let hidden = need(&["d_model"], WIDTH / 16);
            let heads = need(&["n_heads"], HEADS);
            let config = f.inner("attn_config");
            // A bias or a rotation by position takes the place of the table (LLM Foundry, `MPTConfig`).
            let other = config.flag("alibi", false) || config.flag("rope", false);
            let learned = f.flag("learned_pos_emb", true) && !other;
            let positions = f.optional(&["max_seq_len"], 1, WIDTH).unwrap_or(0);
            let kv_heads = match config.text("attn_type") {
                Some("multiquery_attention") => 1,
                Some("multihead_attention") => heads,
                _ => config.number("kv_n_heads", HEADS).unwrap_or(heads),
            };
            Widths {
                hidden,
                layers: need(&["n_layers"], DEPTH),
                heads,
                heads_named: "n_heads",
                kv_heads,
                inner: hidden * f.optional(&["expansion_ratio"], 1, 16).unwrap_or(4),
                positions: if learned { positions } else { 0 },
                gated: false,
            }
        }
    }
}

pub(super) fn architecture(
    f: &Fields<'_>,
    family: &'static Family,
    id: String,
    name: String,
    source: Option<SourceId>,
    grade: Grade,
) -> Model {
    let w = widths(f, family);
    let latent = family.latent.then(|| latent(f, family, w.layers));
    let head_dim = w.head(f, family);
    let mixers = blocks::mixers(f, family, w.layers);
    let feeds = blocks::feeds(f, family, w.layers);
    if mixers.len() != feeds.len() {
        let text = format!("`layer_types` names {} layers of {}", mixers.len(), w.layers);
        f.problem("layer_types", text, "one entry a layer");
    }
    let linear = mixers.contains(&Mixer::Linear).then(|| linear(f, family));
    let dense = feeds.iter().filter(|feed| **feed == Feed::Dense).count();
    let experts = experts(f, family, w.inner, u32::try_from(dense).unwrap_or(w.layers));
    Model {
        id: ModelId(id),
        name,
        family: family.name,
        source,
        grade,
        hidden: w.hidden,
        layers: w.layers,
        heads: w.heads,
        kv_heads: w.kv_heads,
        head_dim,
        output_gate: gated_output(family) || f.flag("mla_use_output_gate", false) && family.latent,
        inner: w.inner,
        vocabulary: f.required(&["vocab_size", "padded_vocab_size"], WIDTH, family.name),
        tied: f.flag("tie_word_embeddings", family.tied),
        gated: w.gated,
        positions: w.positions,
        experts,
        latent,
        linear,
        blocks: blocks::grouped(&mixers, &feeds),
    }
}

fn latent(f: &Fields<'_>, family: &Family, layers: u32) -> Latent {
    let need = |name: &'static str| f.required(&[name], 65_536, family.name);
    Latent {
        q_rank: f.optional(&["q_lora_rank"], 0, 65_536).unwrap_or(0),
        kv_rank: need("kv_lora_rank"),
        nope: need("qk_nope_head_dim"),
        rope: need("qk_rope_head_dim"),
        value: need("v_head_dim"),
        indexer: family.sparse.then(|| Indexer {
            heads: need("index_n_heads"),
            dim: need("index_head_dim"),
            top: need("index_topk"),
            layers: indexed(f, layers),
        }),
    }
}

/// Layers with an indexer of their own: those that `indexer_types` calls `full`, all where it is not there.
fn indexed(f: &Fields<'_>, layers: u32) -> u32 {
    let Some(types) = f.list("indexer_types") else {
        return layers;
    };
    let own = types.iter().filter(|t| t.as_str() == Some("full")).count();
    if types.len() != layers as usize || own == 0 {
        let text = format!(
            "`indexer_types` names {} layers, {own} of them `full`",
            types.len()
        );
        f.problem(
            "indexer_types",
            text,
            format!("{layers} entries, one or more of them `full`"),
        );
    }
    u32::try_from(own).unwrap_or(layers)
}

fn linear(f: &Fields<'_>, family: &Family) -> Linear {
    if family.name == "kimi_linear" {
        let config = f.inner("linear_attn_config");
        let inside = |name: &'static str| config.required(name, HEADS);
        let (heads, dim) = (inside("num_heads"), inside("head_dim"));
        return Linear {
            key_heads: heads,
            value_heads: heads,
            key_dim: dim,
            value_dim: dim,
            taps: inside("short_conv_kernel_size"),
            gate_rank: dim,
            full_gate: config.flag("use_full_rank_gate", false),
        };
    }
    let need = |name: &'static str| f.required(&[name], HEADS, family.name);
    Linear {
        key_heads: need("linear_num_key_heads"),
        value_heads: need("linear_num_value_heads"),
        key_dim: need("linear_key_head_dim"),
        value_dim: need("linear_value_head_dim"),
        taps: need("linear_conv_kernel_dim"),
        gate_rank: 0,
        full_gate: true,
    }
}

fn experts(f: &Fields<'_>, family: &Family, inner: u32, dense_layers: u32) -> Option<Experts> {
    let n = family.name;
    let chosen = [
        "num_experts_per_tok",
        "num_experts_per_token",
        "moe_topk",
        "moe_k",
    ];
    let (count, width, shared) = match family.mixture {
        Mixture::None => return None,
        Mixture::Local => (
            f.required(&["num_local_experts", "num_experts"], 65_536, n),
            inner,
            0,
        ),
        Mixture::Interleaved => (
            f.required(&["num_local_experts"], 65_536, n),
            f.required(&["intermediate_size"], WIDTH, n),
            1,
        ),
        Mixture::Hunyuan => (
            f.required(&["num_experts"], 65_536, n),
            f.optional(&["moe_intermediate_size"], 1, WIDTH).unwrap_or(inner),
            f.optional(&["num_shared_expert"], 0, 1000).unwrap_or(0),
        ),
        Mixture::Ernie => (
            f.required(&["moe_num_experts"], 65_536, n),
            f.required(&["moe_intermediate_size"], WIDTH, n),
            f.optional(&["moe_num_shared_experts"], 0, 1000).unwrap_or(0),
        ),
        Mixture::Stepped => {
            let width = f.required(&["moe_intermediate_size"], WIDTH, n);
            let shared = f
                .optional(&["shared_expert_intermediate_size"], 0, WIDTH)
                .unwrap_or(0);
            if !shared.is_multiple_of(width) {
                let text = format!("`shared_expert_intermediate_size` is `{shared}`");
                let help = format!("a multiple of `moe_intermediate_size`, {width}");
                f.problem("shared_expert_intermediate_size", text, help);
            }
            (f.required(&["num_experts"], 65_536, n), width, shared / width)
        }
        Mixture::Routed => {
            let width = f.required(&["moe_intermediate_size"], WIDTH, n);
            let shared = f
                .optional(&["n_shared_experts", "num_shared_experts"], 0, 1000)
                .unwrap_or(0);
            (
                f.required(&["n_routed_experts", "num_experts"], 65_536, n),
                width,
                shared * wider_shared(f, width),
            )
        }
    };
    let groups = match f
        .optional(&["n_group", "num_expert_group"], 0, 65_536)
        .unwrap_or(0)
    {
        // DeepSeek-V3 limits a token to `topk_group` of its groups; one group is no limit.
        1 => 0,
        _ => f.optional(&["topk_group"], 0, 65_536).unwrap_or(0),
    };
    let per_token = f.required(&chosen, 65_536, n);
    if per_token > count {
        let text = format!("`{}` is `{per_token}` of {count} experts", chosen[0]);
        f.problem(chosen[0], text, "at most the number of experts");
    }
    Some(Experts {
        count,
        per_token,
        width,
        shared,
        narrowed: f.optional(&["routed_expert_hidden_size"], 1, WIDTH).unwrap_or(0),
        dense_layers,
        groups,
    })
}

/// How many times as wide as a routed expert a shared one is (`moe_shared_expert_intermediate_size` of Ling's files).
fn wider_shared(f: &Fields<'_>, width: u32) -> u32 {
    let name = "moe_shared_expert_intermediate_size";
    let shared = f.optional(&[name], 1, WIDTH).unwrap_or(width);
    if !shared.is_multiple_of(width) {
        let help = format!("a multiple of `moe_intermediate_size`, {width}");
        f.problem(name, format!("`{name}` is `{shared}`"), help);
    }
    (shared / width).max(1)
}
