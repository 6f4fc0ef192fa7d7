//! Architectures against the counts their makers publish, and what a `config.json` must say.

mod configs;
mod families;
mod newer;
mod read;

use strait::data::{DataSet, load_sources};
use strait::perf::models::{family_names, read_config};
use strait::perf::{Mixer, Model, ModelId, PerfModel};

fn loaded() -> PerfModel {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"))
}

fn config(text: &str) -> Model {
    read_config("some/config.json", text).unwrap_or_else(|p| panic!("{p}"))
}

#[allow(clippy::cast_precision_loss)]
fn billions(count: u64) -> f64 {
    count as f64 / 1e9
}

/// Model, total and active parameters in 1e9 as published, largest relative error allowed, and where it stands.
/// `safetensors`: the count Hugging Face reads from the published weights.
const PUBLISHED: [(&str, f64, f64, f64, &str); 26] = [
    (
        "gpt-3-175b",
        174.6,
        174.6,
        0.001,
        "arXiv 2005.14165, table D.1: 174,600 M",
    ),
    ("gpt2-xl", 1.558, 1.558, 0.002, "openai/gpt-2: 1558M"),
    (
        "gpt-neox-20b",
        20.55,
        20.55,
        0.001,
        "arXiv 2204.06745, table 1: 20,554,567,680",
    ),
    ("llama-2-70b", 68.977, 68.977, 0.0005, "safetensors"),
    ("llama-3.1-8b", 8.0303, 8.0303, 0.0005, "safetensors"),
    ("llama-3.1-70b", 70.554, 70.554, 0.0005, "safetensors"),
    ("llama-3.1-405b", 405.85, 405.85, 0.0005, "safetensors"),
    ("mistral-7b", 7.2417, 7.2417, 0.0005, "safetensors"),
    (
        "mixtral-8x7b",
        46.703,
        12.9,
        0.003,
        "safetensors; arXiv 2401.04088: 13B active",
    ),
    ("qwen2.5-72b", 72.706, 72.706, 0.0005, "safetensors"),
    ("qwen3-8b", 8.1907, 8.1907, 0.0005, "safetensors"),
    ("qwen3-32b", 32.762, 32.762, 0.0005, "safetensors"),
    (
        "qwen3-30b-a3b",
        30.532,
        3.3,
        0.02,
        "safetensors; Qwen3 report: 3.3B active",
    ),
    (
        "qwen3-235b-a22b",
        235.09,
        22.0,
        0.01,
        "safetensors; Qwen3 report: 22B active",
    ),
    (
        "qwen3-next-80b-a3b",
        80.0,
        3.9,
        0.01,
        "model card: 80B; 3.9B active with both embeddings, 3B without",
    ),
    (
        "gpt-oss-120b",
        116.83,
        5.71,
        0.002,
        "card: 116.83B; 5.13B active without the input embedding of 0.58B",
    ),
    (
        "gpt-oss-20b",
        20.91,
        4.19,
        0.002,
        "card: 20.91B; 3.61B active without the input embedding of 0.58B",
    ),
    ("gemma-2-9b", 9.2417, 9.2417, 0.0005, "safetensors"),
    (
        "gemma-3-27b",
        27.016,
        27.016,
        0.002,
        "arXiv 2503.19786, table 1: 1,416 M + 25,600 M",
    ),
    ("phi-4", 14.66, 14.66, 0.0005, "safetensors"),
    (
        "deepseek-v2",
        236.0,
        21.4,
        0.01,
        "arXiv 2405.04434: 236B, 21B active",
    ),
    (
        "deepseek-v3",
        671.0,
        37.5,
        0.003,
        "arXiv 2412.19437: 671B, 37B active",
    ),
    (
        "kimi-k2",
        1026.0,
        32.9,
        0.01,
        "arXiv 2507.20534: 1.04T with embeddings rounded, 32.6B active",
    ),
    (
        "glm-4.7",
        355.0,
        33.0,
        0.02,
        "GLM-4.5 report (same widths): 355B, 32B active, with its prediction layer",
    ),
    (
        "kimi-linear-48b-a3b",
        48.0,
        3.4,
        0.03,
        "arXiv 2510.26692: 48B, 3B active without the input embedding",
    ),
    ("llama-3.1-70b", 70.6, 70.6, 0.001, "arXiv 2407.21783: 70.6B"),
];

#[test]
fn counts_match_the_published_ones() {
    let models = loaded();
    for (id, total, active, allowed, source) in PUBLISHED {
        let m = models
            .model(&ModelId(id.into()))
            .unwrap_or_else(|| panic!("{id}"));
        let (t, a) = (billions(m.parameters()), billions(m.active_parameters()));
        assert!(
            (t / total - 1.0).abs() < allowed,
            "{id}: {t} against {total} ({source})"
        );
        assert!(
            (a / active - 1.0).abs() < allowed.max(0.02),
            "{id}: {a} active against {active} ({source})"
        );
        let layers: u32 = m.blocks.iter().map(|b| b.count).sum();
        assert_eq!(layers, m.layers, "{id}");
    }
}

