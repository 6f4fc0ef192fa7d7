//! How many units there are: `data/market/supply.csv`.

use super::result::{MarketCase, Quarter};
use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems, read_table, source_fault};
use crate::figure::{Count, Estimate, FigureRef, Grade, Place, Quantity, SourceId, Sources, When};
use crate::rules::Channel;

use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
struct Raw {
    id: String,
    pool: String,
    chips: String,
    channel: Channel,
    from: When,
    to: When,
    low: f64,
    value: f64,
    high: f64,
    binds: Binds,
    known_from: Date,
    source: String,
    grade: Grade,
    #[allow(dead_code, reason = "for the reader of the file")]
    note: String,
}

/// Why a limit binds, which decides in which policy cases it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Binds {
    /// Made or in stock.
    Physical,
    /// A licence's limit.
    UsRule,
    /// An approval's limit.
    CnRule,
}

/// One estimate of a pool's units over a period.
#[derive(Debug, Clone)]
pub(crate) struct Cap {
    id: String,
    pool: String,
    chips: Vec<ChipId>,
    channel: Channel,
    from: Date,
    to: Date,
    units: Estimate<Count>,
    binds: Binds,
    known_from: Date,
    source: SourceId,
    grade: Grade,
    place: Place,
}

/// A limit on the units of a pool of chips in one quarter.
#[derive(Debug, Clone)]
pub(crate) struct PoolLimit {
    pub(crate) pool: String,
    pub(crate) chips: Vec<ChipId>,
    pub(crate) channel: Channel,
    pub(crate) units: Estimate<Count>,
    pub(crate) reference: FigureRef,
    /// Made or in stock, rather than an authority's limit.
    pub(crate) binds_physically: bool,
}

/// Limits of a quarter as known on a day: a period's units are spread evenly over its days; rows of one
/// pool that cover the quarter form an interval around the one known last.
pub(crate) fn limits(caps: &[Cap], quarter: Quarter, known: Date, case: MarketCase) -> Vec<PoolLimit> {
    let (first, last) = (quarter.first_day(), quarter.last_day());
    let mut found: Vec<(PoolLimit, Date)> = Vec::new();
    for cap in caps {
        let counts = match cap.binds {
            Binds::Physical => true,
            Binds::UsRule => case != MarketCase::WithoutUsRule,
            Binds::CnRule => case != MarketCase::WithoutGuidance,
        };
        if !counts || cap.known_from > known || cap.from > last || cap.to < first {
            continue;
        }
        let days = |a: Date, b: Date| a.until(b).map_or(1.0, |s| f64::from(s.get_days()) + 1.0);
        let part = days(first, last) / days(cap.from, cap.to).max(days(first, last));
        let units = cap.units.map(|u| u * part);
        let limit = PoolLimit {
            pool: cap.pool.clone(),
            chips: cap.chips.clone(),
            channel: cap.channel,
            units,
            binds_physically: matches!(cap.binds, Binds::Physical),
            reference: FigureRef {
                of: cap.pool.clone(),
                path: format!("supply.{}", cap.id),
                source: cap.source.clone(),
                grade: cap.grade,
                place: cap.place.clone(),
            },
        };
        match found
            .iter_mut()
            .find(|(l, _)| l.pool == cap.pool && l.chips == cap.chips)
        {
            Some((other, since)) => {
                let low = if units.low < other.units.low {
                    units.low
                } else {
                    other.units.low
                };
                let high = if units.high > other.units.high {
                    units.high
                } else {
                    other.units.high
                };
                let newer = cap.known_from >= *since;
                let value = if newer { units.value } else { other.units.value };
                if newer {
                    *since = cap.known_from;
                    *other = limit;
                }
                other.units = Estimate::new(value, low, high);
            }
            None => found.push((limit, cap.known_from)),
        }
    }
    found.into_iter().map(|(limit, _)| limit).collect()
}

/// Chips named, each with its place.
pub(crate) fn chips(caps: &[Cap]) -> impl Iterator<Item = (&ChipId, &Place)> {
    caps.iter()
        .flat_map(|c| c.chips.iter().map(move |chip| (chip, &c.place)))
}

/// Checks that a row's source exists and allows its grade.
pub(crate) fn check_source(
    sources: &Sources,
    id: &str,
    grade: Grade,
    place: &Place,
    problems: &mut Problems,
) -> SourceId {
    let id = SourceId(id.to_owned());
    if let Some((message, help)) = source_fault(sources, &id, grade, "add it to the register of sources") {
        problems.push(Problem::at(place.clone(), message).help(help));
    }
    id
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Vec<Cap> {
    let rows: Vec<(Place, Raw)> = match read_table(file) {
        Ok(rows) => rows,
        Err(mut found) => {
            problems.0.append(&mut found.0);
            return Vec::new();
        }
    };
    let mut caps: Vec<Cap> = Vec::new();
    for (place, row) in rows {
        let source = check_source(sources, &row.source, row.grade, &place, problems);
        if !(row.low >= 0.0 && row.low <= row.value && row.value <= row.high && row.high.is_finite()) {
            problems.push(Problem::at(
                place.clone(),
                format!(
                    "`{}`, `{}`, `{}` where low <= value <= high was expected",
                    row.low, row.value, row.high
                ),
            ));
            continue;
        }
        if row.from.first() > row.to.last() {
            problems.push(Problem::at(
                place.clone(),
                format!("period of `{}` ends before it begins", row.id),
            ));
        }
        if caps.iter().any(|c| c.id == row.id) {
            problems.push(Problem::at(
                place.clone(),
                format!("row `{}` stands twice", row.id),
            ));
        }
        caps.push(Cap {
            id: row.id,
            pool: row.pool,
            chips: row
                .chips
                .split(';')
                .map(|c| ChipId(c.trim().to_owned()))
                .collect(),
            channel: row.channel,
            from: row.from.first(),
            to: row.to.last(),
            units: Estimate::new(Count::of(row.value), Count::of(row.low), Count::of(row.high)),
            binds: row.binds,
            known_from: row.known_from,
            source,
            grade: row.grade,
            place,
        });
    }
    caps
}
