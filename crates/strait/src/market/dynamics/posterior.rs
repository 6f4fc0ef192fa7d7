//! The posterior as data: thinned draws and what is known of each parameter, read from `data/market/posterior/`.

use super::observations::Observations;
use super::parameters::{Names, Priors};
use crate::data::{DataFile, Problem, Problems};
use crate::figure::Place;
use crate::market::sampler::{Sampler, Settings, diagnostics::convergence};
use crate::market::score::quantile;
use serde::Serialize;
use std::fmt::Write as _;

/// What the draws were made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fitted {
    /// Seed of the chains.
    pub seed: u64,
    /// Chains.
    pub chains: usize,
    /// Steps kept a chain, before thinning.
    pub steps: usize,
    /// Hash of the observations.
    pub observations: String,
    /// Hash of the priors.
    pub priors: String,
    /// Version of all data at the time.
    pub data: String,
    /// Day of knowledge.
    pub known: String,
}

/// Where the draws are kept.
pub(crate) const FILE: &str = "market/posterior/draws.csv";

/// Draws of the posterior in standard scores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Posterior {
    /// What they were made from.
    pub fitted: Fitted,
    /// Draws; a value a parameter, in the order of [`Names::ALL`].
    pub draws: Vec<Vec<f64>>,
}

/// What is known of one parameter after the fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Learned {
    /// Name.
    pub id: &'static str,
    /// Prior in words.
    pub prior: String,
    /// 5th, 50th, 95th percentile before.
    pub before: [f64; 3],
    /// The same after.
    pub after: [f64; 3],
    /// See [`contraction`].
    pub contraction: f64,
    /// Moved less than a tenth.
    pub assumed: bool,
    /// Do the chains agree.
    pub r_hat: f64,
    /// How many independent draws they are worth.
    pub effective_draws: f64,
    /// Mean and standard deviation of its standard score.
    pub score: [f64; 2],
}

/// Below this contraction a parameter counts as assumed.
pub const ASSUMED_BELOW: f64 = 0.1;

impl Posterior {
    /// Thins chains to about `count` draws, the same number from each.
    pub fn of(sampler: &Sampler, fitted: Fitted, count: usize) -> Self {
        let each = (count / sampler.chains().len().max(1)).max(1);
        let mut draws = Vec::new();
        for chain in sampler.chains() {
            let kept: Vec<&[f64]> = chain.draws().collect();
            let n = kept.len();
            for k in 0..each.min(n) {
                let draw = kept[(k * n + n / 2) / each.min(n)];
                draws.push(draw.iter().map(|z| (z * 1e4).round() / 1e4).collect());
            }
        }
        Self { fitted, draws }
    }

    /// Whether there are draws of this model's parameters to run with, made from these priors and observations: scores
    /// read through other priors are other values.
    ///
    /// # Errors
    /// Where the file holds none, or those of other parameters, priors or observations.
    pub fn check(&self, priors: &Priors, observed: &Observations) -> Result<(), Problem> {
        let wrong = |what: String| {
            Problem::in_file(FILE, what).help("write it anew with `strait calibrate market --out DIR`")
        };
        if self.draws.is_empty() {
            return Err(wrong("it holds no draws of the parameters of this model".into()));
        }
        let Fitted { known, .. } = &self.fitted;
        let Ok(day) = known.parse() else {
            return Err(wrong(format!("`known {known}` where a day was expected")));
        };
        for (of, file, kept, found) in [
            (
                "priors",
                "dynamics/parameters.toml",
                &self.fitted.priors,
                priors.known(day).hash(),
            ),
            (
                "observations",
                "observations.csv",
                &self.fitted.observations,
                observed.known(day).hash(),
            ),
        ] {
            if *kept != found {
                return Err(wrong(format!(
                    "its draws were made from {of} `{kept}`, those of data/market/{file} are `{found}`"
                )));
            }
        }
        Ok(())
    }

    /// The draw a run's `index` uses.
    pub fn draw(&self, index: usize) -> &[f64] {
        &self.draws[index % self.draws.len()]
    }

    /// What the thinned draws say of each parameter; R-hat and effective draws are those of `summary.csv`.
    pub fn learned(&self, priors: &Priors) -> Vec<Learned> {
        let columns: Vec<Vec<Vec<f64>>> = (0..priors.len())
            .map(|k| vec![self.draws.iter().map(|d| d[k]).collect()])
            .collect();
        learned(priors, &columns)
    }

