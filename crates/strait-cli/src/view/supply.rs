//! Statements about how many chips there are, side by side.

use super::number::{estimate, given};
use super::{Page, Section, Table};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use strait::figure::{Quantity, Sources};
use strait::market::SupplyEstimate;

/// One part a pool, one line a statement, and how far apart those about the same days are.
pub(crate) fn supply_page(said: &[SupplyEstimate], sources: &Sources, subtitle: String) -> Page {
    let mut pools: BTreeMap<&str, Vec<&SupplyEstimate>> = BTreeMap::new();
    for one in said {
        pools.entry(&one.pool).or_default().push(one);
    }
    let mut sections: Vec<Section> = pools.iter().map(|(pool, said)| section(pool, said)).collect();
    sections.extend((!said.is_empty()).then(|| register(said, sources)));
    Page {
        title: "Who says how many chips there are".into(),
        subtitle,
        sections,
    }
}

fn section(pool: &str, said: &[&SupplyEstimate]) -> Section {
    let mut section = Section::new(pool);
    let chips: Vec<&str> = said[0].chips.iter().map(|chip| chip.0.as_str()).collect();
    let mut table = Table::new(
        format!("Units of {}", chips.join(" and ")),
        &[
            "period",
            "units",
            "who says so",
            "known from",
            "grade",
            "what is counted",
        ],
    );
    for one in said {
        table.figures.insert(one.reference.clone());
        table.row([
            period(one.from, one.to),
            estimate_as_given(one),
            one.reference.source.to_string(),
            one.known_from.to_string(),
            one.reference.grade.to_string(),
            one.note.clone(),
        ]);
    }
    section.table(table);
    let mut rivals: BTreeMap<(Date, Date), Vec<&SupplyEstimate>> = BTreeMap::new();
    for one in said {
        rivals.entry((one.from, one.to)).or_default().push(one);
    }
    let apart = rivals.values().filter_map(|same| apart(same)).collect();
    section.items(
        "Statements about the same days are rivals and stay side by side. The model takes the one known last as its \
         central value, and all together as its interval.",
        apart,
    );
    section
}

/// How far apart statements about the same days are; nothing where they are one or agree.
fn apart(same: &[&SupplyEstimate]) -> Option<String> {
    let least = same
        .iter()
        .min_by(|a, b| a.units.low.get().total_cmp(&b.units.low.get()))?;
    let most = same
        .iter()
        .max_by(|a, b| a.units.high.get().total_cmp(&b.units.high.get()))?;
    let (low, high) = (least.units.low.get(), most.units.high.get());
    (same.len() > 1 && high > low && low > 0.0).then(|| {
        format!(
            "{}: from {} ({}) to {} ({}), {:.1} times as many.",
            period(same[0].from, same[0].to),
            given(low),
            least.reference.source,
            given(high),
            most.reference.source,
            high / low
        )
    })
}

/// Units as the source gave them; the interval where it gave one.
fn estimate_as_given(one: &SupplyEstimate) -> String {
    let units = &one.units;
    if units.low.get() < units.high.get() {
        return estimate(units);
    }
    given(units.value.get())
}

/// `2025`, or first and last day.
fn period(from: Date, to: Date) -> String {
    let whole_year = from.year() == to.year() && from == from.first_of_year() && to == to.last_of_year();
    if whole_year {
        from.year().to_string()
    } else {
        format!("{from} to {to}")
    }
}

fn register(said: &[SupplyEstimate], sources: &Sources) -> Section {
    let mut section = Section::new("Sources");
    let ids: BTreeSet<_> = said.iter().map(|one| &one.reference.source).collect();
    section.table(Table::of_sources(ids, sources));
    section
}
