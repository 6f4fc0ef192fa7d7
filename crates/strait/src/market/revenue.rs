//! What sellers reported of China: `data/market/revenue.csv` and `data/market/china_share.csv`.

use super::result::Quarter;
use super::supply::check_source;
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Estimate, Grade, Place, Quantity, SourceId, Sources, Usd, When};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Raw {
    vendor: String,
    period: String,
    period_end: Option<Date>,
    known_from: Date,
    known_from_kind: KnownKind,
    metric: String,
    low: Option<f64>,
    high: Option<f64>,
    text: String,
    unit: String,
    basis: String,
    kind: String,
    source: String,
    grade: Grade,
    note: String,
}

/// How well the day is known from which a figure was public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownKind {
    /// Day of the report.
    Report,
    /// Period end plus 30 days, or the press report's date.
    Approximate,
    /// First report on the new basis.
    Recast,
    /// The latest report that can have printed it first.
    Latest,
}

/// Revenue from China as a seller reported it, on one geographic basis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportedRevenue {
    /// Vendor id.
    pub vendor: String,
    /// Fiscal or calendar period, as the seller names it.
    pub period: String,
    /// Its last day.
    pub period_end: Option<Date>,
    /// `billing_location` or `customer_headquarters`; figures of different bases are not comparable.
    pub basis: String,
    /// What was reported (`revenue_china_incl_hk`).
    pub metric: String,
    /// Revenue of the period.
    pub usd: Estimate<Usd>,
    /// `actual`, `derived`, `estimate` or `guidance …`.
    pub kind: String,
    /// Public from.
    pub known_from: Date,
    /// How well that day is known.
    pub known_from_kind: KnownKind,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Remarks.
    pub note: String,
    /// Where it is written.
    pub place: Place,
}

/// The metric of a seller's whole revenue from China with Hong Kong.
const CHINA: &str = "revenue_china_incl_hk";

/// For each basis, a vendor's latest China revenue for a period ended by the quarter's last day and
/// public by `known`; a quarter is preferred to a year that ends with it.
pub(crate) fn baseline(
    rows: &[ReportedRevenue],
    vendor: &str,
    quarter: Quarter,
    known: Date,
) -> Vec<ReportedRevenue> {
    let mut latest: Vec<&ReportedRevenue> = Vec::new();
    for row in rows.iter().filter(|r| {
        r.vendor == vendor
            && r.metric == CHINA
            && r.known_from <= known
            && r.period_end.is_some_and(|end| end <= quarter.last_day())
    }) {
        match latest.iter_mut().find(|l| l.basis == row.basis) {
            Some(l) => {
                // Shorter period names are years: `FY2025` against `FY2025Q4`.
                if (row.period_end, row.period.len()) > (l.period_end, l.period.len()) {
                    *l = row;
                }
            }
            None => latest.push(row),
        }
    }
    latest.sort_by(|a, b| a.basis.cmp(&b.basis));
    latest.into_iter().cloned().collect()
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Vec<ReportedRevenue> {
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Vec::new();
        }
    };
    let mut out: Vec<ReportedRevenue> = Vec::new();
    for (place, row) in rows {
        let source = check_source(sources, &row.source, row.grade, &place, problems);
        let same = |r: &ReportedRevenue| {
            (&r.vendor, &r.period, &r.metric, &r.basis) == (&row.vendor, &row.period, &row.metric, &row.basis)
        };
        if let Some(other) = out.iter().find(|r| same(r)) {
            problems.push(
                Problem::at(
                    place.clone(),
                    format!(
                        "`{}` of `{}` stands at {} already",
                        row.metric, row.period, other.place
                    ),
                )
                .help("one row for each vendor, period, metric and basis"),
            );
        }
        let (low, high) = match (row.unit.as_str(), row.low, row.high) {
            ("USD_million", Some(low), Some(high)) if low <= high && low >= 0.0 => (low * 1e6, high * 1e6),
            ("percent", Some(_), Some(_)) | ("text", None, None)
                if row.unit != "text" || !row.text.is_empty() =>
            {
                continue; // shares and words: read by people, not by the model
            }
            _ => {
                problems.push(Problem::at(
                    place,
                    format!(
                        "`{}` without two numbers in order, or of unknown unit `{}`",
                        row.metric, row.unit
                    ),
                ));
                continue;
            }
        };
        out.push(ReportedRevenue {
            vendor: row.vendor,
            period: row.period,
            period_end: row.period_end,
            basis: row.basis,
            metric: row.metric,
            // Where a range was given the upper end is the filing's rounding or the other account: take the middle.
            usd: Estimate::new(Usd::of((low + high) / 2.0), Usd::of(low), Usd::of(high)),
            kind: row.kind,
            known_from: row.known_from,
            known_from_kind: row.known_from_kind,
            source,
            grade: row.grade,
            note: row.note,
            place,
        });
    }
    out
}

#[derive(Deserialize)]
struct RawShare {
    id: String,
    made_on: When,
    organisation: String,
    period: String,
    vendor: String,
    model: String,
    metric: String,
    low: Option<f64>,
    high: Option<f64>,
    text: String,
    unit: String,
    kind: String,
    source: String,
    grade: Grade,
    note: String,
}

/// A share, volume or forecast of China's market as somebody published it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedShare {
    /// Row id.
    pub id: String,
    /// When it was made.
    pub made_on: When,
    /// Who made it.
    pub organisation: String,
    /// Period it speaks of, as written.
    pub period: String,
    /// Vendor id, `domestic` or `all`.
    pub vendor: String,
    /// Model, or `all`.
    pub model: String,
    /// What is measured; units, dollars and compute are different metrics.
    pub metric: String,
    /// Interval in `unit`; `None` where only words were given.
    pub value: Option<(f64, f64)>,
    /// The words, where there is no number.
    pub text: String,
    /// Unit.
    pub unit: String,
    /// `actual`, `estimate`, `forecast`, `plan`, `claim` and the like.
    pub kind: String,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Remarks.
    pub note: String,
    /// Where it is written.
    pub place: Place,
}

pub(crate) fn load_shares(
    file: DataFile<'_>,
    sources: &Sources,
    problems: &mut Problems,
) -> Vec<PublishedShare> {
    let rows: Vec<(Place, RawShare)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Vec::new();
        }
    };
    let mut out: Vec<PublishedShare> = Vec::new();
    for (place, row) in rows {
        let source = check_source(sources, &row.source, row.grade, &place, problems);
        if out.iter().any(|s| s.id == row.id) {
            problems.push(Problem::at(
                place.clone(),
                format!("row `{}` stands twice", row.id),
            ));
        }
        out.push(PublishedShare {
            id: row.id,
            made_on: row.made_on,
            organisation: row.organisation,
            period: row.period,
            vendor: row.vendor,
            model: row.model,
            metric: row.metric,
            value: row.low.zip(row.high),
            text: row.text,
            unit: row.unit,
            kind: row.kind,
            source,
            grade: row.grade,
            note: row.note,
            place,
        });
    }
    out
}
