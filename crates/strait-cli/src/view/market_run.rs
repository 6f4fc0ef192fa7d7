//! A run of the quarterly market as a page.

mod against;
mod bands;
mod causes;
mod dates;
mod exposure;
mod goods;
mod json;
mod overview;
mod sellers;
mod tables;

use super::{Page, Section};
use crate::command::market::extra::Extra;
use against::differences;
use causes::extra_sections;
use jiff::civil::Date;
use strait::brief::UsProduction;
use strait::market::dynamics::{Ensemble, Fitted};
use strait::market::{Burden, Quarter};

pub(crate) use bands::Told;
pub(crate) use exposure::{Branch, Exposure, exposure_json, exposure_page};
pub(crate) use json::market_json;
pub(crate) use tables::spans;

/// A run, and what of it is shown.
pub(crate) struct Shown<'a> {
    /// Scenario's name.
    pub(crate) label: &'a str,
    /// What it asks.
    pub(crate) title: &'a str,
    /// What it changes, a line a change.
    pub(crate) provisions: Vec<String>,
    /// What others published of its question.
    pub(crate) beside: Vec<String>,
    /// Its paths.
    pub(crate) ensemble: &'a Ensemble,
    /// The scenario it is compared with.
    pub(crate) against: Option<(&'a str, &'a Ensemble)>,
    /// What that one changes.
    pub(crate) provisions_against: &'a [String],
    /// Quarters shown.
    pub(crate) window: (Quarter, Quarter),
    /// Parts shown.
    pub(crate) show: &'a [&'static str],
    /// Bands beside medians.
    pub(crate) bands: Told,
    /// Decomposition and the like.
    pub(crate) extra: &'a Extra,
    /// Day of knowledge.
    pub(crate) known: Date,
    /// Goods that could not be valued.
    pub(crate) left_out: &'a [(String, String)],
    /// What the posterior was fitted to.
    pub(crate) fitted: &'a Fitted,
    /// Parameters the data said nothing of.
    pub(crate) assumed: &'a [&'static str],
    /// What US makers produce, to set Chinese compute against.
    pub(crate) us: Option<UsProduction>,
    /// NVIDIA's published earnings, to set levies against, and its whole revenue by calendar year as far as reported.
    pub(crate) earnings: Option<(Burden, Vec<(i16, f64)>)>,
    /// On which assumption of memory made in China the dates of self-sufficiency rest.
    pub(crate) memory: String,
    /// What the model leaves of a published figure, standard deviation of the logarithm.
    pub(crate) missed: f64,
}

pub(crate) fn market_page(facts: &Shown<'_>, data: &str) -> Page {
    let shows = |word: &str| facts.show.contains(&word);
    let mut sections = Vec::new();
    if shows("overview") {
        sections.push(overview::section(facts));
    }
    if let Some((label, other)) = facts.against {
        sections.push(differences(facts, label, other));
    }
    if shows("shares") {
        sections.extend(sellers::sections(facts));
    }
    if shows("goods") {
        sections.push(goods::goods(facts));
    }
    if shows("buyers") {
        sections.push(goods::buyers(facts));
    }
    sections.extend(extra_sections(facts));
    let mut last = Section::new("What it rests on");
    last.text(format!(
        "{} paths; each draws parameters from a posterior fitted to what was published by {} and budgets beyond the day of knowledge from a random walk. Under every scenario the same draws are used.",
        facts.ensemble.values.len(),
        facts.fitted.known
    ));
    last.text(format!(
        "The bands hold what is not known of parameters and budgets. A figure as somebody will publish it lies about the path with an error of some {:.0} % more, which they do not hold; cards are those modelled, while IDC counts small ones too.",
        facts.missed * 100.0
    ));
    last.text(format!(
        "Assumed, for the data moved them less than a tenth from their prior: {}.",
        facts.assumed.join(", ")
    ));
    let left_out: Vec<String> = facts
        .left_out
        .iter()
        .map(|(good, why)| format!("{good}: {why}"))
        .collect();
    last.items("Left out:", left_out);
    sections.push(last);
    let mut first = Section::new("Asked");
    if !facts.title.is_empty() {
        first.text(format!("{}.", facts.title));
    }
    first.items("It changes:", facts.provisions.clone());
    first.items("Published beside it:", facts.beside.clone());
    sections.insert(0, first);
    Page {
        title: format!("Market, {}", facts.label),
        subtitle: format!(
            "as known on {} · strait {} · data {data}",
            facts.known,
            env!("CARGO_PKG_VERSION")
        ),
        sections,
    }
}
