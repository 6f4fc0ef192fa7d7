//! The quarterly model as data, read once.

use super::assumed::{self, Assumed};
use super::observations::{self, Observations};
use super::packaging::{self, Packaging};
use super::parameters::{self, Priors};
use super::posterior::{self, Posterior};
use super::specification::Specification;
use super::{capacity_facts, fits, goods_file, policy_facts};
use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::figure::Sources;
use crate::market::MarketModel;
use crate::market::supply::{self, Cap};

/// Goods, points, priors and observations.
#[derive(Debug, Default)]
pub struct Dynamics {
    /// Goods and demand points.
    pub spec: Specification,
    /// Priors.
    pub priors: Priors,
    /// What the model is held against.
    pub observed: Observations,
    /// Draws of the newest fit's posterior.
    pub posterior: Posterior,
    /// Fits to what was public by earlier days, in order of day.
    pub earlier: Vec<Posterior>,
    /// Limits beside `supply.csv`.
    pub(crate) caps: Vec<Cap>,
    /// Figures that are fitted to nothing.
    pub(crate) assumed: Assumed,
    /// Packaging lines.
    pub(crate) packaging: Packaging,
}

impl Dynamics {
    /// Reads `data/market/dynamics/` and `data/market/observations.csv`.
    ///
    /// # Errors
    /// Everything wrong with them, with file and line.
    pub fn load(data: &DataSet, market: &MarketModel, sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let file = |name: &'static str, problems: &mut Problems| -> Option<DataFile<'_>> {
            let found = data.get(name);
            if found.is_none() {
                problems.push(
                    Problem::in_file(name, "the file is missing").help("restore it from the repository"),
                );
            }
            found
        };
        let mut out = Self::default();
        if let Some(f) = file("market/dynamics/goods.toml", &mut problems) {
            out.spec = goods_file::load(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/parameters.toml", &mut problems) {
            out.priors = parameters::load(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/capacity.csv", &mut problems) {
            out.assumed.capacity = capacity_facts::load(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/policy.toml", &mut problems) {
            out.assumed.policy = policy_facts::load(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/errors.toml", &mut problems) {
            out.assumed.errors = assumed::errors(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/caps.csv", &mut problems) {
            out.caps = supply::load(f, sources, &mut problems);
        }
        if let Some(f) = file("market/dynamics/packaging.csv", &mut problems) {
            out.packaging = packaging::load(f, sources, &out.spec, &mut problems);
        }
        if let Some(f) = file("market/observations.csv", &mut problems) {
            out.observed = observations::load(f, &market.revenue, &market.shares, sources, &mut problems);
        }
        if let Some(f) = file(posterior::FILE, &mut problems) {
            out.posterior = posterior::load(f, &mut problems);
        }
        out.earlier = fits::load(data, &mut problems);
        problems.or(out)
    }
}
