//! Packaging lines: how many dies can be put on an interposer with their memory, `data/market/dynamics/packaging.csv`.
//!
//! packages a month = wafers a month × part of the maker × packages a wafer. A line on the mainland serves all Chinese
//! makers alike, one interposer a logic die; abroad a maker has its part of a line for all its goods.

use super::specification::Specification;
use crate::data::{DataFile, Problem, Problems, nearest, read_table};
use crate::figure::{FigureRef, Grade, Place, Sources, When};
use crate::market::supply::check_source;
use jiff::civil::Date;
use serde::Deserialize;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// In China, for Chinese makers.
    Mainland,
    /// TSMC's and its partners', for makers abroad.
    Tsmc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    WafersAMonth,
    Part,
    PackagesAWafer,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    line: Line,
    unit: Unit,
    of: String,
    at: When,
    low: f64,
    value: f64,
    high: f64,
    known_from: Date,
    source: String,
    grade: Grade,
    #[allow(dead_code, reason = "for the reader of the file")]
    note: String,
}

/// A figure of a line at a time.
#[derive(Debug, Clone)]
struct Row {
    line: Line,
    unit: Unit,
    /// Vendor, goods or `domestic`; nothing for wafers.
    of: Vec<String>,
    at: Date,
    /// Low, value, high.
    figures: [f64; 3],
    known_from: Date,
    reference: FigureRef,
}

/// Every figure of packaging lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Packaging(Vec<Row>);

impl Packaging {
    /// Interposers a month that lines on the mainland can make, as known on a day.
    pub(crate) fn mainland(&self, day: Date, known: Date) -> Option<[f64; 3]> {
        let wafers = self.figure(Line::Mainland, Unit::WafersAMonth, "", day, known)?;
        let each = self.figure(Line::Mainland, Unit::PackagesAWafer, "domestic", day, known)?;
        Some(product(wafers, each))
    }

    /// The last time that a figure of the mainland's lines is for, as known on a day.
    pub(crate) fn mainland_until(&self, known: Date) -> Option<Date> {
        let of_lines =
            |r: &&Row| r.line == Line::Mainland && r.unit == Unit::WafersAMonth && r.known_from <= known;
        self.0.iter().filter(of_lines).map(|r| r.at).max()
    }

    /// The figures that could have been read on a day of what lines could do by another.
    pub(crate) fn rests_on(&self, day: Date, known: Date) -> impl Iterator<Item = &FigureRef> {
        let rows = self
            .0
            .iter()
            .filter(move |r| r.known_from <= known && r.at <= day);
        rows.map(|r| &r.reference)
    }

    /// Packages a month of one good that its maker could have made abroad if it made nothing else there.
    pub(crate) fn abroad(&self, vendor: &str, good: &str, day: Date, known: Date) -> Option<[f64; 3]> {
        let wafers = self.figure(Line::Tsmc, Unit::WafersAMonth, "", day, known)?;
        let part = self.figure(Line::Tsmc, Unit::Part, vendor, day, known)?;
        let each = self.figure(Line::Tsmc, Unit::PackagesAWafer, good, day, known)?;
        Some(product(product(wafers, part), each))
    }

