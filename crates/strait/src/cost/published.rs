//! Power, shares, chip-hours and costs of tokens beside published ones: `data/validation/cost_published.csv`.

mod per_million;

pub use per_million::{HourOf, TokenError};

use super::checks;
use super::service::best_scale;
use super::validate::{Score, score};
use super::{CostModel, Use, hourly, need, tokens};
use crate::catalog::{Chip, ChipId, Format};
use crate::data::{DataSet, Problem, Problems};
use crate::figure::{
    Estimate, Grade, Hours, Kilowatts, Outcome, Place, Quantity, Ratio, SourceId, Sources,
    UsdPerMillionTokens, When,
};
use crate::perf::{ModelId, PerfModel, Phase, Scale, Workload, WorkloadClass, WorkloadId};
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
    /// USD for a million tokens.
    PerMillion,
}

impl Published {
    /// Unit of its numbers.
    pub fn unit(self) -> &'static str {
        match self {
            Self::ProvisionedKw | Self::SystemKw => "kW",
            Self::EnergyShare | Self::ServerShare | Self::NetworkShare => "1",
            Self::ChipHours => "h",
            Self::PerMillion => UsdPerMillionTokens::SYMBOL,
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
    /// Tokens of a sequence of the run, or of a prompt.
    sequence: Option<u32>,
    /// Sequences of one of its optimiser steps, or in flight a chip.
    batch: Option<u32>,
    /// USD that the source takes for a chip-hour.
    hour: Option<f64>,
    hour_of: Option<HourOf>,
    phase: Option<Phase>,
    precision: Option<Format>,
    /// Output tokens of a request.
    output: Option<u32>,
    /// Ranks that experts are spread over.
    expert: Option<u32>,
    /// Tokens a second that a user gets at least.
    speed: Option<f64>,
    /// Drafted tokens kept a step.
    accepted: Option<f64>,
    counts: Option<per_million::Counted>,
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
    /// Cost of a million tokens.
    PerMillion(Estimate<UsdPerMillionTokens>),
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
            Self::PerMillion(e) => of(e),
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
    /// Of a cost of tokens: what of the error is the hour's and what the rate's.
    pub tokens: Option<TokenError>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedChecks {
    /// Rows in file order.
    pub checks: Vec<PublishedCheck>,
    /// Test rows by source.
    pub by_source: Vec<(SourceId, Score)>,
    /// Of their costs of tokens, the hour's part of the error.
    pub hour_by_source: Vec<(SourceId, Score)>,
    /// The rate's part of it.
    pub rate_by_source: Vec<(SourceId, Score)>,
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

    /// Notes fields that the row's quantity lacks or has no use for.
    fn check_fields(&self, place: &Place, problems: &mut Problems) {
        let of_run = [
            self.model.is_some(),
            self.tokens.is_some(),
            self.chips.is_some(),
            self.sequence.is_some(),
            self.batch.is_some(),
        ];
        let mut note =
            |message: String, help: &str| problems.push(Problem::at(place.clone(), message).help(help));
        if self.quantity == Published::PerMillion {
            match self.served() {
                Some(served) if self.model.is_some() && self.tokens.is_none() => {
                    if let Some(fault) = served.fault() {
                        note(format!("row `{}`: {fault}", self.id), "see the head of the file");
                    }
                }
                _ => note(
                    format!("row `{}` and how it was served", self.id),
                    "per_million needs `model`, `chips`, `sequence`, `hour`, `hour_of`, `phase`, `precision`, `output` \
                     and `counts`, and has no `tokens`",
                ),
            }
            return;
        }
        let is_run = self.quantity == Published::ChipHours;
        if of_run.iter().any(|given| *given != is_run) {
            let what = format!(
                "row `{}` and its `model`, `tokens`, `chips`, `sequence` and `batch`",
                self.id
            );
            note(what, "chip_hours needs all of them, power and shares none");
        }
        if self.serves() {
            note(
                format!("row `{}` and its fields of served tokens", self.id),
                "only per_million has them",
            );
        }
    }
}

impl CostModel {
    /// Compares power, shares, chip-hours and costs of tokens with every published figure, each at its own day; `find` looks a chip up
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
            row.check_fields(&place, &mut problems);
            if let Some((chip, domestic)) = find(&row.chip, &row.place) {
                let (modelled, tokens) = match row.served() {
                    Some(served) if row.quantity == Published::PerMillion => {
                        let (modelled, error) =
                            self.served_tokens((&place, &row, &served), (chip, domestic), perf);
                        (modelled, Some(error))
                    }
                    _ => (self.published(&row, chip, domestic, perf), None),
                };
                found.push(check(&row, modelled, tokens));
            }
        }
        let tests = |c: &&PublishedCheck| c.for_use == Use::Test;
        let scored = found.iter().filter(tests).map(|c| (&c.source, c.error, c.inside));
        let part = |of: fn(&TokenError) -> Option<Ratio>| {
            let rows = found.iter().filter(tests);
            score(rows.filter_map(|c| Some((&c.source, of(c.tokens.as_ref()?), None))))
        };
        problems.or(PublishedChecks {
            by_source: score(scored),
            hour_by_source: part(|e| e.of_hour),
            rate_by_source: part(|e| e.of_rate),
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
            Published::PerMillion => {
                let flag = "the fields of its row";
                let why = "tokens cost what their rate makes of an hour";
                Outcome::Unknown(vec![need("how it was served".to_owned(), flag, why)])
            }
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

fn check(row: &Row, modelled: Outcome<Modelled>, tokens: Option<TokenError>) -> PublishedCheck {
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
        tokens,
    }
}