#[test]
fn training_sizes_match_the_papers_that_ran_them() {
    // Table 1 of arXiv 2104.04473, and LLM Foundry's table (params at a sequence of 2048).
    let stated = [
        ("megatron-gpt-1.7b", 1.7),
        ("megatron-gpt-3.6b", 3.6),
        ("megatron-gpt-7.5b", 7.5),
        ("megatron-gpt-18b", 18.4),
        ("megatron-gpt-39b", 39.1),
        ("megatron-gpt-76b", 76.1),
        ("megatron-gpt-145b", 145.6),
        ("megatron-gpt-310b", 310.1),
        ("megatron-gpt-530b", 529.6),
        ("megatron-gpt-1t", 1008.0),
        ("mpt-1b", 1.32),
        ("mpt-3b", 2.65),
        ("mpt-7b", 6.66),
        ("mpt-13b", 12.85),
        ("mpt-30b", 29.98),
        ("mpt-70b", 64.86),
    ];
    let models = loaded();
    for (id, total) in stated {
        let counted = billions(models.model(&ModelId(id.into())).unwrap().parameters());
        assert!(
            (counted - total).abs() < 0.051_f64.max(0.011 * total),
            "{id}: {counted} against {total}"
        );
    }
}

#[test]
fn megatron_core_sizes_are_those_of_their_names() {
    let models = loaded();
    // 1.754 and 118.49 are called 1.7 and 119; one embedding gives 1.485, 117.2, 311.5 and 459.1.
    for (id, low, high) in [
        ("1.7b", 1.65, 1.76),
        ("7.1b", 7.05, 7.15),
        ("16b", 15.5, 16.5),
        ("32b", 31.5, 32.5),
        ("70b", 69.5, 70.5),
        ("119b", 118.4, 119.5),
        ("177b", 176.5, 177.5),
        ("314b", 313.5, 314.5),
        ("462b", 461.5, 462.5),
    ] {
        let model = models.model(&ModelId(format!("megatron-core-gpt-{id}"))).unwrap();
        let counted = billions(model.parameters());
        assert!((low..high).contains(&counted), "{id}: {counted}");
    }
}

#[test]
fn caches_are_what_the_papers_say() {
    let models = loaded();
    let model = |id: &str| models.model(&ModelId(id.into())).unwrap();
    // DeepSeek-V2 paper: (512 + 64) a layer; 70,272 bytes a token in V3 at two bytes.
    assert_eq!(model("deepseek-v3").kv_elements_per_token() * 2, 70_272);
    assert_eq!(model("llama-3.1-70b").kv_elements_per_token() * 2, 327_680);
    // Qwen3-Next caches in a quarter of its layers.
    assert_eq!(
        model("qwen3-next-80b-a3b").kv_elements_per_token(),
        12 * 2 * 2 * 256
    );
    // gpt-oss: half of its layers keep 128 tokens.
    let oss = model("gpt-oss-120b");
    let per_layer = 2.0 * 8.0 * 64.0;
    assert!((oss.kv_elements(10_000.0) - 18.0 * per_layer * (10_000.0 + 128.0)).abs() < 1.0);
    assert!((oss.kv_elements(100.0) - 36.0 * per_layer * 100.0).abs() < 1.0);
    // Gemma 3: five windows of 1024 to one full layer: 10 full of 62.
    let gemma = model("gemma-3-27b");
    let full = gemma.blocks.iter().find(|b| b.mixer == Mixer::Full).unwrap();
    assert_eq!(full.count, 10);
}

#[test]
fn arithmetic_of_a_token_is_two_flop_a_parameter_and_attention() {
    let models = loaded();
    let gpt = models.model(&ModelId("gpt-3-175b".into())).unwrap();
    // Megatron's formula, arXiv 2205.05198 eq. for model FLOP: 72 L h^2 (1 + s/6h + V/12Lh) a token; it counts
    // attention without the causal half, so that half the s/6h term is added.
    let (l, h, s, v) = (96.0, 12288.0, 2048.0, 50257.0);
    let model = 72.0 * l * h * h * (1.0 + s / (12.0 * h) + v / (12.0 * l * h));
    assert!((gpt.training_flop(s) / model - 1.0).abs() < 0.001);
    // A window of 128 makes long prompts cheaper, short ones not.
    let oss = models.model(&ModelId("gpt-oss-120b".into())).unwrap();
    let full = |c: f64| 2.0 * 36.0 * 64.0 * 128.0 * c;
    let base = oss.forward_flop(0.0);
    assert!((oss.forward_flop(100.0) - base - full(100.0)).abs() < 1.0);
    assert!(oss.forward_flop(10_000.0) - base < 0.51 * full(10_000.0));
}

