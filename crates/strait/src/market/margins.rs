//! What was published of margins and earnings where a charge bears on them: `data/market/margins.csv`. From it follows what a
//! sum of money, a levy say, is in points of the gross margin and in earnings a share.

use super::supply::check_source;
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Estimate, Grade, Place, Quantity, Ratio, SourceId, Sources, Usd, When};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Raw {
    id: String,
    vendor: String,
    period: String,
    product: String,
    metric: String,
    low: f64,
    high: f64,
    unit: String,
    made_on: When,
    source: String,
    grade: Grade,
    note: String,
}

/// A published figure of a seller's margin or earnings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedMargin {
    /// Row id.
    pub id: String,
    /// Vendor id.
    pub vendor: String,
    /// Period, as the seller names it.
    pub period: String,
    /// Chip, or `all`.
    pub product: String,
    /// What is measured.
    pub metric: String,
    /// Interval in `unit`.
    pub value: (f64, f64),
    /// Unit.
    pub unit: String,
    /// When it was published.
    pub made_on: When,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Remarks.
    pub note: String,
    /// Where it is written.
    pub place: Place,
}

/// What a sum that the seller bears does to earnings, told from a charge whose effect it published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Burden {
    /// Period of the charge.
    pub period: String,
    /// The charge.
    pub charge: Usd,
    /// What it took off earnings a share, USD; the ends hold the rounding of both figures.
    pub a_share: Estimate<Usd>,
    /// What it took off the gross margin, a part of revenue.
    pub margin: Ratio,
}

impl Burden {
    /// What `usd` takes off earnings a share: in proportion, tax as it was.
    #[must_use]
    pub fn of(&self, usd: f64) -> Estimate<Usd> {
        self.a_share.map(|x| x * (usd / self.charge.get()))
    }
}

/// The burden as a seller's figures tell it that were public by a day: the charge last published with margin and earnings,
/// each with it and without.
pub(crate) fn burden(rows: &[PublishedMargin], vendor: &str, known: Date) -> Option<Burden> {
    let public = || {
        rows.iter()
            .filter(|r| r.vendor == vendor && r.made_on.last() <= known)
    };
    let charges = public().filter(|r| r.metric == "charge");
    let charge = charges.max_by_key(|r| r.made_on.first())?;
    let of = |metric: &str| {
        let mut found = public().filter(|r| r.period == charge.period && r.metric == metric);
        found.next().map(|r| r.value)
    };
    let (with, without) = (of("eps")?, of("eps_without")?);
    let middle = |x: (f64, f64)| (x.0 + x.1) / 2.0;
    Some(Burden {
        period: charge.period.clone(),
        charge: Usd::of(middle(charge.value) * 1e6),
        a_share: Estimate::new(
            Usd::of(middle(without) - middle(with)),
            Usd::of(without.0 - with.1),
            Usd::of(without.1 - with.0),
        ),
        margin: Ratio::of((middle(of("gross_margin_without")?) - middle(of("gross_margin")?)) / 100.0),
    })
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Vec<PublishedMargin> {
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for (place, row) in rows {
        let source = check_source(sources, &row.source, row.grade, &place, problems);
        let unit = match row.metric.as_str() {
            "charge" => "USD_million",
            "eps" | "eps_without" => "USD",
            "gross_margin" | "gross_margin_without" | "product_margin" => "percent",
            other => {
                problems.push(
                    Problem::at(place, format!("`{other}` is no metric of margins")).help(
                        "one of `charge`, `eps`, `eps_without`, `gross_margin`, `gross_margin_without`, `product_margin`",
                    ),
                );
                continue;
            }
        };
        if row.unit != unit || !(row.low.is_finite() && row.low <= row.high && row.high.is_finite()) {
            problems.push(Problem::at(
                place,
                format!("`{}` wants `low` and `high` in order, in `{unit}`", row.metric),
            ));
            continue;
        }
        out.push(PublishedMargin {
            id: row.id,
            vendor: row.vendor,
            period: row.period,
            product: row.product,
            metric: row.metric,
            value: (row.low, row.high),
            unit: row.unit,
            made_on: row.made_on,
            source,
            grade: row.grade,
            note: row.note,
            place,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSet, load_sources};
    use jiff::civil::date;

    fn shipped() -> Vec<PublishedMargin> {
        let data = DataSet::embedded();
        let sources = load_sources(&data).unwrap();
        let mut problems = Problems::default();
        let rows = load(data.get("market/margins.csv").unwrap(), &sources, &mut problems);
        assert!(problems.0.is_empty(), "{problems}");
        rows
    }

    #[test]
    fn a_billion_of_levy_takes_three_cents_off_a_share() {
        let told = burden(&shipped(), "nvidia", date(2026, 11, 20)).unwrap();
        // 4.5 bn USD took 71.3 to 61.0 % and 0.96 to 0.81 USD, each rounded to a cent.
        assert_eq!(told.charge.get(), 4.5e9);
        assert!((told.margin.get() - 0.103).abs() < 1e-9, "{:?}", told.margin);
        let share = told.of(1e9);
        for (is, expected) in [
            (share.value, 0.15 / 4.5),
            (share.low, 0.14 / 4.5),
            (share.high, 0.16 / 4.5),
        ] {
            assert!((is.get() - expected).abs() < 1e-9, "{is:?} for {expected}");
        }
        assert_eq!(told.of(0.0).value.get(), 0.0);
    }

    #[test]
    fn nothing_is_told_before_the_charge_was_public_nor_of_a_vendor_without_one() {
        let rows = shipped();
        assert!(burden(&rows, "nvidia", date(2025, 5, 27)).is_none());
        assert!(burden(&rows, "nvidia", date(2025, 5, 28)).is_some());
        assert!(burden(&rows, "amd", date(2026, 11, 20)).is_none());
    }
}