    /// The same of a good that no row names: as the largest package among some goods of the maker, of which a wafer holds
    /// fewest.
    pub(crate) fn abroad_as_largest<'g>(
        &self,
        vendor: &str,
        goods: impl Iterator<Item = &'g str>,
        (day, known): (Date, Date),
    ) -> Option<[f64; 3]> {
        goods
            .filter_map(|good| self.abroad(vendor, good, day, known))
            .min_by(|a, b| a[1].total_cmp(&b[1]))
    }

    /// A figure on a day: straight between the rows about it, the last one's beyond them.
    fn figure(&self, line: Line, unit: Unit, of: &str, day: Date, known: Date) -> Option<[f64; 3]> {
        let mut rows: Vec<&Row> = Vec::new();
        let named = |r: &Row| {
            if of.is_empty() {
                r.of.is_empty()
            } else {
                r.of.iter().any(|o| o == of)
            }
        };
        for row in self
            .0
            .iter()
            .filter(|r| r.line == line && r.unit == unit && r.known_from <= known && named(r))
        {
            match rows.iter_mut().find(|r| r.at == row.at) {
                Some(other) if other.known_from <= row.known_from => *other = row,
                Some(_) => {}
                None => rows.push(row),
            }
        }
        rows.sort_by_key(|r| r.at);
        let before = rows.iter().rev().find(|r| r.at <= day)?;
        let Some(after) = rows.iter().find(|r| r.at > day) else {
            return Some(before.figures);
        };
        let days = |a: Date, b: Date| a.until(b).map_or(0.0, |s| f64::from(s.get_days()));
        let part = days(before.at, day) / days(before.at, after.at);
        Some(std::array::from_fn(|k| {
            before.figures[k] + (after.figures[k] - before.figures[k]) * part
        }))
    }
}

fn product(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|k| a[k] * b[k])
}

pub(crate) fn load(
    file: DataFile<'_>,
    sources: &Sources,
    spec: &Specification,
    problems: &mut Problems,
) -> Packaging {
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Packaging::default();
        }
    };
    let mut ids: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for (place, row) in rows {
        let source = check_source(sources, &row.source, row.grade, &place, problems);
        if !(row.low > 0.0 && row.low <= row.value && row.value <= row.high && row.high.is_finite()) {
            problems.push(Problem::at(
                place.clone(),
                format!(
                    "`{}`, `{}`, `{}` where 0 < low <= value <= high was expected",
                    row.low, row.value, row.high
                ),
            ));
        }
        if row.unit == Unit::Part && row.high > 1.0 {
            problems.push(Problem::at(
                place.clone(),
                format!("a part of `{}` where at most 1 was expected", row.high),
            ));
        }
        if (row.unit == Unit::WafersAMonth) != row.of.is_empty() {
            problems.push(
                Problem::at(place.clone(), format!("row `{}` is of `{}`", row.id, row.of)).help(
                    "`part` names a vendor, `packages_a_wafer` goods or `domestic`, `wafers_a_month` nothing",
                ),
            );
        }
        if ids.contains(&row.id) {
            problems.push(Problem::at(
                place.clone(),
                format!("row `{}` stands twice", row.id),
            ));
        }
        let of: Vec<String> = row
            .of
            .split(';')
            .map(|o| o.trim().to_owned())
            .filter(|o| !o.is_empty())
            .collect();
        let known: Vec<&str> = match (row.unit, row.line) {
            (Unit::WafersAMonth, _) => Vec::new(),
            (Unit::Part, _) => spec.goods.iter().map(|g| g.facts.vendor.as_str()).collect(),
            (Unit::PackagesAWafer, Line::Mainland) => vec!["domestic"],
            (Unit::PackagesAWafer, Line::Tsmc) => spec.goods.iter().map(|g| g.facts.id.as_str()).collect(),
        };
        for name in of.iter().filter(|o| !known.contains(&o.as_str())) {
            let near = nearest(name, known.iter().copied()).join("`, `");
            problems.push(
                Problem::at(
                    place.clone(),
                    format!("row `{}` is of `{name}`, which nothing here is called", row.id),
                )
                .help(format!("did you mean `{near}`?")),
            );
        }
        let id = row.id.clone();
        ids.push(row.id);
        out.push(Row {
            line: row.line,
            unit: row.unit,
            of,
            at: row.at.first(),
            figures: [row.low, row.value, row.high],
            known_from: row.known_from,
            reference: FigureRef {
                of: "packaging".into(),
                path: format!("packaging.{id}"),
                source,
                grade: row.grade,
                place,
            },
        });
    }
    Packaging(out)
}
