//! Power, shares and chip-hours beside published ones: `data/validation/cost_published.csv`.

use super::checks;
use super::service::best_scale;
use super::validate::{Score, score};
use super::{CostModel, Use, hourly, need, tokens};
use crate::catalog::{Chip, ChipId};
use crate::data::{DataSet, Problem, Problems};
use crate::figure::{Estimate, Grade, Hours, Kilowatts, Outcome, Quantity, Ratio, SourceId, Sources, When};
use crate::perf::{ModelId, PerfModel, Scale, Workload, WorkloadClass, WorkloadId};
use serde::{Deserialize, Serialize};

const FILE: &str = "validation/cost_published.csv";

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// Provisioned power of one chip's part at the wall, kW.
    ProvisionedKw,
    /// The same without cooling.
    SystemKw,
    /// Electricity in the cost of an hour in use.
    EnergyShare,
    /// Server in it, interest left out.
    ServerShare,
    /// Network in it, interest left out.
    NetworkShare,
    /// Chip-hours of a training run.
    ChipHours,
}

impl Published {
    /// Unit of its numbers.
    pub fn unit(self) -> &'static str {
        match self {
            Self::ProvisionedKw | Self::SystemKw => "kW",
            Self::EnergyShare | Self::ServerShare | Self::NetworkShare => "1",
            Self::ChipHours => "h",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    id: String,
    quantity: Published,
    chip: String,
    place: String,
    date: When,
    low: f64,
    high: f64,
    model: Option<String>,
    tokens: Option<f64>,
    chips: Option<u32>,
    /// Tokens of a sequence of the run.
    sequence: Option<u32>,
    /// Sequences of one of its optimiser steps.
    batch: Option<u32>,
    #[serde(rename = "use")]
    for_use: Use,
    source: SourceId,
    grade: Grade,
}

/// A figure of ours in the unit of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Modelled {
    /// Power.
    Power(Estimate<Kilowatts>),
    /// Part of a cost.
    Share(Estimate<Ratio>),
    /// Chip-hours.
    Time(Estimate<Hours>),
}

impl Modelled {
    /// Value and ends in its unit.
    fn numbers(&self) -> (f64, f64, f64) {
        fn of<Q: Quantity>(e: &Estimate<Q>) -> (f64, f64, f64) {
            (e.value.get(), e.low.get(), e.high.get())
        }
        match self {
            Self::Power(e) => of(e),
            Self::Share(e) => of(e),
            Self::Time(e) => of(e),
        }
    }
}

/// One published figure beside ours, both in the unit of its quantity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedCheck {
    /// Row id.
    pub id: String,
    /// What it is.
    pub quantity: Published,
    /// Chip.
    pub chip: ChipId,
    /// What it counts for.
    pub for_use: Use,
    /// Source.
    pub source: SourceId,
    /// Published, both ends.
    pub published: (f64, f64),
    /// Ours, or what is missing.
    pub modelled: Outcome<Modelled>,
    /// Ours over the nearer end of the published, less one; zero inside.
    pub error: Option<Ratio>,
    /// Whether our interval meets the published one.
    pub inside: Option<bool>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedChecks {
    /// Rows in file order.
    pub checks: Vec<PublishedCheck>,
    /// Test rows by source.
    pub by_source: Vec<(SourceId, Score)>,
}

impl Row {
    fn head(&self) -> checks::Published<'_> {
        checks::Published {
            id: &self.id,
            chip: &self.chip,
            country: &self.place,
            ends: [self.low, self.high],
            source: &self.source,
            grade: self.grade,
        }
    }
}

impl CostModel {
    /// Compares power, shares and chip-hours with every published figure, each at its own day; `find` looks a chip up
    /// and says whether it is domestic in a place.
    ///
    /// # Errors
    /// Rows of the file that do not fit.
    pub fn validate_published<'c>(
        &self,
        data: &DataSet,
        sources: &Sources,
        perf: &PerfModel,
        find: impl Fn(&str, &str) -> Option<(&'c Chip, bool)>,
    ) -> Result<PublishedChecks, Problems> {
        let mut problems = Problems::default();
        let rows = checks::published(data, FILE, sources, &mut problems, Row::head)?;
        let mut found = Vec::new();
        for (place, row) in rows {
            let of_run = [
                row.model.is_some(),
                row.tokens.is_some(),
                row.chips.is_some(),
                row.sequence.is_some(),
                row.batch.is_some(),
            ];
            let is_run = row.quantity == Published::ChipHours;
            if of_run.iter().any(|given| *given != is_run) {
                let message = format!(
                    "row `{}` and its `model`, `tokens`, `chips`, `sequence` and `batch`",
                    row.id
                );
                let help = "chip_hours needs all of them, the other quantities none";
                problems.push(Problem::at(place.clone(), message).help(help));
            }
            if let Some((chip, domestic)) = find(&row.chip, &row.place) {
                found.push(check(&row, self.published(&row, chip, domestic, perf)));
            }
        }
        let tests = |c: &&PublishedCheck| c.for_use == Use::Test;
        let scored = found.iter().filter(tests).map(|c| (&c.source, c.error, c.inside));
        problems.or(PublishedChecks {
            by_source: score(scored),
            checks: found,
        })
    }

