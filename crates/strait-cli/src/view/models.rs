//! Models and their counts as pages.

use super::number::{count, given, number};
use super::{Page, Section, Table};
use strait::figure::Quantity;
use strait::perf::{Counts, Feed, Mixer, Model, StatedCount};

/// All models, one a line.
pub(crate) fn models_page(counted: &[(&Model, Counts)]) -> Page {
    let mut table = Table::new(
        "Models",
        &[
            "id",
            "name",
            "parameters",
            "active",
            "cache of a token, 16 bits",
            "attention",
            "experts",
        ],
    );
    for (model, counts) in counted {
        table.row([
            model.id.to_string(),
            model.name.clone(),
            size(counts.parameters),
            size(counts.active),
            bytes(2.0 * wide(model.kv_elements_per_token())),
            attention(model),
            experts(model),
        ]);
    }
    let mut section = Section::default();
    section.table(table);
    section.text(
        "`strait models NAME` shows every count of one, also of a config.json; `strait models --stated` published counts \
         beside ours.",
    );
    Page {
        title: format!("{} models", counted.len()),
        sections: vec![section],
        ..Page::default()
    }
}

/// One model with every count.
pub(crate) fn model_page(model: &Model, counts: &Counts, stated: &[&StatedCount]) -> Page {
    let mut section = Section::default();
    let mut table = Table::new("Counts", &["", ""]);
    let context = given(f64::from(counts.context));
    for (name, value) in [
        ("family", model.family.to_owned()),
        ("parameters", size(counts.parameters)),
        ("active, of a token", size(counts.active)),
        ("of both in embeddings", size(counts.embeddings)),
        ("width", given(f64::from(model.hidden))),
        ("layers", layers(model)),
        ("attention", attention(model)),
        ("experts", experts(model)),
        ("vocabulary", given(f64::from(model.vocabulary))),
    ] {
        table.row([name.to_owned(), value]);
    }
    table.row([
        format!("FLOP of a token after {context}"),
        format!("{} GFLOP", number(counts.forward_flop / 1e9)),
    ]);
    table.row([
        format!("of a trained token, sequences of {context}"),
        format!("{} GFLOP", number(counts.training_flop / 1e9)),
    ]);
    section.table(table);
    let sequence = format!("cache of {context} tokens");
    let mut formats = Table::new(
        "Weights and cache by format",
        &[
            "format",
            "weights",
            "bytes a cached number",
            "cache of a token",
            &sequence,
        ],
    );
    for held in &counts.formats {
        formats.row([
            held.format.name.to_owned(),
            format!("{} GB", number(held.weights.get())),
            given(held.cached),
            bytes(held.token),
            format!("{} GB", number(held.sequence.get())),
        ]);
    }
    section.table(formats);
    section.text(
        "Router, embeddings and head stay at 16 bits, beside 32-bit products at 32. A cache beside 8-bit and narrower floating \
         point is in 8 bits. Norms and biases, below 0.1 %, are not counted.",
    );
    if !stated.is_empty() {
        section.table(stated_table(stated));
    }
    Page {
        title: model.name.clone(),
        subtitle: model.id.to_string(),
        sections: vec![section],
    }
}

/// Published counts beside ours.
pub(crate) fn stated_page(stated: &[&StatedCount]) -> Page {
    let mut section = Section::default();
    section.table(stated_table(stated));
    Page {
        title: "Counts beside published ones".to_owned(),
        sections: vec![section],
        ..Page::default()
    }
}

fn stated_table(stated: &[&StatedCount]) -> Table {
    let mut table = Table::new(
        "Beside what was published",
        &[
            "model",
            "what",
            "published",
            "counted",
            "error",
            "source",
            "where",
        ],
    );
    for s in stated {
        table.row([
            s.model.to_string(),
            s.of.name().to_owned(),
            given(s.stated),
            alike(s.counted, s.stated),
            format!("{:+.2} %", 100.0 * s.error),
            format!("{} ({})", s.source, super::word(&s.grade)),
            s.place.clone(),
        ]);
    }
    table
}

/// A number with as many decimals as another was stated with, three at most.
fn alike(counted: f64, stated: f64) -> String {
    let text = stated.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len().min(3));
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    given((counted * scale).round() / scale)
}

/// `671 B`, `1.04 T`.
fn size(parameters: u64) -> String {
    let billions = wide(parameters) / 1e9;
    if billions >= 1000.0 {
        format!("{} T", number(billions / 1000.0))
    } else {
        format!("{} B", number(billions))
    }
}

#[allow(clippy::cast_precision_loss)]
fn wide(n: u64) -> f64 {
    n as f64
}

fn bytes(bytes: f64) -> String {
    format!("{} kB", number(bytes / 1e3))
}

fn layers(model: &Model) -> String {
    let blocks = model.blocks.iter().map(|b| {
        let feed = match b.feed {
            Feed::Dense => "dense",
            Feed::Experts => "experts",
        };
        format!("{} {} and {feed}", count(b.count as usize), mixer(b.mixer))
    });
    blocks.collect::<Vec<_>>().join(", ")
}

fn mixer(mixer: Mixer) -> String {
    match mixer {
        Mixer::Full => "full".to_owned(),
        Mixer::Sliding { window } => format!("window of {}", given(f64::from(window))),
        Mixer::Chunked { chunk } => format!("chunks of {}", given(f64::from(chunk))),
        Mixer::Latent => "latent".to_owned(),
        Mixer::Linear => "linear".to_owned(),
    }
}

fn attention(model: &Model) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for block in &model.blocks {
        let kind = mixer(block.mixer);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let heads = match model.latent {
        Some(l) => {
            let sparse = l
                .indexer
                .map(|i| format!(", the best {} tokens", given(f64::from(i.top))));
            format!("latent of {}{}", l.kv_rank + l.rope, sparse.unwrap_or_default())
        }
        None => format!("{} heads, {} of keys", model.heads, model.kv_heads),
    };
    format!("{} ({heads})", kinds.join(", "))
}

fn experts(model: &Model) -> String {
    model.experts.map_or_else(
        || "none".to_owned(),
        |e| {
            let shared = if e.shared > 0 {
                format!(", {} shared", e.shared)
            } else {
                String::new()
            };
            format!("{} of {} x {}{shared}", e.per_token, e.count, e.width)
        },
    )
}
