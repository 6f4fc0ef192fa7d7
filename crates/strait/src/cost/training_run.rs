//! What a training run costs: chip-hours, money, energy.

use super::per_token::per_million;
use super::service::best_scale;
use super::tokens::{MILLION, SECONDS};
use super::{CostModel, HourlyCost, Money, PricePerformance, Rent};
use crate::catalog::{Chip, ChipId};
use crate::figure::{
    Estimate, Flop, Hours, KilowattHours, Kilowatts, Outcome, Quantity, Tokens, TokensPerJoule, Usd,
};
use crate::perf::{PerfModel, Performance, Workload};
use serde::Serialize;

/// Joules of a kilowatt-hour.
const JOULES: f64 = 3.6e6;

/// How much is trained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Training {
    /// So many tokens.
    Tokens(Tokens),
    /// As many tokens as so many model FLOP are enough for, recomputation not counted.
    Flop(Flop),
}

/// One run on one kind of chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrainingRun {
    /// Chip.
    pub chip: ChipId,
    /// Chips of the cluster.
    pub chips: u32,
    /// Tokens trained.
    pub tokens: Tokens,
    /// Model FLOP of all tokens.
    pub flop: Flop,
    /// Time the cluster computes, without a failure.
    pub time: Estimate<Hours>,
    /// Chip-hours of it.
    pub chip_hours: Estimate<Hours>,
    /// Cost on owned chips, idle hours of the cluster's life shared out by utilisation.
    pub owned: Money<Usd>,
    /// Cost on rented chips, every hour of the rent in use.
    pub rented: Option<Money<Usd>>,
    /// Electricity at the wall.
    pub energy: Estimate<KilowattHours>,
    /// Power of the cluster at the wall.
    pub power: Estimate<Kilowatts>,
    /// Tokens a dollar and a joule.
    pub value: PricePerformance,
    /// The run behind it.
    pub performance: Performance,
}

impl CostModel {
    /// What training costs on a cluster of the workload's scale.
    pub fn training(
        &self,
        perf: &PerfModel,
        chip: &Chip,
        workload: &Workload,
        training: Training,
        hourly: &HourlyCost,
        rent: Option<&Rent>,
    ) -> Outcome<TrainingRun> {
        let performance = match best_scale(perf, chip, workload) {
            Outcome::Known(run) => run,
            Outcome::Unknown(needs) => return Outcome::Unknown(needs),
        };
        let flop_per_token = performance.achieved.value.get() * 1e12 / performance.per_chip.value.get();
        let tokens = match training {
            Training::Tokens(tokens) => tokens.get(),
            Training::Flop(flop) => flop.get() / flop_per_token,
        };
        let chips = performance.scale.chips();
        let value = self.price_performance(hourly, &performance);
        let chip_hours: Estimate<Hours> = performance
            .per_chip
            .map_decreasing(|rate| Hours::of(tokens / rate.get() / SECONDS));
        let millions = tokens / MILLION;
        let n = f64::from(chips);
        Outcome::Known(TrainingRun {
            chip: chip.id.clone(),
            chips,
            tokens: Tokens::of(tokens),
            flop: Flop::of(tokens * flop_per_token),
            time: chip_hours.map(|h| h / n),
            chip_hours,
            owned: hourly.money(value.per_million).times(millions),
            rented: rent.map(|rent| {
                hourly
                    .money(per_million(&rent.hour.usd, &performance.per_chip))
                    .times(millions)
            }),
            energy: value
                .per_joule
                .map_decreasing(|per: TokensPerJoule| KilowattHours::of(tokens / per.get() / JOULES)),
            power: self
                .wall_power(&hourly.basis, &performance)
                .map(|w| Kilowatts::of(w.get() * n / 1e3)),
            value,
            performance,
        })
    }
}
