//! NVIDIA's revenue at stake by branch of policy.

use super::bands::Told;
use crate::output::About;
use crate::view::{Page, Section, Table};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::ops::Range;
use strait::market::dynamics::{Band, Difference, Key};

/// The baseline and every branch.
pub(crate) struct Exposure<'a> {
    /// The baseline's name.
    pub(crate) baseline: &'a str,
    /// The bases: the same money counted by where it is billed and by whose it is.
    pub(crate) bases: [Key<'static>; 2],
    /// Revenue of the baseline by basis and span.
    pub(crate) base: [Vec<Band>; 2],
    /// Spans with their names.
    pub(crate) spans: &'a [(String, Range<usize>)],
    pub(crate) branches: Vec<Branch>,
    pub(crate) bands: Told,
    /// Day of knowledge.
    pub(crate) known: Date,
    /// By which day what the fit was made of was public.
    pub(crate) fitted: &'a str,
    /// Paths.
    pub(crate) draws: usize,
}

/// A branch of policy.
pub(crate) struct Branch {
    /// Name.
    pub(crate) label: String,
    /// What it asks.
    pub(crate) title: String,
    /// What it changes.
    pub(crate) provisions: Vec<String>,
    /// The branch less the baseline, by basis and span.
    pub(crate) less: [Vec<Difference>; 2],
}

pub(crate) fn exposure_page(facts: &Exposure<'_>, data: &str) -> Page {
    let mut sections = Vec::new();
    for (n, basis) in facts.bases.iter().enumerate() {
        let mut section = Section::new(basis.name.replace('|', ", "));
        section.text(format!("Whose purchases: {}.", basis.region));
        let mut heads = vec![format!("million USD, {}", facts.bands.head())];
        heads.extend(facts.spans.iter().map(|(named, _)| named.clone()));
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let mut table = Table::new(
            format!("Each branch less {}, path by path", facts.baseline),
            &heads,
        );
        let base = facts.base[n].iter().map(|b| facts.bands.band(b, "million USD"));
        table.row(std::iter::once(format!("{} itself", facts.baseline)).chain(base));
        for branch in ordered(&facts.branches, n) {
            let cells = branch.less[n].iter().map(|less| told(less, facts.bands));
            table.row(std::iter::once(branch.label.clone()).chain(cells));
        }
        section.table(table);
        sections.push(section);
    }
    let mut what = Section::new("Branches");
    what.items(
        "What each asks:",
        facts
            .branches
            .iter()
            .map(|b| format!("{}: {}", b.label, asks(b)))
            .collect(),
    );
    sections.push(what);
    let mut last = Section::new("How to read it");
    last.text(format!("{} paths of every branch, with the same draws of a posterior fitted to what was published by {}. Both bases count the same sales on the mainland and are never added; sales to Chinese buyers abroad are in the second alone. Per cent is the median of each path's own part; `less in` the part of paths in which the branch has less than {}.", facts.draws, facts.fitted, facts.baseline));
    sections.push(last);
    Page {
        title: format!("NVIDIA's revenue at stake, against {}", facts.baseline),
        subtitle: format!(
            "as known on {} · strait {} · data {data}",
            facts.known,
            env!("CARGO_PKG_VERSION")
        ),
        sections,
    }
}

/// What is gained or lost, in money and as a part, and how surely.
fn told(less: &Difference, bands: Told) -> String {
    if less.more == 0.0 && less.less == 0.0 {
        return "nothing".to_owned();
    }
    let part = less
        .part
        .map(|p| (p.median * 100.0).round())
        .map_or_else(String::new, |p| {
            // No sign before a nought.
            if p == 0.0 {
                ", 0 %".to_owned()
            } else {
                format!(", {p:+.0} %")
            }
        });
    format!(
        "{}{part}; less in {:.0} %",
        bands.band(&less.amount, "million USD"),
        less.less * 100.0
    )
}

/// What a branch asks, in its own title or in what it changes.
fn asks(branch: &Branch) -> String {
    match (branch.title.as_str(), branch.provisions.as_slice()) {
        ("", []) => "nothing is changed".to_owned(),
        ("", provisions) => provisions.join("; "),
        (title, _) => title.to_owned(),
    }
}

/// Branches by what they cost over all spans at the median, the dearest first.
fn ordered(branches: &[Branch], basis: usize) -> Vec<&Branch> {
    let cost = |b: &Branch| b.less[basis].iter().map(|less| less.amount.median).sum::<f64>();
    let mut out: Vec<&Branch> = branches.iter().collect();
    out.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.label.cmp(&b.label)));
    out
}

pub(crate) fn exposure_json(facts: &Exposure<'_>, about: &About) -> Value {
    let by_span = |of: &dyn Fn(usize) -> Value| -> Map<String, Value> {
        let spans = facts.spans.iter().enumerate();
        spans.map(|(k, (named, _))| (named.clone(), of(k))).collect()
    };
    let bases: Vec<Value> = facts
        .bases
        .iter()
        .enumerate()
        .map(|(n, basis)| {
            let branches: Vec<Value> = ordered(&facts.branches, n)
                .into_iter()
                .map(|b| json!({ "scenario": b.label, "less_baseline": by_span(&|k| json!(b.less[n].get(k))) }))
                .collect();
            json!({ "variable": basis.name, "region": basis.region, "unit": "million USD",
                "baseline": by_span(&|k| json!(facts.base[n].get(k))), "branches": branches })
        })
        .collect();
    let branches: Vec<Value> = facts
        .branches
        .iter()
        .map(|b| json!({ "scenario": b.label, "title": b.title, "provisions": b.provisions }))
        .collect();
    json!({ "strait": about, "baseline": facts.baseline, "fitted_to": facts.fitted, "bases": bases, "branches": branches })
}
