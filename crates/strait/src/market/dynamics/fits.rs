//! Which fit a run draws from: the latest that was made of what was public by its day of knowledge.

use super::model::Dynamics;
use super::parameters::Priors;
use super::posterior::{self, Posterior};
use crate::data::{DataSet, Problem, Problems};
use crate::figure::Need;
use jiff::civil::Date;

/// Folder of the newest fit's files; earlier ones lie in folders below it that are named by their day of knowledge.
pub(crate) const FOLDER: &str = "market/posterior/";

/// A fit, and the priors that its scores are scores of.
#[derive(Debug, Clone)]
pub struct KnownFit<'a> {
    /// Draws.
    pub posterior: &'a Posterior,
    /// Priors as they could have been written on the day of the fit.
    pub priors: Priors,
}

/// Why there is no fit to draw from.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NoFit {
    /// None was made of what was public by the day alone.
    #[error("no fit of the market over time was made of what was public by {known} alone{}",
        first.map_or_else(String::new, |day| format!("; the first is of {day}")))]
    Later {
        /// Day of knowledge.
        known: Date,
        /// The day of the first fit there is.
        first: Option<Date>,
    },
    /// The files of the fit are of other priors or observations.
    #[error(transparent)]
    Wrong(#[from] Problem),
}

impl NoFit {
    /// What would decide the answer.
    pub fn need(&self) -> Need {
        let flag = match self {
            Self::Later { known, .. } => Some(format!(
                "strait calibrate market --known {known} --out data/market/posterior/{known}"
            )),
            Self::Wrong(_) => None,
        };
        Need {
            fact: "a fit of the market over time to what was public by the day of knowledge".into(),
            flag,
            why: format!("{self}; a later one holds what came after"),
            flips: Vec::new(),
        }
    }
}

impl Dynamics {
    /// Every fit there is, the newest last.
    pub fn fits(&self) -> impl DoubleEndedIterator<Item = &Posterior> {
        self.earlier.iter().chain([&self.posterior])
    }

    /// The latest fit to what was public by a day, with its priors.
    ///
    /// # Errors
    /// Where the first is of a later day, and as [`Posterior::check`].
    pub fn fit_known(&self, known: Date) -> Result<KnownFit<'_>, NoFit> {
        // One whose day cannot be read is told by its check.
        let there = |p: &&Posterior| p.day().is_none_or(|day| day <= known);
        let Some(posterior) = self.fits().rev().find(there) else {
            let first = self.fits().filter_map(Posterior::day).min();
            return Err(NoFit::Later { known, first });
        };
        posterior.check(&self.priors, &self.observed)?;
        let priors = self.priors.known(posterior.day().unwrap_or(known));
        Ok(KnownFit { posterior, priors })
    }
}

/// Reads the fits of earlier days, in order of day.
pub(crate) fn load(data: &DataSet, problems: &mut Problems) -> Vec<Posterior> {
    let mut out = Vec::new();
    for file in data.below(FOLDER) {
        let Some((folder, "draws.csv")) = file.path[FOLDER.len()..].split_once('/') else {
            continue;
        };
        let found = posterior::load(file, problems);
        if found.day().map(|day| day.to_string()).as_deref() != Some(folder) {
            let said = &found.fitted.known;
            problems.push(
                Problem::in_file(
                    file.path,
                    format!("a fit as known on `{said}` in a folder called `{folder}`"),
                )
                .help("the folder is named by the day of knowledge: data/market/posterior/2024-06-01"),
            );
        }
        out.push(found);
    }
    out
}
