//! Published values by what they measure.

use super::super::dynamics::{Form, Observation, Period, Target};
use super::super::revenue::{PublishedShare, ReportedRevenue};
use crate::figure::{DAYS_A_YEAR, Grade, Quantity};
use jiff::civil::Date;
use serde::Serialize;

/// How values of a series add up over time, and what is next to nothing in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Dollars of a period: a longer one holds more.
    Usd,
    /// Cards of a period.
    Cards,
    /// A share of a period: does not grow with its length.
    Share,
}

impl Measure {
    /// Outcomes below it are next to nothing: 0.2 bn USD, 20,000 cards, a hundredth.
    pub fn near_zero(self) -> f64 {
        match self {
            Self::Usd => 2e8,
            Self::Cards => 2e4,
            Self::Share => 0.01,
        }
    }

    /// Divisor and name of the unit values are printed in.
    pub fn unit(self) -> (f64, &'static str) {
        match self {
            Self::Usd => (1e9, "bn USD"),
            Self::Cards => (1e6, "m cards"),
            Self::Share => (0.01, "%"),
        }
    }
}

/// A published value.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Row id.
    pub id: String,
    /// What it covers.
    pub period: Period,
    /// Low end, USD, cards or a fraction.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// No more is known than that it lies at or under the high end.
    pub bound: bool,
    /// First day it was public.
    pub known_from: Date,
    /// Grade.
    pub grade: Grade,
}

impl Point {
    /// Middle of its ends.
    pub fn value(&self) -> f64 {
        (self.low + self.high) / 2.0
    }

    /// Days it covers.
    pub fn days(&self) -> f64 {
        self.period.years() * DAYS_A_YEAR
    }
}

/// Every published value of one thing, in order of their periods' ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name, as in `observations.csv`: bases and definitions are series of their own.
    pub key: String,
    /// In words.
    pub words: String,
    /// What it is measured in.
    pub measure: Measure,
    /// Not of this market: there to show what company guidance is worth, and no question to the model.
    pub reference: bool,
    /// Values.
    pub points: Vec<Point>,
}

/// NVIDIA's whole revenue, the one series with regular company guidance.
const WHOLE: &str = "revenue_total";

/// Series of the model's observations, with the earlier quarters of the billing basis that the model, which begins in
/// 2022, has no use for; shares of dollars and cards as published; and NVIDIA's whole revenue as a reference.
/// Charges and stocks happen once and are no series, and demand without limits is nobody's outcome. Annual sums stand aside where quarters of them are known.
pub fn all_series(
    observed: &[Observation],
    revenue: &[ReportedRevenue],
    shares: &[PublishedShare],
) -> Vec<Series> {
    let mut out: Vec<Series> = Vec::new();
    let mut add = |key: String, words: String, measure, reference, point: Point| {
        let at = out.iter().position(|s| s.key == key).unwrap_or_else(|| {
            out.push(Series {
                key,
                words,
                measure,
                reference,
                points: Vec::new(),
            });
            out.len() - 1
        });
        if !out[at].points.iter().any(|p| p.period.name == point.period.name) {
            out[at].points.push(point);
        }
    };
    for o in observed {
        let measure = match o.target {
            // Demand that was never met is nobody's outcome.
            Target::WriteDown(_) | Target::Stock(_) | Target::Demand => continue,
            // "More than" bounds nothing from above: no outcome to score.
            _ if o.form == Form::Above => continue,
            _ if o.target.is_usd() => Measure::Usd,
            _ if o.target.is_share() => Measure::Share,
            _ => Measure::Cards,
        };
        let point = Point {
            id: o.id.clone(),
            period: o.period.clone(),
            low: o.low,
            high: o.high,
            bound: o.form == Form::Below,
            known_from: o.known_from,
            grade: o.grade,
        };
        add(o.target.key(), o.target.words(), measure, false, point);
    }
    for row in revenue
        .iter()
        .filter(|r| r.vendor == "nvidia" && r.period.contains('Q'))
    {
        let target = match (row.metric.as_str(), row.basis.as_str()) {
            ("revenue_china_incl_hk", "billing_location") => Some(Target::NvidiaBilling),
            (WHOLE, _) => None,
            _ => continue,
        };
        let Some(period) = Period::read(&row.period) else {
            continue;
        };
        let point = Point {
            id: format!("{}-{}", row.metric, row.period),
            period,
            low: row.usd.low.get(),
            high: row.usd.high.get(),
            bound: false,
            known_from: row.known_from,
            grade: row.grade,
        };
        match target {
            Some(t) => add(t.key(), t.words(), Measure::Usd, false, point),
            None => add(
                WHOLE.into(),
                "NVIDIA revenue, all the world (reference)".into(),
                Measure::Usd,
                true,
                point,
            ),
        }
    }
    // A share of a quarter that the model's observations leave out as too weak is still an outcome to be seen.
    for row in shares
        .iter()
        .filter(|s| s.metric == "share_units" && s.model == "all" && s.kind != "forecast")
    {
        let Some((period, (low, high))) = Period::read(&calendar(&row.period)).zip(row.value) else {
            continue;
        };
        let target = Target::ShareUnits(row.vendor.clone());
        let known_from = row.made_on.last();
        let point = Point {
            id: row.id.clone(),
            period,
            low,
            high,
            bound: false,
            known_from,
            grade: row.grade,
        };
        add(target.key(), target.words(), Measure::Share, false, point);
    }
    for series in &mut out {
        series.points.sort_by_key(|p| (p.period.to, p.period.from));
    }
    out.retain(|s| !s.points.is_empty());
    out
}

/// `Q4-2025`, as analysts write quarters, as `2025-Q4`.
pub(super) fn calendar(name: &str) -> String {
    match name.split_once('-') {
        Some((quarter, year)) if quarter.starts_with('Q') => format!("{year}-{quarter}"),
        _ => name.to_owned(),
    }
}
