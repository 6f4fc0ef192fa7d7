//! An effect split over its causes, fairly over every order in which they could be taken away.

use super::SensitivityError;
use serde::Serialize;

/// Causes that can be split over: every set of them is run.
pub const MAX_CAUSES: usize = 6;

/// Part of one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The cause.
    pub cause: String,
    /// Its mean marginal effect over all orders (Shapley 1953).
    pub value: f64,
    /// Its effect with no other cause at work.
    pub alone: f64,
    /// Its effect with every other at work.
    pub last: f64,
    /// Least marginal effect in any company.
    pub least: f64,
    /// Greatest.
    pub most: f64,
}

impl Part {
    /// Whether the sign of the effect hangs on which other causes are at work: then the split cannot tell.
    pub fn sign_depends(&self) -> bool {
        self.least < 0.0 && self.most > 0.0
    }
}

/// How two causes reinforce (above 0) or replace (below 0) one another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interaction {
    /// One cause.
    pub first: String,
    /// The other.
    pub second: String,
    /// Mean of v(S+ij) − v(S+i) − v(S+j) + v(S) with Shapley's weights (Grabisch and Roubens 1999).
    pub value: f64,
}

/// The whole split.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Split {
    /// Effect of all causes together over none; the parts' sum.
    pub whole: f64,
    /// In the order given.
    pub parts: Vec<Part>,
    /// Every pair once.
    pub interactions: Vec<Interaction>,
}

/// Splits `value(at_work)` over the causes, where `at_work[k]` says whether cause k is at work; 2ⁿ runs.
///
/// # Errors
/// More than [`MAX_CAUSES`] causes.
pub fn shapley(causes: &[&str], value: impl Fn(&[bool]) -> f64) -> Result<Split, SensitivityError> {
    let n = causes.len();
    if n > MAX_CAUSES {
        return Err(SensitivityError::TooMany {
            what: "causes",
            found: n,
            most: MAX_CAUSES,
        });
    }
    let values: Vec<f64> = (0..1_usize << n)
        .map(|set| value(&(0..n).map(|k| set >> k & 1 == 1).collect::<Vec<_>>()))
        .collect();
    let full = values.len() - 1;
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let parts = (0..n)
        .map(|k| {
            let bit = 1 << k;
            let others = (0..values.len()).filter(|set| set & bit == 0);
            let (mut sum, mut least, mut most) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
            for set in others {
                let size = set.count_ones() as usize;
                let marginal = values[set | bit] - values[set];
                sum += factorial(size) * factorial(n - size - 1) / factorial(n) * marginal;
                least = marginal.min(least);
                most = marginal.max(most);
            }
            Part {
                cause: causes[k].to_owned(),
                value: sum,
                alone: values[bit] - values[0],
                last: values[full] - values[full & !bit],
                least,
                most,
            }
        })
        .collect();
    let mut interactions = Vec::new();
    for i in 0..n {
        for j in i + 1..n {
            let (a, b) = (1 << i, 1 << j);
            let value = (0..values.len())
                .filter(|set| set & (a | b) == 0)
                .map(|set| {
                    let size = set.count_ones() as usize;
                    let weight = factorial(size) * factorial(n - size - 2) / factorial(n - 1);
                    weight * (values[set | a | b] - values[set | a] - values[set | b] + values[set])
                })
                .sum();
            interactions.push(Interaction {
                first: causes[i].to_owned(),
                second: causes[j].to_owned(),
                value,
            });
        }
    }
    Ok(Split {
        whole: values[full] - values[0],
        parts,
        interactions,
    })
}
