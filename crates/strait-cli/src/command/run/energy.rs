//! Energy of a simulated serving system.

use crate::input::{Inputs, bundle};
use miette::Result;
use serde::Serialize;
use strait::catalog::Catalog;
use strait::figure::{JoulesPerToken, Quantity, Watts};
use strait::perf::energy::EnergyModel;
use strait::perf::simulation::{Replica, Report};

/// Mean power, and energy of an output token.
#[derive(Debug, Serialize)]
pub(super) struct Energy {
    /// Chips of the fleet.
    chips: u32,
    /// Mean power of one chip, idle time included.
    chip: Watts,
    /// Its part of an air-cooled node, at the wall.
    wall: Watts,
    /// At the wall, for one output token, prompts included.
    wall_per_output_token: JoulesPerToken,
}

impl Energy {
    pub(super) fn sentence(&self) -> String {
        format!(
            "{} at {:.0} W each on average, {:.0} W at the wall with their part of the node: {:.2} J an output \
             token, prompts and idle time included.",
            crate::view::serve::counted(self.chips, "chip"),
            self.chip.get(),
            self.wall.get(),
            self.wall_per_output_token.get()
        )
    }
}

/// Energy of a run; absent where a chip's board power is unknown, or nothing was generated.
pub(super) fn spent(
    inputs: &Inputs,
    catalog: &Catalog,
    first: &Replica<'_>,
    second: Option<&Replica<'_>>,
    found: &Report,
) -> Result<Option<Energy>> {
    let model = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let (mut chips, mut power) = (0, Watts::of(0.0));
    for of in &found.replicas {
        let replica = if of.role == "decodes" {
            second.unwrap_or(first)
        } else {
            first
        };
        let Some(each) = replica.mean_power(of) else {
            return Ok(None);
        };
        chips += replica.chips;
        power = power + each * f64::from(replica.chips);
    }
    if found.output_tokens_per_second <= 0.0 || chips == 0 {
        return Ok(None);
    }
    let chip = power / f64::from(chips);
    let wall = model.node().wall_per_chip(chip, true);
    let joules = wall.get() * f64::from(chips) / found.output_tokens_per_second;
    Ok(Some(Energy {
        chips,
        chip,
        wall,
        wall_per_output_token: JoulesPerToken::of(joules),
    }))
}
