//! Computed power of nodes beside measured.

use super::EnergyModel;
use super::measured::{Phase, Row};
use crate::catalog::{Chip, ChipId};
use crate::figure::{JoulesPerToken, Kilowatts, Place, Quantity, Ratio, SourceId, Watts};
use crate::perf::inference::{Demand, Limits};
use crate::perf::ops::End;
use crate::perf::run::NINETY;
use crate::perf::serving::Asked;
use crate::perf::training::{Fixed, Job, Kernel, Trained, fastest};
use crate::perf::{PerfModel, RowUse};
use serde::Serialize;

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeError {
    /// Row id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Source of the measurement.
    pub source: SourceId,
    /// Calibration or test.
    pub role: RowUse,
    /// Measured at the wall.
    pub measured: Kilowatts,
    /// Computed.
    pub computed: Kilowatts,
    /// Computed over measured, less one.
    pub error: f64,
    /// Whether the 90 % interval holds the measured value.
    pub inside: bool,
    /// Measured joules an output token at the wall, where the rate was reported.
    pub joules_measured: Option<JoulesPerToken>,
    /// Computed, with the computed rate.
    pub joules_computed: Option<JoulesPerToken>,
    /// Line of the row.
    pub place: Place,
}

/// Every node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeScores {
    /// Nodes, in the file's order.
    pub rows: Vec<NodeError>,
    /// Rows that could not be computed, by id.
    pub skipped: Vec<String>,
    /// Mean absolute error of the rows marked test.
    pub test_error: Option<f64>,
}

impl EnergyModel {
    /// Scores the power of every measured node whose chip `chip` knows.
    pub fn validate<'c>(&self, model: &PerfModel, chip: impl Fn(&ChipId) -> Option<&'c Chip>) -> NodeScores {
        let (mut rows, mut skipped) = (Vec::new(), Vec::new());
        for row in &self.rows {
            match chip(&row.chip).and_then(|chip| self.score(model, row, chip)) {
                Some(scored) => rows.push(scored),
                None => skipped.push(row.id.clone()),
            }
        }
        let tests: Vec<f64> = rows
            .iter()
            .filter(|r| r.role == RowUse::Test)
            .map(|r| r.error.abs())
            .collect();
        NodeScores {
            test_error: (!tests.is_empty()).then(|| tests.iter().sum::<f64>() / tests.len() as f64),
            rows,
            skipped,
        }
    }

    /// The host's power that leaves the rows marked calibrate without error on average; none without such rows.
    pub fn fitted_host<'c>(
        &self,
        model: &PerfModel,
        chip: impl Fn(&ChipId) -> Option<&'c Chip>,
    ) -> Option<Watts> {
        let found = self.validate(model, chip);
        let off: Vec<f64> = found
            .rows
            .iter()
            .filter(|r| r.role == RowUse::Calibrate)
            .filter_map(|r| {
                let row = self.rows.iter().find(|row| row.id == r.id)?;
                // Power at the wall rises with the host's as with any part's.
                let slope = self.node.wall(Watts::of(1.0), row.air) - self.node.wall(Watts::of(0.0), row.air);
                Some((r.measured.get() - r.computed.get()) * 1e3 * self.node.chips / slope.get())
            })
            .collect();
        let mean = off.iter().sum::<f64>() / off.len() as f64;
        (!off.is_empty()).then(|| self.node.host + Watts::of(mean))
    }

    fn score(&self, model: &PerfModel, row: &Row, chip: &Chip) -> Option<NodeError> {
        let board = chip.tdp.as_ref()?.value;
        let (drawn, rate) = activity(model, chip, row)?;
        let each = Watts::of(board.get() * model.activity.share_of_board_power(drawn));
        let wall = self.node_of(chip.form).wall(each, row.air).get() / 1e3;
        let ratio = (NINETY * model.activity.sigma).exp();
        let measured = row.measured.get();
        let joules = |kilowatts: f64, rate: f64| JoulesPerToken::of(kilowatts * 1e3 / rate);
        Some(NodeError {
            id: row.id.clone(),
            chip: row.chip.clone(),
            source: row.source.clone(),
            role: row.role,
            measured: row.measured,
            computed: Kilowatts::of(wall),
            error: wall / measured - 1.0,
            inside: measured >= wall / ratio && measured <= wall * ratio,
            joules_measured: row.rate.map(|r| joules(measured, r.get())),
            joules_computed: row.rate.and(rate).map(|r| joules(wall, r)),
            place: row.place.clone(),
        })
    }
}

/// What a run draws of the power above idle, and its output tokens a second where it has any.
fn activity(model: &PerfModel, chip: &Chip, row: &Row) -> Option<(Ratio, Option<f64>)> {
    let Some(run) = &row.run else {
        return Some((Ratio::of(1.0), None));
    };
    let architecture = model.model(&run.model)?;
    if row.phase == Phase::Training {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let job = Job {
            model: architecture,
            chips: row.chips,
            sequence: run.input as u32,
            batch: run.batch,
            arithmetic: run.precision,
            attention: Kernel::Fused,
            gradient_bytes: 2.0,
            trained: Trained::All,
        };
        let hardware = model.training.hardware(chip, End::Middle).ok()?;
        let (step, time) = fastest(&job, &hardware, &Fixed::default()).ok()?;
        return Some((step.drawn(&model.activity, &time), None));
    }
    let asked = Asked {
        model: architecture,
        system: model.inference.system(chip, End::Middle).ok()?,
        format: run.precision,
        chips: row.chips,
        demand: Demand::new(run.input, run.output),
        limits: Limits::NONE,
        activity: model.activity,
    };
    let served = asked.serve(&model.inference).ok()?;
    Some((served.drawn, Some(served.requests * run.output)))
}
