//! Configurations of 2026, by their addresses on Hugging Face, beside counts of their weights. Of each stands where count and
//! file were read.

use super::{billions, config};
use crate::shipped::{chip, world};
use strait::perf::inference::{Formats, Setup, Spread, StepBatch};
use strait::perf::ops::{End, Precision};
use strait::perf::{Mixer, Model, ModelId};

/// moonshotai/Kimi-K3. Card: 2.8T, 104B active, of 93 layers 69 KDA and 24 gated MLA, experts in a latent of 3584. File: tests of
/// lablup/mlxcel.
const KIMI_K3: &str = r#"{"model_type":"kimi_k3","text_config":{"model_type":"kimi_linear","hidden_size":7168,
"intermediate_size":33792,"first_k_dense_replace":1,"kv_lora_rank":512,"q_lora_rank":1536,"qk_nope_head_dim":128,
"qk_rope_head_dim":64,"v_head_dim":128,"latent_moe_use_norm":true,"mla_use_nope":true,"mla_use_output_gate":true,
"linear_attn_config":{"full_attn_layers":[4,8,12,16,20,24,28,32,36,40,44,48,52,56,60,64,68,72,76,80,84,88,92,93],
"gate_lower_bound":-5.0,"head_dim":128,"num_heads":96,"short_conv_kernel_size":4,"use_full_rank_gate":true},
"moe_intermediate_size":3072,"moe_layer_freq":1,"num_attention_heads":96,"num_expert_group":1,"topk_group":1,
"num_experts":896,"num_experts_per_token":16,"num_hidden_layers":93,"num_key_value_heads":96,"num_shared_experts":2,
"routed_expert_hidden_size":3584,"tie_word_embeddings":false,"vocab_size":163840}}"#;

/// Qwen/Qwen3.5-397B-A17B. Weights: 396,346,350,336 of the language model, by sums over the headers of its 94 files. File:
/// aiconfigurator, model_configs.
const QWEN35_397B: &str = r#"{"model_type":"qwen3_5_moe","text_config":{"attn_output_gate":true,"full_attention_interval":4,
"head_dim":256,"hidden_size":4096,"linear_conv_kernel_dim":4,"linear_key_head_dim":128,"linear_num_key_heads":16,
"linear_num_value_heads":64,"linear_value_head_dim":128,"mlp_only_layers":[],"model_type":"qwen3_5_moe_text",
"moe_intermediate_size":1024,"num_attention_heads":32,"num_experts":512,"num_experts_per_tok":10,"num_hidden_layers":60,
"num_key_value_heads":2,"shared_expert_intermediate_size":1024,"vocab_size":248320},"tie_word_embeddings":false}"#;

fn count(m: &Model, of: Mixer) -> u32 {
    m.blocks.iter().filter(|b| b.mixer == of).map(|b| b.count).sum()
}

#[test]
fn experts_in_a_latent_and_full_gates_are_counted() {
    let m = config(KIMI_K3);
    let (total, active) = (billions(m.parameters()), billions(m.active_parameters()));
    assert!((total / 2800.0 - 1.0).abs() < 0.01, "{total}");
    // The card leaves out the input embedding.
    let without = active - 7168.0 * 163_840.0 / 1e9;
    assert!((without / 104.0 - 1.0).abs() < 0.005, "{without}");
    assert_eq!((count(&m, Mixer::Linear), count(&m, Mixer::Latent)), (69, 24));
    // Each of the three fields weighs what it should: by hand, from the shapes of the weights.
    let less = |text: &str| billions(m.parameters()) - billions(config(text).parameters());
    let layers = 92.0;
    let wide = less(&KIMI_K3.replace("\"routed_expert_hidden_size\":3584,", ""));
    let experts = layers * 896.0 * 3.0 * 3584.0 * 3072.0 / 1e9;
    let projections = layers * 2.0 * 7168.0 * 3584.0 / 1e9;
    assert!((wide - (projections - experts)).abs() < 1e-6, "{wide}");
    let ungated = less(&KIMI_K3.replace("\"mla_use_output_gate\":true,", ""));
    assert!(
        (ungated - 24.0 * 7168.0 * 12_288.0 / 1e9).abs() < 1e-6,
        "{ungated}"
    );
    let low = less(&KIMI_K3.replace(",\"use_full_rank_gate\":true", ""));
    let gate = 69.0 * (7168.0 * 12_288.0 - 128.0 * (7168.0 + 12_288.0)) / 1e9;
    assert!((low - gate).abs() < 1e-6, "{low}");
}

#[test]
fn linear_attention_of_qwen35_counts_to_the_weight() {
    // Norms and biases of the linear layers are left out.
    let mixture = config(QWEN35_397B);
    let total = billions(mixture.parameters());
    assert!((total / 396.346_350_336 - 1.0).abs() < 1e-5, "{total}");
    // Its name: 17B active; 16.3 without the input embedding.
    let active = billions(mixture.active_parameters());
    assert!((active / 17.0 - 1.0).abs() < 0.025, "{active}");
    assert_eq!(
        (count(&mixture, Mixer::Linear), count(&mixture, Mixer::Full)),
        (45, 15)
    );
    // Qwen3.8-27B and Qwen3.6-27B: 26,895,998,464 in the table of tensors of their GGUF files.
    let models = super::loaded();
    let dense = models.model(&ModelId("qwen3.8-27b".into())).expect("shipped");
    let total = billions(dense.parameters());
    assert!((total / 26.895_998_464 - 1.0).abs() < 5e-5, "{total}");
    assert!(dense.experts.is_none() && dense.output_gate);
    assert_eq!((count(dense, Mixer::Linear), count(dense, Mixer::Full)), (48, 16));
}

#[test]
fn a_step_reads_narrow_experts_and_computes_the_gates() {
    let system = world()
        .perf
        .inference()
        .system(chip("B200"), End::Middle)
        .expect("a system");
    let work = |text: &str| {
        let model = config(text);
        let setup = Setup {
            model: &model,
            formats: Formats::throughout(Precision::FP8),
            spread: Spread {
                data: 32,
                experts: 32,
                ..Spread::ONE
            },
            system,
            engine: None,
        };
        let steps = world().perf.inference().steps(&setup);
        let steps = steps.unwrap_or_else(|n| panic!("{n:?}"));
        steps.step(&StepBatch::decodes(256.0, 2048.0)).work()
    };
    let own = work(KIMI_K3);
    // Nearly all weights that new tokens read are experts', which are twice as large unnarrowed.
    let wide = work(&KIMI_K3.replace("\"routed_expert_hidden_size\":3584,", ""));
    assert!((0.45..0.85).contains(&(own / wide)), "{own} {wide}");
    for (gate, without) in [
        ("\"mla_use_output_gate\":true,", ""),
        (",\"use_full_rank_gate\":true", ""),
    ] {
        let ungated = work(&KIMI_K3.replace(gate, without));
        assert!(own > ungated * 1.001, "{gate}: {own} {ungated}");
    }
}
