//! What the model is held against: `data/market/observations.csv`, whose rows name rows of other files.

use super::assumed::Errors;
use super::calendar::Period;
use super::target::{Target, scale};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Grade, Place, Quantity, SourceId, Sources};
use crate::market::revenue::{PublishedShare, ReportedRevenue};
use crate::market::supply::check_source;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Raw {
    id: String,
    target: String,
    period: String,
    #[serde(rename = "ref")]
    row: String,
    low: Option<f64>,
    high: Option<f64>,
    form: Form,
    known_from: Option<Date>,
    source: String,
    grade: Option<Grade>,
    note: String,
}

/// What an observation says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The value is about it.
    About,
    /// The value is at most its high end; zeros stand so.
    Below,
    /// The value is at least its low end.
    Above,
}

/// A published value.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Row id.
    pub id: String,
    /// What is measured.
    pub target: Target,
    /// Over which period.
    pub period: Period,
    /// Ends: dollars, units or a share.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// What it says of the value.
    pub form: Form,
    /// Public from.
    pub known_from: Date,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Remarks.
    pub note: String,
    /// Where it is written.
    pub place: Place,
}

impl Observation {
    /// The middle of its ends.
    pub fn value(&self) -> f64 {
        (self.low + self.high) / 2.0
    }

    /// Standard deviation of its own error, in the logarithm (of the odds, for shares), by the grade of its source.
    pub(crate) fn own_error(&self, errors: &Errors) -> f64 {
        let by_grade = errors.of(self.grade);
        // Ends that differ are read as one standard deviation to either side.
        if self.low > 0.0 && self.form == Form::About {
            let half = (scale(&self.target, self.high) - scale(&self.target, self.low)) / 2.0;
            (by_grade * by_grade + half * half).sqrt()
        } else {
            by_grade
        }
    }
}

/// Observations in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Observations(pub Vec<Observation>);

impl Observations {
    /// Those public by a day.
    #[must_use]
    pub fn known(&self, day: Date) -> Self {
        Self(self.0.iter().filter(|o| o.known_from <= day).cloned().collect())
    }

    /// Last month any of them needs, counted from the first.
    pub fn months(&self) -> usize {
        let last = |o: &Observation| o.period.months().last().map_or(0, |(m, _)| m.0 + 1);
        self.0.iter().map(last).max().unwrap_or(0)
    }

    /// A short hash of all that the fit reads: equal observations hash alike.
    pub fn hash(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for o in &self.0 {
            hash.update(format!(
                "{}|{:?}|{}|{}|{}|{}|{:?}|{}|{}\n",
                o.id, o.target, o.period.from, o.period.to, o.low, o.high, o.form, o.known_from, o.grade
            ));
        }
        hash.finalize()[..6].iter().map(|b| format!("{b:02x}")).collect()
    }
}

pub(crate) fn load(
    file: DataFile<'_>,
    revenue: &[ReportedRevenue],
    shares: &[PublishedShare],
    sources: &Sources,
    problems: &mut Problems,
) -> Observations {
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Observations::default();
        }
    };
    let mut out = Vec::new();
    for (place, row) in rows {
        let complain = |what: String| Problem::at(place.clone(), what);
        let Some(target) = Target::read(&row.target) else {
            problems.push(complain(format!("`{}` is no target of the model", row.target)));
            continue;
        };
        let Some(period) = Period::read(&row.period) else {
            problems.push(
                complain(format!("`{}` is no period", row.period))
                    .help("`FY2026Q1`, `FY2024`, `CY2024`, `H1-2025`, `2025-Q2` or `2025-04`"),
            );
            continue;
        };
        let factor = if target.is_usd() { 1e6 } else { 1.0 };
        let named = reference(&row.row, revenue, shares, &target);
        let found = match (&named, row.known_from, row.grade) {
            (Some(found), ..) => found.clone(),
            (None, Some(known_from), Some(grade)) if row.row.is_empty() => Found {
                low: 0.0,
                high: 0.0,
                known_from,
                source: check_source(sources, &row.source, grade, &place, problems),
                grade,
            },
            _ => {
                problems.push(complain(format!("`{}` is no row of revenue.csv or china_share.csv", row.row)).help(
                    "`revenue:VENDOR/PERIOD/METRIC/BASIS`, `share:ID`, or low, high, known_from, source and grade here",
                ));
                continue;
            }
        };
        let low = row.low.map_or(found.low, |x| x * factor);
        let high = row.high.map_or(found.high, |x| x * factor);
        if !(low.is_finite() && high.is_finite() && 0.0 <= low && low <= high && high > 0.0) {
            problems.push(complain(format!(
                "`{low}` to `{high}` where two numbers in order were expected"
            )));
            continue;
        }
        if out.iter().any(|o: &Observation| o.id == row.id) {
            problems.push(complain(format!("row `{}` stands twice", row.id)));
        }
        out.push(Observation {
            id: row.id,
            target,
            period,
            low,
            high,
            form: row.form,
            known_from: found.known_from,
            source: found.source,
            grade: found.grade,
            note: row.note,
            place,
        });
    }
    Observations(out)
}

#[derive(Clone)]
struct Found {
    low: f64,
    high: f64,
    known_from: Date,
    source: SourceId,
    grade: Grade,
}

/// The row another file has, in the target's unit.
fn reference(
    key: &str,
    revenue: &[ReportedRevenue],
    shares: &[PublishedShare],
    target: &Target,
) -> Option<Found> {
    if let Some(key) = key.strip_prefix("revenue:") {
        let parts: Vec<&str> = key.split('/').collect();
        let [vendor, period, metric, basis] = parts[..] else {
            return None;
        };
        let row = revenue
            .iter()
            .find(|r| r.vendor == vendor && r.period == period && r.metric == metric && r.basis == basis)?;
        return Some(Found {
            low: row.usd.low.get(),
            high: row.usd.high.get(),
            known_from: row.known_from,
            source: row.source.clone(),
            grade: row.grade,
        });
    }
    let row = shares
        .iter()
        .find(|s| Some(s.id.as_str()) == key.strip_prefix("share:"))?;
    let (low, high) = row.value?;
    let factor = match row.unit.as_str() {
        "USD_bn" => 1e9,
        "fraction" | "cards" | "chips" => 1.0,
        _ => return None,
    };
    // A share must not become a sum of money or the other way round.
    if target.is_usd() != (row.unit == "USD_bn") {
        return None;
    }
    Some(Found {
        low: low * factor,
        high: high * factor,
        known_from: row.made_on.last(),
        source: row.source.clone(),
        grade: row.grade,
    })
}
