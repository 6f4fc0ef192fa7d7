//! Published costs of a million tokens, each run as its source says, with the error told by hour and by rate.

use super::{Modelled, Row};
use crate::catalog::{Chip, Format};
use crate::cost::tokens::{MILLION, SECONDS};
use crate::cost::{CostModel, need};
use crate::figure::{Estimate, Outcome, Place, Quantity, Ratio, UsdPerHour, UsdPerMillionTokens};
use crate::perf::{ModelId, PerfModel, Phase, RowUse, ServedRow};
use serde::{Deserialize, Serialize};

/// Whose hour a source takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HourOf {
    /// What owning the chip costs.
    Owned,
    /// What renting it costs: a price, which owning does not tell.
    Rented,
}

/// Tokens that a published cost is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Counted {
    /// Prompt tokens that were computed.
    Prompt,
    /// Output tokens.
    Output,
    /// Both together.
    All,
}

/// The way a published cost was served; every field of a row of `per_million`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Served {
    hour: f64,
    hour_of: HourOf,
    phase: Phase,
    precision: Format,
    input: u32,
    output: u32,
    chips: u32,
    counts: Counted,
}

/// The two parts of the error of a cost of tokens; one plus the error is the product of one plus each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TokenError {
    /// Hour that the source takes.
    pub hour_taken: UsdPerHour,
    /// Whether it is an owner's or a rent.
    pub hour_of: HourOf,
    /// What owning costs by us on that day, all hours in use; none where no price is known.
    pub owned: Option<Estimate<UsdPerHour>>,
    /// Our hour over the source's, less one; none where the source takes a rent, which is then ours too.
    pub of_hour: Option<Ratio>,
    /// The source's rate over ours, less one; none where we have no rate.
    pub of_rate: Option<Ratio>,
}

impl Row {
    /// How it was served; `None` where a field is missing.
    pub(super) fn served(&self) -> Option<Served> {
        Some(Served {
            hour: self.hour?,
            hour_of: self.hour_of?,
            phase: self.phase?,
            precision: self.precision?,
            input: self.sequence?,
            output: self.output?,
            chips: self.chips?,
            counts: self.counts?,
        })
    }

    /// Whether any field of a cost of tokens alone stands in it.
    pub(super) fn serves(&self) -> bool {
        self.hour.is_some()
            || self.hour_of.is_some()
            || self.phase.is_some()
            || self.precision.is_some()
            || self.output.is_some()
            || self.expert.is_some()
            || self.speed.is_some()
            || self.counts.is_some()
    }
}

impl Served {
    /// Tokens counted for one that the rate counts: prompt tokens in prefill, output tokens otherwise.
    fn counted(&self) -> f64 {
        match self.counts {
            Counted::Prompt | Counted::Output => 1.0,
            Counted::All => (f64::from(self.input) + f64::from(self.output)) / f64::from(self.output),
        }
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if (self.phase == Phase::Prefill) != (self.counts == Counted::Prompt) {
            return Some("`counts` is `prompt` in prefill and there alone");
        }
        (!(self.hour.is_finite() && self.hour > 0.0)).then_some("`hour` is no positive number of dollars")
    }
}

impl CostModel {
    /// What a million tokens cost in the way a row says, and the two parts of our error.
    pub(super) fn served_tokens(
        &self,
        (place, row, served): (&Place, &Row, &Served),
        (chip, domestic): (&Chip, bool),
        perf: &PerfModel,
    ) -> (Outcome<Modelled>, TokenError) {
        let day = row.date.last();
        let hourly = self.hourly(chip, domestic, &row.place, day, day);
        let owned = hourly.known().map(|hour| hour.owned);
        let hour = match served.hour_of {
            HourOf::Owned => hourly.map(|hour| hour.owned),
            HourOf::Rented => Outcome::Known(Estimate::exact(UsdPerHour::of(served.hour))),
        };
        let rate = perf.served(&as_run(place, row, served), chip);
        let per_million = |hour: f64, rate: f64| hour / (rate * served.counted() * SECONDS) * MILLION;
        let ratio = |over: f64| Ratio::of(over - 1.0);
        let published = f64::midpoint(row.low, row.high);
        let error = TokenError {
            hour_taken: UsdPerHour::of(served.hour),
            hour_of: served.hour_of,
            owned,
            of_hour: owned
                .filter(|_| served.hour_of == HourOf::Owned)
                .map(|owned| ratio(owned.value.get() / served.hour)),
            of_rate: rate.map(|rate| ratio(per_million(served.hour, rate.value.get()) / published)),
        };
        let Some(rate) = rate else {
            let model = row.model.as_deref().unwrap_or_default();
            let fact = if perf.model(&ModelId(model.to_owned())).is_none() {
                format!("architecture of {model}")
            } else {
                format!(
                    "a plan of {} {} that serves {model} as the source says",
                    served.chips, chip.id
                )
            };
            let flag = "a file of data/models or data/chips (`--data DIR`)";
            return (
                Outcome::Unknown(vec![need(fact, flag, "tokens are divided by the rate")]),
                error,
            );
        };
        let modelled = hour.map(|hour| {
            let middle = per_million(hour.value.get(), rate.value.get());
            let apart = |hour_end: f64, rate_end: f64| {
                (hour_end / hour.value.get() - 1.0).hypot(rate.value.get() / rate_end - 1.0)
            };
            let up = apart(hour.high.get(), rate.low.get());
            // A rate twice as high halves the cost: the lower deviation is that of the cost, not of the rate.
            let down = apart(hour.low.get(), rate.high.get());
            let [value, low, high] =
                [middle, middle * (1.0 - down).max(0.0), middle * (1.0 + up)].map(UsdPerMillionTokens::of);
            Modelled::PerMillion(Estimate::new(value, low, high))
        });
        (modelled, error)
    }
}

/// The row as one that performance was measured by.
fn as_run(place: &Place, row: &Row, served: &Served) -> ServedRow {
    ServedRow {
        id: row.id.clone(),
        chip: crate::catalog::ChipId(row.chip.clone()),
        model: ModelId(row.model.clone().unwrap_or_default()),
        phase: served.phase,
        role: RowUse::Test,
        source: row.source.clone(),
        measured: served.hour / (f64::midpoint(row.low, row.high) * served.counted() * SECONDS) * MILLION,
        chips: served.chips,
        precision: served.precision,
        input: f64::from(served.input),
        output: f64::from(served.output),
        batch: row.batch.map(f64::from),
        tensor: None,
        expert: row.expert,
        tpot: row.speed.map_or(f64::INFINITY, |tokens| 1.0 / tokens),
        drafted: None,
        accepted: Some(row.accepted.unwrap_or(0.0)),
        scores: None,
        network: None,
        place: place.clone(),
    }
}
