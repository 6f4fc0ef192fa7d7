//! A run of the quarterly market as a page.

mod against;
mod causes;
mod dates;
mod json;
mod tables;

use super::{Page, Section, Table};
use crate::command::market_extra::Extra;
use against::differences;
use causes::extra_sections;
use dates::{dates, when};
use jiff::civil::Date;
use strait::brief::UsProduction;
use strait::market::Quarter;
use strait::market::dynamics::{AT_LEAST, Ensemble, Fitted, name};
use tables::{table, yearly};

pub(crate) use json::market_json;

/// A run, and what of it is shown.
pub(crate) struct Shown<'a> {
    /// Scenario's name.
    pub(crate) label: &'a str,
    /// What it asks.
    pub(crate) title: &'a str,
    /// What it changes, a line a change.
    pub(crate) provisions: Vec<String>,
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
    /// On which assumption of memory made in China the dates of self-sufficiency rest.
    pub(crate) memory: String,
    /// What the model leaves of a published figure, standard deviation of the logarithm.
    pub(crate) missed: f64,
}

pub(crate) fn market_page(facts: &Shown<'_>, data: &str) -> Page {
    let shows = |word: &str| facts.show.contains(&word);
    let mut sections = Vec::new();
    if shows("overview") {
        let mut section = Section::new("Overview");
        section.text("NVIDIA's two geographic bases are two rows and never join; shares of cards, dollars and compute differ by definition, not by error.");
        section.text("Spending is for use, which budgets hold, and for stock, which buyers who fear a cut-off lay in beside them and draw on when the good is gone. Demand is for use alone, of Chinese goods and those made for this market.");
        let names: Vec<String> = [
            name::BILLING,
            name::HEADQUARTERS,
            name::NVIDIA_MAINLAND,
            name::NVIDIA_OFFSHORE,
            name::DOMESTIC,
            "Revenue|huawei|Mainland",
            name::SPENDING,
            name::FOR_USE,
            name::FOR_STOCK,
            name::FROM_STOCK,
            name::DEMAND,
            name::GREY,
            name::GREY_UNITS,
            name::SHARE_UNITS,
            name::SHARE_DOLLARS,
            name::SHARE_COMPUTE,
            name::SHARE_TRAINING,
            name::COVERAGE,
            name::COMPUTE,
            name::COMPUTE_DOMESTIC,
            name::WRITE_DOWN,
            name::LEVIES,
            name::CUT_OFF,
        ]
        .iter()
        .map(ToString::to_string)
        .collect();
        section.table(yearly(
            facts,
            "By year: sums, of shares and rents means, of stocks the end of the year",
            &names,
        ));
        section.table(table(
            facts,
            "By quarter",
            &[
                name::BILLING,
                name::HEADQUARTERS,
                name::DOMESTIC,
                name::SHARE_DOLLARS,
            ],
        ));
        let mut sufficient = Table::new(
            "Self-sufficient from",
            &["definition", "5 %", "median", "95 %", "not by 2030"],
        );
        for (words, early, middle, late, never) in dates(facts.ensemble) {
            sufficient.row([
                words.to_owned(),
                when(early),
                when(middle),
                when(late),
                format!("{:.0} % of paths", never * 100.0),
            ]);
        }
        section.table(sufficient);
        section.text(facts.memory.clone());
        sections.push(section);
    }
    if let Some((label, other)) = facts.against {
        sections.push(differences(facts, label, other));
    }
    if shows("goods") {
        let mut section = Section::new("Goods");
        let names = |prefix: &str| -> Vec<String> {
            facts
                .ensemble
                .variables
                .iter()
                .map(|v| v.name.clone())
                .filter(|n| n.starts_with(prefix) && n.matches('|').count() <= 2)
                .collect()
        };
        section.table(yearly(facts, "Units on the mainland", &names("Units|")));
        let revenue: Vec<String> = names("Revenue|")
            .into_iter()
            .filter(|n| n.ends_with("|Mainland") && !n.starts_with("Revenue|NVIDIA"))
            .collect();
        section.table(yearly(facts, "Revenue on the mainland", &revenue));
        section.table(yearly(
            facts,
            "Scarcity rent: what a buyer would give above the price for one more",
            &names("Scarcity rent|")
                .into_iter()
                .filter(|n| !n.ends_with(AT_LEAST))
                .collect::<Vec<_>>(),
        ));
        section.text("A rent is that of the buyers whom law and guidance leave the good to. Beyond five times the price it is not told: `at least`.");
        sections.push(section);
    }
    if shows("buyers") {
        let mut section = Section::new("Buyers");
        let names: Vec<String> = facts
            .ensemble
            .variables
            .iter()
            .map(|v| v.name.clone())
            .filter(|n| {
                (n.starts_with("Spending|") && n.contains(", "))
                    || n.starts_with("Share|Chinese vendors|Dollars|")
            })
            .filter(|n| n.matches('|').count() == 1 || n.starts_with("Share|"))
            .collect();
        section.table(yearly(
            facts,
            "Spending, and the part of Chinese vendors in it",
            &names,
        ));
        sections.push(section);
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
