//! What limits makers beside parameters, as known on a day: `data/market/dynamics/capacity.csv`.

use super::calendar::{MONTHS, Month};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Grade, Place, Sources, When};
use crate::market::supply::check_source;
use jiff::civil::Date;
use serde::Deserialize;

/// The year of `yield_2025`, and with it the last that the plan of wafers is carried to.
const YIELD_OF: i16 = 2025;

/// What limits Chinese makers beside parameters, as known on one day.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CapacityFacts {
    /// Wafers a month as planned, by month up to the end of the last year known of.
    pub(crate) wafers: Vec<f64>,
    /// Wafers made by the end of 2025, had all of it been made as planned.
    pub(crate) made_as_planned: f64,
    pub(crate) wafers_before: f64,
    pub(crate) dies_a_wafer: f64,
    /// The last month in which wafers are those planned.
    pub(crate) planned_to: usize,
    /// Months in which banked dies arrive.
    pub(crate) bank_from: usize,
    pub(crate) bank_to: usize,
    pub(crate) bank_lasts: f64,
    /// From when memory is counted; `None` where nothing was known to limit it.
    pub(crate) memory_counted_from: Option<usize>,
    pub(crate) memory_lasts: f64,
    pub(crate) memory_made_from: usize,
    pub(crate) other_dies: f64,
    pub(crate) other_stacks: f64,
    /// Months over which a maker abroad sells the stock of a chip made for this market.
    pub(crate) foreign_stock_lasts: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    WafersBefore,
    WafersAMonth,
    DiesAWafer,
    PlannedTo,
    BankFrom,
    BankTo,
    BankLasts,
    MemoryCountedFrom,
    MemoryLasts,
    MemoryMadeFrom,
    OtherDies,
    OtherStacks,
    ForeignStockLasts,
}

impl What {
    /// Without one of these on a day there is no path.
    const NEEDED: [(Self, &'static str); 12] = [
        (Self::WafersBefore, "wafers_before"),
        (Self::WafersAMonth, "wafers_a_month"),
        (Self::DiesAWafer, "dies_a_wafer"),
        (Self::PlannedTo, "planned_to"),
        (Self::BankFrom, "bank_from"),
        (Self::BankTo, "bank_to"),
        (Self::BankLasts, "bank_lasts"),
        (Self::MemoryLasts, "memory_lasts"),
        (Self::MemoryMadeFrom, "memory_made_from"),
        (Self::OtherDies, "other_dies"),
        (Self::OtherStacks, "other_stacks"),
        (Self::ForeignStockLasts, "foreign_stock_lasts"),
    ];

    /// Whether a row names a time, and whether it names a number.
    fn holds(self) -> (bool, bool) {
        match self {
            Self::WafersAMonth => (true, true),
            Self::PlannedTo
            | Self::BankFrom
            | Self::BankTo
            | Self::MemoryCountedFrom
            | Self::MemoryMadeFrom => (true, false),
            _ => (false, true),
        }
    }
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    what: What,
    at: Option<When>,
    value: Option<f64>,
    known_from: Date,
    source: String,
    grade: Grade,
    #[allow(dead_code, reason = "for the reader of the file")]
    note: String,
}

#[derive(Debug, Clone)]
struct Row {
    what: What,
    at: Option<Date>,
    value: f64,
    known_from: Date,
}

/// Every figure with the day from which it was known.
#[derive(Debug, Clone, Default)]
pub(crate) struct CapacityRows(Vec<Row>);

impl CapacityRows {
    /// The figures as known on a day.
    pub(crate) fn known(&self, day: Date) -> CapacityFacts {
        let last = |what: What| {
            let of = |r: &&Row| r.what == what && r.known_from <= day;
            self.0.iter().filter(of).max_by_key(|r| r.known_from)
        };
        let number = |what| last(what).map_or(f64::NAN, |r| r.value);
        let month = |what| last(what).and_then(|r| Some(Month::of(r.at?).0));
        let years = self.years(day);
        let wafers_before = number(What::WafersBefore);
        let end = years.last().map_or(0, |(year, _)| *year);
        let through = |year: i16| {
            let months = usize::try_from(i32::from(year - 2021) * 12).unwrap_or(0);
            planned(&years, months.min(MONTHS))
        };
        let wafers = through(end);
        CapacityFacts {
            made_as_planned: wafers_before + through(end.max(YIELD_OF)).iter().sum::<f64>(),
            wafers_before,
            dies_a_wafer: number(What::DiesAWafer),
            planned_to: month(What::PlannedTo)
                .unwrap_or(0)
                .min(wafers.len().saturating_sub(1)),
            wafers,
            bank_from: month(What::BankFrom).unwrap_or(0),
            bank_to: month(What::BankTo).unwrap_or(0),
            bank_lasts: number(What::BankLasts),
            memory_counted_from: month(What::MemoryCountedFrom),
            memory_lasts: number(What::MemoryLasts),
            memory_made_from: month(What::MemoryMadeFrom).unwrap_or(0),
            other_dies: number(What::OtherDies),
            other_stacks: number(What::OtherStacks),
            foreign_stock_lasts: number(What::ForeignStockLasts),
        }
    }