    /// As the file it is kept in.
    pub fn to_csv(&self) -> String {
        let f = &self.fitted;
        let mut text = format!(
            "# Draws of the posterior, standard scores of the priors in dynamics/parameters.toml. Written by `strait calibrate\n\
             # market`; do not edit. seed {} | chains {} | steps {} | observations {} | priors {} | data {} | known {}\n",
            f.seed, f.chains, f.steps, f.observations, f.priors, f.data, f.known
        );
        text.push_str(&Names::ALL.join(","));
        text.push('\n');
        for draw in &self.draws {
            let cells: Vec<String> = draw.iter().map(|z| format!("{z}")).collect();
            let _ = writeln!(text, "{}", cells.join(","));
        }
        text
    }
}

/// What chains say of each parameter: by parameter, then chain, the standard scores kept.
pub fn learned(priors: &Priors, columns: &[Vec<Vec<f64>>]) -> Vec<Learned> {
    let ends = [-1.644_853_626_951, 0.0, 1.644_853_626_951];
    priors
        .0
        .iter()
        .zip(columns)
        .map(|(prior, chains)| {
            let mut all: Vec<f64> = chains.concat();
            let agreed = convergence(chains);
            let moved = contraction(&all);
            let score = [mean(&all), variance(&all).sqrt()];
            all.sort_unstable_by(f64::total_cmp);
            Learned {
                id: prior.id,
                prior: prior.words(),
                before: ends.map(|z| prior.at(z)),
                after: [0.05, 0.5, 0.95].map(|p| prior.at(quantile(&all, p))),
                contraction: moved,
                assumed: moved < ASSUMED_BELOW,
                r_hat: agreed.r_hat,
                effective_draws: agreed.bulk_ess.min(agreed.tail_ess),
                score,
            }
        })
        .collect()
}

/// How far a parameter moved from its prior: 1 − sd of its standard score, or the shift of its mean in prior standard
/// deviations, whichever is more. Under a tenth it counts as assumed.
pub fn contraction(scores: &[f64]) -> f64 {
    let narrower = 1.0 - variance(scores).sqrt();
    narrower.max(mean(scores).abs()).max(0.0)
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len().max(1) as f64
}

fn variance(x: &[f64]) -> f64 {
    let centre = mean(x);
    x.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0).max(1.0)
}

/// The settings a posterior was fitted with.
impl Fitted {
    /// What a fit is made from.
    pub fn new(
        settings: &Settings,
        observations: String,
        priors: &Priors,
        data: String,
        known: String,
    ) -> Self {
        Self {
            seed: settings.seed,
            chains: settings.chains,
            steps: settings.steps,
            observations,
            priors: priors.hash(),
            data,
            known,
        }
    }
}

pub(crate) fn load(file: DataFile<'_>, problems: &mut Problems) -> Posterior {
    let mut out = Posterior::default();
    let comment: String = file
        .text
        .lines()
        .take_while(|l| l.starts_with('#'))
        .collect::<Vec<_>>()
        .join(" ");
    let word = |name: &str| {
        let at = comment.find(&format!("{name} "))? + name.len() + 1;
        Some(comment[at..].split([' ', '|']).next()?.to_owned())
    };
    let number = |name: &str| word(name).and_then(|w| w.parse().ok()).unwrap_or(0);
    out.fitted = Fitted {
        seed: word("seed").and_then(|w| w.parse().ok()).unwrap_or(0),
        chains: number("| chains"),
        steps: number("| steps"),
        observations: word("| observations").unwrap_or_default(),
        priors: word("| priors").unwrap_or_default(),
        data: word("| data").unwrap_or_default(),
        known: word("| known").unwrap_or_default(),
    };
    let mut lines = file.text.lines().enumerate().filter(|(_, l)| !l.starts_with('#'));
    let names = lines.next().map(|(_, head)| head.to_owned()).unwrap_or_default();
    if names != Names::ALL.join(",") {
        // Draws of other parameters are none of this model: `calibrate` must be able to load it and make new ones.
        return out;
    }
    let help = "write it anew with `strait calibrate market --out`";
    for (n, line) in lines {
        let row: Result<Vec<f64>, _> = line.split(',').map(str::parse).collect();
        match row {
            Ok(row) if row.len() == Names::ALL.len() && row.iter().all(|z| z.abs() < 40.0) => {
                out.draws.push(row)
            }
            _ => problems.push(
                Problem::at(
                    Place::line(file.path, n + 1),
                    format!("this is no draw of {} scores", Names::ALL.len()),
                )
                .help(help),
            ),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Stream;

    #[test]
    fn contraction_sees_narrowing_and_shift() {
        let mut s = Stream::new(1, 1);
        let prior: Vec<f64> = (0..4_000).map(|_| s.normal()).collect();
        assert!(contraction(&prior) < 0.05);
        assert!((contraction(&prior.iter().map(|x| 0.5 * x).collect::<Vec<_>>()) - 0.5).abs() < 0.03);
        assert!((contraction(&prior.iter().map(|x| x + 0.8).collect::<Vec<_>>()) - 0.8).abs() < 0.05);
    }
}
