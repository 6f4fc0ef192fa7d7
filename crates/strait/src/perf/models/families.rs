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
}

/// Where a family keeps windows or linear layers when `layer_types` does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// All layers alike; windowed where `sliding_window` is set.
    Alike,
    /// All alike; `sliding_window` counts only with `use_sliding_window`.
    OptIn,
    /// Windows on all but every n-th layer (`sliding_window_pattern`, else this).
    Every(u32),
    /// Linear attention on all but every n-th layer (`full_attention_interval`, else this).
    LinearEvery(u32),
    /// Linear attention on `linear_attn_config.kda_layers`.
    LinearListed,
}

/// Names a family gives its experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mixture {
    /// No experts.
    None,
    /// `num_local_experts` of width `intermediate_size`, in every layer.
    Local,
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

const FAMILIES: [Family; 33] = [
    family("llama"),
    family("mistral"),
    family("phi3"),
    family("granite"),
    family("olmo2"),
    family("internlm2"),
    family("glm4"),
    family("seed_oss"),
    Family {
        layout: Layout::OptIn,
        ..family("qwen2")
    },
    Family {
        layout: Layout::OptIn,
        ..family("qwen3")
    },
    Family {
        tied: true,
        ..family("gemma")
    },
    gemma("gemma2", 2),
    gemma("gemma3", 6),
    gemma("gemma3_text", 6),
    mixture("mixtral", Mixture::Local, Layout::Alike),
    mixture("phimoe", Mixture::Local, Layout::Alike),
    mixture("gpt_oss", Mixture::Local, Layout::Every(2)),
    mixture("qwen2_moe", Mixture::Stepped, Layout::OptIn),
    mixture("qwen3_moe", Mixture::Stepped, Layout::OptIn),
    mixture("qwen3_next", Mixture::Stepped, Layout::LinearEvery(4)),
    mixture("glm4_moe", Mixture::Routed, Layout::Alike),
    latent("deepseek_v2", Layout::Alike),
    latent("deepseek_v3", Layout::Alike),
    latent("kimi_k2", Layout::Alike),
    latent("kimi_linear", Layout::LinearListed),
    plain("gpt2", Style::Gpt2, true),
    plain("gptj", Style::Gpt2, false),
    plain("mpt", Style::Mpt, true),
    plain("gpt_neox", Style::Plain, false),
    plain("phi", Style::Plain, false),
    plain("starcoder2", Style::Plain, true),
    plain("opt", Style::Plain, true),
    plain("bloom", Style::Plain, true),
];

/// The family of a `model_type`.
pub(super) fn find(name: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|f| f.name == name)
}

/// Every `model_type` understood.
pub fn family_names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|f| f.name)
}
