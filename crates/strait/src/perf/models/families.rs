//! The families whose `config.json` is understood: how each names its fields and lays out its layers.

/// How a family writes its widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `hidden_size`, `num_hidden_layers`, gated feed-forward.
    Llama,
    /// The same names, two feed-forward matrices.
    Plain,
    /// `n_embd`, `n_layer`, `n_head`, learned positions.
    Gpt2,
    /// `d_model`, `n_layers`, `n_heads`, `expansion_ratio`.
    Mpt,
    /// `num_kv_heads` or one key head (`multi_query`), feed-forward four times as wide.
    Falcon,
    /// `num_layers`, `ffn_hidden_size`, `multi_query_group_num`, `padded_vocab_size`.
    ChatGlm,
}

/// Where a family keeps windows or linear layers when `layer_types` does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// All layers alike; windowed where `sliding_window` is set.
    Alike,
    /// All alike; `sliding_window` counts only with `use_sliding_window`.
    OptIn,
    /// Windows on all but every n-th layer (`sliding_window_pattern`, else this), or as its letters say.
    Every(u32),
    /// Linear attention on all but every n-th layer (`full_attention_interval`, else this).
    LinearEvery(u32),
    /// Linear attention on `linear_attn_config.kda_layers`.
    LinearListed,
    /// Attention within chunks of `attention_chunk_size` where `no_rope_layers` has a one, else on all but every fourth layer.
    Chunked,
}

/// Names a family gives its experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mixture {
    /// No experts.
    None,
    /// `num_local_experts` (or `num_experts`) of width `intermediate_size`, in every layer.
    Local,
    /// `num_experts` of width `moe_intermediate_size` in every layer, `moe_topk` of them, and `num_shared_expert`.
    Hunyuan,
    /// `num_local_experts` of width `intermediate_size` and a shared one, every `interleave_moe_layer_step`-th layer.
    Interleaved,
    /// `moe_num_experts`, `moe_k`, between `moe_layer_start_index` and `moe_layer_end_index`.
    Ernie,
    /// `num_experts` of width `moe_intermediate_size`, sparse by `decoder_sparse_step`.
    Stepped,
    /// `n_routed_experts` after `first_k_dense_replace` dense layers.
    Routed,
}

/// One family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) style: Style,
    pub(super) layout: Layout,
    pub(super) mixture: Mixture,
    pub(super) latent: bool,
    /// Whether an indexer chooses what latent attention sees.
    pub(super) sparse: bool,
    /// Whether embeddings are tied where the file does not say.
    pub(super) tied: bool,
}

const fn family(name: &'static str) -> Family {
    Family {
        name,
        style: Style::Llama,
        layout: Layout::Alike,
        mixture: Mixture::None,
        latent: false,
        sparse: false,
        tied: false,
    }
}
const fn gemma(name: &'static str, every: u32) -> Family {
    Family {
        layout: Layout::Every(every),
        tied: true,
        ..family(name)
    }
}
const fn plain(name: &'static str, style: Style, tied: bool) -> Family {
    Family {
        style,
        tied,
        ..family(name)
    }
}
const fn mixture(name: &'static str, mixture: Mixture, layout: Layout) -> Family {
    Family {
        mixture,
        layout,
        ..family(name)
    }
}
const fn latent(name: &'static str, layout: Layout) -> Family {
    Family {
        latent: true,
        ..mixture(name, Mixture::Routed, layout)
    }
}

const fn tied(name: &'static str) -> Family {
    Family {
        tied: true,
        ..family(name)
    }
}
const fn opt_in(name: &'static str) -> Family {
    Family {
        layout: Layout::OptIn,
        ..family(name)
    }
}
const fn windowed(name: &'static str, every: u32) -> Family {
    Family {
        layout: Layout::Every(every),
        ..family(name)
    }
}
const fn sparse(name: &'static str) -> Family {
    Family {
        sparse: true,
        ..latent(name, Layout::Alike)
    }
}

