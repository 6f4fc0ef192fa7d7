//! Tables of a market run, by quarter and by year.

use super::Shown;
use crate::view::Table;
use std::ops::Range;
use strait::market::Quarter;
use strait::market::dynamics::{AT_LEAST, Key, Region, Variable};

/// A variable's name with its levels apart by commas, so that it can be broken over lines; its region where that is not the
/// mainland alone.
pub(super) fn spoken(variable: &Variable) -> String {
    let mut words = variable.name.replace('|', ", ");
    match variable.region {
        Region::Mainland => {}
        Region::Offshore => words.push_str(", offshore"),
        // A rent is a good's wherever it is bought.
        Region::Both if variable.unit == "USD/unit" => {}
        Region::Both => words.push_str(", mainland and offshore"),
    }
    if variable.unit != "1" {
        words = format!("{words} ({})", variable.unit);
    }
    words
}

/// Part of paths that may be told as exact though some of their months are not.
const TOLERATED: f64 = 0.01;

/// The value from which on a variable's means over quarters are the least they can be; nothing where they are exact.
fn floor(facts: &Shown<'_>, variable: usize, over: &Range<usize>) -> Option<f64> {
    let wanted = facts.ensemble.variables[variable].key();
    let marks = facts.ensemble.find(Key {
        name: &format!("{}|{AT_LEAST}", wanted.name),
        ..wanted
    })?;
    let marks = facts.ensemble.over(marks, over.clone());
    let values = facts.ensemble.over(variable, over.clone());
    let mut least: Vec<f64> = (values.iter().zip(&marks))
        .filter(|(_, mark)| **mark > 0.0)
        .map(|(value, _)| *value)
        .collect();
    least.sort_unstable_by(f64::total_cmp);
    least.get((values.len() as f64 * TOLERATED) as usize).copied()
}

pub(super) fn positions(facts: &Shown<'_>) -> Vec<usize> {
    let (from, to) = facts.window;
    (0..facts.ensemble.quarters.len())
        .filter(|q| (from..=to).contains(&facts.ensemble.quarters[*q]))
        .collect()
}

/// Quarters down, variables across.
pub(super) fn table(facts: &Shown<'_>, title: &str, keys: &[Key<'_>]) -> Table {
    let found: Vec<usize> = keys.iter().filter_map(|key| facts.ensemble.find(*key)).collect();
    let mut heads = vec!["quarter".to_owned()];
    heads.extend(found.iter().map(|v| spoken(&facts.ensemble.variables[*v])));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    for q in positions(facts) {
        let cells = found.iter().map(|v| {
            let unit = facts.ensemble.variables[*v].unit;
            facts.bands.band(&facts.ensemble.band(*v, q), unit)
        });
        out.row(std::iter::once(facts.ensemble.quarters[q].to_string()).chain(cells));
    }
    out
}

/// Years of a window, each with its quarters that lie in it and a name that says where these are not the whole year.
pub(crate) fn spans(quarters: &[Quarter], (from, to): (Quarter, Quarter)) -> Vec<(String, Range<usize>)> {
    let inside = |year: i16| {
        let mut found =
            (0..quarters.len()).filter(|q| quarters[*q].year == year && (from..=to).contains(&quarters[*q]));
        let first = found.next()?;
        Some(first..found.next_back().unwrap_or(first) + 1)
    };
    (from.year..=to.year)
        .filter_map(|year| {
            let over = inside(year)?;
            let (a, b) = (quarters[over.start].quarter, quarters[over.end - 1].quarter);
            let named = match over.len() {
                4 => year.to_string(),
                1 => format!("{year} Q{a}"),
                _ => format!("{year} Q{a} to Q{b}"),
            };
            Some((named, over))
        })
        .collect()
}

/// The years of what is shown.
pub(super) fn years(facts: &Shown<'_>) -> Vec<(String, Range<usize>)> {
    spans(&facts.ensemble.quarters, facts.window)
}

/// Variables of a run by key.
pub(super) fn by_key<'k>(facts: &Shown<'_>, keys: impl IntoIterator<Item = Key<'k>>) -> Vec<usize> {
    let found = keys.into_iter().filter_map(|key| facts.ensemble.find(key));
    found.collect()
}

/// Variables of a region whose names begin so, with so many levels after that.
pub(super) fn under(facts: &Shown<'_>, region: Region, root: &str, levels: usize) -> Vec<usize> {
    let is = |v: &Variable| {
        let rest = v.name.strip_prefix(root).and_then(|rest| rest.strip_prefix('|'));
        v.region == region && rest.is_some_and(|rest| rest.split('|').count() == levels)
    };
    let variables = &facts.ensemble.variables;
    (0..variables.len()).filter(|v| is(&variables[*v])).collect()
}

/// Quarters by year for tables that would be too wide: sums, parts of the sums, of rents and chances means, of stocks the
/// end of the year.
pub(super) fn yearly(facts: &Shown<'_>, title: &str, variables: &[usize]) -> Table {
    let years = years(facts);
    let mut heads = vec![facts.bands.head().to_owned()];
    heads.extend(years.iter().map(|(named, _)| named.clone()));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    let spans: Vec<Range<usize>> = years.into_iter().map(|(_, over)| over).collect();
    for v in variables {
        let variable = &facts.ensemble.variables[*v];
        let bands = facts.ensemble.bands(*v, &spans);
        // What is told as nothing throughout is left out.
        let nothing = if variable.unit == "1" { 0.005 } else { 0.05 };
        if bands.iter().all(|b| b.p95 < nothing) {
            continue;
        }
        let floors = spans.iter().map(|over| floor(facts, *v, over));
        let cells = bands
            .iter()
            .zip(floors)
            .map(|(b, floor)| facts.bands.from(b, variable.unit, floor));
        out.row(std::iter::once(spoken(variable)).chain(cells));
    }
    out
}
