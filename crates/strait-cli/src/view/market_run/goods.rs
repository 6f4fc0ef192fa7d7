//! Goods on the mainland, and buyers.

use super::Shown;
use super::tables::{by_key, under, yearly};
use crate::view::Section;
use strait::market::dynamics::{Region, name};

pub(super) fn goods(facts: &Shown<'_>) -> Section {
    let mut section = Section::new("Goods");
    let of = |root| under(facts, Region::Mainland, root, 2);
    let mut units = by_key(facts, [name::GREY_UNITS]);
    units.extend(of("Sales|Units"));
    units.extend(of("Units laid in for stock"));
    section.table(yearly(facts, "Units on the mainland", &units));
    section.table(yearly(
        facts,
        "Spending on the mainland: what the seller takes, levies included",
        &of("Spending"),
    ));
    section.table(yearly(
        facts,
        "Scarcity rent: what a buyer would give above the price for one more",
        &under(facts, Region::Both, "Scarcity rent", 2),
    ));
    section.text("A rent is that of the buyers whom law and guidance leave the good to. Beyond five times the price it is not told: `at least`.");
    section
}

pub(super) fn buyers(facts: &Shown<'_>) -> Section {
    let mut section = Section::new("Buyers");
    let mut variables = Vec::new();
    for region in [Region::Mainland, Region::Offshore] {
        let spending = under(facts, region, "Spending by segment", 1);
        let shares = under(facts, region, "Share by origin within segment|Dollars", 2);
        variables.extend(spending.into_iter().zip(shares).flat_map(|(a, b)| [a, b]));
    }
    section.table(yearly(
        facts,
        "Spending, and the part of Chinese vendors in it",
        &variables,
    ));
    section
}