const FAMILIES: &[Family] = &[
    family("llama"),
    family("mistral"),
    family("phi3"),
    family("granite"),
    family("olmo"),
    family("olmo2"),
    windowed("olmo3", 4),
    family("internlm2"),
    family("internlm3"),
    family("glm4"),
    family("seed_oss"),
    family("baichuan"),
    family("stablelm"),
    family("exaone"),
    windowed("exaone4", 4),
    family("hunyuan_v1_dense"),
    opt_in("mimo"),
    opt_in("qwen2"),
    opt_in("qwen2_vl"),
    opt_in("qwen2_5_vl"),
    opt_in("qwen3"),
    opt_in("qwen3_vl_text"),
    tied("smollm3"),
    tied("ernie4_5"),
    tied("cohere"),
    gemma("cohere2", 4),
    tied("gemma"),
    gemma("gemma2", 2),
    gemma("gemma3", 6),
    gemma("gemma3_text", 6),
    mixture("mixtral", Mixture::Local, Layout::Alike),
    mixture("phimoe", Mixture::Local, Layout::Alike),
    mixture("olmoe", Mixture::Local, Layout::Alike),
    mixture("minimax_m2", Mixture::Local, Layout::Alike),
    mixture("gpt_oss", Mixture::Local, Layout::Every(2)),
    Family {
        tied: true,
        ..mixture("granitemoe", Mixture::Local, Layout::Alike)
    },
    mixture("llama4", Mixture::Interleaved, Layout::Chunked),
    mixture("llama4_text", Mixture::Interleaved, Layout::Chunked),
    Family {
        tied: true,
        ..mixture("hunyuan_v1_moe", Mixture::Hunyuan, Layout::Alike)
    },
    Family {
        tied: true,
        ..mixture("ernie4_5_moe", Mixture::Ernie, Layout::Alike)
    },
    mixture("qwen2_moe", Mixture::Stepped, Layout::OptIn),
    mixture("qwen3_moe", Mixture::Stepped, Layout::OptIn),
    mixture("qwen3_vl_moe_text", Mixture::Stepped, Layout::OptIn),
    mixture("qwen3_next", Mixture::Stepped, Layout::LinearEvery(4)),
    mixture("qwen3_5_moe_text", Mixture::Stepped, Layout::LinearEvery(4)),
    Family {
        layout: Layout::LinearEvery(4),
        ..family("qwen3_5_text")
    },
    mixture("glm4_moe", Mixture::Routed, Layout::Alike),
    mixture("dots1", Mixture::Routed, Layout::Alike),
    mixture("bailing_moe", Mixture::Routed, Layout::Alike),
    mixture("deepseek", Mixture::Routed, Layout::Alike),
    latent("deepseek_v2", Layout::Alike),
    latent("deepseek_v3", Layout::Alike),
    latent("kimi_k2", Layout::Alike),
    sparse("deepseek_v32"),
    sparse("glm_moe_dsa"),
    latent("kimi_linear", Layout::LinearListed),
    plain("gpt2", Style::Gpt2, true),
    plain("gptj", Style::Gpt2, false),
    plain("mpt", Style::Mpt, true),
    plain("falcon", Style::Falcon, true),
    Family {
        style: Style::ChatGlm,
        ..family("chatglm")
    },
    plain("gpt_neox", Style::Plain, false),
    plain("phi", Style::Plain, false),
    plain("nemotron", Style::Plain, false),
    plain("arcee", Style::Plain, false),
    plain("apertus", Style::Plain, false),
    plain("starcoder2", Style::Plain, true),
    plain("opt", Style::Plain, true),
    plain("bloom", Style::Plain, true),
];

/// Families with state-space layers, whose operators no model here has.
const STATE_SPACE: [&str; 9] = [
    "mamba",
    "mamba2",
    "jamba",
    "bamba",
    "zamba",
    "zamba2",
    "falcon_h1",
    "nemotron_h",
    "granitemoehybrid",
];

/// Families whose files are known and have what no model here has, and what that is.
const UNREAD: [(&str, &str); 10] = [
    (
        "gemma4_text",
        "its full layers have key heads of their own number and width (`num_global_key_value_heads`, `global_head_dim`), \
         and a model here has one of each for all layers",
    ),
    ("mimo_v2", WINDOWED_HEADS),
    ("mimo_v2_flash", WINDOWED_HEADS),
    ("step3p5", OTHER_HEADS),
    ("step3p7", OTHER_HEADS),
    (
        "glm5_next_text",
        "it has several residual streams and an indexer over pooled keys, which are not modelled",
    ),
    (
        "deepseek_v4",
        "its attention compresses the cache by a ratio of each layer (`compress_ratios`) beside several residual streams \
         (`hc_mult`), which are not modelled",
    ),
    ("minimax_m3", BLOCKS_CHOSEN),
    ("minimax_m3_vl", BLOCKS_CHOSEN),
    ("minimax_m3_vl_text", BLOCKS_CHOSEN),
];

const WINDOWED_HEADS: &str = "its windowed layers have key heads of their own number (`swa_num_key_value_heads`) and values \
                              narrower than keys (`v_head_dim`), and a model here has one of each for all layers";
const OTHER_HEADS: &str = "its windowed layers have query heads of their own number (`attention_other_setting`), and a model \
                           here has one for all layers";

/// Attention to blocks that index heads choose, which is known of latent attention alone.
const BLOCKS_CHOSEN: &str = "its attention sees blocks of tokens that an index chooses (`sparse_attention_config`), which is not modelled";

/// Why a family is not read, where that is known.
pub(super) fn unread(name: &str) -> Option<&'static str> {
    if STATE_SPACE.contains(&name) {
        return Some("it has state-space (Mamba) layers, which are not modelled");
    }
    UNREAD.iter().find(|(of, _)| *of == name).map(|(_, why)| *why)
}

/// Whether a gate of the queries' width multiplies attention's output.
pub(super) fn gated_output(family: &Family) -> bool {
    matches!(family.name, "qwen3_next" | "qwen3_5_text" | "qwen3_5_moe_text")
}

/// The family of a `model_type`.
pub(super) fn find(name: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|f| f.name == name)
}

/// Every `model_type` understood.
pub fn family_names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|f| f.name)
}
