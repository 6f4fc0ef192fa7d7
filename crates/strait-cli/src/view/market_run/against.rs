//! A run beside another, path by path.

use super::Shown;
use super::dates::{dates, when};
use super::tables::{spoken, years};
use crate::view::{Section, Table};
use strait::brief::UsProduction;
use strait::figure::Quantity;
use strait::market::Quarter;
use strait::market::dynamics::{Band, Ensemble, Key, name};

pub(super) fn differences(facts: &Shown<'_>, label: &str, other: &Ensemble) -> Section {
    let years = years(facts);
    let mut heads = vec![format!("{} less {label}", facts.label)];
    heads.extend(years.iter().map(|(named, _)| named.clone()));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("Differences by path", &heads);
    for variable in COMPARED {
        let Some(v) = facts.ensemble.find(variable) else {
            continue;
        };
        let found = &facts.ensemble.variables[v];
        let cells: Vec<String> = years
            .iter()
            .map(|(_, over)| {
                let less = facts.ensemble.less(other, variable, over);
                less.map_or_else(String::new, |less| {
                    let band = facts.bands.band(&less.amount, found.unit);
                    format!("{band}; more in {:.0} %", less.more * 100.0)
                })
            })
            .collect();
        table.row(std::iter::once(spoken(found)).chain(cells));
    }
    let mut section = Section::new(format!("Against {label}"));
    section.items(&format!("{label} changes:"), facts.provisions_against.to_vec());
    section.table(table);
    if let Some(words) = borne(facts, other) {
        section.text(words);
    }
    let mut moved = Table::new(
        "Self-sufficient from, median",
        &["definition", facts.label, label],
    );
    for (a, b) in dates(facts.ensemble).into_iter().zip(dates(other)) {
        moved.row([a.0.to_owned(), when(a.2), when(b.2)]);
    }
    section.table(moved);
    section.text(facts.memory.clone());
    if let Some(us) = &facts.us
        && years.iter().any(|(named, _)| *named == us.year.to_string())
    {
        us_over_china(&mut section, facts, (label, other), us);
    }
    section
}

/// What levies are in points of NVIDIA's gross margin and in earnings a share, for years whose revenue was reported.
fn borne(facts: &Shown<'_>, other: &Ensemble) -> Option<String> {
    let (burden, revenues) = facts.earnings.as_ref()?;
    let per_billion = burden.of(1e9);
    let mut out = String::new();
    for (year, revenue) in revenues {
        let Some(over) = facts.ensemble.year(*year) else {
            continue;
        };
        let shown = |q: Quarter| facts.window.0 <= q && q <= facts.window.1;
        let all = facts.ensemble.quarters[over.clone()].iter().all(|q| shown(*q));
        let Some(less) = facts.ensemble.less(other, name::LEVIES, &over).filter(|_| all) else {
            continue;
        };
        let band = &less.amount;
        if band.p05 == 0.0 && band.p95 == 0.0 {
            continue;
        }
        let points = |million: f64| million * 1e6 / revenue * 100.0;
        let share = |million: f64| burden.of(million * 1e6).value.get();
        out.push_str(&format!(
            " Levies of {year}: {:.2} points of gross margin ({:.2} to {:.2}) on FY{}'s {:.1} bn USD, {:.3} USD a share ({:.3} to {:.3}).",
            points(band.median), points(band.p05), points(band.p95), year + 1, revenue / 1e9,
            share(band.median), share(band.p05), share(band.p95),
        ));
    }
    (!out.is_empty()).then(|| {
        format!(
            "What the levies take off NVIDIA's earnings, all of them laid to it and none passed on:{out} A share: {:.3} USD a bn ({:.3} to {:.3}), told from the charge of {:.1} bn in {} that took {:.1} points of margin; the calendar year is set against the fiscal one that ends in the next January.",
            per_billion.value.get(), per_billion.low.get(), per_billion.high.get(),
            burden.charge.get() / 1e9, burden.period, burden.margin.get() * 100.0,
        )
    })
}

/// How many times as much compute the United States keep of their own as China acquires.
fn us_over_china(
    section: &mut Section,
    facts: &Shown<'_>,
    (label, other): (&str, &Ensemble),
    us: &UsProduction,
) {
    let mut table = Table::new(
        format!("Compute of {}, United States over China", us.year),
        &["Chinese buyers", facts.label, label],
    );
    for (buyers, abroad_too) in [("on the mainland", false), ("on the mainland and abroad", true)] {
        let of = |e: &Ensemble| {
            us.over_china(e, abroad_too).map_or_else(String::new, |draws| {
                let band = Band::of(draws);
                format!("{:.1} ({:.1} to {:.1})", band.median, band.p05, band.p95)
            })
        };
        table.row([buyers.to_owned(), of(facts.ensemble), of(other)]);
    }
    section.table(table);
    section.text(format!(
        "United States: {:.2} million B300 of {} ({}), less what China buys of US makers, over what Chinese buyers acquire from all; both by TPP. The production is one forecast without a band of its own.",
        us.units / 1e6,
        us.year,
        us.organisation
    ));
}

/// Variables that scenarios are compared by.
pub(super) const COMPARED: [Key<'_>; 11] = [
    name::BILLING,
    name::HEADQUARTERS,
    name::DOMESTIC,
    name::HUAWEI,
    name::SPENDING,
    name::FOR_STOCK,
    name::GREY_UNITS,
    name::SHARE_DOLLARS,
    name::COMPUTE,
    name::COMPUTE_ALL,
    name::LEVIES,
];