    /// Our figure for a row.
    fn published(&self, row: &Row, chip: &Chip, domestic: bool, perf: &PerfModel) -> Outcome<Modelled> {
        let day = row.date.last();
        let basis = || self.unpriced(chip, domestic, &row.place, day, day);
        let share = |of: fn(&super::CostParts) -> f64| {
            let hour = self.hourly(chip, domestic, &row.place, day, day);
            hour.map(|h| {
                let p = &h.parts;
                let without_interest = h.total.value.get() - p.capital.get();
                Modelled::Share(Estimate::exact(Ratio::of(of(p) / without_interest)))
            })
        };
        match row.quantity {
            Published::ProvisionedKw => {
                basis().map(|b| Modelled::Power(tokens::provisioned(&self.parameters, &b)))
            }
            Published::SystemKw => basis().map(|b| {
                let unit = hourly::Unit::of(&b, None);
                let kilowatts = unit.rated_power(&self.parameters.centre()) / 1e3;
                Modelled::Power(Estimate::exact(Kilowatts::of(kilowatts)))
            }),
            Published::EnergyShare => share(|p| p.power.get()),
            Published::ServerShare => share(|p| p.server.get()),
            Published::NetworkShare => share(|p| p.network.get()),
            Published::ChipHours => chip_hours(row, chip, perf).map(Modelled::Time),
        }
    }
}

/// Chip-hours of a run as performance has them.
fn chip_hours(row: &Row, chip: &Chip, perf: &PerfModel) -> Outcome<Estimate<Hours>> {
    let id = ModelId(row.model.clone().unwrap_or_default());
    let unknown = |what: String| {
        let flag = "a file of data/models (`--data DIR`)";
        Outcome::Unknown(vec![need(what, flag, "the run is of that model")])
    };
    let Some(model) = perf.model(&id) else {
        return unknown(format!("model {id}"));
    };
    let workload = Workload {
        id: WorkloadId(format!("run {}", row.id)),
        title: format!("run {}", row.id),
        order: 0,
        class: if model.experts.is_some() {
            WorkloadClass::MoeTraining
        } else {
            WorkloadClass::DenseTraining
        },
        model: id.clone(),
        input: row.sequence.unwrap_or_default(),
        output: 0,
        global_batch: row.batch.unwrap_or_default(),
        recipe: None,
        scales: vec![Scale::Cluster(row.chips.unwrap_or_default())],
        ttft_limit: None,
        tpot_limit: None,
        source: row.source.clone(),
    };
    let Ok(perf) = perf.clone().with_workload(workload.clone()) else {
        return unknown(format!("model {id}"));
    };
    let trained = row.tokens.unwrap_or_default();
    best_scale(&perf, chip, &workload).map(|run| {
        run.per_chip
            .map_decreasing(|rate| Hours::of(trained / rate.get() / tokens::SECONDS))
    })
}

fn check(row: &Row, modelled: Outcome<Modelled>) -> PublishedCheck {
    let of = modelled.known().map(Modelled::numbers);
    let error = of.map(|(ours, ..)| {
        Ratio::of(if ours < row.low {
            ours / row.low - 1.0
        } else if ours > row.high {
            ours / row.high - 1.0
        } else {
            0.0
        })
    });
    PublishedCheck {
        id: row.id.clone(),
        quantity: row.quantity,
        chip: ChipId(row.chip.clone()),
        for_use: row.for_use,
        source: row.source.clone(),
        published: (row.low, row.high),
        inside: of.map(|(_, low, high)| low <= row.high && row.low <= high),
        error,
        modelled,
    }
}
