//! Tables of a market run: numbers in the digits they deserve, bands in words.

use super::Shown;
use crate::view::Table;
use strait::market::dynamics::{AT_LEAST, Band, name};

/// A variable's name with its levels apart by commas, so that it can be broken over lines.
pub(super) fn spoken(name: &str, unit: &str) -> String {
    let words = name.replace('|', ", ");
    if unit == "1" {
        words
    } else {
        format!("{words} ({unit})")
    }
}

/// A number of a table, in the digits its size deserves.
pub(super) fn figure(x: f64, unit: &str) -> String {
    if unit == "1" {
        return format!("{:.0} %", x * 100.0);
    }
    match x.abs() {
        a if a >= 1000.0 => {
            let whole = format!("{:.0}", x.abs());
            let mut out = String::new();
            for (n, c) in whole.chars().enumerate() {
                if n > 0 && (whole.len() - n) % 3 == 0 {
                    out.push(' ');
                }
                out.push(c);
            }
            if x < 0.0 { format!("-{out}") } else { out }
        }
        a if a >= 10.0 => format!("{x:.0}"),
        a if a >= 0.05 => format!("{x:.1}"),
        _ => "0".into(),
    }
}

/// Median and 90 % band in words.
pub(super) fn band_of(band: &Band, unit: &str) -> String {
    format!(
        "{} ({} to {})",
        figure(band.median, unit),
        figure(band.p05, unit),
        figure(band.p95, unit)
    )
}

/// The same where values from `floor` on are the least that some paths have: these are told as `at least`.
fn band_from(band: &Band, unit: &str, floor: Option<f64>) -> String {
    let Some(floor) = floor else {
        return band_of(band, unit);
    };
    let told = |x: f64| {
        let least = if x >= floor { "at least " } else { "" };
        format!("{least}{}", figure(x, unit))
    };
    let (low, middle, high) = (told(band.p05), told(band.median), told(band.p95));
    if low == middle && middle == high {
        middle
    } else {
        format!("{middle} ({low} to {high})")
    }
}

/// Part of paths that may be told as exact though some of their months are not.
const TOLERATED: f64 = 0.01;

/// The value from which on a variable's means over quarters are the least they can be; nothing where they are exact.
fn floor(facts: &Shown<'_>, wanted: &str, variable: usize, over: &std::ops::Range<usize>) -> Option<f64> {
    let marks = facts.ensemble.find(&format!("{wanted}|{AT_LEAST}"))?;
    let marks = facts.ensemble.summed(marks, over.clone());
    let values = facts.ensemble.averaged(variable, over.clone());
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
pub(super) fn table(facts: &Shown<'_>, title: &str, names: &[&str]) -> Table {
    let found: Vec<usize> = names.iter().filter_map(|n| facts.ensemble.find(n)).collect();
    let mut heads = vec!["quarter".to_owned()];
    heads.extend(found.iter().map(|v| {
        let variable = &facts.ensemble.variables[*v];
        spoken(&variable.name, variable.unit)
    }));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    for q in positions(facts) {
        let cells = found
            .iter()
            .map(|v| band_of(&facts.ensemble.band(*v, q), facts.ensemble.variables[*v].unit));
        out.row(std::iter::once(facts.ensemble.quarters[q].to_string()).chain(cells));
    }
    out
}

/// Years of a window, each with its quarters that lie in it and a name that says where these are not the whole year.
pub(super) fn years(facts: &Shown<'_>) -> Vec<(String, std::ops::Range<usize>)> {
    let (from, to) = facts.window;
    let quarters = &facts.ensemble.quarters;
    let inside = |year: i16| {
        let mut found = (0..quarters.len()).filter(|q| {
            let q = quarters[*q];
            q.year == year
                && (from.year, from.quarter) <= (q.year, q.quarter)
                && (q.year, q.quarter) <= (to.year, to.quarter)
        });
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

/// Quarters by year for tables that would be too wide: sums, of shares and rents means, of stocks the end of the year.
pub(super) fn yearly(facts: &Shown<'_>, title: &str, names: &[String]) -> Table {
    let years = years(facts);
    let mut heads = vec!["median (5th to 95th percentile)".to_owned()];
    heads.extend(years.iter().map(|(named, _)| named.clone()));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut out = Table::new(title, &heads);
    for wanted in names {
        let Some(v) = facts.ensemble.find(wanted) else {
            continue;
        };
        let unit = facts.ensemble.variables[v].unit;
        let mean = unit == "1" || unit == "USD a unit";
        let stock = [name::INSTALLED, name::MEMORY].contains(&wanted.as_str());
        let of = |(_, over): &(String, std::ops::Range<usize>)| {
            let over = over.clone();
            Band::of(match (mean, stock) {
                (true, _) => facts.ensemble.averaged(v, over),
                (_, true) => facts.ensemble.draws(v, over.end - 1),
                _ => facts.ensemble.summed(v, over),
            })
        };
        let bands: Vec<Band> = years.iter().map(of).collect();
        if bands.iter().all(|b| b.p95 < 0.05) {
            continue;
        }
        let floors = years.iter().map(|(_, over)| floor(facts, wanted, v, over));
        let cells = bands
            .iter()
            .zip(floors)
            .map(|(b, floor)| band_from(b, unit, floor));
        out.row(std::iter::once(spoken(wanted, unit)).chain(cells));
    }
    out
}
