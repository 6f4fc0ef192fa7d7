//! How many units there are: `data/market/supply.csv`.

mod estimate;
mod limits;

pub use estimate::SupplyEstimate;
pub(crate) use limits::{PoolLimit, limits};

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
    note: String,
}

/// Why a limit binds, which decides in which policy cases it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Binds {
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
    note: String,
}

impl Cap {
    fn reference(&self) -> FigureRef {
        FigureRef {
            of: self.pool.clone(),
            path: format!("supply.{}", self.id),
            source: self.source.clone(),
            grade: self.grade,
            place: self.place.clone(),
        }
    }
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
            note: row.note,
        });
    }
    caps
}
