//! A scenario ready to run, and how its paths are drawn.

use crate::input::{Inputs, bundle, library};
use crate::{output, revision};
use jiff::civil::Date;
use miette::{Result, miette};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use strait::brief::{Knowledge, Library};
use strait::figure::Need;
use strait::market::dynamics::{
    BLOCK, Detail, Ensemble, Environment, NoFit, Posterior, Priors, Run, held, variables,
};
use strait::scenario::Scenario;

/// One scenario ready to run.
pub(crate) struct World {
    pub(crate) library: Library,
    pub(crate) env: Environment,
    /// The fit of the day of knowledge, and the priors its scores are scores of.
    pub(crate) posterior: Posterior,
    pub(crate) priors: Priors,
    pub(crate) held: Vec<(usize, f64)>,
    /// Short hash of program, data and scenario: paths kept in a file are of these alone.
    pub(crate) read: String,
}

impl World {
    /// Loads the data under a scenario; what is missing where no fit is of the day of knowledge or an earlier one.
    pub(crate) fn load(
        inputs: &Inputs,
        scenario: &Scenario,
        known: Date,
    ) -> Result<std::result::Result<Self, Need>> {
        let library = library(&inputs.data, scenario)?;
        let (posterior, priors) = match library.dynamics.fit_known(known) {
            Ok(fit) => (fit.posterior.clone(), fit.priors),
            Err(NoFit::Wrong(wrong)) => return Err(bundle(wrong.into())),
            Err(none) => return Ok(Err(none.need())),
        };
        let env = library.environment(Knowledge::of(known))?;
        Ok(Ok(Self {
            env,
            posterior,
            priors,
            held: held(&scenario.market),
            read: revision::of_all(inputs, scenario),
            library,
        }))
    }

    /// The run over its posterior.
    pub(crate) fn run(&self, seed: u64) -> Run<'_> {
        Run {
            env: &self.env,
            priors: &self.priors,
            posterior: &self.posterior,
            held: &self.held,
            seed,
        }
    }
}

/// Paths to draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws<'a> {
    pub(super) paths: usize,
    pub(super) seed: u64,
    pub(super) detail: Detail,
    /// File that finished blocks are kept in.
    pub(super) file: Option<&'a Path>,
}

impl World {
    /// Draws paths until there are so many, or until it is stopped.
    pub(super) fn ensemble(&self, label: &str, draws: Draws<'_>, stop: &AtomicBool) -> Result<Ensemble> {
        let run = self.run(draws.seed);
        let mut out = Ensemble::new(variables(&self.env, draws.detail));
        let key = format!(
            "{label}/{}/{}/{}/{}",
            self.read,
            draws.seed,
            self.env.known,
            out.variables.len()
        );
        if let Some(path) = draws.file.filter(|p| p.exists()) {
            out.values = super::kept::kept(path, &key)?;
            // A last block that was cut short, here or there, is drawn again whole.
            let whole = out.values.len().min(draws.paths) / BLOCK * BLOCK;
            out.values.truncate(whole);
        }
        let blocks = draws.paths.div_ceil(BLOCK);
        while out.values.len() < draws.paths {
            let block = out.values.len() / BLOCK;
            let Some(drawn) = run.block_unless(stop, block, draws.paths, draws.detail) else {
                break;
            };
            out.values.extend(drawn);
            if let Some(path) = draws.file {
                super::kept::keep(path, &key, &out.values)?;
            }
            if blocks >= 8 && (block + 1).is_multiple_of(blocks / 8) {
                output::remark(&format!("{label}: {} of {} paths", out.values.len(), draws.paths));
            }
        }
        Ok(out)
    }
}

/// Most paths of a run: each keeps every variable of every quarter, some 30 to 45 kB.
const MOST_DRAWS: usize = 100_000;

/// Refuses too few draws for a band, and more than memory holds.
pub(crate) fn enough(draws: usize) -> Result<()> {
    if draws > MOST_DRAWS {
        return Err(miette!(
            help = "10,000 tell a 90 % band to a hundredth of its width",
            "--draws {draws} where at most {MOST_DRAWS} were expected: every path is kept in memory"
        ));
    }
    if draws < 20 {
        return Err(miette!(
            help = "give --draws 20 or more",
            "bands of {draws} draws mean nothing"
        ));
    }
    Ok(())
}

/// A scenario's name; the law as it was where nothing is changed.
pub(super) fn label(scenario: &Scenario) -> String {
    if scenario.id.is_empty() {
        "history".into()
    } else {
        scenario.id.clone()
    }
}
