//! Owned cost against published figures: `data/validation/ownership_cost.csv`.

use super::CostModel;
use super::checks;
use super::prices::Currency;
use crate::catalog::{Chip, ChipId};
use crate::data::{DataSet, Problems};
use crate::figure::{
    Estimate, Grade, Need, Outcome, Quantity, Ratio, SourceId, Sources, UsdPerHour, When, median,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const FILE: &str = "validation/ownership_cost.csv";

/// What a published figure is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Counts among the errors. No parameter was fitted to it.
    Test,
    /// Shown only: a lease or placeholder, or a chip that is our reading of an anonymised one.
    Context,
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    id: String,
    chip: String,
    place: String,
    date: When,
    value: f64,
    currency: Currency,
    #[serde(rename = "use")]
    for_use: Use,
    source: SourceId,
    grade: Grade,
}

/// One published figure beside ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnershipCheck {
    /// Row id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// What it counts for.
    pub for_use: Use,
    /// Source.
    pub source: SourceId,
    /// Published, for a chip-hour owned.
    pub published: UsdPerHour,
    /// Ours for the same day, place and knowledge, or what is missing.
    pub modelled: Outcome<Estimate<UsdPerHour>>,
    /// Ours over the published one, less one.
    pub error: Option<Ratio>,
    /// Whether our interval holds the published value.
    pub inside: Option<bool>,
}

/// All figures compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// Rows in file order.
    pub checks: Vec<OwnershipCheck>,
    /// Median of the absolute errors of the test rows that could be answered.
    pub median_error: Option<Ratio>,
    /// Share of those whose published value our interval holds.
    pub coverage: Option<Ratio>,
    /// The same by source.
    pub by_source: Vec<(SourceId, Score)>,
}

/// How near figures came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Rows.
    pub rows: usize,
    /// Rows that could be answered.
    pub answered: usize,
    /// Median of their absolute errors.
    pub median_error: Option<Ratio>,
    /// Median of their signed errors.
    pub bias: Option<Ratio>,
    /// Share of them that our interval holds.
    pub coverage: Option<Ratio>,
}

/// Error of a row, and whether our interval holds the published value; none where it is unknown.
type Scored = (Option<Ratio>, Option<bool>);

/// Scores by source, in order of their names.
pub(crate) fn score<'a>(
    rows: impl Iterator<Item = (&'a SourceId, Option<Ratio>, Option<bool>)>,
) -> Vec<(SourceId, Score)> {
    let mut groups: BTreeMap<&SourceId, Vec<Scored>> = BTreeMap::new();
    for (source, error, inside) in rows {
        groups.entry(source).or_default().push((error, inside));
    }
    let of = |(source, rows): (&SourceId, Vec<Scored>)| (source.clone(), summary(&rows));
    groups.into_iter().map(of).collect()
}

/// Scores of rows, each with its error and whether our interval holds it.
fn summary(rows: &[Scored]) -> Score {
    let mut signed: Vec<f64> = rows.iter().filter_map(|(e, _)| Some((*e)?.get())).collect();
    let mut absolute: Vec<f64> = signed.iter().map(|e| e.abs()).collect();
    signed.sort_by(f64::total_cmp);
    absolute.sort_by(f64::total_cmp);
    let answered: Vec<bool> = rows.iter().filter_map(|(_, inside)| *inside).collect();
    let hit = answered.iter().filter(|inside| **inside).count();
    #[allow(clippy::cast_precision_loss, reason = "a count of table rows")]
    let coverage = (!answered.is_empty()).then(|| Ratio::of(hit as f64 / answered.len() as f64));
    Score {
        rows: rows.len(),
        answered: signed.len(),
        median_error: median(&absolute).map(Ratio::of),
        bias: median(&signed).map(Ratio::of),
        coverage,
    }
}

impl Row {
    fn head(&self) -> checks::Published<'_> {
        checks::Published {
            id: &self.id,
            chip: &self.chip,
            country: &self.place,
            ends: [self.value; 2],
            source: &self.source,
            grade: self.grade,
        }
    }
}

impl CostModel {
    /// Compares the cost of an owned hour with every published figure, each at its own day and with the
    /// knowledge of that day; `find` looks a chip up and says whether it is domestic in a place.
    ///
    /// # Errors
    /// Rows of the file that do not fit.
    pub fn validate<'c>(
        &self,
        data: &DataSet,
        sources: &Sources,
        find: impl Fn(&str, &str) -> Option<(&'c Chip, bool)>,
    ) -> Result<Validation, Problems> {
        let mut problems = Problems::default();
        let rows = checks::published(data, FILE, sources, &mut problems, Row::head)?;
        let mut found = Vec::new();
        for (_, row) in rows {
            found.push(self.check_row(&row, &find));
        }
        let tests = || found.iter().filter(|c| c.for_use == Use::Test);
        let all: Vec<_> = tests().map(|c| (c.error, c.inside)).collect();
        let all = summary(&all);
        problems.or(Validation {
            median_error: all.median_error,
            coverage: all.coverage,
            by_source: score(tests().map(|c| (&c.source, c.error, c.inside))),
            checks: found,
        })
    }

    fn check_row<'c>(
        &self,
        row: &Row,
        find: impl Fn(&str, &str) -> Option<(&'c Chip, bool)>,
    ) -> OwnershipCheck {
        let day = row.date.last();
        let hourly = match find(&row.chip, &row.place) {
            Some((chip, domestic)) => self.hourly(chip, domestic, &row.place, day, day),
            None => Outcome::Unknown(vec![Need {
                fact: format!("chip {}", row.chip),
                flag: Some("a file of data/chips".to_owned()),
                why: "the published figure is about it".to_owned(),
                flips: Vec::new(),
            }]),
        };
        let rate = match row.currency {
            Currency::Usd => Some(1.0),
            Currency::Cny => self.fx(day, day).map(|fx| fx.cny_per_usd),
        };
        let published = UsdPerHour::of(rate.map_or(f64::NAN, |rate| row.value / rate));
        let modelled = hourly.map(|h| h.owned);
        let error = modelled.known().map(|m| Ratio::of(m.value / published - 1.0));
        OwnershipCheck {
            id: row.id.clone(),
            chip: ChipId(row.chip.clone()),
            for_use: row.for_use,
            source: row.source.clone(),
            published,
            inside: modelled
                .known()
                .map(|m| m.low <= published && published <= m.high),
            modelled,
            error,
        }
    }
}
