//! One job on one chip and what was found of it, as written to files and as JSON.

use crate::command::run::figure::Figure;
use crate::output::columns::Columns;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use strait::catalog::Chip;
use strait::figure::{Estimate, Need, Outcome, Quantity, Seconds, TokensPerSecond};
use strait::perf::energy::Energy;
use strait::perf::training::{Job, OperatorTime, Search, Step};

/// One job on one chip.
pub(crate) struct Point<'m> {
    pub(crate) chip: Chip,
    pub(crate) job: Job<'m>,
    pub(crate) found: Outcome<Search>,
    /// Of the fastest step; none where there is none, or the chip's board power is unknown.
    pub(crate) energy: Option<Energy>,
    /// Operators of a layer, where they were asked for.
    pub(crate) operators: Option<Vec<OperatorTime>>,
}

impl Point<'_> {
    /// The fastest step.
    pub(crate) fn best(&self) -> Option<&Step> {
        self.found.known()?.steps.first()
    }

    /// Tokens a second of one chip, with the interval of all chips' rate.
    pub(crate) fn per_chip(&self) -> Option<Estimate<TokensPerSecond>> {
        let chips = f64::from(self.job.chips);
        let rate = self.found.known()?.rate?;
        Some(rate.map(|r| TokensPerSecond::of(r.get() / chips)))
    }

    /// A share of the peak, which is the larger the faster the step.
    fn share(&self, of: fn(&Step) -> f64) -> Figure {
        let scaled = || {
            let (step, rate) = (self.best()?, self.found.known()?.rate?);
            let at = |r: TokensPerSecond| Some(of(step) * r.get() / rate.value.get());
            Some(Figure {
                value: Some(of(step)),
                low: at(rate.low),
                high: at(rate.high),
            })
        };
        scaled().unwrap_or_default()
    }

    /// Seconds of the step.
    pub(crate) fn seconds(&self) -> Figure {
        let tokens = f64::from(self.job.batch) * f64::from(self.job.sequence);
        let rate = self.found.known().and_then(|found| found.rate);
        Figure::estimate(rate.map(|r| r.map_decreasing(|r| Seconds::of(tokens / r.get()))))
    }

    /// Model FLOP utilisation.
    pub(crate) fn mfu(&self) -> Figure {
        self.share(|step| step.mfu.get())
    }

    /// Hardware FLOP utilisation.
    pub(crate) fn hfu(&self) -> Figure {
        self.share(|step| step.hfu.get())
    }

    fn figures(&self) -> [(&'static str, Figure); 8] {
        let energy = self.energy;
        [
            ("step_s", self.seconds()),
            (
                "tokens_per_s",
                Figure::estimate(self.found.known().and_then(|found| found.rate)),
            ),
            ("tokens_per_s_per_chip", Figure::estimate(self.per_chip())),
            ("mfu", self.mfu()),
            ("hfu", self.hfu()),
            ("chip_watts", Figure::estimate(energy.map(|e| e.chip))),
            ("wall_watts_per_chip", Figure::estimate(energy.map(|e| e.wall))),
            (
                "joules_per_token",
                Figure::estimate(energy.map(|e| e.wall_per_token)),
            ),
        ]
    }

    /// Why there is no step, if there is none.
    pub(crate) fn why(&self) -> Option<String> {
        match &self.found {
            Outcome::Known(found) if !found.steps.is_empty() => None,
            Outcome::Known(found) if found.interrupted => Some("stopped before a plan was found".to_owned()),
            Outcome::Known(found) if found.least.get().is_finite() => Some(format!(
                "no plan fits: the smallest needs {:.1} GB a chip",
                found.least.get()
            )),
            Outcome::Known(_) => Some(
                "no degrees divide the chips, the batch and the model's heads and layers as they are given"
                    .to_owned(),
            ),
            Outcome::Unknown(needs) => Some(told(needs)),
        }
    }
}

fn told(needs: &[Need]) -> String {
    let all: Vec<String> = needs.iter().map(|n| format!("{}: {}", n.fact, n.why)).collect();
    format!("unknown: {}", all.join("; "))
}

impl Serialize for Point<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("chip", &self.chip.id)?;
        map.serialize_entry("chips", &self.job.chips)?;
        map.serialize_entry("batch", &self.job.batch)?;
        map.serialize_entry("precision", &self.job.arithmetic)?;
        for (name, figure) in self.figures() {
            figure.entries::<S>(&mut map, name)?;
        }
        map.serialize_entry("training", &self.found.known())?;
        if let Some(why) = self.why() {
            map.serialize_entry("why", &why)?;
        }
        if let Some(operators) = &self.operators {
            map.serialize_entry("operators", operators)?;
        }
        map.end()
    }
}

/// Of a step's plan, one whole number.
type Degree = fn(&Step) -> u32;
/// Of a step's memory, one part in gigabytes.
type Part = fn(&Step) -> f64;

const PLAN: [(&str, Degree); 9] = [
    ("tensor", |s| s.plan.tensor),
    ("context", |s| s.plan.context),
    ("pipeline", |s| s.plan.pipeline),
    ("data", |s| s.plan.data),
    ("expert", |s| s.plan.expert),
    ("chunks", |s| s.plan.chunks),
    ("microbatch", |s| s.plan.microbatch),
    ("zero", |s| u32::from(s.plan.sharding.stage())),
    ("recomputed_layers", |s| s.plan.recomputed),
];

const MEMORY: [(&str, Part); 7] = [
    ("weights_gb", |s| s.memory.weights.get()),
    ("gradients_gb", |s| s.memory.gradients.get()),
    ("optimiser_gb", |s| s.memory.optimiser.get()),
    ("activations_gb", |s| s.memory.activations.get()),
    ("buffers_gb", |s| s.memory.buffers.get()),
    ("memory_gb", |s| s.memory.total.get()),
    ("usable_gb", |s| s.memory.usable.get()),
];

/// A row a point: figures, plan and memory of the fastest step, nothing in them where there is none, and then why.
pub(super) fn rows(points: &[Point<'_>]) -> Columns {
    let mut c = Columns::default();
    c.text("chip", points.iter().map(|p| p.chip.id.0.clone()));
    c.whole("chips", points.iter().map(|p| i64::from(p.job.chips)));
    c.whole("batch", points.iter().map(|p| i64::from(p.job.batch)));
    c.whole("sequence", points.iter().map(|p| i64::from(p.job.sequence)));
    c.text(
        "precision",
        points.iter().map(|p| crate::view::word(&p.job.arithmetic)),
    );
    let names = points.first().map(|p| p.figures().map(|(name, _)| name));
    for (at, name) in names.into_iter().flatten().enumerate() {
        Figure::columns(&mut c, name, points.iter().map(|p| p.figures()[at].1));
    }
    for (name, of) in PLAN {
        c.real(name, points.iter().map(|p| p.best().map(|s| f64::from(of(s)))));
    }
    let again = |p: &Point<'_>| p.best().map(|s| crate::view::word(&s.plan.recompute));
    c.text("recompute", points.iter().map(|p| again(p).unwrap_or_default()));
    for (name, of) in MEMORY {
        c.real(name, points.iter().map(|p| p.best().map(of)));
    }
    c.text("why", points.iter().map(|p| p.why().unwrap_or_default()));
    c
}
