//! What a run rests on: parameters that no data moved, memory made in China, what the model leaves.

use super::world::World;
use strait::market::dynamics::Band;

/// Parameters the data moved less than a tenth.
pub(super) fn assumed(world: &World) -> Vec<&'static str> {
    world
        .posterior
        .learned(&world.priors)
        .into_iter()
        .filter(|l| l.assumed)
        .map(|l| l.id)
        .collect()
}

/// On what the dates of self-sufficiency rest: how much memory is made in China, of which no reliable figure is public.
pub(super) fn home_memory(world: &World) -> String {
    let run = world.run(0);
    let of = |id: &str, meaning: &str| {
        let (at, prior) = world.priors.0.iter().enumerate().find(|(_, p)| p.id == id)?;
        let draws = (0..run.posterior.draws.len()).map(|n| prior.at(run.scores(n)[at]));
        let band = Band::of(draws.collect());
        let range = if run.held.iter().any(|(held, _)| *held == at) {
            "held by the scenario".to_owned()
        } else {
            format!("{:.2} to {:.2}", band.p05, band.p95)
        };
        Some(format!(
            "`{id}`, {meaning}, {:.2} ({range}; {}, {})",
            band.median,
            prior.words(),
            prior.reference.grade
        ))
    };
    let parts = [
        of("domestic_hbm", "million stacks a month in mid-2026"),
        of("domestic_hbm_growth", "logarithm of its growth a year"),
    ];
    format!(
        "These dates rest on high-bandwidth memory made in China, of which no reliable figure is public: {}.",
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    )
}

/// Median of what the model leaves of a published figure.
pub(super) fn missed(world: &World) -> f64 {
    let draws = &world.posterior.draws;
    Band::of(draws.iter().map(|z| world.priors.theta(z).model_error).collect()).median
}
