//! Part 2: the verdict with its metrics and margins, what changed when, what comes, what happened.

use super::number::{need, word};
use super::{Block, Section, Table, timeline};
use strait::brief::Brief;
use strait::figure::SourceId;
use strait::rules::{Metric, Verdict};

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("2. The law");
    let law = &brief.law;
    section.blocks.extend(verdict_blocks(&law.verdict));
    section.chart(timeline::chart(
        &brief.subject.name,
        &brief.to_name,
        (brief.strait.on, brief.strait.known),
        &law.timeline,
    ));
    let mut changes = Table::new(
        "What changed when",
        &["day", "US license", "China side", "instruments", "what"],
    );
    for row in &law.timeline {
        changes.row([
            row.on.clone(),
            change(&word(&row.license.0), &word(&row.license.1)),
            change(&word(&row.china.0), &word(&row.china.1)),
            row.instruments.join(", "),
            row.text.clone(),
        ]);
    }
    changes.sources = sources(&law.verdict);
    section.table(changes);
    upcoming(brief, &mut section);
    let practice = law
        .verdict
        .practice
        .iter()
        .map(|p| format!("{}: {} ({}, {})", p.when, p.what, p.source, p.grade))
        .collect();
    section.items("What happened beside the law:", practice);
    section.blocks.push(Block::Folded(
        "How the verdict was reached".into(),
        explanation(&law.verdict),
    ));
    section
}

/// Events shown before the rest is folded away.
const NEXT: usize = 10;

fn upcoming(brief: &Brief, section: &mut Section) {
    let events = &brief.law.upcoming;
    let line = format!(
        "Dated after {}, as known on {}:",
        brief.strait.on, brief.strait.known
    );
    let mut items: Vec<String> = events
        .iter()
        .map(|u| format!("{}: {} ({})", u.when, u.text, u.instrument))
        .collect();
    let later = items.split_off(items.len().min(NEXT));
    section.items(&line, items);
    if !later.is_empty() {
        let title = format!("{} later events", later.len());
        section
            .blocks
            .push(Block::Folded(title, vec![Block::Items(later)]));
    }
}

fn change(before: &str, after: &str) -> String {
    if before == after {
        after.to_owned()
    } else {
        format!("{before} → {after}")
    }
}

fn sources(verdict: &Verdict) -> std::collections::BTreeSet<SourceId> {
    verdict
        .citations
        .iter()
        .map(|c| SourceId(c.source.clone()))
        .collect()
}

