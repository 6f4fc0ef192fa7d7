//! Which layer is what: full, windowed, latent or linear attention; dense or experts.

use super::families::{Family, Layout, Mixture};
use super::fields::Fields;
use super::{Block, Feed, Mixer};
use serde_json::Value;

/// Token mixers by layer.
pub(super) fn mixers(f: &Fields<'_>, family: &Family, layers: u32) -> Vec<Mixer> {
    let full = if family.latent { Mixer::Latent } else { Mixer::Full };
    let window = f.optional(&["sliding_window"], 1, 100_000_000);
    let sliding = window.map_or(full, |window| Mixer::Sliding { window });
    let chunk = f.optional(&["attention_chunk_size"], 1, 100_000_000);
    let chunked = chunk.map_or(full, |chunk| Mixer::Chunked { chunk });
    if let Some(types) = f.list("layer_types") {
        return types
            .iter()
            .map(|kind| match kind.as_str() {
                Some("sliding_attention") => sliding,
                Some("chunked_attention") => chunked,
                Some("linear_attention") => Mixer::Linear,
                Some("full_attention") => full,
                // The family's indexer chooses what these layers see (GLM-5.2).
                Some("deepseek_sparse_attention") if family.sparse => full,
                _ => {
                    let text = format!("`layer_types` has `{kind}`");
                    let sparse = if family.sparse {
                        ", `deepseek_sparse_attention`"
                    } else {
                        ""
                    };
                    let help = format!(
                        "`full_attention`, `sliding_attention`, `chunked_attention`{sparse} or `linear_attention`"
                    );
                    f.problem("layer_types", text, help);
                    full
                }
            })
            .collect();
    }
    let every = |n: u32, most: Mixer| {
        (1..=layers)
            .map(|layer| if layer % n == 0 { full } else { most })
            .collect()
    };
    let alike = |mixer| (0..layers).map(|_| mixer).collect();
    match family.layout {
        Layout::Alike => alike(sliding),
        Layout::OptIn => {
            let windowed = f.flag("use_sliding_window", false);
            let first = f.optional(&["max_window_layers"], 0, 10_000).unwrap_or(layers);
            if !windowed {
                return alike(full);
            }
            // Qwen: the first `max_window_layers` layers attend to everything.
            (0..layers)
                .map(|layer| if layer < first { full } else { sliding })
                .collect()
        }
        Layout::Every(n) => match f.value(&["sliding_window_pattern"]) {
            Some((name, Value::String(letters))) => lettered(f, name, letters, layers, [sliding, full]),
            _ => every(
                f.optional(&["sliding_window_pattern"], 1, 1000).unwrap_or(n),
                sliding,
            ),
        },
        Layout::LinearEvery(n) => every(
            f.optional(&["full_attention_interval"], 1, 1000).unwrap_or(n),
            Mixer::Linear,
        ),
        Layout::Chunked => {
            let listed = f.list("no_rope_layers").filter(|l| !l.is_empty());
            let every = f.optional(&["no_rope_layer_interval"], 1, 1000).unwrap_or(4);
            // A one stands for a layer with rotation, which keeps to its chunk.
            let local = |layer: u32| match listed {
                Some(list) => list.get(layer as usize).and_then(Value::as_u64) == Some(1),
                None => !(layer + 1).is_multiple_of(every),
            };
            (0..layers)
                .map(|layer| if local(layer) { chunked } else { full })
                .collect()
        }
        Layout::LinearListed => {
            let config = f.value(&["linear_attn_config"]).map(|(_, v)| v);
            let Some(listed) = config
                .and_then(|c| c.get("full_attn_layers"))
                .and_then(Value::as_array)
            else {
                let text = "`linear_attn_config` without `full_attn_layers`".to_owned();
                f.problem(
                    "linear_attn_config",
                    text,
                    "the layers with full attention, counted from one",
                );
                return alike(full);
            };
            (1..=u64::from(layers))
                .map(|layer| {
                    if listed.iter().any(|l| l.as_u64() == Some(layer)) {
                        full
                    } else {
                        Mixer::Linear
                    }
                })
                .collect()
        }
    }
}

