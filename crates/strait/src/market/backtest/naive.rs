//! Forecasts that cost nothing: last value, trend, and what the company said.

use super::super::dynamics::Period;
use super::forecaster::{Forecast, Forecaster, PolicyPath, Question};
use super::known::KnownBy;
use super::series::{Measure, Point};
use crate::figure::DAYS_A_YEAR;
use jiff::civil::Date;

/// Values are compared as rates: a quarter of a year is a quarter of the year.
fn rate(point: &Point, measure: Measure) -> f64 {
    match measure {
        Measure::Share => point.value(),
        Measure::Usd | Measure::Cards => point.value() / point.days(),
    }
}

fn over(rate: f64, period: &Period, measure: Measure) -> f64 {
    match measure {
        Measure::Share => rate.min(1.0),
        Measure::Usd | Measure::Cards => rate * period.years() * DAYS_A_YEAR,
    }
}

/// A forecast that answers each question by itself and knows nothing of the law.
trait Plain {
    const NAME: &'static str;

    fn one(&self, known: &KnownBy<'_>, question: &Question<'_>) -> Option<Forecast>;
}

impl<F: Plain> Forecaster for F {
    fn name(&self) -> &str {
        F::NAME
    }

    fn forecast(
        &self,
        known: &KnownBy<'_>,
        questions: &[Question<'_>],
        _: PolicyPath,
    ) -> Vec<Option<Forecast>> {
        questions.iter().map(|q| self.one(known, q)).collect()
    }
}

/// The rate of the latest period public then goes on.
#[derive(Debug, Clone, Copy)]
pub struct LastValue;

impl Plain for LastValue {
    const NAME: &'static str = "last value";

    fn one(&self, known: &KnownBy<'_>, q: &Question<'_>) -> Option<Forecast> {
        let last = *known.finest(q.series).last()?;
        Some(Forecast::Point(over(rate(last, q.measure), q.period, q.measure)))
    }
}

/// A straight line through the logarithms of the last four rates public then, by least squares over the middles of their
/// periods; at least three are asked for, none of them nothing.
#[derive(Debug, Clone, Copy)]
pub struct Trend;

/// Days from one day to another.
fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |s| f64::from(s.get_days()))
}

fn middle(period: &Period, from: Date) -> f64 {
    (days(from, period.from) + days(from, period.to)) / 2.0
}

impl Plain for Trend {
    const NAME: &'static str = "trend";

    fn one(&self, known: &KnownBy<'_>, q: &Question<'_>) -> Option<Forecast> {
        let points = known.finest(q.series);
        let last = &points[points.len().saturating_sub(4)..];
        let rows: Vec<(f64, f64)> = last
            .iter()
            .map(|p| (middle(&p.period, known.day()), rate(p, q.measure).ln()))
            .collect();
        if rows.len() < 3 || rows.iter().any(|r| !r.1.is_finite()) {
            return None;
        }
        let n = rows.len() as f64;
        let (x, y) = rows
            .iter()
            .fold((0.0, 0.0), |s, r| (s.0 + r.0 / n, s.1 + r.1 / n));
        let square: f64 = rows.iter().map(|r| (r.0 - x).powi(2)).sum();
        let slope = rows.iter().map(|r| (r.0 - x) * (r.1 - y)).sum::<f64>() / square;
        let at = y + slope * (middle(q.period, known.day()) - x);
        (square > 0.0).then(|| Forecast::Point(over(at.exp(), q.period, q.measure)))
    }
}

/// What a company said a period would bring.
#[derive(Debug, Clone, PartialEq)]
pub struct GuidanceRow {
    /// Series.
    pub series: String,
    /// Period.
    pub period: String,
    /// Low end, in the series' unit.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// When it was said.
    pub made_on: Date,
}

/// The company's latest word on that very period.
#[derive(Debug, Clone, Default)]
pub struct Guidance(pub Vec<GuidanceRow>);

impl Plain for Guidance {
    const NAME: &'static str = "company guidance";

    fn one(&self, known: &KnownBy<'_>, q: &Question<'_>) -> Option<Forecast> {
        let said =
            |r: &&GuidanceRow| r.series == q.series && r.period == q.period.name && r.made_on <= known.day();
        let row = self.0.iter().filter(said).max_by_key(|r| r.made_on)?;
        Some(if row.low < row.high {
            Forecast::Range(row.low, row.high)
        } else {
            Forecast::Point(row.low)
        })
    }
}
