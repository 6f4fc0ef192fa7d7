//! Who sells how much to whom, and everybody's part of it.

use super::Shown;
use super::tables::{under, yearly};
use crate::view::Section;
use strait::market::dynamics::Region;

pub(super) fn sections(facts: &Shown<'_>) -> Vec<Section> {
    let sites = [
        (Region::Mainland, "Shares on the mainland"),
        (Region::Offshore, "Shares offshore"),
    ];
    let mut out: Vec<Section> = sites.map(|(region, title)| of_site(facts, region, title)).into();
    let mut both = Section::new("Shares of sites");
    let parts = ["Units", "Dollars", "Compute"].map(|what| format!("Share by site|{what}"));
    let parts: Vec<usize> = parts
        .iter()
        .flat_map(|root| under(facts, Region::Both, root, 1))
        .collect();
    both.table(yearly(facts, "Each site's part of both", &parts));
    out.push(both);
    out
}

fn of_site(facts: &Shown<'_>, region: Region, title: &str) -> Section {
    let mut section = Section::new(title);
    let tables: [(&str, &[(&str, usize)]); 4] = [
        (
            "By seller: units, and spending, which is the seller's revenue before levies",
            &[("Sales|Units", 1), ("Spending", 1)],
        ),
        (
            "Sellers' parts of units, dollars and compute",
            &[("Share|Units", 1), ("Share|Dollars", 1), ("Share|Compute", 1)],
        ),
        (
            "Chips' parts of units and dollars",
            &[("Share|Units", 2), ("Share|Dollars", 2)],
        ),
        (
            "Buyers' parts of units and dollars, and sellers' parts of what each buyer spends",
            &[
                ("Share by segment|Units", 1),
                ("Share by segment|Dollars", 1),
                ("Share within segment|Dollars", 2),
            ],
        ),
    ];
    for (title, roots) in tables {
        let found = roots
            .iter()
            .flat_map(|(root, levels)| under(facts, region, root, *levels));
        section.table(yearly(facts, title, &found.collect::<Vec<_>>()));
    }
    section.text("Every share is taken path by path and sums to one in each; medians of shares need not. `--out` holds every good of every buyer.");
    section
}