/// Windows by a pattern of letters that repeats: `L` keeps to its window, `G` sees all, and so does the last layer (EXAONE 4).
fn lettered(
    f: &Fields<'_>,
    name: &'static str,
    letters: &str,
    layers: u32,
    [local, full]: [Mixer; 2],
) -> Vec<Mixer> {
    if letters.is_empty() || letters.chars().any(|c| c != 'L' && c != 'G') {
        f.problem(
            name,
            format!("`{name}` is `{letters}`"),
            "a whole number, or letters `L` and `G`",
        );
        return (0..layers).map(|_| full).collect();
    }
    let mixers = letters
        .chars()
        .cycle()
        .map(|c| if c == 'L' { local } else { full });
    let last = layers.saturating_sub(1) as usize;
    mixers.take(last).chain(std::iter::once(full)).collect()
}

/// Feed-forward parts by layer.
pub(super) fn feeds(f: &Fields<'_>, family: &Family, layers: u32) -> Vec<Feed> {
    match family.mixture {
        Mixture::None => (0..layers).map(|_| Feed::Dense).collect(),
        Mixture::Local | Mixture::Hunyuan => (0..layers).map(|_| Feed::Experts).collect(),
        Mixture::Interleaved => {
            let step = f.optional(&["interleave_moe_layer_step"], 1, 1000).unwrap_or(1);
            let listed = f.list("moe_layers").filter(|l| !l.is_empty());
            let sparse = |layer: u32| match listed {
                Some(list) => list.iter().any(|l| l.as_u64() == Some(u64::from(layer))),
                None => (layer + 1).is_multiple_of(step),
            };
            (0..layers).map(|layer| feed(sparse(layer))).collect()
        }
        Mixture::Ernie => {
            let first = f.optional(&["moe_layer_start_index"], 0, 10_000).unwrap_or(0);
            let last = f.optional(&["moe_layer_end_index"], 0, 10_000).unwrap_or(layers);
            let step = f.optional(&["moe_layer_interval"], 1, 1000).unwrap_or(1);
            let sparse = |layer: u32| (first..=last).contains(&layer) && (layer + 1).is_multiple_of(step);
            (0..layers).map(|layer| feed(sparse(layer))).collect()
        }
        Mixture::Stepped => {
            let step = f.optional(&["decoder_sparse_step"], 1, 1000).unwrap_or(1);
            let dense = f.list("mlp_only_layers").unwrap_or(&[]);
            (0..layers)
                .map(|layer| {
                    let listed = dense.iter().any(|l| l.as_u64() == Some(u64::from(layer)));
                    if listed || (layer + 1) % step != 0 {
                        Feed::Dense
                    } else {
                        Feed::Experts
                    }
                })
                .collect()
        }
        Mixture::Routed => {
            let first = f.optional(&["first_k_dense_replace"], 0, 10_000).unwrap_or(0);
            let step = f.optional(&["moe_layer_freq"], 1, 1000).unwrap_or(1);
            (0..layers)
                .map(|layer| {
                    if layer < first || layer % step != 0 {
                        Feed::Dense
                    } else {
                        Feed::Experts
                    }
                })
                .collect()
        }
    }
}

fn feed(sparse: bool) -> Feed {
    if sparse { Feed::Experts } else { Feed::Dense }
}

/// Groups equal layers, in the order in which they first appear.
pub(super) fn grouped(mixers: &[Mixer], feeds: &[Feed]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (mixer, feed) in mixers.iter().zip(feeds) {
        let held = blocks.iter_mut().find(|b| b.mixer == *mixer && b.feed == *feed);
        match held {
            Some(block) => block.count += 1,
            None => blocks.push(Block {
                count: 1,
                mixer: *mixer,
                feed: *feed,
            }),
        }
    }
    blocks
}
