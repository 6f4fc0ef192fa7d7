//! Energy of a simulated serving system.

use serde::Serialize;
use strait::catalog::Chip;
use strait::figure::{Estimate, JoulesPerToken, Quantity, Watts};
use strait::perf::energy::EnergyModel;
use strait::perf::simulation::{Replica, Report};

/// Mean power, and energy of an output token, each with the ends of its 90 % interval.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Energy {
    /// Chips of the fleet.
    chips: u32,
    /// Mean power of one chip, idle time included.
    chip: Watts,
    chip_low: Watts,
    chip_high: Watts,
    /// Its part of an air-cooled node, at the wall.
    wall: Watts,
    wall_low: Watts,
    wall_high: Watts,
    /// At the wall, for one output token, prompts included.
    wall_per_output_token: JoulesPerToken,
    wall_per_output_token_low: JoulesPerToken,
    wall_per_output_token_high: JoulesPerToken,
}

impl Energy {
    pub(super) fn sentence(&self) -> String {
        format!(
            "{} at {:.0} W each on average ({:.0} to {:.0}), {:.0} W at the wall with their part of the node ({:.0} to {:.0}): \
             {:.2} J an output token ({:.2} to {:.2}), prompts and idle time included.",
            crate::view::serve::counted(self.chips, "chip"),
            self.chip.get(),
            self.chip_low.get(),
            self.chip_high.get(),
            self.wall.get(),
            self.wall_low.get(),
            self.wall_high.get(),
            self.wall_per_output_token.get(),
            self.wall_per_output_token_low.get(),
            self.wall_per_output_token_high.get()
        )
    }

    /// The same with the hull of what was found at the ends of the steps' interval.
    pub(super) fn with_ends(mut self, ends: &[Self]) -> Self {
        for e in ends {
            self.chip_low = least(self.chip_low, e.chip_low);
            self.chip_high = most(self.chip_high, e.chip_high);
            self.wall_low = least(self.wall_low, e.wall_low);
            self.wall_high = most(self.wall_high, e.wall_high);
            self.wall_per_output_token_low =
                least(self.wall_per_output_token_low, e.wall_per_output_token_low);
            self.wall_per_output_token_high =
                most(self.wall_per_output_token_high, e.wall_per_output_token_high);
        }
        self
    }
}

fn least<Q: Quantity>(a: Q, b: Q) -> Q {
    Q::of(a.get().min(b.get()))
}

fn most<Q: Quantity>(a: Q, b: Q) -> Q {
    Q::of(a.get().max(b.get()))
}

/// Energy of a run; absent where a chip's board power is unknown, or nothing was generated.
pub(super) fn spent(
    model: &EnergyModel,
    first: (&Chip, &Replica<'_>),
    second: Option<(&Chip, &Replica<'_>)>,
    found: &Report,
) -> Option<Energy> {
    let (mut chips, mut power, mut wall) = (0, [0.0; 3], [0.0; 3]);
    for of in &found.replicas {
        let (chip, replica) = if of.role == "decodes" {
            second.unwrap_or(first)
        } else {
            first
        };
        let each = replica.mean_power(of)?;
        let at_wall = each.map(|w| model.node_of(chip.form).wall_per_chip(w, true));
        chips += replica.chips;
        for (sum, each) in [(&mut power, each), (&mut wall, at_wall)] {
            for (sum, part) in sum.iter_mut().zip(parts(&each)) {
                *sum += part * f64::from(replica.chips);
            }
        }
    }
    let tokens = found.output_tokens_per_second;
    if tokens <= 0.0 || chips == 0 {
        return None;
    }
    let all = f64::from(chips);
    let [chip, chip_low, chip_high] = power.map(|w| Watts::of(w / all));
    let [
        wall_per_output_token,
        wall_per_output_token_low,
        wall_per_output_token_high,
    ] = wall.map(|w| JoulesPerToken::of(w / tokens));
    let [wall, wall_low, wall_high] = wall.map(|w| Watts::of(w / all));
    Some(Energy {
        chips,
        chip,
        chip_low,
        chip_high,
        wall,
        wall_low,
        wall_high,
        wall_per_output_token,
        wall_per_output_token_low,
        wall_per_output_token_high,
    })
}

fn parts(e: &Estimate<Watts>) -> [f64; 3] {
    [e.value, e.low, e.high].map(Quantity::get)
}