#[test]
fn a_config_of_another_family_counts_too() {
    // Phi-2: 2,779,683,840 in its weights (model card 2.7B).
    let phi = config(
        r#"{"model_type":"phi","hidden_size":2560,"num_hidden_layers":32,"num_attention_heads":32,
        "intermediate_size":10240,"vocab_size":51200,"torch_dtype":"float16"}"#,
    );
    assert!((billions(phi.parameters()) - 2.78).abs() < 0.01);
    // OPT-175B: 175B, its file from memory; BLOOM: 176,247,271,424 in its weights.
    let opt = config(
        r#"{"model_type":"opt","hidden_size":12288,"num_hidden_layers":96,"num_attention_heads":96,
        "ffn_dim":49152,"vocab_size":50272,"max_position_embeddings":2048}"#,
    );
    assert!((billions(opt.parameters()) - 174.6).abs() < 0.2);
    let bloom = config(
        r#"{"model_type":"bloom","n_embed":14336,"n_layer":70,"num_attention_heads":112,"vocab_size":250880}"#,
    );
    assert!((billions(bloom.parameters()) - 176.247).abs() < 0.02);
    // Gemma 3 4B keeps its language model in `text_config` and leaves out what is usual.
    let gemma = config(
        r#"{"model_type":"gemma3","text_config":{"model_type":"gemma3_text","hidden_size":2560,"intermediate_size":10240,
        "num_hidden_layers":34,"num_attention_heads":8,"num_key_value_heads":4,"sliding_window":1024,"vocab_size":262208}}"#,
    );
    assert!((billions(gemma.parameters()) - 3.88).abs() < 0.02);
    assert_eq!(gemma.id, ModelId("some".into()));
}

#[test]
fn layers_are_read_as_listed() {
    let m = config(
        r#"{"model_type":"gpt_oss","hidden_size":64,"num_hidden_layers":4,"num_attention_heads":4,"num_key_value_heads":2,
        "head_dim":16,"intermediate_size":64,"vocab_size":100,"num_local_experts":4,"num_experts_per_tok":2,
        "sliding_window":8,"layer_types":["sliding_attention","full_attention","full_attention","full_attention"]}"#,
    );
    let kinds: Vec<_> = m.blocks.iter().map(|b| (b.count, b.mixer)).collect();
    assert_eq!(kinds, [(1, Mixer::Sliding { window: 8 }), (3, Mixer::Full)]);
}

#[test]
fn errors_name_line_field_and_nearest_name() {
    let problem = |text: &str| {
        let problems = read_config("m/config.json", text).expect_err("refused");
        let first = &problems.0[0];
        format!("{first} | {}", first.help.clone().unwrap_or_default())
    };
    let typo = problem("{\n \"model_type\": \"lama\"}");
    assert!(typo.contains("m/config.json:2"), "{typo}");
    assert!(
        typo.contains("`model_type` is `lama`") && typo.contains("did you mean `llama`"),
        "{typo}"
    );
    let missing = problem(
        r#"{"model_type":"llama","hidden_size":64,"num_hidden_layer":2,"num_attention_heads":4,"intermediate_size":64,"vocab_size":9}"#,
    );
    assert!(missing.contains("`num_hidden_layers` is missing"), "{missing}");
    assert!(missing.contains("`num_hidden_layer`"), "{missing}");
    let zero = problem(
        "{\"model_type\":\"llama\",\n\"hidden_size\":0,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"intermediate_size\":64,\"vocab_size\":9}",
    );
    assert!(
        zero.contains("m/config.json:2") && zero.contains("`hidden_size` is `0`"),
        "{zero}"
    );
    let heads = |heads: &str| {
        problem(&format!(
            r#"{{"model_type":"llama","hidden_size":4096,"num_hidden_layers":2,"intermediate_size":64,"vocab_size":9,
{heads}}}"#
        ))
    };
    let width = heads(r#""num_attention_heads":30,"num_key_value_heads":10"#);
    assert!(
        width.contains("m/config.json:2")
            && width.contains("`num_attention_heads` is `30`")
            && width.contains("`head_dim`"),
        "{width}"
    );
    for (query, kv) in [(32, 64), (32, 5)] {
        let text = heads(&format!(
            r#""num_attention_heads":{query},"num_key_value_heads":{kv}"#
        ));
        assert!(
            text.contains("m/config.json:2") && text.contains(&format!("`num_key_value_heads` is `{kv}`")),
            "{text}"
        );
    }
    assert!(problem("{").contains("not JSON"));
    assert!(problem("{}").contains("`model_type` is missing"));
    assert!(family_names().count() >= 30);
}
