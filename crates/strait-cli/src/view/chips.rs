//! The catalog's chips as pages: the list, one chip with every figure, chips side by side.

use super::number::{given, number, word};
use super::{Page, Section, Table};
use strait::catalog::{Chip, FigureView};
use strait::figure::{AlternativeState, Quantity};

/// All chips, one a line.
pub(crate) fn list_page<'a>(chips: impl Iterator<Item = &'a Chip>) -> Page {
    let head = [
        "id",
        "name",
        "family",
        "announced",
        "memory GB",
        "GB/s",
        "TDP W",
        "also called",
    ];
    let mut table = Table::new("Chips", &head);
    let mut stacks = 0;
    for chip in chips {
        stacks += usize::from(!chip.is_accelerator());
        let announced = chip
            .market
            .announced
            .as_ref()
            .map_or_else(String::new, |f| f.value.to_string());
        let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), given);
        table.row([
            chip.id.to_string(),
            chip.name.clone(),
            if chip.default {
                format!("{} (default)", chip.family)
            } else {
                chip.family.clone()
            },
            announced,
            figure(chip.memory.capacity.as_ref().map(|f| f.value.get())),
            figure(chip.memory.bandwidth.as_ref().map(|f| f.value.get())),
            figure(chip.tdp.as_ref().map(|f| f.value.get())),
            chip.aliases.join(", "),
        ]);
    }
    let count = table.rows.len() - stacks;
    let mut section = Section::default();
    section.table(table);
    section.text("`strait chips NAME` shows every figure of one with its source.");
    Page {
        title: if stacks == 0 {
            format!("{count} chip variants")
        } else {
            format!("{count} chip variants and {stacks} memory stacks")
        },
        sections: vec![section],
        ..Page::default()
    }
}

/// One chip with every figure.
pub(crate) fn chip_page(chip: &Chip) -> Page {
    let mut section = Section::default();
    section.table(facts(chip));
    let mut table = Table::new(
        "Figures",
        &[
            "figure",
            "value",
            "unit",
            "grade",
            "source",
            "other values",
            "written in",
        ],
    );
    for view in chip.figures() {
        table.row([
            view.path.clone(),
            interval(&view),
            view.unit.to_owned(),
            view.grade.to_string(),
            view.source.to_string(),
            others(&view),
            view.place.to_string(),
        ]);
    }
    section.table(table);
    let variants = chip
        .variants
        .iter()
        .map(|v| {
            let values: Vec<String> = v
                .values
                .iter()
                .map(|(path, value)| format!("{path} = {}", number(*value)))
                .collect();
            format!(
                "{}: {} ({}; {}, {})",
                v.name,
                v.why,
                values.join(", "),
                v.source,
                v.grade
            )
        })
        .collect();
    section.items("Values that hold together, if:", variants);
    Page {
        title: chip.name.clone(),
        subtitle: format!("{} · {}", chip.id, chip.place),
        sections: vec![section],
    }
}

fn facts(chip: &Chip) -> Table {
    let mut table = Table::new("Facts", &["fact", "value", "source"]);
    table.row(["vendor", chip.vendor.as_str(), ""]);
    table.row(["form".to_owned(), word(&chip.form), String::new()]);
    table.row(["also called".to_owned(), chip.aliases.join(", "), String::new()]);
    if let Some(announced) = &chip.market.announced {
        table.row([
            "announced".to_owned(),
            announced.value.to_string(),
            announced.source.to_string(),
        ]);
    }
    if let Some(kind) = &chip.memory.kind {
        table.row(["memory", kind.value.as_str(), &kind.source.0]);
    }
    for die in &chip.dies {
        let process = die
            .process
            .as_ref()
            .map_or("process unknown", |f| f.value.as_str());
        let foundry = die
            .foundry
            .as_ref()
            .map_or("foundry unknown", |f| f.value.as_str());
        let source = die
            .process
            .as_ref()
            .map_or_else(String::new, |f| f.source.to_string());
        table.row([
            "die".to_owned(),
            format!("{} × {} ({process}, {foundry})", die.count, die.name),
            source,
        ]);
    }
    if let Some(software) = &chip.software {
        table.row(["software", software.0.as_str(), ""]);
    }
    table
}

fn interval(view: &FigureView) -> String {
    if view.low == view.value && view.high == view.value {
        given(view.value)
    } else {
        format!("{} ({}–{})", given(view.value), given(view.low), given(view.high))
    }
}

fn others(view: &FigureView) -> String {
    let state = |s: &AlternativeState| match s {
        AlternativeState::Live => "live",
        AlternativeState::Rejected => "rejected",
        AlternativeState::Superseded => "superseded",
    };
    let text = view
        .alternatives
        .iter()
        .map(|(v, source, grade, s)| format!("{v} ({source}, {grade}, {})", state(s)));
    text.collect::<Vec<_>>().join("; ")
}

/// Chips side by side, a figure a row.
pub(crate) fn comparison_page(chips: &[&Chip]) -> Page {
    let views: Vec<Vec<FigureView>> = chips.iter().map(|chip| chip.figures()).collect();
    let mut paths: Vec<(&str, &str)> = Vec::new();
    for view in views.iter().flatten() {
        if !paths.iter().any(|(path, _)| *path == view.path) {
            paths.push((&view.path, view.unit));
        }
    }
    let mut head = vec!["figure", "unit"];
    head.extend(chips.iter().map(|chip| chip.name.as_str()));
    let mut table = Table::new("Figures side by side", &head);
    for (path, unit) in paths {
        let mut cells = vec![path.to_owned(), unit.to_owned()];
        for of in &views {
            let found = of.iter().find(|view| view.path == path);
            cells.push(found.map_or_else(|| "–".to_owned(), |v| format!("{} [{}]", interval(v), v.grade)));
        }
        table.row(cells);
    }
    table
        .sources
        .extend(views.iter().flatten().map(|v| v.source.clone()));
    let mut section = Section::default();
    section.table(table);
    let ids: Vec<&str> = chips.iter().map(|chip| chip.id.0.as_str()).collect();
    Page {
        title: ids.join(" · "),
        sections: vec![section],
        ..Page::default()
    }
}
