//! The best plan of a serving workload on one system, and where its time goes.

use super::energy::Activity;
use super::inference::{
    Chosen, Demand, Formats, Inference, Limits, Operating, Setup, Spread, System, best, spreads,
};
use super::models::Model;
use super::{LimitShares, Plan};
use crate::catalog::Format;
use crate::figure::{Need, Ratio};

/// What is asked of a system.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) model: &'a Model,
    pub(crate) system: System,
    pub(crate) format: Format,
    pub(crate) chips: u32,
    pub(crate) demand: Demand,
    pub(crate) limits: Limits,
    pub(crate) activity: Activity,
}

/// A plan and what it does.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) plan: Plan,
    /// Requests a second of the whole system.
    pub(crate) requests: f64,
    pub(crate) ttft: f64,
    pub(crate) tpot: f64,
    pub(crate) shares: LimitShares,
    /// What a chip draws of the power above idle.
    pub(crate) drawn: Ratio,
    /// Share of the time that prompts take.
    pub(crate) prompts: f64,
    /// Whether memory holds the users down.
    pub(crate) capacity_bound: bool,
    /// The same plan with every operator at its least time.
    pub(crate) floor: Operating,
}

/// Why there is no plan.
#[derive(Debug, Clone)]
pub(crate) enum NoPlan {
    /// A figure of the chip is missing, or the arithmetic.
    Missing(Vec<Need>),
    /// Weights and a cache do not fit.
    Capacity,
    /// No plan meets the latency limits; the shortest times found.
    Latency { tpot: f64, ttft: f64 },
}

impl Asked<'_> {
    fn setup(&self) -> Result<Setup<'_>, NoPlan> {
        let formats = Formats::of(self.format).ok_or_else(|| {
            NoPlan::Missing(vec![Need {
                fact: format!("kernels for {}", self.format.name()),
                flag: None,
                why: "no kernel computes it".to_owned(),
                flips: Vec::new(),
            }])
        })?;
        Ok(Setup {
            model: self.model,
            formats,
            spread: Spread::ONE,
            system: self.system,
            engine: None,
        })
    }

    /// The plan within the limits that serves most.
    pub(crate) fn serve(&self, inference: &Inference) -> Result<Served, NoPlan> {
        let setup = self.setup()?;
        match best(inference, &setup, self.chips, &self.demand, &self.limits) {
            Ok(Some(found)) => Ok(self.served(&found)),
            Ok(None) => Err(self.nearest(inference, &setup)),
            Err(_) if self.fits_nowhere(&setup) => Err(NoPlan::Capacity),
            Err(needs) => Err(NoPlan::Missing(needs)),
        }
    }

    fn served(&self, found: &Chosen<'_>) -> Served {
        let spread = found.replica.steps.spread();
        let way = &found.operating;
        let spent = found.replica.spent(&self.demand, way.users);
        let floor = found.replica.floor(&self.demand, way.users);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let batch = way.users as u32;
        Served {
            plan: Plan {
                tensor: spread.tensor,
                pipeline: spread.pipeline,
                data: found.replicas,
                expert: spread.experts,
                batch,
                weights: self.format,
                arithmetic: self.format,
                kv_cache: Some(cache(self.format)),
            },
            requests: way.requests * f64::from(found.replicas),
            ttft: way.ttft,
            tpot: way.tpot,
            shares: spent.shares,
            drawn: found.replica.drawn(&self.activity, &self.demand, way.users),
            prompts: spent.prompts,
            capacity_bound: way.users >= found.replica.fits(&self.demand),
            floor: Operating {
                requests: floor.requests * f64::from(found.replicas),
                ..floor
            },
        }
    }

    /// Why nothing serves within the limits: the shortest times of one user, or no room even for that.
    fn nearest(&self, inference: &Inference, setup: &Setup<'_>) -> NoPlan {
        let one = |spread: Spread| -> Option<Operating> {
            let replica = inference.replica(&Setup { spread, ..*setup }).ok()?;
            let least = f64::from(spread.data);
            (replica.fits(&self.demand) >= 1.0).then(|| replica.at(&self.demand, least))
        };
        let ways = spreads(setup, self.chips).into_iter().filter_map(one);
        let nearest = ways.min_by(|a, b| a.tpot.total_cmp(&b.tpot));
        nearest.map_or(NoPlan::Capacity, |way| NoPlan::Latency {
            tpot: way.tpot,
            ttft: way.ttft,
        })
    }

    /// Whether the weights leave no room on any spread.
    fn fits_nowhere(&self, setup: &Setup<'_>) -> bool {
        spreads(setup, self.chips)
            .into_iter()
            .all(|spread| !self.system.holds(self.model, &setup.formats, &spread))
    }
}

/// Format of the cache beside an arithmetic, as [`Formats::of`] keeps it.
pub(crate) fn cache(arithmetic: Format) -> Format {
    match Formats::of(arithmetic) {
        Some(formats) if formats.cache < 2.0 => Format::Fp8,
        _ => Format::Fp16,
    }
}
