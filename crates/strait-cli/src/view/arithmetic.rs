//! The metrics of the rules, worked out line by line.

use super::number::word;
use super::{Block, Section, Table};
use std::fmt::Display;
use strait::figure::FigureRef;
use strait::rules::{Arithmetic, Comparison, Definition, End, Input, MetricName, RateSum};

/// Definition, inputs, products and comparisons of every metric.
pub(crate) fn arithmetic_blocks(a: &Arithmetic) -> Vec<Block> {
    let mut section = Section::default();
    if a.tpp.is_some() {
        peaks(a, &mut section);
        dies(a, &mut section);
    }
    for rate in &a.rates {
        sum(a, rate, &mut section);
    }
    let mut variants = Table::new(
        "Under each variant of the chip",
        &[
            "variant",
            "TPP",
            "area, mm²",
            "memory, GB/s",
            "I/O, GB/s",
            "assumes",
        ],
    );
    for v in &a.variants {
        variants.row([
            v.name.clone(),
            v.tpp.to_string(),
            v.area.map_or_else(|| "–".to_owned(), |i| i.to_string()),
            v.memory_bandwidth.to_string(),
            v.io_2022.to_string(),
            v.why.clone(),
        ]);
        variants.sources.insert(v.source.clone());
    }
    section.table(variants);
    readings(a, &mut section);
    section.blocks
}

fn peaks(a: &Arithmetic, section: &mut Section) {
    let Some(tpp) = &a.tpp else { return };
    section.text(format!("Total processing performance (TPP): {}", tpp.result));
    let mut table = Table::new(
        "Peaks",
        &["engine", "format", "TOPS x bits = TPP", "sets", "source", "grade"],
    );
    for row in &tpp.rows {
        let sets: Vec<&str> = row.sets.iter().map(|end| words(*end)).collect();
        table.row([
            word(&row.engine),
            word(&row.format),
            row.text.clone(),
            sets.join(", "),
            row.rate.source.to_string(),
            row.rate.grade.to_string(),
        ]);
        table.figures.insert(figure(a, &row.rate));
    }
    let others = tpp.rows.iter().filter_map(|r| disputed(&r.rate)).collect();
    let headlines = tpp.headlines.iter().map(|h| h.text.clone()).collect();
    defined(&tpp.definitions, section);
    section.table(table);
    section.items("Both sums of the maker's headline:", headlines);
    section.items("Also said:", others);
    section.items("How it is read:", tpp.notes.clone());
    compared(&tpp.comparisons, "Compared with the bounds on TPP:", section);
}

fn words(end: End) -> &'static str {
    match end {
        End::Low => "low end",
        End::Value => "the value",
        End::High => "high end",
    }
}

fn dies(a: &Arithmetic, section: &mut Section) {
    let Some(density) = &a.density else { return };
    let shown = density
        .shown
        .map_or_else(|| "none".to_owned(), |i| format!("{i}, rounded"));
    section.text(format!("Performance density: {shown}"));
    let mut table = Table::new(
        "Dies",
        &["die", "process", "count x mm²", "in or out", "source", "grade"],
    );
    for die in &density.dies {
        let (source, grade) = die.area.as_ref().map_or_else(
            || ("–".to_owned(), "–".to_owned()),
            |i| (i.source.to_string(), i.grade.to_string()),
        );
        table.row([
            die.name.clone(),
            die.process.clone().unwrap_or_else(|| "–".to_owned()),
            die.text.clone(),
            die.why.clone(),
            source,
            grade,
        ]);
        table.figures.extend(die.area.as_ref().map(|i| figure(a, i)));
        table.sources.extend(die.count_source.clone());
    }
    table.note = Some(format!("applicable die area, mm²: {}", density.text));
    let others = density
        .dies
        .iter()
        .filter_map(|d| d.area.as_ref().and_then(disputed))
        .collect();
    defined(&density.definitions, section);
    section.table(table);
    section.items("Also said:", others);
    compared(
        &density.comparisons,
        "Compared with the bounds on density, by cross-multiplication:",
        section,
    );
}

fn sum(a: &Arithmetic, rate: &RateSum, section: &mut Section) {
    section.text(format!("{}: {}", name(rate.metric), rate.text));
    let mut table = Table::new("Figures", &["figure", "value", "unit", "source", "grade"]);
    for term in &rate.terms {
        table.row([
            term.path.clone(),
            term.value.to_string(),
            term.unit.to_owned(),
            term.source.to_string(),
            term.grade.to_string(),
        ]);
        table.figures.insert(figure(a, term));
    }
    let missing = rate.missing.iter().map(|path| format!("{path}: not known"));
    defined(&rate.definitions, section);
    section.table(table);
    let others = rate.terms.iter().filter_map(disputed);
    section.items("Missing:", missing.collect());
    section.items("Also said:", others.collect());
    compared(&rate.comparisons, "Compared with the bounds on it:", section);
}

/// The metric in words.
pub(crate) fn name(metric: MetricName) -> &'static str {
    match metric {
        MetricName::Tpp => "TPP",
        MetricName::PerformanceDensity => "Performance density",
        MetricName::MemoryBandwidth => "Total DRAM bandwidth, GB/s",
        MetricName::Io2022 => "All inputs and outputs but memory, both ways, GB/s",
        MetricName::ScaleUp => "Scale-up link, both ways, GB/s",
        MetricName::MemoryPlusIo => "DRAM plus all inputs and outputs, GB/s",
        MetricName::MemoryPlusScaleUp => "DRAM plus scale-up link, GB/s",
        MetricName::HbmDensity => "Memory bandwidth density, GB/s a mm²",
    }
}

fn defined(definitions: &[Definition], section: &mut Section) {
    let lines = definitions.iter().map(|d| {
        let quote = d.quote.as_ref().map_or_else(String::new, |q| format!(" “{q}”"));
        format!(
            "{} ({}): {}{quote} [{}]",
            d.paragraph, d.instrument, d.says, d.source
        )
    });
    section.items("By definition:", lines.collect());
}

fn compared(comparisons: &[Comparison], line: &str, section: &mut Section) {
    let lines = comparisons.iter().map(|c| match c.paragraph.as_str() {
        "" => format!("{}: {}", c.instrument, c.text),
        paragraph => format!("{paragraph} ({}): {}", c.instrument, c.text),
    });
    section.items(line, lines.collect());
}

fn disputed(input: &Input) -> Option<String> {
    let others: Vec<String> = input
        .others
        .iter()
        .map(|o| format!("{} ({}, {})", o.value, o.source, o.grade))
        .collect();
    (!others.is_empty()).then(|| format!("{}: {}", input.path, others.join("; ")))
}

fn figure(a: &Arithmetic, input: &Input) -> FigureRef {
    FigureRef {
        of: a.chip.clone(),
        path: input.path.clone(),
        source: input.source.clone(),
        grade: input.grade,
        place: input.place.clone(),
    }
}

fn readings(a: &Arithmetic, section: &mut Section) {
    let mut table = Table::new(
        "What other readings would give",
        &["reading", "question", "this way", "class"],
    );
    for reading in &a.readings {
        for given in &reading.gives {
            let classes = list(given.classes.iter().map(word));
            let flips = if given.flips { "otherwise: " } else { "the same: " };
            table.row([
                format!("{} {}", reading.instrument, reading.reading),
                reading.question.clone(),
                given.text.clone(),
                format!("{flips}{classes}"),
            ]);
        }
    }
    section.table(table);
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    items.map(|i| i.to_string()).collect::<Vec<_>>().join(" or ")
}
