//! The run in a few totals, and when China is self-sufficient.

use super::Shown;
use super::dates::{dates, when};
use super::tables::{by_key, table, yearly};
use crate::view::{Section, Table};
use strait::market::dynamics::name;

pub(super) fn section(facts: &Shown<'_>) -> Section {
    let mut section = Section::new("Overview");
    section.text("NVIDIA's two geographic bases are two rows and never join; shares of cards, dollars and compute differ by definition, not by error. Where no site is named buyers on the mainland are meant.");
    section.text("Spending is for use, which budgets hold, and for stock, which buyers who fear a cut-off lay in beside them and draw on when the good is gone. Demand is for use alone, of Chinese goods and those made for this market.");
    let keys = [
        name::BILLING,
        name::HEADQUARTERS,
        name::NVIDIA_MAINLAND,
        name::NVIDIA_OFFSHORE,
        name::DOMESTIC,
        name::HUAWEI,
        name::SPENDING,
        name::FOR_USE,
        name::FOR_STOCK,
        name::FROM_STOCK,
        name::DEMAND,
        name::GREY,
        name::GREY_UNITS,
        name::NOT_TAKEN,
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
    ];
    section.table(yearly(
        facts,
        "By year: sums, shares of the year's sums, of chances means",
        &by_key(facts, keys),
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
    section
}