    /// Wafers a month by year, of each year the figure known last.
    fn years(&self, day: Date) -> Vec<(i16, f64)> {
        let mut rows: Vec<&Row> = (self.0.iter())
            .filter(|r| r.what == What::WafersAMonth && r.known_from <= day)
            .collect();
        rows.sort_by_key(|r| (r.at, r.known_from));
        let mut years: Vec<(i16, f64)> = Vec::new();
        for row in rows {
            let Some(year) = row.at.map(|at| at.year()) else {
                continue;
            };
            match years.last_mut() {
                Some(last) if last.0 == year => last.1 = row.value,
                _ => years.push((year, row.value)),
            }
        }
        years
    }
}

/// Reads `capacity.csv`.
pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> CapacityRows {
    let name = file.path;
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return CapacityRows::default();
        }
    };
    let mut ids: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for (place, row) in rows {
        check_source(sources, &row.source, row.grade, &place, problems);
        let (time, number) = row.what.holds();
        if time != row.at.is_some() || number != row.value.is_some() {
            let expected = match (time, number) {
                (true, true) => "`at` and `value`",
                (true, false) => "`at` and no `value`",
                _ => "`value` and no `at`",
            };
            problems.push(Problem::at(
                place.clone(),
                format!("row `{}` where {expected} was expected", row.id),
            ));
        }
        if let Some(value) = row.value.filter(|v| !(*v > 0.0 && v.is_finite())) {
            problems.push(Problem::at(
                place.clone(),
                format!("`{value}` where a number above zero was expected"),
            ));
        }
        if ids.contains(&row.id) {
            problems.push(Problem::at(place, format!("row `{}` stands twice", row.id)));
        }
        ids.push(row.id);
        out.push(Row {
            what: row.what,
            at: row.at.map(|at| at.first()),
            value: row.value.unwrap_or(f64::NAN),
            known_from: row.known_from,
        });
    }
    let rows = CapacityRows(out);
    check(&rows, name, problems);
    rows
}

/// That on every day on which a row becomes known a path can be computed, from the first day of the model on.
fn check(rows: &CapacityRows, name: &str, problems: &mut Problems) {
    let first = Month(0).first_day();
    for (what, word) in What::NEEDED {
        if !rows.0.iter().any(|r| r.what == what && r.known_from <= first) {
            problems.push(
                Problem::in_file(name, format!("no row of `{word}` is known on {first}"))
                    .help("a run may know as little as that day; give what could be assumed then"),
            );
        }
    }
    let mut days: Vec<Date> = rows.0.iter().map(|r| r.known_from).collect();
    days.push(first);
    days.sort_unstable();
    days.dedup();
    for day in days.into_iter().filter(|d| *d >= first) {
        let facts = rows.known(day);
        // Revenue of a year before is what wafers grow by.
        if facts.planned_to + 1 < 12 {
            problems.push(Problem::in_file(
                name,
                format!("as known on {day} the plan of wafers ends before 2022-12"),
            ));
        }
        if facts.bank_to < facts.bank_from {
            problems.push(Problem::in_file(
                name,
                format!("as known on {day} `bank_to` lies before `bank_from`"),
            ));
        }
    }
}

