//! How an answer was reached: the lines of every step, what each part of it rests on, and the citations.

use crate::rules::answer::explain::ids;
use crate::rules::chip::item::Item;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::What;
use crate::rules::{Aspect, Citation, Instrument, Step, TraceLine};
use std::collections::BTreeMap;

/// Every line the steps left; before the class, each limb of the table as far as it was read.
pub(super) fn trace(day: &LawDay<'_>, item: &Item<'_>, found: &Findings<'_>) -> Vec<TraceLine> {
    let mut lines = Vec::with_capacity(found.trace.len() + found.limbs.len());
    for line in &found.trace {
        if matches!(line.what, What::Class(_)) {
            lines.extend(limbs(day, item, found));
        }
        lines.push(TraceLine {
            step: line.step,
            instrument: line.by.map(|by| by.id.clone()),
            paragraph: Some(line.paragraph).filter(|p| !p.is_empty()).map(str::to_owned),
            found: line.what.to_string(),
        });
    }
    lines
}

fn limbs(day: &LawDay<'_>, item: &Item<'_>, found: &Findings<'_>) -> Vec<TraceLine> {
    let Some(table) = day.table(item) else {
        return Vec::new();
    };
    let rows = table.classify.iter().zip(&found.limbs);
    rows.map(|(row, read)| TraceLine {
        step: Step::Classification,
        instrument: Some(table.id.clone()),
        paragraph: Some(row.paragraph.clone()),
        found: format!("{}: {}", read.words(), condition::text(&row.when)),
    })
    .collect()
}

/// Every instrument the verdict relies on, in the order of the steps, with the paragraphs.
pub(super) fn citations(found: &Findings<'_>) -> Vec<Citation> {
    let mut all: Vec<Citation> = Vec::new();
    let mut cite = |by: &Instrument, paragraph: &str| {
        let known = all.iter().position(|c| c.instrument == by.id);
        let at = known.unwrap_or_else(|| {
            all.push(Citation {
                instrument: by.id.clone(),
                title: by.title.clone(),
                cite: by.cite.short().map(str::to_owned),
                paragraphs: Vec::new(),
                form: by.form.as_str().to_owned(),
                source: by.source.get_ref().clone(),
                grade: by.grade,
            });
            all.len() - 1
        });
        let paragraphs = &mut all[at].paragraphs;
        if !paragraph.is_empty() && !paragraphs.iter().any(|p| p == paragraph) {
            paragraphs.push(paragraph.to_owned());
        }
    };
    for line in found.trace.iter().filter(|line| line.cited) {
        if let Some(by) = line.by {
            cite(by, line.paragraph);
        }
    }
    for (by, _) in &found.cn_why {
        cite(by, "");
    }
    all
}

/// The instruments that each part of the answer rests on.
pub(super) fn rests_on(found: &Findings<'_>) -> BTreeMap<Aspect, Vec<String>> {
    let parts = Aspect::ALL.map(|aspect| (aspect, ids(found.behind(aspect).into_iter())));
    parts.into_iter().filter(|(_, by)| !by.is_empty()).collect()
}