/// What the law says: verdict, metrics, margins, branches, assumptions and missing facts.
pub(crate) fn verdict_blocks(verdict: &Verdict) -> Vec<Block> {
    let mut section = Section::default();
    section.table(summary(verdict));
    section.table(metrics(verdict));
    section.table(margins(verdict));
    let us = &verdict.us;
    let conditions = us
        .exceptions
        .iter()
        .map(|e| {
            format!(
                "{} ({}): {}",
                e.id,
                e.paragraph,
                e.conditions
                    .iter()
                    .map(|c| c.what.as_str())
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        })
        .collect();
    section.items(
        "License exceptions that could be used, and what they ask:",
        conditions,
    );
    let levies = us
        .levies
        .iter()
        .map(|l| {
            let codified = if l.codified { "codified" } else { "not codified" };
            let conditions = if l.conditions.is_empty() {
                String::new()
            } else {
                format!("; {}", l.conditions.join("; "))
            };
            format!(
                "{} ({}): rate {} of {}; applies: {}; {codified}{conditions}",
                l.id,
                word(&l.kind),
                l.rate,
                l.base,
                word(&l.applies)
            )
        })
        .collect();
    section.items("Levies:", levies);
    let prohibitions = us
        .prohibitions
        .iter()
        .map(|p| format!("{}: {} (binds {})", p.id, p.what, p.binds))
        .collect();
    section.items("Prohibitions beside the license:", prohibitions);
    let flags = verdict
        .red_flags
        .iter()
        .map(|f| format!("{} ({}): {}", f.instrument, f.paragraph, f.what))
        .collect();
    section.items("Red flags raised by what was stated:", flags);
    let branches = us
        .branches
        .iter()
        .map(|b| {
            format!(
                "{} If {}: license {} ({})",
                b.question,
                b.if_,
                word(&b.license),
                b.why
            )
        })
        .collect();
    section.items("Unresolved, both ways shown:", branches);
    section.items(
        "Missing facts that would decide:",
        verdict.needs.iter().map(need).collect(),
    );
    section.items("Assumed:", verdict.assumed.clone());
    section.text(stale(verdict));
    section.table(citations(verdict));
    section.blocks
}

/// Every step of the evaluation, in order.
pub(crate) fn explanation(verdict: &Verdict) -> Vec<Block> {
    let mut table = Table::new("Steps in order", &["step", "instrument", "paragraph", "found"]);
    for line in &verdict.trace {
        table.row([
            word(&line.step),
            line.instrument.clone().unwrap_or_default(),
            line.paragraph.clone().unwrap_or_default(),
            line.found.clone(),
        ]);
    }
    table.sources = sources(verdict);
    vec![Block::Table(table)]
}

fn stale(verdict: &Verdict) -> String {
    if verdict.stale.is_empty() {
        return format!("The law has been read through {}.", verdict.verified_through);
    }
    let families: Vec<String> = verdict
        .stale
        .iter()
        .map(|s| {
            let (read, days) = (s.verified_through, s.days);
            format!(
                "{} through {read} ({days} days before the day asked)",
                s.family.words()
            )
        })
        .collect();
    format!("Read: {}; later changes are not known here.", families.join(", "))
}

fn summary(verdict: &Verdict) -> Table {
    let mut table = Table::new("Verdict", &["", ""]);
    let us = &verdict.us;
    let list = |items: &[String]| {
        if items.is_empty() {
            "–".to_owned()
        } else {
            items.join(", ")
        }
    };
    let mut put = |what: &str, says: String| table.row([what.to_owned(), says]);
    put(
        "subject to the EAR",
        format!("{} ({})", word(&us.jurisdiction), list(&us.basis)),
    );
    let mut class = word(&us.classification);
    if let Some(limb) = &us.paragraph {
        class = format!("{class} ({limb})");
    }
    if !us.possible.is_empty() {
        class = format!(
            "{class}; possible: {}",
            us.possible.iter().map(word).collect::<Vec<_>>().join(", ")
        );
    }
    put("classification", class);
    if let Some(other) = &us.other_eccn {
        let determined = if other.determined {
            ""
        } else {
            " (not determined here)"
        };
        put(
            "elsewhere on the list",
            format!("{}{determined}", other.candidates.join(", ")),
        );
    }
    put("US license", format!("{} — {}", word(&us.license), list(&us.why)));
    put("review policy", word(&us.review));
    put(
        "buyer, site",
        format!("{}, {}", word(&verdict.cn.segment), word(&verdict.cn.site)),
    );
    let how = match (verdict.cn.published, verdict.cn.confidence) {
        (Some(true), _) => " (published)".to_owned(),
        (Some(false), Some(sure)) => format!(" (reported, confidence {})", word(&sure)),
        (Some(false), None) => " (reported)".to_owned(),
        (None, _) => String::new(),
    };
    put(
        "China side",
        format!("{}{how} — {}", word(&verdict.cn.state), list(&verdict.cn.why)),
    );
    if let Some(quota) = verdict.cn.quota {
        let of = verdict.cn.quota_of.as_deref().unwrap_or("chips");
        put("quota reported", format!("{} {of}", super::number::given(quota)));
    }
    if !verdict.cn.notes.is_empty() {
        put("which means", verdict.cn.notes.join("; "));
    }
    for subsidy in &verdict.cn.subsidies {
        let price = subsidy
            .price_cny_per_kwh
            .as_ref()
            .map_or_else(String::new, |price| format!(", to about {price} CNY a kWh"));
        let rate = subsidy.rate_high.parse().unwrap_or(f64::NAN) * 100.0;
        put(
            "subsidy reported",
            format!(
                "up to {} % of the {}{price}, if {} ({})",
                super::number::given(rate),
                subsidy.base,
                subsidy.conditions.join(" and "),
                subsidy.id
            ),
        );
    }
    put("what is left to the supplier", word(&verdict.supply_effect));
    if verdict.hypothetical {
        put("hypothetical", "the chip was not announced that day".into());
    }
    table.sources = sources(verdict);
    table
}

fn metrics(verdict: &Verdict) -> Table {
    let m = &verdict.metrics;
    let mut table = Table::new("Metrics of the rules", &["metric", "value", "by"]);
    let rows: [(&str, &Option<Metric>); 6] = [
        ("total processing performance (TPP)", &m.tpp),
        ("performance density", &m.performance_density),
        ("applicable die area, mm²", &m.applicable_die_area_mm2),
        ("memory bandwidth, GB/s", &m.memory_bandwidth_gbs),
        (
            "aggregate I/O (2022 text), both ways, GB/s",
            &m.io_2022_bidirectional_gbs,
        ),
        ("scale-up link, both ways, GB/s", &m.scale_up_bidirectional_gbs),
    ];
    for (name, metric) in rows {
        let (value, by) = metric
            .as_ref()
            .map_or(("unknown".to_owned(), String::new()), |m| {
                let text = m.value.normalize().to_string();
                let interval = if m.low == m.value && m.high == m.value {
                    text
                } else {
                    format!("{text} ({}–{})", m.low.normalize(), m.high.normalize())
                };
                (interval, m.by.clone().unwrap_or_default())
            });
        table.row([name.to_owned(), value, by]);
    }
    table.note = Some(format!("computed from the figures of {}", verdict.chip));
    table
}

fn margins(verdict: &Verdict) -> Table {
    let mut table = Table::new(
        "Margin to each bound",
        &["bound", "limit", "value", "slack", "side", "instrument"],
    );
    for m in &verdict.us.margins {
        table.row([
            m.bound.clone(),
            m.limit.clone(),
            m.value.clone(),
            m.slack.clone(),
            word(&m.to),
            m.instrument.clone(),
        ]);
    }
    table.sources = sources(verdict);
    table
}

fn citations(verdict: &Verdict) -> Table {
    let mut table = Table::new(
        "Citations",
        &["instrument", "citation", "paragraphs", "form", "source", "grade"],
    );
    for c in &verdict.citations {
        table.row([
            c.instrument.clone(),
            c.cite.clone().unwrap_or_else(|| c.title.clone()),
            c.paragraphs.join(", "),
            c.form.replace('_', " "),
            c.source.clone(),
            c.grade.to_string(),
        ]);
    }
    table
}
