//! Fifteen claims about the H20, its buyers and decoupling, each with the run that tests it.
//!
//! A claim's verdict follows from its figure by the rule stated with it; where runs differ in sign over draws, or one
//! event has several causes, the verdict is that it cannot be told.

mod law;
mod runs;

use super::{Knowledge, Library};
use crate::data::{DataSet, Problem, Problems};
use crate::market::dynamics::{Band, Detail, Ensemble, Environment, Run, apply, held};
use crate::scenario::Scenario;
use jiff::civil::Date;
use serde::Serialize;

/// What the run says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// Holds.
    Supported,
    /// Does not hold.
    Contradicted,
    /// Holds on some days and not on others.
    DependsOnDate,
    /// The data do not decide.
    CannotTell,
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// Number.
    pub n: u32,
    /// What is claimed.
    pub claim: &'static str,
    /// The run that tests it, and the rule from figure to verdict.
    pub test: String,
    /// What it found.
    pub figure: String,
    /// Its band, where it is a quantity of the model.
    pub band: Option<Band>,
    /// Verdict.
    pub verdict: ClaimVerdict,
    /// What the verdict leaves open.
    pub remark: String,
}

/// What the claims are tested with.
pub(crate) struct Bench<'a> {
    pub(crate) library: &'a Library,
    pub(crate) data: &'a DataSet,
    pub(crate) known: Date,
    pub(crate) env: Environment,
    pub(crate) draws: usize,
    pub(crate) seed: u64,
    /// History.
    pub(crate) base: Ensemble,
}

impl Bench<'_> {
    pub(crate) fn run<'e>(&'e self, env: &'e Environment, held: &'e [(usize, f64)]) -> Run<'e> {
        Run {
            env,
            priors: &self.library.dynamics.priors,
            posterior: &self.library.dynamics.posterior,
            held,
            seed: self.seed,
        }
    }

    /// A shipped scenario that changes the market alone, over the same draws.
    pub(crate) fn scenario(&self, id: &str) -> Result<Ensemble, Problems> {
        let path = format!("scenarios/{id}.toml");
        let file = self.data.require(&path)?;
        let scenario = Scenario::read(file.path, file.text)?;
        let mut env = self.env.clone();
        for change in &scenario.market {
            apply(&mut env, change).map_err(|e| Problem::in_file(&path, e.to_string()))?;
        }
        let held = held(&scenario.market);
        Ok(self
            .run(&env, &held)
            .ensemble(self.draws, Detail::Totals, |_| true))
    }

    /// Draws of a variable of history summed over a year.
    pub(crate) fn year(&self, of: &Ensemble, variable: &str, year: i16) -> Vec<f64> {
        of.find(variable)
            .map(|v| of.summed(v, of.year(year)))
            .unwrap_or_default()
    }
}

/// Part of draws above zero.
pub(crate) fn above(draws: &[f64]) -> f64 {
    draws.iter().filter(|x| **x > 0.0).count() as f64 / draws.len().max(1) as f64
}

impl Library {
    /// Tests every claim on `draws` paths.
    ///
    /// # Errors
    /// Where a scenario the claims use is missing or wrong.
    pub fn claims(
        &self,
        data: &DataSet,
        known: Date,
        draws: usize,
        seed: u64,
    ) -> Result<Vec<Claim>, Problems> {
        let wrong = |e: crate::market::dynamics::UnknownName| {
            Problems::from(Problem::at(
                e.place.clone(),
                format!("`{}` is no {} of the quarterly model", e.name, e.kind),
            ))
        };
        self.dynamics.check_posterior()?;
        let env = self.environment(Knowledge::of(known)).map_err(wrong)?;
        let mut bench = Bench {
            library: self,
            data,
            known,
            env,
            draws,
            seed,
            base: Ensemble::default(),
        };
        bench.base = bench
            .run(&bench.env, &[])
            .ensemble(draws, Detail::Totals, |_| true);
        let mut claims = law::claims(&bench);
        claims.extend(runs::claims(&bench)?);
        claims.sort_by_key(|c| c.n);
        Ok(claims)
    }
}