/// Wafers of the first `months` months: straight between middles of years, level beyond the ends.
fn planned(years: &[(i16, f64)], months: usize) -> Vec<f64> {
    let middle = |year: i16| f64::from(year - 2022) + 0.5;
    (0..months)
        .map(|t| {
            let now = (t as f64 + 0.5) / 12.0;
            let after = years.iter().position(|(year, _)| middle(*year) >= now);
            match after {
                None => years.last().map_or(0.0, |y| y.1),
                Some(0) => years[0].1,
                Some(k) => {
                    let ((from, low), (to, high)) = (years[k - 1], years[k]);
                    low + (high - low) * (now - middle(from)) / (middle(to) - middle(from))
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSet;
    use crate::scenario::Scenario;
    use jiff::civil::date;

    #[test]
    fn the_plan_is_straight_between_middles_of_years_and_level_beyond() {
        let plan = planned(&[(2022, 100.0), (2023, 220.0), (2024, 100.0)], 36);
        assert_eq!(plan.len(), 36);
        // The middle of June 2022 lies before the first middle of a year, that of July half a month past it.
        assert!((plan[0] - 100.0).abs() < 1e-9 && (plan[5] - 100.0).abs() < 1e-9);
        assert!((plan[6] - 105.0).abs() < 1e-9 && (plan[17] - 215.0).abs() < 1e-9);
        assert!((plan[18] - 215.0).abs() < 1e-9 && (plan[35] - 100.0).abs() < 1e-9);
    }

    fn shipped() -> CapacityRows {
        let data = DataSet::embedded();
        let sources = crate::catalog::Catalog::load(&data, &Scenario::default())
            .unwrap()
            .sources;
        let mut problems = Problems::default();
        let file = data.get("market/dynamics/capacity.csv").unwrap();
        let rows = load(file, &sources, &mut problems);
        assert!(problems.0.is_empty(), "{problems}");
        rows
    }

    #[test]
    fn a_day_sees_no_figure_that_was_published_after_it() {
        let rows = shipped();
        let early = rows.known(date(2025, 4, 10));
        // The account of 2025's wafers is of September: the plan known in April ends with 2024, level to 2025 in the anchor.
        assert_eq!((early.wafers.len(), early.planned_to), (36, 35));
        assert_eq!(early.bank_from, 0);
        assert!((early.dies_a_wafer - 80.0).abs() < 1e-12);
        let late = rows.known(date(2026, 11, 23));
        assert_eq!((late.wafers.len(), late.planned_to), (48, 42));
        assert!(late.made_as_planned > early.made_as_planned + 12.0 * 2000.0);
        assert!((late.made_as_planned - late.wafers_before - late.wafers.iter().sum::<f64>()).abs() < 1e-6);
        assert_eq!(rows.known(date(2024, 12, 1)).memory_counted_from, None);
        // Whatever a later row says, an earlier day answers as before.
        let mut more = rows.clone();
        for row in &rows.0 {
            more.0.push(Row {
                value: row.value * 3.0,
                at: row.at.map(|_| date(2025, 11, 1)),
                known_from: date(2025, 4, 11),
                ..row.clone()
            });
        }
        assert_eq!(more.known(date(2025, 4, 10)), early);
        assert_ne!(more.known(date(2025, 4, 11)), early);
    }
}
