//! Energy: what a chip and its node draw by what they are busy with, and joules a token.
//!
//! A chip's power is a share of its board power by activity; a node adds its host, its fans and the losses of its
//! supplies (`data/perf/energy.toml`). `strait validate perf` sets the result
//! beside nodes measured at the wall (`data/validation/node_power.csv`).

mod activity;
mod measured;
mod node;
mod score;

pub use node::Node;
pub use score::{NodeError, NodeScores};

pub use activity::Activity;
pub(crate) use activity::{Moved, read as read_activity};

use super::Performance;
use crate::catalog::Form;
use crate::data::{DataSet, Problems};
use crate::figure::{Estimate, JoulesPerToken, Quantity, Sources, TokensPerSecond, Watts};
use serde::Serialize;

/// Nodes, and the measured ones they are checked against.
#[derive(Debug, Clone)]
pub struct EnergyModel {
    node: Node,
    card_node: Node,
    rows: Vec<measured::Row>,
}

/// Power and energy of one result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Energy {
    /// One chip.
    pub chip: Estimate<Watts>,
    /// One chip's part of an air-cooled node, at the wall.
    pub wall: Estimate<Watts>,
    /// Chips alone, for one counted token (trained, prompt or output, as the rate counts).
    pub per_token: Estimate<JoulesPerToken>,
    /// At the wall.
    pub wall_per_token: Estimate<JoulesPerToken>,
}

impl EnergyModel {
    /// Reads `perf/energy.toml` and `validation/node_power.csv`.
    ///
    /// # Errors
    /// Every problem of both files.
    pub fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = |path: &'static str| data.require(path);
        let [node, card_node] = node::read(file("perf/energy.toml")?, sources)?;
        Ok(Self {
            node,
            card_node,
            rows: measured::read(file("validation/node_power.csv")?, sources)?,
        })
    }

    /// What a node of modules adds to its chips.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// What a node of chips of a form adds to them: cards share a plain host, all others one like that of modules.
    #[must_use]
    pub fn node_of(&self, form: Form) -> &Node {
        if form == Form::Card {
            &self.card_node
        } else {
            &self.node
        }
    }

    /// Energy of a result on a chip of a form; absent where the chip's board power is unknown.
    #[must_use]
    pub fn of(&self, performance: &Performance, form: Form) -> Option<Energy> {
        Some(self.at(performance.power?, performance.per_chip, form))
    }

    /// Energy of chips of a form that draw `chip` each and count `rate` tokens each: power over rate, the least power
    /// over the largest rate at one end, the reverse at the other.
    #[must_use]
    pub fn at(&self, chip: Estimate<Watts>, rate: Estimate<TokensPerSecond>, form: Form) -> Energy {
        let wall = chip.map(|w| self.node_of(form).wall_per_chip(w, true));
        let per_token = |power: Estimate<Watts>| {
            let joules = |w: Watts, r: f64| JoulesPerToken::of(w.get() / r);
            Estimate::new(
                joules(power.value, rate.value.get()),
                joules(power.low, rate.high.get()),
                // A rate that may be nothing has no largest energy.
                joules(power.high, rate.low.get().max(f64::MIN_POSITIVE)),
            )
        };
        Energy {
            chip,
            wall,
            per_token: per_token(chip),
            wall_per_token: per_token(wall),
        }
    }
}
